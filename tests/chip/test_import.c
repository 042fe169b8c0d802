/* Weights from outside become conductances: exactly, by pulses that are counted and timed as a hand
 * does it, or as published statistics have it. */
#include "chip/chip.h"
#include "chip/layer_numbers.h"
#include "chip/view.h"
#include "device/device.h"
#include "device/published_programming.h"

#include "mca_fixture.h"
#include "mca_test.h"

enum { SIDE = 100, MANY = (SIDE + 1) * SIDE };

static struct mca_chip *create(const struct mca_chip_config *config, double *weights) {
    const struct mca_given_weights given = {.layers = {weights}};
    struct mca_error error = {""};
    struct mca_chip *chip = NULL;
    if (mca_chip_create_with(&chip, config, &given, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    return chip;
}

/* Of inputs -> outputs, with devices whose steps are all of 0.77 uS from 0 on, and reads without
 * noise or rounding. */
static struct mca_chip_config make_plain(const struct mca_u32_list *widths) {
    struct mca_chip_config config = mca_fixture_chip(widths);
    config.device.model = MCA_DEVICE_LINEAR;
    config.device.reset_mean_us = 0.0;
    config.device.reset_std_us = 0.0;
    config.device.gmin_us = 0.0;
    config.device.read_noise = 0.0;
    config.adc.bits = 0;
    config.tile.unit_weight_us = 1.0;
    config.weights.scale = MCA_SCALE_GIVEN;
    config.weights.tolerance_us = 0.4;
    config.weights.max_pulses = 100;
    return config;
}

static uint64_t count_of(const struct mca_chip *chip, enum mca_component component) {
    return mca_chip_ledger(chip).counts[MCA_PHASE_INIT][component];
}

static double weight_us(const struct mca_chip *chip, uint32_t row, uint32_t col) {
    return mca_matrix_weight_us(mca_chip_layer(chip, 0).matrix, row, col);
}

/* 10,000 weights, and the biases of their outputs, of -10 .. 10 uS. */
static double *make_many(void) {
    double *weights = calloc(MANY, sizeof *weights);
    assert_non_null(weights);
    for (uint32_t i = 0; i < MANY; ++i) {
        uint32_t words[4];
        mca_rng_words(mca_rng_stream(5, MCA_RNG_SYNTHETIC), i, 0, 0, words);
        weights[i] = 20.0 * mca_rng_uniform(words[0]) - 10.0;
    }
    return weights;
}

static void test_import_ideal_is_exact(void **state) {
    const struct mca_u32_list widths = {2, {2, 3}};
    double weights[] = {0.1, -1e-9, 1e9, -7.25, 1.0 / 3.0, 0.0, 1.5, -3.0, 1e-300};
    struct mca_chip_config config = mca_fixture_float(&widths);
    (void)state;
    config.tile.unit_weight_us = 8.0;
    struct mca_chip *chip = create(&config, weights);
    for (uint32_t i = 0; i < 9; ++i) {
        assert_true(weight_us(chip, i / 3, i % 3) == 8.0 * weights[i]);
    }
    assert_int_equal(mca_chip_import_stats(chip)->weights, 9);
    assert_int_equal(mca_chip_import_stats(chip)->clipped, 0);
    mca_chip_destroy(chip);
}

/*
 * Two inputs and a bias, two outputs; tolerance 0.4 uS. By hand: 2.0 uS takes 3 SET pulses (2.31),
 * -0.5 uS one (-0.77), 0 none; each begins with a RESET of both devices, and ends with a read in
 * which it stands. Of row 0 both weights are read twice and the first two times more; of row 1 and
 * of the bias row both are read once. A round's two reads take loading, drive and settling,
 * conversion, and once more the slower of drive (1 + 128 ns) and drive with settling (130 ns).
 */
static void test_import_verify_by_hand(void **state) {
    const struct mca_u32_list widths = {2, {2, 2}};
    double weights[] = {2.0, -0.5, 0.0, 0.3, -0.4, 0.0};
    const uint64_t pair = 1000 + 130000 + 77000 + 130000;
    struct mca_chip_config config = make_plain(&widths);
    (void)state;
    struct mca_chip *chip = create(&config, weights);
    const struct mca_import_stats *stats = mca_chip_import_stats(chip);
    assert_near(weight_us(chip, 0, 0), 2.31, 1e-3);
    assert_near(weight_us(chip, 0, 1), -0.77, 1e-3);
    assert_near(weight_us(chip, 1, 1), 0.0, 0.0);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_SET), 4);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_RESET), 12);
    assert_int_equal(count_of(chip, MCA_COMPONENT_DAC_DRIVE), 2 * (4 + 1 + 1));
    const uint64_t reads = 2 + 2 + 1 + 1 + 2 + 2;
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_READ), 2 * reads);
    assert_int_equal(count_of(chip, MCA_COMPONENT_SAMPLE_HOLD), 2 * reads);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 2 * reads);
    assert_int_equal(count_of(chip, MCA_COMPONENT_DPU_ADD), 2 * reads);
    assert_int_equal(stats->reads, reads);
    assert_int_equal(stats->pulses, 4);
    assert_int_equal(stats->pulses_most, 3);
    assert_int_equal(stats->unreached, 0);
    assert_int_equal(mca_chip_init_time_ps(chip), 6 * pair + (12 + 4) * 60000u);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    assert_int_equal(ledger.busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_PROGRAM], 16 * 60000u);
    assert_int_equal(ledger.busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_ADC], 12 * 77000u);
    assert_int_equal(ledger.critical_ps[MCA_PHASE_INIT], mca_chip_init_time_ps(chip));
    /* errors: 0.31 - 0.27 - 0.3 + 0.4, within a step of the grid each */
    assert_near(stats->error_sum_us, 0.14, 4e-3);
    assert_near(stats->error_squares_us2, 0.31 * 0.31 + 0.27 * 0.27 + 0.3 * 0.3 + 0.4 * 0.4, 4e-3);
    mca_chip_destroy(chip);
}

/* The same with two drivers, two reads a device and two tiles above each other: rows 0 and 2 (the
 * bias) side by side, then row 1. In the first round of rows 0 and 2 three weights get a pulse, of
 * which two are on one tile, with a driver each. */
static void test_import_verify_side_by_side(void **state) {
    const struct mca_u32_list widths = {2, {2, 2}};
    double weights[] = {0.5, -0.5, 0.0, 0.0, 0.6, 0.0};
    const uint64_t round = 1000 + 130000 + 77000 + 3 * 130000;
    struct mca_chip_config config = make_plain(&widths);
    (void)state;
    config.tile.rows = 2;
    config.transfer.drivers = 2;
    config.weights.reads = 2;
    struct mca_chip *chip = create(&config, weights);
    /* RESETs of a row: four on two drivers */
    assert_int_equal(mca_chip_init_time_ps(chip), 2 * 120000 + 2 * round + 60000 + round);
    assert_int_equal(count_of(chip, MCA_COMPONENT_DAC_DRIVE), 4 * (2 + 2 + 1));
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 4 * (4 + 3 + 2));
    assert_int_equal(mca_chip_import_stats(chip)->reads, 2 * (4 + 3 + 2));
    mca_chip_destroy(chip);
}

/* Steps of 0.77 uS never come within 0.2 uS of 1: SET, SET, and RESET as it has gone too far, until
 * the pulses are used up. */
static void test_import_verify_gives_up(void **state) {
    const struct mca_u32_list widths = {2, {1, 1}};
    double weights[] = {1.0, 0.0};
    struct mca_chip_config config = make_plain(&widths);
    (void)state;
    config.weights.tolerance_us = 0.2;
    config.weights.max_pulses = 10;
    struct mca_chip *chip = create(&config, weights);
    assert_int_equal(mca_chip_import_stats(chip)->unreached, 1);
    assert_int_equal(mca_chip_import_stats(chip)->pulses, 10);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_SET), 7);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_RESET), 4 + 3);
    mca_chip_destroy(chip);
}

/* A weight of 0 that reads above or below it is corrected on its plus device alone. Of one pulse
 * each: SET below, RESET above. */
static void test_import_verify_corrects_zero_on_one_side(void **state) {
    const struct mca_u32_list widths = {2, {SIDE, SIDE}};
    double *weights = calloc(MANY, sizeof *weights);
    struct mca_chip_config config = make_plain(&widths);
    (void)state;
    assert_non_null(weights);
    config.device.reset_mean_us = 3.0;
    config.device.reset_std_us = 0.5;
    config.weights.max_pulses = 1;
    struct mca_chip *chip = create(&config, weights);
    const struct mca_matrix *matrix = mca_chip_layer(chip, 0).matrix;
    uint64_t pulses = 0;
    for (uint32_t i = 0; i < MANY; ++i) {
        const size_t cell = (size_t)(i / SIDE) * matrix->stride + i % SIDE;
        assert_int_equal(matrix->writes[1][cell], 1);
        pulses += matrix->writes[0][cell] - 1;
    }
    assert_true(pulses > MANY / 4 && pulses < MANY);
    assert_int_equal(pulses, mca_chip_import_stats(chip)->pulses);
    /* as many read above 0 as below, within five standard deviations */
    const uint64_t sets = count_of(chip, MCA_COMPONENT_PCM_SET);
    assert_near((double)sets, 0.5 * (double)pulses, 5.0 * 0.5 * sqrt((double)pulses));
    mca_chip_destroy(chip);
    free(weights);
}

/*
 * A weight of PCM that stands read within the tolerance, and a read is off by at most
 * MCA_GAUSSIAN_MAX standard deviations of each device, of the mean of `reads` too: so far is it at
 * most from its target. Every pulse is counted where it was made.
 */
static void test_import_verify_bound(void **state) {
    const struct mca_u32_list widths = {2, {SIDE, SIDE}};
    double *weights = make_many();
    struct mca_chip_config config = mca_fixture_chip(&widths);
    (void)state;
    config.adc.bits = 0;
    config.tile.unit_weight_us = 1.0;
    config.weights = make_plain(&widths).weights;
    config.weights.tolerance_us = 0.25;
    config.weights.max_pulses = 1000;
    struct mca_chip *chip = create(&config, weights);
    const struct mca_matrix *matrix = mca_chip_layer(chip, 0).matrix;
    const struct mca_import_stats *stats = mca_chip_import_stats(chip);
    uint64_t writes = 0;
    double squares = 0.0;
    assert_int_equal(stats->unreached, 0);
    for (uint32_t i = 0; i < MANY; ++i) {
        const size_t cell = (size_t)(i / SIDE) * matrix->stride + i % SIDE;
        const double step = matrix->device->us_per_code;
        const double noise_us = mca_device_read_std_us(matrix->device, matrix->g[0][cell] * step) +
                                mca_device_read_std_us(matrix->device, matrix->g[1][cell] * step);
        const double error_us = weight_us(chip, i / SIDE, i % SIDE) - weights[i];
        assert_true(fabs(error_us) <= 0.25 + MCA_GAUSSIAN_MAX * noise_us);
        squares += error_us * error_us;
        writes += matrix->writes[0][cell] + matrix->writes[1][cell];
    }
    assert_near(stats->error_squares_us2, squares, 1e-6 * squares);
    /* what stands is off by the tolerance and, independently, a read of two devices, of at most
     * 0.03 x 10.5 + 0.13 and 0.13 uS: less where few conduct so much */
    assert_true(sqrt(squares / MANY) < sqrt(0.25 * 0.25 + 0.45 * 0.45 + 0.14 * 0.14));
    assert_int_equal(writes, count_of(chip, MCA_COMPONENT_PCM_SET) +
                                 count_of(chip, MCA_COMPONENT_PCM_RESET));
    assert_int_equal(writes, 2 * MANY + stats->pulses);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 2 * stats->reads);
    assert_int_equal(stats->reads, MANY + stats->pulses); /* a read before each, and the last */
    mca_chip_destroy(chip);
    free(weights);
}

/* Steps that are all the same and numbers of pulses that are rounded stochastically: errors are
 * within a step and their mean is 0, within five of its standard errors, 0.77 / 2 / sqrt(n) at
 * most. 15 pulses reach 11.55 uS. */
static void test_import_blind(void **state) {
    const struct mca_u32_list widths = {2, {SIDE, SIDE}};
    double *weights = make_many();
    struct mca_chip_config config = make_plain(&widths);
    uint64_t pulses = 0;
    (void)state;
    config.weights.programming = MCA_PROGRAM_BLIND;
    for (uint32_t i = 0; i < MANY; ++i) {
        weights[i] = fabs(weights[i]); /* errors of the two signs would make up for each other */
    }
    struct mca_chip *chip = create(&config, weights);
    const struct mca_import_stats *stats = mca_chip_import_stats(chip);
    for (uint32_t i = 0; i < MANY; ++i) {
        const double error_us = weight_us(chip, i / SIDE, i % SIDE) - weights[i];
        assert_true(fabs(error_us) < 0.77 + 1e-3);
        pulses += (uint64_t)lround(fabs(weight_us(chip, i / SIDE, i % SIDE)) / 0.77);
    }
    assert_near(stats->error_sum_us / MANY, 0.0, 5.0 * 0.77 / 2.0 / 100.0 + 2e-4);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_SET), pulses);
    assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_RESET), 2 * MANY);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 0);
    mca_chip_destroy(chip);
    free(weights);
}

/*
 * Blind pulses of PCM: the number whose expected conductance is the target. From 20 pulses of the
 * device law (mean after 5: 5.9 uS) a target of 5.9 uS takes about 5, so that the mean of many is
 * near it, where the first pulse's step times their number would stop at 3.
 */
static void test_import_blind_follows_expected_steps(void **state) {
    const struct mca_u32_list widths = {2, {SIDE, SIDE}};
    double *weights = make_many();
    struct mca_chip_config config = mca_fixture_chip(&widths);
    (void)state;
    config.tile.unit_weight_us = 1.0;
    config.device.gmax_us = 20.0;
    config.weights.programming = MCA_PROGRAM_BLIND;
    for (uint32_t i = 0; i < MANY; ++i) {
        weights[i] = 5.8;
    }
    struct mca_chip *chip = create(&config, weights);
    const struct mca_import_stats *stats = mca_chip_import_stats(chip);
    /* its standard deviation is 2.4 uS (the law of J. Appl. Phys. 124, 152135), and the floor at
     * gmin lifts the mean by less than 0.1 uS */
    assert_near(stats->error_sum_us / MANY, 0.0, 5.0 * 2.4 / 100.0 + 0.1);
    assert_near(sqrt(stats->error_squares_us2 / MANY), 2.38, 0.15);
    mca_chip_destroy(chip);
    free(weights);
}

/*
 * One device at 6 uS and one at 0, which is never below 0: the mean of a Gaussian of s that is cut
 * off there is s / sqrt(2 pi), its variance s^2 (1/2 - 1 / (2 pi)). Bounds: five standard errors of
 * a mean of 10,000, and of a standard deviation.
 */
static void test_import_published_statistics(void **state) {
    const struct mca_u32_list widths = {2, {SIDE, SIDE}};
    const double pi = 3.14159265358979;
    double *weights = make_many();
    struct mca_chip_config config = mca_fixture_chip(&widths);
    (void)state;
    config.tile.unit_weight_us = 1.0;
    config.weights.programming = MCA_PROGRAM_PUBLISHED;
    assert_near(mca_published_programming_std_us(0.0), 0.26348, 1e-12);
    assert_near(mca_published_programming_std_us(25.0), 0.26348 + 1.9650 - 1.1731, 1e-12);
    assert_near(mca_published_programming_std_us(100.0), 0.26348 + 1.9650 - 1.1731, 1e-12);
    const double g = 6.0 / 25.0;
    const double s = 0.26348 + 1.9650 * g - 1.1731 * g * g;
    const double s0 = 0.26348;
    for (int sign = -1; sign <= 1; sign += 2) {
        for (uint32_t i = 0; i < MANY; ++i) {
            weights[i] = sign * 6.0;
        }
        struct mca_chip *chip = create(&config, weights);
        const struct mca_import_stats *stats = mca_chip_import_stats(chip);
        const double mean = stats->error_sum_us / MANY;
        const double variance = stats->error_squares_us2 / MANY - mean * mean;
        const double wanted = sqrt(s * s + s0 * s0 * (0.5 - 0.5 / pi));
        assert_near(mean, -sign * s0 / sqrt(2.0 * pi), 5.0 * wanted / 100.0);
        assert_near(sqrt(variance), wanted, 5.0 * wanted / sqrt(2.0) / 100.0);
        assert_int_equal(count_of(chip, MCA_COMPONENT_PCM_SET), 0);
        mca_chip_destroy(chip);
    }
    free(weights);
}

/* Beyond the largest conductance, either way, whatever the programming. */
static void test_import_clips(void **state) {
    const struct mca_u32_list widths = {2, {2, 1}};
    double weights[] = {12.5, -12.5, 12.0};
    (void)state;
    for (unsigned how = MCA_PROGRAM_BLIND; how <= MCA_PROGRAM_PUBLISHED; ++how) {
        struct mca_chip_config config = make_plain(&widths);
        config.weights.programming = how;
        struct mca_chip *chip = create(&config, weights);
        assert_int_equal(mca_chip_import_stats(chip)->clipped, 2);
        assert_int_equal(mca_chip_import_stats(chip)->programmed, 3);
        mca_chip_destroy(chip);
    }
}

/* Words of digital layers are rounded, and those beyond their full scale are clipped. */
static void test_import_digital(void **state) {
    const struct mca_u32_list widths = {2, {1, 2}};
    double weights[] = {0.123456, -0.5, 1e6, 0.0};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    (void)state;
    config.network.is_widths = 0;
    config.network.layers[0].digital = 1;
    struct mca_chip *chip = create(&config, weights);
    const struct mca_layer_view layer = mca_chip_layer(chip, 0);
    assert_near(mca_chi_word(layer.chi, 0) * layer.word_weight, 0.123456, layer.word_weight / 2);
    assert_near(mca_chi_word(layer.chi, 1) * layer.word_weight, -0.5, layer.word_weight / 2);
    assert_int_equal(mca_chip_import_stats(chip)->clipped, 1);
    assert_int_equal(mca_chip_import_stats(chip)->programmed, 0);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_import_ideal_is_exact),
        cmocka_unit_test(test_import_verify_by_hand),
        cmocka_unit_test(test_import_verify_side_by_side),
        cmocka_unit_test(test_import_verify_gives_up),
        cmocka_unit_test(test_import_verify_corrects_zero_on_one_side),
        cmocka_unit_test(test_import_verify_bound),
        cmocka_unit_test(test_import_blind),
        cmocka_unit_test(test_import_blind_follows_expected_steps),
        cmocka_unit_test(test_import_published_statistics),
        cmocka_unit_test(test_import_clips),
        cmocka_unit_test(test_import_digital),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
