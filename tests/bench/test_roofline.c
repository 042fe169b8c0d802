/* What `mcasim bench` copies to find the rate of a cache lies in that cache. */
#include "cli/bench/roofline.h"

#include "mca_test.h"

static void test_roofline_copies_lie_in_their_level(void **state) {
    (void)state;
    static struct cli_roofline roofline;
    cli_measure_roofline(&roofline);
    for (int i = 0; i < CLI_ROOFLINE_LEVELS; ++i) {
        const struct cli_roofline_level *level = &roofline.levels[i];
        assert_int_equal(cli_roofline_level(&roofline, level->bytes), i);
        assert_true(level->bytes_per_s > 0.0);
        assert_true(i == 0 || level->capacity > roofline.levels[i - 1].capacity);
    }
    assert_true(roofline.fma_per_s > 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roofline_copies_lie_in_their_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
