/* No function between sum and activation: exact shifts, rounded half away from zero; errors pass
 * as they are. */
#include <string.h>

#include "base/clones.h"
#include "dpu/activation.h"
#include "dpu/vector_steps.h"

MCA_CLONES
static void codes(const struct mca_activation *activation, const int32_t *restrict z, int frac_bits,
                  int exponent, size_t count, int32_t *restrict code) {
    const int shift = (int)activation->bits - exponent - frac_bits;
    const struct mca_alignment by = mca_alignment_by(shift, activation->bits);
    for (size_t i = 0; i < count; ++i) {
        const uint32_t value = mca_align(by, mca_magnitude(z[i]));
        code[i] = mca_with_sign(value, (uint32_t)(z[i] < 0));
    }
}

static void apply_slopes(const struct mca_activation *activation, const int32_t *code, size_t count,
                         int32_t *raw) {
    (void)activation;
    (void)code;
    (void)count;
    (void)raw;
}

static void values(const double *z, size_t count, double *a) {
    memmove(a, z, count * sizeof *a);
}

static void apply_slopes_real(const double *a, size_t count, double scale, double *error) {
    (void)a;
    for (size_t i = 0; i < count; ++i) {
        error[i] *= scale;
    }
}

const struct mca_activation_ops mca_activation_identity = {.name = "identity",
                                                           .is_signed = 1,
                                                           .takes_exponent = 1,
                                                           .codes = codes,
                                                           .apply_slopes = apply_slopes,
                                                           .values = values,
                                                           .apply_slopes_real = apply_slopes_real};
