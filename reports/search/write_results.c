#include "reports/search/write_results.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/durable_file.h"
#include "reports/formats/csv_text.h"
#include "reports/search/findings.h"
#include "reports/search/search_json.h"
#include "reports/sweep/write_results.h"
#include "run/directory.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"

void mca_search_metrics_take(struct mca_sweep_metrics *metrics) {
    mca_sweep_metrics_take(metrics);
    for (const struct mca_search_name *name = mca_search_names; name->name; ++name) {
        uint32_t m = 0;
        while (m < metrics->count && strcmp(metrics->list[m].key, name->key) != 0) {
            ++m;
        }
        if (m == metrics->count && m < MCA_SWEEP_METRICS_MAX) {
            struct mca_sweep_metric *metric = &metrics->list[metrics->count++];
            *metric =
                (struct mca_sweep_metric){.key = name->key, .better = name->is_accuracy ? 1 : -1};
            (void)snprintf(metric->column, sizeof metric->column, "%s", name->key);
            for (char *dot; (dot = strchr(metric->column, '.')) != NULL;) {
                *dot = '_';
            }
        }
    }
}

static enum mca_status put_front(FILE *out, const struct mca__findings *f,
                                 struct mca_error *error) {
    const struct mca_search_plan *plan = f->results->plan;
    const struct mca_search *search = f->results->search;
    const uint32_t keys = mca__search_key_count(plan);
    char room[MCA_VALUE_TEXT_SIZE];
    (void)error;
    for (uint32_t k = 0; k < keys; ++k) {
        mca__csv_put_text(out, plan->sweep.keys[k]->name);
        (void)fputc(',', out);
    }
    (void)fputs("seeds,keeps_to_bounds,is_best,is_knee", out);
    for (uint32_t i = 0; i < plan->config.figure_count; ++i) {
        (void)fprintf(out, ",%s", plan->sweep.metrics.list[plan->metrics[i]].column);
    }
    (void)fputc('\n', out);
    for (uint32_t n = 0; n < f->front_count; ++n) {
        const uint32_t s = f->front[n];
        const struct mca_search_mean *mean =
            mca_search_mean_of(search, s, plan->config.rung_count - 1);
        for (uint32_t k = 0; k < keys; ++k) {
            mca__csv_put_text(out, mca__search_key_text(plan, s, k, room));
            (void)fputc(',', out);
        }
        (void)fprintf(out, "%u,%d,%d,%d", mean->seeds, mca_search_is_feasible(search, s),
                      s == f->best, s == f->knee);
        for (uint32_t i = 0; i < plan->config.figure_count; ++i) {
            char number[32];
            mca_format_f64(mean->figures[i], number);
            (void)fprintf(out, ",%s", number);
        }
        (void)fputc('\n', out);
    }
    return MCA_OK;
}

/* The best chip as a scenario, in full and with the first seed. */
static enum mca_status put_best(FILE *out, const struct mca__findings *f, struct mca_error *error) {
    const struct mca_search_plan *plan = f->results->plan;
    struct mca_scenario *scenario = malloc(sizeof *scenario);
    struct mca_scenario_origins *origins = malloc(sizeof *origins);
    const struct mca_search_point point = {f->best, plan->config.rung_count - 1, 0};
    enum mca_status status =
        scenario && origins
            ? mca_sweep_plan_scenario(&plan->sweep, mca_search_plan_index(plan, &point), scenario,
                                      origins, error)
            : mca_fail_memory(error, "scenario");
    if (status == MCA_OK) {
        char text[512];
        mca__search_setting_text(plan, f->best, text, sizeof text);
        (void)fprintf(out, "# What mcasim optimise found: %s\n", text);
        mca_scenario_write(scenario, out);
    }
    free(scenario);
    free(origins);
    return status;
}

typedef enum mca_status put_fn(FILE *out, const struct mca__findings *findings,
                               struct mca_error *error);

static enum mca_status write_file(const struct mca__findings *f, const char *dir, const char *name,
                                  put_fn *put, struct mca_error *error) {
    char path[4352];
    struct mca_new_file out;
    (void)snprintf(path, sizeof path, "%.4096s/%s", dir, name);
    MCA_TRY(mca_new_file_open(&out, path, error));
    errno = 0;
    return mca_new_file_end(&out, put(out.file, f, error), error);
}

static enum mca_status write_findings(const struct mca__findings *f, const char *dir,
                                      struct mca_error *error) {
    MCA_TRY(write_file(f, dir, "front.csv", put_front, error));
    if (f->best < f->none) {
        MCA_TRY(write_file(f, dir, "best.yaml", put_best, error));
    } else {
        char path[4352];
        (void)snprintf(path, sizeof path, "%.4096s/best.yaml", dir);
        (void)unlink(path);
    }
    return write_file(f, dir, "optimise.json", mca__search_put_json, error);
}

enum mca_status mca_search_write(const struct mca_search_results *results, const char *dir,
                                 struct mca_error *error) {
    const struct mca_sweep_points *points = results->points;
    const struct mca_sweep_results sweep = {&results->plan->sweep, points->list, points->count,
                                            points->setting_count, &points->notices};
    struct mca__findings findings;
    MCA_TRY(mca_sweep_write(&sweep, dir, error));
    enum mca_status status = mca__findings_init(&findings, results, error);
    if (status == MCA_OK) {
        status = write_findings(&findings, dir, error);
    }
    mca__findings_deinit(&findings);
    return status;
}
