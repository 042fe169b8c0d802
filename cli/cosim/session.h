/* What mcasim cosim does, where the program was built with the RTL. */
#ifndef MCA_CLI_COSIM_SESSION_H
#define MCA_CLI_COSIM_SESSION_H

#include "run/scenario_args.h"

struct cli_cosim {
    struct mca_scenario_args scenario;
    const char *data;
    const char *vcd;
    uint64_t images; /* 0: an epoch */
    int quiet;
};

/* Trains with the C model, drives the RTL with the same traffic, and prints what was equal.
 * MCA_FAILED where something differs; MCA_INVALID where no built RTL fits, or there is none. */
enum mca_status cli_run_cosim(const struct cli_cosim *options, struct mca_error *error);

#endif
