/* Which figures of the table of results sweeps compare. */
#include <stdio.h>
#include <string.h>

#include "reports/sweep/settings.h"
#include "reports/sweep/write_results.h"

static void add(struct mca_sweep_metrics *metrics, const struct mca_result_figure *figure) {
    struct mca_sweep_metric *metric = &metrics->list[metrics->count++];
    *metric = (struct mca_sweep_metric){
        .key = figure->key, .objective = figure->objective, .better = figure->better};
    (void)snprintf(metric->column, sizeof metric->column, "%s",
                   figure->sweep.as ? figure->sweep.as : figure->key);
    for (char *dot; (dot = strchr(metric->column, '.')) != NULL;) {
        *dot = '_';
    }
}

void mca_sweep_metrics_take(struct mca_sweep_metrics *metrics) {
    metrics->count = 0;
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
            if (f->sweep.place == place && metrics->count < MCA_SWEEP_METRICS_MAX) {
                add(metrics, f);
            }
        }
    }
}

const struct mca_result_figure *mca__sweep_figure(const struct mca_sweep_metric *metric) {
    const struct mca_result_figure *figure = mca_result_next(NULL);
    while (strcmp(figure->key, metric->key) != 0) {
        figure = mca_result_next(figure);
    }
    return figure;
}

void mca__sweep_put_figures(struct mca__json *json) {
    struct mca_sweep_metrics metrics;
    json_t *list = mca__json_array(json, json->root, "figures");
    mca_sweep_metrics_take(&metrics);
    for (uint32_t m = 0; m < metrics.count; ++m) {
        const struct mca_result_figure *figure = mca__sweep_figure(&metrics.list[m]);
        if (figure->bound != MCA_RESULT_MIDDLE) { /* an end of another one's range */
            continue;
        }
        json_t *o = mca_result_put(json, list, figure, figure->title);
        mca__json_text(json, o, "column", metrics.list[m].column);
        mca__json_text(json, o, "objective", figure->objective);
        mca__json_text(json, o, "short", figure->short_title ? figure->short_title : figure->title);
        mca__json_number(json, o, "sign", figure->better);
        mca__json_text(json, o, "prefix", figure->axis_prefix ? figure->axis_prefix : "");
    }
}
