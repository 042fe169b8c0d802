#include "reports/explain/explain.h"

#include <math.h>
#include <string.h>

#include "base/mathx.h"
#include "reports/figures/facts.h"
#include "reports/figures/result_figures.h"

static struct mca_term *add_term(struct mca_explanation *x, const char *name, double value) {
    struct mca_term *term = &x->terms[x->term_count++];
    *term = (struct mca_term){.amount = (double)NAN, .each = (double)NAN, .value = value};
    (void)snprintf(term->name, sizeof term->name, "%s", name);
    return term;
}

/* A part with an explanation of its own: PREFIX SECTION NAME. */
static void add_part(struct mca_explanation *x, const struct mca_result_subject *s,
                     const char *section, const char *name, double value) {
    struct mca_term *term = add_term(x, "", value);
    term->is_key = 1;
    (void)snprintf(term->name, sizeof term->name, "%s%.40s%.40s", s->prefix, section, name);
}

static void add_product(struct mca_explanation *x, const char *name, double amount,
                        const struct mca_price *price) {
    struct mca_term *term = add_term(x, name, amount * price->value);
    term->amount = amount;
    term->each = price->value;
    term->price = price;
}

static void divide_by(struct mca_explanation *x, double divisor, const char *name) {
    x->divisor = divisor;
    (void)snprintf(x->divisor_name, sizeof x->divisor_name, "%s", name);
}

static void set_range(struct mca_explanation *x, struct mca_range range) {
    x->low = range.low;
    x->high = range.high;
}

/* One end of a range: the sources of error and what each alone does to the value. */
static void explain_end(struct mca_explanation *x, enum mca_result_bound bound, double middle,
                        const struct mca_error_source *sources, uint32_t count) {
    const struct mca_component_library *library = x->library;
    const int high = bound == MCA_RESULT_HIGH;
    x->formula = high ? MCA_FORMULA_HIGH : MCA_FORMULA_LOW;
    x->middle = middle;
    for (uint32_t i = 0; i < count; ++i) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        if (sources[i].is_cause) {
            (void)snprintf(name, sizeof name, "causes.%s", library->causes[sources[i].index].name);
        } else {
            mca_figure_name(sources[i].index, name, sizeof name);
        }
        struct mca_term *term = add_term(x, name, high ? sources[i].up : sources[i].down);
        term->amount = sources[i].share;
        term->each = high ? sources[i].factor : sources[i].factor_down;
        if (sources[i].is_cause) {
            term->cause = &library->causes[sources[i].index];
        } else {
            term->error = &library->figures[sources[i].index];
        }
    }
}

static void explain_sum_end(struct mca_explanation *x, enum mca_result_bound bound,
                            const struct mca_shares *shares, double middle) {
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = middle > 0.0 ? mca_sum_errors(x->library, shares, middle, sources) : 0;
    explain_end(x, bound, middle, sources, count);
}

/* A number, or one over another. */
static int explain_numbers(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    if (figure->text || isnan(mca_result_value(place))) {
        return 0;
    }
    const double value =
        figure->value ? mca_result_value(place) : mca_result_number(place, &figure->number);
    if (figure->number.store == MCA_IN_PRICING) {
        add_part(x, &place->subject, "", figure->number.name, value);
    } else {
        add_term(x, figure->number.name, value);
    }
    if (figure->over.name) {
        divide_by(x, mca_result_number(place, &figure->over), figure->over.name);
    }
    return 1;
}

/* Pulses by the phase that sent them. */
static int explain_pulses(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        const uint64_t *counts = place->subject.ledger->counts[p];
        add_term(x, mca_phase_name((enum mca_phase)p),
                 (double)(figure->source == MCA_FROM_SET_PULSES ? counts[MCA_COMPONENT_PCM_SET]
                                                                : counts[MCA_COMPONENT_PCM_RESET]));
    }
    if (figure->over.name) {
        divide_by(x, mca_result_number(place, &figure->over), figure->over.name);
    }
    return x->divisor > 0.0;
}

static int explain_phase(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int phase = (int)place->item;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        add_product(x, mca_component_name((enum mca_component)c),
                    (double)s->ledger->counts[phase][c], &s->prices->energy[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        const double instances = (double)mca_block_instances(s->inventory, (enum mca_block)b);
        (void)snprintf(name, sizeof name, "static_%s", mca_block_name((enum mca_block)b));
        add_product(x, name, instances * s->pricing->critical_s[phase], &s->prices->static_w[b]);
    }
    struct mca_shares shares;
    mca_pricing_shares(s->pricing, s->prices, phase, MCA_EVERY, MCA_EVERY, &shares);
    set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->by_phase_j[phase]));
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
        explain_sum_end(x, place->figure->bound, &shares,
                        is_block ? pricing->by_block_j[part] : pricing->by_component_j[part]);
        return 1;
    }
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        const double amount =
            is_block ? (double)mca_block_instances(s->inventory, (enum mca_block)part) *
                           pricing->critical_s[p]
                     : (double)s->ledger->counts[p][part];
        add_product(x, mca_phase_name((enum mca_phase)p), amount,
                    is_block ? &s->prices->static_w[part] : &s->prices->energy[part]);
    }
    set_range(x, is_block ? pricing->block_range_j[part] : pricing->component_range_j[part]);
    return 1;
}

static int explain_total(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    if (place->figure->bound != MCA_RESULT_MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
        explain_sum_end(x, place->figure->bound, &shares, s->pricing->total_j);
        return 1;
    }
    add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
    add_part(x, s, "energy_j.", "static", s->pricing->static_j);
    set_range(x, s->pricing->total_range_j);
    return 1;
}

/* Dynamic energy of all components, or static energy of all blocks. */
static int explain_half(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int is_static = place->figure->source == MCA_FROM_BLOCKS;
    struct mca_shares shares;
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        add_part(x, s, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                 s->pricing->by_component_j[c]);
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                 s->pricing->by_block_j[b]);
    }
    mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, is_static ? MCA_NO : MCA_EVERY,
                       is_static ? MCA_EVERY : MCA_NO, &shares);
    set_range(x, mca_sum_range(s->prices->library, &shares, mca_result_value(place)));
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
    explain_end(x, place->figure->bound, total, sources, kept);
    return 1;
}

static int explain_utilisation(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    double time_ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_term(x, mca_phase_name((enum mca_phase)p), (double)s->ledger->busy_ps[p][place->item]);
        time_ps += (double)s->ledger->critical_ps[p];
    }
    divide_by(x, (double)s->inventory->resource_instances[place->item] * time_ps,
              "instances x picoseconds");
    return 1;
}

static int explain_busy(struct mca_explanation *x, const struct mca_result_place *place) {
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_term(x, mca_phase_name((enum mca_phase)p),
                 (double)place->subject.ledger->busy_ps[p][place->item]);
    }
    divide_by(x, 1e12, "picoseconds per second");
    return 1;
}

static int explain_cells(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_inventory *inventory = place->subject.inventory;
    add_term(x, "devices_used", 2.0 * (double)inventory->weights);
    divide_by(x, (double)inventory->devices, "devices");
    return inventory->devices > 0;
}

static void explain_path(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                         int last) {
    for (int p = first; p <= last; ++p) {
        add_term(x, mca_phase_name((enum mca_phase)p), (double)ledger->critical_ps[p]);
    }
    divide_by(x, 1e12, "picoseconds per second");
}

static int explain_time(struct mca_explanation *x, const struct mca_result_place *place) {
    const int phase = (int)place->item;
    const int is_of_phase = place->figure->family == MCA_RESULT_TRAINING_PHASES;
    explain_path(x, place->subject.ledger, is_of_phase ? phase : MCA_PHASE_FORWARD,
                 is_of_phase ? phase : MCA_PHASE_REFRESH);
    return 1;
}

static int explain_bottleneck(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const char *text = place->figure->text(place, NULL);
    x->text = text ? text : "";
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        add_part(x, s, "latency_s.utilisation.", mca_resource_name((enum mca_resource)r),
                 s->pricing->utilisation[r]);
    }
    return 1;
}

static int explain_block_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int block = (int)place->item;
    struct mca_shares shares;
    add_product(x, "instances", (double)mca_block_instances(s->inventory, (enum mca_block)block),
                &s->prices->area_um2[block]);
    divide_by(x, 1e6, "square micrometres per square millimetre");
    mca_area_shares(s->pricing, s->prices, block, &shares);
    set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_mm2[block]));
    return 1;
}

static int explain_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    struct mca_shares shares;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "area_mm2.by_component.", mca_block_name((enum mca_block)b),
                 s->pricing->area_mm2[b]);
    }
    mca_area_shares(s->pricing, s->prices, MCA_EVERY, &shares);
    set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_total_mm2));
    return 1;
}

static int explain_ratio(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int is_total = place->figure->source == MCA_FROM_TOTAL_RATIO;
    const struct mca_energy_ratio *ratio =
        is_total ? &s->design->total_ratio : &s->design->dynamic_ratio;
    if (place->figure->bound != MCA_RESULT_MIDDLE) {
        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
        const enum mca_ratio_kind kind = is_total ? MCA_RATIO_TOTAL : MCA_RATIO_DYNAMIC;
        const uint32_t count =
            isfinite(ratio->value) ? mca_ratio_errors_of(s->run, s->baseline, kind, sources) : 0;
        explain_end(x, place->figure->bound, ratio->value, sources, count);
        return 1;
    }
    const char *part = is_total ? "energy_j.total" : "energy_j.dynamic";
    add_part(x, s, "", part, is_total ? s->pricing->total_j : s->pricing->dynamic_j);
    divide_by(x, is_total ? s->run->pricing.total_j : s->run->pricing.dynamic_j, part);
    set_range(x, ratio->range);
    return 1;
}

static const struct mca_epoch_record *record_of(const struct mca_result_place *place) {
    return mca__milestone(place->subject.run->result, mca__milestones[place->item]);
}

/* Energy at the end of an epoch, from its cumulative ledger, in the order in which it is summed. */
static int explain_epoch_energy(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    struct mca_pricing pricing;
    mca_price(&pricing, &record_of(place)->ledger, s->inventory, s->prices);
    add_term(x, "dynamic", pricing.dynamic_j);
    add_term(x, "static", pricing.static_j);
    set_range(x, pricing.total_range_j);
    return 1;
}

static int explain_epoch_time(struct mca_explanation *x, const struct mca_result_place *place) {
    explain_path(x, &record_of(place)->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
    return 1;
}

/* Terms of a figure, by what it is made of; 0 where the run has none. */
static int (*const EXPLAIN[MCA_RESULT_SOURCE_COUNT])(struct mca_explanation *x,
                                                     const struct mca_result_place *place) = {
    [MCA_FROM_NUMBERS] = explain_numbers,
    [MCA_FROM_SET_PULSES] = explain_pulses,
    [MCA_FROM_RESET_PULSES] = explain_pulses,
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
    [MCA_FROM_BUSY] = explain_busy,
    [MCA_FROM_CELLS] = explain_cells,
    [MCA_FROM_BOTTLENECK] = explain_bottleneck,
    [MCA_FROM_AREA] = explain_area,
    [MCA_FROM_BLOCK_AREA] = explain_block_area,
    [MCA_FROM_TOTAL_RATIO] = explain_ratio,
    [MCA_FROM_DYNAMIC_RATIO] = explain_ratio,
    [MCA_FROM_EPOCH_ENERGY] = explain_epoch_energy,
    [MCA_FROM_EPOCH_TIME] = explain_epoch_time};

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

/* 0 where the run has no such figure, or it is a text that explains itself. */
static int explain_place(struct mca_explanation *x, const struct mca_result_place *place) {
    *x = (struct mca_explanation){.unit = mca_result_unit(place->figure),
                                  .meaning = place->figure->meaning,
                                  .low = (double)NAN,
                                  .high = (double)NAN,
                                  .divisor = 1.0,
                                  .library = place->subject.run->library};
    const int is_known = place->is_there && EXPLAIN[place->figure->source](x, place);
    x->value = x->text || !is_known ? (double)NAN : value_of(x);
    return is_known;
}

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_priced_run *report,
                            const char *key, struct mca_error *error) {
    struct mca_result_place place;
    if (!mca_result_find(&place, report, key) || !explain_place(x, &place)) {
        return mca_fail(error, MCA_INVALID,
                        "no figure '%.80s' to explain; without KEY all are listed", key);
    }
    (void)snprintf(x->key, sizeof x->key, "%s", key);
    return MCA_OK;
}

struct listing {
    mca_explanation_visit *visit;
    void *user;
    struct mca_explanation x;
};

static void list_place(void *user, const struct mca_result_place *place) {
    struct listing *listing = user;
    struct mca_explanation *x = &listing->x;
    if ((place->figure->unlisted & place->subject.scope) || !explain_place(x, place)) {
        return;
    }
    mca_result_key(place, x->key);
    char *total = strstr(x->key, ".total");
    if (total && place->figure->family != MCA_RESULT_ONE) { /* goes without saying */
        *total = '\0';
    }
    listing->visit(listing->user, x);
}

void mca_explain_all(const struct mca_priced_run *report, mca_explanation_visit *visit,
                     void *user) {
    struct listing listing = {.visit = visit, .user = user};
    mca_result_walk(report, list_place, &listing);
}
