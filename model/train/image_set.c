#include "train/image_set.h"

#include <stdlib.h>

void mca_image_set_deinit(struct mca_image_set *set) {
    if (set) {
        free(set->pixels);
        free(set->labels);
        *set = (struct mca_image_set){0};
    }
}
