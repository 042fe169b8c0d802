/* Shapes of typed layers: figures made by hand, a count of the positions one by one, what does not
 * fit, and widths beside the same layers written out. */
#include "mca_test.h"

#include "base/rng.h"
#include "network/network.h"
#include "network/program.h"

static struct mca_layer_config dense(uint32_t units) {
    return (struct mca_layer_config){.type = MCA_LAYER_DENSE, .units = units};
}

static struct mca_layer_config conv2d(uint32_t filters, uint32_t kernel, uint32_t stride,
                                      uint32_t padding) {
    return (struct mca_layer_config){.type = MCA_LAYER_CONV2D,
                                     .units = filters,
                                     .kernel = kernel,
                                     .stride = stride,
                                     .padding = padding};
}

static struct mca_layer_config pool(enum mca_layer_type type, uint32_t kernel, uint32_t stride) {
    return (struct mca_layer_config){.type = type, .kernel = kernel, .stride = stride};
}

static struct mca_layer_config residual_sum(uint32_t from) {
    return (struct mca_layer_config){.type = MCA_LAYER_RESIDUAL_SUM, .from = from};
}

struct expected {
    struct mca_layer_config layer;
    struct mca_shape out;
    uint32_t rows;
    uint32_t cols;
    uint32_t positions;
};

static void assert_shapes(struct mca_shape input, const struct expected *wanted, uint32_t count) {
    struct mca_network_config config = {.input = input, .layer_count = count};
    struct mca_network network;
    struct mca_error error = {""};
    for (uint32_t i = 0; i < count; ++i) {
        config.layers[i] = wanted[i].layer;
    }
    if (mca_network_init(&network, &config, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(network.layer_count, count);
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca_network_layer *layer = &network.layers[i];
        const struct mca_shape *out = &wanted[i].out;
        const struct mca_shape *in = i > 0 ? &wanted[i - 1].out : &input;
        assert_memory_equal(&layer->out, out, sizeof *out);
        assert_memory_equal(&layer->in, in, sizeof *in);
        assert_int_equal(layer->inputs, in->channels * in->height * in->width);
        assert_int_equal(layer->outputs, out->channels * out->height * out->width);
        assert_int_equal(layer->rows, wanted[i].rows);
        assert_int_equal(layer->cols, wanted[i].cols);
        assert_int_equal(layer->positions, wanted[i].positions);
        assert_int_equal(layer->takes, i > 0 ? i - 1 : MCA_FROM_INPUT);
    }
    assert_int_equal(mca_network_inputs(&network), network.layers[0].inputs);
    assert_int_equal(mca_network_outputs(&network), network.layers[count - 1].outputs);
    assert_int_equal(mca_network_config_outputs(&config), mca_network_outputs(&network));
}

/* LeCun et al. 1998, with the widths of today: 26 x 16 and 401 x 32 weights of convolutions. */
static void test_network_lenet(void **state) {
    (void)state;
    const struct expected wanted[] = {
        {conv2d(16, 5, 1, 0), {16, 24, 24}, 26, 16, 576},
        {pool(MCA_LAYER_MAX_POOL, 2, 2), {16, 12, 12}, 0, 0, 0},
        {conv2d(32, 5, 1, 0), {32, 8, 8}, 401, 32, 64},
        {pool(MCA_LAYER_MAX_POOL, 2, 2), {32, 4, 4}, 0, 0, 0},
        {dense(128), {128, 1, 1}, 513, 128, 1},
        {dense(10), {10, 1, 1}, 129, 10, 1},
    };
    assert_shapes((struct mca_shape){1, 28, 28}, wanted, sizeof wanted / sizeof *wanted);
}

/* Odd sizes, strides and padding. 7 x 5 with one zero around it is 9 x 7: windows of 3 every 2
 * begin at 0, 2, 4, 6 and at 0, 2, 4. Of 4 x 3, windows of 2 every 1: 3 x 2. Of 3 x 2, a window of
 * 2 every 2 begins at 0 alone in both: the last row is left out. */
static void test_network_odd_shapes(void **state) {
    (void)state;
    const struct expected wanted[] = {
        {conv2d(6, 3, 2, 1), {6, 4, 3}, 3 * 3 * 3 + 1, 6, 12},
        {pool(MCA_LAYER_AVG_POOL, 2, 1), {6, 3, 2}, 0, 0, 0},
        {conv2d(2, 1, 1, 0), {2, 3, 2}, 7, 2, 6},
        {pool(MCA_LAYER_MAX_POOL, 2, 2), {2, 1, 1}, 0, 0, 0},
        {dense(4), {4, 1, 1}, 3, 4, 1},
    };
    assert_shapes((struct mca_shape){3, 7, 5}, wanted, sizeof wanted / sizeof *wanted);
}

/* As He et al. 2016 add: what went round two convolutions that keep the shape, and the image. */
static void test_network_residual_sums(void **state) {
    (void)state;
    const struct expected wanted[] = {
        {conv2d(4, 3, 1, 1), {4, 6, 6}, 37, 4, 36}, {conv2d(4, 3, 1, 1), {4, 6, 6}, 37, 4, 36},
        {residual_sum(0), {4, 6, 6}, 0, 0, 0},      {conv2d(4, 3, 2, 1), {4, 3, 3}, 37, 4, 9},
        {conv2d(4, 1, 1, 0), {4, 3, 3}, 5, 4, 9},   {residual_sum(3), {4, 3, 3}, 0, 0, 0},
    };
    assert_shapes((struct mca_shape){4, 6, 6}, wanted, sizeof wanted / sizeof *wanted);
    const struct expected of_the_image[] = {
        {conv2d(2, 5, 1, 2), {2, 6, 4}, 51, 2, 24},
        {residual_sum(MCA_FROM_INPUT), {2, 6, 4}, 0, 0, 0},
    };
    assert_shapes((struct mca_shape){2, 6, 4}, of_the_image, 2);
}

/* Windows that lie within the padded input, counted one by one. */
static uint32_t count_windows(uint32_t size, const struct mca_layer_config *window) {
    uint32_t count = 0;
    for (uint32_t at = 0; at + window->kernel <= size + 2 * window->padding; at += window->stride) {
        ++count;
    }
    return count;
}

static void test_network_windows_are_counted(void **state) {
    (void)state;
    const struct mca_rng rng = mca_rng_stream(3, MCA_RNG_SYNTHETIC);
    uint32_t fits = 0;
    for (uint32_t round = 0; round < 2000; ++round) {
        uint32_t words[8];
        mca_rng_words(rng, round, 0, 0, words);
        mca_rng_words(rng, round, 0, 1, words + 4);
        const uint32_t kernel = 1 + words[0] % 7;
        struct mca_network_config config = {
            .input = {1 + words[1] % 5, 1 + words[2] % 20, 1 + words[3] % 20}, .layer_count = 1};
        config.layers[0] = conv2d(1 + words[4] % 9, kernel, 1 + words[5] % 4, words[6] % kernel);
        struct mca_network network;
        const uint32_t height = count_windows(config.input.height, &config.layers[0]);
        const uint32_t width = count_windows(config.input.width, &config.layers[0]);
        const int wanted = height > 0 && width > 0;
        assert_int_equal(mca_network_init(&network, &config, NULL), wanted ? MCA_OK : MCA_INVALID);
        if (wanted) {
            ++fits;
            assert_int_equal(network.layers[0].out.height, height);
            assert_int_equal(network.layers[0].out.width, width);
            assert_int_equal(network.layers[0].positions, height * width);
        }
    }
    assert_true(fits > 1000 && fits < 2000);
}

static void assert_refused(struct mca_shape input, const struct mca_layer_config *layers,
                           uint32_t count, const char *message) {
    struct mca_network_config config = {.input = input, .layer_count = count};
    struct mca_network network;
    struct mca_error error = {""};
    memcpy(config.layers, layers, count * sizeof *layers);
    assert_int_equal(mca_network_init(&network, &config, &error), MCA_INVALID);
    assert_string_equal(error.message, message);
}

static void test_network_names_the_layer_and_both_shapes(void **state) {
    (void)state;
    const struct mca_layer_config beyond[] = {conv2d(8, 5, 1, 0), conv2d(8, 6, 1, 1)};
    assert_refused((struct mca_shape){1, 7, 9}, beyond, 2,
                   "layer 1 (conv2d): a kernel of 6 x 6 does not fit into its input of 8 x 3 x 5 "
                   "(channels x height x width), 5 x 7 with padding");
    const struct mca_layer_config pooled[] = {pool(MCA_LAYER_MAX_POOL, 3, 3)};
    assert_refused((struct mca_shape){2, 2, 8}, pooled, 1,
                   "layer 0 (max_pool): a kernel of 3 x 3 does not fit into its input of 2 x 2 x 8 "
                   "(channels x height x width)");
    const struct mca_layer_config sums[] = {conv2d(4, 3, 1, 1), conv2d(4, 3, 2, 1),
                                            residual_sum(0)};
    assert_refused((struct mca_shape){1, 8, 8}, sums, 3,
                   "layer 2 (residual_sum): its input is 4 x 4 x 4, but layer 0 gives 4 x 8 x 8");
    const struct mca_layer_config image[] = {dense(63), residual_sum(MCA_FROM_INPUT)};
    assert_refused((struct mca_shape){1, 8, 8}, image, 2,
                   "layer 1 (residual_sum): its input is 63 x 1 x 1, but the image is 1 x 8 x 8");
    const struct mca_layer_config own[] = {dense(4), dense(4), residual_sum(1)};
    assert_refused((struct mca_shape){1, 8, 8}, own, 3,
                   "layer 2 (residual_sum): from is layer 1; input, or a layer before the one "
                   "below it (layer 1), is needed");
    const struct mca_layer_config first[] = {residual_sum(MCA_FROM_INPUT)};
    assert_refused((struct mca_shape){1, 8, 8}, first, 1,
                   "layer 0 (residual_sum): no layer before it whose output it could add");
    const struct mca_layer_config padded[] = {conv2d(4, 3, 1, 3)};
    assert_refused((struct mca_shape){1, 8, 8}, padded, 1,
                   "layer 0 (conv2d): padding 3 is not below the kernel, 3");
}

/* Sizes whose products do not fit into 32 bits. */
static void test_network_refuses_sizes_beyond_all(void **state) {
    (void)state;
    const struct mca_layer_config wide[] = {conv2d(1000000, 64, 1, 63)};
    assert_refused((struct mca_shape){1, 4096, 4096}, wide, 1,
                   "layer 0 (conv2d): 17297281 positions (4159 x 4159 outputs of a filter); 16384 "
                   "are allowed");
    assert_refused((struct mca_shape){1, 65, 65}, wide, 1,
                   "layer 0 (conv2d): 1000000 x 128 x 128 values (channels x height x width); "
                   "1..16777216 allowed");
    const struct mca_layer_config deep[] = {conv2d(1000000, 1, 1, 0), conv2d(1, 6, 1, 1)};
    assert_refused((struct mca_shape){1, 4, 4}, deep, 2,
                   "layer 1 (conv2d): a matrix of 36000001 rows; 16777216 are allowed");
    assert_refused((struct mca_shape){4096, 4096, 4096}, deep, 1,
                   "images of 4096 x 4096 x 4096 values (channels x height x width); 1..16777216 "
                   "allowed");
    assert_refused((struct mca_shape){0, 0, 0}, deep, 1,
                   "images of 0 x 0 x 0 values (channels x height x width); 1..16777216 allowed");
}

/* What was a list of widths is the same network, and the same work, written out. */
static void test_network_widths_are_dense_layers(void **state) {
    (void)state;
    const struct mca_u32_list widths = {4, {784, 250, 30, 10}};
    struct mca_network_config listed = {.init_gain = 1};
    struct mca_network_config typed = {.init_gain = 1, .input = {784, 1, 1}, .layer_count = 3};
    struct mca_network networks[2];
    struct mca_program *programs = calloc(4, sizeof *programs);
    mca_network_config_set_widths(&listed, &widths);
    for (uint32_t i = 0; i < 3; ++i) {
        typed.layers[i] = dense(widths.values[i + 1]);
    }
    assert_int_equal(mca_network_init(&networks[0], &listed, NULL), MCA_OK);
    assert_int_equal(mca_network_init(&networks[1], &typed, NULL), MCA_OK);
    assert_memory_equal(&networks[0], &networks[1], sizeof networks[0]);
    for (uint32_t n = 0; n < 2; ++n) {
        mca_program_train(&programs[2 * n], &networks[n]);
        mca_program_infer(&programs[2 * n + 1], &networks[n]);
    }
    assert_memory_equal(&programs[0], &programs[2], 2 * sizeof *programs);
    /* an image of any shape has its values in one line */
    typed.input = (struct mca_shape){1, 28, 28};
    assert_int_equal(mca_network_init(&networks[1], &typed, NULL), MCA_OK);
    for (uint32_t i = 0; i < 3; ++i) {
        assert_int_equal(networks[0].layers[i].rows, networks[1].layers[i].rows);
        assert_int_equal(networks[0].layers[i].cols, networks[1].layers[i].cols);
        assert_int_equal(networks[0].layers[i].inputs, networks[1].layers[i].inputs);
    }
    mca_program_train(&programs[2], &networks[1]);
    assert_memory_equal(&programs[0], &programs[2], sizeof *programs);
    free(programs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_lenet),
        cmocka_unit_test(test_network_odd_shapes),
        cmocka_unit_test(test_network_residual_sums),
        cmocka_unit_test(test_network_windows_are_counted),
        cmocka_unit_test(test_network_names_the_layer_and_both_shapes),
        cmocka_unit_test(test_network_refuses_sizes_beyond_all),
        cmocka_unit_test(test_network_widths_are_dense_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
