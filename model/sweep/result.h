/* A point of a sweep, and what its run gave. */
#ifndef MCA_SWEEP_RESULT_H
#define MCA_SWEEP_RESULT_H

#include <stdint.h>

#include "base/status.h"
#include "sweep/plan.h"

struct mca_sweep_result {
    double metrics[MCA_SWEEP_METRICS_MAX]; /* those of the plan; NAN where the run has none */
    char bottleneck[32];
    uint64_t test_images;   /* there are; 0 where that is not known */
    uint64_t scenario_hash; /* of the run's resolved scenario */
};

enum mca_sweep_state { MCA_SWEEP_OPEN, MCA_SWEEP_RUNNING, MCA_SWEEP_DONE, MCA_SWEEP_FAILED };

struct mca_sweep_point {
    uint32_t plan_index;
    uint32_t setting; /* points that differ in nothing but the seed share it; from 0 */
    uint64_t seed;
    uint64_t hash;
    uint64_t scenario_hash; /* of its resolved scenario */
    enum mca_sweep_state state;
    struct mca_sweep_result result; /* of a point that is done */
};

enum { MCA_SWEEP_NOTICES_MAX = 32, MCA_SWEEP_NOTICE_SIZE = 400 };

/* What points have to tell (scenario/notices.h), each line once, in the order in which they come.
 */
struct mca_sweep_notices {
    struct {
        char text[MCA_SWEEP_NOTICE_SIZE];
        uint32_t points; /* of the plan that tell it */
    } list[MCA_SWEEP_NOTICES_MAX];
    uint32_t count;
    uint32_t left_out; /* lines that found no room, repeated ones counted */
};

/*
 * Reads dir/summary.json. MCA_SYSTEM when it cannot be read, MCA_INVALID when it is damaged or of
 * another schema, MCA_FAILED for memory.
 */
enum mca_status mca_sweep_result_read(struct mca_sweep_result *result,
                                      const struct mca_sweep_metrics *metrics, const char *dir,
                                      struct mca_error *error);

/* "open", "done" or "failed". */
const char *mca_sweep_state_name(enum mca_sweep_state state);

#endif
