#include "base/rng.h"

#include <pthread.h>

#include "base/mathx.h"

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

static double quantiles[OCTAVES][SEGMENTS + 1];
static pthread_once_t quantiles_once = PTHREAD_ONCE_INIT;

static void fill_quantiles(void) {
    for (int o = 0; o < OCTAVES; ++o) {
        /* octave o: m from 2^(30-o); the last one holds m = 0 alone */
        const double start = o < OCTAVES - 1 ? mca_exp2i(30 - o) : 0.0;
        const double width = o < OCTAVES - 1 ? start : 1.0;
        for (int i = 0; i <= SEGMENTS; ++i) {
            const double m = start + width * (double)i / SEGMENTS;
            double p = m * (1.0 / 4294967296.0);
            if (p <= 0.0) {
                p = 0.5 / 4294967296.0;
            }
            quantiles[o][i] = p >= 0.5 ? 0.0 : -mca_normal_quantile(p);
        }
    }
}

static double gaussian(uint32_t word) {
    const uint32_t m = word & 0x7fffffffu;
    const uint32_t o = m ? (uint32_t)__builtin_clz(m) - 1 : OCTAVES - 1;
    /* position within the octave, of 2^31: the leading one is shifted out */
    const uint32_t position = (m << o << 1) & 0x7fffffffu;
    const uint32_t segment = position >> 25;
    const double fraction = (double)(position & 0x1ffffffu) * (1.0 / 33554432.0);
    const double *q = &quantiles[o][segment];
    const double z = q[0] + (q[1] - q[0]) * fraction;
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

void mca_rng_gaussians(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                       size_t count, double *z) {
    (void)pthread_once(&quantiles_once, fill_quantiles);
    size_t i = 0;
    for (uint64_t block = place; i < count; ++block) {
        uint32_t words[4];
        mca_rng_words(rng, block, event, draw, words);
        for (int k = 0; k < 4 && i < count; ++k) {
            z[i++] = gaussian(words[k]);
        }
    }
}

uint32_t mca_rng_below(uint32_t high, uint32_t low, uint32_t bound) {
    const uint64_t top = (uint64_t)high * bound;
    const uint64_t carry = ((uint64_t)low * bound) >> 32;
    return (uint32_t)((top + carry) >> 32);
}
