/*
 * synthetic-digits: a built-in data set of handwritten-looking digits, for machines without MNIST
 * and for tests. Each image is a pen drawn along the strokes of one of the styles of its digit,
 * after a seeded distortion of control points, an affine map and a smooth (elastic) displacement.
 *
 * An image is a pure function of (seed, half, index): a longer set begins with the images of a
 * shorter one, and the two halves never share an image's random numbers. The bytes are the same on
 * every machine. It is no MNIST: results on it must carry its own name.
 */
#ifndef MCA_TRAIN_SYNTHETIC_DIGITS_H
#define MCA_TRAIN_SYNTHETIC_DIGITS_H

#include "train/image_set.h"

enum {
    MCA_SYNTHETIC_SIDE = 28, /* rows and columns */
    MCA_SYNTHETIC_PIXELS = MCA_SYNTHETIC_SIDE * MCA_SYNTHETIC_SIDE,
    MCA_SYNTHETIC_CLASSES = 10
};

/* One channel: 0 is background, 255 the middle of a stroke. */
extern const struct mca_synthetic_set mca_synthetic_digits;

#endif
