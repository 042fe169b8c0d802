/* Weight update: outer product into chi, pulse commands to the programming drivers. */
#include "chip/chip_state.h"

/*
 * The update engine at its words, and the path that its time goes by: its own pace, but for a
 * command that a full queue held up. That command comes by the queue's path, and what follows it
 * does too, unless the word's interval is longer than what it was held up for: then the word after
 * comes when it would have come anyway.
 */
struct engine {
    struct mca_chip *chip;
    struct mca_layer *layer;
    uint32_t tile;          /* whose commands it has, where each tile has an engine */
    uint64_t first_cycle;   /* in which the first word's commands reach their queues */
    uint64_t interval;      /* cycles of a word without commands */
    uint64_t word;          /* the one at work (mca__word_of) */
    uint64_t word_cycle;    /* when it began */
    uint64_t word_commands; /* so far */
    uint64_t next_cycle;    /* in which a further command of it can be handed over */
    uint64_t stall_cycles;  /* for full queues so far, beyond the words' intervals */
    int was_held;           /* within this word */
    struct mca_moment from; /* from here on the path is the engine's own time */
    struct mca_moment pace; /* as `from`, had this word not been held up; where it was */
};

static uint64_t edge_ps(const struct mca_chip *chip, uint64_t cycle) {
    return mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz);
}

/* The path after a word that was held up: from when its interval is over, or from when its last
 * command is taken. */
static void leave_held_word(struct engine *engine) {
    engine->was_held = 0;
    const uint64_t interval_end = engine->word_cycle + engine->interval;
    if (interval_end < engine->next_cycle) {
        return;
    }
    if (interval_end == engine->next_cycle) {
        const uint64_t end_ps = edge_ps(engine->chip, interval_end);
        mca_moment_pass_to(&engine->pace, MCA_PHASE_UPDATE, end_ps);
        mca_moment_pass_to(&engine->from, MCA_PHASE_UPDATE, end_ps);
        if (mca_moment_of_equals(&engine->from, &engine->pace) == &engine->from) {
            return;
        }
    }
    engine->from = engine->pace;
}

static void leave_word(struct engine *engine) {
    if (engine->was_held) {
        const uint64_t busy = mca_max_u64(
            engine->interval,
            engine->word_commands * mca_update_command_cycles(&engine->layer->chi.config));
        const uint64_t spent = engine->next_cycle - engine->word_cycle;
        engine->stall_cycles += mca_max_u64(spent, busy) - busy;
        leave_held_word(engine);
    }
}

uint64_t mca__word_of(const struct mca_chip *chip, const struct mca_layer *layer,
                      const struct mca_pulse_command *c) {
    const struct mca_chi *chi = &layer->chi;
    const uint64_t cell = c->position * chi->rows * chi->stride + mca_chi_cell(chi, c->row, c->col);
    return cell / (chip->arithmetic->takes_rows ? chi->stride : chi->lanes);
}

/* A command to the queue of its tile, as soon as that has a place. */
static struct mca_command_time hand_over(struct engine *engine, const struct mca_pulse_command *c) {
    struct mca_chip *chip = engine->chip;
    const uint64_t word = mca__word_of(chip, engine->layer, c);
    if (word != engine->word) {
        leave_word(engine);
        engine->word = word;
        engine->word_cycle = engine->first_cycle + c->ready_cycle + engine->stall_cycles;
        engine->word_commands = 0;
        engine->next_cycle = engine->word_cycle;
    }
    const uint64_t duration_ps = mca_engine_pulses_ps(chip, c->pulses);
    const struct mca_command_job job = {
        c->layer,           c->row,      c->col,        MCA_PHASE_TRANSFER,
        engine->next_cycle, duration_ps, &engine->from, MCA_PHASE_UPDATE};
    struct mca_moment held;
    const struct mca_command_time time = mca__program_schedule(chip, &job, &held);
    if (time.is_held) {
        if (!engine->was_held) {
            engine->pace = engine->from;
            engine->was_held = 1;
        }
        engine->from = held;
    }
    engine->next_cycle = time.taken_cycle + mca_update_command_cycles(&engine->layer->chi.config);
    ++engine->word_commands;
    return time;
}

/* An engine's commands of an update, among the chip's last from number `first` on. Those of a
 * mini-batch wait for its end. */
static void hand_over_all(struct engine *engine, size_t first) {
    const struct mca_chip *chip = engine->chip;
    for (size_t i = first; i < chip->command_count; ++i) {
        const struct mca_pulse_command *c = &chip->commands[i];
        if (!mca__is_of_updater(engine->layer, c, engine->tile)) {
            continue;
        }
        const uint64_t ready = engine->first_cycle + c->ready_cycle;
        const struct mca_command_time time =
            chip->batch == 1 ? hand_over(engine, c) : (struct mca_command_time){ready, ready, 0};
        const struct mca_dpu_command shown = {c->layer,  c->row,           c->col,
                                              c->pulses, time.taken_cycle, time.left_cycle};
        mca__tell_command(chip, &shown);
    }
    leave_word(engine);
}

void mca__collect(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    const struct mca_collector *from = user;
    const struct mca_layer *layer = &from->chip->layers[from->layer];
    const uint64_t ready = mca__has_updaters(layer)
                               ? mca__updaters_command_cycle(from->chip, layer, row, col)
                               : from->cycle + cycle;
    from->sink->push(from->sink->user, (struct mca_pulse_command){from->layer, row, col, pulses,
                                                                  ready, from->position});
}

void mca__add_update_result(struct mca_update_result *sum, const struct mca_update_result *result) {
    sum->words += result->words;
    sum->products += result->products;
    sum->lost += result->lost;
    sum->commands += result->commands;
    sum->pulses += result->pulses;
    sum->saturations += result->saturations;
    sum->saturated += result->saturated;
    sum->pulses_lost += result->pulses_lost;
}

void mca__collect_result(struct mca_collector *from, const struct mca_update_result *result,
                         struct mca_update_result *sum) {
    const struct mca_layer *layer = &from->chip->layers[from->layer];
    mca__add_update_result(sum, result);
    from->cycle += result->cycles - mca_update_latency(&layer->chi.config);
    if (mca__has_updaters(layer) && result->words > 0) {
        mca__updaters_serve(from->chip, layer);
    }
}

void mca__end_collecting(const struct mca_collector *from, struct mca_update_result *sum) {
    const struct mca_layer *layer = &from->chip->layers[from->layer];
    sum->cycles = from->cycle + mca_update_latency(&layer->chi.config);
    if (mca__has_updaters(layer)) {
        mca__updaters_end(from->chip, layer, sum);
    }
}

struct mca_update_result mca_engine_update_values(struct mca_chip *chip, uint32_t index,
                                                  struct mca_signals *signals,
                                                  const struct mca_command_sink *sink) {
    struct mca_layer *layer = &chip->layers[index];
    if (mca__has_updaters(layer)) {
        mca__updaters_begin(chip, layer);
    }
    if (layer->sums_positions) {
        return mca__update_sums(chip, layer, signals, sink);
    }
    struct mca_collector collector = {chip, sink, index, 0, 0};
    const struct mca_pulse_sink pulses = {&collector, mca__collect};
    struct mca_update_result sum = {0};
    if (mca__update_joined(chip, layer, signals, sink, &sum)) {
        return sum;
    }
    for (uint32_t p = 0; p < layer->positions; ++p) {
        collector.position = p;
        mca_engine_gather(chip, index, p, signals);
        if (mca__has_updaters(layer)) {
            mca__updaters_take_position(chip, layer, p, &signals->layers[index]);
        }
        const struct mca_update_result result =
            chip->arithmetic->update(chip, layer, p, &signals->layers[index], &pulses);
        mca__collect_result(&collector, &result, &sum);
        sum.rows += signals->layers[index].input.count;
    }
    mca__end_collecting(&collector, &sum);
    return sum;
}

static void remember(void *user, struct mca_pulse_command command) {
    mca_engine_program_remember(user, command);
}

void mca_engine_record_update(struct mca_chip *chip, const struct mca_step *step,
                              const struct mca_update_result *r) {
    chip->stats.update_macs_nonzero += r->rows * chip->layers[step->layer].outputs;
    chip->stats.update_products += r->products;
    chip->stats.updates_lost +=
        chip->layers[step->layer].chi.rounding == MCA_ROUND_STOCHASTIC ? 0 : r->lost;
    chip->stats.chi_saturations += r->saturations;
    chip->stats.chi_saturated += r->saturated;
    chip->stats.commands += r->commands;
    chip->stats.pulses_lost += r->pulses_lost;
    chip->pulses_since_refresh += r->pulses;
}

static struct engine begin_engine(struct mca_chip *chip, struct mca_layer *layer, uint32_t tile,
                                  uint64_t start_cycle, const struct mca_moment *ready) {
    const uint64_t words = chip->arithmetic->takes_rows ? mca__updater_row_words(layer, tile) : 1;
    return (struct engine){.chip = chip,
                           .layer = layer,
                           .tile = tile,
                           /* a command reaches its queue as many cycles after its word's as the
                            * operation takes to fill and drain */
                           .first_cycle = start_cycle + mca_update_latency(&layer->chi.config),
                           .interval = words * mca_chi_interval(&layer->chi.config),
                           .word = UINT64_MAX,
                           .from =
                               *mca_moment_later(ready, &mca__unit_of(chip, layer->index)->free)};
}

void mca__schedule_update(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work,
                          size_t first) {
    /* a held update follows the unit's last operation, which gave it its errors; the image's ends
     * are the next one's by now */
    const struct mca_moment *ready =
        chip->held.is_held ? &mca__unit_of(chip, step->layer)->free : mca__ready(chip, step);
    const uint64_t start_cycle = mca__dpu_start_cycle(chip, step->layer, ready->ps);
    struct mca_layer *layer = &chip->layers[step->layer];
    struct mca_moment from = {0};
    struct mca_moment end = {0};
    uint64_t cycles = 0; /* of the engine that is done last */
    for (uint32_t e = 0; e < layer->parts.units; ++e) {
        struct engine engine = begin_engine(chip, layer, e, start_cycle, ready);
        hand_over_all(&engine, first);
        const uint64_t own =
            (mca__has_updaters(layer) ? chip->updaters->of[e].cycles : work->cycles) +
            engine.stall_cycles;
        struct mca_moment done = engine.from;
        mca_moment_pass_to(&done, MCA_PHASE_UPDATE, edge_ps(chip, start_cycle + own));
        if (e == 0 || mca_moment_later(&end, &done) == &done) {
            end = done;
            from = engine.from;
            cycles = own;
        }
    }
    work->stall_cycles = cycles - work->cycles;
    work->cycles = cycles;
    mca__time_update(chip, step, start_cycle, work, &from);
}

void mca__update(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    const struct mca_command_sink commands = {chip, remember};
    const size_t first = chip->command_count;
    const struct mca_update_result result =
        mca_engine_update_values(chip, step->layer, &chip->signals, &commands);
    mca_engine_record_update(chip, step, &result);
    mca_work_update(chip, step, &result, work);
    if (chip->what_if) {
        mca__what_if_update(chip, step, work, first);
    }
    mca__schedule_update(chip, step, work, first);
}
