/*
 * The directory of a sweep: sweep.yaml (a copy), points.txt (the model and the hashes of all
 * points), points/HASH (runs) with HASH.log, HASH.failed and HASH.lock beside them, and the
 * results.
 */
#ifndef MCA_SWEEP_DIRECTORY_H
#define MCA_SWEEP_DIRECTORY_H

#include "base/observer.h"
#include "run/directory.h"
#include "sweep/points.h"

/*
 * Whether DIR can be this sweep's: there is none, or what it holds is this sweep or a part of it (a
 * notice says how many points join). MCA_INVALID when it holds anything but a sweep, a sweep of
 * another version of the model, or one with points that this sweep does not have.
 */
enum mca_status mca_sweep_directory_check(const char *dir, const struct mca_sweep_points *points,
                                          const struct mca_observer *observer,
                                          struct mca_error *error);

/* Makes DIR, or takes it up again, after mca_sweep_directory_check; before that nothing is changed.
 * MCA_SYSTEM when it cannot be made. */
enum mca_status mca_sweep_directory_open(const char *dir, const struct mca_sweep_plan *plan,
                                         const struct mca_sweep_points *points,
                                         const struct mca_observer *observer,
                                         struct mca_error *error);

/* Removes the results of a sweep or of a search from its directory; its points stay. */
void mca_sweep_results_remove(const char *dir);

/* DIR/points/HASH with `suffix` ("", ".log", ".failed", ".lock"). */
void mca_sweep_point_path(char path[MCA_PATH_SIZE], const char *dir, uint64_t hash,
                          const char *suffix);

/*
 * 1 when the point's run stands whole in DIR: its result is filled in. `reason` is empty where
 * there is none, or tells why it is not taken. summary.json alone decides: weights may be deleted.
 */
int mca_sweep_point_is_done(const char *dir, const struct mca_sweep_plan *plan,
                            struct mca_sweep_point *point, struct mca_error *reason);

/* 1 when the point's last run failed. */
int mca_sweep_point_has_failed(const char *dir, const struct mca_sweep_point *point);

#endif
