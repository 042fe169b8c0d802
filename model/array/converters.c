#include "array/converters.h"

#include "base/clones.h"
#include "base/mathx.h"

struct mca_dac_scale mca_dac_scale_of(uint32_t value_bits, uint32_t bits) {
    const uint32_t down = value_bits > bits ? value_bits - bits : 0;
    return (struct mca_dac_scale){.up = value_bits > bits ? 0 : bits - value_bits,
                                  .down = down,
                                  .half = down > 0 ? 1 << (down - 1) : 0,
                                  .most = mca_dac_code_max(bits)};
}

int32_t mca_dac_code(uint32_t value, uint32_t value_bits, uint32_t bits) {
    const struct mca_dac_scale scale = mca_dac_scale_of(value_bits, bits);
    const int32_t code = (int32_t)(((value << scale.up) + (uint32_t)scale.half) >> scale.down);
    return code < scale.most ? code : scale.most;
}

MCA_CLONES
static void top_bits(const int32_t *restrict value, size_t count, uint32_t shift, int32_t max,
                     int32_t *restrict codes) {
    const uint32_t half = shift ? 1u << (shift - 1) : 0;
    for (size_t i = 0; i < count; ++i) {
        const int32_t negative = value[i] < 0 ? -1 : 0; /* (x ^ -1) - -1 = -x */
        const uint32_t magnitude = (uint32_t)((value[i] ^ negative) - negative);
        const int32_t code = (int32_t)((magnitude + half) >> shift);
        codes[i] = ((code < max ? code : max) ^ negative) - negative;
    }
}

void mca_dac_codes(const int32_t *value, size_t count, uint32_t value_bits, uint32_t bits,
                   int32_t *codes) {
    if (value_bits >= bits) {
        top_bits(value, count, value_bits - bits, mca_dac_code_max(bits), codes);
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        const int32_t code =
            mca_dac_code((uint32_t)(value[i] < 0 ? -value[i] : value[i]), value_bits, bits);
        codes[i] = value[i] < 0 ? -code : code;
    }
}

struct mca_dac_input mca_dac_take(double magnitude, uint32_t bits) {
    if (bits == 0) {
        return (struct mca_dac_input){0, magnitude};
    }
    const double max = (double)mca_dac_code_max(bits);
    const double code = mca_clamp(mca_round(magnitude * (max + 1.0)), 0.0, max);
    return (struct mca_dac_input){(int32_t)code, code * mca_exp2i(-(int)bits)};
}

static const struct {
    uint32_t drives;
    uint32_t sign_bits;
} DRIVES[MCA_DRIVE_COUNT] = {
#define DRIVE(constant, name, drives, sign_bits) [MCA_DRIVE_##constant] = {drives, sign_bits},
    MCA_DAC_DRIVES(DRIVE)};

uint32_t mca_dac_drives(const struct mca_dac_config *config) {
    return DRIVES[config->drive].drives;
}

uint32_t mca_dac_signed_bits(const struct mca_dac_config *config) {
    return config->bits ? config->bits - DRIVES[config->drive].sign_bits : 0;
}

#define DECLARE(constant, name, ops, figures, law) extern const struct mca_adc_ops mca_adc_##ops;
MCA_ADC_KINDS(DECLARE)
extern const struct mca_adc_ops mca_adc_ideal;

static const struct mca_adc_ops *const KINDS[MCA_ADC_KIND_COUNT] = {
#define ENTRY(constant, name, ops, figures, law) [MCA_ADC_##constant] = &mca_adc_##ops,
    MCA_ADC_KINDS(ENTRY)};

/* Steps of a conversion: of an oscillator a count a level, of successive approximation a comparison
 * a bit after one step of sampling. */
static uint64_t counts(uint32_t bits) {
    return (uint64_t)1 << bits;
}

static uint64_t comparisons(uint32_t bits) {
    return bits + 1u;
}

static uint64_t (*const STEPS[MCA_ADC_KIND_COUNT])(uint32_t bits) = {
#define LAW(constant, name, ops, figures, law) [MCA_ADC_##constant] = law,
    MCA_ADC_KINDS(LAW)};

uint64_t mca_adc_time_ps(const struct mca_adc_config *config, uint64_t of_8_bits_ps) {
    if (config->time == MCA_ADC_TIME_GIVEN) {
        return of_8_bits_ps;
    }
    const uint64_t of_8_bits = STEPS[config->kind](MCA_IDEAL_BITS);
    const uint64_t wanted = STEPS[config->kind](mca_converter_width(config->bits));
    return (of_8_bits_ps * wanted + of_8_bits / 2) / of_8_bits;
}

uint32_t mca_adc_compare_bits(unsigned kind, uint32_t bits) {
    return STEPS[kind] == comparisons ? 1 : bits;
}

const struct mca_adc_ops *mca_adc_ops_of(const struct mca_adc_config *config) {
    return config->bits ? KINDS[config->kind] : &mca_adc_ideal;
}

void mca_adc_init(struct mca_adc *adc, const struct mca_adc_config *config, double range) {
    *adc = (struct mca_adc){.ops = mca_adc_ops_of(config)};
    adc->ops->init(adc, config, range);
}

void mca_adc_init_single_ended(struct mca_adc *adc, const struct mca_adc_config *config,
                               double top) {
    *adc = (struct mca_adc){.ops = mca_adc_ops_of(config)};
    adc->ops->init_single_ended(adc, config, top);
}
