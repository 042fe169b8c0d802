/*
 * The sigmoid of the digital unit: a table over [0, 16) with linear interpolation,
 * symmetric about 0.
 *
 * Input: Q4.12, i.e. z 2^12 as a signed integer, magnitude saturated at 2^16 - 1. The table has 512
 * segments (1/32 wide); the 7 low bits interpolate. Output: activation codes of `bits`, 1.0 =
 * 2^bits, saturated at 2^bits - 1.
 */
#include "base/clones.h"
#include "base/mathx.h"
#include "dpu/activation.h"
#include "dpu/vector_steps.h"

static double entry(uint32_t i) {
    return mca_sigmoid(i / 32.0);
}

/* *saturated becomes 1 where the code rounds to 1. */
static inline int32_t code_of(const uint32_t *table, uint32_t one, struct mca_alignment by,
                              int32_t z, uint32_t *saturated) {
    uint32_t over; /* saturated magnitudes are what the table ends with */
    const uint32_t positive = mca_segment_value(table, mca_align(by, mca_magnitude(z), &over));
    const uint32_t negative = (uint32_t)(z < 0);
    const uint32_t value = (uint32_t)mca_with_sign(positive, negative) + (one & (0u - negative));
    *saturated = (uint32_t)(value >= one);
    return (int32_t)(value - *saturated);
}

MCA_CLONES
static uint32_t codes_of(const uint32_t *restrict table, uint32_t one, struct mca_alignment by,
                         const int32_t *restrict z, size_t count, int32_t *restrict activation) {
    uint32_t saturated = 0;
    for (size_t i = 0; i < count; ++i) {
        uint32_t now;
        activation[i] = code_of(table, one, by, z[i], &now);
        saturated += now;
    }
    return saturated;
}

static size_t codes(const struct mca_activation *activation, const int32_t *z, int frac_bits,
                    int exponent, size_t count, int32_t *code) {
    (void)exponent;
    return codes_of(activation->table, 1u << activation->bits,
                    mca_alignment_by(MCA_SIGMOID_INPUT_FRAC - frac_bits, MCA_SEGMENTS_INPUT_BITS),
                    z, count, code);
}

/* The slope a (1 - a) in codes: (a (2^bits - a) + 2^(bits - 1)) >> bits. */
MCA_CLONES
static void times_slopes(const int32_t *restrict code, size_t count, uint32_t bits,
                         int32_t *restrict raw) {
    const uint32_t one = 1u << bits;
    const uint32_t half = 1u << (bits - 1);
    const int64_t most = INT32_MAX;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t a = (uint32_t)code[i];
        const uint32_t slope = (a * (one - a) + half) >> bits;
        const int64_t product = (int64_t)raw[i] * (int32_t)slope;
        raw[i] = (int32_t)(product > most ? most : product < -most ? -most : product);
    }
}

static void apply_slopes(const struct mca_activation *activation, const int32_t *code, size_t count,
                         int32_t *raw) {
    times_slopes(code, count, activation->bits, raw);
}

static void values(const double *z, size_t count, double *a) {
    for (size_t i = 0; i < count; ++i) {
        a[i] = mca_sigmoid(z[i]);
    }
}

static void apply_slopes_real(const double *a, size_t count, double scale, double *error) {
    for (size_t i = 0; i < count; ++i) {
        error[i] *= scale * (a[i] * (1.0 - a[i]));
    }
}

const struct mca_activation_ops mca_activation_sigmoid = {.name = "sigmoid",
                                                          .slopes_are_codes = 1,
                                                          .looks_up = 1,
                                                          .rtl_computes = 1,
                                                          .entry = entry,
                                                          .codes = codes,
                                                          .apply_slopes = apply_slopes,
                                                          .values = values,
                                                          .apply_slopes_real = apply_slopes_real};
