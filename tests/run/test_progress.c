#include "run/progress.h"

#include <unistd.h>

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

/* What an observer's bar writes of 50,000 of 50,001 images, 100,000 s after it began: half an image
 * a second, two seconds left. */
static void draws(int columns, int colour, const char *bar) {
    const struct mca_progress now = {
        .stage = "train", .epoch = 1, .epochs = 12, .done = 50000, .total = 50001};
    struct mca_progress_bar progress;
    char text[512];
    char expected[512];
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    mca_progress_init(&progress, 0);
    progress.bar = 1;
    progress.colour = colour;
    progress.columns = columns;
    progress.start_s -= 100000.0;
    progress.drawn_s = 0.0;
    const struct mca_observer observer = mca_progress_observer(&progress);
    observer.progress(observer.user, &now);
    progress.drawn_s = mca_now_s() + 1000.0;
    observer.progress(observer.user, &now); /* not again so soon */
    mca_observer_notice(&observer, "told");
    mca_progress_end(&progress); /* gone already */
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    (void)snprintf(expected, sizeof expected, "%s\r%*s\rtold\n", bar, columns - 1, "");
    assert_string_equal(text, expected);
}

static void test_progress_bar(void **state) {
    (void)state;
    draws(80, 0,
          "\rtrain 1/12 [#######################-] 100.0 %  0 images/s  0:02 left           ");
    draws(80, 1,
          "\rtrain 1/12 \033[36m[#######################-]\033[0m"
          " 100.0 %  0 images/s  0:02 left           ");
    draws(40, 1, "\rtrain 1/12 \033[36m[#######################-]\033[0m 1");
    draws(38, 1, "\rtrain 1/12 \033[36m[#######################-]\033[0m");
    draws(37, 1, "\rtrain 1/12 [#######################-"); /* no room for colours */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_progress_time),
                                       cmocka_unit_test(test_progress_bar)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
