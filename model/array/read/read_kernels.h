/*
 * Inner loops of crossbar reads on the conductance grid: sums of integers, so every order and every
 * SIMD width gives the same result.
 */
#ifndef MCA_ARRAY_READ_READ_KERNELS_H
#define MCA_ARRAY_READ_READ_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* One matrix's arrays, row-major with `stride` elements a row. */
struct mca_read_arrays {
    const int16_t *difference; /* G+ - G- in codes */
    const uint16_t *variance;  /* of the pair's read noise, 12 bits; NULL without noise */
    size_t stride;
    size_t cols; /* rounded up to a multiple of 16 by the caller; padding is zero */
};

/*
 *   sum[c] += sum over k of code[k] difference[row[k]][c]
 *   var[c] += sum over k of square[k] variance[row[k]][c]
 *
 * count <= 256 with codes up to 8 bits, fewer with more (the caller keeps the
 * sums within 32 bits).
 */
void mca_read_rows(const struct mca_read_arrays *arrays, const uint32_t *row, const int32_t *code,
                   const uint32_t *square, size_t count, int32_t *restrict sum,
                   uint32_t *restrict var);

/* The same along the other dimension, for all r < rows:
 *   sum[r] += sum over c of code[c] difference[r][c] */
void mca_read_cols(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                   const uint32_t *square, int32_t *restrict sum, uint32_t *restrict var);

#endif
