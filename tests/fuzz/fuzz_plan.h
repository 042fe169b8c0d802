/* What the files of sweeps and searches have in common: figures, and a scenario, which the input
 * does not name itself. */
#ifndef MCA_TESTS_FUZZ_PLAN_H
#define MCA_TESTS_FUZZ_PLAN_H

#include "fuzz/fuzz.h"
#include "reports/sweep/write_results.h"

static inline const struct mca_sweep_metrics *fuzz_metrics(void) {
    static struct mca_sweep_metrics metrics;
    if (metrics.count == 0) {
        mca_sweep_metrics_take(&metrics);
    }
    return &metrics;
}

/* A file whose first line names a scenario, the bytes behind it. */
static inline struct fuzz_file fuzz_plan_open(const uint8_t *data, size_t size) {
    enum { SCENARIO_FD = 100 };
    static const char scenario[] =
        "network: {layers: [784, 10]}\ndataset: {name: synthetic-digits}\n";
    static const char line[] = "scenario: /proc/self/fd/100\n";
    static int is_placed;
    if (!is_placed) {
        fuzz_file_at(SCENARIO_FD, scenario, sizeof scenario - 1);
        is_placed = 1;
    }
    char *text = malloc(sizeof line + size);
    FUZZ_CHECK(text);
    memcpy(text, line, sizeof line - 1);
    memcpy(text + sizeof line - 1, data, size);
    struct fuzz_file file = fuzz_file_open(text, sizeof line - 1 + size);
    free(text);
    return file;
}

/* Every point that is accepted passes the scenario's own check or is refused with a line. */
static inline void fuzz_points(const struct mca_sweep_plan *plan, const char *path) {
    enum { POINTS_LOOKED_AT = 20, POINTS_ANSWERED = 3 };
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    struct mca_error error = {""};
    FUZZ_CHECK(plan->point_count >= 1);
    fuzz_answer("%u points", plan->point_count);
    for (uint32_t i = 0; i < plan->point_count && i < POINTS_LOOKED_AT; ++i) {
        const uint32_t point = i % 2 ? plan->point_count - 1 - i / 2 : i / 2;
        if (mca_sweep_plan_scenario(plan, point, &scenario, &origins, &error) != MCA_OK) {
            fuzz_refused(&error, path);
        } else if (i < POINTS_ANSWERED) {
            fuzz_answer_scenario(&scenario);
        }
    }
}

#endif
