#include "chip/signals.h"

#include "chip/chip_state.h"

static void init_lines(struct mca_lines *lines, struct mca_arena *arena, uint32_t count,
                       int *whole) {
    lines->line = mca_arena_take(arena, (size_t)count + MCA_LINES_PAST, sizeof *lines->line, whole);
    lines->code = mca_arena_take(arena, (size_t)count + MCA_LINES_PAST, sizeof *lines->code, whole);
    lines->value = mca_arena_take(arena, count, sizeof *lines->value, whole);
}

/* How many layers take a layer's outputs, or the image with MCA_FROM_INPUT. */
static uint32_t takers(const struct mca_chip *chip, uint32_t layer) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        count += (uint32_t)mca_layer_takes(&chip->network.layers[i], layer);
    }
    return count;
}

/* Work space of reads; of blocks of them where a matrix is read at several positions. */
static enum mca_status init_scratch(const struct mca_chip *chip, struct mca_arena *arena,
                                    struct mca_signals *signals, uint32_t widest,
                                    struct mca_error *error) {
    uint32_t values = 0;
    size_t tile_cells = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_layer *layer = &chip->layers[i];
        if (layer->positions > 1 && layer->matrix.rows > 0) {
            const struct mca_tile *tile = layer->matrix.tiles;
            const size_t cells = mca_read_block_cells(tile->rows, tile->cols);
            const uint32_t taken = chip->network.layers[i].inputs;
            values = taken > values ? taken : values;
            tile_cells = cells > tile_cells ? cells : tile_cells;
        }
    }
    if (values == 0) {
        return mca_read_scratch_init(&signals->scratch, arena, widest, error);
    }
    int whole = 1;
    for (int d = 0; d < 2; ++d) {
        signals->narrow[d] = mca_arena_take(arena, values, sizeof *signals->narrow[d], &whole);
    }
    init_lines(&signals->joined, arena, MCA_JOINED_LINES + widest, &whole);
    signals->joined_of = mca_arena_take(arena, (size_t)MCA_JOINED_LINES + widest,
                                        sizeof *signals->joined_of, &whole);
    signals->joined_error =
        mca_arena_take(arena, (size_t)MCA_CHI_JOINED_MAX * chip->config.dpu.lanes,
                       sizeof *signals->joined_error, &whole);
    if (!whole) {
        return mca_fail_memory(error, "signals");
    }
    const uint32_t size = widest > MCA_READ_BLOCK_RESULTS ? widest : MCA_READ_BLOCK_RESULTS;
    MCA_TRY(mca_read_scratch_init(&signals->scratch, arena, size, error));
    return mca_read_scratch_blocks(&signals->scratch, arena, widest, tile_cells, error);
}

enum mca_status mca_engine_signals(const struct mca_chip *chip, struct mca_arena *arena,
                                   struct mca_signals *signals, struct mca_error *error) {
    int whole = 1;
    uint32_t widest = 0;
    signals->layers = mca_arena_take(arena, chip->layer_count, sizeof *signals->layers, &whole);
    if (!whole) {
        return mca_fail_memory(error, "signals");
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer_signals *s = &signals->layers[i];
        const uint32_t inputs = chip->layers[i].inputs;
        const uint32_t outputs = chip->layers[i].outputs;
        init_lines(&s->input, arena, inputs, &whole);
        init_lines(&s->drive, arena, outputs, &whole);
        chip->arithmetic->init_signals(s, chip->layers[i].values, takers(chip, i) > 1, arena,
                                       &whole);
        s->choice = mca_arena_take(arena, chip->layers[i].values, sizeof *s->choice, &whole);
        widest = inputs > widest ? inputs : widest;
        widest = outputs > widest ? outputs : widest;
    }
    init_lines(&signals->part, arena, widest, &whole);
    if (chip->gathers_image) {
        chip->arithmetic->init_signals(&signals->image, chip->network.layers[0].inputs, 0, arena,
                                       &whole);
    }
    if (!whole) {
        return mca_fail_memory(error, "signals");
    }
    return init_scratch(chip, arena, signals, widest, error);
}
