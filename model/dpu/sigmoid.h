/*
 * The sigmoid of the digital unit: a table over [0, 16) with linear interpolation,
 * symmetric about 0.
 *
 * Input: Q4.12, i.e. z 2^12 as a signed integer, magnitude saturated at 2^16 - 1. The table has 512
 * segments (1/32 wide); the 7 low bits interpolate. Output: activation codes of `bits`, 1.0 =
 * 2^bits, saturated at 2^bits - 1.
 */
#ifndef MCA_DPU_SIGMOID_H
#define MCA_DPU_SIGMOID_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "dpu/vector_steps.h"

MCA_C_BEGIN

enum { MCA_SIGMOID_INPUT_FRAC = 12, MCA_SIGMOID_SEGMENTS = MCA_SEGMENTS };

struct mca_sigmoid {
    uint32_t bits;
    uint32_t table[MCA_SIGMOID_SEGMENTS + 1]; /* round(2^bits sigmoid(i / 32)) */
};

/* 8 <= bits <= 16. */
void mca_sigmoid_init(struct mca_sigmoid *sigmoid, uint32_t bits);

/* Activation codes for `count` z with `frac_bits` fractional bits (-8 .. 24). Returns how many
 * saturated: those that round to 1. */
size_t mca_sigmoid_codes(const struct mca_sigmoid *sigmoid, const int32_t *z, int frac_bits,
                         size_t count, int32_t *activation);

MCA_C_END

#endif
