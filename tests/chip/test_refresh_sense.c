/*
 * refresh.sense: a chip that compares devices before it converts them finds the same pairs, and
 * trains to the same weights in the same time, as one that converts every device; what is compared
 * and converted, at limits that are known without either.
 */
#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, EVERY = 20, IMAGES = 200 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

static struct mca_chip_config config_of(unsigned sense) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = EVERY;
    config.refresh.high_us = 6.0;
    config.refresh.residual = MCA_RESIDUAL_CHI;
    config.refresh.sense = sense;
    return config;
}

static struct mca_chip *train(const struct mca_chip_config *config) {
    struct mca_chip *chip = chip_to_train(config, 0.2, 1);
    train_images(chip, INPUTS, CLASSES, 0, IMAGES);
    return chip;
}

static const uint64_t *refreshes(struct mca_chip *chip, uint32_t layer) {
    return mca_ledger_part_of(&chip->ledger, layer)->counts[MCA_PHASE_REFRESH];
}

/* Of all layers. */
static uint64_t count_of(struct mca_chip *chip, enum mca_component component) {
    return refreshes(chip, 0)[component] + refreshes(chip, 1)[component];
}

static const uint64_t SAMPLES[2] = {2 * (INPUTS + 1) * HIDDEN * (IMAGES / EVERY),
                                    2 * (HIDDEN + 1) * CLASSES *(IMAGES / EVERY)};

/* Every count of every layer is the same but those of conversions and of the digital unit's
 * comparisons of them. */
static void assert_same_work(const struct mca_chip *converting, const struct mca_chip *comparing) {
    const struct mca_ledger a = mca_chip_ledger(converting);
    const struct mca_ledger b = mca_chip_ledger(comparing);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            const int differs = c == MCA_COMPONENT_ADC_CONVERSION ||
                                c == MCA_COMPONENT_ADC_COMPARE || c == MCA_COMPONENT_DPU_ADD;
            if (p != MCA_PHASE_REFRESH || !differs) {
                assert_int_equal(a.counts[p][c], b.counts[p][c]);
            }
        }
    }
    assert_memory_equal(a.busy_ps, b.busy_ps, sizeof a.busy_ps);
    assert_memory_equal(a.critical_ps, b.critical_ps, sizeof a.critical_ps);
    assert_int_equal(mca_chip_time_ps(converting), mca_chip_time_ps(comparing));
}

static void test_refresh_sense_finds_the_same_pairs(void **state) {
    (void)state;
    const struct mca_chip_config configs[2] = {config_of(MCA_SENSE_CONVERT),
                                               config_of(MCA_SENSE_COMPARE)};
    struct mca_chip *converting = train(&configs[0]);
    struct mca_chip *comparing = train(&configs[1]);
    assert_true(converting->stats.refreshed_pairs > 0);
    assert_int_equal(converting->stats.refreshed_pairs, comparing->stats.refreshed_pairs);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &converting->layers[l].matrix;
        const struct mca_matrix *y = &comparing->layers[l].matrix;
        for (int side = 0; side < 2; ++side) {
            assert_memory_equal(x->g[side], y->g[side],
                                (size_t)x->rows * x->stride * sizeof *x->g[side]);
        }
        const uint64_t *all = refreshes(converting, l);
        const uint64_t *few = refreshes(comparing, l);
        assert_int_equal(all[MCA_COMPONENT_ADC_CONVERSION], SAMPLES[l]);
        assert_int_equal(all[MCA_COMPONENT_ADC_COMPARE], 0);
        assert_int_equal(few[MCA_COMPONENT_ADC_COMPARE], SAMPLES[l]);
        assert_int_equal(few[MCA_COMPONENT_ADC_CONVERSION] % 2, 0);
        assert_true(few[MCA_COMPONENT_ADC_CONVERSION] < SAMPLES[l]);
        /* the digital unit compares what was converted, and adds what a rewrite missed to chi */
        assert_int_equal(all[MCA_COMPONENT_DPU_ADD] - all[MCA_COMPONENT_ADC_CONVERSION],
                         few[MCA_COMPONENT_DPU_ADD] - few[MCA_COMPONENT_ADC_CONVERSION]);
    }
    assert_same_work(converting, comparing);
    mca_chip_destroy(converting);
    mca_chip_destroy(comparing);
}

/* Where any difference is small enough, what is converted is what is rewritten. */
static void test_refresh_sense_converts_what_is_above(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_SENSE_COMPARE);
    config.refresh.difference_us = 1000.0;
    struct mca_chip *chip = train(&config);
    assert_true(chip->stats.refreshed_pairs > 0);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 2 * chip->stats.refreshed_pairs);
    mca_chip_destroy(chip);
    config.refresh.high_us = 1000.0; /* nothing reads above it */
    chip = train(&config);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_CONVERSION), 0);
    assert_int_equal(count_of(chip, MCA_COMPONENT_DPU_ADD), 0);
    assert_int_equal(count_of(chip, MCA_COMPONENT_ADC_COMPARE), SAMPLES[0] + SAMPLES[1]);
    mca_chip_destroy(chip);
}

/* With a map of what was programmed, as many are compared as would be converted. */
static void test_refresh_sense_goes_by_the_map(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_SENSE_CONVERT);
    config.refresh.scan = MCA_SCAN_PROGRAMMED;
    struct mca_chip *converting = train(&config);
    config.refresh.sense = MCA_SENSE_COMPARE;
    struct mca_chip *comparing = train(&config);
    assert_int_equal(count_of(comparing, MCA_COMPONENT_ADC_COMPARE),
                     count_of(converting, MCA_COMPONENT_ADC_CONVERSION));
    assert_true(count_of(comparing, MCA_COMPONENT_ADC_COMPARE) < SAMPLES[0] + SAMPLES[1]);
    assert_same_work(converting, comparing);
    mca_chip_destroy(converting);
    mca_chip_destroy(comparing);
}

/* Both samples of a pair are held, on a second capacitor of each column, where refreshes come. */
static void test_refresh_sense_holds_both_samples(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_SENSE_CONVERT);
    const uint64_t before = mca_chip_inventory(&config).sample_holds;
    config.refresh.sense = MCA_SENSE_COMPARE;
    assert_int_equal(mca_chip_inventory(&config).sample_holds, before + HIDDEN + CLASSES);
    config.refresh.every_images = 0;
    assert_int_equal(mca_chip_inventory(&config).sample_holds, before);
}

/* A comparator of each column does what its converter would, and is built where refreshes come. */
static void test_refresh_sense_by_comparators(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_SENSE_COMPARE);
    const struct mca_inventory by_converters = mca_chip_inventory(&config);
    struct mca_chip *converters = train(&config);
    config.refresh.sense = MCA_SENSE_COMPARATOR;
    struct mca_chip *comparators = train(&config);
    const struct mca_ledger a = mca_chip_ledger(converters);
    const struct mca_ledger b = mca_chip_ledger(comparators);
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(converters->stats.refreshed_pairs, comparators->stats.refreshed_pairs);
    assert_int_equal(by_converters.comparators, 0);
    assert_int_equal(mca_chip_inventory(&config).comparators, HIDDEN + CLASSES);
    assert_int_equal(mca_chip_inventory(&config).sample_holds, by_converters.sample_holds);
    config.refresh.every_images = 0;
    assert_int_equal(mca_chip_inventory(&config).comparators, 0);
    mca_chip_destroy(converters);
    mca_chip_destroy(comparators);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refresh_sense_finds_the_same_pairs),
        cmocka_unit_test(test_refresh_sense_converts_what_is_above),
        cmocka_unit_test(test_refresh_sense_goes_by_the_map),
        cmocka_unit_test(test_refresh_sense_holds_both_samples),
        cmocka_unit_test(test_refresh_sense_by_comparators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
