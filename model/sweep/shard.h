/* Which part of a sweep this process runs: --shard, or what Slurm and Open MPI say. */
#ifndef MCA_SWEEP_SHARD_H
#define MCA_SWEEP_SHARD_H

#include <stdint.h>

#include "base/status.h"

struct mca_sweep_shard {
    uint32_t index; /* from 0; point p belongs to shard p % count */
    uint32_t count;
    const char *origin; /* "--shard", the variables read, or NULL for the whole sweep */
};

/* "I/N", I from 1. */
enum mca_status mca_sweep_shard_parse(struct mca_sweep_shard *shard, const char *command,
                                      const char *text, struct mca_error *error);

/*
 * A Slurm array (SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _STEP), ranks of Open MPI
 * (OMPI_COMM_WORLD_RANK, _SIZE), or ranks inside an array; the whole sweep where none is set.
 * MCA_INVALID for an array with gaps and for values that are no numbers.
 */
enum mca_status mca_sweep_shard_from_environment(struct mca_sweep_shard *shard,
                                                 struct mca_error *error);

#endif
