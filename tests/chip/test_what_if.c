/*
 * What-if: the time that is predicted for a chip whose resource is free is, to the picosecond, that
 * of a run of its own whose keys make the resource free. Random networks on random chips, trained
 * and tested; and the reference chip's network.
 */
#include "mca_test.h"

#include "chip/chip.h"
#include "chip/trained_chip.h"
#include "mca_fixture.h"
#include "network/random_config.h"
#include "network/random_scenario.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "train/calibration.h"
#include "train/trainer.h"

enum { SCENARIOS = 60, IMAGES_MAX = 30, TESTS = 7 };

/* How a user makes a resource free. */
static const char *const FREE[MCA_RESOURCE_COUNT][2] = {
    [MCA_RESOURCE_IMAGE_PORT] = {"timing.image_load_ps_per_byte=0", NULL},
    [MCA_RESOURCE_DAC] = {"timing.dac_load_ps=0", NULL},
    [MCA_RESOURCE_TILE] = {"timing.read_ps_per_level=0", "timing.read_settle_ps=0"},
    [MCA_RESOURCE_ADC] = {"timing.adc_conversion_ps=0", NULL},
    [MCA_RESOURCE_DPU] = {"timing.free_dpu=true", NULL},
    [MCA_RESOURCE_CHI] = {"chi.access_cycles=0", NULL},
    [MCA_RESOURCE_PROGRAM] = {"timing.set_pulse_ps=0", "timing.reset_pulse_ps=0"}};

/* One of each row. */
static random_choice CHOICES[] = {
    {"dac.drive=two-phase", "dac.drive=bipolar", "dac.bits=6", "dac.share=4"},
    {"adc.bits=8", "adc.bits=5", "adc.share=8", "adc.bits=0"},
    {"dpu.lanes=16", "dpu.lanes=8", "dpu.lanes=4", "dpu.lanes=1"},
    {"dpu.clock_hz=1000000000", "dpu.clock_hz=1000000000", "dpu.clock_hz=300000000",
     "dpu.clock_hz=7000000"},
    {"chi.access_cycles=1", "chi.access_cycles=3", "chi.access_cycles=20", "chi.access_cycles=7"},
    {"transfer.epsilon_us=0.77", "transfer.epsilon_us=0.1", "transfer.epsilon_us=0.05",
     "transfer.epsilon_us=0.1"},
    {"transfer.fifo_depth=16", "transfer.fifo_depth=2", "transfer.fifo_depth=1",
     "transfer.drivers=3"},
    {"timing.adc_conversion_ps=77000", "timing.adc_conversion_ps=500000", "timing.set_pulse_ps=900",
     "timing.read_settle_ps=40000"},
    {"timing.dac_load_ps=1000", "timing.dac_load_ps=200000", "timing.image_load_ps_per_byte=30000",
     "timing.free_dpu=true"},
};

struct experiment {
    uint64_t seed;
    uint64_t sequence;
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
    struct mca_dataset data;
};

/* What a run takes, and what it learns. */
struct times {
    uint64_t train_ps;
    uint64_t test_ps;
    double loss;
    uint64_t hash_of_ends; /* of the epochs' accuracies */
    uint64_t free_ps[MCA_RESOURCE_COUNT];
    uint64_t free_test_ps[MCA_RESOURCE_COUNT];
};

static uint32_t draw(struct experiment *e, uint32_t count) {
    return random_below(&e->sequence, count);
}

static void set(struct experiment *e, const char *key) {
    struct mca_error error;
    if (mca_scenario_set(&e->scenario, &e->origins, key, "test", &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

static void prepare(struct experiment *e) {
    struct mca_error error;
    random_scenario(e->seed, &e->sequence, CHOICES, sizeof CHOICES / sizeof CHOICES[0],
                    &e->scenario, &e->origins);
    e->data.name = "random";
    e->data.inputs = (uint32_t)mca_shape_values(&e->scenario.chip.network.input);
    e->data.classes = mca_network_config_outputs(&e->scenario.chip.network);
    random_images(&e->scenario, &e->sequence, 2 + draw(e, IMAGES_MAX), &e->data.train);
    random_images(&e->scenario, &e->sequence, TESTS, &e->data.test);
    assert_int_equal(
        mca_calibrate(&e->scenario.chip, &e->scenario.calibration, &e->data.train, NULL, &error),
        MCA_OK);
}

static void clean(struct experiment *e) {
    free(e->data.train.pixels);
    free(e->data.train.labels);
    free(e->data.test.pixels);
    free(e->data.test.labels);
}

static struct times run(const struct experiment *e) {
    struct times times = {0};
    struct mca_error error = {""};
    struct mca_chip *chip;
    struct mca_train_result result;
    assert_int_equal(mca_chip_create(&chip, &e->scenario.chip, &error), MCA_OK);
    const struct mca_training training = {
        .chip = chip, .config = &e->scenario.train, .data = &e->data, .threads = 1};
    if (mca_train(&training, &result, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    times.train_ps = mca_chip_time_ps(chip);
    times.test_ps = mca_chip_ledger(chip).critical_ps[MCA_PHASE_TEST];
    times.loss = result.epochs[result.epoch_count - 1].train_loss;
    times.hash_of_ends = result.set_pulses * 31 + result.refreshed_pairs;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        times.free_ps[r] = mca_chip_what_if_ps(chip, (enum mca_resource)r);
        times.free_test_ps[r] = mca_chip_what_if_test_ps(chip, (enum mca_resource)r);
    }
    mca_train_result_deinit(&result);
    mca_chip_destroy(chip);
    return times;
}

static struct times run_with(const struct experiment *e, const char *first, const char *second) {
    static struct experiment other;
    other = *e;
    set(&other, first);
    if (second) {
        set(&other, second);
    }
    const struct mca_chip_config set_so = other.scenario.chip;
    other.scenario = e->scenario; /* whose network was not set by keys */
    other.scenario.chip.timing = set_so.timing;
    other.scenario.chip.chi = set_so.chi;
    return run(&other);
}

static uint32_t check_free(const struct experiment *e, const struct times *base,
                           const struct times *asked) {
    uint32_t gains = 0;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        const struct times made = run_with(e, FREE[r][0], FREE[r][1]);
        assert_true(made.loss == base->loss && made.hash_of_ends == base->hash_of_ends);
        if (made.train_ps != asked->free_ps[r] || made.test_ps != asked->free_test_ps[r]) {
            fail_msg("scenario %llu, %s: %llu and %llu ps, predicted %llu and %llu",
                     (unsigned long long)e->seed, mca_resource_name((enum mca_resource)r),
                     (unsigned long long)made.train_ps, (unsigned long long)made.test_ps,
                     (unsigned long long)asked->free_ps[r],
                     (unsigned long long)asked->free_test_ps[r]);
        }
        gains += made.train_ps < base->train_ps;
    }
    return gains;
}

/* Asking moves nothing, and what is predicted comes. */
static void test_what_if_is_what_a_free_resource_gives(void **state) {
    static struct experiment e;
    uint32_t gains = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SCENARIOS; ++seed) {
        e = (struct experiment){.seed = seed, .sequence = seed};
        prepare(&e);
        const struct times base = run(&e);
        const struct times asked = run_with(&e, "timing.what_if=true", NULL);
        assert_int_equal(asked.train_ps, base.train_ps);
        assert_int_equal(asked.test_ps, base.test_ps);
        assert_true(asked.loss == base.loss);
        assert_int_equal(base.free_ps[MCA_RESOURCE_ADC], 0);
        gains += check_free(&e, &base, &asked);
        clean(&e);
    }
    print_message("%u of %u free resources gain time\n", gains, SCENARIOS * MCA_RESOURCE_COUNT);
    assert_true(gains > SCENARIOS);
}

static uint64_t train_through(const struct mca_chip_config *config, uint32_t batch,
                              uint64_t free_ps[MCA_RESOURCE_COUNT]) {
    struct mca_chip *chip = chip_to_train(config, 0.1, batch);
    train_images(chip, 30, 4, 0, 12);
    for (int r = 0; free_ps && r < MCA_RESOURCE_COUNT; ++r) {
        free_ps[r] = mca_chip_what_if_ps(chip, (enum mca_resource)r);
    }
    const uint64_t time_ps = mca_chip_time_ps(chip);
    mca_chip_destroy(chip);
    return time_ps;
}

/* Where weights are written through there are no commands, and sums of mini-batches. */
static void test_what_if_of_weights_written_through(void **state) {
    static const struct mca_u32_list widths = {3, {30, 20, 4}};
    (void)state;
    for (uint32_t batch = 1; batch <= 3; ++batch) {
        uint64_t free_ps[MCA_RESOURCE_COUNT];
        struct mca_chip_config config = mca_fixture_float(&widths);
        config.chi.access_cycles = 3;
        config.timing.what_if = 1;
        (void)train_through(&config, batch, free_ps);
        config.timing.what_if = 0;
        config.chi.access_cycles = 0;
        assert_int_equal(train_through(&config, batch, NULL), free_ps[MCA_RESOURCE_CHI]);
        config.chi.access_cycles = 3;
        config.timing.free_dpu = 1;
        assert_int_equal(train_through(&config, batch, NULL), free_ps[MCA_RESOURCE_DPU]);
    }
}

/* Nothing of a digital unit that is free shows on the timeline; chi's accesses do. */
static void test_what_if_free_digital_unit_by_hand(void **state) {
    static const struct mca_u32_list widths = {2, {30, 4}};
    struct mca_error error;
    struct mca_chip *chip;
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&widths);
    uint8_t pixels[30];
    struct mca_image_outcome outcome;
    config.timing.free_dpu = 1;
    config.chi.access_cycles = 3;
    config.transfer.epsilon_us = 500.0; /* no pulses */
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    const uint32_t label = mca_fixture_image(30, 4, 0, pixels);
    assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    uint64_t words = 1; /* of the bias; a word of lanes holds a row */
    for (int i = 0; i < 30; ++i) {
        words += pixels[i] > 0;
    }
    const uint64_t cycle_ps = 1000000000000u / config.dpu.clock_hz;
    assert_int_equal(ledger.critical_ps[MCA_PHASE_ERROR], 0);
    assert_int_equal(ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU], 0);
    assert_int_equal(ledger.busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU],
                     (words * 3 + 3) * cycle_ps); /* the last word's access fills the pipeline */
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_if_is_what_a_free_resource_gives),
        cmocka_unit_test(test_what_if_of_weights_written_through),
        cmocka_unit_test(test_what_if_free_digital_unit_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
