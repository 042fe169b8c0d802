/*
 * When refreshes come: after refresh.every_images, or as soon as a mini-batch ends that sends pulse
 * number refresh.every_pulses since the last one, whichever is first. Images and pulses are counted
 * here from outside.
 */
#include "chip/chip_parts.h"
#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, IMAGES = 120 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

static uint64_t pulses_of(const struct mca_chip *chip) {
    return mca_chip_ledger(chip).counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET];
}

/* Trains image by image; returns how many refreshes came, each when it was due. */
static uint64_t train(uint32_t every_images, uint64_t every_pulses, uint32_t batch) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = every_images;
    config.refresh.every_pulses = every_pulses;
    struct mca_chip *chip = chip_to_train(&config, 0.2, batch);
    uint64_t refreshes = 0;
    uint64_t image_of_last = 0;
    uint64_t pulses_of_last = pulses_of(chip);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        train_images(chip, INPUTS, CLASSES, i, 1);
        const int by_images = every_images != 0 && i + 1 - image_of_last >= every_images;
        const int by_pulses = every_pulses != 0 && pulses_of(chip) - pulses_of_last >= every_pulses;
        if ((i + 1) % batch == 0 && (by_images || by_pulses)) {
            ++refreshes;
            image_of_last = i + 1;
            pulses_of_last = pulses_of(chip);
        }
        assert_int_equal(chip->stats.refreshes, refreshes);
    }
    mca_chip_destroy(chip);
    return refreshes;
}

static void test_refresh_period_in_pulses(void **state) {
    (void)state;
    const uint64_t often = train(0, 50, 1);
    const uint64_t rarely = train(0, 200, 1);
    assert_true(often > rarely && rarely > 1);
    assert_true(often < IMAGES); /* not by every image */
    assert_int_equal(train(0, UINT64_C(1000000000000000), 1), 0);
}

static void test_refresh_period_in_pulses_of_batches(void **state) {
    (void)state;
    assert_true(train(0, 30, 5) > 1);
    assert_true(train(7, 60, 4) > 1);
}

/* Both start anew with each refresh. */
static void test_refresh_period_is_the_shorter(void **state) {
    (void)state;
    assert_int_equal(train(30, 0, 1), IMAGES / 30);
    assert_int_equal(train(30, UINT64_C(1000000000000000), 1), IMAGES / 30);
    assert_true(train(30, 200, 1) > IMAGES / 30);
}

/* A chip that goes on from a checkpoint knows of the pulses before it. */
static void test_refresh_period_goes_on(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 0;
    config.refresh.every_pulses = 150;
    struct mca_chip *chip = chip_to_train(&config, 0.2, 1);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        struct mca_chip *to = chip_to_train(&config, 0.2, 1);
        assert_int_equal(load_chip_from(chip, to), MCA_OK);
        train_images(chip, INPUTS, CLASSES, i, 1);
        train_images(to, INPUTS, CLASSES, i, 1);
        assert_int_equal(to->stats.refreshes, chip->stats.refreshes);
        mca_chip_destroy(to);
    }
    assert_true(chip->stats.refreshes > 1);
    mca_chip_destroy(chip);
}

/* Where nothing is sent in pulses, none asks for a refresh. */
static void test_refresh_period_of_continuous_devices(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.device.model = MCA_DEVICE_IDEAL;
    config.refresh.every_images = 0;
    config.refresh.every_pulses = 1;
    struct mca_chip *chip = chip_to_train(&config, 0.2, 1);
    train_images(chip, INPUTS, CLASSES, 0, IMAGES);
    assert_true(pulses_of(chip) > 0);
    assert_int_equal(chip->stats.refreshes, 0);
    assert_false(mca_refreshes(&config));
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refresh_period_in_pulses),
        cmocka_unit_test(test_refresh_period_in_pulses_of_batches),
        cmocka_unit_test(test_refresh_period_is_the_shorter),
        cmocka_unit_test(test_refresh_period_goes_on),
        cmocka_unit_test(test_refresh_period_of_continuous_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
