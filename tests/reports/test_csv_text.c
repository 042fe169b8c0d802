#include "reports/formats/csv_text.h"

#include <stdlib.h>

#include "mca_test.h"

static void expect_cell(const char *text, const char *cell) {
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    mca__csv_put_text(out, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(written, cell);
    free(written);
}

static void test_csv_text_quotes_as_rfc_4180(void **state) {
    (void)state;
    expect_cell("", "");
    expect_cell("plain text", "plain text");
    expect_cell("[784, 250, 10]", "\"[784, 250, 10]\"");
    expect_cell("a \"b\"", "\"a \"\"b\"\"\"");
    expect_cell("two\nlines", "\"two\nlines\"");
}

/* No spreadsheet runs what a scenario's author wrote; numbers stay numbers. */
static void test_csv_text_begins_no_formula(void **state) {
    (void)state;
    expect_cell("=1+1", "'=1+1");
    expect_cell("@SUM(A1)", "'@SUM(A1)");
    expect_cell("+cmd", "'+cmd");
    expect_cell("-x", "'-x");
    expect_cell("-1+2", "'-1+2");
    expect_cell("-inf", "'-inf");
    expect_cell("-0x1", "'-0x1");
    expect_cell("\t=1", "'\t=1");
    expect_cell("\r=1", "\"'\r=1\"");
    expect_cell("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
    expect_cell("-0.25", "-0.25");
    expect_cell("+1e-3", "+1e-3");
    expect_cell("a=1", "a=1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_text_quotes_as_rfc_4180),
        cmocka_unit_test(test_csv_text_begins_no_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
