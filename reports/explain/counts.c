/* Explanations of what is counted, not priced: accuracies, writes and health. */
#include <math.h>

#include "reports/explain/explain_state.h"

/* A number, or one over another. */
int mca__explain_numbers(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    if (figure->text || isnan(mca_result_value(place))) {
        return 0;
    }
    const double value =
        figure->value ? mca_result_value(place) : mca_result_number(place, &figure->number);
    if (figure->number.store == MCA_IN_PRICING) {
        mca__add_part(x, &place->subject, "", figure->number.name, value);
    } else {
        mca__add_term(x, figure->number.name, value);
    }
    if (figure->over.name) {
        mca__divide_by(x, mca_result_number(place, &figure->over), figure->over.name);
    }
    return 1;
}

/* Pulses by the phase that sent them. */
int mca__explain_pulses(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        const uint64_t *counts = place->subject.ledger->counts[p];
        mca__add_term(x, mca_phase_name((enum mca_phase)p),
                      (double)(figure->source == MCA_FROM_SET_PULSES
                                   ? counts[MCA_COMPONENT_PCM_SET]
                                   : counts[MCA_COMPONENT_PCM_RESET]));
    }
    if (figure->over.name) {
        mca__divide_by(x, mca_result_number(place, &figure->over), figure->over.name);
    }
    return x->divisor > 0.0;
}
