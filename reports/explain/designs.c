/* Explanations of digital designs beside the chip, and of milestones. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/explain/explain_state.h"
#include "reports/figures/facts.h"
#include "reports/figures/verdict.h"

static const char *design_name(int i) {
    return mca_baseline_design_name((enum mca_baseline_design)i);
}

/* "_low", "_high" or "" behind a ratio's key; returns 0 for anything else. */
static int bound_of(const char *end, enum mca__bound *bound) {
    *bound = strcmp(end, "_low") == 0    ? MCA__LOW
             : strcmp(end, "_high") == 0 ? MCA__HIGH
                                         : MCA__MIDDLE;
    return *bound != MCA__MIDDLE || *end == '\0';
}

static int explain_ratio(struct mca_explanation *x, const struct mca_priced_run *report,
                         const struct mca_baseline_report *b, const struct mca__subject *s,
                         const char *name) {
    const char *end = mca__after(name, "total_energy_ratio");
    const enum mca_ratio_kind kind = end ? MCA_RATIO_TOTAL : MCA_RATIO_DYNAMIC;
    const struct mca_energy_ratio *ratio = end ? &b->total_ratio : &b->dynamic_ratio;
    enum mca__bound bound;
    end = end ? end : mca__after(name, "energy_ratio");
    if (!end || !bound_of(end, &bound)) {
        return 0;
    }
    x->unit = "";
    if (bound == MCA__MIDDLE && kind == MCA_RATIO_TOTAL) {
        x->meaning = "dynamic and static energy of the design over that of the chip";
        mca__add_part(x, s, "energy_j.", "total", s->pricing->total_j);
        mca__divide_by(x, report->pricing.total_j, "energy_j.total");
        mca__set_range(x, ratio->range);
    } else if (bound == MCA__MIDDLE) {
        x->meaning = "dynamic energy of the design over that of the chip";
        mca__add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
        mca__divide_by(x, report->pricing.dynamic_j, "energy_j.dynamic");
        mca__set_range(x, ratio->range);
    } else if (!isfinite(ratio->value)) {
        mca__explain_end(x, bound, ratio->value, NULL, 0);
    } else {
        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
        const uint32_t count = mca_ratio_errors_of(report, &b->same_lanes, kind, sources);
        mca__explain_end(x, bound, ratio->value, sources, count);
    }
    return 1;
}

/* "baselines.DESIGN.", with "iso_throughput." or "iso_area." behind it, and then the key. */
int mca__explain_baseline(struct mca_explanation *x, const struct mca_priced_run *report,
                          const char *key) {
    const char *dot = strchr(key, '.');
    char name[24];
    (void)snprintf(name, sizeof name, "%.*s", dot ? (int)(dot - key) : 0, key);
    const int design = mca__find(name, MCA_BASELINE_DESIGN_COUNT, design_name);
    if (design < 0) {
        return 0;
    }
    const struct mca_baseline_report *b = &report->baselines[design];
    const struct mca_baseline *baseline = &b->same_lanes;
    const char *rest = dot + 1;
    const char *iso = "";
    if (mca__after(rest, "iso_throughput.")) {
        baseline = &b->iso_throughput;
        iso = "iso_throughput.";
    } else if (mca__after(rest, "iso_area.")) {
        baseline = &b->iso_area;
        iso = "iso_area.";
    }
    rest += strlen(iso);
    if (baseline->lanes == 0) {
        return 0;
    }
    struct mca__subject s = {"",
                             &baseline->ledger,
                             &baseline->inventory,
                             &baseline->prices,
                             &baseline->pricing,
                             (double)report->result->images};
    (void)snprintf(s.prefix, sizeof s.prefix, "baselines.%s.%s", name, iso);
    x->unit = "J";
    if (strcmp(rest, "energy_j_per_image") == 0) {
        mca__explain_per_image(x, &s, "energy_j.total", s.pricing->total_j);
    } else if (strcmp(rest, "dynamic_j_per_image") == 0) {
        mca__explain_per_image(x, &s, "energy_j.dynamic", s.pricing->dynamic_j);
    } else if (strcmp(rest, "latency_s_per_image") == 0) {
        x->unit = "s";
        mca__explain_per_image(x, &s, "latency_s.total", s.pricing->time_s);
    } else if (*iso && strcmp(rest, "area_mm2") == 0) {
        return mca__explain_area(x, &s, "total");
    } else {
        return (!*iso && explain_ratio(x, report, b, &s, rest)) ||
               mca__explain_subject(x, &s, rest);
    }
    return 1;
}

/* Energy at the end of an epoch, from its cumulative ledger, in the order in which it is summed. */
static void explain_epoch_energy(struct mca_explanation *x, const struct mca_priced_run *report,
                                 const struct mca_epoch_record *record) {
    struct mca_pricing pricing;
    mca_price(&pricing, &record->ledger, &report->result->inventory, &report->prices);
    x->unit = "J";
    x->meaning = "dynamic and static energy of the training phases to the end of the epoch";
    mca__add_term(x, "dynamic", pricing.dynamic_j);
    mca__add_term(x, "static", pricing.static_j);
    mca__set_range(x, pricing.total_range_j);
}

int mca__explain_milestone(struct mca_explanation *x, const struct mca_priced_run *report,
                           const char *key) {
    char *end = NULL;
    const double accuracy = strtod(key, &end);
    for (int i = 0; i < MCA__MILESTONE_COUNT && end == key + 4; ++i) {
        const struct mca_epoch_record *record = mca__milestone(report->result, accuracy);
        if (mca__milestones[i] != accuracy || !record) {
            continue;
        }
        if (strcmp(end, ".energy_j") == 0) {
            explain_epoch_energy(x, report, record);
            return 1;
        }
        if (strcmp(end, ".time_s") == 0) {
            mca__explain_time(x, &record->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
            return 1;
        }
    }
    return 0;
}
