/*
 * synthetic-colour: a built-in data set of small colour images, for machines without CIFAR-10 and
 * for tests of convolutional networks. The class of an image is the kind of figure in it; where the
 * figure stands, its size, turn and colours, the background and the clutter are drawn apart from
 * it, so that no pixel by itself says anything of the class.
 *
 * An image is a pure function of (seed, half, index), as those of train/synthetic_digits.h are, and
 * its bytes are the same on every machine. Results on it carry its own name.
 */
#ifndef MCA_TRAIN_SYNTHETIC_COLOUR_H
#define MCA_TRAIN_SYNTHETIC_COLOUR_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "train/image_set.h"
#include "train/synthetic_digits.h"

MCA_C_BEGIN

enum {
    MCA_COLOUR_SIDE = 32,
    MCA_COLOUR_CHANNELS = 3,
    MCA_COLOUR_VALUES = MCA_COLOUR_SIDE * MCA_COLOUR_SIDE * MCA_COLOUR_CHANNELS,
    MCA_COLOUR_CLASSES = 10
};

/* Draws image `index` into pixels[MCA_COLOUR_VALUES], channels last. Returns its label, 0 .. 9,
 * uniform over the indices. `seed` is below 2^52. */
uint8_t mca_synthetic_colour(uint64_t seed, enum mca_synthetic_half half, uint32_t index,
                             uint8_t *pixels);

/* Draws images 0 .. count - 1 into `set`, filled on success only and released with
 * mca_image_set_deinit. Errors: MCA_INVALID when `count` is 0, MCA_FAILED for memory. */
enum mca_status mca_synthetic_colours(uint64_t seed, enum mca_synthetic_half half, uint32_t count,
                                      struct mca_image_set *set, struct mca_error *error);

MCA_C_END

#endif
