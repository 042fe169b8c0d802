/* synthetic-colour: pure functions with fixed bytes, classes that no pixel by itself tells. */
#include "train/synthetic_colour.h"

#include "mca_test.h"

#include <xxhash.h>

enum { VALUES = MCA_COLOUR_VALUES, CLASSES = MCA_COLOUR_CLASSES };

static struct mca_error error;

static struct mca_image_set draw(uint64_t seed, enum mca_synthetic_half half, uint32_t count) {
    struct mca_image_set set;
    assert_int_equal(mca_synthetic_draw(&mca_synthetic_colour, seed, half, count, &set, &error),
                     MCA_OK);
    return set;
}

static void test_synthetic_colour_has_known_bytes(void **state) {
    (void)state;
    struct mca_image_set set = draw(1, MCA_SYNTHETIC_TRAIN, 300);
    assert_int_equal(set.rows, 32);
    assert_int_equal(set.cols, 32);
    assert_int_equal(set.channels, 3);
    assert_true(XXH3_64bits(set.pixels, (size_t)300 * VALUES) == UINT64_C(0x3b641600192d9577));
    assert_true(XXH3_64bits(set.labels, 300) == UINT64_C(0x5fc2094cf10f47d7));
    mca_image_set_deinit(&set);
}

static void test_synthetic_colour_is_a_function_of_its_place(void **state) {
    (void)state;
    struct mca_image_set few = draw(5, MCA_SYNTHETIC_TEST, 20);
    struct mca_image_set many = draw(5, MCA_SYNTHETIC_TEST, 40);
    struct mca_image_set train = draw(5, MCA_SYNTHETIC_TRAIN, 20);
    struct mca_image_set other = draw(6, MCA_SYNTHETIC_TEST, 20);
    uint8_t alone[VALUES];
    assert_memory_equal(few.pixels, many.pixels, (size_t)20 * VALUES);
    assert_memory_equal(few.labels, many.labels, 20);
    assert_int_equal(mca_synthetic_colour.draw(5, MCA_SYNTHETIC_TEST, 33, alone), many.labels[33]);
    assert_memory_equal(alone, many.pixels + (size_t)33 * VALUES, VALUES);
    for (size_t i = 0; i < 20; ++i) {
        assert_memory_not_equal(few.pixels + i * VALUES, train.pixels + i * VALUES, VALUES);
        assert_memory_not_equal(few.pixels + i * VALUES, other.pixels + i * VALUES, VALUES);
    }
    mca_image_set_deinit(&few);
    mca_image_set_deinit(&many);
    mca_image_set_deinit(&train);
    mca_image_set_deinit(&other);
    assert_int_equal(
        mca_synthetic_draw(&mca_synthetic_colour, 5, MCA_SYNTHETIC_TEST, 0, &few, &error),
        MCA_INVALID);
}

/* 4,000 labels, 400 +- 19 of each expected: 5 standard deviations. */
static void test_synthetic_colour_labels_are_uniform(void **state) {
    (void)state;
    struct mca_image_set set = draw(2, MCA_SYNTHETIC_TRAIN, 4000);
    int times[CLASSES] = {0};
    for (uint32_t i = 0; i < set.count; ++i) {
        assert_true(set.labels[i] < CLASSES);
        ++times[set.labels[i]];
    }
    for (int c = 0; c < CLASSES; ++c) {
        assert_in_range(times[c], 400 - 95, 400 + 95);
    }
    mca_image_set_deinit(&set);
}

/* The mean image of every class, of the training half. */
static void mean_images(const struct mca_image_set *set, double mean[CLASSES][VALUES]) {
    double count[CLASSES] = {0};
    memset(mean, 0, CLASSES * VALUES * sizeof(double));
    for (uint32_t i = 0; i < set->count; ++i) {
        count[set->labels[i]] += 1;
        for (int p = 0; p < VALUES; ++p) {
            mean[set->labels[i]][p] += set->pixels[(size_t)i * VALUES + (size_t)p];
        }
    }
    for (int c = 0; c < CLASSES; ++c) {
        for (int p = 0; p < VALUES; ++p) {
            mean[c][p] /= count[c];
        }
    }
}

/* Figures stand anywhere in any colour: the nearest mean image, a linear classifier, is right in
 * little more than the tenth that guessing gives. (Convolutions tell them: docs/guide/data.md.) */
static void test_synthetic_colour_is_not_told_by_pixels(void **state) {
    (void)state;
    static double mean[CLASSES][VALUES];
    struct mca_image_set train = draw(1, MCA_SYNTHETIC_TRAIN, 4000);
    struct mca_image_set test = draw(1, MCA_SYNTHETIC_TEST, 1000);
    uint32_t right = 0;
    mean_images(&train, mean);
    for (uint32_t i = 0; i < test.count; ++i) {
        double nearest = 1e300;
        int best = 0;
        for (int c = 0; c < CLASSES; ++c) {
            double sum = 0.0;
            for (int p = 0; p < VALUES; ++p) {
                const double d = test.pixels[(size_t)i * VALUES + (size_t)p] - mean[c][p];
                sum += d * d;
            }
            best = sum < nearest ? c : best;
            nearest = sum < nearest ? sum : nearest;
        }
        right += best == test.labels[i];
    }
    assert_in_range(right, 60, 250);
    mca_image_set_deinit(&train);
    mca_image_set_deinit(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_synthetic_colour_has_known_bytes),
        cmocka_unit_test(test_synthetic_colour_is_a_function_of_its_place),
        cmocka_unit_test(test_synthetic_colour_labels_are_uniform),
        cmocka_unit_test(test_synthetic_colour_is_not_told_by_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
