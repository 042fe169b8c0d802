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

#include "train/image_set.h"

enum {
    MCA_COLOUR_SIDE = 32,
    MCA_COLOUR_CHANNELS = 3,
    MCA_COLOUR_VALUES = MCA_COLOUR_SIDE * MCA_COLOUR_SIDE * MCA_COLOUR_CHANNELS,
    MCA_COLOUR_CLASSES = 10
};

extern const struct mca_synthetic_set mca_synthetic_colour;

#endif
