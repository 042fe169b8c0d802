/* A device whose SET step does not depend on its state: isolates the effect of PCM's non-linearity.
 */
#include "device/pulsed.h"

static double step_us(const struct mca_device *device, double g_us, uint32_t n, double z) {
    (void)n;
    return g_us + (device->config.linear_step_us + device->config.linear_std_us * z);
}

static double set_us(const struct mca_device *device, double g_us, uint32_t n, uint64_t place,
                     uint64_t event) {
    return mca__pulsed_set_us(device, step_us, g_us, n, place, event);
}

static double mean_set_us(const struct mca_device *device, double g_us, uint32_t n) {
    return step_us(device, g_us, n, 0.0);
}

const struct mca_device_ops mca_device_linear = {"linear",
                                                 0,
                                                 NULL,
                                                 set_us,
                                                 mean_set_us,
                                                 mca__pulsed_reset_us,
                                                 mca__pulsed_read_stds_us,
                                                 mca__pulsed_read_std_most_us,
                                                 mca__pulsed_aged_us};
