#include "sweep/shard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"

enum { SHARDS_MAX = 1000000 };

enum mca_status mca_sweep_shard_parse(struct mca_sweep_shard *shard, const char *command,
                                      const char *text, struct mca_error *error) {
    const char *slash = strchr(text, '/');
    const size_t digits = strspn(text, "0123456789");
    const uint64_t index = strtoull(text, NULL, 10);
    const uint64_t count = slash ? strtoull(slash + 1, NULL, 10) : 0;
    if (!slash || slash != text + digits || digits == 0 || digits > 7 ||
        strspn(slash + 1, "0123456789") != strlen(slash + 1) || count > SHARDS_MAX || index < 1 ||
        index > count) {
        return mca_usage_error(error, command,
                               "--shard: '%.60s' is not I/N with 1 <= I <= N, e.g. 1/4", text);
    }
    *shard = (struct mca_sweep_shard){(uint32_t)index - 1, (uint32_t)count, "--shard"};
    return MCA_OK;
}

/* The number that a variable holds, or `missing` where it is not set. */
static enum mca_status variable(const char *name, uint32_t missing, uint32_t *value,
                                struct mca_error *error) {
    const char *text = getenv(name);
    *value = missing;
    if (!text || text[0] == '\0') {
        return MCA_OK;
    }
    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 9) {
        return mca_fail(error, MCA_INVALID, "%s: '%.60s' is not a whole number", name, text);
    }
    *value = (uint32_t)strtoul(text, NULL, 10);
    return MCA_OK;
}

static enum mca_status array_task(struct mca_sweep_shard *shard, struct mca_error *error) {
    uint32_t id;
    uint32_t min;
    uint32_t step;
    MCA_TRY(variable("SLURM_ARRAY_TASK_ID", 0, &id, error));
    MCA_TRY(variable("SLURM_ARRAY_TASK_COUNT", 0, &shard->count, error));
    MCA_TRY(variable("SLURM_ARRAY_TASK_MIN", 0, &min, error));
    MCA_TRY(variable("SLURM_ARRAY_TASK_STEP", 1, &step, error));
    if (!getenv("SLURM_ARRAY_TASK_ID") || shard->count == 0) {
        *shard = (struct mca_sweep_shard){0, 1, NULL};
        return MCA_OK;
    }
    step = step ? step : 1;
    if (id < min || (id - min) % step != 0 || (id - min) / step >= shard->count) {
        return mca_fail(error, MCA_INVALID,
                        "SLURM_ARRAY_TASK_ID: %u does not count from SLURM_ARRAY_TASK_MIN %u to "
                        "SLURM_ARRAY_TASK_COUNT %u; use an array without gaps, or --shard",
                        id, min, shard->count);
    }
    shard->index = (id - min) / step;
    shard->origin = "SLURM_ARRAY_TASK_ID";
    return MCA_OK;
}

enum mca_status mca_sweep_shard_from_environment(struct mca_sweep_shard *shard,
                                                 struct mca_error *error) {
    uint32_t rank;
    uint32_t size;
    MCA_TRY(array_task(shard, error));
    MCA_TRY(variable("OMPI_COMM_WORLD_RANK", 0, &rank, error));
    MCA_TRY(variable("OMPI_COMM_WORLD_SIZE", 0, &size, error));
    if (size == 0) {
        return MCA_OK;
    }
    if (rank >= size || size > SHARDS_MAX / shard->count) {
        return mca_fail(error, MCA_INVALID,
                        "OMPI_COMM_WORLD_RANK: %u of OMPI_COMM_WORLD_SIZE %u cannot be", rank,
                        size);
    }
    shard->index = shard->index * size + rank;
    shard->count *= size;
    shard->origin =
        shard->origin ? "SLURM_ARRAY_TASK_ID and OMPI_COMM_WORLD_RANK" : "OMPI_COMM_WORLD_RANK";
    return MCA_OK;
}
