/* Which digital unit is wanted: its parameters, its Verilog, and whether it can write waveforms. */
#ifndef MCA_SHIM_RTL_DPU_WANTED_H
#define MCA_SHIM_RTL_DPU_WANTED_H

#include "shim/unit/dpu_unit.h"

/* Verilog: a folder of .v and .sv files, or a list of files as Verilator's -F reads it. */
struct mca_dpu_rtl_source {
    const char *path; /* NULL: the RTL that comes with the program */
    const char *top;  /* NULL: dpu */
};

enum mca_dpu_rtl_waveform { MCA_DPU_RTL_NO_WAVEFORM, MCA_DPU_RTL_VCD, MCA_DPU_RTL_FST };

struct mca_dpu_rtl_wanted {
    struct mca_dpu_rtl_set set;
    struct mca_dpu_rtl_source source;
    enum mca_dpu_rtl_waveform waveform; /* that the unit can write */
};

#endif
