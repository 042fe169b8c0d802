/* One noise draw per column where inputs are real numbers or weights continuous: sums of doubles,
 * in the order of the driven lines. */
#include <math.h>
#include <string.h>

#include "array/read/read_noise.h"

static enum mca_status prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                               struct mca_error *error) {
    if (matrix->continuous_us) {
        matrix->bytes_per_weight = sizeof *matrix->continuous_us;
        return MCA_OK;
    }
    MCA_TRY(mca__pair_noise_prepare(matrix, arena, error));
    matrix->bytes_per_weight = mca__pair_noise_bytes(matrix);
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

/* The variances of a row's weights, read as pairs of devices: a weight stands on the device of its
 * sign, above what a RESET leaves on both. `g_us` and `std_us` are work space. */
static void add_variances(const struct mca_matrix *matrix, double x, const double *weight_us,
                          uint32_t count, double *g_us, double *std_us, double *var) {
    const struct mca_device *device = matrix->device;
    const double reset_us = device->config.reset_mean_us;
    const double other_us = mca_device_read_std_us(device, reset_us);
    for (uint32_t i = 0; i < count; ++i) {
        g_us[i] = reset_us + fabs(weight_us[i]);
    }
    device->ops->read_stds_us(device, count, g_us, std_us);
    for (uint32_t i = 0; i < count; ++i) {
        var[i] += x * x * (std_us[i] * std_us[i] + other_us * other_us);
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
    const int is_noisy = matrix->continuous_us && forward && mca_matrix_has_noise(matrix);
    memset(s->wide_sum, 0, count * sizeof *s->wide_sum);
    memset(s->wide_var, 0, count * sizeof *s->wide_var);
    for (uint32_t k = 0; k < drive->count; ++k) {
        const uint32_t row = forward ? drive->line[k] : tile->row0;
        const uint32_t col = forward ? tile->col0 : drive->line[k];
        const size_t first = (size_t)row * matrix->stride + col;
        const double x = mca__read_input(drive, k);
        if (matrix->continuous_us) {
            add_continuous(x, matrix->continuous_us + first, step, count, s->wide_sum);
        } else {
            add_pairs(matrix, x, first, step, count, s);
        }
        if (is_noisy) {
            add_variances(matrix, x, matrix->continuous_us + first, count, s->z, out_us,
                          s->wide_var);
        }
    }
    const struct mca_read_scale scale = matrix->continuous_us
                                            ? (struct mca_read_scale){1.0, is_noisy ? 1.0 : 0.0}
                                            : mca__read_scale_of(matrix, 0, 0);
    mca__finish_read(matrix, tile, scale, event, count, s, out_us);
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
