#include "array/read/read_kernels.h"

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
enum { READ_COLS_MAX = 256 };

/* Two factors of 16 bits for the pairs that a multiply-add takes. */
static inline int32_t pair(int32_t low, int32_t high) {
    return (int32_t)((uint32_t)low & 0xffffu) | (int32_t)((uint32_t)high << 16);
}

/* Adds to a strip's sums; low: columns 0-3, 8-11, 16-19, 24-27; high: the others. */
MCA_TARGET_AVX512
static inline void put_strip(__m512i low, __m512i high, int32_t *sum) {
    const __m512i first =
        _mm512_permutex2var_epi64(low, _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0), high);
    const __m512i second =
        _mm512_permutex2var_epi64(low, _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4), high);
    _mm512_storeu_si512(sum, _mm512_add_epi32(_mm512_loadu_si512(sum), first));
    _mm512_storeu_si512(sum + 16, _mm512_add_epi32(_mm512_loadu_si512(sum + 16), second));
}

/*
 * sum[c] += sum over k of factor[k] value[row[k]][c] for a strip of columns, two rows at a time:
 * their values side by side, multiplied and added in pairs. Factors and values have 16 bits, sign
 * included (variances and squares have 12).
 */
MCA_TARGET_AVX512
static void add_strip(const int16_t *values, size_t stride, const uint32_t *row,
                      const int32_t *factor, size_t count, int32_t *sum) {
    __m512i low = _mm512_setzero_si512();
    __m512i high = _mm512_setzero_si512();
    for (size_t k = 0; k < count; k += 2) {
        const int last = k + 1 == count;
        const __m512i a = _mm512_loadu_si512(values + row[k] * stride);
        const __m512i b = last ? a : _mm512_loadu_si512(values + row[k + 1] * stride);
        const __m512i x = _mm512_set1_epi32(pair(factor[k], last ? 0 : factor[k + 1]));
        low = _mm512_add_epi32(low, _mm512_madd_epi16(_mm512_unpacklo_epi16(a, b), x));
        high = _mm512_add_epi32(high, _mm512_madd_epi16(_mm512_unpackhi_epi16(a, b), x));
    }
    put_strip(low, high, sum);
}

/*
 * The same for STRIPS strips side by side, so that a row is read from end to end.
 */
enum { STRIPS = 8, AHEAD = 6 };

MCA_TARGET_AVX512
static void add_wide(const int16_t *values, size_t stride, const uint32_t *row,
                     const int32_t *factor, size_t count, int32_t *sum) {
    __m512i low[STRIPS];
    __m512i high[STRIPS];
#pragma GCC unroll 8
    for (int s = 0; s < STRIPS;
         ++s) { /* in registers, which a call of memset would not leave them */
        low[s] = high[s] = _mm512_setzero_si512();
    }
    for (size_t k = 0; k < count; k += 2) {
        const int last = k + 1 == count;
        const int16_t *a = values + row[k] * stride;
        const int16_t *b = last ? a : values + row[k + 1] * stride;
        const __m512i x = _mm512_set1_epi32(pair(factor[k], last ? 0 : factor[k + 1]));
        const size_t to_come = k + AHEAD < count ? k + AHEAD : k;
        const int16_t *ahead_a = values + row[to_come] * stride;
        const int16_t *ahead_b = values + row[to_come + 1 < count ? to_come + 1 : k] * stride;
#pragma GCC unroll 8
        for (int s = 0; s < STRIPS; ++s) {
            _mm_prefetch((const char *)(ahead_a + (size_t)s * STRIP), _MM_HINT_T0);
            _mm_prefetch((const char *)(ahead_b + (size_t)s * STRIP), _MM_HINT_T0);
            const __m512i va = _mm512_loadu_si512(a + (size_t)s * STRIP);
            const __m512i vb = _mm512_loadu_si512(b + (size_t)s * STRIP);
            low[s] = _mm512_add_epi32(low[s], _mm512_madd_epi16(_mm512_unpacklo_epi16(va, vb), x));
            high[s] =
                _mm512_add_epi32(high[s], _mm512_madd_epi16(_mm512_unpackhi_epi16(va, vb), x));
        }
    }
#pragma GCC unroll 8
    for (int s = 0; s < STRIPS; ++s) {
        put_strip(low[s], high[s], sum + (size_t)s * STRIP);
    }
}

/* Whole strips; returns how many columns they are. */
static size_t read_strips(const struct mca_read_arrays *arrays, const uint32_t *row,
                          const int32_t *code, const uint32_t *square, size_t count, int32_t *sum,
                          uint32_t *var) {
    size_t col = 0;
    if (mca_simd_level() != MCA_SIMD_AVX512) {
        return 0;
    }
    for (; col + (size_t)STRIPS * STRIP <= arrays->cols; col += (size_t)STRIPS * STRIP) {
        add_wide(arrays->difference + col, arrays->stride, row, code, count, sum + col);
        if (arrays->variance) {
            add_wide((const int16_t *)arrays->variance + col, arrays->stride, row,
                     (const int32_t *)square, count, (int32_t *)var + col);
        }
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
/* Sums of the four elements of a to h, in their order. */
MCA_TARGET_AVX2
static inline __m256i sums_of_8(const __m256i m[8]) {
    const __m256i first = _mm256_hadd_epi32(_mm256_hadd_epi32(m[0], m[1]),
                                            _mm256_hadd_epi32(m[2], m[3])); /* two halves each */
    const __m256i second =
        _mm256_hadd_epi32(_mm256_hadd_epi32(m[4], m[5]), _mm256_hadd_epi32(m[6], m[7]));
    return _mm256_add_epi32(_mm256_permute2x128_si256(first, second, 0x20),
                            _mm256_permute2x128_si256(first, second, 0x31));
}

enum { ROWS = 8, COLS = 16 };

/* sum[r] += sum over c of factor[c] values[r][c], eight rows at a time; factors of 16 bits, `cols`
 * a multiple of 16. Returns how many rows. */
MCA_TARGET_AVX2
static size_t dot_rows(const int16_t *values, size_t stride, size_t rows, const int16_t *factor,
                       size_t cols, int32_t *sum) {
    size_t r = 0;
    for (; r + ROWS <= rows; r += ROWS) {
        __m256i m[ROWS];
        for (int i = 0; i < ROWS; ++i) {
            m[i] = _mm256_setzero_si256();
        }
        for (size_t c = 0; c < cols; c += COLS) {
            const __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(factor + c));
#pragma GCC unroll 8
            for (size_t i = 0; i < ROWS; ++i) {
                const int16_t *row = values + (r + i) * stride + c;
                const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)row);
                m[i] = _mm256_add_epi32(m[i], _mm256_madd_epi16(v, x));
            }
        }
        __m256i *out = (__m256i *)(void *)(sum + r);
        _mm256_storeu_si256(out, _mm256_add_epi32(_mm256_loadu_si256(out), sums_of_8(m)));
    }
    return r;
}

/* Whole groups of rows; returns how many rows they are. */
static size_t read_groups(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                          const uint32_t *square, int32_t *sum, uint32_t *var) {
    int16_t codes[READ_COLS_MAX];
    int16_t squares[READ_COLS_MAX];
    if (mca_simd_level() == MCA_SIMD_PLAIN || arrays->cols > READ_COLS_MAX) {
        return 0;
    }
    for (size_t c = 0; c < arrays->cols; ++c) {
        codes[c] = (int16_t)code[c];
        squares[c] = (int16_t)square[c];
    }
    if (arrays->variance) {
        (void)dot_rows((const int16_t *)arrays->variance, arrays->stride, rows, squares,
                       arrays->cols, (int32_t *)var);
    }
    return dot_rows(arrays->difference, arrays->stride, rows, codes, arrays->cols, sum);
}
#else
static size_t read_groups(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                          const uint32_t *square, int32_t *sum, uint32_t *var) {
    (void)arrays, (void)rows, (void)code, (void)square, (void)sum, (void)var;
    return 0;
}

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
    for (size_t r = read_groups(arrays, rows, code, square, sum, var); r < rows; ++r) {
        const size_t offset = r * arrays->stride;
        sum[r] += dot_difference(arrays->difference + offset, code, arrays->cols);
        if (arrays->variance) {
            var[r] += dot_variance(arrays->variance + offset, square, arrays->cols);
        }
    }
}
