/* A scenario from file to priced result, in steps that `run` and `validate` share. */
#ifndef MCA_RUN_SIMULATION_H
#define MCA_RUN_SIMULATION_H

#include "base/c_linkage.h"
#include "chip/chip.h"
#include "cost/component_library.h"
#include "run/priced_run.h"
#include "run/scenario_args.h"
#include "train/dataset.h"
#include "train/trainer.h"

MCA_C_BEGIN

/* Zeroed before use; mca_simulation_deinit frees what there is. */
struct mca_simulation {
    struct mca_loaded_scenario scenario;
    struct mca_component_library library;
    struct mca_dataset data;
    struct mca_chip *chip;
    struct mca_train_result result;
    struct mca_priced_run report;
};

/* The component library that a scenario names, with the errors of mca_component_library_load; one
 * that is not to be found is told with the place that names it. */
enum mca_status mca_load_library(struct mca_component_library *library,
                                 const struct mca_scenario *scenario,
                                 const struct mca_scenario_origins *origins,
                                 struct mca_error *error);

/* Scenario and component library. */
enum mca_status mca_simulation_load(struct mca_simulation *simulation,
                                    const struct mca_scenario_args *args, struct mca_error *error);

/* Weights from outside that the chip will be created with, or NULL: the notices take account of
 * them. */
void mca_simulation_expect_weights(struct mca_simulation *simulation, const char *source);

/* Data that fit the scenario; `auto` is then named as what it stands for. Then come the notices.
 * `dir` may be NULL. */
enum mca_status mca_simulation_load_data(struct mca_simulation *simulation, const char *dir,
                                         const struct mca_observer *observer,
                                         struct mca_error *error);

/* Names the data that `auto` stands for, so that the resolved scenario repeats this run. */
void mca_resolve_dataset(struct mca_dataset_config *config, const struct mca_dataset *data);

/* Finds the full scales that layers leave open (train/calibration.h), into the scenario's
 * chip.network.found, and builds the chip, with the weights of `source` where it is not NULL: the
 * exact state of a chip in a directory (train/weights_io.h), or plain weights in an .npz or a
 * directory (train/plain_weights.h), which are programmed and may bring a unit weight. Those of a
 * run are held against its checksums, and a notice tells where it has none. */
enum mca_status mca_simulation_create_chip(struct mca_simulation *simulation, const char *source,
                                           const struct mca_observer *observer,
                                           struct mca_error *error);

/* Trains and tests it; the images go through `engine`, or the chip by itself where it is NULL.
 * `keeper` of checkpoints may be NULL. */
enum mca_status mca_simulation_train(struct mca_simulation *simulation,
                                     const struct mca_train_engine *engine,
                                     const struct mca_train_keeper *keeper, uint32_t threads,
                                     const struct mca_observer *observer, struct mca_error *error);

/* Prices the result. */
enum mca_status mca_simulation_report(struct mca_simulation *simulation,
                                      const struct mca_runtime *runtime, struct mca_error *error);

void mca_simulation_deinit(struct mca_simulation *simulation);

/* Threads to use where nothing is said: the machine's cores. */
enum { MCA_THREADS_MAX = 256 };
uint32_t mca_default_threads(void);

/* Most memory that the process has had resident; 0 where the system does not tell. */
uint64_t mca_peak_rss_bytes(void);

MCA_C_END

#endif
