/* Devices that have had their pulses: what they do, how many there are, when the first comes. */
#include "chip/chip_state.h"
#include "chip/snapshot.h"
#include "chip/trained_chip.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/checkpoint.h"

enum { INPUTS = 60, CLASSES = 10 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, 20, CLASSES}};

static struct mca_chip_config config_of(double endurance_pulses, double endurance_spread) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.device.endurance_pulses = endurance_pulses;
    config.device.endurance_spread = endurance_spread;
    config.refresh.every_images = 20;
    config.refresh.high_us = 3.0;
    return config;
}

/* Images number `from` to `to`; how many were classified right before their update. */
static uint32_t train(struct mca_chip *chip, uint32_t from, uint32_t to) {
    struct mca_error error;
    uint32_t right = 0;
    for (uint32_t i = from; i < to; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        right += outcome.predicted == label;
    }
    return right;
}

/* Copies of the devices' counters and conductances, by layer and side. */
struct copy {
    uint32_t *writes[2][2];
    uint16_t *g[2][2];
};

static void *copy_of(const void *data, size_t size) {
    void *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, data, size);
    return copy;
}

static struct copy take(const struct mca_chip *chip) {
    struct copy copy;
    for (int l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &chip->layers[l].matrix;
        for (int side = 0; side < 2; ++side) {
            copy.writes[l][side] = copy_of(x->writes[side], x->cells * sizeof(uint32_t));
            copy.g[l][side] = copy_of(x->g[side], x->cells * sizeof(uint16_t));
        }
    }
    return copy;
}

static void drop(struct copy *copy) {
    for (int i = 0; i < 4; ++i) {
        free(copy->writes[i / 2][i % 2]);
        free(copy->g[i / 2][i % 2]);
    }
}

typedef void visit(void *user, const struct mca_matrix *x, int layer, int side, size_t cell,
                   uint64_t endurance);

static void each_device(const struct mca_chip *chip, visit *see, void *user) {
    for (int l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &chip->layers[l].matrix;
        for (uint32_t r = 0; r < x->rows; ++r) {
            for (uint32_t c = 0; c < x->cols; ++c) {
                for (int side = 0; side < 2; ++side) {
                    const uint64_t place = x->first_device + 2 * (r * x->cols + c) + (uint64_t)side;
                    see(user, x, l, side, r * x->stride + c,
                        mca_device_endurance(&chip->device, place));
                }
            }
        }
    }
}

struct stuck {
    const struct copy *then;
    uint64_t count[2]; /* that have had their pulses by now */
    uint64_t held;     /* of those that had them then, which pulses were sent to since */
    uint64_t written;  /* pulses, all in all */
    int is_moved;      /* one of those has another conductance */
};

static void look(void *user, const struct mca_matrix *x, int layer, int side, size_t cell,
                 uint64_t endurance) {
    struct stuck *s = user;
    const uint32_t writes = x->writes[side][cell];
    const uint32_t then = s->then->writes[layer][side][cell];
    s->count[layer] += writes >= endurance;
    s->held += then >= endurance && writes > then;
    s->written += writes;
    s->is_moved |= then >= endurance && x->g[side][cell] != s->then->g[layer][side][cell];
}

/* Devices that have had their pulses stay as they are, are sent pulses all the same, and every
 * pulse is counted and charged: the ledger's are the devices'. */
static void test_wear_stuck_devices_stay_and_pulses_are_charged(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(10.0, 0.4);
    struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
    (void)train(chip, 0, 400);
    struct copy then = take(chip);
    (void)train(chip, 400, 800);
    struct stuck s = {.then = &then};
    each_device(chip, look, &s);
    assert_false(s.is_moved);
    assert_true(s.held > 50);
    uint64_t charged = 0;
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        charged +=
            ledger.counts[p][MCA_COMPONENT_PCM_SET] + ledger.counts[p][MCA_COMPONENT_PCM_RESET];
    }
    assert_int_equal(s.written, charged);
    for (uint32_t l = 0; l < 2; ++l) {
        assert_int_equal(mca_chip_wear(chip, l).stuck_devices, s.count[l]);
    }
    drop(&then);
    mca_chip_destroy(chip);
}

struct first {
    const struct copy *before;
    double trainings[2];
    uint64_t most[2];
};

static void find_first(void *user, const struct mca_matrix *x, int layer, int side, size_t cell,
                       uint64_t endurance) {
    struct first *f = user;
    const double before = f->before->writes[layer][side][cell];
    const double writes = x->writes[side][cell];
    if (writes > before) {
        const double trainings = fmax((double)endurance - before, 0.0) / (writes - before);
        f->trainings[layer] = fmin(f->trainings[layer], trainings);
    }
    f->most[layer] =
        x->writes[side][cell] > f->most[layer] ? x->writes[side][cell] : f->most[layer];
}

static void check_first(const struct mca_chip *chip, const struct copy *before) {
    struct first f = {before, {(double)INFINITY, (double)INFINITY}, {0, 0}};
    each_device(chip, find_first, &f);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_wear wear = mca_chip_wear(chip, l);
        assert_true(isfinite(f.trainings[l]));
        assert_near(mca_wear_trainings(&wear), f.trainings[l], 0.0);
        assert_int_equal(wear.max_writes_per_device, f.most[l]);
        assert_true(wear.first_worn_before > 0);
    }
}

/* The device that sticks first, from all devices' own counters before and after the training; with
 * a spread it is seldom the one that was written most. */
static void test_wear_first_device_by_hand(void **state) {
    (void)state;
    for (int spread = 0; spread < 2; ++spread) {
        const struct mca_chip_config config = config_of(1e8, spread);
        struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
        struct copy before = take(chip);
        for (uint32_t l = 0; l < 2; ++l) { /* nothing is worn before the training */
            const struct mca_wear wear = mca_chip_wear(chip, l);
            assert_true(isinf(mca_wear_trainings(&wear)));
            assert_int_equal(wear.stuck_devices, 0);
        }
        (void)train(chip, 0, 300);
        check_first(chip, &before);
        drop(&before);
        mca_chip_destroy(chip);
    }
}

/* Weights from outside: what their devices had is of before the training, whatever this chip's own
 * initial weights took; of a device that has had its pulses already nothing is left. */
static void test_wear_of_weights_from_outside(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(1000.0, 0.3);
    struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
    struct mca_error error;
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &chip->layers[l].matrix;
        for (uint32_t r = 0; r < x->rows; ++r) {
            for (uint32_t c = 0; c < x->cols; ++c) {
                const struct mca_device_state device = {3000, 2, l == 0 ? 400 + r + c : 3000 + c};
                mca_chip_put_device(chip, l, r, c, (int)((r + c) % 2), device);
            }
        }
    }
    assert_int_equal(mca_chip_begin_wear(chip, &error), MCA_OK);
    struct copy before = take(chip);
    (void)train(chip, 0, 300);
    check_first(chip, &before);
    const struct mca_wear wear = mca_chip_wear(chip, 1);
    assert_near(mca_wear_trainings(&wear), 0.0, 0.0);
    drop(&before);
    mca_chip_destroy(chip);
}

/* What programs weights of other programs, with pulses of its own, is of before the training too.
 */
static void test_wear_of_plain_weights(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(1e8, 0.0);
    double weights[(INPUTS + 1) * 20];
    for (size_t i = 0; i < sizeof weights / sizeof weights[0]; ++i) {
        weights[i] = 0.3 * sin((double)i);
    }
    const struct mca_given_weights given = {.layers = {weights}};
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create_with(&chip, &config, &given, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.5, 1);
    struct copy before = take(chip);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_wear wear = mca_chip_wear(chip, l);
        assert_true(isinf(mca_wear_trainings(&wear)));
        assert_true(wear.max_writes_per_device > 1);
    }
    (void)train(chip, 0, 300);
    check_first(chip, &before);
    drop(&before);
    mca_chip_destroy(chip);
}

/* Endurance that is not reached changes nothing. */
static void test_wear_that_is_far_off_changes_nothing(void **state) {
    (void)state;
    static const double kinds[][2] = {{1e8, 0.0}, {1e12, 0.0}, {1e8, 1.0}};
    uint64_t hashes[3];
    for (int k = 0; k < 3; ++k) {
        const struct mca_chip_config config = config_of(kinds[k][0], kinds[k][1]);
        struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
        (void)train(chip, 0, 300);
        assert_int_equal(mca_chip_hash(chip, &hashes[k], NULL), MCA_OK);
        mca_chip_destroy(chip);
    }
    assert_true(hashes[0] == hashes[1] && hashes[0] == hashes[2]);
}

/* After one pulse, the RESET that begins the initial programming, no weight ever changes. With a
 * few more the chip learns less than one whose devices last: of 1,000 images right twice, at any
 * accuracy, the difference has a standard deviation of sqrt(1000 / 2) = 22.4 at most; 4 are 90. */
static void test_wear_stops_learning(void **state) {
    (void)state;
    static const double endurances[] = {1.0, 4.0, 1e8};
    uint32_t right[3];
    for (int k = 0; k < 3; ++k) {
        const struct mca_chip_config config = config_of(endurances[k], 0.0);
        struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
        struct copy before = take(chip);
        (void)train(chip, 0, 3000);
        right[k] = train(chip, 3000, 4000);
        for (int l = 0; l < 2 && k == 0; ++l) {
            const struct mca_matrix *x = &chip->layers[l].matrix;
            assert_memory_equal(x->g[0], before.g[l][0], x->cells * sizeof(uint16_t));
            assert_memory_equal(x->g[1], before.g[l][1], x->cells * sizeof(uint16_t));
            assert_int_equal(mca_chip_wear(chip, (uint32_t)l).stuck_devices, 2 * x->rows * x->cols);
        }
        drop(&before);
        mca_chip_destroy(chip);
    }
    assert_true(right[1] > right[0] + 90 && right[2] > right[1] + 90);
}

/* Devices without pulses do not wear. */
static void test_wear_of_continuous_devices_is_none(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    struct mca_chip *chip = chip_to_train(&config, 0.5, 1);
    struct mca_error error;
    assert_int_equal(mca_chip_begin_wear(chip, &error), MCA_OK);
    (void)train(chip, 0, 20);
    const struct mca_wear none = {0};
    const struct mca_wear wear = mca_chip_wear(chip, 0);
    assert_memory_equal(&wear, &none, sizeof wear);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wear_stuck_devices_stay_and_pulses_are_charged),
        cmocka_unit_test(test_wear_first_device_by_hand),
        cmocka_unit_test(test_wear_of_weights_from_outside),
        cmocka_unit_test(test_wear_of_plain_weights),
        cmocka_unit_test(test_wear_that_is_far_off_changes_nothing),
        cmocka_unit_test(test_wear_stops_learning),
        cmocka_unit_test(test_wear_of_continuous_devices_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
