/*
 * CIFAR-10's binary format (A. Krizhevsky, "Learning multiple layers of features from tiny images",
 * 2009): records of a label, 0 .. 9, and 32 x 32 pixels, first all of red, then green, then blue.
 */
#ifndef MCA_TRAIN_CIFAR10_H
#define MCA_TRAIN_CIFAR10_H

#include <stdint.h>

#include "base/status.h"
#include "train/image_set.h"

enum {
    MCA_CIFAR10_SIDE = 32,
    MCA_CIFAR10_CHANNELS = 3,
    MCA_CIFAR10_CLASSES = 10,
    MCA_CIFAR10_FILES_MAX = 5
};

/*
 * Reads the records of up to MCA_CIFAR10_FILES_MAX files, one after the other. `set` is filled on
 * success only and released with mca_image_set_deinit. Errors: MCA_SYSTEM for a file that cannot be
 * opened or read, MCA_INVALID for one that is no whole number of records or has another label,
 * MCA_FAILED for memory.
 */
enum mca_status mca_cifar10_read(const char *const *paths, uint32_t count,
                                 struct mca_image_set *set, struct mca_error *error);

#endif
