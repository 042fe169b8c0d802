/*
 * The reference network is itself held against finite differences of its loss, and against small
 * cases worked out by hand.
 */
#include "mca_test.h"
#include "network/random_net.h"
#include "network/reference_net.h"

static struct ref_net *create(struct ref_shape input, struct ref_layer layer, enum ref_loss loss) {
    struct ref_net *net = ref_net_create(input, &layer, 1, loss);
    assert_non_null(net);
    return net;
}

static void assert_values(const double *got, const double *wanted, int count) {
    for (int i = 0; i < count; ++i) {
        assert_near(got[i], wanted[i], 1e-12);
    }
}

/* Targets that leave the given errors at the outputs of a network with a squared loss. */
static void back_with_errors(struct ref_net *net, const double *errors) {
    double target[64];
    const struct ref_state *last = &net->at[net->layers - 1];
    for (int i = 0; i < ref_values(last->out); ++i) {
        target[i] = last->outputs[i] + errors[i];
    }
    ref_net_backward(net, target);
}

static void test_reference_net_convolves_a_3_x_3_image(void **state) {
    (void)state;
    struct ref_net *net =
        create((struct ref_shape){1, 3, 3},
               (struct ref_layer){REF_CONV2D, REF_IDENTITY, .units = 1, .kernel = 2, .stride = 1},
               REF_SQUARED);
    memcpy(net->at[0].weights, (double[]){1, 2, 3, 4, 0.5}, 5 * sizeof(double));
    ref_net_forward(net, (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9});
    /* 1 x 1 + 2 x 2 + 3 x 4 + 4 x 5 + 0.5, and so on */
    assert_values(net->at[0].outputs, (double[]){37.5, 47.5, 67.5, 77.5}, 4);
    back_with_errors(net, (double[]){1, -1, 2, 0.5});
    assert_values(net->at[0].errors, (double[]){1, -1, 2, 0.5}, 4);
    assert_values(net->at[0].gradients, (double[]){9.5, 12, 17, 19.5, 2.5}, 5);
    assert_values(net->input_errors, (double[]){1, 1, -2, 5, 5.5, -3, 6, 9.5, 2}, 9);
    /* Gradients are sums over calls. */
    back_with_errors(net, (double[]){1, -1, 2, 0.5});
    assert_values(net->at[0].gradients, (double[]){19, 24, 34, 39, 5}, 5);
    ref_net_clear_gradients(net);
    assert_values(net->at[0].gradients, (double[]){0, 0, 0, 0, 0}, 5);
    ref_net_destroy(net);
}

/* Stride 2 and padding 1: each window of the 2 x 2 image has one pixel, in another corner each. */
static void test_reference_net_convolves_with_stride_padding_and_channels(void **state) {
    (void)state;
    struct ref_net *net = create((struct ref_shape){2, 2, 2},
                                 (struct ref_layer){REF_CONV2D, REF_IDENTITY, .units = 2,
                                                    .kernel = 2, .stride = 2, .padding = 1},
                                 REF_SQUARED);
    struct ref_state *s = &net->at[0];
    assert_int_equal(s->rows, 9);
    assert_int_equal(s->cols, 2);
    for (int row = 0; row < 9; ++row) {
        s->weights[row * 2] = row;      /* filter 0; bias 8 */
        s->weights[row * 2 + 1] = -row; /* filter 1 */
    }
    /* pixels (y, x) of two channels: (1, 10) (2, 20) / (3, 30) (4, 40) */
    ref_net_forward(net, (double[]){1, 10, 2, 20, 3, 30, 4, 40});
    /* rows 6 and 7 for kernel (1, 1), 4 and 5 for (1, 0), 2 and 3 for (0, 1), 0 and 1 for (0, 0) */
    assert_values(s->outputs, (double[]){84, -84, 116, -116, 104, -104, 48, -48}, 8);
    back_with_errors(net, (double[]){1, 0, 0, 1, 1, 0, 0, 1});
    assert_values(net->input_errors, (double[]){6, 7, -4, -5, 2, 3, 0, -1}, 8);
    assert_values(s->gradients,
                  (double[]){0, 4, 0, 40, 3, 0, 30, 0, 0, 2, 0, 20, 1, 0, 10, 0, 2, 2}, 18);
    ref_net_destroy(net);
}

static void test_reference_net_max_pool_takes_the_first_of_equals(void **state) {
    (void)state;
    const struct ref_layer pool = {REF_MAX_POOL, REF_IDENTITY, .kernel = 2, .stride = 1};
    struct ref_net *net = create((struct ref_shape){1, 3, 3}, pool, REF_SQUARED);
    ref_net_forward(net, (double[]){1, 3, 0, 3, 2, 0, 3, 3, 0});
    assert_values(net->at[0].outputs, (double[]){3, 3, 3, 3}, 4);
    const int choices[] = {1, 1, 3, 7};
    assert_memory_equal(net->at[0].choices, choices, sizeof choices);
    back_with_errors(net, (double[]){1, 2, 4, 8});
    assert_values(net->input_errors, (double[]){0, 3, 0, 4, 0, 0, 0, 8, 0}, 9);
    ref_net_destroy(net);
}

static void test_reference_net_padding_is_no_candidate_of_a_maximum(void **state) {
    (void)state;
    const struct ref_layer pool = {REF_MAX_POOL, REF_IDENTITY, .kernel = 2, .stride = 2,
                                   .padding = 1};
    struct ref_net *net = create((struct ref_shape){2, 2, 2}, pool, REF_SQUARED);
    ref_net_forward(net, (double[]){-1, -5, -2, -6, -3, -7, -4, -8});
    assert_values(net->at[0].outputs, (double[]){-1, -5, -2, -6, -3, -7, -4, -8}, 8);
    ref_net_destroy(net);
}

static void test_reference_net_average_counts_padding_as_zero(void **state) {
    (void)state;
    const struct ref_layer pool = {REF_AVG_POOL, REF_IDENTITY, .kernel = 2, .stride = 1,
                                   .padding = 1};
    struct ref_net *net = create((struct ref_shape){1, 2, 2}, pool, REF_SQUARED);
    ref_net_forward(net, (double[]){4, 8, 12, 16});
    assert_values(net->at[0].outputs, (double[]){1, 3, 2, 4, 10, 6, 3, 7, 4}, 9);
    back_with_errors(net, (double[]){4, 0, 0, 0, 8, 0, 0, 0, 16});
    assert_values(net->input_errors, (double[]){3, 2, 2, 6}, 4);
    ref_net_destroy(net);
}

static void test_reference_net_residual_sum_adds_the_input(void **state) {
    (void)state;
    const struct ref_layer layers[] = {
        {REF_DENSE, REF_RELU, .units = 2},
        {REF_DENSE, REF_IDENTITY, .units = 2},
        {REF_RESIDUAL_SUM, REF_IDENTITY, .from = 0},
    };
    struct ref_net *net = ref_net_create((struct ref_shape){2, 1, 1}, layers, 3, REF_SQUARED);
    assert_non_null(net);
    memcpy(net->at[0].weights, (double[]){1, 2, 3, -4, 0.5, 1}, 6 * sizeof(double));
    memcpy(net->at[1].weights, (double[]){2, 3, 5, 7, -1, 1}, 6 * sizeof(double));
    ref_net_forward(net, (double[]){1, 2});
    assert_values(net->at[0].sums, (double[]){7.5, -5}, 2);
    assert_values(net->at[0].outputs, (double[]){7.5, 0}, 2);
    assert_values(net->at[1].outputs, (double[]){14, 23.5}, 2);
    assert_values(net->at[2].outputs, (double[]){21.5, 23.5}, 2);
    back_with_errors(net, (double[]){1, -2});
    assert_values(net->at[1].errors, (double[]){1, -2}, 2);
    /* 2 x 1 + 3 x -2 from the matrix, 1 from the sum; ReLU stops the second */
    assert_values(net->at[0].errors, (double[]){-3, 0}, 2);
    assert_values(net->at[1].gradients, (double[]){7.5, -15, 0, 0, 1, -2}, 6);
    assert_values(net->input_errors, (double[]){-3, -9}, 2);
    ref_net_destroy(net);
}

/* A dense layer that passes its three sums on from the bias row alone. */
static struct ref_net *sums_of(enum ref_activation activation, enum ref_loss loss,
                               const double *sums) {
    struct ref_net *net = create((struct ref_shape){1, 1, 1},
                                 (struct ref_layer){REF_DENSE, activation, .units = 3}, loss);
    memcpy(net->at[0].weights + 3, sums, 3 * sizeof *sums);
    ref_net_forward(net, (double[]){1});
    return net;
}

static void test_reference_net_softmax(void **state) {
    (void)state;
    struct ref_net *net =
        sums_of(REF_IDENTITY, REF_SOFTMAX, (double[]){1000, 1000 + log(2), 1000 + log(5)});
    assert_values(net->at[0].outputs, (double[]){0.125, 0.25, 0.625}, 3);
    assert_near(ref_net_loss(net, (double[]){0, 1, 0}), log(4), 1e-12);
    ref_net_backward(net, (double[]){0, 1, 0});
    assert_values(net->at[0].errors, (double[]){-0.125, 0.75, -0.625}, 3);
    ref_net_destroy(net);
}

static void test_reference_net_logistic(void **state) {
    (void)state;
    struct ref_net *net = sums_of(REF_SIGMOID, REF_LOGISTIC, (double[]){0, log(3), -log(4)});
    assert_values(net->at[0].outputs, (double[]){0.5, 0.75, 0.2}, 3);
    assert_near(ref_net_loss(net, (double[]){0, 1, 0}), log(2) + log(4.0 / 3) + log(1.25), 1e-12);
    ref_net_backward(net, (double[]){0, 1, 0});
    assert_values(net->at[0].errors, (double[]){-0.5, 0.25, -0.2}, 3);
    ref_net_destroy(net);
}

static void test_reference_net_squared(void **state) {
    (void)state;
    struct ref_net *net = sums_of(REF_TANH, REF_SQUARED, (double[]){0, atanh(0.5), atanh(-0.6)});
    assert_values(net->at[0].outputs, (double[]){0, 0.5, -0.6}, 3);
    assert_near(ref_net_loss(net, (double[]){0, 1, 0}), 0.125 + 0.18, 1e-12);
    ref_net_backward(net, (double[]){0, 1, 0});
    assert_values(net->at[0].errors, (double[]){0, 0.5 * 0.75, 0.6 * 0.64}, 3);
    ref_net_destroy(net);
}

/* LeNet of 28 x 28, and layers that do not fit. */
static void test_reference_net_shapes(void **state) {
    (void)state;
    const struct ref_layer lenet[] = {
        {REF_CONV2D, REF_RELU, .units = 16, .kernel = 5, .stride = 1},
        {REF_MAX_POOL, REF_IDENTITY, .kernel = 2, .stride = 2},
        {REF_CONV2D, REF_RELU, .units = 32, .kernel = 5, .stride = 1},
        {REF_MAX_POOL, REF_IDENTITY, .kernel = 2, .stride = 2},
        {REF_DENSE, REF_RELU, .units = 128},
        {REF_DENSE, REF_IDENTITY, .units = 10},
    };
    static const int shapes[][5] = {{16, 24, 24, 26, 16},  {16, 12, 12, 0, 0},
                                    {32, 8, 8, 401, 32},   {32, 4, 4, 0, 0},
                                    {128, 1, 1, 513, 128}, {10, 1, 1, 129, 10}};
    struct ref_net *net = ref_net_create((struct ref_shape){1, 28, 28}, lenet, 6, REF_SOFTMAX);
    assert_non_null(net);
    for (int l = 0; l < 6; ++l) {
        const struct ref_state *s = &net->at[l];
        const int got[] = {s->out.channels, s->out.height, s->out.width, s->rows, s->cols};
        assert_memory_equal(got, shapes[l], sizeof got);
    }
    ref_net_destroy(net);

    const struct ref_shape image = {2, 5, 4};
    const struct ref_layer misfits[] = {
        {REF_CONV2D, REF_IDENTITY, .units = 1, .kernel = 5, .stride = 1},
        {REF_CONV2D, REF_IDENTITY, .units = 0, .kernel = 2, .stride = 1},
        {REF_MAX_POOL, REF_IDENTITY, .kernel = 2, .stride = 0},
        {REF_AVG_POOL, REF_IDENTITY, .kernel = 2, .stride = 1, .padding = 2},
        {REF_RESIDUAL_SUM, REF_IDENTITY, .from = 0},
    };
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; ++i) {
        assert_null(ref_net_create(image, &misfits[i], 1, REF_SQUARED));
    }
    const struct ref_layer two_shapes[] = {{REF_DENSE, REF_RELU, .units = 40},
                                           {REF_RESIDUAL_SUM, REF_RELU, .from = REF_FROM_INPUT}};
    assert_null(ref_net_create(image, two_shapes, 2, REF_SQUARED));
    assert_null(ref_net_create(image, two_shapes, 1, REF_SOFTMAX));
    assert_null(ref_net_create(image, two_shapes, 1, REF_LOGISTIC));
}

/* ---- finite differences ---- */

struct differences {
    struct ref_net *net;
    double input[4 * 9 * 9];
    double target[64];
    uint64_t signature; /* of all choices */
    int compared, crossed;
};

/* Which side every ReLU is on, and what every pool has chosen. */
static uint64_t choices_of(const struct ref_net *net) {
    uint64_t hash = 14695981039346656037u;
    for (int l = 0; l < net->layers; ++l) {
        const struct ref_state *s = &net->at[l];
        for (int i = 0; i < ref_values(s->out); ++i) {
            const int side = s->layer.activation == REF_RELU && s->sums[i] > 0.0;
            hash = (hash ^ (uint64_t)(2 * s->choices[i] + side)) * 1099511628211u;
        }
    }
    return hash;
}

/* layer < 0: from the input, else from the layer's sums */
static void forward_again(struct differences *d, int layer) {
    if (layer < 0) {
        ref_net_forward(d->net, d->input);
    } else {
        ref_net_forward_from_sums(d->net, layer);
    }
}

/*
 * Minus the slope of the loss along a value, by the five-point stencil, against `wanted`. The
 * stencil's own error: h^4 / 30 of the fifth derivative, 1e-16 here, and the loss's rounding over
 * h, some 1e-15 / 2e-4, for which the 1e-10 stand. A step across a kink of ReLU or of a maximum is
 * counted and left out.
 */
static void compare_slope(struct differences *d, double *value, int layer, double wanted) {
    static const double factor[] = {-1.0 / 12, 8.0 / 12, -8.0 / 12, 1.0 / 12}; /* minus the slope */
    static const int step[] = {-2, -1, 1, 2};
    const double h = 2e-4;
    const double before = *value;
    double slope = 0.0;
    int crossed = 0;
    for (int i = 0; i < 4; ++i) {
        *value = before + step[i] * h;
        forward_again(d, layer);
        slope += factor[i] * ref_net_loss(d->net, d->target) / h;
        crossed |= choices_of(d->net) != d->signature;
    }
    *value = before;
    forward_again(d, layer);
    d->compared += !crossed;
    d->crossed += crossed;
    if (!crossed) {
        assert_near(wanted, slope, 1e-6 * fabs(slope) + 1e-10);
    }
}

static void compare_network(struct differences *d) {
    struct ref_net *net = d->net;
    ref_net_forward(net, d->input);
    d->signature = choices_of(net);
    ref_net_backward(net, d->target);
    for (int i = 0; i < ref_values(net->input_shape); ++i) {
        compare_slope(d, &d->input[i], -1, net->input_errors[i]);
    }
    for (int l = 0; l < net->layers; ++l) {
        struct ref_state *s = &net->at[l];
        for (int i = 0; i < ref_values(s->out); ++i) {
            compare_slope(d, &s->sums[i], l, s->errors[i]);
        }
        forward_again(d, -1);
        for (int i = 0; i < s->rows * s->cols; ++i) {
            compare_slope(d, &s->weights[i], -1, s->gradients[i]);
        }
    }
}

static void test_reference_net_equals_finite_differences(void **state) {
    (void)state;
    static struct differences d;
    int seen[REF_RESIDUAL_SUM + 1] = {0};
    for (uint64_t seed = 1; seed <= 100; ++seed) {
        const struct random_net drawn = random_net(seed);
        uint64_t sequence = ~seed;
        d.net = ref_net_create(drawn.input, drawn.layers, drawn.count, drawn.loss);
        assert_non_null(d.net);
        for (int i = 0; i < ref_values(drawn.input); ++i) {
            d.input[i] = random_net_value(&sequence);
        }
        for (int l = 0; l < drawn.count; ++l) {
            const struct ref_state *s = &d.net->at[l];
            ++seen[s->layer.kind];
            for (int i = 0; i < s->rows * s->cols; ++i) {
                s->weights[i] = 1.5 * random_net_value(&sequence) / sqrt(s->rows);
            }
        }
        const int outputs = ref_values(d.net->at[drawn.count - 1].out);
        for (int i = 0; i < outputs; ++i) {
            d.target[i] = i == (int)(seed % (uint64_t)outputs);
        }
        compare_network(&d);
        ref_net_destroy(d.net);
    }
    for (int kind = REF_DENSE; kind <= REF_RESIDUAL_SUM; ++kind) {
        assert_true(seen[kind] >= 20);
    }
    assert_true(d.compared > 20000);
    assert_true(d.crossed < d.compared / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_net_convolves_a_3_x_3_image),
        cmocka_unit_test(test_reference_net_convolves_with_stride_padding_and_channels),
        cmocka_unit_test(test_reference_net_max_pool_takes_the_first_of_equals),
        cmocka_unit_test(test_reference_net_padding_is_no_candidate_of_a_maximum),
        cmocka_unit_test(test_reference_net_average_counts_padding_as_zero),
        cmocka_unit_test(test_reference_net_residual_sum_adds_the_input),
        cmocka_unit_test(test_reference_net_softmax),
        cmocka_unit_test(test_reference_net_logistic),
        cmocka_unit_test(test_reference_net_squared),
        cmocka_unit_test(test_reference_net_shapes),
        cmocka_unit_test(test_reference_net_equals_finite_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
