/* Shifted and mirrored images: what comes out is the image itself, moved; how often; and from what
 * alone it is drawn. */
#include "train/augment.h"

#include "mca_test.h"

#include <string.h>

enum { ROWS = 5, COLS = 7, CHANNELS = 3, VALUES = ROWS * COLS * CHANNELS, COUNT = 3 };

static uint8_t pixels[COUNT * VALUES];
static const struct mca_image_set set = {
    .count = COUNT, .rows = ROWS, .cols = COLS, .channels = CHANNELS, .pixels = pixels};

static int fill(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof pixels; ++i) {
        pixels[i] = (uint8_t)(1 + i * 101 % 255); /* never 0 */
    }
    return 0;
}

/* Whether `out` is the image mirrored, then moved down and to the right, with zeros around it. */
static int is_moved(const uint8_t *out, const uint8_t *image, int down, int right, int mirrored) {
    for (int y = 0; y < ROWS; ++y) {
        for (int x = 0; x < COLS; ++x) {
            for (int c = 0; c < CHANNELS; ++c) {
                const int row = y - down;
                const int col = mirrored ? COLS - 1 - (x - right) : x - right;
                const int inside = row >= 0 && row < ROWS && col >= 0 && col < COLS;
                const int wanted = inside ? image[(row * COLS + col) * CHANNELS + c] : 0;
                if (out[(y * COLS + x) * CHANNELS + c] != wanted) {
                    return 0;
                }
            }
        }
    }
    return 1;
}

/* Every shift of a square and both directions come, each about as often: of 9,000 draws of 18
 * cases 500 +- 22 are expected, and 5 standard deviations are allowed. */
static void test_augment_draws_every_case_alike(void **state) {
    (void)state;
    const struct mca_train_config config = {.augment_shift = 1, .augment_flip = 1};
    int times[3][3][2] = {{{0}}};
    for (uint32_t epoch = 1; epoch <= 3000; ++epoch) {
        for (uint32_t image = 0; image < COUNT; ++image) {
            uint8_t out[VALUES];
            int found = 0;
            mca_augment_image(&config, 7, &set, image, epoch, out);
            for (int k = 0; k < 18; ++k) {
                const int moved =
                    is_moved(out, pixels + image * VALUES, k / 6 - 1, k / 2 % 3 - 1, k % 2);
                times[k / 6][k / 2 % 3][k % 2] += moved;
                found += moved;
            }
            assert_int_equal(found, 1);
        }
    }
    for (int k = 0; k < 18; ++k) {
        assert_in_range(times[k / 6][k / 2 % 3][k % 2], 500 - 110, 500 + 110);
    }
}

/* Neither the order of the images nor what was drawn before counts; seed, image and epoch do. */
static void test_augment_is_a_function_of_seed_image_and_epoch(void **state) {
    (void)state;
    const struct mca_train_config config = {.augment_shift = 4, .augment_flip = 1};
    uint8_t forward[COUNT][VALUES];
    int differ[3] = {0};
    for (uint32_t epoch = 1; epoch <= 20; ++epoch) {
        for (uint32_t i = 0; i < COUNT; ++i) {
            mca_augment_image(&config, 1, &set, i, epoch, forward[i]);
        }
        for (uint32_t i = COUNT; i-- > 0;) {
            uint8_t out[VALUES];
            mca_augment_image(&config, 1, &set, i, epoch, out);
            assert_memory_equal(out, forward[i], VALUES);
            mca_augment_image(&config, 2, &set, i, epoch, out);
            differ[0] += memcmp(out, forward[i], VALUES) != 0;
            mca_augment_image(&config, 1, &set, i, epoch + 1, out);
            differ[1] += memcmp(out, forward[i], VALUES) != 0;
        }
        uint8_t twin[2][VALUES]; /* two images with the same pixels are moved apart */
        uint8_t doubled[2 * VALUES];
        struct mca_image_set twins = set;
        memcpy(doubled, pixels, VALUES);
        memcpy(doubled + VALUES, pixels, VALUES);
        twins.pixels = doubled;
        mca_augment_image(&config, 1, &twins, 0, epoch, twin[0]);
        mca_augment_image(&config, 1, &twins, 1, epoch, twin[1]);
        differ[2] += memcmp(twin[0], twin[1], VALUES) != 0;
    }
    assert_true(differ[0] > 50 && differ[1] > 50 && differ[2] > 16);
}

static void test_augment_alone_and_off(void **state) {
    (void)state;
    const struct mca_train_config off = {0};
    const struct mca_train_config flip = {.augment_flip = 1};
    const struct mca_train_config shift = {.augment_shift = 2};
    assert_false(mca_augments(&off));
    assert_true(mca_augments(&flip) && mca_augments(&shift));
    for (uint32_t epoch = 1; epoch <= 50; ++epoch) {
        uint8_t out[VALUES];
        mca_augment_image(&off, 3, &set, 1, epoch, out);
        assert_memory_equal(out, pixels + VALUES, VALUES);
        mca_augment_image(&flip, 3, &set, 1, epoch, out);
        assert_true(is_moved(out, pixels + VALUES, 0, 0, 0) ||
                    is_moved(out, pixels + VALUES, 0, 0, 1));
        mca_augment_image(&shift, 3, &set, 1, epoch, out);
        int found = 0;
        for (int k = 0; k < 25; ++k) {
            found += is_moved(out, pixels + VALUES, k / 5 - 2, k % 5 - 2, 0);
        }
        assert_int_equal(found, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_augment_draws_every_case_alike),
        cmocka_unit_test(test_augment_is_a_function_of_seed_image_and_epoch),
        cmocka_unit_test(test_augment_alone_and_off),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
