/* A device whose SET step does not depend on its state: isolates the effect of PCM's non-linearity.
 */
#include "device/pulsed.h"

static double step_us(const struct mca_device *device, double g_us, uint32_t n, double z) {
    (void)n;
    return g_us + (device->config.linear_step_us + device->config.linear_std_us * z);
}

const struct mca_device_ops mca_device_linear = {.name = "linear",
                                                 .step_us = step_us,
                                                 .reset_us = mca__pulsed_reset_us,
                                                 .read_stds_us = mca__pulsed_read_stds_us,
                                                 .read_std_most_us = mca__pulsed_read_std_most_us,
                                                 .age_us = mca__pulsed_age_us};
