#include "reports/figures/chip_picture.h"

#include <jansson.h>
#include <math.h>
#include <unistd.h>

#include "chip/snapshot.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

/* Whatever a cell holds, it is counted once, in one of the bins. */
static void test_chip_picture_counts_any_value(void **state) {
    (void)state;
    static const double values[] = {(double)NAN, (double)INFINITY, -(double)INFINITY,
                                    1e308,       -1e308,           0.0};
    const struct mca_u32_list widths = {2, {6, 3}};
    const struct mca_chip_config config = mca_fixture_float(&widths);
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    for (uint32_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        mca_chip_put_weight_us(chip, 0, 0, i % 3, values[i]);
        mca_chip_put_chi(chip, 0, 0, i % 3, values[i]);
        struct mca_chip_picture picture = {0, NULL};
        assert_int_equal(mca_chip_picture_take(&picture, chip, &error), MCA_OK);
        uint64_t weights = 0;
        uint64_t words = 0;
        for (int b = 0; b < MCA_PICTURE_BINS; ++b) {
            weights += picture.layers[0].weight_us.bins[b];
            words += picture.layers[0].chi_epsilons.bins[b];
        }
        assert_int_equal(weights, 7 * 3);
        assert_int_equal(words, 7 * 3);
        mca_chip_picture_deinit(&picture);
    }
    mca_chip_destroy(chip);
}

static struct mca_chip *float_chip(void) {
    const struct mca_u32_list widths = {2, {6, 3}};
    const struct mca_chip_config config = mca_fixture_float(&widths);
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    return chip;
}

/* One value everywhere is one bin: weights of 1 uS in bins of 30 / 64 uS from -15 uS on. */
static void test_chip_picture_of_equal_values(void **state) {
    (void)state;
    struct mca_error error;
    struct mca_chip *chip = float_chip();
    struct mca_chip_picture picture = {0, NULL};
    for (uint32_t r = 0; r < 7; ++r) {
        for (uint32_t c = 0; c < 3; ++c) {
            mca_chip_put_weight_us(chip, 0, r, c, 1.0);
        }
    }
    assert_int_equal(mca_chip_picture_take(&picture, chip, &error), MCA_OK);
    const struct mca_histogram *h = &picture.layers[0].weight_us;
    assert_int_equal(h->bins[34], 21);
    assert_int_equal(h->count, 21);
    assert_near(h->sum, 21.0, 0.0);
    assert_int_equal(picture.layers[0].conductance_us.count, 0); /* continuous: empty */
    mca_chip_picture_deinit(&picture);
    mca_chip_destroy(chip);
}

/* A mean that is no number is written as null, in a file that is JSON. */
static void test_chip_picture_is_json_whatever_the_cells(void **state) {
    (void)state;
    static const double values[] = {(double)NAN, (double)INFINITY, 1e308};
    char dir[] = "/tmp/mca-picture-XXXXXX";
    char path[64];
    struct mca_error error;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/chip.json", dir);
    for (uint32_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        struct mca_chip *chip = float_chip();
        struct mca_chip_picture before = {0, NULL};
        struct mca_converter_use use;
        mca_chip_put_weight_us(chip, 0, 0, 0, values[i]);
        mca_chip_put_weight_us(chip, 0, 0, 1, values[i]);
        assert_int_equal(mca_chip_picture_take(&before, chip, &error), MCA_OK);
        assert_int_equal(mca_converter_use_init(&use, chip, &error), MCA_OK);
        assert_int_equal(mca_report_write_chip(&before, &use, chip, dir, &error), MCA_OK);
        json_t *root = json_load_file(path, 0, NULL);
        json_t *layer = json_array_get(json_object_get(root, "layers"), 0);
        json_t *weights = json_object_get(json_object_get(layer, "after"), "weight_us");
        json_t *devices = json_object_get(json_object_get(layer, "after"), "conductance_us");
        assert_true(json_is_null(json_object_get(weights, "mean")));
        assert_true(json_is_null(json_object_get(devices, "mean")));
        json_decref(root);
        mca_converter_use_deinit(&use);
        mca_chip_picture_deinit(&before);
        mca_chip_destroy(chip);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(dir), 0);
}

/* The layer 0 of chip.json of a chip; the caller releases *root. */
static json_t *written(const struct mca_chip *chip, const struct mca_converter_use *use,
                       json_t **root) {
    char dir[] = "/tmp/mca-picture-XXXXXX";
    char path[64];
    struct mca_error error;
    struct mca_chip_picture before = {0, NULL};
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/chip.json", dir);
    assert_int_equal(mca_chip_picture_take(&before, chip, &error), MCA_OK);
    assert_int_equal(mca_report_write_chip(&before, use, chip, dir, &error), MCA_OK);
    *root = json_load_file(path, 0, NULL);
    assert_non_null(*root);
    mca_chip_picture_deinit(&before);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    return json_array_get(json_object_get(*root, "layers"), 0);
}

static json_int_t count_at(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return (json_int_t)json_number_value(value);
}

/* Codes by hand: the least and the largest, both ends, and equal parts of the range. */
static void test_chip_picture_of_converters(void **state) {
    (void)state;
    static const uint32_t bits[] = {4, 5, 6, 8};
    const struct mca_u32_list widths = {2, {6, 3}};
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; ++i) {
        struct mca_chip_config config = mca_fixture_chip(&widths);
        config.adc.bits = bits[i];
        const int32_t half = 1 << (bits[i] - 1);
        const int32_t codes[] = {3, -half, -half + 1, 0, half - 1, half - 1, -2};
        const uint32_t bins = bits[i] < 6 ? 1u << bits[i] : 64;
        uint64_t wanted[64] = {0};
        struct mca_error error;
        struct mca_chip *chip;
        struct mca_converter_use use;
        json_t *root;
        assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
        assert_int_equal(mca_converter_use_init(&use, chip, &error), MCA_OK);
        for (uint32_t k = 0; k < 7; ++k) {
            const struct mca_dpu_codes one = {.count = 1, .code = codes + k};
            use.probe.codes(&use, &one);
            ++wanted[(uint32_t)(codes[k] + half) / ((2u * (uint32_t)half) / bins)];
        }
        json_t *both = json_object_get(written(chip, &use, &root), "converters");
        assert_true(json_is_null(json_object_get(both, "backward")));
        json_t *forward = json_object_get(both, "forward");
        assert_int_equal(count_at(forward, "conversions"), 7);
        assert_int_equal(count_at(forward, "at_ends"), 3);
        assert_int_equal(count_at(forward, "least"), -half);
        assert_int_equal(count_at(forward, "largest"), half - 1);
        json_t *got = json_object_get(forward, "bins");
        assert_int_equal(json_array_size(got), bins);
        for (uint32_t b = 0; b < bins; ++b) {
            assert_int_equal(json_integer_value(json_array_get(got, b)), wanted[b]);
        }
        json_decref(root);
        /* of codes on one side of 0 that is neither the least nor the largest */
        for (int sign = -1; sign <= 1; sign += 2) {
            const int32_t one_side[] = {4 * sign, 6 * sign, 5 * sign};
            const struct mca_dpu_codes back = {.backward = 1, .count = 3, .code = one_side};
            memset(use.layers, 0, use.layer_count * sizeof *use.layers);
            use.probe.codes(&use, &back);
            both = json_object_get(written(chip, &use, &root), "converters");
            json_t *backward = json_object_get(both, "backward");
            assert_int_equal(count_at(backward, "least"), sign > 0 ? 4 : -6);
            assert_int_equal(count_at(backward, "largest"), sign > 0 ? 6 : -4);
            assert_true(json_is_null(json_object_get(both, "forward")));
            json_decref(root);
        }
        mca_converter_use_deinit(&use);
        mca_chip_destroy(chip);
    }
}

/* A map of 64 x 54 blocks, of which the last of a row has a column less. */
enum { WORN_ROWS = 128, WORN_COLS = 160 };

/* The most of a block, and the sum. */
static uint32_t block(const struct mca_matrix *matrix, uint32_t row0, uint32_t rows, uint32_t col0,
                      uint32_t cols, uint64_t *sum) {
    uint32_t most = 0;
    *sum = 0;
    for (uint32_t r = row0; r < row0 + rows && r < WORN_ROWS; ++r) {
        for (uint32_t c = col0; c < col0 + cols && c < WORN_COLS; ++c) {
            for (int side = 0; side < 2; ++side) {
                const uint32_t n = matrix->writes[side][r * matrix->stride + c];
                most = n > most ? n : most;
                *sum += n;
            }
        }
    }
    return most;
}

static void test_chip_picture_of_wear(void **state) {
    (void)state;
    const struct mca_u32_list widths = {2, {WORN_ROWS - 1, WORN_COLS}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_error error;
    struct mca_chip *chip;
    struct mca_converter_use use;
    json_t *root;
    uint64_t sum;
    uint64_t wanted[33] = {0};
    config.transfer.epsilon_us = 0.05;
    config.tile.rows = 100;
    config.tile.cols = 100;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    assert_int_equal(mca_converter_use_init(&use, chip, &error), MCA_OK);
    mca_chip_set_rate(chip, 0.5, 1);
    for (uint32_t i = 0; i < 40; ++i) {
        uint8_t pixels[WORN_ROWS - 1];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(WORN_ROWS - 1, WORN_COLS, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    const struct mca_matrix *matrix = mca_chip_layer(chip, 0).matrix;
    for (uint32_t cell = 0; cell < WORN_ROWS * WORN_COLS; ++cell) {
        for (int side = 0; side < 2; ++side) {
            const uint32_t n =
                matrix->writes[side][cell / WORN_COLS * matrix->stride + cell % WORN_COLS];
            uint32_t digits = 0; /* binary */
            while (n >> digits > 0) {
                ++digits;
            }
            ++wanted[digits];
        }
    }
    assert_true(wanted[3] > 0 && wanted[4] > 0);
    json_t *wear = json_object_get(written(chip, &use, &root), "wear");
    json_t *tiles = json_object_get(wear, "tiles");
    assert_int_equal(json_array_size(tiles), 4);
    uint32_t cells = 0;
    for (size_t t = 0; t < 4; ++t) {
        const json_t *tile = json_array_get(tiles, t);
        const uint32_t rows = (uint32_t)count_at(tile, "rows");
        const uint32_t cols = (uint32_t)count_at(tile, "cols");
        const uint32_t most = block(matrix, (uint32_t)count_at(tile, "row0"), rows,
                                    (uint32_t)count_at(tile, "col0"), cols, &sum);
        cells += rows * cols;
        assert_int_equal(count_at(tile, "number"), t);
        assert_int_equal(count_at(tile, "most"), most);
        assert_near(json_number_value(json_object_get(tile, "mean")),
                    (double)sum / (2 * rows * cols), 1e-9);
    }
    assert_int_equal(cells, WORN_ROWS * WORN_COLS);
    json_t *bins = json_object_get(wear, "devices_by_log2_of_pulses");
    for (size_t b = 0; b < json_array_size(bins); ++b) {
        assert_int_equal(json_integer_value(json_array_get(bins, b)), wanted[b]);
    }
    const json_t *map = json_object_get(wear, "map");
    const uint32_t rows = (uint32_t)count_at(map, "block_rows");
    const uint32_t cols = (uint32_t)count_at(map, "block_cols");
    json_t *lines = json_object_get(map, "most");
    assert_int_equal(rows, (WORN_ROWS + MCA_PICTURE_MAP_SIDE - 1) / MCA_PICTURE_MAP_SIDE);
    assert_int_equal(cols, (WORN_COLS + MCA_PICTURE_MAP_SIDE - 1) / MCA_PICTURE_MAP_SIDE);
    assert_int_equal(json_array_size(lines), (WORN_ROWS + rows - 1) / rows);
    for (uint32_t r = 0; r < json_array_size(lines); ++r) {
        const json_t *line = json_array_get(lines, r);
        assert_int_equal(json_array_size(line), (WORN_COLS + cols - 1) / cols);
        for (uint32_t c = 0; c < json_array_size(line); ++c) {
            assert_int_equal(json_integer_value(json_array_get(line, c)),
                             block(matrix, r * rows, rows, c * cols, cols, &sum));
        }
    }
    json_decref(root);
    mca_converter_use_deinit(&use);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chip_picture_counts_any_value),
        cmocka_unit_test(test_chip_picture_of_equal_values),
        cmocka_unit_test(test_chip_picture_is_json_whatever_the_cells),
        cmocka_unit_test(test_chip_picture_of_converters),
        cmocka_unit_test(test_chip_picture_of_wear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
