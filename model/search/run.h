/* A search on the sweep engine: its points are runs in the directory of a sweep. */
#ifndef MCA_SEARCH_RUN_H
#define MCA_SEARCH_RUN_H

#include "base/observer.h"
#include "run/reporter.h"
#include "search/plan.h"
#include "sweep/points.h"
#include "sweep/shard.h"

struct mca_search_job {
    const struct mca_run_reporter *reporter; /* of each point */
    const struct mca_search_plan *plan;
    const char *dir;
    const char *data_dir; /* or NULL */
    struct mca_sweep_shard shard;
    uint32_t processes;
    int quiet;
    const struct mca_observer *observer; /* is told what comes next */
};

/*
 * Checks every setting (mca_sweep_points_init_some) and leaves those out that are the same as
 * others; the points of the first rung are filled in, and points->repeated counts what was left
 * out. On success `search` is released with mca_search_deinit, `points` with
 * mca_sweep_points_deinit.
 */
enum mca_status mca_search_begin(struct mca_search *search, struct mca_sweep_points *points,
                                 const struct mca_search_job *job, struct mca_error *error);

/*
 * Runs a search that was begun to its end, each batch of points as a sweep in DIR runs them: a
 * shard runs its share of a batch first and then, as any other process does, what no other one has,
 * and waits for the rest. All results are a function of the points' results, so that whoever takes
 * part decides the same, and the same command goes on after any kill. Fills `points` with all that
 * were run, of which *failed failed. Errors are those of mca_sweep_run.
 */
enum mca_status mca_search_run(struct mca_search *search, struct mca_sweep_points *points,
                               uint32_t *failed, const struct mca_search_job *job,
                               struct mca_error *error);

#endif
