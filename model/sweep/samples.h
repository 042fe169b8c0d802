/* Samples of a number: independent, or one in every stratum (Latin hypercube). */
#ifndef MCA_SWEEP_SAMPLES_H
#define MCA_SWEEP_SAMPLES_H

#include <stdint.h>

struct mca_sample_range {
    double low;
    double high;
    int is_log; /* uniform in the logarithm; low > 0 */
    int is_whole;
};

/*
 * Fills positions[samples] in (0, 1) for the key `name`; other keys of the same seed do not depend
 * on them. With `hypercube` exactly one lies in each stratum [k / samples, (k + 1) / samples), in a
 * random order (McKay, Beckman and Conover, Technometrics 21, 1979); otherwise they are
 * independent.
 */
void mca_sample_positions(uint64_t seed, const char *name, uint32_t samples, int hypercube,
                          double *positions);

/* The value at a position of (0, 1): between low and high, rounded where it must be whole. */
double mca_sample_value(const struct mca_sample_range *range, double position);

#endif
