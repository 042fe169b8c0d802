/*
 * Digital-to-analog and analog-to-digital converters.
 *
 * DAC: `bits` of magnitude; code k stands for k / 2^bits of full scale, so 1.0 saturates at the
 * highest code. ADC: of a kind, which is a file that defines its mca_adc_ops and a line in
 * MCA_ADC_KINDS (array_config.h). 0 bits: ideal, whatever the kind.
 */
#ifndef MCA_ARRAY_CONVERTERS_H
#define MCA_ARRAY_CONVERTERS_H

#include <stddef.h>
#include <stdint.h>

#include "array/array_config.h"
#include "base/c_linkage.h"

MCA_C_BEGIN

/* Highest code of a DAC of `bits` magnitude bits, 1 <= bits <= 15. */
static inline int32_t mca_dac_code_max(uint32_t bits) {
    return (int32_t)(1u << bits) - 1;
}

/* How a magnitude becomes a code: shifted up, `half` added, shifted down, at most `most`. */
struct mca_dac_scale {
    uint32_t up;
    uint32_t down;
    int32_t half; /* of a code's step; 0 where nothing is rounded */
    int32_t most;
};

/* The scale of mca_dac_code, within its bounds. */
struct mca_dac_scale mca_dac_scale_of(uint32_t value_bits, uint32_t bits);

/*
 * DAC code for a magnitude of `value_bits` bits (full scale 2^value_bits): its top bits, rounded
 * half up, saturated. bits <= 15, value_bits <= 30.
 */
int32_t mca_dac_code(uint32_t value, uint32_t value_bits, uint32_t bits);

/* The same for `count` values of either sign, which their codes keep. */
void mca_dac_codes(const int32_t *value, size_t count, uint32_t value_bits, uint32_t bits,
                   int32_t *codes);

/* What drives a line for a real magnitude in 0 .. 1: the code and what it stands for; an ideal DAC
 * (0 bits) drives the magnitude itself, without a code. */
struct mca_dac_input {
    int32_t code;
    double value;
};
struct mca_dac_input mca_dac_take(double magnitude, uint32_t bits);

/* Drives that a signed input takes; bits of its magnitude, 0 with an ideal DAC. */
uint32_t mca_dac_drives(const struct mca_dac_config *config);
uint32_t mca_dac_signed_bits(const struct mca_dac_config *config);

/* An ideal converter is charged, timed and buffered as one of so many bits. */
enum { MCA_IDEAL_BITS = 8 };

static inline uint32_t mca_converter_width(uint32_t bits) {
    return bits ? bits : (uint32_t)MCA_IDEAL_BITS;
}

/*
 * A conversion's time in ps where one of 8 bits takes `of_8_bits_ps` (at most 1e9), to the nearest:
 * the same for all bits with config->time GIVEN; by kind, of an oscillator, which counts while a
 * level lasts, x 2^(bits - 8) (Khaddam-Aljameh et al., JSSC 2022), and of successive approximation,
 * which compares once a bit behind one step of sampling, x (bits + 1) / 9.
 */
uint64_t mca_adc_time_ps(const struct mca_adc_config *config, uint64_t of_8_bits_ps);

/*
 * Bits of a conversion that a comparison with one level is as much work as, for a converter of
 * `bits` of an enum mca_adc_kind: successive approximation compares once; an oscillator has to
 * count for as long as a conversion takes before its count tells levels apart as well.
 */
uint32_t mca_adc_compare_bits(unsigned kind, uint32_t bits);

/* Lines that take turns at a converter: columns, or in a backward read rows. */
static inline uint32_t mca_adc_share(const struct mca_adc_config *config, int is_backward) {
    return is_backward && config->backward_share > 0 ? config->backward_share : config->share;
}

struct mca_adc;

/*
 * What a kind of ADC decides, over whole vectors. Values are of the quantity converted. No function
 * may be NULL.
 */
struct mca_adc_ops {
    const char *name;
    /* 1: no step and no range: a conversion is the value */
    int is_ideal;
    /* 1: conversions are codes, of equal steps adc->lsb, which the digital unit adds; 0: they are
     * real numbers, for float arithmetic alone */
    int has_codes;
    /* For values within +-range; all but adc->ops. */
    void (*init)(struct mca_adc *adc, const struct mca_adc_config *config, double range);
    /* codes[i] of value[i] for i < count, or value[i] converted in place where there are no codes;
     * returns how many were clipped. */
    uint64_t (*convert)(const struct mca_adc *adc, double *value, size_t count, int32_t *codes);
    /* For values within 0 .. top, as of a single device: all but adc->ops. adc->lsb: no conversion
     * within the range is further off. */
    void (*init_single_ended)(struct mca_adc *adc, const struct mca_adc_config *config, double top);
    /* What `count` of them are converted to, in place. */
    void (*single_ended)(const struct mca_adc *adc, size_t count, double *value);
};

struct mca_adc {
    const struct mca_adc_ops *ops;
    uint32_t bits;
    double lsb; /* of the quantity converted */
    double inverse_lsb;
    double min; /* in steps */
    double max;
    double top;        /* of a single-ended conversion */
    int32_t keep_mask; /* bits that a planted fault leaves intact */
};

/* The kind of a configuration: that of config->kind, or the ideal one with 0 bits. */
const struct mca_adc_ops *mca_adc_ops_of(const struct mca_adc_config *config);

/* range > 0; bits 0 or 2 .. 16. */
void mca_adc_init(struct mca_adc *adc, const struct mca_adc_config *config, double range);

/* A converter of 0 .. top. */
void mca_adc_init_single_ended(struct mca_adc *adc, const struct mca_adc_config *config,
                               double top);

/* What the i-th of many converted values stands for. */
static inline double mca_adc_value(const struct mca_adc *adc, const double *value,
                                   const int32_t *codes, size_t i) {
    return adc->ops->has_codes ? (double)codes[i] * adc->lsb : value[i];
}

MCA_C_END

#endif
