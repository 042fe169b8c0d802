#include "base/mathx.h"

#include <float.h>

#include "mca_test.h"

static void test_mathx_exp_and_log_are_close_to_libm(void **state) {
    (void)state;
    for (double x = -700.0; x <= 700.0; x += 0.0371) {
        assert_near(mca_exp(x) / exp(x), 1.0, 4.0 * DBL_EPSILON);
    }
    for (double x = 1e-300; x < 1e300; x *= 1.0137) {
        assert_near(mca_log(x), log(x), 4.0 * DBL_EPSILON * fabs(log(x)) + 1e-17);
    }
    for (double x = 0.9; x < 1.1; x += 0.00001) {
        assert_near(mca_log(x), log(x), 4.0 * DBL_EPSILON * fabs(log(x)) + 1e-17);
    }
}

static void test_mathx_edges(void **state) {
    (void)state;
    assert_true(mca_exp(-1000.0) == 0.0 && isinf(mca_exp(1000.0)) && isnan(mca_exp((double)NAN)));
    assert_true(mca_exp(0.0) == 1.0 && mca_log(1.0) == 0.0);
    assert_true(isinf(mca_log(0.0)) && isnan(mca_log(-1.0)));
    assert_true(mca_exp(709.5) < (double)INFINITY);
    assert_near(mca_sigmoid(0.0), 0.5, 0.0);
    assert_near(mca_sigmoid(800.0), 1.0, 0.0);
    assert_near(mca_sigmoid(-800.0), 0.0, 0.0);
}

static void test_mathx_pow_sin_cos(void **state) {
    (void)state;
    for (double x = 0.01; x < 1e6; x *= 1.7) {
        for (double y = -3.0; y <= 3.0; y += 0.37) {
            assert_near(mca_pow(x, y) / pow(x, y), 1.0, 1e-13);
        }
    }
    for (double x = -1000.0; x <= 1000.0; x += 0.0173) {
        assert_near(mca_sin(x), sin(x), 1e-12);
        assert_near(mca_cos(x), cos(x), 1e-12);
    }
}

static void test_mathx_round_is_to_even(void **state) {
    (void)state;
    for (double x = -100.0; x <= 100.0; x += 0.125) {
        assert_near(mca_round(x), nearbyint(x), 0.0);
    }
}

/* The quantile is the inverse of the distribution function. */
static void test_mathx_normal_quantile(void **state) {
    (void)state;
    for (double p = 1e-12; p < 0.5; p *= 1.07) {
        const double z = mca_normal_quantile(p);
        assert_near(0.5 * erfc(-z / sqrt(2.0)) / p, 1.0, 1e-12);
        const double above = mca_normal_quantile(1.0 - p); /* 1 - (1 - p) is exact */
        assert_near(0.5 * erfc(above / sqrt(2.0)) / (1.0 - (1.0 - p)), 1.0, 1e-12);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mathx_exp_and_log_are_close_to_libm),
        cmocka_unit_test(test_mathx_edges),
        cmocka_unit_test(test_mathx_pow_sin_cos),
        cmocka_unit_test(test_mathx_round_is_to_even),
        cmocka_unit_test(test_mathx_normal_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
