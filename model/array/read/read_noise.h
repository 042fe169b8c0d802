/* What read models share: inputs, where a read's noise comes from, and the noise of pairs of
 * devices as models with one draw per column keep it. */
#ifndef MCA_ARRAY_READ_READ_NOISE_H
#define MCA_ARRAY_READ_READ_NOISE_H

#include "array/matrix.h"
#include "base/mathx.h"

/* The k-th driven line's input, of full scale 1. */
static inline double mca__read_input(const struct mca_drive *drive, uint32_t k) {
    return drive->value ? drive->value[k] : (double)drive->code[k] * mca_exp2i(-(int)drive->bits);
}

/* Draws of columns and of devices keep apart. */
enum mca_read_draw { MCA_READ_DRAW_COLUMN, MCA_READ_DRAW_DEVICE };

/* Draw of a kind for an event's draw below MCA_READ_DRAWS: the low 8 bits, the kind, the others.
 */
static inline uint32_t mca__read_draw(enum mca_read_draw kind, uint32_t draw) {
    return (draw & 0xff) | (uint32_t)kind << 8 | draw >> 8 << 9;
}

/* matrix->read_tables of models with one draw per column; NULL without noise. */
struct mca_pair_noise {
    uint16_t *variance; /* [rows][stride] of the pair's read noise, 12 bits */
    double step_us2;    /* of it: 1/4095 of the largest */
};

/* Variances of all pairs, where there is noise; sets matrix->read_tables. */
enum mca_status mca__pair_noise_prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                                        struct mca_error *error);
/* The variance of a pair that changed. */
void mca__pair_noise_changed(struct mca_matrix *matrix, size_t cell);

/* Bytes that such a model fetches of a pulsed pair: difference and variance. */
size_t mca__pair_noise_bytes(const struct mca_matrix *matrix);

/* A draw for each of `count` columns of a tile. */
void mca__draw_columns(const struct mca_matrix *matrix, const struct mca_tile *tile,
                       struct mca_read_event event, uint32_t count,
                       const struct mca_rng_normals *of, double *out);

/* The same for a block of reads, `stride` for each. */
void mca__draw_block(const struct mca_matrix *matrix, const struct mca_tile *tile,
                     const struct mca_read_block *block, size_t stride,
                     const struct mca_rng_normals *of, double *out);

/* What a read's sums are multiplied with, and their variances; 0: there is no noise. */
struct mca_read_scale {
    double sum;
    double variance;
};

/* For sums of codes of `bits` and variances of squares of `square_bits`. */
struct mca_read_scale mca__read_scale_of(const struct mca_matrix *matrix, uint32_t bits,
                                         uint32_t square_bits);

/* The last step of a read on the grid: sums and variances in codes become uS with a noise draw
 * each; they stand in the work space, wide. */
void mca__finish_read(const struct mca_matrix *matrix, const struct mca_tile *tile,
                      struct mca_read_scale scale, struct mca_read_event event, uint32_t count,
                      struct mca_read_scratch *scratch, double *out_us);

/* One noisy read of each device, as mca_matrix_read_pairs_us: the same for all of today's models.
 */
void mca__read_pairs_us(const struct mca_matrix *matrix, const uint32_t *row, const uint32_t *col,
                        uint32_t count, uint64_t event, double *read_us);

#endif
