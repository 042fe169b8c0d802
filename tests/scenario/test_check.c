/* Combinations of keys that no chip can have. */
#include "mca_test.h"

#include "scenario/check.h"
#include "scenario/load.h"
#include "train/dataset.h"

static struct mca_scenario scenario;
static struct mca_scenario_origins origins;
static struct mca_error error;

static enum mca_status check(const char *text) {
    if (mca_scenario_load_text(&scenario, &origins, "x.yaml", text, strlen(text), &error)) {
        fail_msg("%s", error.message);
    }
    return mca_scenario_check(&scenario, &origins, &error);
}

static void test_check_defaults_pass(void **state) {
    (void)state;
    assert_int_equal(check(""), MCA_OK);
    assert_int_equal(mca_scenario_check(&scenario, NULL, NULL), MCA_OK);
}

static void test_check_refuses_contradictions(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"chi: {bits: 12}\n", "x.yaml:1: chi.bits: chi.frac_bits must be below chi.bits; "
                              "chi.frac_bits is 13 (default), chi.bits is 12"},
        {"chi:\n  frac_bits: 16\n",
         "x.yaml:2: chi.frac_bits: chi.frac_bits must be below chi.bits; chi.frac_bits is 16, "
         "chi.bits is 16 (default)"},
        {"chi:\n  frac_bits: 12\n  bits: 12\n",
         "x.yaml:3: chi.bits: chi.frac_bits must be below chi.bits; chi.frac_bits is 12, chi.bits "
         "is 12"},
        {"dpu: {lanes: 24}\n", "x.yaml:1: dpu.lanes: not a power of two; dpu.lanes is 24"},
        {"adc: {forward_range: [16, 3]}\n",
         "x.yaml:1: adc.forward_range: fixed arithmetic needs converter ranges that are powers of "
         "two; adc.forward_range is [16, 3], dpu.arithmetic is fixed (default)"},
        {"adc: {bits: 0}\n",
         "x.yaml:1: adc.bits: fixed arithmetic needs an ADC of 2..16 bits; adc.bits is 0, "
         "dpu.arithmetic is fixed (default)"},
        {"adc: {bits: 1}\n",
         "x.yaml:1: adc.bits: a sign and no magnitude; use 0 (ideal) or 2..16; adc.bits is 1"},
        {"adc: {stuck_low_mask: 256}\n",
         "x.yaml:1: adc.stuck_low_mask: the mask names bits that the converter does not have; "
         "adc.stuck_low_mask is 256, adc.bits is 8 (default)"},
        {"dac: {bits: 0}\n",
         "x.yaml:1: dac.bits: fixed arithmetic needs a DAC of 1..12 bits; dac.bits is 0, "
         "dpu.arithmetic is fixed (default)"},
        {"dac: {bits: 10}\ndpu: {activation_bits: 9}\n",
         "x.yaml:2: dpu.activation_bits: the DAC drives more bits than activations have; dac.bits "
         "is 10, dpu.activation_bits is 9"},
        {"dac: {bits: 1, drive: bipolar}\n",
         "x.yaml:1: dac.bits: a bipolar drive spends one bit on the sign; use 0 (ideal) or 2..12; "
         "dac.bits is 1, dac.drive is bipolar"},
        {"timing: {read_ahead: true}\nrefresh: {every_pulses: 50}\n",
         "x.yaml:2: refresh.every_pulses: whether a refresh comes has to be known before the next "
         "image is read, and its pulses are not; timing.read_ahead is true, refresh.every_pulses "
         "is 50"},
        {"timing: {read_ahead: true}\ndevice: {drift_in_training: true}\n",
         "x.yaml:2: device.drift_in_training: devices drift as of the end of an image, and the "
         "next one is read before; timing.read_ahead is true, device.drift_in_training is true"},
        {"timing: {read_ahead: true, streaming: true}\n",
         "x.yaml:1: timing.read_ahead: a layer that streams is read as the digital unit takes its "
         "codes; timing.read_ahead is true, timing.streaming is true"},
        {"dpu: {units: per-tile}\ntile: {cols: 40}\n",
         "x.yaml:2: tile.cols: layer 0 (dense): a word of dpu.lanes weights would lie on two "
         "tiles: dpu.lanes has to divide their columns, 40; dpu.units is per-tile, dpu.lanes "
         "is "
         "16 (default), tile.cols is 40"},
        {"tile: {rows: 40}\nchi: {layout: columns}\ndpu: {units: per-tile}\n",
         "x.yaml:3: dpu.units: layer 0 (dense): a word of dpu.lanes weights would lie on two "
         "tiles: dpu.lanes has to divide their rows, 40; dpu.units is per-tile, dpu.lanes "
         "is "
         "16 (default), tile.rows is 40"},
        {"transfer: {epsilon_us: 0}\n",
         "x.yaml:1: transfer.epsilon_us: writing through (0) needs dpu.arithmetic float and "
         "device.model ideal; transfer.epsilon_us is 0, dpu.arithmetic is fixed (default), "
         "device.model is pcm-jap18 (default)"},
        {"transfer: {mode: direct, epsilon_us: 0}\ndevice: {model: ideal}\n"
         "dpu: {arithmetic: float}\n",
         "x.yaml:1: transfer.mode: pulses at once need a transfer.epsilon_us above 0; "
         "transfer.mode "
         "is direct, transfer.epsilon_us is 0"},
        {"refresh: {residual: chi}\ntransfer: {mode: direct}\n",
         "x.yaml:2: transfer.mode: there is no chi that could take what a rewrite misses; "
         "refresh.residual is chi, transfer.mode is direct"},
        {"device: {gmin_us: 12}\n",
         "x.yaml:1: device.gmin_us: device.gmin_us must be below device.gmax_us; device.gmin_us is "
         "12, device.gmax_us is 12 (default)"},
        {"device: {reset_mean_us: 13}\n",
         "x.yaml:1: device.reset_mean_us: a RESET must leave at most device.gmax_us; "
         "device.reset_mean_us is 13, device.gmax_us is 12 (default)"},
        {"device: {model: ideal}\ntile: {read_path: device}\n",
         "x.yaml:2: tile.read_path: an ideal weight has no two devices to read one by one; "
         "tile.read_path is device, device.model is ideal"},
        {"network: {layers: [1000000, 1000]}\n",
         "x.yaml:1: network.layers: 1000001000 weights; a chip holds 1000000000 at most; "
         "network.layers is [1000000, 1000]"},
        {"adc: {backward_range: [1, 2, 4]}\n",
         "x.yaml:1: adc.backward_range: more ranges than the network has layers of weights (2); "
         "adc.backward_range is [1, 2, 4], network.layers is [784, 250, 10] (default)"},
        {"dataset: {name: idx, train_images: /a}\n",
         "x.yaml:1: dataset.name: dataset.name idx or npy needs four paths; dataset.train_labels "
         "is \"\" "
         "(default), dataset.name is idx"},
        {"dataset: {label: a/b}\n",
         "x.yaml:1: dataset.label: only letters, digits and . _ + - are allowed, and no . in "
         "front; dataset.label is \"a/b\""},
        {"dataset: {name: idx, label: mnist, train_images: /a, train_labels: /b, test_images: /c, "
         "test_labels: /d}\n",
         "x.yaml:1: dataset.label: the name of another data set (dataset.name); dataset.label is "
         "\"mnist\""},
        {"dataset: {label_map: \"255:256\"}\n",
         "x.yaml:1: dataset.label_map: '255:256' is not OLD:NEW, FIRST-LAST:NEW or "
         "FIRST-LAST:FIRST-LAST of labels 0 .. 255; dataset.label_map is \"255:256\""},
        {"dataset: {label_map: \"1-2:x\"}\n",
         "x.yaml:1: dataset.label_map: '1-2:x' is not OLD:NEW, FIRST-LAST:NEW or "
         "FIRST-LAST:FIRST-LAST of labels 0 .. 255; dataset.label_map is \"1-2:x\""},
        {"dataset: {normalise: range, range_low: 1}\n",
         "x.yaml:1: dataset.range_low: dataset.range_low must be below dataset.range_high; "
         "dataset.range_low is 1, dataset.range_high is 1 (default)"},
        {"report: {name: a/b}\n",
         "x.yaml:1: report.name: only letters, digits and . _ + - are allowed, and no . in front; "
         "report.name is \"a/b\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(check(cases[i].text), MCA_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

/* log2(rate x 8 / 0.77 x 2^13) = log2(rate) + 16.377: the bound lies between 2^-57 and 2^-56. */
static void test_check_rate_fits_the_mantissa(void **state) {
    (void)state;
    assert_int_equal(check("train: {learning_rate: 1.3878e-17}\n"), MCA_OK); /* 2^-56 */
    assert_int_equal(check("train: {learning_rate: 6.9389e-18}\n"), MCA_INVALID);
    assert_non_null(strstr(error.message, "in chi units is 2^-41; allowed: 2^-40..2^40"));
    /* without chi its units do not count: the bound lies between 2^-44 and 2^-43 */
    assert_int_equal(check("train: {learning_rate: 1.1369e-13}\ntransfer: {mode: direct}\n"
                           "chi: {frac_bits: 1}\n"),
                     MCA_OK); /* 2^-43 */
    assert_int_equal(check("train: {learning_rate: 5.6843e-14}\ntransfer: {mode: direct}\n"
                           "chi: {frac_bits: 15}\n"),
                     MCA_INVALID);
    assert_non_null(strstr(error.message, "in pulses is 2^-41; allowed: 2^-40..2^40"));
    assert_int_equal(check("train: {learning_rate_decay: 1e-40, epochs: 9}\n"), MCA_INVALID);
    assert_non_null(strstr(error.message, "decays to nothing before the last epoch"));
    assert_int_equal(check("train: {learning_rate_decay: 1e-40, epochs: 3}\n"), MCA_OK);
    /* 2^-900 is the least: a rate of 2^13 in units of chi, and 11 times 2^-83 or a little less */
    assert_int_equal(check("train: {learning_rate: 0.0625, learning_rate_decay: "
                           "1.0339757656912846e-25, epochs: 12}\ntransfer: {epsilon_us: 0.5}\n"
                           "chi: {frac_bits: 13}\n"),
                     MCA_OK);
    assert_int_equal(check("train: {learning_rate: 0.0625, learning_rate_decay: "
                           "1.0339757656912e-25, epochs: 12}\ntransfer: {epsilon_us: 0.5}\n"
                           "chi: {frac_bits: 13}\n"),
                     MCA_INVALID);
}

static void test_check_float_frees_the_converters(void **state) {
    (void)state;
    assert_int_equal(check("dpu: {arithmetic: float}\nadc: {bits: 0, forward_range: [3]}\n"
                           "dac: {bits: 0}\n"),
                     MCA_OK);
    assert_int_equal(check("dpu: {arithmetic: float}\ndevice: {model: ideal}\n"
                           "transfer: {epsilon_us: 0}\n"),
                     MCA_OK);
}

/* The place is that of the key given last: --set before files, a file before its base. */
static void test_check_blames_the_latest(void **state) {
    (void)state;
    assert_int_equal(check("chi:\n  frac_bits: 12\n"), MCA_OK);
    assert_int_equal(mca_scenario_set(&scenario, &origins, "chi.bits=12", "--set", &error), MCA_OK);
    assert_int_equal(mca_scenario_check(&scenario, &origins, &error), MCA_INVALID);
    assert_string_equal(error.message, "--set: chi.bits: chi.frac_bits must be below chi.bits; "
                                       "chi.frac_bits is 12, chi.bits is 12");
}

/* Flat images take the shape that the network is given, where the number of values is that; rows
 * and columns to shift them by they have not. */
static void test_check_data_flat_images_fit_any_shape(void **state) {
    (void)state;
    const struct mca_image_set flat = {.count = 100, .rows = 1, .cols = 1, .channels = 784};
    const struct mca_dataset data = {
        .name = "flat", .inputs = 784, .classes = 10, .train = flat, .test = flat};
    static const struct {
        const char *text;
        const char *message; /* NULL: fits */
    } cases[] = {
        {"network: {input: [1, 28, 28], layers: [dense: {units: 10}]}\n", NULL},
        {"network: {input: [4, 14, 14], layers: [dense: {units: 10}]}\n", NULL},
        {"network: {input: [1, 28, 27], layers: [dense: {units: 10}]}\n",
         "network.input: the images of flat are 784 x 1 x 1"},
        {"train: {augment_flip: true}\n", NULL},
        {"train: {augment_shift: 1}\n", "train.augment_shift: images of flat have 1 rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(check(cases[i].text), MCA_OK);
        assert_int_equal(mca_scenario_check_data(&scenario, &origins, &data, &error),
                         cases[i].message ? MCA_INVALID : MCA_OK);
        assert_true(!cases[i].message || strstr(error.message, cases[i].message));
    }
}

static void test_check_data_must_fit(void **state) {
    (void)state;
    struct mca_dataset data = {.name = "mnist",
                               .inputs = 784,
                               .classes = 10,
                               .train = {.count = 100, .rows = 28, .cols = 28, .channels = 1},
                               .test = {.count = 50, .rows = 28, .cols = 28, .channels = 1}};
    static const struct {
        const char *text;
        const char *message; /* NULL: fits */
    } cases[] = {
        {"", NULL},
        {"train: {images: 90, validation_images: 10, test_images: 50}\n", NULL},
        {"train: {validation_images: 99}\n", NULL},
        {"network: {layers: [784, 11]}\n", NULL},
        {"network: {layers: [64, 10]}\nadc: {}\n",
         "x.yaml:1: network.layers: the first layer must have the 784 inputs of an image of mnist "
         "(28 x 28); network.layers is [64, 10]"},
        {"network: {layers: [784, 9]}\n",
         "x.yaml:1: network.layers: the last layer must have an output for each of the 10 classes "
         "of mnist; network.layers is [784, 9]"},
        {"train: {augment_shift: 27}\n", NULL},
        {"train: {augment_shift: 28}\n",
         "x.yaml:1: train.augment_shift: images of mnist have 28 rows and 28 columns; a shift must "
         "leave something; train.augment_shift is 28"},
        {"train: {images: 101}\n",
         "x.yaml:1: train.images: mnist has 100 training images, training and validation "
         "together; train.images is 101, train.validation_images is 0 (default)"},
        {"train: {images: 91, validation_images: 10}\n",
         "x.yaml:1: train.images: mnist has 100 training images, training and validation "
         "together; train.images is 91, train.validation_images is 10"},
        {"train: {validation_images: 100}\n",
         "x.yaml:1: train.validation_images: mnist has 100 training images, training and "
         "validation together; train.images is 0 (default), train.validation_images is 100"},
        {"train: {test_images: 51}\n", "x.yaml:1: train.test_images: mnist has 50 test images; "
                                       "train.test_images is 51"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(check(cases[i].text), MCA_OK);
        assert_int_equal(mca_scenario_check_data(&scenario, &origins, &data, &error),
                         cases[i].message ? MCA_INVALID : MCA_OK);
        if (cases[i].message) {
            assert_string_equal(error.message, cases[i].message);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_defaults_pass),
        cmocka_unit_test(test_check_refuses_contradictions),
        cmocka_unit_test(test_check_rate_fits_the_mantissa),
        cmocka_unit_test(test_check_float_frees_the_converters),
        cmocka_unit_test(test_check_blames_the_latest),
        cmocka_unit_test(test_check_data_must_fit),
        cmocka_unit_test(test_check_data_flat_images_fit_any_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
