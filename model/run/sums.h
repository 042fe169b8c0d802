/*
 * Checksums of a run's files. summary.json, which is written last, names under `files` each file
 * that is read back later, with its size and the XXH3-64 of its bytes, and under `checksum` the
 * same of its own bytes, taken with that number's 16 digits as zeros. So a flipped bit is told from
 * a result. Runs of versions before have a summary of schema 1 and no checksums.
 */
#ifndef MCA_RUN_SUMS_H
#define MCA_RUN_SUMS_H

#include "base/json_writer.h"
#include <stdint.h>

#include "base/status.h"

enum { MCA_SUMMARY_SCHEMA = 2 };

/*
 * Reads dir/summary.json; `*root` is the caller's. Errors: MCA_SYSTEM when it cannot be read,
 * MCA_INVALID when it is no summary of a run, of another schema, or was changed since it was
 * written, MCA_FAILED for memory.
 */
enum mca_status mca_run_summary_load(const char *dir, json_t **root, struct mca_error *error);

/* Hashes of the scenario and of the data that dir/summary.json is of; 0 where it names none. Errors
 * as above. */
enum mca_status mca_run_summary_origin(const char *dir, uint64_t *scenario, uint64_t *data,
                                       struct mca_error *error);

/* What the summary of a run says of the files beside it. */
struct mca_run_sums {
    char dir[MCA_PATH_SIZE];
    json_t *files;  /* NULL where the run has no checksums */
    json_t *advice; /* NULL where the run has none (run/advice_list.h) */
};

/* Errors as above, and MCA_INVALID for a path that is too long. Closed by mca_run_sums_close. */
enum mca_status mca_run_sums_open(struct mca_run_sums *sums, const char *dir,
                                  struct mca_error *error);
void mca_run_sums_close(struct mca_run_sums *sums);

/* MCA_INVALID, with file, expected and found, where a file that the summary names is not what it
 * was or is gone, and where a file that is there is not named; MCA_SYSTEM when it cannot be read. A
 * run without checksums passes. */
enum mca_status mca_run_sums_check(const struct mca_run_sums *sums, const char *name,
                                   struct mca_error *error);

/* The same of every file below dir/weights/. */
enum mca_status mca_run_sums_check_weights(const struct mca_run_sums *sums,
                                           struct mca_error *error);

/* XXH3 of weights from outside: of a file's bytes, or of the names and bytes of the .npy files in a
 * directory, in the order of their names. MCA_SYSTEM when they cannot be read, MCA_INVALID for a
 * directory without any, MCA_FAILED for memory. */
enum mca_status mca_weights_sum(const char *source, uint64_t *hash, struct mca_error *error);

/* What to tell of a run without checksums: one line. */
void mca_run_sums_notice(const struct mca_run_sums *sums, char line[MCA_ERROR_SIZE]);

/*
 * Ends a summary: `files` of what stands in `dir` and `checksum` are put at its end, and it is
 * written to dir/summary.json and released. Errors: MCA_SYSTEM when a file cannot be read or
 * written, MCA_FAILED for memory.
 */
enum mca_status mca_run_summary_write(struct mca__json *json, const char *dir,
                                      struct mca_error *error);

#endif
