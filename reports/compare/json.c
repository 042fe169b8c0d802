/* A comparison as JSON: lists are in the order of `runs`, places in them count from 0. */
#include "reports/compare/compare.h"

#include <math.h>

#include "scenario/value_text.h"

static void put_runs(struct mca__json *j, json_t *parent, const struct mca_comparison *c) {
    json_t *runs = mca__json_array(j, parent, "runs");
    for (size_t r = 0; r < c->count; ++r) {
        const struct mca_compared_run *run = &c->runs[r];
        json_t *o = mca__json_object(j, runs, NULL);
        mca__json_text(j, o, "dir", run->dir);
        mca__json_text(j, o, "name", run->scenario.report.name);
        mca__json_hash(j, o, "scenario_hash", run->scenario_hash);
        mca__json_count(j, o, "seed", run->scenario.chip.seed);
        mca__json_text(j, o, "version", run->version);
        mca__json_text(j, o, "library", run->scenario.cost.library);
        json_t *dataset = mca__json_object(j, o, "dataset");
        mca__json_text(j, dataset, "name", run->dataset);
        mca__json_hash(j, dataset, "hash", run->dataset_hash);
    }
    json_t *notices = mca__json_array(j, parent, "notices");
    for (size_t n = 0; n < c->notice_count; ++n) {
        mca__json_text(j, notices, NULL, c->notices[n]);
    }
}

static void put_keys(struct mca__json *j, json_t *parent, const struct mca_comparison *c) {
    json_t *keys = mca__json_array(j, parent, "scenario");
    for (size_t k = 0; k < c->key_count; ++k) {
        json_t *o = mca__json_object(j, keys, NULL);
        mca__json_text(j, o, "key", c->keys[k]->name);
        mca__json_text(j, o, "unit", c->keys[k]->unit);
        json_t *values = mca__json_array(j, o, "values");
        for (size_t r = 0; r < c->count; ++r) {
            char text[MCA_VALUE_TEXT_SIZE];
            mca_key_format(c->keys[k], &c->runs[r].scenario, text, sizeof text);
            mca__json_text(j, values, NULL, text);
        }
    }
}

static void put_figure(struct mca__json *j, json_t *results, const struct mca_comparison *c,
                       size_t index) {
    const struct mca_compared_figure *row = &c->figures[index];
    const int better = row->figure->better;
    double of_runs[MCA_COMPARE_RUNS_MAX];
    unsigned char is_best[MCA_COMPARE_RUNS_MAX];
    json_t *o = mca__json_object(j, results, NULL);
    mca__json_text(j, o, "name", row->name);
    mca__json_text(j, o, "unit",
                   row->figure->kind == MCA_RESULT_FRACTION ? "fraction"
                                                            : mca_result_unit(row->figure));
    mca__json_text(j, o, "better", better > 0 ? "higher" : better < 0 ? "lower" : NULL);
    json_t *values = mca__json_array(j, o, "values");
    json_t *differences = mca__json_array(j, o, "differences");
    json_t *fractions = mca__json_array(j, o, "fractions");
    json_t *best = mca__json_array(j, o, "best");
    mca_compared_row(c, index, of_runs, is_best);
    for (size_t r = 0; r < c->count; ++r) {
        const struct mca_difference d = mca_difference_of(of_runs[0], of_runs[r]);
        mca__json_number(j, values, NULL, of_runs[r]);
        mca__json_number(j, differences, NULL, r ? d.absolute : (double)NAN);
        mca__json_number(j, fractions, NULL, r ? d.fraction : (double)NAN);
        if (is_best[r]) {
            mca__json_count(j, best, NULL, r);
        }
    }
}

void mca__comparison_fill_json(struct mca__json *json, json_t *parent,
                               const struct mca_comparison *c) {
    mca__json_count(json, parent, "schema_version", 1);
    put_runs(json, parent, c);
    put_keys(json, parent, c);
    json_t *results = mca__json_array(json, parent, "results");
    for (size_t f = 0; f < c->figure_count; ++f) {
        put_figure(json, results, c, f);
    }
    json_t *bottlenecks = mca__json_array(json, parent, "bottlenecks");
    for (size_t r = 0; r < c->count; ++r) {
        mca__json_text(json, bottlenecks, NULL, c->runs[r].bottleneck);
    }
}

enum mca_status mca_comparison_print_json(FILE *out, const struct mca_comparison *c,
                                          struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    mca__comparison_fill_json(&json, json.root, c);
    return mca__json_print(&json, out, error);
}
