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

MCA_CLONES
static void codes(const struct mca_activation *activation, const int32_t *restrict z, int frac_bits,
                  int exponent, size_t count, int32_t *restrict code) {
    const struct mca_alignment by =
        mca_alignment_by(MCA_SIGMOID_INPUT_FRAC - frac_bits, MCA_SEGMENTS_INPUT_BITS);
    const uint32_t *table = activation->table; /* ends with what saturated magnitudes give */
    const uint32_t one = 1u << activation->bits;
    (void)exponent;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t positive = mca_segment_value(table, mca_align(by, mca_magnitude(z[i])));
        const uint32_t negative = (uint32_t)(z[i] < 0);
        const uint32_t value =
            (uint32_t)mca_with_sign(positive, negative) + (one & (0u - negative));
        code[i] = (int32_t)(value - (uint32_t)(value >= one));
    }
}

/* The slope a (1 - a) in codes: (a (2^bits - a) + 2^(bits - 1)) >> bits. */
MCA_CLONES
static void apply_slopes(const struct mca_activation *activation, const int32_t *restrict code,
                         size_t count, int32_t *restrict raw) {
    const uint32_t bits = activation->bits;
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
