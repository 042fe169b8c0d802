/*
 * Data sets: images of 8-bit values with class labels. Sources: public data sets in directories of
 * their own (train/public_data.h), IDX and NumPy files (train/image_files.h), and the built-in
 * synthetic ones.
 */
#ifndef MCA_TRAIN_DATASET_H
#define MCA_TRAIN_DATASET_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "network/network_config.h"
#include "train/image_set.h"
#include "train/train_config.h"

MCA_C_BEGIN

struct mca_dataset {
    const char *name; /* what was really loaded: a choice of dataset.name, or `label` */
    uint32_t inputs;  /* values of an image: rows * cols * channels of either set */
    uint32_t classes; /* largest label of both sets + 1 */
    struct mca_image_set train;
    struct mca_image_set test; /* of the same size of images */
    uint64_t hash;             /* XXH3 over dimensions, pixels and labels of both sets */
    char *label;               /* owned: dataset.label, or NULL */
};

/*
 * Loads the data set that `config` names. Public data are looked for in `data_dir` (may be NULL;
 * when given, only there), in the directory of their environment variable and in the usual places.
 * `auto` falls back to synthetic-digits with a notice when MNIST is found nowhere; files that are
 * found but damaged are an error. `dataset` is filled on success only and is released with
 * mca_dataset_deinit. Errors: MCA_SYSTEM for files that cannot be opened or read, MCA_INVALID for
 * their content, MCA_FAILED for memory.
 */
enum mca_status mca_dataset_load(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error);

void mca_dataset_deinit(struct mca_dataset *dataset);

/* Of the images of `name` (enum mca_dataset_name), as far as the name tells; zeros where the files
 * do. */
struct mca_shape mca_dataset_shape_of_name(unsigned name);

/* 1 where the data are files that keys of the scenario name. */
int mca_dataset_is_of_files(const struct mca_dataset_config *config);

MCA_C_END

#endif
