#include "train/augment.h"

#include <string.h>

#include "train/draws.h"

int mca_augments(const struct mca_train_config *config) {
    return config->augment_shift > 0 || config->augment_flip != 0;
}

static int64_t draw_shift(struct mca_draws *draws, uint32_t most) {
    return (int64_t)mca__draw_below(draws, 2 * most + 1) - (int64_t)most;
}

void mca_augment_image(const struct mca_train_config *config, uint64_t seed,
                       const struct mca_image_set *set, uint32_t image, uint32_t epoch,
                       uint8_t *out) {
    struct mca_draws draws = {mca_rng_stream(seed, MCA_RNG_AUGMENT), image, epoch, 0, 0, {0}};
    const int64_t down = draw_shift(&draws, config->augment_shift);
    const int64_t right = draw_shift(&draws, config->augment_shift);
    const int is_mirrored = config->augment_flip && mca__draw_below(&draws, 2) == 1;
    const size_t channels = set->channels;
    const int64_t rows = set->rows;
    const int64_t cols = set->cols;
    const uint8_t *in = set->pixels + (size_t)image * mca_image_values(set);
    for (int64_t y = 0; y < rows; ++y) {
        for (int64_t x = 0; x < cols; ++x) {
            const int64_t from_y = y - down;
            const int64_t from_x = x - right;
            const int is_inside = from_y >= 0 && from_y < rows && from_x >= 0 && from_x < cols;
            if (is_inside) {
                const int64_t column = is_mirrored ? cols - 1 - from_x : from_x;
                memcpy(out, in + (size_t)(from_y * cols + column) * channels, channels);
            } else {
                memset(out, 0, channels);
            }
            out += channels;
        }
    }
}
