/*
 * The sum of two layers' outputs (residual sums), in fixed point and floating point. Its activation
 * brings it to codes of the sum's own full scale, and counts what saturates there.
 */
#ifndef MCA_DPU_CODE_SUM_H
#define MCA_DPU_CODE_SUM_H

#include <stddef.h>
#include <stdint.h>

/* Codes of full scale 2^exponent (-8 .. 15). */
struct mca_code_vector {
    const int32_t *code;
    int exponent;
};

/* z = a + b, in units of the coarser full scale: the other's codes are rounded to it, half away
 * from zero. Returns the exponent of the coarser: as sums for an activation, z have bits - that
 * fractional bits. */
int mca_code_sum(struct mca_code_vector a, struct mca_code_vector b, size_t count, int32_t *z);

void mca_value_sum(const double *a, const double *b, size_t count, double *z);

#endif
