/* What each built set gives to dpu_rtl.c: inside of the shim. */
#ifndef MCA_SHIM_RTL_DPU_RTL_SET_H
#define MCA_SHIM_RTL_DPU_RTL_SET_H

#include "base/c_linkage.h"
#include "shim/rtl/dpu_ports.h"

MCA_C_BEGIN

struct mca_dpu_rtl_ops {
    struct mca_dpu_rtl_set set;
    void *(*create)(void);
    void (*destroy)(void *model);
    int (*trace)(void *model, const char *path, uint64_t clock_hz);
    int (*trace_error)(void *model);
    void (*step)(void *model, const struct mca_dpu_rtl_in *in, struct mca_dpu_rtl_out *out);
    struct mca_dpu_rtl_command (*command_of)(const void *model, uint32_t tile);
};

/* [set][enum mca_dpu_rtl_waveform], in a file that CMake writes */
extern const struct mca_dpu_rtl_ops *const mca_dpu_rtl_table[][2];
extern const uint32_t mca_dpu_rtl_count;

MCA_C_END

#endif
