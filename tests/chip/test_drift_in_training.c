/*
 * A chip whose devices drift while it trains: what they conduct is that of their times and of the
 * chip's, and ages in tests go on from there.
 */
#include <unistd.h>

#include "array/drifting.h"
#include "base/remove_tree.h"
#include "chip/chip.h"
#include "chip/chip_parts.h"
#include "chip/chip_state.h"
#include "chip/snapshot.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/checkpoint.h"
#include "train/weights_io.h"

enum { INPUTS = 64, HIDDEN = 70, CLASSES = 10, LAYERS = 2, IMAGES = 200 };

static const double T0_S = 1e-6;

static struct mca_chip_config chip_config(void) {
    const struct mca_u32_list layers = {3, {INPUTS, HIDDEN, CLASSES}};
    struct mca_chip_config config = mca_fixture_chip(&layers);
    config.tile.rows = 40; /* two rows of tiles */
    config.refresh.every_images = 20;
    config.refresh.high_us = 4.0;
    config.device.drift_in_training = 1;
    config.device.drift_training_t0_s = T0_S;
    return config;
}

static struct mca_chip *create(const struct mca_chip_config *config) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    return chip;
}

static void train(struct mca_chip *chip, uint32_t first, uint32_t count) {
    struct mca_error error;
    for (uint32_t i = first; i < first + count; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
}

static void classify(struct mca_chip *chip, uint32_t threads, uint16_t predicted[IMAGES]) {
    static uint8_t pixels[IMAGES * INPUTS];
    struct mca_error error;
    mca_fixture_images(INPUTS, CLASSES, 1000, IMAGES, pixels);
    assert_int_equal(mca_chip_infer(chip, pixels, IMAGES, 0, threads, predicted, &error), MCA_OK);
}

static void age(struct mca_chip *chip, double age_s, uint32_t seed) {
    const struct mca_ageing ageing = {age_s, seed};
    struct mca_error error;
    assert_int_equal(mca_chip_age(chip, &ageing, &error), MCA_OK);
}

/* Weighted by place. */
static uint64_t codes_of(const struct mca_chip *chip) {
    uint64_t sum = 0;
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_matrix *m = &chip->layers[l].matrix;
        for (size_t k = 0; k < m->rows * m->stride; ++k) {
            sum = sum * 31 + m->g[0][k] * 3u + m->g[1][k];
        }
    }
    return sum;
}

static uint64_t hash_of(const struct mca_chip *chip) {
    uint64_t hash;
    struct mca_error error;
    assert_int_equal(mca_chip_hash(chip, &hash, &error), MCA_OK);
    return hash;
}

/* Every device against G (age / t0)^-nu, its age being that at the chip's time and `later_s`, to
 * half a class and half a code. */
static void assert_law(const struct mca_chip *chip, double nu, double later_s) {
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_matrix *m = &chip->layers[l].matrix;
        for (uint32_t r = 0; r < m->rows; ++r) {
            for (uint32_t c = 0; c < 2 * m->cols; ++c) {
                const size_t cell = r * m->stride + c / 2;
                const double age_s =
                    ((double)mca_chip_time_ps(chip) - (double)m->drifting->at_ps[c & 1][cell]) *
                        1e-12 +
                    later_s;
                const double left = pow(age_s > T0_S ? age_s / T0_S : 1.0, -nu);
                const double law = m->drifting->programmed[c & 1][cell] * left;
                assert_near(m->g[c & 1][cell], law, law * (pow(1.1, nu / 2.0) - 1.0) + 0.5 + 1e-6);
            }
        }
    }
}

/* Devices that had no pulse but those of the initial weights are as old as the training; the others
 * were programmed at the end of an image. */
static void test_drift_in_training_is_of_times(void **state) {
    (void)state;
    const struct mca_chip_config config = chip_config();
    struct mca_chip *chip = create(&config);
    struct mca_chip *still = create(&config);
    uint16_t predicted[IMAGES];
    uint32_t initial = 0;
    uint32_t later = 0;
    train(chip, 0, 150);
    classify(chip, 1, predicted);
    assert_law(chip, 0.04, 0.0);
    assert_true(chip->stats.refreshed_pairs > 0);
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_matrix *m = &chip->layers[l].matrix;
        const struct mca_matrix *s = &still->layers[l].matrix;
        for (uint32_t r = 0; r < m->rows; ++r) {
            for (uint32_t c = 0; c < 2 * m->cols; ++c) {
                const size_t cell = r * m->stride + c / 2;
                const int is_initial = m->writes[c & 1][cell] == s->writes[c & 1][cell];
                const int64_t at_ps = m->drifting->at_ps[c & 1][cell];
                assert_true(is_initial ? at_ps == 0 : at_ps > 0);
                initial += (uint32_t)is_initial;
                later += (uint32_t)!is_initial;
            }
        }
    }
    assert_true(initial > 1000 && later > 1000);
    mca_chip_destroy(chip);
    mca_chip_destroy(still);
}

/* What the option does where nothing drifts: nothing, with an exponent of 0, with one so small that
 * devices are looked at and stay as they are, and with a t0 beyond the training. */
static void test_drift_in_training_without_exponent(void **state) {
    (void)state;
    uint64_t codes[4];
    uint64_t hashes[2];
    for (int i = 0; i < 4; ++i) {
        struct mca_chip_config config = chip_config();
        config.device.drift_in_training = i > 0;
        config.device.drift_nu = i == 1 ? 0.0 : i == 2 ? 1e-12 : 0.04;
        config.device.drift_training_t0_s = i == 3 ? 1.0 : T0_S;
        struct mca_chip *chip = create(&config);
        assert_true((chip->layers[0].matrix.drifting != NULL) == (i >= 2));
        train(chip, 0, 150);
        codes[i] = codes_of(chip) ^ mca_chip_time_ps(chip);
        if (i < 2) {
            hashes[i] = hash_of(chip);
        }
        mca_chip_destroy(chip);
    }
    assert_true(hashes[0] == hashes[1]);
    assert_true(codes[0] == codes[1] && codes[0] == codes[2] && codes[0] == codes[3]);
}

/* Ages go on from the devices' own; an age of 0 is the chip as it stands; and all is given back. */
static void test_drift_in_training_ages_go_on(void **state) {
    (void)state;
    const struct mca_chip_config config = chip_config();
    struct mca_chip *chip = create(&config);
    uint16_t before[IMAGES];
    uint16_t after[IMAGES];
    train(chip, 0, 150);
    classify(chip, 1, before);
    const uint64_t as_it_stands = codes_of(chip);
    age(chip, 0.0, 0);
    assert_true(codes_of(chip) == as_it_stands);
    age(chip, 2e-5, 0); /* about as much as the devices' own */
    assert_law(chip, 0.04, 2e-5);
    age(chip, 86400.0, 0);
    assert_law(chip, 0.04, 86400.0);
    classify(chip, 1, after); /* does not bring them back to the chip's time */
    assert_law(chip, 0.04, 86400.0);
    mca_chip_end_ageing(chip);
    assert_true(codes_of(chip) == as_it_stands);
    classify(chip, 1, after);
    assert_memory_equal(before, after, sizeof before);
    mca_chip_destroy(chip);
}

/* A device has the exponent at test that it had in training, whatever seed the test has; and the
 * seed still draws other 1/f noise. */
static void test_drift_in_training_exponents_stay(void **state) {
    (void)state;
    for (int flickers = 0; flickers < 2; ++flickers) {
        struct mca_chip_config config = chip_config();
        config.device.drift_nu_std = 0.02;
        config.device.flicker_noise = flickers;
        struct mca_chip *chip = create(&config);
        train(chip, 0, 50);
        age(chip, 3600.0, 0);
        const uint64_t first = codes_of(chip);
        age(chip, 3600.0, 1);
        assert_true((codes_of(chip) == first) == !flickers);
        mca_chip_end_ageing(chip);
        mca_chip_destroy(chip);
    }
}

/* Tests leave the training as it is, on any number of threads. */
static void test_drift_in_training_tests_change_nothing(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config();
    config.device.drift_nu_std = 0.02;
    struct mca_chip *tested = create(&config);
    struct mca_chip *other = create(&config);
    uint16_t predicted[2][IMAGES];
    for (uint32_t i = 0; i < 60; i += 10) {
        train(tested, i, 10);
        train(other, i, 10);
        classify(tested, 1, predicted[0]);
        classify(tested, 3, predicted[1]);
        assert_memory_equal(predicted[0], predicted[1], sizeof predicted[0]);
        if (i % 20 == 0) {
            age(tested, 1e4, 0);
            mca_chip_end_ageing(tested);
        }
    }
    classify(other, 1, predicted[1]);
    assert_memory_equal(predicted[0], predicted[1], sizeof predicted[0]);
    assert_true(codes_of(tested) == codes_of(other));
    mca_chip_destroy(tested);
    mca_chip_destroy(other);
}

/* A chip with the saved weights of another ages as that one does; without the arrays of drift its
 * devices count as programmed when they were loaded. */
static void test_drift_in_training_of_saved_weights(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-drift-XXXXXX";
    struct mca_chip_config config = chip_config();
    struct mca_error error;
    uint16_t predicted[2][IMAGES];
    config.device.drift_nu_std = 0.02;
    struct mca_chip *chip = create(&config);
    assert_non_null(mkdtemp(dir));
    train(chip, 0, 80);
    classify(chip, 1, predicted[0]);
    assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
    struct mca_chip *loaded = create(&config);
    assert_int_equal(mca_weights_load(loaded, dir, &error), MCA_OK);
    classify(loaded, 1, predicted[1]);
    assert_memory_equal(predicted[0], predicted[1], sizeof predicted[0]);
    assert_true(codes_of(loaded) == codes_of(chip));
    for (int i = 0; i < 3; ++i) {
        const double age_s = i == 0 ? 0.0 : i == 1 ? 1e-4 : 1e6;
        age(chip, age_s, 0);
        age(loaded, age_s, 0);
        assert_true(codes_of(loaded) == codes_of(chip));
        mca_chip_end_ageing(loaded);
    }
    mca_chip_end_ageing(chip);
    for (uint32_t l = 0; l < LAYERS; ++l) {
        static const char *const arrays[] = {"programmed_plus", "programmed_minus", "age_ps_plus",
                                             "age_ps_minus"};
        for (int a = 0; a < 4; ++a) {
            char path[96];
            (void)snprintf(path, sizeof path, "%s/layer%u_%s.npy", dir, l, arrays[a]);
            assert_int_equal(unlink(path), 0);
        }
    }
    assert_int_equal(mca_weights_load(loaded, dir, &error), MCA_OK);
    classify(loaded, 1, predicted[1]);
    assert_true(codes_of(loaded) == codes_of(chip));
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_matrix *m = &loaded->layers[l].matrix;
        assert_int_equal(m->drifting->at_ps[0][0], 0);
        assert_memory_equal(m->drifting->programmed[1], m->g[1], m->cells * sizeof(uint16_t));
    }
    mca_chip_destroy(chip);
    mca_chip_destroy(loaded);
    assert_int_equal(mca_remove_tree(dir), 0);
}

/* Times that cannot be are refused. */
static void test_drift_in_training_refuses_times(void **state) {
    (void)state;
    const struct mca_chip_config config = chip_config();
    struct mca_chip *chip = create(&config);
    struct mca_chip *to = create(&config);
    train(chip, 0, 20);
    struct mca_drifting *d = chip->layers[0].matrix.drifting;
    int64_t *at_ps = &d->at_ps[1][5];
    const int64_t was_ps = *at_ps;
    const int64_t now_ps = d->now_ps;
    const int64_t taken[] = {was_ps, now_ps, -MCA_DRIFT_TIME_MAX, MCA_DRIFT_SINCE_LOOK};
    const int64_t refused[] = {now_ps + 1, -MCA_DRIFT_TIME_MAX - 1, MCA_DRIFT_SINCE_LOOK - 1,
                               INT64_MIN};
    for (int i = 0; i < 4; ++i) {
        *at_ps = taken[i];
        assert_int_equal(load_chip_from(chip, to), MCA_OK);
        train(to, 20, 2);
        *at_ps = refused[i];
        assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    }
    *at_ps = was_ps;
    d->now_ps = -1;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    d->now_ps = INT64_MAX;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    d->now_ps = now_ps;
    d->programmed[0][5] = 40000;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    mca_chip_destroy(chip);
    mca_chip_destroy(to);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drift_in_training_is_of_times),
        cmocka_unit_test(test_drift_in_training_without_exponent),
        cmocka_unit_test(test_drift_in_training_ages_go_on),
        cmocka_unit_test(test_drift_in_training_exponents_stay),
        cmocka_unit_test(test_drift_in_training_tests_change_nothing),
        cmocka_unit_test(test_drift_in_training_of_saved_weights),
        cmocka_unit_test(test_drift_in_training_refuses_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
