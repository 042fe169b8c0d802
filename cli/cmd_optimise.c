/* mcasim optimise: the best chip of a space under bounds, with a budget of images. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/point_options.h"
#include "reports/run/reporter.h"
#include "reports/search/write_results.h"
#include "reports/sweep/write_results.h"
#include "run/common_options.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"
#include "search/run.h"

#define OF(member) (struct cli_point_options, member)
static const struct mca_option OPTIONS[] = {
    MCA_OPTION_OUTPUT(OF(output), "DIR", NULL, "directory of the search; needed"),
    MCA_NUMBER("jobs", 'j', "N", OF(processes), 1, MCA_THREADS_MAX, "the machine's cores",
               "points at a time"),
    MCA_PARSED("shard", 0, "I/N", OF(shard), cli_take_shard,
               "what a Slurm array or Open MPI says, otherwise the whole search",
               "begin with every N-th point of each rung, from the I-th, I = 1..N, and go on with "
               "what no other process has"),
    MCA_OPTION_DATA(OF(data)),
    MCA_FLAG("dry-run", 'n', OF(dry_run),
             "check every point, print those of the first rung as CSV and tell rungs and budget, "
             "and run and write nothing"),
    MCA_OPTION_QUIET(OF(quiet)),
};

static void tell_space(const struct mca_search *search, const struct mca_sweep_points *points,
                       const struct mca_observer *observer) {
    const struct mca_search_config *c = &search->config;
    const uint64_t full = c->rungs[c->rung_count - 1].cost;
    mca_observer_tell(
        observer,
        "%u chips, %u seed%s, %u rung%s of %u to %u training images; a budget of "
        "%" PRIu64 " images, %.1f %% of what all of them would take",
        c->setting_count, c->seeds, c->seeds == 1 ? "" : "s", c->rung_count,
        c->rung_count == 1 ? "" : "s", c->rungs[0].images, c->rungs[c->rung_count - 1].images,
        c->budget, 100 * (double)c->budget / ((double)c->setting_count * c->seeds * (double)full));
    if (points->repeated > 0) {
        mca_observer_tell(observer, "%u of %u chips are the same as others and are left out",
                          points->repeated, c->setting_count);
    }
    cli_tell_point_notices(&points->notices, c->setting_count, "chips", observer);
}

static enum mca_status write_results(const struct cli_point_options *options,
                                     const struct mca_search_results *results,
                                     struct mca_error *error) {
    MCA_TRY(mca_search_write(results, options->output, error));
    if (!options->quiet) {
        MCA_TRY(mca_search_print(stdout, results, error));
        (void)printf("\nResults in %s\n", options->output);
    }
    return MCA_OK;
}

static enum mca_status run_search(const struct cli_point_options *options,
                                  const struct mca_search_job *job, struct mca_search *search,
                                  struct mca_sweep_points *points, struct mca_error *error) {
    uint32_t failed = 0;
    const enum mca_status status = mca_search_run(search, points, &failed, job, error);
    if (status == MCA_INTERRUPTED || status == MCA_TERMINATED) {
        return mca_fail(error, status, "interrupted; the same command resumes");
    }
    MCA_TRY(status);
    const struct mca_search_results results = {job->plan, search, points};
    MCA_TRY(write_results(options, &results, error));
    if (failed > 0) {
        return mca_fail(error, MCA_FAILED,
                        "%u of %u points failed, whose chips are left out: %s/points/*.failed; the "
                        "same command tries them again",
                        failed, points->count, options->output);
    }
    char missed[MCA_SEARCH_TEXT_SIZE];
    MCA_TRY(mca_search_nearest_text(&results, missed, error));
    return missed[0] == '\0'
               ? MCA_OK
               : mca_fail(error, MCA_FAILED,
                          "no chip that was run in full keeps to all bounds; the nearest has%.400s",
                          missed);
}

static enum mca_status show_plan(const struct mca_search_plan *plan,
                                 const struct mca_sweep_points *points, struct mca_error *error) {
    const struct mca_sweep_results results = {&plan->sweep, points->list, points->count,
                                              points->setting_count, &points->notices};
    return mca_sweep_print_points(stdout, &results, error);
}

static enum mca_status optimise(const struct cli_point_options *options,
                                struct mca_search_plan *plan, struct mca_error *error) {
    struct mca_progress_bar progress;
    struct mca_sweep_metrics metrics;
    struct mca_search search;
    struct mca_sweep_points points;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    mca_search_metrics_take(&metrics);
    MCA_TRY(mca_search_plan_load(plan, options->path, &metrics, error));
    const struct mca_search_job job = {&mca_run_reports, plan,           options->output,
                                       options->data,    options->shard, options->processes,
                                       options->quiet,   &observer};
    enum mca_status status = mca_search_begin(&search, &points, &job, error);
    if (status == MCA_OK) {
        tell_space(&search, &points, &observer);
        status = options->dry_run ? show_plan(plan, &points, error)
                                  : run_search(options, &job, &search, &points, error);
        mca_sweep_points_deinit(&points);
        mca_search_deinit(&search);
    }
    mca_search_plan_deinit(plan);
    return status;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct cli_point_options *options = given->options;
    MCA_TRY(cli_point_options_settle(given, error));
    struct mca_search_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        return mca_fail_memory(error, "search");
    }
    const enum mca_status status = optimise(options, plan, error);
    free(plan);
    return status;
}

const struct mca_command cli_optimise = {
    .name = "optimise",
    .arguments = "SEARCH",
    .summary = "find the best chip of a space under bounds, with a budget of images",
    .about = "Minimises one or two of energy, latency, area and energy-delay over any scenario "
             "keys, subject to bounds of these and of the accuracy on the validation images. Many "
             "chips are run on few images, the survivors on more (successive halving), and what is "
             "left of the budget goes to the chips that are expected to improve most.\n"
             "SEARCH is a file like a sweep's, or the name of one that comes with the program "
             "(mcasim scenarios). The points are those of a sweep in DIR, with the same hashes: "
             "the same command goes on with a search that was stopped or killed, and ends with the "
             "same bytes. It writes best.yaml (the chip as a scenario), front.csv, optimise.json "
             "and the results of a sweep over all points that were run.",
    .notes = "Processes on several machines may share DIR. docs/guide/optimise.md describes the "
             "search file.",
    .exit_status = "0 done; 1 points failed, or no chip keeps to all bounds; 2 wrong usage or bad "
                   "content; 3 the operating system refused a file; 130 or 143 interrupted, "
                   "resumable.",
    CLI_OPTIONS(OPTIONS, struct cli_point_options),
    .needed = "output",
    CLI_ONE_NAMED("search"),
    .run = run};
