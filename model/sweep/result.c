#include "sweep/result.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/sums.h"

/* Where a metric stands in summary.json; `objective` as the column of pareto.csv. */
static const struct {
    const char *name;
    const char *section;
    const char *leaf;
} METRICS[MCA_METRIC_COUNT] = {
    [MCA_METRIC_TEST_FINAL] = {"accuracy_test_final", "accuracy", "test_final"},
    [MCA_METRIC_TEST_BEST] = {"accuracy_test_best", "accuracy", "test_best"},
    [MCA_METRIC_ENERGY_PER_IMAGE] = {"energy_j_per_image", "energy_j", "per_image"},
    [MCA_METRIC_ENERGY_TOTAL] = {"energy_j_total", "energy_j", "total"},
    [MCA_METRIC_ENERGY_LOW] = {"energy_j_low", "energy_j", "low"},
    [MCA_METRIC_ENERGY_HIGH] = {"energy_j_high", "energy_j", "high"},
    [MCA_METRIC_LATENCY_PER_IMAGE] = {"latency_s_per_image", "latency_s", "per_image"},
    [MCA_METRIC_LATENCY_TOTAL] = {"latency_s_total", "latency_s", "total"},
    [MCA_METRIC_AREA] = {"area_mm2", "area_mm2", "total"},
    [MCA_METRIC_WRITES_MAX] = {"writes_max_per_device", "writes", "max_per_device"},
    [MCA_METRIC_TOTAL_ENERGY_RATIO] = {"digital_total_energy_ratio", "verdict",
                                       "total_energy_ratio"},
    [MCA_METRIC_DYNAMIC_ENERGY_RATIO] = {"digital_dynamic_energy_ratio", "verdict",
                                         "energy_ratio"}};

const char *mca_sweep_metric_name(enum mca_sweep_metric metric) {
    return METRICS[metric].name;
}

enum mca_sweep_metric mca_sweep_objective_metric(enum mca_sweep_objective objective) {
    static const enum mca_sweep_metric metrics[MCA_SWEEP_OBJECTIVES] = {
        [MCA_SWEEP_ACCURACY] = MCA_METRIC_TEST_FINAL,
        [MCA_SWEEP_ENERGY] = MCA_METRIC_ENERGY_PER_IMAGE,
        [MCA_SWEEP_LATENCY] = MCA_METRIC_LATENCY_PER_IMAGE,
        [MCA_SWEEP_AREA] = MCA_METRIC_AREA};
    return metrics[objective];
}

int mca_sweep_objective_sign(enum mca_sweep_objective objective) {
    return objective == MCA_SWEEP_ACCURACY ? 1 : -1;
}

static enum mca_status take_root(struct mca_sweep_result *result, const json_t *root,
                                 const char *path, struct mca_error *error) {
    for (int m = 0; m < MCA_METRIC_COUNT; ++m) {
        const json_t *value =
            json_object_get(json_object_get(root, METRICS[m].section), METRICS[m].leaf);
        if (!json_is_number(value) && !json_is_null(value)) {
            return mca_fail(error, MCA_INVALID, "%s: %s.%s: expected a number or null", path,
                            METRICS[m].section, METRICS[m].leaf);
        }
        result->metrics[m] = json_is_number(value) ? json_number_value(value) : (double)NAN;
    }
    const char *hash =
        json_string_value(json_object_get(json_object_get(root, "scenario"), "hash"));
    result->scenario_hash = hash ? strtoull(hash, NULL, 16) : 0;
    const char *bottleneck =
        json_string_value(json_object_get(json_object_get(root, "latency_s"), "bottleneck"));
    (void)snprintf(result->bottleneck, sizeof result->bottleneck, "%s",
                   bottleneck ? bottleneck : "");
    return MCA_OK;
}

enum mca_status mca_sweep_result_read(struct mca_sweep_result *result, const char *dir,
                                      struct mca_error *error) {
    char path[4352];
    json_t *root;
    (void)snprintf(path, sizeof path, "%.4096s/summary.json", dir);
    MCA_TRY(mca_run_summary_load(dir, &root, error));
    const enum mca_status status = take_root(result, root, path, error);
    json_decref(root);
    return status;
}

const char *mca_sweep_state_name(enum mca_sweep_state state) {
    static const char *const names[] = {
        [MCA_SWEEP_OPEN] = "open", [MCA_SWEEP_DONE] = "done", [MCA_SWEEP_FAILED] = "failed"};
    return names[state];
}
