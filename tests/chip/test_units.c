/*
 * dpu.units: one digital unit for all layers, or one for each. Times of a chip of two layers by hand,
 * in training, in tests and in a refresh; what is built; what goes from unit to unit. Values stay.
 */
#include "chip/chip_state.h"
#include "chip/probe.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, LANES = 16, SEEN_MAX = 1 << 12 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

/* Of the fixture's chip: registers are loaded, an array is read, and its samples converted. */
enum { LOAD_PS = 1000, ARRAY_PS = 256 * 500 + 2000, ADC_PS = 77000, CYCLE_PS = 1000 };
enum { IMAGE_PS = INPUTS * 100 };
/* Activations of each layer: words of sums, words of values, and the way through the unit. */
enum {
    LATENCY = 6,
    FORWARD_0_PS = (3 + 3 + LATENCY) * 1000,
    FORWARD_1_PS = (1 + 1 + LATENCY) * 1000
};

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static struct mca_chip_config config_of(unsigned units) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 500.0; /* no pulses that a read would wait for */
    config.refresh.every_images = 0;
    config.dpu.units = units;
    return config;
}

/* ---- the operations of digital units */

struct seen {
    const struct mca_step *step;
    uint64_t start;
    uint64_t end;
};

struct watch {
    struct mca_chip_probe probe;
    uint32_t count;
    struct seen of[SEEN_MAX];
};

static void note(void *user, const struct mca_dpu_operation *operation) {
    struct watch *watch = user;
    assert_true(watch->count < SEEN_MAX);
    watch->of[watch->count++] = (struct seen){operation->step, operation->start_cycle,
                                              operation->start_cycle + operation->cycles};
}

static void train_watched(const struct mca_chip_config *config, uint32_t batch, uint32_t images,
                          struct watch *watch) {
    struct mca_chip *chip = chip_to_train(config, 0.3, batch);
    *watch = (struct watch){.probe = {.user = watch, .operation = note}};
    mca_chip_attach(chip, &watch->probe);
    train_images(chip, INPUTS, CLASSES, 0, images);
    mca_chip_detach(chip, &watch->probe);
    /* of the steps nothing but their kinds is looked at, which lie in the chip */
    for (uint32_t i = 0; i < watch->count; ++i) {
        static struct mca_step kept[SEEN_MAX];
        kept[i] = *watch->of[i].step;
        watch->of[i].step = &kept[i];
    }
    mca_chip_destroy(chip);
}

/* An image's operations, in the order of the program. */
enum { FORWARD_0, FORWARD_1, OUTPUT_ERROR, ERROR_0, UPDATE_1, UPDATE_0, OPERATIONS };

/* All but the updates wait for what came before them; an update of the last layer needs nothing but
 * its unit, while errors go back; that of the first begins when its errors stand. */
static void test_units_update_while_errors_go_back(void **state) {
    static struct watch shared;
    static struct watch own;
    (void)state;
    const struct mca_chip_config one = config_of(MCA_UNITS_SHARED);
    const struct mca_chip_config two = config_of(MCA_UNITS_PER_LAYER);
    train_watched(&one, 1, 1, &shared);
    train_watched(&two, 1, 1, &own);
    assert_int_equal(shared.count, OPERATIONS);
    assert_int_equal(own.count, OPERATIONS);
    for (int i = 0; i < OPERATIONS; ++i) {
        assert_int_equal(own.of[i].end - own.of[i].start, shared.of[i].end - shared.of[i].start);
        if (i < UPDATE_1) {
            assert_int_equal(own.of[i].start, shared.of[i].start);
        }
    }
    assert_int_equal(own.of[UPDATE_1].step->kind, MCA_STEP_UPDATE);
    assert_int_equal(own.of[UPDATE_1].step->layer, 1);
    assert_int_equal(shared.of[UPDATE_1].start, shared.of[ERROR_0].end);
    assert_int_equal(own.of[UPDATE_1].start, own.of[OUTPUT_ERROR].end);
    assert_int_equal(shared.of[UPDATE_0].start, shared.of[UPDATE_1].end);
    assert_int_equal(own.of[UPDATE_0].start, own.of[ERROR_0].end);
    assert_true(own.of[UPDATE_1].end < own.of[ERROR_0].start);
}

/* ---- tests of many images: by a recurrence over when each part is free */

struct layer_times {
    uint64_t driven, sampled, converted;
};

static void read_layer(struct layer_times *layer, uint64_t ready) {
    const uint64_t begin = later(later(ready, layer->driven) + LOAD_PS, layer->sampled);
    layer->driven = begin + 256 * 500;
    layer->sampled = later(begin + ARRAY_PS, layer->converted);
    layer->converted = layer->sampled + ADC_PS;
}

static uint64_t test_by_hand(uint32_t images, int has_own) {
    struct layer_times layers[2] = {{0, 0, 0}, {0, 0, 0}};
    uint64_t units[2] = {0, 0}; /* free */
    uint64_t loaded = 0;
    uint64_t ends[2] = {0, 0}; /* of the image before last, and the last */
    for (uint32_t i = 0; i < images; ++i) {
        loaded = later(later(layers[0].sampled, loaded), ends[0]) + IMAGE_PS;
        read_layer(&layers[0], loaded);
        units[0] = later(layers[0].converted, units[0]) + FORWARD_0_PS;
        read_layer(&layers[1], units[0]);
        uint64_t *unit = &units[has_own ? 1 : 0];
        *unit = later(layers[1].converted, *unit) + FORWARD_1_PS;
        ends[0] = ends[1];
        ends[1] = *unit;
    }
    return ends[1];
}

static void test_units_work_on_two_images_of_a_test(void **state) {
    static const uint32_t counts[] = {1, 2, 3, 100};
    uint8_t pixels[100 * INPUTS];
    uint16_t predicted[100];
    uint64_t times_ps[2];
    struct mca_error error;
    (void)state;
    for (uint32_t i = 0; i < 100; ++i) {
        (void)mca_fixture_image(INPUTS, CLASSES, i, pixels + (size_t)i * INPUTS);
    }
    for (unsigned units = MCA_UNITS_SHARED; units <= MCA_UNITS_PER_LAYER; ++units) {
        for (int k = 0; k < 4; ++k) {
            const struct mca_chip_config config = config_of(units);
            struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
            assert_int_equal(mca_chip_infer(chip, pixels, counts[k], 0, 1, predicted, &error),
                             MCA_OK);
            times_ps[units] = mca_chip_ledger(chip).critical_ps[MCA_PHASE_TEST];
            assert_int_equal(times_ps[units],
                             test_by_hand(counts[k], units == MCA_UNITS_PER_LAYER));
            mca_chip_destroy(chip);
        }
    }
    assert_true(times_ps[MCA_UNITS_PER_LAYER] < times_ps[MCA_UNITS_SHARED]);
}

/* ---- a refresh */

static uint64_t refresh_ps(uint32_t rows) {
    return LOAD_PS + 2 * (uint64_t)(rows + 1) * ARRAY_PS + ADC_PS;
}

/* Reads begin when the image is learnt from in all layers. Side by side a layer's unit compares
 * without waiting for the other's; in turn nothing is won. */
static void test_units_compare_side_by_side(void **state) {
    (void)state;
    for (unsigned layers = MCA_LAYERS_IN_TURN; layers <= MCA_LAYERS_SIDE_BY_SIDE; ++layers) {
        struct mca_chip_config config = config_of(MCA_UNITS_PER_LAYER);
        config.refresh.layers = layers;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        train_images(chip, INPUTS, CLASSES, 0, 1);
        const uint64_t begun = later(chip->units[0].free.ps, chip->units[1].free.ps);
        assert_true(chip->units[1].free.ps < begun);
        mca__time_scan(chip);
        for (uint32_t l = 0; l < 2; ++l) {
            const struct mca_step *step = mca_program_refresh(&chip->train, l);
            struct mca_work work = {0};
            mca_work_refresh(chip, step, &work);
            (void)mca__time_refresh(chip, step, &work);
        }
        const uint64_t first = begun + refresh_ps(INPUTS);
        const uint64_t second_begun = layers == MCA_LAYERS_IN_TURN ? first : begun;
        assert_int_equal(chip->units[0].free.ps, first);
        assert_int_equal(chip->units[1].free.ps, second_begun + refresh_ps(HIDDEN));
        mca_chip_destroy(chip);
    }
}

/* The pulses of a mini-batch go when all units are done with it. */
static void test_units_end_a_batch_together(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_LAYER);
    struct mca_chip *chip = chip_to_train(&config, 0.3, 2);
    train_images(chip, INPUTS, CLASSES, 0, 2);
    const uint64_t over = later(chip->units[0].free.ps, chip->units[1].free.ps);
    assert_int_not_equal(chip->units[0].free.ps, chip->units[1].free.ps);
    assert_int_equal(chip->layers[0].settled.ps, over);
    assert_int_equal(chip->layers[1].settled.ps, over);
    mca_chip_destroy(chip);
}

/* ---- what is built */

static struct mca_network_config pooled(void) {
    const struct mca_layer_config conv = {.type = MCA_LAYER_CONV2D,
                                          .activation = MCA_ACTIVATION_RELU,
                                          .units = 2,
                                          .kernel = 3,
                                          .stride = 1,
                                          .unit_weight_us = 16.0,
                                          .adc_forward_range = 8.0,
                                          .adc_backward_range = 2.0};
    struct mca_network_config network = {.input = {2, 5, 5}, .layer_count = 3, .init_gain = 1.0};
    network.layers[0] = conv;
    network.layers[1] =
        (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 1};
    network.layers[2] = conv;
    network.layers[2].type = MCA_LAYER_DENSE;
    network.layers[2].activation = MCA_ACTIVATION_SIGMOID;
    network.layers[2].units = 3;
    network.layers[2].kernel = network.layers[2].stride = 0;
    return network;
}

/* A unit for each layer, pools too, all alike; what other layers share stays shared. */
static void test_units_are_built_for_each_layer(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_SHARED);
    config.network = pooled();
    config.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    const struct mca_inventory one = mca_chip_inventory(&config);
    config.dpu.units = MCA_UNITS_PER_LAYER;
    struct mca_inventory all = mca_chip_inventory(&config);
    assert_int_equal(all.dpu_lanes, 3 * one.dpu_lanes);
    assert_int_equal(all.sigmoid_units, 3 * LANES);
    assert_int_equal(all.pool_units, 3 * LANES);
    assert_int_equal(all.gather_units, 3 * LANES);
    assert_int_equal(all.register_bits, 3 * one.register_bits);
    assert_int_equal(all.accumulator_bits, 19 * 2 * 32); /* of the convolution alone */
    assert_int_equal(all.accumulators, 1);
    assert_int_equal(all.resource_instances[MCA_RESOURCE_DPU], 3);
    assert_int_equal(all.resource_instances[MCA_RESOURCE_CHI], 2); /* a pool has none */
    for (uint32_t i = 0; i < 3; ++i) {
        const struct mca_inventory part = mca_chip_layer_inventory(&config, i);
        assert_int_equal(part.dpu_lanes, LANES);
        assert_int_equal(part.resource_instances[MCA_RESOURCE_DPU], 1);
    }
    const struct mca_inventory rest = mca_chip_layer_inventory(&config, MCA_NO_LAYER);
    assert_int_equal(rest.dpu_lanes, 0);
    assert_int_equal(rest.buffer_bits, one.buffer_bits);
    /* nothing else is another */
    all.dpu_lanes = one.dpu_lanes;
    all.sigmoid_units = one.sigmoid_units;
    all.pool_units = one.pool_units;
    all.gather_units = one.gather_units;
    all.register_bits = one.register_bits;
    memcpy(all.resource_instances, one.resource_instances, sizeof all.resource_instances);
    assert_memory_equal(&all, &one, sizeof all);
}

/* Accumulators of one unit serve one layer after the other; units of their own have their own. */
static void test_units_have_accumulators_of_their_own(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_SHARED);
    config.network = pooled();
    config.network.layers[1] = config.network.layers[0]; /* 19 rows of 2, at 1 position */
    config.network.layers[1].kernel = 2;                 /* 9 rows, at 4 */
    config.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    assert_int_equal(mca_chip_inventory(&config).accumulator_bits, 19 * 2 * 32);
    config.dpu.units = MCA_UNITS_PER_LAYER;
    assert_int_equal(mca_chip_inventory(&config).accumulator_bits, (19 + 9) * 2 * 32);
    assert_int_equal(mca_chip_inventory(&config).accumulators, 2);
}

/* ---- what goes from unit to unit, in bits: activations of 16, codes of 8, sums of 32 */

static uint64_t links(const struct mca_chip *chip, enum mca_phase phase) {
    return mca_chip_ledger(chip).counts[phase][MCA_COMPONENT_LINK];
}

static void test_units_send_what_others_take(void **state) {
    (void)state;
    for (unsigned units = MCA_UNITS_SHARED; units <= MCA_UNITS_PER_LAYER; ++units) {
        const struct mca_chip_config config = config_of(units);
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        train_images(chip, INPUTS, CLASSES, 0, 5);
        const uint64_t is = units == MCA_UNITS_PER_LAYER;
        const struct mca_ledger ledger = mca_chip_ledger(chip);
        const uint64_t codes = ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION];
        assert_in_range(codes, 5 * HIDDEN, 5 * 2 * HIDDEN);
        assert_int_equal(links(chip, MCA_PHASE_FORWARD), is * 5 * HIDDEN * 16);
        assert_int_equal(links(chip, MCA_PHASE_ERROR), is * (5 * HIDDEN * 16 + codes * 8));
        assert_int_equal(links(chip, MCA_PHASE_BACKWARD), 0);
        assert_int_equal(links(chip, MCA_PHASE_UPDATE), 0);
        mca_chip_destroy(chip);
    }
}

/* Trained on one image of 200 everywhere. */
static struct mca_chip *train_on_grey(const struct mca_chip_config *config) {
    struct mca_image_outcome outcome;
    struct mca_error error;
    uint8_t pixels[50];
    struct mca_chip *chip = chip_to_train(config, 0.3, 1);
    memset(pixels, 200, sizeof pixels);
    assert_int_equal(mca_chip_train_image(chip, pixels, 0, &outcome, &error), MCA_OK);
    return chip;
}

/* 18 activations to the pool, its 8 to the last layer; back the codes of the transposed reads, the
 * pool's 8 sums, and the activations that the slopes are of. */
static void test_units_send_through_a_pool(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_LAYER);
    config.network = pooled();
    struct mca_chip *chip = train_on_grey(&config);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t codes = ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION];
    assert_in_range(codes, 8, 16);
    assert_int_equal(links(chip, MCA_PHASE_FORWARD), (18 + 8) * 16);
    assert_int_equal(links(chip, MCA_PHASE_ERROR), codes * 8 + 8 * 32 + 18 * 16);
    mca_chip_destroy(chip);
}

/* A residual sum of 18 activations: both that it takes are sent to it, and it sends its own to the
 * last layer; back, 32-bit sums to both, and three times the activations that slopes are of. */
static void test_units_send_through_a_residual_sum(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_LAYER);
    config.network = pooled();
    config.network.layer_count = 4;
    config.network.layers[3] = config.network.layers[2];
    config.network.layers[1] = config.network.layers[0]; /* as large: 3 x 3, padded */
    config.network.layers[1].padding = 1;
    config.network.layers[2] = (struct mca_layer_config){.type = MCA_LAYER_RESIDUAL_SUM,
                                                         .activation = MCA_ACTIVATION_TANH,
                                                         .from = 0,
                                                         .activation_exponent = 1};
    struct mca_chip *chip = train_on_grey(&config);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    const uint64_t codes = ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION];
    assert_int_equal(links(chip, MCA_PHASE_FORWARD), 3 * 18 * 16);
    assert_int_equal(links(chip, MCA_PHASE_ERROR), codes * 8 + 2 * 18 * 32 + 3 * 18 * 16);
    mca_chip_destroy(chip);
}

/* Each unit has its own weight memory: they are written side by side. */
static void test_units_write_weights_side_by_side(void **state) {
    (void)state;
    uint64_t init_ps[2];
    for (unsigned units = MCA_UNITS_SHARED; units <= MCA_UNITS_PER_LAYER; ++units) {
        struct mca_chip_config config = config_of(units);
        config.network = pooled();
        config.network.layers[0].digital = config.network.layers[2].digital = 1;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        init_ps[units] = mca_chip_ledger(chip).critical_ps[MCA_PHASE_INIT];
        mca_chip_destroy(chip);
    }
    /* a word a row: 19 of the convolution, 9 of the last layer */
    assert_int_equal(init_ps[MCA_UNITS_SHARED], (19 + 9) * CYCLE_PS);
    assert_int_equal(init_ps[MCA_UNITS_PER_LAYER], 19 * CYCLE_PS);
}

/* ---- values */

/* But for what goes from unit to unit, all counts and busy times are the same, and so are weights;
 * of a chip with a single layer, times too. */
static void check_same(const struct mca_u32_list *widths, uint32_t batch, int is_one) {
    struct mca_chip *chips[2];
    struct mca_ledger ledgers[2];
    for (unsigned units = MCA_UNITS_SHARED; units <= MCA_UNITS_PER_LAYER; ++units) {
        struct mca_chip_config config = mca_fixture_chip(widths);
        config.refresh.every_images = 20;
        config.refresh.high_us = 4.0;
        config.dpu.units = units;
        config.timing.what_if = 1; /* whose timelines change nothing */
        chips[units] = chip_to_train(&config, 0.3, batch);
        train_images(chips[units], INPUTS, CLASSES, 0, 120);
        ledgers[units] = mca_chip_ledger(chips[units]);
    }
    assert_true(chips[0]->stats.refreshed_pairs > 10);
    assert_memory_equal(&chips[0]->stats, &chips[1]->stats, sizeof chips[0]->stats);
    for (int p = 0; p < MCA_PHASE_COUNT && !is_one; ++p) {
        ledgers[1].counts[p][MCA_COMPONENT_LINK] = 0;
    }
    assert_memory_equal(ledgers[0].counts, ledgers[1].counts, sizeof ledgers[0].counts);
    assert_memory_equal(ledgers[0].busy_ps, ledgers[1].busy_ps, sizeof ledgers[0].busy_ps);
    assert_same_devices(chips[0], chips[1]);
    uint64_t critical_ps = 0;
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        critical_ps += ledgers[1].critical_ps[p];
    }
    assert_int_equal(critical_ps, mca_chip_time_ps(chips[1]));
    if (is_one) {
        assert_int_equal(mca_chip_time_ps(chips[1]), mca_chip_time_ps(chips[0]));
    } else {
        assert_true(mca_chip_time_ps(chips[1]) < mca_chip_time_ps(chips[0]));
    }
    for (enum mca_resource r = (enum mca_resource)0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_true(mca_chip_what_if_ps(chips[1], r) <= mca_chip_time_ps(chips[1]));
    }
    mca_chip_destroy(chips[0]);
    mca_chip_destroy(chips[1]);
}

static void test_units_change_no_value(void **state) {
    static const struct mca_u32_list three = {4, {INPUTS, HIDDEN, 20, CLASSES}};
    static const struct mca_u32_list one = {2, {INPUTS, CLASSES}};
    (void)state;
    check_same(&three, 1, 0);
    check_same(&three, 4, 0);
    check_same(&one, 1, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_update_while_errors_go_back),
        cmocka_unit_test(test_units_work_on_two_images_of_a_test),
        cmocka_unit_test(test_units_compare_side_by_side),
        cmocka_unit_test(test_units_end_a_batch_together),
        cmocka_unit_test(test_units_are_built_for_each_layer),
        cmocka_unit_test(test_units_have_accumulators_of_their_own),
        cmocka_unit_test(test_units_send_what_others_take),
        cmocka_unit_test(test_units_send_through_a_pool),
        cmocka_unit_test(test_units_send_through_a_residual_sum),
        cmocka_unit_test(test_units_write_weights_side_by_side),
        cmocka_unit_test(test_units_change_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
