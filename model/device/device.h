/*
 * Memory devices: what a SET pulse, a RESET pulse, a read and time do to a conductance.
 *
 * Conductances of pulsed devices live on a grid of 15-bit codes whose step is the smallest power of
 * two of a microsiemens that covers the largest conductance (2^-11 uS for 12 uS), so that reads are
 * sums of integers: exact, and independent of their order. The grid's error, 2^-12 uS at most, is
 * far below the read noise (0.13 uS) and the spread of a SET step (0.26 uS).
 *
 * Not modelled: temperature, read disturb, retention loss, wear-out, correlation of noise in time.
 */
#ifndef MCA_DEVICE_DEVICE_H
#define MCA_DEVICE_DEVICE_H

#include <stdint.h>

#include "base/rng.h"
#include "base/status.h"
#include "device/device_config.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MCA_CONDUCTANCE_CODE_MAX = 32767, MCA_HISTORY_MAX = 255 };

struct mca_device;

/* A device model: pure functions of the state before the pulse. */
struct mca_device_ops {
    const char *name;
    /* 1: the model has one continuous signed conductance per weight instead of a pair of pulsed
     * devices */
    int continuous;
    /*
     * Conductance (uS) before the spread between devices and the clip, given conductance g_us, the
     * number n
     * >= 1 of this pulse after the last RESET, and a standard Gaussian z.
     */
    double (*step_us)(const struct mca_device *device, double g_us, uint32_t n, double z);
};

extern const struct mca_device_ops mca_device_pcm_jap18;
extern const struct mca_device_ops mca_device_linear;
extern const struct mca_device_ops mca_device_ideal;

/* A model with its parameters and tables. Constant after mca_device_init; holds no allocation. */
struct mca_device {
    struct mca_device_config config;
    const struct mca_device_ops *ops;
    double us_per_code; /* a power of two */
    double codes_per_us;
    double mean_history[MCA_HISTORY_MAX + 1]; /* P of the mean at the n-th pulse, n = index */
    double std_history[MCA_HISTORY_MAX + 1];
    double mean_after[16]; /* expected conductance (uS) after 0 .. 15 pulses from RESET, without
                              clip */
    struct mca_rng set_rng;
    struct mca_rng reset_rng;
    struct mca_rng spread_rng;
};

/* Prepares the model. `config` is copied; ranges are those of the scenario keys and must hold. */
void mca_device_init(struct mca_device *device, const struct mca_device_config *config,
                     uint64_t seed);

/* Nearest grid code of a conductance in uS, clamped to 0 .. MCA_CONDUCTANCE_CODE_MAX. */
uint16_t mca_device_code(const struct mca_device *device, double g_us);

/*
 * Code after one SET pulse on device number `place`. n: number of this pulse after the last RESET
 * (1 .., saturating at MCA_HISTORY_MAX); event: how many pulses (SET and RESET) the device has had
 * before.
 */
uint16_t mca_device_set(const struct mca_device *device, uint16_t code, uint32_t n, uint64_t place,
                        uint64_t event);

/* Code after a RESET pulse: N(reset_mean, reset_std), clipped at 0. */
uint16_t mca_device_reset(const struct mca_device *device, uint64_t place, uint64_t event);

/* Largest conductance (uS) of device number `place`, with its spread. */
double mca_device_gmax_us(const struct mca_device *device, uint64_t place);

/* Standard deviation (uS) of one read of conductance g_us. */
double mca_device_read_std_us(const struct mca_device *device, double g_us);

/*
 * Drift: G(age) = G0 (max(age, t0) / t0)^-nu, all in SI. The law diverges for ages below t0, where
 * the device has just been programmed: ages are clamped to t0. g0_s >= 0, nu >= 0, t0_s > 0; a
 * negative or NaN age counts as t0. Le Gallo et al. 2018; Nandakumar et al., JAP 124, 152135
 * (2018).
 */
double mca_drift_conductance_s(double g0_s, double nu, double age_s, double t0_s);

#ifdef __cplusplus
}
#endif

#endif
