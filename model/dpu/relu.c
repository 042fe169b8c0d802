/* The rectifier of the digital unit: exact shifts, rounded half away from zero. Its slope is 1
 * where the code is above 0. */
#include "base/clones.h"
#include "dpu/activation.h"
#include "dpu/vector_steps.h"

MCA_CLONES
static uint32_t codes_of(struct mca_alignment by, const int32_t *restrict z, size_t count,
                         int32_t *restrict code) {
    uint32_t saturated = 0;
    for (size_t i = 0; i < count; ++i) {
        uint32_t over;
        code[i] = (int32_t)mca_align(by, z[i] > 0 ? (uint32_t)z[i] : 0, &over);
        saturated += over;
    }
    return saturated;
}

static size_t codes(const struct mca_activation *activation, const int32_t *z, int frac_bits,
                    int exponent, size_t count, int32_t *code) {
    const int bits = (int)activation->bits;
    return codes_of(mca_alignment_by(bits - exponent - frac_bits, activation->bits), z, count,
                    code);
}

MCA_CLONES
static void keep_where_above_zero(const int32_t *restrict code, size_t count,
                                  int32_t *restrict raw) {
    for (size_t i = 0; i < count; ++i) {
        raw[i] = code[i] > 0 ? raw[i] : 0;
    }
}

static void apply_slopes(const struct mca_activation *activation, const int32_t *code, size_t count,
                         int32_t *raw) {
    (void)activation;
    keep_where_above_zero(code, count, raw);
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
