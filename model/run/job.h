/* A run from scenario to directory of results: what `mcasim run` and `mcasim-sc` do. */
#ifndef MCA_RUN_JOB_H
#define MCA_RUN_JOB_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip.h"
#include "run/checkpoint_keeper.h"
#include "run/reporter.h"
#include "run/scenario_args.h"
#include "train/trainer.h"

MCA_C_BEGIN

struct mca_run_job {
    const struct mca_run_reporter *reporter;
    struct mca_scenario_args scenario;
    const char *output;   /* or NULL: runs/NAME-SEED, and the suffix */
    const char *suffix;   /* or NULL: none */
    const char *data;     /* or NULL */
    const char *weights;  /* a source (mca_simulation_create_chip) or NULL */
    uint64_t trace_first; /* images to trace, from 1; 0: none */
    uint64_t trace_last;
    uint32_t threads;
    int force;
    enum mca_resume resume;
    int without_checkpoints; /* none is written */
    uint32_t checkpoint_every_s;
    int quiet;
    int without_page; /* no report.html: `mcasim report` writes it where it is wanted */
    /* who is told, and asked to stop between images: then nothing is printed, and the signals of
     * the process stay as they are. NULL: stderr and stdout, and the signals */
    const struct mca_observer *observer;
};

/* A system model that the chip is put into once it is built: gives the engine that trains it. */
struct mca_run_host {
    void *user;
    enum mca_status (*connect)(void *user, struct mca_chip *chip,
                               const struct mca_train_engine **engine, struct mca_error *error);
    /* after training, before results are written: what fails here fails the run */
    enum mca_status (*disconnect)(void *user, struct mca_error *error);
};

/* Trains, tests, prices, writes the directory and prints the summary. `host` may be NULL; with one
 * nothing is traced, and there are no checkpoints: it has a state of its own. */
enum mca_status mca_perform_run(const struct mca_run_job *job, const struct mca_run_host *host,
                                struct mca_error *error);

MCA_C_END

#endif
