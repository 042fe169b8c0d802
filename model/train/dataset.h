/*
 * Data sets: images of 8-bit pixels with class labels. Sources: MNIST and other IDX files
 * (LeCun's format, plain or gzip), and the built-in synthetic-digits.
 */
#ifndef MCA_TRAIN_DATASET_H
#define MCA_TRAIN_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "train/image_set.h"
#include "train/train_config.h"

MCA_C_BEGIN

struct mca_dataset {
    const char *name; /* "mnist", "synthetic-digits" or "idx": what was really loaded */
    uint32_t inputs;  /* rows * cols */
    uint32_t classes; /* largest label of both sets + 1 */
    struct mca_image_set train;
    struct mca_image_set test;
    uint64_t hash; /* XXH3 over dimensions, pixels and labels of both sets */
};

/*
 * Loads the data set that `config` names. MNIST's files are looked for, plain or .gz, in `data_dir`
 * (may be NULL; when given, only there), $MNIST_DIR and data/mnist of the working directory.
 * `auto` falls back to synthetic-digits with a notice when MNIST is found nowhere; files that are
 * found but damaged are an error. `dataset` is filled on success only and is released with
 * mca_dataset_deinit. Errors: MCA_SYSTEM for files that cannot be opened or read, MCA_INVALID for
 * their content, MCA_FAILED for memory.
 */
enum mca_status mca_dataset_load(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error);

void mca_dataset_deinit(struct mca_dataset *dataset);

MCA_C_END

#endif
