#include "chip/chip_state.h"

enum mca_status mca__updaters_init(struct mca_chip *chip, struct mca_error *error) {
    uint32_t tiles = 1;
    uint32_t rows = 0;
    uint32_t words = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_layer *layer = &chip->layers[i];
        if (mca__has_updaters(layer)) {
            const uint32_t row_words = mca_chi_row_words(&layer->chi);
            tiles = layer->parts.units > tiles ? layer->parts.units : tiles;
            rows = layer->chi.rows > rows ? layer->chi.rows : rows;
            words = row_words > words ? row_words : words;
        }
    }
    if (tiles == 1) {
        return MCA_OK;
    }
    int whole = 1;
    struct mca_tile_updaters *engines = mca_arena_take(&chip->arena, 1, sizeof *engines, &whole);
    if (whole) {
        engines->of = mca_arena_take(&chip->arena, tiles, sizeof *engines->of, &whole);
        engines->rows = mca_arena_take(&chip->arena, rows, sizeof *engines->rows, &whole);
        engines->words = mca_arena_take(&chip->arena, words, sizeof *engines->words, &whole);
    }
    chip->updaters = engines;
    return whole ? MCA_OK : mca_fail_memory(error, "update engines");
}

int mca__has_updaters(const struct mca_layer *layer) {
    return layer->parts.units > 1;
}

/* How a layer's chi is cut: rows and words of it that lie with a tile. */
struct cut {
    uint32_t first_row;
    uint32_t end_row;
    uint32_t first_word;
    uint32_t end_word;
};

static struct cut cut_of(const struct mca_layer *layer, uint32_t index) {
    const struct mca_tile tile = mca_placement_tile(&layer->matrix.place, index, 0);
    const uint32_t lanes = layer->chi.lanes;
    return mca_chi_lies_by_columns(&layer->chi)
               ? (struct cut){tile.col0, tile.col0 + tile.cols, tile.row0 / lanes,
                              (uint32_t)mca_dpu_words(tile.row0 + tile.rows, lanes)}
               : (struct cut){tile.row0, tile.row0 + tile.rows, tile.col0 / lanes,
                              (uint32_t)mca_dpu_words(tile.col0 + tile.cols, lanes)};
}

/* How many of `count` ascending numbers are below `bound`. */
static uint32_t below(const uint32_t *numbers, uint32_t count, uint32_t bound) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (numbers[middle] < bound) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t rows_below(const struct mca_tile_updaters *engines, uint32_t bound) {
    return below(engines->rows, engines->row_count, bound);
}

static uint32_t words_below(const struct mca_tile_updaters *engines, uint32_t bound) {
    return below(engines->words, engines->word_count, bound);
}

uint64_t mca__updater_row_words(const struct mca_layer *layer, uint32_t tile) {
    if (!mca__has_updaters(layer)) {
        return mca_chi_row_words(&layer->chi);
    }
    const struct cut cut = cut_of(layer, tile);
    return cut.end_word - cut.first_word;
}

uint64_t mca__updater_words(const struct mca_chip *chip, uint32_t layer, uint64_t words) {
    const struct mca_layer *of = &chip->layers[layer];
    uint64_t most = 0;
    for (uint32_t t = 0; mca__has_updaters(of) && t < of->parts.units; ++t) {
        most = mca_max_u64(most, chip->updaters->of[t].words);
    }
    return mca__has_updaters(of) ? most : words;
}

void mca__updaters_begin(struct mca_chip *chip, const struct mca_layer *layer) {
    for (uint32_t t = 0; t < layer->parts.units; ++t) {
        chip->updaters->of[t] = (struct mca_tile_updater){.word = UINT64_MAX};
    }
}

static void take_row(struct mca_tile_updaters *engines, uint32_t row) {
    engines->rows[engines->row_count++] = row;
}

/* The word of a column of chi, once; columns come in their order. */
static void take_word_of(struct mca_tile_updaters *engines, const struct mca_chi *chi,
                         uint32_t column) {
    const uint32_t word = column / chi->lanes;
    if (engines->word_count == 0 || engines->words[engines->word_count - 1] != word) {
        engines->words[engines->word_count++] = word;
    }
}

static void take_all_words(struct mca_tile_updaters *engines, const struct mca_chi *chi) {
    for (engines->word_count = 0; engines->word_count < mca_chi_row_words(chi);
         ++engines->word_count) {
        engines->words[engines->word_count] = engines->word_count;
    }
}

void mca__updaters_take_position(struct mca_chip *chip, const struct mca_layer *layer,
                                 uint32_t position, const struct mca_layer_signals *s) {
    struct mca_tile_updaters *engines = chip->updaters;
    const int is_by_columns = mca_chi_lies_by_columns(&layer->chi);
    const size_t first = (size_t)position * layer->outputs;
    const int is_fixed = mca_engine_is_fixed(chip);
    engines->row_count = engines->word_count = 0;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        if (is_by_columns) {
            take_word_of(engines, &layer->chi, s->input.line[k]);
        } else {
            take_row(engines, s->input.line[k]);
        }
    }
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        if (is_fixed ? s->rated[first + c] == 0 : s->error_real[first + c] == 0.0) {
            continue;
        }
        if (is_by_columns) {
            take_row(engines, c);
        } else {
            take_word_of(engines, &layer->chi, c);
        }
    }
    if (chip->arithmetic->takes_rows) {
        take_all_words(engines, &layer->chi);
    }
}

void mca__updaters_take_sums(struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                             const int32_t *sums) {
    struct mca_tile_updaters *engines = chip->updaters;
    engines->row_count = engines->word_count = 0;
    take_row(engines, row);
    for (uint32_t c = 0; sums && c < layer->chi.cols; ++c) {
        if (sums[c] != 0) {
            take_word_of(engines, &layer->chi, c);
        }
    }
    if (chip->arithmetic->takes_rows) {
        take_all_words(engines, &layer->chi);
    }
}

/* Words of what comes next that lie with a tile. */
static uint64_t words_of(const struct mca_tile_updaters *engines, const struct mca_layer *layer,
                         uint32_t tile) {
    const struct cut cut = cut_of(layer, tile);
    const uint64_t rows = rows_below(engines, cut.end_row) - rows_below(engines, cut.first_row);
    return rows * (words_below(engines, cut.end_word) - words_below(engines, cut.first_word));
}

void mca__updaters_sum(struct mca_chip *chip, const struct mca_layer *layer) {
    for (uint32_t t = 0; t < layer->parts.units && !chip->config.timing.free_dpu; ++t) {
        chip->updaters->of[t].start += words_of(chip->updaters, layer, t);
    }
}

void mca__updaters_serve(struct mca_chip *chip, const struct mca_layer *layer) {
    for (uint32_t t = 0; t < layer->parts.units; ++t) {
        chip->updaters->of[t].words += words_of(chip->updaters, layer, t);
    }
}

/* Cycles of what commands come with: a word, or in floating point a row of the tile. */
static uint64_t pace_of(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t tile) {
    const uint64_t words = chip->arithmetic->takes_rows ? mca__updater_row_words(layer, tile) : 1;
    return words * mca_chi_interval(&layer->chi.config);
}

static void leave_word(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t tile) {
    struct mca_tile_updater *engine = &chip->updaters->of[tile];
    const uint64_t pace = pace_of(chip, layer, tile);
    engine->beyond +=
        mca_max_u64(pace, engine->commands * mca_update_command_cycles(&layer->chi.config)) - pace;
    engine->commands = 0;
}

uint64_t mca__updaters_command_cycle(struct mca_chip *chip, const struct mca_layer *layer,
                                     uint32_t row, uint32_t col) {
    const struct mca_tile_updaters *engines = chip->updaters;
    const int is_by_columns = mca_chi_lies_by_columns(&layer->chi);
    const uint32_t tile = mca_placement_tile_of(&layer->matrix.place, row, col);
    const struct cut cut = cut_of(layer, tile);
    struct mca_tile_updater *engine = &engines->of[tile];
    const uint64_t rows =
        rows_below(engines, is_by_columns ? col : row) - rows_below(engines, cut.first_row);
    const uint32_t first = words_below(engines, cut.first_word);
    const uint64_t row_words = words_below(engines, cut.end_word) - first;
    const uint32_t own = (is_by_columns ? row : col) / layer->chi.lanes;
    const uint64_t words = chip->arithmetic->takes_rows ? 0 : words_below(engines, own) - first;
    const uint64_t word = engine->words + rows * row_words + words;
    if (word != engine->word) {
        leave_word(chip, layer, tile);
        engine->word = word;
    }
    return engine->start + word * mca_chi_interval(&layer->chi.config) + engine->beyond +
           engine->commands++ * mca_update_command_cycles(&layer->chi.config);
}

void mca__updaters_end(struct mca_chip *chip, const struct mca_layer *layer,
                       struct mca_update_result *result) {
    const uint64_t latency = mca_update_latency(&layer->chi.config);
    uint64_t all = 0;
    result->cycles = result->summed_cycles = 0;
    for (uint32_t t = 0; t < layer->parts.units; ++t) {
        struct mca_tile_updater *engine = &chip->updaters->of[t];
        leave_word(chip, layer, t);
        engine->cycles = engine->start + engine->words * mca_chi_interval(&layer->chi.config) +
                         engine->beyond + latency;
        all += engine->cycles;
        result->cycles = mca_max_u64(result->cycles, engine->cycles);
        result->summed_cycles = mca_max_u64(result->summed_cycles, engine->start);
    }
    result->cycles_beside = all - result->cycles;
}
