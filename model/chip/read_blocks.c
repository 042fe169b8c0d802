/*
 * Reads of a matrix at several positions, many at a time (array/read/read_model.h). The same values
 * as position by position, which is how a probe of conversions is told of them.
 */
#include <string.h>

#include "base/clones.h"
#include "base/simd.h"
#include "chip/chip_state.h"

int mca__reads_blocks(const struct mca_chip *chip, const struct mca_layer *layer, int is_backward) {
    const uint32_t lines =
        mca_matrix_block_lines(&layer->matrix, is_backward ? chip->drive_bits : layer->in_bits);
    const struct mca_tile *tile = layer->matrix.tiles; /* the first is the largest */
    return layer->positions > 1 && chip->arithmetic->drives_codes &&
           layer->matrix.adcs->forward.ops->has_codes && !chip->tells_reads &&
           (is_backward ? tile->cols : tile->rows) <= lines;
}

/* Reads gathered for a block: which drive of which position each is. */
struct gathered {
    uint32_t count;
    uint32_t position[MCA_READ_BLOCK];
    int sign[MCA_READ_BLOCK];
    uint32_t draw[MCA_READ_BLOCK];
};

static int sign_of(uint32_t drives, uint32_t drive) {
    return drives == 1 ? 0 : drive == 0 ? 1 : -1;
}

/* Codes of one sign, with their magnitudes; all as they are where that is 0. */
MCA_CLONES
static void narrow(const int32_t *restrict from, size_t count, int sign, int16_t *restrict to) {
    const int32_t turned = sign < 0 ? -1 : 1;
    const int32_t least = sign == 0 ? INT16_MIN : 0;
    for (size_t i = 0; i < count; ++i) {
        const int32_t code = turned * from[i];
        to[i] = (int16_t)(code > least ? code : least);
    }
}

/* Counted in elements as wide as the codes, piece by piece. */
MCA_CLONES
static uint32_t count_driven(const int16_t *restrict code, size_t count) {
    enum { PIECE = 1 << 14 };
    uint32_t driven = 0;
    for (size_t first = 0; first < count; first += PIECE) {
        const size_t end = count - first < PIECE ? count : first + PIECE;
        uint16_t some = 0;
        for (size_t i = first; i < end; ++i) {
            some = (uint16_t)(some + (code[i] != 0));
        }
        driven += some;
    }
    return driven;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* 32 codes at a time: most runs are shorter. Returns how many runs are done. */
MCA_TARGET_AVX512
static uint32_t copy_runs_wide(const struct mca_run *runs, uint32_t run_count,
                               const int16_t *values, int16_t *code) {
    for (uint32_t r = 0; r < run_count; ++r) {
        const int16_t *from = values + runs[r].value;
        int16_t *to = code + runs[r].line;
        for (uint32_t i = 0; i < runs[r].count; i += 32) {
            const uint32_t left = runs[r].count - i;
            const __mmask32 some = left < 32 ? ((__mmask32)1 << left) - 1 : 0xffffffff;
            _mm512_mask_storeu_epi16(to + i, some, _mm512_maskz_loadu_epi16(some, from + i));
        }
    }
    return run_count;
}
#else
static uint32_t copy_runs_wide(const struct mca_run *runs, uint32_t run_count,
                               const int16_t *values, int16_t *code) {
    (void)runs, (void)run_count, (void)values, (void)code;
    return 0;
}
#endif

/* All lines of a position, the bias last. */
static void gather_codes(const struct mca_chip *chip, const struct mca_layer *layer,
                         uint32_t position, const int16_t *values, int16_t *code) {
    const struct mca_network_layer *shape = &chip->network.layers[layer->index];
    const struct mca_run *runs;
    const uint32_t count = mca__runs_of(layer, position, &runs);
    if (shape->config.padding > 0) { /* lines that no run has */
        memset(code, 0, layer->inputs * sizeof *code);
    }
    const int is_wide = mca_simd_level() == MCA_SIMD_AVX512;
    for (uint32_t i = is_wide ? copy_runs_wide(runs, count, values, code) : 0; i < count; ++i) {
        memcpy(code + runs[i].line, values + runs[i].value, runs[i].count * sizeof *code);
    }
}

/* The reads from number *k on, of `reads`, that drive any line. */
static void gather_forward(const struct mca_chip *chip, const struct mca_layer *layer,
                           struct mca_signals *signals, struct mca_read_block *block,
                           struct gathered *to, uint64_t *driven, uint32_t *k) {
    const uint32_t drives = mca_engine_forward_drives(chip, layer->index);
    const uint32_t most = mca_read_block_reads(layer->inputs, layer->matrix.tiles->cols);
    const int32_t bias = layer->bias_code;
    const int is_always = drives == 1 && bias != 0; /* no read is without a driven line */
    to->count = 0;
    for (; *k < layer->positions * drives && to->count < most; ++*k) {
        int16_t *code = signals->scratch.codes + to->count * block->stride;
        const int sign = sign_of(drives, *k % drives);
        gather_codes(chip, layer, *k / drives, signals->narrow[sign < 0], code);
        code[layer->inputs - 1] = (int16_t)(sign < 0 ? 0 : bias);
        const uint32_t lines = is_always ? 0 : count_driven(code, layer->inputs);
        to->position[to->count] = *k / drives;
        to->sign[to->count] = sign;
        to->draw[to->count] = *k;
        to->count += is_always || lines > 0;
        *driven += lines;
    }
    if (is_always) {
        *driven = count_driven(signals->scratch.codes, to->count * block->stride);
    }
    block->reads = to->count;
}

/* Conversions of a block's results, `count` for each read; returns how many were clipped. */
static uint64_t convert(const struct mca_adc *adc, const struct mca_read_block *block,
                        uint32_t count, struct mca_read_scratch *s) {
    const size_t stride = mca_read_block_stride(count);
    const size_t rows = stride == count ? 1 : block->reads;
    const size_t length = stride == count ? block->reads * stride : count;
    uint64_t clips = 0;
    for (size_t i = 0; i < rows; ++i) {
        clips += adc->ops->convert(adc, s->column + i * stride, length, s->levels + i * stride);
    }
    return clips;
}

/* A read's conversions where others' are. */
static struct mca_read_scratch levels_of(const struct mca_read_scratch *s, size_t stride,
                                         uint32_t read) {
    struct mca_read_scratch of = *s;
    of.levels += read * stride;
    return of;
}

static void add_forward(const struct mca_chip *chip, const struct mca_layer *layer,
                        const struct gathered *of, uint32_t tile, struct mca_signals *signals) {
    const size_t stride = mca_read_block_stride(layer->matrix.tiles[tile].cols);
    for (uint32_t i = 0; i < of->count; ++i) {
        const struct mca_tile_read read = {tile, of->position[i], of->sign[i]};
        const struct mca_read_scratch at = levels_of(&signals->scratch, stride, i);
        mca_engine_add_forward(chip, layer->index, &read, &at, signals);
    }
}

void mca__read_forward_blocks(const struct mca_chip *chip, const struct mca_step *step,
                              const struct mca_walk *walk, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_matrix *matrix = &layer->matrix;
    struct mca_signals *signals = walk->signals;
    struct mca_read_scratch *s = &signals->scratch;
    const uint32_t drives = mca_engine_forward_drives(chip, step->layer);
    const struct mca_layer_signals *taken =
        mca__values_of(signals, chip->network.layers[step->layer].takes);
    for (uint32_t d = 0; d < drives; ++d) {
        narrow(taken->driven, chip->network.layers[step->layer].inputs, sign_of(drives, d),
               signals->narrow[d]);
    }
    struct gathered of;
    struct mca_read_block block = {.code = s->codes,
                                   .stride = mca_read_block_code_stride(layer->inputs),
                                   .bits = layer->in_bits,
                                   .purpose = walk->event.purpose,
                                   .event = walk->event.event,
                                   .draw = of.draw};
    memset(s->codes, 0, /* behind each read's lines */
           mca_read_block_reads(layer->inputs, matrix->tiles->cols) * block.stride *
               sizeof *s->codes);
    const uint32_t base = step->read * layer->positions * drives;
    for (uint32_t k = 0; k < layer->positions * drives;) {
        uint64_t driven = 0;
        gather_forward(chip, layer, signals, &block, &of, &driven, &k);
        for (uint32_t i = 0; i < of.count; ++i) {
            of.draw[i] += base;
        }
        for (uint32_t t = 0; t < mca_placement_tiles(&matrix->place); ++t) {
            const struct mca_tile *tile = &matrix->tiles[t];
            matrix->read->forward_block(matrix, tile, &block, s);
            *walk->clips += convert(&matrix->adcs[t].forward, &block, tile->cols, s);
            add_forward(chip, layer, &of, t, signals);
        }
        mca_work_read(chip, step, of.count, driven, work);
    }
}

/* As gather_forward, with the columns that errors drive. */
static void gather_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                            struct mca_signals *signals, struct mca_read_block *block,
                            struct gathered *to, uint64_t *driven, uint32_t *k) {
    const uint32_t drives = mca_engine_backward_drives(chip);
    const uint32_t outputs = layer->outputs;
    const uint32_t most = mca_read_block_reads(outputs, layer->matrix.tiles->rows);
    const struct mca_layer_signals *s = &signals->layers[layer->index];
    int32_t *codes = signals->scratch.levels; /* of a position */
    to->count = 0;
    for (; *k < layer->positions * drives && to->count < most; ++*k) {
        int16_t *code = signals->scratch.codes + to->count * block->stride;
        const int sign = sign_of(drives, *k % drives);
        mca_dac_codes(s->error + (size_t)(*k / drives) * outputs, outputs,
                      chip->config.dpu.error_bits - 1, chip->drive_bits, codes);
        narrow(codes, outputs, sign, code);
        const uint32_t lines = count_driven(code, outputs);
        to->position[to->count] = *k / drives;
        to->sign[to->count] = sign;
        to->draw[to->count] = *k;
        to->count += lines > 0;
        *driven += lines;
    }
    block->reads = to->count;
}

static void add_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         const struct gathered *of, uint32_t tile, uint32_t rows,
                         struct mca_signals *signals) {
    for (uint32_t i = 0; i < of->count; ++i) {
        const struct mca_tile_read read = {tile, of->position[i], of->sign[i]};
        const struct mca_read_scratch at =
            levels_of(&signals->scratch, mca_read_block_stride(rows), i);
        mca_engine_add_backward(chip, layer->index, &read, &at, signals);
    }
}

void mca__read_backward_blocks(struct mca_chip *chip, const struct mca_step *step,
                               struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_matrix *matrix = &layer->matrix;
    struct mca_read_scratch *s = &chip->signals.scratch;
    const uint32_t reads = layer->positions * mca_engine_backward_drives(chip);
    struct gathered of;
    struct mca_read_block block = {.code = s->codes,
                                   .stride = mca_read_block_code_stride(layer->outputs),
                                   .bits = chip->drive_bits,
                                   .purpose = MCA_RNG_BACKWARD,
                                   .event = chip->stats.images,
                                   .draw = of.draw};
    for (uint32_t t = 0; t < mca_placement_tiles(&matrix->place); ++t) {
        const struct mca_tile *tile = &matrix->tiles[t];
        const uint32_t rows = mca_engine_rows_below(chip, step->layer, t);
        matrix->read->pack(matrix, tile, rows, s);
        for (uint32_t k = 0; k < reads;) {
            uint64_t driven = 0;
            gather_backward(chip, layer, &chip->signals, &block, &of, &driven, &k);
            if (t == 0) { /* all tiles are read at the same time */
                mca_work_read(chip, step, of.count, driven, work);
            }
            if (rows > 0) {
                matrix->read->backward_block(matrix, tile, rows, &block, s);
                chip->stats.adc_clips += convert(&matrix->adcs[t].backward, &block, rows, s);
                add_backward(chip, layer, &of, t, rows, &chip->signals);
            }
        }
    }
}
