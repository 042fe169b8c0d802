/*
 * Layered networks in float arithmetic, with ideal devices and converters: each step of the chip,
 * from the weights that it has, equals the reference network, which shares nothing with the model
 * but the weights. Random networks of all kinds of layers and odd shapes.
 */
#include <stdbool.h>

#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "network/random_config.h"

enum { NETWORKS = 200, STEPS = 3, INPUTS_MAX = 4 * 9 * 9, OUTPUTS_MAX = 64 };

static const double rate = 0.0625;

struct pair {
    struct mca_chip_config config;
    struct mca_chip *chip;
    struct ref_net *net;
    uint64_t sequence;
    uint32_t batch;
    uint8_t pixels[INPUTS_MAX];
    double input[INPUTS_MAX];
    double target[OUTPUTS_MAX];
    uint32_t label;
    struct mca_image_outcome outcome;
};

/* |got - wanted| within 1e-12 of what is wanted, or of 1. */
static void assert_same(const struct pair *p, int layer, const char *what, double got,
                        double wanted) {
    if (!(fabs(got - wanted) <= 1e-12 * fmax(1.0, fabs(wanted)))) {
        fail_msg("network %llu, layer %d: %s %.17g, expected %.17g",
                 (unsigned long long)p->config.seed, layer, what, got, wanted);
    }
}

static uint32_t draw(struct pair *p, uint32_t count) {
    return random_below(&p->sequence, count);
}

static bool has_digital(const struct mca_chip_config *config) {
    bool has = false;
    for (uint32_t l = 0; l < config->network.layer_count; ++l) {
        has = has || config->network.layers[l].digital;
    }
    return has;
}

static void create(struct pair *p, const struct random_net *drawn, uint64_t seed) {
    p->sequence = ~seed;
    const struct mca_u32_list any = {2, {1, 1}};
    p->config = mca_fixture_float(&any);
    p->config.seed = seed;
    p->config.loss = random_net_loss(drawn);
    p->config.tile.rows = 20; /* several tiles in both directions */
    p->config.tile.cols = 16;
    p->config.dac.drive = draw(p, 2) ? MCA_DRIVE_TWO_PHASE : MCA_DRIVE_BIPOLAR;
    random_network_config(drawn, &p->sequence, &p->config.network);
    struct mca_error error;
    p->net = ref_net_create(drawn->input, drawn->layers, drawn->count, drawn->loss);
    assert_non_null(p->net);
    assert_int_equal(mca_chip_create(&p->chip, &p->config, &error), MCA_OK);
    p->batch = has_digital(&p->config) ? 1 : 1 + draw(p, 3); /* digital layers take no others */
    mca_chip_set_rate(p->chip, rate, p->batch);
}

static void destroy(struct pair *p) {
    mca_chip_destroy(p->chip);
    ref_net_destroy(p->net);
}

static double chip_weight(const struct pair *p, uint32_t layer, uint32_t row, uint32_t col) {
    const struct mca_layer *l = &p->chip->layers[layer];
    return l->is_digital ? ldexp(l->chi.real[row * l->chi.stride + col], l->weight_exponent)
                         : mca_matrix_weight_us(&l->matrix, row, col) / l->unit_weight_us;
}

static void copy_weights(struct pair *p) {
    for (int l = 0; l < p->net->layers; ++l) {
        struct ref_state *s = &p->net->at[l];
        for (int i = 0; i < s->rows * s->cols; ++i) {
            s->weights[i] =
                chip_weight(p, (uint32_t)l, (uint32_t)(i / s->cols), (uint32_t)(i % s->cols));
        }
    }
}

/* Four grey levels, so that maxima tie. */
static void draw_image(struct pair *p) {
    for (int i = 0; i < ref_values(p->net->input_shape); ++i) {
        p->pixels[i] = (uint8_t)(85 * draw(p, 4));
        p->input[i] = p->pixels[i] / 255.0;
    }
    const uint32_t outputs = (uint32_t)ref_values(p->net->at[p->net->layers - 1].out);
    p->label = draw(p, outputs);
    for (uint32_t i = 0; i < outputs; ++i) {
        p->target[i] = i == p->label;
    }
}

/* The first layer that learns: no errors are needed below it. */
static int first_learning(const struct pair *p) {
    int layer = 0;
    while (layer < p->net->layers &&
           (p->net->at[layer].rows == 0 || p->config.network.layers[layer].frozen)) {
        ++layer;
    }
    return layer;
}

/* Where ReLUs have let nothing through, the chip has no errors to work on. */
static bool has_errors(const struct ref_state *s) {
    for (int i = 0; i < ref_values(s->out); ++i) {
        if (s->errors[i] != 0.0) {
            return true;
        }
    }
    return false;
}

/* Outputs and errors of every layer, of the image trained on last. */
static void compare_signals(const struct pair *p) {
    for (int l = 0; l < p->net->layers; ++l) {
        const struct ref_state *s = &p->net->at[l];
        const struct mca_layer_signals *signals = &p->chip->signals.layers[l];
        const bool learns = l >= first_learning(p) && has_errors(s);
        for (int i = 0; i < ref_values(s->out); ++i) {
            assert_same(p, l, "output", signals->activation_real[i], s->outputs[i]);
            if (learns) {
                assert_same(p, l, "error", signals->error_real[i], s->errors[i]);
            }
        }
    }
}

/* The class is the largest output, the lowest such. */
static uint32_t predicted(const struct pair *p) {
    const struct ref_state *last = &p->net->at[p->net->layers - 1];
    uint32_t largest = 0;
    for (int i = 1; i < ref_values(last->out); ++i) {
        largest = last->sums[i] > last->sums[largest] ? (uint32_t)i : largest;
    }
    return largest;
}

/* The chip takes the loss from the activations: one that is nearly 1 leaves few digits of 1 - a. */
static void compare_outcome(const struct pair *p) {
    const double loss = ref_net_loss(p->net, p->target);
    assert_near(p->outcome.loss, loss, 1e-12 * fmax(1.0, loss) + 1e-15 * exp(loss));
    assert_int_equal(p->outcome.predicted, predicted(p));
}

/* What the chip classifies without learning goes the same way forward. */
static void compare_test(struct pair *p) {
    enum { IMAGES = 5 };
    static uint8_t pixels[IMAGES * INPUTS_MAX];
    uint32_t wanted[IMAGES];
    uint16_t got[IMAGES];
    struct mca_error error;
    copy_weights(p);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        draw_image(p);
        const size_t size = (size_t)ref_values(p->net->input_shape);
        memcpy(pixels + i * size, p->pixels, size);
        ref_net_forward(p->net, p->input);
        wanted[i] = predicted(p);
    }
    assert_int_equal(mca_chip_infer(p->chip, pixels, IMAGES, 0, 1, got, &error), MCA_OK);
    for (uint32_t i = 0; i < IMAGES; ++i) {
        assert_int_equal(got[i], wanted[i]);
    }
}

/* After a mini-batch: weights moved by the mean of its gradients, those of frozen layers not. */
static void compare_weights(const struct pair *p) {
    for (int l = 0; l < p->net->layers; ++l) {
        const struct ref_state *s = &p->net->at[l];
        const struct mca_layer_config *config = &p->config.network.layers[l];
        const double layer_rate = config->frozen ? 0.0 : ldexp(rate, config->rate_exponent);
        for (int i = 0; i < s->rows * s->cols; ++i) {
            const double got =
                chip_weight(p, (uint32_t)l, (uint32_t)(i / s->cols), (uint32_t)(i % s->cols));
            assert_same(p, l, "weight", got,
                        s->weights[i] + layer_rate / p->batch * s->gradients[i]);
        }
    }
}

static void train_and_compare(struct pair *p) {
    struct mca_error error;
    copy_weights(p);
    ref_net_clear_gradients(p->net);
    for (uint32_t b = 0; b < p->batch; ++b) {
        draw_image(p);
        ref_net_forward(p->net, p->input);
        ref_net_backward(p->net, p->target);
        assert_int_equal(mca_chip_train_image(p->chip, p->pixels, p->label, &p->outcome, &error),
                         MCA_OK);
        compare_signals(p);
        compare_outcome(p);
    }
    compare_weights(p);
}

static void test_conv_float_steps_equal_the_reference(void **state) {
    (void)state;
    int seen[REF_RESIDUAL_SUM + 1] = {0};
    for (uint64_t seed = 1; seed <= NETWORKS; ++seed) {
        static struct pair p;
        const struct random_net drawn = random_net(seed);
        create(&p, &drawn, seed);
        for (int step = 0; step < STEPS; ++step) {
            train_and_compare(&p);
        }
        compare_test(&p);
        for (int l = 0; l < p.net->layers; ++l) {
            ++seen[p.net->at[l].layer.kind];
        }
        destroy(&p);
    }
    for (int kind = REF_DENSE; kind <= REF_RESIDUAL_SUM; ++kind) {
        assert_true(seen[kind] >= 50);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conv_float_steps_equal_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
