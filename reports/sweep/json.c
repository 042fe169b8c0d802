/* sweep.json and sweep.html: plan and results of a sweep in one document. */
#include <stdlib.h>

#include "base/json_memory.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "reports/page/html_page.h"
#include "reports/sweep/settings.h"
#include "reports/sweep/write_results.h"
#include "scenario/key_value.h"
#include "scenario/value_text.h"

/* A number or list as JSON's own; other values as texts, without quotes. */
static void put_value(struct mca__json *j, json_t *object, const struct mca_key *key,
                      const char *text) {
    const unsigned type = 1u << key->type;
    const unsigned counts = 1u << MCA_KEY_U32 | 1u << MCA_KEY_U64;
    const unsigned numbers = 1u << MCA_KEY_F64 | 1u << MCA_KEY_EXPONENT;
    const unsigned lists = 1u << MCA_KEY_F64_LIST | 1u << MCA_KEY_SHAPE | 1u << MCA_KEY_LAYERS;
    /* layers with their kinds and words are none of JSON's */
    json_t *list = type & lists ? json_loads(text, 0, NULL) : NULL;
    if (type & counts) {
        mca__json_count(j, object, key->name, strtoull(text, NULL, 10));
    } else if (type & numbers) {
        mca__json_number(j, object, key->name, strtod(text, NULL));
    } else if (list) {
        j->failed |= json_object_set_new(object, key->name, list) != 0;
    } else {
        mca__json_text(j, object, key->name, text);
    }
}

static void put_values(struct mca__json *j, json_t *object, const struct mca_sweep_results *results,
                       uint32_t plan_index) {
    char room[MCA_VALUE_TEXT_SIZE];
    json_t *values = mca__json_object(j, object, "values");
    for (uint32_t k = 0; k < results->plan->key_count; ++k) {
        if (!mca__sweep_is_seed(results->plan, k)) {
            put_value(j, values, results->plan->keys[k],
                      mca__sweep_value_text(results, plan_index, k, room));
        }
    }
}

static void put_plan(struct mca__json *j, const struct mca_sweep_plan *plan) {
    mca__json_count(j, j->root, "schema_version", 1);
    json_t *tool = mca__json_object(j, j->root, "tool");
    mca__json_text(j, tool, "name", "mcasim");
    mca__json_text(j, tool, "version", MCA_VERSION);
    mca__json_text(j, j->root, "scenario", plan->base.report.name);
    json_t *keys = mca__json_array(j, j->root, "keys");
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        json_t *key = mca__json_object(j, keys, NULL);
        mca__json_text(j, key, "name", plan->keys[k]->name);
        mca__json_text(j, key, "unit", plan->keys[k]->unit);
        mca__json_text(j, key, "type", mca_key_type_name(plan->keys[k]));
    }
    json_t *axes = mca__json_array(j, j->root, "axes");
    for (uint32_t a = 0; a < plan->axis_count; ++a) {
        json_t *axis = mca__json_object(j, axes, NULL);
        mca__json_text(j, axis, "section", plan->axes[a].section);
        mca__json_count(j, axis, "rows", plan->axes[a].rows);
        json_t *names = mca__json_array(j, axis, "keys");
        for (uint32_t k = 0; k < plan->axes[a].key_count; ++k) {
            mca__json_text(j, names, NULL, plan->keys[plan->axes[a].slots[k]]->name);
        }
    }
}

static void put_settings(struct mca__json *j, const struct mca__sweep_settings *settings) {
    const struct mca_sweep_plan *plan = settings->results->plan;
    json_t *list = mca__json_array(j, j->root, "settings");
    for (uint32_t s = 0; s < settings->results->setting_count; ++s) {
        const struct mca__sweep_setting *setting = &settings->list[s];
        json_t *object = mca__json_object(j, list, NULL);
        mca__json_count(j, object, "setting", s + 1);
        put_values(j, object, settings->results, setting->plan_index);
        mca__json_count(j, object, "done", setting->points - setting->failed);
        mca__json_count(j, object, "failed", setting->failed);
        json_t *metrics = mca__json_object(j, object, "metrics");
        for (uint32_t m = 0; m < plan->metrics.count; ++m) {
            json_t *o = mca__json_object(j, metrics, plan->metrics.list[m].column);
            mca__json_number(j, o, "mean", setting->metrics[m].mean);
            mca__json_number(j, o, "std", setting->metrics[m].std);
            mca__json_number(j, o, "low95", setting->metrics[m].low);
            mca__json_number(j, o, "high95", setting->metrics[m].high);
        }
    }
}

/* Those that a point's accuracy is of. */
static uint64_t tested(const struct mca_sweep_results *results,
                       const struct mca_sweep_point *point) {
    const uint64_t first = results->plan->base.train.test_images;
    return first && first < point->result.test_images ? first : point->result.test_images;
}

static void put_points(struct mca__json *j, const struct mca_sweep_results *results) {
    const struct mca_sweep_plan *plan = results->plan;
    json_t *list = mca__json_array(j, j->root, "points");
    for (uint32_t i = 0; i < results->count; ++i) {
        const struct mca_sweep_point *point = &results->points[i];
        json_t *object = mca__json_object(j, list, NULL);
        mca__json_hash(j, object, "point", point->hash);
        mca__json_count(j, object, "setting", point->setting + 1);
        mca__json_count(j, object, "seed", point->seed);
        mca__json_text(j, object, "status", mca_sweep_state_name(point->state));
        put_values(j, object, results, point->plan_index);
        if (point->state != MCA_SWEEP_DONE) {
            mca__json_null(j, object, "metrics");
            mca__json_null(j, object, "bottleneck");
            continue;
        }
        mca__json_count(j, object, "test_images", tested(results, point));
        json_t *metrics = mca__json_object(j, object, "metrics");
        for (uint32_t m = 0; m < plan->metrics.count; ++m) {
            mca__json_number(j, metrics, plan->metrics.list[m].column, point->result.metrics[m]);
        }
        mca__json_text(j, object, "bottleneck",
                       point->result.bottleneck[0] ? point->result.bottleneck : NULL);
    }
}

static void put_notices(struct mca__json *j, const struct mca_sweep_notices *notices) {
    json_t *list = mca__json_array(j, j->root, "notices");
    for (uint32_t i = 0; i < notices->count; ++i) {
        json_t *object = mca__json_object(j, list, NULL);
        mca__json_text(j, object, "text", notices->list[i].text);
        mca__json_count(j, object, "points", notices->list[i].points);
    }
    mca__json_count(j, j->root, "notices_left_out", notices->left_out);
}

static enum mca_status put_fronts(struct mca__json *j, struct mca__sweep_settings *settings,
                                  struct mca_error *error) {
    const struct mca_sweep_plan *plan = settings->results->plan;
    json_t *fronts = mca__json_array(j, j->root, "fronts");
    for (uint32_t pair = 0; pair < plan->pair_count; ++pair) {
        uint32_t count;
        MCA_TRY(mca__sweep_front(settings, pair, &count, error));
        json_t *front = mca__json_object(j, fronts, NULL);
        mca__json_text(j, front, "x", plan->metrics.list[plan->pairs[pair][0]].objective);
        mca__json_text(j, front, "y", plan->metrics.list[plan->pairs[pair][1]].objective);
        json_t *members = mca__json_array(j, front, "settings");
        for (uint32_t i = 0; i < count; ++i) {
            mca__json_count(j, members, NULL, settings->front[i] + 1);
        }
    }
    return MCA_OK;
}

static enum mca_status build(struct mca__json *json, struct mca__sweep_settings *settings,
                             struct mca_error *error) {
    mca__json_init(json);
    put_plan(json, settings->results->plan);
    put_settings(json, settings);
    put_points(json, settings->results);
    put_notices(json, settings->results->notices);
    const enum mca_status status = put_fronts(json, settings, error);
    if (status != MCA_OK) {
        json_decref(json->root);
    }
    return status;
}

enum mca_status mca__sweep_put_json(FILE *out, struct mca__sweep_settings *settings,
                                    struct mca_error *error) {
    struct mca__json json;
    MCA_TRY(build(&json, settings, error));
    return mca__json_print(&json, out, error);
}

/* The page of a document, which is released. */
static enum mca_status write_page(struct mca__json *json, const char *path, const char *scenario,
                                  struct mca_error *error) {
    const struct mca__page_part *const scripts[] = {&mca__sweep_js, NULL};
    char title[512];
    mca__sweep_put_figures(json);
    (void)snprintf(title, sizeof title, "sweep of %s: mcasim", scenario);
    return mca__page_write_file(path, title, json, scripts, MCA_OK, error);
}

enum mca_status mca__sweep_write_html(struct mca__sweep_settings *settings, const char *path,
                                      struct mca_error *error) {
    struct mca__json json;
    MCA_TRY(build(&json, settings, error));
    return write_page(&json, path, settings->results->plan->base.report.name, error);
}

enum mca_status mca_sweep_report_html(const char *dir, struct mca_error *error) {
    struct mca__json json = {.shortages = mca_json_shortages()};
    char path[4352];
    (void)snprintf(path, sizeof path, "%.4096s/sweep.json", dir);
    MCA_TRY(mca__json_load(path, "sweep", &json.root, error));
    const char *name = json_string_value(json_object_get(json.root, "scenario"));
    if (!name || json_integer_value(json_object_get(json.root, "schema_version")) != 1) {
        json_decref(json.root);
        return mca_fail(error, MCA_INVALID, "%s: not a sweep of schema_version 1", path);
    }
    (void)snprintf(path, sizeof path, "%.4096s/sweep.html", dir);
    return write_page(&json, path, name, error);
}
