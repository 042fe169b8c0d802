/* Results of a sweep: what its points' summary.json say, as all that writes them takes it. */
#ifndef MCA_REPORTS_SWEEP_RESULTS_H
#define MCA_REPORTS_SWEEP_RESULTS_H

#include <stdint.h>

#include "sweep/plan.h"
#include "sweep/result.h"

struct mca_sweep_results {
    const struct mca_sweep_plan *plan;
    struct mca_sweep_point *points; /* in the order of the plan, none twice */
    uint32_t count;
    uint32_t setting_count;
    const struct mca_sweep_notices *notices;
};

#endif
