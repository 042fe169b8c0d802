/*
 * Digital layers in fixed-point arithmetic: sums, errors and updates equal integers computed here
 * from the weights' words, and work is what a count by hand gives. (That a step in float arithmetic
 * equals the reference network is shown by test_conv_float, whose networks have digital layers.)
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/remove_tree.h"
#include "chip/chip_state.h"
#include "chip/snapshot.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "train/weights_io.h"

enum { INPUTS = 30, FIRST = 25, MIDDLE = 20, OUTPUTS = 3, LAYERS = 3 };

static struct mca_layer_config dense(uint32_t units, unsigned activation, unsigned digital) {
    return (struct mca_layer_config){.type = MCA_LAYER_DENSE,
                                     .activation = activation,
                                     .activation_exponent = 1,
                                     .units = units,
                                     .digital = digital};
}

/* On tiles, then two digital layers; the middle one takes signed codes of full scale 2. */
static struct mca_chip_config three_layers(unsigned rounding) {
    const struct mca_u32_list any = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    config.dpu.rounding = rounding;
    config.network.is_widths = 0;
    config.network.input = (struct mca_shape){INPUTS, 1, 1};
    config.network.layer_count = LAYERS;
    config.network.layers[0] = dense(FIRST, MCA_ACTIVATION_IDENTITY, 0);
    config.network.layers[1] = dense(MIDDLE, MCA_ACTIVATION_IDENTITY, 1);
    config.network.layers[2] = dense(OUTPUTS, MCA_ACTIVATION_SIGMOID, 1);
    return config;
}

static struct mca_chip *create(const struct mca_chip_config *config, double rate) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, rate, 1);
    return chip;
}

static void train(struct mca_chip *chip, uint32_t number) {
    uint8_t pixels[INPUTS];
    struct mca_image_outcome outcome;
    struct mca_error error;
    const uint32_t label = mca_fixture_image(INPUTS, OUTPUTS, number, pixels);
    assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
}

static int64_t word(const struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col) {
    const struct mca_chi *chi = &chip->layers[layer].chi;
    return chi->narrow[row * chi->stride + col];
}

/* n / 2^shift, halves away from zero. */
static int64_t rounded(int64_t n, uint32_t shift) {
    const int64_t divisor = (int64_t)1 << shift;
    const int64_t magnitude = (llabs(n) + divisor / 2) / divisor;
    return n < 0 ? -magnitude : magnitude;
}

static int64_t words_before[LAYERS][FIRST + 1][MIDDLE];

static void keep_words(const struct mca_chip *chip) {
    for (uint32_t l = 1; l < LAYERS; ++l) {
        for (uint32_t r = 0; r < chip->layers[l].inputs; ++r) {
            for (uint32_t c = 0; c < chip->layers[l].outputs; ++c) {
                words_before[l][r][c] = word(chip, l, r, c);
            }
        }
    }
}

/* Whole activation codes, not those of a DAC, times words; the bias at the code of 1. */
static void check_sums(const struct mca_chip *chip, uint32_t l) {
    const struct mca_layer_signals *below = &chip->signals.layers[l - 1];
    const struct mca_layer *layer = &chip->layers[l];
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        int64_t sum = (int64_t)(1 << 15) * words_before[l][layer->inputs - 1][c];
        for (uint32_t r = 0; r + 1 < layer->inputs; ++r) {
            sum += below->activation[r] * words_before[l][r][c];
        }
        assert_int_equal(chip->signals.layers[l].sum[c], rounded(sum, layer->sum_shift));
        /* codes are parts of 2 / 2^16, and words of half of full scale / 2^14 */
        const double real = ldexp((double)sum, layer->weight_exponent - 14 + 1 - 16);
        assert_near(ldexp(chip->signals.layers[l].sum[c], -layer->forward_frac), real,
                    ldexp(1.0, -layer->forward_frac));
    }
}

static void test_digital_layers_products_are_exact(void **state) {
    (void)state;
    const struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
    struct mca_chip *chip = create(&config, 0.05);
    for (uint32_t i = 0; i < 50; ++i) {
        keep_words(chip);
        train(chip, i);
        check_sums(chip, 1);
        check_sums(chip, 2);
        for (uint32_t r = 0; r < MIDDLE; ++r) { /* errors sent back; the identity's slope is 1 */
            int64_t sum = 0;
            for (uint32_t c = 0; c < OUTPUTS; ++c) {
                sum += chip->signals.layers[2].error[c] * words_before[2][r][c];
            }
            assert_int_equal(chip->signals.layers[1].raw_error[r],
                             rounded(sum, chip->layers[2].error_shift));
            /* error codes are of unit 2^error_exponent */
            const double real = ldexp((double)sum, chip->signals.layers[2].error_exponent +
                                                       chip->layers[2].weight_exponent - 14);
            assert_near(
                ldexp(chip->signals.layers[1].raw_error[r], chip->signals.layers[1].raw_exponent),
                real, ldexp(1.0, chip->signals.layers[1].raw_exponent));
        }
    }
    mca_chip_destroy(chip);
}

/* Slopes of a table take errors of any size: where a sum of products were cut first, all large
 * errors came out alike. */
static void test_digital_layers_errors_keep_their_proportions(void **state) {
    (void)state;
    static const unsigned kinds[] = {MCA_ACTIVATION_TANH, MCA_ACTIVATION_SIGMOID};
    for (int k = 0; k < 2; ++k) {
        struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
        config.network.layers[1].activation = kinds[k];
        config.network.layers[1].activation_exponent = 0;
        struct mca_chip *chip = create(&config, 0.05);
        for (uint32_t i = 0; i < 20; ++i) {
            const struct mca_layer_signals *s = chip->signals.layers;
            double real[MIDDLE];
            double most = 0.0;
            keep_words(chip);
            train(chip, i);
            for (uint32_t r = 0; r < MIDDLE; ++r) {
                int64_t sum = 0;
                for (uint32_t c = 0; c < OUTPUTS; ++c) {
                    sum += s[2].error[c] * words_before[2][r][c];
                }
                const double a = ldexp(s[1].activation[r], -(int)config.dpu.activation_bits);
                const double slope = k == 0 ? 1.0 - a * a : a * (1.0 - a);
                real[r] = slope * ldexp((double)sum,
                                        s[2].error_exponent + chip->layers[2].weight_exponent - 14);
                most = fmax(most, fabs(real[r]));
            }
            assert_true(most > 0.0);
            for (uint32_t r = 0; r < MIDDLE; ++r) { /* an error of E bits, and the sums' own */
                assert_near(ldexp(s[1].error[r], s[1].error_exponent), real[r],
                            most * ldexp(1.0, 2 - (int)config.dpu.error_bits));
            }
        }
        mca_chip_destroy(chip);
    }
}

/* Rounded changes, summed as they are told before the memory changes. */
struct changes {
    int64_t of[LAYERS][FIRST + 1][MIDDLE];
    int64_t all;
    uint64_t moved;
};

static void sum_changes(void *user, uint32_t layer, const struct mca_update *update) {
    struct changes *changes = user;
    const uint32_t cols = layer == 1 ? MIDDLE : OUTPUTS;
    for (uint32_t k = 0; layer > 0 && k < update->count; ++k) {
        for (uint32_t c = 0; c < cols; ++c) {
            assert_in_range(update->shift, 0, 30);
            const int64_t change =
                rounded((int64_t)update->code[k] * update->error[c], (uint32_t)update->shift);
            changes->of[layer][update->row[k]][c] += change;
            changes->all += change;
            changes->moved += change != 0;
        }
    }
}

/* Trains; returns the sum of all words' changes. */
static int64_t train_and_sum(struct mca_chip *chip, struct changes *changes) {
    struct mca_chip_probe probe = {.user = changes, .update = sum_changes};
    int64_t all = 0;
    keep_words(chip);
    mca_chip_attach(chip, &probe);
    for (uint32_t i = 0; i < 300; ++i) {
        train(chip, i);
    }
    mca_chip_detach(chip, &probe);
    for (uint32_t l = 1; l < LAYERS; ++l) {
        for (uint32_t r = 0; r < chip->layers[l].inputs; ++r) {
            for (uint32_t c = 0; c < chip->layers[l].outputs; ++c) {
                all += word(chip, l, r, c) - words_before[l][r][c];
            }
        }
    }
    return all;
}

static void test_digital_layers_conserve_updates(void **state) {
    (void)state;
    const struct mca_chip_config config = three_layers(MCA_ROUND_NEAREST);
    struct mca_chip *chip = create(&config, 0.05);
    struct changes *changes = calloc(1, sizeof *changes);
    (void)train_and_sum(chip, changes);
    assert_true(changes->moved > 10000);
    assert_int_equal(chip->stats.chi_saturations, 0);
    for (uint32_t l = 1; l < LAYERS; ++l) {
        for (uint32_t r = 0; r < chip->layers[l].inputs; ++r) {
            for (uint32_t c = 0; c < chip->layers[l].outputs; ++c) {
                assert_int_equal(word(chip, l, r, c) - words_before[l][r][c], changes->of[l][r][c]);
            }
        }
    }
    free(changes);
    mca_chip_destroy(chip);
}

/* Weights at their full scale: what is cut off is counted to the last unit. No pulse is sent. */
static void test_digital_layers_count_saturation(void **state) {
    (void)state;
    struct mca_chip_config config = three_layers(MCA_ROUND_NEAREST);
    config.network.init_gain = 0.05; /* full scales follow the initial weights */
    config.network.layers[0].frozen = 1;
    struct mca_chip *chip = create(&config, 2.0);
    struct changes *changes = calloc(1, sizeof *changes);
    const int64_t all = train_and_sum(chip, changes);
    assert_true(chip->stats.chi_saturations > 100);
    assert_int_equal(all + chip->stats.chi_saturated, changes->all);
    assert_int_equal(chip->stats.commands, 0);
    free(changes);
    mca_chip_destroy(chip);
}

struct cycles {
    uint64_t forward[LAYERS];
    uint64_t backward[LAYERS];
};

static void take_cycles(void *user, const struct mca_dpu_operation *operation) {
    struct cycles *cycles = user;
    const struct mca_step *step = operation->step;
    if (step->kind == MCA_STEP_VECTOR && step->vector == MCA_VECTOR_PRODUCT) {
        (step->is_backward ? cycles->backward : cycles->forward)[step->layer] = operation->cycles;
    }
}

/*
 * 16 lanes, codes of 16 bits, errors of 12, weights of 16: a lane's 16 x 12 multiplier takes two
 * passes for a code and a weight, one for an error and a weight.
 */
static void test_digital_layers_work_by_hand(void **state) {
    (void)state;
    const struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
    struct mca_chip *chip = create(&config, 0.05);
    struct cycles cycles = {{0}, {0}};
    struct mca_chip_probe probe = {.user = &cycles, .operation = take_cycles};
    const struct mca_ledger_part *first = mca_chip_ledger_part(chip, 1);
    const struct mca_ledger_part *last = mca_chip_ledger_part(chip, 2);
    /* 26 rows of 20 weights are 52 words, 21 rows of 3 are 21; the first layer's pulses are longer
     */
    assert_int_equal(first->counts[MCA_PHASE_INIT][MCA_COMPONENT_WEIGHT_WRITE], 52 * 16 * 16);
    assert_int_equal(last->counts[MCA_PHASE_INIT][MCA_COMPONENT_WEIGHT_WRITE], 21 * 16 * 16);
    mca_chip_attach(chip, &probe);
    train(chip, 0);
    mca_chip_detach(chip, &probe);
    uint64_t rows = 1; /* the bias */
    for (uint32_t r = 0; r < FIRST; ++r) {
        rows += chip->signals.layers[0].activation[r] != 0;
    }
    uint64_t errors = 0;
    for (uint32_t c = 0; c < OUTPUTS; ++c) {
        errors += chip->signals.layers[2].error[c] != 0;
    }
    assert_true(rows > 5 && errors > 0);
    const uint64_t *forward = first->counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], rows * 2 * 16 * 16);
    assert_int_equal(forward[MCA_COMPONENT_DPU_MULTIPLY], rows * 20 * 2);
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], rows * 20);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 26 * 16);
    assert_int_equal(forward[MCA_COMPONENT_PCM_READ] + forward[MCA_COMPONENT_ADC_CONVERSION] +
                         forward[MCA_COMPONENT_DAC_DRIVE] + forward[MCA_COMPONENT_SAMPLE_HOLD],
                     0);
    assert_int_equal(cycles.forward[1], rows * 2 * 2 + 6);
    const uint64_t *back = last->counts[MCA_PHASE_BACKWARD];
    assert_int_equal(back[MCA_COMPONENT_WEIGHT_READ], 20 * 1 * 16 * 16);
    assert_int_equal(back[MCA_COMPONENT_DPU_MULTIPLY], 20 * errors);
    assert_int_equal(cycles.backward[2], 20 + 6);
    const uint64_t *update = first->counts[MCA_PHASE_UPDATE];
    assert_int_equal(update[MCA_COMPONENT_CHI_READ] + update[MCA_COMPONENT_CHI_WRITE], 0);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_READ], update[MCA_COMPONENT_WEIGHT_WRITE]);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_WRITE] % (rows * 16 * 16), 0);
    assert_true(update[MCA_COMPONENT_WEIGHT_WRITE] > 0);
    mca_chip_destroy(chip);
}

/* A convolution makes its activations when all its products are made: the sums of its 6 positions,
 * 3 each, lie in memory meanwhile. */
static void test_digital_layers_keep_sums_of_positions(void **state) {
    (void)state;
    struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
    struct mca_chip_config on_tiles;
    config.network = (struct mca_network_config){
        .input = {1, 5, 6},
        .layer_count = 2,
        .layers = {dense(3, MCA_ACTIVATION_RELU, 1), dense(OUTPUTS, MCA_ACTIVATION_SIGMOID, 0)}};
    config.network.layers[0].type = MCA_LAYER_CONV2D;
    config.network.layers[0].kernel = 4;
    config.network.layers[0].stride = 1; /* 2 x 3 */
    on_tiles = config;
    on_tiles.network.layers[0].digital = 0;
    assert_int_equal(mca_chip_inventory(&config).buffer_bits,
                     mca_chip_inventory(&on_tiles).buffer_bits + 6 * 3 * 32);
    struct mca_chip *chip = create(&config, 0.05);
    const uint64_t *forward = mca_chip_ledger_part(chip, 0)->counts[MCA_PHASE_FORWARD];
    train(chip, 0);
    /* each sum is written and read once, besides 6 windows of 17 codes and 18 activations */
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_WRITE], 18 * (16 + 32));
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 6 * 17 * 16 + 18 * 32);
    mca_chip_destroy(chip);
}

static void test_digital_layers_are_built_of_sram(void **state) {
    (void)state;
    const struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
    struct mca_chip_config on_tiles = config;
    on_tiles.network.layers[1].digital = on_tiles.network.layers[2].digital = 0;
    const struct mca_inventory v = mca_chip_inventory(&config);
    const struct mca_inventory other = mca_chip_inventory(&on_tiles);
    assert_int_equal(v.weight_bits, (26 * 20 + 21 * 3) * 16);
    assert_int_equal(v.chi_bits, 31 * 25 * 16);
    assert_int_equal(v.tiles, 1);
    assert_int_equal(v.adcs, 25); /* of the first layer's columns */
    assert_int_equal(v.weights, other.weights);
    assert_int_equal(other.tiles, 3);
    assert_int_equal(other.weight_bits, 0);
}

struct store {
    uint8_t bytes[1 << 20];
    size_t at;
};

static int save_part(void *user, void *data, size_t size) {
    struct store *store = user;
    assert_true(store->at + size <= sizeof store->bytes);
    memcpy(store->bytes + store->at, data, size);
    store->at += size;
    return 1;
}

static int load_part(void *user, void *data, size_t size) {
    struct store *store = user;
    memcpy(data, store->bytes + store->at, size);
    store->at += size;
    return 1;
}

static void assert_same_words(const struct mca_chip *a, const struct mca_chip *b) {
    for (uint32_t l = 1; l < LAYERS; ++l) {
        const struct mca_chi *of = &a->layers[l].chi;
        const struct mca_chi *other = &b->layers[l].chi;
        const size_t cells = of->rows * of->stride;
        if (of->real) {
            assert_memory_equal(of->real, other->real, cells * sizeof *of->real);
        } else {
            assert_memory_equal(of->narrow, other->narrow, cells * sizeof *of->narrow);
        }
    }
}

static void test_digital_layers_go_on_from_a_checkpoint(void **state) {
    (void)state;
    const struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
    struct mca_chip *chip = create(&config, 0.05);
    struct mca_chip *again = create(&config, 0.05);
    struct store *store = calloc(1, sizeof *store);
    const struct mca_chip_visitor saver = {store, save_part};
    const struct mca_chip_visitor loader = {store, load_part};
    struct mca_error error;
    for (uint32_t i = 0; i < 20; ++i) {
        train(chip, i);
    }
    assert_true(mca_chip_save_parts(chip, &saver));
    store->at = 0;
    assert_int_equal(mca_chip_load_parts(again, &loader, &error), MCA_OK);
    for (uint32_t i = 20; i < 40; ++i) {
        train(chip, i);
        train(again, i);
    }
    assert_same_words(chip, again);
    assert_int_equal(mca_chip_time_ps(chip), mca_chip_time_ps(again));
    free(store);
    mca_chip_destroy(chip);
    mca_chip_destroy(again);
}

/* Saved weights into a chip of another seed. */
static void test_digital_layers_save_and_load_weights(void **state) {
    (void)state;
    for (int is_float = 0; is_float < 2; ++is_float) {
        struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
        config.dpu.arithmetic = is_float ? MCA_ARITHMETIC_FLOAT : MCA_ARITHMETIC_FIXED;
        struct mca_chip *chip = create(&config, 0.05);
        config.seed = 2;
        struct mca_chip *other = create(&config, 0.05);
        char dir[] = "/tmp/mca-digital-XXXXXX";
        struct mca_error error;
        assert_non_null(mkdtemp(dir));
        train(chip, 0);
        assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
        assert_int_equal(mca_weights_load(other, dir, &error), MCA_OK);
        assert_same_words(chip, other);
        (void)mca_remove_tree(dir);
        mca_chip_destroy(chip);
        mca_chip_destroy(other);
    }
}

/* Words copied into a chip of the same or of the other arithmetic, where they are parts of 2^14;
 * what has no word becomes the last one. */
static void test_digital_layers_copy_words(void **state) {
    (void)state;
    struct mca_chip *chips[4];
    for (int i = 0; i < 4; ++i) { /* two of each arithmetic */
        struct mca_chip_config config = three_layers(MCA_ROUND_STOCHASTIC);
        config.dpu.arithmetic = i < 2 ? MCA_ARITHMETIC_FIXED : MCA_ARITHMETIC_FLOAT;
        config.seed = (uint64_t)i + 1;
        chips[i] = create(&config, 0.05);
        train(chips[i], 0);
    }
    double *real = chips[2]->layers[1].chi.real;
    static const double special[] = {3.0, -3.0, 2.6 / 16384, -2.6 / 16384, 2.4 / 16384};
    static const int64_t wanted[] = {32767, -32767, 3, -3, 2};
    memcpy(real, special, sizeof special);
    for (int from = 0; from < 4; ++from) {
        for (int to = 0; to < 4; ++to) {
            const struct mca_chi *a = &chips[from]->layers[1].chi;
            const struct mca_chi *b = &chips[to]->layers[1].chi;
            if (from == to) {
                continue;
            }
            mca_chip_copy_weights(chips[to], chips[from]);
            for (size_t cell = 0; cell < a->rows * a->stride; ++cell) {
                if (a->real && b->real) {
                    assert_true(b->real[cell] == a->real[cell]);
                } else if (a->real) {
                    const double word = rint(fmin(fmax(a->real[cell], -2.0), 2.0) * 16384.0);
                    assert_int_equal(b->narrow[cell], (int64_t)fmin(fmax(word, -32767.0), 32767.0));
                } else if (b->real) {
                    assert_true(b->real[cell] * 16384.0 == a->narrow[cell]);
                } else {
                    assert_int_equal(b->narrow[cell], a->narrow[cell]);
                }
            }
            for (size_t k = 0; from == 2 && to < 2 && k < 5; ++k) {
                assert_int_equal(b->narrow[k], wanted[k]);
            }
            train(chips[to], 1); /* another one again */
            memcpy(real, special, sizeof special);
        }
    }
    for (int i = 0; i < 4; ++i) {
        mca_chip_destroy(chips[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digital_layers_products_are_exact),
        cmocka_unit_test(test_digital_layers_errors_keep_their_proportions),
        cmocka_unit_test(test_digital_layers_conserve_updates),
        cmocka_unit_test(test_digital_layers_count_saturation),
        cmocka_unit_test(test_digital_layers_work_by_hand),
        cmocka_unit_test(test_digital_layers_keep_sums_of_positions),
        cmocka_unit_test(test_digital_layers_are_built_of_sram),
        cmocka_unit_test(test_digital_layers_go_on_from_a_checkpoint),
        cmocka_unit_test(test_digital_layers_save_and_load_weights),
        cmocka_unit_test(test_digital_layers_copy_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
