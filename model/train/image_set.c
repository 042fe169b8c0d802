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

void mca_image_set_deinit(struct mca_image_set *set) {
    if (set) {
        free(set->pixels);
        free(set->labels);
        *set = (struct mca_image_set){0};
    }
}

enum mca_status mca_synthetic_draw(const struct mca_synthetic_set *from, uint64_t seed,
                                   enum mca_synthetic_half half, uint32_t count,
                                   struct mca_image_set *set, struct mca_error *error) {
    const size_t values = (size_t)from->side * from->side * from->channels;
    if (count == 0) {
        return mca_fail(error, MCA_INVALID, "%s: 0 images asked for, expected at least 1",
                        from->name);
    }
    uint8_t *pixels = malloc(count * values);
    uint8_t *labels = malloc(count);
    if (!pixels || !labels) {
        free(pixels);
        free(labels);
        return mca_fail(error, MCA_FAILED, "out of memory: images of %s", from->name);
    }
    for (uint32_t i = 0; i < count; ++i) {
        labels[i] = from->draw(seed, half, i, pixels + i * values);
    }
    *set = (struct mca_image_set){count, from->side, from->side, pixels, labels, from->channels};
    return MCA_OK;
}
