#include "train/ages.h"

#include "mca_test.h"

static void assert_ages(const char *text, uint32_t count, const double *want) {
    struct mca_f64_list ages;
    struct mca_error error;
    assert_int_equal(mca_ages_parse(&ages, text, &error), MCA_OK);
    assert_int_equal(ages.count, count);
    for (uint32_t i = 0; i < count; ++i) {
        assert_near(ages.values[i], want[i], 1e-12 * want[i]);
    }
}

static void assert_refused(const char *text, const char *line) {
    struct mca_f64_list ages;
    struct mca_error error;
    assert_int_equal(mca_ages_parse(&ages, text, &error), MCA_INVALID);
    assert_string_equal(error.message, line);
}

static void test_ages_units(void **state) {
    (void)state;
    assert_ages("1s,2min,1.5h,30d,1y", 5, (double[]){1, 120, 5400, 2592000, 31536000});
    assert_ages("0,1e-6,1e10,.5d,2.e3", 5, (double[]){0, 1e-6, 1e10, 43200, 2000});
    assert_ages("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", 16,
                (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
}

static void test_ages_refused(void **state) {
    (void)state;
#define NO_AGE(text)                                                                               \
    "'" text "' is not an age: a number with s, min, h, d or y behind it, or nothing for seconds"
    assert_refused("", NO_AGE(""));
    assert_refused("1d,", NO_AGE(""));
    assert_refused("1d,2x", NO_AGE("2x"));
    assert_refused("inf", NO_AGE("inf"));
    assert_refused("0x10", NO_AGE("0x10"));
    assert_refused("1 d", NO_AGE("1 d"));
    assert_refused("-1s", "'-1s' is outside 0 .. 1e10 s");
    assert_refused("318y", "'318y' is outside 0 .. 1e10 s");
    assert_refused("1h,3600", "'3600' is given twice");
    assert_refused("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "more than 16 ages");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ages_units),
        cmocka_unit_test(test_ages_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
