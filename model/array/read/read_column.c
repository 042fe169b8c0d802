/*
 * One noise draw per column, on the grid of conductances: sums of integers, and their noise, are
 * exact in any order. Inputs' squares are 12-bit codes, as pairs' variances are.
 */
#include <string.h>

#include "array/read/block_kernels.h"
#include "array/read/read_kernels.h"
#include "array/read/read_noise.h"
#include "base/clones.h"
#include "base/mathx.h"

enum { SQUARE_BITS = 12 };

static enum mca_status prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                               struct mca_error *error) {
    MCA_TRY(mca__pair_noise_prepare(matrix, arena, error));
    matrix->bytes_per_weight = mca__pair_noise_bytes(matrix);
    return MCA_OK;
}

MCA_CLONES
static void squares_of(const int32_t *restrict code, uint32_t count, uint32_t bits,
                       uint32_t *restrict square) {
    const uint32_t shift = 2 * bits > SQUARE_BITS ? 2 * bits - SQUARE_BITS : 0;
    const uint32_t half = shift ? 1u << (shift - 1) : 0;
    const uint32_t most = (1u << SQUARE_BITS) - 1;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t magnitude = code[i] < 0 ? (uint32_t)-code[i] : (uint32_t)code[i];
        const uint32_t rounded = (magnitude * magnitude + half) >> shift;
        square[i] = rounded < most ? rounded : most;
    }
}

/* Lines whose sums of `bits`-bit codes fit 32 bits: 2^(31 - 15 - bits), and 256 for the variance.
 */
static uint32_t lines_per_block(uint32_t bits) {
    return bits <= 8 ? 256 : 256u >> (bits - 8);
}

static struct mca_read_scale scale_of(const struct mca_matrix *matrix, uint32_t bits) {
    return mca__read_scale_of(matrix, bits, 2 * bits < SQUARE_BITS ? 2 * bits : SQUARE_BITS);
}

/* What a read's, or a block of reads', sums in s->sum and s->var stand for. */
static struct mca_rng_normals normals_of(const struct mca_matrix *matrix, uint32_t bits,
                                         const struct mca_read_scratch *s) {
    const struct mca_read_scale scale = scale_of(matrix, bits);
    return (struct mca_rng_normals){s->sum, scale.sum, s->var, scale.variance};
}

/* Without noise. */
static void to_us(const struct mca_rng_normals *of, size_t count, double *out_us) {
    for (size_t i = 0; i < count; ++i) {
        out_us[i] = (double)of->mean[i] * of->mean_unit;
    }
}

/* The end of a read where one block of lines was all. */
static void finish_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                         uint32_t bits, struct mca_read_event event, uint32_t count,
                         struct mca_read_scratch *s, double *out_us) {
    const struct mca_rng_normals of = normals_of(matrix, bits, s);
    if (matrix->read_tables) {
        mca__draw_columns(matrix, tile, event, count, &of, out_us);
    } else {
        to_us(&of, count, out_us);
    }
}

/* Adds a block's 32-bit sums to the wide ones and clears them. */
MCA_CLONES
static void flush(struct mca_read_scratch *s, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        s->wide_sum[i] += (double)s->sum[i];
        s->wide_var[i] += (double)s->var[i];
    }
    memset(s->sum, 0, count * sizeof *s->sum);
    memset(s->var, 0, count * sizeof *s->var);
}

static void start_block(struct mca_read_scratch *s, size_t count) {
    memset(s->sum, 0, count * sizeof *s->sum);
    memset(s->var, 0, count * sizeof *s->var);
}

static void start(struct mca_read_scratch *s, size_t count) {
    memset(s->wide_sum, 0, count * sizeof *s->wide_sum);
    memset(s->wide_var, 0, count * sizeof *s->wide_var);
    start_block(s, count);
}

static struct mca_read_arrays arrays_at(const struct mca_matrix *matrix, uint32_t row, uint32_t col,
                                        uint32_t cols) {
    const struct mca_pair_noise *noise = matrix->read_tables;
    const size_t offset = (size_t)row * matrix->stride + col;
    return (struct mca_read_arrays){
        .difference = matrix->difference + offset,
        .variance = noise ? noise->variance + offset : NULL,
        .stride = matrix->stride,
        .cols = ((size_t)cols + 15) / 16 * 16,
    };
}

/* Driven columns of a block, scattered to dense; *k moves past them. */
static void spread_codes(const struct mca_drive *drive, uint32_t first, uint32_t cols,
                         size_t padded_cols, struct mca_read_scratch *s, uint32_t *k) {
    memset(s->code, 0, padded_cols * sizeof *s->code);
    memset(s->square, 0, padded_cols * sizeof *s->square);
    for (; *k < drive->count && drive->line[*k] < first + cols; ++*k) {
        const uint32_t c = drive->line[*k] - first;
        s->code[c] = drive->code[*k];
        squares_of(&drive->code[*k], 1, drive->bits, &s->square[c]);
    }
}

static void forward(const struct mca_matrix *matrix, const struct mca_tile *tile,
                    const struct mca_drive *drive, struct mca_read_event event,
                    struct mca_read_scratch *s, double *column_us) {
    const struct mca_read_arrays arrays = arrays_at(matrix, 0, tile->col0, tile->cols);
    const uint32_t block = lines_per_block(drive->bits);
    if (drive->count <= block) {
        start_block(s, arrays.cols);
        squares_of(drive->code, drive->count, drive->bits, s->square);
        mca_read_rows(&arrays, drive->line, drive->code, s->square, drive->count, s->sum, s->var);
        finish_block(matrix, tile, drive->bits, event, tile->cols, s, column_us);
        return;
    }
    start(s, arrays.cols);
    for (uint32_t k = 0; k < drive->count; k += block) {
        const uint32_t lines = drive->count - k < block ? drive->count - k : block;
        squares_of(drive->code + k, lines, drive->bits, s->square);
        mca_read_rows(&arrays, drive->line + k, drive->code + k, s->square, lines, s->sum, s->var);
        flush(s, arrays.cols);
    }
    mca__finish_read(matrix, tile, scale_of(matrix, drive->bits), event, tile->cols, s, column_us);
}

static void backward(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                     const struct mca_drive *drive, struct mca_read_event event,
                     struct mca_read_scratch *s, double *row_us) {
    /* each row is one dot product; blocks keep the sums within 32 bits */
    const uint32_t block = lines_per_block(drive->bits);
    uint32_t k = 0;
    if (tile->cols <= block) {
        const struct mca_read_arrays arrays = arrays_at(matrix, tile->row0, tile->col0, tile->cols);
        start_block(s, rows);
        spread_codes(drive, tile->col0, tile->cols, arrays.cols, s, &k);
        mca_read_cols(&arrays, rows, s->code, s->square, s->sum, s->var);
        finish_block(matrix, tile, drive->bits, event, rows, s, row_us);
        return;
    }
    start(s, rows);
    for (uint32_t first = 0; first < tile->cols; first += block) {
        const uint32_t cols = tile->cols - first < block ? tile->cols - first : block;
        const struct mca_read_arrays arrays =
            arrays_at(matrix, tile->row0, tile->col0 + first, cols);
        spread_codes(drive, tile->col0 + first, cols, arrays.cols, s, &k);
        mca_read_cols(&arrays, rows, s->code, s->square, s->sum, s->var);
        flush(s, rows);
    }
    mca__finish_read(matrix, tile, scale_of(matrix, drive->bits), event, rows, s, row_us);
}

/* Where a line of a block begins that is the first of a tile. */
static struct mca_block_factors factors_of(const struct mca_read_block *block,
                                           const int16_t *factors, uint32_t first, uint32_t lines) {
    return (struct mca_block_factors){factors + first, block->stride, block->reads, lines};
}

static void finish_reads(const struct mca_matrix *matrix, const struct mca_tile *tile,
                         const struct mca_read_block *block, size_t stride,
                         struct mca_read_scratch *s) {
    const struct mca_rng_normals of = normals_of(matrix, block->bits, s);
    if (matrix->read_tables) {
        mca__draw_block(matrix, tile, block, stride, &of, s->column);
    } else {
        to_us(&of, block->reads * stride, s->column);
    }
}

static void squares_of_block(const struct mca_read_block *block, int16_t *squares) {
    const uint32_t shift = 2 * block->bits > SQUARE_BITS ? 2 * block->bits - SQUARE_BITS : 0;
    mca_block_squares(block->code, block->reads * block->stride, shift, (1u << SQUARE_BITS) - 1,
                      squares);
}

static void forward_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                          const struct mca_read_block *block, struct mca_read_scratch *s) {
    const struct mca_read_arrays arrays = arrays_at(matrix, tile->row0, tile->col0, tile->cols);
    const struct mca_block_factors codes = factors_of(block, block->code, tile->row0, tile->rows);
    mca_block_rows(&codes, arrays.difference, arrays.stride, arrays.cols, s->sum);
    if (arrays.variance) {
        squares_of_block(block, s->squares);
        const struct mca_block_factors squares =
            factors_of(block, s->squares, tile->row0, tile->rows);
        mca_block_rows(&squares, (const int16_t *)arrays.variance, arrays.stride, arrays.cols,
                       (int32_t *)s->var);
    }
    finish_reads(matrix, tile, block, arrays.cols, s);
}

static void pack(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                 struct mca_read_scratch *s) {
    const struct mca_read_arrays arrays = arrays_at(matrix, tile->row0, tile->col0, tile->cols);
    mca_block_pack(arrays.difference, arrays.stride, rows, tile->cols, s->packed[0]);
    if (arrays.variance) {
        mca_block_pack((const int16_t *)arrays.variance, arrays.stride, rows, tile->cols,
                       s->packed[1]);
    }
}

static void backward_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                           uint32_t rows, const struct mca_read_block *block,
                           struct mca_read_scratch *s) {
    const struct mca_block_factors codes = factors_of(block, block->code, tile->col0, tile->cols);
    mca_block_cols(&codes, s->packed[0], rows, s->sum);
    if (matrix->read_tables) {
        squares_of_block(block, s->squares);
        const struct mca_block_factors squares =
            factors_of(block, s->squares, tile->col0, tile->cols);
        mca_block_cols(&squares, s->packed[1], rows, (int32_t *)s->var);
    }
    finish_reads(matrix, tile, block, mca_read_block_stride(rows), s);
}

const struct mca_read_ops mca_read_column = {.name = "column",
                                             .is_column_exact = 1,
                                             .needs_pairs = 0,
                                             .real = &mca_read_real,
                                             .prepare = prepare,
                                             .cell_changed = mca__pair_noise_changed,
                                             .forward = forward,
                                             .backward = backward,
                                             .block_lines = lines_per_block,
                                             .forward_block = forward_block,
                                             .pack = pack,
                                             .backward_block = backward_block,
                                             .pairs_us = mca__read_pairs_us};
