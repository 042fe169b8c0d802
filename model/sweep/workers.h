/* Runs the points of a sweep that are not done, on several processes. */
#ifndef MCA_SWEEP_WORKERS_H
#define MCA_SWEEP_WORKERS_H

#include "sweep/worker.h"

/* How a sweep stands when a process has nothing more to do. */
struct mca_sweep_outcome {
    uint32_t done;
    uint32_t failed;
    uint32_t open; /* of other shards, not finished yet */
};

/*
 * Runs the points of the shard, and of shards whose claims show that they died. Points that another
 * process holds are waited for. MCA_INTERRUPTED or MCA_TERMINATED on a signal, MCA_SYSTEM when the
 * directory takes no more files, MCA_FAILED for memory; points that fail are no failure here.
 */
enum mca_status mca_sweep_run(const struct mca_sweep_job *job, struct mca_sweep_outcome *outcome,
                              struct mca_error *error);

#endif
