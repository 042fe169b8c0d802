/* A run that stops between two images and goes on elsewhere ends as one that never stopped, byte
 * for byte; a file that is not whole or of another run is refused. */
#include "mca_fixture.h"
#include "mca_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "train/checkpoint.h"

enum { IMAGES = 47, EPOCHS = 3, PIXELS = 30 };

static const struct mca_u32_list WIDTHS = {3, {PIXELS, 20, 10}};

struct setup {
    struct mca_chip_config config;
    struct mca_train_config train;
    struct mca_dataset data;
    char dir[40];
    char path[64];
};

static struct setup make_setup(void) {
    struct setup s = {.config = mca_fixture_chip(&WIDTHS)};
    s.config.transfer.epsilon_us = 0.05; /* many pulses */
    s.config.refresh.every_images = 10;
    s.config.refresh.high_us = 1.0;
    s.config.timing.what_if = 1;
    s.train = (struct mca_train_config){.epochs = EPOCHS,
                                        .batch = 1,
                                        .learning_rate = 0.3,
                                        .learning_rate_decay = 0.8,
                                        .shuffle = 1,
                                        .test_every = 1,
                                        .validation_images = 5};
    s.data = (struct mca_dataset){.name = "made-up", .inputs = PIXELS, .classes = 10};
    struct mca_image_set *sets[] = {&s.data.train, &s.data.test};
    for (int k = 0; k < 2; ++k) {
        const uint32_t count = k == 0 ? IMAGES + 5 : 20;
        sets[k]->count = count;
        sets[k]->pixels = malloc((size_t)count * PIXELS);
        sets[k]->labels = malloc(count);
        for (uint32_t i = 0; i < count; ++i) {
            sets[k]->labels[i] = (uint8_t)mca_fixture_image(PIXELS, 10, 1000 * (uint32_t)k + i,
                                                            sets[k]->pixels + (size_t)i * PIXELS);
        }
    }
    (void)strcpy(s.dir, "/tmp/mca-checkpoint-XXXXXX");
    assert_non_null(mkdtemp(s.dir));
    (void)snprintf(s.path, sizeof s.path, "%s/checkpoint", s.dir);
    return s;
}

static void end_setup(struct setup *s) {
    mca_dataset_deinit(&s->data);
    (void)unlink(s->path);
    assert_int_equal(rmdir(s->dir), 0); /* nothing but the file was left there */
}

/* Stops a run after some images, by way of the keeper. */
struct stopper {
    const struct setup *setup;
    struct mca_chip *chip;
    struct mca_checkpoint_identity identity;
    struct mca_checkpoint from;
    uint64_t asked; /* after each image */
    uint64_t stop_at;
    int saves;
};

static int stop_now(void *user) {
    struct stopper *s = user;
    return ++s->asked == s->stop_at ? MCA_INTERRUPTED : 0;
}

static int never_due(void *user) {
    (void)user;
    return 0;
}

static enum mca_status save(void *user, const struct mca_train_place *place,
                            struct mca_error *error) {
    struct stopper *s = user;
    uint32_t mark = 77;
    const struct mca_checkpoint_extra extra = {&mark, sizeof mark};
    ++s->saves;
    return mca_checkpoint_save(s->setup->path, &s->identity, s->chip, place, &extra, error);
}

static enum mca_status restore(void *user, struct mca_error *error) {
    struct stopper *s = user;
    uint32_t mark = 0;
    const struct mca_checkpoint_extra extra = {&mark, sizeof mark};
    MCA_TRY(mca_checkpoint_restore(&s->from, s->chip, &extra, error));
    assert_int_equal(mark, 77);
    return MCA_OK;
}

/* Trains, from the checkpoint where `resumes`, until `stop_at` places were passed (0: to the end).
 */
static enum mca_status train(const struct setup *setup, int resumes, uint64_t stop_at,
                             struct mca_chip **chip, struct mca_train_result *result) {
    struct stopper s = {.setup = setup, .stop_at = stop_at};
    struct mca_error error = {""};
    assert_int_equal(mca_chip_create(&s.chip, &setup->config, &error), MCA_OK);
    s.identity = (struct mca_checkpoint_identity){1, 2, 3, 0};
    assert_int_equal(mca_chip_hash(s.chip, &s.identity.start, &error), MCA_OK);
    struct mca_train_keeper keeper = {&s, never_due, save, NULL, restore};
    if (resumes) {
        const enum mca_status status =
            mca_checkpoint_open(&s.from, setup->path, &s.identity, IMAGES, EPOCHS, &error);
        if (status != MCA_OK) {
            fail_msg("%s", error.message);
        }
        keeper.resume = &s.from.place;
    }
    const struct mca_observer observer = {.user = &s, .stop = stop_now};
    const struct mca_training training = {s.chip, NULL,      &setup->train, &setup->data,
                                          1,      &observer, &keeper};
    const enum mca_status status = mca_train(&training, result, &error);
    /* first it is asked before there is anything to save */
    assert_int_equal(s.saves, status == MCA_INTERRUPTED && stop_at > 1);
    mca_checkpoint_close(&s.from);
    *chip = s.chip;
    return status;
}

static void check_same(const struct mca_train_result *a, const struct mca_train_result *b,
                       const struct mca_chip *chip_a, const struct mca_chip *chip_b) {
    uint64_t hashes[2];
    assert_int_equal(mca_chip_hash(chip_a, &hashes[0], NULL), MCA_OK);
    assert_int_equal(mca_chip_hash(chip_b, &hashes[1], NULL), MCA_OK);
    assert_true(hashes[0] == hashes[1]);
    assert_int_equal(a->epoch_count, b->epoch_count);
    assert_memory_equal(&a->ledger, &b->ledger, sizeof a->ledger);
    assert_memory_equal(a->what_if_ps, b->what_if_ps, sizeof a->what_if_ps);
    assert_memory_equal(a->what_if_test_ps, b->what_if_test_ps, sizeof a->what_if_test_ps);
    assert_true(a->what_if_ps[MCA_RESOURCE_DPU] > 0 && a->what_if_test_ps[MCA_RESOURCE_ADC] > 0);
    assert_memory_equal(a->layers, b->layers, a->layer_count * sizeof *a->layers);
    assert_int_equal(a->tested_images, b->tested_images);
    for (uint32_t e = 0; e < a->epoch_count; ++e) {
        const struct mca_epoch_record *x = &a->epochs[e];
        const struct mca_epoch_record *y = &b->epochs[e];
        assert_true(x->train_loss == y->train_loss && x->learning_rate == y->learning_rate);
        assert_true(x->train_accuracy == y->train_accuracy);
        assert_true(x->test_accuracy == y->test_accuracy);
        assert_true(x->validation_accuracy == y->validation_accuracy);
        assert_int_equal(x->time_ps, y->time_ps);
        assert_memory_equal(&x->ledger, &y->ledger, sizeof x->ledger);
    }
}

/* Stops at every place in turn, and goes on from there with a chip made anew. */
static void check_every_place(struct setup *setup) {
    struct mca_chip *whole;
    struct mca_train_result wanted;
    struct mca_chip *unused;
    assert_int_equal(train(setup, 0, 1, &unused, &wanted), MCA_INTERRUPTED);
    mca_chip_destroy(unused);
    assert_int_equal(train(setup, 0, 0, &whole, &wanted), MCA_OK);
    uint64_t stops = 0;
    for (uint64_t at = 2;; ++at) {
        struct mca_chip *chip;
        struct mca_train_result got;
        const enum mca_status status = train(setup, 0, at, &chip, &got);
        mca_chip_destroy(chip);
        if (status == MCA_OK) {
            mca_train_result_deinit(&got);
            break; /* past the last place */
        }
        assert_int_equal(status, MCA_INTERRUPTED);
        ++stops;
        assert_int_equal(train(setup, 1, 0, &chip, &got), MCA_OK);
        check_same(&wanted, &got, whole, chip);
        mca_train_result_deinit(&got);
        mca_chip_destroy(chip);
    }
    assert_true(stops >= EPOCHS * (IMAGES + 2)); /* images, ends of epochs, after the tests */
    mca_train_result_deinit(&wanted);
    mca_chip_destroy(whole);
}

static void test_checkpoint_goes_on_from_every_place(void **state) {
    (void)state;
    struct setup setup = make_setup();
    check_every_place(&setup);
    end_setup(&setup);
}

static void test_checkpoint_within_mini_batches(void **state) {
    (void)state;
    struct setup setup = make_setup();
    setup.train.batch = 7; /* the last one of an epoch is short */
    check_every_place(&setup);
    end_setup(&setup);
}

static void test_checkpoint_of_float_arithmetic_and_odd_clocks(void **state) {
    (void)state;
    struct setup setup = make_setup();
    setup.config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    setup.config.dpu.clock_hz = 777777777;
    setup.config.transfer.fifo_depth = 2;
    setup.config.transfer.drivers = 3;
    setup.train.batch = 2;
    check_every_place(&setup);
    end_setup(&setup);
}

static void test_checkpoint_of_wide_chi_and_plain_rounding(void **state) {
    (void)state;
    struct setup setup = make_setup();
    setup.config.chi.bits = 20;
    setup.config.chi.frac_bits = 16;
    setup.config.dpu.rounding = MCA_ROUND_NEAREST;
    check_every_place(&setup);
    end_setup(&setup);
}

static void test_checkpoint_without_chi(void **state) {
    (void)state;
    for (unsigned arithmetic = 0; arithmetic < 2; ++arithmetic) {
        struct setup setup = make_setup();
        setup.config.transfer.mode = MCA_TRANSFER_DIRECT;
        setup.config.dpu.arithmetic = arithmetic;
        setup.train.batch = 3;
        check_every_place(&setup);
        end_setup(&setup);
    }
}

static void test_checkpoint_of_chi_by_columns(void **state) {
    (void)state;
    for (unsigned arithmetic = 0; arithmetic < 2; ++arithmetic) {
        struct setup setup = make_setup();
        setup.config.chi.layout = MCA_LAYOUT_COLUMNS;
        setup.config.dpu.arithmetic = arithmetic;
        check_every_place(&setup);
        end_setup(&setup);
    }
}

/* Which devices stick follows from their pulses. */
static void test_checkpoint_of_devices_that_stick(void **state) {
    (void)state;
    struct setup setup = make_setup();
    struct mca_chip *chip;
    struct mca_train_result result;
    setup.config.device.endurance_pulses = 3.0;
    setup.config.device.endurance_spread = 0.5;
    check_every_place(&setup);
    assert_int_equal(train(&setup, 0, 0, &chip, &result), MCA_OK);
    assert_true(result.layers[0].wear.stuck_devices > 50); /* and the ones that are written on */
    assert_true(mca_wear_trainings(&result.layers[0].wear) < 1.0);
    mca_train_result_deinit(&result);
    mca_chip_destroy(chip);
    end_setup(&setup);
}

/* Lists of devices by their ages are made anew of their times. */
static void test_checkpoint_of_devices_that_drift(void **state) {
    (void)state;
    for (uint32_t batch = 1; batch <= 7; batch += 6) {
        struct setup setup = make_setup();
        setup.config.device.drift_in_training = 1;
        setup.config.device.drift_nu_std = 0.02;
        setup.train.batch = batch;
        check_every_place(&setup);
        end_setup(&setup);
    }
}

static void test_checkpoint_of_continuous_devices(void **state) {
    (void)state;
    struct setup setup = make_setup();
    setup.config = mca_fixture_float(&WIDTHS); /* changes go straight to the weights */
    setup.config.timing.what_if = 1;
    setup.train.batch = 5; /* chi holds the sums of a mini-batch */
    check_every_place(&setup);
    end_setup(&setup);
}

/* The file's bytes. */
static unsigned char *read_all(const char *path, size_t *size) {
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    unsigned char *bytes = malloc((size_t)info.st_size);
    FILE *file = fopen(path, "rb");
    *size = fread(bytes, 1, (size_t)info.st_size, file);
    assert_int_equal(*size, info.st_size);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void write_all(const char *path, const unsigned char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static enum mca_status open_it(const struct setup *setup, struct mca_checkpoint_identity identity,
                               struct mca_error *error) {
    struct mca_checkpoint checkpoint;
    const enum mca_status status =
        mca_checkpoint_open(&checkpoint, setup->path, &identity, IMAGES, EPOCHS, error);
    mca_checkpoint_close(&checkpoint);
    return status;
}

static void test_checkpoint_refuses_what_is_damaged(void **state) {
    (void)state;
    struct setup setup = make_setup();
    struct mca_chip *chip;
    struct mca_train_result result;
    struct mca_error error;
    size_t size;
    assert_int_equal(train(&setup, 0, 60, &chip, &result), MCA_INTERRUPTED);
    mca_chip_destroy(chip);
    assert_int_equal(mca_chip_create(&chip, &setup.config, &error), MCA_OK);
    struct mca_checkpoint_identity identity = {1, 2, 3, 0};
    assert_int_equal(mca_chip_hash(chip, &identity.start, &error), MCA_OK);
    mca_chip_destroy(chip);
    assert_int_equal(open_it(&setup, identity, &error), MCA_OK);
    unsigned char *bytes = read_all(setup.path, &size);
    const struct mca_rng rng = mca_rng_stream(5, MCA_RNG_SWEEP);
    for (uint32_t i = 0; i < 400; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, 0, 0, words);
        const size_t place = i < 100 ? i : words[0] % size; /* the header, and anywhere */
        bytes[place] ^= (unsigned char)(1u << words[1] % 8);
        write_all(setup.path, bytes, size);
        assert_int_equal(open_it(&setup, identity, &error), MCA_INVALID);
        bytes[place] ^= (unsigned char)(1u << words[1] % 8);
        const size_t length = words[2] % size; /* cut short */
        write_all(setup.path, bytes, length);
        assert_int_equal(open_it(&setup, identity, &error), MCA_INVALID);
        assert_non_null(strstr(error.message, setup.path));
    }
    write_all(setup.path, bytes, size);
    assert_int_equal(open_it(&setup, identity, &error), MCA_OK);
    free(bytes);
    end_setup(&setup);
}

/* The last test of a network with 1,024 classes, as many as there may be, has 1,048,576 counts; the
 * first and the last epoch may be under way, with all images of it or none. */
static void test_checkpoint_holds_places_at_their_limits(void **state) {
    (void)state;
    static uint32_t confusion[1048577];
    static struct mca_epoch_record records[EPOCHS + 1];
    static struct mca_image_outcome outcomes[IMAGES + 1];
    static const struct {
        uint32_t epoch;
        uint32_t image;
        uint64_t count;
        enum mca_status status;
    } cases[] = {{1, 0, 1048576, MCA_OK},        {1, 0, 1048577, MCA_INVALID},
                 {EPOCHS, IMAGES, 0, MCA_OK},    {EPOCHS, IMAGES + 1, 0, MCA_INVALID},
                 {EPOCHS + 1, 0, 0, MCA_OK},     {EPOCHS + 1, 1, 0, MCA_INVALID},
                 {EPOCHS + 2, 0, 0, MCA_INVALID}};
    struct setup setup = make_setup();
    const struct mca_checkpoint_identity identity = {1, 2, 3, 4};
    const struct mca_checkpoint_extra none = {NULL, 0};
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create(&chip, &setup.config, &error), MCA_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_train_place place = {.epoch = cases[i].epoch,
                                              .image = cases[i].image,
                                              .records = records,
                                              .outcomes = outcomes,
                                              .confusion = confusion,
                                              .confusion_count = cases[i].count};
        assert_int_equal(mca_checkpoint_save(setup.path, &identity, chip, &place, &none, &error),
                         MCA_OK);
        assert_int_equal(open_it(&setup, identity, &error), cases[i].status);
    }
    mca_chip_destroy(chip);
    end_setup(&setup);
}

static void test_checkpoint_refuses_another_run(void **state) {
    (void)state;
    static const char *const what[] = {"build of mcasim", "scenario or seed", "data set",
                                       "set of initial weights"};
    struct setup setup = make_setup();
    struct mca_chip *chip;
    struct mca_train_result result;
    struct mca_error error;
    assert_int_equal(train(&setup, 0, 10, &chip, &result), MCA_INTERRUPTED);
    mca_chip_destroy(chip);
    assert_int_equal(mca_chip_create(&chip, &setup.config, &error), MCA_OK);
    uint64_t start;
    assert_int_equal(mca_chip_hash(chip, &start, &error), MCA_OK);
    mca_chip_destroy(chip);
    for (int i = 0; i < 4; ++i) {
        uint64_t numbers[] = {1, 2, 3, start};
        ++numbers[i];
        const struct mca_checkpoint_identity other = {numbers[0], numbers[1], numbers[2],
                                                      numbers[3]};
        assert_int_equal(open_it(&setup, other, &error), MCA_INVALID);
        assert_non_null(strstr(error.message, what[i]));
    }
    /* a place beyond a shorter run */
    struct mca_checkpoint checkpoint;
    const struct mca_checkpoint_identity same = {1, 2, 3, start};
    assert_int_equal(mca_checkpoint_open(&checkpoint, setup.path, &same, 5, EPOCHS, &error),
                     MCA_INVALID);
    mca_checkpoint_close(&checkpoint);
    end_setup(&setup);
}

/* What fails leaves the file of before. */
static void test_checkpoint_save_keeps_the_older_file(void **state) {
    (void)state;
    struct setup setup = make_setup();
    struct mca_chip *chip;
    struct mca_error error;
    const struct mca_checkpoint_identity identity = {1, 2, 3, 4};
    const struct mca_checkpoint_extra none = {NULL, 0};
    const struct mca_train_place place = {.epoch = 1};
    assert_int_equal(mca_chip_create(&chip, &setup.config, &error), MCA_OK);
    assert_int_equal(mca_checkpoint_save(setup.path, &identity, chip, &place, &none, &error),
                     MCA_OK);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {100, limit.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum mca_status status =
        mca_checkpoint_save(setup.path, &identity, chip, &place, &none, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(status, MCA_SYSTEM);
    assert_int_equal(open_it(&setup, identity, &error), MCA_OK);
    assert_int_equal(mca_checkpoint_save("/nowhere/x", &identity, chip, &place, &none, &error),
                     MCA_SYSTEM);
    mca_chip_destroy(chip);
    end_setup(&setup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checkpoint_goes_on_from_every_place),
        cmocka_unit_test(test_checkpoint_within_mini_batches),
        cmocka_unit_test(test_checkpoint_of_float_arithmetic_and_odd_clocks),
        cmocka_unit_test(test_checkpoint_of_wide_chi_and_plain_rounding),
        cmocka_unit_test(test_checkpoint_without_chi),
        cmocka_unit_test(test_checkpoint_of_chi_by_columns),
        cmocka_unit_test(test_checkpoint_of_devices_that_stick),
        cmocka_unit_test(test_checkpoint_of_devices_that_drift),
        cmocka_unit_test(test_checkpoint_of_continuous_devices),
        cmocka_unit_test(test_checkpoint_refuses_what_is_damaged),
        cmocka_unit_test(test_checkpoint_holds_places_at_their_limits),
        cmocka_unit_test(test_checkpoint_refuses_another_run),
        cmocka_unit_test(test_checkpoint_save_keeps_the_older_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
