#include "sweep/result.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/sums.h"

/* The value of a dotted key. */
static const json_t *at_key(const json_t *object, const char *key) {
    const char *dot = strchr(key, '.');
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", dot ? (int)(dot - key) : (int)strlen(key), key);
    const json_t *value = json_object_get(object, name);
    return dot ? at_key(value, dot + 1) : value;
}

static enum mca_status take_root(struct mca_sweep_result *result,
                                 const struct mca_sweep_metrics *metrics, const json_t *root,
                                 const char *path, struct mca_error *error) {
    for (uint32_t m = 0; m < metrics->count; ++m) {
        const json_t *value = at_key(root, metrics->list[m].key);
        if (!json_is_number(value) && !json_is_null(value)) {
            return mca_fail(error, MCA_INVALID, "%s: %s: expected a number or null", path,
                            metrics->list[m].key);
        }
        result->metrics[m] = json_is_number(value) ? json_number_value(value) : (double)NAN;
    }
    const char *hash = json_string_value(at_key(root, "scenario.hash"));
    result->scenario_hash = hash ? strtoull(hash, NULL, 16) : 0;
    const json_t *test = at_key(root, "dataset.test");
    result->test_images = json_integer_value(test) > 0 ? (uint64_t)json_integer_value(test) : 0;
    const char *bottleneck = json_string_value(at_key(root, "latency_s.bottleneck"));
    (void)snprintf(result->bottleneck, sizeof result->bottleneck, "%s",
                   bottleneck ? bottleneck : "");
    return MCA_OK;
}

enum mca_status mca_sweep_result_read(struct mca_sweep_result *result,
                                      const struct mca_sweep_metrics *metrics, const char *dir,
                                      struct mca_error *error) {
    char path[4352];
    json_t *root;
    (void)snprintf(path, sizeof path, "%.4096s/summary.json", dir);
    MCA_TRY(mca_run_summary_load(dir, &root, error));
    const enum mca_status status = take_root(result, metrics, root, path, error);
    json_decref(root);
    return status;
}

const char *mca_sweep_state_name(enum mca_sweep_state state) {
    static const char *const names[] = {
        [MCA_SWEEP_OPEN] = "open", [MCA_SWEEP_DONE] = "done", [MCA_SWEEP_FAILED] = "failed"};
    return names[state];
}
