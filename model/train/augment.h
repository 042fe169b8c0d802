/*
 * Images that are trained on, shifted and mirrored at random: train.augment_shift and
 * train.augment_flip. What is drawn is a pure function of (seed, image, epoch): the same for any
 * number of threads, and after a resumed run.
 */
#ifndef MCA_TRAIN_AUGMENT_H
#define MCA_TRAIN_AUGMENT_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "train/image_set.h"
#include "train/train_config.h"

MCA_C_BEGIN

/* 1 where images differ from those of the data set. */
int mca_augments(const struct mca_train_config *config);

/*
 * Image `image` of the set as it is trained on in `epoch` (from 1), into out[values of an image]:
 * mirrored left to right with probability 1/2 where augment_flip is 1, then shifted by whole
 * pixels, uniform in -augment_shift .. augment_shift on each axis; what comes in from outside is 0.
 */
void mca_augment_image(const struct mca_train_config *config, uint64_t seed,
                       const struct mca_image_set *set, uint32_t image, uint32_t epoch,
                       uint8_t *out);

MCA_C_END

#endif
