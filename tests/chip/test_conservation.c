/*
 * Over a whole epoch of the reference chip with everything on (MNIST where it is found, otherwise
 * synthetic digits), and over images of a network with convolutions, pools and a sum: pulses x
 * epsilon + chi at the end - chi at the start + what saturation cut off = sum of the rounded
 * updates, exactly, weight by weight and over all positions. The updates are rebuilt from the
 * logged input and error codes, with a generator and a rounding of this file's own. Against
 * floating point the same codes give the bias of the rounding, layer by layer.
 */
#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/dataset.h"

enum { LANES = 16, EPSILON = 1 << 13, EVERYTHING = 0, LINES = 1024 };

static const double PULSE_US = 0.75; /* of ideal devices: its sums are exact in binary */

/* What a layer was asked for. */
struct layer_tally {
    uint32_t state[LANES]; /* this file's copy of the lanes' generators */
    int64_t *rounded;      /* [inputs][outputs] */
    double *start_us;      /* weights, likewise */
    uint64_t updates;
    double bias;
    double variance;
};

struct tally {
    struct mca_chip *chip;
    struct mca_chip_probe probe;
    struct layer_tally layers[MCA_LAYERS_MAX];
};

static uint32_t step(uint32_t s) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}

static int64_t floor_divide(int64_t v, uint32_t shift) {
    const int64_t by = (int64_t)1 << shift;
    return v >= 0 ? v / by : -((-v + by - 1) / by);
}

/* An update as chi goes through it: by rows a row for each input with a code, by columns one for
 * each output with an error. */
struct walk {
    const struct mca_update *update;
    uint32_t inputs;
    uint32_t outputs;
    int by_columns;
    uint32_t count; /* of rows */
    uint32_t row[LINES];
    int32_t factor[LINES]; /* of each row */
    int32_t along[LINES];  /* in the columns of a row */
};

static struct walk walk_of(const struct mca_layer *layer, const struct mca_update *update) {
    struct walk w = {.update = update,
                     .inputs = layer->inputs,
                     .outputs = layer->outputs,
                     .by_columns = layer->chi.config.layout == MCA_LAYOUT_COLUMNS};
    assert_true(layer->inputs <= LINES && layer->outputs <= LINES);
    for (uint32_t k = 0; k < update->count && !w.by_columns; ++k) {
        w.row[w.count] = update->row[k];
        w.factor[w.count++] = update->code[k];
    }
    for (uint32_t c = 0; c < layer->outputs && !w.by_columns; ++c) {
        w.along[c] = update->error[c];
    }
    for (uint32_t c = 0; c < layer->outputs && w.by_columns; ++c) {
        w.row[w.count] = c;
        w.factor[w.count] = update->error[c];
        w.count += update->error[c] != 0;
    }
    for (uint32_t k = 0; k < update->count && w.by_columns; ++k) {
        w.along[update->row[k]] = update->code[k];
    }
    return w;
}

/* One chi word: LANES weights of a row. Every 61st update also measures the rounding. */
static void log_word(struct layer_tally *t, const struct walk *w, uint32_t k, uint32_t first) {
    const struct mca_update *update = w->update;
    const uint32_t cols = w->by_columns ? w->inputs : w->outputs;
    const uint32_t shift = update->shift > 0 ? (uint32_t)update->shift : 0;
    const int64_t left = (int64_t)1 << (update->shift < 0 ? -update->shift : 0);
    for (uint32_t l = 0; l < LANES; ++l) {
        const uint32_t u = t->state[l] = step(t->state[l]);
        if (first + l >= cols) {
            continue;
        }
        const int64_t product = (int64_t)w->factor[k] * w->along[first + l] * left;
        const int64_t rounded = floor_divide(product + (u & (((int64_t)1 << shift) - 1)), shift);
        t->rounded[w->by_columns ? (first + l) * w->outputs + w->row[k]
                                 : w->row[k] * w->outputs + first + l] += rounded;
        if (t->updates % 61 == 0) {
            const double exact = ldexp((double)product, -(int)shift);
            const double fraction = exact - floor(exact);
            t->bias += (double)rounded - exact;
            t->variance += fraction * (1.0 - fraction);
        }
    }
}

/* Rows of chi in the order of the engine, and in each row the words with any factor: so do the
 * generators step. */
static void log_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct tally *all = user;
    const struct walk w = walk_of(&all->chip->layers[layer], update);
    const uint32_t cols = w.by_columns ? w.inputs : w.outputs;
    struct layer_tally *t = &all->layers[layer];
    if (update->shift > 30) {
        return; /* left out: far below a rounding step */
    }
    ++t->updates;
    for (uint32_t k = 0; k < w.count; ++k) {
        for (uint32_t first = 0; first < cols; first += LANES) {
            int any = 0;
            for (uint32_t l = first; l < first + LANES && l < cols; ++l) {
                any |= w.along[l] != 0;
            }
            if (any) {
                log_word(t, &w, k, first);
            }
        }
    }
}

static void begin_layer(struct layer_tally *t, const struct mca_layer *layer) {
    const size_t weights = (size_t)layer->inputs * layer->outputs;
    if (weights == 0) {
        return; /* a pool or a sum */
    }
    memcpy(t->state, layer->chi.state, sizeof t->state);
    t->rounded = calloc(weights, sizeof *t->rounded);
    t->start_us = calloc(weights, sizeof *t->start_us);
    for (size_t i = 0; i < weights; ++i) {
        t->start_us[i] = mca_matrix_weight_us(&layer->matrix, (uint32_t)(i / layer->outputs),
                                              (uint32_t)(i % layer->outputs));
    }
}

static void train_epoch(struct tally *t, const struct mca_chip_config *config, double rate,
                        uint32_t images, const struct mca_dataset *data) {
    struct mca_error error;
    assert_int_equal(mca_chip_create(&t->chip, config, &error), MCA_OK);
    for (uint32_t l = 0; l < t->chip->layer_count; ++l) {
        begin_layer(&t->layers[l], &t->chip->layers[l]);
    }
    t->probe = (struct mca_chip_probe){.user = t, .update = log_update};
    mca_chip_attach(t->chip, &t->probe);
    mca_chip_set_rate(t->chip, rate, 1);
    for (uint32_t i = 0; i < images; ++i) {
        struct mca_image_outcome outcome;
        assert_int_equal(mca_chip_train_image(t->chip,
                                              data->train.pixels + (size_t)i * data->inputs,
                                              data->train.labels[i], &outcome, &error),
                         MCA_OK);
    }
}

/*
 * What has left a weight's chi must be whole pulses; gives how many, of all weights of a layer.
 * Ideal devices move by exactly pulses x epsilon: there it must be the way the weight went.
 */
static uint64_t check_layer(const struct layer_tally *t, const struct mca_layer *layer) {
    uint64_t pulses = 0;
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const size_t i = (size_t)r * layer->outputs + c;
            const int64_t left =
                t->rounded[i] - mca_chi_word(&layer->chi, mca_chi_cell(&layer->chi, r, c));
            if (left % EPSILON != 0) {
                fail_msg("layer %u, row %u, column %u: %lld is not whole pulses", layer->index, r,
                         c, (long long)left);
            }
            pulses += (uint64_t)llabs(left / EPSILON);
            if (layer->matrix.continuous_us) {
                assert_near(mca_matrix_weight_us(&layer->matrix, r, c) - t->start_us[i],
                            PULSE_US * (double)(left / EPSILON),
                            t->start_us[i] == 0.0 ? 0.0 : 1e-12);
            }
        }
    }
    return pulses;
}

/*
 * Layer by layer: with PCM there are no more pulses in all than the SET pulses of the transfer
 * (opposite pulses on one weight cancel); the rounding of all updates has no bias.
 */
static void check_layers(struct tally *t) {
    uint64_t total = 0;
    assert_int_equal(t->chip->stats.chi_saturations, 0);
    for (uint32_t l = 0; l < t->chip->layer_count; ++l) {
        struct layer_tally *tally = &t->layers[l];
        if (tally->rounded) {
            const uint64_t pulses = check_layer(tally, &t->chip->layers[l]);
            const uint64_t sets =
                mca_chip_ledger_part(t->chip, l)->counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET];
            assert_true(pulses <= sets && pulses > 1000);
            total += pulses;
            assert_near(tally->bias, 0.0, 3.0 * sqrt(tally->variance));
            free(tally->rounded);
            free(tally->start_us);
        }
    }
    assert_true(total > 10000);
    mca_chip_destroy(t->chip);
}

/* Trains on the first `images` (EVERYTHING: all). */
static void check_epoch(const struct mca_chip_config *config, double rate, uint32_t images) {
    struct mca_dataset_config source = {.name = MCA_DATASET_AUTO,
                                        .synthetic_train = 12000,
                                        .synthetic_test = 10,
                                        .synthetic_seed = 1};
    struct mca_dataset data;
    struct mca_error error;
    struct tally *t = calloc(1, sizeof *t);
    assert_int_equal(mca_dataset_load(&data, &source, NULL, NULL, &error), MCA_OK);
    train_epoch(t, config, rate, images == EVERYTHING ? data.train.count : images, &data);
    check_layers(t);
    mca_dataset_deinit(&data);
    free(t);
}

static struct mca_chip_config dense_chip(unsigned model) {
    const struct mca_u32_list widths = {3, {784, 250, 10}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.model = model;
    if (model == MCA_DEVICE_IDEAL) {
        config.network.init_gain = 0.0;
        config.transfer.epsilon_us = PULSE_US;
    }
    return config;
}

static void test_conservation_ideal_devices_count_the_pulses(void **state) {
    (void)state;
    const struct mca_chip_config config = dense_chip(MCA_DEVICE_IDEAL);
    check_epoch(&config, 0.05, EVERYTHING);
}

static void test_conservation_with_everything_on(void **state) {
    (void)state;
    const struct mca_chip_config config = dense_chip(MCA_DEVICE_PCM_JAP18);
    check_epoch(&config, 0.05, EVERYTHING);
}

/* Overlapping windows, padding, signed inputs, more filters than lanes, a sum of two layers. */
static struct mca_chip_config layered_chip(unsigned model) {
    const struct mca_u32_list any = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    config.network = (struct mca_network_config){
        .input = {1, 28, 28},
        .layer_count = 6,
        .layers = {{.type = MCA_LAYER_CONV2D,
                    .activation = MCA_ACTIVATION_TANH,
                    .units = 20,
                    .kernel = 5,
                    .stride = 2,
                    .padding = 2},
                   {.type = MCA_LAYER_MAX_POOL, .kernel = 3, .stride = 2},
                   {.type = MCA_LAYER_CONV2D,
                    .activation = MCA_ACTIVATION_RELU,
                    .units = 20,
                    .kernel = 3,
                    .stride = 1,
                    .padding = 1,
                    .activation_exponent = 1},
                   {.type = MCA_LAYER_RESIDUAL_SUM,
                    .activation = MCA_ACTIVATION_IDENTITY,
                    .from = 1,
                    .activation_exponent = 2},
                   {.type = MCA_LAYER_AVG_POOL, .kernel = 2, .stride = 2},
                   {.type = MCA_LAYER_DENSE, .activation = MCA_ACTIVATION_IDENTITY, .units = 10}},
        .init_gain = 1.0};
    config.loss = MCA_LOSS_SOFTMAX;
    config.device.model = model;
    if (model == MCA_DEVICE_IDEAL) {
        config.transfer.epsilon_us = PULSE_US;
    }
    return config;
}

static void test_conservation_over_positions_ideal_devices_count_the_pulses(void **state) {
    (void)state;
    const struct mca_chip_config config = layered_chip(MCA_DEVICE_IDEAL);
    check_epoch(&config, 0.02, 1500);
}

static void test_conservation_over_positions_with_everything_on(void **state) {
    (void)state;
    const struct mca_chip_config config = layered_chip(MCA_DEVICE_PCM_JAP18);
    check_epoch(&config, 0.02, 1500);
}

/* Each layer by columns, whether that has fewer words or not. */
static void test_conservation_by_columns(void **state) {
    (void)state;
    struct mca_chip_config dense = dense_chip(MCA_DEVICE_IDEAL);
    struct mca_chip_config layered = layered_chip(MCA_DEVICE_PCM_JAP18);
    dense.chi.layout = MCA_LAYOUT_COLUMNS;
    layered.chi.layout = MCA_LAYOUT_COLUMNS;
    check_epoch(&dense, 0.05, 3000);
    check_epoch(&layered, 0.02, 1500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conservation_ideal_devices_count_the_pulses),
        cmocka_unit_test(test_conservation_with_everything_on),
        cmocka_unit_test(test_conservation_over_positions_ideal_devices_count_the_pulses),
        cmocka_unit_test(test_conservation_over_positions_with_everything_on),
        cmocka_unit_test(test_conservation_by_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
