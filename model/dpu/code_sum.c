#include "dpu/code_sum.h"

#include "base/clones.h"
#include "dpu/vector_steps.h"

MCA_CLONES
static void add(const int32_t *restrict coarse, const int32_t *restrict fine, int shift,
                size_t count, int32_t *restrict z) {
    const struct mca_alignment by = mca_alignment_by(-shift, 31);
    for (size_t i = 0; i < count; ++i) {
        const uint32_t size = mca_align(by, mca_magnitude(fine[i]));
        z[i] = coarse[i] + mca_with_sign(size, (uint32_t)(fine[i] < 0));
    }
}

int mca_code_sum(struct mca_code_vector a, struct mca_code_vector b, size_t count, int32_t *z) {
    const int a_is_coarser = a.exponent >= b.exponent;
    const struct mca_code_vector coarse = a_is_coarser ? a : b;
    const struct mca_code_vector fine = a_is_coarser ? b : a;
    add(coarse.code, fine.code, coarse.exponent - fine.exponent, count, z);
    return coarse.exponent;
}

void mca_value_sum(const double *a, const double *b, size_t count, double *z) {
    for (size_t i = 0; i < count; ++i) {
        z[i] = a[i] + b[i];
    }
}
