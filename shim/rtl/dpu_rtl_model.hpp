// What each built set gives to dpu_rtl.cpp: inside of the shim.
#ifndef MCA_SHIM_RTL_DPU_RTL_MODEL_HPP
#define MCA_SHIM_RTL_DPU_RTL_MODEL_HPP

#include "shim/rtl/dpu_ports.h"

// A unit; its functions as in dpu_rtl.h.
struct mca_dpu_rtl {
    virtual ~mca_dpu_rtl() = default;
    virtual int trace(const char *path, uint64_t clock_hz) = 0;
    virtual int trace_error() = 0;
    virtual void step(const mca_dpu_rtl_in &in, mca_dpu_rtl_out &out) = 0;
    virtual mca_dpu_rtl_command command_of(uint32_t tile) const = 0;
};

struct mca_dpu_rtl_built {
    mca_dpu_rtl_set set;
    mca_dpu_rtl *(*create)(); // NULL when memory is short
};

// [set][mca_dpu_rtl_waveform], in a file that CMake writes
extern const mca_dpu_rtl_built *const mca_dpu_rtl_table[][2];
extern const uint32_t mca_dpu_rtl_count;

#endif
