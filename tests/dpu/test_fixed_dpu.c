#include "dpu/fixed_dpu.h"

#include "dpu/activation.h"
#include "mca_test.h"

static int32_t sigmoid_code(const struct mca_activation *sigmoid, int32_t z, int frac_bits) {
    int32_t code;
    sigmoid->ops->codes(sigmoid, &z, frac_bits, 0, 1, &code);
    return code;
}

static struct mca_activation sigmoid_of(uint32_t bits, struct mca_arena *arena) {
    struct mca_activation sigmoid;
    struct mca_error error;
    assert_int_equal(mca_activation_init(&sigmoid, MCA_ACTIVATION_SIGMOID, bits, arena, &error),
                     MCA_OK);
    return sigmoid;
}

/*
 * Linear interpolation over 1/32: error below max|f''| h^2 / 8 = 0.0963 / 8 / 1024 = 1.18e-5, plus
 * half a code for the table and half for the result; beyond 16 the exact value is within 2^-16
 * of 1.
 */
static void test_fixed_dpu_sigmoid_is_close(void **state) {
    (void)state;
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        struct mca_arena arena = {0};
        const struct mca_activation sigmoid = sigmoid_of(bits, &arena);
        const double one = pow(2.0, bits);
        for (int32_t z = -90000; z <= 90000; z += 7) {
            const double exact = one / (1.0 + exp(-z / 4096.0));
            const double held = exact > one - 1.0 ? one - 1.0 : exact;
            assert_near(sigmoid_code(&sigmoid, z, 12), held, 1.01 + 1.18e-5 * one);
        }
        mca_arena_deinit(&arena);
    }
}

static void test_fixed_dpu_sigmoid_is_symmetric_and_monotonic(void **state) {
    (void)state;
    struct mca_arena arena = {0};
    const struct mca_activation sigmoid = sigmoid_of(16, &arena);
    int32_t before = 0;
    for (int32_t z = -70000; z <= 70000; ++z) {
        const int32_t a = sigmoid_code(&sigmoid, z, 12);
        assert_true(a >= before);
        before = a;
        const int32_t mirrored = 65536 - sigmoid_code(&sigmoid, -z, 12);
        assert_true(a == mirrored || (a == 65535 && mirrored == 65536) ||
                    (mirrored <= 1 && a <= 1));
    }
    assert_int_equal(sigmoid_code(&sigmoid, 0, 3), 32768);
    assert_int_equal(sigmoid_code(&sigmoid, 3, 0), sigmoid_code(&sigmoid, 3 << 12, 12));
    assert_int_equal(sigmoid_code(&sigmoid, 3 << 14, 14), sigmoid_code(&sigmoid, 3, 0));
    mca_arena_deinit(&arena);
}

static void test_fixed_dpu_rate_is_within_half_a_mantissa_step(void **state) {
    (void)state;
    for (double f = 1e-6; f < 1e6; f *= 1.37) {
        const struct mca_rate rate = mca_rate_from(f);
        assert_in_range(rate.mantissa, 2048, 4095);
        assert_near(ldexp(rate.mantissa, rate.exponent) / f, 1.0, 0.5 / 2048.0);
    }
}

/* A learning rate that decays for long enough underflows to 0. */
static void test_fixed_dpu_rate_ends_at_the_least(void **state) {
    (void)state;
    const double factors[] = {0.0, 5e-324, pow(2.0, -1000.0)};
    for (size_t i = 0; i < 3; ++i) {
        const struct mca_rate rate = mca_rate_from(factors[i]);
        assert_int_equal(rate.mantissa, 2048);
        assert_int_equal(rate.exponent, -1011);
    }
}

static void test_fixed_dpu_scaling_uses_the_whole_width(void **state) {
    (void)state;
    const int32_t raw[] = {5, -1000, 77, 0, 999};
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        for (int32_t factor = 1; factor < 1000000; factor *= 10) {
            int32_t in[6] = {0};
            int32_t out[6] = {[5] = 12345};
            int32_t shift;
            for (int i = 0; i < 5; ++i) {
                in[i] = raw[i] * factor;
            }
            assert_int_equal(mca_scale_errors(in, 5, bits, out, &shift), 1);
            assert_int_equal(out[5], 12345); /* none beyond */
            const int32_t top = (1 << (bits - 1)) - 1;
            assert_true(abs(out[1]) > top / 2 && abs(out[1]) <= top);
            assert_true(fabs(ldexp(in[1], -shift)) < top + 1.0); /* no overflow but by rounding */
            for (int i = 0; i < 5; ++i) {
                const double exact = ldexp(in[i], -shift);
                assert_near(out[i], fabs(exact) > top ? copysign(top, exact) : exact, 0.5);
            }
        }
    }
    const int32_t none[2] = {0, 0};
    int32_t out[3] = {77, -77, 12345}; /* of what was scaled before */
    int32_t shift = 5;
    assert_int_equal(mca_scale_errors(none, 2, 12, out, &shift), 0);
    assert_int_equal(shift, 0);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 0);
    assert_int_equal(out[2], 12345);
}

static void test_fixed_dpu_shift_rounds_half_away_from_zero(void **state) {
    (void)state;
    for (int64_t v = -300; v <= 300; ++v) {
        for (uint32_t s = 0; s < 8; ++s) {
            assert_int_equal(mca_shift_round(v, s), (int64_t)round((double)v / (double)(1 << s)));
        }
    }
}

static void test_fixed_dpu_rates_are_applied_to_each(void **state) {
    (void)state;
    const int32_t error[] = {2047, -2047, 1, -1, 0, 3, -3, 1024};
    enum { COUNT = sizeof error / sizeof error[0] };
    for (uint32_t mantissa = 2048; mantissa < 4096; mantissa += 89) {
        int32_t out[COUNT + 1] = {[COUNT] = 12345};
        mca_apply_rate(error, COUNT, mantissa, out);
        for (int i = 0; i < COUNT; ++i) {
            assert_int_equal(out[i], (int32_t)round(ldexp((double)error[i] * mantissa,
                                                          -MCA_RATE_MANTISSA_BITS)));
        }
        assert_int_equal(out[COUNT], 12345); /* none beyond */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_dpu_rate_ends_at_the_least),
        cmocka_unit_test(test_fixed_dpu_sigmoid_is_close),
        cmocka_unit_test(test_fixed_dpu_sigmoid_is_symmetric_and_monotonic),
        cmocka_unit_test(test_fixed_dpu_rates_are_applied_to_each),
        cmocka_unit_test(test_fixed_dpu_rate_is_within_half_a_mantissa_step),
        cmocka_unit_test(test_fixed_dpu_scaling_uses_the_whole_width),
        cmocka_unit_test(test_fixed_dpu_shift_rounds_half_away_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
