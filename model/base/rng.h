/*
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011) from Random123. A draw is a pure function of key = (seed, purpose) and
 * counter = (place, event, draw), so noise is the same in any order and on any number of threads.
 */
#ifndef MCA_BASE_RNG_H
#define MCA_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

/* One stream per purpose. The values are part of the results: never renumber. */
enum mca_rng_purpose {
    MCA_RNG_DEVICE_SET = 1,    /* place: device, event: its SET pulse */
    MCA_RNG_DEVICE_RESET = 2,  /* place: device, event: its RESET pulse */
    MCA_RNG_DEVICE_SPREAD = 3, /* place: device */
    MCA_RNG_FORWARD = 4,       /* place: tile and column, event: image */
    MCA_RNG_BACKWARD = 5,      /* place: tile and row, event: image, draw: drive */
    MCA_RNG_REFRESH =
        6, /* place: device, event: refresh; from 2^62: reference read, 2^63: of programming */
    MCA_RNG_INFER = 7,       /* place: tile and column, event: test run and image */
    MCA_RNG_INIT_WEIGHT = 8, /* place: weight */
    MCA_RNG_SHUFFLE = 9,     /* event: epoch, draw: position */
    MCA_RNG_SYNTHETIC = 10,  /* place: image */
    MCA_RNG_LFSR = 11,       /* place: layer and lane: seeds of the digital unit's generators */
    MCA_RNG_DRIFT = 12,      /* place: device, event: ageing */
    MCA_RNG_SWEEP = 13,      /* place: sample, event: hash of the key's name */
    MCA_RNG_COLOUR = 14,     /* place: image of synthetic-colour, event: half */
    MCA_RNG_AUGMENT = 15,    /* place: image, event: epoch */
    MCA_RNG_PROGRAM = 16,    /* place: device: imported weights by published statistics */
    MCA_RNG_ENDURANCE = 17,  /* place: device */
    MCA_RNG_FLICKER = 18     /* place: device, event: bits of its age, draw: ageing */
};

struct mca_rng {
    uint64_t seed;
    uint32_t purpose;
};

/* Stream of `purpose` under `seed`; seeds below 2^52 never share a stream. */
static inline struct mca_rng mca_rng_stream(uint64_t seed, enum mca_rng_purpose purpose) {
    return (struct mca_rng){seed, (uint32_t)purpose};
}

/* Four uniform 32-bit words for (place, event, draw); draw < 2^16 and place < 2^48. */
void mca_rng_words(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                   uint32_t words[4]);

/* Uniform in (0, 1): 32 bits, never 0 or 1. */
double mca_rng_uniform(uint32_t word);

/* Standard Gaussian from one word, by inversion (see mca_gaussian_from_word). */
double mca_rng_gaussian(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw);

/* The same for many places: z[i] of place[i], i < count. */
void mca_rng_gaussians_at(struct mca_rng rng, const uint64_t *place, uint64_t event, uint32_t draw,
                          size_t count, double *z);

/* `count` independent standard Gaussians into z, for places `place` .. : word i%4 of block i/4,
 * i.e. of counter (place + i/4, event, draw). */
void mca_rng_gaussians(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                       size_t count, double *z);

/* Means and variances of independent Gaussians, whole multiples of a unit. */
struct mca_rng_normals {
    const int32_t *mean;
    double mean_unit;
    const uint32_t *variance;
    double variance_unit;
};

/* out[i] = mean[i] mean_unit + z[i] sqrt(variance[i] variance_unit), z as mca_rng_gaussians has
 * it. */
void mca_rng_normals(struct mca_rng rng, uint64_t place, uint64_t event, uint32_t draw,
                     size_t count, const struct mca_rng_normals *of, double *out);

/* The same for several draws side by side: row i of `of` and out, `stride` numbers, is of draw[i].
 * `stride` is a multiple of 16. */
void mca_rng_normal_rows(struct mca_rng rng, uint64_t place, uint64_t event, const uint32_t *draw,
                         size_t rows, size_t stride, const struct mca_rng_normals *of, double *out);

/*
 * Standard Gaussian for a uniform 32-bit word: the top bit is the sign, the others choose the
 * quantile by linear interpolation in a table of 64 segments per octave of tail probability.
 * Deviates from the exact inverse by less than 5e-5 and half a step of the word, and never exceeds
 * MCA_GAUSSIAN_MAX in magnitude.
 */
double mca_gaussian_from_word(uint32_t word);

#define MCA_GAUSSIAN_MAX 6.4

/* A uniform integer below `bound` (> 0) from 64 random bits, by multiplication; bias below 2^-32
 * for bounds below 2^32. */
uint32_t mca_rng_below(uint32_t high, uint32_t low, uint32_t bound);

MCA_C_END

#endif
