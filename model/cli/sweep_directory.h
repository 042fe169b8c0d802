/*
 * The directory of a sweep: sweep.yaml (a copy), points.txt (the model and the hashes of all
 * points), points/HASH (runs) with HASH.log, HASH.failed and HASH.lock beside them, and the
 * results.
 */
#ifndef MCA_CLI_SWEEP_DIRECTORY_H
#define MCA_CLI_SWEEP_DIRECTORY_H

#include "base/observer.h"
#include "cli/run_directory.h"
#include "cli/sweep_points.h"

/*
 * Makes DIR, or takes it up again. MCA_INVALID, and nothing is changed, when DIR holds anything but
 * a sweep, a sweep of another version of the model, or one with points that this sweep does not
 * have. New points may join: a notice says how many. MCA_SYSTEM when it cannot be made.
 */
enum mca_status cli_sweep_directory_open(const char *dir, const struct mca_sweep_plan *plan,
                                         const struct cli_sweep_points *points,
                                         const struct mca_observer *observer,
                                         struct mca_error *error);

/* DIR/points/HASH with `suffix` ("", ".log", ".failed", ".lock"). */
void cli_sweep_point_path(char path[CLI_PATH_SIZE], const char *dir, uint64_t hash,
                          const char *suffix);

/* Writes a whole file in one step. MCA_SYSTEM when it cannot be written. */
enum mca_status cli_write_whole(const char *path, const char *text, size_t size,
                                struct mca_error *error);

#endif
