#include "digital/fixed_dpu.h"

#include <string.h>

#include "base/mathx.h"

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

static uint32_t magnitude_of(int32_t v) {
    return v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
}

int mca_scale_errors(const int32_t *raw, size_t count, uint32_t bits, int32_t *scaled,
                     int32_t *shift) {
    uint32_t all = 0; /* the OR of magnitudes has the bit length of the largest */
    for (size_t i = 0; i < count; ++i) {
        all |= magnitude_of(raw[i]);
    }
    if (all == 0) {
        *shift = 0;
        memset(scaled, 0, count * sizeof *scaled);
        return 0;
    }
    const int32_t length = 32 - __builtin_clz(all);
    *shift = length - (int32_t)(bits - 1);
    for (size_t i = 0; i < count; ++i) {
        const int64_t v = *shift >= 0 ? mca_shift_round(raw[i], (uint32_t)*shift)
                                      : (int64_t)raw[i] * ((int64_t)1 << -*shift);
        scaled[i] = (int32_t)mca_saturate(v, bits);
    }
    return 1;
}

void mca_apply_rate(const int32_t *error, size_t count, uint32_t mantissa, int32_t *out) {
    for (size_t i = 0; i < count; ++i) {
        out[i] =
            (int32_t)mca_shift_round((int64_t)error[i] * (int64_t)mantissa, MCA_RATE_MANTISSA_BITS);
    }
}
