/* Images with class labels, as data sets hold them. */
#ifndef MCA_TRAIN_IMAGE_SET_H
#define MCA_TRAIN_IMAGE_SET_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

/* Owned memory; mca_image_set_deinit frees it. */
struct mca_image_set {
    uint32_t count;
    uint32_t rows;
    uint32_t cols;
    uint8_t *pixels;   /* [count][rows][cols][channels], 0 .. 255 */
    uint8_t *labels;   /* [count] */
    uint32_t channels; /* flat images of n values: one row, one column, n channels */
};

enum { MCA_IMAGE_SIZE_TEXT = 48 };

/* Values of an image. */
static inline uint32_t mca_image_values(const struct mca_image_set *set) {
    return set->rows * set->cols * set->channels;
}

/* "28 x 28", "32 x 32 x 3" or "54 values", for messages. */
void mca_image_size_text(const struct mca_image_set *set, char text[MCA_IMAGE_SIZE_TEXT]);

int mca_image_sizes_equal(const struct mca_image_set *a, const struct mca_image_set *b);

void mca_image_set_deinit(struct mca_image_set *set); /* NULL is fine */

MCA_C_END

#endif
