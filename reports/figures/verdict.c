/* The chip against the digital designs beside it, and what binds it. */
#include <math.h>
#include <stddef.h>

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

/* Energy over the chip's of the digital design that needs least, of those which are as fast or as
 * large as the chip; HUGE_VAL for none. A design of few units takes long, and spends static power
 * all the while. */
static double least_over_chip(const struct mca_priced_run *report, size_t of_design) {
    double least = HUGE_VAL;
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const char *design = (const char *)&report->baselines[d];
        const struct mca_baseline *equal = (const struct mca_baseline *)(design + of_design);
        if (equal->lanes > 0 && report->pricing.total_j > 0.0) {
            least = fmin(least, equal->pricing.total_j / report->pricing.total_j);
        }
    }
    return least;
}

/* Where more units would turn the verdict that the chip wins. */
static void add_turn(const struct mca_priced_run *report, char text[MCA__VERDICT_SIZE]) {
    const double fast =
        least_over_chip(report, offsetof(struct mca_baseline_report, iso_throughput));
    const double large = least_over_chip(report, offsetof(struct mca_baseline_report, iso_area));
    if (fmin(fast, large) < 1.0) {
        mca_text_add(
            text, MCA__VERDICT_SIZE,
            "; but a digital design as %s as the chip needs only %.3g of the chip's energy",
            fast <= large ? "fast" : "large", fmin(fast, large));
    }
}

/* What the verdict says of one of the two. */
struct side {
    const char *name;
    const struct mca_pricing *pricing;
};

/* Where the winner takes longer or is larger by more than half a per cent: "; but the chip is
 * slower, 4.91 us against 1.20 us an image, and larger, 2.917 mm2 against 0.447 mm2". */
static void add_drawbacks(const struct side *winner, const struct side *loser, double images,
                          char text[MCA__VERDICT_SIZE]) {
    const struct mca_pricing *w = winner->pricing;
    const struct mca_pricing *l = loser->pricing;
    const int is_slower = w->time_s > 1.005 * l->time_s && l->time_s > 0.0;
    const int is_larger = w->area_total_mm2 > 1.005 * l->area_total_mm2 && l->area_total_mm2 > 0.0;
    if (is_slower || is_larger) {
        mca_text_add(text, MCA__VERDICT_SIZE, "; but %s is", winner->name);
    }
    if (is_slower) {
        mca_text_add(text, MCA__VERDICT_SIZE, " slower, %s against %s an image%s",
                     mca__si(w->time_s / images, "s").s, mca__si(l->time_s / images, "s").s,
                     is_larger ? ", and" : "");
    }
    if (is_larger) {
        mca_text_add(text, MCA__VERDICT_SIZE, " larger, %s against %s",
                     mca__area(w->area_total_mm2).s, mca__area(l->area_total_mm2).s);
    }
}

/* The loser's energy over the winner's, with its range. */
static struct mca_energy_ratio as_loser(const struct mca_energy_ratio *ratio, int chip_loses) {
    return chip_loses ? (struct mca_energy_ratio){1.0 / ratio->value,
                                                  {1.0 / ratio->range.high, 1.0 / ratio->range.low}}
                      : *ratio;
}

static void add_winner(const struct mca_baseline_report *design, const struct side *winner,
                       const struct side *loser, int chip_loses, char text[MCA__VERDICT_SIZE]) {
    const struct mca_energy_ratio total = as_loser(&design->total_ratio, chip_loses);
    const struct mca_energy_ratio dynamic = as_loser(&design->dynamic_ratio, chip_loses);
    if (total.range.low < 1.0 && total.range.high > 1.0) {
        mca_text_add(text, MCA__VERDICT_SIZE,
                     "%s and %s cannot be told apart in energy within the ranges of their figures: "
                     "%s needs %.3g times as much (%.3g to %.3g)",
                     winner->name, loser->name, loser->name, total.value, total.range.low,
                     total.range.high);
    } else if (total.value < 1.005) {
        mca_text_add(text, MCA__VERDICT_SIZE,
                     "%s and %s need the same energy, within 0.5 %% (%.3g to %.3g times)",
                     winner->name, loser->name, total.range.low, total.range.high);
    } else {
        mca_text_add(text, MCA__VERDICT_SIZE,
                     "%s needs less energy than %s, which needs %.3g times as much (%.3g to "
                     "%.3g)",
                     winner->name, loser->name, total.value, total.range.low, total.range.high);
    }
    if (isfinite(dynamic.value)) {
        const int is_other = dynamic.value < 1.0; /* static energy decides */
        mca_text_add(
            text, MCA__VERDICT_SIZE, "; of dynamic energy alone %s needs %.3g times as much%s",
            is_other ? winner->name : loser->name, is_other ? 1.0 / dynamic.value : dynamic.value,
            is_other ? ": static energy decides" : "");
    }
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
    const struct side chip = {"the chip", &report->pricing};
    const struct side digital = {names[design - report->baselines], &design->same_lanes.pricing};
    const int chip_loses = design->total_ratio.value < 1.0;
    const struct side *winner = chip_loses ? &digital : &chip;
    const struct side *loser = chip_loses ? &chip : &digital;
    add_winner(design, winner, loser, chip_loses, text);
    add_drawbacks(winner, loser, (double)report->result->images, text);
    if (!chip_loses) {
        add_turn(report, text);
    }
}

static const double TIE = 0.01;    /* of the time: a lead of less is none */
static const double BINDING = 0.8; /* of the time: who works less is waited for by nobody alone */

int mca__is_busiest(const struct mca_pricing *pricing, enum mca_resource resource) {
    const double most = pricing->busiest[pricing->bottleneck];
    return pricing->time_s > 0.0 && most > 0.0 && pricing->busiest[resource] > most - TIE;
}

int mca__has_binding_resource(const struct mca_pricing *pricing) {
    return pricing->busiest[pricing->bottleneck] >= BINDING;
}

/* "dpu", "dpu and chi", "dac, tile and adc"; gives how many they are. */
static int list_busiest(const struct mca_pricing *pricing, char text[MCA__VERDICT_SIZE]) {
    int count = 0;
    int told = 0;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        count += mca__is_busiest(pricing, (enum mca_resource)r);
    }
    text[0] = '\0';
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        if (mca__is_busiest(pricing, (enum mca_resource)r)) {
            const char *before = told == 0 ? "" : told + 1 == count ? " and " : ", ";
            mca_text_add(text, MCA__VERDICT_SIZE, "%s%s", before,
                         mca_resource_name((enum mca_resource)r));
            ++told;
        }
    }
    return count;
}

/* The phase in which most of the critical path lies. */
static enum mca_phase longest_phase(const struct mca_pricing *pricing) {
    enum mca_phase longest = MCA_PHASE_FORWARD;
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        longest =
            pricing->critical_s[i] > pricing->critical_s[longest] ? (enum mca_phase)i : longest;
    }
    return longest;
}

void mca__binding_text(const struct mca_pricing *pricing, char text[MCA__VERDICT_SIZE]) {
    char names[MCA__VERDICT_SIZE];
    const int count = list_busiest(pricing, names);
    const int is_one = count == 1;
    const struct mca__text use = mca__percent(pricing->busiest[pricing->bottleneck], 0);
    text[0] = '\0';
    if (count > 0 && mca__has_binding_resource(pricing)) {
        mca_text_add(text, MCA__VERDICT_SIZE,
                     "The busiest resource%s, %s, bind%s: %s %s of the time.", is_one ? "" : "s",
                     names, is_one ? "s" : "", is_one ? "it works" : "each works", use.s);
    } else if (count > 0) {
        const enum mca_phase longest = longest_phase(pricing);
        mca_text_add(
            text, MCA__VERDICT_SIZE,
            "The order of the phases binds, since they wait for each other: %s of the time "
            "goes by in %s; the busiest resource%s, %s, work%s %s of the time.",
            mca__percent(mca__ratio(pricing->critical_s[longest], pricing->time_s), 0).s,
            mca_phase_name(longest), is_one ? "" : "s", names, is_one ? "s" : "", use.s);
    }
}
