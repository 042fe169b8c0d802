/*
 * The update of a matrix that is read at several positions, many of them as one: their input lines
 * stand in one list, so that a row's chain of generators is the only thing that the next one waits
 * for. The same values, commands and cycles as position by position.
 */
#include <string.h>

#include "chip/chip_state.h"

/* Positions that wait for their update. */
struct joined {
    const struct mca_command_sink *sink;
    const struct mca_layer *layer;
    uint64_t cycle; /* of the update, in which the first of them begins */
    uint32_t position[MCA_CHI_JOINED_MAX];
    struct mca_update update;
};

static void collect(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    const struct joined *from = user;
    const uint32_t inputs = from->layer->inputs;
    from->sink->push(from->sink->user,
                     (struct mca_pulse_command){from->layer->index, row % inputs, col, pulses,
                                                from->cycle + cycle, from->position[row / inputs]});
}

static void apply(struct mca_layer *layer, struct joined *joined, struct mca_update_result *sum) {
    if (joined->update.joined > 0) {
        const struct mca_pulse_sink sink = {joined, collect};
        const struct mca_update_result result = mca_chi_update(&layer->chi, &joined->update, &sink);
        mca__add_update_result(sum, &result);
        joined->cycle += result.cycles - mca_update_latency(&layer->chi.config);
        joined->update.joined = 0;
        joined->update.count = 0;
        joined->update.products = 0;
    }
}

/* Errors to a word of lanes; returns how many are not 0. */
static uint32_t take_errors(const int32_t *restrict error, uint32_t count, uint32_t lanes,
                            int32_t *restrict to) {
    uint32_t nonzero = 0;
    memcpy(to, error, count * sizeof *to);
    memset(to + count, 0, (lanes - count) * sizeof *to);
    for (uint32_t c = 0; c < lanes; ++c) {
        nonzero += to[c] != 0;
    }
    return nonzero;
}

/* A position's lines behind those that wait; without any error there is nothing to do. */
static void join(const struct mca_chip *chip, uint32_t position, struct mca_signals *signals,
                 struct joined *joined, struct mca_update_result *sum) {
    const struct mca_layer *layer = joined->layer;
    struct mca_update *update = &joined->update;
    const struct mca_layer_signals *s = &signals->layers[layer->index];
    const uint32_t first = update->count;
    struct mca_lines lines = {0, signals->joined.line + first, signals->joined.code + first, NULL};
    chip->arithmetic->gather(
        layer, position, mca__values_of(signals, chip->network.layers[layer->index].takes), &lines);
    const struct mca_update at = chip->arithmetic->update_at(chip, layer, position, s);
    const uint32_t lanes = chip->config.dpu.lanes;
    const uint32_t nonzero = take_errors(at.error, layer->outputs, lanes,
                                         signals->joined_error + (size_t)update->joined * lanes);
    sum->rows += lines.count;
    if (nonzero > 0) {
        for (uint32_t k = 0; k < lines.count; ++k) {
            signals->joined_of[first + k] = update->joined;
        }
        joined->position[update->joined++] = position;
        update->count += lines.count;
        update->products += (uint64_t)nonzero * lines.count;
    }
}

int mca__update_joined(struct mca_chip *chip, struct mca_layer *layer, struct mca_signals *signals,
                       const struct mca_command_sink *sink, struct mca_update_result *sum) {
    if (layer->positions == 1 || layer->is_digital || !chip->arithmetic->update_at ||
        chip->tells_updates || mca__has_updaters(layer)) {
        return 0;
    }
    struct joined joined = {
        .sink = sink,
        .layer = layer,
        .update = chip->arithmetic->update_at(chip, layer, 0, &signals->layers[layer->index])};
    if (!mca_chi_joins(&layer->chi, &joined.update)) {
        return 0;
    }
    joined.update.row = signals->joined.line;
    joined.update.code = signals->joined.code;
    joined.update.of = signals->joined_of;
    joined.update.error = signals->joined_error;
    for (uint32_t p = 0; p < layer->positions; ++p) {
        join(chip, p, signals, &joined, sum);
        if (joined.update.joined == MCA_CHI_JOINED_MAX ||
            joined.update.count + layer->inputs > MCA_JOINED_LINES) {
            apply(layer, &joined, sum);
        }
    }
    apply(layer, &joined, sum);
    sum->cycles = joined.cycle + mca_update_latency(&layer->chi.config);
    return 1;
}
