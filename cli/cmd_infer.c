/* mcasim infer: the chip of a finished run, or a scenario's with given weights, tested. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "reports/run/reporter.h"
#include "run/common_options.h"
#include "run/job.h"
#include "run/trained_run.h"
#include "scenario/load.h"
#include "train/ages.h"

struct options {
    struct mca_run_job job;
    struct mca_f64_list ages_s; /* none: as in the run or scenario */
    uint64_t age_seeds;         /* 0: likewise */
};

static enum mca_status take_ages(void *to, const char *command, const char *text,
                                 struct mca_error *error) {
    struct mca_error reason;
    return mca_ages_parse(to, text, &reason) == MCA_OK
               ? MCA_OK
               : mca_usage_error(error, command, "--age: %.250s", reason.message);
}

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_OUTPUT(AT(job.output), "DIR", "runs/NAME-SEED-infer", "directory of the results"),
    MCA_TEXT("weights", 0, "SOURCE", AT(job.weights), "those of the run",
             "plain weights, an .npz or a directory of .npy files, or the weights/ directory of a "
             "run of the same network"),
    MCA_PARSED("age", 0, "AGES", AT(ages_s), take_ages, NULL,
               "also test the chip at these ages after the run, with commas between them: 1s, "
               "5min, 1h, 30d, 1y (365 days); seconds without a unit; up to 1e10 s, 16 at most "
               "(ageing.ages_s)"),
    MCA_NUMBER("age-seeds", 0, "N", AT(age_seeds), 1, 1000, NULL,
               "tests at each age, with drift exponents and noise of their own (ageing.seeds)"),
    MCA_OPTION_SET_ANY(AT(job.scenario.sets)),
    MCA_OPTION_SEED(AT(job.scenario.seed)),
    MCA_OPTION_DATA(AT(job.data)),
    MCA_OPTION_THREADS(AT(job.threads)),
    MCA_OPTION_FORCE(AT(job.force), "replace the finished run in DIR"),
    MCA_OPTION_QUIET(AT(job.quiet)),
};

static enum mca_status refuse_training(const struct mca_arguments *given,
                                       const struct mca_texts *sets, struct mca_error *error) {
    static const char key[] = "train.epochs=";
    for (size_t i = 0; i < sets->count; ++i) {
        if (strncmp(sets->texts[i], key, sizeof key - 1) == 0) {
            return mca_usage_error(error, given->command, "--set %.60s: nothing is trained",
                                   sets->texts[i]);
        }
    }
    return MCA_OK;
}

/* A finished run's scenario, or one that is given weights. */
static enum mca_status load(const struct mca_arguments *given, int is_run,
                            struct mca_loaded_scenario *loaded, struct mca_error *error) {
    const struct options *options = given->options;
    const char *name = given->texts[0];
    if (is_run) {
        return mca_trained_run_scenario(&loaded->scenario, name, options->job.quiet, error);
    }
    MCA_TRY(mca_scenario_load(&loaded->scenario, &loaded->origins, name, error));
    if (!options->job.weights) {
        return mca_usage_error(error, given->command,
                               "%.200s is a scenario, not a run's directory: --weights is needed",
                               name);
    }
    loaded->scenario.train.epochs = 0;
    return MCA_OK;
}

static void give_ages(const struct options *options, struct mca_ageing_config *ageing) {
    ageing->ages_s = options->ages_s.count > 0 ? options->ages_s : ageing->ages_s;
    ageing->seeds = options->age_seeds > 0 ? (uint32_t)options->age_seeds : ageing->seeds;
}

static enum mca_status infer(const struct mca_arguments *given, struct mca_error *error) {
    struct options *options = given->options;
    struct mca_run_job *job = &options->job;
    char weights[MCA_PATH_SIZE + 32];
    struct stat about;
    const int is_run = stat(given->texts[0], &about) == 0 && S_ISDIR(about.st_mode);
    MCA_TRY(refuse_training(given, &job->scenario.sets, error));
    struct mca_loaded_scenario *loaded = calloc(1, sizeof *loaded);
    if (!loaded) {
        return mca_fail_memory(error, "scenario");
    }
    enum mca_status status = load(given, is_run, loaded, error);
    if (status == MCA_OK) {
        give_ages(options, &loaded->scenario.train.ageing);
        (void)snprintf(weights, sizeof weights, "%s/weights", given->texts[0]);
        job->reporter = &mca_run_reports;
        job->scenario.path = given->texts[0];
        job->scenario.resolved = &loaded->scenario;
        job->weights = job->weights ? job->weights : weights;
        job->suffix = "-infer";
        job->without_checkpoints = 1;
        job->threads = job->threads ? job->threads : mca_default_threads();
        status = mca_perform_run(job, NULL, error);
    }
    free(loaded);
    return status;
}

const struct mca_command cli_infer = {
    .name = "infer",
    .arguments = "DIR|SCENARIO",
    .summary = "test a trained or imported chip: accuracy, energy and latency of inference",
    .about = "Tests the chip that the finished run in DIR trained, or that of a scenario with the "
             "weights of --weights, on the test images, and trains nothing: accuracy by class, "
             "energy, latency and throughput of an image, and the digital designs at the same "
             "work. The results are a run of their own, with the files of `mcasim run`, for "
             "report, compare, explain and price.\n"
             "Without --set and --seed the chip of a run gives the accuracy that the run itself "
             "ended with.",
    .notes = "What is not set is as in the run, its full scales included; the test is numbered as "
             "the run's last one (train.first_test), which is what read noise is drawn by. With "
             "--age the chip is tested again, at each age from the state in which the run left it: "
             "drift and 1/f noise as device.drift_* and device.flicker_noise have them, made up "
             "for as dpu.drift_compensation says.",
    .exit_status = "0 done; 1 the test failed; 2 wrong usage or bad content; 3 the operating "
                   "system refused a file; 130 or 143 interrupted.",
    CLI_OPTIONS(OPTIONS, struct options),
    .shown = "output weights age set",
    .hint = mca_option_as_key,
    CLI_ONE("run's directory or scenario file"),
    .run = infer};
