#include "digital/update_kernels.h"

#include <string.h>

#include "base/simd.h"

/* Whether any of `count` elements is not 0. */
static inline int any_of(const int32_t *v, int count) {
    int32_t any = 0;
    for (int i = 0; i < count; ++i) {
        any |= v[i];
    }
    return any != 0;
}

#define CONCAT(a, b, c, d) a##_##b##_##c##_##d
#define CONCAT_VALUES(a, b, c, d) CONCAT(a, b, c, d)
#define NAMED(x) CONCAT_VALUES(x, LANES, WIDTH, PATH)

#define TARGET
#define PATH plain
#include "digital/update_paths.h"
#undef PATH
#undef TARGET

#define TARGET MCA_TARGET_AVX2
#define PATH avx2
#include "digital/update_paths.h"
#undef PATH
#undef TARGET

#define TARGET MCA_TARGET_AVX512
#define PATH avx512
#include "digital/update_paths.h"
#undef PATH
#undef TARGET

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* A step of the generators of 16 lanes. */
MCA_TARGET_AVX512
static inline __m512i step_16(__m512i s) {
    s = _mm512_xor_si512(s, _mm512_slli_epi32(s, 13)); /* mca_lfsr_next */
    s = _mm512_xor_si512(s, _mm512_srli_epi32(s, 17));
    return _mm512_xor_si512(s, _mm512_slli_epi32(s, 5));
}

/*
 * The reference chip's rows, 16 lanes of 16 bits with stochastic rounding, as update_rows.h has
 * them: what the generators' chain of six operations a word leaves time for is done beside it.
 */
MCA_TARGET_AVX512
static uint32_t serve_reference(const struct mca_update_rows *u, uint32_t k) {
    const __m512i mask = _mm512_set1_epi32((int32_t)(((uint32_t)1 << u->shift) - 1));
    const __m512i below = _mm512_set1_epi32(u->epsilon - 1);
    const __m512i window = _mm512_set1_epi32((int32_t)(2u * (uint32_t)u->epsilon - 2u));
    const __m128i shift = _mm_cvtsi32_si128((int32_t)u->shift);
    const uint32_t *restrict chunks = u->chunks;
    const int32_t *restrict error = u->error;
    const uint32_t chunk_count = u->chunk_count;
    __m512i state = _mm512_loadu_si512(u->state);
    __m512i before = state;
    for (; k < u->count; ++k) {
        const __m512i factor = _mm512_set1_epi32(u->code[k] * ((int32_t)1 << u->left));
        int16_t *words = (int16_t *)u->words + (size_t)u->row[k] * u->stride;
        __m512i most = _mm512_setzero_si512();
        before = state;
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            state = step_16(state);
            const __m512i product = _mm512_mullo_epi32(_mm512_loadu_si512(error + first), factor);
            const __m512i delta =
                _mm512_sra_epi32(_mm512_add_epi32(product, _mm512_and_si512(state, mask)), shift);
            const __m256i word = _mm256_loadu_si256((const __m256i *)(const void *)(words + first));
            const __m512i sum = _mm512_add_epi32(_mm512_cvtepi16_epi32(word), delta);
            most = _mm512_max_epu32(most, _mm512_add_epi32(sum, below));
            _mm256_storeu_si256((__m256i *)(void *)(words + first), _mm512_cvtepi32_epi16(sum));
        }
        if (_mm512_cmpgt_epu32_mask(most, window) != 0) {
            break;
        }
    }
    _mm512_storeu_si512(u->state, state);
    _mm512_storeu_si512(u->before, before);
    return k;
}

/*
 * The same where 16 bits are enough. (x e + u) >> s, u the low s bits of the generator, is the
 * upper half of x e 2^(16 - s) and the carry of its lower half with u 2^(16 - s).
 */
MCA_TARGET_AVX512
static uint32_t serve_halves(const struct mca_update_rows *u, uint32_t k) {
    const __m256i below = _mm256_set1_epi16((int16_t)(u->epsilon - 1));
    const __m256i window = _mm256_set1_epi16((int16_t)(2 * (u->epsilon - 1)));
    const __m256i ones = _mm256_set1_epi16(-1);
    const __m128i up = _mm_cvtsi32_si128(16 - (int32_t)u->shift);
    const uint32_t *restrict chunks = u->chunks;
    const int16_t *restrict error = u->error16;
    const uint32_t chunk_count = u->chunk_count;
    __m512i state = _mm512_loadu_si512(u->state);
    __m512i before = state;
    for (; k < u->count; ++k) {
        const __m256i factor =
            _mm256_set1_epi16((int16_t)(u->code[k] * ((int32_t)1 << u->code_left)));
        int16_t *words = (int16_t *)u->words + (size_t)u->row[k] * u->stride;
        __m256i most = _mm256_setzero_si256();
        before = state;
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            state = step_16(state);
            const __m256i e = _mm256_loadu_si256((const __m256i *)(const void *)(error + first));
            const __m256i low = _mm256_mullo_epi16(e, factor);
            const __m256i random = _mm256_sll_epi16(_mm512_cvtepi32_epi16(state), up);
            const __mmask16 carry = _mm256_cmpgt_epu16_mask(random, _mm256_xor_si256(low, ones));
            __m256i *place = (__m256i *)(void *)(words + first);
            const __m256i sum =
                _mm256_add_epi16(_mm256_loadu_si256(place), _mm256_mulhi_epi16(e, factor));
            const __m256i carried = _mm256_mask_sub_epi16(sum, carry, sum, ones);
            most = _mm256_max_epu16(most, _mm256_add_epi16(carried, below));
            _mm256_storeu_si256(place, carried);
        }
        if (_mm256_cmpgt_epu16_mask(most, window) != 0) {
            break;
        }
    }
    _mm512_storeu_si512(u->state, state);
    _mm512_storeu_si512(u->before, before);
    return k;
}

/* A step of the generators of 8 lanes. */
MCA_TARGET_AVX2
static inline __m256i step_8(__m256i s) {
    s = _mm256_xor_si256(s, _mm256_slli_epi32(s, 13)); /* mca_lfsr_next */
    s = _mm256_xor_si256(s, _mm256_srli_epi32(s, 17));
    return _mm256_xor_si256(s, _mm256_slli_epi32(s, 5));
}

/* serve_halves in 256 bits: the generators of 16 lanes in two registers; a carry shows in that the
 * sum is below what was added. */
MCA_TARGET_AVX2
static uint32_t serve_halves_avx2(const struct mca_update_rows *u, uint32_t k) {
    const __m256i below = _mm256_set1_epi16((int16_t)(u->epsilon - 1));
    const __m256i window = _mm256_set1_epi16((int16_t)(2 * (u->epsilon - 1)));
    const __m256i one = _mm256_set1_epi16(1);
    const __m256i lows = _mm256_set1_epi32(0xffff);
    const __m128i up = _mm_cvtsi32_si128(16 - (int32_t)u->shift);
    const uint32_t *restrict chunks = u->chunks;
    const int16_t *restrict error = u->error16;
    const uint32_t chunk_count = u->chunk_count;
    __m256i *states = (__m256i *)(void *)u->state;
    __m256i *befores = (__m256i *)(void *)u->before;
    __m256i a = _mm256_loadu_si256(states);
    __m256i b = _mm256_loadu_si256(states + 1);
    __m256i a_before = a;
    __m256i b_before = b;
    for (; k < u->count; ++k) {
        const __m256i factor =
            _mm256_set1_epi16((int16_t)(u->code[k] * ((int32_t)1 << u->code_left)));
        int16_t *words = (int16_t *)u->words + (size_t)u->row[k] * u->stride;
        __m256i most = _mm256_setzero_si256();
        a_before = a;
        b_before = b;
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            a = step_8(a);
            b = step_8(b);
            const __m256i packed = _mm256_permute4x64_epi64(
                _mm256_packus_epi32(_mm256_and_si256(a, lows), _mm256_and_si256(b, lows)), 0xd8);
            const __m256i random = _mm256_sll_epi16(packed, up);
            const __m256i e = _mm256_loadu_si256((const __m256i *)(const void *)(error + first));
            const __m256i both = _mm256_add_epi16(random, _mm256_mullo_epi16(e, factor));
            const __m256i none = _mm256_cmpeq_epi16(_mm256_max_epu16(both, random), both);
            __m256i *place = (__m256i *)(void *)(words + first);
            const __m256i sum = _mm256_add_epi16(
                _mm256_add_epi16(_mm256_loadu_si256(place), _mm256_mulhi_epi16(e, factor)),
                _mm256_add_epi16(none, one));
            most = _mm256_max_epu16(most, _mm256_add_epi16(sum, below));
            _mm256_storeu_si256(place, sum);
        }
        const __m256i within = _mm256_cmpeq_epi16(_mm256_max_epu16(most, window), window);
        if (_mm256_movemask_epi8(within) != -1) {
            break;
        }
    }
    _mm256_storeu_si256(states, a);
    _mm256_storeu_si256(states + 1, b);
    _mm256_storeu_si256(befores, a_before);
    _mm256_storeu_si256(befores + 1, b_before);
    return k;
}

/* Serves where a kernel of its own does; returns whether. */
static int serve_own(const struct mca_update_rows *u, uint32_t *k) {
    const enum mca_simd level = mca_simd_level();
    if (u->lanes != 16 || u->wide || !u->stochastic || level == MCA_SIMD_PLAIN) {
        return 0;
    }
    if (level == MCA_SIMD_AVX512) {
        *k = u->error16 ? serve_halves(u, *k) : serve_reference(u, *k);
        return 1;
    }
    if (u->error16) {
        *k = serve_halves_avx2(u, *k);
    }
    return u->error16 != NULL;
}
#else
static int serve_own(const struct mca_update_rows *u, uint32_t *k) {
    (void)u, (void)k;
    return 0;
}
#endif

/* Any number of lanes, one after the other. */
static int32_t delta_of(const struct mca_update_rows *u, uint32_t k, uint32_t column,
                        uint32_t *state, uint64_t *unchanged) {
    const int32_t v = u->code[k] * ((int32_t)1 << u->left) * u->error[column];
    if (u->stochastic) {
        *state = mca_lfsr_next(*state);
        return (v + (int32_t)(*state & (((uint32_t)1 << u->shift) - 1))) >> u->shift;
    }
    const int32_t half = u->shift ? (int32_t)1 << (u->shift - 1) : 0;
    const int32_t odd = u->shift ? -1 : 0;
    const int32_t delta = (v + half + ((v >> 31) & odd)) >> u->shift;
    *unchanged += (uint64_t)(delta == 0 && v != 0);
    return delta;
}

static uint32_t serve_any(const struct mca_update_rows *u, uint32_t k, uint64_t *unchanged) {
    const uint32_t window = 2u * (uint32_t)u->epsilon - 2u;
    uint32_t over = 0;
    for (; k < u->count && !over; k += !over) {
        const size_t start = (size_t)u->row[k] * u->stride;
        memcpy(u->before, u->state, u->lanes * sizeof *u->state);
        for (uint32_t i = 0; i < u->chunk_count; ++i) {
            for (uint32_t l = 0; l < u->lanes; ++l) {
                const uint32_t column = u->chunks[i] * u->lanes + l;
                int16_t *narrow = (int16_t *)u->words + start + column;
                int32_t *wide = (int32_t *)u->words + start + column;
                const int32_t sum =
                    (u->wide ? *wide : *narrow) + delta_of(u, k, column, &u->state[l], unchanged);
                if (u->wide) {
                    *wide = sum;
                } else {
                    *narrow = (int16_t)sum;
                }
                over |= (uint32_t)((uint32_t)(sum + u->epsilon - 1) > window);
            }
        }
    }
    return k;
}

static void sums_any(const struct mca_update_rows *u, uint32_t k, int32_t *sums) {
    const size_t start = (size_t)u->row[k] * u->stride;
    uint64_t unused = 0;
    for (uint32_t l = 0; l < u->lanes; ++l) {
        uint32_t state = u->before[l];
        for (uint32_t i = 0; i < u->chunk_count; ++i) {
            const uint32_t column = u->chunks[i] * u->lanes + l;
            const int32_t delta = delta_of(u, k, column, &state, &unused);
            const int32_t wide = u->wide ? ((const int32_t *)u->words)[start + column] : 0;
            const int32_t low = u->wide ? 0 : ((const int16_t *)u->words)[start + column];
            sums[(size_t)i * u->lanes + l] = u->wide ? wide : (int16_t)(low - delta) + delta;
        }
    }
}

typedef uint32_t serve_function(const struct mca_update_rows *update, uint32_t k,
                                uint64_t *unchanged);
typedef void sums_function(const struct mca_update_rows *update, uint32_t k, int32_t *sums);

#define LANES_OF(function, lanes, path)                                                            \
    { function##_##lanes##_16_##path, function##_##lanes##_32_##path }
#define PATH_OF(function, path)                                                                    \
    { LANES_OF(function, 8, path), LANES_OF(function, 16, path), LANES_OF(function, 32, path) }
#define PATHS_OF(function)                                                                         \
    { PATH_OF(function, plain), PATH_OF(function, avx2), PATH_OF(function, avx512) }

/* by SIMD path, lanes (8, 16, 32) and width of words */
static serve_function *const nearest[3][3][2] = PATHS_OF(nearest);
static serve_function *const stochastic[3][3][2] = PATHS_OF(stochastic);
static sums_function *const sums_of[3][3][2] = PATHS_OF(sums);

static int is_vector(uint32_t lanes) {
    return lanes == 8 || lanes == 16 || lanes == 32;
}

uint32_t mca_update_serve(const struct mca_update_rows *u, uint32_t k, uint64_t *unchanged) {
    if (serve_own(u, &k)) {
        return k;
    }
    if (!is_vector(u->lanes)) {
        return serve_any(u, k, unchanged);
    }
    serve_function *const(*paths)[3][2] = u->stochastic ? stochastic : nearest;
    return paths[mca_simd_level()][u->lanes / 16][u->wide != 0](u, k, unchanged);
}

void mca_update_sums(const struct mca_update_rows *u, uint32_t k, int32_t *sums) {
    if (!is_vector(u->lanes)) {
        sums_any(u, k, sums);
    } else {
        sums_of[mca_simd_level()][u->lanes / 16][u->wide != 0](u, k, sums);
    }
}
