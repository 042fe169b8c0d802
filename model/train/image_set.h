/* Images of 8-bit pixels with class labels: one half of a data set. */
#ifndef MCA_TRAIN_IMAGE_SET_H
#define MCA_TRAIN_IMAGE_SET_H

#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

/* Owned memory; mca_image_set_deinit frees it. */
struct mca_image_set {
    uint32_t count;
    uint32_t rows;
    uint32_t cols;
    uint8_t *pixels; /* [count][rows * cols], row-major, 0 .. 255 */
    uint8_t *labels; /* [count] */
};

void mca_image_set_deinit(struct mca_image_set *set); /* NULL is fine */

MCA_C_END

#endif
