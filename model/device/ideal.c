/*
 * The limit in which a weight is a real number: any change is taken exactly, without bound, noise,
 * history or granularity. A pulse adds what it stands for (transfer.epsilon_us); see
 * mca_tile_add_us.
 */
#include "device/device.h"

static double step_us(const struct mca_device *device, double g_us, uint32_t n, double z) {
    (void)device;
    (void)n;
    (void)z;
    return g_us;
}

const struct mca_device_ops mca_device_ideal = {"ideal", 1, step_us};
