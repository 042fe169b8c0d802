/* Calibration: what powers of two are chosen, of magnitudes known and of a chip whose weights and
 * images are known. */
#include "mca_fixture.h"
#include "mca_test.h"

#include "chip/view.h"
#include "train/calibration.h"

enum { INPUTS = 4, IMAGES = 3 };

static void add(struct mca_magnitudes *m, double value, int count) {
    for (int i = 0; i < count; ++i) {
        mca_magnitudes_add(m, i % 2 ? value : -value);
    }
}

static void test_calibration_percentile_is_sharp(void **state) {
    (void)state;
    struct mca_magnitudes m = {0};
    assert_int_equal(mca_magnitudes_percentile(&m, 50), MCA_MAGNITUDE_EXPONENT_MIN);
    add(&m, 0.0, 5000);
    add(&m, 0.5, 4000);
    add(&m, 0.5000001, 990);
    add(&m, 3.0, 9);
    add(&m, 100.0, 1); /* 10,000 in all */
    assert_int_equal(mca_magnitudes_percentile(&m, 50), MCA_MAGNITUDE_EXPONENT_MIN);
    assert_int_equal(mca_magnitudes_percentile(&m, 50.001), -1);
    assert_int_equal(mca_magnitudes_percentile(&m, 90), -1);
    assert_int_equal(mca_magnitudes_percentile(&m, 90.001), 0);
    assert_int_equal(mca_magnitudes_percentile(&m, 99.9), 0);
    assert_int_equal(mca_magnitudes_percentile(&m, 99.99), 2);
    assert_int_equal(mca_magnitudes_percentile(&m, 100), 7);
    struct mca_magnitudes huge = {0};
    mca_magnitudes_add(&huge, 1e300);
    assert_int_equal(mca_magnitudes_percentile(&huge, 100), MCA_MAGNITUDE_EXPONENT_MAX);
}

/* n values of 1 and one of 16, at 4 bits. Full scale 2^e cuts (16 - 2^e)^2 off the large one; what
 * is below costs (2^e / 16)^2 / 12 each. n = 100: at 8 64 + 2, at 16 8.4. n = 10,000: at 2 196 +
 * 13, at 4 144 + 52, at 8 64 + 208, at 16 833. */
static void test_calibration_least_error_by_hand(void **state) {
    (void)state;
    struct mca_magnitudes m = {0};
    add(&m, 16.0, 1);
    add(&m, 1.0, 100);
    assert_int_equal(mca_magnitudes_least_error(&m, 4), 4);
    add(&m, 1.0, 9900);
    assert_int_equal(mca_magnitudes_least_error(&m, 4), 2);
    assert_int_equal(mca_magnitudes_least_error(&m, 8), 4);
    /* a value of less than half a step is lost whole, and zeros cost nothing */
    struct mca_magnitudes small = {0};
    add(&small, 0.0, 1000000);
    add(&small, 1.0, 1);
    add(&small, 0x1p-20, 10000);
    assert_int_equal(mca_magnitudes_least_error(&small, 4), 0);
    /* 1.5 in 16 steps: up to 1 it is cut by 1/2, up to 2 and 4 rounded within steps of 1/8, 1/4 */
    struct mca_magnitudes between = {0};
    mca_magnitudes_add(&between, 1.5);
    assert_int_equal(mca_magnitudes_least_error(&between, 4), 1);
}

/* Sum 2.5 of a layer of ReLU, on tiles of two rows: two inputs, two inputs, the bias. The layer
 * after takes 2.5 and 2.5, and 1. */
static struct mca_chip_config small_chip(void) {
    const struct mca_u32_list widths = {3, {INPUTS, 2, 2}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.model = MCA_DEVICE_IDEAL;
    config.tile.rows = 2;
    config.loss = MCA_LOSS_SOFTMAX;
    config.network.is_widths = 0;
    for (int i = 0; i < 2; ++i) {
        config.network.layers[i].activation = i ? MCA_ACTIVATION_IDENTITY : MCA_ACTIVATION_RELU;
        config.network.layers[i].activation_exponent = MCA_EXPONENT_CALIBRATED;
        config.network.layers[i].unit_weight_us = 4;
    }
    return config;
}

/* Weights of 0.5, and of 3 in the second layer, with biases of 0.5 and 0. */
static struct mca_chip *weighted(const struct mca_chip_config *config) {
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    for (uint32_t i = 0; i < 2; ++i) {
        const struct mca_matrix *matrix = mca_chip_layer(chip, i).matrix;
        for (uint32_t r = 0; r < matrix->rows; ++r) {
            for (uint32_t c = 0; c < matrix->cols; ++c) {
                const double weight = i == 0 ? 0.5 : r + 1 < matrix->rows ? 3.0 : 0.0;
                matrix->continuous_us[r * matrix->stride + c] = 4 * weight;
            }
        }
    }
    return chip;
}

static const struct mca_image_set *white(void) {
    static uint8_t pixels[IMAGES * INPUTS];
    static uint8_t labels[IMAGES];
    static const struct mca_image_set set = {
        .count = IMAGES, .channels = 1, .rows = 2, .cols = 2, .pixels = pixels, .labels = labels};
    memset(pixels, 255, sizeof pixels);
    return &set;
}

static struct mca_calibration_config every_image(void) {
    return (struct mca_calibration_config){
        .images = 1000, .method = MCA_CALIBRATION_PERCENTILE, .percentile = 100};
}

static void find(struct mca_chip_config *config, const struct mca_calibration_config *how) {
    struct mca_error error;
    struct mca_chip *weights = weighted(config);
    assert_int_equal(mca_calibrate(config, how, white(), weights, &error), MCA_OK);
    mca_chip_destroy(weights);
}

/*
 * Layer 0: a tile's own sums are 1, 1 and 0.5, so its range is 1 although the sum is 2.5;
 * activations of 2.5 need 4. Layer 1: 2.5 x 3 twice on a tile is 15, of which the full scale is 16,
 * that is 4 full scales of the input. Both outputs are equal, so both probabilities are 0.5 and the
 * errors 0.5 and -0.5, which are driven as 1 and -1: 3 each, in two drives; both at once cancel to
 * 0.
 */
static void test_calibration_of_known_weights(void **state) {
    (void)state;
    struct mca_chip_config config = small_chip();
    struct mca_calibration_config how = every_image();
    const struct mca_found_numbers *found = config.network.found;
    find(&config, &how);
    assert_int_equal(found[0].has_activation, 1);
    assert_int_equal(found[0].activation_exponent, 2);
    assert_near(found[0].adc_forward_range, 1, 0);
    assert_near(found[0].adc_backward_range, 0, 0); /* never read */
    assert_int_equal(found[1].has_activation, 0);   /* probabilities */
    assert_near(found[1].adc_forward_range, 4, 0);
    assert_near(found[1].adc_backward_range, 4, 0);
    how.margin_exponent = 1;
    how.images = 1;
    find(&config, &how); /* again, and wider: a range counts in full scales of its input */
    assert_int_equal(found[0].activation_exponent, 3);
    assert_near(found[0].adc_forward_range, 2, 0);
    assert_near(found[1].adc_forward_range, 4, 0);
    assert_near(found[1].adc_backward_range, 8, 0);
    how.margin_exponent = 0;
    config.dac.drive = MCA_DRIVE_BIPOLAR;
    find(&config, &how);
    assert_near(found[1].adc_backward_range, 1, 0); /* nothing but zeros */
}

/* In float arithmetic errors are parts of the largest, whatever it is; with ideal converters
 * nothing is found. */
static void test_calibration_of_float_arithmetic(void **state) {
    (void)state;
    struct mca_chip_config config = small_chip();
    const struct mca_calibration_config how = every_image();
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    find(&config, &how);
    assert_near(config.network.found[1].adc_backward_range, 4, 0);
    config.adc.bits = 0;
    assert_int_equal(mca_calibration_is_due(&config), 1); /* the DAC's codes have a full scale */
    config.dac.bits = 0;
    assert_int_equal(mca_calibration_is_due(&config), 0);
}

static uint64_t trained(const struct mca_chip_config *config) {
    struct mca_chip *chip;
    struct mca_error error;
    uint64_t sum = 0;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.5, 1);
    for (uint32_t i = 0; i < 20; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, 2, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *matrix = mca_chip_layer(chip, l).matrix;
        for (uint32_t r = 0; r < matrix->rows; ++r) {
            for (uint32_t c = 0; c < matrix->cols; ++c) {
                const double us = mca_matrix_weight_us(matrix, r, c);
                uint64_t bits;
                memcpy(&bits, &us, sizeof bits);
                sum = sum * 31 + bits;
            }
        }
    }
    mca_chip_destroy(chip);
    return sum;
}

/* What is given is left alone, and a chip of numbers that were found is that of the same ones
 * given. Pulsed devices with all their noise. */
static void test_calibration_equals_given_numbers(void **state) {
    (void)state;
    struct mca_error error;
    struct mca_chip_config config = small_chip();
    struct mca_calibration_config how = every_image();
    config.device = mca_fixture_chip(&(struct mca_u32_list){2, {2, 2}}).device;
    const struct mca_chip_config open = config;
    how.margin_exponent = 2;
    assert_int_equal(mca_calibrate(&config, &how, white(), NULL, &error), MCA_OK);
    struct mca_chip_config given = open;
    for (int i = 0; i < 2; ++i) {
        const struct mca_found_numbers *found = &config.network.found[i];
        given.network.layers[i].activation_exponent = found->activation_exponent;
        given.network.layers[i].adc_forward_range = found->adc_forward_range;
        given.network.layers[i].adc_backward_range = found->adc_backward_range;
    }
    assert_int_equal(mca_calibration_is_due(&given), 0);
    const struct mca_chip_config before = given;
    assert_int_equal(mca_calibrate(&given, &how, white(), NULL, &error), MCA_OK);
    assert_memory_equal(&given, &before, sizeof given);
    assert_true(trained(&config) == trained(&given));
    assert_true(trained(&config) != trained(&open)); /* they count */
    struct mca_chip_config widths = open;
    widths.network.is_widths = 1;
    assert_int_equal(mca_calibration_is_due(&widths), 0);
}

/* Full scales are those of the devices as they were programmed, however fast they drift. */
static void test_calibration_does_not_drift(void **state) {
    (void)state;
    struct mca_error error;
    struct mca_chip_config config = small_chip();
    struct mca_calibration_config how = every_image();
    how.percentile = 50; /* the first image, before any drift, does not decide alone */
    config.device = mca_fixture_chip(&(struct mca_u32_list){2, {2, 2}}).device;
    config.device.drift_nu = 1.0;
    config.device.drift_training_t0_s = 1e-9;
    struct mca_chip_config drifting = config;
    drifting.device.drift_in_training = 1;
    assert_int_equal(mca_calibrate(&config, &how, white(), NULL, &error), MCA_OK);
    assert_int_equal(mca_calibrate(&drifting, &how, white(), NULL, &error), MCA_OK);
    assert_memory_equal(config.network.found, drifting.network.found, sizeof config.network.found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calibration_percentile_is_sharp),
        cmocka_unit_test(test_calibration_least_error_by_hand),
        cmocka_unit_test(test_calibration_of_known_weights),
        cmocka_unit_test(test_calibration_of_float_arithmetic),
        cmocka_unit_test(test_calibration_equals_given_numbers),
        cmocka_unit_test(test_calibration_does_not_drift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
