/* mcasim run: one scenario from data to a directory of results. */
#include <stdlib.h>
#include <string.h>

#include "chip/trace.h"
#include "cli/cli.h"
#include "reports/run/reporter.h"
#include "run/job.h"
#include "run/simulation.h"

static const char HELP[] =
    "Usage: mcasim run SCENARIO.yaml [-o DIR] [--set KEY=VALUE]... [--resume] [OPTION]...\n"
    "\n"
    "Trains the scenario's network on its chip, tests it, prices the run, and writes a directory\n"
    "of results: report.html to read, scenario.yaml, summary.json, epochs.csv, energy.csv,\n"
    "ledger.json, chip.json, timeline.json and weights/.\n"
    "The same scenario, seed and data give the same results on any machine and number of threads.\n"
    "\n"
    "Options:\n"
    "  -o, --output DIR          directory of the results; default: runs/NAME-SEED\n"
    "      --set KEY=VALUE       override a key; VALUE is YAML, e.g. network.layers='[784, 10]'\n"
    "      --seed N              the same as --set seed=N\n"
    "      --data DIR            where the MNIST files are; default: $MNIST_DIR,\n"
    "                            data/mnist\n"
    "      --threads N           threads for testing, 1..256; default: the machine's cores\n"
    "      --weights DIR         start from the weights/ directory of a run of the same network\n"
    "      --trace IMAGE[-IMAGE] also write trace.json (ui.perfetto.dev, chrome://tracing) and\n"
    "                            trace.vcd (GTKWave): every operation on the chip while these\n"
    "                            training images, counted from 1 over all epochs, are worked on;\n"
    "                            at most 1000 images\n"
    "      --resume              go on from the checkpoint in DIR.partial; from the beginning "
    "where\n"
    "                            there is none\n"
    "      --checkpoint-every S  seconds between checkpoints; default: 60\n"
    "      --no-checkpoint       write none\n"
    "      --force               replace the finished run in DIR; forget a checkpoint\n"
    "      --quiet               neither progress nor notices nor a summary, only errors\n"
    "  -h, --help                print this help\n"
    "\n"
    "The run works in DIR.partial and renames it when whole. A run that is interrupted or killed\n"
    "leaves its last checkpoint there, and --resume ends with the same results as a run that was\n"
    "not; without a checkpoint a run that fails leaves nothing. A bar on stderr shows progress "
    "where\n"
    "that is a terminal; NO_COLOR turns colours off.\n"
    "\n"
    "Exit status: 0 done; 1 the run failed; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file; 130 or 143 interrupted, resumable.\n";

struct options {
    struct mca_run_job job;
    int help;
};

/* IMAGE or IMAGE-IMAGE. */
static enum mca_status take_trace(struct mca_run_job *job, const char *command, const char *text,
                                  struct mca_error *error) {
    static const uint64_t MAX = 1000000000000000u;
    char first[64];
    const char *dash = strchr(text, '-');
    const size_t length = dash ? (size_t)(dash - text) : strlen(text);
    (void)snprintf(first, sizeof first, "%.*s", length < 60 ? (int)length : 60, text);
    const char *last = dash ? dash + 1 : first;
    if (mca_parse_number(NULL, command, "", first, 1, MAX, &job->trace_first) != MCA_OK ||
        mca_parse_number(NULL, command, "", last, 1, MAX, &job->trace_last) != MCA_OK) {
        return mca_usage_error(
            error, command, "--trace: '%.60s' is not IMAGE or IMAGE-IMAGE, counted from 1", text);
    }
    if (job->trace_last < job->trace_first) {
        return mca_usage_error(error, command, "--trace: '%.60s' ends before it begins", text);
    }
    const uint64_t images = job->trace_last - job->trace_first + 1;
    if (images > MCA_TRACE_IMAGES_MAX) {
        return mca_usage_error(error, command,
                               "--trace: '%.60s' is %llu images; at most %d can be traced", text,
                               (unsigned long long)images, MCA_TRACE_IMAGES_MAX);
    }
    return MCA_OK;
}

static enum mca_status take_option(struct options *options, int found, char **argv,
                                   struct mca_error *error) {
    uint64_t number;
    switch (found) {
    case 'o':
        options->job.output = optarg;
        return MCA_OK;
    case 's':
        options->job.scenario.sets[options->job.scenario.set_count++] = optarg;
        return MCA_OK;
    case 'S':
        options->job.scenario.seed = optarg;
        return MCA_OK;
    case 'd':
        options->job.data = optarg;
        return MCA_OK;
    case 't':
        MCA_TRY(mca_parse_number(error, argv[0], "--threads", optarg, 1, MCA_THREADS_MAX, &number));
        options->job.threads = (uint32_t)number;
        return MCA_OK;
    case 'w':
        options->job.weights = optarg;
        return MCA_OK;
    case 'T':
        return take_trace(&options->job, argv[0], optarg, error);
    case 'r':
        options->job.resume = MCA_RESUME;
        return MCA_OK;
    case 'c':
        MCA_TRY(mca_parse_number(error, argv[0], "--checkpoint-every", optarg, 0,
                                 MCA_CHECKPOINT_EVERY_MAX_S, &number));
        options->job.checkpoint_every_s = (double)number;
        return MCA_OK;
    case 'C':
        options->job.without_checkpoints = 1;
        return MCA_OK;
    case 'f':
        options->job.force = 1;
        return MCA_OK;
    case 'q':
        options->job.quiet = 1;
        return MCA_OK;
    case 'h':
        options->help = 1;
        return MCA_OK;
    default:
        return mca_option_error(error, argv, found);
    }
}

/* What options say together. A trace is of one process: it is not kept in checkpoints. */
static enum mca_status check_usage(const struct options *options, const char *command,
                                   struct mca_error *error) {
    if (options->job.resume != MCA_RESUME_NO && options->job.trace_first != 0) {
        return mca_usage_error(error, command, "--resume and --trace exclude each other");
    }
    if (options->job.resume != MCA_RESUME_NO && options->job.force) {
        return mca_usage_error(error, command, "--resume and --force exclude each other");
    }
    return MCA_OK;
}

static enum mca_status parse(int argc, char **argv, struct options *options,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {{"output", required_argument, NULL, 'o'},
                                            {"set", required_argument, NULL, 's'},
                                            {"seed", required_argument, NULL, 'S'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"weights", required_argument, NULL, 'w'},
                                            {"trace", required_argument, NULL, 'T'},
                                            {"resume", no_argument, NULL, 'r'},
                                            {"checkpoint-every", required_argument, NULL, 'c'},
                                            {"no-checkpoint", no_argument, NULL, 'C'},
                                            {"force", no_argument, NULL, 'f'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    int found;
    opterr = 0;
    while (!options->help && (found = getopt_long(argc, argv, ":o:h", OPTIONS, NULL)) != -1) {
        MCA_TRY(take_option(options, found, argv, error));
    }
    if (!options->help && argc - optind != 1) {
        return mca_usage_error(error, argv[0],
                               argc == optind ? "a scenario file is needed"
                                              : "only one scenario file is allowed");
    }
    options->job.scenario.path = argv[optind];
    return options->help ? MCA_OK : check_usage(options, argv[0], error);
}

enum mca_status cli_run(int argc, char **argv, struct mca_error *error) {
    struct options options = {.job = {.reporter = &mca_run_reports,
                                      .threads = mca_default_threads(),
                                      .checkpoint_every_s = MCA_CHECKPOINT_EVERY_S}};
    options.job.scenario.sets = calloc((size_t)argc, sizeof *options.job.scenario.sets);
    if (!options.job.scenario.sets) {
        return mca_fail_memory(error, "arguments");
    }
    enum mca_status status = parse(argc, argv, &options, error);
    if (status == MCA_OK && options.help) {
        (void)fputs(HELP, stdout);
    } else if (status == MCA_OK) {
        status = mca_perform_run(&options.job, NULL, error);
    }
    free(options.job.scenario.sets);
    return status;
}
