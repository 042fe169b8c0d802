#include "dpu/fixed_dpu.h"

#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "dpu/vector_steps.h"

struct mca_rate mca_rate_from(double factor) {
    const double low = mca_exp2i(MCA_RATE_MANTISSA_BITS - 1);
    struct mca_rate rate = {0, 0};
    double m = mca_clamp(factor, mca_exp2i(-1000), mca_exp2i(1000));
    while (m < low) {
        m *= 2.0;
        --rate.exponent;
    }
    while (m >= 2.0 * low) {
        m *= 0.5;
        ++rate.exponent;
    }
    m = mca_round(m);
    if (m >= 2.0 * low) {
        m *= 0.5;
        ++rate.exponent;
    }
    rate.mantissa = (uint32_t)m;
    return rate;
}

MCA_CLONES
static uint32_t or_of_magnitudes(const int32_t *restrict v, size_t count) {
    uint32_t all = 0;
    for (size_t i = 0; i < count; ++i) {
        all |= mca_magnitude(v[i]);
    }
    return all;
}

MCA_CLONES
static void scale_down(const int32_t *restrict raw, size_t count, uint32_t shift, int32_t most,
                       int32_t *restrict scaled) {
    const int64_t half = shift ? (int64_t)1 << (shift - 1) : 0;
    const int64_t odd = shift ? 1 : 0; /* mca_shift_round */
    for (size_t i = 0; i < count; ++i) {
        const int64_t v = (raw[i] + half - (raw[i] < 0 ? odd : 0)) >> shift;
        scaled[i] = (int32_t)(v > most ? most : v < -most ? -most : v);
    }
}

/* Within the bits of the largest. */
MCA_CLONES
static void scale_up(const int32_t *restrict raw, size_t count, uint32_t shift,
                     int32_t *restrict scaled) {
    for (size_t i = 0; i < count; ++i) {
        scaled[i] = raw[i] * ((int32_t)1 << shift);
    }
}

int mca_scale_errors(const int32_t *raw, size_t count, uint32_t bits, int32_t *scaled,
                     int32_t *shift) {
    const uint32_t all = or_of_magnitudes(raw, count); /* has the bit length of the largest */
    if (all == 0) {
        *shift = 0;
        memset(scaled, 0, count * sizeof *scaled);
        return 0;
    }
    const int32_t length = 32 - __builtin_clz(all);
    *shift = length - (int32_t)(bits - 1);
    if (*shift >= 0) {
        scale_down(raw, count, (uint32_t)*shift, (int32_t)((1u << (bits - 1)) - 1), scaled);
    } else {
        scale_up(raw, count, (uint32_t) - *shift, scaled);
    }
    return 1;
}

MCA_CLONES
void mca_apply_rate(const int32_t *restrict error, size_t count, uint32_t mantissa,
                    int32_t *restrict out) {
    const int32_t half = 1 << (MCA_RATE_MANTISSA_BITS - 1);
    for (size_t i = 0; i < count; ++i) {
        const int32_t product = error[i] * (int32_t)mantissa;
        out[i] = (product + half - (product < 0)) >> MCA_RATE_MANTISSA_BITS; /* mca_shift_round */
    }
}
