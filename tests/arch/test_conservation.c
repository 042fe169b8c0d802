/*
 * Over training with everything on: pulses x epsilon + chi at the end + what saturation cut off =
 * sum of the rounded updates, exactly, per weight. The updates are rebuilt from the logged input
 * and error codes with a generator and a rounding of this file's own; in floating point the same
 * codes give the bias of the rounding.
 */
#include "arch/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, OUTPUTS = 10, LANES = 16, IMAGES = 3000 };

struct tally {
    struct mca_chip *chip;
    uint32_t state[2][LANES]; /* this file's copy of the lanes' generators */
    int64_t rounded[2][INPUTS + 1][HIDDEN];
    double bias;
    double variance;
};

static uint32_t step(uint32_t s) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}

static void log_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct tally *t = user;
    const uint32_t outputs = layer == 0 ? HIDDEN : OUTPUTS;
    if (update->shift > 30) {
        return; /* rounded to nothing */
    }
    for (uint32_t k = 0; k < update->count; ++k) {
        for (uint32_t first = 0; first < outputs; first += LANES) {
            int any = 0;
            for (uint32_t l = 0; l < LANES && first + l < outputs; ++l) {
                any |= update->error[first + l] != 0;
            }
            for (uint32_t l = 0; any && l < LANES; ++l) {
                t->state[layer][l] = step(t->state[layer][l]);
                if (first + l >= outputs) {
                    continue;
                }
                const double exact =
                    ldexp((double)update->code[k] * update->error[first + l], -update->shift);
                const double u =
                    update->shift <= 0
                        ? 0.0
                        : ldexp((double)(t->state[layer][l] & (((uint32_t)1 << update->shift) - 1)),
                                -update->shift);
                const double rounded = floor(exact + u);
                const double fraction = exact - floor(exact);
                t->rounded[layer][update->row[k]][first + l] += (int64_t)rounded;
                t->bias += rounded - exact;
                t->variance += fraction * (1.0 - fraction);
            }
        }
    }
}

static void train(struct mca_chip_config *config, struct tally *t) {
    struct mca_error error;
    assert_int_equal(mca_chip_create(&t->chip, config, &error), MCA_OK);
    for (uint32_t l = 0; l < 2; ++l) {
        memcpy(t->state[l], t->chip->layers[l].chi.state, sizeof t->state[l]);
    }
    t->chip->tap = (struct mca_update_tap){t, log_update};
    for (uint32_t i = 0; i < IMAGES; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, OUTPUTS, i, pixels);
        if (i % 1000 == 0) {
            mca_chip_set_rate(t->chip, 0.4 / (1 + i / 1000), 1);
        }
        assert_int_equal(mca_chip_train_image(t->chip, pixels, label, &outcome, &error), MCA_OK);
    }
}

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, OUTPUTS}};

/* Ideal devices move by exactly pulses x epsilon, so they count each weight's pulses. */
static void test_conservation_per_weight(void **state) {
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    struct tally *start = calloc(1, sizeof *start);
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_error error;
    config.device.model = MCA_DEVICE_IDEAL;
    config.device.read_noise = 0.0;
    config.transfer.epsilon_us = 0.75; /* exact in binary, so that sums of pulses are */
    config.network.init_gain = 0.0;
    assert_int_equal(mca_chip_create(&start->chip, &config, &error), MCA_OK);
    train(&config, t);
    assert_int_equal(mca_chip_stats_of(t->chip)->chi_saturations, 0);
    int64_t pulses = 0;
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        for (uint32_t r = 0; r < layer->inputs; ++r) {
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                const double moved = mca_crossbar_weight_us(&layer->crossbar, r, c) -
                                     mca_crossbar_weight_us(&start->chip->layers[l].crossbar, r, c);
                const int64_t count = (int64_t)(moved / 0.75);
                pulses += count < 0 ? -count : count;
                assert_int_equal(count * 8192 + layer->chi.words[r * layer->chi.stride + c],
                                 t->rounded[l][r][c]);
            }
        }
    }
    assert_true(pulses > 1000);
    mca_chip_destroy(start->chip);
    mca_chip_destroy(t->chip);
    free(start);
    free(t);
}

/* PCM with everything on, narrow chi that saturates: the whole sum, with the cut-off part; and the
 * rounding's bias. */
static void test_conservation_with_everything_on(void **state) {
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    train(&config, t);
    assert_int_equal(mca_chip_stats_of(t->chip)->chi_saturations, 0);
    int64_t left = 0; /* what has left chi */
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        for (uint32_t r = 0; r < layer->inputs; ++r) {
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                const int64_t rest =
                    t->rounded[l][r][c] - layer->chi.words[r * layer->chi.stride + c];
                assert_int_equal(rest % 8192, 0); /* whole pulses, weight by weight */
                left += rest < 0 ? -rest : rest;
            }
        }
    }
    /* pulses of both signs on a weight cancel in what has left it */
    const uint64_t sets = t->chip->ledger.counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET];
    assert_true((uint64_t)(left / 8192) <= sets && sets > 1000);
    assert_near(t->bias, 0.0, 3.0 * sqrt(t->variance));
    mca_chip_destroy(t->chip);
    free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conservation_per_weight),
        cmocka_unit_test(test_conservation_with_everything_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
