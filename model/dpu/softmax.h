/*
 * Softmax of the digital unit: probabilities exp(z_i) / sum exp(z_j) of a layer's sums, in fixed
 * point and in floating point. Widths and roundings are those of docs/reference/digital-unit.md.
 *
 * The largest sum is subtracted, so that adding a constant to all sums changes nothing; the
 * exponential is a power of two, whose whole part is a shift and whose fraction is a table with
 * linear interpolation; all are multiplied by one reciprocal of their sum.
 *
 * A probability of 8 to 16 bits is within 1.12 codes of the exact one for up to 1000 sums, and
 * within 3.2 for 65536, of which each exponential is rounded to 2^-30; their total is within count
 * / 2 + 1 codes of 2^bits.
 */
#ifndef MCA_DPU_SOFTMAX_H
#define MCA_DPU_SOFTMAX_H

#include <stddef.h>
#include <stdint.h>

enum { MCA_SOFTMAX_SEGMENTS = 256, MCA_SOFTMAX_COUNT_MAX = 65536 };

struct mca_softmax {
    uint32_t bits;                            /* of probabilities */
    uint32_t table[MCA_SOFTMAX_SEGMENTS + 1]; /* round(2^(30 - i / 256)) */
};

/* 8 <= bits <= 16. */
void mca_softmax_init(struct mca_softmax *softmax, uint32_t bits);

/* Probabilities of `count` (1 .. 65536) sums with `frac_bits` fractional bits (-8 .. 24), |z| <=
 * 2^30: codes of full scale 1, at most 2^bits - 1. They never fall as sums rise. */
void mca_softmax_codes(const struct mca_softmax *softmax, const int32_t *z, int frac_bits,
                       size_t count, int32_t *code);

/* The same in floating point. */
void mca_softmax_values(const double *z, size_t count, double *p);

/* Loss of an image, -ln of its label's probability: of a code, 0 taken for half a code; of a
 * value, at least the smallest normal one. */
double mca_softmax_code_loss(int32_t code, uint32_t bits);
double mca_softmax_loss(double p);

#endif
