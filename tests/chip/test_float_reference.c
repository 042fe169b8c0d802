/*
 * With float arithmetic, ideal devices, no noise and ideal converters the chip is plain
 * floating-point stochastic gradient descent. Each step from the same weights is compared with an
 * implementation that shares nothing with the model but the weights.
 */
#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { MAX_WIDTH = 64, MAX_LAYERS = 4 };

struct plain {
    uint32_t layers;
    uint32_t width[MAX_LAYERS + 1];
    double w[MAX_LAYERS][MAX_WIDTH + 1][MAX_WIDTH]; /* last row: bias */
    double gradient[MAX_LAYERS][MAX_WIDTH + 1][MAX_WIDTH];
};

static void copy_weights(struct plain *p, const struct mca_chip *chip) {
    for (uint32_t l = 0; l < p->layers; ++l) {
        for (uint32_t r = 0; r <= p->width[l]; ++r) {
            for (uint32_t c = 0; c < p->width[l + 1]; ++c) {
                p->w[l][r][c] = mca_matrix_weight_us(&chip->layers[l].matrix, r, c) / 8.0;
            }
        }
    }
}

typedef double values[MAX_LAYERS + 1][MAX_WIDTH + 1];

static void go_forward(const struct plain *p, const uint8_t *pixels, values a) {
    for (uint32_t i = 0; i < p->width[0]; ++i) {
        a[0][i] = pixels[i] / 255.0;
    }
    for (uint32_t l = 0; l < p->layers; ++l) {
        a[l][p->width[l]] = 1.0;
        for (uint32_t c = 0; c < p->width[l + 1]; ++c) {
            double z = 0.0;
            for (uint32_t r = 0; r <= p->width[l]; ++r) {
                z += a[l][r] * p->w[l][r][c];
            }
            a[l + 1][c] = 1.0 / (1.0 + exp(-z));
        }
    }
}

/* Textbook back-propagation from activations of which `x` drove the weights; adds -dLoss/dW to the
 * gradient sums. */
static void go_back(struct plain *p, values a, values x, uint32_t label, unsigned loss) {
    values e;
    for (uint32_t c = 0; c < p->width[p->layers]; ++c) {
        const double out = a[p->layers][c];
        e[p->layers][c] = (c == label) - out;
        e[p->layers][c] *= loss == MCA_LOSS_SQUARED ? out * (1.0 - out) : 1.0;
    }
    for (uint32_t l = p->layers; l-- > 0;) {
        for (uint32_t r = 0; r <= p->width[l]; ++r) {
            double sum = 0.0;
            for (uint32_t c = 0; c < p->width[l + 1]; ++c) {
                sum += p->w[l][r][c] * e[l + 1][c];
                p->gradient[l][r][c] += x[l][r] * e[l + 1][c];
            }
            e[l][r] = sum * a[l][r] * (1.0 - a[l][r]);
        }
    }
}

static void compare_weights(const struct plain *p, const struct mca_chip *chip, double rate) {
    for (uint32_t l = 0; l < p->layers; ++l) {
        for (uint32_t r = 0; r <= p->width[l]; ++r) {
            for (uint32_t c = 0; c < p->width[l + 1]; ++c) {
                const double wanted = p->w[l][r][c] + rate * p->gradient[l][r][c];
                const double got = mca_matrix_weight_us(&chip->layers[l].matrix, r, c) / 8.0;
                assert_near(got, wanted, 1e-13);
            }
        }
    }
}

static void compare_steps(const struct mca_u32_list *widths, unsigned loss, uint32_t batch,
                          unsigned drive) {
    struct mca_chip_config config = mca_fixture_float(widths);
    config.loss = loss;
    config.dac.drive = drive;
    config.tile.rows = 20; /* several tiles in both directions */
    config.tile.cols = 16;
    struct mca_error error;
    struct mca_chip *chip;
    struct plain *p = calloc(1, sizeof *p);
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    p->layers = widths->count - 1;
    memcpy(p->width, widths->values, widths->count * sizeof *p->width);
    mca_chip_set_rate(chip, 0.3, batch);
    for (uint32_t step = 0; step < 40; ++step) {
        copy_weights(p, chip);
        memset(p->gradient, 0, sizeof p->gradient);
        for (uint32_t b = 0; b < batch; ++b) {
            uint8_t pixels[MAX_WIDTH];
            struct mca_image_outcome outcome;
            const uint32_t label =
                mca_fixture_image(widths->values[0], p->width[p->layers], step * batch + b, pixels);
            values a;
            go_forward(p, pixels, a);
            go_back(p, a, a, label, loss);
            assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        }
        compare_weights(p, chip, 0.3 / batch);
    }
    mca_chip_destroy(chip);
    free(p);
}

/*
 * Hardware-aware: the activations are those of a noisy chip with coarse converters, from which
 * textbook back-propagation goes on with the weights themselves. Without noise and with ideal
 * converters every step is plain again.
 */
static void compare_aware(double read_noise, uint32_t bits) {
    const struct mca_u32_list widths = {3, {50, 30, 10}};
    struct mca_chip_config config = mca_fixture_float(&widths);
    config.hardware_aware = 1;
    config.device.read_noise = read_noise;
    config.dac.bits = bits;
    config.adc.bits = bits;
    config.tile.rows = 20;
    config.tile.cols = 16;
    struct mca_error error;
    struct mca_chip *chip;
    struct plain *p = calloc(1, sizeof *p);
    double off = 0.0;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    p->layers = 2;
    memcpy(p->width, widths.values, widths.count * sizeof *p->width);
    mca_chip_set_rate(chip, 0.3, 1);
    for (uint32_t step = 0; step < 40; ++step) {
        uint8_t pixels[MAX_WIDTH];
        struct mca_image_outcome outcome;
        values a;
        const uint32_t label = mca_fixture_image(50, 10, step, pixels);
        copy_weights(p, chip);
        memset(p->gradient, 0, sizeof p->gradient);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        go_forward(p, pixels, a);
        for (uint32_t l = 0; l < 2; ++l) {
            for (uint32_t c = 0; c < p->width[l + 1]; ++c) {
                const double got = chip->signals.layers[l].activation_real[c];
                off = fmax(off, fabs(got - a[l + 1][c]));
                a[l + 1][c] = got;
            }
        }
        values x;
        for (uint32_t l = 0; l < 2; ++l) {
            for (uint32_t r = 0; r <= p->width[l]; ++r) {
                const double codes = ldexp(1.0, (int)bits);
                x[l][r] = bits ? fmin(floor(a[l][r] * codes + 0.5), codes - 1.0) / codes : a[l][r];
            }
        }
        go_back(p, a, x, label, MCA_LOSS_CROSS_ENTROPY);
        compare_weights(p, chip, 0.3);
    }
    assert_true(read_noise > 0.0 || bits > 0 ? off > 1e-3 && off < 0.5 : off < 1e-13);
    mca_chip_destroy(chip);
    free(p);
}

static void test_float_reference_hardware_aware(void **state) {
    (void)state;
    compare_aware(0.0, 0);
    compare_aware(1.0, 0);
    compare_aware(0.0, 5);
    compare_aware(1.0, 8);
}

static void test_float_reference_two_layers(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {50, 30, 10}};
    compare_steps(&widths, MCA_LOSS_CROSS_ENTROPY, 1, MCA_DRIVE_TWO_PHASE);
    compare_steps(&widths, MCA_LOSS_SQUARED, 1, MCA_DRIVE_TWO_PHASE);
    compare_steps(&widths, MCA_LOSS_CROSS_ENTROPY, 1, MCA_DRIVE_BIPOLAR);
}

static void test_float_reference_other_depths(void **state) {
    (void)state;
    const struct mca_u32_list one = {2, {50, 10}};
    const struct mca_u32_list four = {5, {40, 33, 17, 25, 10}};
    compare_steps(&one, MCA_LOSS_CROSS_ENTROPY, 1, MCA_DRIVE_TWO_PHASE);
    compare_steps(&four, MCA_LOSS_CROSS_ENTROPY, 1, MCA_DRIVE_TWO_PHASE);
}

static void test_float_reference_mini_batches(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {50, 30, 10}};
    compare_steps(&widths, MCA_LOSS_CROSS_ENTROPY, 7, MCA_DRIVE_TWO_PHASE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_float_reference_two_layers),
        cmocka_unit_test(test_float_reference_hardware_aware),
        cmocka_unit_test(test_float_reference_other_depths),
        cmocka_unit_test(test_float_reference_mini_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
