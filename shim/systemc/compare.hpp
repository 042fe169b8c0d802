// The C timeline against the SystemC model, image by image.
#ifndef MCA_SHIM_SYSTEMC_COMPARE_HPP
#define MCA_SHIM_SYSTEMC_COMPARE_HPP

#include <cstdint>

#include "platform.hpp"
#include "run/job.h"

namespace mca {

// Trains the scenario's chip on the first `images` images (0: 1,000, or as many as there are) by
// the C core alone and in SystemC, and prints a row of a table: latencies of both, the largest
// differences of an image and of a phase of an image, and rates. MCA_FAILED with the first thing
// that differs where weights, chi, counts, busy times or outcomes are not the same.
mca_status compare(const mca_run_job &job, const platform_options &options, uint64_t images,
                   mca_error *error);

} // namespace mca

#endif
