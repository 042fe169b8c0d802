#include "dpu/output_scale.h"

#include "mca_test.h"

/* 12 bits behind the point of 16; the nearest word; neither below 0 nor beyond 65535. */
static void test_output_scale_words(void **state) {
    (void)state;
    assert_int_equal(mca_scale_code(1.0), 4096);
    assert_int_equal(mca_scale_code(1.0 + 0.6 / 4096.0), 4097);
    assert_int_equal(mca_scale_code(15.9998), 65535);
    assert_int_equal(mca_scale_code(1e9), 65535);
    assert_int_equal(mca_scale_code(-1.0), 0);
}

/* Sums gain 4 bits, fewer where an activation takes no more than 24. */
static void test_output_scale_kept_bits(void **state) {
    (void)state;
    static const struct {
        int frac, kept;
    } table[] = {{-8, 4}, {3, 4}, {20, 4}, {21, 3}, {24, 0}, {30, 0}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        assert_int_equal(mca_scale_kept_bits(table[i].frac), table[i].kept);
    }
}

/* 1.5 and 1 + 1/4096, two positions: 3 x 1.5 is 4.5, 72 sixteenths; 2056 x (1 + 1/4096) is 2056 and
 * 8.03 sixteenths; and 128 x it is 2048.5 sixteenths, half away from zero. */
static void test_output_scale_by_hand(void **state) {
    (void)state;
    uint16_t code[2] = {6144, 4097};
    double factor[2] = {1.5, -2.0};
    struct mca_output_scale scale = {2, factor, code, 4};
    int32_t sum[4] = {3, 2056, -3, -128};
    double real[4] = {3, 4, -5, 6};
    mca_scale_sums(&scale, 2, sum);
    assert_int_equal(sum[0], 72);
    assert_int_equal(sum[1], 16 * 2056 + 8);
    assert_int_equal(sum[2], -72);
    assert_int_equal(sum[3], -2049);
    mca_scale_sums_real(&scale, 2, real);
    assert_near(real[0], 4.5, 0.0);
    assert_near(real[1], -8.0, 0.0);
    assert_near(real[2], -7.5, 0.0);
    assert_near(real[3], -12.0, 0.0);
    int32_t large[2] = {1 << 26, -(1 << 30)};
    code[0] = 65535;
    mca_scale_sums(&scale, 1, large);
    assert_int_equal(large[0], 1 << 30);
    assert_int_equal(large[1], -(1 << 30));
    scale.kept_bits = 0;
    int32_t whole[2] = {7, 4096};
    code[0] = 6144;
    mca_scale_sums(&scale, 1, whole);
    assert_int_equal(whole[0], 11);
    assert_int_equal(whole[1], 4097);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_scale_words),
        cmocka_unit_test(test_output_scale_kept_bits),
        cmocka_unit_test(test_output_scale_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
