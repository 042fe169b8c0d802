#include "reports/figures/verdict.h"

#include <math.h>
#include <stdio.h>

static double energy_j(const struct mca_pricing *pricing, enum mca__energy_ratio ratio) {
    return ratio == MCA__RATIO_TOTAL ? pricing->total_j : pricing->dynamic_j;
}

uint32_t mca__ratio_errors_of(const struct mca_run_report *report,
                              const struct mca_baseline *design, enum mca__energy_ratio ratio,
                              struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]) {
    const int blocks = ratio == MCA__RATIO_TOTAL ? MCA_EVERY : MCA_NO;
    struct mca_shares top;
    struct mca_shares bottom;
    mca_pricing_shares(&design->pricing, &design->prices, MCA_EVERY, MCA_EVERY, blocks, &top);
    mca_pricing_shares(&report->pricing, &report->prices, MCA_EVERY, MCA_EVERY, blocks, &bottom);
    return mca_ratio_errors(report->library, &top, energy_j(&design->pricing, ratio), &bottom,
                            energy_j(&report->pricing, ratio), sources);
}

static struct mca_energy_ratio ratio_of(const struct mca_run_report *report,
                                        const struct mca_baseline *design,
                                        enum mca__energy_ratio kind) {
    const double top = energy_j(&design->pricing, kind);
    const double bottom = energy_j(&report->pricing, kind);
    if (!(top > 0.0 && bottom > 0.0)) {
        return (struct mca_energy_ratio){(double)NAN, {(double)NAN, (double)NAN}};
    }
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = mca__ratio_errors_of(report, design, kind, sources);
    return (struct mca_energy_ratio){top / bottom,
                                     mca_range_of(top / bottom, sources, count, MCA_ERRORS_ALL)};
}

void mca__compare_energy(struct mca_baseline_report *design, const struct mca_run_report *report) {
    design->total_ratio = ratio_of(report, &design->same_lanes, MCA__RATIO_TOTAL);
    design->dynamic_ratio = ratio_of(report, &design->same_lanes, MCA__RATIO_DYNAMIC);
}

const struct mca_baseline_report *mca__strongest_design(const struct mca_run_report *report) {
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

void mca__verdict_text(const struct mca_run_report *report, char text[MCA__VERDICT_SIZE]) {
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
