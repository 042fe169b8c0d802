/* optimise.json: what was asked, and what was found, in one document. */
#include <inttypes.h>
#include <math.h>

#include "reports/search/findings.h"
#include "reports/search/search_json.h"
#include "scenario/value_text.h"

static void put_question(struct mca__json *j, const struct mca_search_plan *plan) {
    const struct mca_search_config *c = &plan->config;
    mca__json_count(j, j->root, "schema_version", 1);
    json_t *tool = mca__json_object(j, j->root, "tool");
    mca__json_text(j, tool, "name", "mcasim");
    mca__json_text(j, tool, "version", MCA_VERSION);
    mca__json_text(j, j->root, "scenario", plan->sweep.base.report.name);
    json_t *minimise = mca__json_array(j, j->root, "minimise");
    json_t *bounds = mca__json_object(j, j->root, "subject_to");
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        if (c->figures[f].is_objective) {
            mca__json_text(j, minimise, NULL, plan->names[f]->name);
        }
        if (c->figures[f].is_constrained) {
            json_t *bound = mca__json_object(j, bounds, plan->names[f]->name);
            mca__json_text(j, bound, "key", plan->names[f]->key);
            mca__json_number(j, bound, c->figures[f].is_accuracy ? "least" : "most",
                             c->figures[f].bound);
        }
    }
    json_t *keys = mca__json_array(j, j->root, "keys");
    for (uint32_t k = 0; k < mca__search_key_count(plan); ++k) {
        mca__json_text(j, keys, NULL, plan->sweep.keys[k]->name);
    }
    json_t *rungs = mca__json_array(j, j->root, "rungs");
    for (uint32_t r = 0; r < c->rung_count; ++r) {
        json_t *rung = mca__json_object(j, rungs, NULL);
        mca__json_count(j, rung, "train_images", c->rungs[r].images);
        mca__json_count(j, rung, "images", c->rungs[r].cost);
    }
}

static void put_spent(struct mca__json *j, const struct mca__findings *f) {
    const struct mca_search *search = f->results->search;
    json_t *spent = mca__json_object(j, j->root, "spent");
    mca__json_count(j, spent, "settings", search->config.setting_count);
    mca__json_count(j, spent, "settings_in_full", f->full_count);
    mca__json_count(j, spent, "seeds", search->config.seeds);
    mca__json_count(j, spent, "runs", search->runs);
    mca__json_count(j, spent, "images", search->spent);
    mca__json_count(j, spent, "budget", search->config.budget);
    mca__json_count(j, spent, "all_images",
                    (uint64_t)search->config.setting_count * search->config.seeds *
                        search->config.rungs[search->config.rung_count - 1].cost);
}

/* At the end of a list, or under a key. */
static void put_setting(struct mca__json *j, json_t *parent, const char *key,
                        const struct mca__findings *f, uint32_t setting) {
    const struct mca_search_plan *plan = f->results->plan;
    const struct mca_search *search = f->results->search;
    if (setting == f->none) {
        mca__json_null(j, parent, key);
        return;
    }
    char room[MCA_VALUE_TEXT_SIZE];
    json_t *object = mca__json_object(j, parent, key);
    json_t *values = mca__json_object(j, object, "values");
    for (uint32_t k = 0; k < mca__search_key_count(plan); ++k) {
        mca__json_text(j, values, plan->sweep.keys[k]->name,
                       mca__search_key_text(plan, setting, k, room));
    }
    mca__json_count(j, object, "seeds",
                    mca_search_mean_of(search, setting, search->config.rung_count - 1)->seeds);
    mca__json_count(j, object, "keeps_to_bounds",
                    (uint64_t)mca_search_is_feasible(search, setting));
    json_t *figures = mca__json_object(j, object, "figures");
    for (uint32_t i = 0; i < search->config.figure_count; ++i) {
        json_t *figure = mca__json_object(j, figures, plan->names[i]->name);
        const struct mca_sample_statistics s = mca__search_statistics(f, setting, i);
        mca__json_number(j, figure, "mean", s.mean);
        mca__json_number(j, figure, "std", s.std);
        mca__json_number(j, figure, "doubt95", mca__search_doubt(f, setting, i));
    }
}

static void put_settings(struct mca__json *j, const char *key, const struct mca__findings *f,
                         const uint32_t *settings, uint32_t count) {
    json_t *list = mca__json_array(j, j->root, key);
    for (uint32_t i = 0; i < count; ++i) {
        put_setting(j, list, NULL, f, settings[i]);
    }
}

static void put_effects(struct mca__json *j, const struct mca__findings *f) {
    const struct mca_search_config *c = &f->results->search->config;
    json_t *axes = mca__json_array(j, j->root, "main_effects");
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        json_t *rows = mca__json_array(j, axes, NULL);
        for (uint32_t r = 0; r < c->rows[a]; ++r) {
            char text[512];
            json_t *row = mca__json_object(j, rows, NULL);
            mca__search_row_text(f->results->plan, a, r, text, sizeof text);
            mca__json_text(j, row, "values", text);
            for (uint32_t i = 0; i < c->figure_count; ++i) {
                mca__json_number(j, row, f->results->plan->names[i]->name,
                                 f->effects[f->first[a] + r].change[i]);
            }
        }
    }
}

enum mca_status mca__search_put_json(FILE *out, const struct mca__findings *f,
                                     struct mca_error *error) {
    struct mca__json json;
    char text[MCA_SEARCH_TEXT_SIZE];
    mca__json_init(&json);
    put_question(&json, f->results->plan);
    put_spent(&json, f);
    mca__search_paragraph(f, text);
    mca__json_text(&json, json.root, "text", text);
    put_setting(&json, json.root, "best", f, f->best);
    put_setting(&json, json.root, "nearest", f, f->nearest);
    put_setting(&json, json.root, "knee", f, f->knee);
    put_settings(&json, "ties", f, f->ties, f->tie_count);
    put_settings(&json, "front", f, f->front, f->front_count);
    put_effects(&json, f);
    return mca__json_print(&json, out, error);
}
