/* Weight update: outer product into chi, pulse commands to the programming drivers. */
#include "base/mathx.h"
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
    uint64_t first_cycle;   /* in which the first word's commands reach their queues */
    uint64_t interval;      /* cycles of a word without commands */
    uint64_t words;         /* in a row */
    uint64_t word;          /* the one at work, row x words + word of the row */
    uint64_t word_cycle;    /* when it began */
    uint64_t taken_cycle;   /* of the last command */
    int was_held;           /* within this word */
    struct mca_moment from; /* from here on the path is the engine's own time */
    struct mca_moment pace; /* as `from`, had this word not been held up; where it was */
};

static uint64_t edge_ps(const struct mca_chip *chip, uint64_t cycle) {
    return mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz);
}

/* The word is over: when its interval is, and when its last command is taken. */
static void leave_word(struct engine *engine) {
    if (!engine->was_held) {
        return;
    }
    engine->was_held = 0;
    const uint64_t interval_end = engine->word_cycle + engine->interval;
    const uint64_t commands_end = engine->taken_cycle + 1;
    if (interval_end < commands_end) {
        return;
    }
    if (interval_end == commands_end) {
        const uint64_t end_ps = edge_ps(engine->chip, interval_end);
        mca_moment_pass_to(&engine->pace, MCA_PHASE_UPDATE, end_ps);
        mca_moment_pass_to(&engine->from, MCA_PHASE_UPDATE, end_ps);
        if (mca_moment_of_equals(&engine->from, &engine->pace) == &engine->from) {
            return;
        }
    }
    engine->from = engine->pace;
}

static struct mca_command_time schedule(struct engine *engine, const struct mca_pulse_command *c,
                                        uint64_t ready_cycle) {
    struct mca_chip *chip = engine->chip;
    const uint64_t word = c->row * engine->words + c->col / chip->config.dpu.lanes % engine->words;
    if (word != engine->word) {
        leave_word(engine);
        engine->word = word;
        engine->word_cycle = ready_cycle;
    }
    const struct mca_command_job job = {c->layer,      c->row,
                                        c->col,        MCA_PHASE_TRANSFER,
                                        ready_cycle,   mca_engine_pulses_ps(chip, c->pulses),
                                        &engine->from, MCA_PHASE_UPDATE};
    struct mca_moment held;
    const struct mca_command_time time = mca__program_schedule(chip, &job, &held);
    if (time.is_held) {
        if (!engine->was_held) {
            engine->pace = engine->from;
            engine->was_held = 1;
        }
        engine->from = held;
    }
    engine->taken_cycle = time.taken_cycle;
    return time;
}

static uint64_t push_command(void *user, uint32_t row, uint32_t col, int32_t pulses,
                             uint64_t cycle) {
    struct engine *engine = user;
    struct mca_chip *chip = engine->chip;
    const struct mca_pulse_command command = {engine->layer->index, row, col, pulses};
    mca_engine_program_remember(chip, command);
    const uint64_t ready = engine->first_cycle + cycle;
    struct mca_command_time time = {ready, ready, 0};
    if (chip->batch == 1) { /* otherwise scheduled at the end of the mini-batch */
        time = schedule(engine, &command, ready);
    }
    const struct mca_dpu_command shown = {command.layer,  row, col, pulses, time.taken_cycle,
                                          time.left_cycle};
    mca__tell_command(chip, &shown);
    return time.taken_cycle - engine->first_cycle;
}

struct mca_update_result mca_engine_update_values(struct mca_chip *chip, uint32_t index,
                                                  struct mca_signals *signals,
                                                  const struct mca_pulse_sink *sink) {
    return chip->arithmetic->update(chip, &chip->layers[index], &signals->layers[index], sink);
}

void mca_engine_count_update(struct mca_chip *chip, uint32_t index,
                             const struct mca_signals *signals, const struct mca_update_result *r) {
    const struct mca_layer *layer = &chip->layers[index];
    const struct mca_layer_signals *s = &signals->layers[index];
    struct mca_ledger *ledger = &chip->ledger;
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t word_bits = lanes * chip->config.chi.bits;
    const uint32_t code_bits = mca_converter_width(chip->config.dac.bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_BUFFER_READ,
               (uint64_t)layer->inputs * code_bits +
                   r->words * lanes * chip->config.dpu.error_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_READ, r->words * word_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_WRITE, r->words * word_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_MULTIPLY, r->products);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_ADD, r->products);
    if (chip->arithmetic->draws_random && chip->config.dpu.rounding == MCA_ROUND_STOCHASTIC) {
        mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_RANDOM, r->words * lanes);
    }
    chip->stats.update_macs_nonzero += (uint64_t)s->input.count * layer->outputs;
    chip->stats.update_products += r->products;
    chip->stats.updates_lost += chip->config.dpu.rounding == MCA_ROUND_STOCHASTIC ? 0 : r->lost;
    chip->stats.chi_saturations += r->saturations;
    chip->stats.chi_saturated += r->saturated;
    chip->stats.commands += r->commands;
}

static struct engine begin_engine(struct mca_chip *chip, struct mca_layer *layer,
                                  uint64_t start_cycle) {
    const uint64_t words = mca_dpu_words(layer->outputs, chip->config.dpu.lanes);
    const uint64_t interval = mca_chi_interval(&chip->config.chi);
    const int takes_rows = chip->arithmetic->takes_rows;
    return (struct engine){.chip = chip,
                           .layer = layer,
                           /* a command reaches its queue as many cycles after its word's as the
                            * operation takes to fill and drain */
                           .first_cycle = start_cycle + mca_update_latency(&chip->config.chi),
                           .interval = takes_rows ? words * interval : interval,
                           .words = takes_rows ? 1 : words,
                           .word = UINT64_MAX,
                           .from = *mca_moment_later(&layer->error_ready, &chip->dpu_free)};
}

void mca__update_layer(struct mca_chip *chip, uint32_t index) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t start_cycle = mca__dpu_start_cycle(chip, layer->error_ready.ps);
    struct engine engine = begin_engine(chip, layer, start_cycle);
    const struct mca_pulse_sink pulses = {&engine, push_command};
    const struct mca_update_result result =
        mca_engine_update_values(chip, index, &chip->signals, &pulses);
    mca_engine_count_update(chip, index, &chip->signals, &result);
    leave_word(&engine);
    mca__time_update(chip, index, start_cycle, &result, &engine.from);
}
