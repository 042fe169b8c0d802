/*
 * Times of convolutions by hand: of one, of two that wait for each other or stream, and with a pool
 * between them. The schedules are worked out here, from what docs/reference/timing.md says: for
 * single figures as sums, and for every operation by a clock that ticks cycle by cycle.
 */
#include "chip/chip.h"
#include "chip/chip_state.h"
#include "chip/timeline.h"
#include "chip/trained_chip.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, LAYERS = 4, ITEMS = 64, LATENCY = 6 };
enum { CYCLE_PS = 1000, LEVELS_PS = 256 * 500, SETTLE_PS = 2000, DAC_LOAD_PS = 1000 };

/* ---- the chip */

static const struct mca_layer_config CONV = {.type = MCA_LAYER_CONV2D,
                                             .activation = MCA_ACTIVATION_SIGMOID,
                                             .units = 4,
                                             .kernel = 3,
                                             .stride = 1,
                                             .unit_weight_us = 8,
                                             .adc_forward_range = 16,
                                             .adc_backward_range = 4};

/* 1 x 8 x 8, a convolution to 4 x 6 x 6, a pool to 4 x 3 x 3 where asked for, a convolution by 2 x
 * 2 of 3 filters, ten classes. */
static struct mca_chip_config chip_config(int pools, int streams) {
    const struct mca_u32_list any = {2, {2, 2}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    struct mca_network_config *net = &config.network;
    uint32_t n = 0;
    net->is_widths = 0;
    net->input = (struct mca_shape){1, SIDE, SIDE};
    net->layers[n++] = CONV;
    if (pools) {
        net->layers[n++] =
            (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    }
    net->layers[n] = CONV;
    net->layers[n].units = 3;
    net->layers[n++].kernel = 2;
    net->layers[n] = CONV;
    net->layers[n].type = MCA_LAYER_DENSE;
    net->layers[n].units = CLASSES;
    net->layers[n].kernel = 0;
    net->layers[n++].stride = 0;
    net->layer_count = n;
    config.transfer.epsilon_us = 500.0; /* no pulses */
    config.refresh.every_images = 0;
    config.timing.streaming = (unsigned)streams;
    return config;
}

/* ---- what the chip does: starts and ends of the way forward, by layer */

struct span {
    uint64_t start_ps;
    uint64_t end_ps;
};

struct schedule {
    uint32_t count[LAYERS][3];
    struct span at[LAYERS][3][ITEMS]; /* drives, conversions, the digital unit */
};

enum { DRIVE, CONVERT, UNIT };

static void note(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *occupation) {
    struct schedule *seen = user;
    const int what = operation->resource == MCA_RESOURCE_DAC   ? DRIVE
                     : operation->resource == MCA_RESOURCE_ADC ? CONVERT
                     : operation->resource == MCA_RESOURCE_DPU ? UNIT
                                                               : -1;
    if (operation->phase == MCA_PHASE_FORWARD && what >= 0) {
        uint32_t *count = &seen->count[operation->layer][what];
        assert_true(*count < ITEMS);
        seen->at[operation->layer][what][(*count)++] =
            (struct span){occupation->start_ps, occupation->end_ps};
    }
}

static void see(const struct mca_chip_config *config, struct schedule *seen) {
    struct mca_chip *chip = chip_to_train(config, 0.3, 1);
    memset(seen, 0, sizeof *seen);
    chip->timeline.sink = (struct mca_timeline_sink){seen, note};
    train_images(chip, PIXELS, CLASSES, 0, 1);
    mca_chip_destroy(chip);
}

/* ---- the same by a clock that ticks */

struct hand_layer {
    int has_matrix;
    uint32_t in_width; /* of the layer below */
    uint32_t width;    /* of its outputs, as high as wide; a dense layer: 1 ... */
    uint32_t kernel;   /* ... and the whole of what is below */
    uint32_t stride;
    uint32_t items;
    uint64_t item_cycles;
    uint32_t done;
    uint64_t stands_ps[ITEMS]; /* of each position */
    int is_read;               /* the item at work has been read ... */
    uint64_t ready_ps;         /* ... and what it waits for is there then */
    uint64_t driven_ps, sampled_ps, converted_ps;
};

/* When all that an item takes stands, or UINT64_MAX: all positions that any of its windows
 * covers. */
static uint64_t input_ps(const struct hand_layer *layer, const struct hand_layer *below,
                         uint64_t image_ps) {
    const uint32_t first = layer->has_matrix ? layer->done : layer->done * layer->width;
    const uint32_t last = layer->has_matrix ? first : first + layer->width - 1;
    uint64_t latest = below ? 0 : image_ps;
    for (uint32_t p = first; below && p <= last; ++p) {
        for (uint32_t ky = 0; ky < layer->kernel; ++ky) {
            for (uint32_t kx = 0; kx < layer->kernel; ++kx) {
                const uint32_t y = p / layer->width * layer->stride + ky;
                const uint32_t x = p % layer->width * layer->stride + kx;
                const uint64_t at = below->stands_ps[y * layer->in_width + x];
                latest = at > latest ? at : latest;
            }
        }
    }
    return latest;
}

static uint64_t max(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* A read as soon as its input stands: registers loaded, lines driven when the array is free,
 * sampled when the samples before are converted. */
static void read(struct hand_layer *layer, uint64_t ready_ps, const struct mca_timing_config *times,
                 struct schedule *s, uint32_t index) {
    const uint64_t levels_ps = 256 * times->read_ps_per_level;
    const uint64_t begun =
        max(max(ready_ps, layer->driven_ps) + times->dac_load_ps, layer->sampled_ps);
    layer->driven_ps = begun + levels_ps;
    layer->sampled_ps = max(begun + levels_ps + times->read_settle_ps, layer->converted_ps);
    layer->converted_ps = layer->sampled_ps + times->adc_conversion_ps;
    s->at[index][DRIVE][s->count[index][DRIVE]++] =
        (struct span){begun - times->dac_load_ps, layer->driven_ps};
    s->at[index][CONVERT][s->count[index][CONVERT]++] =
        (struct span){layer->sampled_ps, layer->converted_ps};
}

static void finish_item(struct hand_layer *layer, uint64_t cycle, struct schedule *s,
                        uint32_t index, uint64_t *free_cycle) {
    const int is_last = layer->done + 1 == layer->items;
    *free_cycle = cycle + layer->item_cycles + (is_last ? LATENCY : 0);
    const uint64_t stands = (cycle + layer->item_cycles + LATENCY) * CYCLE_PS;
    const uint32_t each = layer->has_matrix ? 1 : layer->width;
    for (uint32_t p = layer->done * each; p < (layer->done + 1) * each; ++p) {
        layer->stands_ps[p] = stands;
    }
    s->at[index][UNIT][s->count[index][UNIT]++] =
        (struct span){cycle * CYCLE_PS, *free_cycle * CYCLE_PS};
    ++layer->done;
    layer->is_read = 0;
}

/* The way forward of a first image that is in its buffer, and with the digital unit, in time. */
static void tick(struct hand_layer *layers, uint32_t count, uint64_t image_ps,
                 const struct mca_timing_config *times, struct schedule *s) {
    uint64_t free_cycle = 0;
    memset(s, 0, sizeof *s);
    for (uint64_t cycle = 0; layers[count - 1].done < layers[count - 1].items; ++cycle) {
        for (uint32_t i = 0; i < count; ++i) {
            struct hand_layer *layer = &layers[i];
            const uint64_t input = layer->done < layer->items
                                       ? input_ps(layer, i > 0 ? layer - 1 : NULL, image_ps)
                                       : UINT64_MAX;
            if (input != UINT64_MAX && !layer->is_read) {
                layer->is_read = 1;
                layer->ready_ps = input;
                if (layer->has_matrix) {
                    read(layer, input, times, s, i);
                    layer->ready_ps = layer->converted_ps;
                }
            }
        }
        for (uint32_t i = 0; i < count && free_cycle <= cycle; ++i) {
            if (layers[i].is_read && layers[i].ready_ps <= cycle * CYCLE_PS) {
                finish_item(&layers[i], cycle, s, i, &free_cycle);
                break;
            }
        }
        assert_true(cycle < 1000000);
    }
}

static uint32_t hand_layers(int pools, struct hand_layer layers[LAYERS]) {
    /* 4 filters are a word of 16 lanes: a cycle for the sums, one for the activations; a row of 3 x
     * 4 values of a pool is a word, taken once for each of 4 values of a window */
    static const struct hand_layer conv = {1, SIDE, 6, 3, 1, 36, 2, 0, {0}, 0, 0, 0, 0, 0};
    static const struct hand_layer pool = {0, 6, 3, 2, 2, 3, 4, 0, {0}, 0, 0, 0, 0, 0};
    const uint32_t in = pools ? 3 : 6;
    const uint32_t out = in - 1;
    const struct hand_layer second = {1, in, out, 2, 1, out * out, 2, 0, {0}, 0, 0, 0, 0, 0};
    const struct hand_layer dense = {1, out, 1, out, 1, 1, 2, 0, {0}, 0, 0, 0, 0, 0};
    uint32_t n = 0;
    layers[n++] = conv;
    if (pools) {
        layers[n++] = pool;
    }
    layers[n++] = second;
    layers[n++] = dense;
    for (uint32_t i = 0; i < n; ++i) {
        for (uint32_t p = 0; p < ITEMS; ++p) {
            layers[i].stands_ps[p] = UINT64_MAX;
        }
    }
    return n;
}

static void check_same(const struct schedule *seen, const struct schedule *hand, uint32_t layers) {
    for (uint32_t l = 0; l < layers; ++l) {
        for (uint32_t what = 0; what < 3; ++what) {
            assert_int_equal(seen->count[l][what], hand->count[l][what]);
            for (uint32_t i = 0; i < hand->count[l][what]; ++i) {
                const struct span *a = &seen->at[l][what][i];
                const struct span *b = &hand->at[l][what][i];
                if (a->start_ps != b->start_ps || a->end_ps != b->end_ps) {
                    fail_msg("layer %u, %u, item %u: %llu to %llu, by hand %llu to %llu", l, what,
                             i, (unsigned long long)a->start_ps, (unsigned long long)a->end_ps,
                             (unsigned long long)b->start_ps, (unsigned long long)b->end_ps);
                }
            }
        }
    }
}

static void check_times(int pools, const struct mca_chip_config *config) {
    struct hand_layer layers[LAYERS];
    static struct schedule seen;
    static struct schedule hand;
    const uint32_t count = hand_layers(pools, layers);
    see(config, &seen);
    tick(layers, count, PIXELS * config->timing.image_load_ps_per_byte, &config->timing, &hand);
    check_same(&seen, &hand, count);
}

/* Every operation, with conversions shorter than, as long as and longer than a read by a
 * picosecond, at and beside edges of the clock, and so long that units wait everywhere; and with
 * reads that take so little that all waits for the digital unit, which then has a choice. */
static void check_ticking(int pools) {
    static const uint64_t adc_ps[] = {0,      1,      76399,  76400,  76401,  77000,
                                      129999, 130000, 130001, 131000, 200000, 450123};
    struct mca_chip_config config = chip_config(pools, 1);
    for (size_t k = 0; k < sizeof adc_ps / sizeof adc_ps[0]; ++k) {
        config.timing.adc_conversion_ps = adc_ps[k];
        check_times(pools, &config);
    }
    config.timing.read_ps_per_level = 1;
    for (uint64_t adc = 0; adc < 9000; adc += 457) {
        config.timing.adc_conversion_ps = adc;
        check_times(pools, &config);
    }
}

static void test_streaming_convolutions_tick_by_tick(void **state) {
    (void)state;
    check_ticking(0);
}

static void test_streaming_pool_tick_by_tick(void **state) {
    (void)state;
    check_ticking(1);
}

/* ---- single figures as sums */

static const uint64_t IN_PS = PIXELS * 100; /* the image is in its buffer */
static const uint64_t READ_PS = LEVELS_PS + SETTLE_PS;

static uint64_t ceil_cycle(uint64_t ps) {
    return (ps + CYCLE_PS - 1) / CYCLE_PS * CYCLE_PS;
}

/*
 * One convolution of 36 positions, each waiting for the array alone: position p is converted at
 * load + (p + 1) reads + a conversion, up to the conversion that takes as long as a read; a
 * picosecond more and each of the 35 that follow holds its samples a picosecond longer.
 */
static void test_streaming_one_convolution_by_hand(void **state) {
    (void)state;
    for (int streams = 0; streams < 2; ++streams) {
        for (uint64_t adc = READ_PS - 1; adc <= READ_PS + 1; ++adc) {
            static struct schedule seen;
            struct mca_chip_config config = chip_config(0, streams);
            config.timing.adc_conversion_ps = adc;
            see(&config, &seen);
            const uint64_t pace = adc > READ_PS ? adc : READ_PS;
            const uint64_t last = IN_PS + DAC_LOAD_PS + READ_PS + 35 * pace + adc;
            assert_int_equal(seen.at[0][CONVERT][35].end_ps, last);
            const struct span *unit = &seen.at[0][UNIT][seen.count[0][UNIT] - 1];
            assert_int_equal(unit->end_ps, ceil_cycle(last) + (2 + LATENCY) * CYCLE_PS);
        }
    }
}

/* The codes of the first position come at an edge of the clock, or a picosecond after it, and then
 * the unit begins at the next. */
static void test_streaming_first_codes_at_an_edge(void **state) {
    (void)state;
    const uint64_t edge = 212 * CYCLE_PS;
    const uint64_t adc = edge - IN_PS - DAC_LOAD_PS - READ_PS; /* converted at the edge */
    for (uint64_t late = 0; late < 2; ++late) {
        static struct schedule seen;
        struct mca_chip_config config = chip_config(0, 1);
        config.timing.adc_conversion_ps = adc + late;
        see(&config, &seen);
        assert_int_equal(seen.at[0][UNIT][0].start_ps, edge + late * CYCLE_PS);
    }
}

/* Layer by layer: the second convolution's first read loads its registers when the first one's
 * operation has ended. */
static void test_streaming_off_waits_for_the_layer(void **state) {
    (void)state;
    static struct schedule seen;
    for (int pools = 0; pools < 2; ++pools) {
        const struct mca_chip_config config = chip_config(pools, 0);
        see(&config, &seen);
        const uint64_t first = IN_PS + DAC_LOAD_PS + 36 * READ_PS + 77000;
        const uint64_t summed = ceil_cycle(first) + (2 + LATENCY) * CYCLE_PS;
        /* 3 x 3 x 4 values are three words, taken for each of 4 values of a window */
        const uint64_t pooled = summed + (pools ? (12 + LATENCY) * CYCLE_PS : 0);
        assert_int_equal(seen.at[1 + pools][DRIVE][0].start_ps, pooled);
    }
}

/* Streaming: the window of the first position of the second convolution is whole with position
 * (1, 1) of the first, its eighth; with a pool before it with the pool's second row, and so with
 * the fourth row of the first convolution, while the other two are still read. */
static void test_streaming_starts_with_the_first_window(void **state) {
    (void)state;
    static struct schedule seen;
    struct mca_chip_config config = chip_config(0, 1);
    see(&config, &seen);
    const uint64_t eighth = IN_PS + DAC_LOAD_PS + 8 * READ_PS + 77000;
    assert_int_equal(seen.at[1][DRIVE][0].start_ps, ceil_cycle(eighth) + (2 + LATENCY) * CYCLE_PS);
    config = chip_config(1, 1);
    see(&config, &seen);
    const uint64_t twelfth = IN_PS + DAC_LOAD_PS + 12 * READ_PS + 77000;
    const uint64_t last_needed = twelfth + 12 * READ_PS;
    assert_int_equal(seen.at[1][UNIT][0].start_ps, ceil_cycle(twelfth) + (2 + LATENCY) * CYCLE_PS);
    assert_int_equal(seen.at[1][UNIT][1].start_ps,
                     ceil_cycle(last_needed) + (2 + LATENCY) * CYCLE_PS);
    assert_int_equal(seen.at[2][DRIVE][0].start_ps,
                     ceil_cycle(last_needed) + (2 + LATENCY + 4 + LATENCY) * CYCLE_PS);
    assert_true(seen.at[2][DRIVE][0].start_ps < seen.at[0][DRIVE][35].start_ps);
}

/* ---- values and counts */

static void check_same_values(struct mca_chip_config *config) {
    struct mca_chip *chips[2];
    for (unsigned streams = 0; streams < 2; ++streams) {
        config->timing.streaming = streams;
        chips[streams] = chip_to_train(config, 0.3, 1);
        train_images(chips[streams], PIXELS, CLASSES, 0, 40);
    }
    assert_memory_equal(&chips[0]->stats, &chips[1]->stats, sizeof chips[0]->stats);
    const struct mca_ledger off = mca_chip_ledger(chips[0]);
    const struct mca_ledger on = mca_chip_ledger(chips[1]);
    assert_memory_equal(off.counts, on.counts, sizeof off.counts);
    for (uint32_t l = 0; l < chips[0]->layer_count; ++l) {
        const struct mca_layer *a = &chips[0]->layers[l];
        const struct mca_layer *b = &chips[1]->layers[l];
        for (int side = 0; side < 2 && a->inputs > 0; ++side) {
            assert_memory_equal(a->matrix.g[side], b->matrix.g[side],
                                a->matrix.rows * a->matrix.stride * sizeof *a->matrix.g[side]);
        }
    }
    assert_true(mca_chip_time_ps(chips[1]) < mca_chip_time_ps(chips[0]));
    mca_chip_destroy(chips[0]);
    mca_chip_destroy(chips[1]);
}

/* Also where codes have a sign, so that positions are read once or twice. */
static void test_streaming_moves_times_alone(void **state) {
    (void)state;
    for (int pools = 0; pools < 2; ++pools) {
        struct mca_chip_config config = chip_config(pools, 0);
        config.transfer.epsilon_us = 0.1;
        check_same_values(&config);
        config.network.layers[0].activation = MCA_ACTIVATION_TANH;
        config.refresh.every_images = 8;
        check_same_values(&config);
    }
}

/* Without a layer that could, nothing is kept for it, and no time moves. */
static void test_streaming_dense_layers_wait(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {PIXELS, 20, CLASSES}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    uint64_t time_ps[2];
    for (unsigned streams = 0; streams < 2; ++streams) {
        config.timing.streaming = streams;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        assert_null(chip->stream);
        train_images(chip, PIXELS, CLASSES, 0, 5);
        time_ps[streams] = mca_chip_time_ps(chip);
        mca_chip_destroy(chip);
    }
    assert_int_equal(time_ps[0], time_ps[1]);
}

/* ---- reads that nobody watches */

static void count(void *user, const struct mca_operation *operation,
                  const struct mca_occupation *occupation) {
    uint64_t *busy_ps = user;
    busy_ps[operation->resource] += occupation->busy_ps;
}

/* Reads at one pace are timed at once where nobody watches, and one by one where somebody does:
 * the same times, paths and parts of the ledger, and the parts are what was seen. */
static void check_watched(const struct mca_chip_config *config) {
    uint64_t busy_ps[MCA_RESOURCE_COUNT] = {0};
    struct mca_chip *watched = chip_to_train(config, 0.3, 1);
    struct mca_chip *alone = chip_to_train(config, 0.3, 1);
    watched->timeline.sink = (struct mca_timeline_sink){busy_ps, count};
    const struct mca_ledger before = mca_chip_ledger(watched);
    train_images(watched, PIXELS, CLASSES, 0, 20);
    train_images(alone, PIXELS, CLASSES, 0, 20);
    const struct mca_ledger seen = mca_chip_ledger(watched);
    const struct mca_ledger unseen = mca_chip_ledger(alone);
    assert_memory_equal(&watched->timeline.frontier, &alone->timeline.frontier,
                        sizeof watched->timeline.frontier);
    assert_memory_equal(seen.busy_ps, unseen.busy_ps, sizeof seen.busy_ps);
    assert_memory_equal(seen.critical_ps, unseen.critical_ps, sizeof seen.critical_ps);
    for (int r = MCA_RESOURCE_DAC; r <= MCA_RESOURCE_ADC; ++r) {
        uint64_t booked_ps = 0;
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            booked_ps += unseen.busy_ps[p][r] - before.busy_ps[p][r];
        }
        assert_int_equal(booked_ps, busy_ps[r]);
    }
    mca_chip_destroy(watched);
    mca_chip_destroy(alone);
}

/* Each step of the pipeline sets the pace once; with pulses and refreshes, that reads wait for. */
static void test_reads_that_nobody_watches(void **state) {
    (void)state;
    for (unsigned slow = 0; slow < 4; ++slow) {
        struct mca_chip_config config = chip_config((int)slow % 2, 0);
        config.timing.dac_load_ps = slow == 1 ? 900000 : 1000;
        config.timing.read_settle_ps = slow == 2 ? 900000 : 2000;
        config.timing.adc_conversion_ps = slow == 3 ? 900000 : 1000;
        config.transfer.epsilon_us = 0.1;
        config.refresh.every_images = 8;
        check_watched(&config);
        config.network.layers[0].activation = MCA_ACTIVATION_TANH;
        check_watched(&config);
    }
}

/* Cycles of the digital unit for an item of each layer, and for the last one. */
static void check_items(const struct mca_chip_config *config, const uint32_t cycles[3]) {
    static struct schedule seen;
    see(config, &seen);
    for (uint32_t l = 0; l < 3; ++l) {
        const uint32_t last = seen.count[l][UNIT] - 1;
        for (uint32_t i = 0; i <= last; ++i) {
            const struct span *at = &seen.at[l][UNIT][i];
            assert_int_equal(at->end_ps - at->start_ps,
                             (cycles[l] + (i == last ? LATENCY : 0)) * CYCLE_PS);
        }
    }
}

/* An item's codes cross one after the other, and so does what it sends to another unit, beside
 * that: of 4 and 3 sums 8 bits of codes and 16 of activations, of the last layer's ten no more than
 * codes. In a tree of three tiles sums of 10 bits come two levels later. */
static void test_streaming_over_wires(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config(0, 1);
    config.interconnect.kind = MCA_INTERCONNECT_BUS;
    config.interconnect.bits = 1;
    check_items(&config, (const uint32_t[]){4 * 8 + 1, 3 * 8 + 1, 10 * 8 + 1});
    config.dpu.units = MCA_UNITS_PER_LAYER;
    check_items(&config, (const uint32_t[]){4 * 16, 3 * 16, 10 * 8 + 1});
    config.dpu.units = MCA_UNITS_SHARED;
    config.interconnect.kind = MCA_INTERCONNECT_TREE;
    config.network.layers[0].tile_rows = 4; /* 10 rows */
    check_items(&config, (const uint32_t[]){2 + 4 * 10 + 1, 3 * 8 + 1, 10 * 8 + 1});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streaming_convolutions_tick_by_tick),
        cmocka_unit_test(test_streaming_pool_tick_by_tick),
        cmocka_unit_test(test_streaming_one_convolution_by_hand),
        cmocka_unit_test(test_streaming_first_codes_at_an_edge),
        cmocka_unit_test(test_streaming_off_waits_for_the_layer),
        cmocka_unit_test(test_streaming_starts_with_the_first_window),
        cmocka_unit_test(test_streaming_moves_times_alone),
        cmocka_unit_test(test_streaming_dense_layers_wait),
        cmocka_unit_test(test_reads_that_nobody_watches),
        cmocka_unit_test(test_streaming_over_wires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
