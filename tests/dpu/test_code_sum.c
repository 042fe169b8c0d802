#include "dpu/code_sum.h"

#include "base/rng.h"
#include "dpu/activation.h"
#include "mca_test.h"
#include "vector_oracle.h"

enum { COUNT = 203 };

static void fill(uint64_t event, uint32_t bits, int32_t *code) {
    const struct mca_rng rng = mca_rng_stream(5, MCA_RNG_SYNTHETIC);
    for (uint32_t i = 0; i < COUNT; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, event, 0, words);
        const int32_t most = (int32_t)(1u << bits) - 1;
        code[i] = i < 2 ? most : i < 4 ? -most : (int32_t)(words[0] >> (32 - bits));
        code[i] = words[1] % 2 && i > 3 ? -code[i] : code[i];
    }
}

/* Bit for bit what the table of widths says, through identity and ReLU to codes of any full
 * scale. */
static void check_sum(uint32_t bits, int a_exponent, int b_exponent, int exponent) {
    int32_t a[COUNT];
    int32_t b[COUNT];
    int32_t z[COUNT];
    int32_t code[COUNT];
    fill((uint64_t)(a_exponent + 100), bits, a);
    fill((uint64_t)(b_exponent + 200), bits, b);
    const struct mca_code_vector left = {a, a_exponent};
    const struct mca_code_vector right = {b, b_exponent};
    const int coarser = mca_code_sum(left, right, COUNT, z);
    assert_int_equal(coarser, a_exponent > b_exponent ? a_exponent : b_exponent);
    for (unsigned kind = MCA_ACTIVATION_RELU; kind <= MCA_ACTIVATION_IDENTITY; ++kind) {
        struct mca_activation activation = {.ops = mca_activation_ops_of(kind), .bits = bits};
        activation.ops->codes(&activation, z, (int)bits - coarser, exponent, COUNT, code);
        for (int i = 0; i < COUNT; ++i) {
            int over;
            const int64_t sum = oracle_divide(a[i], (int64_t)1 << (coarser - a_exponent)) +
                                oracle_divide(b[i], (int64_t)1 << (coarser - b_exponent));
            const int64_t kept = kind == MCA_ACTIVATION_RELU && sum < 0 ? 0 : sum;
            const int64_t scaled = oracle_scale(kept, coarser - exponent, (1 << bits) - 1, &over);
            assert_int_equal(z[i], sum);
            assert_int_equal(code[i], scaled);
        }
    }
}

static void test_code_sum_equals_the_table_of_widths(void **state) {
    (void)state;
    for (uint32_t bits = 8; bits <= 16; ++bits) {
        for (int a = -8; a <= 15; ++a) {
            for (int b = -8; b <= 15; ++b) {
                check_sum(bits, a, b, (a + b) / 2);
            }
        }
    }
}

/* By hand: 3 of full scale 1 and 3 of full scale 2 are 1.5 and 3 codes of the coarser: 2 + 3; the
 * order of the two does not matter, and the sign neither. */
static void test_code_sum_rounds_half_away_from_zero(void **state) {
    (void)state;
    const int32_t fine[] = {3, -3, 1, 0};
    const int32_t coarse[] = {3, -3, -1, 200};
    const int32_t wanted[] = {5, -5, 0, 200};
    int32_t z[4];
    assert_int_equal(
        mca_code_sum((struct mca_code_vector){fine, 0}, (struct mca_code_vector){coarse, 1}, 4, z),
        1);
    assert_memory_equal(z, wanted, sizeof z);
    assert_int_equal(
        mca_code_sum((struct mca_code_vector){coarse, 1}, (struct mca_code_vector){fine, 0}, 4, z),
        1);
    assert_memory_equal(z, wanted, sizeof z);
}

static void test_code_sum_of_values_is_exact(void **state) {
    (void)state;
    const double a[] = {0.5, -3.25};
    const double b[] = {0.25, 1e-3};
    double z[2];
    mca_value_sum(a, b, 2, z);
    assert_near(z[0], 0.75, 0.0);
    assert_near(z[1], -3.249, 1e-15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_sum_equals_the_table_of_widths),
        cmocka_unit_test(test_code_sum_rounds_half_away_from_zero),
        cmocka_unit_test(test_code_sum_of_values_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
