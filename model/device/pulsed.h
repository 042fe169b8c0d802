/* What models of pulsed devices share: the law of each is its step; the rest is the same. */
#ifndef MCA_DEVICE_PULSED_H
#define MCA_DEVICE_PULSED_H

#include "device/device.h"

/* N(reset_mean, reset_std). */
double mca__pulsed_reset_us(const struct mca_device *device, uint64_t place, uint64_t event);

/* read_noise (slope G + offset), which grows with G: of `count` conductances, and of the largest.
 */
void mca__pulsed_read_stds_us(const struct mca_device *device, uint32_t count, const double *g_us,
                              double *std_us);
double mca__pulsed_read_std_most_us(const struct mca_device *device, double g_us);

/* ageing.c: drift and 1/f noise, by the laws of ageing.h. */
void mca__pulsed_age_us(const struct mca_device *device, const struct mca_ageing *ageing,
                        uint32_t count, const uint64_t *place, const double *log_age, double *g_us);

#endif
