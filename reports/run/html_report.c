/* report.html: the files of a run's directory, explanations of its figures and its scenario, as the
 * data of a page that page/report.js draws. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_reader.h"
#include "reports/explain/explain.h"
#include "reports/figures/facts.h"
#include "reports/figures/result_figures.h"
#include "reports/page/html_page.h"
#include "reports/run/report.h"
#include "run/sums.h"
#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/value_text.h"

/* Takes the value over. */
static enum mca_status put(struct mca__json *json, const char *key, json_t *value,
                           struct mca_error *error) {
    json->failed |= json_object_set_new(json->root, key, value) != 0;
    return json->failed ? mca_fail_memory(error, "page") : MCA_OK;
}

/* A file of the directory as it is; null where there is none. */
static enum mca_status put_file(struct mca__json *json, const char *key,
                                const struct mca_run_sums *sums, const char *name,
                                struct mca_error *error) {
    char path[4352];
    json_t *content;
    (void)snprintf(path, sizeof path, "%s/%s", sums->dir, name);
    MCA_TRY(mca_run_sums_check(sums, name, error));
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return put(json, key, json_null(), error);
    }
    MCA_TRY(mca__json_load(path, "file of a run", &content, error));
    if (json_integer_value(json_object_get(content, "schema_version")) != 1) {
        json_decref(content);
        return mca_fail(error, MCA_INVALID, "%s: schema_version: expected 1", path);
    }
    return put(json, key, content, error);
}

/* The place of a text in a list of texts, where it is put when it is new. */
static size_t place_of(struct mca__json *json, json_t *texts, const char *text) {
    size_t i = 0;
    while (i < json_array_size(texts) &&
           strcmp(json_string_value(json_array_get(texts, i)), text) != 0) {
        ++i;
    }
    if (i == json_array_size(texts)) {
        mca__json_text(json, texts, NULL, text);
    }
    return i;
}

/* Operations of timeline.json, of which there are many, as lists without names:
 * [track, name, phase, start, end, busy]. What is none is left out. */
static void shorten_timeline(struct mca__json *json) {
    static const char *const numbers[] = {"start_ps", "end_ps", "busy_ps"};
    json_t *timeline = json_object_get(json->root, "timeline");
    json_t *names = mca__json_array(json, timeline, "names");
    json_t *lists = json_array();
    const json_t *operations = json_object_get(timeline, "operations");
    size_t i;
    const json_t *o;
    json_array_foreach(operations, i, o) {
        const char *name = json_string_value(json_object_get(o, "name"));
        const char *phase = json_string_value(json_object_get(o, "phase"));
        if (name && phase) {
            json_t *list = mca__json_array(json, lists, NULL);
            mca__json_count(json, list, NULL,
                            (uint64_t)json_integer_value(json_object_get(o, "track")));
            mca__json_count(json, list, NULL, place_of(json, names, name));
            mca__json_count(json, list, NULL, place_of(json, names, phase));
            for (size_t k = 0; k < sizeof numbers / sizeof *numbers; ++k) {
                mca__json_count(json, list, NULL,
                                (uint64_t)json_integer_value(json_object_get(o, numbers[k])));
            }
        }
    }
    json->failed |= json_object_set_new(timeline, "operations", lists) != 0;
}

/* summary.json has to be of the run whose scenario and ledger stand beside it. */
static enum mca_status put_summary(struct mca__json *json, const struct mca_priced_run *report,
                                   const char *dir, struct mca_error *error) {
    char wanted[17];
    json_t *summary;
    MCA_TRY(mca_run_summary_load(dir, &summary, error));
    MCA_TRY(put(json, "summary", summary, error));
    const json_t *scenario = json_object_get(summary, "scenario");
    const char *hash = json_string_value(json_object_get(scenario, "hash"));
    (void)snprintf(wanted, sizeof wanted, "%016llx", (unsigned long long)report->scenario_hash);
    return hash && strcmp(hash, wanted) == 0
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s/summary.json: scenario.hash: expected that of the scenario.yaml "
                          "beside it, %s",
                          dir, wanted);
}

/* As epochs.csv, with what a page needs to know of its columns. */
static void put_epochs(struct mca__json *json, const struct mca_priced_run *report) {
    json_t *columns = mca__json_array(json, json->root, "epoch_columns");
    for (const struct mca__epoch_column *c = mca__epoch_columns; c->name; ++c) {
        json_t *o = mca__json_object(json, columns, NULL);
        mca__json_text(json, o, "key", c->name);
        mca__json_text(json, o, "label", c->title);
        mca__json_text(json, o, "kind", c->kind);
        mca__json_text(json, o, "unit", c->unit);
    }
    json_t *epochs = mca__json_array(json, json->root, "epochs");
    for (uint32_t e = 0; e < report->result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &report->result->epochs[e];
        json_t *o = mca__json_object(json, epochs, NULL);
        mca__json_count(json, o, "epoch", record->epoch);
        for (const struct mca__epoch_column *c = mca__epoch_columns; c->name; ++c) {
            mca__json_number(json, o, c->name, mca__epoch_value(c, report, record));
        }
    }
}

/* As confusion.csv. */
static void put_classes(struct mca__json *json, const struct mca_priced_run *report) {
    const uint32_t outputs = mca_network_config_outputs(&report->scenario->chip.network);
    json_t *classes = mca__json_array(json, json->root, "classes");
    for (uint32_t k = 0; k < outputs; ++k) {
        const struct mca__class_figures of = mca__class_figures(report, k);
        json_t *o = mca__json_object(json, classes, NULL);
        mca__json_count(json, o, "class", k);
        mca__json_count(json, o, "images", of.images);
        mca__json_number(json, o, "recall", of.recall);
        mca__json_number(json, o, "precision", of.precision);
        json_t *taken_for = mca__json_array(json, o, "taken_for");
        for (uint32_t other = 0; other < outputs; ++other) {
            mca__json_count(json, taken_for, NULL, of.taken_for[other]);
        }
    }
}

/* As ages.csv. */
static void put_ages(struct mca__json *json, const struct mca_train_result *result) {
    json_t *ages = mca__json_array(json, json->root, "ages");
    for (uint32_t i = 0; i < result->age_count; ++i) {
        const struct mca_sample_statistics of = mca__aged(result, i);
        json_t *o = mca__json_object(json, ages, NULL);
        mca__json_number(json, o, "age_s", result->ages_s[i]);
        mca__json_text(json, o, "name", mca__age(result->ages_s[i]).s);
        mca__json_number(json, o, "accuracy", of.mean);
        mca__json_number(json, o, "low", of.low);
        mca__json_number(json, o, "high", of.high);
        mca__json_count(json, o, "seeds", result->age_seeds);
    }
}

static void put_energy_row(struct mca__json *json, json_t *rows, enum mca_phase phase,
                           const char *component, double count, const struct mca_price *price,
                           double joules) {
    json_t *o = mca__json_object(json, rows, NULL);
    mca__json_text(json, o, "phase", mca_phase_name(phase));
    mca__json_text(json, o, "component", component);
    mca__json_number(json, o, "count", count);
    mca__json_number(json, o, "joules_each", price->value);
    mca__json_number(json, o, "joules", joules);
    mca__json_text(json, o, "source", price->figure->source);
}

/* As energy.csv. */
static void put_energy(struct mca__json *json, const struct mca_priced_run *report) {
    const struct mca_pricing *p = &report->pricing;
    json_t *rows = mca__json_array(json, json->root, "energy");
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            const uint64_t count = report->result->ledger.counts[phase][c];
            if (count > 0) {
                put_energy_row(json, rows, (enum mca_phase)phase,
                               mca_component_name((enum mca_component)c), (double)count,
                               &report->prices.energy[c], p->dynamic_of_j[phase][c]);
            }
        }
        for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
            if (p->static_of_j[phase][b] > 0.0) {
                put_energy_row(json, rows, (enum mca_phase)phase,
                               mca__format("static_%s", mca_block_name((enum mca_block)b)).s,
                               (double)NAN, &report->prices.static_w[b], p->static_of_j[phase][b]);
            }
        }
    }
}

/* The rows of the table of pulses and health, and the columns of that of layers. */
static void put_figures(struct mca__json *json) {
    json_t *rows = mca__json_array(json, json->root, "rows");
    json_t *columns = mca__json_array(json, json->root, "layer_columns");
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        if (f->is_on_page) {
            (void)mca_result_put(json, rows, f, f->title);
        }
    }
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
            if (f->layers.place == place) {
                (void)mca_result_put(json, columns, f, f->title);
            }
        }
    }
}

static enum mca_status put_scenario(struct mca__json *json, const struct mca_scenario *scenario,
                                    struct mca_error *error) {
    struct mca_scenario *defaults = malloc(sizeof *defaults);
    char text[MCA_VALUE_TEXT_SIZE];
    const enum mca_status status = defaults ? mca_scenario_defaults(defaults, NULL, error)
                                            : mca_fail_memory(error, "resolved scenario");
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    json_t *rows = mca__json_array(json, json->root, "scenario");
    for (size_t i = 0; status == MCA_OK && i < count; ++i) {
        json_t *o = mca__json_object(json, rows, NULL);
        mca__json_text(json, o, "key", keys[i].name);
        mca_key_format(&keys[i], scenario, text, sizeof text);
        mca__json_text(json, o, "value", text);
        mca_key_format(&keys[i], defaults, text, sizeof text);
        mca__json_text(json, o, "default", text);
        mca__json_text(json, o, "unit", keys[i].unit);
        mca__json_text(json, o, "meaning", keys[i].meaning);
    }
    free(defaults);
    return status;
}

static enum mca_status put_files(struct mca__json *json, const char *dir, struct mca_error *error) {
    struct mca_run_sums sums;
    MCA_TRY(mca_run_sums_open(&sums, dir, error));
    enum mca_status status = put_file(json, "chip", &sums, "chip.json", error);
    if (status == MCA_OK) {
        status = put_file(json, "timeline", &sums, "timeline.json", error);
    }
    mca_run_sums_close(&sums);
    if (status == MCA_OK && json_is_object(json_object_get(json->root, "timeline"))) {
        shorten_timeline(json);
    }
    return status;
}

static enum mca_status put_data(struct mca__json *json, const struct mca_priced_run *report,
                                const char *dir, struct mca_error *error) {
    MCA_TRY(put_summary(json, report, dir, error));
    MCA_TRY(put_files(json, dir, error));
    put_epochs(json, report);
    put_classes(json, report);
    put_ages(json, report->result);
    put_energy(json, report);
    put_figures(json);
    mca__floor_plan_put(json, report);
    MCA_TRY(mca_explanations_put(json, report, error));
    return put_scenario(json, report->scenario, error);
}

enum mca_status mca_report_write_html(const struct mca_priced_run *report, const char *dir,
                                      struct mca_error *error) {
    const struct mca__page_part *const scripts[] = {&mca__explain_js, &mca__drawing_js,
                                                    &mca__report_js, NULL};
    struct mca__json json;
    char path[4352];
    char title[512];
    mca__json_init(&json);
    const enum mca_status made = put_data(&json, report, dir, error);
    (void)snprintf(path, sizeof path, "%s/report.html", dir);
    (void)snprintf(title, sizeof title, "%s, seed %llu: mcasim", report->name,
                   (unsigned long long)report->scenario->chip.seed);
    return mca__page_write_file(path, title, &json, scripts, made, error);
}
