#include "array/read/read_noise.h"

#include "base/clones.h"
#include "base/mathx.h"

enum { VARIANCE_MAX = 4095 };

enum mca_status mca__pair_noise_prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                                        struct mca_error *error) {
    if (!mca_matrix_has_noise(matrix)) {
        return MCA_OK;
    }
    struct mca_pair_noise *noise = mca_arena_alloc(arena, 1, sizeof *noise);
    uint16_t *variance = mca_arena_alloc(arena, matrix->cells, sizeof *variance);
    if (!noise || !variance) {
        return mca_fail_memory(error, "read noise");
    }
    const double top_us = MCA_CONDUCTANCE_CODE_MAX * matrix->device->us_per_code;
    const double top_std = matrix->device->ops->read_std_most_us(matrix->device, top_us);
    *noise = (struct mca_pair_noise){variance, 2.0 * top_std * top_std / VARIANCE_MAX};
    matrix->read_tables = noise;
    return MCA_OK;
}

void mca__pair_noise_changed(struct mca_matrix *matrix, size_t cell) {
    const struct mca_pair_noise *noise = matrix->read_tables;
    if (!noise) {
        return;
    }
    const double g_us[2] = {(double)matrix->g[0][cell] * matrix->device->us_per_code,
                            (double)matrix->g[1][cell] * matrix->device->us_per_code};
    double std_us[2];
    matrix->device->ops->read_stds_us(matrix->device, 2, g_us, std_us);
    const double variance_us2 = std_us[0] * std_us[0] + std_us[1] * std_us[1];
    noise->variance[cell] = (uint16_t)mca_round(variance_us2 / noise->step_us2);
}

size_t mca__pair_noise_bytes(const struct mca_matrix *matrix) {
    const struct mca_pair_noise *noise = matrix->read_tables;
    return sizeof *matrix->difference + (noise ? sizeof *noise->variance : 0);
}

/* The place of a draw separates tiles. */
static uint64_t place_of(const struct mca_tile *tile) {
    return (uint64_t)tile->number << 12;
}

void mca__draw_columns(const struct mca_matrix *matrix, const struct mca_tile *tile,
                       struct mca_read_event event, uint32_t count,
                       const struct mca_rng_normals *of, double *out) {
    mca_rng_normals(mca_rng_stream(matrix->seed, event.purpose), place_of(tile), event.event,
                    mca__read_draw(MCA_READ_DRAW_COLUMN, event.draw), count, of, out);
}

void mca__draw_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                     const struct mca_read_block *block, size_t stride,
                     const struct mca_rng_normals *of, double *out) {
    uint32_t draw[MCA_READ_BLOCK];
    for (uint32_t i = 0; i < block->reads; ++i) {
        draw[i] = mca__read_draw(MCA_READ_DRAW_COLUMN, block->draw[i]);
    }
    mca_rng_normal_rows(mca_rng_stream(matrix->seed, block->purpose), place_of(tile), block->event,
                        draw, block->reads, stride, of, out);
}

struct mca_read_scale mca__read_scale_of(const struct mca_matrix *matrix, uint32_t bits,
                                         uint32_t square_bits) {
    const struct mca_pair_noise *noise = matrix->read_tables;
    return (struct mca_read_scale){matrix->device->us_per_code * mca_exp2i(-(int)bits),
                                   noise ? noise->step_us2 * mca_exp2i(-(int)square_bits) : 0.0};
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

void mca__finish_read(const struct mca_matrix *matrix, const struct mca_tile *tile,
                      struct mca_read_scale scale, struct mca_read_event event, uint32_t count,
                      struct mca_read_scratch *s, double *out_us) {
    if (scale.variance == 0.0) {
        for (uint32_t i = 0; i < count; ++i) {
            out_us[i] = s->wide_sum[i] * scale.sum;
        }
        return;
    }
    mca_rng_gaussians(mca_rng_stream(matrix->seed, event.purpose), place_of(tile), event.event,
                      mca__read_draw(MCA_READ_DRAW_COLUMN, event.draw), count, s->z);
    add_noise(s->wide_sum, s->wide_var, s->z, scale.sum, scale.variance, count, out_us);
}

void mca__read_pairs_us(const struct mca_matrix *matrix, const uint32_t *row, const uint32_t *col,
                        uint32_t count, uint64_t event, double *read_us) {
    uint64_t place[2 * MCA_READ_PAIRS_MAX];
    double std_us[2 * MCA_READ_PAIRS_MAX];
    double z[2 * MCA_READ_PAIRS_MAX];
    const double us_per_code = matrix->device->us_per_code;
    for (uint32_t i = 0; i < count; ++i) {
        const size_t cell = (size_t)row[i] * matrix->stride + col[i];
        for (int side = 0; side < 2; ++side) {
            place[2 * i + (uint32_t)side] = mca_matrix_device_number(matrix, row[i], col[i], side);
            read_us[2 * i + (uint32_t)side] = (double)matrix->g[side][cell] * us_per_code;
        }
    }
    if (!mca_matrix_has_noise(matrix)) {
        return;
    }
    mca_rng_gaussians_at(mca_rng_stream(matrix->seed, MCA_RNG_REFRESH), place, event, 0,
                         (size_t)2 * count, z);
    matrix->device->ops->read_stds_us(matrix->device, 2 * count, read_us, std_us);
    for (uint32_t i = 0; i < 2 * count; ++i) {
        read_us[i] += std_us[i] * z[i];
    }
}
