/*
 * The limit in which a weight is a real number: any change is taken exactly, without bound, noise,
 * history or granularity. A pulse adds what it stands for (transfer.epsilon_us); see
 * mca_matrix_add_us.
 */
#include "device/pulsed.h"

/* No pulse is sent to it. */
static double set_us(const struct mca_device *device, double g_us, uint32_t n, uint64_t place,
                     uint64_t event) {
    (void)device;
    (void)n;
    (void)place;
    (void)event;
    return g_us;
}

static double mean_set_us(const struct mca_device *device, double g_us, uint32_t n) {
    (void)device;
    (void)n;
    return g_us;
}

const struct mca_device_ops mca_device_ideal = {"ideal",
                                                1,
                                                NULL,
                                                set_us,
                                                mean_set_us,
                                                mca__pulsed_reset_us,
                                                mca__pulsed_read_stds_us,
                                                mca__pulsed_read_std_most_us,
                                                mca__pulsed_aged_us};
