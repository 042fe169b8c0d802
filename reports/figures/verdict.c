/* The chip against the digital designs beside it. */
#include <math.h>
#include <stdio.h>

#include "reports/figures/facts.h"

const struct mca_baseline_report *mca__strongest_design(const struct mca_priced_run *report) {
    const struct mca_baseline_report *strongest = NULL;
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline_report *design = &report->baselines[d];
        if (isfinite(design->total_ratio.value) &&
            (!strongest || design->total_ratio.value < strongest->total_ratio.value)) {
            strongest = design;
        }
    }
    return strongest;
}

/* Energy of a digital design with the chip's area over the chip's, the least; HUGE_VAL for none. A
 * design that takes longer than the chip spends static power all the while. */
static double least_of_equal_area(const struct mca_priced_run *report) {
    double least = HUGE_VAL;
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline *large = &report->baselines[d].iso_area;
        if (large->lanes > 0 && report->pricing.total_j > 0.0) {
            least = fmin(least, large->pricing.total_j / report->pricing.total_j);
        }
    }
    return least;
}

void mca__verdict_text(const struct mca_priced_run *report, char text[MCA__VERDICT_SIZE]) {
    static const char *const names[MCA_BASELINE_DESIGN_COUNT] = {
        [MCA_BASELINE_DIGITAL_FP32] = "the 32-bit digital design",
        [MCA_BASELINE_DIGITAL_FP32_SPARSE] = "the 32-bit digital design that skips zeros",
        [MCA_BASELINE_DIGITAL_MIXED] = "the 8-bit digital design"};
    const struct mca_baseline_report *design = mca__strongest_design(report);
    text[0] = '\0';
    if (!design) {
        return;
    }
    const struct mca_energy_ratio *total = &design->total_ratio;
    const int is_open = total->range.low < 1.0 && total->range.high > 1.0;
    mca_text_add(text, MCA__VERDICT_SIZE, "%s needs %.3g %s (%.3g to %.3g%s)",
                 names[design - report->baselines], total->value,
                 total->value < 1.0 ? "of the chip's energy" : "times the chip's energy",
                 total->range.low, total->range.high,
                 is_open ? "; within these ranges either may need less" : "");
    if (isfinite(design->dynamic_ratio.value)) {
        mca_text_add(text, MCA__VERDICT_SIZE, "; dynamic energy alone: %.3g",
                     design->dynamic_ratio.value);
    }
    const double large = least_of_equal_area(report);
    if (total->value > 1.0 && large < 1.0) { /* more units would turn the verdict */
        mca_text_add(text, MCA__VERDICT_SIZE,
                     "; a digital design as large as the chip needs %.3g of it", large);
    }
}
