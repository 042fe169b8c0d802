/* mcasim run: one scenario from data to a directory of results. */
#include <string.h>

#include "chip/trace.h"
#include "cli/cli.h"
#include "reports/run/reporter.h"
#include "run/common_options.h"
#include "run/job.h"
#include "run/simulation.h"

struct options {
    struct mca_run_job job;
    int resume;
};

/* IMAGE or IMAGE-IMAGE. */
static enum mca_status take_trace(void *to, const char *command, const char *text,
                                  struct mca_error *error) {
    struct mca_run_job *job = to;
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

#define DIGITS(number) #number
#define STANDARD(number) DIGITS(number)

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_OUTPUT(AT(job.output), "DIR", "runs/NAME-SEED", "directory of the results"),
    MCA_OPTION_SET_ANY(AT(job.scenario.sets)),
    MCA_OPTION_SEED(AT(job.scenario.seed)),
    MCA_OPTION_DATA(AT(job.data)),
    MCA_OPTION_THREADS(AT(job.threads)),
    MCA_OPTION_WEIGHTS(AT(job.weights)),
    MCA_PARSED("trace", 0, "IMAGE[-IMAGE]", AT(job), take_trace, NULL,
               "also write trace.json (ui.perfetto.dev, chrome://tracing) and trace.vcd (GTKWave): "
               "every operation on the chip while these training images, counted from 1 over all "
               "epochs, are worked on; at most 1000 images"),
    MCA_FLAG("resume", 0, AT(resume),
             "go on from the checkpoint in DIR.partial; from the beginning where there is none"),
    MCA_NUMBER("checkpoint-every", 0, "S", AT(job.checkpoint_every_s), 0,
               MCA_CHECKPOINT_EVERY_MAX_S, STANDARD(MCA_CHECKPOINT_EVERY_S),
               "seconds between checkpoints"),
    MCA_FLAG("no-checkpoint", 0, AT(job.without_checkpoints), "write none"),
    MCA_OPTION_FORCE(AT(job.force), "replace the finished run in DIR; forget a checkpoint"),
    MCA_OPTION_QUIET(AT(job.quiet)),
};

/* A trace is of one process: it is not kept in checkpoints. */
static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct options *options = given->options;
    struct mca_run_job *job = &options->job;
    if (options->resume && job->trace_first != 0) {
        return mca_usage_error(error, given->command, "--resume and --trace exclude each other");
    }
    if (options->resume && job->force) {
        return mca_usage_error(error, given->command, "--resume and --force exclude each other");
    }
    job->reporter = &mca_run_reports;
    job->scenario.path = given->texts[0];
    job->resume = options->resume ? MCA_RESUME : MCA_RESUME_NO;
    job->threads = job->threads ? job->threads : mca_default_threads();
    return mca_perform_run(job, NULL, error);
}

const struct mca_command cli_run = {
    .name = "run",
    .arguments = "SCENARIO",
    .summary = "train the scenario's chip and write its results",
    .about =
        "Trains the scenario's network on its chip, tests it, prices the run, and writes a "
        "directory of results: report.html to read, scenario.yaml, summary.json, epochs.csv, "
        "confusion.csv, "
        "energy.csv, energy_layers.csv, ledger.json, chip.json, timeline.json and weights/.\n"
        "SCENARIO is a file, or the name of one that comes with the program (mcasim scenarios). "
        "The same scenario, seed and data give the same results on any machine and number of "
        "threads.",
    .notes = "The run works in DIR.partial and renames it when whole. A run that is interrupted or "
             "killed leaves its last checkpoint there, and --resume ends with the same results as "
             "a run that was not; without a checkpoint a run that fails leaves nothing. A bar on "
             "stderr shows progress where that is a terminal; NO_COLOR turns colours off.",
    .exit_status = "0 done; 1 the run failed; 2 wrong usage or bad content; 3 the operating system "
                   "refused a file; 130 or 143 interrupted, resumable.",
    CLI_OPTIONS(OPTIONS, struct options),
    .shown = "output set resume",
    .hint = mca_option_as_key,
    CLI_ONE_NAMED("scenario"),
    .run = run};
