/* network.layers as a list of kinds, and network.input: what is read, written and refused. */
#include "mca_test.h"

#include "dpu/activation.h"
#include "network/network.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"

static struct mca_scenario scenario;
static struct mca_scenario_origins origins;
static struct mca_error error;

static enum mca_status load(const char *text) {
    error.message[0] = '\0';
    return mca_scenario_load_text(&scenario, &origins, "x.yaml", text, strlen(text), &error);
}

static void must_load(const char *text) {
    if (load(text) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

static void must_set(const char *assignment) {
    if (mca_scenario_set(&scenario, &origins, assignment, "--set", &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

static const char LENET[] = "network:\n"
                            "  layers:\n"
                            "    - conv2d: {filters: 16, kernel: 5}\n"
                            "    - max_pool: {kernel: 2}\n"
                            "    - conv2d:\n"
                            "        filters: 32\n"
                            "        kernel: 5\n"
                            "        stride: 2\n"
                            "        padding: 1\n"
                            "        unit_weight_us: 16\n"
                            "        rate_factor: 0.25\n"
                            "        activation_scale: 8\n"
                            "        adc_forward_range: 8\n"
                            "        adc_backward_range: 2\n"
                            "        frozen: true\n"
                            "    - avg_pool: {kernel: 3, stride: 1}\n"
                            "    - residual_sum: {from: 2}\n"
                            "    - dense: {units: 128}\n"
                            "    - dense: {units: 10, digital: true}\n";

static void test_typed_layers_hold_what_is_written(void **state) {
    (void)state;
    must_load(LENET);
    const struct mca_network_config *network = &scenario.chip.network;
    const struct mca_layer_config *layers = network->layers;
    const struct mca_layer_config first = {.type = MCA_LAYER_CONV2D,
                                           .activation = MCA_ACTIVATION_SIGMOID,
                                           .units = 16,
                                           .kernel = 5,
                                           .stride = 1,
                                           .activation_exponent = MCA_EXPONENT_CALIBRATED};
    const struct mca_layer_config full = {.type = MCA_LAYER_CONV2D,
                                          .activation = MCA_ACTIVATION_SIGMOID,
                                          .units = 32,
                                          .kernel = 5,
                                          .stride = 2,
                                          .padding = 1,
                                          .unit_weight_us = 16,
                                          .rate_exponent = -2,
                                          .activation_exponent = 3,
                                          .adc_forward_range = 8,
                                          .adc_backward_range = 2,
                                          .frozen = 1};
    const struct mca_layer_config max = {.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    const struct mca_layer_config avg = {.type = MCA_LAYER_AVG_POOL, .kernel = 3, .stride = 1};
    assert_int_equal(network->layer_count, 7);
    assert_int_equal(network->is_widths, 0);
    assert_memory_equal(&layers[0], &first, sizeof first);
    assert_memory_equal(&layers[1], &max, sizeof max);
    assert_memory_equal(&layers[2], &full, sizeof full);
    assert_memory_equal(&layers[3], &avg, sizeof avg);
    assert_int_equal(layers[4].type, MCA_LAYER_RESIDUAL_SUM);
    assert_int_equal(layers[4].from, 2);
    assert_int_equal(layers[5].units, 128);
    assert_int_equal(layers[5].digital, 0);
    assert_int_equal(layers[6].digital, 1);
    const struct mca_shape image = {1, 28, 28}; /* of dataset.name auto */
    assert_memory_equal(&network->input, &image, sizeof image);
}

static char *written(const struct mca_scenario *of) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    mca_scenario_write(of, stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void assert_round_trip(void) {
    static struct mca_scenario before;
    char *first = written(&scenario);
    before = scenario;
    must_load(first);
    assert_memory_equal(&scenario, &before, sizeof before);
    char *second = written(&scenario);
    assert_string_equal(second, first);
    free(first);
    free(second);
}

/* The resolved form says of a layer what its kind is and what is not at its default. */
static void test_typed_layers_load_again(void **state) {
    (void)state;
    must_load(LENET);
    char *text = written(&scenario);
    assert_non_null(strstr(
        text, "network:\n"
              "  input: auto\n"
              "  layers:\n"
              "    - conv2d: {filters: 16, kernel: 5, stride: 1, padding: 0, activation: sigmoid}\n"
              "    - max_pool: {kernel: 2, stride: 2}\n"
              "    - conv2d: {filters: 32, kernel: 5, stride: 2, padding: 1, activation: sigmoid, "
              "activation_scale: 8, unit_weight_us: 16, rate_factor: 0.25, adc_forward_range: 8, "
              "adc_backward_range: 2, frozen: true}\n"
              "    - avg_pool: {kernel: 3, stride: 1}\n"
              "    - residual_sum: {from: 2, activation: identity}\n"
              "    - dense: {units: 128, activation: sigmoid}\n"
              "    - dense: {units: 10, activation: sigmoid, digital: true}\n"
              "  init_gain: 1\n"));
    free(text);
    assert_round_trip();
    must_set("network.layers=[conv2d: {filters: 1, kernel: 1}, residual_sum: {from: input}]");
    must_set("network.input=[3, 32, 16]");
    assert_round_trip();
}

/* As text on one line it can be set again, and at most MCA_LAYERS_MAX layers have room. */
static void test_typed_layers_on_one_line(void **state) {
    (void)state;
    static struct mca_scenario again;
    static char text[MCA_VALUE_TEXT_SIZE + 64];
    const struct mca_key *key = mca_key_find("network.layers");
    char long_list[4096] = "network.layers=[";
    for (int i = 0; i < MCA_LAYERS_MAX; ++i) {
        strcat(long_list, i ? ", conv2d: {filters: 1000000, kernel: 64, padding: 63, rate_factor: "
                              "0.0009765625, frozen: true}"
                            : "dense: {units: 3}");
    }
    strcat(long_list, "]");
    must_load("");
    must_set(long_list);
    assert_int_equal(scenario.chip.network.layer_count, MCA_LAYERS_MAX);
    again = scenario;
    (void)snprintf(text, sizeof text, "network.layers=");
    mca_key_format(key, &scenario, text + strlen(text), MCA_VALUE_TEXT_SIZE);
    assert_true(strlen(text) < MCA_VALUE_TEXT_SIZE / 2);
    must_load("");
    must_set(text);
    assert_memory_equal(&scenario.chip.network, &again.chip.network, sizeof again.chip.network);
    long_list[strlen(long_list) - 1] = '\0';
    strcat(long_list, ", dense: {units: 3}]");
    assert_int_equal(mca_scenario_set(&scenario, NULL, long_list, "--set", &error), MCA_INVALID);
    assert_string_equal(error.message, "--set: network.layers: 33 layers; 1..32 are allowed");
}

/* Widths keep the text that they had before there were kinds, whatever stood before them. */
static void test_typed_layers_give_way_to_widths(void **state) {
    (void)state;
    uint64_t hash;
    uint64_t hash_again;
    must_load("");
    assert_int_equal(mca_scenario_hash(&scenario, &hash, NULL), MCA_OK);
    must_load(LENET);
    must_set("network.layers=[784, 250, 10]");
    must_set("report.name=x");
    char *text = written(&scenario);
    assert_non_null(strstr(text, "network:\n  layers: [784, 250, 10]\n  init_gain: 1\n"));
    assert_null(strstr(text, "calibration"));
    free(text);
    assert_int_equal(mca_scenario_hash(&scenario, &hash_again, NULL), MCA_OK);
    assert_true(hash == hash_again);
    assert_int_equal(scenario.chip.network.input.channels, 784);
    assert_round_trip();
}

/* network.input as given, else as dataset.name says, whichever is set last. */
static void test_typed_layers_input_follows_the_data(void **state) {
    (void)state;
    const struct mca_shape digits = {1, 28, 28};
    const struct mca_shape given = {3, 7, 5};
    struct mca_shape *const input = &scenario.chip.network.input;
    must_load("network: {input: [3, 7, 5], layers: [dense: {units: 10}]}\n");
    assert_memory_equal(input, &given, sizeof given);
    must_set("network.layers=[20, 10]");
    assert_int_equal(input->channels, 20);
    must_set("network.layers=[dense: {units: 3}]");
    assert_memory_equal(input, &given, sizeof given);
    must_set("network.input=auto");
    assert_memory_equal(input, &digits, sizeof digits);
    must_set("dataset.name=synthetic-digits");
    assert_memory_equal(input, &digits, sizeof digits);
    const struct mca_shape colour = {3, 32, 32};
    must_set("dataset.name=cifar10");
    assert_memory_equal(input, &colour, sizeof colour);
    must_set("dataset.name=fashion-mnist");
    assert_memory_equal(input, &digits, sizeof digits);
    must_set("dataset.name=synthetic-colour");
    assert_memory_equal(input, &colour, sizeof colour);
    must_set("dataset.name=idx");
    assert_int_equal(mca_scenario_check(&scenario, &origins, &error), MCA_INVALID);
    assert_string_equal(error.message,
                        "--set: network.input: the data's files decide on the images' shape; write "
                        "[channels, height, width]; network.input is auto, dataset.name is idx");
}

static void test_typed_layers_refuse(void **state) {
    (void)state;
    static const struct {
        const char *layers;
        const char *message;
    } cases[] = {
        {"[conv2d: {filters: 4, kernel: 0}]", "layer 0 (conv2d): kernel: 0 is out of range 1..64"},
        {"[dense: {units: 3}, conv2d: {filters: 4, kernel: -3}]",
         "layer 1 (conv2d): kernel: -3 is out of range 1..64"},
        {"[conv2d: {filters: 1000000000, kernel: 3}]",
         "layer 0 (conv2d): filters: 1000000000 is out of range 1..1000000"},
        {"[conv2d: {filters: 4, kernel: 3, stirde: 2}]",
         "layer 0 (conv2d): unknown key stirde; did you mean stride?"},
        {"[max_pool: {kernel: 2, frozen: true}]",
         "layer 0 (max_pool): unknown key 'frozen'; keys: kernel, stride"},
        {"[dense: {}]", "layer 0 (dense): units is missing; a whole number 1..1000000 is needed"},
        {"[dense: ]", "layer 0 (dense): units is missing; a whole number 1..1000000 is needed"},
        {"[residual_sum: {activation: sigmoid}]",
         "layer 0 (residual_sum): from is missing; a whole number 0..31 or input is needed"},
        {"[residual_sum: {from: inputs}]",
         "layer 0 (residual_sum): from: 'inputs' is not a whole number; allowed: 0..31 or input"},
        {"[dense: {units: .nan}]",
         "layer 0 (dense): units: '.nan' is not a whole number; allowed: 1..1000000"},
        {"[dense: {units: 3, unit_weight_us: nan}]",
         "layer 0 (dense): unit_weight_us: 'nan' is not a number; allowed: 1e-06..1000 or auto"},
        {"[dense: {units: 3, unit_weight_us: 1e999}]",
         "layer 0 (dense): unit_weight_us: 1e999 is out of range 1e-06..1000 or auto"},
        {"[dense: {units: 3, rate_factor: 3}]", "layer 0 (dense): rate_factor: '3' is not a power "
                                                "of two; allowed: 0.0009765625..1024"},
        {"[dense: {units: 3, activation_scale: 0}]",
         "layer 0 (dense): activation_scale: 0 is out of range 0.00390625..32768 or auto"},
        {"[dense: {units: 3, digital: maybe}]",
         "layer 0 (dense): digital: 'maybe' is not one of false, true"},
        {"[dense: {units: 3, units: 4}]", "layer 0 (dense): units: given twice; first in line 1"},
        {"[dense: {units: [3]}]",
         "layer 0 (dense): units: not a plain value; a whole number is needed"},
        {"[dense: {units: }]",
         "layer 0 (dense): units: no value; a whole number 1..1000000 is needed"},
        {"[dense: {{a: b}: 3}]",
         "layer 0 (dense): unknown key ''; keys: units, activation, activation_scale, "
         "unit_weight_us, rate_factor, adc_forward_range, adc_backward_range, frozen, digital, "
         "tile_rows, tile_cols"},
        {"[dense: 10]", "layer 0 (dense): its keys are no mapping; write dense: {KEY: VALUE}"},
        {"[dense: !!map {units: 3}]", ""},
        {"[dense: !mine {units: 3}]",
         "layer 0 (dense): its keys are no mapping; write dense: {KEY: VALUE}"},
        {"[convolution: {filters: 3}]", "layer 0: unknown kind 'convolution'; kinds: dense, "
                                        "conv2d, max_pool, avg_pool, residual_sum"},
        {"[maxpool: {kernel: 3}]", "layer 0: unknown kind maxpool; did you mean max_pool?"},
        {"[784, dense: {units: 3}]",
         "layer 0: '784' is not a layer; write KIND: {KEY: VALUE}; kinds: dense, conv2d, "
         "max_pool, avg_pool, residual_sum"},
        {"[dense: {units: 3}, [10]]",
         "layer 1: a list is not a layer; write KIND: {KEY: VALUE}; kinds: dense, conv2d, "
         "max_pool, avg_pool, residual_sum"},
        {"[{dense: {units: 3}, conv2d: {}}]",
         "layer 0: a mapping of several kinds, or of none, is not a layer; write KIND: {KEY: "
         "VALUE}; kinds: dense, "
         "conv2d, max_pool, avg_pool, residual_sum"},
        {"[[[784]], 10]", "an element that is not a plain value"},
        {"[]", "list of 0 elements; 2..16 widths, or 1..32 layers with their kinds, are allowed"},
        {"{dense: {units: 3}}", "a mapping; write a list of - KIND: {KEY: VALUE}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char text[256];
        char message[400];
        (void)snprintf(text, sizeof text, "network.layers=%s", cases[i].layers);
        (void)snprintf(message, sizeof message, "--set: network.layers: %s", cases[i].message);
        must_load("");
        const enum mca_status status = mca_scenario_set(&scenario, &origins, text, "--set", &error);
        assert_int_equal(status, cases[i].message[0] ? MCA_INVALID : MCA_OK);
        if (status != MCA_OK) {
            assert_string_equal(error.message, message);
            assert_true(scenario.chip.network.is_widths); /* what was there stays */
        }
    }
}

/* Faults are told with the line of the layer, a file's fault as one of --set. */
static void test_typed_layers_faults_have_a_line(void **state) {
    (void)state;
    assert_int_equal(load("network:\n"
                          "  layers:\n"
                          "    - dense: {units: 3}\n"
                          "    - dense:\n"
                          "        units: 4\n"
                          "        frozen: 1\n"),
                     MCA_INVALID);
    assert_string_equal(error.message, "x.yaml:6: network.layers: layer 1 (dense): frozen: '1' is "
                                       "not one of false, true; did you mean true?");
    assert_int_equal(load("network:\n  input: [1, 28]\n"), MCA_INVALID);
    assert_string_equal(error.message, "x.yaml:2: network.input: list of 2 elements; 3 are needed");
    assert_int_equal(load("network:\n  input: [1, 28, 0]\n"), MCA_INVALID);
    assert_string_equal(error.message,
                        "x.yaml:2: network.input: element 3: 0 is out of range 1..4096 or auto");
    assert_int_equal(load("network:\n  input: automatic\n"), MCA_INVALID);
    assert_string_equal(error.message,
                        "x.yaml:2: network.input: 'automatic' is not a list of three whole "
                        "numbers; write [A, B, C], each 1..4096 or auto");
}

/* tile.unit_weight_us is that of no typed layer: 2e-11 x 1e-6 uS / 0.77 uS x 2^13 would be 2^-42.1.
 */
static void test_typed_layers_rate_is_checked_where_weights_are(void **state) {
    (void)state;
    must_load(
        "train: {learning_rate: 2.0e-11}\ntile: {unit_weight_us: 1.0e-6}\nnetwork:\n  layers: "
        "[max_pool: {kernel: 2}, dense: {units: 10, unit_weight_us: 8}]\n");
    if (mca_scenario_check(&scenario, &origins, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

/* What does not fit, or makes too many weights, is told with the key that makes the network. */
static void test_typed_layers_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"network:\n  layers:\n    - conv2d: {filters: 2, kernel: 29}\n",
         "x.yaml:3: network.layers: layer 0 (conv2d): a kernel of 29 x 29 does not fit into its "
         "input of 1 x 28 x 28 (channels x height x width); network.layers has 1 layer"},
        {"network:\n  layers: [dense: {units: 20}, residual_sum: {from: input}]\n",
         "x.yaml:2: network.layers: layer 1 (residual_sum): its input is 20 x 1 x 1, but the image "
         "is 1 x 28 x 28; network.layers has 2 layers"},
        {"network:\n  layers: [dense: {units: 10}, avg_pool: {kernel: 1}]\n",
         "x.yaml:2: network.layers: layer 1 (avg_pool): the last layer must have weights; "
         "network.layers has 2 layers"},
        {"network:\n  layers: [dense: {units: 10, digital: true}]\n",
         "x.yaml:2: network.layers: every layer is digital: nothing is left for the crossbars; "
         "network.layers has 1 layer"},
        {"train: {batch: 2}\nnetwork:\n  layers: [dense: {units: 9, digital: true}, dense: {units: "
         "10}]\n",
         "x.yaml:3: network.layers: layer 0 (dense): digital weights change with every image, and "
         "those of a mini-batch must stay as they are; network.layers has 2 layers, train.batch is "
         "2"},
        {"timing: {streaming: true}\nnetwork:\n  layers: [dense: {units: 9, digital: true}, dense: "
         "{units: 10}]\n",
         "x.yaml:3: network.layers: layer 0 (dense): a digital layer does not stream; "
         "network.layers has 2 layers, timing.streaming is true"},
        {"network:\n  layers: [dense: {units: 10, frozen: true}]\n",
         "x.yaml:2: network.layers: every layer is frozen: nothing learns; network.layers has 1 "
         "layer, train.epochs is 25 (default)"},
        {"train: {loss: cross-entropy}\nnetwork:\n  layers: [dense: {units: 10, activation: "
         "relu}]\n",
         "x.yaml:3: network.layers: layer 0 (dense): the loss of a logistic output needs "
         "activation sigmoid, not relu; network.layers has 1 layer, train.loss is cross-entropy"},
        {"network:\n  layers: [dense: {units: 10, activation_scale: 4}]\n",
         "x.yaml:2: network.layers: layer 0 (dense): activation_scale is 4, but the full scale of "
         "sigmoid is 1; network.layers has 1 layer"},
        {"network:\n  layers: [dense: {units: 10, adc_backward_range: 3}]\n",
         "x.yaml:2: network.layers: layer 0: adc_backward_range is 3; fixed arithmetic needs "
         "converter ranges that are powers of two; network.layers has 1 layer, dpu.arithmetic is "
         "fixed (default)"},
        /* log2(1e-6 x 1e-6 uS / 1000 uS x 2^13 x 2^-10) is -46.8 */
        {"transfer: {epsilon_us: 1000}\nnetwork:\n  layers: [dense: {units: 10, unit_weight_us: "
         "1e-6, rate_factor: 0.0009765625}]\ntrain: {learning_rate: 1e-6}\n",
         "x.yaml:4: train.learning_rate: layer 0: learning rate x unit weight / epsilon in chi "
         "units is 2^-47; allowed: 2^-40..2^40; network.layers has 1 layer, train.learning_rate is "
         "1e-06, transfer.epsilon_us is 1000, chi.frac_bits is 13 (default)"},
        {"network:\n  layers: [dense: {units: 1000000}, dense: {units: 1000}]\n",
         "x.yaml:2: network.layers: 1785001000 weights; a chip holds 1000000000 at most; "
         "network.layers has 2 layers"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        must_load(cases[i].text);
        assert_int_equal(mca_scenario_check(&scenario, &origins, &error), MCA_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typed_layers_hold_what_is_written),
        cmocka_unit_test(test_typed_layers_load_again),
        cmocka_unit_test(test_typed_layers_on_one_line),
        cmocka_unit_test(test_typed_layers_give_way_to_widths),
        cmocka_unit_test(test_typed_layers_input_follows_the_data),
        cmocka_unit_test(test_typed_layers_refuse),
        cmocka_unit_test(test_typed_layers_faults_have_a_line),
        cmocka_unit_test(test_typed_layers_rate_is_checked_where_weights_are),
        cmocka_unit_test(test_typed_layers_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
