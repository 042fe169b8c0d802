#include "chip/signals.h"

#include "chip/chip_state.h"

static void *take(struct mca_arena *arena, size_t count, size_t size, int *whole) {
    void *block = mca_arena_alloc(arena, count, size);
    *whole = *whole && block;
    return block;
}

static void init_lines(struct mca_lines *lines, struct mca_arena *arena, uint32_t count,
                       int *whole) {
    lines->line = take(arena, count, sizeof *lines->line, whole);
    lines->code = take(arena, count, sizeof *lines->code, whole);
    lines->value = take(arena, count, sizeof *lines->value, whole);
}

enum mca_status mca_signals_init(struct mca_signals *signals, struct mca_arena *arena,
                                 const struct mca_chip *chip, struct mca_error *error) {
    int whole = 1;
    uint32_t widest = 0;
    signals->layers = take(arena, chip->layer_count, sizeof *signals->layers, &whole);
    if (!whole) {
        return mca_fail_memory(error, "signals");
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer_signals *s = &signals->layers[i];
        const uint32_t inputs = chip->layers[i].inputs;
        const uint32_t outputs = chip->layers[i].outputs;
        init_lines(&s->input, arena, inputs, &whole);
        init_lines(&s->drive, arena, outputs, &whole);
        s->sum = take(arena, outputs, sizeof *s->sum, &whole);
        s->sum_real = take(arena, outputs, sizeof *s->sum_real, &whole);
        s->activation = take(arena, outputs, sizeof *s->activation, &whole);
        s->activation_real = take(arena, outputs, sizeof *s->activation_real, &whole);
        s->raw_error = take(arena, outputs, sizeof *s->raw_error, &whole);
        s->error = take(arena, outputs, sizeof *s->error, &whole);
        s->rated = take(arena, outputs, sizeof *s->rated, &whole);
        s->error_real = take(arena, outputs, sizeof *s->error_real, &whole);
        s->rated_real = take(arena, outputs, sizeof *s->rated_real, &whole);
        widest = inputs > widest ? inputs : widest;
        widest = outputs > widest ? outputs : widest;
    }
    if (!whole) {
        return mca_fail_memory(error, "signals");
    }
    return mca_read_scratch_init(&signals->scratch, arena, widest, error);
}
