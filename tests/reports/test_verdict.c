/* Who needs less energy: judged by hand from made-up energies. */
#include "reports/figures/facts.h"

#include <math.h>

#include "mca_test.h"

static void set(struct mca_priced_run *report, enum mca_baseline_design design, double total,
                double low, double high, double dynamic) {
    report->baselines[design].total_ratio = (struct mca_energy_ratio){total, {low, high}};
    report->baselines[design].dynamic_ratio =
        (struct mca_energy_ratio){dynamic, {dynamic, dynamic}};
}

static void expect_text(const struct mca_priced_run *report, const char *expected) {
    char text[MCA__VERDICT_SIZE];
    mca__verdict_text(report, text);
    assert_string_equal(text, expected);
}

/* Dynamic energy alone would have named the chip: 2.3 times; the total says 0.8. */
static void test_verdict_goes_by_total_energy(void **state) {
    (void)state;
    static struct mca_priced_run report;
    set(&report, MCA_BASELINE_DIGITAL_FP32, 5.0, 3.0, 9.0, 1.0);
    set(&report, MCA_BASELINE_DIGITAL_FP32_SPARSE, 1.5, 1.2, 2.0, 0.5);
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 0.8, 0.5, 0.9, 2.3);
    assert_ptr_equal(mca__strongest_design(&report), &report.baselines[MCA_BASELINE_DIGITAL_MIXED]);
    expect_text(&report, "the 8-bit digital design needs 0.8 of the chip's energy (0.5 to 0.9); "
                         "dynamic energy alone: 2.3");
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 8.0, 5.0, 9.0, 0.2);
    expect_text(&report, "the 32-bit digital design that skips zeros needs 1.5 times the chip's "
                         "energy (1.2 to 2); dynamic energy alone: 0.5");
}

static void test_verdict_says_where_it_is_open(void **state) {
    (void)state;
    static struct mca_priced_run report;
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        set(&report, (enum mca_baseline_design)d, (double)NAN, (double)NAN, (double)NAN,
            (double)NAN);
    }
    assert_null(mca__strongest_design(&report));
    expect_text(&report, "");
    set(&report, MCA_BASELINE_DIGITAL_FP32, 1.25, 0.5, 3.0, (double)NAN);
    expect_text(&report, "the 32-bit digital design needs 1.25 times the chip's energy (0.5 to 3; "
                         "within these ranges either may need less)");
}

/* A design of few units takes long and leaks all the while: one of the chip's area is told where it
 * would turn the verdict, and only there. */
static void test_verdict_tells_of_designs_as_large_as_the_chip(void **state) {
    (void)state;
    static struct mca_priced_run report;
    set(&report, MCA_BASELINE_DIGITAL_FP32, 9.0, 7.0, 11.0, 3.0);
    set(&report, MCA_BASELINE_DIGITAL_FP32_SPARSE, 6.0, 5.0, 9.0, 2.0);
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 4.0, 2.0, 6.0, 0.5);
    report.pricing.total_j = 8.0;
    report.baselines[MCA_BASELINE_DIGITAL_FP32].iso_area.lanes = 7;
    report.baselines[MCA_BASELINE_DIGITAL_FP32].iso_area.pricing.total_j = 12.0;
    expect_text(&report, "the 8-bit digital design needs 4 times the chip's energy (2 to 6); "
                         "dynamic energy alone: 0.5");
    report.baselines[MCA_BASELINE_DIGITAL_FP32_SPARSE].iso_area.lanes = 7;
    report.baselines[MCA_BASELINE_DIGITAL_FP32_SPARSE].iso_area.pricing.total_j = 2.0;
    expect_text(&report, "the 8-bit digital design needs 4 times the chip's energy (2 to 6); "
                         "dynamic energy alone: 0.5; a digital design as large as the chip needs "
                         "0.25 of it");
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 0.5, 0.4, 0.6, 0.5);
    expect_text(&report, "the 8-bit digital design needs 0.5 of the chip's energy (0.4 to 0.6); "
                         "dynamic energy alone: 0.5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_goes_by_total_energy),
        cmocka_unit_test(test_verdict_says_where_it_is_open),
        cmocka_unit_test(test_verdict_tells_of_designs_as_large_as_the_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
