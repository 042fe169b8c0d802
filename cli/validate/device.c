/* The device model against moments of an independent implementation, and against its own source. */
#include <math.h>

#include "base/mathx.h"
#include "cli/validate/validate.h"
#include "device/device.h"
#include "scenario/load.h"

static const char JAP18[] = "Nandakumar et al., J. Appl. Phys. 124, 152135 (2018), Gmax 20 uS; "
                            "2,000,000 devices of an independent implementation";

enum { DEVICES = 20000 };

struct moments {
    double mean;
    double std;
};

static struct moments moments_of(const double *values) {
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < DEVICES; ++i) {
        sum += values[i];
    }
    const double mean = sum / DEVICES;
    for (int i = 0; i < DEVICES; ++i) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    return (struct moments){mean, mca_sqrt(squares / DEVICES)};
}

/* Moments of a sample beside those of the population, within 4 standard errors: std / sqrt(N) of
 * the mean, std / sqrt(2 N) of the standard deviation (a kurtosis of 3; 1.2 of it covers 3.9). */
static void add_moments(struct cli_validation *v, const char *const names[2],
                        const struct moments *expected, const double *values) {
    const struct moments got = moments_of(values);
    const double root = mca_sqrt((double)DEVICES);
    const double pairs[2][3] = {
        {expected->mean, got.mean, 4.0 * expected->std / root},
        {expected->std, got.std, 4.0 * 1.2 * expected->std / (root * mca_sqrt(2.0))}};
    for (int i = 0; i < 2; ++i) {
        const struct mca_anchor anchor = {.group = "device",
                                          .name = names[i],
                                          .source = JAP18,
                                          .unit = "uS",
                                          .basis = MCA_ANCHOR_PREDICTED,
                                          .rule = MCA_ANCHOR_ABSOLUTE,
                                          .expected = pairs[i][0],
                                          .got = pairs[i][1],
                                          .tolerance = pairs[i][2]};
        mca_validation_add(&v->table, &anchor);
    }
}

enum mca_status cli_validate_device(struct cli_validation *v, struct mca_error *error) {
    static const struct {
        uint32_t pulses;
        const char *names[2];
        struct moments expected;
    } rows[] = {
        {0, {"mean after RESET", "std after RESET"}, {0.1, 0.01}},
        {1, {"mean after 1 pulse", "std after 1 pulse"}, {2.055, 1.520}},
        {2, {"mean after 2 pulses", "std after 2 pulses"}, {3.431, 1.971}},
        {3, {"mean after 3 pulses", "std after 3 pulses"}, {4.467, 2.198}},
        {5, {"mean after 5 pulses", "std after 5 pulses"}, {5.914, 2.379}},
        {8, {"mean after 8 pulses", "std after 8 pulses"}, {7.236, 2.443}},
        {10, {"mean after 10 pulses", "std after 10 pulses"}, {7.827, 2.465}},
        {15, {"mean after 15 pulses", "std after 15 pulses"}, {8.804, 2.550}},
        {20, {"mean after 20 pulses", "std after 20 pulses"}, {9.397, 2.661}},
    };
    static struct mca_scenario scenario;
    static uint16_t codes[DEVICES];
    static double values[DEVICES];
    struct mca_arena arena = {NULL};
    struct mca_device device;
    (void)mca_scenario_defaults(&scenario, NULL, NULL);
    scenario.chip.device.gmax_us = 20.0;
    MCA_TRY(mca_device_init(&device, &scenario.chip.device, 1, &arena, error));
    uint32_t pulses = 0;
    for (uint32_t d = 0; d < DEVICES; ++d) {
        codes[d] = mca_device_reset(&device, 0, d, 0);
    }
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; ++r) {
        for (; pulses < rows[r].pulses; ++pulses) {
            for (uint32_t d = 0; d < DEVICES; ++d) {
                codes[d] = mca_device_set(&device, codes[d], pulses + 1, d, pulses + 1);
            }
        }
        for (uint32_t d = 0; d < DEVICES; ++d) {
            values[d] = (double)codes[d] * device.us_per_code;
        }
        add_moments(v, rows[r].names, &rows[r].expected, values);
    }
    mca_arena_deinit(&arena);
    return MCA_OK;
}
