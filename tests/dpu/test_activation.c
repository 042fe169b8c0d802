#include "dpu/activation.h"

#include <stdint.h>

#include "mca_test.h"

/* Every line of the table has a name of its own and every function. */
static void test_activation_table_is_complete(void **state) {
    (void)state;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        const struct mca_activation_ops *ops = mca_activation_ops_of(i);
        assert_non_null(ops);
        assert_true(ops->name && ops->name[0] != '\0');
        assert_true(ops->init && ops->codes && ops->apply_slopes);
        assert_true(ops->values && ops->apply_slopes_real && ops->rtl_table);
        for (unsigned j = 0; j < i; ++j) {
            assert_string_not_equal(ops->name, mca_activation_ops_of(j)->name);
        }
    }
}

/* Slopes in floating point are those of the values: of a central difference over 2h, whose own
 * error is h^2 / 6 times a third derivative of 1/8 at most, and rounding of 1e-16 / h. */
static void test_activation_slopes_are_those_of_values(void **state) {
    (void)state;
    const double h = 1e-5;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        const struct mca_activation_ops *ops = mca_activation_ops_of(i);
        for (double z = -9.0; z <= 9.0; z += 0.37) {
            const double at[3] = {z - h, z, z + h};
            double a[3];
            double error = -2.0;
            ops->values(at, 3, a);
            ops->apply_slopes_real(&a[1], 1, 0.5, &error);
            assert_near(error, -(a[2] - a[0]) / (2.0 * h), 1e-10);
        }
    }
}

enum { COUNT = 4001 };

/* Fixed point is floating point in codes: activations within the interpolation of a table (see
 * test_fixed_dpu), slopes within what a code more or less makes of them, and never falling. */
static void check_codes(const struct mca_activation *activation) {
    static int32_t z[COUNT];
    static double real[COUNT];
    static double value[COUNT];
    static double slope[COUNT];
    static uint32_t code[COUNT];
    static int32_t raw[COUNT];
    const double one = ldexp(1.0, (int)activation->bits);
    for (int32_t i = 0; i < COUNT; ++i) {
        z[i] = 40 * (i - COUNT / 2);
        real[i] = z[i] / 4096.0;
        slope[i] = 1.0;
        raw[i] = i % 2 ? 1000 : -1000;
    }
    activation->ops->codes(activation, z, 12, COUNT, code);
    activation->ops->apply_slopes(activation, code, COUNT, raw);
    activation->ops->values(real, COUNT, value);
    activation->ops->apply_slopes_real(value, COUNT, 1.0, slope);
    for (int32_t i = 0; i < COUNT; ++i) {
        const double held = value[i] * one > one - 1.0 ? one - 1.0 : value[i] * one;
        assert_near(code[i], held, 1.01 + 1.18e-5 * one);
        assert_true(i == 0 || code[i] >= code[i - 1]);
        assert_near(raw[i] / (i % 2 ? 1000.0 : -1000.0), slope[i] * one, 2.6 + 1.18e-5 * one);
    }
}

static void test_activation_fixed_point_is_the_same_function(void **state) {
    (void)state;
    struct mca_error error;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        for (uint32_t bits = 8; bits <= 16; ++bits) {
            struct mca_arena arena = {0};
            struct mca_activation activation;
            assert_int_equal(mca_activation_init(&activation, i, bits, &arena, &error), MCA_OK);
            check_codes(&activation);
            mca_arena_deinit(&arena);
        }
    }
}

/* Raw errors saturate on both sides, and not before. */
static void test_activation_errors_saturate(void **state) {
    (void)state;
    struct mca_error error;
    struct mca_arena arena = {0};
    struct mca_activation activation;
    assert_int_equal(mca_activation_init(&activation, MCA_ACTIVATION_SIGMOID, 16, &arena, &error),
                     MCA_OK);
    /* at 1/2 the slope is 1/4: 2^14 */
    const uint32_t code[] = {32768, 32768, 32768, 32768};
    int32_t raw[] = {131071, -131071, 131072, -131072};
    activation.ops->apply_slopes(&activation, code, 4, raw);
    assert_int_equal(raw[0], 131071 * 16384);
    assert_int_equal(raw[1], -131071 * 16384);
    assert_int_equal(raw[2], INT32_MAX);
    assert_int_equal(raw[3], -INT32_MAX);
    mca_arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activation_table_is_complete),
        cmocka_unit_test(test_activation_slopes_are_those_of_values),
        cmocka_unit_test(test_activation_fixed_point_is_the_same_function),
        cmocka_unit_test(test_activation_errors_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
