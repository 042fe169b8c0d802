/* One point of a sweep in a process of its own. */
#ifndef MCA_SWEEP_WORKER_H
#define MCA_SWEEP_WORKER_H

#include <signal.h>
#include <sys/types.h>

#include "run/reporter.h"
#include "sweep/points.h"
#include "sweep/shard.h"

struct mca_sweep_job {
    const struct mca_run_reporter *reporter; /* of each point */
    const struct mca_sweep_plan *plan;
    struct mca_sweep_points *points; /* their states and results are filled in */
    const char *dir;
    const char *data_dir; /* or NULL */
    struct mca_sweep_shard shard;
    uint32_t processes;
    int quiet;
};

/*
 * Starts a process that runs the point into DIR/points/HASH, on one thread, with its output in
 * HASH.log and the signals of `mask` blocked, as they were before the sweep blocked some. It exits
 * with an mca_status and dies with its parent. MCA_SYSTEM when none can be started.
 */
enum mca_status mca_sweep_worker_start(const struct mca_sweep_job *job,
                                       const struct mca_sweep_point *point, const sigset_t *mask,
                                       pid_t *pid, struct mca_error *error);

/*
 * After the process ended: an empty log is removed; of a failure, HASH.failed is written and the
 * reason given. `status` is that of waitpid. A process that was stopped (SIGTERM, SIGINT) is no
 * failure where it `may_stop`; *stopped says so, and nothing is written. MCA_SYSTEM when
 * HASH.failed cannot be written, and when the operating system refused the process a file, which is
 * no fault of the point.
 */
enum mca_status mca_sweep_worker_settle(const char *dir, uint64_t hash, int status, int may_stop,
                                        int *stopped, char reason[512], struct mca_error *error);

#endif
