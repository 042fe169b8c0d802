#include "device/device.h"

#include "base/mathx.h"

/* Spreads are truncated at this many standard deviations, so that the grid covers every device. */
static const double SPREAD_LIMIT = 4.0;

static const double ENDURANCE_MAX = 1e15;

#define DECLARE(constant, name, ops) extern const struct mca_device_ops mca_device_##ops;
MCA_DEVICE_MODELS(DECLARE)

static const struct mca_device_ops *const MODELS[MCA_DEVICE_MODEL_COUNT] = {
#define ENTRY(constant, name, ops) [MCA_DEVICE_##constant] = &mca_device_##ops,
    MCA_DEVICE_MODELS(ENTRY)};

/* Smallest power of two, in uS, of which 32767 steps cover `top_us`. */
static double grid_step_us(double top_us) {
    double step = mca_exp2i(-40);
    while (step * MCA_CONDUCTANCE_CODE_MAX < top_us) {
        step *= 2.0;
    }
    return step;
}

/* Of a device whose logarithm stands `z` standard deviations from the median's. */
static uint64_t endurance_at(const struct mca_device *device, double z) {
    const struct mca_device_config *config = &device->config;
    const double pulses = config->endurance_pulses * mca_exp(config->endurance_spread * z);
    return (uint64_t)mca_round(mca_clamp(pulses, 1.0, ENDURANCE_MAX));
}

uint64_t mca_device_endurance(const struct mca_device *device, uint64_t place) {
    const int is_spread = device->config.endurance_spread > 0.0;
    return endurance_at(device,
                        is_spread ? mca_rng_gaussian(device->endurance_rng, place, 0, 0) : 0.0);
}

enum mca_status mca_device_init(struct mca_device *device, const struct mca_device_config *config,
                                uint64_t seed, struct mca_arena *arena, struct mca_error *error) {
    *device = (struct mca_device){.config = *config, .ops = MODELS[config->model]};
    device->us_per_code =
        grid_step_us(config->gmax_us * (1.0 + SPREAD_LIMIT * config->gmax_spread));
    device->codes_per_us = 1.0 / device->us_per_code;
    device->set_rng = mca_rng_stream(seed, MCA_RNG_DEVICE_SET);
    device->reset_rng = mca_rng_stream(seed, MCA_RNG_DEVICE_RESET);
    device->spread_rng = mca_rng_stream(seed, MCA_RNG_DEVICE_SPREAD);
    device->endurance_rng = mca_rng_stream(seed, MCA_RNG_ENDURANCE);
    device->endurance_least = endurance_at(device, -MCA_GAUSSIAN_MAX);
    device->drift_rng = mca_rng_stream(seed, MCA_RNG_DRIFT);
    device->flicker_rng = mca_rng_stream(seed, MCA_RNG_FLICKER);
    MCA_TRY(device->ops->init ? device->ops->init(device, arena, error) : MCA_OK);
    device->mean_after[0] = config->reset_mean_us;
    for (uint32_t n = 1; n <= MCA_MEAN_AFTER_MAX && !device->ops->continuous; ++n) {
        /* the mean step is linear in G, so the mean of the sum follows the same recurrence */
        device->mean_after[n] = device->ops->step_us(device, device->mean_after[n - 1], n, 0.0);
    }
    return MCA_OK;
}

int mca_device_drifts_in_training(const struct mca_device_config *config) {
    const int has_exponents = config->drift_law != MCA_DRIFT_CONSTANT || config->drift_nu > 0.0 ||
                              config->drift_nu_std > 0.0;
    return config->drift_in_training && has_exponents && !MODELS[config->model]->continuous;
}

uint16_t mca_device_code(const struct mca_device *device, double g_us) {
    const double code = mca_round(g_us * device->codes_per_us);
    return (uint16_t)mca_clamp(code, 0.0, (double)MCA_CONDUCTANCE_CODE_MAX);
}

/* 1 + spread z, truncated, and never below 0. Draw 0: step size; draw 1: gmax. */
static double spread_factor(const struct mca_device *device, double spread, uint64_t place,
                            uint32_t draw) {
    if (spread == 0.0) {
        return 1.0;
    }
    const double z = mca_rng_gaussian(device->spread_rng, place, 0, draw);
    const double factor = 1.0 + spread * mca_clamp(z, -SPREAD_LIMIT, SPREAD_LIMIT);
    return factor > 0.0 ? factor : 0.0;
}

double mca_device_gmax_us(const struct mca_device *device, uint64_t place) {
    const double gmax_us =
        device->config.gmax_us * spread_factor(device, device->config.gmax_spread, place, 1);
    return gmax_us > device->config.gmin_us ? gmax_us : device->config.gmin_us;
}

uint16_t mca_device_set(const struct mca_device *device, uint16_t code, uint32_t n, uint64_t place,
                        uint64_t event) {
    if (mca_device_is_stuck(device, place, event)) {
        return code;
    }
    const double g_us = (double)code * device->us_per_code;
    const double z = mca_rng_gaussian(device->set_rng, place, event, 0);
    const double step_us = device->ops->step_us(device, g_us, n, z) - g_us;
    /* the change times the device's own factor, between gmin and the device's gmax */
    const double next_us =
        g_us + step_us * spread_factor(device, device->config.step_spread, place, 0);
    const double gmax_us = mca_device_gmax_us(device, place);
    return mca_device_code(device, mca_clamp(next_us, device->config.gmin_us, gmax_us));
}

uint16_t mca_device_reset(const struct mca_device *device, uint16_t code, uint64_t place,
                          uint64_t event) {
    return mca_device_is_stuck(device, place, event)
               ? code
               : mca_device_code(device, device->ops->reset_us(device, place, event));
}
