/* No quantisation and no clipping. */
#include "array/converters.h"

static void init(struct mca_adc *adc, const struct mca_adc_config *config, double range) {
    (void)config;
    (void)range;
    adc->bits = 0;
    adc->lsb = 0.0;
}

static uint64_t convert(const struct mca_adc *adc, double *value, size_t count, int32_t *codes) {
    (void)adc;
    (void)value;
    (void)count;
    (void)codes;
    return 0;
}

static void single_ended(const struct mca_adc *adc, size_t count, double *value) {
    (void)adc;
    (void)count;
    (void)value;
}

const struct mca_adc_ops mca_adc_ideal = {.name = "ideal",
                                          .is_ideal = 1,
                                          .has_codes = 0,
                                          .init = init,
                                          .convert = convert,
                                          .init_single_ended = init,
                                          .single_ended = single_ended};
