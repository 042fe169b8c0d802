/*
 * Over a whole epoch of the reference chip with everything on (MNIST where it is found, otherwise
 * synthetic digits): pulses x epsilon + chi at the end - chi at the start + what saturation cut off
 * = sum of the rounded updates, exactly, weight by weight. The updates are rebuilt from the logged
 * input and error codes, with a generator and a rounding of this file's own. Against floating point
 * the same codes give the bias of the rounding.
 */
#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/dataset.h"

enum { LANES = 16, LAYERS = 2, EPSILON = 1 << 13 };

struct tally {
    struct mca_chip *chip;
    struct mca_chip_probe probe;
    uint32_t state[LAYERS][LANES]; /* this file's copy of the lanes' generators */
    int64_t *rounded[LAYERS];      /* [inputs][outputs] */
    uint64_t updates;
    double bias;
    double variance;
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

/* One chi word: LANES weights of a row. Every 61st update also measures the rounding. */
static void log_word(struct tally *t, uint32_t layer, const struct mca_update *update, uint32_t k,
                     uint32_t first, uint32_t outputs) {
    const uint32_t shift = update->shift > 0 ? (uint32_t)update->shift : 0;
    const int64_t left = (int64_t)1 << (update->shift < 0 ? -update->shift : 0);
    int64_t *row = t->rounded[layer] + (size_t)update->row[k] * outputs;
    for (uint32_t l = 0; l < LANES; ++l) {
        const uint32_t u = t->state[layer][l] = step(t->state[layer][l]);
        if (first + l >= outputs) {
            continue;
        }
        const int64_t product = (int64_t)update->code[k] * update->error[first + l] * left;
        const int64_t rounded = floor_divide(product + (u & (((int64_t)1 << shift) - 1)), shift);
        row[first + l] += rounded;
        if (t->updates % 61 == 0) {
            const double exact = ldexp((double)product, -(int)shift);
            const double fraction = exact - floor(exact);
            t->bias += (double)rounded - exact;
            t->variance += fraction * (1.0 - fraction);
        }
    }
}

/* Rows in the order of the engine, and in each row the words with an error: so do the generators
 * step. */
static void log_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct tally *t = user;
    const uint32_t outputs = t->chip->layers[layer].outputs;
    if (update->shift > 30) {
        return; /* left out: far below a rounding step */
    }
    ++t->updates;
    for (uint32_t k = 0; k < update->count; ++k) {
        for (uint32_t first = 0; first < outputs; first += LANES) {
            int any = 0;
            for (uint32_t l = first; l < first + LANES && l < outputs; ++l) {
                any |= update->error[l] != 0;
            }
            if (any) {
                log_word(t, layer, update, k, first, outputs);
            }
        }
    }
}

static void train_epoch(struct tally *t, const struct mca_chip_config *config,
                        const struct mca_dataset *data) {
    struct mca_error error;
    assert_int_equal(mca_chip_create(&t->chip, config, &error), MCA_OK);
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        memcpy(t->state[l], layer->chi.state, sizeof t->state[l]);
        t->rounded[l] = calloc((size_t)layer->inputs * layer->outputs, sizeof *t->rounded[l]);
    }
    t->probe = (struct mca_chip_probe){.user = t, .update = log_update};
    mca_chip_attach(t->chip, &t->probe);
    mca_chip_set_rate(t->chip, 0.05, 1);
    for (uint32_t i = 0; i < data->train.count; ++i) {
        struct mca_image_outcome outcome;
        assert_int_equal(mca_chip_train_image(t->chip,
                                              data->train.pixels + (size_t)i * data->inputs,
                                              data->train.labels[i], &outcome, &error),
                         MCA_OK);
    }
}

/*
 * What has left a weight's chi. With ideal devices, which move by exactly pulses x epsilon, it must
 * be the way the weight went; with PCM it must be whole pulses, and no more in all than the SET
 * pulses of the transfer (opposite pulses on one weight cancel).
 */
static void check_epoch(unsigned model) {
    const struct mca_u32_list widths = {3, {784, 250, 10}};
    struct mca_dataset_config source = {.name = MCA_DATASET_AUTO,
                                        .synthetic_train = 12000,
                                        .synthetic_test = 10,
                                        .synthetic_seed = 1};
    struct mca_dataset data;
    struct mca_error error;
    struct tally *t = calloc(1, sizeof *t);
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.model = model;
    if (model == MCA_DEVICE_IDEAL) {
        config.network.init_gain = 0.0;
        config.transfer.epsilon_us = 0.75; /* sums of pulses are exact in binary */
    }
    assert_int_equal(mca_dataset_load(&data, &source, NULL, NULL, &error), MCA_OK);
    train_epoch(t, &config, &data);
    assert_int_equal(t->chip->stats.chi_saturations, 0);
    uint64_t pulses = 0;
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        for (uint32_t r = 0; r < layer->inputs; ++r) {
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                const int64_t left = t->rounded[l][(size_t)r * layer->outputs + c] -
                                     mca_chi_word(&layer->chi, r * layer->chi.stride + c);
                if (left % EPSILON != 0) {
                    fail_msg("layer %u, row %u, column %u: %lld is not whole pulses", l, r, c,
                             (long long)left);
                }
                pulses += (uint64_t)llabs(left / EPSILON);
                if (model == MCA_DEVICE_IDEAL) {
                    assert_near(mca_matrix_weight_us(&layer->matrix, r, c),
                                0.75 * (double)(left / EPSILON), 0.0);
                }
            }
        }
        free(t->rounded[l]);
    }
    const uint64_t sets =
        mca_chip_ledger(t->chip).counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET];
    assert_true(pulses <= sets && pulses > 10000);
    assert_near(t->bias, 0.0, 3.0 * sqrt(t->variance));
    mca_dataset_deinit(&data);
    mca_chip_destroy(t->chip);
    free(t);
}

static void test_conservation_ideal_devices_count_the_pulses(void **state) {
    (void)state;
    check_epoch(MCA_DEVICE_IDEAL);
}

static void test_conservation_with_everything_on(void **state) {
    (void)state;
    check_epoch(MCA_DEVICE_PCM_JAP18);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conservation_ideal_devices_count_the_pulses),
        cmocka_unit_test(test_conservation_with_everything_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
