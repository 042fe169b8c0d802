/* One noise draw per column where inputs are real numbers or weights continuous: sums of doubles,
 * in the order of the driven lines. */
#include <string.h>

#include "array/read/read_noise.h"

static enum mca_status prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                               struct mca_error *error) {
    MCA_TRY(mca__pair_noise_prepare(matrix, arena, error));
    matrix->bytes_per_weight =
        matrix->continuous_us ? sizeof *matrix->continuous_us : mca__pair_noise_bytes(matrix);
    return MCA_OK;
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

static void add_pairs(const struct mca_matrix *matrix, double x, size_t first, size_t step,
                      uint32_t count, struct mca_read_scratch *s) {
    const struct mca_pair_noise *noise = matrix->read_tables;
    for (uint32_t i = 0; i < count; ++i) {
        s->wide_sum[i] += x * (double)matrix->difference[first + i * step];
    }
    for (uint32_t i = 0; noise && i < count; ++i) {
        s->wide_var[i] += x * x * (double)noise->variance[first + i * step];
    }
}

/* out_us[i] for `count` lines across the driven ones. */
static void read_across(const struct mca_matrix *matrix, const struct mca_tile *tile, int forward,
                        uint32_t count, const struct mca_drive *drive, struct mca_read_event event,
                        struct mca_read_scratch *s, double *out_us) {
    const size_t step = forward ? 1 : matrix->stride;
    memset(s->wide_sum, 0, count * sizeof *s->wide_sum);
    memset(s->wide_var, 0, count * sizeof *s->wide_var);
    for (uint32_t k = 0; k < drive->count; ++k) {
        const uint32_t row = forward ? drive->line[k] : tile->row0;
        const uint32_t col = forward ? tile->col0 : drive->line[k];
        const size_t first = (size_t)row * matrix->stride + col;
        if (matrix->continuous_us) {
            add_continuous(mca__read_input(drive, k), matrix->continuous_us + first, step, count,
                           s->wide_sum);
        } else {
            add_pairs(matrix, mca__read_input(drive, k), first, step, count, s);
        }
    }
    if (matrix->continuous_us) {
        memcpy(out_us, s->wide_sum, count * sizeof *out_us);
        return;
    }
    mca__finish_read(matrix, tile, mca__read_scale_of(matrix, 0, 0), event, count, s, out_us);
}

static void forward(const struct mca_matrix *matrix, const struct mca_tile *tile,
                    const struct mca_drive *drive, struct mca_read_event event,
                    struct mca_read_scratch *scratch, double *column_us) {
    read_across(matrix, tile, 1, tile->cols, drive, event, scratch, column_us);
}

static void backward(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                     const struct mca_drive *drive, struct mca_read_event event,
                     struct mca_read_scratch *scratch, double *row_us) {
    read_across(matrix, tile, 0, rows, drive, event, scratch, row_us);
}

const struct mca_read_ops mca_read_real = {.name = "real",
                                           .is_column_exact = 1,
                                           .needs_pairs = 0,
                                           .real = NULL,
                                           .prepare = prepare,
                                           .cell_changed = mca__pair_noise_changed,
                                           .forward = forward,
                                           .backward = backward,
                                           .pairs_us = mca__read_pairs_us};
