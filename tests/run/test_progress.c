#include "run/progress.h"

#include "mca_test.h"

static void shows(double seconds, const char *expected) {
    char text[32];
    mca_format_time(seconds, text);
    assert_string_equal(text, expected);
}

/* Seconds are rounded; what no counter holds is shown as the most. */
static void test_progress_time(void **state) {
    (void)state;
    shows(0.0, "0:00");
    shows(0.4, "0:00");
    shows(0.5, "0:01");
    shows(59.4, "0:59");
    shows(59.5, "1:00");
    shows(125.0, "2:05");
    shows(3599.0, "59:59");
    shows(3600.0, "1:00:00");
    shows(3725.0, "1:02:05");
    shows(7199.0, "1:59:59");
    shows(360000.0, "100:00:00");
    shows(1e30, "277777:46:40");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_progress_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
