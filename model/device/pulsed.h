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

/*
 * Drift: G(age) = G0 (max(age, t0) / t0)^-nu. The law diverges for ages below t0, where the device
 * has just been programmed: ages are clamped to t0. Le Gallo et al. 2018; Nandakumar et al., JAP
 * 124, 152135 (2018).
 */
double mca__pulsed_aged_us(const struct mca_device *device, double g_us, uint64_t place,
                           double age_s);

#endif
