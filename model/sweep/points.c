#include "sweep/points.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "run/ledger_fields.h"
#include "run/simulation.h"
#include "run/sums.h"
#include "scenario/check.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"
#include "train/plain_weights.h"

void mca_sweep_model(char text[MCA_SWEEP_MODEL_SIZE]) {
    (void)snprintf(text, MCA_SWEEP_MODEL_SIZE, "mcasim %s, summary %d, ledger %d", MCA_VERSION,
                   MCA_SUMMARY_SCHEMA, MCA__LEDGER_SCHEMA);
}

/* A data set that points share, without its images. */
struct known_data {
    struct mca_dataset_config config;
    struct mca_dataset data;
    struct known_data *next;
};

struct known_library {
    char name[MCA_LIBRARY_PATH_SIZE];
    struct mca_component_library library;
    struct known_library *next;
};

struct workshop {
    const struct mca_sweep_plan *plan;
    const char *data_dir;
    const struct mca_observer *observer;
    const uint32_t *which; /* points of the plan, or NULL: all */
    struct known_data *data;
    struct known_library *libraries;
    struct mca_sweep_notices *notices;
    struct mca_loaded_scenario point;
    int has_fitted;
    struct mca_network_config
        fits; /* the network that weights from outside were last seen to fit */
    struct mca_error *error;
};

static enum mca_status find_data(struct workshop *w, const struct mca_dataset **found) {
    struct mca_dataset_config *config = &w->point.scenario.dataset;
    for (struct known_data *known = w->data; known; known = known->next) {
        /* byte by byte: what no key has written is 0 in both */
        if (memcmp(&known->config, config, sizeof *config) == 0) {
            *found = &known->data;
            return MCA_OK;
        }
    }
    struct known_data *known = calloc(1, sizeof *known);
    if (!known) {
        return mca_fail_memory(w->error, "data sets of the sweep");
    }
    const enum mca_status status =
        mca_dataset_load(&known->data, config, w->data_dir, w->observer, w->error);
    if (status != MCA_OK) {
        free(known);
        return status;
    }
    struct mca_image_set *sets[] = {&known->data.train, &known->data.test};
    for (int i = 0; i < 2; ++i) { /* sizes are kept, images go */
        free(sets[i]->pixels);
        free(sets[i]->labels);
        sets[i]->pixels = NULL;
        sets[i]->labels = NULL;
    }
    known->config = *config;
    known->next = w->data;
    w->data = known;
    *found = &known->data;
    return MCA_OK;
}

static enum mca_status find_library(struct workshop *w,
                                    const struct mca_component_library **found) {
    const char *name = w->point.scenario.cost.library;
    for (const struct known_library *known = w->libraries; known; known = known->next) {
        if (strcmp(known->name, name) == 0) {
            *found = &known->library;
            return MCA_OK;
        }
    }
    struct known_library *known = calloc(1, sizeof *known);
    const enum mca_status status =
        known ? mca_load_library(&known->library, &w->point.scenario, &w->point.origins, w->error)
              : mca_fail_memory(w->error, "libraries of the sweep");
    if (status != MCA_OK) {
        free(known);
        return status;
    }
    (void)snprintf(known->name, sizeof known->name, "%s", name);
    known->next = w->libraries;
    w->libraries = known;
    *found = &known->library;
    return MCA_OK;
}

/* Counts a line that a point tells. */
static void note(void *user, const char *line) {
    struct mca_sweep_notices *notices = user;
    uint32_t i = 0;
    while (i < notices->count && strcmp(notices->list[i].text, line) != 0) {
        ++i;
    }
    if (i == MCA_SWEEP_NOTICES_MAX) {
        ++notices->left_out;
        return;
    }
    if (i == notices->count) {
        (void)snprintf(notices->list[i].text, sizeof notices->list[i].text, "%s", line);
        ++notices->count;
    }
    ++notices->list[i].points;
}

static enum mca_status hash_of(struct workshop *w, uint64_t data, uint64_t library,
                               uint64_t *hash) {
    char model[MCA_SWEEP_MODEL_SIZE];
    char text[256];
    uint64_t scenario;
    mca_sweep_model(model);
    MCA_TRY(mca_scenario_hash(&w->point.scenario, &scenario, w->error));
    const int n = snprintf(text, sizeof text, "%s\n%016" PRIx64 "\n%016" PRIx64 "\n%016" PRIx64,
                           model, scenario, data, library);
    *hash = XXH3_64bits_withSeed(text, (size_t)n, w->plan->weights_hash);
    return MCA_OK;
}

/* Whether the weights from outside fit the point's network; told of the first point alone. */
static enum mca_status check_weights(struct workshop *w) {
    const struct mca_network_config *config = &w->point.scenario.chip.network;
    struct mca_given_weights weights;
    struct mca_network network;
    if (!w->point.scenario.chip.weights.is_given ||
        (w->has_fitted && memcmp(&w->fits, config, sizeof *config) == 0)) {
        return MCA_OK;
    }
    MCA_TRY(mca_network_init(&network, config, w->error));
    static const struct mca_observer silent = {0};
    MCA_TRY(mca_plain_weights_read(&weights, w->plan->weights, &network,
                                   w->has_fitted ? &silent : w->observer, w->error));
    mca_plain_weights_deinit(&weights);
    w->fits = *config;
    w->has_fitted = 1;
    return MCA_OK;
}

/* A point, and a hash of it that knows no seed. */
static enum mca_status name_point(struct workshop *w, uint32_t index, struct mca_sweep_point *point,
                                  uint64_t *setting) {
    const struct mca_dataset *data = NULL;
    const struct mca_component_library *library = NULL;
    const struct mca_observer noting = {.user = w->notices, .notice = note};
    MCA_TRY(
        mca_sweep_plan_scenario(w->plan, index, &w->point.scenario, &w->point.origins, w->error));
    MCA_TRY(find_library(w, &library));
    MCA_TRY(find_data(w, &data));
    MCA_TRY(mca_scenario_check_data(&w->point.scenario, &w->point.origins, data, w->error));
    MCA_TRY(check_weights(w));
    mca_resolve_dataset(&w->point.scenario.dataset, data);
    mca_scenario_notices(&w->point.scenario, &w->point.origins, data, library, &noting);
    point->plan_index = index;
    point->seed = w->point.scenario.chip.seed;
    MCA_TRY(hash_of(w, data->hash, library->hash, &point->hash));
    MCA_TRY(mca_scenario_hash(&w->point.scenario, &point->scenario_hash, w->error));
    w->point.scenario.chip.seed = 0;
    return hash_of(w, data->hash, library->hash, setting);
}

struct named {
    uint64_t hash;
    uint32_t index;
};

static int by_hash(const void *a, const void *b) {
    const struct named *p = a;
    const struct named *q = b;
    if (p->hash != q->hash) {
        return p->hash < q->hash ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

/* first[i]: the first point with the hash of point i. */
static void find_first(struct named *named, uint32_t count, uint32_t *first) {
    qsort(named, count, sizeof *named, by_hash);
    for (uint32_t i = 0, start = 0; i < count; ++i) {
        start = named[i].hash == named[start].hash ? start : i;
        first[named[i].index] = named[start].index;
    }
}

/* Numbers the settings in the order in which they come, and takes repeated points out. */
static void number_settings(struct mca_sweep_points *points, struct named *settings,
                            struct named *hashes, uint32_t *first) {
    const uint32_t count = points->count;
    find_first(settings, count, first);
    for (uint32_t i = 0; i < count; ++i) {
        points->list[i].setting =
            first[i] == i ? points->setting_count++ : points->list[first[i]].setting;
    }
    find_first(hashes, count, first);
    points->count = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (first[i] == i) {
            points->list[points->count++] = points->list[i];
        }
    }
    points->repeated = count - points->count;
}

static enum mca_status name_points(struct workshop *w, struct mca_sweep_points *points) {
    const uint32_t count = points->count;
    struct named *settings = calloc(count, sizeof *settings);
    struct named *hashes = calloc(count, sizeof *hashes);
    uint32_t *first = calloc(count, sizeof *first);
    points->list = calloc(count, sizeof *points->list);
    enum mca_status status = settings && hashes && first && points->list
                                 ? MCA_OK
                                 : mca_fail_memory(w->error, "points of the sweep");
    for (uint32_t i = 0; i < count && status == MCA_OK; ++i) {
        status = name_point(w, w->which ? w->which[i] : i, &points->list[i], &settings[i].hash);
        hashes[i] = (struct named){points->list[i].hash, i};
        settings[i].index = i;
    }
    if (status == MCA_OK) {
        number_settings(points, settings, hashes, first);
    }
    free(settings);
    free(hashes);
    free(first);
    return status;
}

enum mca_status mca_sweep_points_init_some(struct mca_sweep_points *points,
                                           const struct mca_sweep_plan *plan, const uint32_t *which,
                                           uint32_t count, const char *data_dir,
                                           const struct mca_observer *observer,
                                           struct mca_error *error) {
    *points = (struct mca_sweep_points){.count = count};
    struct workshop *w = calloc(1, sizeof *w);
    if (!w) {
        return mca_fail_memory(error, "points of the sweep");
    }
    w->plan = plan;
    w->which = which;
    w->data_dir = data_dir;
    w->observer = observer;
    w->notices = &points->notices;
    w->error = error;
    const enum mca_status status = name_points(w, points);
    while (w->data) {
        struct known_data *next = w->data->next;
        mca_dataset_deinit(&w->data->data);
        free(w->data);
        w->data = next;
    }
    while (w->libraries) {
        struct known_library *next = w->libraries->next;
        mca_component_library_deinit(&w->libraries->library);
        free(w->libraries);
        w->libraries = next;
    }
    free(w);
    if (status != MCA_OK) {
        mca_sweep_points_deinit(points);
    }
    return status;
}

enum mca_status mca_sweep_points_init(struct mca_sweep_points *points,
                                      const struct mca_sweep_plan *plan, const char *data_dir,
                                      const struct mca_observer *observer,
                                      struct mca_error *error) {
    return mca_sweep_points_init_some(points, plan, NULL, plan->point_count, data_dir, observer,
                                      error);
}

void mca_sweep_points_deinit(struct mca_sweep_points *points) {
    free(points->list);
    *points = (struct mca_sweep_points){0};
}
