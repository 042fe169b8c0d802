#include "reports/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mathx.h"
#include "reports/report_facts.h"

/* What is taken apart: the chip, or a digital design beside it. */
struct subject {
    char prefix[64]; /* of its keys: "" or "baselines.digital_fp32." */
    const struct mca_ledger *ledger;
    const struct mca_inventory *inventory;
    const struct mca_price_list *prices;
    const struct mca_pricing *pricing;
    double images;
};

enum bound { MIDDLE, LOW, HIGH };

static struct mca_term *add_term(struct mca_explanation *x, const char *name, double value) {
    struct mca_term *term = &x->terms[x->term_count++];
    *term = (struct mca_term){.amount = (double)NAN, .each = (double)NAN, .value = value};
    (void)snprintf(term->name, sizeof term->name, "%s", name);
    return term;
}

/* A part with an explanation of its own. */
static void add_part(struct mca_explanation *x, const struct subject *s, const char *section,
                     const char *name, double value) {
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
static void explain_end(struct mca_explanation *x, const struct mca_component_library *library,
                        enum bound bound, double middle, const struct mca_error_source *sources,
                        uint32_t count) {
    const int high = bound == HIGH;
    x->meaning = high
                     ? "the value x (1 + square root of the sum of squares); each term is by how "
                       "much its source of error alone, at its high end, raises the value"
                     : "the value / (1 + square root of the sum of squares); each term is how many "
                       "times more the value is, less 1, than with its source alone at the low end";
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
        term->each = sources[i].factor;
        if (sources[i].is_cause) {
            term->cause = &library->causes[sources[i].index];
        } else {
            term->error = &library->figures[sources[i].index];
        }
    }
}

static void explain_sum_end(struct mca_explanation *x, const struct subject *s, enum bound bound,
                            const struct mca_shares *shares, double middle) {
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count =
        middle > 0.0 ? mca_sum_errors(s->prices->library, shares, middle, sources) : 0;
    explain_end(x, s->prices->library, bound, middle, sources, count);
}

static void explain_phase(struct mca_explanation *x, const struct subject *s, int phase) {
    x->meaning =
        "counts x joules per action; static_BLOCK: instances x seconds that the phase adds "
        "to the critical path x watts";
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
}

static void explain_component(struct mca_explanation *x, const struct subject *s, int component) {
    x->meaning = "counts of the training phases x joules per action";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_product(x, mca_phase_name((enum mca_phase)p), (double)s->ledger->counts[p][component],
                    &s->prices->energy[component]);
    }
    set_range(x, s->pricing->component_range_j[component]);
}

static void explain_block(struct mca_explanation *x, const struct subject *s, int block) {
    const double instances = (double)mca_block_instances(s->inventory, (enum mca_block)block);
    x->meaning = "instances x seconds that each training phase adds to the critical path x watts";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_product(x, mca_phase_name((enum mca_phase)p), instances * s->pricing->critical_s[p],
                    &s->prices->static_w[block]);
    }
    set_range(x, s->pricing->block_range_j[block]);
}

/* "by_component.NAME": a component, or a block's static energy. */
static int explain_part(struct mca_explanation *x, const struct subject *s, int component,
                        int block, enum bound bound) {
    if (component < 0 && block < 0) {
        return 0;
    }
    if (bound != MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, block < 0 ? component : MCA_NO,
                           block < 0 ? MCA_NO : block, &shares);
        explain_sum_end(x, s, bound, &shares,
                        block < 0 ? s->pricing->by_component_j[component]
                                  : s->pricing->by_block_j[block]);
    } else if (block < 0) {
        explain_component(x, s, component);
    } else {
        explain_block(x, s, block);
    }
    return 1;
}

static void explain_total(struct mca_explanation *x, const struct subject *s, enum bound bound) {
    const struct mca_pricing *p = s->pricing;
    if (bound != MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(p, s->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
        explain_sum_end(x, s, bound, &shares, p->total_j);
        return;
    }
    x->meaning = "dynamic and static energy of the training phases";
    add_part(x, s, "energy_j.", "dynamic", p->dynamic_j);
    add_part(x, s, "energy_j.", "static", p->static_j);
    set_range(x, p->total_range_j);
}

static void explain_half(struct mca_explanation *x, const struct subject *s, int is_static) {
    const struct mca_pricing *p = s->pricing;
    struct mca_shares shares;
    x->meaning = is_static ? "static energy of all blocks" : "dynamic energy of all components";
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        add_part(x, s, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                 p->by_component_j[c]);
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                 p->by_block_j[b]);
    }
    mca_pricing_shares(p, s->prices, MCA_EVERY, is_static ? MCA_NO : MCA_EVERY,
                       is_static ? MCA_EVERY : MCA_NO, &shares);
    set_range(x,
              mca_sum_range(s->prices->library, &shares, is_static ? p->static_j : p->dynamic_j));
}

static int find(const char *name, int count, const char *(*name_of)(int)) {
    for (int i = 0; i < count; ++i) {
        if (strcmp(name, name_of(i)) == 0) {
            return i;
        }
    }
    return -1;
}

static const char *phase_name(int i) {
    return mca_phase_name((enum mca_phase)i);
}

static const char *component_name(int i) {
    return mca_component_name((enum mca_component)i);
}

static const char *block_name(int i) {
    return mca_block_name((enum mca_block)i);
}

static const char *resource_name(int i) {
    return mca_resource_name((enum mca_resource)i);
}

static const char *design_name(int i) {
    return mca_baseline_design_name((enum mca_baseline_design)i);
}

static int training_phase_named(const char *name) {
    const int phase = find(name, MCA_PHASE_COUNT, phase_name);
    return phase >= 0 && mca_phase_is_training((enum mca_phase)phase) ? phase : -1;
}

/* What stands behind `prefix` in `key`, or NULL. */
static const char *after(const char *key, const char *prefix) {
    const size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : NULL;
}

/* Total x / images, the total being a key. */
static void explain_per_image(struct mca_explanation *x, const struct subject *s, const char *part,
                              double value) {
    x->meaning = "of the training phases, over the images trained on";
    add_part(x, s, "", part, value);
    divide_by(x, s->images, "images");
}

/* energy_j.low and .high are those of the total; a component's .total is itself. */
static enum bound take_bound(char name[MCA_EXPLAIN_KEY_SIZE]) {
    static const char *const ends[] = {".total", ".low", ".high"};
    for (int b = MIDDLE; b <= HIGH; ++b) {
        const size_t length = strlen(name);
        const size_t end = strlen(ends[b]);
        if (length > end && strcmp(name + length - end, ends[b]) == 0) {
            name[length - end] = '\0';
            return (enum bound)b;
        }
        if (strcmp(name, ends[b] + 1) == 0) {
            (void)strcpy(name, "total");
            return (enum bound)b;
        }
    }
    return MIDDLE;
}

/* "independent.low" and so on: the ends of the total from one kind of error. */
static int explain_kind(struct mca_explanation *x, const struct subject *s, const char *name) {
    const int common = after(name, "common.") != NULL;
    const char *end = after(name, common ? "common." : "independent.");
    if (!end || (strcmp(end, "low") != 0 && strcmp(end, "high") != 0)) {
        return 0;
    }
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
    explain_end(x, s->prices->library, *end == 'h' ? HIGH : LOW, total, sources, kept);
    return 1;
}

/* Keys under energy_j; 0 when there is none of that name. */
static int explain_energy(struct mca_explanation *x, const struct subject *s, const char *name) {
    char plain[MCA_EXPLAIN_KEY_SIZE];
    x->unit = "J";
    if (explain_kind(x, s, name)) {
        return 1;
    }
    (void)snprintf(plain, sizeof plain, "%s", name);
    const enum bound bound = take_bound(plain);
    const char *part = after(plain, "by_phase.");
    if (part) {
        const int phase = bound == MIDDLE ? training_phase_named(part) : -1;
        if (phase >= 0) {
            explain_phase(x, s, phase);
        }
        return phase >= 0;
    }
    part = after(plain, "by_component.");
    if (part) {
        const char *block = after(part, "static_");
        return explain_part(x, s, find(part, MCA_COMPONENT_COUNT, component_name),
                            block ? find(block, MCA_BLOCK_COUNT, block_name) : -1, bound);
    }
    if (strcmp(plain, "total") == 0) {
        explain_total(x, s, bound);
        return 1;
    }
    if (bound != MIDDLE) {
        return 0;
    }
    if (strcmp(plain, "per_image") == 0) {
        explain_per_image(x, s, "energy_j.total", s->pricing->total_j);
    } else if (strcmp(plain, "dynamic") == 0 || strcmp(plain, "static") == 0) {
        explain_half(x, s, plain[0] == 's');
    } else {
        return 0;
    }
    return 1;
}

static void explain_utilisation(struct mca_explanation *x, const struct subject *s, int resource) {
    double time_ps = 0.0;
    x->meaning = "picoseconds in which the resource was busy, over its instances x the time";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_term(x, phase_name(p), (double)s->ledger->busy_ps[p][resource]);
        time_ps += (double)s->ledger->critical_ps[p];
    }
    divide_by(x, (double)s->inventory->resource_instances[resource] * time_ps,
              "instances x picoseconds");
}

static void explain_time(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                         int last) {
    x->unit = "s";
    x->meaning = "picoseconds by which operations of a phase pushed the end of the simulated time";
    for (int p = first; p <= last; ++p) {
        add_term(x, phase_name(p), (double)ledger->critical_ps[p]);
    }
    divide_by(x, 1e12, "picoseconds per second");
}

static int explain_latency(struct mca_explanation *x, const struct subject *s, const char *name) {
    x->unit = "s";
    const char *part = after(name, "utilisation.");
    if (part) {
        const int resource = find(part, MCA_RESOURCE_COUNT, resource_name);
        x->unit = "";
        if (resource >= 0) {
            explain_utilisation(x, s, resource);
        }
        return resource >= 0;
    }
    part = after(name, "critical_path.");
    const int phase = part ? training_phase_named(part) : -1;
    if (phase >= 0) {
        explain_time(x, s->ledger, phase, phase);
    } else if (strcmp(name, "total") == 0) {
        explain_time(x, s->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
    } else if (strcmp(name, "per_image") == 0) {
        explain_per_image(x, s, "latency_s.total", s->pricing->time_s);
    } else if (strcmp(name, "bottleneck") == 0) {
        x->unit = "";
        x->meaning = "the resource with the highest utilisation; the first of equals";
        x->text = s->pricing->time_s > 0.0 ? mca_resource_name(s->pricing->bottleneck) : "";
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            add_part(x, s, "latency_s.utilisation.", resource_name(r), s->pricing->utilisation[r]);
        }
    } else {
        return 0;
    }
    return 1;
}

static int explain_area(struct mca_explanation *x, const struct subject *s, const char *name) {
    struct mca_shares shares;
    x->unit = "mm2";
    const char *part = after(name, "by_component.");
    const int block = part ? find(part, MCA_BLOCK_COUNT, block_name) : -1;
    if (block >= 0) {
        x->meaning = "instances x square micrometres";
        add_product(x, "instances",
                    (double)mca_block_instances(s->inventory, (enum mca_block)block),
                    &s->prices->area_um2[block]);
        divide_by(x, 1e6, "square micrometres per square millimetre");
        mca_area_shares(s->pricing, s->prices, block, &shares);
        set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_mm2[block]));
        return 1;
    }
    if (strcmp(name, "total") != 0) {
        return 0;
    }
    x->meaning = "area of all blocks";
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, s, "area_mm2.by_component.", block_name(b), s->pricing->area_mm2[b]);
    }
    mca_area_shares(s->pricing, s->prices, MCA_EVERY, &shares);
    set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_total_mm2));
    return 1;
}

/* Keys that the chip and the digital designs share. */
static int explain_subject(struct mca_explanation *x, const struct subject *s, const char *key) {
    const char *name = after(key, "energy_j.");
    if (name) {
        return explain_energy(x, s, name);
    }
    name = after(key, "latency_s.");
    if (name) {
        return explain_latency(x, s, name);
    }
    name = after(key, "area_mm2.");
    return name ? explain_area(x, s, name) : 0;
}

static struct subject chip_of(const struct mca_run_report *report) {
    return (struct subject){"",
                            &report->result->ledger,
                            &report->result->inventory,
                            &report->prices,
                            &report->pricing,
                            (double)report->result->images};
}

static int explain_ratio(struct mca_explanation *x, const struct mca_run_report *report,
                         const struct mca_baseline_report *b, const struct subject *s,
                         const char *name) {
    const enum bound bound = strcmp(name, "energy_ratio_low") == 0    ? LOW
                             : strcmp(name, "energy_ratio_high") == 0 ? HIGH
                                                                      : MIDDLE;
    if (bound == MIDDLE) {
        x->meaning = "dynamic energy of the design over that of the chip";
        add_part(x, s, "energy_j.", "dynamic", s->pricing->dynamic_j);
        divide_by(x, report->pricing.dynamic_j, "energy_j.dynamic");
        set_range(x, b->ratio_range);
        return 1;
    }
    struct mca_shares top;
    struct mca_shares bottom;
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    if (!isfinite(b->energy_ratio)) {
        explain_end(x, report->library, bound, b->energy_ratio, sources, 0);
        return 1;
    }
    mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, MCA_EVERY, MCA_NO, &top);
    mca_pricing_shares(&report->pricing, &report->prices, MCA_EVERY, MCA_EVERY, MCA_NO, &bottom);
    const uint32_t count = mca_ratio_errors(report->library, &top, s->pricing->dynamic_j, &bottom,
                                            report->pricing.dynamic_j, sources);
    explain_end(x, report->library, bound, b->energy_ratio, sources, count);
    return 1;
}

/* "baselines.DESIGN.", with "iso_throughput." or "iso_area." behind it, and then the key. */
static int explain_baseline(struct mca_explanation *x, const struct mca_run_report *report,
                            const char *key) {
    const char *dot = strchr(key, '.');
    char name[24];
    (void)snprintf(name, sizeof name, "%.*s", dot ? (int)(dot - key) : 0, key);
    const int design = find(name, MCA_BASELINE_DESIGN_COUNT, design_name);
    if (design < 0) {
        return 0;
    }
    const struct mca_baseline_report *b = &report->baselines[design];
    const struct mca_baseline *baseline = &b->same_lanes;
    const char *rest = dot + 1;
    const char *iso = "";
    if (after(rest, "iso_throughput.")) {
        baseline = &b->iso_throughput;
        iso = "iso_throughput.";
    } else if (after(rest, "iso_area.")) {
        baseline = &b->iso_area;
        iso = "iso_area.";
    }
    rest += strlen(iso);
    if (baseline->lanes == 0) {
        return 0;
    }
    struct subject s = {"",
                        &baseline->ledger,
                        &baseline->inventory,
                        &baseline->prices,
                        &baseline->pricing,
                        (double)report->result->images};
    (void)snprintf(s.prefix, sizeof s.prefix, "baselines.%s.%s", name, iso);
    x->unit = "J";
    if (strcmp(rest, "energy_j_per_image") == 0) {
        explain_per_image(x, &s, "energy_j.total", s.pricing->total_j);
    } else if (strcmp(rest, "dynamic_j_per_image") == 0) {
        explain_per_image(x, &s, "energy_j.dynamic", s.pricing->dynamic_j);
    } else if (strcmp(rest, "latency_s_per_image") == 0) {
        x->unit = "s";
        explain_per_image(x, &s, "latency_s.total", s.pricing->time_s);
    } else if (*iso && strcmp(rest, "area_mm2") == 0) {
        return explain_area(x, &s, "total");
    } else if (!*iso && after(rest, "energy_ratio")) {
        x->unit = "";
        const char *end = after(rest, "energy_ratio");
        return (*end == '\0' || strcmp(end, "_low") == 0 || strcmp(end, "_high") == 0) &&
               explain_ratio(x, report, b, &s, rest);
    } else {
        return explain_subject(x, &s, rest);
    }
    return 1;
}

/* Energy at the end of an epoch, from its cumulative ledger, in the order in which it is summed. */
static void explain_epoch_energy(struct mca_explanation *x, const struct mca_run_report *report,
                                 const struct mca_epoch_record *record) {
    struct mca_pricing pricing;
    mca_price(&pricing, &record->ledger, &report->result->inventory, &report->prices);
    x->unit = "J";
    x->meaning = "dynamic and static energy of the training phases to the end of the epoch";
    add_term(x, "dynamic", pricing.dynamic_j);
    add_term(x, "static", pricing.static_j);
    set_range(x, pricing.total_range_j);
}

static int explain_milestone(struct mca_explanation *x, const struct mca_run_report *report,
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
            explain_time(x, &record->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
            return 1;
        }
    }
    return 0;
}

static int explain_any(struct mca_explanation *x, const struct mca_run_report *report) {
    const struct subject chip = chip_of(report);
    const char *name = after(x->key, "energy_other_j.");
    if (name) {
        const int phase = find(name, MCA_PHASE_COUNT, phase_name);
        const int is_other = phase >= 0 && !mca_phase_is_training((enum mca_phase)phase);
        if (is_other) {
            x->unit = "J";
            explain_phase(x, &chip, phase);
        }
        return is_other;
    }
    name = after(x->key, "baselines.");
    if (name) {
        return explain_baseline(x, report, name);
    }
    name = after(x->key, "milestones.");
    return name ? explain_milestone(x, report, name) : explain_subject(x, &chip, x->key);
}

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

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_run_report *report,
                            const char *key, struct mca_error *error) {
    *x = (struct mca_explanation){.unit = "",
                                  .meaning = "",
                                  .low = (double)NAN,
                                  .high = (double)NAN,
                                  .divisor = 1.0,
                                  .library = report->library};
    (void)snprintf(x->key, sizeof x->key, "%s", key);
    if (strlen(key) >= sizeof x->key || !explain_any(x, report)) {
        return mca_fail(error, MCA_INVALID,
                        "no figure '%.80s' to explain; without KEY all are listed", key);
    }
    x->value = x->text ? (double)NAN : value_of(x);
    return MCA_OK;
}
