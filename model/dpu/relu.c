/* The rectifier of the digital unit: exact shifts, rounded half away from zero. Its slope is 1
 * where the code is above 0. */
#include "base/clones.h"
#include "dpu/activation.h"
#include "dpu/vector_steps.h"

MCA_CLONES
static void codes(const struct mca_activation *activation, const int32_t *restrict z, int frac_bits,
                  int exponent, size_t count, int32_t *restrict code) {
    const int shift = (int)activation->bits - exponent - frac_bits;
    const struct mca_alignment by = mca_alignment_by(shift, activation->bits);
    for (size_t i = 0; i < count; ++i) {
        code[i] = (int32_t)mca_align(by, z[i] > 0 ? (uint32_t)z[i] : 0);
    }
}

MCA_CLONES
static void apply_slopes(const struct mca_activation *activation, const int32_t *restrict code,
                         size_t count, int32_t *restrict raw) {
    (void)activation;
    for (size_t i = 0; i < count; ++i) {
        raw[i] = code[i] > 0 ? raw[i] : 0;
    }
}

static void values(const double *z, size_t count, double *a) {
    for (size_t i = 0; i < count; ++i) {
        a[i] = z[i] > 0.0 ? z[i] : 0.0;
    }
}

static void apply_slopes_real(const double *a, size_t count, double scale, double *error) {
    for (size_t i = 0; i < count; ++i) {
        error[i] *= a[i] > 0.0 ? scale : 0.0;
    }
}

const struct mca_activation_ops mca_activation_relu = {.name = "relu",
                                                       .takes_exponent = 1,
                                                       .codes = codes,
                                                       .apply_slopes = apply_slopes,
                                                       .values = values,
                                                       .apply_slopes_real = apply_slopes_real};
