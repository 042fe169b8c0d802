/*
 * Shares of phases: what a phase is charged is its time on the critical path. Each phase's
 * durations are scaled alone.
 */
#include "mca_fixture.h"
#include "mca_test.h"
#include "path_walk.h"
#include "phase_scale.h"

struct shares {
    uint64_t total_ps;
    uint64_t phase_ps[MCA_PHASE_COUNT];
    uint64_t walk_ps[MCA_PHASE_COUNT];
};

/* A chip and what it is trained on. */
struct plan {
    struct mca_chip_config config;
    uint32_t batch;
    uint32_t images;
    int is_apart; /* each image's work ends before the next one's begins */
};

static void train(const struct plan *plan, struct shares *shares) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, &plan->config, &error), MCA_OK);
    struct path_walk *walk = path_walk_begin(chip);
    const uint32_t inputs = plan->config.network.input.channels;
    mca_chip_set_rate(chip, 0.3, plan->batch);
    for (uint32_t i = 0; i < plan->images; ++i) {
        uint8_t pixels[60];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(inputs, 10, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        if (plan->is_apart || (i + 1) % plan->batch == 0) {
            path_walk_batch_ends(walk);
        }
        if (plan->is_apart) {
            mca_chip_end_batch(chip);
            mca_chip_set_rate(chip, 0.3, plan->batch);
        }
    }
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    uint64_t sum_ps = 0;
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum_ps += ledger.critical_ps[p];
    }
    shares->total_ps = mca_chip_time_ps(chip);
    assert_int_equal(sum_ps, shares->total_ps);
    assert_int_equal(ledger.critical_ps[MCA_PHASE_INIT], mca_chip_init_time_ps(chip));
    memcpy(shares->phase_ps, ledger.critical_ps, sizeof shares->phase_ps);
    path_walk_shares(walk, shares->walk_ps);
    path_walk_end(walk);
    mca_chip_destroy(chip);
}

/* With a phase's durations times `scale`. */
static void train_scaled(struct plan plan, enum mca_phase phase, uint64_t scale,
                         struct shares *shares) {
    phase_scale[phase] = scale;
    if (phase == MCA_PHASE_FORWARD) {
        plan.config.timing.image_load_ps_per_byte *= scale;
    }
    train(&plan, shares);
    phase_scale[phase] = PHASE_SCALE_NONE;
}

static const char *const PLANS[] = {"batch 1", "batch 8", "apart"};

static void show(const char *plan, uint32_t layers, enum mca_phase phase, const struct shares *one,
                 const struct shares *none, const struct shares *twice) {
    print_message("%s, %u layers, %s: free %.1f, single %.1f, double %.1f ns of %.1f, %.1f, %.1f\n",
                  plan, layers, mca_phase_name(phase), 1e-3 * (double)none->phase_ps[phase],
                  1e-3 * (double)one->phase_ps[phase], 1e-3 * (double)twice->phase_ps[phase],
                  1e-3 * (double)none->total_ps, 1e-3 * (double)one->total_ps,
                  1e-3 * (double)twice->total_ps);
}

static void assert_walk(const struct shares *s) {
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        assert_int_equal(s->phase_ps[p], s->walk_ps[p]);
    }
}

static const struct mca_u32_list WIDTHS[] = {
    {2, {60, 10}}, {3, {60, 40, 10}}, {4, {60, 40, 30, 10}}};

static struct plan plan_of(uint32_t layers, uint32_t batch, uint32_t images) {
    struct plan plan = {mca_fixture_chip(&WIDTHS[layers - 1]), batch, images, 0};
    plan.config.refresh.every_images = 16;
    plan.config.refresh.high_us = 4.0;
    return plan;
}

static int has_phase(uint32_t layers, enum mca_phase phase) {
    return layers > 1 || phase != MCA_PHASE_BACKWARD;
}

static void check_apart(uint32_t layers, const struct plan *plan, enum mca_phase missing) {
    struct shares one;
    train(plan, &one);
    assert_walk(&one);
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        struct shares none;
        struct shares twice;
        train_scaled(*plan, p, 0, &none);
        train_scaled(*plan, p, 2, &twice);
        show(PLANS[2], layers, p, &one, &none, &twice);
        assert_true(one.phase_ps[p] > 0 || p == missing || !has_phase(layers, p));
        for (enum mca_phase q = MCA_PHASE_FORWARD; q <= MCA_PHASE_REFRESH; ++q) {
            assert_int_equal(none.phase_ps[q], q == p ? 0 : one.phase_ps[q]);
            assert_int_equal(twice.phase_ps[q], q == p ? 2 * one.phase_ps[q] : one.phase_ps[q]);
        }
    }
}

/* Where nothing overlaps, a phase takes what it takes, and the others do not notice. */
static void test_shares_apart_scale_alone(void **state) {
    (void)state;
    for (uint32_t layers = 1; layers <= 2; ++layers) {
        struct plan plan = plan_of(layers, 2, 64); /* pulses wait for the end of the mini-batch */
        plan.is_apart = 1;
        check_apart(layers, &plan, MCA_PHASE_REFRESH);
        plan = plan_of(layers, 1, 64);
        plan.config.transfer.epsilon_us = 500.0; /* no pulses that an update hides */
        plan.config.refresh.every_images = 3;
        plan.config.refresh.high_us = 0.5;
        plan.is_apart = 1;
        check_apart(layers, &plan, MCA_PHASE_TRANSFER);
    }
}

/* Anywhere: free, a phase's share is zero, no total grows, and the others grow by at most what was
 * hidden behind it. The shares are those of the path back from the end. */
static void check_anywhere(const char *name, uint32_t layers, const struct plan *plan) {
    struct shares one;
    train(plan, &one);
    assert_walk(&one);
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        struct shares none;
        struct shares twice;
        train_scaled(*plan, p, 0, &none);
        train_scaled(*plan, p, 2, &twice);
        show(name, layers, p, &one, &none, &twice);
        assert_int_equal(none.phase_ps[p], 0);
        assert_true(none.total_ps <= one.total_ps && one.total_ps <= twice.total_ps);
        assert_true(none.total_ps >= one.total_ps - one.phase_ps[p]);
        if (p != MCA_PHASE_TRANSFER) { /* whose cycles in queues stay what they are */
            assert_true(twice.total_ps >= one.total_ps + one.phase_ps[p]);
        }
        assert_walk(&none);
        if (p != MCA_PHASE_UPDATE) {
            assert_walk(&twice);
        }
    }
}

static void test_shares_of_overlapping_phases(void **state) {
    (void)state;
    for (uint32_t layers = 1; layers <= 3; ++layers) {
        const struct plan one = plan_of(layers, 1, 96);
        const struct plan eight = plan_of(layers, 8, 96);
        check_anywhere(PLANS[0], layers, &one);
        check_anywhere(PLANS[1], layers, &eight);
    }
}

/* A refresh reads all layers at the same time. */
static void test_shares_of_layers_side_by_side(void **state) {
    (void)state;
    for (uint32_t layers = 2; layers <= 3; ++layers) {
        for (uint32_t batch = 1; batch <= 8; batch += 7) {
            struct plan plan = plan_of(layers, batch, 96);
            plan.config.refresh.layers = MCA_LAYERS_SIDE_BY_SIDE;
            plan.config.dpu.lanes = layers == 2 ? 16 : 1; /* conversions decide, or comparisons */
            check_anywhere("side by side", layers, &plan);
        }
    }
}

static void test_shares_under_contention(void **state) {
    (void)state;
    struct plan plan = plan_of(2, 1, 96);
    plan.config.chi.ports = 1;
    check_anywhere("one port", 2, &plan);
    plan = plan_of(2, 1, 48);
    plan.config.transfer.epsilon_us = 0.1;
    plan.config.transfer.fifo_depth = 1;
    check_anywhere("full queues", 2, &plan);
    plan.config.timing.set_pulse_ps = 400000;
    plan.config.transfer.fifo_depth = 3;
    check_anywhere("slow pulses", 2, &plan);
}

/* An update goes on while its pulses run: they are charged what outlasts it. */
static void test_shares_of_an_update_are_not_its_pulses(void **state) {
    (void)state;
    struct plan plan = plan_of(2, 1, 96);
    plan.config.refresh.every_images = 0;
    plan.config.timing.set_pulse_ps = 1;
    struct shares fast;
    train(&plan, &fast);
    assert_true(fast.phase_ps[MCA_PHASE_TRANSFER] <= 96 * 3);
    plan.config.timing.set_pulse_ps = 60000;
    struct shares two;
    train(&plan, &two);
    plan.config.chi.ports = 1;
    struct shares one;
    train(&plan, &one);
    assert_true(one.phase_ps[MCA_PHASE_UPDATE] > two.phase_ps[MCA_PHASE_UPDATE]);
    assert_true(one.phase_ps[MCA_PHASE_TRANSFER] <= two.phase_ps[MCA_PHASE_TRANSFER]);
}

/* Number `of` of what is drawn for a chip, below `count`. */
static uint32_t drawn(uint32_t chip, uint32_t of, uint32_t count) {
    uint32_t words[4];
    mca_rng_words(mca_rng_stream(9, MCA_RNG_SYNTHETIC), chip, of, 0, words);
    return words[0] % count;
}

/* Chips whose queues, drivers, pulses and clocks were drawn, in short cycles, so that many things
 * end at the same time: the path to the end is the one that is found back from it. */
static void test_shares_of_random_chips(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 100; ++i) {
        struct plan plan = plan_of(1 + drawn(i, 0, 2), 1 + drawn(i, 1, 3), 18);
        struct mca_chip_config *c = &plan.config;
        c->seed = i;
        c->transfer.epsilon_us = 0.02 + 0.02 * drawn(i, 2, 16);
        c->transfer.fifo_depth = 1 + drawn(i, 3, 4);
        c->timing.set_pulse_ps = 500 * (1 + drawn(i, 5, 40));
        c->dpu.lanes = 4u << drawn(i, 8, 3);
        c->refresh.every_images = drawn(i, 9, 2) ? 6 : 0;
        c->refresh.high_us = 4.0;
        c->tile.rows = c->tile.cols = drawn(i, 10, 2) ? 16 : 256;
        struct shares shares;
        train(&plan, &shares);
        assert_walk(&shares);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_apart_scale_alone),
        cmocka_unit_test(test_shares_of_overlapping_phases),
        cmocka_unit_test(test_shares_of_layers_side_by_side),
        cmocka_unit_test(test_shares_under_contention),
        cmocka_unit_test(test_shares_of_an_update_are_not_its_pulses),
        cmocka_unit_test(test_shares_of_random_chips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
