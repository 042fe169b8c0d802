#include "reports/figures/verdict.h"

#include <math.h>
#include <stdio.h>

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
    const int used = snprintf(
        text, MCA__VERDICT_SIZE, "%s needs %.3g %s (%.3g to %.3g%s)",
        names[design - report->baselines], total->value,
        total->value < 1.0 ? "of the chip's energy" : "times the chip's energy", total->range.low,
        total->range.high, is_open ? "; within these ranges either may need less" : "");
    if (isfinite(design->dynamic_ratio.value)) {
        (void)snprintf(text + used, MCA__VERDICT_SIZE - (size_t)used,
                       "; dynamic energy alone: %.3g", design->dynamic_ratio.value);
    }
}
