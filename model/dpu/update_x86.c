/*
 * Update kernels of x86-64: rows of 16 lanes, words of 16 bits, stochastic rounding, the reference
 * chip's. The same integers as update_rows.inc.
 */
#include "dpu/lfsr.h"
#include "dpu/update_kernels.h"

#include "base/simd.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* A step of the generators of 16 lanes. */
MCA_TARGET_AVX512
static inline __m512i step_16(__m512i s) {
    s = _mm512_xor_si512(s, _mm512_slli_epi32(s, 13)); /* mca_lfsr_next */
    s = _mm512_xor_si512(s, _mm512_srli_epi32(s, 17));
    return _mm512_xor_si512(s, _mm512_slli_epi32(s, 5));
}

/* What rows have in common whose products are taken in 32 bits. */
struct full {
    __m512i mask;
    __m512i below;
    __m512i window;
    __m128i shift;
};

MCA_TARGET_AVX512
static inline struct full full_of(const struct mca_update_rows *u) {
    return (struct full){_mm512_set1_epi32((int32_t)(((uint32_t)1 << u->shift) - 1)),
                         _mm512_set1_epi32(u->epsilon - 1),
                         _mm512_set1_epi32((int32_t)(2u * (uint32_t)u->epsilon - 2u)),
                         _mm_cvtsi32_si128((int32_t)u->shift)};
}

MCA_TARGET_AVX512
static inline __m512i full_factor(const struct mca_update_rows *u, uint32_t k) {
    return _mm512_set1_epi32(u->code[k] * ((int32_t)1 << u->left));
}

/* A word, as update_rows.inc has it, after a step of its generators. Sums up to epsilon - 1 in
 * magnitude, plus that, lie in 0 .. window; the largest so far is returned. */
MCA_TARGET_AVX512
static inline __m512i serve_word(const struct full *f, int16_t *word, __m512i state, __m512i e,
                                 __m512i factor, __m512i most) {
    const __m512i product = _mm512_mullo_epi32(e, factor);
    const __m512i delta =
        _mm512_sra_epi32(_mm512_add_epi32(product, _mm512_and_si512(state, f->mask)), f->shift);
    __m256i *place = (__m256i *)(void *)word;
    const __m512i sum = _mm512_add_epi32(_mm512_cvtepi16_epi32(_mm256_loadu_si256(place)), delta);
    _mm256_storeu_si256(place, _mm512_cvtepi32_epi16(sum));
    return _mm512_max_epu32(most, _mm512_add_epi32(sum, f->below));
}

/* Rows of any shift. */
MCA_TARGET_AVX512
static struct mca_update_served serve_full(const struct mca_update_rows *u, uint32_t k) {
    const struct full f = full_of(u);
    const uint32_t *restrict chunks = u->chunks;
    const uint32_t chunk_count = u->chunk_count;
    __m512i state = _mm512_loadu_si512(u->state);
    __m512i before = state;
    for (; k < u->count; ++k) {
        const __m512i factor = full_factor(u, k);
        int16_t *words = (int16_t *)u->words + (size_t)u->row[k] * u->stride;
        const int32_t *error = u->error + mca_update_errors_at(u, k);
        __m512i most = _mm512_setzero_si512();
        before = state;
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            state = step_16(state);
            most = serve_word(&f, words + first, state, _mm512_loadu_si512(error + first), factor,
                              most);
        }
        if (_mm512_cmpgt_epu32_mask(most, f.window) != 0) {
            break;
        }
    }
    _mm512_storeu_si512(u->state, state);
    _mm512_storeu_si512(u->before, before);
    return mca_update_one(u->count, k);
}

/*
 * Rows before `end` where 16 bits are enough. (x e + u) >> s, u the low s bits of the generator, is
 * the upper half of x e 2^(16 - s) and the carry of its lower half with u 2^(16 - s).
 */
MCA_TARGET_AVX512
static struct mca_update_served serve_halves(const struct mca_update_rows *u, uint32_t k,
                                             uint32_t end) {
    const __m256i below = _mm256_set1_epi16((int16_t)(u->epsilon - 1));
    const __m256i window = _mm256_set1_epi16((int16_t)(2 * (u->epsilon - 1)));
    const __m256i ones = _mm256_set1_epi16(-1);
    const __m128i up = _mm_cvtsi32_si128(16 - (int32_t)u->shift);
    const uint32_t *restrict chunks = u->chunks;
    const uint32_t chunk_count = u->chunk_count;
    __m512i state = _mm512_loadu_si512(u->state);
    __m512i before = state;
    for (; k < end; ++k) {
        const __m256i factor =
            _mm256_set1_epi16((int16_t)(u->code[k] * ((int32_t)1 << u->code_left)));
        int16_t *words = (int16_t *)u->words + (size_t)u->row[k] * u->stride;
        const int16_t *error = u->error16 + mca_update_errors_at(u, k);
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
    return mca_update_one(end, k);
}

/* Which byte of 16 states in a row goes where so that quarter b holds byte b of them. */
MCA_TARGET_AVX512_ICL
static inline __m512i by_bytes(__m512i states) {
    const __m512i every_fourth = _mm512_set_epi8(
        63, 59, 55, 51, 47, 43, 39, 35, 31, 27, 23, 19, 15, 11, 7, 3, 62, 58, 54, 50, 46, 42, 38,
        34, 30, 26, 22, 18, 14, 10, 6, 2, 61, 57, 53, 49, 45, 41, 37, 33, 29, 25, 21, 17, 13, 9, 5,
        1, 60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8, 4, 0);
    return _mm512_permutexvar_epi8(every_fourth, states);
}

/* The way back. */
MCA_TARGET_AVX512_ICL
static inline __m512i by_states(__m512i bytes) {
    const __m512i every_sixteenth = _mm512_set_epi8(
        63, 47, 31, 15, 62, 46, 30, 14, 61, 45, 29, 13, 60, 44, 28, 12, 59, 43, 27, 11, 58, 42, 26,
        10, 57, 41, 25, 9, 56, 40, 24, 8, 55, 39, 23, 7, 54, 38, 22, 6, 53, 37, 21, 5, 52, 36, 20,
        4, 51, 35, 19, 3, 50, 34, 18, 2, 49, 33, 17, 1, 48, 32, 16, 0);
    return _mm512_permutexvar_epi8(every_sixteenth, bytes);
}

/* States by bytes, their quarters turned by 0 to 3 places. */
struct turned {
    __m512i by[4];
};

MCA_TARGET_AVX512_ICL
static inline struct turned turned_of(__m512i bytes) {
    return (struct turned){{bytes, _mm512_shuffle_i64x2(bytes, bytes, 0x39),
                            _mm512_shuffle_i64x2(bytes, bytes, 0x4e),
                            _mm512_shuffle_i64x2(bytes, bytes, 0x93)}};
}

/* Many steps at once. */
MCA_TARGET_AVX512_ICL
static inline __m512i jump(const struct mca_lfsr_jump *steps, const struct turned *start) {
    __m512i part[4];
    for (int t = 0; t < 4; ++t) {
        part[t] =
            _mm512_gf2p8affine_epi64_epi8(start->by[t], _mm512_loadu_si512(steps->block[t]), 0);
    }
    const __m512i three = _mm512_ternarylogic_epi32(part[0], part[1], part[2], 0x96);
    return _mm512_xor_si512(three, part[3]);
}

/* Generators before each of four rows from k on, also told to u->before. `start` holds those of row
 * k by bytes, and then of row k + 4. */
MCA_TARGET_AVX512_ICL
static inline __attribute__((always_inline)) void start_four(const struct mca_update_rows *u,
                                                             __m512i *start, __m512i s[4]) {
    const struct turned turned = turned_of(*start);
    const struct mca_lfsr_jump *jumps = u->jumps;
    const size_t row = u->chunk_count;
    s[0] = by_states(*start);
    s[1] = by_states(jump(&jumps[row], &turned));
    s[2] = by_states(jump(&jumps[2 * row], &turned));
    s[3] = by_states(jump(&jumps[3 * row], &turned));
    *start = jump(&jumps[4 * row], &turned);
    for (size_t r = 0; r < 4; ++r) {
        _mm512_storeu_si512(u->before + r * 16, s[r]);
    }
}

/* Four rows of any shift side by side: the chain of a generator's operations is longer than what is
 * done beside it. Each row's generators start where the row's before would leave them. */
MCA_TARGET_AVX512_ICL
static struct mca_update_served serve_four_full(const struct mca_update_rows *u, uint32_t k) {
    const struct full f = full_of(u);
    const uint32_t *restrict chunks = u->chunks;
    const uint32_t chunk_count = u->chunk_count;
    __m512i start = by_bytes(_mm512_loadu_si512(u->state));
    uint32_t over = 0;
    for (; k + 4 <= u->count && !over; k += 4) {
        __m512i s[4];
        __m512i factor[4];
        __m512i most[4];
        int16_t *words[4];
        start_four(u, &start, s);
        for (uint32_t r = 0; r < 4; ++r) {
            words[r] = (int16_t *)u->words + (size_t)u->row[k + r] * u->stride;
            factor[r] = full_factor(u, k + r);
            most[r] = _mm512_setzero_si512();
        }
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            const __m512i e = _mm512_loadu_si512(u->error + first);
#pragma GCC unroll 4
            for (uint32_t r = 0; r < 4; ++r) {
                s[r] = step_16(s[r]);
                most[r] = serve_word(&f, words[r] + first, s[r], e, factor[r], most[r]);
            }
        }
        for (uint32_t r = 0; r < 4; ++r) {
            over |= (uint32_t)(_mm512_cmpgt_epu32_mask(most[r], f.window) != 0) << r;
        }
    }
    _mm512_storeu_si512(u->state, by_states(start));
    return over ? (struct mca_update_served){k, k - 4, over} : serve_full(u, k);
}

/* What rows have in common whose products are taken in halves. */
struct halves {
    __m512i below;
    __m512i window;
    __m512i halves; /* the lower halves of 32 generators */
    __m128i up;
};

/* A word of two rows, as serve_halves has it: row `a` in the lower half of each register. */
MCA_TARGET_AVX512_ICL
static inline __attribute__((always_inline)) __m512i serve_two(const struct halves *g, int16_t *a,
                                                               int16_t *b, __m512i random,
                                                               __m512i e, __m512i factor,
                                                               __m512i most) {
    const __m512i ones = _mm512_set1_epi16(-1);
    const __m512i low = _mm512_mullo_epi16(e, factor);
    const __mmask32 carry =
        _mm512_cmpgt_epu16_mask(_mm512_sll_epi16(random, g->up), _mm512_xor_si512(low, ones));
    __m256i *place_a = (__m256i *)(void *)a;
    __m256i *place_b = (__m256i *)(void *)b;
    const __m512i words = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(place_a)),
                                             _mm256_loadu_si256(place_b), 1);
    const __m512i sum = _mm512_add_epi16(words, _mm512_mulhi_epi16(e, factor));
    const __m512i carried = _mm512_mask_sub_epi16(sum, carry, sum, ones);
    _mm256_storeu_si256(place_a, _mm512_castsi512_si256(carried));
    _mm256_storeu_si256(place_b, _mm512_extracti64x4_epi64(carried, 1));
    return _mm512_max_epu16(most, _mm512_add_epi16(carried, g->below));
}

/* Codes of four rows from k on, each in a half of a register: rows k and k + 1 in `a`. */
MCA_TARGET_AVX512_ICL
static inline __attribute__((always_inline)) void factors_of(const struct mca_update_rows *u,
                                                             uint32_t k, __m512i *a, __m512i *b) {
    const __m128i left = _mm_cvtsi32_si128((int32_t)u->code_left);
    const __m128i codes = _mm_loadu_si128((const __m128i *)(const void *)(u->code + k));
    const __m512i factors = _mm512_castsi128_si512(_mm_sll_epi32(codes, left));
    const __m512i first_two = _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_set1_epi16(2), 1);
    const __m512i last_two = _mm512_add_epi16(first_two, _mm512_set1_epi16(4));
    *a = _mm512_permutexvar_epi16(first_two, factors);
    *b = _mm512_permutexvar_epi16(last_two, factors);
}

/* Bit 0: any of the lower 16 elements, bit 1: any of the upper ones. */
static inline uint32_t halves_of(__mmask32 over) {
    return (uint32_t)((over & 0xffff) != 0) | (uint32_t)(over >> 16 != 0) << 1;
}

MCA_TARGET_AVX512_ICL
static inline struct halves halves_for(const struct mca_update_rows *u) {
    uint16_t even[32];
    for (uint16_t i = 0; i < 32; ++i) {
        even[i] = (uint16_t)(2 * i);
    }
    return (struct halves){.below = _mm512_set1_epi16((int16_t)(u->epsilon - 1)),
                           .window = _mm512_set1_epi16((int16_t)(2 * (u->epsilon - 1))),
                           .halves = _mm512_loadu_si512(even),
                           .up = _mm_cvtsi32_si128(16 - (int32_t)u->shift)};
}

/* Rows k and k + 1 of a single word, `first` of their errors; `a` and `b`: their generators. */
MCA_TARGET_AVX512_ICL
static inline __attribute__((always_inline)) __m512i serve_pair(const struct mca_update_rows *u,
                                                                const struct halves *g, uint32_t k,
                                                                size_t first, __m512i factor,
                                                                __m512i a, __m512i b) {
    int16_t *words = (int16_t *)u->words + first;
    const int16_t *error = u->error16 + first;
    const __m256i *error_a = (const __m256i *)(const void *)(error + mca_update_errors_at(u, k));
    const __m256i *error_b =
        (const __m256i *)(const void *)(error + mca_update_errors_at(u, k + 1));
    const __m512i e = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(error_a)),
                                         _mm256_loadu_si256(error_b), 1);
    return serve_two(g, words + (size_t)u->row[k] * u->stride,
                     words + (size_t)u->row[k + 1] * u->stride,
                     _mm512_permutex2var_epi16(a, g->halves, b), e, factor, _mm512_setzero_si512());
}

/* Whether four rows from k on are all different: those of one update are. */
MCA_TARGET_AVX512_ICL
static inline int are_different(const struct mca_update_rows *u, uint32_t k) {
    if (!u->of || u->of[k] == u->of[k + 3]) {
        return 1;
    }
    const __m128i row = _mm_loadu_si128((const __m128i *)(const void *)(u->row + k));
    const __m128i same = _mm_conflict_epi32(row);
    return _mm_testz_si128(same, same);
}

/* serve_halves for rows of a single word, four at a time: their generators follow one another,
 * which takes fewer operations than jumps, while the next four start from a jump. Stops before four
 * rows of which two are the same. */
MCA_TARGET_AVX512_ICL
static struct mca_update_served serve_four_chained(const struct mca_update_rows *update,
                                                   uint32_t k) {
    const struct mca_update_rows rows = *update; /* in registers: stores cannot change it */
    const struct mca_update_rows *u = &rows;
    const struct halves g = halves_for(u);
    const size_t first = (size_t)u->chunks[0] * 16;
    __m512i start = by_bytes(_mm512_loadu_si512(u->state));
    uint32_t over = 0;
    for (; k + 4 <= u->count && !over && are_different(u, k); k += 4) {
        __m512i s[4];
        const __m512i before = by_states(start);
        __m512i state = before;
#pragma GCC unroll 4
        for (int r = 0; r < 4; ++r) {
            state = step_16(state);
            s[r] = state;
        }
        const struct turned turned = turned_of(start);
        start = jump(&u->jumps[4], &turned);
        __m512i factor_a;
        __m512i factor_b;
        factors_of(u, k, &factor_a, &factor_b);
        const __m512i most_a = serve_pair(u, &g, k, first, factor_a, s[0], s[1]);
        const __m512i most_b = serve_pair(u, &g, k + 2, first, factor_b, s[2], s[3]);
        if (_mm512_cmpgt_epu16_mask(_mm512_max_epu16(most_a, most_b), g.window) != 0) {
            over = halves_of(_mm512_cmpgt_epu16_mask(most_a, g.window)) |
                   halves_of(_mm512_cmpgt_epu16_mask(most_b, g.window)) << 2;
            _mm512_storeu_si512(u->before, before);
            for (size_t r = 1; r < 4; ++r) {
                _mm512_storeu_si512(u->before + r * 16, s[r - 1]);
            }
        }
    }
    _mm512_storeu_si512(u->state, by_states(start));
    return (struct mca_update_served){k, over ? k - 4 : k, over};
}

/* The same, and one by one where four cannot be. */
static struct mca_update_served serve_chained(const struct mca_update_rows *u, uint32_t k) {
    struct mca_update_served served = serve_four_chained(u, k);
    while (!served.over && served.end < u->count) {
        const uint32_t left = u->count - served.end;
        served = serve_halves(u, served.end, served.end + (left < 4 ? left : 4));
        if (!served.over && served.end < u->count) {
            served = serve_four_chained(u, served.end);
        }
    }
    return served;
}

/* serve_halves for four rows side by side, two in a register. */
MCA_TARGET_AVX512_ICL
static struct mca_update_served serve_four_halves(const struct mca_update_rows *u, uint32_t k) {
    const struct halves g = halves_for(u);
    const uint32_t *restrict chunks = u->chunks;
    const int16_t *restrict error = u->error16;
    const uint32_t chunk_count = u->chunk_count;
    __m512i start = by_bytes(_mm512_loadu_si512(u->state));
    uint32_t over = 0;
    for (; k + 4 <= u->count && !over; k += 4) {
        __m512i s[4];
        start_four(u, &start, s);
        int16_t *words[4];
        for (uint32_t r = 0; r < 4; ++r) {
            words[r] = (int16_t *)u->words + (size_t)u->row[k + r] * u->stride;
        }
        __m512i factor_a;
        __m512i factor_b;
        factors_of(u, k, &factor_a, &factor_b);
        __m512i most_a = _mm512_setzero_si512();
        __m512i most_b = _mm512_setzero_si512();
        for (uint32_t i = 0; i < chunk_count; ++i) {
            const size_t first = (size_t)chunks[i] * 16;
            const __m512i e = _mm512_broadcast_i64x4(
                _mm256_loadu_si256((const __m256i *)(const void *)(error + first)));
            for (uint32_t r = 0; r < 4; ++r) {
                s[r] = step_16(s[r]);
            }
            most_a =
                serve_two(&g, words[0] + first, words[1] + first,
                          _mm512_permutex2var_epi16(s[0], g.halves, s[1]), e, factor_a, most_a);
            most_b =
                serve_two(&g, words[2] + first, words[3] + first,
                          _mm512_permutex2var_epi16(s[2], g.halves, s[3]), e, factor_b, most_b);
        }
        over = halves_of(_mm512_cmpgt_epu16_mask(most_a, g.window)) |
               halves_of(_mm512_cmpgt_epu16_mask(most_b, g.window)) << 2;
    }
    _mm512_storeu_si512(u->state, by_states(start));
    return over ? (struct mca_update_served){k, k - 4, over} : serve_halves(u, k, u->count);
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
static struct mca_update_served serve_halves_avx2(const struct mca_update_rows *u, uint32_t k) {
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
    return mca_update_one(u->count, k);
}

static int has_kernel(uint32_t lanes, int wide, int stochastic) {
    return lanes == 16 && !wide && stochastic && mca_simd_level() != MCA_SIMD_PLAIN;
}

uint32_t mca_update_jumps(uint32_t lanes, int wide, int stochastic, uint32_t words) {
    const int used = has_kernel(lanes, wide, stochastic) && mca_simd_avx512_icl();
    return used ? MCA_UPDATE_GROUP * words + 1 : 0;
}

int mca_update_joins(uint32_t lanes, int wide, int stochastic, uint32_t words) {
    return has_kernel(lanes, wide, stochastic) && mca_simd_level() == MCA_SIMD_AVX512 && words == 1;
}

int mca_update_serve_own(const struct mca_update_rows *u, uint32_t k,
                         struct mca_update_served *served) {
    if (!has_kernel(u->lanes, u->wide, u->stochastic)) {
        return 0;
    }
    if (mca_simd_level() == MCA_SIMD_AVX512) {
        if (u->jumps && u->chunk_count == 1 && u->error16) {
            *served = serve_chained(u, k);
        } else if (u->jumps && u->chunk_count > 1 && k + MCA_UPDATE_GROUP <= u->count) {
            *served = u->error16 ? serve_four_halves(u, k) : serve_four_full(u, k);
        } else { /* few rows, or of a word each: not worth a jump */
            *served = u->error16 ? serve_halves(u, k, u->count) : serve_full(u, k);
        }
        return 1;
    }
    if (u->error16) {
        *served = serve_halves_avx2(u, k);
    }
    return u->error16 != NULL;
}
#else
uint32_t mca_update_jumps(uint32_t lanes, int wide, int stochastic, uint32_t words) {
    (void)lanes, (void)wide, (void)stochastic, (void)words;
    return 0;
}

int mca_update_joins(uint32_t lanes, int wide, int stochastic, uint32_t words) {
    (void)lanes, (void)wide, (void)stochastic, (void)words;
    return 0;
}

int mca_update_serve_own(const struct mca_update_rows *u, uint32_t k,
                         struct mca_update_served *served) {
    (void)u, (void)k, (void)served;
    return 0;
}
#endif
