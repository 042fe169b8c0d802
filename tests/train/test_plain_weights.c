/* Plain weights of convolutions and of dense layers behind them, in every form that other programs
 * have: where each value goes, by its own number, and what cannot be told is refused. */
#include <unistd.h>

#include "base/remove_tree.h"
#include "chip/chip.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/plain_weights.h"

/* 2 x 5 x 5, a convolution by 2 x 2 to 3 x 4 x 4, another to 3 x 3 x 3 where it is wanted, dense.
 */
enum { CHANNELS = 2, FILTERS = 3, KERNEL = 2, OUTPUTS = 4, VALUES_MAX = 4096 };

struct fixture {
    char directory[32];
    struct mca_network network;
    char told[4096]; /* notices, a line each, without the directory */
};

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    (void)strcpy(f->directory, "/tmp/mca-plain-XXXXXX");
    *state = f;
    return mkdtemp(f->directory) ? 0 : -1;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    const int status = mca_remove_tree(f->directory);
    free(f);
    return status;
}

static void make_network(struct fixture *f, uint32_t convolutions) {
    struct mca_network_config config = {.input = {CHANNELS, 5, 5}, .layer_count = convolutions + 1};
    for (uint32_t i = 0; i < convolutions; ++i) {
        config.layers[i] = (struct mca_layer_config){
            .type = MCA_LAYER_CONV2D, .units = FILTERS, .kernel = KERNEL, .stride = 1};
    }
    config.layers[convolutions] =
        (struct mca_layer_config){.type = MCA_LAYER_DENSE, .units = OUTPUTS};
    assert_int_equal(mca_network_init(&f->network, &config, NULL), MCA_OK);
}

/* NAME.npy of floats of 64 bits. `shape`: "(3, 2)". */
static void write_array(const struct fixture *f, const char *name, const char *shape,
                        const double *values, size_t count) {
    char path[128];
    char text[128];
    (void)snprintf(path, sizeof path, "%s/%s.npy", f->directory, name);
    const int used = snprintf(text, sizeof text,
                              "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite("\x93NUMPY\x01\0\x76\0", 1, 10, file), 10);
    (void)fprintf(file, "%s%*s\n", text, 117 - used, "");
    assert_int_equal(fwrite(values, sizeof *values, count, file), count);
    assert_int_equal(fclose(file), 0);
}

/* Of layer l: filter, channel, place in the window; output, channel, place in the image. */
static double number(uint32_t l, uint32_t output, uint32_t channel, uint32_t place) {
    return 1e6 * l + 1e4 * output + 1e2 * channel + place + 0.5;
}

static double bias(uint32_t l, uint32_t output) {
    return -(1e6 * l + output + 0.25);
}

/* An array of layer l with outputs first or last and channels first or last, with its bias as its
 * last input or without. */
static void write_weights(const struct fixture *f, const char *name, uint32_t l, int outputs_last,
                          int channels_first, int has_bias) {
    static double values[VALUES_MAX];
    const struct mca_network_layer *layer = &f->network.layers[l];
    const uint32_t channels = layer->in.channels;
    const uint32_t kernel = layer->config.kernel;
    const uint32_t places = (layer->rows - 1) / channels;
    const uint32_t inputs = layer->rows - 1 + (has_bias ? 1 : 0);
    char shape[64];
    for (uint32_t o = 0; o < layer->cols; ++o) {
        for (uint32_t i = 0; i < inputs; ++i) {
            const uint32_t channel = channels_first ? i / places : i % channels;
            const uint32_t place = channels_first ? i % places : i / channels;
            values[outputs_last ? i * layer->cols + o : o * inputs + i] =
                i < places * channels ? number(l, o, channel, place) : bias(l, o);
        }
    }
    if (kernel > 0) {
        if (outputs_last) {
            (void)snprintf(shape, sizeof shape, "(%u, %u, %u, %u)", kernel, kernel, channels,
                           layer->cols);
        } else {
            (void)snprintf(shape, sizeof shape, "(%u, %u, %u, %u)", layer->cols, channels, kernel,
                           kernel);
        }
    } else if (outputs_last) {
        (void)snprintf(shape, sizeof shape, "(%u, %u)", inputs, layer->cols);
    } else {
        (void)snprintf(shape, sizeof shape, "(%u, %u)", layer->cols, inputs);
    }
    write_array(f, name, shape, values, (size_t)inputs * layer->cols);
}

static void write_bias(const struct fixture *f, const char *name, uint32_t l) {
    double values[FILTERS + OUTPUTS];
    char shape[16];
    const uint32_t cols = f->network.layers[l].cols;
    for (uint32_t o = 0; o < cols; ++o) {
        values[o] = bias(l, o);
    }
    (void)snprintf(shape, sizeof shape, "(%u,)", cols);
    write_array(f, name, shape, values, cols);
}

static void note(void *user, const char *line) {
    struct fixture *f = user;
    assert_int_equal(strncmp(line, f->directory, strlen(f->directory)), 0);
    (void)snprintf(f->told + strlen(f->told), sizeof f->told - strlen(f->told), "%s\n",
                   line + strlen(f->directory));
}

static enum mca_status read_weights(struct fixture *f, struct mca_given_weights *weights,
                                    struct mca_error *error) {
    const struct mca_observer observer = {.user = f, .notice = note};
    f->told[0] = '\0';
    return mca_plain_weights_read(weights, f->directory, &f->network, &observer, error);
}

/* Every value in its row and column: of a window, row by row, channels side by side. */
static void check_layer(const struct fixture *f, const struct mca_given_weights *weights,
                        uint32_t l, int has_bias) {
    const struct mca_network_layer *layer = &f->network.layers[l];
    const uint32_t channels = layer->in.channels;
    for (uint32_t row = 0; row < layer->rows; ++row) {
        for (uint32_t o = 0; o < layer->cols; ++o) {
            const double wanted = row + 1 < layer->rows
                                      ? number(l, o, row % channels, row / channels)
                                  : has_bias ? bias(l, o)
                                             : 0.0;
            assert_true(weights->layers[l][(size_t)row * layer->cols + o] == wanted);
        }
    }
}

static void check_read(struct fixture *f, int has_bias, const char *told) {
    struct mca_given_weights weights;
    struct mca_error error;
    if (read_weights(f, &weights, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    for (uint32_t l = 0; l < f->network.layer_count; ++l) {
        check_layer(f, &weights, l, has_bias);
    }
    assert_string_equal(f->told, told);
    mca_plain_weights_deinit(&weights);
}

static void check_refused(struct fixture *f, const char *why) {
    struct mca_given_weights weights;
    struct mca_error error;
    assert_int_equal(read_weights(f, &weights, &error), MCA_INVALID);
    assert_int_equal(strncmp(error.message, f->directory, strlen(f->directory)), 0);
    assert_string_equal(error.message + strlen(f->directory), why);
}

static void remove_array(const struct fixture *f, const char *name) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s.npy", f->directory, name);
    assert_int_equal(unlink(path), 0);
}

/* As PyTorch has them: outputs and channels first. */
static void test_plain_weights_channels_first(void **state) {
    struct fixture *f = *state;
    make_network(f, 2);
    for (uint32_t l = 0; l < 3; ++l) {
        char name[32];
        (void)snprintf(name, sizeof name, "layer%u.weight", l);
        write_weights(f, name, l, 0, 1, 0);
    }
    check_read(f, 0,
               ": 'layer0.weight' comes without a bias, which is 0\n"
               ": 'layer1.weight' comes without a bias, which is 0\n"
               ": 'layer2.weight' comes without a bias, which is 0\n");
    for (uint32_t l = 0; l < 3; ++l) {
        char name[32];
        (void)snprintf(name, sizeof name, "layer%u.bias", l);
        write_bias(f, name, l);
    }
    check_read(f, 1, "");
}

/* As Keras has them: all the other way round, and names that say nothing, taken by their order. */
static void test_plain_weights_channels_last(void **state) {
    struct fixture *f = *state;
    make_network(f, 1);
    write_weights(f, "a", 0, 1, 0, 0);
    write_bias(f, "b", 0);
    write_weights(f, "c", 1, 1, 0, 0);
    write_bias(f, "d", 1);
    check_read(f, 1,
               ": 'a' is of layer 0 (conv2d)\n"
               ": 'c' is of layer 1 (dense)\n"
               ": 'a': (2, 2, 2, 3) is kernel x kernel x channels x filters, and is turned\n"
               ": 'c': (48, 4) is inputs x outputs, and is turned\n");
    /* the bias as the last of a dense layer's inputs, and its outputs first */
    remove_array(f, "d");
    write_weights(f, "c", 1, 0, 0, 1);
    check_read(f, 1,
               ": 'a' is of layer 0 (conv2d)\n"
               ": 'c' is of layer 1 (dense)\n"
               ": 'a': (2, 2, 2, 3) is kernel x kernel x channels x filters, and is turned\n");
    write_bias(f, "d", 1);
    check_refused(f, ": 'c': (4, 49) for layer 1 (dense), has its bias twice; without it the shape "
                     "is (4, 48)");
    remove_array(f, "d");
    write_array(f, "c", "(4, 47)", (double[4 * 47]){0.0}, 4 * 47);
    check_refused(f, ": 'c': (4, 47) for layer 1 (dense), expected (4, 48)");
}

/* As many filters as channels as rows of the kernel, where a name as PyTorch's says which is which;
 * and a kernel of one value. */
static void test_plain_weights_of_equal_sizes(void **state) {
    struct fixture *f = *state;
    for (uint32_t kernel = 1; kernel <= KERNEL; ++kernel) {
        struct mca_network_config config = {.input = {CHANNELS, 5, 5}, .layer_count = 2};
        config.layers[0] = (struct mca_layer_config){
            .type = MCA_LAYER_CONV2D, .units = CHANNELS, .kernel = kernel, .stride = 1};
        config.layers[1] = (struct mca_layer_config){.type = MCA_LAYER_DENSE, .units = OUTPUTS};
        assert_int_equal(mca_network_init(&f->network, &config, NULL), MCA_OK);
        write_weights(f, "layer0.weight", 0, 0, 1, 0);
        write_weights(f, "layer1.weight", 1, 0, 1, 0);
        check_read(f, 0,
                   ": 'layer0.weight' comes without a bias, which is 0\n"
                   ": 'layer1.weight' comes without a bias, which is 0\n");
    }
}

/* The order of a dense layer's inputs is that of the convolutions before it. */
static void test_plain_weights_refuses_what_cannot_be_told(void **state) {
    struct fixture *f = *state;
    make_network(f, 2);
    write_weights(f, "layer0.weight", 0, 0, 1, 0);
    write_weights(f, "layer1.weight", 1, 1, 0, 0);
    write_weights(f, "layer2.weight", 2, 0, 1, 0);
    check_refused(
        f, ": 'layer0.weight': (3, 2, 2, 2) for layer 0 (conv2d), and another convolution have "
           "their channels at different ends; with channels first everywhere it is (3, 2, 2, 2)");
    write_array(f, "layer1.weight", "(2, 3, 3, 2)", (double[36]){0.0}, 36);
    check_refused(f, ": 'layer1.weight': (2, 3, 3, 2) for layer 1 (conv2d), expected (3, 3, 2, 2)");
    write_array(f, "layer1.weight", "(3, 3, 4)", (double[36]){0.0}, 36);
    check_refused(f, ": 'layer1.weight': (3, 3, 4) for layer 1 (conv2d), expected (3, 3, 2, 2)");
    /* without a convolution a name as PyTorch's says it */
    remove_array(f, "layer1.weight");
    remove_array(f, "layer2.weight");
    remove_array(f, "layer0.weight");
    make_network(f, 0);
    write_weights(f, "layer0.weight", 0, 0, 1, 0);
    check_read(f, 0, ": 'layer0.weight' comes without a bias, which is 0\n");
    remove_array(f, "layer0.weight");
    write_weights(f, "any", 0, 0, 1, 0);
    check_refused(f, ": 'any': (4, 50) for layer 0 (dense), does not tell the order of its inputs; "
                     "name it NAME.weight, with channels first and the shape (4, 50)");
}

/* What is not there counts as an archive by its name alone. */
static void test_plain_weights_by_name(void **state) {
    (void)state;
    assert_true(mca_weights_are_plain("nowhere/mine.npz"));
    assert_false(mca_weights_are_plain("nowhere/weights"));
    assert_false(mca_weights_are_plain(".npz"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_weights_by_name),
        cmocka_unit_test_setup_teardown(test_plain_weights_channels_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plain_weights_channels_last, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plain_weights_of_equal_sizes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plain_weights_refuses_what_cannot_be_told, setup,
                                        teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
