#include "reports/explain/explain.h"

#include <math.h>
#include <string.h>

#include "base/mathx.h"
#include "reports/explain/explain_state.h"

static int explain_phase(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int phase = (int)place->item;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        mca__add_product(x, mca_component_name((enum mca_component)c),
                         (double)s->ledger->counts[phase][c], &s->prices->energy[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        const double instances = (double)mca_block_instances(s->inventory, (enum mca_block)b);
        (void)snprintf(name, sizeof name, "static_%s", mca_block_name((enum mca_block)b));
        mca__add_product(x, name, instances * s->pricing->critical_s[phase],
                         &s->prices->static_w[b]);
    }
    struct mca_shares shares;
    mca_pricing_shares(s->pricing, s->prices, phase, MCA_EVERY, MCA_EVERY, &shares);
    mca__set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->by_phase_j[phase]));
    return 1;
}

/* A component's dynamic or a block's static energy. */
static int explain_part(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_pricing *pricing = s->pricing;
    const int is_block = place->figure->source == MCA_FROM_BLOCK;
    const int part = (int)place->item;
    if (place->figure->bound != MCA_RESULT_MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(pricing, s->prices, MCA_EVERY, is_block ? MCA_NO : part,
                           is_block ? part : MCA_NO, &shares);
        mca__explain_sum_end(x, place->figure->bound, &shares,
                             is_block ? pricing->by_block_j[part] : pricing->by_component_j[part]);
        return 1;
    }
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        const double amount =
            is_block ? (double)mca_block_instances(s->inventory, (enum mca_block)part) *
                           pricing->critical_s[p]
                     : (double)s->ledger->counts[p][part];
        mca__add_product(x, mca_phase_name((enum mca_phase)p), amount,
                         is_block ? &s->prices->static_w[part] : &s->prices->energy[part]);
    }
    mca__set_range(x, is_block ? pricing->block_range_j[part] : pricing->component_range_j[part]);
    return 1;
}

static int explain_total(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    if (place->figure->bound != MCA_RESULT_MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
        mca__explain_sum_end(x, place->figure->bound, &shares, s->pricing->total_j);
        return 1;
    }
    mca__add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
    mca__add_part(x, s, "energy_j.", "static", s->pricing->static_j);
    mca__set_range(x, s->pricing->total_range_j);
    return 1;
}

/* Dynamic energy of all components, or static energy of all blocks. */
static int explain_half(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int is_static = place->figure->source == MCA_FROM_BLOCKS;
    struct mca_shares shares;
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        mca__add_part(x, s, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                      s->pricing->by_component_j[c]);
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        mca__add_part(x, s, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                      s->pricing->by_block_j[b]);
    }
    mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, is_static ? MCA_NO : MCA_EVERY,
                       is_static ? MCA_EVERY : MCA_NO, &shares);
    mca__set_range(x, mca_sum_range(s->prices->library, &shares, mca_result_value(place)));
    return 1;
}

/* An end of the total from one kind of error: the figures' own, or causes that they share. */
static int explain_errors(struct mca_explanation *x, const struct mca_result_place *place) {
    const int common = place->figure->source == MCA_FROM_COMMON_ERRORS;
    const struct mca_result_subject *s = &place->subject;
    struct mca_shares shares;
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const double total = s->pricing->total_j;
    mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
    const uint32_t count =
        total > 0.0 ? mca_sum_errors(s->prices->library, &shares, total, sources) : 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (sources[i].is_cause == common) {
            sources[kept++] = sources[i];
        }
    }
    mca__explain_end(x, place->figure->bound, total, sources, kept);
    return 1;
}

static int explain_utilisation(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    double time_ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        mca__add_term(x, mca_phase_name((enum mca_phase)p),
                      (double)s->ledger->busy_ps[p][place->item]);
        time_ps += (double)s->ledger->critical_ps[p];
    }
    mca__divide_by(x, (double)s->inventory->resource_instances[place->item] * time_ps,
                   "instances x picoseconds");
    return 1;
}

void mca__explain_path(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                       int last) {
    for (int p = first; p <= last; ++p) {
        mca__add_term(x, mca_phase_name((enum mca_phase)p), (double)ledger->critical_ps[p]);
    }
    mca__divide_by(x, 1e12, "picoseconds per second");
}

static int explain_time(struct mca_explanation *x, const struct mca_result_place *place) {
    const int phase = (int)place->item;
    const int is_of_phase = place->figure->family == MCA_RESULT_TRAINING_PHASES;
    mca__explain_path(x, place->subject.ledger, is_of_phase ? phase : MCA_PHASE_FORWARD,
                      is_of_phase ? phase : MCA_PHASE_REFRESH);
    return 1;
}

static int explain_bottleneck(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    x->text = s->pricing->time_s > 0.0 ? mca_resource_name(s->pricing->bottleneck) : "";
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__add_part(x, s, "latency_s.utilisation.", mca_resource_name((enum mca_resource)r),
                      s->pricing->utilisation[r]);
    }
    return 1;
}

static int explain_block_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int block = (int)place->item;
    struct mca_shares shares;
    mca__add_product(x, "instances",
                     (double)mca_block_instances(s->inventory, (enum mca_block)block),
                     &s->prices->area_um2[block]);
    mca__divide_by(x, 1e6, "square micrometres per square millimetre");
    mca_area_shares(s->pricing, s->prices, block, &shares);
    mca__set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_mm2[block]));
    return 1;
}

static int explain_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    struct mca_shares shares;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        mca__add_part(x, s, "area_mm2.by_component.", mca_block_name((enum mca_block)b),
                      s->pricing->area_mm2[b]);
    }
    mca_area_shares(s->pricing, s->prices, MCA_EVERY, &shares);
    mca__set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_total_mm2));
    return 1;
}

/* Terms of a figure, by what it is made of; 0 where the run has none. */
static int (*const EXPLAIN[MCA_RESULT_SOURCE_COUNT])(struct mca_explanation *x,
                                                     const struct mca_result_place *place) = {
    [MCA_FROM_NUMBERS] = mca__explain_numbers,
    [MCA_FROM_SET_PULSES] = mca__explain_pulses,
    [MCA_FROM_RESET_PULSES] = mca__explain_pulses,
    [MCA_FROM_PHASE] = explain_phase,
    [MCA_FROM_COMPONENT] = explain_part,
    [MCA_FROM_BLOCK] = explain_part,
    [MCA_FROM_TOTAL] = explain_total,
    [MCA_FROM_COMPONENTS] = explain_half,
    [MCA_FROM_BLOCKS] = explain_half,
    [MCA_FROM_OWN_ERRORS] = explain_errors,
    [MCA_FROM_COMMON_ERRORS] = explain_errors,
    [MCA_FROM_TIME] = explain_time,
    [MCA_FROM_UTILISATION] = explain_utilisation,
    [MCA_FROM_BOTTLENECK] = explain_bottleneck,
    [MCA_FROM_AREA] = explain_area,
    [MCA_FROM_BLOCK_AREA] = explain_block_area,
    [MCA_FROM_TOTAL_RATIO] = mca__explain_ratio,
    [MCA_FROM_DYNAMIC_RATIO] = mca__explain_ratio,
    [MCA_FROM_EPOCH_ENERGY] = mca__explain_epoch_energy,
    [MCA_FROM_EPOCH_TIME] = mca__explain_epoch_time};

static double value_of(const struct mca_explanation *x) {
    double sum = 0.0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const double v = x->terms[t].value;
        sum += x->formula == MCA_FORMULA_SUM ? v : v * v;
    }
    switch (x->formula) {
    case MCA_FORMULA_HIGH:
        return x->middle * (1.0 + mca_sqrt(sum));
    case MCA_FORMULA_LOW:
        return x->middle / (1.0 + mca_sqrt(sum));
    case MCA_FORMULA_SUM:
        break;
    }
    return x->divisor == 0.0 ? (double)NAN : sum / x->divisor;
}

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_priced_run *report,
                            const char *key, struct mca_error *error) {
    struct mca_result_place place;
    *x = (struct mca_explanation){.unit = "",
                                  .meaning = "",
                                  .low = (double)NAN,
                                  .high = (double)NAN,
                                  .divisor = 1.0,
                                  .library = report->library};
    (void)snprintf(x->key, sizeof x->key, "%s", key);
    const int is_known = mca_result_find(&place, report, key) && place.is_there;
    if (is_known) {
        x->unit = mca_result_unit(place.figure);
        x->meaning = place.figure->meaning;
    }
    if (!is_known || !EXPLAIN[place.figure->source](x, &place)) {
        return mca_fail(error, MCA_INVALID,
                        "no figure '%.80s' to explain; without KEY all are listed", key);
    }
    x->value = x->text ? (double)NAN : value_of(x);
    return MCA_OK;
}

/* Counts the keys down to the one that is wanted. */
struct listing {
    uint32_t left;
    char *key;
    int is_found;
};

static void list_key(void *user, const struct mca_result_place *place) {
    struct listing *listing = user;
    if (listing->is_found || (place->figure->unlisted & place->subject.scope) ||
        (place->figure->text && place->figure->source == MCA_FROM_NUMBERS)) {
        return;
    }
    listing->is_found = listing->left-- == 0;
    if (listing->is_found) {
        mca_result_key(place, listing->key);
        char *total = strstr(listing->key, ".total");
        if (total && place->figure->family != MCA_RESULT_ONE) { /* goes without saying */
            *total = '\0';
        }
    }
}

int mca_explain_key(uint32_t index, char key[MCA_EXPLAIN_KEY_SIZE]) {
    struct listing listing = {index, key, 0};
    mca_result_walk(NULL, list_key, &listing);
    return listing.is_found;
}
