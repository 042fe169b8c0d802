/* The chip of a finished run, to be tested again. */
#ifndef MCA_RUN_TRAINED_RUN_H
#define MCA_RUN_TRAINED_RUN_H

#include "base/status.h"
#include "scenario/scenario.h"

/*
 * The scenario that tests the chip of the run in `dir` as the run itself last did: no training, the
 * number of the last test, and the full scales that the run had found. With its weights and the
 * same images it gives the run's own test accuracy. Errors: as of mca_finished_run_load.
 */
enum mca_status mca_trained_run_scenario(struct mca_scenario *scenario, const char *dir, int quiet,
                                         struct mca_error *error);

#endif
