#include "device/ageing.h"

#include <string.h>

#include "base/mathx.h"
#include "device/pulsed.h"

enum { PIECE = 64 }; /* devices whose random numbers are drawn at a time */

/* Conductances below this part of the largest count as this one. */
static const double LEAST_PART = 1e-7;

/* Of a read, from which on 1/f noise adds up. */
static const double READ_S = 250e-9;

static double part_of(const struct mca_device_config *config, double g_us) {
    const double part = g_us / config->gmax_us;
    return part > LEAST_PART ? part : LEAST_PART;
}

struct mca_drift mca_drift_of(const struct mca_device_config *config, double g_us) {
    if (config->drift_law == MCA_DRIFT_CONSTANT) {
        return (struct mca_drift){config->drift_nu, config->drift_nu_std};
    }
    const double log_g = mca_log(part_of(config, g_us));
    return (struct mca_drift){mca_clamp(-0.0155 * log_g + 0.0244, 0.049, 0.1),
                              mca_clamp(-0.0125 * log_g - 0.0059, 0.008, 0.045)};
}

double mca_flicker_std(double g, double age_s) {
    const double q = 0.0088 / mca_pow(g, 0.65);
    return age_s > READ_S
               ? (q < 0.2 ? q : 0.2) * mca_sqrt(mca_log((age_s + READ_S) / (2.0 * READ_S)))
               : 0.0;
}

/* Part that is left of what a device was programmed to. log_age: ln(t / t0) >= 0; z: its Gaussian.
 */
static double left_of(const struct mca_device_config *config, double g_us, double log_age,
                      double z) {
    const struct mca_drift drift = mca_drift_of(config, g_us);
    const double nu = drift.nu_mean + drift.nu_std * z;
    return mca_exp(-(nu < 0.0 ? -nu : nu) * log_age);
}

/* The parts of up to PIECE devices that are left, of log_age[i] > 0 or 0. */
static void drift(const struct mca_device *device, uint32_t seed, uint32_t count,
                  const uint64_t *place, const double *log_age, const double *g_us, double *left) {
    const struct mca_device_config *config = &device->config;
    const int is_same = config->drift_law == MCA_DRIFT_CONSTANT && config->drift_nu_std == 0.0;
    double z[PIECE];
    if (!is_same) {
        mca_rng_gaussians_at(device->drift_rng, place, seed, 0, count, z);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const int is_as_before = is_same && i > 0 && log_age[i] == log_age[i - 1];
        left[i] =
            is_as_before ? left[i - 1] : left_of(config, g_us[i], log_age[i], is_same ? 0.0 : z[i]);
    }
}

/* The same where all have the age that they are tested at. */
static void drift_alike(const struct mca_device *device, const struct mca_ageing *ageing,
                        uint32_t count, const uint64_t *place, const double *g_us, double *left) {
    const double t0_s = device->config.drift_t0_s;
    const int is_old = ageing->age_s > t0_s;
    double log_age[PIECE];
    for (uint32_t i = 0; i < count; ++i) {
        log_age[i] = i > 0 ? log_age[0] : is_old ? mca_log(ageing->age_s / t0_s) : 0.0;
        left[i] = 1.0;
    }
    if (is_old) {
        drift(device, ageing->seed, count, place, log_age, g_us, left);
    }
}

/* Adds what 1/f noise has added up to, relative to what is left; by what was programmed. The draw
 * belongs to the age, not to its place among others. */
static void flicker(const struct mca_device *device, const struct mca_ageing *ageing,
                    uint32_t count, const uint64_t *place, const double *g_us, double *left) {
    const double strength = device->config.flicker_noise;
    double z[PIECE];
    uint64_t age_bits;
    if (strength == 0.0 || !(ageing->age_s > READ_S)) {
        return;
    }
    memcpy(&age_bits, &ageing->age_s, sizeof age_bits);
    mca_rng_gaussians_at(device->flicker_rng, place, age_bits, ageing->seed, count, z);
    for (uint32_t i = 0; i < count; ++i) {
        const double std =
            strength * mca_flicker_std(part_of(&device->config, g_us[i]), ageing->age_s);
        const double factor = 1.0 + std * z[i];
        left[i] *= factor > 0.0 ? factor : 0.0;
    }
}

void mca__pulsed_age_us(const struct mca_device *device, const struct mca_ageing *ageing,
                        uint32_t count, const uint64_t *place, const double *log_age,
                        double *g_us) {
    for (uint32_t first = 0; first < count; first += PIECE) {
        const uint32_t some = count - first < PIECE ? count - first : PIECE;
        double left[PIECE];
        if (log_age) {
            drift(device, 0, some, place + first, log_age + first, g_us + first, left);
        } else {
            drift_alike(device, ageing, some, place + first, g_us + first, left);
        }
        flicker(device, ageing, some, place + first, g_us + first, left);
        for (uint32_t i = 0; i < some; ++i) {
            g_us[first + i] *= left[i];
        }
    }
}
