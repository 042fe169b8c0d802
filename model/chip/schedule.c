/*
 * The timeline of the chip: when each step of an image starts and ends. Called step by step in the
 * order of the program, when its values and its work are known; adds to the work how long the
 * digital unit waits in it.
 */
#include <string.h>

#include "chip/chip_state.h"

/* A time that only a sink looks at. */
static uint64_t shown_ps(const struct mca_chip *chip, uint64_t cycle) {
    return chip->timeline.sink.operation ? mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz) : 0;
}

static void occupy(struct mca_chip *chip, const struct mca_operation *operation, uint64_t start_ps,
                   uint64_t end_ps, uint64_t busy_ps) {
    const struct mca_occupation occupation = {start_ps, end_ps, busy_ps, start_ps, 0};
    mca_timeline_occupy(&chip->timeline, operation, &occupation);
}

/* The same of units that work side by side: all their cycles, and those beside the longest. */
static void occupy_units(struct mca_chip *chip, const struct mca_operation *operation,
                         uint64_t start_ps, uint64_t end_ps, uint64_t cycles,
                         uint64_t cycles_beside) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const struct mca_occupation occupation = {start_ps, end_ps, mca_cycles_to_ps(cycles, clock_hz),
                                              start_ps, mca_cycles_to_ps(cycles_beside, clock_hz)};
    mca_timeline_occupy(&chip->timeline, operation, &occupation);
}

/* A digital unit is free again at an edge of its clock. */
static void free_unit(struct mca_chip *chip, struct mca_unit *unit, uint64_t cycle,
                      enum mca_phase phase) {
    unit->free_cycle = cycle;
    mca_moment_pass_to(&unit->free, phase, mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz));
    mca_timeline_reach(&chip->timeline, &unit->free);
}

const struct mca_unit *mca__last_unit(const struct mca_chip *chip) {
    const struct mca_unit *last = &chip->units[0];
    for (uint32_t u = 1; u < chip->unit_count; ++u) {
        const struct mca_unit *unit = &chip->units[u];
        last = mca_moment_later(&last->free, &unit->free) == &unit->free ? unit : last;
    }
    return last;
}

/* The latest of what a step waits for, reads left out or not; NULL where that is nothing. */
static const struct mca_moment *ready_of(const struct mca_chip *chip, const struct mca_step *step,
                                         int with_reads) {
    const struct mca_moment *ready = NULL;
    for (uint32_t i = 0; i < step->wait_count; ++i) {
        const enum mca_step_kind kind = chip->train.steps[step->waits[i]].kind;
        if (kind == MCA_STEP_READ && !with_reads) {
            continue;
        }
        /* the digital unit takes an image in words of its own, beside the buffer */
        const int is_image = kind == MCA_STEP_LOAD;
        const struct mca_moment *at = is_image && mca_step_is_digital(step)
                                          ? &chip->image_in
                                          : &chip->ends[step->waits[i]].at;
        ready = ready ? mca_moment_later(ready, at) : at;
    }
    return ready;
}

const struct mca_moment *mca__ready(const struct mca_chip *chip, const struct mca_step *step) {
    return ready_of(chip, step, 1);
}

static struct mca_step_end *end_of(struct mca_chip *chip, const struct mca_step *step) {
    return &chip->ends[mca_step_number(&chip->train, step)];
}

void mca__operate(struct mca_chip *chip, const struct mca_step *step, const struct mca_work *work,
                  uint64_t start_cycle, const struct mca_moment *from) {
    static const char *const names[] = {"partial sums, sigmoid", "error", "outer product"};
    const struct mca_dpu_operation operation = {step, start_cycle, work->cycles};
    struct mca_unit *unit = mca__unit_of(chip, step->layer);
    if (from != &unit->free) {
        unit->free = *from;
    }
    free_unit(chip, unit, start_cycle + work->cycles, step->phase);
    const struct mca_operation held = {
        MCA_RESOURCE_DPU, step->phase, step->layer, 0,
        step->vector == MCA_VECTOR_PRODUCT ? "products" : names[mca_dpu_kind_of(step)]};
    occupy_units(chip, &held, shown_ps(chip, start_cycle), unit->free.ps,
                 work->cycles - work->stall_cycles + work->cycles_beside, work->cycles_beside);
    end_of(chip, step)->at = unit->free;
    mca__tell_operation(chip, &operation);
}

/* Whether a moment is another one, a time of a phase later. */
static int is_later_by(const struct mca_moment *moment, const struct mca_moment *before,
                       enum mca_phase phase, uint64_t duration_ps) {
    struct mca_moment expected;
    mca_moment_after(&expected, before, phase, duration_ps);
    return memcmp(moment, &expected, sizeof expected) == 0;
}

/* Reads of a layer, one after the other. */
struct layer_reads {
    struct mca_layer *layer;
    enum mca_phase phase;
    struct mca_read_time time;
    const struct mca_moment *ready; /* what they take */
    uint64_t reads;
    struct mca_moment *converted; /* [reads] when each is done; NULL where none is followed alone */
};

/* A read, when the pipeline's steps are free, which then are until the next. */
static void time_one(struct mca_chip *chip, const struct layer_reads *of) {
    struct mca_layer *layer = of->layer;
    const enum mca_phase phase = of->phase;
    const struct mca_read_time *time = &of->time;
    const struct mca_operation drive = {MCA_RESOURCE_DAC, phase, layer->index, 0, "drive"};
    const struct mca_operation read = {MCA_RESOURCE_TILE, phase, layer->index, 0, "read"};
    const struct mca_operation convert = {MCA_RESOURCE_ADC, phase, layer->index, 0, "convert"};
    /* the array must be free and programmed when the DAC's pulses begin */
    struct mca_moment loaded;
    mca_moment_after(&loaded, mca_moment_later(of->ready, &layer->dac_free), phase, time->load_ps);
    const struct mca_moment *begin =
        mca_moment_later(&loaded, mca_moment_later(&layer->tile_free, &layer->settled));
    const uint64_t begin_ps = begin->ps;
    mca_moment_after(&layer->dac_free, begin, phase, time->dac_ps - time->load_ps);
    occupy(chip, &drive, begin_ps - time->load_ps, layer->dac_free.ps, time->dac_ps);
    mca_moment_after(&layer->tile_free, begin, phase, time->tile_ps);
    occupy(chip, &read, begin_ps, layer->tile_free.ps, time->tile_ps);
    /* the samples of the read before are held until they are converted */
    if (mca_moment_later(&layer->tile_free, &layer->adc_free) == &layer->adc_free) {
        layer->tile_free = layer->adc_free;
    }
    const struct mca_moment *held = mca_moment_later(&layer->tile_free, &layer->adc_free);
    const uint64_t held_ps = held->ps;
    mca_moment_after(&layer->adc_free, held, phase, time->adc_ps);
    occupy(chip, &convert, held_ps, layer->adc_free.ps, time->adc_ps);
}

/* Times a read. Returns the time from it to the next where all that follow come at one pace: it
 * moved every step of the pipeline by as much and waited for nothing but them. Otherwise 0. */
static uint64_t time_paced(struct mca_chip *chip, const struct layer_reads *of) {
    struct mca_layer *layer = of->layer;
    if (of->reads == 1) {
        time_one(chip, of);
        return 0;
    }
    const struct mca_moment dac = layer->dac_free;
    const struct mca_moment tile = layer->tile_free;
    const struct mca_moment adc = layer->adc_free;
    time_one(chip, of);
    const uint64_t pace_ps = layer->adc_free.ps - adc.ps;
    const int is_steady = of->ready->ps < dac.ps && layer->settled.ps < tile.ps &&
                          is_later_by(&layer->dac_free, &dac, of->phase, pace_ps) &&
                          is_later_by(&layer->tile_free, &tile, of->phase, pace_ps) &&
                          is_later_by(&layer->adc_free, &adc, of->phase, pace_ps);
    return is_steady ? pace_ps : 0;
}

/* `count` further reads at the pace of the last one, which nobody watches. */
static void repeat(struct mca_chip *chip, const struct layer_reads *of, uint64_t pace_ps,
                   uint64_t count) {
    struct mca_layer *layer = of->layer;
    const uint64_t all_ps = count * pace_ps;
    for (uint64_t i = 0; of->converted && i < count; ++i) {
        mca_moment_after(&of->converted[of->reads - count + i], &layer->adc_free, of->phase,
                         (i + 1) * pace_ps);
    }
    mca_moment_pass(&layer->dac_free, of->phase, all_ps);
    mca_moment_pass(&layer->tile_free, of->phase, all_ps);
    mca_moment_pass(&layer->adc_free, of->phase, all_ps);
    mca_ledger_busy(chip->timeline.ledger, layer->index, of->phase, MCA_RESOURCE_DAC,
                    count * of->time.dac_ps, 0);
    mca_ledger_busy(chip->timeline.ledger, layer->index, of->phase, MCA_RESOURCE_TILE,
                    count * of->time.tile_ps, 0);
    mca_ledger_busy(chip->timeline.ledger, layer->index, of->phase, MCA_RESOURCE_ADC,
                    count * of->time.adc_ps, 0);
}

const struct mca_moment *mca__time_reads(struct mca_chip *chip, const struct mca_step *step,
                                         const struct mca_moment *ready, uint32_t bits,
                                         uint64_t reads) {
    struct mca_layer *layer = &chip->layers[step->layer];
    const int is_followed = layer->positions > 1 && step->phase != MCA_PHASE_REFRESH;
    const struct layer_reads of = {
        layer,
        step->phase,
        mca_read_time_of(&chip->config, &layer->matrix.place, bits, mca_read_kind_of(step)),
        ready,
        reads,
        is_followed ? chip->converted : NULL};
    for (uint64_t i = 0; i < reads; ++i) {
        const uint64_t pace_ps = time_paced(chip, &of);
        if (of.converted) {
            of.converted[i] = layer->adc_free;
        }
        if (pace_ps > 0 && !chip->timeline.sink.operation) {
            repeat(chip, &of, pace_ps, reads - i - 1);
            break;
        }
    }
    return reads > 0 ? &layer->adc_free : ready;
}

void mca__time_read(struct mca_chip *chip, const struct mca_step *step,
                    const struct mca_work *work) {
    if (chip->stream && !step->is_backward) {
        mca__stream_read(chip, step, work);
        return;
    }
    const uint32_t bits = step->is_backward ? chip->drive_bits : chip->layers[step->layer].in_bits;
    struct mca_step_end *end = end_of(chip, step);
    const struct mca_moment *ready = mca__ready(chip, step);
    if (chip->held.is_held) { /* the converters still hold the codes of the image before */
        ready = mca_moment_later(ready, &chip->held.taken);
    }
    end->at = *mca__time_reads(chip, step, ready, bits, work->reads);
    end->reads = work->reads;
    if (step->takes[0] == chip->train.image) {
        chip->image_read = chip->layers[step->layer].tile_free;
    }
}

/* When the digital unit has an image that began to load at `start`: the pixels come one after the
 * other, and it takes them when it has those of the image before. */
static void time_image(struct mca_chip *chip, const struct mca_moment *start) {
    const uint64_t cycle = mca_engine_image_cycle(chip, start->ps, chip->image_cycle);
    const uint64_t in_ps = mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz);
    struct mca_moment loaded = *start;
    mca_moment_pass_to(&loaded, MCA_PHASE_FORWARD, in_ps);
    if (cycle > chip->image_cycle + mca__image_words(chip)) {
        chip->image_in = loaded;
    } else {
        mca_moment_pass_to(&chip->image_in, MCA_PHASE_FORWARD, in_ps);
        if (mca_engine_image_cycle(chip, start->ps, 0) == cycle) {
            chip->image_in = *mca_moment_of_equals(&chip->image_in, &loaded);
        }
    }
    chip->image_cycle = cycle;
}

void mca__time_load(struct mca_chip *chip, const struct mca_step *step) {
    const uint64_t pixels = chip->network.layers[0].inputs;
    const uint64_t duration_ps = pixels * chip->config.timing.image_load_ps_per_byte;
    const struct mca_operation load = {MCA_RESOURCE_IMAGE_PORT, step->phase, step->layer, 0,
                                       "load image"};
    /* one of the two buffers has the image before, the other one that of before that */
    const struct mca_moment *released = &chip->image_released[chip->held.is_held];
    const struct mca_moment start =
        *mca_moment_later(mca_moment_later(&chip->image_read, released), &chip->image_free);
    mca_timeline_reserve(&chip->timeline, &chip->image_free, &load, &start, duration_ps);
    time_image(chip, &start);
    end_of(chip, step)->at = chip->image_free;
}

void mca__time_idle(struct mca_chip *chip) {
    chip->image_free = *mca_moment_later(&chip->image_free, &chip->timeline.frontier);
}

void mca__time_release(struct mca_chip *chip) {
    chip->image_released[0] = chip->image_released[1];
    chip->image_released[1] = mca__last_unit(chip)->free;
    chip->held.is_held = 0;
}

/* No pulse can come any more that a digital unit has not sent by now. */
static void settle(struct mca_layer *layer, const struct mca_unit *unit) {
    if (mca_moment_later(&layer->settled, &unit->free) == &unit->free) {
        layer->settled = unit->free;
    }
}

void mca__time_batch(struct mca_chip *chip) {
    const int decides = mca_pulses_ask_for_refresh(&chip->config);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (decides || (chip->batch > 1 && !chip->network.layers[i].config.frozen)) {
            settle(&chip->layers[i], mca__last_unit(chip));
        }
    }
}

/* Whether a path that leads to `to` counts, where the unit comes to this edge by `from`. */
static int leads_to_edge(const struct mca_chip *chip, const struct mca_step *step, uint64_t cycle,
                         const struct mca_moment *from, const struct mca_moment *to) {
    struct mca_moment paced = *from;
    mca_moment_pass_to(&paced, step->phase, mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz));
    return mca_moment_later(&paced, to) == to;
}

/* An operation on the sums of many positions: the unit adds a read's codes up as soon as they are
 * converted, `read_cycles` each, and does the rest when all are. */
static void sum_as_converted(struct mca_chip *chip, const struct mca_step *step,
                             struct mca_work *work) {
    const struct mca_moment *free = &mca__unit_of(chip, step->layer)->free;
    const struct mca_moment *from = mca_moment_later(&chip->converted[0], free);
    const struct mca_moment *beside = ready_of(chip, step, 0);
    from = beside ? mca_moment_later(from, beside) : from;
    const uint64_t start = mca__dpu_start_cycle(chip, step->layer, from->ps);
    uint64_t cycle = start + work->read_cycles;
    for (uint64_t i = 1; i < work->reads; ++i) {
        const struct mca_moment *next = &chip->converted[i];
        const uint64_t ready = mca_ps_to_cycles(next->ps, chip->config.dpu.clock_hz);
        if (ready > cycle || (ready == cycle && leads_to_edge(chip, step, cycle, from, next))) {
            from = next;
            work->stall_cycles += ready - cycle;
            cycle = ready;
        }
        cycle += work->read_cycles;
    }
    work->cycles += work->stall_cycles;
    mca__operate(chip, step, work, start, from);
}

void mca__time_vector(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    if (chip->stream && step->phase == MCA_PHASE_FORWARD) {
        mca__stream_vector(chip, step);
        return;
    }
    const struct mca_step *read = mca_step_read(&chip->train, step);
    if (read && chip->layers[read->layer].positions > 1 && work->reads > 0) {
        sum_as_converted(chip, step, work);
        return;
    }
    const struct mca_moment *ready = mca__ready(chip, step);
    mca__operate(chip, step, work, mca__dpu_start_cycle(chip, step->layer, ready->ps),
                 mca_moment_later(ready, &mca__unit_of(chip, step->layer)->free));
}

void mca__time_product(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    mca__time_vector(chip, step, work);
    if (step->takes[0] == chip->train.image) {
        chip->image_read = mca__unit_of(chip, step->layer)->free;
    }
}

void mca__time_update(struct mca_chip *chip, const struct mca_step *step, uint64_t start_cycle,
                      const struct mca_work *work, const struct mca_moment *from) {
    mca__operate(chip, step, work, start_cycle, from);
    if (chip->batch == 1) {
        settle(&chip->layers[step->layer], mca__unit_of(chip, step->layer));
    }
    const struct mca_chi *chi = &chip->layers[step->layer].chi;
    if (!mca_chi_is_kept(chi) || chip->layers[step->layer].is_digital) {
        return;
    }
    const uint64_t interval = mca_chi_interval(&chi->config);
    const uint64_t longest = mca__updater_words(chip, step->layer, work->words);
    const struct mca_operation add = {MCA_RESOURCE_CHI, step->phase, step->layer, 0,
                                      "read, add, write"};
    const uint64_t first = start_cycle + work->read_cycles;
    occupy_units(chip, &add, shown_ps(chip, first), shown_ps(chip, first + longest * interval),
                 work->words * interval,
                 (work->words - longest) * interval); /* ends before the update does */
}

void mca__time_scan(struct mca_chip *chip) {
    chip->scan_begun = mca__last_unit(chip)->free;
}

/* A unit that is free before its turn waits for it. */
static void wait_for_turn(struct mca_chip *chip, struct mca_unit *unit) {
    if (unit->free.ps < chip->scan_begun.ps) {
        unit->free = chip->scan_begun;
        unit->free_cycle = mca_ps_to_cycles(unit->free.ps, chip->config.dpu.clock_hz);
    }
}

/* The unit compares layer after layer. It keeps up with the converters of a layer whose turn has
 * come; of one that was read side by side with those before it, all may be converted by then. */
uint64_t mca__time_refresh(struct mca_chip *chip, const struct mca_step *step,
                           const struct mca_work *work) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    struct mca_unit *unit = mca__unit_of(chip, step->layer);
    wait_for_turn(chip, unit);
    const uint64_t start_ps = unit->free.ps;
    const struct mca_moment *read =
        mca__time_reads(chip, step, &chip->scan_begun, chip->config.dac.bits, work->reads);
    const uint64_t compared_cycle = unit->free_cycle + work->cycles;
    mca_moment_pass_to(&unit->free, step->phase, mca_cycles_to_ps(compared_cycle, clock_hz));
    unit->free = *mca_moment_later(&unit->free, read);
    free_unit(chip, unit, mca_max_u64(compared_cycle, mca_ps_to_cycles(read->ps, clock_hz)),
              step->phase);
    const struct mca_operation compare = {MCA_RESOURCE_DPU, step->phase, step->layer, 0,
                                          "compare with thresholds"};
    occupy_units(chip, &compare, start_ps, unit->free.ps, work->cycles + work->cycles_beside,
                 work->cycles_beside);
    settle(&chip->layers[step->layer], unit);
    if (chip->config.refresh.layers == MCA_LAYERS_IN_TURN) {
        chip->scan_begun = unit->free;
    }
    return unit->free_cycle;
}
