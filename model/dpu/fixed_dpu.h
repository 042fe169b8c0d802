/*
 * The digital unit's integer datapath outside chi: errors, their shared exponent and the
 * learning-rate factor. Widths, roundings and saturations are those of
 * docs/reference/digital-unit.md; RTL equals them bit for bit. All functions are pure.
 */
#ifndef MCA_DPU_FIXED_DPU_H
#define MCA_DPU_FIXED_DPU_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

enum { MCA_RATE_MANTISSA_BITS = 12, MCA_DPU_SUM_BITS = 32 };

/* A positive factor mantissa 2^exponent, 2^11 <= mantissa < 2^12. */
struct mca_rate {
    uint32_t mantissa;
    int32_t exponent;
};

/* Nearest mantissa and exponent of a factor >= 0; 2^-1000 and 2^1000 stand for those beyond, as
 * when a decaying learning rate underflows. */
struct mca_rate mca_rate_from(double factor);

/* v / 2^shift, rounded half away from zero; 0 <= shift <= 62, |v| < 2^62. */
static inline int64_t mca_shift_round(int64_t v, uint32_t shift) {
    if (shift == 0) {
        return v;
    }
    return (v + ((int64_t)1 << (shift - 1)) - (v < 0)) >> shift;
}

/* Saturation to a symmetric signed range of `bits`, sign included. */
static inline int64_t mca_saturate(int64_t v, uint32_t bits) {
    const int64_t max = ((int64_t)1 << (bits - 1)) - 1;
    return v > max ? max : v < -max ? -max : v;
}

/*
 * Shared-exponent scaling: finds the shift that brings the largest |raw| to bits - 1 magnitude
 * bits, and writes scaled[i] = raw[i] / 2^shift rounded half away from zero and saturated (left
 * shift when negative). Returns 1 and the shift, or 0, with shift 0, when every error is zero, as
 * every scaled[i] then is. |raw| <= 2^31 - 1.
 */
int mca_scale_errors(const int32_t *raw, size_t count, uint32_t bits, int32_t *scaled,
                     int32_t *shift);

/* Errors times the rate's mantissa: round(error mantissa / 2^12), at most as wide as the errors,
 * which have 16 bits at most. */
void mca_apply_rate(const int32_t *error, size_t count, uint32_t mantissa, int32_t *out);

/* Words of `lanes` values in which the unit takes `count` of them. */
static inline uint64_t mca_dpu_words(uint64_t count, uint32_t lanes) {
    return (count + lanes - 1) / lanes;
}

MCA_C_END

#endif
