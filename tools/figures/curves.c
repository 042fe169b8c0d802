/*
 * What the figures of the documentation show of the model: mca_curves, whose lines tools/figures/draw
 * makes drawings of. A line is a figure, a series, a place on its axis and one value or two (mean and
 * standard deviation, or rows and columns). Nothing is drawn by chance: the same lines everywhere.
 */
#include <stdio.h>
#include <stdlib.h>

#include "array/converters.h"
#include "array/placement.h"
#include "base/mathx.h"
#include "device/device.h"
#include "scenario/load.h"

enum { DEVICES = 20000, PULSES = 20, SHOWN = 3, AGES = 61, LEVELS = 521 };

/* Of the reference chip; the rest of it is constant. */
static struct mca_scenario defaults;

struct sample {
    struct mca_device device;
    uint64_t place[DEVICES];
    uint16_t codes[DEVICES];
    double g_us[DEVICES];
};

static void print_moments(const char *series, double x, const double *values) {
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < DEVICES; ++i) {
        sum += values[i];
    }
    const double mean = sum / DEVICES;
    for (int i = 0; i < DEVICES; ++i) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    (void)printf("%s %.5g %.5g %.5g\n", series, x, mean, mca_sqrt(squares / DEVICES));
}

/* A new sample of a device's model, all RESET. */
static enum mca_status make(struct sample *sample, const struct mca_device_config *config,
                            struct mca_arena *arena, struct mca_error *error) {
    MCA_TRY(mca_device_init(&sample->device, config, 1, arena, error));
    for (uint32_t d = 0; d < DEVICES; ++d) {
        sample->place[d] = d;
        sample->codes[d] = mca_device_reset(&sample->device, 0, d, 0);
    }
    return MCA_OK;
}

/* SET pulses behind a RESET: all devices, and the first few alone. */
static enum mca_status show_pulses(struct sample *sample, struct mca_arena *arena,
                                   struct mca_error *error) {
    MCA_TRY(make(sample, &defaults.chip.device, arena, error));
    for (uint32_t n = 0; n <= PULSES; ++n) {
        for (uint32_t d = 0; d < DEVICES; ++d) {
            if (n > 0) {
                sample->codes[d] = mca_device_set(&sample->device, sample->codes[d], n, d, n);
            }
            sample->g_us[d] = (double)sample->codes[d] * sample->device.us_per_code;
        }
        print_moments("pulses all", n, sample->g_us);
        for (int d = 0; d < SHOWN; ++d) {
            (void)printf("pulses device%d %u %.5g\n", d, n, sample->g_us[d]);
        }
    }
    (void)printf("pulses gmax 0 %.5g\n", defaults.chip.device.gmax_us);
    return MCA_OK;
}

/* From a second to a year: what is left of devices that were programmed to g_us. */
static enum mca_status show_drift(struct sample *sample, const char *series,
                                  const struct mca_device_config *config, double g_us,
                                  struct mca_error *error) {
    struct mca_arena arena = {NULL};
    enum mca_status status = make(sample, config, &arena, error);
    for (int a = 0; a < AGES && status == MCA_OK; ++a) {
        const struct mca_ageing ageing = {.age_s = mca_pow(3.1536e7, (double)a / (AGES - 1))};
        for (uint32_t d = 0; d < DEVICES; ++d) {
            sample->g_us[d] = g_us;
        }
        sample->device.ops->age_us(&sample->device, &ageing, DEVICES, sample->place, NULL,
                                   sample->g_us);
        for (uint32_t d = 0; d < DEVICES; ++d) {
            sample->g_us[d] /= g_us;
        }
        print_moments(series, ageing.age_s, sample->g_us);
    }
    mca_arena_deinit(&arena);
    return status;
}

static enum mca_status show_drifts(struct sample *sample, struct mca_error *error) {
    struct mca_device_config config = defaults.chip.device;
    MCA_TRY(show_drift(sample, "drift constant", &config, 5.0, error));
    config.drift_nu_std = 0.02;
    MCA_TRY(show_drift(sample, "drift spread", &config, 5.0, error));
    config.drift_law = MCA_DRIFT_BY_CONDUCTANCE;
    config.drift_t0_s = 20.0; /* as published */
    MCA_TRY(show_drift(sample, "drift low", &config, 0.05 * config.gmax_us, error));
    return show_drift(sample, "drift high", &config, 0.8 * config.gmax_us, error);
}

/* Converters of 4 bits, whose steps can be seen: +-1 for the ADC, 0 .. 1 for the DAC. */
static void show_converters(void) {
    enum { BITS = 4 };
    struct mca_adc_config config = defaults.chip.adc;
    struct mca_adc adc;
    static double values[LEVELS];
    static int32_t codes[LEVELS];
    config.bits = BITS;
    mca_adc_init(&adc, &config, 1.0);
    for (int i = 0; i < LEVELS; ++i) {
        values[i] = (double)(i - LEVELS / 2) / 200.0;
    }
    (void)adc.ops->convert(&adc, values, LEVELS, codes);
    for (int i = 0; i < LEVELS; ++i) {
        const double value = (double)(i - LEVELS / 2) / 200.0;
        (void)printf("converters adc %.5g %.5g\n", value, codes[i] * adc.lsb);
    }
    for (int i = 0; i <= 200; ++i) {
        const double value = i / 200.0;
        (void)printf("converters dac %.5g %.5g\n", value, mca_dac_take(value, BITS).value);
    }
}

/* How a matrix lies on the reference chip's tiles. */
static void show_tiles(const char *series, uint32_t rows, uint32_t cols) {
    const struct mca_placement place = mca_placement_of(&defaults.chip.tile, rows, cols);
    for (uint32_t i = 0; i < mca_placement_tiles(&place); ++i) {
        const struct mca_tile tile = mca_placement_tile(&place, i, 0);
        (void)printf("tiles %s %u %u\n", series, tile.row0, tile.rows);
        (void)printf("tiles %s-cols %u %u\n", series, tile.col0, tile.cols);
    }
}

/* The thresholds of a refresh, and what so many pulses are expected to add to a RESET device. */
static void show_refresh(const struct sample *sample) {
    (void)printf("refresh high 0 %.5g\n", defaults.chip.refresh.high_us);
    (void)printf("refresh difference 0 %.5g\n", defaults.chip.refresh.difference_us);
    (void)printf("refresh reset 0 %.5g\n", sample->device.mean_after[0]);
    for (uint32_t n = 1; n <= defaults.chip.refresh.max_pulses; ++n) {
        (void)printf("refresh pulses %u %.5g\n", n,
                     sample->device.mean_after[n] - sample->device.mean_after[0]);
    }
}

/* Bits and lanes of the digital unit. */
static void show_widths(void) {
    const struct mca_chip_config *chip = &defaults.chip;
    (void)printf("widths dac 0 %u\nwidths activation 0 %u\nwidths error 0 %u\n", chip->dac.bits,
                 chip->dpu.activation_bits, chip->dpu.error_bits);
    (void)printf("widths chi 0 %u\nwidths fraction 0 %u\nwidths lanes 0 %u\n", chip->chi.bits,
                 chip->chi.frac_bits, chip->dpu.lanes);
    (void)printf("widths pulses 0 %u\n", chip->transfer.max_pulses);
}

static enum mca_status show(struct sample *sample, struct mca_error *error) {
    struct mca_arena arena = {NULL};
    enum mca_status status = show_pulses(sample, &arena, error);
    if (status == MCA_OK) {
        show_refresh(sample);
        status = show_drifts(sample, error);
    }
    mca_arena_deinit(&arena);
    show_converters();
    show_widths();
    show_tiles("reference", 785, 250);
    show_tiles("both-ways", 600, 400);
    return status;
}

int main(void) {
    struct mca_error error = {0};
    struct sample *sample = malloc(sizeof *sample);
    if (!sample || mca_scenario_defaults(&defaults, NULL, &error) != MCA_OK ||
        show(sample, &error) != MCA_OK) {
        (void)fprintf(stderr, "mca_curves: %s\n", sample ? error.message : "out of memory");
        free(sample);
        return 1;
    }
    free(sample);
    return fflush(stdout) == 0 ? 0 : 3;
}
