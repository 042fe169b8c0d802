/*
 * What a convolution adds to chi: the products of each position, or their sums over all positions
 * (chi.accumulate). Sums are made again here from the codes that stand on the chip after an image,
 * roundings with generators of this file's own, words and cycles by counting.
 */
#include "chip/chip.h"
#include "chip/chip_state.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, LAYERS = 3, LANES = 16, WEIGHTS = 2048 };
enum { EPSILON = 1 << 13 };

/* 1 x 8 x 8, 4 filters of 3 x 3 at 36 positions, 20 filters of 2 x 2 at 9, ten classes: 4, 20 and
 * 10 columns. */
static struct mca_chip_config chip_config(unsigned accumulate) {
    static const struct mca_layer_config conv = {.type = MCA_LAYER_CONV2D,
                                                 .activation = MCA_ACTIVATION_SIGMOID,
                                                 .units = 4,
                                                 .kernel = 3,
                                                 .stride = 1,
                                                 .unit_weight_us = 8,
                                                 .adc_forward_range = 16,
                                                 .adc_backward_range = 4};
    const struct mca_u32_list any = {2, {2, 2}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    struct mca_network_config *net = &config.network;
    net->is_widths = 0;
    net->input = (struct mca_shape){1, SIDE, SIDE};
    net->layer_count = LAYERS;
    net->layers[0] = conv;
    net->layers[1] = conv;
    net->layers[1].units = 20;
    net->layers[1].kernel = 2;
    net->layers[1].stride = 2;
    net->layers[2] = conv;
    net->layers[2].type = MCA_LAYER_DENSE;
    net->layers[2].units = CLASSES;
    net->layers[2].kernel = 0;
    net->layers[2].stride = 0;
    config.refresh.every_images = 0;
    config.chi.accumulate = accumulate;
    return config;
}

static struct mca_chip *create(const struct mca_chip_config *config) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.05, 1);
    return chip;
}

static void train(struct mca_chip *chip, uint32_t image) {
    uint8_t pixels[PIXELS];
    struct mca_image_outcome outcome;
    struct mca_error error;
    const uint32_t label = mca_fixture_image(PIXELS, CLASSES, image, pixels);
    assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
}

/* ---- what stands on the chip after an image */

/* The code that drives a row of a layer at a position. */
static int32_t code_at(const struct mca_chip *chip, uint32_t l, uint32_t position, uint32_t row) {
    const struct mca_network_layer *of = &chip->network.layers[l];
    const struct mca_lines *last = &chip->signals.layers[l].input;
    if (row + 1 == of->rows) {
        return last->code[last->count - 1]; /* of 1.0, at every position */
    }
    const int32_t *codes = l == 0 ? chip->signals.image.driven : chip->signals.layers[l - 1].driven;
    const uint32_t kernel = of->config.kernel;
    if (kernel == 0) {
        return codes[row];
    }
    const uint32_t channels = of->in.channels;
    const uint32_t y = position / of->out.width * of->config.stride + row / channels / kernel;
    const uint32_t x = position % of->out.width * of->config.stride + row / channels % kernel;
    return codes[(y * of->in.width + x) * channels + row % channels];
}

static int32_t error_at(const struct mca_chip *chip, uint32_t l, uint32_t position, uint32_t col) {
    return chip->signals.layers[l].rated[position * chip->layers[l].outputs + col];
}

/* ---- conservation */

struct tally {
    struct mca_chip *chip;
    struct mca_chip_probe probe;
    uint32_t state[LAYERS][LANES];
    int64_t told[LAYERS][WEIGHTS];    /* products that chi was told to add, of this image */
    int64_t rounded[LAYERS][WEIGHTS]; /* what it added, of all */
    int64_t pulses[LAYERS][WEIGHTS];
    uint32_t commands[LAYERS][WEIGHTS]; /* of this image */
    double bias[LAYERS];
    double variance[LAYERS];
};

static uint32_t step(uint32_t s) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}

/* A word of chi: LANES weights from (row, col) on, of a row or, by columns, of a column. */
static void log_word(struct tally *t, uint32_t l, const struct mca_update *update,
                     const int32_t *codes, uint32_t row, uint32_t col) {
    const struct mca_layer *layer = &t->chip->layers[l];
    const int by_columns = layer->chi.config.layout == MCA_LAYOUT_COLUMNS;
    const uint32_t shift = update->shift > 0 ? (uint32_t)update->shift : 0;
    const int64_t left = (int64_t)1 << (update->shift < 0 ? -update->shift : 0);
    for (uint32_t lane = 0; lane < LANES; ++lane) {
        const uint32_t u = t->state[l][lane] = step(t->state[l][lane]);
        const uint32_t r = by_columns ? row + lane : row;
        const uint32_t c = by_columns ? col : col + lane;
        if (r >= layer->inputs || c >= layer->outputs) {
            continue;
        }
        const size_t cell = (size_t)r * layer->outputs + c;
        const int64_t product = (int64_t)codes[r] * update->error[c] * left;
        const double exact = ldexp((double)product, -(int)shift);
        const int64_t rounded = (int64_t)floor(
            ldexp((double)(product + (u & (((int64_t)1 << shift) - 1))), -(int)shift));
        t->told[l][cell] += (int64_t)codes[r] * update->error[c];
        t->rounded[l][cell] += rounded;
        t->bias[l] += (double)rounded - exact;
        t->variance[l] += (exact - floor(exact)) * (1.0 - (exact - floor(exact)));
    }
}

/* Whether any of a word of factors is not 0. */
static int any_of(const int32_t *factors, uint32_t first, uint32_t count) {
    int any = 0;
    for (uint32_t i = first; i < first + LANES && i < count; ++i) {
        any |= factors[i] != 0;
    }
    return any;
}

static void log_update(void *user, uint32_t l, const struct mca_update *update) {
    struct tally *t = user;
    const struct mca_layer *layer = &t->chip->layers[l];
    const int by_columns = layer->chi.config.layout == MCA_LAYOUT_COLUMNS;
    int32_t codes[WEIGHTS] = {0};
    assert_true(update->shift <= 30);
    for (uint32_t k = 0; k < update->count; ++k) {
        codes[update->row[k]] = update->code[k];
    }
    for (uint32_t k = 0; k < update->count && !by_columns; ++k) {
        for (uint32_t first = 0; first < layer->outputs; first += LANES) {
            if (any_of(update->error, first, layer->outputs)) {
                log_word(t, l, update, codes, update->row[k], first);
            }
        }
    }
    for (uint32_t c = 0; c < layer->outputs && by_columns; ++c) {
        for (uint32_t first = 0; first < layer->inputs && update->error[c] != 0; first += LANES) {
            if (any_of(codes, first, layer->inputs)) {
                log_word(t, l, update, codes, first, c);
            }
        }
    }
}

static void log_command(void *user, const struct mca_dpu_command *command) {
    struct tally *t = user;
    const size_t cell =
        (size_t)command->row * t->chip->layers[command->layer].outputs + command->col;
    t->pulses[command->layer][cell] += command->pulses;
    ++t->commands[command->layer][cell];
}

/* What chi was told of an image are the sums of products over the positions. Returns the most
 * commands of a weight of a convolution. */
static uint32_t check_image(struct tally *t) {
    uint32_t most = 0;
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        assert_true((size_t)layer->inputs * layer->outputs <= WEIGHTS);
        for (uint32_t row = 0; row < layer->inputs; ++row) {
            for (uint32_t col = 0; col < layer->outputs; ++col) {
                const size_t cell = (size_t)row * layer->outputs + col;
                int64_t sum = 0;
                for (uint32_t p = 0; p < layer->positions; ++p) {
                    sum += (int64_t)code_at(t->chip, l, p, row) * error_at(t->chip, l, p, col);
                }
                assert_int_equal(t->told[l][cell], sum);
                const uint32_t commands = t->commands[l][cell];
                most = layer->positions > 1 && commands > most ? commands : most;
            }
        }
    }
    memset(t->told, 0, sizeof t->told);
    memset(t->commands, 0, sizeof t->commands);
    return most;
}

/* pulses x epsilon + chi = the sum of what was added, weight by weight, and the mean of what
 * rounding added is 0 within 3 standard errors, layer by layer. */
static void check_conservation(unsigned accumulate, unsigned layout) {
    struct mca_chip_config config = chip_config(accumulate);
    config.chi.layout = layout;
    struct tally *t = calloc(1, sizeof *t);
    assert_non_null(t);
    config.transfer.epsilon_us = 0.25;
    config.transfer.max_pulses = 15;
    config.network.layers[0].rate_exponent = 4;
    config.network.layers[1].rate_exponent = 3;
    t->chip = create(&config);
    for (uint32_t l = 0; l < LAYERS; ++l) {
        memcpy(t->state[l], t->chip->layers[l].chi.state, sizeof t->state[l]);
    }
    t->probe = (struct mca_chip_probe){.user = t, .update = log_update, .command = log_command};
    mca_chip_attach(t->chip, &t->probe);
    uint32_t most = 0;
    for (uint32_t i = 0; i < 100; ++i) {
        train(t->chip, i);
        const uint32_t of_image = check_image(t);
        most = of_image > most ? of_image : most;
    }
    assert_int_equal(t->chip->stats.chi_saturations, 0);
    assert_true(accumulate == MCA_ACCUMULATE_IMAGE ? most == 1 : most > 1);
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_layer *layer = &t->chip->layers[l];
        int64_t pulses = 0;
        for (uint32_t row = 0; row < layer->inputs; ++row) {
            for (uint32_t col = 0; col < layer->outputs; ++col) {
                const size_t cell = (size_t)row * layer->outputs + col;
                const int64_t chi = mca_chi_word(&layer->chi, mca_chi_cell(&layer->chi, row, col));
                assert_int_equal(t->pulses[l][cell] * EPSILON + chi, t->rounded[l][cell]);
                pulses += llabs(t->pulses[l][cell]);
            }
        }
        assert_true(pulses > 50);
        assert_near(t->bias[l], 0.0, 3.0 * sqrt(t->variance[l]));
        assert_true(t->variance[l] > 0.0);
    }
    mca_chip_destroy(t->chip);
    free(t);
}

static void test_position_sums_conserve_each_position(void **state) {
    (void)state;
    check_conservation(MCA_ACCUMULATE_POSITION, MCA_LAYOUT_ROWS);
    check_conservation(MCA_ACCUMULATE_POSITION, MCA_LAYOUT_COLUMNS);
}

static void test_position_sums_conserve_the_image(void **state) {
    (void)state;
    check_conservation(MCA_ACCUMULATE_IMAGE, MCA_LAYOUT_ROWS);
    check_conservation(MCA_ACCUMULATE_IMAGE, MCA_LAYOUT_COLUMNS);
}

/* ---- words, cycles and bits */

struct update_time {
    uint64_t start_ps[LAYERS];
    uint64_t end_ps[LAYERS];
    uint64_t chi_start_ps[LAYERS];
    uint64_t chi_busy_ps[LAYERS];
};

static void note(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *occupation) {
    struct update_time *seen = user;
    if (operation->phase == MCA_PHASE_UPDATE && operation->resource == MCA_RESOURCE_DPU) {
        seen->start_ps[operation->layer] = occupation->start_ps;
        seen->end_ps[operation->layer] = occupation->end_ps;
    } else if (operation->phase == MCA_PHASE_UPDATE && operation->resource == MCA_RESOURCE_CHI) {
        seen->chi_start_ps[operation->layer] = occupation->start_ps;
        seen->chi_busy_ps[operation->layer] = occupation->busy_ps;
    }
}

struct words {
    uint64_t summed; /* rows with an input x words with an error, of all positions; by columns
                      * columns with an error x words with an input */
    uint64_t chi;    /* words with a sum other than 0 */
    uint64_t products;
    uint64_t sums;
};

/* The factor of line i of a row of chi's, or of a column. */
static int32_t factor_at(const struct mca_chip *chip, uint32_t l, uint32_t position, uint32_t i,
                         int is_input) {
    return is_input ? code_at(chip, l, position, i) : error_at(chip, l, position, i);
}

static struct words count_words(const struct mca_chip *chip, uint32_t l) {
    const struct mca_layer *layer = &chip->layers[l];
    const int by_columns = layer->chi.config.layout == MCA_LAYOUT_COLUMNS;
    const uint32_t rows = by_columns ? layer->outputs : layer->inputs;
    const uint32_t cols = by_columns ? layer->inputs : layer->outputs;
    static int64_t sum[WEIGHTS];
    struct words w = {0};
    memset(sum, 0, sizeof sum);
    for (uint32_t p = 0; p < layer->positions; ++p) {
        for (uint32_t row = 0; row < rows; ++row) {
            const int64_t factor = factor_at(chip, l, p, row, !by_columns);
            for (uint32_t first = 0; first < cols && factor != 0; first += LANES) {
                uint64_t any = 0;
                for (uint32_t c = first; c < first + LANES && c < cols; ++c) {
                    const int32_t other = factor_at(chip, l, p, c, by_columns);
                    any += other != 0;
                    sum[row * cols + c] += factor * other;
                }
                w.summed += any > 0;
                w.products += any;
            }
        }
    }
    for (uint32_t row = 0; row < rows; ++row) {
        for (uint32_t first = 0; first < cols; first += LANES) {
            uint64_t any = 0;
            for (uint32_t c = first; c < first + LANES && c < cols; ++c) {
                any += sum[row * cols + c] != 0;
            }
            w.chi += any > 0;
            w.sums += any;
        }
    }
    return w;
}

/* A chi of 3 cycles and one port has 6 between words and 3 more to fill; sums take one. */
static void check_times_and_counts(unsigned layout) {
    struct mca_chip_config config = chip_config(MCA_ACCUMULATE_IMAGE);
    struct update_time seen = {0};
    config.chi.layout = layout;
    config.transfer.epsilon_us = 500.0; /* no pulses */
    config.chi.access_cycles = 3;
    config.chi.ports = 1;
    struct mca_chip *chip = create(&config);
    chip->timeline.sink = (struct mca_timeline_sink){&seen, note};
    train(chip, 0);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct words w = count_words(chip, l);
        const uint64_t *counts = mca_chip_ledger_part(chip, l)->counts[MCA_PHASE_UPDATE];
        const uint64_t latency = 2 + 3 + 4;
        assert_true(w.chi > 0 && w.summed > 2 * w.chi);
        assert_int_equal(seen.end_ps[l] - seen.start_ps[l],
                         (w.summed + 6 * w.chi + latency) * 1000);
        assert_int_equal(seen.chi_start_ps[l] - seen.start_ps[l], w.summed * 1000);
        assert_int_equal(seen.chi_busy_ps[l], 6 * w.chi * 1000);
        assert_int_equal(counts[MCA_COMPONENT_ACCUMULATOR_READ], (w.summed + w.chi) * LANES * 32);
        assert_int_equal(counts[MCA_COMPONENT_ACCUMULATOR_WRITE], (w.summed + w.chi) * LANES * 32);
        assert_int_equal(counts[MCA_COMPONENT_CHI_READ], w.chi * LANES * 16);
        assert_int_equal(counts[MCA_COMPONENT_CHI_WRITE], w.chi * LANES * 16);
        assert_int_equal(counts[MCA_COMPONENT_DPU_MULTIPLY], w.products);
        assert_int_equal(counts[MCA_COMPONENT_DPU_ADD], w.products + w.sums);
        assert_int_equal(counts[MCA_COMPONENT_DPU_RANDOM], w.chi * LANES);
        /* inputs of 8 bits, errors of 12: those of rows once, those of words for each word */
        const uint64_t inputs = (uint64_t)chip->layers[l].inputs * chip->layers[l].positions;
        const uint64_t errors = chip->layers[l].values;
        assert_int_equal(counts[MCA_COMPONENT_BUFFER_READ],
                         layout == MCA_LAYOUT_ROWS ? inputs * 8 + w.summed * LANES * 12
                                                   : errors * 12 + w.summed * LANES * 8);
    }
    /* the dense layer goes to chi as ever */
    const uint64_t *dense = mca_chip_ledger_part(chip, 2)->counts[MCA_PHASE_UPDATE];
    assert_int_equal(dense[MCA_COMPONENT_ACCUMULATOR_READ], 0);
    assert_int_equal(dense[MCA_COMPONENT_CHI_READ], count_words(chip, 2).summed * LANES * 16);
    mca_chip_destroy(chip);
    /* one memory, of the larger of 10 x 4 and 17 x 20 */
    assert_int_equal(mca_chip_inventory(&config).accumulator_bits, 17 * 20 * 32);
    config.chi.accumulate = MCA_ACCUMULATE_POSITION;
    assert_int_equal(mca_chip_inventory(&config).accumulator_bits, 0);
}

static void test_position_sums_times_and_counts_by_hand(void **state) {
    (void)state;
    check_times_and_counts(MCA_LAYOUT_ROWS);
    check_times_and_counts(MCA_LAYOUT_COLUMNS);
}

/* ---- saturation */

static void keep_sum(void *user, uint32_t l, const struct mca_update *update) {
    int64_t *sum = user;
    for (uint32_t k = 0; k < update->count && l == 0; ++k) {
        *sum = update->row[k] == 0 && update->error[1] != 0
                   ? (int64_t)update->code[k] * update->error[1]
                   : *sum;
    }
}

/* 36 products of the brightest pixel's code and an error: up to 2^31 - 1 the sum is whole, one step
 * of the error more and it is cut off, once for each position from there on. */
static void test_position_sums_saturate_at_32_bits(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config(MCA_ACCUMULATE_IMAGE);
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int32_t i = 0; i < 4; ++i) {
            const int32_t more = i % 2;
            config.chi.layout = i / 2 ? MCA_LAYOUT_COLUMNS : MCA_LAYOUT_ROWS;
            struct mca_chip *chip = create(&config);
            int64_t sum = 0;
            struct mca_chip_probe probe = {.user = &sum, .update = keep_sum};
            const struct mca_step *update = chip->train.steps;
            struct mca_work work = {0};
            uint8_t pixels[PIXELS];
            memset(pixels, 255, sizeof pixels);
            mca_engine_load_image(chip, &chip->signals, pixels);
            mca_chip_attach(chip, &probe);
            while (update->kind != MCA_STEP_UPDATE || update->layer != 0) {
                ++update;
            }
            const int64_t code = chip->signals.image.driven[0];
            const int64_t fits = INT32_MAX / 36 / code;
            memset(chip->signals.layers[0].rated, 0, 36 * 4 * sizeof(int32_t));
            for (uint32_t p = 0; p < 36; ++p) {
                chip->signals.layers[0].rated[4 * p + 1] = sign * (int32_t)(fits + more);
            }
            assert_true(36 * code * fits <= INT32_MAX && 36 * code * (fits + 1) > INT32_MAX);
            chip->signals.layers[0].update_shift = 30;
            mca__update(chip, update, &work);
            assert_int_equal(sum, sign * (more ? INT32_MAX : 36 * code * fits));
            assert_int_equal(chip->stats.chi_saturations, more ? 9 + 1 : 0); /* and the bias */
            mca_chip_destroy(chip);
        }
    }
}

/* ---- floating point */

/* An image's first update of ideal chips, no pulses: both ways the same sums, in both layouts. */
static void test_position_sums_float_is_the_same_sum(void **state) {
    (void)state;
    struct mca_chip *chips[4];
    uint64_t words[4];
    for (unsigned i = 0; i < 4; ++i) {
        struct mca_chip_config config = chip_config(i % 2);
        config.chi.layout = i / 2 ? MCA_LAYOUT_COLUMNS : MCA_LAYOUT_ROWS;
        config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
        config.device.read_noise = 0.0;
        config.transfer.epsilon_us = 50.0;
        chips[i] = create(&config);
        train(chips[i], 0);
        words[i] = mca_chip_ledger(chips[i]).counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_READ];
    }
    double largest = 0.0;
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_layer *a = &chips[0]->layers[l];
        for (uint32_t k = 0; k < 3 * a->inputs * a->outputs; ++k) {
            const struct mca_chi *b = &chips[1 + k % 3]->layers[l].chi;
            const uint32_t row = k / 3 / a->outputs;
            const uint32_t col = k / 3 % a->outputs;
            const double word = a->chi.real[mca_chi_cell(&a->chi, row, col)];
            assert_near(b->real[mca_chi_cell(b, row, col)], word, 1e-12);
            largest = fmax(largest, fabs(word));
        }
    }
    assert_true(largest > 1e-4);
    assert_true(words[1] < words[0] && words[3] < words[2]);
    for (unsigned i = 0; i < 4; ++i) {
        mca_chip_destroy(chips[i]);
    }
}

/* Nothing is kept where the key has no effect. */
static void test_position_sums_only_where_positions_are(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config(MCA_ACCUMULATE_POSITION);
    const struct mca_u32_list widths = {3, {PIXELS, 20, CLASSES}};
    const struct mca_chip_config dense = mca_fixture_chip(&widths);
    for (int i = 0; i < 3; ++i) {
        struct mca_chip *chip = create(&config);
        assert_null(chip->sums);
        mca_chip_destroy(chip);
        config = i == 0 ? dense : chip_config(MCA_ACCUMULATE_IMAGE);
        config.chi.accumulate = MCA_ACCUMULATE_IMAGE;
        config.transfer.mode = i == 1 ? MCA_TRANSFER_DIRECT : MCA_TRANSFER_CHI;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_position_sums_conserve_each_position),
        cmocka_unit_test(test_position_sums_conserve_the_image),
        cmocka_unit_test(test_position_sums_times_and_counts_by_hand),
        cmocka_unit_test(test_position_sums_saturate_at_32_bits),
        cmocka_unit_test(test_position_sums_float_is_the_same_sum),
        cmocka_unit_test(test_position_sums_only_where_positions_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
