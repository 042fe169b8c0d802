/* Corners of the digital unit, C model against RTL, and how differences are told. */
#include "shim/cosim/cosim.h"
#include "shim/rtl/dpu_setup.h"

#include "chip/probe.h"
#include "chip/snapshot.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { INPUTS = 60, CLASSES = 10 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, 37, CLASSES}};

/* 8 lanes and 12-bit chi, on tiles of several to a layer. */
static struct mca_chip_config small_config(void) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.tile.rows = 24;
    config.tile.cols = 16;
    config.dpu.lanes = 8;
    config.chi.bits = 12;
    config.chi.frac_bits = 9;
    return config;
}

struct bench {
    struct mca_chip *chip;
    struct mca_cosim *cosim;
    uint32_t images;
};

static struct bench create(const struct mca_chip_config *config, double rate, uint32_t batch) {
    struct bench bench = {0};
    struct mca_error error;
    assert_int_equal(mca_chip_create(&bench.chip, config, &error), MCA_OK);
    mca_chip_set_rate(bench.chip, rate, batch);
    const struct mca_cosim_options options = {.images = 1000};
    if (mca_cosim_create(&bench.cosim, bench.chip, &options, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    return bench;
}

static void destroy(struct bench *bench) {
    mca_cosim_destroy(bench->cosim);
    mca_chip_destroy(bench->chip);
}

static void train(struct bench *bench, const uint8_t *pixels, uint32_t label) {
    struct mca_error error;
    struct mca_image_outcome outcome;
    assert_int_equal(mca_chip_train_image(bench->chip, pixels, label, &outcome, &error), MCA_OK);
    ++bench->images;
}

static void train_some(struct bench *bench, uint32_t images) {
    for (uint32_t i = 0; i < images; ++i) {
        uint8_t pixels[INPUTS];
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, bench->images, pixels);
        train(bench, pixels, label);
    }
}

static const char *difference(const struct bench *bench) {
    uint64_t image;
    uint64_t time_ps;
    return mca_cosim_mismatch(bench->cosim, &image, &time_ps);
}

/* No difference, and every image was compared. */
static void assert_equal(const struct bench *bench) {
    const char *found = difference(bench);
    if (found) {
        fail_msg("%s", found);
    }
    assert_int_equal(mca_cosim_counts_of(bench->cosim)->images, bench->images);
}

static void test_cosim_equal_at_both_ends_of_chi(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    config.transfer.max_pulses = 1;
    struct bench bench = create(&config, 40.0, 1);
    train_some(&bench, 60);
    const struct mca_chi *chi = mca_chip_layer(bench.chip, 1).chi;
    uint32_t top = 0;
    uint32_t bottom = 0;
    for (size_t i = 0; i < chi->rows * chi->stride; ++i) {
        top += mca_chi_word(chi, i) == 2047;
        bottom += mca_chi_word(chi, i) == -2047;
    }
    assert_true(top > 0 && bottom > 0);
    assert_true(mca_chip_stats_of(bench.chip)->chi_saturations > 100);
    assert_equal(&bench);
    destroy(&bench);
}

/* Counts commands of 255 pulses, beside the cosimulation. */
static void count_largest(void *user, const struct mca_dpu_command *command) {
    uint32_t *largest = user;
    *largest += command->pulses == 255 || command->pulses == -255;
}

static void test_cosim_equal_at_the_maximum_pulse_count(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    config.transfer.max_pulses = 255;
    config.timing.set_pulse_ps = 10; /* or most cycles would be waiting */
    struct bench bench = create(&config, 1000.0, 1);
    uint32_t largest = 0;
    struct mca_chip_probe probe = {.user = &largest, .command = count_largest};
    mca_chip_attach(bench.chip, &probe);
    train_some(&bench, 20);
    assert_true(largest > 100);
    assert_equal(&bench);
    destroy(&bench);
}

static void test_cosim_equal_on_black_images(void **state) {
    (void)state;
    const struct mca_chip_config config = small_config();
    const uint8_t black[INPUTS] = {0};
    struct bench bench = create(&config, 0.1, 1);
    for (uint32_t i = 0; i < 30; ++i) {
        train(&bench, black, i % CLASSES);
    }
    assert_equal(&bench);
    destroy(&bench);
}

/* Converters too coarse to see any error of the hidden layer: its update serves no word. */
static void test_cosim_equal_without_any_hidden_error(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    config.adc.backward_range = (struct mca_f64_list){1, {65536.0}};
    struct bench bench = create(&config, 0.1, 1);
    train_some(&bench, 30);
    const struct mca_chi *chi = mca_chip_layer(bench.chip, 0).chi;
    for (size_t i = 0; i < chi->rows * chi->stride; ++i) {
        assert_int_equal(mca_chi_word(chi, i), 0);
    }
    assert_equal(&bench);
    destroy(&bench);
}

static void test_cosim_equal_when_full_queues_hold_the_engine(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    uint64_t cycles[2];
    for (uint32_t run = 0; run < 2; ++run) {
        config.transfer.fifo_depth = run ? 1 : 64;
        config.timing.set_pulse_ps = 200000;
        struct bench bench = create(&config, 2.0, 1);
        train_some(&bench, 30);
        assert_equal(&bench);
        cycles[run] = mca_cosim_counts_of(bench.cosim)->cycles;
        destroy(&bench);
    }
    assert_true(10 * cycles[1] > 11 * cycles[0]);
}

/* Commands wait in full queues while the rate's register is written. */
static void test_cosim_equal_when_the_rate_changes_with_commands_waiting(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    config.transfer.fifo_depth = 64;
    config.timing.set_pulse_ps = 1000;
    struct bench bench = create(&config, 2.0, 1);
    for (uint32_t i = 0; i < 10; ++i) {
        train_some(&bench, 1);
        mca_chip_set_rate(bench.chip, 2.0 / (2.0 + i), 1);
    }
    assert_true(mca_cosim_counts_of(bench.cosim)->commands > 100);
    assert_equal(&bench);
    destroy(&bench);
}

static void test_cosim_equal_over_unusual_chips(void **state) {
    (void)state;
    struct mca_chip_config variants[8];
    for (uint32_t v = 0; v < 8; ++v) {
        variants[v] = small_config();
    }
    variants[0].loss = MCA_LOSS_SQUARED;
    variants[0].dac.drive = MCA_DRIVE_BIPOLAR;
    variants[1].dpu.rounding = MCA_ROUND_NEAREST;
    mca_network_config_set_widths(&variants[1].network,
                                  &(const struct mca_u32_list){2, {INPUTS, CLASSES}});
    mca_network_config_set_widths(&variants[2].network,
                                  &(const struct mca_u32_list){4, {INPUTS, 24, 17, CLASSES}});
    variants[2].adc.backward_range = (struct mca_f64_list){2, {4.0, 8.0}};
    mca_network_config_set_widths(&variants[3].network,
                                  &(const struct mca_u32_list){5, {INPUTS, 8, 7, 16, CLASSES}});
    variants[4].chi.ports = 1;
    variants[4].chi.access_cycles = 4;
    variants[5].chi.banks = 4;
    variants[5].chi.access_cycles = 4;
    variants[6].refresh.every_images = 3;
    variants[6].refresh.residual = MCA_RESIDUAL_CHI;
    variants[6].refresh.high_us = 1.0;
    variants[7].dpu.clock_hz = 333333333;
    variants[7].transfer.drivers = 3;
    for (uint32_t v = 0; v < 8; ++v) {
        struct bench bench = create(&variants[v], 1.0, v == 7 ? 5 : 1);
        train_some(&bench, 40);
        assert_true(mca_cosim_counts_of(bench.cosim)->commands > 0);
        assert_equal(&bench);
        destroy(&bench);
    }
}

/* A weight change that the model rounded otherwise. */
static void test_cosim_tells_where_chi_differs(void **state) {
    (void)state;
    const struct mca_chip_config config = small_config();
    struct bench bench = create(&config, 0.1, 1);
    train_some(&bench, 3);
    const struct mca_chi *chi = mca_chip_layer(bench.chip, 1).chi;
    mca_chip_put_chi(bench.chip, 1, 5, 9, mca_chi_word(chi, 5 * chi->stride + 9) + 1);
    train_some(&bench, 20);
    uint64_t image;
    uint64_t time_ps;
    const char *found = mca_cosim_mismatch(bench.cosim, &image, &time_ps);
    assert_non_null(found);
    assert_int_equal(image, 3);
    assert_non_null(strstr(found, "chi: image 3, update of layer 1, row 5, column 9, cycle "));
    assert_non_null(strstr(found, ": expected "));
    assert_int_equal(mca_cosim_counts_of(bench.cosim)->images, 3);
    destroy(&bench);
}

/* A chi memory that the model takes for a cycle slower than the RTL's registers say. */
static void test_cosim_tells_which_operation_is_late(void **state) {
    (void)state;
    const struct mca_chip_config config = small_config();
    struct bench bench = create(&config, 0.01, 1);
    train_some(&bench, 2);
    /* what nobody may do but a test that plants a fault */
    struct mca_chi *chi = (struct mca_chi *)(uintptr_t)mca_chip_layer(bench.chip, 0).chi;
    chi->config.access_cycles = 2;
    chi->config.banks = 2;
    train_some(&bench, 1);
    const char *found = difference(&bench);
    assert_non_null(found);
    assert_non_null(strstr(found, "cycles of the operation: image 2, update of layer 0"));
    destroy(&bench);
}

static void assert_refused(const struct mca_chip_config *config, const char *message) {
    struct mca_error error;
    struct mca_dpu_rtl_set set;
    assert_int_equal(mca_dpu_set_of(&set, config, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, message));
}

static void test_cosim_refuses_chips_without_rtl(void **state) {
    (void)state;
    struct mca_chip_config config = small_config();
    config.tile.rows = 20; /* not a multiple of lanes, several tiles */
    assert_refused(&config, "multiples of dpu.lanes (8)");
    config = small_config();
    config.chi.access_cycles = 5; /* reads in flight */
    config.chi.banks = 8;
    assert_refused(&config, "chi.access_cycles: the RTL waits at most 15 cycles");
    config = small_config();
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    assert_refused(&config, "dpu.arithmetic: the RTL is fixed-point; got float");
    config = small_config();
    config.dpu.lanes = 128;
    assert_refused(&config, "dpu.lanes: the RTL has at most 64 lanes; got 128");
    config = small_config();
    config.tile.rows = 8;
    config.tile.cols = 8;
    mca_network_config_set_widths(&config.network,
                                  &(const struct mca_u32_list){3, {600, 32, CLASSES}});
    assert_refused(&config, "at most 8 layers, 256 tiles, ");
    mca_network_config_set_widths(
        &config.network, &(const struct mca_u32_list){10, {9, 8, 8, 8, 8, 8, 8, 8, 8, CLASSES}});
    assert_refused(&config, "here: 9, ");
}

/* One build serves many chips: sizes are those of the RTL's defaults until more is needed. */
static void test_cosim_sizes_the_unit_as_its_chip_needs(void **state) {
    (void)state;
    struct mca_error error;
    struct mca_dpu_rtl_set set;
    struct mca_chip_config config = small_config();
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_OK);
    assert_int_equal(set.lanes, 8);
    assert_int_equal(set.chi_bits, 12);
    assert_int_equal(set.layer_bits, 2);
    assert_int_equal(set.word_bits, 8);
    assert_int_equal(set.tile_bits, 4);
    assert_int_equal(set.addr_bits, 16);
    assert_int_equal(set.depth_bits, 6);
    config.transfer.fifo_depth = 65;
    config.tile.rows = 8;
    config.tile.cols = 8;
    mca_network_config_set_widths(&config.network,
                                  &(const struct mca_u32_list){6, {247, 32, 8, 8, 8, CLASSES}});
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_OK);
    assert_int_equal(set.depth_bits, 7);
    assert_int_equal(set.tile_bits, 8); /* 31 x 4 + 5 x 1 + 2 + 2 + 2 x 2 */
    assert_int_equal(set.layer_bits, 3);
    config.dpu.lanes = 1; /* 2048 inputs, of which a layer has fewer than 2^11 */
    mca_network_config_set_widths(&config.network,
                                  &(const struct mca_u32_list){2, {2047, CLASSES}});
    config.tile.rows = config.tile.cols = 256;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_OK);
    assert_int_equal(set.word_bits, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cosim_equal_at_both_ends_of_chi),
        cmocka_unit_test(test_cosim_equal_at_the_maximum_pulse_count),
        cmocka_unit_test(test_cosim_equal_on_black_images),
        cmocka_unit_test(test_cosim_equal_without_any_hidden_error),
        cmocka_unit_test(test_cosim_equal_when_full_queues_hold_the_engine),
        cmocka_unit_test(test_cosim_equal_when_the_rate_changes_with_commands_waiting),
        cmocka_unit_test(test_cosim_equal_over_unusual_chips),
        cmocka_unit_test(test_cosim_tells_where_chi_differs),
        cmocka_unit_test(test_cosim_tells_which_operation_is_late),
        cmocka_unit_test(test_cosim_refuses_chips_without_rtl),
        cmocka_unit_test(test_cosim_sizes_the_unit_as_its_chip_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
