/* What a running sweep shows, by a clock that the test keeps: rows on a terminal, lines elsewhere.
 */
#include "mca_test.h"

#include <unistd.h>

#include "sweep/table.h"

static double clock_s;

double __wrap_mca_now_s(void);

double __wrap_mca_now_s(void) {
    return clock_s;
}

/* stderr goes to a file between begin() and end(). */
struct capture {
    FILE *file;
    int kept;
    char text[2048];
};

static void begin(struct capture *c) {
    (void)fflush(stderr);
    c->file = tmpfile();
    assert_non_null(c->file);
    c->kept = dup(STDERR_FILENO);
    assert_true(dup2(fileno(c->file), STDERR_FILENO) >= 0);
}

static const char *end(struct capture *c) {
    (void)fflush(stderr);
    assert_true(dup2(c->kept, STDERR_FILENO) >= 0);
    (void)close(c->kept);
    rewind(c->file);
    c->text[fread(c->text, 1, sizeof c->text - 1, c->file)] = '\0';
    (void)fclose(c->file);
    return c->text;
}

/* Three of ten were done before; this process has run two in 20 s, five are left: 50 s. */
static struct mca_sweep_counts counts(void) {
    return (struct mca_sweep_counts){.total = 10,
                                     .done = 4,
                                     .failed = 1,
                                     .running = 2,
                                     .ran = 2,
                                     .best_accuracy = 0.98765,
                                     .best = "adc.bits 8"};
}

static struct mca_sweep_table table_of(int live) {
    struct mca_sweep_table table;
    mca_sweep_table_init(&table, 0);
    table.start_s = clock_s;
    table.shown_s = clock_s;
    table.live = live;
    table.columns = 72;
    return table;
}

#define HEAD "       done  running  failed      left  best accuracy so far\n"
#define ROW "\r       4/10        2       1      0:50  98.77 %  adc.bits 8            "

static void test_sweep_table_redraws_a_row(void **state) {
    (void)state;
    struct mca_sweep_counts of = counts();
    struct capture c;
    begin(&c);
    clock_s = 100.0;
    struct mca_sweep_table table = table_of(1);
    mca_sweep_table_show(&table, &of, 0); /* not yet */
    clock_s = 120.0;
    mca_sweep_table_show(&table, &of, 0);
    clock_s = 120.0625;
    mca_sweep_table_show(&table, &of, 0); /* not again so soon, unless something happened */
    clock_s = 120.0;
    mca_sweep_table_show(&table, &of, 1);
    mca_sweep_table_line(&table, 0, "point %d", 7);
    of.ran = 0;
    of.best_accuracy = (double)NAN;
    mca_sweep_table_show(&table, &of, 1);
    mca_sweep_table_end(&table);
    mca_sweep_table_end(&table); /* the row is gone */
    assert_string_equal(
        end(&c), HEAD ROW ROW
        "\r                                                                       \r"
        "point 7\n" HEAD "\r       4/10        2       1      -:--  -                              "
        "\n");
}

/* A row is never wider than the terminal less one. */
static void test_sweep_table_cuts_a_row(void **state) {
    (void)state;
    const struct mca_sweep_counts of = counts();
    struct capture c;
    begin(&c);
    clock_s = 100.0;
    struct mca_sweep_table table = table_of(1);
    table.columns = 45;
    clock_s = 120.0;
    mca_sweep_table_show(&table, &of, 1);
    assert_string_equal(end(&c), HEAD "\r       4/10        2       1      0:50  98.7");
}

/* Every half a minute, whatever happens. */
static void test_sweep_table_writes_lines(void **state) {
    (void)state;
    const struct mca_sweep_counts of = counts();
    struct capture c;
    begin(&c);
    clock_s = 100.0;
    struct mca_sweep_table table = table_of(0);
    clock_s = 129.0;
    mca_sweep_table_show(&table, &of, 1);
    clock_s = 130.0;
    mca_sweep_table_show(&table, &of, 0);
    clock_s = 159.0;
    mca_sweep_table_show(&table, &of, 0);
    mca_sweep_table_line(&table, 0, "point %d", 7);
    clock_s = 160.0;
    mca_sweep_table_show(&table, &of, 0);
    mca_sweep_table_end(&table);
    assert_string_equal(end(&c), "4 of 10 points done, 2 running, 1 failed, 1:15 left\n"
                                 "point 7\n"
                                 "4 of 10 points done, 2 running, 1 failed, 2:30 left\n");
}

static void test_sweep_table_is_quiet_but_for_failures(void **state) {
    (void)state;
    const struct mca_sweep_counts of = counts();
    struct capture c;
    begin(&c);
    clock_s = 100.0;
    for (int live = 0; live < 2; ++live) {
        struct mca_sweep_table table = table_of(live);
        table.quiet = 1;
        clock_s += 1000.0;
        mca_sweep_table_show(&table, &of, 1);
        mca_sweep_table_line(&table, 0, "told to nobody");
        mca_sweep_table_line(&table, 1, "failed");
        mca_sweep_table_end(&table);
    }
    assert_string_equal(end(&c), "failed\nfailed\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_table_redraws_a_row),
        cmocka_unit_test(test_sweep_table_cuts_a_row),
        cmocka_unit_test(test_sweep_table_writes_lines),
        cmocka_unit_test(test_sweep_table_is_quiet_but_for_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
