#include "reports/sweep/settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/value_text.h"

int mca__sweep_is_seed(const struct mca_sweep_plan *plan, uint32_t slot) {
    return strcmp(plan->keys[slot]->name, "seed") == 0;
}

const char *mca__sweep_value_text(const struct mca_sweep_results *results, uint32_t plan_index,
                                  uint32_t slot, char *room) {
    uint32_t cells[MCA_KEY_MAX];
    mca_sweep_plan_cells(results->plan, plan_index, cells);
    return mca_sweep_plan_text(results->plan, slot, cells[slot], room, MCA_VALUE_TEXT_SIZE);
}

/* The points of each setting side by side: order[first[s] .. first[s + 1]), in plan order. */
static void gather(const struct mca_sweep_results *results, uint32_t *first, uint32_t *order) {
    for (uint32_t i = 0; i < results->count; ++i) {
        ++first[results->points[i].setting + 1];
    }
    for (uint32_t s = 0; s < results->setting_count; ++s) {
        first[s + 1] += first[s];
    }
    for (uint32_t i = results->count; i-- > 0;) {
        const uint32_t s = results->points[i].setting;
        order[--first[s + 1]] = i; /* fills from the end: first[s + 1] comes to be the start of s */
    }
}

static void summarise(struct mca__sweep_settings *settings, uint32_t s, const uint32_t *order,
                      uint32_t count, double *values) {
    const struct mca_sweep_point *points = settings->results->points;
    struct mca__sweep_setting *setting = &settings->list[s];
    setting->metrics = settings->metrics + s * (size_t)settings->results->plan->metrics.count;
    setting->plan_index = points[order[0]].plan_index;
    setting->points = count;
    for (uint32_t i = 0; i < count; ++i) {
        setting->failed += points[order[i]].state != MCA_SWEEP_DONE;
    }
    for (int m = 0; m < (int)settings->results->plan->metrics.count; ++m) {
        for (uint32_t i = 0; i < count; ++i) {
            const struct mca_sweep_point *point = &points[order[i]];
            values[i] = point->state == MCA_SWEEP_DONE ? point->result.metrics[m] : (double)NAN;
        }
        setting->metrics[m] = mca_sample_statistics(values, count);
    }
}

enum mca_status mca__sweep_settings_init(struct mca__sweep_settings *settings,
                                         const struct mca_sweep_results *results,
                                         struct mca_error *error) {
    const size_t count = results->setting_count;
    *settings = (struct mca__sweep_settings){
        results, calloc(count + 1, sizeof *settings->list),
        calloc(count * results->plan->metrics.count + 1, sizeof *settings->metrics),
        calloc(count + 1, sizeof *settings->front), NULL};
    uint32_t *first = calloc(count + 2, sizeof *first);
    uint32_t *order = calloc(results->count + 1, sizeof *order);
    double *values = calloc(results->count + 1, sizeof *values);
    enum mca_status status = MCA_OK;
    if (settings->list && settings->metrics && settings->front && first && order && values) {
        gather(results, first, order);
        for (uint32_t s = 0; s < count; ++s) {
            const uint32_t end = s + 1 < count ? first[s + 2] : results->count;
            summarise(settings, s, order + first[s + 1], end - first[s + 1], values);
        }
    } else {
        status = mca_fail_memory(error, "settings of the sweep");
    }
    free(first);
    free(order);
    free(values);
    return status;
}

void mca__sweep_settings_deinit(struct mca__sweep_settings *settings) {
    free(settings->list);
    free(settings->metrics);
    free(settings->front);
}

enum mca_status mca__sweep_front(struct mca__sweep_settings *settings, uint32_t pair,
                                 uint32_t *count, struct mca_error *error) {
    const size_t n = settings->results->setting_count;
    const struct mca_sweep_plan *plan = settings->results->plan;
    const uint32_t *ends = plan->pairs[pair];
    double *means = calloc(2 * n + 1, sizeof *means);
    if (!means) {
        return mca_fail_memory(error, "Pareto front");
    }
    for (size_t s = 0; s < n; ++s) {
        means[s] = settings->list[s].metrics[ends[0]].mean;
        means[n + s] = settings->list[s].metrics[ends[1]].mean;
    }
    const struct mca_pareto_axis first = {means, plan->metrics.list[ends[0]].better};
    const struct mca_pareto_axis second = {means + n, plan->metrics.list[ends[1]].better};
    const enum mca_status status =
        mca_pareto_front(first, second, n, settings->front, count, error);
    free(means);
    return status;
}
