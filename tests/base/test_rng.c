#include "base/rng.h"

#include "base/mathx.h"
#include "mca_test.h"

/* Philox4x32-10 of key and counter 0, from Random123's known-answer vectors. */
static void test_rng_known_answer(void **state) {
    (void)state;
    uint32_t words[4];
    mca_rng_words((struct mca_rng){0, 0}, 0, 0, 0, words);
    const uint32_t wanted[4] = {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u};
    assert_memory_equal(words, wanted, sizeof words);
}

/* Every part of key and counter matters. */
static void test_rng_streams_differ(void **state) {
    (void)state;
    const struct mca_rng rng = mca_rng_stream(5, MCA_RNG_FORWARD);
    uint32_t words[9][4];
    mca_rng_words(rng, 1, 2, 3, words[0]);
    mca_rng_words(mca_rng_stream(6, MCA_RNG_FORWARD), 1, 2, 3, words[1]);
    mca_rng_words(mca_rng_stream(5, MCA_RNG_BACKWARD), 1, 2, 3, words[2]);
    mca_rng_words(rng, 2, 2, 3, words[3]);
    mca_rng_words(rng, 1, 3, 3, words[4]);
    mca_rng_words(rng, 1, 2, 4, words[5]);
    mca_rng_words(rng, 1 + ((uint64_t)1 << 40), 2, 3, words[6]);
    mca_rng_words(rng, 1, 2 + ((uint64_t)1 << 40), 3, words[7]);
    mca_rng_words(mca_rng_stream(5 + ((uint64_t)1 << 40), MCA_RNG_FORWARD), 1, 2, 3, words[8]);
    for (int i = 0; i < 9; ++i) {
        for (int j = 0; j < i; ++j) {
            assert_memory_not_equal(words[i], words[j], sizeof words[i]);
        }
    }
}

/* Moments of N draws: standard errors 1, sqrt(2), sqrt(15), sqrt(96) over sqrt(N); four of them,
 * and 1e-4 for the table. */
static void test_rng_gaussian_moments(void **state) {
    (void)state;
    enum { N = 2000000 };
    double *z = malloc(N * sizeof *z);
    double m[5] = {0};
    mca_rng_gaussians(mca_rng_stream(3, MCA_RNG_FORWARD), 0, 0, 0, N, z);
    for (int i = 0; i < N; ++i) {
        m[1] += z[i];
        m[2] += z[i] * z[i];
        m[3] += z[i] * z[i] * z[i];
        m[4] += z[i] * z[i] * z[i] * z[i];
    }
    assert_near(m[1] / N, 0.0, 4.0 / sqrt(N) + 1e-4);
    assert_near(m[2] / N, 1.0, 4.0 * sqrt(2.0 / N) + 1e-4);
    assert_near(m[3] / N, 0.0, 4.0 * sqrt(15.0 / N) + 1e-4);
    assert_near(m[4] / N, 3.0, 4.0 * sqrt(96.0 / N) + 1e-4);
    free(z);
}

static void test_rng_gaussian_follows_the_quantile(void **state) {
    (void)state;
    for (uint64_t w = 0; w <= 0x7fffffffu; w += 1 + w / 997) {
        const double p = ((double)w + 0.5) / 4294967296.0;
        const double exact = -mca_normal_quantile(p);
        const double z = mca_gaussian_from_word((uint32_t)w);
        /* near the end half a step of the word is a large step of the quantile: 1 / (2 w z) */
        assert_near(z, exact, w < 64 ? 0.2 : 0.1 / (double)w + 5e-5);
        assert_near(mca_gaussian_from_word((uint32_t)w | 0x80000000u), -z, 0.0);
        assert_true(z <= MCA_GAUSSIAN_MAX && z >= 0.0);
    }
}

/* The outermost words: 0 stands for the middle of the last interval, half as likely as a step
 * before it; the sign bit mirrors. */
static void test_rng_gaussian_at_the_ends(void **state) {
    (void)state;
    const double last = mca_gaussian_from_word(0);
    assert_near(0.5 * erfc(last / sqrt(2.0)) * 4294967296.0, 0.5, 1e-9);
    assert_near(0.5 * erfc(mca_gaussian_from_word(1) / sqrt(2.0)) * 4294967296.0, 1.0, 1e-9);
    assert_near(mca_gaussian_from_word(0x80000000u), -last, 0.0);
    assert_near(mca_gaussian_from_word(0x7fffffffu), 0.0, 1e-8);
    assert_true(last <= MCA_GAUSSIAN_MAX);
}

static void test_rng_below_is_uniform(void **state) {
    (void)state;
    uint32_t counts[7] = {0};
    for (uint32_t i = 0; i < 70000; ++i) {
        uint32_t words[4];
        mca_rng_words(mca_rng_stream(3, MCA_RNG_SHUFFLE), i, 0, 0, words);
        const uint32_t k = mca_rng_below(words[0], words[1], 7);
        assert_true(k < 7);
        ++counts[k];
    }
    for (int k = 0; k < 7; ++k) {
        assert_near(counts[k], 10000.0, 4.5 * sqrt(10000.0 * 6.0 / 7.0));
    }
    assert_int_equal(mca_rng_below(0xffffffffu, 0xffffffffu, 7), 6);
    assert_int_equal(mca_rng_below(0, 0, 7), 0);
}

/* Many at once, on whatever SIMD path, are the same as one by one: word i of the counters that
 * follow `place`. Seeds, places and events fill all of their bits. */
static void test_rng_many_gaussians_are_single_ones(void **state) {
    (void)state;
    enum { MOST = 200 };
    static const uint64_t odd[] = {0, 5, 0xfffffffcu, 0xfffffffffff0u, 0x123456789abcu};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; ++i) {
        const struct mca_rng rng = mca_rng_stream(odd[i] & 0xfffffffffffffu, MCA_RNG_BACKWARD);
        const uint64_t event = odd[i] << 13 | 77;
        const uint32_t draw = (uint32_t)i * 63;
        for (size_t count = 0; count <= MOST; count += count < 70 ? 1 : 13) {
            double z[MOST + 1];
            z[count] = 1234.5;
            mca_rng_gaussians(rng, odd[i], event, draw, count, z);
            for (size_t k = 0; k < count; ++k) {
                uint32_t words[4];
                mca_rng_words(rng, odd[i] + k / 4, event, draw, words);
                const double single = mca_gaussian_from_word(words[k % 4]);
                assert_memory_equal(&z[k], &single, sizeof single);
            }
            assert_true(z[count] == 1234.5);
        }
    }
}

/* Rows of several draws are those of each draw, and those its Gaussians times the deviation. */
static void test_rng_rows_of_normals_are_those_of_each_draw(void **state) {
    (void)state;
    enum { ROWS = 9, STRIDE_MAX = 176 };
    uint32_t draw[ROWS];
    int32_t mean[ROWS * STRIDE_MAX];
    uint32_t variance[ROWS * STRIDE_MAX];
    for (uint32_t i = 0; i < ROWS * STRIDE_MAX; ++i) {
        mean[i] = (int32_t)(i * 2654435761u);
        variance[i] = i % 7 ? i * 2246822519u : 0;
    }
    for (uint32_t r = 0; r < ROWS; ++r) {
        draw[r] = r * r * 811 & 0xffffu;
    }
    const struct mca_rng rng = mca_rng_stream(0xfedcba987654u, MCA_RNG_FORWARD);
    for (size_t rows = 0; rows <= ROWS; ++rows) {
        for (size_t stride = 16; stride <= STRIDE_MAX; stride += 16) {
            double z[ROWS * STRIDE_MAX + 1];
            z[rows * stride] = 1234.5;
            const struct mca_rng_normals all = {mean, 1e-3, variance, 1e-5};
            mca_rng_normal_rows(rng, 0xfffffff0u, 0x987654321u, draw, rows, stride, &all, z);
            for (size_t r = 0; r < rows; ++r) {
                const size_t at = r * stride;
                const struct mca_rng_normals row = {mean + at, 1e-3, variance + at, 1e-5};
                double single[STRIDE_MAX];
                double gaussian[STRIDE_MAX];
                mca_rng_normals(rng, 0xfffffff0u, 0x987654321u, draw[r], stride, &row, single);
                assert_memory_equal(z + at, single, stride * sizeof *z);
                mca_rng_gaussians(rng, 0xfffffff0u, 0x987654321u, draw[r], stride, gaussian);
                for (size_t i = 0; i < stride; ++i) {
                    const double deviation = mca_sqrt((double)variance[at + i] * 1e-5);
                    assert_true(single[i] == (double)mean[at + i] * 1e-3 + gaussian[i] * deviation);
                }
            }
            assert_true(z[rows * stride] == 1234.5);
        }
    }
}

/* The same for places that lie anywhere: the first word of each. */
static void test_rng_gaussians_at_places_are_single_ones(void **state) {
    (void)state;
    enum { MOST = 70 };
    uint64_t place[MOST];
    for (uint64_t i = 0; i < MOST; ++i) {
        place[i] = i * i * 0x123456789u & 0xffffffffffffu;
    }
    const struct mca_rng rng = mca_rng_stream(0xfedcba987654u, MCA_RNG_REFRESH);
    for (size_t count = 0; count <= MOST; ++count) {
        double z[MOST + 1];
        z[count] = 1234.5;
        mca_rng_gaussians_at(rng, place, 0x987654321u, 7, count, z);
        for (size_t k = 0; k < count; ++k) {
            const double single = mca_rng_gaussian(rng, place[k], 0x987654321u, 7);
            assert_memory_equal(&z[k], &single, sizeof single);
        }
        assert_true(z[count] == 1234.5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rng_known_answer),
        cmocka_unit_test(test_rng_streams_differ),
        cmocka_unit_test(test_rng_gaussian_moments),
        cmocka_unit_test(test_rng_gaussian_follows_the_quantile),
        cmocka_unit_test(test_rng_many_gaussians_are_single_ones),
        cmocka_unit_test(test_rng_rows_of_normals_are_those_of_each_draw),
        cmocka_unit_test(test_rng_gaussians_at_places_are_single_ones),
        cmocka_unit_test(test_rng_gaussian_at_the_ends),
        cmocka_unit_test(test_rng_below_is_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
