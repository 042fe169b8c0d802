#include "reports/sweep/write_results.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/durable_file.h"
#include "reports/formats/csv_text.h"
#include "reports/sweep/settings.h"
#include "run/sums.h"
#include "scenario/value_text.h"
#include "sweep/directory.h"

static void put_value(FILE *out, double value) {
    char text[32] = "";
    if (isfinite(value)) {
        mca_format_f64(value, text);
    }
    (void)fputs(text, out);
}

static void put_number(FILE *out, double value) {
    (void)fputc(',', out);
    put_value(out, value);
}

/* ",name" of every swept key, or ",value" of it in a point; the seed stands apart. */
static void put_keys(FILE *out, const struct mca_sweep_results *results, int names,
                     uint32_t plan_index) {
    char room[MCA_VALUE_TEXT_SIZE];
    for (uint32_t k = 0; k < results->plan->key_count; ++k) {
        if (!mca__sweep_is_seed(results->plan, k)) {
            (void)fputc(',', out);
            mca__csv_put_text(out, names ? results->plan->keys[k]->name
                                         : mca__sweep_value_text(results, plan_index, k, room));
        }
    }
}

/* What tells the points apart, up to their state. */
static void put_point_headings(FILE *out, const struct mca_sweep_results *results) {
    (void)fputs("point,setting", out);
    put_keys(out, results, 1, 0);
    (void)fputs(",seed,status", out);
}

static void put_point(FILE *out, const struct mca_sweep_results *results,
                      const struct mca_sweep_point *point) {
    (void)fprintf(out, "%016" PRIx64 ",%u", point->hash, point->setting + 1);
    put_keys(out, results, 0, point->plan_index);
    (void)fprintf(out, ",%" PRIu64 ",%s", point->seed, mca_sweep_state_name(point->state));
}

enum mca_status mca_sweep_print_points(FILE *out, const struct mca_sweep_results *results,
                                       struct mca_error *error) {
    errno = 0;
    put_point_headings(out, results);
    for (uint32_t i = 0; i < results->count; ++i) {
        (void)fputc('\n', out);
        put_point(out, results, &results->points[i]);
    }
    (void)fputc('\n', out);
    return fflush(out) == 0 && !ferror(out) ? MCA_OK
                                            : mca_fail_errno(error, "cannot write the points");
}

static enum mca_status put_points(FILE *out, struct mca__sweep_settings *settings,
                                  struct mca_error *error) {
    const struct mca_sweep_results *results = settings->results;
    const struct mca_sweep_metrics *metrics = &results->plan->metrics;
    put_point_headings(out, results);
    for (uint32_t m = 0; m < metrics->count; ++m) {
        (void)fprintf(out, ",%s", metrics->list[m].column);
    }
    (void)fputs(",bottleneck\n", out);
    for (uint32_t i = 0; i < results->count; ++i) {
        const struct mca_sweep_point *point = &results->points[i];
        const int is_done = point->state == MCA_SWEEP_DONE;
        put_point(out, results, point);
        for (uint32_t m = 0; m < metrics->count; ++m) {
            put_number(out, is_done ? point->result.metrics[m] : (double)NAN);
        }
        (void)fprintf(out, ",%s\n", is_done ? point->result.bottleneck : "");
    }
    (void)error;
    return MCA_OK;
}

/* A line of layers.csv. */
struct layer_line {
    FILE *out;
    const json_t *layer; /* of summary.json; NULL: the headings */
};

/* ",NAME" or ",value" of a figure of layers; parts of its energy and area stay in the summaries. */
static void put_layer_cell(void *user, const struct mca_result_place *place) {
    const struct layer_line *line = user;
    const enum mca_result_family family = place->figure->family;
    char path[MCA_RESULT_KEY_SIZE];
    if (place->subject.layer > 0 || (family != MCA_RESULT_ONE && family != MCA_RESULT_RESOURCES)) {
        return;
    }
    mca_result_path(place, path);
    char *rest = path + strlen("layers/0/");
    const json_t *value = line->layer;
    (void)fputc(',', line->out);
    for (char *slash; (slash = strchr(rest, '/')) != NULL; rest = slash + 1) {
        *slash = '\0';
        value = json_object_get(value, rest);
        if (!line->layer) {
            (void)fprintf(line->out, "%s_", rest);
        }
    }
    value = json_object_get(value, rest);
    if (!line->layer) {
        (void)fputs(rest, line->out);
    }
    if (json_is_string(value)) {
        mca__csv_put_text(line->out, json_string_value(value));
    } else if (json_is_number(value)) {
        put_value(line->out, json_number_value(value));
    }
}

static enum mca_status put_layers_of(FILE *out, const struct mca__sweep_settings *settings,
                                     const struct mca_sweep_point *point, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    json_t *summary;
    mca_sweep_point_path(path, settings->dir, point->hash, "");
    MCA_TRY(mca_run_summary_load(path, &summary, error));
    const json_t *layers = json_object_get(summary, "layers");
    for (size_t i = 0; i < json_array_size(layers); ++i) {
        struct layer_line line = {out, json_array_get(layers, i)};
        put_point(out, settings->results, point);
        mca_result_walk_layers(NULL, 2, put_layer_cell, &line);
        (void)fputc('\n', out);
    }
    json_decref(summary);
    return MCA_OK;
}

/* A row for each layer of a point that is done, and for what its layers share. */
static enum mca_status put_layers(FILE *out, struct mca__sweep_settings *settings,
                                  struct mca_error *error) {
    const struct mca_sweep_results *results = settings->results;
    struct layer_line headings = {out, NULL};
    put_point_headings(out, results);
    mca_result_walk_layers(NULL, 2, put_layer_cell, &headings);
    (void)fputc('\n', out);
    for (uint32_t i = 0; i < results->count; ++i) {
        if (results->points[i].state == MCA_SWEEP_DONE) {
            MCA_TRY(put_layers_of(out, settings, &results->points[i], error));
        }
    }
    return MCA_OK;
}

static enum mca_status put_settings(FILE *out, struct mca__sweep_settings *settings,
                                    struct mca_error *error) {
    const struct mca_sweep_metrics *metrics = &settings->results->plan->metrics;
    (void)fputs("setting", out);
    put_keys(out, settings->results, 1, 0);
    (void)fputs(",done,failed", out);
    for (uint32_t m = 0; m < metrics->count; ++m) {
        const char *name = metrics->list[m].column;
        (void)fprintf(out, ",%s_mean,%s_std,%s_low95,%s_high95", name, name, name, name);
    }
    (void)fputc('\n', out);
    for (uint32_t s = 0; s < settings->results->setting_count; ++s) {
        const struct mca__sweep_setting *setting = &settings->list[s];
        (void)fprintf(out, "%u", s + 1);
        put_keys(out, settings->results, 0, setting->plan_index);
        (void)fprintf(out, ",%u,%u", setting->points - setting->failed, setting->failed);
        for (uint32_t m = 0; m < metrics->count; ++m) {
            put_number(out, setting->metrics[m].mean);
            put_number(out, setting->metrics[m].std);
            put_number(out, setting->metrics[m].low);
            put_number(out, setting->metrics[m].high);
        }
        (void)fputc('\n', out);
    }
    (void)error;
    return MCA_OK;
}

static enum mca_status put_fronts(FILE *out, struct mca__sweep_settings *settings,
                                  struct mca_error *error) {
    const struct mca_sweep_plan *plan = settings->results->plan;
    const struct mca_sweep_metric *metrics = plan->metrics.list;
    (void)fputs("front,setting", out);
    put_keys(out, settings->results, 1, 0);
    for (uint32_t m = 0; m < plan->metrics.count; ++m) {
        if (metrics[m].objective) {
            (void)fprintf(out, ",%s", metrics[m].column);
        }
    }
    (void)fputc('\n', out);
    for (uint32_t pair = 0; pair < plan->pair_count; ++pair) {
        uint32_t count;
        MCA_TRY(mca__sweep_front(settings, pair, &count, error));
        for (uint32_t i = 0; i < count; ++i) {
            const struct mca__sweep_setting *setting = &settings->list[settings->front[i]];
            (void)fprintf(out, "%s-%s,%u", metrics[plan->pairs[pair][0]].objective,
                          metrics[plan->pairs[pair][1]].objective, settings->front[i] + 1);
            put_keys(out, settings->results, 0, setting->plan_index);
            for (uint32_t m = 0; m < plan->metrics.count; ++m) {
                if (metrics[m].objective) {
                    put_number(out, setting->metrics[m].mean);
                }
            }
            (void)fputc('\n', out);
        }
    }
    return MCA_OK;
}

enum mca_status mca_sweep_write(const struct mca_sweep_results *results, const char *dir,
                                struct mca_error *error) {
    static const struct {
        const char *name;
        enum mca_status (*put)(FILE *, struct mca__sweep_settings *, struct mca_error *);
    } files[] = {{"sweep.csv", put_points},
                 {"groups.csv", put_settings},
                 {"pareto.csv", put_fronts},
                 {"layers.csv", put_layers},
                 {"sweep.json", mca__sweep_put_json}};
    struct mca__sweep_settings settings;
    char path[4352];
    enum mca_status status = mca__sweep_settings_init(&settings, results, error);
    settings.dir = dir;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && status == MCA_OK; ++i) {
        struct mca_new_file out;
        (void)snprintf(path, sizeof path, "%.4096s/%s", dir, files[i].name);
        status = mca_new_file_open(&out, path, error);
        if (status == MCA_OK) {
            errno = 0;
            status = mca_new_file_end(&out, files[i].put(out.file, &settings, error), error);
        }
    }
    if (status == MCA_OK) {
        (void)snprintf(path, sizeof path, "%.4096s/sweep.html", dir);
        status = mca__sweep_write_html(&settings, path, error);
    }
    mca__sweep_settings_deinit(&settings);
    return status;
}
