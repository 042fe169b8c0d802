/*
 * Fixed-point arithmetic with everything on: a dense network written as convolutions, of 1 x 1 over
 * one position or of windows as large as their input, trains as the dense one, to the bit. A matrix
 * has the same rows in the same order, so each device meets the same pulses and each read the same
 * noise.
 */
#include "chip/chip.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

/* The numbers that widths have, given layer by layer. */
static void give_numbers(struct mca_chip_config *config) {
    config->network.is_widths = 0;
    for (uint32_t l = 0; l < config->network.layer_count; ++l) {
        struct mca_layer_config *layer = &config->network.layers[l];
        layer->unit_weight_us = config->tile.unit_weight_us;
        layer->adc_forward_range = config->adc.forward_range.values[0];
        layer->adc_backward_range = config->adc.backward_range.values[0];
    }
}

/* Each layer is a convolution over one position: of `side` x `side` the first, of 1 x 1 the others.
 */
static struct mca_chip_config as_convolutions(const struct mca_chip_config *dense, uint32_t side) {
    struct mca_chip_config config = *dense;
    give_numbers(&config);
    const uint32_t inputs = (uint32_t)mca_shape_values(&dense->network.input);
    config.network.input = (struct mca_shape){inputs / (side * side), side, side};
    for (uint32_t l = 0; l < config.network.layer_count; ++l) {
        struct mca_layer_config *layer = &config.network.layers[l];
        layer->type = MCA_LAYER_CONV2D;
        layer->kernel = l == 0 ? side : 1;
        layer->stride = 1;
    }
    return config;
}

static struct mca_chip *trained(const struct mca_chip_config *config, uint32_t batch,
                                uint32_t images, double *loss) {
    struct mca_chip *chip;
    struct mca_error error;
    const uint32_t inputs = (uint32_t)mca_shape_values(&config->network.input);
    uint8_t *pixels = malloc(inputs);
    if (mca_chip_create(&chip, config, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    mca_chip_set_rate(chip, 0.2, batch);
    *loss = 0.0;
    for (uint32_t i = 0; i < images; ++i) {
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(inputs, 10, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        *loss += outcome.loss;
    }
    free(pixels);
    return chip;
}

/* Every device, and every word of chi. */
static void check_same_layer(const struct mca_layer_view *a, const struct mca_layer_view *b) {
    assert_int_equal(a->inputs, b->inputs);
    assert_int_equal(a->outputs, b->outputs);
    uint64_t words = 0;
    for (uint32_t r = 0; r < a->inputs; ++r) {
        for (uint32_t c = 0; c < a->outputs; ++c) {
            const double wanted = mca_matrix_weight_us(a->matrix, r, c);
            const double got = mca_matrix_weight_us(b->matrix, r, c);
            if (got != wanted) {
                fail_msg("layer %u, row %u, column %u: %.17g uS, dense %.17g", a->index, r, c, got,
                         wanted);
            }
            const int32_t word = mca_chi_word(a->chi, r * a->chi->stride + c);
            assert_int_equal(mca_chi_word(b->chi, r * b->chi->stride + c), word);
            words += word != 0;
        }
    }
    assert_true(words > 20);
}

static void check_same(const struct mca_chip_config *dense, uint32_t side, uint32_t batch,
                       uint32_t images) {
    const struct mca_chip_config conv = as_convolutions(dense, side);
    double loss[2];
    struct mca_chip *a = trained(dense, batch, images, &loss[0]);
    struct mca_chip *b = trained(&conv, batch, images, &loss[1]);
    assert_true(loss[0] == loss[1] && loss[0] > 0.0);
    const struct mca_chip_stats *stats = mca_chip_stats_of(a);
    assert_true(stats->commands > 300 && stats->refreshed_pairs > 0);
    assert_int_equal(mca_chip_stats_of(b)->commands, stats->commands);
    assert_int_equal(mca_chip_stats_of(b)->refreshed_pairs, stats->refreshed_pairs);
    assert_int_equal(mca_chip_stats_of(b)->adc_clips, stats->adc_clips);
    for (uint32_t l = 0; l < mca_chip_layer_count(a); ++l) {
        const struct mca_layer_view wanted = mca_chip_layer(a, l);
        const struct mca_layer_view got = mca_chip_layer(b, l);
        check_same_layer(&wanted, &got);
    }
    mca_chip_destroy(a);
    mca_chip_destroy(b);
}

static struct mca_chip_config refreshed(const struct mca_u32_list *widths) {
    struct mca_chip_config config = mca_fixture_chip(widths);
    config.refresh.high_us = 4.0;
    return config;
}

/* The reference chip. */
static void test_conv_fixed_of_one_position_is_the_dense_network(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {784, 250, 10}};
    const struct mca_chip_config config = refreshed(&widths);
    check_same(&config, 1, 1, 400);
}

/* A window of 28 x 28 is the image. */
static void test_conv_fixed_of_a_window_as_large_as_the_image_is_the_dense_network(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {784, 250, 10}};
    const struct mca_chip_config config = refreshed(&widths);
    check_same(&config, 28, 1, 400);
}

/* Three layers, two channels of 5 x 5, mini-batches, bipolar drive, residuals back into chi. */
static void test_conv_fixed_of_one_position_in_a_small_odd_network(void **state) {
    (void)state;
    const struct mca_u32_list widths = {4, {50, 33, 17, 10}};
    for (uint32_t side = 1; side <= 5; side += 4) {
        struct mca_chip_config config = refreshed(&widths);
        config.tile.rows = 23;
        config.tile.cols = 11;
        config.dac.drive = MCA_DRIVE_BIPOLAR;
        config.dpu.lanes = 8;
        config.dpu.rounding = MCA_ROUND_NEAREST;
        config.refresh.residual = MCA_RESIDUAL_CHI;
        config.refresh.every_images = 30;
        check_same(&config, side, 3, 600);
        config = refreshed(&widths);
        check_same(&config, side, 1, 600);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conv_fixed_of_one_position_is_the_dense_network),
        cmocka_unit_test(test_conv_fixed_of_a_window_as_large_as_the_image_is_the_dense_network),
        cmocka_unit_test(test_conv_fixed_of_one_position_in_a_small_odd_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
