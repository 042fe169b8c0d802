#include "reports/explain/explain.h"

#include <math.h>
#include <string.h>

#include "base/mathx.h"
#include "base/suggest.h"
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
static void explain_end(struct mca_explanation *x, const struct mca_result_figure *figure,
                        double middle, const struct mca_error_source *sources, uint32_t count) {
    const struct mca_component_library *library = x->library;
    const int high = figure->bound == MCA_RESULT_HIGH;
    x->formula = high ? MCA_FORMULA_HIGH : MCA_FORMULA_LOW;
    x->middle = middle;
    for (uint32_t i = 0; i < count; ++i) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        const int is_cause = sources[i].is_cause;
        if (figure->source == (is_cause ? MCA_FROM_OWN_ERRORS : MCA_FROM_COMMON_ERRORS)) {
            continue; /* of the other kind */
        }
        if (is_cause) {
            (void)snprintf(name, sizeof name, "causes.%s", library->causes[sources[i].index].name);
        } else {
            mca_figure_name(sources[i].index, name, sizeof name);
        }
        struct mca_term *term = add_term(x, name, high ? sources[i].up : sources[i].down);
        term->amount = sources[i].share;
        term->each = high ? sources[i].factor : sources[i].factor_down;
        term->cause = is_cause ? &library->causes[sources[i].index] : NULL;
        term->error = is_cause ? NULL : &library->figures[sources[i].index];
    }
}

/* A number, or one over another. */
static int explain_numbers(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_figure *figure = place->figure;
    if (figure->text || isnan(mca_result_value(place))) {
        return 0;
    }
    const double value = mca_result_undivided(place);
    if (figure->number.store == MCA_IN_PRICING || figure->number.store == MCA_IN_FIGURE) {
        add_part(x, &place->subject, "", figure->number.name, value);
    } else {
        add_term(x, figure->number.name, value);
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
    return !isnan(mca_result_value(place));
}

/* Pulses that the first device to stick had left, over its pulses a second. */
static int explain_wear(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const struct mca_wear *wear = mca__first_worn(&place->subject);
    if (!wear || isnan(mca_result_value(place))) {
        return 0;
    }
    add_term(x, "endurance", (double)wear->first_worn_endurance);
    add_term(x, "pulses_before_training", -(double)wear->first_worn_before);
    divide_by(x, mca__wear_rate(run, wear),
              mca__format("pulses per second: %s in %.17g s",
                          mca__grouped(wear->first_worn_writes).s, run->pricing.time_s)
                  .s);
    return 1;
}

static void add_phase(struct mca_explanation *x, const struct mca_result_subject *s, int phase) {
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        add_product(x, mca_component_name((enum mca_component)c),
                    (double)s->ledger->counts[phase][c], &s->prices->energy[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        add_product(x, mca__format("static_%s", mca_block_name((enum mca_block)b)).s,
                    s->pricing->powered_s[phase][b], &s->prices->static_w[b]);
    }
}

/* A component's dynamic or a block's static energy, by phase. */
static void add_phases(struct mca_explanation *x, const struct mca_result_subject *s, int part,
                       int is_block) {
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_product(x, mca_phase_name((enum mca_phase)p),
                    is_block ? s->pricing->powered_s[p][part] : (double)s->ledger->counts[p][part],
                    is_block ? &s->prices->static_w[part] : &s->prices->energy[part]);
    }
}

/* Dynamic energy of all components, or static energy of all blocks. */
static void add_parts(struct mca_explanation *x, const struct mca_result_subject *s,
                      int is_static) {
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        add_part(x, s, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                 s->pricing->by_component_j[c]);
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                 s->pricing->by_block_j[b]);
    }
}

static int is_of_phase(const struct mca_result_figure *figure) {
    return figure->family == MCA_RESULT_TRAINING_PHASES ||
           figure->family == MCA_RESULT_TEST_PHASE || figure->family == MCA_RESULT_INIT_PHASE;
}

static void add_energies(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_result_figure *figure = place->figure;
    if (is_of_phase(figure)) {
        add_phase(x, s, (int)place->item);
    } else if (figure->family != MCA_RESULT_ONE) {
        add_phases(x, s, (int)place->item, figure->family == MCA_RESULT_BLOCKS);
    } else if (figure->source == MCA_FROM_ENERGY) {
        add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
        add_part(x, s, "energy_j.", "static", s->pricing->static_j);
    } else {
        add_parts(x, s, figure->source == MCA_FROM_BLOCKS);
    }
}

/* A sum of energies and its range, or an end of that from one kind of error or from all. */
static int explain_energy(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_pricing *p = place->subject.pricing;
    const struct mca_result_figure *figure = place->figure;
    const int is_member = figure->family != MCA_RESULT_ONE;
    const int item = (int)place->item;
    int phase = MCA_EVERY; /* what is summed, as mca_pricing_shares selects it */
    int component = MCA_EVERY;
    int block = MCA_EVERY;
    double joules = p->total_j;
    if (is_of_phase(figure)) {
        phase = item;
        joules = p->by_phase_j[item];
    } else if (figure->family == MCA_RESULT_COMPONENTS || figure->source == MCA_FROM_COMPONENTS) {
        component = is_member ? item : MCA_EVERY;
        block = MCA_NO;
        joules = is_member ? p->by_component_j[item] : p->dynamic_j;
    } else if (figure->family == MCA_RESULT_BLOCKS || figure->source == MCA_FROM_BLOCKS) {
        component = MCA_NO;
        block = is_member ? item : MCA_EVERY;
        joules = is_member ? p->by_block_j[item] : p->static_j;
    }
    struct mca_shares shares;
    mca_pricing_shares(p, place->subject.prices, phase, component, block, &shares);
    if (figure->bound == MCA_RESULT_MIDDLE) {
        add_energies(x, place);
        set_range(x, mca_sum_range(x->library, &shares, joules));
    } else {
        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
        const uint32_t count = mca_sum_errors(x->library, &shares, joules, sources);
        explain_end(x, figure, joules, sources, count);
    }
    return 1;
}

/* Picoseconds in which units of a resource work, by phase; returns those of the whole time. */
static double add_busy(struct mca_explanation *x, const struct mca_ledger *ledger, uint32_t item) {
    double time_ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_term(x, mca_phase_name((enum mca_phase)p), (double)ledger->busy_ps[p][item]);
        time_ps += (double)ledger->critical_ps[p];
    }
    return time_ps;
}

/* Time that units work, or the share of the time in which a resource does. */
static int explain_busy(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const double time_ps = add_busy(x, s->ledger, place->item);
    if (place->figure->kind == MCA_RESULT_FRACTION) {
        divide_by(x, (double)s->inventory->resource_instances[place->item] * time_ps,
                  "instances x picoseconds");
    } else {
        divide_by(x, 1e12, "picoseconds per second");
    }
    return 1;
}

/* The same of the layer whose own units work longest, of those of tiles of the one that does. */
static int explain_busiest(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const enum mca_resource resource = (enum mca_resource)place->item;
    const struct mca_layer_price *group = mca__busiest_group(run, resource);
    if (!group) {
        return explain_busy(x, place);
    }
    const int layer = (int)(group - run->layers);
    const double instances = (double)group->inventory.resource_instances[resource];
    const double time_ps = add_busy(x, &group->ledger, place->item);
    if (resource == MCA_RESOURCE_PROGRAM || instances == 1.0) {
        divide_by(x, instances * time_ps,
                  mca__format("instances of layer %d x picoseconds", layer).s);
        return 1;
    }
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_term(x, mca__format("%s_beside", mca_phase_name((enum mca_phase)p)).s,
                 -(double)group->ledger.beside_ps[p][resource]);
    }
    divide_by(x, time_ps,
              mca__format("picoseconds; beside: others of layer %d than the longest", layer).s);
    return 1;
}

static int explain_cells(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_inventory *inventory = place->subject.inventory;
    add_term(x, "devices_used", mca__devices_used(inventory));
    divide_by(x, (double)inventory->devices, "devices");
    return inventory->devices > 0;
}

/* Dynamic energy as it is, and static power for as long as the run would take. */
static int explain_free_energy(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    if (isnan(mca_result_value(place))) {
        return 0;
    }
    const double seconds = (double)s->run->result->what_if_ps[place->item] / 1e12;
    add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
    add_term(x, "static_power_x_seconds", seconds * s->pricing->idle_w);
    const double gated_j = mca_price_gated_j(s->pricing, (enum mca_resource)place->item);
    if (gated_j > 0.0) {
        add_term(x, "gated_power_x_work", gated_j);
    }
    return 1;
}

static int explain_energy_without(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const enum mca_resource resource = (enum mca_resource)place->item;
    add_part(x, s, "energy_j.", "total", s->pricing->total_j);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        if (mca_component_resource((enum mca_component)c) == resource) {
            add_term(x, mca_component_name((enum mca_component)c), -s->pricing->by_component_j[c]);
        }
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (mca_block_resource((enum mca_block)b) == resource) {
            add_term(x, mca__format("static_%s", mca_block_name((enum mca_block)b)).s,
                     -s->pricing->by_block_j[b]);
        }
    }
    return 1;
}

static int explain_area_without(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    add_part(x, s, "area_mm2.", "total", s->pricing->area_total_mm2);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (mca_block_resource((enum mca_block)b) == (enum mca_resource)place->item) {
            add_term(x, mca_block_name((enum mca_block)b), -s->pricing->area_mm2[b]);
        }
    }
    return 1;
}

static const struct mca_epoch_record *record_of(const struct mca_result_place *place) {
    return mca__milestone(place->subject.run->result, mca__milestones[place->item]);
}

/* The critical path: a phase's, all of it, or all up to the end of an epoch. */
static int explain_time(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_ledger *ledger = place->figure->family == MCA_RESULT_MILESTONES
                                          ? &record_of(place)->ledger
                                          : place->subject.ledger;
    const int is_one = is_of_phase(place->figure);
    const int first = is_one ? (int)place->item : MCA_PHASE_FORWARD;
    const int last = is_one ? (int)place->item : MCA_PHASE_REFRESH;
    for (int p = first; p <= last; ++p) {
        add_term(x, mca_phase_name((enum mca_phase)p), (double)ledger->critical_ps[p]);
    }
    divide_by(x, 1e12, "picoseconds per second");
    return 1;
}

static int explain_test_latency(struct mca_explanation *x, const struct mca_result_place *place) {
    const uint64_t ps = place->subject.run->result->test_latency_ps;
    add_term(x, "load_to_class", (double)ps);
    divide_by(x, 1e12, "picoseconds per second");
    return ps > 0;
}

/* Test by test; of more than TESTS_MAX those after the last of them together (ages.csv has all). */
static int explain_aged(struct mca_explanation *x, const struct mca_result_place *place) {
    enum { TESTS_MAX = 16 };
    const struct mca_train_result *result = place->subject.run->result;
    const double *accuracy = result->aged_accuracy + (size_t)place->item * result->age_seeds;
    double others = 0.0;
    for (uint32_t k = 0; k < result->age_seeds; ++k) {
        if (k < TESTS_MAX) {
            add_term(x, mca__format("seed_%u", k).s, accuracy[k]);
        } else {
            others += accuracy[k];
        }
    }
    if (result->age_seeds > TESTS_MAX) {
        add_term(x, mca__format("seeds_%d_and_on", TESTS_MAX).s, others);
    }
    divide_by(x, (double)result->age_seeds, "tests");
    return 1;
}

static int explain_bottleneck(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const char *text = place->figure->text(place, NULL);
    x->text = text ? text : "";
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        const int is_chip = s->scope == MCA_OF_CHIP;
        add_part(x, s, is_chip ? "latency_s.busiest." : "latency_s.utilisation.",
                 mca_resource_name((enum mca_resource)r), s->pricing->busiest[r]);
    }
    return 1;
}

/* Static power of all blocks that are built. */
static int explain_static_power(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        add_product(x, mca_block_name((enum mca_block)b),
                    (double)mca_block_instances(s->inventory, (enum mca_block)b),
                    &s->prices->static_w[b]);
    }
    return 1;
}

/* What units of a kind draw at work, those of each layer. */
static int explain_unit_power(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const enum mca_resource resource = (enum mca_resource)place->item;
    const uint32_t groups = mca__unit_groups(run, resource);
    for (uint32_t i = 0; i < groups; ++i) {
        add_term(x, groups > 1 ? mca__format("layer_%u", i).s : "chip",
                 mca__unit_power_w(run, resource, i));
    }
    return 1;
}

static int explain_peak_power(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    add_part(x, s, "power_w.", "static", s->pricing->static_w);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        add_part(x, s, "power_w.at_work.", mca_resource_name((enum mca_resource)r),
                 mca__at_work_w(s->run, (enum mca_resource)r));
    }
    return 1;
}

/* Actions of a read of all arrays with every line driven. */
static int explain_full_reads(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        add_product(x, mca_component_name((enum mca_component)c),
                    (double)s->run->full_reads.counts[c], &s->prices->energy[c]);
    }
    return s->run->full_reads.macs > 0;
}

/* Arrays and converters. */
static int explain_array_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (mca__is_of_arrays((enum mca_block)b)) {
            add_part(x, s, "area_mm2.by_component.", mca_block_name((enum mca_block)b),
                     s->pricing->area_mm2[b]);
        }
    }
    return 1;
}

/* Of a block, or of all. */
static int explain_area(struct mca_explanation *x, const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const int is_block = place->figure->family == MCA_RESULT_BLOCKS;
    struct mca_shares shares;
    for (int b = 0; !is_block && b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "area_mm2.by_component.", mca_block_name((enum mca_block)b),
                 s->pricing->area_mm2[b]);
    }
    if (is_block) {
        add_product(x, "instances",
                    (double)mca_block_instances(s->inventory, (enum mca_block)place->item),
                    &s->prices->area_um2[place->item]);
        divide_by(x, 1e6, "square micrometres per square millimetre");
    }
    mca_area_shares(s->pricing, s->prices, is_block ? (int)place->item : MCA_EVERY, &shares);
    set_range(x, mca_sum_range(x->library, &shares, mca_result_value(place)));
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
        explain_end(x, place->figure, ratio->value, sources, count);
        return 1;
    }
    const char *part = is_total ? "energy_j.total" : "energy_j.dynamic";
    add_part(x, s, "", part, is_total ? s->pricing->total_j : s->pricing->dynamic_j);
    divide_by(x, is_total ? s->run->pricing.total_j : s->run->pricing.dynamic_j, part);
    set_range(x, ratio->range);
    return 1;
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

/* Terms of a figure, by what it is made of; 0 where the run has none. */
static int (*const EXPLAIN[MCA_RESULT_SOURCE_COUNT])(struct mca_explanation *x,
                                                     const struct mca_result_place *place) = {
    [MCA_FROM_NUMBERS] = explain_numbers,
    [MCA_FROM_SET_PULSES] = explain_pulses,
    [MCA_FROM_RESET_PULSES] = explain_pulses,
    [MCA_FROM_WEAR] = explain_wear,
    [MCA_FROM_ENERGY] = explain_energy,
    [MCA_FROM_COMPONENTS] = explain_energy,
    [MCA_FROM_BLOCKS] = explain_energy,
    [MCA_FROM_OWN_ERRORS] = explain_energy,
    [MCA_FROM_COMMON_ERRORS] = explain_energy,
    [MCA_FROM_TIME] = explain_time,
    [MCA_FROM_TEST_LATENCY] = explain_test_latency,
    [MCA_FROM_BUSY] = explain_busy,
    [MCA_FROM_CELLS] = explain_cells,
    [MCA_FROM_BUSIEST] = explain_busiest,
    [MCA_FROM_BOTTLENECK] = explain_bottleneck,
    [MCA_FROM_STATIC_POWER] = explain_static_power,
    [MCA_FROM_UNIT_POWER] = explain_unit_power,
    [MCA_FROM_PEAK_POWER] = explain_peak_power,
    [MCA_FROM_FULL_READS] = explain_full_reads,
    [MCA_FROM_ARRAY_AREA] = explain_array_area,
    [MCA_FROM_FREE_ENERGY] = explain_free_energy,
    [MCA_FROM_ENERGY_WITHOUT] = explain_energy_without,
    [MCA_FROM_AREA_WITHOUT] = explain_area_without,
    [MCA_FROM_AREA] = explain_area,
    [MCA_FROM_TOTAL_RATIO] = explain_ratio,
    [MCA_FROM_DYNAMIC_RATIO] = explain_ratio,
    [MCA_FROM_EPOCH_ENERGY] = explain_epoch_energy,
    [MCA_FROM_AGED_TESTS] = explain_aged};

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
    if (is_known && place->figure->over.name) {
        divide_by(x, mca_result_divisor(place), place->figure->over.name);
    }
    x->value = x->text || !is_known ? (double)NAN : value_of(x);
    return is_known;
}

struct written {
    const char *key;
    struct mca_suggestions suggestions;
};

static const char *last_part(const char *key) {
    const char *dot = strrchr(key, '.');
    return dot ? dot + 1 : key;
}

/* A figure by its key, or by its last part alone. */
static void offer(void *user, const struct mca_explanation *x) {
    struct written *written = user;
    mca_suggestions_offer(&written->suggestions, written->key, x->key);
    if (!strchr(written->key, '.')) {
        mca_suggestions_take(&written->suggestions, x->key,
                             mca_name_rank(written->key, last_part(x->key)));
    }
}

/* MCA_INVALID, with the figures that may have been meant. */
static enum mca_status no_figure(const struct mca_priced_run *report, const char *key,
                                 struct mca_error *error) {
    struct written written = {.key = key};
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    mca_suggestions_init(&written.suggestions);
    mca_explain_all(report, offer, &written);
    return mca_fail(error, MCA_INVALID,
                    "no figure '%.80s' to explain%s; without KEY all are listed", key,
                    mca_suggestions_text(&written.suggestions, "; did you mean ", "", text));
}

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_priced_run *report,
                            const char *key, struct mca_error *error) {
    struct mca_result_place place;
    if (!mca_result_find(&place, report, key) || !explain_place(x, &place)) {
        return error ? no_figure(report, key, error) : MCA_INVALID;
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
    const unsigned unlisted = place->figure->unlisted | MCA_OF_DESIGN_LAYER;
    if ((unlisted & place->subject.scope) || !explain_place(x, place)) {
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
