/*
 * A chip at ages after it was programmed: what its devices conduct, that the programmed state is
 * given back, and what makes up for drift, against sums made here.
 */
#include "chip/chip.h"
#include "chip/chip_state.h"
#include "chip/snapshot.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { INPUTS = 64, HIDDEN = 70, CLASSES = 10, LAYERS = 2, IMAGES = 200 };

static const struct mca_ageing day = {86400.0, 0};
static const struct mca_ageing year = {3.15e7, 0};

static struct mca_chip_config chip_config(void) {
    const struct mca_u32_list layers = {3, {INPUTS, HIDDEN, CLASSES}};
    struct mca_chip_config config = mca_fixture_chip(&layers);
    config.tile.rows = 40; /* two rows of tiles */
    config.device.drift_nu_std = 0.02;
    config.device.flicker_noise = 1.0;
    return config;
}

/* A chip that has learnt a little, so that devices differ. */
static struct mca_chip *create(const struct mca_chip_config *config) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    for (uint32_t i = 0; i < 100; ++i) {
        uint8_t pixels[INPUTS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    return chip;
}

static void age(struct mca_chip *chip, struct mca_ageing ageing) {
    struct mca_error error;
    assert_int_equal(mca_chip_age(chip, &ageing, &error), MCA_OK);
}

/* All that reads use, of all layers: sums of codes, differences and variances, weighted by place.
 */
struct seen {
    uint64_t codes;
    uint64_t differences;
    uint64_t variances;
};

static struct seen see(const struct mca_chip *chip) {
    struct seen seen = {0, 0, 0};
    for (uint32_t l = 0; l < LAYERS; ++l) {
        const struct mca_matrix *m = &chip->layers[l].matrix;
        const uint16_t *const *variance = m->read_tables;
        for (size_t k = 0; k < m->rows * m->stride; ++k) {
            const uint64_t weight = 2 * k + 1;
            seen.codes += weight * (m->g[0][k] + 3u * m->g[1][k]);
            seen.differences += weight * (uint64_t)(m->difference[k] + 40000);
            seen.variances += variance ? weight * (*variance)[k] : 0;
        }
    }
    return seen;
}

static void assert_same(struct seen a, struct seen b) {
    assert_int_equal(a.codes, b.codes);
    assert_int_equal(a.differences, b.differences);
    assert_int_equal(a.variances, b.variances);
}

static void classify(struct mca_chip *chip, uint32_t threads, uint16_t predicted[IMAGES]) {
    static uint8_t pixels[IMAGES * INPUTS];
    struct mca_error error;
    mca_fixture_images(INPUTS, CLASSES, 1000, IMAGES, pixels);
    assert_int_equal(mca_chip_infer(chip, pixels, IMAGES, 0, threads, predicted, &error), MCA_OK);
}

/* One exponent for all: every code is the programmed one x (t / t0)^-nu, rounded to the grid. */
static void test_ageing_uniform_drift(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config();
    config.device.drift_nu_std = config.device.flicker_noise = 0.0;
    struct mca_chip *chip = create(&config);
    const struct mca_matrix *m = &chip->layers[0].matrix;
    uint16_t *before = test_malloc(m->cells * sizeof *before);
    memcpy(before, m->g[1], m->cells * sizeof *before);
    const double left = pow(3.15e7 / 38.6, -0.04);
    age(chip, day);
    age(chip, year);
    uint32_t moved = 0;
    for (uint32_t r = 0; r < m->rows; ++r) {
        for (uint32_t c = 0; c < m->cols; ++c) {
            const size_t k = r * m->stride + c;
            assert_near(m->g[1][k], before[k] * left, 0.5 + 1e-6);
            assert_int_equal(m->difference[k], (int)m->g[0][k] - (int)m->g[1][k]);
            moved += m->g[1][k] != before[k];
        }
    }
    assert_true(moved > m->rows * m->cols / 2);
    test_free(before);
    mca_chip_destroy(chip);
}

static void test_ageing_is_of_the_age_alone(void **state) {
    (void)state;
    const struct mca_chip_config config = chip_config();
    struct mca_chip *chip = create(&config);
    struct mca_chip *other = create(&config);
    const struct seen programmed = see(chip);
    uint16_t before[IMAGES];
    uint16_t after[IMAGES];
    classify(chip, 1, before);
    age(chip, day);
    const struct seen after_day = see(chip);
    assert_true(after_day.codes != programmed.codes);
    assert_true(after_day.variances != programmed.variances);
    age(chip, year);
    age(other, year);
    assert_same(see(chip), see(other));
    age(chip, (struct mca_ageing){year.age_s, 1});
    assert_true(see(chip).codes != see(other).codes);
    age(chip, day);
    assert_same(see(chip), after_day);
    mca_chip_end_ageing(chip);
    mca_chip_end_ageing(chip);
    assert_same(see(chip), programmed);
    classify(chip, 1, after);
    assert_memory_equal(before, after, sizeof before);
    /* aged, trained no further, aged again: from what it is then */
    age(chip, day);
    assert_same(see(chip), after_day);
    mca_chip_destroy(chip);
    mca_chip_destroy(other);
}

static void test_ageing_neutral_values_change_nothing(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config();
    struct mca_chip *young = create(&config);
    config.device.drift_nu = config.device.drift_nu_std = config.device.flicker_noise = 0.0;
    struct mca_chip *still = create(&config);
    const struct seen programmed = see(young);
    age(young, (struct mca_ageing){0.0, 3});
    assert_same(see(young), programmed);
    age(still, year);
    assert_same(see(still), programmed);
    assert_null(still->layers[0].scale);
    const struct mca_ledger ledger = mca_chip_ledger(still);
    assert_int_equal(ledger.counts[MCA_PHASE_TEST][MCA_COMPONENT_PCM_READ], 0);
    mca_chip_destroy(young);
    mca_chip_destroy(still);
}

static void test_ageing_threads_give_the_same(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config();
    config.dpu.drift_compensation = MCA_COMPENSATION_COLUMN;
    struct mca_chip *chip = create(&config);
    uint16_t one[IMAGES];
    uint16_t two[IMAGES];
    age(chip, year);
    classify(chip, 1, one);
    classify(chip, 2, two);
    assert_memory_equal(one, two, sizeof one);
    mca_chip_destroy(chip);
}

/* ---- what makes up for drift */

/* Without noise and converters: sums are sums of products. */
static struct mca_chip_config exact_config(unsigned compensation) {
    struct mca_chip_config config = chip_config();
    config.device.read_noise = config.device.flicker_noise = 0.0;
    config.dac.bits = config.adc.bits = 0;
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    config.dpu.drift_compensation = compensation;
    return config;
}

/* The first layer's sums of an image, factors included. */
static void sums_of(struct mca_chip *chip, double sum[HIDDEN]) {
    struct mca_arena arena = {0};
    struct mca_signals signals;
    struct mca_error error;
    uint8_t pixels[INPUTS];
    uint64_t clips = 0;
    struct mca_work work = {0};
    (void)mca_fixture_image(INPUTS, CLASSES, 5, pixels);
    assert_int_equal(mca_engine_signals(chip, &arena, &signals, &error), MCA_OK);
    const struct mca_walk walk = {&chip->infer, &signals, pixels, {MCA_RNG_INFER, 0, 0}, &clips};
    for (uint32_t i = 0; i < chip->infer.image_steps; ++i) {
        mca__execute_forward(chip, &chip->infer.steps[i], &walk, &work);
    }
    memcpy(sum, signals.layers[0].sum_real, HIDDEN * sizeof *sum);
    mca_arena_deinit(&arena);
}

/*
 * One exponent for all, exact converters: all that is left is the rounding of conductances to their
 * grid, half a step a device. On the sum: a step a pair, of inputs up to 1, all rows; enlarged by
 * the factor. On the factor: half a step a device of the aged sum, relative to it.
 */
static void test_ageing_compensation_restores_uniform_drift(void **state) {
    (void)state;
    for (unsigned kind = MCA_COMPENSATION_NONE; kind <= MCA_COMPENSATION_COLUMN; ++kind) {
        struct mca_chip_config config = exact_config(kind);
        config.device.drift_nu_std = 0.0;
        config.device.drift_nu = 0.1;
        struct mca_chip *chip = create(&config);
        double before[HIDDEN];
        double after[HIDDEN];
        const double step = chip->device.us_per_code / chip->layers[0].unit_weight_us;
        const double factor = pow(3.15e7 / 38.6, 0.1);
        sums_of(chip, before);
        age(chip, year);
        sums_of(chip, after);
        double worst = 0.0;
        for (uint32_t c = 0; c < HIDDEN; ++c) {
            double aged = 0.0; /* codes of the column */
            const struct mca_matrix *m = &chip->layers[0].matrix;
            for (uint32_t r = 0; r <= INPUTS; ++r) {
                aged += m->g[0][r * m->stride + c] + m->g[1][r * m->stride + c];
            }
            const double bound =
                (INPUTS + 1) * step * factor + fabs(before[c]) * 2.0 * (INPUTS + 1) * 0.5 / aged;
            if (kind != MCA_COMPENSATION_NONE) {
                assert_near(after[c], before[c], bound);
            } else {
                assert_near(after[c], before[c] / factor, bound);
            }
            worst = fmax(worst, fabs(before[c]) / bound);
        }
        assert_true(worst > 20.0); /* the bound tells one from the other */
        mca_chip_end_ageing(chip);
        sums_of(chip, after);
        for (uint32_t c = 0; c < HIDDEN; ++c) {
            assert_near(after[c], before[c], 0.0);
        }
        mca_chip_destroy(chip);
    }
}

/* The factor of a column, and that of a layer, are sums of codes before over sums after. */
static void test_ageing_factors_are_of_the_conductances(void **state) {
    (void)state;
    for (unsigned kind = MCA_COMPENSATION_GLOBAL; kind <= MCA_COMPENSATION_COLUMN; ++kind) {
        const struct mca_chip_config config = exact_config(kind);
        struct mca_chip *chip = create(&config);
        age(chip, year);
        for (uint32_t l = 0; l < LAYERS; ++l) {
            const struct mca_layer *layer = &chip->layers[l];
            const struct mca_matrix *m = &layer->matrix;
            double before[HIDDEN] = {0};
            double after[HIDDEN] = {0};
            double all[2] = {0};
            for (size_t k = 0; k < m->rows * m->stride; ++k) {
                if (k % m->stride < m->cols) {
                    before[k % m->stride] += m->kept[0][k] + m->kept[1][k];
                    after[k % m->stride] += m->g[0][k] + m->g[1][k];
                }
            }
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                all[0] += before[c];
                all[1] += after[c];
            }
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                const double want =
                    kind == MCA_COMPENSATION_GLOBAL ? all[0] / all[1] : before[c] / after[c];
                assert_near(layer->scale->factor[c], want, 1e-9);
                assert_near(layer->scale->code[c] / 4096.0, want, 0.5 / 4096.0 + 1e-9);
            }
        }
        mca_chip_destroy(chip);
    }
}

/* A column whose devices all read as 0 when they were programmed, of which flicker lifts some, keeps
 * its sums; one that is read has a factor. */
static void test_ageing_of_a_column_that_read_as_nothing(void **state) {
    (void)state;
    struct mca_chip_config config = exact_config(MCA_COMPENSATION_COLUMN);
    struct mca_error error;
    struct mca_chip *chip;
    config.adc.bits = 3; /* 12 uS are 7 steps, and half of one is 0.857 uS */
    config.device.drift_nu = config.device.drift_nu_std = 0.0;
    config.device.flicker_noise = 1.0;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    for (uint32_t r = 0; r <= INPUTS; ++r) {
        for (uint32_t c = 0; c < 2; ++c) {
            const double code = (c == 0 ? 0.84 : 0.88) * chip->device.codes_per_us;
            const struct mca_device_state device = {(uint16_t)code, 1, 1};
            mca_chip_put_device(chip, 0, r, c, 0, device);
            mca_chip_put_device(chip, 0, r, c, 1, device);
        }
    }
    age(chip, year);
    const double *factor = chip->layers[0].scale->factor;
    assert_true(factor[0] == 1.0);
    assert_true(factor[1] > 1.1); /* flicker has taken some below the half step */
    mca_chip_destroy(chip);
}

/* Every device read once when the chip has just been programmed and once at each age; a reciprocal
 * and a product for each factor of each age; a product for each sum of an image. */
static void test_ageing_reads_are_charged(void **state) {
    (void)state;
    const uint64_t devices = 2 * ((INPUTS + 1) * HIDDEN + (HIDDEN + 1) * CLASSES);
    for (unsigned kind = MCA_COMPENSATION_GLOBAL; kind <= MCA_COMPENSATION_COLUMN; ++kind) {
        struct mca_chip_config config = chip_config();
        struct mca_chip *plain = create(&config);
        config.dpu.drift_compensation = kind;
        struct mca_chip *chip = create(&config);
        const uint64_t factors = kind == MCA_COMPENSATION_GLOBAL ? LAYERS : HIDDEN + CLASSES;
        uint16_t predicted[IMAGES];
        age(chip, day);
        age(chip, year);
        const struct mca_ledger read = mca_chip_ledger(chip);
        const uint64_t *counts = read.counts[MCA_PHASE_TEST];
        assert_int_equal(counts[MCA_COMPONENT_PCM_READ], 3 * devices);
        assert_int_equal(counts[MCA_COMPONENT_ADC_CONVERSION], 3 * devices);
        assert_int_equal(counts[MCA_COMPONENT_DPU_ADD], 3 * devices);
        assert_int_equal(counts[MCA_COMPONENT_DPU_RECIPROCAL], 2 * factors);
        assert_int_equal(counts[MCA_COMPONENT_DPU_MULTIPLY], 2 * factors);
        /* 80 reads of each layer, one after the other: a pulse of 256 levels and settling, at most
         * with registers loaded before and converted after it; then the last word is added */
        const uint64_t each_ps = 256 * 500 + 2000;
        assert_in_range(read.critical_ps[MCA_PHASE_TEST], 3 * LAYERS * 80 * each_ps,
                        3 * LAYERS * (80 * (each_ps + 1000 + 77000) + 1000 * devices));
        classify(chip, 1, predicted);
        classify(plain, 1, predicted);
        const struct mca_ledger done = mca_chip_ledger(chip);
        const struct mca_ledger bare = mca_chip_ledger(plain);
        const uint64_t more = done.counts[MCA_PHASE_TEST][MCA_COMPONENT_DPU_MULTIPLY] -
                              counts[MCA_COMPONENT_DPU_MULTIPLY] -
                              bare.counts[MCA_PHASE_TEST][MCA_COMPONENT_DPU_MULTIPLY];
        assert_int_equal(more, IMAGES * (HIDDEN + CLASSES));
        mca_chip_destroy(plain);
        mca_chip_destroy(chip);
    }
}

/* A convolution is read at many positions by an image, and once by reference reads: 2 x 26 rows of
 * one layer, 2 x 40 of the other, whose rows lie on two tiles. */
static void test_ageing_convolution(void **state) {
    (void)state;
    static const struct mca_layer_config conv = {.type = MCA_LAYER_CONV2D,
                                                 .activation = MCA_ACTIVATION_SIGMOID,
                                                 .units = 3,
                                                 .kernel = 5,
                                                 .stride = 1,
                                                 .unit_weight_us = 8,
                                                 .adc_forward_range = 16,
                                                 .adc_backward_range = 4};
    struct mca_chip_config config = chip_config();
    struct mca_network_config *net = &config.network;
    net->is_widths = 0;
    net->input = (struct mca_shape){1, 8, 8};
    net->layer_count = 2;
    net->layers[0] = net->layers[1] = conv;
    net->layers[1].type = MCA_LAYER_DENSE;
    net->layers[1].units = CLASSES;
    net->layers[1].kernel = net->layers[1].stride = 0;
    config.dpu.drift_compensation = MCA_COMPENSATION_COLUMN;
    struct mca_chip *chip = create(&config);
    uint16_t predicted[IMAGES];
    age(chip, day);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t devices = 2 * (26 * 3 + 49 * CLASSES);
    const uint64_t each_ps = 256 * 500 + 2000;
    assert_int_equal(ledger.counts[MCA_PHASE_TEST][MCA_COMPONENT_PCM_READ], 2 * devices);
    assert_in_range(ledger.critical_ps[MCA_PHASE_TEST], 2 * (52 + 80) * each_ps,
                    2 * ((52 + 80) * (each_ps + 1000 + 77000) + 1000 * devices));
    assert_true(ledger.busy_ps[MCA_PHASE_TEST][MCA_RESOURCE_TILE] >= 2 * (52 + 80) * each_ps);
    classify(chip, 1, predicted);
    mca_chip_destroy(chip);
}

/* With converters, in fixed point: a mean factor that is right to a thousandth, and classes that
 * come back. */
static void test_ageing_fixed_point_recovers(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config();
    config.device.drift_nu = 0.3;
    config.device.drift_nu_std = config.device.flicker_noise = 0.0;
    uint32_t same[3];
    for (unsigned kind = MCA_COMPENSATION_NONE; kind <= MCA_COMPENSATION_COLUMN; ++kind) {
        config.dpu.drift_compensation = kind;
        struct mca_chip *chip = create(&config);
        uint16_t young[IMAGES];
        uint16_t old[IMAGES];
        classify(chip, 1, young);
        age(chip, day);
        classify(chip, 1, old);
        same[kind] = 0;
        for (uint32_t i = 0; i < IMAGES; ++i) {
            same[kind] += young[i] == old[i];
        }
        mca_chip_destroy(chip);
    }
    assert_true(same[MCA_COMPENSATION_GLOBAL] > same[MCA_COMPENSATION_NONE] + IMAGES / 10);
    assert_true(same[MCA_COMPENSATION_COLUMN] > same[MCA_COMPENSATION_NONE] + IMAGES / 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ageing_uniform_drift),
        cmocka_unit_test(test_ageing_is_of_the_age_alone),
        cmocka_unit_test(test_ageing_neutral_values_change_nothing),
        cmocka_unit_test(test_ageing_threads_give_the_same),
        cmocka_unit_test(test_ageing_compensation_restores_uniform_drift),
        cmocka_unit_test(test_ageing_factors_are_of_the_conductances),
        cmocka_unit_test(test_ageing_of_a_column_that_read_as_nothing),
        cmocka_unit_test(test_ageing_reads_are_charged),
        cmocka_unit_test(test_ageing_convolution),
        cmocka_unit_test(test_ageing_fixed_point_recovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
