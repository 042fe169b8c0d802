#include "reports/compare/compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_reader.h"
#include "reports/figures/facts.h"
#include "run/finished_run.h"
#include "scenario/value_text.h"

/* Rows of one place among the rows. */
struct rows {
    struct mca_comparison *c;
    int place;
};

static void add_row(struct rows *rows, const struct mca_result_place *place,
                    const struct mca_result_view *view, int per_image) {
    const struct mca_result_figure *figure = place->figure;
    if (view->place != rows->place || rows->c->figure_count == MCA_COMPARE_FIGURES_MAX) {
        return;
    }
    struct mca_compared_figure *row = &rows->c->figures[rows->c->figure_count++];
    row->figure = figure;
    row->per_image = per_image;
    mca_result_key(place, row->name);
    (void)strcat(row->name, per_image ? "_per_image" : "");
    mca_result_path(place, row->path);
    mca_result_label(place, view, row->label);
}

/* Whether a run was tested at so many ages. */
static int is_age_of_any(const struct mca_comparison *c, uint32_t age) {
    int is_of_any = 0;
    for (size_t r = 0; r < c->count; ++r) {
        is_of_any |= age < c->runs[r].scenario.train.ageing.ages_s.count;
    }
    return is_of_any;
}

static void add_rows(void *user, const struct mca_result_place *place) {
    struct rows *rows = user;
    const struct mca_result_figure *figure = place->figure;
    const int is_of_chip = figure->scope == 0 || (figure->scope & MCA_OF_CHIP);
    if (is_of_chip && place->subject.scope != MCA_OF_CHIP) {
        return; /* of what both have the chip's is compared */
    }
    if (figure->family == MCA_RESULT_AGES && !is_age_of_any(rows->c, place->item)) {
        return;
    }
    if (figure->text) { /* the bottleneck, which stands by itself */
        rows->c->bottleneck_row =
            figure->compare.place == rows->place ? rows->c->figure_count : rows->c->bottleneck_row;
        return;
    }
    add_row(rows, place, &figure->compare, 0);
    add_row(rows, place, &figure->compare_per_image, 1);
}

/* What layers share has no devices: nothing of it is counted. */
static void add_layer_row(void *user, const struct mca_result_place *place) {
    struct rows *rows = user;
    const int is_shared = strcmp(place->subject.prefix, "layers.shared.") == 0;
    if (place->figure->kind != MCA_RESULT_COUNT || !is_shared) {
        add_row(rows, place, &place->figure->compare_layers, 0);
    }
}

static int same_layers(const struct mca_network *a, const struct mca_network *b) {
    int same = a->layer_count == b->layer_count;
    for (uint32_t i = 0; same && i < a->layer_count; ++i) {
        const struct mca_network_layer *x = &a->layers[i];
        const struct mca_network_layer *y = &b->layers[i];
        same = x->kind == y->kind && x->positions == y->positions && x->rows == y->rows &&
               x->cols == y->cols && memcmp(&x->out, &y->out, sizeof x->out) == 0;
    }
    return same;
}

/* Layers of all runs, or 0 where they are not the same. */
static uint32_t common_layers(const struct mca_comparison *c) {
    struct mca_network first;
    (void)mca_network_init(&first, &c->runs[0].scenario.chip.network, NULL); /* checked */
    for (size_t r = 1; r < c->count; ++r) {
        struct mca_network other;
        (void)mca_network_init(&other, &c->runs[r].scenario.chip.network, NULL);
        if (!same_layers(&first, &other)) {
            return 0;
        }
    }
    return first.layer_count;
}

static void find_rows(struct mca_comparison *c) {
    const uint32_t layers = common_layers(c);
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        mca_result_walk(NULL, add_rows, &(struct rows){c, place});
    }
    c->layer_row = c->figure_count;
    for (int place = 1; place <= MCA_RESULT_PLACES && layers > 1; ++place) {
        mca_result_walk_layers(NULL, layers + 1, add_layer_row, &(struct rows){c, place});
    }
}

struct mca_difference mca_difference_of(double base, double value) {
    const double absolute = value - base; /* NAN of NAN */
    return (struct mca_difference){absolute, mca__ratio(absolute, fabs(base))};
}

void mca_mark_best(const double *values, size_t count, int better, int beats_none,
                   unsigned char *best) {
    double most = (double)NAN; /* of better x value */
    size_t sharing = 0;
    size_t judged = 0;
    for (size_t i = 0; i < count; ++i) {
        const double merit = better * values[i];
        judged += beats_none || !isnan(merit);
        sharing = merit == most ? sharing + 1 : sharing;
        if (!isnan(merit) && (isnan(most) || merit > most)) {
            most = merit;
            sharing = 1;
        }
    }
    for (size_t i = 0; i < count; ++i) {
        best[i] = better != 0 && sharing < judged && better * values[i] == most;
    }
}

static int same_images(const struct mca_comparison *c) {
    int is_same = 1;
    for (size_t r = 1; r < c->count; ++r) {
        is_same = is_same && c->runs[r].images == c->runs[0].images;
    }
    return is_same;
}

void mca_compared_row(const struct mca_comparison *c, size_t row,
                      double values[MCA_COMPARE_RUNS_MAX],
                      unsigned char best[MCA_COMPARE_RUNS_MAX]) {
    const struct mca_result_figure *figure = c->figures[row].figure;
    for (size_t r = 0; r < c->count; ++r) {
        values[r] = c->runs[r].values[row];
    }
    /* a run that reached a milestone is better than one that did not */
    const int better = figure->is_total && !same_images(c) ? 0 : figure->better;
    mca_mark_best(values, c->count, better, figure->family == MCA_RESULT_MILESTONES, best);
}

/* A number of summary.json; a null on the way is NAN, and so are layers of a version that had none,
 * and ages that a run was not tested at. */
static double number_at_path(struct mca__json_reader *reader, const json_t *root,
                             const char *path) {
    char keys[MCA_RESULT_KEY_SIZE];
    (void)snprintf(keys, sizeof keys, "%s", path);
    const int is_age = strncmp(path, "ageing/", strlen("ageing/")) == 0;
    char *rest = keys;
    const json_t *value = root;
    for (char *key = strtok_r(keys, "/", &rest); key; key = strtok_r(NULL, "/", &rest)) {
        value = json_is_null(value)    ? value
                : json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
                                       : json_object_get(value, key);
        if (!value && (strcmp(key, "layers") == 0 || is_age)) {
            return (double)NAN;
        }
    }
    if (!json_is_number(value) && !json_is_null(value)) {
        mca__json_refuse(reader, path, "a number or null");
    }
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void read_version(struct mca__json_reader *reader, const json_t *root,
                         struct mca_compared_run *run) {
    const json_t *tool = mca__json_object_at(reader, root, "tool");
    char *version = mca__json_text_at(reader, tool, "version");
    char *commit = mca__json_text_at(reader, tool, "commit");
    if (version && commit) {
        (void)snprintf(run->version, sizeof run->version, "%s (%s)", version, commit);
    }
    free(version);
    free(commit);
}

static void read_summary(struct mca__json_reader *reader, const json_t *root,
                         const struct mca_comparison *c, struct mca_compared_run *run) {
    const json_t *scenario = mca__json_object_at(reader, root, "scenario");
    const json_t *dataset = mca__json_object_at(reader, root, "dataset");
    const json_t *latency = mca__json_object_at(reader, root, "latency_s");
    if (mca__json_hash_at(reader, scenario, "hash") != run->scenario_hash) {
        mca__json_refuse(reader, "scenario/hash", "that of the scenario.yaml beside it");
    }
    read_version(reader, root, run);
    run->dataset = mca__json_text_at(reader, dataset, "name");
    run->dataset_hash = mca__json_hash_at(reader, dataset, "hash");
    if (!json_is_null(json_object_get(latency, "bottleneck"))) {
        run->bottleneck = mca__json_text_at(reader, latency, "bottleneck");
    }
    run->images = mca__json_count_at(reader, root, "images");
    for (size_t f = 0; f < c->figure_count; ++f) {
        const double value = number_at_path(reader, root, c->figures[f].path);
        run->values[f] = c->figures[f].per_image ? mca__ratio(value, (double)run->images) : value;
    }
}

static enum mca_status load_scenario(struct mca_compared_run *run, const char *dir,
                                     struct mca_error *error) {
    struct mca_run_sums sums;
    run->dir = dir;
    MCA_TRY(mca_finished_run_scenario(&run->scenario, &run->scenario_hash, &sums, dir, error));
    run->has_sums = sums.files != NULL;
    mca_run_sums_close(&sums);
    return MCA_OK;
}

static enum mca_status load_summary(const struct mca_comparison *c, struct mca_compared_run *run,
                                    struct mca_error *error) {
    char path[MCA_PATH_SIZE + 32];
    json_t *root;
    MCA_TRY(mca_run_summary_load(run->dir, &root, error));
    (void)snprintf(path, sizeof path, "%s/summary.json", run->dir);
    struct mca__json_reader reader = {path, error, MCA_OK};
    read_summary(&reader, root, c, run);
    json_decref(root);
    return reader.status;
}

/* Scenarios first: they say which rows there are. */
static enum mca_status load_runs(struct mca_comparison *c, const char *const *dirs, size_t count,
                                 struct mca_error *error) {
    c->count = count;
    for (size_t r = 0; r < count; ++r) {
        MCA_TRY(load_scenario(&c->runs[r], dirs[r], error));
    }
    find_rows(c);
    for (size_t r = 0; r < count; ++r) {
        MCA_TRY(load_summary(c, &c->runs[r], error));
    }
    return MCA_OK;
}

static void find_keys(struct mca_comparison *c) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t k = 0; k < count; ++k) {
        char base[MCA_VALUE_TEXT_SIZE];
        char text[MCA_VALUE_TEXT_SIZE];
        int differs = 0;
        mca_key_format(&keys[k], &c->runs[0].scenario, base, sizeof base);
        for (size_t r = 1; r < c->count && !differs; ++r) {
            mca_key_format(&keys[k], &c->runs[r].scenario, text, sizeof text);
            differs = strcmp(base, text) != 0;
        }
        if (differs) {
            c->keys[c->key_count++] = &keys[k];
        }
    }
}

/* What makes runs hard to compare, as text. */
enum subject { DATASET, LIBRARY, VERSION, SEED, IMAGES, SUBJECT_COUNT };
_Static_assert((int)SUBJECT_COUNT + 1 == (int)MCA_COMPARE_NOTICES_MAX, "a notice for each");

static void describe(const struct mca_compared_run *run, enum subject subject,
                     char text[MCA_LIBRARY_PATH_SIZE]) {
    switch (subject) {
    case DATASET:
        (void)snprintf(text, 128, "%.60s %08" PRIx64, run->dataset, run->dataset_hash >> 32);
        break;
    case LIBRARY:
        (void)snprintf(text, MCA_LIBRARY_PATH_SIZE, "%s", run->scenario.cost.library);
        break;
    case VERSION:
        (void)snprintf(text, 128, "%.100s", run->version);
        break;
    case SEED:
    case IMAGES:
    case SUBJECT_COUNT:
    default:
        (void)snprintf(text, 128, "%" PRIu64,
                       subject == SEED ? run->scenario.chip.seed : run->images);
        break;
    }
}

static int same(const struct mca_compared_run *a, const struct mca_compared_run *b,
                enum subject subject) {
    char of_a[MCA_LIBRARY_PATH_SIZE];
    char of_b[MCA_LIBRARY_PATH_SIZE];
    describe(a, subject, of_a);
    describe(b, subject, of_b);
    return strcmp(of_a, of_b) == 0;
}

/* "seeds differ (1, 2): part of each difference is chance" */
static void note(struct mca_comparison *c, enum subject subject) {
    static const struct {
        const char *what;
        const char *why;
    } texts[SUBJECT_COUNT] = {
        [DATASET] = {"data sets", "accuracies do not compare"},
        [LIBRARY] = {"component libraries", "energy and area differ by their figures too"},
        [VERSION] = {"versions of mcasim", "the model may have changed"},
        [SEED] = {"seeds", "a part of each difference is chance"},
        [IMAGES] = {"numbers of images", "totals and writes do not compare, figures per image do"}};
    enum { SHOWN = 3 };
    char list[3 * 128 + 32] = "";
    size_t distinct = 0;
    for (size_t r = 0; r < c->count; ++r) {
        int is_new = 1;
        for (size_t before = 0; before < r; ++before) {
            is_new = is_new && !same(&c->runs[before], &c->runs[r], subject);
        }
        if (is_new && distinct++ < SHOWN) {
            char text[MCA_LIBRARY_PATH_SIZE];
            describe(&c->runs[r], subject, text);
            const char *slash = subject == LIBRARY ? strrchr(text, '/') : NULL;
            mca_text_add(list, sizeof list, "%s%.100s", list[0] ? ", " : "",
                         slash ? slash + 1 : text);
        }
    }
    if (distinct > 1) {
        (void)snprintf(c->notices[c->notice_count++], sizeof c->notices[0], "%s differ (%s%s): %s",
                       texts[subject].what, list, distinct > SHOWN ? ", ..." : "",
                       texts[subject].why);
    }
}

/* Of runs whose files nobody can tell from damaged ones. */
static void note_without_sums(struct mca_comparison *c) {
    size_t without = 0;
    const char *first = "";
    for (size_t r = 0; r < c->count; ++r) {
        first = !c->runs[r].has_sums && without == 0 ? c->runs[r].dir : first;
        without += !c->runs[r].has_sums;
    }
    if (without > 0) {
        (void)snprintf(c->notices[c->notice_count++], sizeof c->notices[0],
                       "%zu of %zu runs (%.200s%s) of a version without checksums: damage to its "
                       "files does not show",
                       without, c->count, first, without > 1 ? ", ..." : "");
    }
}

enum mca_status mca_comparison_load(struct mca_comparison *c, const char *const *dirs, size_t count,
                                    struct mca_error *error) {
    memset(c, 0, sizeof *c);
    c->runs = calloc(count, sizeof *c->runs);
    if (!c->runs) {
        return mca_fail_memory(error, "runs");
    }
    const enum mca_status status = load_runs(c, dirs, count, error);
    if (status != MCA_OK) {
        mca_comparison_deinit(c);
        return status;
    }
    find_keys(c);
    for (int s = 0; s < SUBJECT_COUNT; ++s) {
        note(c, (enum subject)s);
    }
    note_without_sums(c);
    return MCA_OK;
}

void mca_comparison_deinit(struct mca_comparison *c) {
    for (size_t r = 0; r < c->count; ++r) {
        free(c->runs[r].dataset);
        free(c->runs[r].bottleneck);
    }
    free(c->runs);
}
