/* Sums of a chip's reads and counts of its devices, done again by hand from weights and pixels. */
#include "chip/chip.h"
#include "chip/probe.h"
#include "chip/view.h"

#include "mca_fixture.h"
#include "mca_test.h"

enum { PIXELS = 250, CLASSES = 10, TILE_ROWS = 100, TILES = 3 };

struct heard {
    uint32_t tiles;
    int32_t levels[TILES][CLASSES];
};

static void hear(void *user, const struct mca_dpu_codes *codes) {
    struct heard *heard = user;
    assert_int_equal(codes->layer, 0);
    assert_int_equal(codes->backward, 0);
    assert_int_equal(codes->pass, heard->tiles);
    assert_int_equal(codes->first, 0);
    assert_int_equal(codes->count, CLASSES);
    memcpy(heard->levels[heard->tiles++], codes->code, sizeof heard->levels[0]);
}

static struct mca_chip *create(const struct mca_chip_config *config) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.3, 1);
    return chip;
}

/*
 * A layer one tile wide and three high: which rows each tile sums before its converter. The
 * converter has 16 levels of 2 uS over +- 16 uS, so that sums of other rows, or one conversion of
 * the whole column, give other codes. A pixel is driven as code / 256, the bias as 255 / 256.
 */
static void test_by_hand_rows_of_each_tile(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {2, {PIXELS, CLASSES}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.tile.rows = TILE_ROWS;
    config.tile.cols = 16;
    config.device.read_noise = 0.0;
    config.adc.bits = 4;
    config.adc.forward_range = (struct mca_f64_list){1, {2.0}};
    config.network.init_gain = 8.0;
    struct mca_chip *chip = create(&config);
    struct heard heard;
    struct mca_chip_probe probe = {.user = &heard, .codes = hear};
    mca_chip_attach(chip, &probe);
    uint32_t clipped = 0;
    uint32_t inside = 0;
    for (uint32_t image = 0; image < 40; ++image) {
        uint8_t pixels[PIXELS];
        int32_t wanted[TILES][CLASSES];
        const uint32_t label = mca_fixture_image(PIXELS, CLASSES, image, pixels);
        const struct mca_layer_view layer = mca_chip_layer(chip, 0);
        for (uint32_t tile = 0; tile < TILES; ++tile) {
            for (uint32_t c = 0; c < CLASSES; ++c) {
                double us = 0.0;
                for (uint32_t r = tile * TILE_ROWS; r < (tile + 1) * TILE_ROWS && r <= PIXELS;
                     ++r) {
                    us += (r < PIXELS ? pixels[r] : 255) / 256.0 *
                          mca_matrix_weight_us(layer.matrix, r, c);
                }
                const double level = fmin(fmax(nearbyint(us / 2.0), -8.0), 7.0);
                wanted[tile][c] = (int32_t)level;
                clipped += us / 2.0 > 7.5 || us / 2.0 < -8.5;
                inside += level > -8.0 && level < 7.0 && level != 0.0;
            }
        }
        struct mca_image_outcome outcome;
        struct mca_error error;
        heard = (struct heard){0};
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        assert_int_equal(heard.tiles, TILES);
        assert_memory_equal(heard.levels, wanted, sizeof wanted);
        for (uint32_t c = 0; c < CLASSES; ++c) { /* tiles add up after conversion */
            assert_int_equal(mca_chip_image(chip).layers[0].sum[c],
                             wanted[0][c] + wanted[1][c] + wanted[2][c]);
        }
    }
    assert_true(clipped > 20 && inside > 200);
    mca_chip_destroy(chip);
}

/* Devices at their largest conductance, counted one by one, in every layer by itself. */
static void test_by_hand_devices_at_maximum(void **state) {
    (void)state;
    static const struct mca_u32_list widths = {3, {PIXELS, 20, CLASSES}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.gmax_us = 1.5; /* one pulse is often enough */
    config.refresh.every_images = 0;
    struct mca_chip *chip = create(&config);
    for (uint32_t image = 0; image < 200; ++image) {
        uint8_t pixels[PIXELS];
        struct mca_image_outcome outcome;
        struct mca_error error;
        const uint32_t label = mca_fixture_image(PIXELS, CLASSES, image, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    uint64_t count[2] = {0};
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = mca_chip_layer(chip, l).matrix;
        for (uint32_t r = 0; r < x->rows; ++r) {
            for (uint32_t c = 0; c < x->cols; ++c) {
                for (int side = 0; side < 2; ++side) { /* 2^-14 uS a code covers 1.5 uS */
                    const uint16_t code = x->g[side][(size_t)r * x->stride + c];
                    count[l] += code * x->device->us_per_code >= 1.5;
                }
            }
        }
    }
    assert_true(count[0] > 100 && count[1] > 10);
    assert_int_equal(mca_chip_devices_at_gmax(chip, 0), count[0]);
    assert_int_equal(mca_chip_devices_at_gmax(chip, 1), count[1]);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand_rows_of_each_tile),
        cmocka_unit_test(test_by_hand_devices_at_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
