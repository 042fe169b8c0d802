/* A chip without chi (transfer.mode direct): times, counts and pulses by hand. */
#include "chip/chip.h"
#include "chip/chip_state.h"
#include "chip/probe.h"
#include "chip/view.h"

#include "chip/trained_chip.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

static struct mca_chip_config direct(void) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.mode = MCA_TRANSFER_DIRECT;
    config.chi.access_cycles = 5; /* of no memory that is there */
    config.chi.ports = 1;
    return config;
}

/*
 * An update of the last layer, 41 rows and one word of 16 lanes, by three inputs. 2^16 is a pulse:
 * 2 and -2 in columns 3 and 4 of row 0, 0 in row 10, 1 and -1 in row 20, whatever is drawn. The
 * array is being read until `read_ps`.
 */
static struct mca_work update(struct mca_chip *chip, uint64_t read_ps) {
    static const int32_t codes[] = {128, 0, 64};
    struct mca_layer_signals *s = &chip->signals.layers[1];
    const struct mca_step *step = chip->train.steps;
    while (step->kind != MCA_STEP_UPDATE || step->layer != 1) {
        ++step;
    }
    s->input.count = 3;
    for (uint32_t k = 0; k < 3; ++k) {
        s->input.line[k] = 10 * k;
        s->input.code[k] = codes[k];
    }
    memset(s->rated, 0, CLASSES * sizeof *s->rated);
    s->rated[3] = 1024;
    s->rated[4] = -1024;
    s->update_shift = 16 - (int32_t)chip->config.chi.frac_bits;
    mca_moment_pass(&chip->layers[1].tile_free, MCA_PHASE_BACKWARD, read_ps);
    struct mca_work work = {0};
    mca__update(chip, step, &work);
    mca_engine_book(chip, step, &work);
    return work;
}

/*
 * Nothing of chi's access: commands of row 0 reach their queue in cycles 6 and 7, the row without
 * any takes 8, row 20 sends in 9 and 10. One driver makes 2 + 2 + 1 + 1 pulses of 60 ns one after
 * the other, from the edge on at which the array is free.
 */
static void test_direct_transfer_times_by_hand(void **state) {
    (void)state;
    static const struct {
        uint64_t read_ps;
        uint64_t start_ps;
    } cases[] = {{0, 6000}, {5999, 6000}, {6000, 6000}, {6001, 7000}, {7000, 7000}, {7001, 8000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_chip_config config = direct();
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        const struct mca_work work = update(chip, cases[i].read_ps);
        assert_int_equal(chip->command_count, 4);
        assert_int_equal(work.cycles, 6 + 2 + 1 + 2);
        assert_int_equal(chip->units[0].free.ps, 11000);
        assert_int_equal(chip->layers[1].settled.ps, cases[i].start_ps + (2 + 2 + 1 + 1) * 60000);
        const struct mca_ledger ledger = mca_chip_ledger(chip);
        assert_int_equal(ledger.busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU], 11000);
        assert_int_equal(ledger.busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_CHI], 0);
        assert_int_equal(ledger.busy_ps[MCA_PHASE_TRANSFER][MCA_RESOURCE_PROGRAM], 6 * 60000);
        mca_chip_destroy(chip);
    }
}

/* Three words of 16 lanes are served; products are those that are not 0. */
static void test_direct_transfer_counts_by_hand(void **state) {
    (void)state;
    const struct mca_chip_config config = direct();
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    (void)update(chip, 0);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t *counts = ledger.counts[MCA_PHASE_UPDATE];
    assert_int_equal(counts[MCA_COMPONENT_BUFFER_READ], (HIDDEN + 1) * 8 + 3 * 16 * 12);
    assert_int_equal(counts[MCA_COMPONENT_DPU_RANDOM], 3 * 16);
    assert_int_equal(counts[MCA_COMPONENT_DPU_MULTIPLY], 3 * 2);
    assert_int_equal(counts[MCA_COMPONENT_DPU_ADD], 3 * 2);
    assert_int_equal(counts[MCA_COMPONENT_CHI_READ], 0);
    assert_int_equal(counts[MCA_COMPONENT_CHI_WRITE], 0);
    mca_chip_destroy(chip);
}

/* In floating point too each lane takes a random word for each word served: as many as there are
 * errors read, of 12 bits, beside the inputs of each image, of 8. */
static void test_direct_transfer_draws_in_float(void **state) {
    (void)state;
    struct mca_chip_config config = direct();
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    train_images(chip, INPUTS, CLASSES, 0, 5);
    for (uint32_t l = 0; l < 2; ++l) {
        const uint64_t *counts = mca_chip_ledger_part(chip, l)->counts[MCA_PHASE_UPDATE];
        const uint64_t inputs = (l == 0 ? INPUTS : HIDDEN) + 1;
        assert_int_equal(counts[MCA_COMPONENT_BUFFER_READ],
                         5 * inputs * 8 + counts[MCA_COMPONENT_DPU_RANDOM] * 12);
        assert_true(counts[MCA_COMPONENT_DPU_RANDOM] > 0);
    }
    mca_chip_destroy(chip);
}

struct heard {
    uint64_t commands;
    uint64_t magnitude;
    int32_t largest;
    int64_t pulses[2][INPUTS + 1][HIDDEN];
};

static void hear(void *user, const struct mca_dpu_command *command) {
    struct heard *heard = user;
    const int32_t magnitude = abs(command->pulses);
    ++heard->commands;
    heard->magnitude += (uint64_t)magnitude;
    heard->largest = magnitude > heard->largest ? magnitude : heard->largest;
    heard->pulses[command->layer][command->row][command->col] += command->pulses;
}

/* Devices that do exactly what they are told: every weight moves by its pulses x epsilon, and no
 * pulse is anywhere but on its device. */
static void expect_conserved(const struct mca_network_config *network, unsigned arithmetic,
                             uint32_t batch) {
    struct mca_chip_config config = direct();
    config.network = network ? *network : config.network;
    config.device.model = MCA_DEVICE_IDEAL;
    config.dpu.arithmetic = arithmetic;
    config.transfer.epsilon_us = 0.125; /* sums of it are exact */
    config.transfer.max_pulses = 2;
    struct mca_chip *chip = chip_to_train(&config, 0.3, batch);
    struct heard heard = {0};
    struct mca_chip_probe probe = {.user = &heard, .command = hear};
    mca_chip_attach(chip, &probe);
    double before[2][INPUTS + 1][HIDDEN];
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_layer_view layer = mca_chip_layer(chip, l);
        for (uint32_t r = 0; r < layer.inputs; ++r) {
            for (uint32_t c = 0; c < layer.outputs; ++c) {
                before[l][r][c] = mca_matrix_weight_us(layer.matrix, r, c);
            }
        }
    }
    train_images(chip, INPUTS, CLASSES, 0, 60);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_layer_view layer = mca_chip_layer(chip, l);
        for (uint32_t r = 0; r < layer.inputs; ++r) {
            for (uint32_t c = 0; c < layer.outputs; ++c) {
                assert_near(mca_matrix_weight_us(layer.matrix, r, c) - before[l][r][c],
                            (double)heard.pulses[l][r][c] * 0.125, 1e-12);
            }
        }
    }
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    assert_true(heard.commands > 500);
    assert_int_equal(heard.largest, 2);
    assert_int_equal(mca_chip_stats_of(chip)->commands, heard.commands);
    assert_int_equal(ledger.counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET], heard.magnitude);
    assert_true(mca_chip_stats_of(chip)->pulses_lost > 0);
    mca_chip_destroy(chip);
}

static void test_direct_transfer_conserves(void **state) {
    (void)state;
    expect_conserved(NULL, MCA_ARITHMETIC_FIXED, 1);
    expect_conserved(NULL, MCA_ARITHMETIC_FIXED, 4);
    expect_conserved(NULL, MCA_ARITHMETIC_FLOAT, 1);
    expect_conserved(NULL, MCA_ARITHMETIC_FLOAT, 4);
}

/* Of a convolution each of its eight positions sends its own. */
static void test_direct_transfer_conserves_at_positions(void **state) {
    (void)state;
    const struct mca_network_config network = {
        .input = {1, 6, 10},
        .layer_count = 2,
        .layers = {{.type = MCA_LAYER_CONV2D,
                    .activation = MCA_ACTIVATION_RELU,
                    .units = 4,
                    .kernel = 3,
                    .stride = 2,
                    .activation_exponent = 2},
                   {.type = MCA_LAYER_DENSE,
                    .activation = MCA_ACTIVATION_SIGMOID,
                    .units = CLASSES,
                    .activation_exponent = MCA_EXPONENT_CALIBRATED}},
        .init_gain = 1.0};
    expect_conserved(&network, MCA_ARITHMETIC_FIXED, 1);
    expect_conserved(&network, MCA_ARITHMETIC_FLOAT, 3);
}

/* Pulses of each image wait for the end of the mini-batch. */
static void test_direct_transfer_waits_for_the_batch(void **state) {
    (void)state;
    struct mca_chip_config config = direct();
    config.refresh.every_images = 0;
    struct mca_chip *chip = chip_to_train(&config, 0.3, 4);
    const uint64_t initial = mca_chip_ledger(chip).counts[MCA_PHASE_INIT][MCA_COMPONENT_PCM_SET];
    train_images(chip, INPUTS, CLASSES, 0, 3);
    assert_true(chip->command_count > 10);
    assert_int_equal(chip->command_count, mca_chip_stats_of(chip)->commands);
    struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t *transfer = ledger.counts[MCA_PHASE_TRANSFER];
    assert_int_equal(transfer[MCA_COMPONENT_PCM_SET], 0);
    train_images(chip, INPUTS, CLASSES, 3, 1);
    ledger = mca_chip_ledger(chip);
    assert_int_equal(chip->command_count, 0);
    assert_true(transfer[MCA_COMPONENT_PCM_SET] >= mca_chip_stats_of(chip)->commands);
    uint64_t writes = 0;
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = mca_chip_layer(chip, l).matrix;
        for (uint32_t r = 0; r < x->rows; ++r) {
            for (uint32_t c = 0; c < x->cols; ++c) {
                for (int side = 0; side < 2; ++side) {
                    writes += x->writes[side][(size_t)r * x->stride + c];
                }
            }
        }
    }
    const uint64_t resets = ledger.counts[MCA_PHASE_INIT][MCA_COMPONENT_PCM_RESET];
    assert_int_equal(writes, resets + initial + transfer[MCA_COMPONENT_PCM_SET]);
    mca_chip_destroy(chip);
}

static void count_chi(void *user, const struct mca_operation *operation,
                      const struct mca_occupation *occupation) {
    (void)occupation;
    *(uint64_t *)user += operation->resource == MCA_RESOURCE_CHI;
}

/* No memory: not built, not read, not busy, and not in a trace; neither in training nor beside a
 * refresh. */
static void test_direct_transfer_has_no_chi(void **state) {
    (void)state;
    struct mca_chip_config config = direct();
    config.refresh.every_images = 20;
    config.refresh.high_us = 2.0;
    const struct mca_inventory inventory = mca_chip_inventory(&config);
    assert_int_equal(inventory.chi_bits, 0);
    assert_int_equal(inventory.resource_instances[MCA_RESOURCE_CHI], 0);
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    uint64_t operations = 0;
    struct mca_chip_probe probe = {.user = &operations, .occupied = count_chi};
    mca_chip_attach(chip, &probe);
    train_images(chip, INPUTS, CLASSES, 0, 60);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    assert_int_equal(operations, 0);
    assert_true(mca_chip_stats_of(chip)->refreshed_pairs > 0);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        assert_int_equal(ledger.counts[p][MCA_COMPONENT_CHI_READ], 0);
        assert_int_equal(ledger.counts[p][MCA_COMPONENT_CHI_WRITE], 0);
        assert_int_equal(ledger.busy_ps[p][MCA_RESOURCE_CHI], 0);
    }
    assert_false(mca_chi_is_kept(mca_chip_layer(chip, 0).chi));
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct_transfer_times_by_hand),
        cmocka_unit_test(test_direct_transfer_counts_by_hand),
        cmocka_unit_test(test_direct_transfer_draws_in_float),
        cmocka_unit_test(test_direct_transfer_conserves),
        cmocka_unit_test(test_direct_transfer_conserves_at_positions),
        cmocka_unit_test(test_direct_transfer_waits_for_the_batch),
        cmocka_unit_test(test_direct_transfer_has_no_chi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
