/* A comparison as a page that page/compare.js draws: its JSON, and of each run what charts need. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_input.h"
#include "base/json_reader.h"
#include "reports/compare/compare.h"
#include "reports/page/html_page.h"
#include "run/sums.h"

enum { PATH_SIZE = 4352, FIELDS_MAX = 64, COLUMN_COUNT = 5 };

/* Of epochs.csv. */
static const char *const COLUMNS[COLUMN_COUNT] = {"epoch", "images", "test_accuracy", "energy_j",
                                                  "time_s"};

/* epochs.csv being read. */
struct table {
    const char *path;
    FILE *file;
    char *line;
    size_t size;
    unsigned number; /* of the line */
    const char *fields[FIELDS_MAX];
    size_t field_count;
    size_t places[COLUMN_COUNT]; /* of COLUMNS among the fields */
};

/* The next line as fields, which the file never quotes; `*ended` where there is none. */
static enum mca_status next_line(struct table *t, int *ended, struct mca_error *error) {
    errno = 0;
    const ssize_t length = getline(&t->line, &t->size, t->file);
    *ended = length < 0;
    if (*ended) {
        return feof(t->file) ? MCA_OK : mca_fail_errno(error, "%s", t->path);
    }
    ++t->number;
    t->line[strcspn(t->line, "\r\n")] = '\0';
    t->field_count = 0;
    for (char *rest = t->line; rest && t->field_count < FIELDS_MAX;) {
        t->fields[t->field_count++] = rest;
        rest = strchr(rest, ',');
        if (rest) {
            *rest++ = '\0';
        }
    }
    return MCA_OK;
}

static enum mca_status find_columns(struct table *t, struct mca_error *error) {
    int ended;
    MCA_TRY(next_line(t, &ended, error));
    for (int c = 0; c < COLUMN_COUNT; ++c) {
        size_t place = 0;
        while (!ended && place < t->field_count && strcmp(t->fields[place], COLUMNS[c]) != 0) {
            ++place;
        }
        if (ended || place == t->field_count) {
            return mca_fail(error, MCA_INVALID, "%s:1: expected a column %s", t->path, COLUMNS[c]);
        }
        t->places[c] = place;
    }
    return MCA_OK;
}

/* A row as an object; what is empty was not measured. */
static enum mca_status put_row(struct mca__json *json, json_t *epochs, const struct table *t,
                               struct mca_error *error) {
    json_t *o = mca__json_object(json, epochs, NULL);
    for (int c = 0; c < COLUMN_COUNT; ++c) {
        const char *text = t->places[c] < t->field_count ? t->fields[t->places[c]] : "x";
        char *end;
        const double value = strtod(text, &end);
        if (*end != '\0') {
            return mca_fail(error, MCA_INVALID, "%s:%u: %s: expected a number", t->path, t->number,
                            COLUMNS[c]);
        }
        mca__json_number(json, o, COLUMNS[c], end == text ? (double)NAN : value);
    }
    return MCA_OK;
}

static enum mca_status put_rows(struct mca__json *json, json_t *run, struct table *t,
                                struct mca_error *error) {
    json_t *epochs = mca__json_array(json, run, "epochs");
    int ended = 0;
    MCA_TRY(find_columns(t, error));
    for (;;) {
        MCA_TRY(next_line(t, &ended, error));
        if (ended) {
            return MCA_OK;
        }
        MCA_TRY(put_row(json, epochs, t, error));
    }
}

static enum mca_status check_epochs(const char *dir, struct mca_error *error) {
    struct mca_run_sums sums;
    MCA_TRY(mca_run_sums_open(&sums, dir, error));
    const enum mca_status status = mca_run_sums_check(&sums, "epochs.csv", error);
    mca_run_sums_close(&sums);
    return status;
}

static enum mca_status put_epochs(struct mca__json *json, json_t *run, const char *dir,
                                  struct mca_error *error) {
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/epochs.csv", dir);
    MCA_TRY(check_epochs(dir, error));
    struct table t = {.path = path};
    MCA_TRY(mca_open_regular(path, &t.file, error));
    const enum mca_status status = put_rows(json, run, &t, error);
    (void)fclose(t.file);
    free(t.line);
    return status;
}

/* An object of numbers, or of objects with a number `total`, as it stands in summary.json. */
static void put_parts(struct mca__json *json, json_t *run, struct mca__json_reader *reader,
                      const char *path, json_t *parts) {
    const char *name;
    json_t *part;
    if (!json_is_object(parts)) {
        mca__json_refuse(reader, path, "an object");
    }
    json_object_foreach(parts, name, part) {
        if (!json_is_number(json_is_object(part) ? json_object_get(part, "total") : part)) {
            mca__json_refuse(reader, path, "numbers");
        }
    }
    if (reader->status == MCA_OK) {
        json->failed |= json_object_set(run, strrchr(path, '/') + 1, parts) != 0;
    }
}

/* Those that the accuracy is of. */
static void put_test_images(struct mca__json *json, json_t *run, struct mca__json_reader *reader,
                            const json_t *root, uint64_t first) {
    const json_t *dataset = mca__json_object_at(reader, root, "dataset");
    const uint64_t all = mca__json_count_at(reader, dataset, "test");
    mca__json_count(json, run, "test_images", first && first < all ? first : all);
}

static enum mca_status put_shares(struct mca__json *json, json_t *run,
                                  const struct mca_compared_run *of, struct mca_error *error) {
    char path[PATH_SIZE];
    json_t *root;
    (void)snprintf(path, sizeof path, "%s/summary.json", of->dir);
    MCA_TRY(mca_run_summary_load(of->dir, &root, error));
    struct mca__json_reader reader = {path, error, MCA_OK};
    json_t *energy = json_object_get(root, "energy_j");
    json_t *latency = json_object_get(root, "latency_s");
    put_parts(json, run, &reader, "energy_j/by_component", json_object_get(energy, "by_component"));
    put_parts(json, run, &reader, "energy_j/by_phase", json_object_get(energy, "by_phase"));
    put_parts(json, run, &reader, "latency_s/critical_path",
              json_object_get(latency, "critical_path"));
    json_t *busiest = json_object_get(latency, "busiest"); /* runs of before had none */
    json->failed |= json_is_object(busiest) && json_object_set(run, "busiest", busiest) != 0;
    put_test_images(json, run, &reader, root, of->scenario.train.test_images);
    json_decref(root);
    return reader.status;
}

static void put_rows_of_results(struct mca__json *json, const struct mca_comparison *c) {
    json_t *rows = mca__json_array(json, json->root, "rows");
    for (size_t f = 0; f < c->figure_count; ++f) {
        (void)mca_result_put(json, rows, c->figures[f].figure, c->figures[f].label);
    }
    mca__json_count(json, json->root, "bottleneck_row", c->bottleneck_row);
    mca__json_count(json, json->root, "layer_row", c->layer_row);
}

static enum mca_status put_data(struct mca__json *json, const struct mca_comparison *c,
                                struct mca_error *error) {
    mca__comparison_fill_json(json, mca__json_object(json, json->root, "comparison"), c);
    put_rows_of_results(json, c);
    json_t *runs = mca__json_array(json, json->root, "runs");
    for (size_t r = 0; r < c->count; ++r) {
        json_t *run = mca__json_object(json, runs, NULL);
        MCA_TRY(put_epochs(json, run, c->runs[r].dir, error));
        MCA_TRY(put_shares(json, run, &c->runs[r], error));
    }
    return MCA_OK;
}

enum mca_status mca_comparison_write_html(const struct mca_comparison *comparison, const char *path,
                                          struct mca_error *error) {
    const struct mca__page_part *const scripts[] = {&mca__compare_js, NULL};
    struct mca__json json;
    char title[64];
    mca__json_init(&json);
    const enum mca_status made = put_data(&json, comparison, error);
    (void)snprintf(title, sizeof title, "%zu runs compared: mcasim", comparison->count);
    return mca__page_write_file(path, title, &json, scripts, made, error);
}
