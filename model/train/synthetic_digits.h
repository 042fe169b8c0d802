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

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "train/image_set.h"

MCA_C_BEGIN

enum {
    MCA_SYNTHETIC_SIDE = 28, /* rows and columns */
    MCA_SYNTHETIC_PIXELS = MCA_SYNTHETIC_SIDE * MCA_SYNTHETIC_SIDE,
    MCA_SYNTHETIC_CLASSES = 10
};

/* The halves of the set; the values are part of the random numbers' counters. */
enum mca_synthetic_half { MCA_SYNTHETIC_TRAIN = 0, MCA_SYNTHETIC_TEST = 1 };

/*
 * Draws image `index` into pixels[MCA_SYNTHETIC_PIXELS], row-major: 0 is background, 255 the middle
 * of a stroke. Returns its label, 0 .. 9, uniform over the indices. `seed` is below 2^52.
 */
uint8_t mca_synthetic_digit(uint64_t seed, enum mca_synthetic_half half, uint32_t index,
                            uint8_t *pixels);

/* Draws images 0 .. count - 1 into `set`, filled on success only and released with
 * mca_image_set_deinit. Errors: MCA_INVALID when `count` is 0, MCA_FAILED for memory. */
enum mca_status mca_synthetic_digits(uint64_t seed, enum mca_synthetic_half half, uint32_t count,
                                     struct mca_image_set *set, struct mca_error *error);

MCA_C_END

#endif
