/* The random numbers of one drawn image, taken one after the other. */
#ifndef MCA_TRAIN_DRAWS_H
#define MCA_TRAIN_DRAWS_H

#include <stdint.h>

#include "base/rng.h"

struct mca_draws {
    struct mca_rng rng;
    uint64_t place; /* of the numbers' counters */
    uint64_t event;
    uint32_t block; /* draws of the counter that are used up */
    uint32_t left;  /* of words */
    uint32_t words[4];
};

static inline uint32_t mca__draw_word(struct mca_draws *draws) {
    if (draws->left == 0) {
        mca_rng_words(draws->rng, draws->place, draws->event, draws->block++, draws->words);
        draws->left = 4;
    }
    return draws->words[4 - draws->left--];
}

static inline double mca__draw_uniform(struct mca_draws *draws, double low, double high) {
    return low + (high - low) * mca_rng_uniform(mca__draw_word(draws));
}

static inline double mca__draw_gaussian(struct mca_draws *draws, double sigma) {
    return sigma * mca_gaussian_from_word(mca__draw_word(draws));
}

static inline uint32_t mca__draw_below(struct mca_draws *draws, uint32_t bound) {
    const uint32_t high = mca__draw_word(draws);
    return mca_rng_below(high, mca__draw_word(draws), bound);
}

#endif
