/*
 * Memory devices: what a SET pulse, a RESET pulse, a read and time do to a conductance.
 *
 * Conductances of pulsed devices live on a grid of 15-bit codes whose step is the smallest power of
 * two of a microsiemens that covers the largest conductance (2^-11 uS for 12 uS), so that reads are
 * sums of integers: exact, and independent of their order. The grid's error, 2^-12 uS at most, is
 * far below the read noise (0.13 uS) and the spread of a SET step (0.26 uS).
 *
 * A device that has had as many pulses as it endures sticks: it stays as it stands, whatever is
 * sent to it. A pulse counts as one, SET or RESET. Not modelled: that a device fails by degrees, or
 * ends fully SET or RESET; temperature, read disturb, retention loss, correlation of noise in time.
 */
#ifndef MCA_DEVICE_DEVICE_H
#define MCA_DEVICE_DEVICE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/rng.h"
#include "base/status.h"
#include "device/device_config.h"

MCA_C_BEGIN

enum { MCA_CONDUCTANCE_CODE_MAX = 32767, MCA_HISTORY_MAX = 255, MCA_MEAN_AFTER_MAX = 15 };

struct mca_device;

/* A time after programming at which devices are looked at. */
struct mca_ageing {
    double age_s;  /* negative and NaN count as 0 */
    uint32_t seed; /* < 2^16: which drift exponents and deviations are drawn; 0 .. */
};

/*
 * What a device model decides. All but init are pure functions of the state before; conductances
 * are in uS, before the grid. `place` is the device's number and `event` how many pulses (SET and
 * RESET) it has had before: random numbers are drawn by them. No function but init may be NULL in a
 * model of pulsed devices.
 */
struct mca_device_ops {
    const char *name;
    /* 1: one continuous signed conductance per weight instead of a pair of pulsed devices; of the
     * functions below only read_stds_us and read_std_most_us are called */
    int continuous;
    /* Tables of the model, in device->model; memory comes from `arena`. MCA_FAILED when it is
     * short. NULL: the model has none. */
    enum mca_status (*init)(struct mca_device *device, struct mca_arena *arena,
                            struct mca_error *error);
    /* After a SET pulse, the n-th >= 1 after the last RESET, before the spread between devices and
     * the clip. z: a standard Gaussian; with 0 it is what is expected. */
    double (*step_us)(const struct mca_device *device, double g_us, uint32_t n, double z);
    /* After a RESET pulse. */
    double (*reset_us)(const struct mca_device *device, uint64_t place, uint64_t event);
    /* Standard deviation of one read of each of `count` conductances, and its largest up to a
     * conductance of g_us. */
    void (*read_stds_us)(const struct mca_device *device, uint32_t count, const double *g_us,
                         double *std_us);
    double (*read_std_most_us)(const struct mca_device *device, double g_us);
    /* `count` devices, from what they were programmed to, to what they conduct at an age. With
     * `log_age`, drift goes by that instead: ln(t / t0) of each device's own t, 0 before t0; and by
     * the exponents of seed 0, which a device had while the chip trained. */
    void (*age_us)(const struct mca_device *device, const struct mca_ageing *ageing, uint32_t count,
                   const uint64_t *place, const double *log_age, double *g_us);
};

/* A model with its parameters and tables. Constant after mca_device_init. */
struct mca_device {
    struct mca_device_config config;
    const struct mca_device_ops *ops;
    const void *model;  /* the model's own tables, or NULL */
    double us_per_code; /* a power of two */
    double codes_per_us;
    double mean_after[MCA_MEAN_AFTER_MAX + 1]; /* expected conductance (uS) after 0 .. 15 pulses
                                                * from RESET, without clip */
    struct mca_rng set_rng;
    struct mca_rng reset_rng;
    struct mca_rng spread_rng;
    struct mca_rng endurance_rng;
    uint64_t endurance_least; /* no device sticks before so many pulses */
    struct mca_rng drift_rng;
    struct mca_rng flicker_rng;
};

/* Prepares the model; its tables come from `arena`. `config` is copied; ranges are those of the
 * scenario keys and must hold. MCA_FAILED when memory is short. */
enum mca_status mca_device_init(struct mca_device *device, const struct mca_device_config *config,
                                uint64_t seed, struct mca_arena *arena, struct mca_error *error);

/* Nearest grid code of a conductance in uS, clamped to 0 .. MCA_CONDUCTANCE_CODE_MAX. */
uint16_t mca_device_code(const struct mca_device *device, double g_us);

/*
 * Code after one SET pulse on device number `place`. n: number of this pulse after the last RESET
 * (1 .., saturating at MCA_HISTORY_MAX); event: how many pulses (SET and RESET) the device has had
 * before.
 */
uint16_t mca_device_set(const struct mca_device *device, uint16_t code, uint32_t n, uint64_t place,
                        uint64_t event);

/* Code after a RESET pulse. */
uint16_t mca_device_reset(const struct mca_device *device, uint16_t code, uint64_t place,
                          uint64_t event);

/*
 * Pulses that device number `place` takes before it sticks, 1 .. 1e15: endurance_pulses x
 * exp(endurance_spread z), z a standard Gaussian of the device's own, which never exceeds
 * MCA_GAUSSIAN_MAX.
 */
uint64_t mca_device_endurance(const struct mca_device *device, uint64_t place);

/* Whether device number `place` sticks after so many pulses. */
static inline int mca_device_is_stuck(const struct mca_device *device, uint64_t place,
                                      uint64_t pulses) {
    return pulses >= device->endurance_least && pulses >= mca_device_endurance(device, place);
}

/* Whether devices drift while the chip trains: that is asked for, and some exponent is not 0. */
int mca_device_drifts_in_training(const struct mca_device_config *config);

/* Largest conductance (uS) of device number `place`, with its spread. */
double mca_device_gmax_us(const struct mca_device *device, uint64_t place);

/* Standard deviation (uS) of one read of conductance g_us. */
static inline double mca_device_read_std_us(const struct mca_device *device, double g_us) {
    double std_us;
    device->ops->read_stds_us(device, 1, &g_us, &std_us);
    return std_us;
}

MCA_C_END

#endif
