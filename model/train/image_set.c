#include "train/image_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void mca_image_size_text(const struct mca_image_set *set, char text[MCA_IMAGE_SIZE_TEXT]) {
    if (set->rows == 1 && set->cols == 1) {
        (void)snprintf(text, MCA_IMAGE_SIZE_TEXT, "%" PRIu32 " values", set->channels);
    } else if (set->channels == 1) {
        (void)snprintf(text, MCA_IMAGE_SIZE_TEXT, "%" PRIu32 " x %" PRIu32, set->rows, set->cols);
    } else {
        (void)snprintf(text, MCA_IMAGE_SIZE_TEXT, "%" PRIu32 " x %" PRIu32 " x %" PRIu32, set->rows,
                       set->cols, set->channels);
    }
}

int mca_image_sizes_equal(const struct mca_image_set *a, const struct mca_image_set *b) {
    return a->rows == b->rows && a->cols == b->cols && a->channels == b->channels;
}

void mca_image_set_deinit(struct mca_image_set *set) {
    if (set) {
        free(set->pixels);
        free(set->labels);
        *set = (struct mca_image_set){0};
    }
}
