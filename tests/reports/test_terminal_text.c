/* Numbers and bars as a person reads them. */
#include "mca_test.h"

#include "reports/formats/terminal_text.h"

static void test_terminal_text_si_prefixes(void **state) {
    (void)state;
    const struct {
        double value;
        const char *unit;
        const char *text;
    } cases[] = {
        {83.2e-9, "J", "83.2 nJ"},   {0.0, "J", "0 J"},
        {1.0, "s", "1.00 s"},        {0.0012345, "s", "1.23 ms"},
        {999.4, "J", "999 J"},       {999.6, "J", "1.00 kJ"},
        {9.996, "J", "10.0 J"},      {99.96e-6, "J", "100 \u00b5J"},
        {4e-15, "J", "4.00 fJ"},     {2.5e-18, "J", "2.50 aJ"},
        {-5e-3, "J", "-5.00 mJ"},    {(double)NAN, "J", "\u2013"},
        {0.9996e-3, "s", "1.00 ms"}, {3e15, "J", "3000 TJ"},
        {687000, "", "687 k"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_string_equal(mca__si(cases[i].value, cases[i].unit).s, cases[i].text);
    }
}

static void test_terminal_text_areas(void **state) {
    (void)state;
    assert_string_equal(mca__area(0).s, "0.000 mm\u00b2");
    assert_string_equal(mca__area(1234.5678).s, "1234.568 mm\u00b2");
    assert_string_equal(mca__area(0.0005).s, "0.001 mm\u00b2");
    assert_string_equal(mca__area(0.000499).s, "499 \u00b5m\u00b2");
    assert_string_equal(mca__area(1.31e-5).s, "13.1 \u00b5m\u00b2");
    assert_string_equal(mca__area(-2e-7).s, "-0.2 \u00b5m\u00b2");
}

static void test_terminal_text_grouped_counts(void **state) {
    (void)state;
    assert_string_equal(mca__grouped(0).s, "0");
    assert_string_equal(mca__grouped(999).s, "999");
    assert_string_equal(mca__grouped(1000).s, "1,000");
    assert_string_equal(mca__grouped(18446744073709551615u).s, "18,446,744,073,709,551,615");
}

static void test_terminal_text_bars(void **state) {
    (void)state;
    assert_string_equal(mca__bar(0.0, 24).s, "");
    assert_string_equal(mca__bar((double)NAN, 24).s, "");
    assert_string_equal(mca__bar(0.5, 4).s, "\u2588\u2588");
    assert_string_equal(mca__bar(0.125, 4).s, "\u258c");
    assert_string_equal(mca__bar(7.0, 2).s, "\u2588\u2588");
    assert_int_equal(strlen(mca__bar(1.0, 24).s), 72);
}

static void test_terminal_text_columns_count_characters(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    mca__put_left(file, "\u00b5", 3);
    mca__put_right(file, "\u2013", 3);
    mca__put_right(file, "long", 2);
    rewind(file);
    char line[64];
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "\u00b5    \u2013long");
    assert_int_equal(fclose(file), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminal_text_si_prefixes),
        cmocka_unit_test(test_terminal_text_areas),
        cmocka_unit_test(test_terminal_text_grouped_counts),
        cmocka_unit_test(test_terminal_text_bars),
        cmocka_unit_test(test_terminal_text_columns_count_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
