/*
 * The hyperbolic tangent of the digital unit: a table over [0, 8) with linear interpolation, odd
 * about 0.
 *
 * Input: Q3.13, i.e. z 2^13 as a signed integer, magnitude saturated at 2^16 - 1. The table has 512
 * segments (1/64 wide); the 7 low bits interpolate: the sigmoid's steps on another table, since
 * tanh z = 2 sigmoid(2 z) - 1.
 */
#include "base/clones.h"
#include "base/mathx.h"
#include "dpu/activation.h"
#include "dpu/vector_steps.h"

enum { INPUT_FRAC = 13 };

/* Of z >= 0, within 2e-16. */
static double tanh_of(double z) {
    const double e = mca_exp(-2.0 * z);
    return (1.0 - e) / (1.0 + e);
}

static double entry(uint32_t i) {
    return tanh_of(i / 64.0);
}

MCA_CLONES
static void codes(const struct mca_activation *activation, const int32_t *restrict z, int frac_bits,
                  int exponent, size_t count, int32_t *restrict code) {
    const struct mca_alignment by =
        mca_alignment_by(INPUT_FRAC - frac_bits, MCA_SEGMENTS_INPUT_BITS);
    const uint32_t *table = activation->table; /* ends with what saturated magnitudes give */
    const uint32_t one = 1u << activation->bits;
    (void)exponent;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t value = mca_segment_value(table, mca_align(by, mca_magnitude(z[i])));
        code[i] = mca_with_sign(value - (uint32_t)(value >= one), (uint32_t)(z[i] < 0));
    }
}

/* The slope 1 - a^2 in codes, halves rounded up: 2^bits - ((a^2 + 2^(bits - 1) - 1) >> bits). */
MCA_CLONES
static void apply_slopes(const struct mca_activation *activation, const int32_t *restrict code,
                         size_t count, int32_t *restrict raw) {
    const uint32_t bits = activation->bits;
    const uint32_t one = 1u << bits;
    const uint32_t half = (1u << (bits - 1)) - 1;
    const int64_t most = INT32_MAX;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t a = mca_magnitude(code[i]);
        const uint32_t slope = one - ((a * a + half) >> bits);
        const int64_t product = (int64_t)raw[i] * (int32_t)slope;
        raw[i] = (int32_t)(product > most ? most : product < -most ? -most : product);
    }
}

static void values(const double *z, size_t count, double *a) {
    for (size_t i = 0; i < count; ++i) {
        a[i] = z[i] < 0.0 ? -tanh_of(-z[i]) : tanh_of(z[i]);
    }
}

static void apply_slopes_real(const double *a, size_t count, double scale, double *error) {
    for (size_t i = 0; i < count; ++i) {
        error[i] *= scale * ((1.0 - a[i]) * (1.0 + a[i]));
    }
}

const struct mca_activation_ops mca_activation_tanh = {.name = "tanh",
                                                       .is_signed = 1,
                                                       .slopes_are_codes = 1,
                                                       .looks_up = 1,
                                                       .entry = entry,
                                                       .codes = codes,
                                                       .apply_slopes = apply_slopes,
                                                       .values = values,
                                                       .apply_slopes_real = apply_slopes_real};
