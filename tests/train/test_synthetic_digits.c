/* The built-in digits: reproducible, varied, of MNIST's kind, and worth learning. */
#include "train/synthetic_digits.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <cmocka.h>

enum { PIXELS = MCA_SYNTHETIC_PIXELS, SIDE = MCA_SYNTHETIC_SIDE };

static struct mca_image_set draw(uint64_t seed, enum mca_synthetic_half half, uint32_t count) {
    struct mca_image_set set = {0};
    struct mca_error error = {""};
    assert_int_equal(mca_synthetic_draw(&mca_synthetic_digits, seed, half, count, &set, &error),
                     MCA_OK);
    assert_int_equal(set.count, count);
    assert_int_equal(set.rows, SIDE);
    assert_int_equal(set.cols, SIDE);
    return set;
}

static const uint8_t *image(const struct mca_image_set *set, uint32_t index) {
    return set->pixels + (size_t)index * PIXELS;
}

/* Golden values: XXH3 of 500 images' pixels and labels, seed 1. The same on every machine; changing
 * the drawing on purpose means replacing them by what the failing test prints. */
static void test_synthetic_digits_bytes_are_golden(void **state) {
    (void)state;
    static const struct {
        enum mca_synthetic_half half;
        uint64_t pixels;
        uint64_t labels;
    } golden[] = {
        {MCA_SYNTHETIC_TRAIN, 0x44bf5730ed780997, 0xc2c58c82cee64e59},
        {MCA_SYNTHETIC_TEST, 0x9b89047c2a7993c3, 0xdae773d82588a019},
    };
    for (int i = 0; i < 2; ++i) {
        struct mca_image_set set = draw(1, golden[i].half, 500);
        const uint64_t pixels = XXH3_64bits(set.pixels, (size_t)500 * PIXELS);
        const uint64_t labels = XXH3_64bits(set.labels, 500);
        if (pixels != golden[i].pixels || labels != golden[i].labels) {
            fail_msg("half %d: pixels 0x%016llx, labels 0x%016llx", i, (unsigned long long)pixels,
                     (unsigned long long)labels);
        }
        mca_image_set_deinit(&set);
    }
}

static void test_synthetic_digits_image_depends_on_its_index_only(void **state) {
    (void)state;
    struct mca_image_set set = draw(7, MCA_SYNTHETIC_TEST, 100);
    for (uint32_t i = 100; i-- > 0;) {
        uint8_t alone[PIXELS];
        memset(alone, 0xaa, sizeof alone);
        assert_int_equal(mca_synthetic_digits.draw(7, MCA_SYNTHETIC_TEST, i, alone), set.labels[i]);
        assert_memory_equal(alone, image(&set, i), PIXELS);
    }
    mca_image_set_deinit(&set);
}

static int compare_hashes(const void *a, const void *b) {
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* No image occurs twice, within a half, across the halves or across seeds. */
static void test_synthetic_digits_no_image_repeats(void **state) {
    (void)state;
    enum { COUNT = 2000, SETS = 3 };
    static uint64_t hashes[SETS * COUNT];
    struct mca_image_set sets[SETS] = {draw(1, MCA_SYNTHETIC_TRAIN, COUNT),
                                       draw(1, MCA_SYNTHETIC_TEST, COUNT),
                                       draw(2, MCA_SYNTHETIC_TRAIN, COUNT)};
    for (uint32_t s = 0; s < SETS; ++s) {
        for (uint32_t i = 0; i < COUNT; ++i) {
            hashes[s * COUNT + i] = XXH3_64bits(image(&sets[s], i), PIXELS);
        }
        mca_image_set_deinit(&sets[s]);
    }
    qsort(hashes, SETS * COUNT, sizeof hashes[0], compare_hashes);
    for (uint32_t i = 1; i < SETS * COUNT; ++i) {
        assert_true(hashes[i] != hashes[i - 1]);
    }
}

/* Each class count is binomial(20000, 1/10): mean 2000, standard deviation 42.4; bound 5 of them.
 */
static void test_synthetic_digits_classes_are_balanced(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    int counts[MCA_SYNTHETIC_CLASSES] = {0};
    struct mca_image_set set = draw(3, MCA_SYNTHETIC_TRAIN, COUNT);
    for (uint32_t i = 0; i < COUNT; ++i) {
        assert_in_range(set.labels[i], 0, 9);
        ++counts[set.labels[i]];
    }
    for (int digit = 0; digit < MCA_SYNTHETIC_CLASSES; ++digit) {
        assert_in_range(counts[digit], 2000 - 212, 2000 + 212);
    }
    mca_image_set_deinit(&set);
}

/* MNIST has 19 % of its pixels inked. Nothing is cut off: the outermost pixels stay background. */
static void test_synthetic_digits_ink_is_of_mnist_kind(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    struct mca_image_set set = draw(1, MCA_SYNTHETIC_TRAIN, COUNT);
    uint64_t inked = 0;
    for (uint32_t i = 0; i < COUNT; ++i) {
        const uint8_t *pixels = image(&set, i);
        uint8_t darkest = 0;
        uint32_t here = 0;
        for (uint32_t k = 0; k < PIXELS; ++k) {
            const uint32_t row = k / SIDE;
            const uint32_t col = k % SIDE;
            here += pixels[k] != 0;
            darkest = pixels[k] > darkest ? pixels[k] : darkest;
            if (row == 0 || col == 0 || row == SIDE - 1 || col == SIDE - 1) {
                assert_int_equal(pixels[k], 0);
            }
        }
        assert_in_range(here, PIXELS / 33, PIXELS / 2);
        assert_in_range(darkest, 200, 255);
        inked += here;
    }
    assert_in_range(inked * 100 / ((uint64_t)COUNT * PIXELS), 15, 24);
    mca_image_set_deinit(&set);
}

/* Antialiased: grey levels between background and ink are common along the edges. */
static void test_synthetic_digits_edges_are_grey(void **state) {
    (void)state;
    enum { COUNT = 200 };
    struct mca_image_set set = draw(1, MCA_SYNTHETIC_TRAIN, COUNT);
    uint32_t levels[256] = {0};
    for (size_t k = 0; k < (size_t)COUNT * PIXELS; ++k) {
        ++levels[set.pixels[k]];
    }
    for (int level = 1; level < 255; ++level) {
        assert_true(levels[level] > 0);
    }
    assert_true(levels[0] > COUNT * PIXELS / 2);
    assert_true(levels[255] > COUNT * 20);
    mca_image_set_deinit(&set);
}

/*
 * The nearest class mean, of 3000 images, classifies 2000 test images: far better than chance (the
 * labels belong to the images), far from perfect (there is something to learn). MNIST gives it 82
 * %.
 */
static void test_synthetic_digits_nearest_mean_is_neither_lost_nor_perfect(void **state) {
    (void)state;
    enum { TRAIN = 3000, TEST = 2000 };
    static double mean[MCA_SYNTHETIC_CLASSES][PIXELS];
    double count[MCA_SYNTHETIC_CLASSES] = {0};
    struct mca_image_set train = draw(1, MCA_SYNTHETIC_TRAIN, TRAIN);
    struct mca_image_set test = draw(1, MCA_SYNTHETIC_TEST, TEST);
    for (uint32_t i = 0; i < TRAIN; ++i) {
        count[train.labels[i]] += 1.0;
        for (int k = 0; k < PIXELS; ++k) {
            mean[train.labels[i]][k] += image(&train, i)[k];
        }
    }
    int right = 0;
    for (uint32_t i = 0; i < TEST; ++i) {
        int best = 0;
        double least = (double)INFINITY;
        for (int digit = 0; digit < MCA_SYNTHETIC_CLASSES; ++digit) {
            double distance2 = 0.0;
            for (int k = 0; k < PIXELS; ++k) {
                const double off = mean[digit][k] / count[digit] - image(&test, i)[k];
                distance2 += off * off;
            }
            if (distance2 < least) {
                least = distance2;
                best = digit;
            }
        }
        right += best == test.labels[i];
    }
    assert_in_range(right, TEST * 60 / 100, TEST * 90 / 100);
    mca_image_set_deinit(&train);
    mca_image_set_deinit(&test);
}

static void test_synthetic_digits_needs_an_image(void **state) {
    (void)state;
    struct mca_image_set set = {0};
    struct mca_error error = {""};
    assert_int_equal(
        mca_synthetic_draw(&mca_synthetic_digits, 1, MCA_SYNTHETIC_TRAIN, 0, &set, &error),
        MCA_INVALID);
    assert_null(set.pixels);
    assert_non_null(strstr(error.message, "0 images"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_synthetic_digits_bytes_are_golden),
        cmocka_unit_test(test_synthetic_digits_image_depends_on_its_index_only),
        cmocka_unit_test(test_synthetic_digits_no_image_repeats),
        cmocka_unit_test(test_synthetic_digits_classes_are_balanced),
        cmocka_unit_test(test_synthetic_digits_ink_is_of_mnist_kind),
        cmocka_unit_test(test_synthetic_digits_edges_are_grey),
        cmocka_unit_test(test_synthetic_digits_nearest_mean_is_neither_lost_nor_perfect),
        cmocka_unit_test(test_synthetic_digits_needs_an_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
