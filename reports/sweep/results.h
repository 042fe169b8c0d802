/*
 * Results of a sweep: what its points' summary.json say, brought together into sweep.csv,
 * groups.csv, pareto.csv, sweep.json and sweep.html. A pure function of plan, model and data: how
 * often the sweep was killed, and on how many machines it ran, leaves no trace.
 */
#ifndef MCA_REPORTS_SWEEP_RESULTS_H
#define MCA_REPORTS_SWEEP_RESULTS_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "sweep/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mca_sweep_metric {
    MCA_METRIC_TEST_FINAL,
    MCA_METRIC_TEST_BEST,
    MCA_METRIC_ENERGY_PER_IMAGE,
    MCA_METRIC_ENERGY_TOTAL,
    MCA_METRIC_ENERGY_LOW,
    MCA_METRIC_ENERGY_HIGH,
    MCA_METRIC_LATENCY_PER_IMAGE,
    MCA_METRIC_LATENCY_TOTAL,
    MCA_METRIC_AREA,
    MCA_METRIC_WRITES_MAX,
    MCA_METRIC_TOTAL_ENERGY_RATIO,
    MCA_METRIC_DYNAMIC_ENERGY_RATIO,
    MCA_METRIC_COUNT
};

/* Name of a metric's column. */
const char *mca_sweep_metric_name(enum mca_sweep_metric metric);

/* The metric that an objective is judged by. */
enum mca_sweep_metric mca_sweep_objective_metric(enum mca_sweep_objective objective);

/* 1 where more is better, -1 where less is. */
int mca_sweep_objective_sign(enum mca_sweep_objective objective);

struct mca_sweep_result {
    double metrics[MCA_METRIC_COUNT]; /* NAN where the run has none */
    char bottleneck[32];
    uint64_t scenario_hash; /* of the run's resolved scenario */
};

enum mca_sweep_state { MCA_SWEEP_OPEN, MCA_SWEEP_DONE, MCA_SWEEP_FAILED };

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

struct mca_sweep_results {
    const struct mca_sweep_plan *plan;
    struct mca_sweep_point *points; /* in the order of the plan, none twice */
    uint32_t count;
    uint32_t setting_count;
    const struct mca_sweep_notices *notices;
};

/*
 * Reads dir/summary.json. MCA_SYSTEM when it cannot be read, MCA_INVALID when it is damaged or of
 * another schema, MCA_FAILED for memory.
 */
enum mca_status mca_sweep_result_read(struct mca_sweep_result *result, const char *dir,
                                      struct mca_error *error);

/* "open", "done" or "failed". */
const char *mca_sweep_state_name(enum mca_sweep_state state);

/* The points as CSV, a row each in plan order: hash, setting, swept keys, seed and state, the first
 * columns of sweep.csv. MCA_SYSTEM when the stream cannot be written. */
enum mca_status mca_sweep_print_points(FILE *out, const struct mca_sweep_results *results,
                                       struct mca_error *error);

/* Writes sweep.csv, groups.csv, pareto.csv, sweep.json and sweep.html into `dir`, each in one step,
 * so that several processes may do so at once. */
enum mca_status mca_sweep_write(const struct mca_sweep_results *results, const char *dir,
                                struct mca_error *error);

/* Writes sweep.html again from dir/sweep.json. MCA_SYSTEM for files, MCA_INVALID for content. */
enum mca_status mca_sweep_report_html(const char *dir, struct mca_error *error);

/* The best setting of each objective, and the Pareto fronts, for a terminal. */
enum mca_status mca_sweep_print(FILE *out, const struct mca_sweep_results *results,
                                struct mca_error *error);

#ifdef __cplusplus
}
#endif

#endif
