/*
 * Digital-to-analog and analog-to-digital converters.
 *
 * DAC: `bits` of magnitude; code k stands for k / 2^bits of full scale, so 1.0 saturates at the
 * highest code. ADC: two's complement of `bits`, full scale +-range, step range / 2^(bits - 1),
 * nearest (ties to even), clipped. 0 bits: ideal, no quantisation and no clipping.
 */
#ifndef MCA_ARRAY_CONVERTERS_H
#define MCA_ARRAY_CONVERTERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Highest code of a DAC of `bits` magnitude bits, 1 <= bits <= 15. */
static inline int32_t mca_dac_code_max(uint32_t bits) {
    return (int32_t)(1u << bits) - 1;
}

/*
 * DAC code for a magnitude of `value_bits` bits (full scale 2^value_bits): its top bits, rounded
 * half up, saturated. bits <= 15, value_bits <= 30.
 */
int32_t mca_dac_code(uint32_t value, uint32_t value_bits, uint32_t bits);

/* The same for `count` of them. */
void mca_dac_codes(const uint32_t *value, size_t count, uint32_t value_bits, uint32_t bits,
                   int32_t *codes);

/* DAC code for a real magnitude in 0 .. 1: nearest, saturated. */
int32_t mca_dac_code_real(double value, uint32_t bits);

struct mca_adc {
    uint32_t bits;
    double lsb; /* of the quantity converted */
    double inverse_lsb;
    double min;
    double max;
    int32_t keep_mask; /* bits that a planted fault leaves intact */
};

/* range > 0, bits 0 (ideal: lsb is 1) or 2 .. 16. */
void mca_adc_init(struct mca_adc *adc, uint32_t bits, double range, uint32_t stuck_low_mask);

/* codes[i] of value[i] for i < count; returns how many were clipped. adc->bits must not be 0. */
uint64_t mca_adc_convert(const struct mca_adc *adc, const double *value, size_t count,
                         int32_t *codes);

#ifdef __cplusplus
}
#endif

#endif
