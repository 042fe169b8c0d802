#include "analog/read_kernels.h"

#include "base/clones.h"
#include "base/simd.h"

MCA_CLONES
static void add_rows_4(const int16_t *const d[4], const int32_t x[4], size_t cols,
                       int32_t *restrict sum) {
    const int16_t *restrict d0 = d[0];
    const int16_t *restrict d1 = d[1];
    const int16_t *restrict d2 = d[2];
    const int16_t *restrict d3 = d[3];
    const int32_t x0 = x[0];
    const int32_t x1 = x[1];
    const int32_t x2 = x[2];
    const int32_t x3 = x[3];
    for (size_t c = 0; c < cols; ++c) {
        sum[c] += (x0 * d0[c] + x1 * d1[c]) + (x2 * d2[c] + x3 * d3[c]);
    }
}

MCA_CLONES
static void add_variances_4(const uint16_t *const v[4], const uint32_t x[4], size_t cols,
                            uint32_t *restrict var) {
    const uint16_t *restrict v0 = v[0];
    const uint16_t *restrict v1 = v[1];
    const uint16_t *restrict v2 = v[2];
    const uint16_t *restrict v3 = v[3];
    const uint32_t x0 = x[0];
    const uint32_t x1 = x[1];
    const uint32_t x2 = x[2];
    const uint32_t x3 = x[3];
    for (size_t c = 0; c < cols; ++c) {
        var[c] += (x0 * v0[c] + x1 * v1[c]) + (x2 * v2[c] + x3 * v3[c]);
    }
}

static void read_rows_by_4(const struct mca_read_arrays *arrays, const uint32_t *row,
                           const int32_t *code, const uint32_t *square, size_t count,
                           int32_t *restrict sum, uint32_t *restrict var) {
    for (size_t k = 0; k < count; k += 4) {
        const int16_t *d[4];
        const uint16_t *v[4];
        int32_t x[4] = {0, 0, 0, 0};
        uint32_t x2[4] = {0, 0, 0, 0};
        for (size_t j = 0; j < 4; ++j) {
            const size_t i = k + j < count ? k + j : k;
            const size_t offset = (size_t)row[i] * arrays->stride;
            d[j] = arrays->difference + offset;
            v[j] = arrays->variance ? arrays->variance + offset : NULL;
            if (k + j < count) {
                x[j] = code[i];
                x2[j] = square[i];
            }
        }
        add_rows_4(d, x, arrays->cols, sum);
        if (arrays->variance) {
            add_variances_4(v, x2, arrays->cols, var);
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { STRIP = 32 }; /* columns */

/* Two factors of 16 bits for the pairs that a multiply-add takes. */
static inline int32_t pair(int32_t low, int32_t high) {
    return (int32_t)((uint32_t)low & 0xffffu) | (int32_t)((uint32_t)high << 16);
}

/*
 * sum[c] += sum over k of factor[k] value[row[k]][c] for a strip of columns, two rows at a time:
 * their values side by side, multiplied and added in pairs. Factors and values have 16 bits, sign
 * included (variances and squares have 12).
 */
MCA_TARGET_AVX512
static void add_strip(const int16_t *values, size_t stride, const uint32_t *row,
                      const int32_t *factor, size_t count, int32_t *sum) {
    __m512i low = _mm512_setzero_si512(); /* columns 0-3, 8-11, 16-19, 24-27 */
    __m512i high = _mm512_setzero_si512();
    for (size_t k = 0; k < count; k += 2) {
        const int last = k + 1 == count;
        const __m512i a = _mm512_loadu_si512(values + row[k] * stride);
        const __m512i b = last ? a : _mm512_loadu_si512(values + row[k + 1] * stride);
        const __m512i x = _mm512_set1_epi32(pair(factor[k], last ? 0 : factor[k + 1]));
        low = _mm512_add_epi32(low, _mm512_madd_epi16(_mm512_unpacklo_epi16(a, b), x));
        high = _mm512_add_epi32(high, _mm512_madd_epi16(_mm512_unpackhi_epi16(a, b), x));
    }
    const __m512i first = _mm512_permutex2var_epi64(low, _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0),
                                                    high); /* columns 0-15 */
    const __m512i second =
        _mm512_permutex2var_epi64(low, _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4), high);
    _mm512_storeu_si512(sum, _mm512_add_epi32(_mm512_loadu_si512(sum), first));
    _mm512_storeu_si512(sum + 16, _mm512_add_epi32(_mm512_loadu_si512(sum + 16), second));
}

/* Whole strips; returns how many columns they are. */
static size_t read_strips(const struct mca_read_arrays *arrays, const uint32_t *row,
                          const int32_t *code, const uint32_t *square, size_t count, int32_t *sum,
                          uint32_t *var) {
    size_t col = 0;
    if (mca_simd_level() != MCA_SIMD_AVX512) {
        return 0;
    }
    for (; col + STRIP <= arrays->cols; col += STRIP) {
        add_strip(arrays->difference + col, arrays->stride, row, code, count, sum + col);
        if (arrays->variance) {
            add_strip((const int16_t *)arrays->variance + col, arrays->stride, row,
                      (const int32_t *)square, count, (int32_t *)var + col);
        }
    }
    return col;
}
#else
static size_t read_strips(const struct mca_read_arrays *arrays, const uint32_t *row,
                          const int32_t *code, const uint32_t *square, size_t count, int32_t *sum,
                          uint32_t *var) {
    (void)arrays, (void)row, (void)code, (void)square, (void)count, (void)sum, (void)var;
    return 0;
}
#endif

void mca_read_rows(const struct mca_read_arrays *arrays, const uint32_t *row, const int32_t *code,
                   const uint32_t *square, size_t count, int32_t *restrict sum,
                   uint32_t *restrict var) {
    const size_t done = read_strips(arrays, row, code, square, count, sum, var);
    if (done < arrays->cols) {
        const struct mca_read_arrays rest = {arrays->difference + done,
                                             arrays->variance ? arrays->variance + done : NULL,
                                             arrays->stride, arrays->cols - done};
        read_rows_by_4(&rest, row, code, square, count, sum + done, var + done);
    }
}

MCA_CLONES
static int32_t dot_difference(const int16_t *restrict d, const int32_t *restrict x, size_t cols) {
    int32_t sum = 0;
    for (size_t c = 0; c < cols; ++c) {
        sum += x[c] * d[c];
    }
    return sum;
}

MCA_CLONES
static uint32_t dot_variance(const uint16_t *restrict v, const uint32_t *restrict x, size_t cols) {
    uint32_t sum = 0;
    for (size_t c = 0; c < cols; ++c) {
        sum += x[c] * v[c];
    }
    return sum;
}

void mca_read_cols(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                   const uint32_t *square, int32_t *restrict sum, uint32_t *restrict var) {
    for (size_t r = 0; r < rows; ++r) {
        const size_t offset = r * arrays->stride;
        sum[r] += dot_difference(arrays->difference + offset, code, arrays->cols);
        if (arrays->variance) {
            var[r] += dot_variance(arrays->variance + offset, square, arrays->cols);
        }
    }
}
