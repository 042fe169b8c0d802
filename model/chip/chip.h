/*
 * The chip: a network's layers on crossbars, converters, the digital unit, chi, programming
 * drivers, and the steps of training. Each step moves values; its work is counted in the ledger and
 * occupies its resources on the timeline.
 *
 * Order of an image: forward L1 .. Ln; output error; for each layer from the last: backward read,
 * error scaling, update of chi with blind pulses through the tile's command queue. The next image's
 * read of a layer waits for that layer's pulses. Within a mini-batch weights stay as they are:
 * pulses wait for its end.
 */
#ifndef MCA_CHIP_CHIP_H
#define MCA_CHIP_CHIP_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "chip/chip_config.h"
#include "chip/ledger.h"

MCA_C_BEGIN

struct mca_ageing;
struct mca_chip;

/*
 * Builds the chip and programs the initial weights (phase `init`): uniform in +- init_gain sqrt(6 /
 * (inputs + outputs)), bias included, by RESET and blind SET pulses whose number is rounded
 * stochastically; exact on continuous devices. `config` is copied; it must have passed the
 * scenario's checks. Errors: MCA_FAILED when memory is short.
 */
enum mca_status mca_chip_create(struct mca_chip **chip, const struct mca_chip_config *config,
                                struct mca_error *error);

/* Weights from outside: of each layer with a matrix [inputs][outputs], the bias row last; finite.
 * NULL for layers without. */
struct mca_given_weights {
    double *layers[MCA_LAYERS_MAX];
    const struct mca_observer *observer; /* asked to stop between rows of program-and-verify */
};

/*
 * The same with these weights in place of the initial ones, at the layers' unit weights, programmed
 * as config->weights says (phase `init`): exactly on continuous devices. Digital layers take them
 * as words. What a device or word does not reach is clipped. `weights` are not kept; NULL is
 * mca_chip_create. Besides its errors there is the status that the observer stops with.
 */
enum mca_status mca_chip_create_with(struct mca_chip **chip, const struct mca_chip_config *config,
                                     const struct mca_given_weights *weights,
                                     struct mca_error *error);

/* What became of weights from outside; all 0 where there were none. */
struct mca_import_stats {
    uint64_t weights;    /* given, biases included */
    uint64_t clipped;    /* of them, beyond the largest conductance, or word */
    uint64_t programmed; /* into pairs of devices, which have an error: */
    double error_sum_us; /* of conductance differences, without noise, above their targets */
    double error_squares_us2;
    uint64_t unreached;   /* program-and-verify: not within the tolerance at the end */
    uint64_t pulses;      /* of it, those of the first RESET left out ... */
    uint64_t pulses_most; /* ... and the most that a weight had */
    uint64_t reads;       /* of pairs */
};
const struct mca_import_stats *mca_chip_import_stats(const struct mca_chip *chip);

void mca_chip_destroy(struct mca_chip *chip); /* NULL is fine */

const struct mca_chip_config *mca_chip_config_of(const struct mca_chip *chip);

/* Counts of what the chip is built of, and of what of it is built for a layer, or for none of them
 * (MCA_NO_LAYER): the parts add up to the whole. Pure functions of the configuration. */
struct mca_inventory mca_chip_inventory(const struct mca_chip_config *config);
struct mca_inventory mca_chip_layer_inventory(const struct mca_chip_config *config, uint32_t layer);

/* Which units of the digital unit a network needs beside its lanes. */
struct mca_unit_kinds {
    int looks_up; /* activations of a table */
    int softmax;
    int pools;
    int gathers; /* windows, for matrices that are read at several positions */
};
struct mca_unit_kinds mca_chip_unit_kinds(const struct mca_chip_config *config,
                                          const struct mca_network *network);

/* Gives a chip the conductances of another of the same network and devices; nothing else of it. */
void mca_chip_copy_weights(struct mca_chip *chip, const struct mca_chip *from);

/* Learning rate for the images that follow, in mini-batches of `batch` images (their mean counts);
 * 0.1 and one image where none was set. Set while the chip is idle: the next image is loaded when
 * all that was begun has ended. */
void mca_chip_set_rate(struct mca_chip *chip, double learning_rate, uint32_t batch);

/* What one training image gave. */
struct mca_image_outcome {
    uint32_t predicted; /* class of the largest output; the lowest such class */
    double loss;        /* of the configured kind, from the activations */
};

/*
 * Trains on one image: pixels[inputs] in 0 .. 255, label < outputs. Ends the mini-batch by itself
 * when `batch` images are in, and refreshes when refresh.every_images, or refresh.every_pulses,
 * have passed and a mini-batch has ended. With timing.read_ahead the first layer's update, and what
 * follows it, wait for the next image or for mca_chip_end_batch, without which weights and ledger
 * miss them. Errors: MCA_FAILED when memory for commands is short.
 */
enum mca_status mca_chip_train_image(struct mca_chip *chip, const uint8_t *pixels, uint32_t label,
                                     struct mca_image_outcome *outcome, struct mca_error *error);

/*
 * The same on `count` images, one after the other: pixels[][inputs] and labels[], image i being
 * that of number order[i], or i where `order` is NULL. outcomes[count], or NULL. *done says how
 * many were trained on, which is all of them but where it fails. MCA_INVALID for a label that is
 * no output. Nothing of the last image waits for a next one.
 */
struct mca_chip_images {
    const uint8_t *pixels;
    const uint8_t *labels;
    const uint32_t *order;
    uint32_t count;
};
enum mca_status mca_chip_train_images(struct mca_chip *chip, const struct mca_chip_images *images,
                                      struct mca_image_outcome *outcomes, uint32_t *done,
                                      struct mca_error *error);

/* Ends a mini-batch early: sends its pulses. Nothing to do when none are waiting. */
void mca_chip_end_batch(struct mca_chip *chip);

/*
 * Classifies `count` images on up to `threads` threads through the same noisy tiled path as
 * training (phase `test`): predicted[count]. `run` numbers the test, so that each has noise of its
 * own. Each test begins at rest; an image is loaded while the one before is at work. Changes
 * nothing but the ledger and the time of tests. Results do not depend on `threads`. Errors:
 * MCA_FAILED when memory is short.
 */
enum mca_status mca_chip_infer(struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                               uint64_t run, uint32_t threads, uint16_t *predicted,
                               struct mca_error *error);

/*
 * Sets the devices to what they conduct at an age after they were programmed, for tests alone: as
 * often as wanted, each time from the programmed state, until mca_chip_end_ageing gives that back.
 * Nothing else is to be done to the chip meanwhile. With dpu.drift_compensation, reference reads
 * (phase `test`) find the factors on the layers' sums; the first call reads the chip as it was
 * programmed, too. Errors: MCA_FAILED when memory is
 * short; the devices are then as they were.
 */
enum mca_status mca_chip_age(struct mca_chip *chip, const struct mca_ageing *ageing,
                             struct mca_error *error);
void mca_chip_end_ageing(struct mca_chip *chip); /* nothing to do when it is not aged */

/* Counters beside the ledger, of training phases but for two. */
struct mca_chip_stats {
    uint64_t images;
    uint64_t adc_clips;
    uint64_t chi_saturations;
    int64_t chi_saturated; /* signed sum of what saturation cut off, in chi units, all layers */
    uint64_t update_products;
    uint64_t updates_lost;
    uint64_t commands;    /* pulse commands of the transfer */
    uint64_t pulses_lost; /* transfer.mode direct: beyond transfer.max_pulses */
    uint64_t refreshes;
    uint64_t refreshed_pairs;
    uint64_t forward_macs_nonzero;
    uint64_t update_macs_nonzero;
    uint64_t test_clips;
    uint64_t test_macs_nonzero;
};

const struct mca_chip_stats *mca_chip_stats_of(const struct mca_chip *chip);
struct mca_ledger mca_chip_ledger(const struct mca_chip *chip);
/* What of it belongs to a layer, or to none (MCA_NO_LAYER): the parts add up to the whole. */
const struct mca_ledger_part *mca_chip_ledger_part(const struct mca_chip *chip, uint32_t layer);

uint64_t mca_chip_time_ps(const struct mca_chip *chip);      /* training, from 0 */
uint64_t mca_chip_init_time_ps(const struct mca_chip *chip); /* programming the initial weights */
/* The same times with a resource that takes none (timing.what_if); 0 where that is not asked for.
 */
uint64_t mca_chip_what_if_ps(const struct mca_chip *chip, enum mca_resource resource);
uint64_t mca_chip_what_if_test_ps(const struct mca_chip *chip, enum mca_resource resource);
/* Of an image of the last test, alone on a chip at rest: from its load to its class. 0 before any.
 */
uint64_t mca_chip_test_latency_ps(const struct mca_chip *chip);

/*
 * How worn a layer's devices are. The device that will stick first if each goes on being written as
 * often as since the beginning of the training: among those that were written since, the one with
 * the least pulses left, counted from that beginning, over its pulses since. All 0 where none was,
 * as with continuous devices.
 */
struct mca_wear {
    uint64_t max_writes_per_device; /* SET and RESET pulses, those before the training included */
    uint64_t stuck_devices;         /* that have had their pulses, and stay as they are */
    uint64_t first_worn_endurance;  /* pulses that the device takes ... */
    uint64_t first_worn_before;     /* ... of them, those it had before the training, ... */
    uint64_t first_worn_writes;     /* ... and its pulses since */
};
struct mca_wear mca_chip_wear(const struct mca_chip *chip, uint32_t layer);

/* How many such trainings end with the first device stuck; infinite where none is written. */
double mca_wear_trainings(const struct mca_wear *wear);

/*
 * Takes what devices have been written until now for what they had before the training; for weights
 * from outside, as a chip knows what its initial weights took. MCA_FAILED when memory is short.
 */
enum mca_status mca_chip_begin_wear(struct mca_chip *chip, struct mca_error *error);

/* How many devices of a layer stand at their largest conductance. */
uint64_t mca_chip_devices_at_gmax(const struct mca_chip *chip, uint32_t layer);

MCA_C_END

#endif
