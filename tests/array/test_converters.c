#include "array/converters.h"

#include "mca_test.h"

static void test_converters_dac_rounds_top_bits(void **state) {
    (void)state;
    for (uint32_t v = 0; v < 65536; ++v) {
        const double exact = floor(v / 256.0 + 0.5);
        assert_int_equal(mca_dac_code(v, 16, 8), exact > 255.0 ? 255 : (int)exact);
    }
    assert_int_equal(mca_dac_code(3, 4, 8), 48);
    assert_int_equal(mca_dac_code_real(1.0, 8), 255);
    assert_int_equal(mca_dac_code_real(0.5, 8), 128);
    assert_int_equal(mca_dac_code_real(-0.1, 8), 0);
}

static void test_converters_adc_is_a_clipped_staircase(void **state) {
    (void)state;
    for (uint32_t bits = 2; bits <= 16; ++bits) {
        struct mca_adc adc;
        mca_adc_init(&adc, bits, 4.0, 0);
        const double lsb = 8.0 / pow(2.0, bits);
        assert_near(adc.lsb, lsb, 0.0);
        for (double v = -5.0; v <= 5.0; v += 0.00137) {
            int32_t code;
            const uint64_t clipped = mca_adc_convert(&adc, &v, 1, &code);
            const double wanted = nearbyint(v / lsb);
            const double top = pow(2.0, bits - 1.0) - 1.0;
            const double held = wanted > top ? top : wanted < -top - 1.0 ? -top - 1.0 : wanted;
            assert_int_equal(code, (int)held);
            assert_int_equal(clipped, held != wanted);
        }
    }
}

/* Many at once, in groups and rests of them, with ties, ends of the range and values far beyond. */
static void test_converters_adc_many_are_single_ones(void **state) {
    (void)state;
    enum { MOST = 40 };
    struct mca_adc adc;
    mca_adc_init(&adc, 8, 16.0, 0);
    double value[MOST];
    for (int i = 0; i < MOST; ++i) {
        static const double odd[] = {-16.0, 15.875, 1e9, -1e9, 1e300, -1e300, -0.0, 0.0625, 0.1875};
        const size_t count = sizeof odd / sizeof *odd;
        value[i] = i % 4 ? 0.77 * (i - MOST / 2) : odd[(size_t)i / 4 % count];
    }
    for (size_t count = 0; count <= MOST; ++count) {
        int32_t code[MOST + 1];
        uint64_t clipped = 0;
        code[count] = 12345;
        const uint64_t got = mca_adc_convert(&adc, value, count, code);
        for (size_t i = 0; i < count; ++i) {
            const double level = nearbyint(value[i] / adc.lsb); /* half to even */
            const double held = level > 127.0 ? 127.0 : level < -128.0 ? -128.0 : level;
            clipped += held != level;
            assert_int_equal(code[i], (int)held);
        }
        assert_int_equal(got, clipped);
        assert_int_equal(code[count], 12345);
    }
}

static void test_converters_adc_stuck_bit(void **state) {
    (void)state;
    struct mca_adc adc;
    mca_adc_init(&adc, 8, 128.0, 0x40);
    const double values[] = {63.0, 64.0, 127.0, -1.0, -128.0};
    const int32_t wanted[] = {63, 0, 63, -65, -128};
    int32_t codes[5];
    assert_int_equal(mca_adc_convert(&adc, values, 5, codes), 0);
    assert_memory_equal(codes, wanted, sizeof codes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_converters_dac_rounds_top_bits),
        cmocka_unit_test(test_converters_adc_is_a_clipped_staircase),
        cmocka_unit_test(test_converters_adc_many_are_single_ones),
        cmocka_unit_test(test_converters_adc_stuck_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
