/* mcasim run: one scenario from data to a directory of results. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/run_directory.h"
#include "cli/simulation.h"
#include "cli/stop_request.h"
#include "train/weights_io.h"

static const char HELP[] =
    "Usage: mcasim run SCENARIO.yaml [OPTION]...\n"
    "\n"
    "Trains the scenario's network on its chip, tests it, prices the run, and writes a directory\n"
    "of results: scenario.yaml, summary.json, epochs.csv, energy.csv, ledger.json and weights/.\n"
    "The same scenario, seed and data give the same results on any machine and number of threads.\n"
    "\n"
    "Options:\n"
    "  -o, --output DIR          directory of the results; default: runs/NAME-SEED\n"
    "      --set KEY=VALUE       override a key; VALUE is YAML, e.g. network.layers='[784, 10]'\n"
    "      --seed N              the same as --set seed=N\n"
    "      --data DIR            where the MNIST files are; default: $MNIST_DIR, data/mnist,\n"
    "                            ../shared/mnist\n"
    "      --threads N           threads for testing, 1..256; default: the machine's cores\n"
    "      --weights DIR         start from the weights/ directory of a run of the same network\n"
    "      --force               replace the finished run in DIR\n"
    "      --quiet               neither progress nor notices nor a summary, only errors\n"
    "  -h, --help                print this help\n"
    "\n"
    "The run works in DIR.partial and renames it when whole; a run that fails or is interrupted\n"
    "leaves neither. A bar on stderr shows progress where that is a terminal; NO_COLOR turns\n"
    "colours off.\n"
    "\n"
    "Exit status: 0 done; 1 the run failed; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file; 130 or 143 interrupted.\n";

struct options {
    struct cli_scenario_args scenario;
    const char *output;  /* or NULL */
    const char *data;    /* or NULL */
    const char *weights; /* or NULL */
    uint32_t threads;
    int force;
    int quiet;
    int help;
};

/* A run from the inside. Zeroed before use. */
struct run {
    const struct options *options;
    struct cli_simulation simulation;
    struct cli_run_directory directory;
    struct cli_progress progress;
    struct mca_observer observer;
};

static enum mca_status take_option(struct options *options, int found, char **argv,
                                   struct mca_error *error) {
    uint64_t number;
    switch (found) {
    case 'o':
        options->output = optarg;
        return MCA_OK;
    case 's':
        options->scenario.sets[options->scenario.set_count++] = optarg;
        return MCA_OK;
    case 'S':
        options->scenario.seed = optarg;
        return MCA_OK;
    case 'd':
        options->data = optarg;
        return MCA_OK;
    case 't':
        MCA_TRY(cli_parse_number(error, argv[0], "--threads", optarg, 1, CLI_THREADS_MAX, &number));
        options->threads = (uint32_t)number;
        return MCA_OK;
    case 'w':
        options->weights = optarg;
        return MCA_OK;
    case 'f':
        options->force = 1;
        return MCA_OK;
    case 'q':
        options->quiet = 1;
        return MCA_OK;
    case 'h':
        options->help = 1;
        return MCA_OK;
    default:
        return cli_option_error(error, argv, found);
    }
}

static enum mca_status parse(int argc, char **argv, struct options *options,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {
        {"output", required_argument, NULL, 'o'},  {"set", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'S'},    {"data", required_argument, NULL, 'd'},
        {"threads", required_argument, NULL, 't'}, {"weights", required_argument, NULL, 'w'},
        {"force", no_argument, NULL, 'f'},         {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},          {0}};
    int found;
    opterr = 0;
    while (!options->help && (found = getopt_long(argc, argv, ":o:h", OPTIONS, NULL)) != -1) {
        MCA_TRY(take_option(options, found, argv, error));
    }
    if (!options->help && argc - optind != 1) {
        return cli_usage_error(error, argv[0],
                               argc == optind ? "a scenario file is needed"
                                              : "only one scenario file is allowed");
    }
    options->scenario.path = argv[optind];
    return MCA_OK;
}

/* Makes the directory and its first file, so that a full disk shows now and not after training. */
static enum mca_status open_directory(struct run *run, struct mca_error *error) {
    const struct mca_scenario *scenario = &run->simulation.scenario.scenario;
    char path[CLI_PATH_SIZE];
    (void)snprintf(path, sizeof path, "runs/%s-%llu", scenario->report.name,
                   (unsigned long long)scenario->chip.seed);
    return cli_run_directory_open(&run->directory,
                                  run->options->output ? run->options->output : path,
                                  run->options->force, &run->observer, error);
}

static enum mca_status train(struct run *run, struct mca_error *error) {
    const struct options *options = run->options;
    MCA_TRY(cli_simulation_train(&run->simulation, options->weights, options->threads,
                                 &run->observer, error));
    const int stop = cli_stop_requested();
    return stop == 0 ? MCA_OK : mca_fail(error, (enum mca_status)stop, "interrupted");
}

static enum mca_status write_results(struct run *run, struct mca_error *error) {
    char weights[CLI_PATH_SIZE + 32];
    const struct mca_runtime runtime = {cli_now_s() - run->progress.start_s, run->progress.train_s,
                                        run->progress.test_s, run->options->threads,
                                        cli_peak_rss_bytes()};
    MCA_TRY(cli_simulation_report(&run->simulation, &runtime, error));
    (void)snprintf(weights, sizeof weights, "%s/weights", run->directory.partial_path);
    if (mkdir(weights, 0777) != 0) {
        return mca_fail_errno(error, "cannot make %s", weights);
    }
    MCA_TRY(mca_weights_save(run->simulation.chip, weights, error));
    return mca_report_write_files(&run->simulation.report, run->directory.partial_path, error);
}

static enum mca_status run_in_directory(struct run *run, struct mca_error *error) {
    MCA_TRY(cli_run_directory_write_scenario(&run->directory, &run->simulation.scenario.scenario,
                                             error));
    MCA_TRY(train(run, error));
    return write_results(run, error);
}

static enum mca_status run_all(struct run *run, struct mca_error *error) {
    MCA_TRY(cli_simulation_load(&run->simulation, &run->options->scenario, &run->observer, error));
    MCA_TRY(cli_simulation_load_data(&run->simulation, run->options->data, &run->observer, error));
    MCA_TRY(open_directory(run, error));
    const enum mca_status status = run_in_directory(run, error);
    cli_progress_end(&run->progress);
    if (status != MCA_OK) {
        cli_run_directory_abandon(&run->directory);
        return status;
    }
    MCA_TRY(cli_run_directory_commit(&run->directory, error));
    if (!run->options->quiet) {
        mca_report_print_summary(stdout, &run->simulation.report, cli_wants_colour(stdout));
        (void)printf("Results in %s\n", run->directory.final_path);
    }
    return MCA_OK;
}

static enum mca_status run_with(const struct options *options, struct mca_error *error) {
    struct run *run = calloc(1, sizeof *run);
    if (!run) {
        return mca_fail_memory(error, "run");
    }
    run->options = options;
    cli_progress_init(&run->progress, options->quiet);
    run->observer = cli_progress_observer(&run->progress);
    cli_stop_watch();
    const enum mca_status status = run_all(run, error);
    cli_progress_end(&run->progress);
    cli_simulation_deinit(&run->simulation);
    free(run);
    return status;
}

enum mca_status cli_run(int argc, char **argv, struct mca_error *error) {
    struct options options = {.threads = cli_default_threads()};
    options.scenario.sets = calloc((size_t)argc, sizeof *options.scenario.sets);
    if (!options.scenario.sets) {
        return mca_fail_memory(error, "arguments");
    }
    enum mca_status status = parse(argc, argv, &options, error);
    if (status == MCA_OK && options.help) {
        (void)fputs(HELP, stdout);
    } else if (status == MCA_OK) {
        status = run_with(&options, error);
    }
    free(options.scenario.sets);
    return status;
}
