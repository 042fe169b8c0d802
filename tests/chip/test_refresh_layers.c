/*
 * refresh.layers: layers read in turn or side by side. Times of a chip of two layers by hand, at
 * their edges as well; the digital unit compares one layer after the other; values stay.
 */
#include "chip/chip_state.h"
#include "chip/probe.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, EVERY = 8, OPERATIONS_MAX = 1 << 16 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

/* Of the fixture's chip: registers are loaded, then an array that is read every 130 ns, and the
 * last conversion. A matrix fits a tile. */
enum { LOAD_PS = 1000, ARRAY_PS = 256 * 500 + 2000, ADC_PS = 77000, CYCLE_PS = 1000, LANES = 16 };

static uint64_t reads_ps(uint64_t reads) {
    return LOAD_PS + reads * ARRAY_PS + ADC_PS;
}

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* Every device of the two layers: a row and a side a read, lanes' samples a cycle compared. */
enum {
    SAMPLES_0 = 2 * (INPUTS + 1) * HIDDEN,
    SAMPLES_1 = 2 * (HIDDEN + 1) * CLASSES,
    COMPARES_0_PS = SAMPLES_0 / LANES * CYCLE_PS,
    COMPARES_1_PS = (SAMPLES_1 / LANES + 1) * CYCLE_PS /* the last word has 4 */
};
static const uint64_t READS_PS[2] = {LOAD_PS + 2 * (INPUTS + 1) * ARRAY_PS + ADC_PS,
                                     LOAD_PS + 2 * (HIDDEN + 1) * ARRAY_PS + ADC_PS};
static const uint64_t COMPARES_PS[2] = {COMPARES_0_PS, COMPARES_1_PS};

static struct mca_chip_config config_of(unsigned layers) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = EVERY;
    config.refresh.layers = layers;
    return config;
}

/* ---- a refresh of a chip that trains */

struct seen {
    struct mca_operation is;
    struct mca_occupation at;
};

struct watch {
    struct mca_chip_probe probe;
    uint64_t before_ps; /* the unit's last end before the refresh */
    uint32_t count;
    struct seen of[OPERATIONS_MAX]; /* of the refresh */
};

static void note(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *at) {
    struct watch *watch = user;
    if (operation->phase == MCA_PHASE_REFRESH) {
        assert_true(watch->count < OPERATIONS_MAX);
        watch->of[watch->count++] = (struct seen){*operation, *at};
    } else if (operation->resource == MCA_RESOURCE_DPU) {
        watch->before_ps = at->end_ps;
    }
}

/* The nth operation of a layer on a resource; the last one with `nth` < 0. */
static const struct seen *find(const struct watch *watch, enum mca_resource resource,
                               uint32_t layer, int nth) {
    const struct seen *found = NULL;
    for (uint32_t i = 0; i < watch->count; ++i) {
        const struct seen *s = &watch->of[i];
        if (s->is.resource == resource && s->is.layer == layer) {
            found = s;
            if (nth-- == 0) {
                break;
            }
        }
    }
    assert_non_null(found);
    return found;
}

/* Rewrites of a layer are taken when it has been compared, never before; returns how many. */
static uint32_t check_rewrites(const struct watch *watch, uint32_t layer, uint64_t compared_ps) {
    uint32_t rewrites = 0;
    for (uint32_t i = 0; i < watch->count; ++i) {
        const struct seen *s = &watch->of[i];
        if (s->is.resource == MCA_RESOURCE_PROGRAM && s->is.layer == layer) {
            assert_true(s->at.queued_ps >= compared_ps && s->at.start_ps >= s->at.queued_ps);
            assert_true(rewrites > 0 || s->at.queued_ps == compared_ps);
            ++rewrites;
        }
    }
    return rewrites;
}

static void check_layer(const struct watch *watch, uint32_t layer, uint64_t begun_ps,
                        uint64_t converted_ps, uint64_t busy_ps, uint64_t ends_ps[2]) {
    const struct seen *compared = find(watch, MCA_RESOURCE_DPU, layer, 0);
    assert_ptr_equal(compared, find(watch, MCA_RESOURCE_DPU, layer, -1)); /* once */
    assert_int_equal(find(watch, MCA_RESOURCE_DAC, layer, 0)->at.start_ps, begun_ps);
    assert_int_equal(find(watch, MCA_RESOURCE_ADC, layer, -1)->at.end_ps, converted_ps);
    assert_int_equal(compared->at.busy_ps, busy_ps);
    assert_int_equal(compared->at.start_ps, ends_ps[0]);
    assert_int_equal(compared->at.end_ps, ends_ps[1]);
}

/*
 * The unit is free at S, when the last image is learnt from; T are READS_PS, C COMPARES_PS.
 *     in turn:      E0 = S + T0, E1 = E0 + T1
 *     side by side: E0 = S + T0, E1 = max(S + T1, E0 + C1)
 */
static void test_refresh_layers_by_hand(void **state) {
    static struct watch watch;
    (void)state;
    for (unsigned layers = MCA_LAYERS_IN_TURN; layers <= MCA_LAYERS_SIDE_BY_SIDE; ++layers) {
        struct mca_chip_config config = config_of(layers);
        config.transfer.epsilon_us = 500.0; /* no pulses that a read would wait for */
        config.refresh.high_us = 0.5;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        watch = (struct watch){.probe = {.user = &watch, .occupied = note}};
        mca_chip_attach(chip, &watch.probe);
        train_images(chip, INPUTS, CLASSES, 0, EVERY);
        const int is_in_turn = layers == MCA_LAYERS_IN_TURN;
        const uint64_t s = watch.before_ps;
        const uint64_t e0 = s + READS_PS[0];
        const uint64_t begun = is_in_turn ? e0 : s;
        const uint64_t e1 = later(begun + READS_PS[1], e0 + COMPARES_PS[1]);
        check_layer(&watch, 0, s, s + READS_PS[0], COMPARES_PS[0], (uint64_t[]){s, e0});
        check_layer(&watch, 1, begun, begun + READS_PS[1], COMPARES_PS[1], (uint64_t[]){e0, e1});
        assert_int_equal(e1 - s, READS_PS[0] + (is_in_turn ? READS_PS[1] : COMPARES_PS[1]));
        assert_int_equal(chip->units[0].free.ps, e1);
        assert_true(check_rewrites(&watch, 0, e0) > 0);
        assert_true(check_rewrites(&watch, 1, e1) > 0);
        mca_chip_detach(chip, &watch.probe);
        mca_chip_destroy(chip);
    }
}

/* ---- reads and comparisons alone, of a chip at rest */

struct part {
    uint64_t reads;
    uint64_t cycles;
    uint64_t settled_ps; /* the layer's last pulse ends */
};

/* When the unit has compared each of two layers. */
static void time_parts(unsigned layers, const struct part of[2], uint64_t ends_ps[2]) {
    const struct mca_chip_config config = config_of(layers);
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    mca__time_scan(chip);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_work work = {.reads = of[l].reads, .cycles = of[l].cycles};
        mca_moment_pass_to(&chip->layers[l].settled, MCA_PHASE_TRANSFER, of[l].settled_ps);
        const uint64_t cycle = mca__time_refresh(chip, mca_program_refresh(&chip->train, l), &work);
        ends_ps[l] = chip->units[0].free.ps;
        assert_int_equal(cycle * CYCLE_PS, ends_ps[l]);
        assert_int_equal(chip->layers[l].settled.ps, ends_ps[l]);
    }
    uint64_t path_ps = 0;
    for (int p = 0; p < MCA_PATH_PHASES; ++p) {
        path_ps += chip->units[0].free.phase_ps[p];
    }
    assert_int_equal(path_ps, ends_ps[1]);
    mca_chip_destroy(chip);
}

static void check_ends(unsigned layers, const struct part of[2], uint64_t first, uint64_t second) {
    uint64_t ends_ps[2];
    time_parts(layers, of, ends_ps);
    assert_int_equal(ends_ps[0], first);
    assert_int_equal(ends_ps[1], second);
}

/* Layer 1 has one read more, which ends 130 cycles after the unit is done with layer 0: whichever
 * is later, its conversions or as many cycles of the unit, ends its comparison, at an edge. */
static void test_refresh_layers_side_by_side_at_the_edge(void **state) {
    (void)state;
    const uint64_t first = reads_ps(10);
    const uint64_t second = reads_ps(11);
    assert_int_equal(second - first, 130 * CYCLE_PS);
    const struct {
        uint64_t cycles;
        uint64_t settled_ps;
        uint64_t end_ps;
    } cases[] = {
        {129, 0, second}, /* the unit waits for the last conversion ... */
        {130, 0, second},
        {131, 0, second + CYCLE_PS}, /* ... or the codes for the unit */
        {129, LOAD_PS, second},      /* pulses end as the registers are loaded */
        {129, LOAD_PS + 1, second + CYCLE_PS},
        {131, LOAD_PS + 1, second + CYCLE_PS},
        {131, LOAD_PS + CYCLE_PS, second + CYCLE_PS},
        {131, LOAD_PS + CYCLE_PS + 1, second + 2 * CYCLE_PS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct part of[2] = {{10, 5, 0}, {11, cases[i].cycles, cases[i].settled_ps}};
        check_ends(MCA_LAYERS_SIDE_BY_SIDE, of, first, cases[i].end_ps);
    }
}

/* The first layer's comparisons can be what the second one's wait for, and a layer can have
 * nothing to read: it takes no time, and stands in nobody's way. */
static void test_refresh_layers_wait_for_the_unit(void **state) {
    (void)state;
    const uint64_t busy = 5000 * CYCLE_PS;
    check_ends(MCA_LAYERS_SIDE_BY_SIDE, (struct part[]){{10, 5000, 0}, {10, 7, 0}}, busy,
               busy + 7 * CYCLE_PS);
    check_ends(MCA_LAYERS_IN_TURN, (struct part[]){{10, 5000, 0}, {10, 7, 0}}, busy,
               busy + reads_ps(10));
    check_ends(MCA_LAYERS_SIDE_BY_SIDE, (struct part[]){{0, 0, 0}, {10, 7, 0}}, 0, reads_ps(10));
    check_ends(MCA_LAYERS_SIDE_BY_SIDE, (struct part[]){{10, 5, 0}, {0, 0, 0}}, reads_ps(10),
               reads_ps(10));
}

/* Reads before the tests of an age, and those when it was programmed, go as a refresh does, from
 * rest, whatever the training did. */
static void test_refresh_layers_of_reference_reads(void **state) {
    (void)state;
    for (unsigned layers = MCA_LAYERS_IN_TURN; layers <= MCA_LAYERS_SIDE_BY_SIDE; ++layers) {
        struct mca_chip_config config = config_of(layers);
        config.dpu.drift_compensation = MCA_COMPENSATION_GLOBAL;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        train_images(chip, INPUTS, CLASSES, 0, EVERY);
        const uint64_t trained_ps = mca_chip_time_ps(chip);
        struct mca_error error;
        const struct mca_ageing ageing = {1e6, 1};
        assert_int_equal(mca_chip_age(chip, &ageing, &error), MCA_OK);
        const uint64_t each =
            READS_PS[0] + (layers == MCA_LAYERS_IN_TURN ? READS_PS[1] : COMPARES_PS[1]);
        assert_int_equal(mca_chip_ledger(chip).critical_ps[MCA_PHASE_TEST], 2 * each);
        assert_int_equal(mca_chip_time_ps(chip), trained_ps);
        mca_chip_end_ageing(chip);
        mca_chip_destroy(chip);
    }
}

/* ---- training */

/* Values stay, and so do the busy times of all units; the time between them goes. */
static void test_refresh_layers_do_not_change_values(void **state) {
    (void)state;
    for (uint32_t batch = 1; batch <= 3; batch += 2) {
        struct mca_chip *chips[2];
        for (unsigned layers = MCA_LAYERS_IN_TURN; layers <= MCA_LAYERS_SIDE_BY_SIDE; ++layers) {
            struct mca_chip_config config = config_of(layers);
            config.refresh.high_us = 4.0;
            chips[layers] = chip_to_train(&config, 0.3, batch);
            train_images(chips[layers], INPUTS, CLASSES, 0, 300);
        }
        const struct mca_ledger in_turn = mca_chip_ledger(chips[0]);
        const struct mca_ledger beside = mca_chip_ledger(chips[1]);
        assert_true(chips[0]->stats.refreshed_pairs > 20);
        assert_memory_equal(&chips[0]->stats, &chips[1]->stats, sizeof chips[0]->stats);
        assert_memory_equal(in_turn.counts, beside.counts, sizeof in_turn.counts);
        assert_memory_equal(in_turn.busy_ps, beside.busy_ps, sizeof in_turn.busy_ps);
        assert_same_devices(chips[0], chips[1]);
        uint64_t critical_ps = 0;
        for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
            critical_ps += beside.critical_ps[p];
        }
        assert_int_equal(critical_ps, mca_chip_time_ps(chips[1]));
        assert_true(beside.critical_ps[MCA_PHASE_REFRESH] < in_turn.critical_ps[MCA_PHASE_REFRESH]);
        assert_true(mca_chip_time_ps(chips[1]) < mca_chip_time_ps(chips[0]));
        mca_chip_destroy(chips[0]);
        mca_chip_destroy(chips[1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refresh_layers_by_hand),
        cmocka_unit_test(test_refresh_layers_side_by_side_at_the_edge),
        cmocka_unit_test(test_refresh_layers_wait_for_the_unit),
        cmocka_unit_test(test_refresh_layers_of_reference_reads),
        cmocka_unit_test(test_refresh_layers_do_not_change_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
