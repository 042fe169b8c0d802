/*
 * What time does to a programmed phase-change device.
 *
 * Drift: G(t) = G (max(t, t0) / t0)^-nu, t seconds after programming (Le Gallo et al., Adv.
 * Electron. Mater. 4, 1700627 (2018); Nandakumar et al., J. Appl. Phys. 124, 152135 (2018)). Before
 * t0 the law was not measured, and would grow without bound: a device counts as not drifted then,
 * which is an approximation. A device's exponent is a Gaussian of its own; one that comes out
 * negative counts with its magnitude, as in the published model.
 *
 * By conductance, and 1/f noise: the fit of IBM's analog hardware kit to a million devices
 * (Nandakumar et al., ICECS 2019; Joshi et al., Nat. Commun. 11, 2473 (2020)), there for a largest
 * conductance of 25 uS and t0 = 20 s, in conductances relative to the largest.
 *
 * Devices that drift while the chip trains do so from their last pulse on, by the same law and the
 * same exponents, with a t0 of its own (drift_training_t0_s); then the ages at which they are
 * tested count from that pulse, too.
 *
 * Not modelled: temperature, and that 1/f noise goes on within a test.
 */
#ifndef MCA_DEVICE_AGEING_H
#define MCA_DEVICE_AGEING_H

#include "device/device_config.h"

/* Of the drift exponents of devices that were programmed to g_us: a Gaussian's, before the sign is
 * taken away. */
struct mca_drift {
    double nu_mean;
    double nu_std;
};
struct mca_drift mca_drift_of(const struct mca_device_config *config, double g_us);

/* Relative standard deviation of what 1/f noise has added up to at an age: Q sqrt(ln((t + tr) / (2
 * tr))), Q = min(0.0088 / g^0.65, 0.2), tr = 250 ns, for a device programmed to the part g > 0 of
 * the largest conductance; 0 up to an age of tr. */
double mca_flicker_std(double g, double age_s);

#endif
