/* What `mcasim bench` copies to find the rate of a cache lies in that cache, and rates are what was
 * done by a clock that the test keeps. */
#include "cli/bench/roofline.h"

#include "mca_test.h"

/* A 32nd of a second a look, exactly: 0.05 s are over after two of them. */
enum { LOOKS = 2, LOOKS_PER_S = 32 };

double __wrap_mca_now_s(void);

double __wrap_mca_now_s(void) {
    static uint32_t looks;
    return (double)++looks / LOOKS_PER_S;
}

static void test_roofline_copies_lie_in_their_level(void **state) {
    (void)state;
    static struct cli_roofline roofline;
    cli_measure_roofline(&roofline);
    for (int i = 0; i < CLI_ROOFLINE_LEVELS; ++i) {
        const struct cli_roofline_level *level = &roofline.levels[i];
        assert_int_equal(cli_roofline_level(&roofline, level->bytes), i);
        assert_true(i == 0 || level->capacity > roofline.levels[i - 1].capacity);
        /* half of it is read and as much written, as often between looks as moves a megabyte */
        const size_t copies = LOOKS * (1 + 1048576 / (level->bytes / 2));
        assert_near(level->bytes_per_s, (double)copies * (double)level->bytes * LOOKS_PER_S / LOOKS,
                    0.0);
    }
    /* 4096 steps of 12 chains of 16 numbers a look */
    assert_near(roofline.fma_per_s, 4096.0 * 12.0 * 16.0 * LOOKS_PER_S, 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roofline_copies_lie_in_their_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
