#include "dpu/output_scale.h"

#include "base/mathx.h"

enum { FRAC_BITS_MAX = 24 /* of what an activation takes */ };

static const int64_t SUM_MAX = (int64_t)1 << 30;

uint16_t mca_scale_code(double factor) {
    const double most = (double)((1 << MCA_SCALE_BITS) - 1);
    return (uint16_t)mca_clamp(mca_round(factor * mca_exp2i(MCA_SCALE_FRAC_BITS)), 0.0, most);
}

int mca_scale_kept_bits(int frac_bits) {
    const int room = frac_bits < FRAC_BITS_MAX ? FRAC_BITS_MAX - frac_bits : 0;
    return room < MCA_SCALE_KEPT_BITS ? room : MCA_SCALE_KEPT_BITS;
}

static int32_t scaled(int32_t sum, uint16_t code, int shift) {
    const int64_t product = (int64_t)sum * code;
    const int64_t magnitude = ((product < 0 ? -product : product) + ((int64_t)1 << (shift - 1))) >>
                              shift; /* half away from zero */
    const int64_t bounded = magnitude < SUM_MAX ? magnitude : SUM_MAX;
    return (int32_t)(product < 0 ? -bounded : bounded);
}

void mca_scale_sums(const struct mca_output_scale *scale, uint32_t positions, int32_t *sum) {
    const int shift = MCA_SCALE_FRAC_BITS - scale->kept_bits;
    for (uint32_t p = 0; p < positions; ++p, sum += scale->columns) {
        for (uint32_t c = 0; c < scale->columns; ++c) {
            sum[c] = scaled(sum[c], scale->code[c], shift);
        }
    }
}

void mca_scale_sums_real(const struct mca_output_scale *scale, uint32_t positions, double *sum) {
    for (uint32_t p = 0; p < positions; ++p, sum += scale->columns) {
        for (uint32_t c = 0; c < scale->columns; ++c) {
            sum[c] *= scale->factor[c];
        }
    }
}
