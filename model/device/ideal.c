/*
 * The limit in which a weight is a real number: any change is taken exactly, without bound, noise,
 * history or granularity. A pulse adds what it stands for (transfer.epsilon_us); see
 * mca_matrix_add_us.
 */
#include "device/pulsed.h"

const struct mca_device_ops mca_device_ideal = {
    .name = "ideal",
    .continuous = 1,
    .read_stds_us = mca__pulsed_read_stds_us, /* of the devices that it stands for */
    .read_std_most_us = mca__pulsed_read_std_most_us};
