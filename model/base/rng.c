#include "base/rng.h"

#include <pthread.h>
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "base/simd.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

void mca_rng_words(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                   uint32_t words[4]) {
    const philox4x32_key_t key = {
        {(uint32_t)rng.seed, (uint32_t)(rng.seed >> 32) ^ (rng.purpose << 20)}};
    const philox4x32_ctr_t counter = {{(uint32_t)place,
                                       (uint32_t)(place >> 32 & 0xffff) | draw << 16,
                                       (uint32_t)event, (uint32_t)(event >> 32)}};
    const philox4x32_ctr_t result = philox4x32(counter, key);
    for (int i = 0; i < 4; ++i) {
        words[i] = result.v[i];
    }
}

double mca_rng_uniform(uint32_t word) {
    return ((double)word + 0.5) * (1.0 / 4294967296.0);
}

/*
 * Quantiles: octave o holds tail probabilities p in [2^-(o+2), 2^-(o+1)), from p = 1/2 (z = 0)
 * outwards. The word's low 31 bits m stand for p = (m + 0.5) / 2^32; the octave is the number of
 * leading zeros of m within 31 bits.
 */
enum { OCTAVES = 32, SEGMENTS = 64 };

/* Of each segment: the quantile where it starts, and how much is added until it ends. */
static double quantiles[OCTAVES][SEGMENTS][2];
static pthread_once_t quantiles_once = PTHREAD_ONCE_INIT;

/* `of_range` = m / 2^(30 - o) - 1: from 0 where octave o starts to 1 where it ends. */
static double quantile_at(int o, double of_range) {
    /* octave o: m from 2^(30-o); the last one holds m = 0 alone */
    const double start = o < OCTAVES - 1 ? mca_exp2i(30 - o) : 0.0;
    const double width = o < OCTAVES - 1 ? start : 1.0;
    const double m = start + width * of_range;
    const double p = (m > 0.0 ? m : 0.5) * (1.0 / 4294967296.0);
    return p >= 0.5 ? 0.0 : -mca_normal_quantile(p);
}

static void fill_quantiles(void) {
    for (int o = 0; o < OCTAVES; ++o) {
        for (int i = 0; i < SEGMENTS; ++i) {
            const double first = quantile_at(o, (double)i / SEGMENTS);
            quantiles[o][i][0] = first;
            quantiles[o][i][1] = quantile_at(o, (double)(i + 1) / SEGMENTS) - first;
        }
    }
}

static double gaussian(uint32_t word) {
    const uint32_t m = word & 0x7fffffffu;
    const uint32_t o = (uint32_t)__builtin_clz(m << 1 | 1); /* of m within 31 bits; 31 for 0 */
    /* position within the octave, of 2^31: the leading one is shifted out */
    const uint32_t position = (m << o << 1) & 0x7fffffffu;
    const uint32_t segment = position >> 25;
    const double fraction = (double)(int32_t)(position & 0x1ffffffu) * (1.0 / 33554432.0);
    const double *q = quantiles[o][segment];
    const double z = q[0] + q[1] * fraction;
    return word >> 31 ? -z : z;
}

double mca_gaussian_from_word(uint32_t word) {
    (void)pthread_once(&quantiles_once, fill_quantiles);
    return gaussian(word);
}

double mca_rng_gaussian(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw) {
    uint32_t words[4];
    mca_rng_words(rng, place, event, draw, words);
    return mca_gaussian_from_word(words[0]);
}

/* Those from number `first` on. */
static struct mca_rng_normals normals_from(const struct mca_rng_normals *of, size_t first) {
    return (struct mca_rng_normals){of->mean + first, of->mean_unit, of->variance + first,
                                    of->variance_unit};
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* Gaussians that are made at a time, at most: their loads from the table come long after their
 * places are stored, which is faster than taking places out of a register, or gathering. */
enum { WORDS = 128 };

struct in_table {
    uint32_t place[WORDS]; /* of a segment in `quantiles` */
    uint32_t fraction[WORDS];
    uint32_t word[WORDS];
};

/* Where 16 words from number `first` on lie: gaussian(), operation by operation. */
MCA_TARGET_AVX512
static inline void place_16(struct in_table *t, int first, __m512i word) {
    const __m512i twice = _mm512_slli_epi32(word, 1);
    const __m512i o = _mm512_lzcnt_epi32(_mm512_or_si512(twice, _mm512_set1_epi32(1)));
    const __m512i position = _mm512_sllv_epi32(twice, o);
    const __m512i segment =
        _mm512_srli_epi32(_mm512_and_si512(position, _mm512_set1_epi32(0x7fffffff)), 25);
    const __m512i at = _mm512_add_epi32(_mm512_slli_epi32(o, 6), segment);
    _mm512_storeu_si512(t->place + first, _mm512_slli_epi32(at, 1));
    _mm512_storeu_si512(t->fraction + first,
                        _mm512_and_si512(position, _mm512_set1_epi32(0x1ffffff)));
    _mm512_storeu_si512(t->word + first, word);
}

/* What four segments hold. */
MCA_TARGET_AVX512
static inline __m512d load_segments(const uint32_t *place) {
    const double *table = &quantiles[0][0][0];
    __m512d pairs = _mm512_castpd128_pd512(_mm_loadu_pd(table + place[0]));
    pairs = _mm512_insertf64x2(pairs, _mm_loadu_pd(table + place[1]), 1);
    pairs = _mm512_insertf64x2(pairs, _mm_loadu_pd(table + place[2]), 2);
    return _mm512_insertf64x2(pairs, _mm_loadu_pd(table + place[3]), 3);
}

/* Gaussians of 8 words from number `first` on. */
MCA_TARGET_AVX512
static inline __m512d interpolate_8(const struct in_table *t, int first) {
    const __m256i fraction =
        _mm256_loadu_si256((const __m256i *)(const void *)(t->fraction + first));
    const __m256i word = _mm256_loadu_si256((const __m256i *)(const void *)(t->word + first));
    const __m512d part =
        _mm512_mul_pd(_mm512_cvtepi32_pd(fraction), _mm512_set1_pd(1.0 / 33554432.0));
    const __m512d a = load_segments(t->place + first);
    const __m512d b = load_segments(t->place + first + 4);
    const __m512d q0 = _mm512_permutex2var_pd(a, _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), b);
    const __m512d q1 = _mm512_permutex2var_pd(a, _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1), b);
    const __m512d size = _mm512_add_pd(q0, _mm512_mul_pd(q1, part));
    const __m512i top = _mm512_slli_epi64(_mm512_cvtepu32_epi64(word), 32);
    const __m512i sign = _mm512_set1_epi64((long long)0x8000000000000000u);
    /* size xor (top and sign) */
    return _mm512_castsi512_pd(
        _mm512_ternarylogic_epi64(_mm512_castpd_si512(size), top, sign, 0x78));
}

/* Eight Gaussians as numbers of these means and variances. */
MCA_TARGET_AVX512
static inline __m512d normal_8(const struct mca_rng_normals *of, size_t first, __m512d z) {
    const __m256i mean = _mm256_loadu_si256((const __m256i *)(const void *)(of->mean + first));
    const __m256i variance =
        _mm256_loadu_si256((const __m256i *)(const void *)(of->variance + first));
    const __m512d deviation = _mm512_sqrt_pd(
        _mm512_mul_pd(_mm512_cvtepu32_pd(variance), _mm512_set1_pd(of->variance_unit)));
    return _mm512_add_pd(_mm512_mul_pd(_mm512_cvtepi32_pd(mean), _mm512_set1_pd(of->mean_unit)),
                         _mm512_mul_pd(z, deviation));
}

/* Gaussians of the first `count` words, a multiple of 8; of mean 0 and variance 1 where `of` is
 * NULL. What is done for the next ones goes on during a square root. */
MCA_TARGET_AVX512
static inline __attribute__((always_inline)) void
gaussians_of(struct in_table *t, int count, const struct mca_rng_normals *of, double *out) {
    __asm__("" : "+m"(*t)); /* places come from memory, not from the registers they were in */
    for (int i = 0; i < count; i += 8) {
        const __m512d z = interpolate_8(t, i);
        _mm512_storeu_pd(out + i, of ? normal_8(of, (size_t)i, z) : z);
    }
}

/* Philox4x32-10 (Salmon et al., SC 2011): keys of all rounds, and the counters' words but for the
 * place and the draw. */
struct philox {
    uint64_t key[10][2];
    uint64_t event[2];
};

static struct philox philox_of(struct mca_rng rng, uint64_t event) {
    struct philox p = {.event = {(uint32_t)event, event >> 32}};
    uint32_t key0 = (uint32_t)rng.seed;
    uint32_t key1 = (uint32_t)(rng.seed >> 32) ^ (rng.purpose << 20);
    for (int round = 0; round < 10; ++round) {
        p.key[round][0] = key0;
        p.key[round][1] = key1;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return p;
}

/* Counters of 8 places: the places, and their draws as the second word has them. */
struct counters_8 {
    __m512i place;
    __m512i draw;
};

/* Of 8 places in each of `groups` vectors side by side, as mca_rng_words has it for one; words in
 * the low halves of 64-bit lanes, whose high halves hold anything. */
MCA_TARGET_AVX512
static inline __attribute__((always_inline)) void
philox_8(const struct philox *p, int groups, const struct counters_8 *at, __m512i words[][4]) {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53);
    const __m512i m1 = _mm512_set1_epi64(0xCD9E8D57);
    for (int g = 0; g < groups; ++g) {
        words[g][0] = at[g].place;
        words[g][1] = _mm512_or_si512(
            _mm512_and_si512(_mm512_srli_epi64(at[g].place, 32), _mm512_set1_epi64(0xffff)),
            at[g].draw);
        words[g][2] = _mm512_set1_epi64((long long)p->event[0]);
        words[g][3] = _mm512_set1_epi64((long long)p->event[1]);
    }
    for (int round = 0; round < 10; ++round) {
        const __m512i key0 = _mm512_set1_epi64((long long)p->key[round][0]);
        const __m512i key1 = _mm512_set1_epi64((long long)p->key[round][1]);
        for (int g = 0; g < groups; ++g) {
            __m512i *x = words[g];
            const __m512i p0 = _mm512_mul_epu32(x[0], m0);
            const __m512i p1 = _mm512_mul_epu32(x[2], m1);
            x[0] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), x[1], key0, 0x96);
            x[2] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), x[3], key1, 0x96);
            x[1] = p1;
            x[3] = p0;
        }
    }
}

/* Gaussians of all words of 8 places in each of `groups` vectors; `of`: as gaussians_of has it. */
MCA_TARGET_AVX512
static inline __attribute__((always_inline)) void fill_at(const struct philox *p, int groups,
                                                          const struct counters_8 *at,
                                                          const struct mca_rng_normals *of,
                                                          double *out) {
    const __m512i low = _mm512_set1_epi64(0xffffffff);
    __m512i x[4][4];
    struct in_table table;
    philox_8(p, groups, at, x);
    for (int g = 0; g < groups; ++g) {
        /* words 0 1 and 2 3 of each counter, then counter after counter */
        const __m512i w01 =
            _mm512_or_si512(_mm512_and_si512(x[g][0], low), _mm512_slli_epi64(x[g][1], 32));
        const __m512i w23 =
            _mm512_or_si512(_mm512_and_si512(x[g][2], low), _mm512_slli_epi64(x[g][3], 32));
        const __m512i first =
            _mm512_permutex2var_epi64(w01, _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0), w23);
        const __m512i second =
            _mm512_permutex2var_epi64(w01, _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4), w23);
        place_16(&table, 32 * g, first);
        place_16(&table, 32 * g + 16, second);
    }
    gaussians_of(&table, 32 * groups, of, out);
}

/* A draw as the second word of all counters of a vector has it. */
MCA_TARGET_AVX512
static inline __m512i draw_of_8(uint32_t draw) {
    return _mm512_set1_epi64((long long)(uint32_t)(draw << 16));
}

/* The same of places that follow one another, of one draw. */
MCA_TARGET_AVX512
static inline __attribute__((always_inline)) void fill(const struct philox *p, int groups,
                                                       uint64_t place, uint32_t draw, double *z) {
    struct counters_8 at[4];
    for (int g = 0; g < groups; ++g) {
        at[g].place = _mm512_add_epi64(_mm512_set1_epi64((long long)place + 8LL * g),
                                       _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
        at[g].draw = draw_of_8(draw);
    }
    fill_at(p, groups, at, NULL, z);
}

/* Four groups of 32 at a time, which hide each other's latencies, and a last one of 8 Gaussians at
 * least; returns how many. */
MCA_TARGET_AVX512
static size_t fill_all(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                       size_t count, double *z) {
    enum { GROUP = 32, LEAST = 8 };
    const struct philox p = philox_of(rng, event);
    double rest[WORDS];
    size_t i = 0;
    for (; i + WORDS <= count; i += WORDS) {
        fill(&p, 4, place + i / 4, draw, z + i);
    }
    if (count - i < LEAST) {
        return i;
    }
    if (count - i > (size_t)2 * GROUP) {
        fill(&p, 4, place + i / 4, draw, rest);
    } else if (count - i > GROUP) {
        fill(&p, 2, place + i / 4, draw, rest);
    } else {
        fill(&p, 1, place + i / 4, draw, rest);
    }
    memcpy(z + i, rest, (count - i) * sizeof *z);
    return count;
}

static size_t fill_wide(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                        size_t count, double *z) {
    return mca_simd_level() == MCA_SIMD_AVX512 ? fill_all(rng, place, event, draw, count, z) : 0;
}

enum { ROW_UNIT = 16 }; /* Gaussians, of 4 places, that half a vector of counters gives */

/* Which unit of which row comes next, of rows of `units` each. */
struct row_unit {
    size_t row;
    size_t unit;
    size_t units;
};

/* The next unit in the lower half of the counters, the one after in the upper one. */
MCA_TARGET_AVX512
static inline struct counters_8 two_units(uint64_t place, const uint32_t *draw,
                                          struct row_unit *next) {
    long long at[2];
    long long of[2];
    for (int h = 0; h < 2; ++h) {
        at[h] = (long long)(place + 4 * next->unit);
        of[h] = (long long)(uint32_t)(draw[next->row] << 16);
        const int is_last = ++next->unit == next->units;
        next->unit = is_last ? 0 : next->unit;
        next->row += (size_t)is_last;
    }
    return (struct counters_8){
        _mm512_add_epi64(_mm512_inserti64x4(_mm512_set1_epi64(at[0]), _mm256_set1_epi64x(at[1]), 1),
                         _mm512_set_epi64(3, 2, 1, 0, 3, 2, 1, 0)),
        _mm512_inserti64x4(_mm512_set1_epi64(of[0]), _mm256_set1_epi64x(of[1]), 1)};
}

/* Eight units at a time, which hide each other's latencies; returns how many units. */
MCA_TARGET_AVX512
static size_t fill_rows(struct mca_rng rng, uint64_t place, uint64_t event, const uint32_t *draw,
                        size_t rows, size_t units, const struct mca_rng_normals *of, double *out) {
    const struct philox p = philox_of(rng, event);
    struct row_unit next = {0, 0, units};
    size_t unit = 0;
    for (; unit + 8 <= rows * units; unit += 8) {
        struct counters_8 at[4];
        for (int g = 0; g < 4; ++g) {
            at[g] = two_units(place, draw, &next);
        }
        const struct mca_rng_normals of_these = normals_from(of, unit * ROW_UNIT);
        fill_at(&p, 4, at, &of_these, out + unit * ROW_UNIT);
    }
    return unit;
}

static size_t fill_rows_wide(struct mca_rng rng, uint64_t place, uint64_t event,
                             const uint32_t *draw, size_t rows, size_t units,
                             const struct mca_rng_normals *of, double *out) {
    return mca_simd_level() == MCA_SIMD_AVX512
               ? fill_rows(rng, place, event, draw, rows, units, of, out)
               : 0;
}

/* Gaussians of the first words of places, 16 at a time, of which the last ones may stand for
 * nothing; returns how many. */
MCA_TARGET_AVX512
static size_t fill_places(struct mca_rng rng, const uint64_t *place, uint64_t event, uint32_t draw,
                          size_t count, double *z) {
    enum { GROUP = 16, LEAST = 2 };
    const struct philox p = philox_of(rng, event);
    size_t i = 0;
    while (count - i >= LEAST) {
        const size_t rest = count - i < GROUP ? count - i : GROUP;
        const __mmask16 some = (__mmask16)((1u << rest) - 1);
        const struct counters_8 at[2] = {
            {_mm512_maskz_loadu_epi64((__mmask8)some, place + i), draw_of_8(draw)},
            {_mm512_maskz_loadu_epi64((__mmask8)(some >> 8), place + i + 8), draw_of_8(draw)}};
        __m512i x[2][4];
        struct in_table table;
        double out[GROUP];
        philox_8(&p, 2, at, x);
        place_16(&table, 0,
                 _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(x[0][0])),
                                    _mm512_cvtepi64_epi32(x[1][0]), 1));
        gaussians_of(&table, GROUP, NULL, out);
        memcpy(z + i, out, rest * sizeof *z);
        i += rest;
    }
    return i;
}

static size_t fill_places_wide(struct mca_rng rng, const uint64_t *place, uint64_t event,
                               uint32_t draw, size_t count, double *z) {
    return mca_simd_level() == MCA_SIMD_AVX512 ? fill_places(rng, place, event, draw, count, z) : 0;
}
#else
enum { ROW_UNIT = 16 };

static size_t fill_rows_wide(struct mca_rng rng, uint64_t place, uint64_t event,
                             const uint32_t *draw, size_t rows, size_t units,
                             const struct mca_rng_normals *of, double *out) {
    (void)rng, (void)place, (void)event, (void)draw, (void)rows, (void)units, (void)of, (void)out;
    return 0;
}

static size_t fill_places_wide(struct mca_rng rng, const uint64_t *place, uint64_t event,
                               uint32_t draw, size_t count, double *z) {
    (void)rng, (void)place, (void)event, (void)draw, (void)count, (void)z;
    return 0;
}

static size_t fill_wide(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                        size_t count, double *z) {
    (void)rng, (void)place, (void)event, (void)draw, (void)count, (void)z;
    return 0;
}
#endif

void mca_rng_gaussians_at(struct mca_rng rng, const uint64_t *place, uint64_t event, uint32_t draw,
                          size_t count, double *z) {
    (void)pthread_once(&quantiles_once, fill_quantiles);
    for (size_t i = fill_places_wide(rng, place, event, draw, count, z); i < count; ++i) {
        z[i] = mca_rng_gaussian(rng, place[i], event, draw);
    }
}

void mca_rng_gaussians(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                       size_t count, double *z) {
    (void)pthread_once(&quantiles_once, fill_quantiles);
    size_t i = fill_wide(rng, place, event, draw, count, z);
    for (uint64_t block = place + i / 4; i < count; ++block) {
        uint32_t words[4];
        mca_rng_words(rng, block, event, draw, words);
        for (int k = 0; k < 4 && i < count; ++k) {
            z[i++] = gaussian(words[k]);
        }
    }
}

/* Gaussians, as they stand in `out`, to numbers of these means and variances. */
MCA_CLONES
static void spread(const int32_t *restrict mean, double mean_unit,
                   const uint32_t *restrict variance, double variance_unit, size_t count,
                   double *restrict out) {
    for (size_t i = 0; i < count; ++i) {
        out[i] =
            (double)mean[i] * mean_unit + out[i] * mca_sqrt((double)variance[i] * variance_unit);
    }
}

void mca_rng_normals(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                     size_t count, const struct mca_rng_normals *of, double *out) {
    mca_rng_gaussians(rng, place, event, draw, count, out);
    spread(of->mean, of->mean_unit, of->variance, of->variance_unit, count, out);
}

void mca_rng_normal_rows(struct mca_rng rng, uint64_t place, uint64_t event, const uint32_t *draw,
                         size_t rows, size_t stride, const struct mca_rng_normals *of,
                         double *out) {
    (void)pthread_once(&quantiles_once, fill_quantiles);
    const size_t units = stride / ROW_UNIT;
    for (size_t unit = fill_rows_wide(rng, place, event, draw, rows, units, of, out);
         unit < rows * units; ++unit) {
        const struct mca_rng_normals of_these = normals_from(of, unit * ROW_UNIT);
        mca_rng_normals(rng, place + 4 * (unit % units), event, draw[unit / units], ROW_UNIT,
                        &of_these, out + unit * ROW_UNIT);
    }
}

uint32_t mca_rng_below(uint32_t high, uint32_t low, uint32_t bound) {
    const uint64_t top = (uint64_t)high * bound;
    const uint64_t carry = ((uint64_t)low * bound) >> 32;
    return (uint32_t)((top + carry) >> 32);
}
