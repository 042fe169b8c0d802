#include "array/converters.h"

#include "mca_test.h"

static void test_converters_dac_rounds_top_bits(void **state) {
    (void)state;
    for (uint32_t v = 0; v < 65536; ++v) {
        const double exact = floor(v / 256.0 + 0.5);
        assert_int_equal(mca_dac_code(v, 16, 8), exact > 255.0 ? 255 : (int)exact);
    }
    assert_int_equal(mca_dac_code(3, 4, 8), 48);
}

/* Many at once are single ones with their sign, to a DAC of fewer bits than the values have and of
 * more. */
static void test_converters_dac_many_are_single_ones(void **state) {
    (void)state;
    for (uint32_t value_bits = 4; value_bits <= 16; ++value_bits) {
        for (uint32_t bits = 1; bits <= 12; ++bits) {
            int32_t value[33];
            int32_t codes[34];
            for (uint32_t i = 0; i < 34; ++i) {
                codes[i] = 12345;
            }
            for (uint32_t i = 0; i < 33; ++i) {
                const uint32_t magnitude =
                    i == 32 ? (1u << value_bits) - 1 : (i + 1) * 977 % (1u << value_bits);
                value[i] = i % 3 == 1 ? -(int32_t)magnitude : (int32_t)magnitude;
            }
            mca_dac_codes(value, 33, value_bits, bits, codes);
            for (uint32_t i = 0; i < 33; ++i) {
                /* value / 2^value_bits of full scale in steps of 2^-bits, half up, at most 1 - a
                 * step */
                const double steps = floor(ldexp(abs(value[i]), (int)bits - (int)value_bits) + 0.5);
                const double most = ldexp(1.0, (int)bits) - 1.0;
                const int code = (int)(steps > most ? most : steps);
                assert_int_equal(codes[i], value[i] < 0 ? -code : code);
            }
            assert_int_equal(codes[33], 12345);
        }
    }
}

/* Real magnitudes: the nearest code and its share of full scale, or without bits the magnitude. */
static void test_converters_dac_takes_real_magnitudes(void **state) {
    (void)state;
    static const struct {
        double magnitude;
        uint32_t bits;
        int32_t code;
        double value;
    } cases[] = {{1.0, 8, 255, 255.0 / 256.0},
                 {0.5, 8, 128, 0.5},
                 {0.0019, 8, 0, 0.0},
                 {0.002, 8, 1, 1.0 / 256.0},
                 {-0.1, 8, 0, 0.0},
                 {0.3, 1, 1, 0.5},
                 {0.3, 0, 0, 0.3},
                 {1.0, 0, 0, 1.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_dac_input input = mca_dac_take(cases[i].magnitude, cases[i].bits);
        assert_int_equal(input.code, cases[i].code);
        assert_near(input.value, cases[i].value, 0.0);
    }
}

/* A drive for each sign, or a bit for the sign. */
static void test_converters_dac_drives_signed_inputs(void **state) {
    (void)state;
    const struct mca_dac_config two = {MCA_DAC_PWM, 8, MCA_DRIVE_TWO_PHASE, 1, MCA_BUILD_USED};
    const struct mca_dac_config one = {MCA_DAC_PWM, 8, MCA_DRIVE_BIPOLAR, 1, MCA_BUILD_USED};
    const struct mca_dac_config ideal = {MCA_DAC_PWM, 0, MCA_DRIVE_BIPOLAR, 1, MCA_BUILD_USED};
    assert_int_equal(mca_dac_drives(&two), 2);
    assert_int_equal(mca_dac_signed_bits(&two), 8);
    assert_int_equal(mca_dac_drives(&one), 1);
    assert_int_equal(mca_dac_signed_bits(&one), 7);
    assert_int_equal(mca_dac_signed_bits(&ideal), 0);
    for (unsigned drive = 0; drive < MCA_DRIVE_COUNT; ++drive) {
        const struct mca_dac_config config = {MCA_DAC_PWM, 8, drive, 1, MCA_BUILD_USED};
        assert_in_range(mca_dac_drives(&config), 1, 2);
    }
}

static struct mca_adc adc_of(uint32_t bits, double range, uint32_t stuck_low_mask) {
    const struct mca_adc_config config = {
        .kind = MCA_ADC_CCO, .bits = bits, .stuck_low_mask = stuck_low_mask};
    struct mca_adc adc;
    mca_adc_init(&adc, &config, range);
    return adc;
}

static void check_complete(const struct mca_adc_ops *ops) {
    assert_non_null(ops);
    assert_true(ops->name && ops->name[0] != '\0');
    assert_true(ops->init && ops->convert && ops->init_single_ended && ops->single_ended);
    assert_false(ops->is_ideal && ops->has_codes);
}

/* Every kind has every function; without bits each is the ideal one. */
static void test_converters_adc_table_is_complete(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < MCA_ADC_KIND_COUNT; ++kind) {
        const struct mca_adc_config config = {.kind = kind, .bits = 8};
        const struct mca_adc_config ideal = {.kind = kind, .bits = 0};
        check_complete(mca_adc_ops_of(&config));
        check_complete(mca_adc_ops_of(&ideal));
        assert_false(mca_adc_ops_of(&config)->is_ideal);
        assert_true(mca_adc_ops_of(&ideal)->is_ideal);
    }
}

static void test_converters_adc_ideal_changes_nothing(void **state) {
    (void)state;
    const struct mca_adc adc = adc_of(0, 1.0, 0);
    double value[] = {-3.5, 0.1, 1e9};
    int32_t codes[] = {7, 7, 7};
    assert_int_equal(adc.ops->convert(&adc, value, 3, codes), 0);
    assert_near(value[1], 0.1, 0.0);
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(codes[i], 7);
        assert_near(mca_adc_value(&adc, value, codes, i), value[i], 0.0);
    }
    struct mca_adc single;
    const struct mca_adc_config config = {.kind = MCA_ADC_SAR, .bits = 0};
    mca_adc_init_single_ended(&single, &config, 12.0);
    double beyond = 13.7;
    single.ops->single_ended(&single, 1, &beyond);
    assert_near(beyond, 13.7, 0.0);
    assert_near(single.lsb, 0.0, 0.0);
}

/* Single-ended: 2^bits levels from 0 to the top, the nearest; never further off than a step. */
static void test_converters_adc_single_ended_spans_the_range(void **state) {
    (void)state;
    for (uint32_t bits = 2; bits <= 16; ++bits) {
        const struct mca_adc_config config = {.kind = MCA_ADC_CCO, .bits = bits};
        struct mca_adc adc;
        mca_adc_init_single_ended(&adc, &config, 12.0);
        const double step = 12.0 / (pow(2.0, bits) - 1.0);
        assert_near(adc.lsb, step, 0.0);
        for (double v = -1.0; v <= 13.0; v += 0.00731) {
            const double held = v < 0.0 ? 0.0 : v > 12.0 ? 12.0 : v;
            double got[] = {v, 12.0};
            adc.ops->single_ended(&adc, 2, got);
            assert_near(got[0], held, 0.5 * step + 1e-12);
            assert_near(got[0] / step, nearbyint(got[0] / step), 1e-9);
            assert_near(got[1], 12.0, 1e-12);
        }
    }
}

static void test_converters_adc_is_a_clipped_staircase(void **state) {
    (void)state;
    for (uint32_t bits = 2; bits <= 16; ++bits) {
        const struct mca_adc adc = adc_of(bits, 4.0, 0);
        const double lsb = 8.0 / pow(2.0, bits);
        assert_near(adc.lsb, lsb, 0.0);
        for (double v = -5.0; v <= 5.0; v += 0.00137) {
            int32_t code;
            const uint64_t clipped = adc.ops->convert(&adc, &v, 1, &code);
            const double wanted = nearbyint(v / lsb);
            const double top = pow(2.0, bits - 1.0) - 1.0;
            const double held = wanted > top ? top : wanted < -top - 1.0 ? -top - 1.0 : wanted;
            assert_int_equal(code, (int)held);
            assert_int_equal(clipped, held != wanted);
            assert_near(mca_adc_value(&adc, &v, &code, 0), held * lsb, 0.0);
        }
    }
}

/* Many at once, in groups and rests of them, with ties, ends of the range and values far beyond. */
static void test_converters_adc_many_are_single_ones(void **state) {
    (void)state;
    enum { MOST = 40 };
    const struct mca_adc adc = adc_of(8, 16.0, 0);
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
        const uint64_t got = adc.ops->convert(&adc, value, count, code);
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
    const struct mca_adc adc = adc_of(8, 128.0, 0x40);
    double values[] = {63.0, 64.0, 127.0, -1.0, -128.0};
    const int32_t wanted[] = {63, 0, 63, -65, -128};
    int32_t codes[5];
    assert_int_equal(adc.ops->convert(&adc, values, 5, codes), 0);
    assert_memory_equal(codes, wanted, sizeof codes);
}

/* 4 bits of 8 are a sixteenth of the counts, and 5 steps of 9; an ideal converter is timed as one of
 * 8 bits. Half a picosecond is rounded up. */
static void test_converters_adc_time_follows_its_kind(void **state) {
    (void)state;
    static const struct {
        unsigned kind;
        uint32_t bits;
        unsigned time;
        uint64_t of_8_ps;
        uint64_t wanted_ps;
    } cases[] = {{MCA_ADC_CCO, 4, MCA_ADC_TIME_GIVEN, 77000, 77000},
                 {MCA_ADC_CCO, 4, MCA_ADC_TIME_BY_KIND, 76800, 4800},
                 {MCA_ADC_CCO, 8, MCA_ADC_TIME_BY_KIND, 77000, 77000},
                 {MCA_ADC_CCO, 16, MCA_ADC_TIME_BY_KIND, 1000000000, 256000000000},
                 {MCA_ADC_CCO, 0, MCA_ADC_TIME_BY_KIND, 77000, 77000},
                 {MCA_ADC_CCO, 7, MCA_ADC_TIME_BY_KIND, 3, 2},
                 {MCA_ADC_SAR, 4, MCA_ADC_TIME_BY_KIND, 9000, 5000},
                 {MCA_ADC_SAR, 12, MCA_ADC_TIME_BY_KIND, 9000, 13000},
                 {MCA_ADC_SAR, 8, MCA_ADC_TIME_BY_KIND, 830, 830},
                 {MCA_ADC_SAR, 6, MCA_ADC_TIME_GIVEN, 830, 830}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_adc_config config = {
            .kind = cases[i].kind, .bits = cases[i].bits, .time = cases[i].time};
        assert_int_equal(mca_adc_time_ps(&config, cases[i].of_8_ps), cases[i].wanted_ps);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_converters_dac_rounds_top_bits),
        cmocka_unit_test(test_converters_dac_many_are_single_ones),
        cmocka_unit_test(test_converters_dac_takes_real_magnitudes),
        cmocka_unit_test(test_converters_dac_drives_signed_inputs),
        cmocka_unit_test(test_converters_adc_table_is_complete),
        cmocka_unit_test(test_converters_adc_ideal_changes_nothing),
        cmocka_unit_test(test_converters_adc_single_ended_spans_the_range),
        cmocka_unit_test(test_converters_adc_is_a_clipped_staircase),
        cmocka_unit_test(test_converters_adc_many_are_single_ones),
        cmocka_unit_test(test_converters_adc_stuck_bit),
        cmocka_unit_test(test_converters_adc_time_follows_its_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
