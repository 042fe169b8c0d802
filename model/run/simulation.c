#include "run/simulation.h"
#include "run/sums.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario/check.h"
#include "scenario/keys.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"
#include "train/calibration.h"
#include "train/plain_weights.h"
#include "train/weight_scale.h"
#include "train/weights_io.h"

enum mca_status mca_load_library(struct mca_component_library *library,
                                 const struct mca_scenario *scenario,
                                 const struct mca_scenario_origins *origins,
                                 struct mca_error *error) {
    const struct mca_key *key = mca_key_find("cost.library");
    struct mca_error reason;
    char place[MCA_SOURCE_NAME_SIZE + 32];
    const enum mca_status status =
        mca_component_library_load(library, scenario->cost.library, &reason);
    if (status == MCA_SYSTEM && origins->of[mca_key_index(key)].source != 0) {
        mca_origin_place(origins, key, place, sizeof place);
        return mca_fail(error, status, "%.400s: cost.library: %.600s", place, reason.message);
    }
    return status == MCA_OK ? MCA_OK : mca_fail(error, status, "%s", reason.message);
}

enum mca_status mca_simulation_load(struct mca_simulation *s, const struct mca_scenario_args *args,
                                    struct mca_error *error) {
    MCA_TRY(mca_load_scenario(&s->scenario, args, error));
    return mca_load_library(&s->library, &s->scenario.scenario, &s->scenario.origins, error);
}

void mca_resolve_dataset(struct mca_dataset_config *config, const struct mca_dataset *data) {
    if (config->name == MCA_DATASET_AUTO) {
        config->name = strcmp(data->name, "mnist") == 0 ? (unsigned)MCA_DATASET_MNIST
                                                        : (unsigned)MCA_DATASET_SYNTHETIC_DIGITS;
    }
}

void mca_simulation_expect_weights(struct mca_simulation *s, const char *source) {
    s->scenario.scenario.chip.weights.is_given = source && mca_weights_are_plain(source);
}

enum mca_status mca_simulation_load_data(struct mca_simulation *s, const char *dir,
                                         const struct mca_observer *observer,
                                         struct mca_error *error) {
    struct mca_scenario *scenario = &s->scenario.scenario;
    MCA_TRY(mca_dataset_load(&s->data, &scenario->dataset, dir, observer, error));
    MCA_TRY(mca_scenario_check_data(scenario, &s->scenario.origins, &s->data, error));
    mca_resolve_dataset(&scenario->dataset, &s->data);
    mca_scenario_notices(scenario, &s->scenario.origins, &s->data, &s->library, observer);
    return MCA_OK;
}

/* Where weights/ or weights.npz of a run are in, by its name where that says so. */
static int directory_above(const char *weights, const char *name, char above[MCA_PATH_SIZE]) {
    const size_t end = strlen(name);
    size_t length = strlen(weights);
    while (length > 1 && weights[length - 1] == '/') {
        --length;
    }
    const int is_named = length > end + 1 && weights[length - end - 1] == '/' &&
                         strncmp(weights + length - end, name, end) == 0;
    const int size = is_named
                         ? snprintf(above, MCA_PATH_SIZE, "%.*s", (int)(length - end - 1), weights)
                         : snprintf(above, MCA_PATH_SIZE, "%s/..", weights);
    return size > 0 && size < MCA_PATH_SIZE;
}

/* Whether `weights` is what goes by `name` in a run, whose summary then stands beside it. */
static int is_of_run(const char *weights, const char *name, char run[MCA_PATH_SIZE]) {
    static const char *const marks[] = {"scenario.yaml", "summary.json"};
    char path[MCA_PATH_SIZE + 32];
    struct stat given;
    struct stat known;
    int is_run = strcmp(weights, name) == 0 ? snprintf(run, MCA_PATH_SIZE, ".") > 0
                                            : directory_above(weights, name, run);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0] && is_run; ++i) {
        (void)snprintf(path, sizeof path, "%s/%s", run, marks[i]);
        is_run = access(path, F_OK) == 0;
    }
    (void)snprintf(path, sizeof path, "%s/%s", run, name);
    return is_run && stat(weights, &given) == 0 && stat(path, &known) == 0 &&
           given.st_dev == known.st_dev && given.st_ino == known.st_ino;
}

static enum mca_status check_weights(const char *weights, const struct mca_observer *observer,
                                     struct mca_error *error) {
    char run[MCA_PATH_SIZE];
    char line[MCA_ERROR_SIZE];
    struct mca_run_sums sums;
    const int is_plain = is_of_run(weights, MCA_PLAIN_WEIGHTS_NAME, run);
    if (!is_plain && !is_of_run(weights, "weights", run)) {
        return MCA_OK;
    }
    MCA_TRY(mca_run_sums_open(&sums, run, error));
    if (!sums.files) {
        mca_run_sums_notice(&sums, line);
        mca_observer_notice(observer, line);
    }
    const enum mca_status status = is_plain
                                       ? mca_run_sums_check(&sums, MCA_PLAIN_WEIGHTS_NAME, error)
                                       : mca_run_sums_check_weights(&sums, error);
    mca_run_sums_close(&sums);
    return status;
}

/* Weights from outside: none, a chip's exact state, or plain weights. */
struct weights {
    const char *state; /* a directory, or NULL */
    int is_plain;
    struct mca_given_weights plain;
};

static enum mca_status create_chip(struct mca_chip **chip, const struct mca_chip_config *config,
                                   const struct weights *weights, struct mca_error *error) {
    MCA_TRY(mca_chip_create_with(chip, config, weights->is_plain ? &weights->plain : NULL, error));
    return weights->state ? mca_weights_load(*chip, weights->state, error) : MCA_OK;
}

/* Full scales found from training images, with the weights from outside where there are some: those
 * of a chip of the same devices whose full scales do not matter. */
static enum mca_status calibrate(struct mca_simulation *s, const struct weights *weights,
                                 struct mca_error *error) {
    struct mca_chip_config *config = &s->scenario.scenario.chip;
    struct mca_chip *chip = NULL;
    enum mca_status status = MCA_OK;
    if ((weights->state || weights->is_plain) && mca_calibration_is_due(config)) {
        status = create_chip(&chip, config, weights, error);
    }
    if (status == MCA_OK) {
        status =
            mca_calibrate(config, &s->scenario.scenario.calibration, &s->data.train, chip, error);
    }
    mca_chip_destroy(chip);
    return status;
}

/* What of them becomes a conductance decides over a layer's unit weight. */
static enum mca_status open_weights(struct weights *weights, const char *source,
                                    struct mca_chip_config *config,
                                    const struct mca_observer *observer, struct mca_error *error) {
    struct mca_network network;
    if (!source) {
        return MCA_OK;
    }
    MCA_TRY(check_weights(source, observer, error));
    if (!mca_weights_are_plain(source)) {
        weights->state = source;
        return mca_weights_load_units(&config->network, source, error);
    }
    MCA_TRY(mca_network_init(&network, &config->network, error));
    MCA_TRY(mca_plain_weights_read(&weights->plain, source, &network, observer, error));
    weights->plain.observer = observer;
    weights->is_plain = 1;
    return mca_weight_scale_find(config, &network, &weights->plain, error);
}

static void tell_import(const struct mca_simulation *s, const struct mca_observer *observer) {
    const struct mca_import_stats *stats = mca_chip_import_stats(s->chip);
    if (stats->clipped > 0) {
        mca_observer_tell(observer,
                          "--weights: %" PRIu64 " of %" PRIu64
                          " weights are beyond what a device reaches (weights.scale, "
                          "device.gmax_us), and were clipped",
                          stats->clipped, stats->weights);
    }
    if (stats->unreached > 0) {
        mca_observer_tell(observer,
                          "--weights: %" PRIu64 " of %" PRIu64
                          " weights were not within weights.tolerance_us after "
                          "weights.max_pulses",
                          stats->unreached, stats->programmed);
    }
}

enum mca_status mca_simulation_create_chip(struct mca_simulation *s, const char *source,
                                           const struct mca_observer *observer,
                                           struct mca_error *error) {
    struct mca_chip_config *config = &s->scenario.scenario.chip;
    struct weights weights = {0};
    enum mca_status status = open_weights(&weights, source, config, observer, error);
    if (status == MCA_OK) {
        status = calibrate(s, &weights, error);
    }
    if (status == MCA_OK) {
        status = create_chip(&s->chip, config, &weights, error);
    }
    mca_plain_weights_deinit(&weights.plain);
    if (status == MCA_OK) {
        tell_import(s, observer);
    }
    return status;
}

enum mca_status mca_simulation_train(struct mca_simulation *s,
                                     const struct mca_train_engine *engine,
                                     const struct mca_train_keeper *keeper, uint32_t threads,
                                     const struct mca_observer *observer, struct mca_error *error) {
    const struct mca_training training = {
        s->chip, engine, &s->scenario.scenario.train, &s->data, threads, observer, keeper};
    return mca_train(&training, &s->result, error);
}

enum mca_status mca_simulation_report(struct mca_simulation *s, const struct mca_runtime *runtime,
                                      struct mca_error *error) {
    s->report = (struct mca_priced_run){
        .name = s->scenario.scenario.report.name,
        .scenario = &s->scenario.scenario,
        .dataset = {s->data.name, s->data.train.count, s->data.test.count, s->data.hash},
        .result = &s->result,
        .library = &s->library,
        .runtime = *runtime};
    MCA_TRY(mca_scenario_hash(&s->scenario.scenario, &s->report.scenario_hash, error));
    mca_priced_run_init(&s->report);
    return MCA_OK;
}

void mca_simulation_deinit(struct mca_simulation *s) {
    mca_train_result_deinit(&s->result);
    mca_chip_destroy(s->chip);
    mca_dataset_deinit(&s->data);
    mca_component_library_deinit(&s->library);
}

uint32_t mca_default_threads(void) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > MCA_THREADS_MAX ? MCA_THREADS_MAX : (uint32_t)cores;
}

uint64_t mca_peak_rss_bytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}
