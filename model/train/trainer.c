#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "array/converters.h"
#include "base/rng.h"
#include "chip/view.h"
#include "network/network.h"
#include "train/augment.h"

/* Everything a run needs besides the chip. */
struct run {
    struct mca_chip *chip;
    const struct mca_train_engine *engine;
    const struct mca_train_config *config;
    const struct mca_dataset *data;
    const struct mca_observer *observer;
    const struct mca_train_keeper *keeper;
    uint32_t threads;
    uint32_t train_count;      /* images of an epoch */
    uint32_t validation_count; /* the last images of the training set */
    uint32_t test_count;
    uint32_t *order;                    /* [train_count] */
    struct mca_image_outcome *outcomes; /* [train_count] of the epoch */
    struct mca_epoch_record *records;   /* [epochs] */
    uint16_t *predicted;                /* [largest tested set] */
    uint32_t *confusion;                /* [outputs][outputs] of the last test */
    uint8_t *augmented;                 /* [inputs], or NULL where images stay as they are */
    double ages_s[MCA_LIST_MAX];        /* rising */
    double *aged_accuracy;              /* [ages][seeds], or NULL where there are no ages */
    uint64_t tests;                     /* numbers the test runs */
    uint64_t tested;                    /* images */
    uint64_t done;
    uint64_t total;
};

static void shuffle(const struct run *run, uint32_t epoch) {
    const struct mca_rng rng = mca_rng_stream(mca_chip_config_of(run->chip)->seed, MCA_RNG_SHUFFLE);
    for (uint32_t i = 0; i < run->train_count; ++i) {
        run->order[i] = i;
    }
    for (uint32_t i = run->train_count; run->config->shuffle && i > 1; --i) {
        uint32_t words[4];
        mca_rng_words(rng, i, epoch, 0, words);
        const uint32_t j = mca_rng_below(words[0], words[1], i);
        const uint32_t swapped = run->order[i - 1];
        run->order[i - 1] = run->order[j];
        run->order[j] = swapped;
    }
}

static size_t confusion_count(const struct run *run) {
    const size_t outputs = mca_network_outputs(mca_chip_network(run->chip));
    return outputs * outputs;
}

/* Between two images: `image` of the epoch are done. A checkpoint where one is due (`ask`) or
 * before the run stops. */
static enum mca_status pause(const struct run *run, uint32_t epoch, uint32_t image, int ask,
                             struct mca_error *error) {
    const struct mca_train_keeper *keeper = run->keeper;
    const int stop = mca_observer_stop(run->observer);
    if (keeper && (stop != 0 || (ask && keeper->due(keeper->user)))) {
        const struct mca_train_place place = {
            epoch,        image,         run->tests,     run->tested,
            run->records, run->outcomes, run->confusion, confusion_count(run)};
        MCA_TRY(keeper->save(keeper->user, &place, error));
    }
    return stop == 0 ? MCA_OK
                     : mca_fail(error, (enum mca_status)stop, "interrupted in epoch %u",
                                epoch > run->config->epochs ? run->config->epochs : epoch);
}

static void report(const struct run *run, const char *stage, uint32_t epoch) {
    const struct mca_observer *observer = run->observer;
    if (observer && observer->progress) {
        const struct mca_progress progress = {stage, epoch, run->config->epochs, run->done,
                                              run->total};
        observer->progress(observer->user, &progress);
    }
}

/* The chip by itself. */
static enum mca_status start_on_chip(void *user, double learning_rate, uint32_t batch,
                                     struct mca_error *error) {
    (void)error;
    mca_chip_set_rate(user, learning_rate, batch);
    return MCA_OK;
}

static enum mca_status train_on_chip(void *user, const uint8_t *pixels, uint32_t label,
                                     struct mca_image_outcome *outcome, struct mca_error *error) {
    return mca_chip_train_image(user, pixels, label, outcome, error);
}

static enum mca_status end_on_chip(void *user, struct mca_error *error) {
    (void)error;
    mca_chip_end_batch(user);
    return MCA_OK;
}

/* Image `image` of the training set as it is trained on. */
static const uint8_t *pixels_of(const struct run *run, uint32_t image, uint32_t epoch) {
    const struct mca_image_set *set = &run->data->train;
    if (!run->augmented) {
        return set->pixels + (size_t)image * run->data->inputs;
    }
    mca_augment_image(run->config, mca_chip_config_of(run->chip)->seed, set, image, epoch,
                      run->augmented);
    return run->augmented;
}

/* Asks for an image ahead of time: shuffled ones lie anywhere in memory. */
static void request(const uint8_t *pixels, uint32_t count) {
    enum { LINE = 64 };
    for (uint32_t i = 0; i < count; i += LINE) {
        __builtin_prefetch(pixels + i);
    }
}

/* Images of an epoch that fill whole mini-batches; those after them are one of their own. */
static uint32_t whole_batches(const struct run *run) {
    return run->train_count - run->train_count % run->config->batch;
}

/* The learning rate, and the mini-batch that the image after the first `done` of the epoch is of.
 */
static enum mca_status set_rate(struct run *run, double learning_rate, uint32_t done,
                                struct mca_error *error) {
    const uint32_t whole = whole_batches(run);
    const uint32_t batch = done < whole ? run->config->batch : run->train_count - whole;
    return run->engine->start_epoch(run->engine->user, learning_rate, batch, error);
}

/* The last mini-batch of the epoch, where it is smaller, is averaged over its own images. */
static enum mca_status start_last_batch(struct run *run, double learning_rate,
                                        struct mca_error *error) {
    MCA_TRY(run->engine->end_epoch(run->engine->user, error));
    return set_rate(run, learning_rate, whole_batches(run), error);
}

/* Starts the epoch, at its beginning or where the run goes on; returns in *first which image is
 * next. A start lets the chip's units come to rest, so that a state within the epoch comes after
 * it.
 */
static enum mca_status start_epoch(struct run *run, const struct mca_epoch_record *record,
                                   uint32_t *first, struct mca_error *error) {
    const struct mca_train_keeper *keeper = run->keeper;
    const struct mca_train_place *resume = keeper ? keeper->resume : NULL;
    const int resumes = resume && resume->epoch == record->epoch;
    *first = resumes ? resume->image : 0;
    MCA_TRY(resumes && *first == 0 ? keeper->restore(keeper->user, error) : MCA_OK);
    MCA_TRY(set_rate(run, record->learning_rate, *first > 0 ? *first - 1 : 0, error));
    return resumes && *first > 0 ? keeper->restore(keeper->user, error) : MCA_OK;
}

static enum mca_status train_epoch(struct run *run, uint32_t epoch, struct mca_epoch_record *record,
                                   struct mca_error *error) {
    enum { REPORT_EVERY = 256 };
    const struct mca_image_set *set = &run->data->train;
    const struct mca_train_engine *engine = run->engine;
    uint64_t right = 0;
    double loss = 0.0;
    uint32_t first;
    shuffle(run, epoch);
    MCA_TRY(start_epoch(run, record, &first, error));
    for (uint32_t i = first; i < run->train_count; ++i) {
        const uint32_t image = run->order[i];
        if (i > 0 && i == whole_batches(run)) {
            MCA_TRY(start_last_batch(run, record->learning_rate, error));
        }
        const uint32_t next = run->order[i + 1 < run->train_count ? i + 1 : i];
        request(set->pixels + (size_t)next * run->data->inputs, run->data->inputs);
        MCA_TRY(engine->train_image(engine->user, pixels_of(run, image, epoch), set->labels[image],
                                    &run->outcomes[i], error));
        const int is_time = ++run->done % REPORT_EVERY == 0;
        if (is_time) {
            report(run, "train", epoch);
        }
        MCA_TRY(pause(run, epoch, i + 1, is_time, error));
    }
    MCA_TRY(engine->end_epoch(engine->user, error));
    report(run, "train", epoch);
    MCA_TRY(pause(run, epoch, run->train_count, 0, error)); /* an epoch may be ended twice */
    for (uint32_t i = 0; i < run->train_count; ++i) {
        right += run->outcomes[i].predicted == set->labels[run->order[i]];
        loss += run->outcomes[i].loss;
    }
    record->train_accuracy = (double)right / (double)run->train_count;
    record->train_loss = loss / (double)run->train_count;
    return MCA_OK;
}

/* Counts the classes of a test set, and what they were taken for. */
static void count_classes(const struct run *run, const struct mca_image_set *set, uint32_t count) {
    const size_t outputs = mca_network_outputs(mca_chip_network(run->chip));
    memset(run->confusion, 0, confusion_count(run) * sizeof *run->confusion);
    for (uint32_t i = 0; i < count; ++i) {
        ++run->confusion[set->labels[i] * outputs + run->predicted[i]];
    }
}

/* Test number `test` of some images. */
static enum mca_status classify(struct run *run, const struct mca_image_set *set, uint32_t first,
                                uint32_t count, uint64_t test, double *accuracy,
                                struct mca_error *error) {
    MCA_TRY(mca_chip_infer(run->chip, set->pixels + (size_t)first * run->data->inputs, count, test,
                           run->threads, run->predicted, error));
    uint64_t right = 0;
    for (uint32_t i = 0; i < count; ++i) {
        right += run->predicted[i] == set->labels[first + i];
    }
    *accuracy = (double)right / (double)count;
    run->tested += count;
    return MCA_OK;
}

static enum mca_status measure(struct run *run, const struct mca_image_set *set, uint32_t first,
                               uint32_t count, double *accuracy, struct mca_error *error) {
    *accuracy = (double)NAN;
    if (count == 0) {
        return MCA_OK;
    }
    MCA_TRY(classify(run, set, first, count, run->tests++, accuracy, error));
    if (set == &run->data->test) {
        count_classes(run, set, count);
    }
    return MCA_OK;
}

static uint64_t training_count(const struct mca_ledger *ledger, enum mca_component component) {
    uint64_t sum = 0;
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum += ledger->counts[p][component];
    }
    return sum;
}

static void complete_record(const struct run *run, struct mca_epoch_record *record) {
    const struct mca_chip_stats *stats = mca_chip_stats_of(run->chip);
    record->ledger = mca_chip_ledger(run->chip);
    record->images = stats->images;
    record->set_pulses = training_count(&record->ledger, MCA_COMPONENT_PCM_SET);
    record->reset_pulses = training_count(&record->ledger, MCA_COMPONENT_PCM_RESET);
    record->refreshed_pairs = stats->refreshed_pairs;
    record->time_ps = mca_chip_time_ps(run->chip);
}

/* At the end of an epoch, or of none: what it has come to, with a test where one is due. */
static enum mca_status test_epoch(struct run *run, struct mca_epoch_record *record, int is_due,
                                  struct mca_error *error) {
    const struct mca_dataset *data = run->data;
    MCA_TRY(measure(run, &data->train, data->train.count - run->validation_count,
                    run->validation_count, &record->validation_accuracy, error));
    MCA_TRY(
        measure(run, &data->test, 0, is_due ? run->test_count : 0, &record->test_accuracy, error));
    complete_record(run, record);
    report(run, "test", record->epoch);
    return MCA_OK;
}

/* A test alone has a record of its own, of epoch 0. */
static enum mca_status test_untrained(struct run *run, struct mca_error *error) {
    run->records[0] = (struct mca_epoch_record){
        .learning_rate = (double)NAN, .train_accuracy = (double)NAN, .train_loss = (double)NAN};
    return test_epoch(run, &run->records[0], 1, error);
}

static void sort_ages(const struct mca_f64_list *ages, double *sorted) {
    for (uint32_t i = 0; i < ages->count; ++i) {
        uint32_t at = i;
        for (; at > 0 && sorted[at - 1] > ages->values[i]; --at) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = ages->values[i];
    }
}

/* The finished chip at an age, with the drift and the noise of a seed. The first seed's reads are
 * those of the last test, so that an age of 0 gives what that gave. */
static enum mca_status test_aged(struct run *run, const struct mca_ageing *ageing, uint64_t last,
                                 double *accuracy, struct mca_error *error) {
    MCA_TRY(mca_chip_age(run->chip, ageing, error));
    return classify(run, &run->data->test, 0, run->test_count, last + ageing->seed, accuracy,
                    error);
}

static enum mca_status test_ages(struct run *run, struct mca_error *error) {
    const struct mca_ageing_config *config = &run->config->ageing;
    const uint64_t last = run->tests - 1;
    enum mca_status status = MCA_OK;
    sort_ages(&config->ages_s, run->ages_s);
    for (uint32_t i = 0; i < config->ages_s.count * config->seeds && status == MCA_OK; ++i) {
        const struct mca_ageing ageing = {run->ages_s[i / config->seeds], i % config->seeds};
        const int stop = mca_observer_stop(run->observer);
        status = stop != 0 ? mca_fail(error, (enum mca_status)stop, "interrupted in tests at ages")
                           : test_aged(run, &ageing, last, &run->aged_accuracy[i], error);
        report(run, "test", run->config->epochs);
    }
    mca_chip_end_ageing(run->chip);
    return status;
}

/* Takes up what the run had found before it stopped; returns the epoch to go on in. */
static uint32_t take_up(struct run *run, double *rate) {
    const struct mca_train_place *resume = run->keeper ? run->keeper->resume : NULL;
    if (!resume) {
        return 1;
    }
    memcpy(run->records, resume->records, (resume->epoch - 1) * sizeof *run->records);
    memcpy(run->outcomes, resume->outcomes, resume->image * sizeof *run->outcomes);
    memcpy(run->confusion, resume->confusion, resume->confusion_count * sizeof *run->confusion);
    run->tests = resume->tests;
    run->tested = resume->tested;
    run->done = (uint64_t)(resume->epoch - 1) * run->train_count + resume->image;
    for (uint32_t e = 1; e < resume->epoch; ++e) {
        *rate *= run->config->learning_rate_decay;
    }
    return resume->epoch;
}

static enum mca_status run_epochs(struct run *run, struct mca_error *error) {
    const struct mca_train_config *config = run->config;
    double rate = config->learning_rate;
    const uint32_t first = take_up(run, &rate);
    report(run, "init", first > config->epochs ? config->epochs : first); /* before: no training */
    const int stop = mca_observer_stop(run->observer);
    if (stop != 0) {
        return mca_fail(error, (enum mca_status)stop, "interrupted before the first image");
    }
    if (config->epochs == 0) {
        return test_untrained(run, error);
    }
    MCA_TRY(first > config->epochs ? run->keeper->restore(run->keeper->user, error) : MCA_OK);
    for (uint32_t e = first; e <= config->epochs; ++e) {
        struct mca_epoch_record *record = &run->records[e - 1];
        record->epoch = e;
        record->learning_rate = rate;
        MCA_TRY(train_epoch(run, e, record, error));
        const int is_due = e % config->test_every == 0 || e == config->epochs;
        MCA_TRY(test_epoch(run, record, is_due, error));
        MCA_TRY(pause(run, e + 1, 0, 1, error));
        rate *= config->learning_rate_decay;
    }
    return MCA_OK;
}

/* Multiply-accumulate operations of the training with every weight visited, for the digital
 * designs. */
static void count_macs(const struct run *run, struct mca_train_result *result) {
    const struct mca_program *program = mca_chip_program(run->chip);
    const uint64_t trained = mca_chip_stats_of(run->chip)->images;
    for (uint32_t i = 0; i < program->image_steps; ++i) {
        const struct mca_step *step = &program->steps[i];
        const uint64_t macs = mca_step_macs(mca_chip_network(run->chip), step);
        result->forward_macs += step->phase == MCA_PHASE_FORWARD ? result->images * macs : 0;
        result->backward_macs += step->phase == MCA_PHASE_BACKWARD ? trained * macs : 0;
        result->update_macs += step->phase == MCA_PHASE_UPDATE ? trained * macs : 0;
    }
}

/* What belongs to each layer and to none, and of the whole what is found so. */
static void fill_layers(const struct mca_chip *chip, struct mca_train_result *result) {
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        const uint32_t layer = i < result->layer_count ? i : MCA_NO_LAYER;
        struct mca_layer_result *to = &result->layers[i];
        to->part = *mca_chip_ledger_part(chip, layer);
        to->inventory = mca_chip_layer_inventory(mca_chip_config_of(chip), layer);
        if (layer != MCA_NO_LAYER) {
            to->devices_at_gmax = mca_chip_devices_at_gmax(chip, layer);
            to->wear = mca_chip_wear(chip, layer);
        }
        result->devices_at_gmax += to->devices_at_gmax;
        if (to->wear.max_writes_per_device > result->max_writes_per_device) {
            result->max_writes_per_device = to->wear.max_writes_per_device;
        }
    }
}

/* What an array of phases has for tests becomes that of forward work. */
static void move_tests(void *phases, size_t size) {
    char *forward = (char *)phases + MCA_PHASE_FORWARD * size;
    char *tests = (char *)phases + MCA_PHASE_TEST * size;
    memcpy(forward, tests, size);
    memset(tests, 0, size);
}

/* A test alone is what its run is about: its images are the run's. */
static void tell_test(const struct run *run, struct mca_train_result *result) {
    const struct mca_chip_stats *stats = mca_chip_stats_of(run->chip);
    struct mca_epoch_record *record = &result->epochs[0];
    move_tests(result->ledger.counts, sizeof result->ledger.counts[0]);
    move_tests(result->ledger.busy_ps, sizeof result->ledger.busy_ps[0]);
    move_tests(result->ledger.beside_ps, sizeof result->ledger.beside_ps[0]);
    move_tests(result->ledger.critical_ps, sizeof result->ledger.critical_ps[0]);
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        move_tests(result->layers[i].part.counts, sizeof result->layers[i].part.counts[0]);
        move_tests(result->layers[i].part.busy_ps, sizeof result->layers[i].part.busy_ps[0]);
        move_tests(result->layers[i].part.beside_ps, sizeof result->layers[i].part.beside_ps[0]);
    }
    result->images = result->tested_images;
    result->time_ps = result->ledger.critical_ps[MCA_PHASE_FORWARD];
    result->adc_clips = stats->test_clips;
    result->forward_macs_nonzero = stats->test_macs_nonzero;
    record->images = result->images;
    record->time_ps = result->time_ps;
    record->ledger = result->ledger;
}

static void fill_what_if(const struct run *run, struct mca_train_result *result) {
    const int is_test = run->config->epochs == 0;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        const enum mca_resource resource = (enum mca_resource)r;
        result->what_if_test_ps[r] = mca_chip_what_if_test_ps(run->chip, resource);
        result->what_if_ps[r] =
            is_test ? result->what_if_test_ps[r] : mca_chip_what_if_ps(run->chip, resource);
    }
}

static void fill_ages(const struct run *run, struct mca_train_result *result) {
    result->age_count = run->config->ageing.ages_s.count;
    result->age_seeds = run->config->ageing.seeds;
    result->aged_accuracy = run->aged_accuracy;
    memcpy(result->ages_s, run->ages_s, sizeof result->ages_s);
}

static void fill_result(const struct run *run, struct mca_layer_result *layers,
                        struct mca_train_result *result) {
    const struct mca_chip_stats *stats = mca_chip_stats_of(run->chip);
    const struct mca_chip_config *chip = mca_chip_config_of(run->chip);
    *result =
        (struct mca_train_result){.epoch_count = run->config->epochs ? run->config->epochs : 1,
                                  .epochs = run->records,
                                  .confusion = run->confusion,
                                  .images = stats->images,
                                  .time_ps = mca_chip_time_ps(run->chip),
                                  .init_time_ps = mca_chip_init_time_ps(run->chip),
                                  .test_latency_ps = mca_chip_test_latency_ps(run->chip),
                                  .ledger = mca_chip_ledger(run->chip),
                                  .layer_count = mca_chip_layer_count(run->chip),
                                  .layers = layers,
                                  .inventory = mca_chip_inventory(chip),
                                  .refreshed_pairs = stats->refreshed_pairs,
                                  .adc_clips = stats->adc_clips,
                                  .chi_saturations = stats->chi_saturations,
                                  .pulses_lost = stats->pulses_lost,
                                  .update_products = stats->update_products,
                                  .updates_lost = stats->updates_lost,
                                  .forward_macs_nonzero = stats->forward_macs_nonzero,
                                  .update_macs_nonzero = stats->update_macs_nonzero,
                                  .import = *mca_chip_import_stats(run->chip),
                                  .tested_images = run->tested};
    fill_ages(run, result);
    fill_what_if(run, result);
    fill_layers(run->chip, result);
    if (run->config->epochs == 0) {
        tell_test(run, result);
    }
    result->set_pulses = training_count(&result->ledger, MCA_COMPONENT_PCM_SET);
    result->reset_pulses = training_count(&result->ledger, MCA_COMPONENT_PCM_RESET);
    result->adc_conversions =
        mca_adc_ops_of(&chip->adc)->is_ideal
            ? 0
            : result->ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION] +
                  result->ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION];
    count_macs(run, result);
}

uint32_t mca_train_images(const struct mca_train_config *config, const struct mca_dataset *data) {
    return config->images ? config->images : data->train.count - config->validation_images;
}

/* Sizes of the three sets, refused where the data cannot give them. */
static enum mca_status choose_sets(struct run *run, struct mca_error *error) {
    const struct mca_train_config *config = run->config;
    const struct mca_dataset *data = run->data;
    const struct mca_network *network = mca_chip_network(run->chip);
    const uint32_t inputs = mca_network_inputs(network);
    const uint32_t outputs = mca_network_outputs(network);
    if (data->inputs != inputs) {
        return mca_fail(error, MCA_INVALID,
                        "network.layers: %u inputs, but %s has images of %u pixels", inputs,
                        data->name, data->inputs);
    }
    if (data->classes > outputs) {
        return mca_fail(error, MCA_INVALID, "network.layers: %u outputs, but %s has %u classes",
                        outputs, data->name, data->classes);
    }
    if (mca_augments(config) && mca_image_values(&data->train) != data->inputs) {
        return mca_fail(error, MCA_INVALID,
                        "train.augment_shift, train.augment_flip: %s does not tell the rows, "
                        "columns and channels of its %u pixels",
                        data->name, data->inputs);
    }
    if (config->validation_images >= data->train.count) {
        return mca_fail(error, MCA_INVALID,
                        "train.validation_images: %u leaves nothing of %u training images",
                        config->validation_images, data->train.count);
    }
    const uint32_t available = data->train.count - config->validation_images;
    if (config->images > available) {
        return mca_fail(error, MCA_INVALID, "train.images: %u is more than the %u there are",
                        config->images, available);
    }
    if (config->test_images > data->test.count) {
        return mca_fail(error, MCA_INVALID, "train.test_images: %u is more than the %u there are",
                        config->test_images, data->test.count);
    }
    run->train_count = mca_train_images(config, data);
    run->validation_count = config->validation_images;
    run->test_count = config->test_images ? config->test_images : data->test.count;
    run->total = (uint64_t)run->train_count * config->epochs;
    return MCA_OK;
}

enum mca_status mca_train(const struct mca_training *training, struct mca_train_result *result,
                          struct mca_error *error) {
    const struct mca_train_engine chip = {training->chip, start_on_chip, train_on_chip,
                                          end_on_chip};
    struct run run = {.chip = training->chip,
                      .engine = training->engine ? training->engine : &chip,
                      .config = training->config,
                      .data = training->data,
                      .observer = training->observer,
                      .keeper = training->keeper,
                      .threads = training->threads,
                      .tests = training->config->first_test};
    MCA_TRY(choose_sets(&run, error));
    const uint32_t tested =
        run.test_count > run.validation_count ? run.test_count : run.validation_count;
    run.records = calloc(run.config->epochs + (size_t)1, sizeof *run.records);
    run.confusion = calloc(confusion_count(&run), sizeof *run.confusion);
    run.order = malloc(run.train_count * sizeof *run.order);
    run.outcomes = malloc(run.train_count * sizeof *run.outcomes);
    run.predicted = malloc(tested * sizeof *run.predicted);
    const int augments = mca_augments(run.config);
    run.augmented = augments ? malloc(run.data->inputs) : NULL;
    const size_t aged = (size_t)run.config->ageing.ages_s.count * run.config->ageing.seeds;
    run.aged_accuracy = aged > 0 ? calloc(aged, sizeof *run.aged_accuracy) : NULL;
    struct mca_layer_result *layers = calloc(mca_chip_layer_count(run.chip) + 1u, sizeof *layers);
    enum mca_status status = MCA_OK;
    if (!run.records || !run.confusion || !run.order || !run.outcomes || !run.predicted ||
        !layers || (augments && !run.augmented) || (aged > 0 && !run.aged_accuracy)) {
        status = mca_fail_memory(error, "trainer");
    } else {
        status = run_epochs(&run, error);
    }
    if (status == MCA_OK) {
        status = test_ages(&run, error);
    }
    if (status == MCA_OK) {
        fill_result(&run, layers, result);
    } else {
        free(run.records);
        free(run.confusion);
        free(run.aged_accuracy);
        free(layers);
    }
    free(run.order);
    free(run.outcomes);
    free(run.predicted);
    free(run.augmented);
    return status;
}

int mca_is_test_alone(const struct mca_train_result *result) {
    return result->epoch_count == 1 && result->epochs[0].epoch == 0;
}

void mca_train_result_deinit(struct mca_train_result *result) {
    free(result->epochs);
    free(result->layers);
    free(result->confusion);
    free(result->aged_accuracy);
}
