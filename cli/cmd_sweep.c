/* mcasim sweep: many points of a scenario, their results side by side. */
#include <stdlib.h>
#include <string.h>

#include "cli/point_options.h"
#include "reports/run/reporter.h"
#include "reports/sweep/write_results.h"
#include "run/common_options.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"
#include "sweep/directory.h"
#include "sweep/workers.h"

#define OF(member) (struct cli_point_options, member)
static const struct mca_option OPTIONS[] = {
    MCA_OPTION_OUTPUT(OF(output), "DIR", NULL, "directory of the sweep; needed"),
    MCA_NUMBER("jobs", 'j', "N", OF(processes), 1, MCA_THREADS_MAX, "the machine's cores",
               "points at a time"),
    MCA_PARSED("shard", 0, "I/N", OF(shard), cli_take_shard,
               "what a Slurm array or Open MPI says, otherwise the whole sweep",
               "run only every N-th point, from the I-th, I = 1..N; the shard that finishes last "
               "writes the results"),
    MCA_OPTION_DATA(OF(data)),
    MCA_FLAG("dry-run", 'n', OF(dry_run),
             "check every point, print them as CSV with what is done in -o DIR (which is then not "
             "needed), and run and write nothing"),
    MCA_OPTION_QUIET(OF(quiet)),
};

static enum mca_status write_results(const struct cli_point_options *options,
                                     const struct mca_sweep_plan *plan,
                                     const struct mca_sweep_points *points,
                                     struct mca_error *error) {
    const struct mca_sweep_results results = {plan, points->list, points->count,
                                              points->setting_count, &points->notices};
    MCA_TRY(mca_sweep_write(&results, options->output, error));
    if (!options->quiet) {
        MCA_TRY(mca_sweep_print(stdout, &results, error));
        (void)printf("\nResults in %s\n", options->output);
    }
    return MCA_OK;
}

static enum mca_status run_points(const struct cli_point_options *options,
                                  const struct mca_sweep_plan *plan,
                                  struct mca_sweep_points *points,
                                  const struct mca_observer *observer, struct mca_error *error) {
    struct mca_sweep_outcome outcome;
    const struct mca_sweep_job job = {&mca_run_reports,   plan,          points,
                                      options->output,    options->data, options->shard,
                                      options->processes, options->quiet};
    const enum mca_status status = mca_sweep_run(&job, &outcome, error);
    if (status == MCA_INTERRUPTED || status == MCA_TERMINATED) {
        return mca_fail(error, status,
                        "interrupted: %u of %u points are done; the same command "
                        "resumes",
                        outcome.done, points->count);
    }
    MCA_TRY(status);
    if (outcome.open > 0) {
        mca_observer_tell(observer,
                          "%u points of other shards are not finished; the last "
                          "shard writes the results",
                          outcome.open);
    } else {
        MCA_TRY(write_results(options, plan, points, error));
    }
    return outcome.failed == 0
               ? MCA_OK
               : mca_fail(error, MCA_FAILED,
                          "%u of %u points failed: %s/points/*.failed; the same command tries them "
                          "again",
                          outcome.failed, points->count, options->output);
}

static enum mca_status run_sweep(const struct cli_point_options *options,
                                 const struct mca_sweep_plan *plan, struct mca_sweep_points *points,
                                 const struct mca_observer *observer, struct mca_error *error) {
    MCA_TRY(mca_sweep_directory_open(options->output, plan, points, observer, error));
    if (points->repeated > 0) {
        mca_observer_tell(observer, "%u of %u points are the same as others and run once",
                          points->repeated, plan->point_count);
    }
    if (options->shard.origin) {
        mca_observer_tell(observer, "shard %u/%u of %u points (%s)", options->shard.index + 1,
                          options->shard.count, points->count, options->shard.origin);
    }
    cli_tell_point_notices(&points->notices, plan->point_count, "points", observer);
    return run_points(options, plan, points, observer, error);
}

/* What would be run, on stdout; the counts on stderr. */
static enum mca_status show_plan(const struct cli_point_options *options,
                                 const struct mca_sweep_plan *plan,
                                 const struct mca_sweep_points *points,
                                 const struct mca_observer *observer, struct mca_error *error) {
    const struct mca_sweep_results results = {plan, points->list, points->count,
                                              points->setting_count, &points->notices};
    uint32_t counts[] = {[MCA_SWEEP_OPEN] = 0, [MCA_SWEEP_DONE] = 0, [MCA_SWEEP_FAILED] = 0};
    if (options->output) {
        MCA_TRY(mca_sweep_directory_check(options->output, points, observer, error));
    }
    for (uint32_t i = 0; i < points->count; ++i) {
        struct mca_sweep_point *point = &points->list[i];
        struct mca_error ignored;
        if (options->output) {
            point->state = mca_sweep_point_is_done(options->output, plan, point, &ignored)
                               ? MCA_SWEEP_DONE
                           : mca_sweep_point_has_failed(options->output, point) ? MCA_SWEEP_FAILED
                                                                                : MCA_SWEEP_OPEN;
        }
        ++counts[point->state];
    }
    mca_observer_tell(observer, "%u point%s in %u setting%s: %u open, %u done, %u failed",
                      points->count, points->count == 1 ? "" : "s", points->setting_count,
                      points->setting_count == 1 ? "" : "s", counts[MCA_SWEEP_OPEN],
                      counts[MCA_SWEEP_DONE], counts[MCA_SWEEP_FAILED]);
    cli_tell_point_notices(&points->notices, plan->point_count, "points", observer);
    return mca_sweep_print_points(stdout, &results, error);
}

static enum mca_status sweep(const struct cli_point_options *options, struct mca_sweep_plan *plan,
                             struct mca_error *error) {
    struct mca_progress_bar progress;
    struct mca_sweep_metrics metrics;
    struct mca_sweep_points points;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    mca_sweep_metrics_take(&metrics);
    MCA_TRY(mca_sweep_plan_load(plan, options->path, &metrics, error));
    enum mca_status status = mca_sweep_points_init(&points, plan, options->data, &observer, error);
    if (status == MCA_OK) {
        status = options->dry_run ? show_plan(options, plan, &points, &observer, error)
                                  : run_sweep(options, plan, &points, &observer, error);
        mca_sweep_points_deinit(&points);
    }
    mca_sweep_plan_deinit(plan);
    return status;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct cli_point_options *options = given->options;
    MCA_TRY(cli_point_options_settle(given, error));
    struct mca_sweep_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        return mca_fail_memory(error, "sweep");
    }
    const enum mca_status status = sweep(options, plan, error);
    free(plan);
    return status;
}

const struct mca_command cli_sweep = {
    .name = "sweep",
    .arguments = "SWEEP",
    .summary = "run a scenario at many points, on many cores or machines",
    .about = "Runs a scenario at every point of a sweep - grids, lists, zipped lists, random and "
             "Latin-hypercube samples over any scenario key, with several seeds each - and writes "
             "sweep.csv (every point), groups.csv (mean and 95 % interval over seeds), pareto.csv, "
             "layers.csv (every layer of every point), sweep.json and sweep.html, a page to look "
             "at.\n"
             "SWEEP is a file, or the name of one that comes with the program (mcasim scenarios). "
             "Every point is checked before the first one runs. A finished point is never run "
             "again: the same command resumes a sweep that was stopped or killed, or that has "
             "grown.",
    .notes = "Processes on several machines may share DIR. docs/guide/sweeps.md describes the "
             "sweep "
             "file.",
    .exit_status = "0 done; 1 points failed; 2 wrong usage or bad content; 3 the operating system "
                   "refused a file; 130 or 143 interrupted, resumable.",
    CLI_OPTIONS(OPTIONS, struct cli_point_options),
    .needed = "output",
    CLI_ONE_NAMED("sweep"),
    .run = run};
