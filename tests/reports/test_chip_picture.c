#include "reports/figures/chip_picture.h"

#include <jansson.h>
#include <math.h>
#include <unistd.h>

#include "chip/snapshot.h"
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chip_picture_counts_any_value),
        cmocka_unit_test(test_chip_picture_of_equal_values),
        cmocka_unit_test(test_chip_picture_is_json_whatever_the_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
