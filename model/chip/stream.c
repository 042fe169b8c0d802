/*
 * The way forward where layers start on what the layer before has given so far
 * (timing.streaming): when each position is read, and when the digital unit does it. Its operations
 * fall into items, one for each position of a layer with a matrix and for each row of one without:
 * the unit takes the item that can start first; of several, that of the earliest layer. A layer's
 * items follow each other in their order, and the values of the layer that an item needs stand when
 * the last of them does.
 *
 * Reads and operations are kept, step by step, and timed when the last layer's are known.
 */
#include "chip/chip_state.h"

/* A layer on the way forward. */
struct mca_stream_layer {
    const struct mca_step *step; /* of the digital unit */
    const struct mca_step *read; /* NULL: it has no matrix */
    uint32_t items;
    uint32_t *last_needed[2];  /* [items] item of the layer that it takes, and of what it adds */
    uint8_t *reads;            /* [items] of this image */
    struct mca_moment *stands; /* [items] their values */
    uint32_t next;             /* the item that the unit has not done */
    int is_ready;              /* what that waits for is known: */
    struct mca_moment ready;
};

struct mca_stream {
    struct mca_stream_layer layers[MCA_LAYERS_MAX];
};

uint32_t mca_engine_items(const struct mca_chip *chip, uint32_t index) {
    const struct mca_network_layer *layer = &chip->network.layers[index];
    return layer->rows > 0 ? layer->positions : layer->out.height;
}

/* The last of the values of layer `of` that an item needs, counted from 0. */
static uint32_t last_value_needed(const struct mca_network_layer *layer, uint32_t item) {
    struct mca_run runs[MCA_LAYER_KERNEL_MAX];
    if (layer->config.type == MCA_LAYER_RESIDUAL_SUM) {
        return (item + 1) * layer->out.width * layer->out.channels - 1;
    }
    const uint32_t position = layer->rows > 0 ? item : (item + 1) * layer->out.width - 1;
    const struct mca_run *last = &runs[mca_window_runs(layer, position, runs) - 1];
    return last->value + last->count - 1;
}

uint32_t mca_engine_item_needs(const struct mca_chip *chip, uint32_t index, uint32_t item,
                               uint32_t source) {
    const uint32_t item_values =
        chip->network.layers[source].outputs / mca_engine_items(chip, source);
    return last_value_needed(&chip->network.layers[index], item) / item_values;
}

void mca_engine_finish_item(const struct mca_chip *chip, const struct mca_step *step, uint32_t item,
                            struct mca_signals *signals) {
    if (step->vector == MCA_VECTOR_COMBINE) { /* rows that stand come out the same again */
        mca_engine_compute(chip, step, signals, 0);
        return;
    }
    struct mca_layer part = chip->layers[step->layer]; /* as if it had this position alone */
    struct mca_layer_signals s = signals->layers[step->layer];
    const size_t first = (size_t)item * part.outputs;
    part.values = part.outputs;
    s.driven += first;
    if (mca_engine_is_fixed(chip)) {
        s.sum += first;
        s.activation += first;
    } else {
        s.sum_real += first;
        s.activation_real += first;
        s.driven_real += first;
    }
    chip->arithmetic->activate(chip, &part, &s);
    if (item + 1 == part.positions) {
        mca__gather_whole(chip, step->layer, signals);
    }
}

static enum mca_status init_layer(struct mca_stream *stream, struct mca_chip *chip, uint32_t index,
                                  struct mca_error *error) {
    const struct mca_network_layer *layer = &chip->network.layers[index];
    struct mca_stream_layer *s = &stream->layers[index];
    s->items = mca_engine_items(chip, index);
    s->stands = mca_arena_alloc(&chip->arena, s->items, sizeof *s->stands);
    s->reads = mca_arena_alloc(&chip->arena, s->items, sizeof *s->reads);
    const uint32_t sources[] = {layer->takes, layer->config.from};
    const uint32_t source_count = layer->config.type == MCA_LAYER_RESIDUAL_SUM ? 2 : 1;
    for (uint32_t k = 0; k < source_count; ++k) {
        s->last_needed[k] = mca_arena_alloc(&chip->arena, s->items, sizeof *s->last_needed[k]);
        for (uint32_t i = 0; s->last_needed[k] && sources[k] != MCA_FROM_INPUT && i < s->items;
             ++i) {
            s->last_needed[k][i] = mca_engine_item_needs(chip, index, i, sources[k]);
        }
    }
    return s->stands && s->reads && s->last_needed[0] && (source_count == 1 || s->last_needed[1])
               ? MCA_OK
               : mca_fail_memory(error, "streaming layers");
}

enum mca_status mca__stream_init(struct mca_chip *chip, struct mca_error *error) {
    if (!chip->config.timing.streaming || !mca_network_can_stream(&chip->network)) {
        return MCA_OK;
    }
    struct mca_stream *stream = mca_arena_alloc(&chip->arena, 1, sizeof *stream);
    if (!stream) {
        return mca_fail_memory(error, "streaming layers");
    }
    for (uint32_t i = 0; i < chip->network.layer_count; ++i) {
        MCA_TRY(init_layer(stream, chip, i, error));
    }
    chip->stream = stream;
    return MCA_OK;
}

enum mca_status mca__stream_copy(struct mca_chip *copy, struct mca_arena *arena,
                                 struct mca_error *error) {
    const struct mca_stream *stream = copy->stream;
    int whole = 1;
    if (!stream) {
        return MCA_OK;
    }
    copy->stream = mca_arena_take(arena, 1, sizeof *copy->stream, &whole);
    if (!whole) {
        return mca_fail_memory(error, "streaming layers");
    }
    /* the items' arrays are the chip's: a moment is written before it is read, in one call */
    *copy->stream = *stream;
    return MCA_OK;
}

void mca__stream_read(struct mca_chip *chip, const struct mca_step *step,
                      const struct mca_work *work) {
    struct mca_stream_layer *s = &chip->stream->layers[step->layer];
    const uint32_t drives = mca_engine_forward_drives(chip, step->layer);
    s->read = step;
    chip->ends[mca_step_number(&chip->train, step)].reads = work->reads;
    if (chip->shares_reads) { /* those of items are known */
        return;
    }
    for (uint32_t i = 0; i < s->items; ++i) {
        s->reads[i] = (uint8_t)drives;
    }
    if (work->reads == (uint64_t)s->items * drives) {
        return;
    }
    for (uint32_t i = 0; i < s->items; ++i) { /* drives without lines are no reads */
        int sign;
        s->reads[i] = 0;
        mca_engine_gather(chip, step->layer, i, &chip->signals);
        for (uint32_t drive = 0; drive < drives; ++drive) {
            const struct mca_lines *lines =
                mca_engine_drive_forward(chip, step->layer, drive, &chip->signals, &sign);
            s->reads[i] = (uint8_t)(s->reads[i] + (lines->count > 0));
        }
    }
}

/* The latest of what an item's reads, or its operation, take; NULL: it is not known yet. */
static const struct mca_moment *input_of(const struct mca_chip *chip, uint32_t index) {
    const struct mca_network_layer *layer = &chip->network.layers[index];
    const struct mca_stream_layer *s = &chip->stream->layers[index];
    const uint32_t sources[] = {layer->takes, layer->config.from};
    const struct mca_moment *latest = NULL;
    for (uint32_t k = 0; k < 2 && s->last_needed[k]; ++k) {
        const struct mca_moment *stands = s->read ? &chip->image_free : &chip->image_in;
        if (sources[k] != MCA_FROM_INPUT) {
            const struct mca_stream_layer *below = &chip->stream->layers[sources[k]];
            const uint32_t needed = s->last_needed[k][s->next];
            if (needed >= below->next) {
                return NULL;
            }
            stands = &below->stands[needed];
        }
        latest = latest ? mca_moment_later(latest, stands) : stands;
    }
    return latest;
}

/* The reads of a layer's next item, once its input is known; what the operation waits for. */
static void prepare(struct mca_chip *chip, uint32_t index) {
    struct mca_stream_layer *s = &chip->stream->layers[index];
    if (s->is_ready || s->next == s->items) {
        return;
    }
    const struct mca_moment *input = input_of(chip, index);
    if (!input) {
        return;
    }
    s->is_ready = 1;
    s->ready = *input;
    if (s->read) {
        s->ready =
            *mca__time_reads(chip, s->read, input, chip->layers[index].in_bits, s->reads[s->next]);
        chip->ends[mca_step_number(&chip->train, s->read)].at = s->ready;
        if (s->read->takes[0] == chip->train.image) {
            chip->image_read = chip->layers[index].tile_free;
        }
    }
    if (index == 0 && s->next == 0) { /* the unit keeps the image's codes for the update */
        s->ready = *mca_moment_later(&s->ready, &chip->image_in);
    }
}

/* The layer whose next item can start first, the earliest of several; NULL when all is done. */
static struct mca_stream_layer *next_layer(struct mca_chip *chip) {
    struct mca_stream_layer *next = NULL;
    uint64_t next_cycle = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_stream_layer *s = &chip->stream->layers[i];
        prepare(chip, i);
        const uint64_t cycle = s->is_ready ? mca__dpu_start_cycle(chip, i, s->ready.ps) : 0;
        if (s->is_ready && (!next || cycle < next_cycle)) {
            next = s;
            next_cycle = cycle;
        }
    }
    return next;
}

static void do_item(struct mca_chip *chip, struct mca_stream_layer *s) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const int is_last = s->next + 1 == s->items;
    const struct mca_item_work item = mca_work_item(chip, s->step, s->reads[s->next], is_last);
    const struct mca_work work = {.cycles = item.cycles, .cycles_beside = item.cycles_beside};
    const struct mca_unit *unit = mca__unit_of(chip, s->step->layer);
    mca__operate(chip, s->step, &work, mca__dpu_start_cycle(chip, s->step->layer, s->ready.ps),
                 mca_moment_later(&s->ready, &unit->free));
    struct mca_moment *stands = &s->stands[s->next++];
    *stands = unit->free;
    if (!is_last) { /* it leaves the pipeline while the unit takes what is next */
        mca_moment_pass_to(
            stands, s->step->phase,
            mca_cycles_to_ps(unit->free_cycle + mca_work_latency_cycles(chip), clock_hz));
    }
    s->is_ready = 0;
}

void mca__stream_vector(struct mca_chip *chip, const struct mca_step *step) {
    struct mca_stream_layer *s = &chip->stream->layers[step->layer];
    s->step = step;
    s->next = 0;
    if (step->layer + 1 < chip->layer_count) {
        return;
    }
    while ((s = next_layer(chip)) != NULL) {
        do_item(chip, s);
    }
}
