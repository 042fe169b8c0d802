/* What mcasim cosim does, where the program was built with the RTL. */
#ifndef MCA_CLI_COSIM_SESSION_H
#define MCA_CLI_COSIM_SESSION_H

#include "run/scenario_args.h"
#include "shim/rtl/dpu_rtl.h"

struct cli_cosim {
    struct mca_scenario_args scenario;
    const char *data;
    const char *vcd;
    uint64_t images; /* 0: an epoch */
    struct mca_dpu_rtl_source source;
    int ignores_cycles;
    int quiet;
};

/* Trains with the C model, drives the RTL with the same traffic, and prints what was equal.
 * MCA_FAILED where something differs; MCA_INVALID where the RTL has no such chip; errors of
 * mca_dpu_rtl_create. */
enum mca_status cli_run_cosim(const struct cli_cosim *options, struct mca_error *error);

#endif
