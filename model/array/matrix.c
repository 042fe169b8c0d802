#include "array/matrix.h"

#include <math.h>
#include <string.h>

#include "array/read_kernels.h"
#include "base/clones.h"
#include "base/mathx.h"

enum { PAD = 32, VARIANCE_MAX = 4095, SQUARE_BITS = 12 };

/* Draws of columns and of devices keep apart. */
enum draw_kind { DRAW_COLUMN, DRAW_DEVICE };

/* Draw of a kind for an event's draw below 2^15: the low 8 bits, the kind, the others. */
static uint32_t draw_of(enum draw_kind kind, uint32_t draw) {
    return (draw & 0xff) | (uint32_t)kind << 8 | draw >> 8 << 9;
}

static size_t padded(uint32_t n) {
    return ((size_t)n + PAD - 1) / PAD * PAD;
}

static enum mca_status lay_out_tiles(struct mca_matrix *matrix, struct mca_arena *arena,
                                     uint32_t first_tile, struct mca_error *error) {
    const uint32_t count = mca_placement_tiles(&matrix->place);
    matrix->tiles = mca_arena_alloc(arena, count, sizeof *matrix->tiles);
    matrix->adcs = mca_arena_alloc(arena, count, sizeof *matrix->adcs);
    if (!matrix->tiles || !matrix->adcs) {
        return mca_fail_memory(error, "tiles");
    }
    for (uint32_t t = 0; t < count; ++t) {
        matrix->tiles[t] = mca_placement_tile(&matrix->place, t, first_tile);
        mca_adc_init(&matrix->adcs[t].forward, 0, 1.0, 0);
        mca_adc_init(&matrix->adcs[t].backward, 0, 1.0, 0);
    }
    return MCA_OK;
}

static enum mca_status allocate_devices(struct mca_matrix *matrix, struct mca_arena *arena,
                                        struct mca_error *error) {
    /* a kernel may run PAD columns past the last row's end */
    const size_t cells = (size_t)matrix->rows * matrix->stride + PAD;
    if (matrix->device->ops->continuous) {
        matrix->continuous_us = mca_arena_alloc(arena, cells, sizeof *matrix->continuous_us);
        return matrix->continuous_us ? MCA_OK : mca_fail_memory(error, "matrix");
    }
    int whole = 1;
    for (int side = 0; side < 2; ++side) {
        matrix->g[side] = mca_arena_alloc(arena, cells, sizeof(uint16_t));
        matrix->pulses_since_reset[side] = mca_arena_alloc(arena, cells, sizeof(uint8_t));
        matrix->writes[side] = mca_arena_alloc(arena, cells, sizeof(uint32_t));
        whole =
            whole && matrix->g[side] && matrix->pulses_since_reset[side] && matrix->writes[side];
    }
    matrix->difference = mca_arena_alloc(arena, cells, sizeof(int16_t));
    whole = whole && matrix->difference;
    if (matrix->device->config.read_noise > 0.0) {
        matrix->variance = mca_arena_alloc(arena, cells, sizeof(uint16_t));
        whole = whole && matrix->variance;
    }
    return whole ? MCA_OK : mca_fail_memory(error, "matrix");
}

static void refresh_pair(struct mca_matrix *matrix, size_t cell) {
    const struct mca_device *device = matrix->device;
    matrix->difference[cell] = (int16_t)((int)matrix->g[0][cell] - (int)matrix->g[1][cell]);
    if (matrix->variance) {
        double variance_us2 = 0.0;
        for (int side = 0; side < 2; ++side) {
            const double std =
                mca_device_read_std_us(device, (double)matrix->g[side][cell] * device->us_per_code);
            variance_us2 += std * std;
        }
        matrix->variance[cell] = (uint16_t)mca_round(variance_us2 / matrix->variance_step_us2);
    }
}

enum mca_status mca_matrix_init(struct mca_matrix *matrix, struct mca_arena *arena,
                                const struct mca_tile_config *config,
                                const struct mca_device *device, uint64_t seed, uint32_t rows,
                                uint32_t cols, uint64_t first_device, uint32_t first_tile,
                                struct mca_error *error) {
    *matrix = (struct mca_matrix){.device = device,
                                  .config = *config,
                                  .seed = seed,
                                  .rows = rows,
                                  .cols = cols,
                                  .stride = padded(cols),
                                  .first_device = first_device,
                                  .place = mca_placement_of(config, rows, cols)};
    MCA_TRY(lay_out_tiles(matrix, arena, first_tile, error));
    MCA_TRY(allocate_devices(matrix, arena, error));
    const double top_us = MCA_CONDUCTANCE_CODE_MAX * device->us_per_code;
    const double top_std = device->ops->read_std_most_us(device, top_us);
    matrix->variance_step_us2 = 2.0 * top_std * top_std / VARIANCE_MAX;
    if (matrix->difference) {
        for (uint32_t r = 0; r < rows; ++r) {
            for (uint32_t c = 0; c < cols; ++c) {
                refresh_pair(matrix, (size_t)r * matrix->stride + c);
            }
        }
    }
    return MCA_OK;
}

enum mca_status mca_read_scratch_init(struct mca_read_scratch *scratch, struct mca_arena *arena,
                                      uint32_t lines, struct mca_error *error) {
    const size_t size = padded(lines) + PAD;
    *scratch = (struct mca_read_scratch){
        .sum = mca_arena_alloc(arena, size, sizeof(int32_t)),
        .var = mca_arena_alloc(arena, size, sizeof(uint32_t)),
        .code = mca_arena_alloc(arena, size, sizeof(int32_t)),
        .square = mca_arena_alloc(arena, size, sizeof(uint32_t)),
        .wide_sum = mca_arena_alloc(arena, size, sizeof(double)),
        .wide_var = mca_arena_alloc(arena, size, sizeof(double)),
        .z = mca_arena_alloc(arena, size, sizeof(double)),
        .column = mca_arena_alloc(arena, size, sizeof(double)),
        .levels = mca_arena_alloc(arena, size, sizeof(int32_t)),
        .size = lines,
    };
    if (!scratch->sum || !scratch->var || !scratch->code || !scratch->square ||
        !scratch->wide_sum || !scratch->wide_var || !scratch->z || !scratch->column ||
        !scratch->levels) {
        return mca_fail_memory(error, "read scratch");
    }
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

uint32_t mca_matrix_square(int32_t code, uint32_t bits) {
    uint32_t square;
    squares_of(&code, 1, bits, &square);
    return square;
}

/* Lines whose sums of `bits`-bit codes fit 32 bits: 2^(31 - 15 - bits), and 256 for the variance.
 */
static uint32_t lines_per_block(uint32_t bits) {
    return bits <= 8 ? 256 : 256u >> (bits - 8);
}

/* Each column's sum with its noise. */
MCA_CLONES
static void add_noise(const double *restrict sum, const double *restrict var,
                      const double *restrict z, double scale, double var_scale, uint32_t count,
                      double *restrict out_us) {
    for (uint32_t i = 0; i < count; ++i) {
        out_us[i] = sum[i] * scale + z[i] * mca_sqrt(var[i] * var_scale);
    }
}

/* The same from sums of 32 bits. */
MCA_CLONES
static void add_noise_32(const int32_t *restrict sum, const uint32_t *restrict var,
                         const double *restrict z, double scale, double var_scale, uint32_t count,
                         double *restrict out_us) {
    for (uint32_t i = 0; i < count; ++i) {
        out_us[i] = (double)sum[i] * scale + z[i] * mca_sqrt((double)var[i] * var_scale);
    }
}

/* What a read's sums are multiplied with, and their variances. */
struct read_scale {
    double sum;
    double variance;
};

static struct read_scale scale_of(const struct mca_matrix *matrix, uint32_t bits) {
    const uint32_t square_bits = 2 * bits < SQUARE_BITS ? 2 * bits : SQUARE_BITS;
    return (struct read_scale){matrix->device->us_per_code * mca_exp2i(-(int)bits),
                               matrix->variance_step_us2 * mca_exp2i(-(int)square_bits)};
}

/* The place of a draw separates tiles. */
static void draw_noise(const struct mca_matrix *matrix, const struct mca_tile *tile,
                       struct mca_read_event event, uint32_t count, double *z) {
    mca_rng_gaussians(mca_rng_stream(matrix->seed, event.purpose), (uint64_t)tile->number << 12,
                      event.event, draw_of(DRAW_COLUMN, event.draw), count, z);
}

/*
 * The last step of a read on the grid: sums and variances in codes become uS with a noise draw
 * each.
 */
static void finish_read(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t bits,
                        struct mca_read_event event, uint32_t count, const double *sum,
                        const double *var, double *z, double *out_us) {
    const struct read_scale scale = scale_of(matrix, bits);
    if (!matrix->variance) {
        for (uint32_t i = 0; i < count; ++i) {
            out_us[i] = sum[i] * scale.sum;
        }
        return;
    }
    draw_noise(matrix, tile, event, count, z);
    add_noise(sum, var, z, scale.sum, scale.variance, count, out_us);
}

/* The same where one block of lines was all: its sums stand in s->sum and s->var. */
static void finish_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                         uint32_t bits, struct mca_read_event event, uint32_t count,
                         struct mca_read_scratch *s, double *out_us) {
    const struct read_scale scale = scale_of(matrix, bits);
    if (!matrix->variance) {
        for (uint32_t i = 0; i < count; ++i) {
            out_us[i] = (double)s->sum[i] * scale.sum;
        }
        return;
    }
    draw_noise(matrix, tile, event, count, s->z);
    add_noise_32(s->sum, s->var, s->z, scale.sum, scale.variance, count, out_us);
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
    const size_t offset = (size_t)row * matrix->stride + col;
    return (struct mca_read_arrays){
        .difference = matrix->difference + offset,
        .variance = matrix->variance ? matrix->variance + offset : NULL,
        .stride = matrix->stride,
        .cols = ((size_t)cols + 15) / 16 * 16,
    };
}

static double input_of(const struct mca_drive *drive, uint32_t k) {
    return drive->value ? drive->value[k] : (double)drive->code[k] * mca_exp2i(-(int)drive->bits);
}

/* Reference: one draw per device and read. out[i] for lines i across the driven ones. */
static void read_per_device(const struct mca_matrix *matrix, const struct mca_tile *tile,
                            int forward, uint32_t count, const struct mca_drive *drive,
                            struct mca_read_event event, double *out_us) {
    const struct mca_device *device = matrix->device;
    const struct mca_rng rng = mca_rng_stream(matrix->seed, event.purpose);
    for (uint32_t i = 0; i < count; ++i) {
        double sum = 0.0;
        for (uint32_t k = 0; k < drive->count; ++k) {
            const uint32_t row = forward ? drive->line[k] : tile->row0 + i;
            const uint32_t col = forward ? tile->col0 + i : drive->line[k];
            double pair_us = 0.0;
            for (int side = 0; side < 2; ++side) {
                const size_t cell = (size_t)row * matrix->stride + col;
                const double g_us = (double)matrix->g[side][cell] * device->us_per_code;
                const double z =
                    mca_rng_gaussian(rng, mca_matrix_device_number(matrix, row, col, side),
                                     event.event, draw_of(DRAW_DEVICE, event.draw));
                const double read_us = g_us + mca_device_read_std_us(device, g_us) * z;
                pair_us += side == 0 ? read_us : -read_us;
            }
            sum += input_of(drive, k) * pair_us;
        }
        out_us[i] = sum;
    }
}

/* sum[i] += x v[i step]: consecutive cells in a forward read, so that the compiler can vectorise.
 */
static void add_continuous(double x, const double *restrict v, size_t step, uint32_t count,
                           double *restrict sum) {
    if (step == 1) {
        for (uint32_t i = 0; i < count; ++i) {
            sum[i] += x * v[i];
        }
        return;
    }
    for (uint32_t i = 0; i < count; ++i) {
        sum[i] += x * v[i * step];
    }
}

/* Real inputs or continuous devices: sums of doubles, in the order of the driven lines. */
static void read_real(const struct mca_matrix *matrix, const struct mca_tile *tile, int forward,
                      uint32_t count, const struct mca_drive *drive, struct mca_read_event event,
                      struct mca_read_scratch *s, double *out_us) {
    start(s, count);
    for (uint32_t k = 0; k < drive->count; ++k) {
        const double x = input_of(drive, k);
        const uint32_t row = forward ? drive->line[k] : tile->row0;
        const uint32_t col = forward ? tile->col0 : drive->line[k];
        const size_t first = (size_t)row * matrix->stride + col;
        const size_t step = forward ? 1 : matrix->stride;
        if (matrix->continuous_us) {
            add_continuous(x, matrix->continuous_us + first, step, count, s->wide_sum);
            continue;
        }
        for (uint32_t i = 0; i < count; ++i) {
            s->wide_sum[i] += x * (double)matrix->difference[first + i * step];
        }
        for (uint32_t i = 0; matrix->variance && i < count; ++i) {
            s->wide_var[i] += x * x * (double)matrix->variance[first + i * step];
        }
    }
    if (matrix->continuous_us) {
        memcpy(out_us, s->wide_sum, count * sizeof *out_us);
    } else {
        finish_read(matrix, tile, 0, event, count, s->wide_sum, s->wide_var, s->z, out_us);
    }
}

/* Driven columns of a block, scattered to dense; *k moves past them. */
static void spread_codes(const struct mca_drive *drive, uint32_t first, uint32_t cols,
                         size_t padded_cols, struct mca_read_scratch *s, uint32_t *k) {
    memset(s->code, 0, padded_cols * sizeof *s->code);
    memset(s->square, 0, padded_cols * sizeof *s->square);
    for (; *k < drive->count && drive->line[*k] < first + cols; ++*k) {
        const uint32_t c = drive->line[*k] - first;
        s->code[c] = drive->code[*k];
        s->square[c] = mca_matrix_square(drive->code[*k], drive->bits);
    }
}

void mca_matrix_read_forward(const struct mca_matrix *matrix, const struct mca_tile *tile,
                             const struct mca_drive *drive, struct mca_read_event event,
                             struct mca_read_scratch *s, double *column_us) {
    if (matrix->config.read_path == MCA_READ_DEVICE && matrix->variance) {
        read_per_device(matrix, tile, 1, tile->cols, drive, event, column_us);
        return;
    }
    if (drive->value || matrix->continuous_us) {
        read_real(matrix, tile, 1, tile->cols, drive, event, s, column_us);
        return;
    }
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
    finish_read(matrix, tile, drive->bits, event, tile->cols, s->wide_sum, s->wide_var, s->z,
                column_us);
}

void mca_matrix_read_backward(const struct mca_matrix *matrix, const struct mca_tile *tile,
                              uint32_t rows, const struct mca_drive *drive,
                              struct mca_read_event event, struct mca_read_scratch *s,
                              double *row_us) {
    if (matrix->config.read_path == MCA_READ_DEVICE && matrix->variance) {
        read_per_device(matrix, tile, 0, rows, drive, event, row_us);
        return;
    }
    if (drive->value || matrix->continuous_us) {
        read_real(matrix, tile, 0, rows, drive, event, s, row_us);
        return;
    }
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
    finish_read(matrix, tile, drive->bits, event, rows, s->wide_sum, s->wide_var, s->z, row_us);
}

void mca_matrix_read_pairs_us(const struct mca_matrix *matrix, const uint32_t *row,
                              const uint32_t *col, uint32_t count, uint64_t event,
                              double *read_us) {
    uint64_t place[2 * MCA_READ_PAIRS_MAX] = {0};
    double z[2 * MCA_READ_PAIRS_MAX] = {0.0};
    for (uint32_t i = 0; i < 2 * count; ++i) {
        place[i] = mca_matrix_device_number(matrix, row[i / 2], col[i / 2], (int)(i % 2));
    }
    if (matrix->variance) {
        mca_rng_gaussians_at(mca_rng_stream(matrix->seed, MCA_RNG_REFRESH), place, event, 0,
                             (size_t)2 * count, z);
    }
    for (uint32_t i = 0; i < 2 * count; ++i) {
        const size_t cell = (size_t)row[i / 2] * matrix->stride + col[i / 2];
        const double g_us = (double)matrix->g[i % 2][cell] * matrix->device->us_per_code;
        const double std_us = matrix->variance ? mca_device_read_std_us(matrix->device, g_us) : 0.0;
        read_us[i] = g_us + std_us * z[i];
    }
}

void mca_matrix_set(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                    uint32_t count) {
    const size_t cell = (size_t)row * matrix->stride + col;
    const uint64_t place = mca_matrix_device_number(matrix, row, col, side);
    uint8_t *history = &matrix->pulses_since_reset[side][cell];
    for (uint32_t i = 0; i < count; ++i) {
        if (*history < MCA_HISTORY_MAX) {
            ++*history;
        }
        matrix->g[side][cell] = mca_device_set(matrix->device, matrix->g[side][cell], *history,
                                               place, matrix->writes[side][cell]++);
    }
    refresh_pair(matrix, cell);
}

void mca_matrix_reset(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side) {
    const size_t cell = (size_t)row * matrix->stride + col;
    const uint64_t place = mca_matrix_device_number(matrix, row, col, side);
    matrix->g[side][cell] = mca_device_reset(matrix->device, place, matrix->writes[side][cell]++);
    matrix->pulses_since_reset[side][cell] = 0;
    refresh_pair(matrix, cell);
}

void mca_matrix_add_us(struct mca_matrix *matrix, uint32_t row, uint32_t col, double delta_us) {
    matrix->continuous_us[(size_t)row * matrix->stride + col] += delta_us;
}

double mca_matrix_weight_us(const struct mca_matrix *matrix, uint32_t row, uint32_t col) {
    const size_t cell = (size_t)row * matrix->stride + col;
    return matrix->continuous_us ? matrix->continuous_us[cell]
                                 : (double)matrix->difference[cell] * matrix->device->us_per_code;
}

void mca_matrix_restore(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                        uint16_t code, uint8_t pulses_since_reset, uint32_t writes) {
    const size_t cell = (size_t)row * matrix->stride + col;
    matrix->g[side][cell] = code;
    matrix->pulses_since_reset[side][cell] = pulses_since_reset;
    matrix->writes[side][cell] = writes;
    refresh_pair(matrix, cell);
}
