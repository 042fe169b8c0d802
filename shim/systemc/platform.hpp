// The platform of mcasim-sc: a host, the chip, and a waveform; and the C timeline against it.
#ifndef MCA_SHIM_SYSTEMC_PLATFORM_HPP
#define MCA_SHIM_SYSTEMC_PLATFORM_HPP

#include <cstdint>
#include <memory>
#include <string>

#include <systemc>

#include "mca_chip.hpp"
#include "run/job.h"
#include "training_host.hpp"

namespace mca {

struct platform_options {
    unit_kind unit = unit_kind::model;
    rtl_source rtl;
    uint64_t quantum_ps = 0;
    const char *vcd = nullptr; // path, or none
};

class platform {
  public:
    // Around a chip that outlives it. MCA_INVALID, with the scenario's path before the reason,
    // where the RTL has no such chip; errors of open_unit, of whose build the observer hears;
    // MCA_SYSTEM where the waveform's file cannot be written. One a process.
    static mca_status create(std::unique_ptr<platform> &made, ::mca_chip *model,
                             const platform_options &options, const char *scenario,
                             const mca_observer *observer, mca_error *error);
    ~platform();

    const mca_train_engine *engine() const {
        return host_.engine();
    }
    class chip &chip() {
        return chip_;
    }
    // Ends the waveform. MCA_SYSTEM where it could not be written whole.
    mca_status close(mca_error *error);

  private:
    platform(::mca_chip *model, const platform_options &options, ::mca_dpu_rtl *made);
    mca_status open_waveform(mca_error *error);
    mca_status write_view(mca_error *error) const;

    platform_options options_;
    sc_core::sc_signal<bool> irq_;
    class chip chip_;
    training_host host_;
    std::string vcd_path_;
    sc_core::sc_trace_file *waveform_ = nullptr;
};

// Trains the scenario's chip on the first `images` images (0: 1,000, or as many as there are) by
// the C core alone and in SystemC, and prints a row of a table: latencies of both, the largest
// differences of an image and of a phase of an image, and rates. MCA_FAILED with the first thing
// that differs where weights, chi, counts, busy times or outcomes are not the same.
mca_status compare(const mca_run_job &job, const platform_options &options, uint64_t images,
                   mca_error *error);

} // namespace mca

#endif
