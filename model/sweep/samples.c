#include "sweep/samples.h"

#include <string.h>
#include <xxhash.h>

#include "base/mathx.h"
#include "base/rng.h"

/* The stratum of every sample: a random permutation (Fisher-Yates) of 0 .. samples - 1. */
static void shuffle_strata(struct mca_rng rng, uint64_t event, uint32_t samples, double *strata) {
    for (uint32_t i = 0; i < samples; ++i) {
        strata[i] = i;
    }
    for (uint32_t i = samples; i > 1; --i) {
        uint32_t words[4];
        mca_rng_words(rng, i, event, 1, words);
        const uint32_t other = mca_rng_below(words[0], words[1], i);
        const double held = strata[i - 1];
        strata[i - 1] = strata[other];
        strata[other] = held;
    }
}

void mca_sample_positions(uint64_t seed, const char *name, uint32_t samples, int hypercube,
                          double *positions) {
    const struct mca_rng rng = mca_rng_stream(seed, MCA_RNG_SWEEP);
    const uint64_t event = XXH3_64bits(name, strlen(name));
    if (hypercube) {
        shuffle_strata(rng, event, samples, positions);
    }
    for (uint32_t i = 0; i < samples; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, event, 0, words);
        const double u = mca_rng_uniform(words[0]);
        positions[i] = hypercube ? (positions[i] + u) / samples : u;
    }
}

double mca_sample_value(const struct mca_sample_range *range, double position) {
    /* whole numbers are rounded: each one has a whole interval around it, the ends too */
    const double low = range->low - (range->is_whole ? 0.5 : 0.0);
    const double high = range->high + (range->is_whole ? 0.5 : 0.0);
    const double value = range->is_log
                             ? mca_exp(mca_log(low) + position * (mca_log(high) - mca_log(low)))
                             : low + position * (high - low);
    return mca_clamp(range->is_whole ? mca_round(value) : value, range->low, range->high);
}
