/* A small chip configuration and a small learnable data set for tests of the chip. */
#ifndef MCA_TESTS_MCA_FIXTURE_H
#define MCA_TESTS_MCA_FIXTURE_H

#include "base/rng.h"
#include "chip/chip_config.h"

/* The reference chip of the docs with the given layers on 256 x 256 tiles. */
static inline struct mca_chip_config mca_fixture_chip(const struct mca_u32_list *layers) {
    struct mca_chip_config config = {
        .seed = 1,
        .loss = MCA_LOSS_CROSS_ENTROPY,
        .network = {.init_gain = 1.0},
        .interconnect = {MCA_INTERCONNECT_NONE, 256},
        .device = {.model = MCA_DEVICE_PCM_JAP18,
                   .gmin_us = 0.1,
                   .gmax_us = 12.0,
                   .mean_slope = -0.084,
                   .mean_offset_us = 0.88,
                   .mean_history_us = 1.4,
                   .mean_decay_pulses = 2.6,
                   .std_slope = 0.091,
                   .std_offset_us = 0.26,
                   .std_history_us = 2.15,
                   .std_decay_pulses = 2.6,
                   .linear_step_us = 0.77,
                   .reset_mean_us = 0.1,
                   .reset_std_us = 0.01,
                   .read_noise = 1.0,
                   .read_noise_slope = 0.03,
                   .read_noise_offset_us = 0.13,
                   .endurance_pulses = 1e8,
                   .drift_nu = 0.04,
                   .drift_t0_s = 38.6,
                   .drift_training_t0_s = 1e-6},
        .tile = {256, 256, 8.0, MCA_READ_COLUMN},
        .dac = {MCA_DAC_PWM, 8, MCA_DRIVE_TWO_PHASE, 1, MCA_BUILD_USED},
        .adc = {MCA_ADC_CCO,
                8,
                1,
                MCA_BUILD_USED,
                {1, {16.0}},
                {1, {4.0}},
                0,
                MCA_ADC_TIME_GIVEN,
                0,
                MCA_ADC_BANK_PER_DIRECTION},
        .dpu = {MCA_ARITHMETIC_FIXED, MCA_ROUND_STOCHASTIC, 16, 12, 16, 1000000000u,
                MCA_COMPENSATION_NONE, MCA_UNITS_SHARED},
        .chi = {16, 13, 2, 1, 1, MCA_ACCUMULATE_POSITION, 0, MCA_LAYOUT_ROWS},
        .transfer = {0.77, 3, 1, 16, MCA_TRANSFER_CHI},
        .refresh = {100, 8.0, 6.0, 3, MCA_RESIDUAL_DROP, MCA_SCAN_ALL, MCA_LAYERS_IN_TURN,
                    MCA_SENSE_CONVERT, 0},
        .timing = {100, 1000, 500, 2000, 77000, 60000, 60000, 0, 0, 0, 0},
        .weights = {MCA_SCALE_AUTO, 99.99, 0.0, MCA_PROGRAM_VERIFY, 0.1, 1000, 1, 0}};
    mca_network_config_set_widths(&config.network, layers);
    return config;
}

/* Floating point without devices' or converters' effects. */
static inline struct mca_chip_config mca_fixture_float(const struct mca_u32_list *layers) {
    struct mca_chip_config config = mca_fixture_chip(layers);
    config.device.model = MCA_DEVICE_IDEAL;
    config.device.read_noise = 0.0;
    config.dac.bits = 0;
    config.adc.bits = 0;
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    config.transfer.epsilon_us = 0.0;
    config.refresh.every_images = 0;
    return config;
}

/* Image `number` of a set of noisy class prototypes: about a quarter of the pixels lit. Returns the
 * label. */
static inline uint32_t mca_fixture_image(uint32_t inputs, uint32_t classes, uint32_t number,
                                         uint8_t *pixels) {
    uint32_t words[4];
    mca_rng_words(mca_rng_stream(7, MCA_RNG_SYNTHETIC), number, 1u << 20, 0, words);
    const uint32_t label = words[0] % classes;
    for (uint32_t i = 0; i < inputs; ++i) {
        uint32_t shape[4];
        uint32_t noise[4];
        mca_rng_words(mca_rng_stream(7, MCA_RNG_SYNTHETIC), i, label, 1, shape);
        mca_rng_words(mca_rng_stream(7, MCA_RNG_SYNTHETIC), i, number, 2, noise);
        const int lit = (shape[0] & 3) == 0;
        const int flipped = noise[0] % 8 == 0;
        pixels[i] = lit != flipped ? (uint8_t)(128 + (noise[1] & 127)) : 0;
    }
    return label;
}

/* `count` of them, from number `first` on, one behind the other. */
static inline void mca_fixture_images(uint32_t inputs, uint32_t classes, uint32_t first,
                                      uint32_t count, uint8_t *pixels) {
    for (uint32_t i = 0; i < count; ++i) {
        (void)mca_fixture_image(inputs, classes, first + i, pixels + (size_t)i * inputs);
    }
}

#endif
