#include "dpu/softmax.h"

#include "base/rng.h"
#include "mca_test.h"
#include "vector_oracle.h"

enum { COUNT_MAX = MCA_SOFTMAX_COUNT_MAX };

static int32_t z_of[COUNT_MAX];
static int32_t p_of[COUNT_MAX];
static int32_t wanted[COUNT_MAX];
static int64_t scratch[COUNT_MAX];

/* Sums spread evenly over +-`spread`, in units of 2^-frac; the last is a little above the first. */
static void fill(uint64_t event, double spread, int frac, size_t count) {
    const struct mca_rng rng = mca_rng_stream(7, MCA_RNG_SYNTHETIC);
    for (size_t i = 0; i < count; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, event, 0, words);
        const double z = (2.0 * mca_rng_uniform(words[0]) - 1.0) * spread;
        z_of[i] = (int32_t)fmax(fmin(round(ldexp(z, frac)), ldexp(1.0, 30)), -ldexp(1.0, 30));
    }
    z_of[count - 1] = z_of[0] + (z_of[0] < 1 << 30);
}

static const struct {
    size_t count;
    double spread;
} CASES[] = {{1, 1.0},   {2, 0.01},   {2, 1.0},    {2, 5.0},    {3, 30.0},
             {10, 0.3},  {10, 4.0},   {10, 9.0},   {33, 14.0},  {100, 0.0},
             {100, 2.0}, {100, 20.0}, {1000, 0.5}, {1000, 6.0}, {1000, 1e9}};

enum { CASE_COUNT = sizeof CASES / sizeof CASES[0] };

static void check_oracle(const struct mca_softmax *softmax, int frac, size_t count) {
    p_of[count < COUNT_MAX ? count : 0] = 12345; /* nothing is written beyond */
    mca_softmax_codes(softmax, z_of, frac, count, p_of);
    oracle_softmax(z_of, frac, (int)softmax->bits, count, scratch, wanted);
    assert_memory_equal(p_of, wanted, count * sizeof *p_of);
    assert_true(count == COUNT_MAX || p_of[count] == 12345);
}

/* Bit for bit what the table of widths says. */
static void test_softmax_equals_the_table_of_widths(void **state) {
    (void)state;
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        struct mca_softmax softmax;
        mca_softmax_init(&softmax, bits);
        for (int frac = -8; frac <= 24; ++frac) {
            for (size_t i = 0; i < CASE_COUNT; ++i) {
                fill(i, CASES[i].spread, frac, CASES[i].count);
                check_oracle(&softmax, frac, CASES[i].count);
            }
        }
        fill(99, 9.0, 12, COUNT_MAX);
        check_oracle(&softmax, 12, COUNT_MAX);
        const int32_t ends[] = {1 << 30, -(1 << 30)}; /* the largest distance there is */
        memcpy(z_of, ends, sizeof ends);
        check_oracle(&softmax, 24, 2);
    }
}

/* Probabilities within `away` codes of the exact ones, their total within half a code for each and
 * one. */
static void check_exact(const struct mca_softmax *softmax, int frac, size_t count, double away) {
    const double one = ldexp(1.0, (int)softmax->bits);
    long double total = 0.0L;
    double sum = 0.0;
    int32_t largest = z_of[0];
    for (size_t i = 0; i < count; ++i) {
        largest = z_of[i] > largest ? z_of[i] : largest;
    }
    for (size_t i = 0; i < count; ++i) {
        total += expl(ldexpl((long double)z_of[i] - largest, -frac));
    }
    mca_softmax_codes(softmax, z_of, frac, count, p_of);
    for (size_t i = 0; i < count; ++i) {
        const long double exact = expl(ldexpl((long double)z_of[i] - largest, -frac)) / total;
        assert_near(p_of[i], fmin((double)exact * one, one - 1.0), away);
        sum += p_of[i];
    }
    assert_near(sum, one, 0.5 * (double)count + 1.0);
}

/*
 * An exponential is off by, relative: its distance's rounding, 2^-17 where sums have more than 16
 * fractional bits; the exponent's, 2^-17 ln 2; the constant's 4.9e-6 of the distance; and the
 * interpolation, (ln 2)^2 / 8 / 256^2 = 9.2e-7 upwards. A probability p is off by p (1 - p) times
 * the difference between its own error and the others': at most (2 (7.6e-6 + 5.3e-6) + 9.2e-7) / 4,
 * and 0.224, the most that d p (1 - p) is at a distance d, times 4.9e-6. In codes of 16 bits that
 * is 0.51, to which come half a code, the reciprocal's 2^-20 (0.06 codes) and the exponentials'
 * rounding of 2^-31 each: 0.03 codes for 1000, 2 for 65536.
 */
static void test_softmax_is_near_the_exact_probabilities(void **state) {
    (void)state;
    struct mca_softmax softmax;
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        mca_softmax_init(&softmax, bits);
        for (int frac = -8; frac <= 24; ++frac) {
            for (size_t i = 0; i < CASE_COUNT; ++i) {
                fill(i + 100 * (size_t)(frac + 8), CASES[i].spread, frac, CASES[i].count);
                check_exact(&softmax, frac, CASES[i].count, 1.12);
            }
        }
    }
    for (int32_t distance = 0; distance < 12 * 4096; distance += 3) {
        z_of[0] = distance;
        z_of[1] = 0;
        check_exact(&softmax, 12, 2, 1.12);
    }
    for (double spread = 1.0; spread < 20.0; spread += 3.0) {
        fill(5, spread, 12, COUNT_MAX);
        check_exact(&softmax, 12, COUNT_MAX, 3.2);
    }
}

static void test_softmax_never_falls_and_ignores_a_constant(void **state) {
    (void)state;
    struct mca_softmax softmax;
    mca_softmax_init(&softmax, 16);
    enum { SUMS = 40000 };
    for (int32_t i = 0; i < SUMS; ++i) {
        z_of[i] = i - 777;
    }
    mca_softmax_codes(&softmax, z_of, 11, SUMS, p_of);
    for (int32_t i = 1; i < SUMS; ++i) {
        assert_true(p_of[i] >= p_of[i - 1]);
    }
    assert_true(p_of[SUMS - 1] > p_of[0]);
    for (int32_t i = 0; i < SUMS; ++i) {
        z_of[i] += 1000000007;
    }
    mca_softmax_codes(&softmax, z_of, 11, SUMS, wanted);
    assert_memory_equal(p_of, wanted, SUMS * sizeof *p_of);
}

/* Floating point: the same whether or not exp(z) can be held, and what exp in more digits gives. */
static void test_softmax_values_are_exact(void **state) {
    (void)state;
    const double z[] = {1.0, -2.0, 0.25, 3.5};
    long double total = 0.0L;
    double p[4];
    double shifted[4];
    double far[4];
    for (int i = 0; i < 4; ++i) {
        total += expl((long double)z[i]);
        shifted[i] = z[i] + 4096.0;
    }
    mca_softmax_values(z, 4, p);
    mca_softmax_values(shifted, 4, far);
    for (int i = 0; i < 4; ++i) {
        assert_near(p[i], (double)(expl((long double)z[i]) / total), 1e-15);
        assert_near(far[i], p[i], 0.0);
    }
    const double apart[] = {-1e6, 0.0};
    mca_softmax_values(apart, 2, p);
    assert_near(p[0], 0.0, 0.0);
    assert_near(p[1], 1.0, 0.0);
}

/* -ln of powers of two; a probability of 0 counts as half a code, or as the smallest number. */
static void test_softmax_loss_is_that_of_the_label(void **state) {
    (void)state;
    const double ln2 = log(2.0);
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        assert_near(mca_softmax_code_loss(1 << (bits - 3), bits), 3.0 * ln2, 1e-14);
        assert_near(mca_softmax_code_loss(1, bits), bits * ln2, 1e-14);
        assert_near(mca_softmax_code_loss(0, bits), (bits + 1) * ln2, 1e-14);
    }
    assert_near(mca_softmax_loss(0.125), 3.0 * ln2, 1e-14);
    assert_near(mca_softmax_loss(1.0), 0.0, 0.0);
    assert_near(mca_softmax_loss(0.0), 1022.0 * ln2, 1e-11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_softmax_equals_the_table_of_widths),
        cmocka_unit_test(test_softmax_is_near_the_exact_probabilities),
        cmocka_unit_test(test_softmax_never_falls_and_ignores_a_constant),
        cmocka_unit_test(test_softmax_values_are_exact),
        cmocka_unit_test(test_softmax_loss_is_that_of_the_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
