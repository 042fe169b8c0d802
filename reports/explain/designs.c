/* Explanations of digital designs' ratios to the chip, and of milestones. */
#include <math.h>

#include "reports/explain/explain_state.h"
#include "reports/figures/facts.h"

int mca__explain_ratio(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int is_total = place->figure->source == MCA_FROM_TOTAL_RATIO;
    const struct mca_energy_ratio *ratio =
        is_total ? &s->design->total_ratio : &s->design->dynamic_ratio;
    if (place->figure->bound != MCA_RESULT_MIDDLE) {
        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
        const enum mca_ratio_kind kind = is_total ? MCA_RATIO_TOTAL : MCA_RATIO_DYNAMIC;
        const uint32_t count =
            isfinite(ratio->value) ? mca_ratio_errors_of(s->run, s->baseline, kind, sources) : 0;
        mca__explain_end(x, place->figure->bound, ratio->value, sources, count);
        return 1;
    }
    const char *part = is_total ? "energy_j.total" : "energy_j.dynamic";
    mca__add_part(x, s, "", part, is_total ? s->pricing->total_j : s->pricing->dynamic_j);
    mca__divide_by(x, is_total ? s->run->pricing.total_j : s->run->pricing.dynamic_j, part);
    mca__set_range(x, ratio->range);
    return 1;
}

static const struct mca_epoch_record *record_of(const struct mca_result_place *place) {
    return mca__milestone(place->subject.run->result, mca__milestones[place->item]);
}

/* Energy at the end of an epoch, from its cumulative ledger, in the order in which it is summed. */
int mca__explain_epoch_energy(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    struct mca_pricing pricing;
    mca_price(&pricing, &record_of(place)->ledger, s->inventory, s->prices);
    mca__add_term(x, "dynamic", pricing.dynamic_j);
    mca__add_term(x, "static", pricing.static_j);
    mca__set_range(x, pricing.total_range_j);
    return 1;
}

int mca__explain_epoch_time(struct mca_explanation *x, const struct mca_result_place *place) {
    mca__explain_path(x, &record_of(place)->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
    return 1;
}
