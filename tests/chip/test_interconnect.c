/*
 * interconnect.kind, interconnect.bits: what crosses between tiles and digital units, how long that
 * takes and how many stops it passes, by hand. Values stay, and so does everything of a chip
 * without wires.
 */
#include "chip/chip_state.h"
#include "chip/interconnect.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, CODE = 8, IMAGES = 60 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

/* Tiles of 16 x 16: 61 rows and 40 columns are 4 times 3 of them, 41 and 10 are 3 times 1. */
static struct mca_chip_config config_of(unsigned kind, uint32_t bits) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.tile.rows = 16;
    config.tile.cols = 16;
    config.refresh.every_images = 20;
    config.refresh.high_us = 4.0;
    config.interconnect.kind = kind;
    config.interconnect.bits = bits;
    return config;
}

static struct mca_chip *train(const struct mca_chip_config *config, uint32_t images) {
    struct mca_chip *chip = chip_to_train(config, 0.3, 1);
    train_images(chip, INPUTS, CLASSES, 0, images);
    return chip;
}

/* ---- crossings of one read */

static void check(struct mca_crossing got, uint64_t cycles, uint64_t bits) {
    assert_int_equal(got.cycles, cycles);
    assert_int_equal(got.bits, bits);
}

static void test_interconnect_of_a_bus(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(MCA_INTERCONNECT_BUS, 32);
    const struct mca_placement first = mca_placement_of(&config.tile, 61, 40);
    const struct mca_placement last = mca_placement_of(&config.tile, 41, 10);
    /* 488 bits, past the 3 tiles of a row; 4 tiles' codes of 40 columns */
    check(mca_crossing_out(&config, &first, 0), 16, 3 * 488);
    check(mca_crossing_back(&config, &first, 0, first.cols), 40, 1280);
    /* 80 bits, past 3 tiles of a column; 40 rows, without that of the bias */
    check(mca_crossing_out(&config, &last, 1), 3, 3 * 80);
    check(mca_crossing_back(&config, &last, 1, last.rows - 1), 10, 320);
    check(mca_crossing_scan(&config, 33, 1), 2, 33);
    assert_int_equal(mca_crossing_levels(&config, &first, 0), 0);
    assert_int_equal(mca_codes_of_sum(&config, &first, 0), 4);
    assert_int_equal(mca_stop_bits(&config, &first, 0), 12 * 2 * 32);
}

static void test_interconnect_of_a_tree(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(MCA_INTERCONNECT_TREE, 32);
    const struct mca_placement first = mca_placement_of(&config.tile, 61, 40);
    const struct mca_placement last = mca_placement_of(&config.tile, 41, 10);
    /* 3 tiles of a row: 2 levels, and 2 stops where they part */
    check(mca_crossing_out(&config, &first, 0), 16 + 2, 5 * 488);
    /* 4 tiles of a column: two sums of 9 bits, and one of 10 that arrives */
    check(mca_crossing_back(&config, &first, 0, first.cols), 13, 40 * (4 * 8 + 2 * 9 + 10));
    assert_int_equal(mca_crossing_levels(&config, &first, 0), 2);
    assert_int_equal(mca_crossing_levels(&config, &first, 1), 2);
    /* 3 tiles of a column, of which two meet first; none beside them */
    check(mca_crossing_out(&config, &last, 0), 11, 328);
    check(mca_crossing_back(&config, &last, 0, last.cols), 4, 10 * (3 * 8 + 9 + 10));
    check(mca_crossing_out(&config, &last, 1), 3 + 2, 5 * 80);
    check(mca_crossing_back(&config, &last, 1, last.rows - 1), 10, 40 * 8);
    assert_int_equal(mca_crossing_levels(&config, &last, 0), 2);
    assert_int_equal(mca_crossing_levels(&config, &last, 1), 0);
    assert_int_equal(mca_codes_of_sum(&config, &first, 0), 1);
    /* a stop of each tile, 2 for each of 4 rows, 3 for each of 3 columns */
    assert_int_equal(mca_stop_bits(&config, &first, 0), (12 + 4 * 2 + 3 * 3) * 2 * 32);
    const struct mca_placement one = mca_placement_of(&config.tile, 16, 16);
    check(mca_crossing_out(&config, &one, 0), 4, 128);
    check(mca_crossing_back(&config, &one, 0, one.cols), 4, 128);
}

/* ---- a chip */

static uint64_t forward_ps(unsigned kind, uint32_t bits) {
    const struct mca_chip_config config = config_of(kind, bits);
    struct mca_chip *chip = train(&config, 1);
    const uint64_t ps = mca_chip_ledger(chip).critical_ps[MCA_PHASE_FORWARD];
    mca_chip_destroy(chip);
    return ps;
}

/* Of the first image, forward, in cycles of 1 ns. Without wires its sums take 3 words of 16 lanes
 * for each of 4 tiles, and then one for each of 3. */
static void test_interconnect_forward_by_hand(void **state) {
    (void)state;
    const uint64_t none = forward_ps(MCA_INTERCONNECT_NONE, 32);
    /* a bus of 32 wires: loads of 61 and 41 codes, and sums of 40 cycles in place of 12 */
    assert_int_equal(forward_ps(MCA_INTERCONNECT_BUS, 32) - none, (16 + 11 + 28 + 5) * 1000);
    /* a tree: 2 levels out and 2 back, then none out and 2 back; sums of 13 cycles in place of 12,
     * and of 4 in place of 3 */
    assert_int_equal(forward_ps(MCA_INTERCONNECT_TREE, 32) - none,
                     (16 + 2 + 1 + 2 + 11 + 1 + 2) * 1000);
    /* wires for all: a cycle out, and as many words of sums as before or, of a tree, a tile's */
    assert_int_equal(forward_ps(MCA_INTERCONNECT_BUS, 4096) - none, 2 * 1000);
    assert_int_equal(none - forward_ps(MCA_INTERCONNECT_TREE, 4096),
                     (12 - 3 + 3 - 1 - (1 + 2 + 2) - (1 + 2)) * 1000);
}

static void assert_same_values(const struct mca_chip *a, const struct mca_chip *b) {
    assert_same_devices(a, b);
    assert_memory_equal(&a->stats, &b->stats, sizeof a->stats);
}

/* All counts but those of what crosses are those of a chip without wires, whose number of wires
 * says nothing. */
static void test_interconnect_counts(void **state) {
    (void)state;
    const struct mca_chip_config without = config_of(MCA_INTERCONNECT_NONE, 1);
    struct mca_chip *plain = train(&without, IMAGES);
    const struct mca_ledger before = mca_chip_ledger(plain);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        assert_int_equal(before.counts[p][MCA_COMPONENT_LINK], 0);
    }
    for (unsigned kind = MCA_INTERCONNECT_NONE; kind < MCA_INTERCONNECT_KIND_COUNT; ++kind) {
        const struct mca_chip_config config = config_of(kind, 64);
        struct mca_chip *chip = train(&config, IMAGES);
        struct mca_ledger ledger = mca_chip_ledger(chip);
        uint64_t(*const counts)[MCA_COMPONENT_COUNT] = ledger.counts;
        /* two reads forward an image; of backward ones those that had something to drive */
        const uint64_t back = counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_SAMPLE_HOLD] / 40;
        const uint64_t scanned = counts[MCA_PHASE_REFRESH][MCA_COMPONENT_SAMPLE_HOLD];
        const int is_bus = kind == MCA_INTERCONNECT_BUS;
        const uint64_t forward_bits = is_bus ? 1464 + 1280 + 328 + 3 * 80 : 2440 + 2400 + 328 + 430;
        const uint64_t back_bits = is_bus ? 240 + 320 : 400 + 320;
        const int crosses = kind != MCA_INTERCONNECT_NONE;
        assert_true(back > IMAGES && scanned > 1000);
        assert_int_equal(counts[MCA_PHASE_FORWARD][MCA_COMPONENT_LINK],
                         crosses ? IMAGES * forward_bits : 0);
        assert_int_equal(counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_LINK],
                         crosses ? back * back_bits : 0);
        assert_int_equal(counts[MCA_PHASE_REFRESH][MCA_COMPONENT_LINK],
                         crosses ? scanned * CODE : 0);
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            ledger.counts[p][MCA_COMPONENT_LINK] = 0;
        }
        assert_memory_equal(ledger.counts, before.counts, sizeof before.counts);
        assert_same_values(plain, chip);
        if (!crosses) {
            assert_memory_equal(&ledger, &before, sizeof before);
        }
        mca_chip_destroy(chip);
    }
    mca_chip_destroy(plain);
}

/* A comparison is a bit; pairs that it finds come in full. */
static void test_interconnect_of_comparisons(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_INTERCONNECT_BUS, 64);
    config.refresh.sense = MCA_SENSE_COMPARE;
    struct mca_chip *chip = train(&config, IMAGES);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t *counts = ledger.counts[MCA_PHASE_REFRESH];
    assert_true(counts[MCA_COMPONENT_ADC_CONVERSION] > 10);
    assert_int_equal(counts[MCA_COMPONENT_LINK], counts[MCA_COMPONENT_ADC_COMPARE] +
                                                     CODE * counts[MCA_COMPONENT_ADC_CONVERSION]);
    mca_chip_destroy(chip);
}

/* Comparisons wait for codes: with a wire, a refresh takes a cycle for each of their bits. */
static void test_interconnect_of_a_scan(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_INTERCONNECT_BUS, 1);
    config.refresh.high_us = 1000.0; /* nothing is rewritten */
    config.timing.adc_conversion_ps = 1000;
    struct mca_chip *chip = train(&config, 20);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t bits = ledger.counts[MCA_PHASE_REFRESH][MCA_COMPONENT_LINK];
    assert_int_equal(ledger.critical_ps[MCA_PHASE_REFRESH], bits * 1000);
    mca_chip_destroy(chip);
}

/* ---- between digital units */

/* What a layer's unit sends to others leaves as it comes about, with as many wires at a time. */
static void test_interconnect_between_units(void **state) {
    (void)state;
    uint64_t cycles[2];
    for (uint32_t i = 0; i < 2; ++i) {
        struct mca_chip_config config = config_of(MCA_INTERCONNECT_BUS, i ? 1 : 4096);
        config.dpu.units = MCA_UNITS_PER_LAYER;
        config.tile = (struct mca_tile_config){256, 256, 8.0, MCA_READ_COLUMN};
        struct mca_chip *chip = train(&config, 1);
        struct mca_work work = {0};
        const struct mca_step *step = chip->train.steps;
        while (step->vector != MCA_VECTOR_ACTIVATION || step->kind != MCA_STEP_VECTOR) {
            ++step;
        }
        mca_work_vector(chip, step, 0, &work); /* of sums that are there */
        assert_int_equal(work.counts[MCA_COMPONENT_LINK],
                         HIDDEN * chip->config.dpu.activation_bits);
        cycles[i] = work.cycles;
        mca_chip_destroy(chip);
    }
    assert_int_equal(cycles[0], 3 + MCA_VECTOR_LATENCY_CYCLES);
    assert_int_equal(cycles[1], HIDDEN * 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interconnect_of_a_bus),
        cmocka_unit_test(test_interconnect_of_a_tree),
        cmocka_unit_test(test_interconnect_forward_by_hand),
        cmocka_unit_test(test_interconnect_counts),
        cmocka_unit_test(test_interconnect_of_comparisons),
        cmocka_unit_test(test_interconnect_of_a_scan),
        cmocka_unit_test(test_interconnect_between_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
