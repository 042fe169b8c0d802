#include "device/pulsed.h"

#include "base/mathx.h"

double mca__pulsed_reset_us(const struct mca_device *device, uint64_t place, uint64_t event) {
    const double z = mca_rng_gaussian(device->reset_rng, place, event, 0);
    return device->config.reset_mean_us + device->config.reset_std_us * z;
}

double mca__pulsed_read_std_most_us(const struct mca_device *device, double g_us) {
    return device->config.read_noise *
           (device->config.read_noise_slope * g_us + device->config.read_noise_offset_us);
}

void mca__pulsed_read_stds_us(const struct mca_device *device, uint32_t count, const double *g_us,
                              double *std_us) {
    for (uint32_t i = 0; i < count; ++i) {
        std_us[i] = mca__pulsed_read_std_most_us(device, g_us[i]);
    }
}
