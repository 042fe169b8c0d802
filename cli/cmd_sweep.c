/* mcasim sweep: many points of a scenario, their results side by side. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "reports/run/reporter.h"
#include "reports/sweep/write_results.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"
#include "sweep/claim.h"
#include "sweep/directory.h"
#include "sweep/workers.h"

static const char HELP[] =
    "Usage: mcasim sweep SWEEP.yaml -o DIR [-j N] [--shard I/N] [--data DIR] [-n] [--quiet]\n"
    "\n"
    "Runs a scenario at every point of a sweep - grids, lists, zipped lists, random and\n"
    "Latin-hypercube samples over any scenario key, with several seeds each - and writes "
    "sweep.csv\n"
    "(every point), groups.csv (mean and 95 % interval over seeds), pareto.csv, sweep.json and\n"
    "sweep.html, a page to look at.\n"
    "Every point is checked before the first one runs. A finished point is never run again: the\n"
    "same command resumes a sweep that was stopped or killed, or that has grown.\n"
    "\n"
    "Options:\n"
    "  -o, --output DIR          directory of the sweep; needed\n"
    "  -j, --jobs N              points at a time, 1..256; default: the machine's cores\n"
    "      --shard I/N           run only every N-th point, from the I-th, I = 1..N; the shard "
    "that\n"
    "                            finishes last writes the results. Default: what a Slurm array or\n"
    "                            Open MPI says, otherwise the whole sweep\n"
    "      --data DIR            where the MNIST files are; default: $MNIST_DIR,\n"
    "                            data/mnist\n"
    "  -n, --dry-run             check every point, print them as CSV with what is done in -o DIR "
    "(which\n"
    "                            is then not needed), and run and write nothing\n"
    "      --quiet               neither progress nor notices nor a summary, only errors\n"
    "  -h, --help                print this help\n"
    "\n"
    "Processes on several machines may share DIR. docs/16-sweeps.md describes the sweep file.\n"
    "\n"
    "Exit status: 0 done; 1 points failed; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file; 130 or 143 interrupted, resumable.\n";

struct options {
    const char *path;
    const char *output;
    const char *data;
    struct mca_sweep_shard shard;
    uint32_t processes;
    int dry_run;
    int quiet;
    int help;
};

static enum mca_status take_option(struct options *options, int found, char **argv,
                                   struct mca_error *error) {
    uint64_t number;
    switch (found) {
    case 'o':
        options->output = optarg;
        return MCA_OK;
    case 'j':
        MCA_TRY(mca_parse_number(error, argv[0], "-j", optarg, 1, MCA_THREADS_MAX, &number));
        options->processes = (uint32_t)number;
        return MCA_OK;
    case 's':
        return mca_sweep_shard_parse(&options->shard, argv[0], optarg, error);
    case 'd':
        options->data = optarg;
        return MCA_OK;
    case 'n':
        options->dry_run = 1;
        return MCA_OK;
    case 'q':
        options->quiet = 1;
        return MCA_OK;
    case 'h':
        options->help = 1;
        return MCA_OK;
    default:
        return mca_option_error(error, argv, found);
    }
}

static enum mca_status parse(int argc, char **argv, struct options *options,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {
        {"output", required_argument, NULL, 'o'}, {"jobs", required_argument, NULL, 'j'},
        {"shard", required_argument, NULL, 's'},  {"data", required_argument, NULL, 'd'},
        {"dry-run", no_argument, NULL, 'n'},      {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},         {0}};
    int found;
    opterr = 0;
    while (!options->help && (found = getopt_long(argc, argv, ":o:j:nh", OPTIONS, NULL)) != -1) {
        MCA_TRY(take_option(options, found, argv, error));
    }
    if (options->help) {
        return MCA_OK;
    }
    if (argc - optind != 1) {
        return mca_usage_error(error, argv[0],
                               argc == optind ? "a sweep file is needed"
                                              : "only one sweep file is allowed");
    }
    if (!options->output && !options->dry_run) {
        return mca_usage_error(error, argv[0], "-o DIR is needed");
    }
    options->path = argv[optind];
    return options->shard.origin ? MCA_OK
                                 : mca_sweep_shard_from_environment(&options->shard, error);
}

/* A line for each notice of the points, with how many points have it where not all do. */
static void report_notices(const struct mca_sweep_plan *plan,
                           const struct mca_sweep_notices *notices,
                           const struct mca_observer *observer) {
    char line[MCA_SWEEP_NOTICE_SIZE + 64];
    for (uint32_t i = 0; i < notices->count; ++i) {
        const uint32_t points = notices->list[i].points;
        const char *text = notices->list[i].text;
        if (points == plan->point_count) {
            mca_observer_notice(observer, text);
        } else {
            (void)snprintf(line, sizeof line, "%u of %u points: %s", points, plan->point_count,
                           text);
            mca_observer_notice(observer, line);
        }
    }
    if (notices->left_out > 0) {
        (void)snprintf(line, sizeof line, "and %u more notices of points", notices->left_out);
        mca_observer_notice(observer, line);
    }
}

static void report_plan(const struct options *options, const struct mca_sweep_plan *plan,
                        const struct mca_sweep_points *points,
                        const struct mca_observer *observer) {
    char line[256];
    if (points->repeated > 0) {
        (void)snprintf(line, sizeof line, "%u of %u points are the same as others and run once",
                       points->repeated, plan->point_count);
        mca_observer_notice(observer, line);
    }
    if (options->shard.origin) {
        (void)snprintf(line, sizeof line, "shard %u/%u of %u points (%s)", options->shard.index + 1,
                       options->shard.count, points->count, options->shard.origin);
        mca_observer_notice(observer, line);
    }
}

static enum mca_status write_results(const struct options *options,
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

static enum mca_status run_points(const struct options *options, const struct mca_sweep_plan *plan,
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
        char line[160];
        (void)snprintf(line, sizeof line,
                       "%u points of other shards are not finished; the last "
                       "shard writes the results",
                       outcome.open);
        mca_observer_notice(observer, line);
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

static enum mca_status run_sweep(const struct options *options, const struct mca_sweep_plan *plan,
                                 struct mca_sweep_points *points,
                                 const struct mca_observer *observer, struct mca_error *error) {
    MCA_TRY(mca_sweep_directory_open(options->output, plan, points, observer, error));
    report_plan(options, plan, points, observer);
    report_notices(plan, &points->notices, observer);
    return run_points(options, plan, points, observer, error);
}

/* What would be run, on stdout; the counts on stderr. */
static enum mca_status show_plan(const struct options *options, const struct mca_sweep_plan *plan,
                                 const struct mca_sweep_points *points,
                                 const struct mca_observer *observer, struct mca_error *error) {
    const struct mca_sweep_results results = {plan, points->list, points->count,
                                              points->setting_count, &points->notices};
    uint32_t counts[] = {[MCA_SWEEP_OPEN] = 0, [MCA_SWEEP_DONE] = 0, [MCA_SWEEP_FAILED] = 0};
    char line[256];
    if (options->output) {
        MCA_TRY(mca_sweep_directory_check(options->output, points, observer, error));
    }
    for (uint32_t i = 0; i < points->count; ++i) {
        struct mca_sweep_point *point = &points->list[i];
        struct mca_error ignored;
        if (options->output) {
            point->state = mca_sweep_point_is_done(options->output, point, &ignored)
                               ? MCA_SWEEP_DONE
                           : mca_sweep_point_has_failed(options->output, point) ? MCA_SWEEP_FAILED
                                                                                : MCA_SWEEP_OPEN;
        }
        ++counts[point->state];
    }
    (void)snprintf(line, sizeof line, "%u point%s in %u setting%s: %u open, %u done, %u failed",
                   points->count, points->count == 1 ? "" : "s", points->setting_count,
                   points->setting_count == 1 ? "" : "s", counts[MCA_SWEEP_OPEN],
                   counts[MCA_SWEEP_DONE], counts[MCA_SWEEP_FAILED]);
    mca_observer_notice(observer, line);
    report_notices(plan, &points->notices, observer);
    return mca_sweep_print_points(stdout, &results, error);
}

static enum mca_status sweep(const struct options *options, struct mca_sweep_plan *plan,
                             struct mca_error *error) {
    struct mca_progress_bar progress;
    struct mca_sweep_points points;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    MCA_TRY(mca_sweep_plan_load(plan, options->path, error));
    enum mca_status status = mca_sweep_points_init(&points, plan, options->data, &observer, error);
    if (status == MCA_OK) {
        status = options->dry_run ? show_plan(options, plan, &points, &observer, error)
                                  : run_sweep(options, plan, &points, &observer, error);
        mca_sweep_points_deinit(&points);
    }
    mca_sweep_plan_deinit(plan);
    return status;
}

enum mca_status cli_sweep(int argc, char **argv, struct mca_error *error) {
    struct options options = {.processes = mca_default_threads()};
    MCA_TRY(parse(argc, argv, &options, error));
    if (options.help) {
        (void)fputs(HELP, stdout);
        return MCA_OK;
    }
    struct mca_sweep_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        return mca_fail_memory(error, "sweep");
    }
    const enum mca_status status = sweep(&options, plan, error);
    free(plan);
    return status;
}
