/* Which settings are as accurate as the best one: by hand, from differences of the same seed. */
#include "mca_test.h"

#include "reports/sweep/settings.h"

enum { SETTINGS = 4, SEEDS = 4 };

/* Accuracies go up and down with the seed by far more than settings differ. */
static double level(uint32_t seed) {
    return 0.5 + 0.1 * seed;
}

static uint32_t find(uint32_t seeds, const double more[SETTINGS][SEEDS], unsigned char *is_alike,
                     uint32_t *counted) {
    struct mca_sweep_plan plan = {0};
    struct mca_sweep_point points[SETTINGS * SEEDS];
    struct mca_error error;
    uint32_t count = 0;
    plan.metrics.count = 1;
    plan.metrics.list[0].better = 1;
    for (uint32_t s = 0; s < SETTINGS; ++s) {
        for (uint32_t k = 0; k < seeds; ++k) {
            struct mca_sweep_point *p = &points[count++];
            *p = (struct mca_sweep_point){.setting = s, .seed = 7 + k, .state = MCA_SWEEP_DONE};
            p->result.metrics[0] = level(k) + more[s][k];
        }
    }
    const struct mca_sweep_results results = {
        .plan = &plan, .points = points, .count = count, .setting_count = SETTINGS};
    struct mca__sweep_settings settings;
    assert_int_equal(mca__sweep_settings_init(&settings, &results, &error), MCA_OK);
    const uint32_t found = mca__sweep_find_alike(&settings, 0, 1, is_alike, counted);
    mca__sweep_settings_deinit(&settings);
    return found;
}

/* Setting 1 is the best. Setting 0 is always 0.001 less, which no interval of 0 width reaches;
 * setting 2 is 0.01 less by mean, with differences -0.03, 0.01, -0.03, 0.01 whose interval is 3.18 x
 * 0.0231 / 2 = 0.0367 to either side; setting 3 has -0.06, -0.02, -0.06, -0.02: mean -0.04, the same
 * interval, which does not reach 0. */
static void test_sweep_alike_by_differences(void **state) {
    (void)state;
    static const double more[SETTINGS][SEEDS] = {{-0.001, -0.001, -0.001, -0.001},
                                                 {0},
                                                 {-0.03, 0.01, -0.03, 0.01},
                                                 {-0.06, -0.02, -0.06, -0.02}};
    unsigned char is_alike[SETTINGS];
    uint32_t seeds;
    assert_int_equal(find(SEEDS, more, is_alike, &seeds), 2);
    assert_int_equal(seeds, SEEDS);
    assert_int_equal(is_alike[1], 1);
    assert_int_equal(is_alike[2], 1);
    assert_int_equal(is_alike[0] + is_alike[3], 0);
    /* of three seeds the interval of setting 3, -0.06, -0.02, -0.06, is 4.30 x 0.0231 / 1.73 =
     * 0.0574 to either side of -0.0467 */
    assert_int_equal(find(3, more, is_alike, &seeds), 3);
    assert_int_equal(seeds, 3);
    assert_int_equal(is_alike[3], 1);
    assert_int_equal(find(2, more, is_alike, &seeds), 0); /* two seeds tell nothing */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_alike_by_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
