#include "train/image_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Room for `count` images. */
static enum mca_status allocate(struct mca_image_set *set, const char *name, uint32_t count,
                                size_t values, struct mca_error *error) {
    if (count == 0 || values == 0) {
        return mca_fail(error, MCA_INVALID, "%s: %s asked for, expected at least 1", name,
                        count == 0 ? "0 images" : "images of 0 values");
    }
    set->pixels = malloc(count * values);
    set->labels = malloc(count);
    if (!set->pixels || !set->labels) {
        mca_image_set_deinit(set);
        return mca_fail(error, MCA_FAILED, "out of memory: images of %s", name);
    }
    return MCA_OK;
}

enum mca_status mca_synthetic_draw(const struct mca_synthetic_set *from, uint64_t seed,
                                   enum mca_synthetic_half half, uint32_t count,
                                   struct mca_image_set *set, struct mca_error *error) {
    const size_t values = (size_t)from->side * from->side * from->channels;
    struct mca_image_set drawn = {
        .count = count, .rows = from->side, .cols = from->side, .channels = from->channels};
    MCA_TRY(allocate(&drawn, from->name, count, values, error));
    for (uint32_t i = 0; i < count; ++i) {
        drawn.labels[i] = from->draw(seed, half, i, drawn.pixels + i * values);
    }
    *set = drawn;
    return MCA_OK;
}

enum mca_status mca_bright_images(uint32_t values, uint32_t classes, uint32_t count,
                                  struct mca_image_set *set, struct mca_error *error) {
    struct mca_image_set filled = {.count = count, .rows = 1, .cols = 1, .channels = values};
    MCA_TRY(allocate(&filled, "bright", count, values, error));
    memset(filled.pixels, 255, (size_t)count * values);
    for (uint32_t i = 0; i < count; ++i) {
        filled.labels[i] = (uint8_t)(i % classes);
    }
    *set = filled;
    return MCA_OK;
}
