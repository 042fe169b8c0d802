/* Mini-batches that an epoch's images do not fill. */
#include "mca_fixture.h"
#include "mca_test.h"

#include <math.h>

#include "chip/view.h"
#include "train/augment.h"
#include "train/trainer.h"

enum { PIXELS = 12, CLASSES = 4 };

static const struct mca_u32_list WIDTHS = {3, {PIXELS, 7, CLASSES}};

/* `count` images: the same one again and again, or one prototype after the other. */
static struct mca_dataset images(uint32_t count, int same) {
    struct mca_dataset data = {.name = "made-up", .inputs = PIXELS, .classes = CLASSES};
    struct mca_image_set *sets[] = {&data.train, &data.test};
    for (int k = 0; k < 2; ++k) {
        sets[k]->count = count;
        sets[k]->pixels = malloc((size_t)count * PIXELS);
        sets[k]->labels = malloc(count);
        for (uint32_t i = 0; i < count; ++i) {
            sets[k]->labels[i] = (uint8_t)mca_fixture_image(PIXELS, CLASSES, same ? 3 : i,
                                                            sets[k]->pixels + (size_t)i * PIXELS);
        }
    }
    return data;
}

static struct mca_train_config epochs(uint32_t count, uint32_t batch) {
    return (struct mca_train_config){.epochs = count,
                                     .batch = batch,
                                     .learning_rate = 0.5,
                                     .learning_rate_decay = 0.9,
                                     .shuffle = 0,
                                     .test_every = 1};
}

/* A chip trained on `count` images an epoch; the caller destroys it. */
static struct mca_chip *train(const struct mca_chip_config *config,
                              const struct mca_train_config *train, uint32_t count, int same) {
    struct mca_error error;
    struct mca_chip *chip;
    struct mca_dataset data = images(count, same);
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    const struct mca_training training = {
        .chip = chip, .config = train, .data = &data, .threads = 1};
    struct mca_train_result result;
    assert_int_equal(mca_train(&training, &result, &error), MCA_OK);
    mca_train_result_deinit(&result);
    mca_dataset_deinit(&data);
    return chip;
}

static void assert_same_weights(const struct mca_chip *a, const struct mca_chip *b, double bound) {
    for (uint32_t l = 0; l < mca_chip_layer_count(a); ++l) {
        const struct mca_matrix *x = mca_chip_layer(a, l).matrix;
        for (uint32_t r = 0; r < x->rows; ++r) {
            for (uint32_t c = 0; c < x->cols; ++c) {
                const double difference = mca_matrix_weight_us(x, r, c) -
                                          mca_matrix_weight_us(mca_chip_layer(b, l).matrix, r, c);
                assert_true(fabs(difference) <= bound);
            }
        }
    }
}

/* The mean over copies of one image is that image's: however many there are in each mini-batch, a
 * mini-batch is one step. Seven in batches of three are three steps, of which the last is one
 * image's.
 */
static void test_trainer_averages_over_the_images_there_are(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    const struct mca_train_config batches = epochs(2, 3);
    const struct mca_train_config one = epochs(2, 1);
    static const uint32_t counts[] = {7, 8, 9, 2};
    static const uint32_t steps[] = {3, 3, 3, 1};
    for (size_t i = 0; i < 4; ++i) {
        struct mca_chip *chip = train(&config, &batches, counts[i], 1);
        struct mca_chip *stepped = train(&config, &one, steps[i], 1);
        assert_same_weights(chip, stepped, 1e-10);
        mca_chip_destroy(chip);
        mca_chip_destroy(stepped);
    }
}

/* A mini-batch larger than the epoch is the epoch: the same bytes, pulses and refreshes. */
static void test_trainer_batch_beyond_the_epoch(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 0.2;
    config.refresh.every_images = 10;
    config.refresh.high_us = 0.5;
    const struct mca_train_config beyond = epochs(3, 1000);
    const struct mca_train_config epoch = epochs(3, 20);
    struct mca_chip *chip = train(&config, &beyond, 20, 0);
    struct mca_chip *same = train(&config, &epoch, 20, 0);
    assert_same_weights(chip, same, 0.0);
    assert_int_equal(mca_chip_stats_of(chip)->refreshes, 3);
    assert_true(mca_chip_stats_of(chip)->refreshed_pairs > 0);
    assert_int_equal(mca_chip_stats_of(same)->refreshed_pairs,
                     mca_chip_stats_of(chip)->refreshed_pairs);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const struct mca_ledger other = mca_chip_ledger(same);
    assert_memory_equal(&ledger, &other, sizeof ledger);
    mca_chip_destroy(chip);
    mca_chip_destroy(same);
}

/* A refresh that is due at the end of an epoch comes there, where its last mini-batch is not full.
 */
static void test_trainer_refreshes_where_an_epoch_ends(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 14;
    const struct mca_train_config batches = epochs(1, 10);
    struct mca_chip *chip = train(&config, &batches, 13, 0);
    assert_int_equal(mca_chip_stats_of(chip)->refreshes, 0);
    mca_chip_destroy(chip);
    chip = train(&config, &batches, 14, 0);
    assert_int_equal(mca_chip_stats_of(chip)->refreshes, 1);
    mca_chip_destroy(chip);
    const struct mca_train_config twice = epochs(2, 10); /* the period begins anew */
    chip = train(&config, &twice, 14, 0);
    assert_int_equal(mca_chip_stats_of(chip)->refreshes, 2);
    mca_chip_destroy(chip);
}

/* Operations of the same training in a digital design, by hand. Each row, the bias row among them,
 * is multiplied by each output; no error goes back to the image nor to a bias. Where inputs of 0
 * are skipped, lit pixels count alone; the hidden units stay near 0.5 and all count. */
static void test_trainer_counts_operations_by_hand(void **state) {
    (void)state;
    enum { COUNT = 9, EPOCHS = 2, HIDDEN = 7 };
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.network.init_gain = 0.0;
    struct mca_train_config small = epochs(EPOCHS, 1);
    small.learning_rate = 0.001;
    struct mca_dataset data = images(COUNT, 0);
    uint64_t lit = 0;
    for (uint32_t i = 0; i < COUNT * PIXELS; ++i) {
        lit += data.train.pixels[i] != 0;
    }
    struct mca_error error;
    struct mca_chip *chip;
    struct mca_train_result result;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    const struct mca_training training = {
        .chip = chip, .config = &small, .data = &data, .threads = 1};
    assert_int_equal(mca_train(&training, &result, &error), MCA_OK);
    const uint64_t all = EPOCHS * COUNT * ((PIXELS + 1) * HIDDEN + (HIDDEN + 1) * CLASSES);
    const uint64_t nonzero =
        EPOCHS * ((lit + COUNT) * HIDDEN + COUNT * (uint64_t)((HIDDEN + 1) * CLASSES));
    assert_int_equal(result.forward_macs, all);
    assert_int_equal(result.update_macs, all);
    assert_int_equal(result.backward_macs, EPOCHS * COUNT * HIDDEN * CLASSES);
    assert_true(lit > 0 && nonzero < all);
    assert_int_equal(result.forward_macs_nonzero, nonzero);
    assert_int_equal(result.update_macs_nonzero, nonzero);
    mca_train_result_deinit(&result);
    mca_dataset_deinit(&data);
    mca_chip_destroy(chip);
}

enum { SEEN_MAX = 32 };

/* An engine that only looks at the images it is given. */
struct seen {
    uint32_t count;
    const uint8_t *at[SEEN_MAX];
    uint8_t pixels[SEEN_MAX][PIXELS];
};

static enum mca_status see_start(void *user, double rate, uint32_t batch, struct mca_error *error) {
    (void)user;
    (void)rate;
    (void)batch;
    (void)error;
    return MCA_OK;
}

static enum mca_status see_image(void *user, const uint8_t *pixels, uint32_t label,
                                 struct mca_image_outcome *outcome, struct mca_error *error) {
    struct seen *seen = user;
    (void)label;
    (void)error;
    assert_true(seen->count < SEEN_MAX);
    seen->at[seen->count] = pixels;
    memcpy(seen->pixels[seen->count++], pixels, PIXELS);
    *outcome = (struct mca_image_outcome){0};
    return MCA_OK;
}

static enum mca_status see_end(void *user, struct mca_error *error) {
    (void)user;
    (void)error;
    return MCA_OK;
}

static enum mca_status show(const struct mca_train_config *config, const struct mca_dataset *data,
                            struct seen *seen) {
    struct mca_chip_config of = mca_fixture_chip(&WIDTHS);
    struct mca_error error;
    struct mca_chip *chip;
    struct mca_train_result result;
    const struct mca_train_engine engine = {seen, see_start, see_image, see_end};
    seen->count = 0;
    assert_int_equal(mca_chip_create(&chip, &of, &error), MCA_OK);
    const struct mca_training training = {
        .chip = chip, .engine = &engine, .config = config, .data = data, .threads = 1};
    const enum mca_status status = mca_train(&training, &result, &error);
    if (status == MCA_OK) {
        mca_train_result_deinit(&result);
    }
    mca_chip_destroy(chip);
    return status;
}

/* The engine gets each image as it is drawn for its epoch; without augmentation the data set's own
 * bytes, where they lie. */
static void test_trainer_augments_what_it_trains_on(void **state) {
    (void)state;
    enum { COUNT = 5, EPOCHS = 3 };
    struct mca_train_config config = epochs(EPOCHS, 1);
    struct mca_dataset data = images(COUNT, 0);
    struct seen seen;
    const uint64_t seed = mca_fixture_chip(&WIDTHS).seed;
    data.train.rows = 3;
    data.train.cols = 2;
    data.train.channels = 2;
    assert_int_equal(show(&config, &data, &seen), MCA_OK);
    assert_int_equal(seen.count, COUNT * EPOCHS);
    for (uint32_t i = 0; i < seen.count; ++i) {
        assert_ptr_equal(seen.at[i], data.train.pixels + (size_t)(i % COUNT) * PIXELS);
    }
    config.augment_shift = 1;
    config.augment_flip = 1;
    assert_int_equal(show(&config, &data, &seen), MCA_OK);
    assert_int_equal(seen.count, COUNT * EPOCHS);
    for (uint32_t i = 0; i < seen.count; ++i) {
        uint8_t wanted[PIXELS];
        mca_augment_image(&config, seed, &data.train, i % COUNT, 1 + i / COUNT, wanted);
        assert_memory_equal(seen.pixels[i], wanted, PIXELS);
    }
    data.train.channels = 1; /* no longer all of an image */
    assert_int_equal(show(&config, &data, &seen), MCA_INVALID);
    mca_dataset_deinit(&data);
}

/* A test alone: nothing changes, its images are the run's and its work is forward; what each class
 * was taken for adds up, and gives the accuracy. */
static void test_trainer_tests_alone(void **state) {
    (void)state;
    enum { COUNT = 37 };
    const struct mca_chip_config of = mca_fixture_chip(&WIDTHS);
    struct mca_train_config config = epochs(0, 1);
    struct mca_dataset data = images(COUNT, 0);
    struct mca_train_result result;
    struct mca_error error;
    struct mca_chip *chip;
    struct mca_chip *same;
    assert_int_equal(mca_chip_create(&chip, &of, &error), MCA_OK);
    assert_int_equal(mca_chip_create(&same, &of, &error), MCA_OK);
    const struct mca_training training = {
        .chip = chip, .config = &config, .data = &data, .threads = 1};
    assert_int_equal(mca_train(&training, &result, &error), MCA_OK);
    assert_same_weights(chip, same, 0.0);
    assert_true(mca_is_test_alone(&result));
    assert_int_equal(result.epoch_count, 1);
    assert_int_equal(result.images, COUNT);
    assert_int_equal(result.tested_images, COUNT);
    assert_int_equal(result.forward_macs, COUNT * (13 * 7 + 8 * 4));
    assert_int_equal(result.backward_macs + result.update_macs, 0);
    assert_int_equal(result.time_ps, result.ledger.critical_ps[MCA_PHASE_FORWARD]);
    assert_true(result.time_ps >= result.test_latency_ps && result.test_latency_ps > 0);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        assert_int_equal(result.ledger.counts[MCA_PHASE_TEST][c], 0);
        assert_int_equal(result.ledger.counts[MCA_PHASE_BACKWARD][c], 0);
    }
    /* 7 and 4 outputs, each in one tile */
    assert_int_equal(result.ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION],
                     COUNT * (7 + 4));
    uint64_t right = 0;
    for (uint32_t k = 0; k < CLASSES; ++k) {
        uint64_t of_class = 0;
        uint64_t wanted = 0;
        for (uint32_t i = 0; i < COUNT; ++i) {
            wanted += data.test.labels[i] == k;
        }
        for (uint32_t other_class = 0; other_class < CLASSES; ++other_class) {
            of_class += result.confusion[k * CLASSES + other_class];
        }
        assert_int_equal(of_class, wanted);
        right += result.confusion[k * CLASSES + k];
    }
    assert_true(result.epochs[0].test_accuracy == (double)right / COUNT);
    assert_true(isnan(result.epochs[0].train_accuracy));
    mca_train_result_deinit(&result);
    mca_chip_destroy(chip);
    mca_chip_destroy(same);
    mca_dataset_deinit(&data);
}

/* Sets that the data cannot give are refused by the key that asks for them; what fits just so is
 * not. */
static void test_trainer_refuses_sets(void **state) {
    (void)state;
    enum { COUNT = 20 };
    const struct {
        struct mca_u32_list widths;
        uint32_t validation, images, test;
        const char *message; /* NULL: it trains */
    } cases[] = {
        {{2, {PIXELS, CLASSES}}, COUNT - 1, 1, COUNT, NULL},
        {{2, {PIXELS, CLASSES + 1}}, 5, COUNT - 5, 1, NULL},
        {{2, {PIXELS, CLASSES}}, 5, COUNT - 4, 0, "train.images: 16 is more than the 15 there are"},
        {{2, {PIXELS, CLASSES}},
         COUNT,
         0,
         0,
         "train.validation_images: 20 leaves nothing of 20 training images"},
        {{2, {PIXELS, CLASSES}},
         0,
         0,
         COUNT + 1,
         "train.test_images: 21 is more than the 20 there are"},
        {{2, {PIXELS + 1, CLASSES}},
         0,
         0,
         0,
         "network.layers: 13 inputs, but made-up has images of 12 pixels"},
        {{2, {PIXELS, CLASSES - 1}},
         0,
         0,
         0,
         "network.layers: 3 outputs, but made-up has 4 classes"}};
    struct mca_dataset data = images(COUNT, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_chip_config config = mca_fixture_float(&cases[i].widths);
        struct mca_train_config once = epochs(1, 1);
        struct mca_train_result result;
        struct mca_error error;
        struct mca_chip *chip;
        once.validation_images = cases[i].validation;
        once.images = cases[i].images;
        once.test_images = cases[i].test;
        assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
        const struct mca_training training = {
            .chip = chip, .config = &once, .data = &data, .threads = 1};
        const enum mca_status status = mca_train(&training, &result, &error);
        assert_int_equal(status, cases[i].message ? MCA_INVALID : MCA_OK);
        if (cases[i].message) {
            assert_string_equal(error.message, cases[i].message);
        } else {
            assert_int_equal(result.images, cases[i].images);
            mca_train_result_deinit(&result);
        }
        mca_chip_destroy(chip);
    }
    mca_dataset_deinit(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trainer_averages_over_the_images_there_are),
        cmocka_unit_test(test_trainer_batch_beyond_the_epoch),
        cmocka_unit_test(test_trainer_refreshes_where_an_epoch_ends),
        cmocka_unit_test(test_trainer_counts_operations_by_hand),
        cmocka_unit_test(test_trainer_augments_what_it_trains_on),
        cmocka_unit_test(test_trainer_tests_alone),
        cmocka_unit_test(test_trainer_refuses_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
