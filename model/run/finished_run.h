/*
 * A finished run read back from its directory: scenario.yaml and ledger.json give what `price` and
 * `explain` need, without training again.
 */
#ifndef MCA_RUN_FINISHED_RUN_H
#define MCA_RUN_FINISHED_RUN_H

#include "run/priced_run.h"
#include "run/sums.h"

struct mca_finished_run {
    struct mca_scenario scenario;
    uint64_t scenario_hash;
    struct mca_dataset_summary dataset; /* the name is owned */
    struct mca_train_result result;     /* owned */
    char *dataset_name;
    char *library_name; /* owned; what the run was priced with ... */
    uint64_t library_hash;
    struct mca_advice_list advice;
    char notice[MCA_ERROR_SIZE]; /* what to tell of the run: one line, or empty */
};

/* 1 for a directory with the results of a sweep. */
int mca_is_sweep(const char *dir);

/*
 * Opens the checksums of `dir`, and reads its scenario.yaml and the scenario's hash. `sums` is the
 * caller's to close, on success only. Errors: MCA_SYSTEM when a file cannot be read or is no plain
 * file, MCA_INVALID for a name that is empty or too long, for content, and for files that were
 * changed since the run, MCA_FAILED for memory.
 */
enum mca_status mca_finished_run_scenario(struct mca_scenario *scenario, uint64_t *hash,
                                          struct mca_run_sums *sums, const char *dir,
                                          struct mca_error *error);

/*
 * Reads `dir`/scenario.yaml and `dir`/ledger.json, held against the checksums in `dir`/summary.json
 * (run/sums.h). `run` is filled on success only and released with mca_finished_run_deinit.
 * Errors: MCA_SYSTEM for files that are missing or cannot be read, MCA_INVALID for content (a file
 * of another schema, a field that is missing or of another type, a ledger that is not of the
 * scenario beside it), MCA_FAILED for memory.
 */
enum mca_status mca_finished_run_load(struct mca_finished_run *run, const char *dir,
                                      struct mca_error *error);
void mca_finished_run_deinit(struct mca_finished_run *run);

/* Loads the run in `dir`, tells on stderr what is to be told of it, unless `quiet`, and releases it
 * when `use` has returned. Errors: as of loading, or what `use` gives. */
typedef enum mca_status mca_finished_run_use(const void *user, struct mca_finished_run *run,
                                             struct mca_error *error);
enum mca_status mca_with_finished_run(const char *dir, int quiet, mca_finished_run_use *use,
                                      const void *user, struct mca_error *error);

/* The library that the run was priced with. MCA_INVALID where it was changed since. */
enum mca_status mca_finished_run_library(const struct mca_finished_run *run,
                                         struct mca_component_library *library,
                                         struct mca_error *error);

/* The report of the run under a library; both must outlive it. Runtime is not part of a ledger. */
struct mca_priced_run mca_finished_run_priced(const struct mca_finished_run *run,
                                              const struct mca_component_library *library);

#endif
