/*
 * Inner loops of blocks of reads (read_model.h): products of matrices of 16-bit integers. Sums are
 * exact within 32 bits, so every order and every SIMD width gives the same result.
 */
#ifndef MCA_ARRAY_READ_BLOCK_KERNELS_H
#define MCA_ARRAY_READ_BLOCK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* What a block's reads multiply with: [reads][stride], of which `lines` count. */
struct mca_block_factors {
    const int16_t *factor;
    size_t stride;
    uint32_t reads;
    uint32_t lines;
};

/* sum[i][c] = sum over k < lines of factor[i][k] value[k][c] for c < cols, a multiple of 16; values
 * have `stride` elements a row, sums `cols`. */
void mca_block_rows(const struct mca_block_factors *by, const int16_t *value, size_t stride,
                    size_t cols, int32_t *sum);

/* Elements of a packed tile. */
static inline size_t mca_block_packed(uint32_t rows, uint32_t cols) {
    return ((size_t)rows + 15) / 16 * 16 * (((size_t)cols + 1) / 2 * 2);
}

/* value[r][c], r < rows and c < cols, turned round for mca_block_cols: of two columns side by side
 * the pairs of row after row, rows padded with 0 to a multiple of 16. Column `cols` is read where
 * that is odd, and counts for nothing. */
void mca_block_pack(const int16_t *value, size_t stride, uint32_t rows, uint32_t cols,
                    int16_t *packed);

/* sum[i][r] = sum over c < lines of factor[i][c] value[r][c] for r < rows, from packed values; sums
 * have `rows`, rounded up to a multiple of 16, a read. */
void mca_block_cols(const struct mca_block_factors *by, const int16_t *packed, uint32_t rows,
                    int32_t *sum);

/* to[i] = the square of from[i] / 2^shift, rounded half up, at most `most`. */
void mca_block_squares(const int16_t *from, size_t count, uint32_t shift, uint32_t most,
                       int16_t *to);

#endif
