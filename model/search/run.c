#include "search/run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_input.h"
#include "base/yaml_input.h"
#include "sweep/directory.h"
#include "sweep/workers.h"

static const struct mca_observer SILENT = {0};

static enum mca_status fill_points(struct mca_sweep_points *points,
                                   const struct mca_search_job *job,
                                   const struct mca_search_point *list, uint32_t count,
                                   const struct mca_observer *observer, struct mca_error *error) {
    uint32_t *which = calloc(count + 1, sizeof *which);
    if (!which) {
        return mca_fail_memory(error, "points of the search");
    }
    for (uint32_t i = 0; i < count; ++i) {
        which[i] = mca_search_plan_index(job->plan, &list[i]);
    }
    const enum mca_status status = mca_sweep_points_init_some(
        points, &job->plan->sweep, which, count, job->data_dir, observer, error);
    free(which);
    return status;
}

/* Settings that the points lack are the same as others. */
static void exclude_repeated(struct mca_search *search, const struct mca_sweep_points *points) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < points->count; ++i) {
        const struct mca_search_point place = {
            points->list[i].plan_index / search->config.seeds / search->config.rung_count, 0, 0};
        for (; next < place.setting; ++next) {
            mca_search_exclude(search, next);
        }
        ++next;
    }
    for (; next < search->config.setting_count; ++next) {
        mca_search_exclude(search, next);
    }
}

/* Every setting is checked before the first point runs. */
static enum mca_status check_settings(struct mca_search *search, const struct mca_search_job *job,
                                      struct mca_sweep_points *points, struct mca_error *error) {
    const uint32_t count = search->config.setting_count;
    struct mca_search_point *all = calloc(count + 1, sizeof *all);
    if (!all) {
        return mca_fail_memory(error, "points of the search");
    }
    for (uint32_t s = 0; s < count; ++s) { /* in full: what the others have less of is smaller */
        all[s] = (struct mca_search_point){s, search->config.rung_count - 1, 0};
    }
    const enum mca_status status = fill_points(points, job, all, count, job->observer, error);
    free(all);
    return status;
}

enum mca_status mca_search_begin(struct mca_search *search, struct mca_sweep_points *points,
                                 const struct mca_search_job *job, struct mca_error *error) {
    struct mca_sweep_points all = {0};
    struct mca_sweep_notices notices = {0};
    enum mca_status status = mca_search_init(search, &job->plan->config, error);
    if (status == MCA_OK) {
        status = check_settings(search, job, &all, error);
    }
    if (status == MCA_OK) {
        exclude_repeated(search, &all);
        notices = all.notices;
        mca_sweep_points_deinit(&all);
        status = mca_search_next(search, error);
    }
    if (status == MCA_OK) {
        status =
            fill_points(points, job, search->batch.points, search->batch.count, &SILENT, error);
    }
    if (status == MCA_OK) {
        points->notices = notices;
        points->repeated = 0;
        for (uint32_t s = 0; s < search->config.setting_count; ++s) {
            points->repeated += search->is_out[s];
        }
    } else {
        mca_search_deinit(search);
    }
    return status;
}

static void tell_phase(const struct mca_search *search, const struct mca_observer *observer) {
    const struct mca_search_config *c = &search->config;
    const struct mca_search_batch *b = &search->batch;
    if (b->phase == MCA_SEARCH_FIRST || b->phase == MCA_SEARCH_HALVING) {
        mca_observer_tell(observer, "rung %u of %u: %u setting%s, %u training images each",
                          b->rung + 1, c->rung_count, b->count, b->count == 1 ? "" : "s",
                          c->rungs[b->rung].images);
    } else {
        mca_observer_tell(observer, "%s: %u run%s; %.0f %% of the budget is used",
                          b->phase == MCA_SEARCH_ANCHORS ? "first runs in full" : "refining",
                          b->count, b->count == 1 ? "" : "s",
                          100 * (double)search->spent / (double)c->budget);
    }
}

/* The points that are still open, in a list of their own. */
static enum mca_status take_open(const struct mca_sweep_points *points,
                                 struct mca_sweep_points *open, struct mca_error *error) {
    *open = (struct mca_sweep_points){.list = calloc(points->count + 1, sizeof *open->list)};
    if (!open->list) {
        return mca_fail_memory(error, "points of the search");
    }
    for (uint32_t i = 0; i < points->count; ++i) {
        if (points->list[i].state == MCA_SWEEP_OPEN) {
            open->list[open->count++] = points->list[i];
        }
    }
    return MCA_OK;
}

static enum mca_status run_some(const struct mca_search_job *job, struct mca_sweep_points *points,
                                struct mca_sweep_shard shard, struct mca_error *error) {
    struct mca_sweep_outcome outcome;
    const struct mca_sweep_job sweep = {job->reporter,  &job->plan->sweep, points,
                                        job->dir,       job->data_dir,     shard,
                                        job->processes, job->quiet};
    return mca_sweep_run(&sweep, &outcome, error);
}

/* Runs a shard's share, then what is open still. */
static enum mca_status run_points(const struct mca_search_job *job, struct mca_sweep_points *points,
                                  struct mca_error *error) {
    static const struct mca_sweep_shard all = {0, 1, NULL};
    struct mca_sweep_points open;
    MCA_TRY(run_some(job, points, job->shard, error));
    MCA_TRY(take_open(points, &open, error));
    const enum mca_status status = open.count > 0 ? run_some(job, &open, all, error) : MCA_OK;
    for (uint32_t i = 0, next = 0; i < points->count && status == MCA_OK; ++i) {
        if (points->list[i].state == MCA_SWEEP_OPEN) {
            points->list[i] = open.list[next++];
        }
    }
    mca_sweep_points_deinit(&open);
    return status;
}

/* Tells the search what the points of its batch came to. A point that is the same as one of another
 * setting, which is found when it is named, leaves its own out. */
static void tell_results(struct mca_search *search, const struct mca_search_plan *plan,
                         const struct mca_sweep_points *points) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < search->batch.count; ++i) {
        const struct mca_search_point *place = &search->batch.points[i];
        const struct mca_sweep_point *point = next < points->count ? &points->list[next] : NULL;
        if (!point || point->plan_index != mca_search_plan_index(plan, place)) {
            mca_search_exclude(search, place->setting);
            continue;
        }
        double figures[MCA_SEARCH_FIGURES_MAX];
        for (uint32_t f = 0; f < plan->config.figure_count; ++f) {
            figures[f] = point->state == MCA_SWEEP_DONE ? point->result.metrics[plan->metrics[f]]
                                                        : (double)NAN;
        }
        mca_search_tell(search, place, figures);
        ++next;
    }
}

/* 1 where DIR has this search file, byte for byte. */
static int is_same_file(const char *dir, const struct mca_sweep_plan *plan) {
    char path[MCA_PATH_SIZE];
    char *text;
    size_t size;
    struct mca_file_identity identity;
    struct mca_error ignored;
    (void)snprintf(path, sizeof path, "%.3900s/%s", dir, plan->copy);
    if (mca_yaml_read_file(path, "", &text, &size, &identity, &ignored) != MCA_OK) {
        return 0;
    }
    const int is_same = size == plan->text_size && memcmp(text, plan->text, size) == 0;
    free(text);
    return is_same;
}

/* Results of another search over the same first rung would contradict the file beside them. */
static enum mca_status open_directory(const struct mca_search_job *job,
                                      const struct mca_sweep_points *points,
                                      struct mca_error *error) {
    const struct mca_sweep_plan *sweep = &job->plan->sweep;
    MCA_TRY(mca_sweep_directory_check(job->dir, points, &SILENT, error));
    if (!is_same_file(job->dir, sweep)) {
        mca_sweep_results_remove(job->dir);
    }
    return mca_sweep_directory_open(job->dir, sweep, points, &SILENT, error);
}

/* All points that were run, with what they came to. */
struct history {
    struct mca_sweep_point *points;
    uint32_t count;
    uint32_t room;
};

static enum mca_status remember(struct history *history, const struct mca_sweep_points *points,
                                struct mca_error *error) {
    if (history->count + points->count > history->room) {
        const uint32_t room = 2 * (history->count + points->count);
        struct mca_sweep_point *grown = realloc(history->points, room * sizeof *grown);
        if (!grown) {
            return mca_fail_memory(error, "points of the search");
        }
        history->points = grown;
        history->room = room;
    }
    for (uint32_t i = 0; i < points->count; ++i) {
        history->points[history->count++] = points->list[i];
    }
    return MCA_OK;
}

static int by_plan_index(const void *a, const void *b) {
    const uint32_t p = ((const struct mca_sweep_point *)a)->plan_index;
    const uint32_t q = ((const struct mca_sweep_point *)b)->plan_index;
    return p < q ? -1 : p > q;
}

/* The points that were run as a sweep has them, in order, with the results that the search went
 * by. */
static enum mca_status collect(const struct history *history, struct mca_sweep_points *points,
                               const struct mca_sweep_notices *notices, uint32_t *failed,
                               const struct mca_search_job *job, struct mca_error *error) {
    uint32_t *which = calloc((size_t)history->count + 1, sizeof *which);
    if (!which) {
        return mca_fail_memory(error, "points of the search");
    }
    qsort(history->points, history->count, sizeof *history->points, by_plan_index);
    for (uint32_t i = 0; i < history->count; ++i) {
        which[i] = history->points[i].plan_index;
    }
    const enum mca_status status = mca_sweep_points_init_some(
        points, &job->plan->sweep, which, history->count, job->data_dir, &SILENT, error);
    free(which);
    if (status != MCA_OK) {
        return status;
    }
    points->notices = *notices;
    *failed = 0;
    for (uint32_t i = 0; i < points->count; ++i) {
        struct mca_sweep_point *point = &points->list[i];
        const struct mca_sweep_point *was =
            bsearch(point, history->points, history->count, sizeof *point, by_plan_index);
        const int is_done = was->state == MCA_SWEEP_DONE;
        point->result = was->result;
        point->state = is_done ? MCA_SWEEP_DONE : MCA_SWEEP_FAILED;
        *failed += !is_done;
    }
    return MCA_OK;
}

enum mca_status mca_search_run(struct mca_search *search, struct mca_sweep_points *points,
                               uint32_t *failed, const struct mca_search_job *job,
                               struct mca_error *error) {
    struct history history = {NULL, 0, 0};
    const struct mca_sweep_notices notices = points->notices;
    enum mca_status status = open_directory(job, points, error);
    while (status == MCA_OK && search->batch.count > 0) {
        tell_phase(search, job->observer);
        status = run_points(job, points, error);
        if (status == MCA_OK) {
            tell_results(search, job->plan, points);
            status = remember(&history, points, error);
        }
        mca_sweep_points_deinit(points);
        if (status == MCA_OK) {
            status = mca_search_next(search, error);
        }
        if (status == MCA_OK && search->batch.count > 0) {
            status =
                fill_points(points, job, search->batch.points, search->batch.count, &SILENT, error);
        }
    }
    if (status == MCA_OK) {
        status = collect(&history, points, &notices, failed, job, error);
    }
    free(history.points);
    return status;
}
