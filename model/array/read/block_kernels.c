#include "array/read/block_kernels.h"

#include <string.h>

#include "base/clones.h"
#include "base/simd.h"

enum { LANES = 16, PAIRS_MAX = 128 };

static size_t to_lanes(size_t count) {
    return (count + LANES - 1) / LANES * LANES;
}

MCA_CLONES
void mca_block_squares(const int16_t *restrict from, size_t count, uint32_t shift, uint32_t most,
                       int16_t *restrict to) {
    const uint32_t half = shift ? 1u << (shift - 1) : 0;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t rounded = ((uint32_t)((int32_t)from[i] * from[i]) + half) >> shift;
        to[i] = (int16_t)(rounded < most ? rounded : most);
    }
}

enum { SQUARE = 4 }; /* rows, and pairs of columns, that are turned round in registers */

typedef int32_t four_pairs __attribute__((vector_size(16), aligned(2), may_alias));

/* Four pairs of columns of four rows, to where the first of them goes. */
static inline void turn_square(const int16_t *value, size_t stride, size_t length,
                               int16_t *packed) {
    const four_pairs a = *(const four_pairs *)value;
    const four_pairs b = *(const four_pairs *)(value + stride);
    const four_pairs c = *(const four_pairs *)(value + 2 * stride);
    const four_pairs d = *(const four_pairs *)(value + 3 * stride);
    const four_pairs ab[2] = {__builtin_shufflevector(a, b, 0, 4, 1, 5),
                              __builtin_shufflevector(a, b, 2, 6, 3, 7)};
    const four_pairs cd[2] = {__builtin_shufflevector(c, d, 0, 4, 1, 5),
                              __builtin_shufflevector(c, d, 2, 6, 3, 7)};
    *(four_pairs *)packed = __builtin_shufflevector(ab[0], cd[0], 0, 1, 4, 5);
    *(four_pairs *)(packed + length) = __builtin_shufflevector(ab[0], cd[0], 2, 3, 6, 7);
    *(four_pairs *)(packed + 2 * length) = __builtin_shufflevector(ab[1], cd[1], 0, 1, 4, 5);
    *(four_pairs *)(packed + 3 * length) = __builtin_shufflevector(ab[1], cd[1], 2, 3, 6, 7);
}

void mca_block_pack(const int16_t *value, size_t stride, uint32_t rows, uint32_t cols,
                    int16_t *packed) {
    const size_t length = 2 * to_lanes(rows);
    const size_t square_rows = rows - rows % SQUARE;
    const size_t square_cols = cols - cols % (2 * SQUARE);
    memset(packed, 0, mca_block_packed(rows, cols) * sizeof *packed);
    for (size_t r = 0; r < square_rows; r += SQUARE) {
        for (size_t c = 0; c < square_cols; c += (size_t)2 * SQUARE) {
            turn_square(value + r * stride + c, stride, length, packed + c / 2 * length + 2 * r);
        }
    }
    for (size_t r = 0; r < rows; ++r) {
        for (size_t c = r < square_rows ? square_cols : 0; c < cols; c += 2) {
            memcpy(packed + c / 2 * length + 2 * r, value + r * stride + c, 2 * sizeof *value);
        }
    }
}

/* Pairs of a read's factors that are not 0. */
struct pairs {
    uint32_t count;
    uint32_t place[PAIRS_MAX + 1];
    int32_t factor[PAIRS_MAX + 1]; /* the first of the two in the lower half */
};

static int32_t pair_of(int16_t low, int16_t high) {
    return (int32_t)((uint32_t)(uint16_t)low | (uint32_t)(uint16_t)high << 16);
}

static void find_pairs(const int16_t *factor, uint32_t lines, struct pairs *pairs) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < lines; k += 2) { /* without a branch: few are not 0 */
        const int32_t two = pair_of(factor[k], k + 1 < lines ? factor[k + 1] : 0);
        pairs->place[n] = k / 2;
        pairs->factor[n] = two;
        n += two != 0;
    }
    pairs->count = n;
}

/* One read of mca_block_rows. */
MCA_CLONES
static void sum_rows(const int16_t *restrict factor, uint32_t lines, const int16_t *restrict value,
                     size_t stride, size_t cols, int32_t *restrict sum) {
    memset(sum, 0, cols * sizeof *sum);
    for (uint32_t k = 0; k < lines; ++k) {
        const int32_t x = factor[k];
        const int16_t *restrict v = value + k * stride;
        for (size_t c = 0; x != 0 && c < cols; ++c) {
            sum[c] += x * v[c];
        }
    }
}

/* One read of mca_block_cols. */
MCA_CLONES
static void sum_pairs(const struct pairs *restrict pairs, const int16_t *restrict packed,
                      size_t rows, int32_t *restrict sum) {
    memset(sum, 0, rows * sizeof *sum);
    for (uint32_t i = 0; i < pairs->count; ++i) {
        const int32_t low = (int16_t)((uint32_t)pairs->factor[i] & 0xffffu);
        const int32_t high = pairs->factor[i] >> 16;
        const int16_t *restrict v = packed + 2 * rows * pairs->place[i];
        for (size_t r = 0; r < rows; ++r) {
            sum[r] += low * v[2 * r] + high * v[2 * r + 1];
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { SIDE = 8, STRIPS = 4 }; /* reads, and strips of rows, whose sums lie in registers */

/* Lines k and k + 1 of 16 columns side by side, 0 for one that is not there. */
MCA_TARGET_AVX512
static inline __m512i two_lines(const struct mca_block_factors *by, const int16_t *value,
                                size_t stride, uint32_t k) {
    const __m256i *a = (const __m256i *)(const void *)(value + k * stride);
    const __m256i *b = (const __m256i *)(const void *)(value + (k + 1) * stride);
    const __m512i high =
        k + 1 < by->lines ? _mm512_cvtepu16_epi32(_mm256_loadu_si256(b)) : _mm512_setzero_si512();
    return _mm512_or_si512(_mm512_cvtepu16_epi32(_mm256_loadu_si256(a)),
                           _mm512_slli_epi32(high, 16));
}

static inline int32_t two_factors(const int16_t *factor) {
    int32_t two;
    memcpy(&two, factor, sizeof two);
    return two;
}

/* 16 columns of SIDE reads. */
struct rows_job {
    const int16_t *factor[SIDE]; /* the last stands for those that are not there */
    int32_t *sum[SIDE];
    const int16_t *value;
    size_t stride;
};

MCA_TARGET_AVX512
static void rows_strip(const struct mca_block_factors *by, const struct rows_job *job) {
    __m512i acc[SIDE];
#pragma GCC unroll 8
    for (int i = 0; i < SIDE; ++i) {
        acc[i] = _mm512_setzero_si512();
    }
    for (uint32_t k = 0; k < by->lines; k += 2) {
        const __m512i two = two_lines(by, job->value, job->stride, k);
#pragma GCC unroll 8
        for (int i = 0; i < SIDE; ++i) {
            const __m512i x = _mm512_set1_epi32(two_factors(job->factor[i] + k));
            acc[i] = _mm512_add_epi32(acc[i], _mm512_madd_epi16(two, x));
        }
    }
#pragma GCC unroll 8
    for (int i = SIDE - 1; i >= 0; --i) {
        _mm512_storeu_si512(job->sum[i], acc[i]);
    }
}

/* The same, product and sum in one step. */
MCA_TARGET_AVX512_ICL
static void rows_strip_icl(const struct mca_block_factors *by, const struct rows_job *job) {
    __m512i acc[SIDE];
#pragma GCC unroll 8
    for (int i = 0; i < SIDE; ++i) {
        acc[i] = _mm512_setzero_si512();
    }
    for (uint32_t k = 0; k < by->lines; k += 2) {
        const __m512i two = two_lines(by, job->value, job->stride, k);
#pragma GCC unroll 8
        for (int i = 0; i < SIDE; ++i) {
            const __m512i x = _mm512_set1_epi32(two_factors(job->factor[i] + k));
            acc[i] = _mm512_dpwssd_epi32(acc[i], two, x);
        }
    }
#pragma GCC unroll 8
    for (int i = SIDE - 1; i >= 0; --i) {
        _mm512_storeu_si512(job->sum[i], acc[i]);
    }
}

/* `strips` strips of 16 rows of one read. */
MCA_TARGET_AVX512
static inline __attribute__((always_inline)) void cols_strips(int strips, const struct pairs *pairs,
                                                              const int16_t *packed, size_t rows,
                                                              int32_t *sum) {
    __m512i acc[STRIPS];
#pragma GCC unroll 4
    for (int s = 0; s < strips; ++s) {
        acc[s] = _mm512_setzero_si512();
    }
    for (uint32_t i = 0; i < pairs->count; ++i) {
        const int16_t *v = packed + 2 * rows * pairs->place[i];
        const __m512i x = _mm512_set1_epi32(pairs->factor[i]);
#pragma GCC unroll 4
        for (int s = 0; s < strips; ++s) {
            const __m512i two = _mm512_loadu_si512(v + (size_t)s * 2 * LANES);
            acc[s] = _mm512_add_epi32(acc[s], _mm512_madd_epi16(two, x));
        }
    }
#pragma GCC unroll 4
    for (int s = 0; s < strips; ++s) {
        _mm512_storeu_si512(sum + (size_t)s * LANES, acc[s]);
    }
}

MCA_TARGET_AVX512
static void cols_read(const struct pairs *pairs, const int16_t *packed, size_t rows, int32_t *sum) {
    size_t r = 0;
    for (; r + (size_t)STRIPS * LANES <= rows; r += (size_t)STRIPS * LANES) {
        cols_strips(STRIPS, pairs, packed + 2 * r, rows, sum + r);
    }
    for (; r < rows; r += LANES) {
        cols_strips(1, pairs, packed + 2 * r, rows, sum + r);
    }
}

static int rows_wide(const struct mca_block_factors *by, const int16_t *value, size_t stride,
                     size_t cols, int32_t *sum) {
    if (mca_simd_level() != MCA_SIMD_AVX512) {
        return 0;
    }
    void (*strip)(const struct mca_block_factors *by, const struct rows_job *job) =
        mca_simd_avx512_icl() ? rows_strip_icl : rows_strip;
    for (size_t c = 0; c < cols; c += LANES) {
        for (uint32_t first = 0; first < by->reads; first += SIDE) {
            struct rows_job job = {.value = value + c, .stride = stride};
            for (uint32_t i = 0; i < SIDE; ++i) {
                const uint32_t read = first + i < by->reads ? first + i : by->reads - 1;
                job.factor[i] = by->factor + read * by->stride;
                job.sum[i] = sum + read * cols + c;
            }
            strip(by, &job);
        }
    }
    return 1;
}

static void cols_of_read(const struct pairs *pairs, const int16_t *packed, size_t rows,
                         int32_t *sum) {
    if (mca_simd_level() == MCA_SIMD_AVX512) {
        cols_read(pairs, packed, rows, sum);
    } else {
        sum_pairs(pairs, packed, rows, sum);
    }
}
#else
static int rows_wide(const struct mca_block_factors *by, const int16_t *value, size_t stride,
                     size_t cols, int32_t *sum) {
    (void)by, (void)value, (void)stride, (void)cols, (void)sum;
    return 0;
}

static void cols_of_read(const struct pairs *pairs, const int16_t *packed, size_t rows,
                         int32_t *sum) {
    sum_pairs(pairs, packed, rows, sum);
}
#endif

void mca_block_rows(const struct mca_block_factors *by, const int16_t *value, size_t stride,
                    size_t cols, int32_t *sum) {
    if (!rows_wide(by, value, stride, cols, sum)) {
        for (uint32_t i = 0; i < by->reads; ++i) {
            sum_rows(by->factor + i * by->stride, by->lines, value, stride, cols, sum + i * cols);
        }
    }
}

void mca_block_cols(const struct mca_block_factors *by, const int16_t *packed, uint32_t rows,
                    int32_t *sum) {
    const size_t length = to_lanes(rows);
    struct pairs pairs;
    for (uint32_t i = 0; i < by->reads; ++i) {
        find_pairs(by->factor + i * by->stride, by->lines, &pairs);
        cols_of_read(&pairs, packed, length, sum + i * length);
    }
}
