#include "array/read/read_kernels.h"

#include "base/clones.h"
#include "base/simd.h"

/* Columns of one of a matrix's arrays: differences, or variances, whose 12 bits have no sign. Sums
 * wrap round where they are of variances: 32 bits without a sign. */
struct columns {
    const int16_t *value;
    size_t stride;
    size_t count;
};

static inline uint32_t times(uint32_t factor, int16_t value) {
    const int32_t wide = value;
    return factor * (uint32_t)wide;
}

MCA_CLONES
static void add_rows_4(const int16_t *const v[4], const uint32_t x[4], size_t cols,
                       uint32_t *restrict sum) {
    const int16_t *restrict v0 = v[0];
    const int16_t *restrict v1 = v[1];
    const int16_t *restrict v2 = v[2];
    const int16_t *restrict v3 = v[3];
    const uint32_t x0 = x[0];
    const uint32_t x1 = x[1];
    const uint32_t x2 = x[2];
    const uint32_t x3 = x[3];
    for (size_t c = 0; c < cols; ++c) {
        sum[c] += (times(x0, v0[c]) + times(x1, v1[c])) + (times(x2, v2[c]) + times(x3, v3[c]));
    }
}

static void read_rows_by_4(const struct columns *of, const uint32_t *row, const int32_t *factor,
                           size_t count, int32_t *sum) {
    for (size_t k = 0; k < count; k += 4) {
        const int16_t *v[4];
        uint32_t x[4];
        for (size_t j = 0; j < 4; ++j) {
            const size_t i = k + j < count ? k + j : k;
            v[j] = of->value + (size_t)row[i] * of->stride;
            x[j] = k + j < count ? (uint32_t)factor[i] : 0;
        }
        add_rows_4(v, x, of->count, (uint32_t *)sum);
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
static size_t read_strips(const struct columns *of, const uint32_t *row, const int32_t *factor,
                          size_t count, int32_t *sum) {
    size_t col = 0;
    if (mca_simd_level() != MCA_SIMD_AVX512) {
        return 0;
    }
    for (; col + (size_t)STRIPS * STRIP <= of->count; col += (size_t)STRIPS * STRIP) {
        add_wide(of->value + col, of->stride, row, factor, count, sum + col);
    }
    for (; col + STRIP <= of->count; col += STRIP) {
        add_strip(of->value + col, of->stride, row, factor, count, sum + col);
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
static size_t read_groups(const struct columns *of, size_t rows, const int32_t *factor,
                          int32_t *sum) {
    int16_t factors[READ_COLS_MAX];
    if (mca_simd_level() == MCA_SIMD_PLAIN || of->count > READ_COLS_MAX) {
        return 0;
    }
    for (size_t c = 0; c < of->count; ++c) {
        factors[c] = (int16_t)factor[c];
    }
    return dot_rows(of->value, of->stride, rows, factors, of->count, sum);
}
#else
static size_t read_groups(const struct columns *of, size_t rows, const int32_t *factor,
                          int32_t *sum) {
    (void)of, (void)rows, (void)factor, (void)sum;
    return 0;
}

static size_t read_strips(const struct columns *of, const uint32_t *row, const int32_t *factor,
                          size_t count, int32_t *sum) {
    (void)of, (void)row, (void)factor, (void)count, (void)sum;
    return 0;
}
#endif

static struct columns differences(const struct mca_read_arrays *arrays) {
    return (struct columns){arrays->difference, arrays->stride, arrays->cols};
}

static struct columns variances(const struct mca_read_arrays *arrays) {
    return (struct columns){(const int16_t *)arrays->variance, arrays->stride, arrays->cols};
}

static void read_rows(struct columns of, const uint32_t *row, const int32_t *factor, size_t count,
                      int32_t *sum) {
    const size_t done = read_strips(&of, row, factor, count, sum);
    if (done < of.count) {
        const struct columns rest = {of.value + done, of.stride, of.count - done};
        read_rows_by_4(&rest, row, factor, count, sum + done);
    }
}

void mca_read_rows(const struct mca_read_arrays *arrays, const uint32_t *row, const int32_t *code,
                   const uint32_t *square, size_t count, int32_t *restrict sum,
                   uint32_t *restrict var) {
    read_rows(differences(arrays), row, code, count, sum);
    if (arrays->variance) {
        read_rows(variances(arrays), row, (const int32_t *)square, count, (int32_t *)var);
    }
}

MCA_CLONES
static uint32_t dot(const int16_t *restrict v, const int32_t *restrict x, size_t count) {
    uint32_t sum = 0;
    for (size_t c = 0; c < count; ++c) {
        sum += times((uint32_t)x[c], v[c]);
    }
    return sum;
}

static void read_cols(struct columns of, size_t rows, const int32_t *factor, int32_t *sum) {
    for (size_t r = read_groups(&of, rows, factor, sum); r < rows; ++r) {
        sum[r] = (int32_t)((uint32_t)sum[r] + dot(of.value + r * of.stride, factor, of.count));
    }
}

void mca_read_cols(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                   const uint32_t *square, int32_t *restrict sum, uint32_t *restrict var) {
    read_cols(differences(arrays), rows, code, sum);
    if (arrays->variance) {
        read_cols(variances(arrays), rows, (const int32_t *)square, (int32_t *)var);
    }
}
