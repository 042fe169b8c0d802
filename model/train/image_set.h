/* Images with class labels, as data sets hold them. */
#ifndef MCA_TRAIN_IMAGE_SET_H
#define MCA_TRAIN_IMAGE_SET_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"

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

void mca_image_set_deinit(struct mca_image_set *set); /* NULL is fine */

/* The halves of a drawn set; the values are part of the random numbers' counters. */
enum mca_synthetic_half { MCA_SYNTHETIC_TRAIN = 0, MCA_SYNTHETIC_TEST = 1 };

/* A set whose images are drawn. */
struct mca_synthetic_set {
    const char *name;
    uint32_t side; /* rows and columns */
    uint32_t channels;
    /* Draws image `index` into pixels[side][side][channels]; returns its label, uniform over the
     * indices. `seed` is below 2^52. */
    uint8_t (*draw)(uint64_t seed, enum mca_synthetic_half half, uint32_t index, uint8_t *pixels);
};

/* Draws images 0 .. count - 1 into `set`, filled on success only and released with
 * mca_image_set_deinit. Errors: MCA_INVALID when `count` is 0, MCA_FAILED for memory. */
enum mca_status mca_synthetic_draw(const struct mca_synthetic_set *from, uint64_t seed,
                                   enum mca_synthetic_half half, uint32_t count,
                                   struct mca_image_set *set, struct mca_error *error);

/* `count` images of `values` values, each 255, with the labels 0 .. classes - 1 in turn (1 .. 256
 * classes), for chips that no data set fits. `set` and errors as above; MCA_INVALID when there are
 * no values, too. */
enum mca_status mca_bright_images(uint32_t values, uint32_t classes, uint32_t count,
                                  struct mca_image_set *set, struct mca_error *error);

MCA_C_END

#endif
