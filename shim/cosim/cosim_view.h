/* How GTKWave shows a waveform of the cosimulation. */
#ifndef MCA_SHIM_COSIM_COSIM_VIEW_H
#define MCA_SHIM_COSIM_COSIM_VIEW_H

#include "base/status.h"
#include "shim/rtl/dpu_rtl.h"

struct mca__cosim_view {
    const char *waveform;
    const struct mca_dpu_rtl_set *set;
    int has_trace;
    uint64_t clock_hz;
    uint64_t mark_ps; /* what is looked at; UINT64_MAX: nothing, the beginning is shown */
};

/* Writes WAVEFORM.gtkw, signals by groups, with WAVEFORM.operation.txt and WAVEFORM.drive.txt, the
 * names of kinds. It opens where WAVEFORM is found by the same path. */
enum mca_status mca__cosim_write_view(const struct mca__cosim_view *view, struct mca_error *error);

#endif
