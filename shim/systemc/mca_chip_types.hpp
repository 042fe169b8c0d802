// What the chip's face and its modules both name.
#ifndef MCA_SHIM_SYSTEMC_MCA_CHIP_TYPES_HPP
#define MCA_SHIM_SYSTEMC_MCA_CHIP_TYPES_HPP

#include <cstdint>
#include <string>

#include "chip/ledger.h"

namespace mca {

// What the digital unit is made of.
enum class unit_kind {
    model, // the C core's datapath
    rtl    // the Verilated RTL; scenarios of what it does not have are refused
};

// Verilog of a digital unit: a folder of it, or a list of files; and its module.
struct rtl_source {
    std::string path; // empty: the RTL that comes with mcasim
    std::string top;  // empty: dpu
};

// What one image added to the time of the chip and to the phases' times on the critical path, which
// add up to that. The path to a later end can be another one than the path to an earlier one, so
// that a phase can have less time on it than before.
struct image_time {
    uint64_t total_ps = 0;
    int64_t phase_ps[MCA_PHASE_COUNT] = {};
};

} // namespace mca

#endif
