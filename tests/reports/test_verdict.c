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

static void expect_text(struct mca_priced_run *report, const char *expected) {
    static const struct mca_train_result one = {.images = 1};
    char text[MCA__VERDICT_SIZE];
    report->result = report->result ? report->result : &one;
    mca__verdict_text(report, text);
    assert_string_equal(text, expected);
}

/* Dynamic energy alone would have named the chip: 2 times; the total says 0.8. */
static void test_verdict_names_winner_and_loser_by_total_energy(void **state) {
    (void)state;
    static struct mca_priced_run report;
    set(&report, MCA_BASELINE_DIGITAL_FP32, 5.0, 3.0, 9.0, 1.0);
    set(&report, MCA_BASELINE_DIGITAL_FP32_SPARSE, 1.5, 1.2, 2.0, 0.5);
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 0.8, 0.5, 0.9, 2.0);
    assert_ptr_equal(mca__strongest_design(&report), &report.baselines[MCA_BASELINE_DIGITAL_MIXED]);
    expect_text(&report, "the 8-bit digital design needs less energy than the chip, which "
                         "needs 1.25 times as much (1.11 to 2); of dynamic energy alone the "
                         "8-bit digital design needs 2 times as much: static energy decides");
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 8.0, 5.0, 9.0, 0.2);
    expect_text(&report, "the chip needs less energy than the 32-bit digital design that "
                         "skips zeros, which needs 1.5 times as much (1.2 to 2); of dynamic "
                         "energy alone the chip needs 2 times as much: static energy decides");
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
    expect_text(&report, "the chip and the 32-bit digital design cannot be told apart in energy "
                         "within the ranges of their figures: the 32-bit digital design needs 1.25 "
                         "times as much (0.5 to 3)");
    set(&report, MCA_BASELINE_DIGITAL_FP32, 1.25, 1.0, 3.0, (double)NAN);
    expect_text(&report, "the chip needs less energy than the 32-bit digital design, which "
                         "needs 1.25 times as much (1 to 3)");
    set(&report, MCA_BASELINE_DIGITAL_FP32, 0.5, 0.25, 2.0, (double)NAN);
    expect_text(&report, "the 32-bit digital design and the chip cannot be told apart in energy "
                         "within the ranges of their figures: the chip needs 2 times as much "
                         "(0.5 to 4)");
    set(&report, MCA_BASELINE_DIGITAL_FP32, 1.004, 1.0, 1.1, (double)NAN);
    expect_text(&report, "the chip and the 32-bit digital design need the same energy, "
                         "within 0.5 % (1 to 1.1 times)");
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
    expect_text(&report, "the chip needs less energy than the 8-bit digital design, which "
                         "needs 4 times as much (2 to 6); of dynamic energy alone the chip "
                         "needs 2 times as much: static energy decides");
    report.baselines[MCA_BASELINE_DIGITAL_FP32_SPARSE].iso_area.lanes = 7;
    report.baselines[MCA_BASELINE_DIGITAL_FP32_SPARSE].iso_area.pricing.total_j = 2.0;
    expect_text(&report, "the chip needs less energy than the 8-bit digital design, which "
                         "needs 4 times as much (2 to 6); of dynamic energy alone the chip "
                         "needs 2 times as much: static energy decides; but a digital design as "
                         "large as the chip needs only 0.25 of the chip's energy");
    report.baselines[MCA_BASELINE_DIGITAL_MIXED].iso_throughput.lanes = 7;
    report.baselines[MCA_BASELINE_DIGITAL_MIXED].iso_throughput.pricing.total_j = 1.0;
    expect_text(&report, "the chip needs less energy than the 8-bit digital design, which "
                         "needs 4 times as much (2 to 6); of dynamic energy alone the chip "
                         "needs 2 times as much: static energy decides; but a digital design as "
                         "fast as the chip needs only 0.125 of the chip's energy");
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 0.5, 0.4, 0.6, 0.5);
    expect_text(&report, "the 8-bit digital design needs less energy than the chip, which "
                         "needs 2 times as much (1.67 to 2.5); of dynamic energy alone the "
                         "chip needs 2 times as much");
}

/* Time and area stand beside the energy where they go the other way, and only there. */
static void test_verdict_tells_where_the_winner_is_slower_or_larger(void **state) {
    (void)state;
    static struct mca_priced_run report;
    static struct mca_train_result result = {.images = 1000};
    struct mca_pricing *design = &report.baselines[MCA_BASELINE_DIGITAL_FP32].same_lanes.pricing;
    report.result = &result;
    set(&report, MCA_BASELINE_DIGITAL_FP32, 2.0, 1.5, 3.0, (double)NAN);
    set(&report, MCA_BASELINE_DIGITAL_FP32_SPARSE, 3.0, 1.5, 3.0, (double)NAN);
    set(&report, MCA_BASELINE_DIGITAL_MIXED, 3.0, 1.5, 3.0, (double)NAN);
    report.pricing.time_s = 2e-3;
    report.pricing.area_total_mm2 = 2.5;
    design->time_s = 5e-3;
    design->area_total_mm2 = 2.5;
    expect_text(&report, "the chip needs less energy than the 32-bit digital design, which "
                         "needs 2 times as much (1.5 to 3)");
    design->time_s = 1e-3;
    expect_text(&report, "the chip needs less energy than the 32-bit digital design, which "
                         "needs 2 times as much (1.5 to 3); but the chip is slower, 2.00 "
                         "\u00b5s against 1.00 \u00b5s an image");
    design->area_total_mm2 = 0.5;
    expect_text(&report,
                "the chip needs less energy than the 32-bit digital design, which needs 2 "
                "times as much (1.5 to 3); but the chip is slower, 2.00 \u00b5s against "
                "1.00 \u00b5s an image, and larger, 2.500 mm\u00b2 against 0.500 mm\u00b2");
    set(&report, MCA_BASELINE_DIGITAL_FP32, 0.5, 0.4, 0.8, (double)NAN);
    design->area_total_mm2 = 3.0;
    expect_text(&report, "the 32-bit digital design needs less energy than the chip, which "
                         "needs 2 times as much (1.25 to 2.5); but the 32-bit digital "
                         "design is larger, 3.000 mm\u00b2 against 2.500 mm\u00b2");
}

static void expect_binding(double dpu, double chi, double tile, const char *expected) {
    struct mca_pricing pricing = {.time_s = 1.0, .bottleneck = MCA_RESOURCE_CHI};
    pricing.critical_s[MCA_PHASE_FORWARD] = 0.4;
    pricing.critical_s[MCA_PHASE_UPDATE] = 0.6;
    char text[MCA__VERDICT_SIZE];
    pricing.busiest[MCA_RESOURCE_DPU] = dpu;
    pricing.busiest[MCA_RESOURCE_CHI] = chi;
    pricing.busiest[MCA_RESOURCE_TILE] = tile;
    mca__binding_text(&pricing, text);
    assert_string_equal(text, expected);
}

/* Less than a point is no lead, and who rests for a fifth of the time binds nothing alone. */
static void test_verdict_tells_what_binds(void **state) {
    (void)state;
    expect_binding(0.0, 0.0, 0.0, "");
    expect_binding(0.2, 0.94, 0.3, "The busiest resource, chi, binds: it works 94 % of the time.");
    expect_binding(0.2, 0.8, 0.789, "The busiest resource, chi, binds: it works 80 % of the time.");
    expect_binding(0.935, 0.94, 0.3,
                   "The busiest resources, dpu and chi, bind: each works 94 % of the time.");
    expect_binding(
        0.2, 0.79, 0.3,
        "The order of the phases binds, since they wait for each other: 60 % of the time "
        "goes by in update; the busiest resource, chi, works 79 % of the time.");
    expect_binding(
        0.34, 0.344, 0.3355,
        "The order of the phases binds, since they wait for each other: 60 % of the time "
        "goes by in update; the busiest resources, tile, dpu and chi, work 34 % of the "
        "time.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_names_winner_and_loser_by_total_energy),
        cmocka_unit_test(test_verdict_says_where_it_is_open),
        cmocka_unit_test(test_verdict_tells_what_binds),
        cmocka_unit_test(test_verdict_tells_of_designs_as_large_as_the_chip),
        cmocka_unit_test(test_verdict_tells_where_the_winner_is_slower_or_larger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
