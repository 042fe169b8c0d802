#include "chip/timeline.h"

#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

static void test_timeline_reserve_waits_for_input_and_resource(void **state) {
    (void)state;
    struct mca_ledger_part parts[1] = {0};
    struct mca_layered_ledger ledger = {.layer_count = 0, .parts = parts};
    struct mca_timeline timeline = {.ledger = &ledger};
    const struct mca_operation forward = {MCA_RESOURCE_ADC, MCA_PHASE_FORWARD, 0, 0, "convert"};
    const struct mca_operation update = {MCA_RESOURCE_ADC, MCA_PHASE_UPDATE, 0, 0, "convert"};
    struct mca_moment unit = {0};
    static const uint64_t ready_ps[] = {10, 14, 20, 26};
    static const uint64_t end_ps[] = {15, 20, 25, 31};
    for (int i = 0; i < 4; ++i) { /* one picosecond early: waits; on time: starts at once */
        struct mca_moment ready = {0};
        mca_moment_pass(&ready, MCA_PHASE_ERROR, ready_ps[i]);
        mca_timeline_reserve(&timeline, &unit, i < 2 ? &forward : &update, &ready, 5);
        assert_int_equal(unit.ps, end_ps[i]);
    }
    assert_int_equal(parts[0].busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_ADC], 10);
    assert_int_equal(parts[0].busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_ADC], 10);
    /* the last began when its input was ready: none of the unit's time before led there */
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_FORWARD], 0);
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_ERROR], 26);
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_UPDATE], 5);
    assert_int_equal(timeline.frontier.ps, 31);
}

/* Of paths of equal length the same one counts, whichever came first. */
static void test_timeline_equal_paths_have_an_order(void **state) {
    (void)state;
    struct mca_moment update = {0};
    struct mca_moment transfer = {0};
    mca_moment_pass(&update, MCA_PHASE_UPDATE, 7);
    mca_moment_pass(&transfer, MCA_PHASE_TRANSFER, 7);
    assert_ptr_equal(mca_moment_later(&update, &transfer), &update);
    assert_ptr_equal(mca_moment_later(&transfer, &update), &update);
    mca_moment_pass(&transfer, MCA_PHASE_TRANSFER, 1);
    assert_ptr_equal(mca_moment_later(&update, &transfer), &transfer);
    struct mca_ledger_part parts[1] = {0};
    struct mca_layered_ledger ledger = {.layer_count = 0, .parts = parts};
    struct mca_timeline timeline = {.ledger = &ledger};
    mca_timeline_reach(&timeline, &transfer);
    mca_moment_pass(&update, MCA_PHASE_UPDATE, 1);
    mca_timeline_reach(&timeline, &update);
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_UPDATE], 8);
    mca_timeline_reach(&timeline, &transfer);
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_UPDATE], 8);
    assert_int_equal(timeline.frontier.phase_ps[MCA_PHASE_TRANSFER], 0);
}

static void test_timeline_cycles_round_up(void **state) {
    (void)state;
    assert_int_equal(mca_cycles_to_ps(3, 1000000000u), 3000);
    assert_int_equal(mca_cycles_to_ps(1, 3000000000u), 333);
    for (uint64_t n = 0; n < 100; ++n) { /* edges of any clock are found again */
        assert_int_equal(mca_ps_to_cycles(mca_cycles_to_ps(n, 3000000000u), 3000000000u), n);
        assert_int_equal(mca_ps_to_cycles(mca_cycles_to_ps(n, 777777777u), 777777777u), n);
    }
    assert_int_equal(mca_ps_to_cycles(2999, 1000000000u), 3);
    assert_int_equal(mca_ps_to_cycles(3000, 1000000000u), 3);
    assert_int_equal(mca_ps_to_cycles(3001, 1000000000u), 4);
    assert_int_equal(mca_cycles_to_ps(10000000000u, 1000000u), 10000000000u * 1000000u);
}

static struct mca_chip *train(const struct mca_chip_config *config, uint32_t images,
                              uint32_t batch) {
    struct mca_chip *chip = chip_to_train(config, 0.3, batch);
    train_images(chip, 60, 10, 0, images);
    return chip;
}

static const struct mca_u32_list WIDTHS = {3, {60, 40, 10}};

/* Of an operation of the digital unit on a vector, in cycles (docs/reference/rtl.md). */
enum { VECTOR_LATENCY = 6 };

/* When a vector operation of the last image ended. */
static uint64_t end_ps(const struct mca_chip *chip, enum mca_vector_operation vector,
                       uint32_t layer) {
    for (uint32_t i = 0; i < chip->train.image_steps; ++i) {
        const struct mca_step *step = &chip->train.steps[i];
        if (step->kind == MCA_STEP_VECTOR && step->vector == vector && step->layer == layer) {
            return chip->ends[i].at.ps;
        }
    }
    fail();
    return 0;
}

/* One image by hand: a read is load + 256 levels + settling + conversion. */
static void test_timeline_first_image_by_hand(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 500.0; /* no pulses */
    struct mca_chip *chip = train(&config, 1, 1);
    const uint64_t read = 1000 + 256 * 500 + 2000 + 77000;
    const uint64_t load = 60 * 100;
    const uint64_t forward1 = (3 + 3 + VECTOR_LATENCY) * 1000;
    const uint64_t forward2 = (1 + 1 + VECTOR_LATENCY) * 1000;
    assert_int_equal(end_ps(chip, MCA_VECTOR_ACTIVATION, 0), load + read + forward1);
    const uint64_t output = load + read + forward1 + read + forward2;
    assert_int_equal(end_ps(chip, MCA_VECTOR_ACTIVATION, 1), output);
    const uint64_t error2 = output + (3 + VECTOR_LATENCY) * 1000;
    assert_int_equal(end_ps(chip, MCA_VECTOR_OUTPUT_ERROR, 1), error2);
    /* two drives: the second read follows when the array is free, its conversion ends last */
    const uint64_t second = 1000 + 2 * (256 * 500 + 2000) + 77000;
    assert_int_equal(end_ps(chip, MCA_VECTOR_ERROR, 0),
                     error2 + second + (3 * (2 + 2) + VECTOR_LATENCY) * 1000);
    mca_chip_destroy(chip);
}

/* Images of a test by hand: each is read while the one before is in the second layer, and the unit
 * takes it when it has done with that. Their number, and who computes them, does not matter. */
static void test_timeline_tests_by_hand(void **state) {
    (void)state;
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    const uint64_t read = 1000 + 256 * 500 + 2000 + 77000;
    const uint64_t forward1 = (3 + 3 + VECTOR_LATENCY) * 1000;
    const uint64_t forward2 = (1 + 1 + VECTOR_LATENCY) * 1000;
    const uint64_t alone = 60 * 100 + read + forward1 + read + forward2;
    const uint64_t each = forward1 + read + forward2;
    static const uint32_t counts[] = {1, 2, 3, 100};
    uint8_t pixels[100 * 60];
    uint16_t predicted[100];
    struct mca_error error;
    for (uint32_t i = 0; i < 100; ++i) {
        (void)mca_fixture_image(60, 10, i, pixels + (size_t)i * 60);
    }
    for (int k = 0; k < 4; ++k) {
        struct mca_chip *chip = train(&config, 1, 1);
        const uint64_t trained = mca_chip_time_ps(chip);
        for (uint32_t threads = 1; threads <= 3; threads += 2) { /* each test begins at rest */
            assert_int_equal(mca_chip_infer(chip, pixels, counts[k], 0, threads, predicted, &error),
                             MCA_OK);
        }
        const uint64_t expected = alone + (counts[k] - 1) * each;
        const struct mca_ledger ledger = mca_chip_ledger(chip);
        assert_int_equal(ledger.critical_ps[MCA_PHASE_TEST], 2 * expected);
        assert_int_equal(mca_chip_test_latency_ps(chip), alone);
        assert_int_equal(mca_chip_time_ps(chip), trained);
        /* two layers a test, and the array's own time of a read */
        assert_int_equal(ledger.busy_ps[MCA_PHASE_TEST][MCA_RESOURCE_TILE],
                         2 * 2 * (uint64_t)counts[k] * (256 * 500 + 2000));
        assert_int_equal(ledger.busy_ps[MCA_PHASE_TEST][MCA_RESOURCE_DPU],
                         2 * (uint64_t)counts[k] * (forward1 + forward2));
        mca_chip_destroy(chip);
    }
}

/* On a clock whose edges are rounded to picoseconds every image is timed by itself: a test of many
 * takes what those of its images take that are timed one by one, within a picosecond each. */
static void test_timeline_tests_on_any_clock(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    uint64_t time_ps[2];
    uint8_t pixels[60 * 60];
    uint16_t predicted[60];
    struct mca_error error;
    for (uint32_t i = 0; i < 60; ++i) {
        (void)mca_fixture_image(60, 10, i, pixels + (size_t)i * 60);
    }
    config.dpu.clock_hz = 777777777;
    for (uint32_t k = 0; k < 2; ++k) {
        struct mca_chip *chip;
        assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
        assert_int_equal(mca_chip_infer(chip, pixels, 59 + k, 0, 1, predicted, &error), MCA_OK);
        time_ps[k] = mca_chip_ledger(chip).critical_ps[MCA_PHASE_TEST];
        mca_chip_destroy(chip);
    }
    const uint64_t read = 1000 + 256 * 500 + 2000 + 77000;
    const uint64_t cycle_up = 1000000000000u / 777777777 + 1;
    const uint64_t each = time_ps[1] - time_ps[0];
    assert_in_range(each, read + 20 * (cycle_up - 1), read + 22 * cycle_up);
    assert_in_range(time_ps[0], 59 * (each - 2 * cycle_up), 60 * (each + 2 * cycle_up) + 2 * read);
}

/* Whether pulses come is known at the end of the update: until then a layer is not read, even where
 * none come. Within a mini-batch none can. */
static void test_timeline_read_waits_for_the_update(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.epsilon_us = 500.0; /* no pulses */
    const uint64_t read = 1000 + 256 * 500 + 2000 + 77000;
    const uint64_t forward = (3 + 3 + VECTOR_LATENCY) * 1000;
    struct mca_chip *chip = train(&config, 1, 1);
    const uint64_t updated = chip->units[0].free.ps;
    mca_chip_destroy(chip);
    chip = train(&config, 2, 1);
    /* input registers are loaded while the update ends */
    assert_int_equal(chip->image_read.ps, updated + read - 1000 - 77000);
    assert_int_equal(end_ps(chip, MCA_VECTOR_ACTIVATION, 0), updated + read - 1000 + forward);
    mca_chip_destroy(chip);
    chip = train(&config, 2, 2);
    const uint64_t first_read = 60 * 100 + read - 77000;
    const uint64_t second_load = first_read + 60 * 100;
    assert_int_equal(chip->image_read.ps, second_load + read - 77000);
    assert_int_equal(end_ps(chip, MCA_VECTOR_ACTIVATION, 0), updated + forward);
    mca_chip_destroy(chip);
}

/* Two buffers: the third image of a mini-batch comes when the first is learnt from. */
static void test_timeline_images_wait_for_a_buffer(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = train(&config, 1, 4);
    const uint64_t first = chip->units[0].free.ps;
    assert_int_equal(chip->image_free.ps, 60 * 100);
    mca_chip_destroy(chip);
    chip = train(&config, 2, 4);
    assert_int_equal(chip->image_free.ps,
                     60 * 100 + 1000 + 256 * 500 + 2000 + 60 * 100); /* the first is read */
    mca_chip_destroy(chip);
    chip = train(&config, 3, 4);
    assert_int_equal(chip->image_free.ps, first + 60 * 100);
    mca_chip_destroy(chip);
}

/* The unit takes a word when its pixels are there, one a cycle at most, and then the bias word. */
static uint64_t all_words_by_hand(const struct mca_chip_config *config, uint64_t pixels,
                                  uint64_t start_ps, uint64_t before) {
    const uint64_t lanes = config->dpu.lanes;
    uint64_t next = before; /* that the unit can take a word in */
    for (uint64_t w = 0; w <= pixels / lanes; ++w) {
        const uint64_t there = (w + 1) * lanes < pixels ? (w + 1) * lanes : pixels;
        const uint64_t arrives = mca_ps_to_cycles(
            start_ps + there * config->timing.image_load_ps_per_byte, config->dpu.clock_hz);
        next = (arrives > next ? arrives : next) + 1;
    }
    return next;
}

static void test_timeline_unit_takes_a_word_a_cycle(void **state) {
    (void)state;
    static const uint64_t byte_ps[] = {0, 1, 7, 62, 63, 100, 125, 126, 5000};
    static const uint64_t clock_hz[] = {1000000000u, 777777777u, 100000000u, 3000000000u};
    static const uint32_t widths_in[] = {7, 8, 16, 17, 60, 61, 62, 63, 64, 65, 66};
    for (size_t n = 0; n < sizeof widths_in / sizeof *widths_in; ++n) {
        const uint32_t inputs = widths_in[n];
        for (size_t b = 0; b < sizeof byte_ps / sizeof *byte_ps; ++b) {
            for (size_t h = 0; h < 4; ++h) {
                const struct mca_u32_list widths = {2, {inputs, 10}};
                struct mca_chip_config config = mca_fixture_chip(&widths);
                config.dpu.lanes = b % 2 ? 16 : 8;
                config.timing.image_load_ps_per_byte = byte_ps[b];
                config.dpu.clock_hz = clock_hz[h];
                struct mca_chip *chip = train(&config, 0, 1);
                for (uint64_t start = 0; start < 3000; start += 377) {
                    for (uint64_t before = 0; before < 30; before += 3) {
                        assert_int_equal(mca_engine_image_cycle(chip, start, before),
                                         all_words_by_hand(&config, inputs, start, before));
                    }
                }
                mca_chip_destroy(chip);
            }
        }
    }
    /* and the first forward operation waits for it */
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.dpu.clock_hz = 10000000;
    config.transfer.epsilon_us = 500.0;
    struct mca_chip *chip = train(&config, 1, 1);
    assert_int_equal(end_ps(chip, MCA_VECTOR_ACTIVATION, 0),
                     mca_cycles_to_ps(mca_engine_image_cycle(chip, 0, 0) + 3 + 3 + VECTOR_LATENCY,
                                      config.dpu.clock_hz));
    mca_chip_destroy(chip);
}

/* Between epochs the chip is idle: the last pulses end before the next image comes. */
static void test_timeline_rate_changes_when_idle(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *chip = train(&config, 50, 1);
    const uint64_t end = mca_chip_time_ps(chip);
    mca_chip_set_rate(chip, 0.1, 1);
    mca__time_load(chip, &chip->train.steps[0]);
    assert_int_equal(chip->image_free.ps, end + 60 * 100);
    mca_chip_destroy(chip);
}

/* A column has one sample-and-hold: the next read ends when the samples before are converted. */
static void test_timeline_samples_are_held(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.timing.adc_conversion_ps = 500000;
    struct mca_chip *chip = train(&config, 1, 1);
    const uint64_t sampled = end_ps(chip, MCA_VECTOR_OUTPUT_ERROR, 1) + 1000 + 256 * 500 + 2000;
    assert_int_equal(chip->layers[1].tile_free.ps, sampled + 500000);
    assert_int_equal(chip->layers[1].adc_free.ps, sampled + 2 * 500000);
    mca_chip_destroy(chip);
}

static uint64_t taken_cycle(struct mca_chip *chip, uint64_t ready_cycle) {
    const struct mca_moment beginning = {0};
    const struct mca_command_job job = {0,           0,     0,          MCA_PHASE_TRANSFER,
                                        ready_cycle, 10000, &beginning, MCA_PHASE_UPDATE};
    struct mca_moment held;
    return mca__program_schedule(chip, &job, &held).taken_cycle;
}

/*
 * A queue of two before one driver, pulses of 10 cycles: a command leaves the queue when the driver
 * starts it, and its place is free a cycle later. The array is being read until 4.5 cycles, so the
 * first starts at 5.
 */
static void test_timeline_queue_holds_back(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.fifo_depth = 2;
    struct mca_chip *chip = train(&config, 0, 1);
    struct mca_layer *layer = &chip->layers[0];
    mca_moment_pass(&layer->tile_free, MCA_PHASE_BACKWARD, 4500);
    static const uint64_t taken[] = {1, 2, 6, 16, 26};
    for (uint64_t i = 0; i < 5; ++i) {
        const uint64_t ready = i < 2 ? 1 + i : 2;
        assert_int_equal(taken_cycle(chip, ready), taken[i]);
        assert_int_equal(layer->settled.ps, 5000 + 10000 * (i + 1));
    }
    /* one cycle before the place is free it waits, afterwards it does not */
    assert_int_equal(taken_cycle(chip, 35), 36);
    assert_int_equal(taken_cycle(chip, 46), 46);
    mca_chip_destroy(chip);
}

/*
 * One command leaves a queue in a cycle. Two drivers come free within cycle 4: the first command
 * leaves at 5, and the second, which could have left then too, at 6, held up by the first. Where
 * that one's path counts more, as here one through FORWARD, it is the second's as well.
 */
static void test_timeline_departure_waits_for_the_one_before(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.fifo_depth = 3;
    config.transfer.drivers = 2;
    struct mca_chip *chip = train(&config, 0, 1);
    struct mca_program_queue *queue = &chip->layers[0].queues[0];
    mca_moment_pass(&queue->driver_free[0], MCA_PHASE_UPDATE, 4800);
    mca_moment_pass(&queue->driver_free[1], MCA_PHASE_FORWARD, 4500);
    assert_int_equal(taken_cycle(chip, 1), 1);
    assert_int_equal(taken_cycle(chip, 2), 2);
    for (int d = 0; d < 2; ++d) {
        assert_int_equal(queue->driver_free[d].ps, d == 0 ? 16000 : 15000);
        assert_int_equal(queue->driver_free[d].phase_ps[MCA_PHASE_FORWARD], 4500);
        assert_int_equal(queue->driver_free[d].phase_ps[MCA_PHASE_UPDATE], 0);
    }
    mca_chip_destroy(chip);
}

/* An update of one word with two commands, at `ready` cycles after its start, before a queue of one
 * whose place is free `first_wait` cycles later and whose driver takes the first command
 * `second_wait` cycles after that. */
static struct mca_work held_update(uint32_t access_cycles, uint64_t first_wait,
                                   uint64_t second_wait) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.transfer.fifo_depth = 1;
    config.chi.access_cycles = access_cycles;
    struct mca_chip *chip = train(&config, 0, 1);
    struct mca_layer_signals *s = &chip->signals.layers[1];
    s->input.count = 1;
    s->input.line[0] = 0;
    s->input.code[0] = 255;
    s->rated[3] = s->rated[4] = 2047;
    s->update_shift = -16; /* both cross at once */
    const uint64_t ready = mca_update_latency(&config.chi);
    struct mca_program_queue *queue = &chip->layers[1].queues[0];
    queue->left[0].cycle = ready + first_wait - 1;
    mca_moment_pass(&queue->left[0].at, MCA_PHASE_TRANSFER, queue->left[0].cycle * 1000);
    for (uint32_t d = 0; d < config.transfer.drivers; ++d) {
        mca_moment_pass(&queue->driver_free[d], MCA_PHASE_TRANSFER,
                        (ready + first_wait + second_wait) * 1000);
    }
    const struct mca_step *step = chip->train.steps;
    while (step->kind != MCA_STEP_UPDATE || step->layer != 1) {
        ++step;
    }
    struct mca_work work = {0};
    mca__update(chip, step, &work);
    assert_int_equal(chip->command_count, 2);
    assert_int_equal(chip->units[0].free_cycle, work.cycles);
    mca_chip_destroy(chip);
    return work;
}

/* What full queues hold an update up for, beyond its words' intervals, is in its time. */
static void test_timeline_full_queue_stalls_the_update(void **state) {
    (void)state;
    struct mca_work work = held_update(1, 3, 3);
    assert_int_equal(work.stall_cycles, 6);
    assert_int_equal(work.cycles, 2 * (1 + 3) + 2 + 1 + 4);
    /* with an interval of 5, 3 of the 6 cycles are waited for the memory anyway */
    work = held_update(5, 3, 3);
    assert_int_equal(work.stall_cycles, 3);
    assert_int_equal(work.cycles, 2 * (1 + 3) + 2 + 5 + 4);
    work = held_update(5, 1, 1);
    assert_int_equal(work.stall_cycles, 0);
    assert_int_equal(work.cycles, 5 + 2 + 5 + 4);
}

/* Conductances of both sides, what each device went through, and accumulators. */
static void assert_same_layer(struct mca_layer_view a, struct mca_layer_view b) {
    const struct mca_matrix *x = a.matrix;
    const struct mca_matrix *y = b.matrix;
    const size_t devices = x->rows * x->stride;
    for (int side = 0; side < 2; ++side) {
        assert_memory_equal(x->g[side], y->g[side], devices * sizeof *x->g[side]);
        assert_memory_equal(x->writes[side], y->writes[side], devices * sizeof *x->writes[side]);
        assert_memory_equal(x->pulses_since_reset[side], y->pulses_since_reset[side],
                            devices * sizeof *x->pulses_since_reset[side]);
    }
    for (uint32_t r = 0; r < x->rows; ++r) {
        for (uint32_t c = 0; c < x->cols; ++c) {
            const size_t word = r * a.chi->stride + c;
            assert_int_equal(mca_chi_word(a.chi, word), mca_chi_word(b.chi, word));
        }
    }
}

/* Timing never changes values: slow devices, one driver and a queue of one give the same weights,
 * later. */
static void test_timeline_does_not_change_values(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    struct mca_chip *fast = train(&config, 400, 1);
    config.timing.set_pulse_ps *= 50;
    config.transfer.fifo_depth = 1;
    config.adc.share = 4;
    config.dac.share = 8;
    config.chi.ports = 1;
    struct mca_chip *slow = train(&config, 400, 1);
    assert_true(mca_chip_time_ps(slow) > mca_chip_time_ps(fast));
    for (uint32_t l = 0; l < 2; ++l) {
        assert_same_layer(mca_chip_layer(fast, l), mca_chip_layer(slow, l));
    }
    mca_chip_destroy(fast);
    mca_chip_destroy(slow);
}

/* Rows take turns at converters of a number of their own: backward reads alone take longer, each by
 * so many conversions, and a bank that both directions share takes no time. */
static void test_timeline_of_shared_rows(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.adc.share = 3;
    struct mca_chip *plain = train(&config, 200, 1);
    config.adc.backward_share = 7;
    config.adc.bank = MCA_ADC_BANK_SHARED;
    struct mca_chip *shared = train(&config, 200, 1);
    const struct mca_ledger before = mca_chip_ledger(plain);
    const struct mca_ledger after = mca_chip_ledger(shared);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        const uint64_t expected_ps = before.busy_ps[p][MCA_RESOURCE_ADC];
        assert_int_equal(after.busy_ps[p][MCA_RESOURCE_ADC],
                         p == MCA_PHASE_BACKWARD ? expected_ps / 3 * 7 : expected_ps);
    }
    assert_true(before.busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC] > 0);
    assert_memory_equal(before.counts, after.counts, sizeof before.counts);
    assert_true(mca_chip_time_ps(shared) > mca_chip_time_ps(plain));
    for (uint32_t l = 0; l < 2; ++l) {
        assert_same_layer(mca_chip_layer(plain, l), mca_chip_layer(shared, l));
    }
    mca_chip_destroy(plain);
    mca_chip_destroy(shared);
}

/* A converter of more lines than a tile has waits for none that is not there. */
static void test_timeline_no_more_turns_than_lines(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.tile.rows = 24;
    config.tile.cols = 16;
    config.timing.adc_conversion_ps = 1000;
    config.timing.dac_load_ps = 10;
    static const struct {
        uint32_t share;
        uint64_t forward_adc_ps;
        uint64_t forward_load_ps;
        uint64_t backward_adc_ps;
        uint64_t backward_load_ps;
    } rows[] = {{15, 15000, 150, 15000, 150},
                {17, 16000, 170, 17000, 160},
                {25, 16000, 240, 24000, 160},
                {4096, 16000, 240, 24000, 160}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        config.adc.share = rows[i].share;
        config.dac.share = rows[i].share;
        const struct mca_placement place = mca_placement_of(&config.tile, 1, 1);
        const struct mca_read_time forward = mca_read_time_of(&config, &place, 8, MCA_READ_FORWARD);
        const struct mca_read_time backward =
            mca_read_time_of(&config, &place, 8, MCA_READ_BACKWARD);
        assert_int_equal(forward.adc_ps, rows[i].forward_adc_ps);
        assert_int_equal(forward.load_ps, rows[i].forward_load_ps);
        assert_int_equal(backward.adc_ps, rows[i].backward_adc_ps);
        assert_int_equal(backward.load_ps, rows[i].backward_load_ps);
    }
}

/* The critical path adds up; no resource is busier than its instances allow. */
static void test_timeline_adds_up(void **state) {
    (void)state;
    for (uint32_t batch = 1; batch <= 8; batch += 7) {
        struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
        struct mca_chip *chip = train(&config, 800, batch);
        const struct mca_ledger ledger = mca_chip_ledger(chip);
        const struct mca_inventory inventory = mca_chip_inventory(&config);
        uint64_t critical = 0;
        for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
            critical += ledger.critical_ps[p];
        }
        assert_int_equal(critical, mca_chip_time_ps(chip));
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            uint64_t busy = 0;
            for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
                busy += ledger.busy_ps[p][r];
            }
            assert_true(busy > 0);
            assert_true(busy <= mca_chip_time_ps(chip) * inventory.resource_instances[r]);
        }
        mca_chip_destroy(chip);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timeline_reserve_waits_for_input_and_resource),
        cmocka_unit_test(test_timeline_equal_paths_have_an_order),
        cmocka_unit_test(test_timeline_cycles_round_up),
        cmocka_unit_test(test_timeline_first_image_by_hand),
        cmocka_unit_test(test_timeline_tests_by_hand),
        cmocka_unit_test(test_timeline_tests_on_any_clock),
        cmocka_unit_test(test_timeline_read_waits_for_the_update),
        cmocka_unit_test(test_timeline_images_wait_for_a_buffer),
        cmocka_unit_test(test_timeline_samples_are_held),
        cmocka_unit_test(test_timeline_unit_takes_a_word_a_cycle),
        cmocka_unit_test(test_timeline_rate_changes_when_idle),
        cmocka_unit_test(test_timeline_queue_holds_back),
        cmocka_unit_test(test_timeline_departure_waits_for_the_one_before),
        cmocka_unit_test(test_timeline_full_queue_stalls_the_update),
        cmocka_unit_test(test_timeline_of_shared_rows),
        cmocka_unit_test(test_timeline_no_more_turns_than_lines),
        cmocka_unit_test(test_timeline_does_not_change_values),
        cmocka_unit_test(test_timeline_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
