#include "chip/chip.h"

#include "chip/chip_state.h"
#include "chip/snapshot.h"
#include "chip/trained_chip.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { INPUTS = 300, CLASSES = 10, TESTED = 500 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, 40, CLASSES}};

static void train(struct mca_chip *chip, uint32_t images) {
    mca_chip_set_rate(chip, 0.2, 1);
    train_images(chip, INPUTS, CLASSES, 0, images);
}

static void predict(struct mca_chip *chip, uint32_t threads, uint16_t *predicted, uint32_t *right) {
    struct mca_error error;
    uint8_t *pixels = malloc((size_t)TESTED * INPUTS);
    uint32_t labels[TESTED];
    for (uint32_t i = 0; i < TESTED; ++i) {
        labels[i] = mca_fixture_image(INPUTS, CLASSES, 100000 + i, pixels + (size_t)i * INPUTS);
    }
    assert_int_equal(mca_chip_infer(chip, pixels, TESTED, 0, threads, predicted, &error), MCA_OK);
    *right = 0;
    for (uint32_t i = 0; i < TESTED; ++i) {
        *right += predicted[i] == labels[i];
    }
    free(pixels);
}

static struct mca_chip *create(const struct mca_chip_config *config) {
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    return chip;
}

static void test_chip_learns_and_an_adc_fault_hurts(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = create(&config);
    uint16_t predicted[TESTED];
    uint32_t before;
    uint32_t right;
    uint32_t faulty;
    predict(chip, 1, predicted, &before);
    train(chip, 3000);
    predict(chip, 1, predicted, &right);
    for (uint32_t l = 0; l < 2; ++l) {
        struct mca_matrix *x = &chip->layers[l].matrix;
        for (uint32_t t = 0; t < mca_placement_tiles(&x->place); ++t) {
            x->adcs[t].forward.keep_mask = (int32_t)~0x80u; /* the sign bit stuck low */
        }
    }
    predict(chip, 1, predicted, &faulty);
    assert_true(before < TESTED / 3);
    assert_true(right > TESTED * 9 / 10);
    assert_true(faulty + TESTED / 20 < right);
    mca_chip_destroy(chip);
}

/* Testing is the forward path of training, image by image, on any number of threads. */
static void test_chip_inference_is_the_forward_path(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = create(&config);
    uint16_t single[TESTED];
    uint16_t threaded[TESTED];
    uint32_t right;
    train(chip, 300);
    predict(chip, 1, single, &right);
    const struct mca_ledger before = mca_chip_ledger(chip);
    predict(chip, 3, threaded, &right);
    assert_memory_equal(single, threaded, sizeof single);
    uint64_t clips = 0;
    uint64_t counts[MCA_COMPONENT_CHIP_COUNT] = {0};
    for (uint32_t i = 0; i < TESTED; ++i) {
        uint8_t pixels[INPUTS];
        (void)mca_fixture_image(INPUTS, CLASSES, 100000 + i, pixels);
        const struct mca_walk walk = {
            &chip->infer, &chip->signals, pixels, {MCA_RNG_INFER, i, 0}, &clips};
        for (uint32_t n = 0; n < chip->infer.step_count; ++n) {
            struct mca_work work = {0};
            mca__execute_forward(chip, &chip->infer.steps[n], &walk, &work);
            for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
                counts[c] += work.counts[c];
            }
        }
        assert_int_equal(mca_engine_predict(chip, &chip->signals), single[i]);
    }
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
        assert_int_equal(counts[c], mca_chip_ledger(chip).counts[MCA_PHASE_TEST][c] -
                                        before.counts[MCA_PHASE_TEST][c]);
    }
    mca_chip_destroy(chip);
}

/* Counts of one forward read by hand: driven rows, tiles, conversions. */
static void test_chip_counts_a_forward_read(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = create(&config);
    uint8_t pixels[INPUTS] = {0};
    for (uint32_t i = 0; i < 30; ++i) {
        pixels[i * 10] = 200;
    }
    uint64_t clips = 0;
    struct mca_work work = {0};
    const struct mca_walk walk = {
        &chip->infer, &chip->signals, pixels, {MCA_RNG_INFER, 0, 0}, &clips};
    for (uint32_t n = 0; n < 3; ++n) { /* load, read, activation */
        mca__execute_forward(chip, &chip->infer.steps[n], &walk, &work);
    }
    const uint64_t *counts = work.counts;
    assert_int_equal(counts[MCA_COMPONENT_DAC_DRIVE], 31); /* and the bias row */
    assert_int_equal(counts[MCA_COMPONENT_PCM_READ], 31 * 40 * 2);
    assert_int_equal(counts[MCA_COMPONENT_ADC_CONVERSION], 2 * 40); /* two row tiles */
    assert_int_equal(counts[MCA_COMPONENT_DPU_SIGMOID], 40);
    mca_chip_destroy(chip);
}

/* The parts of layers and of none add up to the ledger, counts and busy times, in every phase; and
 * what a layer converts, adds and holds is by hand its own. */
static void test_chip_ledger_by_layer(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = create(&config);
    train(chip, 300);
    uint32_t right;
    uint16_t predicted[TESTED];
    predict(chip, 2, predicted, &right);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const struct mca_ledger_part *parts[] = {mca_chip_ledger_part(chip, 0),
                                             mca_chip_ledger_part(chip, 1),
                                             mca_chip_ledger_part(chip, MCA_NO_LAYER)};
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            assert_int_equal(ledger.counts[p][c], parts[0]->counts[p][c] + parts[1]->counts[p][c] +
                                                      parts[2]->counts[p][c]);
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            assert_int_equal(ledger.busy_ps[p][r], parts[0]->busy_ps[p][r] +
                                                       parts[1]->busy_ps[p][r] +
                                                       parts[2]->busy_ps[p][r]);
        }
    }
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_ledger_part *part = mca_chip_ledger_part(chip, l);
        const struct mca_layer_view layer = mca_chip_layer(chip, l);
        const uint64_t row_tiles = (layer.inputs + config.tile.rows - 1) / config.tile.rows;
        const uint64_t *forward = part->counts[MCA_PHASE_FORWARD];
        const uint64_t *tests = part->counts[MCA_PHASE_TEST];
        assert_int_equal(forward[MCA_COMPONENT_ADC_CONVERSION], 300 * row_tiles * layer.outputs);
        assert_int_equal(forward[MCA_COMPONENT_DPU_SIGMOID], 300 * layer.outputs);
        assert_int_equal(tests[MCA_COMPONENT_DPU_SIGMOID], TESTED * layer.outputs);
        assert_int_equal(part->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_ADC],
                         300 * config.timing.adc_conversion_ps * config.adc.share);
        assert_int_equal(part->counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION] > 0, l > 0);
        assert_int_equal(forward[MCA_COMPONENT_IMAGE_LOAD], 0);
        uint64_t set = 0;
        uint64_t written = 0;
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            set +=
                part->counts[p][MCA_COMPONENT_PCM_SET] + part->counts[p][MCA_COMPONENT_PCM_RESET];
        }
        for (size_t k = 0; k < layer.matrix->rows * layer.matrix->stride; ++k) {
            written += (uint64_t)layer.matrix->writes[0][k] + layer.matrix->writes[1][k];
        }
        assert_int_equal(set, written);
    }
    const uint64_t *none = mca_chip_ledger_part(chip, MCA_NO_LAYER)->counts[MCA_PHASE_FORWARD];
    assert_int_equal(none[MCA_COMPONENT_IMAGE_LOAD], 300 * 8 * INPUTS);
    mca_chip_destroy(chip);
}

/* SET and RESET pulses in the ledger are the writes on the devices. */
static void test_chip_pulses_are_writes(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = create(&config);
    train(chip, 2000);
    uint64_t writes = 0;
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &chip->layers[l].matrix;
        for (size_t k = 0; k < x->rows * x->stride; ++k) {
            writes += (uint64_t)x->writes[0][k] + x->writes[1][k];
        }
    }
    uint64_t counted = 0;
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        counted += ledger.counts[p][MCA_COMPONENT_PCM_SET];
        counted += ledger.counts[p][MCA_COMPONENT_PCM_RESET];
    }
    assert_int_equal(writes, counted);
    assert_true(chip->stats.refreshed_pairs > 0);
    assert_int_equal(ledger.counts[MCA_PHASE_REFRESH][MCA_COMPONENT_PCM_RESET],
                     2 * chip->stats.refreshed_pairs);
    mca_chip_destroy(chip);
}

/* Weights are constant within a mini-batch: a refresh that falls due waits for its end. */
static void test_chip_refresh_waits_for_the_batch(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 5;
    struct mca_chip *chip = create(&config);
    struct mca_error error;
    mca_chip_set_rate(chip, 0.2, 8);
    for (uint32_t i = 0; i < 24; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        assert_int_equal(chip->stats.refreshes, (i + 1) / 8);
    }
    mca_chip_destroy(chip);
}

/* Pulses, at most three, whose expected conductance above RESET is nearest to `difference_us`:
 * after 1, 2 and 3 pulses 1.824597, 3.191648 and 4.236740 uS by the law of
 * docs/reference/device-and-array.md. */
static uint8_t nearest_pulses(double difference_us) {
    return difference_us < 1.824597 / 2.0                ? 0
           : difference_us < (1.824597 + 3.191648) / 2.0 ? 1
           : difference_us < (3.191648 + 4.236740) / 2.0 ? 2
                                                         : 3;
}

/* The rule of refresh on every pair, without the short cut for low devices: the same pairs are
 * rewritten, each with the pulses that are nearest to what was read. */
static void test_chip_refresh_follows_the_rule(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 0;
    config.refresh.high_us = 3.0;
    config.refresh.difference_us = 3.9;
    struct mca_chip *chip = create(&config);
    train(chip, 3000);
    const struct mca_matrix *x = &chip->layers[0].matrix;
    uint8_t *due = calloc((size_t)x->rows * x->cols, 1);
    double *difference_us = calloc((size_t)x->rows * x->cols, sizeof *difference_us);
    uint32_t by_pulses[4] = {0};
    uint32_t pairs = 0;
    uint32_t by_minus = 0;
    const double lsb = 12.0 / 255.0;
    for (uint32_t r = 0; r < x->rows; ++r) {
        for (uint32_t c = 0; c < x->cols; ++c) {
            double us[2];
            for (int side = 0; side < 2; ++side) {
                const double z = mca_rng_gaussian(mca_rng_stream(config.seed, MCA_RNG_REFRESH),
                                                  mca_matrix_device_number(x, r, c, side), 0, 0);
                const double g = (double)x->g[side][r * x->stride + c] * chip->device.us_per_code;
                const double read = g + mca_device_read_std_us(&chip->device, g) * z;
                us[side] = fmin(fmax(nearbyint(read / lsb) * lsb, 0.0), 12.0);
            }
            due[r * x->cols + c] = fmax(us[0], us[1]) > 3.0 && fabs(us[0] - us[1]) < 3.9;
            difference_us[r * x->cols + c] = us[0] - us[1];
            pairs += due[r * x->cols + c];
            by_minus += due[r * x->cols + c] && us[1] > 3.0;
        }
    }
    assert_true(pairs > 20 && by_minus > 5);
    uint32_t *writes = calloc((size_t)x->rows * x->cols, sizeof *writes);
    for (uint32_t r = 0; r < x->rows; ++r) {
        for (uint32_t c = 0; c < x->cols; ++c) {
            writes[r * x->cols + c] = x->writes[0][r * x->stride + c];
        }
    }
    struct mca_work work = {0};
    mca__refresh(chip, mca_program_refresh(&chip->train, 0), &work);
    for (uint32_t r = 0; r < x->rows; ++r) {
        for (uint32_t c = 0; c < x->cols; ++c) {
            const size_t cell = r * x->stride + c;
            assert_int_equal(x->writes[0][cell] > writes[r * x->cols + c], due[r * x->cols + c]);
            if (due[r * x->cols + c]) { /* one side stays at RESET */
                const double us = difference_us[r * x->cols + c];
                const uint8_t pulses = nearest_pulses(fabs(us));
                assert_int_equal(x->pulses_since_reset[0][cell], us < 0.0 ? 0 : pulses);
                assert_int_equal(x->pulses_since_reset[1][cell], us < 0.0 ? pulses : 0);
                ++by_pulses[pulses];
            }
        }
    }
    for (int n = 0; n < 4; ++n) { /* each number of pulses has been seen */
        assert_true(by_pulses[n] > 0);
    }
    free(difference_us);
    free(writes);
    free(due);
    mca_chip_destroy(chip);
}

/* Fixed arithmetic of many bits on ideal devices follows float arithmetic: the same weights within
 * a few epsilons' residual. */
static void test_chip_fixed_approaches_float(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.device.model = MCA_DEVICE_IDEAL;
    config.device.read_noise = 0.0;
    config.dac.bits = 12;
    config.adc.bits = 16;
    config.dpu.error_bits = 16;
    config.chi.bits = 30;
    config.chi.frac_bits = 20;
    config.transfer.epsilon_us = 0.0625;
    config.transfer.max_pulses = 255;
    struct mca_chip *fixed = create(&config);
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    struct mca_chip *real = create(&config);
    train(fixed, 100);
    train(real, 100);
    double worst = 0.0;
    double moved = 0.0;
    struct mca_chip *start = create(&config);
    for (uint32_t r = 0; r <= INPUTS; ++r) {
        for (uint32_t c = 0; c < 40; ++c) {
            const double a = mca_matrix_weight_us(&fixed->layers[0].matrix, r, c);
            const double b = mca_matrix_weight_us(&real->layers[0].matrix, r, c);
            const double s = mca_matrix_weight_us(&start->layers[0].matrix, r, c);
            worst = fmax(worst, fabs(a - b));
            moved = fmax(moved, fabs(b - s));
        }
    }
    assert_true(moved > 0.5);
    assert_true(worst < 0.02 * moved + 2.0 * 0.0625);
    mca_chip_destroy(start);
    mca_chip_destroy(fixed);
    mca_chip_destroy(real);
}

/* 785 x 250 and 251 x 10 weights on tiles of 256 x 256: four tiles and one, 512 lines each. Read
 * forward: 4 x 250 and 10 columns; backward, the second layer alone: 250 rows without the bias.
 * Driven: 785 and 251 rows, 10 columns. The last tile of the first layer uses 17 of its rows. */
static void test_chip_builds_the_converters_that_it_uses(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {3, {784, 250, 10}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_inventory v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 1000 + 10 + 250);
    assert_int_equal(v.sample_holds, 1260);
    assert_int_equal(v.dacs, 785 + 251 + 10);
    config.adc.bank = MCA_ADC_BANK_SHARED; /* the second layer's 250 serve its columns, too */
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 1000 + 250);
    assert_int_equal(v.sample_holds, 1000 + 2 * 260);
    config.adc.backward_share = 50; /* 5 converters for rows, 10 for columns */
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 1000 + 10);
    config.adc.bank = MCA_ADC_BANK_PER_DIRECTION;
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 1000 + 10 + 5);
    assert_int_equal(v.sample_holds, 1260);
    config.adc.backward_share = 0;
    config.adc.share = 8;
    config.dac.share = 100;
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 4 * 32 + 2 + 32);
    assert_int_equal(v.dacs, (3 * 3 + 1) + 3 + 1);
    assert_int_equal(v.sample_holds, 1260);
    /* all of them: 2 x 256 lines of 5 tiles, as if every tile were full and read both ways */
    config.adc.build = MCA_BUILD_ALL;
    config.dac.build = MCA_BUILD_ALL;
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 5 * (32 + 32));
    assert_int_equal(v.dacs, 5 * (3 + 3));
    config.adc.share = 1;
    config.dac.share = 1;
    v = mca_chip_inventory(&config);
    assert_int_equal(v.adcs, 2560);
    assert_int_equal(v.dacs, 2560);
    assert_int_equal(v.sample_holds, 2560);
}

/* The same chip by layer: what it builds for each, by hand, what they share, and field by field the
 * whole. */
static void test_chip_inventory_by_layer(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {3, {784, 250, 10}};
    const struct mca_chip_config config = mca_fixture_chip(&widths);
    const struct mca_inventory first = mca_chip_layer_inventory(&config, 0);
    const struct mca_inventory second = mca_chip_layer_inventory(&config, 1);
    const struct mca_inventory shared = mca_chip_layer_inventory(&config, MCA_NO_LAYER);
    const struct mca_inventory whole = mca_chip_inventory(&config);
    const uint64_t by_hand[][8] = {
        {first.tiles, 4, second.tiles, 1, shared.tiles, 0, whole.tiles, 5},
        {first.devices, 4 * 131072, second.devices, 131072, shared.devices, 0, whole.devices,
         5 * 131072},
        {first.weights, 196250, second.weights, 2510, shared.weights, 0, whole.weights, 198760},
        {first.dacs, 785, second.dacs, 261, shared.dacs, 0, whole.dacs, 1046},
        {first.adcs, 1000, second.adcs, 260, shared.adcs, 0, whole.adcs, 1260},
        {first.sample_holds, 1000, second.sample_holds, 260, shared.sample_holds, 0,
         whole.sample_holds, 1260},
        {first.program_drivers, 4, second.program_drivers, 1, shared.program_drivers, 0,
         whole.program_drivers, 5},
        {first.chi_bits, 3140000, second.chi_bits, 40160, shared.chi_bits, 0, whole.chi_bits,
         3180160},
        {first.dpu_lanes, 0, second.dpu_lanes, 0, shared.dpu_lanes, 16, whole.dpu_lanes, 16},
        {first.sigmoid_units, 0, second.sigmoid_units, 0, shared.sigmoid_units, 16,
         whole.sigmoid_units, 16},
        /* 785 and 251 activations of 8 bits, 250 and 10 errors of 12, each twice */
        {first.buffer_bits, 0, second.buffer_bits, 0, shared.buffer_bits, whole.buffer_bits,
         whole.buffers, 8},
    };
    for (size_t i = 0; i < sizeof by_hand / sizeof by_hand[0]; ++i) {
        for (int k = 0; k < 8; k += 2) {
            assert_int_equal(by_hand[i][k], by_hand[i][k + 1]);
        }
    }
    assert_int_equal(shared.register_bits, whole.register_bits);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_int_equal(first.resource_instances[r] + second.resource_instances[r] +
                             shared.resource_instances[r],
                         whole.resource_instances[r]);
        assert_true(whole.resource_instances[r] > 0);
    }
}

/* With a converter for every line, those that are built are those that convert in one forward and
 * one backward read, in any network. */
static void test_chip_converters_are_those_that_convert(void **state) {
    (void)state;
    static const struct mca_u32_list widths[] = {
        {2, {INPUTS, CLASSES}}, {3, {INPUTS, 70, CLASSES}}, {4, {INPUTS, 64, 33, CLASSES}}};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; ++i) {
        struct mca_chip_config config = mca_fixture_chip(&widths[i]);
        config.tile.rows = 32;
        config.tile.cols = 24;
        config.dac.drive = MCA_DRIVE_BIPOLAR; /* one backward read */
        config.refresh.every_images = 0;
        struct mca_chip *chip = create(&config);
        train(chip, 1);
        const struct mca_ledger ledger = mca_chip_ledger(chip);
        assert_int_equal(mca_chip_inventory(&config).adcs,
                         ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION] +
                             ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION]);
        mca_chip_destroy(chip);
    }
}

/* Every part is zeros but the first, how many commands wait. */
static int load_zeros(void *user, void *data, size_t size) {
    size_t *first = user;
    memset(data, 0, size);
    if (*first > 0) {
        assert_int_equal(size, sizeof *first);
        memcpy(data, first, sizeof *first);
        *first = 0;
    }
    return 1;
}

/* More commands than a mini-batch has products cannot wait: a chip is not loaded from such parts.
 */
static void test_chip_loads_no_more_commands_than_products(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    const size_t most = (size_t)3 * ((INPUTS + 1) * 40 + 41 * CLASSES);
    for (size_t over = 0; over < 2; ++over) {
        struct mca_error error = {.message = ""};
        struct mca_chip *chip = create(&config);
        mca_chip_set_rate(chip, 0.2, 3);
        size_t first = most + over;
        const struct mca_chip_visitor loader = {&first, load_zeros};
        const enum mca_status status = mca_chip_load_parts(chip, &loader, &error);
        const int is_refused = strstr(error.message, "waiting commands cannot be so many") != NULL;
        assert_int_equal(is_refused, over);
        assert_true(over == 0 || status == MCA_INVALID);
        mca_chip_destroy(chip);
    }
}

/* Until a rate is set it is 0.1, image by image. */
static void test_chip_begins_with_a_rate(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *new = create(&config);
    struct mca_chip *told = create(&config);
    mca_chip_set_rate(told, 0.1, 1);
    train_images(new, INPUTS, CLASSES, 0, 50);
    train_images(told, INPUTS, CLASSES, 0, 50);
    assert_true(mca_chip_stats_of(new)->commands > 0);
    assert_int_equal(mca_chip_stats_of(new)->commands, mca_chip_stats_of(told)->commands);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *a = &new->layers[l].matrix;
        const struct mca_matrix *b = &told->layers[l].matrix;
        for (int side = 0; side < 2; ++side) {
            assert_memory_equal(a->g[side], b->g[side], a->rows * a->stride * sizeof *a->g[side]);
        }
    }
    mca_chip_destroy(new);
    mca_chip_destroy(told);
}

/* Every cell of another chip: what it holds, its pulses since RESET and its writes. */
static void test_chip_copies_weights(void **state) {
    (void)state;
    for (int ideal = 0; ideal < 2; ++ideal) {
        struct mca_chip_config config =
            ideal ? mca_fixture_float(&WIDTHS) : mca_fixture_chip(&WIDTHS);
        struct mca_chip *from = create(&config);
        config.seed = 2;
        struct mca_chip *to = create(&config);
        train(from, 20);
        mca_chip_copy_weights(to, from);
        for (uint32_t l = 0; l < 2; ++l) {
            const struct mca_matrix *a = &from->layers[l].matrix;
            const struct mca_matrix *b = &to->layers[l].matrix;
            for (uint32_t cell = 0; cell < a->rows * a->cols; ++cell) {
                const size_t at = (size_t)(cell / a->cols) * a->stride + cell % a->cols;
                if (ideal) {
                    assert_true(a->continuous_us[at] == b->continuous_us[at]);
                    continue;
                }
                for (int side = 0; side < 2; ++side) {
                    assert_int_equal(a->g[side][at], b->g[side][at]);
                    assert_int_equal(a->pulses_since_reset[side][at],
                                     b->pulses_since_reset[side][at]);
                    assert_int_equal(a->writes[side][at], b->writes[side][at]);
                }
            }
        }
        mca_chip_destroy(from);
        mca_chip_destroy(to);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chip_learns_and_an_adc_fault_hurts),
        cmocka_unit_test(test_chip_begins_with_a_rate),
        cmocka_unit_test(test_chip_inference_is_the_forward_path),
        cmocka_unit_test(test_chip_counts_a_forward_read),
        cmocka_unit_test(test_chip_ledger_by_layer),
        cmocka_unit_test(test_chip_pulses_are_writes),
        cmocka_unit_test(test_chip_refresh_follows_the_rule),
        cmocka_unit_test(test_chip_refresh_waits_for_the_batch),
        cmocka_unit_test(test_chip_fixed_approaches_float),
        cmocka_unit_test(test_chip_builds_the_converters_that_it_uses),
        cmocka_unit_test(test_chip_copies_weights),
        cmocka_unit_test(test_chip_inventory_by_layer),
        cmocka_unit_test(test_chip_converters_are_those_that_convert),
        cmocka_unit_test(test_chip_loads_no_more_commands_than_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
