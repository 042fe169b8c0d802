/* Student's t against a published table, intervals, and Pareto fronts against brute force. */
#include "mca_test.h"

#include "base/rng.h"
#include "reports/figures/statistics.h"

/* NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, "Critical Values of the Student's t
 * Distribution", column 0.975. */
static void test_sweep_statistics_student_t(void **state) {
    (void)state;
    static const struct {
        uint32_t dof;
        double t;
    } table[] = {{1, 12.706}, {2, 4.303},  {3, 3.182},  {4, 2.776},  {5, 2.571},  {6, 2.447},
                 {7, 2.365},  {8, 2.306},  {9, 2.262},  {10, 2.228}, {15, 2.131}, {20, 2.086},
                 {29, 2.045}, {30, 2.042}, {60, 2.000}, {99, 1.984}, {100, 1.984}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        assert_near(mca_student_t_95(table[i].dof), table[i].t, 0.00051);
    }
    /* closed forms: tan(0.475 pi), 0.95 sqrt(2 / (1 - 0.95^2)); and the Gaussian as the limit */
    assert_near(mca_student_t_95(1), tan(0.475 * 3.14159265358979323846), 1e-8);
    assert_near(mca_student_t_95(2), 0.95 * sqrt(2 / (1 - 0.95 * 0.95)), 1e-9);
    assert_near(mca_student_t_95(99999), 1.959963984540054, 3e-5);
}

static void test_sweep_statistics_mean_and_interval(void **state) {
    (void)state;
    const double values[] = {1, (double)NAN, 2, 3, 4};
    const struct mca_sample_statistics s = mca_sample_statistics(values, 5);
    const double std = sqrt(5.0 / 3);
    assert_int_equal(s.count, 4);
    assert_near(s.mean, 2.5, 0);
    assert_near(s.std, std, 1e-15);
    assert_near(s.low, 2.5 - 3.182446305 * std / 2, 1e-8);
    assert_near(s.high, 2.5 + 3.182446305 * std / 2, 1e-8);
    const struct mca_sample_statistics one = mca_sample_statistics(values, 2);
    assert_int_equal(one.count, 1);
    assert_near(one.mean, 1, 0);
    assert_true(isnan(one.std) && isnan(one.low) && isnan(one.high));
    assert_true(isnan(mca_sample_statistics(values + 1, 1).mean));
}

static int dominates(double ax, double ay, double bx, double by) {
    return ax >= bx && ay >= by && (ax > bx || ay > by);
}

/* Values on a coarse grid, so that there are ties, and one in ten missing. */
/* The sum of equal values is rounded, their mean and spread are not. */
static void test_sweep_statistics_of_equal_values(void **state) {
    (void)state;
    for (int i = 1; i < 1000; ++i) {
        const double value = 2.9 + 0.0001 * i;
        const double values[] = {value, value, value};
        const struct mca_sample_statistics s = mca_sample_statistics(values, 3);
        assert_true(s.mean == value && s.std == 0.0 && s.low == value && s.high == value);
    }
}

static void test_sweep_statistics_front_against_brute_force(void **state) {
    (void)state;
    enum { COUNT = 60 };
    const struct mca_rng rng = mca_rng_stream(3, MCA_RNG_SWEEP);
    for (uint32_t round = 0; round < 400; ++round) {
        double x[COUNT];
        double y[COUNT];
        uint32_t front[COUNT];
        uint32_t used;
        uint8_t is_on_front[COUNT] = {0};
        const int x_sign = round & 1 ? 1 : -1;
        const int y_sign = round & 2 ? 1 : -1;
        for (uint32_t i = 0; i < COUNT; ++i) {
            uint32_t words[4];
            mca_rng_words(rng, i, round, 0, words);
            x[i] = words[0] % 12;
            y[i] = words[2] % 10 ? words[1] % 12 : (double)NAN;
        }
        const struct mca_pareto_axis x_axis = {x, x_sign};
        const struct mca_pareto_axis y_axis = {y, y_sign};
        assert_int_equal(mca_pareto_front(x_axis, y_axis, COUNT, front, &used, NULL), MCA_OK);
        for (uint32_t k = 0; k < used; ++k) {
            is_on_front[front[k]] = 1;
            if (k > 0) { /* the best in x first, of equals the least number */
                const double step = x_sign * (x[front[k - 1]] - x[front[k]]);
                assert_true(step > 0 || (step == 0 && front[k - 1] < front[k]));
            }
        }
        for (uint32_t i = 0; i < COUNT; ++i) {
            int wanted = isfinite(y[i]);
            for (uint32_t j = 0; j < COUNT && wanted; ++j) {
                wanted = !(isfinite(y[j]) &&
                           dominates(x_sign * x[j], y_sign * y[j], x_sign * x[i], y_sign * y[i]));
            }
            assert_int_equal(is_on_front[i], wanted);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_statistics_student_t),
        cmocka_unit_test(test_sweep_statistics_mean_and_interval),
        cmocka_unit_test(test_sweep_statistics_of_equal_values),
        cmocka_unit_test(test_sweep_statistics_front_against_brute_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
