/* The numbers that layers work with: what is given, what is found, and the rule of unit weights. */
#include "mca_fixture.h"
#include "mca_test.h"

#include "chip/layer_numbers.h"
#include "dpu/activation.h"

/* A LeNet; the chip's keys are those of the reference chip. */
static struct mca_chip_config lenet(void) {
    const struct mca_u32_list any = {2, {2, 2}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    const struct mca_layer_config conv = {.type = MCA_LAYER_CONV2D,
                                          .activation = MCA_ACTIVATION_RELU,
                                          .units = 16,
                                          .kernel = 5,
                                          .stride = 1,
                                          .activation_exponent = MCA_EXPONENT_CALIBRATED};
    const struct mca_layer_config pool = {.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    config.network.is_widths = 0;
    config.network.input = (struct mca_shape){1, 28, 28};
    config.network.layer_count = 6;
    config.network.layers[0] = conv;
    config.network.layers[1] = pool;
    config.network.layers[2] = conv;
    config.network.layers[2].units = 32;
    config.network.layers[3] = pool;
    config.network.layers[4] = (struct mca_layer_config){
        .type = MCA_LAYER_DENSE, .activation = MCA_ACTIVATION_TANH, .units = 128};
    config.network.layers[5] = (struct mca_layer_config){
        .type = MCA_LAYER_DENSE, .activation = MCA_ACTIVATION_SIGMOID, .units = 10};
    return config;
}

static struct mca_layer_numbers numbers_of(const struct mca_chip_config *config, uint32_t layer) {
    static struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct mca_network network;
    assert_int_equal(mca_network_init(&network, &config->network, NULL), MCA_OK);
    mca_layer_numbers(config, &network, numbers);
    return numbers[layer];
}

/* sqrt(6 / (inputs + outputs)) is 0.3825, 0.1179, 0.0968 and 0.2085; a pulse of 0.77 uS is a
 * quarter of it at 8.05, 26.1, 31.8 and 14.8 uS. */
static void test_layer_numbers_unit_weights_follow_the_bound(void **state) {
    (void)state;
    static const double wanted[] = {16, 0, 32, 0, 32, 16};
    struct mca_chip_config config = lenet();
    assert_near(mca_initial_bound(1, 26, 16), 0.3825, 5e-5);
    assert_near(mca_initial_bound(2, 401, 32), 2 * 0.1179, 1e-4);
    for (uint32_t i = 0; i < 6; ++i) {
        if (wanted[i] > 0) {
            assert_near(numbers_of(&config, i).unit_weight_us, wanted[i], 0);
            assert_int_equal(numbers_of(&config, i).unit_weight_from, MCA_NUMBER_WEIGHTS);
        }
    }
    config.network.init_gain = 2;
    assert_near(numbers_of(&config, 0).unit_weight_us, 8, 0);
    config.network.layers[0].unit_weight_us = 5;
    assert_near(numbers_of(&config, 0).unit_weight_us, 5, 0);
    assert_int_equal(numbers_of(&config, 0).unit_weight_from, MCA_NUMBER_GIVEN);
}

static void test_layer_numbers_unit_weight_edges(void **state) {
    (void)state;
    /* a pulse is exactly a quarter of the bound */
    assert_near(mca_unit_weight_for(0.25, 1.0, 1000), 16, 0);
    assert_near(mca_unit_weight_for(0.25, 1.0 + 1e-9, 1000), 32, 0);
    /* 1.5 bounds are exactly gmax, and above */
    assert_near(mca_unit_weight_for(0.25, 1.0, 6.0), 16, 0);
    assert_near(mca_unit_weight_for(0.25, 1.0, 6.0 - 1e-9), 8, 0);
    assert_near(mca_unit_weight_for(8.0, 0.5, 1000), 0.25, 0);
    /* without pulses, without weights and of widths: the chip's */
    struct mca_chip_config config = lenet();
    config.transfer.epsilon_us = 0;
    assert_near(numbers_of(&config, 2).unit_weight_us, 8, 0);
    config = lenet();
    config.network.init_gain = 0;
    assert_near(numbers_of(&config, 2).unit_weight_us, 8, 0);
    assert_int_equal(numbers_of(&config, 2).unit_weight_from, MCA_NUMBER_CHIP);
    config = lenet();
    config.network.is_widths = 1;
    assert_near(numbers_of(&config, 2).unit_weight_us, 8, 0);
}

/* What is given stands before what is found, and that before the chip's; full scales go on through
 * pools, and end at activations that are bounded. */
static void test_layer_numbers_sources(void **state) {
    (void)state;
    struct mca_chip_config config = lenet();
    config.network.found[0] = (struct mca_found_numbers){1, -2, 4.0, 0.0, 3.5};
    config.network.found[2] = (struct mca_found_numbers){1, 5, 0.5, 0.25, 0.0};
    config.network.layers[2].activation_exponent = 1;
    config.network.layers[2].adc_forward_range = 64;
    const struct mca_layer_numbers first = numbers_of(&config, 0);
    const struct mca_layer_numbers second = numbers_of(&config, 2);
    const struct mca_layer_numbers third = numbers_of(&config, 4);
    assert_near(first.unit_weight_us, 3.5, 0); /* of weights that are imported */
    assert_int_equal(first.unit_weight_from, MCA_NUMBER_IMPORTED);
    assert_int_equal(first.out_exponent, -2);
    assert_int_equal(first.activation_from, MCA_NUMBER_FOUND);
    assert_near(first.forward_range, 4, 0);
    assert_int_equal(first.backward_from, MCA_NUMBER_NONE); /* never read backward */
    assert_int_equal(second.in_exponent, -2);
    assert_int_equal(second.out_exponent, 1);
    assert_int_equal(second.activation_from, MCA_NUMBER_GIVEN);
    assert_near(second.forward_range, 64, 0);
    assert_int_equal(second.forward_from, MCA_NUMBER_GIVEN);
    assert_near(second.backward_range, 0.25, 0);
    assert_int_equal(second.backward_from, MCA_NUMBER_FOUND);
    assert_int_equal(third.in_exponent, 1);
    assert_int_equal(third.out_exponent, 0);
    assert_int_equal(third.activation_from, MCA_NUMBER_NONE);
    assert_near(third.forward_range, 16, 0);
    assert_near(third.backward_range, 4, 0);
    assert_int_equal(third.forward_from, MCA_NUMBER_CHIP);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layer_numbers_unit_weights_follow_the_bound),
        cmocka_unit_test(test_layer_numbers_unit_weight_edges),
        cmocka_unit_test(test_layer_numbers_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
