/*
 * Factors on a layer's sums, before their activation: what makes up for drift
 * (dpu.drift_compensation). In fixed point a factor is an unsigned word of 16 bits, 12 of them
 * behind the point: 0 .. 15.9998 in steps of 1/4096.
 */
#ifndef MCA_DPU_OUTPUT_SCALE_H
#define MCA_DPU_OUTPUT_SCALE_H

#include <stddef.h>
#include <stdint.h>

enum {
    MCA_SCALE_BITS = 16,
    MCA_SCALE_FRAC_BITS = 12,
    MCA_SCALE_KEPT_BITS = 4 /* fractional bits that a scaled sum gains at most, of the factor's */
};

/* Of a layer. */
struct mca_output_scale {
    uint32_t columns;
    double *factor; /* [columns] floating point */
    uint16_t *code; /* [columns] fixed point */
    int kept_bits;  /* fixed point: that scaled sums gain; never beyond the 24 that activations
                     * take */
};

/* Nearest word, saturated. */
uint16_t mca_scale_code(double factor);

/* kept_bits of sums with so many fractional bits. */
int mca_scale_kept_bits(int frac_bits);

/* `positions` times a sum for each column: times its factor, rounded half away from zero, saturated
 * at +-2^30. */
void mca_scale_sums(const struct mca_output_scale *scale, uint32_t positions, int32_t *sum);
void mca_scale_sums_real(const struct mca_output_scale *scale, uint32_t positions, double *sum);

#endif
