/*
 * Devices that drift while the chip trains (device.drift_in_training).
 *
 * Each device has the code that it was programmed to and the time of its programming; at an age it
 * conducts G (max(age, t0) / t0)^-nu, t0 = device.drift_training_t0_s, nu its own
 * (device/ageing.h). Reads take codes, so codes are written anew as devices grow older: ages are
 * divided into classes,
 *
 *   class 0: below t0;   class k > 0: t0 1.1^(k - 1) .. t0 1.1^k, where log(age / t0) counts as the
 *   mean of its ends, (k - 1/2) log 1.1
 *
 * which is off by a factor of 1.1^(nu / 2) at most, 0.2 % with nu = 0.04. What a device conducts
 * follows from what it was programmed to, when, and the present alone, not from how often the
 * present was looked at.
 *
 * The devices of a class wait in a list, the oldest first: at each look those that have become
 * older than their class are taken from its front. Devices that were programmed since the last look
 * are in a list of their own, and count as programmed at the next one. A device is in one list
 * always. With the time at which a list is due, a look at which nobody is costs a pass over these
 * times.
 */
#ifndef MCA_ARRAY_DRIFTING_H
#define MCA_ARRAY_DRIFTING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/status.h"
#include "device/device.h"

MCA_C_BEGIN

enum { MCA_DRIFT_CLASSES = 512 };

/* at_ps of a device that was programmed since the last look. */
#define MCA_DRIFT_SINCE_LOOK INT64_MAX

/* Times from outside, in ps: ages up to this, and no later than the present. */
#define MCA_DRIFT_TIME_MAX ((int64_t)1 << 61)

/* Whose devices they are: a matrix's. */
struct mca_drifting_devices {
    const struct mca_device *device;
    uint32_t rows;
    uint32_t cols;
    size_t stride; /* elements between rows */
    size_t cells;
    uint16_t *g[2];        /* [cells] codes as they stand; index 0: G+, 1: G- */
    uint64_t first_device; /* number of the first of row 0; G- after G+, then the next column */
};

struct mca_drifting {
    struct mca_drifting_devices of;
    uint16_t *programmed[2]; /* [cells] codes */
    int64_t *at_ps[2];       /* when; before 0 where weights were loaded */
    int64_t now_ps;          /* of the last look */
    /* what follows from these */
    int is_listed; /* 0: the lists are to be made anew */
    double border_ps[MCA_DRIFT_CLASSES];
    int64_t due_ps[MCA_DRIFT_CLASSES]; /* or a little earlier than the list's first is */
    /* circles of devices, number 2 cell + side, and of an element of each list behind them */
    uint32_t devices;
    uint32_t *next;
    uint32_t *before;
};

/* All devices count as programmed to 0. Memory comes from `arena`; MCA_FAILED when it is short. */
enum mca_status mca_drifting_init(struct mca_drifting **drifting,
                                  const struct mca_drifting_devices *of, struct mca_arena *arena,
                                  struct mca_error *error);

/* A device has been programmed to the code that stands. */
void mca_drifting_programmed(struct mca_drifting *drifting, size_t cell, int side);

/* A look at `now_ps`, not before the last one: devices are set to what they conduct. `changed` is
 * called after each code that became another one. */
struct mca_drifting_sink {
    void *user;
    void (*changed)(void *user, size_t cell);
};
void mca_drifting_look(struct mca_drifting *drifting, int64_t now_ps,
                       const struct mca_drifting_sink *sink);

/* ln(t / t0) of a device so long after the last look. */
double mca_drifting_log_age(const struct mca_drifting *drifting, size_t cell, int side,
                            double later_s);

/* From outside: programmed to a code, so long before the last look, what it conducts now being
 * set. */
void mca_drifting_put(struct mca_drifting *drifting, size_t cell, int side, uint16_t programmed,
                      int64_t age_ps);

/* How long before the last look a device was programmed; 0 where it was after it. */
static inline int64_t mca_drifting_age_ps(const struct mca_drifting *drifting, size_t cell,
                                          int side) {
    const int64_t at_ps = drifting->at_ps[side][cell];
    return at_ps == MCA_DRIFT_SINCE_LOOK ? 0 : drifting->now_ps - at_ps;
}

MCA_C_END

#endif
