/* What steps of convolutions, pools, sums and a softmax count, and what is built for them, by hand.
 */
#include "chip/chip_state.h"
#include "dpu/activation.h"

#include "mca_fixture.h"
#include "mca_test.h"

enum { ACTIVATION_BITS = 16, ERROR_BITS = 12, SUM_BITS = 32, LANES = 16 };

static struct mca_layer_config layer(enum mca_layer_type type, enum mca_activation_kind activation,
                                     uint32_t units, uint32_t kernel, uint32_t stride) {
    return (struct mca_layer_config){.type = type,
                                     .activation = activation,
                                     .units = units,
                                     .kernel = kernel,
                                     .stride = stride,
                                     .activation_exponent = 1,
                                     .unit_weight_us = 16.0,
                                     .adc_forward_range = 8.0,
                                     .adc_backward_range = 2.0};
}

/* Trains on one image of 200 everywhere, and classifies it. */
static struct mca_chip *chip_after_image(const struct mca_network_config *network) {
    static const struct mca_u32_list widths = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.network = *network;
    config.network.init_gain = 1.0;
    config.loss = MCA_LOSS_SOFTMAX;
    struct mca_chip *chip;
    struct mca_image_outcome outcome;
    struct mca_error error;
    uint8_t pixels[64];
    uint16_t predicted;
    memset(pixels, 200, sizeof pixels);
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.1, 1);
    assert_int_equal(mca_chip_train_image(chip, pixels, 0, &outcome, &error), MCA_OK);
    assert_int_equal(mca_chip_infer(chip, pixels, 1, 0, 1, &predicted, &error), MCA_OK);
    return chip;
}

/* 2 x 5 x 5: 3 x 3 of 2 filters at 9 positions, windows of 2 x 2 one apart, 8 to 3. */
static struct mca_network_config windows(void) {
    return (struct mca_network_config){
        .input = {2, 5, 5},
        .layer_count = 3,
        .layers = {layer(MCA_LAYER_CONV2D, MCA_ACTIVATION_RELU, 2, 3, 1),
                   layer(MCA_LAYER_MAX_POOL, MCA_ACTIVATION_SIGMOID, 0, 2, 1),
                   layer(MCA_LAYER_DENSE, MCA_ACTIVATION_IDENTITY, 3, 0, 0)}};
}

static void test_work_convolution(void **state) {
    (void)state;
    const struct mca_network_config network = windows();
    struct mca_chip *chip = chip_after_image(&network);
    const struct mca_ledger_part *conv = mca_chip_ledger_part(chip, 0);
    static const enum mca_phase forward[] = {MCA_PHASE_FORWARD, MCA_PHASE_TEST};
    for (int i = 0; i < 2; ++i) { /* the 18 values of a window, not the bias */
        assert_int_equal(conv->counts[forward[i]][MCA_COMPONENT_DPU_GATHER], 9 * 18);
        assert_int_equal(conv->counts[forward[i]][MCA_COMPONENT_DPU_RELU], 9 * 2);
        assert_int_equal(conv->counts[forward[i]][MCA_COMPONENT_DPU_SIGMOID], 0);
    }
    assert_int_equal(conv->counts[MCA_PHASE_UPDATE][MCA_COMPONENT_DPU_GATHER], 9 * 18);
    /* the rate alone: a slope of 0 or 1 is no product */
    assert_int_equal(conv->counts[MCA_PHASE_ERROR][MCA_COMPONENT_DPU_MULTIPLY], 9 * 2);
    mca_chip_destroy(chip);
}

/* The items of a layer that streams take together what the whole operation does, beside its
 * latency, however many reads a position has: two where its inputs have signs. */
static void test_work_items_are_the_whole(void **state) {
    (void)state;
    const struct mca_network_config network = windows();
    struct mca_chip *chip = chip_after_image(&network);
    int found = 0;
    for (uint32_t i = 0; i < chip->train.image_steps; ++i) {
        const struct mca_step *step = &chip->train.steps[i];
        if (step->kind != MCA_STEP_VECTOR || step->vector != MCA_VECTOR_ACTIVATION ||
            step->layer != 0) {
            continue;
        }
        for (uint64_t reads = 1; reads <= 2; ++reads) {
            struct mca_work work = {0};
            mca_work_vector(chip, step, 9 * reads, &work);
            assert_int_equal(work.cycles, 8 * mca_work_item(chip, step, reads, 0).cycles +
                                              mca_work_item(chip, step, reads, 1).cycles);
        }
        ++found;
    }
    assert_int_equal(found, 1);
    mca_chip_destroy(chip);
}

static void test_work_largest_of_windows(void **state) {
    (void)state;
    const struct mca_network_config network = windows();
    struct mca_chip *chip = chip_after_image(&network);
    const struct mca_ledger_part *pool = mca_chip_ledger_part(chip, 1);
    const struct mca_ledger_part *dense = mca_chip_ledger_part(chip, 2);
    const uint64_t *forward = pool->counts[MCA_PHASE_FORWARD];
    const uint64_t *test = pool->counts[MCA_PHASE_TEST];
    const uint64_t *error = pool->counts[MCA_PHASE_ERROR];
    assert_int_equal(forward[MCA_COMPONENT_DPU_COMPARE], 8 * 4);
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], 0);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 8 * 4 * ACTIVATION_BITS);
    /* one of four places is remembered; no test goes back there */
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_WRITE], 8 * (ACTIVATION_BITS + 2));
    assert_int_equal(test[MCA_COMPONENT_BUFFER_WRITE], 8 * ACTIVATION_BITS);
    /* sums of the layer above, as often as it was read; then error, place and what is there */
    const uint64_t reads = dense->counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_SAMPLE_HOLD] / 8;
    assert_in_range(reads, 1, 2);
    assert_int_equal(error[MCA_COMPONENT_BUFFER_READ], 8 * ((reads + 2) * SUM_BITS + 2));
    assert_int_equal(error[MCA_COMPONENT_BUFFER_WRITE], 8 * (reads + 1) * SUM_BITS);
    assert_int_equal(error[MCA_COMPONENT_DPU_ADD], 8);
    mca_chip_destroy(chip);
}

static void test_work_softmax(void **state) {
    (void)state;
    const struct mca_network_config network = windows();
    struct mca_chip *chip = chip_after_image(&network);
    const struct mca_ledger_part *dense = mca_chip_ledger_part(chip, 2);
    const uint64_t *forward = dense->counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_DPU_SOFTMAX], 3);
    assert_int_equal(forward[MCA_COMPONENT_DPU_RECIPROCAL], 1);
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], 3 + 3); /* sums, and the largest */
    assert_int_equal(forward[MCA_COMPONENT_DPU_SIGMOID], 0);
    assert_int_equal(forward[MCA_COMPONENT_DPU_RELU], 0);
    assert_int_equal(forward[MCA_COMPONENT_DPU_GATHER], 0); /* its inputs lie in order */
    assert_int_equal(dense->counts[MCA_PHASE_ERROR][MCA_COMPONENT_DPU_MULTIPLY], 3);
    /* sums, a word, 6 to drain; three exponentials, a division of 21, three products */
    assert_int_equal(dense->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU],
                     (1 + 1 + 6 + 3 + 21 + 3) * 1000);
    mca_chip_destroy(chip);
}

static void test_work_what_is_built(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.network = windows();
    config.loss = MCA_LOSS_SOFTMAX;
    struct mca_inventory v = mca_chip_inventory(&config);
    assert_int_equal(v.sigmoid_units, 0);
    assert_int_equal(v.softmax_units, 1);
    assert_int_equal(v.pool_units, LANES);
    assert_int_equal(v.gather_units, LANES);
    /* image, activations, each with the bias line's; places; errors of both layers, all twice; sums
     * of errors of 18 and 8 values once */
    assert_int_equal(v.buffer_bits,
                     2 * ((51 + 19 + 9) * ACTIVATION_BITS + 8 * 2 + (18 + 3) * ERROR_BITS) +
                         (18 + 8) * SUM_BITS);
    assert_int_equal(v.buffers, 2 * 6 + 2);
    config.network.layers[0].frozen = 1; /* nothing goes back through the pool */
    v = mca_chip_inventory(&config);
    assert_int_equal(v.buffer_bits, 2 * ((51 + 19 + 9) * ACTIVATION_BITS + 3 * ERROR_BITS));
    config.loss = MCA_LOSS_CROSS_ENTROPY;
    config.network.layers[2].activation = MCA_ACTIVATION_TANH;
    v = mca_chip_inventory(&config);
    assert_int_equal(v.sigmoid_units, LANES);
    assert_int_equal(v.softmax_units, 0);
    mca_network_config_set_widths(&config.network, &(const struct mca_u32_list){3, {4, 3, 2}});
    v = mca_chip_inventory(&config);
    assert_int_equal(v.sigmoid_units, LANES);
    assert_int_equal(v.pool_units + v.gather_units + v.softmax_units + v.accumulator_bits, 0);
}

/* 1 x 3 x 3: two convolutions of 1 x 1 with a sum around the second, the mean of each of the two
 * channels' 9 places, 2 to 3. */
static void test_work_sum_and_average(void **state) {
    (void)state;
    struct mca_network_config network = {
        .input = {1, 3, 3},
        .layer_count = 5,
        .layers = {layer(MCA_LAYER_CONV2D, MCA_ACTIVATION_TANH, 2, 1, 1),
                   layer(MCA_LAYER_CONV2D, MCA_ACTIVATION_RELU, 2, 1, 1),
                   layer(MCA_LAYER_RESIDUAL_SUM, MCA_ACTIVATION_SIGMOID, 0, 0, 0),
                   layer(MCA_LAYER_AVG_POOL, MCA_ACTIVATION_SIGMOID, 0, 3, 3),
                   layer(MCA_LAYER_DENSE, MCA_ACTIVATION_IDENTITY, 3, 0, 0)}};
    network.layers[2].from = 0;
    struct mca_chip *chip = chip_after_image(&network);
    const struct mca_ledger_part *conv = mca_chip_ledger_part(chip, 0);
    const struct mca_ledger_part *sum = mca_chip_ledger_part(chip, 2);
    const struct mca_ledger_part *mean = mca_chip_ledger_part(chip, 3);
    const uint64_t *forward = sum->counts[MCA_PHASE_FORWARD];
    const uint64_t *error = sum->counts[MCA_PHASE_ERROR];
    assert_int_equal(conv->counts[MCA_PHASE_FORWARD][MCA_COMPONENT_DPU_SIGMOID], 18);
    assert_int_equal(conv->counts[MCA_PHASE_ERROR][MCA_COMPONENT_DPU_MULTIPLY], 18 * 3);
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], 18);
    assert_int_equal(forward[MCA_COMPONENT_DPU_SIGMOID], 18);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 2 * 18 * ACTIVATION_BITS);
    /* the slope once, with the activation it comes from; the error to both that were added */
    assert_int_equal(error[MCA_COMPONENT_DPU_MULTIPLY], 18 * 2);
    assert_int_equal(error[MCA_COMPONENT_DPU_ADD], 2 * 18);
    assert_int_equal(error[MCA_COMPONENT_BUFFER_READ], 18 * (ACTIVATION_BITS + 2 * 2 * SUM_BITS));
    forward = mean->counts[MCA_PHASE_FORWARD];
    error = mean->counts[MCA_PHASE_ERROR];
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], 18);
    assert_int_equal(forward[MCA_COMPONENT_DPU_MULTIPLY], 2 * 2); /* 9 is no power of two */
    assert_int_equal(forward[MCA_COMPONENT_DPU_RELU], 2);
    assert_int_equal(error[MCA_COMPONENT_DPU_MULTIPLY], 2 * 2);
    assert_int_equal(error[MCA_COMPONENT_DPU_ADD], 18);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_work_convolution),
        cmocka_unit_test(test_work_items_are_the_whole),
        cmocka_unit_test(test_work_largest_of_windows),
        cmocka_unit_test(test_work_softmax),
        cmocka_unit_test(test_work_what_is_built),
        cmocka_unit_test(test_work_sum_and_average),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
