/*
 * Networks of digital layers in fixed-point arithmetic, from the pixels to the weights:
 * activations, errors and weights equal those of integers written here from the table of widths of
 * docs/reference/digital-unit.md alone, image after image. Of the chip only the initial weights and
 * the states of its generators are taken; after that the two are only compared.
 */
#include <stdlib.h>

#include "chip/chip_state.h"
#include "dpu/vector_oracle.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { LAYERS = 4, ROWS = 160, COLS = 40, VALUES = 256, LANES_MAX = 16, WORD_BITS = 16 };

/* A layer with its matrix, and what it made of the image. */
struct layer {
    struct mca_layer_config config;
    struct mca_shape in, out;
    int rows, cols, positions, values;
    int exponent, in_exponent; /* full scales 2^this of what it gives and takes */
    int j;                     /* a word stands for w 2^(j - 14) */
    int64_t word[ROWS][COLS];
    int32_t sum[VALUES];
    int32_t code[VALUES];
    int64_t raw[VALUES];
    int raw_exponent;
    int32_t error[VALUES];
    int error_exponent;
    int32_t rated[VALUES];
    uint32_t generator[LANES_MAX];
};

struct net {
    int a, e, lanes; /* bits of activations and errors */
    unsigned loss, rounding;
    double rate;
    int32_t image[VALUES];
    struct layer at[LAYERS];
    uint64_t changed; /* weights, in all */
};

/* least n: 2^n >= count */
static int log2_up(int64_t count) {
    int n = 0;
    while ((int64_t)1 << n < count) {
        ++n;
    }
    return n;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

static int64_t held(int64_t v, int bits) {
    const int64_t most = ((int64_t)1 << (bits - 1)) - 1;
    return v > most ? most : v < -most ? -most : v;
}

static int has_matrix_of_windows(const struct layer *l) {
    return l->config.type == MCA_LAYER_CONV2D;
}

/* The value of the layer's input on a row of its matrix at a position; -1: it is of the padding. */
static int value_of(const struct layer *l, int position, int row) {
    if (!has_matrix_of_windows(l)) {
        return row;
    }
    const int channels = (int)l->in.channels;
    const int kernel = (int)l->config.kernel;
    const int out_width = (int)l->out.width;
    const int y = position / out_width * (int)l->config.stride + row / channels / kernel -
                  (int)l->config.padding;
    const int x = position % out_width * (int)l->config.stride + row / channels % kernel -
                  (int)l->config.padding;
    const int is_inside = y >= 0 && y < (int)l->in.height && x >= 0 && x < (int)l->in.width;
    return is_inside ? (y * (int)l->in.width + x) * channels + row % channels : -1;
}

/* Of a line at a position; the last is the bias line's, the code of 1. */
static int64_t code_of(const struct net *n, int l, int position, int row) {
    const struct layer *layer = &n->at[l];
    const int32_t *codes = l > 0 ? n->at[l - 1].code : n->image;
    if (row == layer->rows - 1) {
        const int64_t one = (int64_t)1 << n->a;
        return layer->in_exponent > 0 ? oracle_divide(one, (int64_t)1 << layer->in_exponent)
                                      : one - 1;
    }
    const int value = value_of(layer, position, row);
    return value < 0 ? 0 : codes[value];
}

static void activate(const struct net *n, struct layer *l, int frac) {
    int64_t exponentials[VALUES];
    int over;
    if (n->loss == MCA_LOSS_SOFTMAX && l == &n->at[LAYERS - 1]) {
        oracle_softmax(l->sum, frac, n->a, (size_t)l->values, exponentials, l->code);
        return;
    }
    for (int i = 0; i < l->values; ++i) {
        switch (l->config.activation) {
        case MCA_ACTIVATION_SIGMOID:
            l->code[i] = oracle_sigmoid_code(l->sum[i], frac, n->a, &over);
            break;
        case MCA_ACTIVATION_TANH:
            l->code[i] = oracle_tanh_code(l->sum[i], frac, n->a, &over);
            break;
        case MCA_ACTIVATION_RELU:
            l->code[i] = oracle_relu_code(l->sum[i], frac, l->exponent, n->a, &over);
            break;
        default:
            l->code[i] = oracle_identity_code(l->sum[i], frac, l->exponent, n->a, &over);
        }
    }
}

/* Sums of A + 15 + log2 rows bits fit 31, and at most 24 of them are behind the point. */
static void forward(struct net *n, int l) {
    struct layer *layer = &n->at[l];
    const int frac = n->a - layer->in_exponent + 14 - layer->j;
    const int shift = larger(larger(n->a + 15 + log2_up(layer->rows) - 31, frac - 24), 0);
    for (int p = 0; p < layer->positions; ++p) {
        for (int c = 0; c < layer->cols; ++c) {
            int64_t sum = 0;
            for (int r = 0; r < layer->rows; ++r) {
                sum += code_of(n, l, p, r) * layer->word[r][c];
            }
            layer->sum[p * layer->cols + c] = (int32_t)oracle_divide(sum, (int64_t)1 << shift);
        }
    }
    activate(n, layer, frac - shift);
}

static int has_slope_bits(const struct layer *l) {
    return l->config.activation == MCA_ACTIVATION_SIGMOID ||
           l->config.activation == MCA_ACTIVATION_TANH;
}

static void times_slopes(const struct net *n, struct layer *l) {
    for (int i = 0; i < l->values; ++i) {
        const int64_t slope =
            l->config.activation == MCA_ACTIVATION_SIGMOID ? oracle_sigmoid_slope(l->code[i], n->a)
            : l->config.activation == MCA_ACTIVATION_TANH  ? oracle_tanh_slope(l->code[i], n->a)
            : l->config.activation == MCA_ACTIVATION_RELU  ? oracle_relu_slope(l->code[i])
                                                           : 1;
        l->raw[i] = held(l->raw[i] * slope, 32);
    }
    l->raw_exponent -= has_slope_bits(l) ? n->a : 0;
}

/* The largest raw error gets the bits for which its product with a slope of A bits has room. */
static void make_room(const struct net *n, struct layer *l) {
    int64_t all = 0;
    int over;
    for (int i = 0; i < l->values; ++i) {
        all |= llabs(l->raw[i]);
    }
    const int shift = log2_up(all + 1) - (31 - n->a);
    for (int i = 0; i < l->values && all > 0; ++i) {
        l->raw[i] = oracle_scale(l->raw[i], -shift, ((int64_t)1 << (31 - n->a)) - 1, &over);
    }
    l->raw_exponent += all > 0 ? shift : 0;
}

static void output_error(const struct net *n, struct layer *l, int label) {
    for (int i = 0; i < l->values; ++i) {
        l->raw[i] = (i == label ? (int64_t)1 << n->a : 0) - l->code[i];
    }
    l->raw_exponent = -n->a;
    if (n->loss == MCA_LOSS_SQUARED) {
        times_slopes(n, l);
    }
}

/* Raw errors of the layer below: at each value the sums of the windows that have it. */
static void backward(struct net *n, int l) {
    const struct layer *layer = &n->at[l];
    struct layer *below = &n->at[l - 1];
    const int64_t windows =
        has_matrix_of_windows(layer) ? (int64_t)layer->config.kernel * layer->config.kernel : 1;
    const int shift = larger(n->e + 14 + log2_up(layer->cols * windows) - 31, 0);
    memset(below->raw, 0, sizeof below->raw);
    for (int p = 0; p < layer->positions; ++p) {
        for (int r = 0; r < layer->rows - 1; ++r) {
            const int value = value_of(layer, p, r);
            int64_t sum = 0;
            for (int c = 0; c < layer->cols; ++c) {
                sum += layer->error[p * layer->cols + c] * layer->word[r][c];
            }
            if (value >= 0) {
                below->raw[value] += oracle_divide(sum, (int64_t)1 << shift);
            }
        }
    }
    below->raw_exponent = layer->error_exponent + layer->j - 14 + shift;
    if (has_slope_bits(below)) {
        make_room(n, below);
    }
    times_slopes(n, below);
}

/* The shared exponent: the largest magnitude has E - 1 bits. */
static void scale(const struct net *n, struct layer *l) {
    int64_t all = 0;
    int over;
    for (int i = 0; i < l->values; ++i) {
        all |= llabs(l->raw[i]);
    }
    const int shift = log2_up(all + 1) - (n->e - 1);
    for (int i = 0; i < l->values; ++i) {
        const int64_t most = ((int64_t)1 << (n->e - 1)) - 1;
        l->error[i] = (int32_t)oracle_scale(l->raw[i], -shift, most, &over);
    }
    l->error_exponent = l->raw_exponent + shift;
}

/* mantissa x 2^exponent nearest to the rate in weight words, mantissa 2^11 .. 2^12 - 1. */
static int64_t rate_of(const struct net *n, const struct layer *l, int *exponent) {
    const double rate = ldexp(n->rate, l->config.rate_exponent + l->in_exponent + 14 - l->j);
    int64_t mantissa = 4096;
    for (*exponent = -40; mantissa > 4095; ++*exponent) {
        mantissa = llround(ldexp(rate, -*exponent));
    }
    --*exponent;
    assert_in_range(mantissa, 2048, 4095);
    return mantissa;
}

static int64_t delta_of(const struct net *n, struct layer *l, int64_t product, int shift, int col) {
    int over;
    if (n->rounding == MCA_ROUND_NEAREST || shift <= 0) {
        return oracle_scale(product, -shift, INT32_MAX, &over);
    }
    const int64_t unit = (int64_t)1 << shift;
    const int64_t dice = product + l->generator[col % n->lanes] % unit;
    return held(dice >= 0 ? dice / unit : -((-dice + unit - 1) / unit), 32);
}

/* Each lane of a word that is served: the register is stepped, by Marsaglia's 13, 17, 5. */
static void step_generators(const struct net *n, struct layer *l) {
    for (int lane = 0; lane < n->lanes; ++lane) {
        uint32_t *u = &l->generator[lane];
        *u ^= *u << 13;
        *u ^= *u >> 17;
        *u ^= *u << 5;
    }
}

static void update_row(struct net *n, int l, int position, int row, int shift) {
    struct layer *layer = &n->at[l];
    const int32_t *rated = layer->rated + position * layer->cols;
    const int64_t code = code_of(n, l, position, row);
    for (int first = 0; first < layer->cols && code != 0; first += n->lanes) {
        const int end = first + n->lanes < layer->cols ? first + n->lanes : layer->cols;
        int is_served = 0;
        for (int c = first; c < end; ++c) {
            is_served |= rated[c] != 0;
        }
        if (!is_served) {
            continue;
        }
        step_generators(n, layer);
        for (int c = first; c < end; ++c) {
            int64_t *word = &layer->word[row][c];
            const int64_t before = *word;
            *word = held(before + delta_of(n, layer, code * rated[c], shift, c), WORD_BITS);
            n->changed += *word != before;
        }
    }
}

static void update(struct net *n, int l) {
    struct layer *layer = &n->at[l];
    int exponent;
    const int64_t mantissa = rate_of(n, layer, &exponent);
    const int shift = n->a - 12 - exponent - layer->error_exponent;
    for (int i = 0; i < layer->values; ++i) {
        layer->rated[i] = (int32_t)oracle_divide(layer->error[i] * mantissa, 4096);
    }
    for (int p = 0; p < layer->positions && shift <= 30; ++p) {
        for (int r = 0; r < layer->rows; ++r) {
            update_row(n, l, p, r, shift);
        }
    }
}

static void train(struct net *n, const uint8_t *pixels, int inputs, int label) {
    for (int i = 0; i < inputs; ++i) {
        n->image[i] = pixels[i] << (n->a - 8);
    }
    for (int l = 0; l < LAYERS; ++l) {
        forward(n, l);
    }
    output_error(n, &n->at[LAYERS - 1], label);
    for (int l = LAYERS - 1; l >= 0; --l) {
        scale(n, &n->at[l]);
        if (l > 0) {
            backward(n, l);
        }
    }
    for (int l = 0; l < LAYERS; ++l) {
        if (!n->at[l].config.frozen) {
            update(n, l);
        }
    }
}

/* Shapes by hand; the full scale of weights is 2^(j + 1), the least that holds 16 bounds of the
 * initial ones, sqrt(6 / (rows - 1 + cols)). */
static void set_layer(struct net *n, int l, const struct mca_chip_config *config) {
    struct layer *layer = &n->at[l];
    layer->config = config->network.layers[l];
    layer->in = l > 0 ? n->at[l - 1].out : config->network.input;
    const int values = (int)(layer->in.channels * layer->in.height * layer->in.width);
    layer->cols = (int)layer->config.units;
    layer->out = (struct mca_shape){layer->config.units, 1, 1};
    layer->rows = values + 1;
    if (has_matrix_of_windows(layer)) {
        const uint32_t around = 2 * layer->config.padding - layer->config.kernel;
        layer->out.height = (layer->in.height + around) / layer->config.stride + 1;
        layer->out.width = (layer->in.width + around) / layer->config.stride + 1;
        layer->rows = (int)(layer->config.kernel * layer->config.kernel * layer->in.channels) + 1;
    }
    layer->positions = (int)(layer->out.height * layer->out.width);
    layer->values = layer->positions * layer->cols;
    assert_true(layer->rows <= ROWS && layer->cols <= COLS && layer->values <= VALUES);
    const int is_scaled = layer->config.activation == MCA_ACTIVATION_RELU ||
                          layer->config.activation == MCA_ACTIVATION_IDENTITY;
    const int is_softmax = n->loss == MCA_LOSS_SOFTMAX && l == LAYERS - 1;
    layer->exponent = is_scaled && !is_softmax ? layer->config.activation_exponent : 0;
    layer->in_exponent = l > 0 ? n->at[l - 1].exponent : 0;
    const double bound = sqrt(6.0 / (layer->rows - 1 + layer->cols));
    layer->j = (int)ceil(log2(16.0 * bound)) - 1;
}

static int64_t chip_word(const struct mca_chip *chip, int l, int row, int col) {
    const struct mca_chi *chi = &chip->layers[l].chi;
    return chi->narrow[(size_t)row * chi->stride + (size_t)col];
}

static void start(struct net *n, const struct mca_chip *chip, double rate) {
    const struct mca_chip_config *config = &chip->config;
    memset(n, 0, sizeof *n);
    n->a = (int)config->dpu.activation_bits;
    n->e = (int)config->dpu.error_bits;
    n->lanes = (int)config->dpu.lanes;
    n->loss = config->loss;
    n->rounding = config->dpu.rounding;
    n->rate = rate;
    for (int l = 0; l < LAYERS; ++l) {
        set_layer(n, l, config);
        for (int lane = 0; lane < n->lanes; ++lane) {
            n->at[l].generator[lane] = chip->layers[l].chi.state[lane];
        }
        for (int r = 0; r < n->at[l].rows; ++r) {
            for (int c = 0; c < n->at[l].cols; ++c) {
                n->at[l].word[r][c] = chip_word(chip, l, r, c);
            }
        }
    }
}

static void check_layer(const struct net *n, const struct mca_chip *chip, int l, int image) {
    const struct layer *layer = &n->at[l];
    const struct mca_layer_signals *s = &chip->signals.layers[l];
    for (int i = 0; i < layer->values; ++i) {
        if (s->activation[i] != layer->code[i] || s->error[i] != layer->error[i]) {
            fail_msg("image %d, layer %d, value %d: code %d, expected %d; error %d, expected %d",
                     image, l, i, s->activation[i], layer->code[i], s->error[i], layer->error[i]);
        }
    }
    if (s->has_error) {
        assert_int_equal(s->error_exponent, layer->error_exponent);
    }
    for (int r = 0; r < layer->rows; ++r) {
        for (int c = 0; c < layer->cols; ++c) {
            const int64_t word = chip_word(chip, l, r, c);
            if (word != layer->word[r][c]) {
                fail_msg("image %d, layer %d, row %d, column %d: word %d, expected %d", image, l, r,
                         c, (int)word, (int)layer->word[r][c]);
            }
        }
    }
}

static struct mca_layer_config conv(uint32_t filters, uint32_t kernel, uint32_t stride,
                                    uint32_t padding, unsigned activation) {
    return (struct mca_layer_config){.type = MCA_LAYER_CONV2D,
                                     .activation = activation,
                                     .activation_exponent = 1,
                                     .units = filters,
                                     .kernel = kernel,
                                     .stride = stride,
                                     .padding = padding,
                                     .digital = 1};
}

static struct mca_layer_config dense(uint32_t units, unsigned activation, int exponent) {
    return (struct mca_layer_config){.type = MCA_LAYER_DENSE,
                                     .activation = activation,
                                     .activation_exponent = exponent,
                                     .units = units,
                                     .digital = 1};
}

/*
 * Two channels of 7 x 5; windows that overlap, leave places out and reach beyond the edge; codes
 * with a sign and without, of full scales below, at and above 1; words of lanes that are not full.
 * A convolution of 7 filters and windows of 3 x 3 rounds its sums of errors.
 */
static struct mca_chip_config odd_network(void) {
    const struct mca_u32_list any = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    struct mca_layer_config *layers = config.network.layers;
    config.dpu.lanes = 4;
    config.network.is_widths = 0;
    config.network.input = (struct mca_shape){2, 7, 5};
    config.network.layer_count = LAYERS;
    layers[0] = conv(5, 3, 2, 1, MCA_ACTIVATION_TANH);
    layers[1] = conv(7, 3, 1, 1, MCA_ACTIVATION_IDENTITY);
    layers[2] = dense(9, MCA_ACTIVATION_RELU, 2);
    layers[3] = dense(4, MCA_ACTIVATION_SIGMOID, 0);
    layers[1].rate_exponent = -1;
    return config;
}

static uint64_t check_training(const struct mca_chip_config *config, double rate, int images) {
    const int inputs = (int)mca_shape_values(&config->network.input);
    struct net *net = malloc(sizeof *net);
    struct mca_chip *chip;
    struct mca_error error;
    uint8_t pixels[VALUES];
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, rate, 1);
    start(net, chip, rate);
    for (int image = 0; image < images; ++image) {
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(
            (uint32_t)inputs, config->network.layers[LAYERS - 1].units, (uint32_t)image, pixels);
        train(net, pixels, inputs, (int)label);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        for (int l = 0; l < LAYERS; ++l) {
            check_layer(net, chip, l, image);
        }
    }
    const uint64_t saturations = mca_chip_stats_of(chip)->chi_saturations;
    assert_true(net->changed > 100 * (uint64_t)images);
    mca_chip_destroy(chip);
    free(net);
    return saturations;
}

static void test_digital_oracle_stochastic_rounding(void **state) {
    (void)state;
    const struct mca_chip_config config = odd_network();
    (void)check_training(&config, 0.05, 60);
}

/* A full scale below 1, in which the code of 1 is the highest, and a step that is all padding. */
static void test_digital_oracle_nearest_rounding_and_softmax(void **state) {
    (void)state;
    struct mca_chip_config config = odd_network();
    config.loss = MCA_LOSS_SOFTMAX;
    config.dpu.rounding = MCA_ROUND_NEAREST;
    config.dpu.activation_bits = 8;
    config.dpu.error_bits = 10;
    config.dpu.lanes = 16;
    config.network.layers[0] = conv(3, 4, 3, 3, MCA_ACTIVATION_RELU);
    config.network.layers[0].activation_exponent = -1;
    config.network.layers[1].stride = 2;
    config.network.layers[3].activation = MCA_ACTIVATION_IDENTITY;
    (void)check_training(&config, 0.1, 60);
}

/* A frozen layer passes errors on; the others' words reach their ends. */
static void test_digital_oracle_squared_error_and_saturation(void **state) {
    (void)state;
    for (unsigned rounding = MCA_ROUND_NEAREST; rounding <= MCA_ROUND_STOCHASTIC; ++rounding) {
        struct mca_chip_config config = odd_network();
        config.loss = MCA_LOSS_SQUARED;
        config.dpu.rounding = rounding;
        config.dpu.activation_bits = 12;
        config.dpu.error_bits = 8;
        config.network.layers[1].frozen = 1;
        config.network.layers[2] = dense(33, MCA_ACTIVATION_IDENTITY, -2);
        config.network.layers[3].activation = MCA_ACTIVATION_TANH;
        assert_true(check_training(&config, 4.0, 60) > 10);
    }
}

/* Full scales so large that 1 is half a code, and less: the bias line is driven at 1, and not. */
static void test_digital_oracle_bias_of_large_scales(void **state) {
    (void)state;
    for (int32_t exponent = 8; exponent <= 10; ++exponent) {
        struct mca_chip_config config = odd_network();
        config.dpu.activation_bits = 8;
        config.network.layers[2] = dense(9, MCA_ACTIVATION_IDENTITY, exponent);
        (void)check_training(&config, 0.05, 20);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digital_oracle_stochastic_rounding),
        cmocka_unit_test(test_digital_oracle_nearest_rounding_and_softmax),
        cmocka_unit_test(test_digital_oracle_squared_error_and_saturation),
        cmocka_unit_test(test_digital_oracle_bias_of_large_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
