#include "dpu/activation.h"

#include <stdint.h>

#include "base/rng.h"
#include "mca_test.h"
#include "vector_oracle.h"

/* Every line of the table has a name of its own and every function. */
static void test_activation_table_is_complete(void **state) {
    (void)state;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        const struct mca_activation_ops *ops = mca_activation_ops_of(i);
        assert_non_null(ops);
        assert_true(ops->name && ops->name[0] != '\0');
        assert_true(ops->codes && ops->apply_slopes);
        assert_true(ops->values && ops->apply_slopes_real);
        assert_int_equal(ops->entry != NULL, ops->looks_up);
        for (unsigned j = 0; j < i; ++j) {
            assert_string_not_equal(ops->name, mca_activation_ops_of(j)->name);
        }
    }
}

/* Slopes in floating point are those of the values: of a central difference over 2h, whose own
 * error is h^2 / 6 times a third derivative of 2 at most, and rounding of 1e-16 / h. */
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

static void init_activation(struct mca_activation *activation, unsigned kind, uint32_t bits,
                            struct mca_arena *arena) {
    struct mca_error error;
    *arena = (struct mca_arena){0};
    assert_int_equal(mca_activation_init(activation, kind, bits, arena, &error), MCA_OK);
}

enum { COUNT = 4001 };

/*
 * Fixed point is floating point in codes. What a table of segments of width h gives is within
 * max|f''| h^2 / 8 (sigmoid: 0.0963 / 8 / 32^2; tanh: 0.7698 / 8 / 64^2) of the function, half a
 * code for its entries and half for the result; shifts within half a code. Slopes within what a
 * code more or less makes of them: |1 - 2a| and |2a| times its error, and half a code.
 */
static const struct {
    int exponent;
    double between; /* entries of the table, of full scale */
    double codes;
    double slope_error; /* of an error of the activation */
} ACCURACY[MCA_ACTIVATION_COUNT] = {[MCA_ACTIVATION_SIGMOID] = {0, 1.18e-5, 1.01, 1.0},
                                    [MCA_ACTIVATION_TANH] = {0, 2.35e-5, 1.01, 2.0},
                                    [MCA_ACTIVATION_RELU] = {4, 0.0, 0.5, 0.0},
                                    [MCA_ACTIVATION_IDENTITY] = {3, 0.0, 0.5, 0.0}};

static void check_codes(const struct mca_activation *activation, unsigned kind) {
    static int32_t z[COUNT];
    static double real[COUNT];
    static double value[COUNT];
    static double slope[COUNT];
    static int32_t code[COUNT];
    static int32_t raw[COUNT];
    const double one = ldexp(1.0, (int)activation->bits);
    const double away = ACCURACY[kind].codes + ACCURACY[kind].between * one;
    const double unit = ldexp(1.0, (int)mca_activation_slope_bits(activation));
    for (int32_t i = 0; i < COUNT; ++i) {
        z[i] = 40 * (i - COUNT / 2);
        real[i] = z[i] / 4096.0;
        slope[i] = 1.0;
        raw[i] = i % 2 ? 1000 : -1000;
    }
    activation->ops->codes(activation, z, 12, ACCURACY[kind].exponent, COUNT, code);
    activation->ops->apply_slopes(activation, code, COUNT, raw);
    activation->ops->values(real, COUNT, value);
    activation->ops->apply_slopes_real(value, COUNT, 1.0, slope);
    for (int32_t i = 0; i < COUNT; ++i) {
        const double exact = value[i] * ldexp(one, -ACCURACY[kind].exponent);
        const double held = fmax(fmin(exact, one - 1.0), 1.0 - one);
        assert_near(code[i], held, away);
        assert_true(i == 0 || code[i] >= code[i - 1]);
        if (kind == MCA_ACTIVATION_RELU && code[i] == 0) {
            slope[i] = 0.0; /* of a value above 0 that rounds to 0 */
        }
        assert_near(raw[i] / (i % 2 ? 1000.0 : -1000.0), slope[i] * unit,
                    unit > 1.0 ? ACCURACY[kind].slope_error * (away + 1.0) + 0.6 : 0.0);
    }
}

static void test_activation_fixed_point_is_the_same_function(void **state) {
    (void)state;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        for (uint32_t bits = 8; bits <= 16; ++bits) {
            struct mca_arena arena;
            struct mca_activation activation;
            init_activation(&activation, i, bits, &arena);
            check_codes(&activation, i);
            mca_arena_deinit(&arena);
        }
    }
}

static int32_t oracle_code(unsigned kind, int32_t z, int frac, int exponent, int bits, int *over) {
    return kind == MCA_ACTIVATION_SIGMOID ? oracle_sigmoid_code(z, frac, bits, over)
           : kind == MCA_ACTIVATION_TANH  ? oracle_tanh_code(z, frac, bits, over)
           : kind == MCA_ACTIVATION_RELU  ? oracle_relu_code(z, frac, exponent, bits, over)
                                          : oracle_identity_code(z, frac, exponent, bits, over);
}

static int64_t oracle_slope(unsigned kind, int32_t code, int bits) {
    return kind == MCA_ACTIVATION_SIGMOID ? oracle_sigmoid_slope(code, bits)
           : kind == MCA_ACTIVATION_TANH  ? oracle_tanh_slope(code, bits)
           : kind == MCA_ACTIVATION_RELU  ? oracle_relu_slope(code)
                                          : 1;
}

/* Sums of every size up to 2^31, edges first, with random ones about the full scale. */
enum { SUMS = 331 };

static void fill_sums(struct mca_rng rng, uint64_t event, int full_scale, int32_t *z) {
    static const int32_t edges[] = {0, 1, -1, INT32_MAX, -INT32_MAX, INT32_MIN, 1 << 30};
    const size_t edge_count = sizeof edges / sizeof edges[0];
    for (uint32_t i = 0; i < SUMS; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, event, 0, words);
        const int size = i % 2 ? full_scale + (int)(words[1] % 3) - 1 : (int)(words[1] % 31);
        const int32_t value = (int32_t)(words[0] >> (31 - (size < 0    ? 0
                                                           : size > 31 ? 31
                                                                       : size)) >>
                                        1);
        z[i] = i < edge_count ? edges[i] : words[2] % 2 ? value : -value;
    }
}

static void compare_with_oracle(const struct mca_activation *activation, unsigned kind, int frac,
                                int exponent, const int32_t *z) {
    const int bits = (int)activation->bits;
    int32_t code[SUMS + 1];
    int32_t raw[SUMS];
    code[SUMS] = 12345; /* nothing is written there */
    activation->ops->codes(activation, z, frac, exponent, SUMS, code);
    for (size_t i = 0; i < SUMS; ++i) {
        int over;
        assert_int_equal(code[i], oracle_code(kind, z[i], frac, exponent, bits, &over));
        raw[i] = z[(i + 5) % SUMS] > INT32_MIN ? z[(i + 5) % SUMS] : 0;
    }
    activation->ops->apply_slopes(activation, code, SUMS, raw);
    for (size_t i = 0; i < SUMS; ++i) {
        const int32_t before = z[(i + 5) % SUMS] > INT32_MIN ? z[(i + 5) % SUMS] : 0;
        int over;
        assert_int_equal(
            raw[i], oracle_scale(before * oracle_slope(kind, code[i], bits), 0, INT32_MAX, &over));
    }
    assert_int_equal(code[SUMS], 12345);
}

/* Bit for bit what the table of widths says. */
static void test_activation_equals_the_table_of_widths(void **state) {
    (void)state;
    const struct mca_rng rng = mca_rng_stream(19, 0);
    int32_t z[SUMS];
    for (unsigned kind = 0; kind < MCA_ACTIVATION_COUNT; ++kind) {
        for (uint32_t bits = 8; bits <= 16; ++bits) {
            struct mca_arena arena;
            struct mca_activation activation;
            init_activation(&activation, kind, bits, &arena);
            for (int frac = -8; frac <= 24; ++frac) {
                const int least = activation.ops->takes_exponent ? MCA_ACTIVATION_EXPONENT_MIN : 0;
                const int most = activation.ops->takes_exponent ? MCA_ACTIVATION_EXPONENT_MAX : 0;
                for (int exponent = least; exponent <= most; ++exponent) {
                    fill_sums(rng, (uint64_t)(frac + 8), frac + exponent, z);
                    compare_with_oracle(&activation, kind, frac, exponent, z);
                }
            }
            mca_arena_deinit(&arena);
        }
    }
}

/* Halves go away from zero, the last code is the full scale less one, and beyond it saturates. */
static void test_activation_shifts_round_half_away_from_zero(void **state) {
    (void)state;
    /* 8 bits of full scale 4: a code is 1/64; sums of 1/128 are half a code */
    const int32_t z[] = {1, -1, 2, 3, -3, 508, 509, 510, 511, -511, -509};
    const int32_t signed_codes[] = {1, -1, 1, 2, -2, 254, 255, 255, 255, -255, -255};
    const int32_t relu_codes[] = {1, 0, 1, 2, 0, 254, 255, 255, 255, 0, 0};
    struct mca_arena arena;
    struct mca_activation identity;
    struct mca_activation relu;
    int32_t code[11];
    init_activation(&identity, MCA_ACTIVATION_IDENTITY, 8, &arena);
    init_activation(&relu, MCA_ACTIVATION_RELU, 8, &arena);
    identity.ops->codes(&identity, z, 7, 2, 11, code); /* 511 / 2 would be 256 */
    assert_memory_equal(code, signed_codes, sizeof code);
    relu.ops->codes(&relu, z, 7, 2, 11, code);
    assert_memory_equal(code, relu_codes, sizeof code);
    mca_arena_deinit(&arena);
}

/* Raw errors saturate on both sides, and not before. */
static void test_activation_errors_saturate(void **state) {
    (void)state;
    struct mca_arena arena;
    struct mca_activation activation;
    init_activation(&activation, MCA_ACTIVATION_SIGMOID, 16, &arena);
    /* at 1/2 the slope is 1/4: 2^14 */
    const int32_t code[] = {32768, 32768, 32768, 32768};
    int32_t raw[] = {131071, -131071, 131072, -131072};
    activation.ops->apply_slopes(&activation, code, 4, raw);
    assert_int_equal(raw[0], 131071 * 16384);
    assert_int_equal(raw[1], -131071 * 16384);
    assert_int_equal(raw[2], INT32_MAX);
    assert_int_equal(raw[3], -INT32_MAX);
    mca_arena_deinit(&arena);
}

/* What a layer is told of its activation: signed codes go below 0, others never; a slope in codes
 * is 2^bits where it is 1. */
static void test_activation_says_what_its_codes_are(void **state) {
    (void)state;
    for (unsigned i = 0; i < MCA_ACTIVATION_COUNT; ++i) {
        struct mca_arena arena;
        struct mca_activation activation;
        init_activation(&activation, i, 12, &arena);
        const int32_t z = -4096;
        int32_t code;
        activation.ops->codes(&activation, &z, 12, 0, 1, &code);
        assert_int_equal(activation.ops->is_signed, code < 0);
        /* at the middle of the range the steepest slope: 1/4 of the sigmoid, 1 of all others */
        const int32_t middle = activation.ops->is_signed ? 0 : 2048;
        int32_t raw = 4;
        activation.ops->apply_slopes(&activation, &middle, 1, &raw);
        assert_int_equal(raw, (i == MCA_ACTIVATION_SIGMOID ? 1 : 4)
                                  << mca_activation_slope_bits(&activation));
        assert_int_equal(activation.ops->rtl_computes, i == MCA_ACTIVATION_SIGMOID);
        mca_arena_deinit(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activation_table_is_complete),
        cmocka_unit_test(test_activation_slopes_are_those_of_values),
        cmocka_unit_test(test_activation_fixed_point_is_the_same_function),
        cmocka_unit_test(test_activation_equals_the_table_of_widths),
        cmocka_unit_test(test_activation_shifts_round_half_away_from_zero),
        cmocka_unit_test(test_activation_errors_saturate),
        cmocka_unit_test(test_activation_says_what_its_codes_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
