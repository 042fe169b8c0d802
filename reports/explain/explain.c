#include "reports/explain/explain.h"

#include <math.h>
#include <string.h>

#include "base/mathx.h"
#include "reports/explain/explain_state.h"

static void explain_phase(struct mca_explanation *x, const struct mca__subject *s, int phase) {
    x->meaning =
        "counts x joules per action; static_BLOCK: instances x seconds that the phase adds "
        "to the critical path x watts";
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
}

static void explain_component(struct mca_explanation *x, const struct mca__subject *s,
                              int component) {
    x->meaning = "counts of the training phases x joules per action";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        mca__add_product(x, mca_phase_name((enum mca_phase)p),
                         (double)s->ledger->counts[p][component], &s->prices->energy[component]);
    }
    mca__set_range(x, s->pricing->component_range_j[component]);
}

static void explain_block(struct mca_explanation *x, const struct mca__subject *s, int block) {
    const double instances = (double)mca_block_instances(s->inventory, (enum mca_block)block);
    x->meaning = "instances x seconds that each training phase adds to the critical path x watts";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        mca__add_product(x, mca_phase_name((enum mca_phase)p),
                         instances * s->pricing->critical_s[p], &s->prices->static_w[block]);
    }
    mca__set_range(x, s->pricing->block_range_j[block]);
}

/* "by_component.NAME": a component, or a block's static energy. */
static int explain_part(struct mca_explanation *x, const struct mca__subject *s, int component,
                        int block, enum mca__bound bound) {
    if (component < 0 && block < 0) {
        return 0;
    }
    if (bound != MCA__MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(s->pricing, s->prices, MCA_EVERY, block < 0 ? component : MCA_NO,
                           block < 0 ? MCA_NO : block, &shares);
        mca__explain_sum_end(x, bound, &shares,
                             block < 0 ? s->pricing->by_component_j[component]
                                       : s->pricing->by_block_j[block]);
    } else if (block < 0) {
        explain_component(x, s, component);
    } else {
        explain_block(x, s, block);
    }
    return 1;
}

static void explain_total(struct mca_explanation *x, const struct mca__subject *s,
                          enum mca__bound bound) {
    const struct mca_pricing *p = s->pricing;
    if (bound != MCA__MIDDLE) {
        struct mca_shares shares;
        mca_pricing_shares(p, s->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
        mca__explain_sum_end(x, bound, &shares, p->total_j);
        return;
    }
    x->meaning = "dynamic and static energy of the training phases";
    mca__add_part(x, s, "energy_j.", "dynamic", p->dynamic_j);
    mca__add_part(x, s, "energy_j.", "static", p->static_j);
    mca__set_range(x, p->total_range_j);
}

static void explain_half(struct mca_explanation *x, const struct mca__subject *s, int is_static) {
    const struct mca_pricing *p = s->pricing;
    struct mca_shares shares;
    x->meaning = is_static ? "static energy of all blocks" : "dynamic energy of all components";
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        mca__add_part(x, s, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                      p->by_component_j[c]);
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        mca__add_part(x, s, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                      p->by_block_j[b]);
    }
    mca_pricing_shares(p, s->prices, MCA_EVERY, is_static ? MCA_NO : MCA_EVERY,
                       is_static ? MCA_EVERY : MCA_NO, &shares);
    mca__set_range(
        x, mca_sum_range(s->prices->library, &shares, is_static ? p->static_j : p->dynamic_j));
}

int mca__find(const char *name, int count, const char *(*name_of)(int)) {
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

static int training_phase_named(const char *name) {
    const int phase = mca__find(name, MCA_PHASE_COUNT, phase_name);
    return phase >= 0 && mca_phase_is_training((enum mca_phase)phase) ? phase : -1;
}

const char *mca__after(const char *key, const char *prefix) {
    const size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : NULL;
}

/* Total x / images, the total being a key. */
void mca__explain_per_image(struct mca_explanation *x, const struct mca__subject *s,
                            const char *part, double value) {
    x->meaning = "of the training phases, over the images trained on";
    mca__add_part(x, s, "", part, value);
    mca__divide_by(x, s->images, "images");
}

/* energy_j.low and .high are those of the total; a component's .total is itself. */
static enum mca__bound take_bound(char name[MCA_EXPLAIN_KEY_SIZE]) {
    static const char *const ends[] = {".total", ".low", ".high"};
    for (int b = MCA__MIDDLE; b <= MCA__HIGH; ++b) {
        const size_t length = strlen(name);
        const size_t end = strlen(ends[b]);
        if (length > end && strcmp(name + length - end, ends[b]) == 0) {
            name[length - end] = '\0';
            return (enum mca__bound)b;
        }
        if (strcmp(name, ends[b] + 1) == 0) {
            (void)strcpy(name, "total");
            return (enum mca__bound)b;
        }
    }
    return MCA__MIDDLE;
}

/* "independent.low" and so on: the ends of the total from one kind of error. */
static int explain_kind(struct mca_explanation *x, const struct mca__subject *s, const char *name) {
    const int common = mca__after(name, "common.") != NULL;
    const char *end = mca__after(name, common ? "common." : "independent.");
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
    mca__explain_end(x, *end == 'h' ? MCA__HIGH : MCA__LOW, total, sources, kept);
    return 1;
}

/* Keys under energy_j; 0 when there is none of that name. */
static int explain_energy(struct mca_explanation *x, const struct mca__subject *s,
                          const char *name) {
    char plain[MCA_EXPLAIN_KEY_SIZE];
    x->unit = "J";
    if (explain_kind(x, s, name)) {
        return 1;
    }
    (void)snprintf(plain, sizeof plain, "%s", name);
    const enum mca__bound bound = take_bound(plain);
    const char *part = mca__after(plain, "by_phase.");
    if (part) {
        const int phase = bound == MCA__MIDDLE ? training_phase_named(part) : -1;
        if (phase >= 0) {
            explain_phase(x, s, phase);
        }
        return phase >= 0;
    }
    part = mca__after(plain, "by_component.");
    if (part) {
        const char *block = mca__after(part, "static_");
        return explain_part(x, s, mca__find(part, MCA_COMPONENT_COUNT, component_name),
                            block ? mca__find(block, MCA_BLOCK_COUNT, block_name) : -1, bound);
    }
    if (strcmp(plain, "total") == 0) {
        explain_total(x, s, bound);
        return 1;
    }
    if (bound != MCA__MIDDLE) {
        return 0;
    }
    if (strcmp(plain, "per_image") == 0) {
        mca__explain_per_image(x, s, "energy_j.total", s->pricing->total_j);
    } else if (strcmp(plain, "dynamic") == 0 || strcmp(plain, "static") == 0) {
        explain_half(x, s, plain[0] == 's');
    } else {
        return 0;
    }
    return 1;
}

static void explain_utilisation(struct mca_explanation *x, const struct mca__subject *s,
                                int resource) {
    double time_ps = 0.0;
    x->meaning = "picoseconds in which the resource was busy, over its instances x the time";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        mca__add_term(x, phase_name(p), (double)s->ledger->busy_ps[p][resource]);
        time_ps += (double)s->ledger->critical_ps[p];
    }
    mca__divide_by(x, (double)s->inventory->resource_instances[resource] * time_ps,
                   "instances x picoseconds");
}

void mca__explain_time(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                       int last) {
    x->unit = "s";
    x->meaning =
        "picoseconds of a phase on the critical path, which led to the end of the simulated time";
    for (int p = first; p <= last; ++p) {
        mca__add_term(x, phase_name(p), (double)ledger->critical_ps[p]);
    }
    mca__divide_by(x, 1e12, "picoseconds per second");
}

static int explain_latency(struct mca_explanation *x, const struct mca__subject *s,
                           const char *name) {
    x->unit = "s";
    const char *part = mca__after(name, "utilisation.");
    if (part) {
        const int resource = mca__find(part, MCA_RESOURCE_COUNT, resource_name);
        x->unit = "";
        if (resource >= 0) {
            explain_utilisation(x, s, resource);
        }
        return resource >= 0;
    }
    part = mca__after(name, "critical_path.");
    const int phase = part ? training_phase_named(part) : -1;
    if (phase >= 0) {
        mca__explain_time(x, s->ledger, phase, phase);
    } else if (strcmp(name, "total") == 0) {
        mca__explain_time(x, s->ledger, MCA_PHASE_FORWARD, MCA_PHASE_REFRESH);
    } else if (strcmp(name, "per_image") == 0) {
        mca__explain_per_image(x, s, "latency_s.total", s->pricing->time_s);
    } else if (strcmp(name, "bottleneck") == 0) {
        x->unit = "";
        x->meaning = "the resource with the highest utilisation; the first of equals";
        x->text = s->pricing->time_s > 0.0 ? mca_resource_name(s->pricing->bottleneck) : "";
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            mca__add_part(x, s, "latency_s.utilisation.", resource_name(r),
                          s->pricing->utilisation[r]);
        }
    } else {
        return 0;
    }
    return 1;
}

int mca__explain_area(struct mca_explanation *x, const struct mca__subject *s, const char *name) {
    struct mca_shares shares;
    x->unit = "mm2";
    const char *part = mca__after(name, "by_component.");
    const int block = part ? mca__find(part, MCA_BLOCK_COUNT, block_name) : -1;
    if (block >= 0) {
        x->meaning = "instances x square micrometres";
        mca__add_product(x, "instances",
                         (double)mca_block_instances(s->inventory, (enum mca_block)block),
                         &s->prices->area_um2[block]);
        mca__divide_by(x, 1e6, "square micrometres per square millimetre");
        mca_area_shares(s->pricing, s->prices, block, &shares);
        mca__set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_mm2[block]));
        return 1;
    }
    if (strcmp(name, "total") != 0) {
        return 0;
    }
    x->meaning = "area of all blocks";
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        mca__add_part(x, s, "area_mm2.by_component.", block_name(b), s->pricing->area_mm2[b]);
    }
    mca_area_shares(s->pricing, s->prices, MCA_EVERY, &shares);
    mca__set_range(x, mca_sum_range(s->prices->library, &shares, s->pricing->area_total_mm2));
    return 1;
}

/* Keys that the chip and the digital designs share. */
int mca__explain_subject(struct mca_explanation *x, const struct mca__subject *s, const char *key) {
    const char *name = mca__after(key, "energy_j.");
    if (name) {
        return explain_energy(x, s, name);
    }
    name = mca__after(key, "latency_s.");
    if (name) {
        return explain_latency(x, s, name);
    }
    name = mca__after(key, "area_mm2.");
    return name ? mca__explain_area(x, s, name) : 0;
}

static struct mca__subject chip_of(const struct mca_priced_run *report) {
    return (struct mca__subject){"",
                                 &report->result->ledger,
                                 &report->result->inventory,
                                 &report->prices,
                                 &report->pricing,
                                 (double)report->result->images};
}

static int explain_any(struct mca_explanation *x, const struct mca_priced_run *report) {
    const struct mca__subject chip = chip_of(report);
    const char *name = mca__after(x->key, "energy_other_j.");
    if (name) {
        const int phase = mca__find(name, MCA_PHASE_COUNT, phase_name);
        const int is_other = phase >= 0 && !mca_phase_is_training((enum mca_phase)phase);
        if (is_other) {
            x->unit = "J";
            explain_phase(x, &chip, phase);
        }
        return is_other;
    }
    if (mca__explain_count(x, report, x->key)) {
        return 1;
    }
    name = mca__after(x->key, "baselines.");
    if (name) {
        return mca__explain_baseline(x, report, name);
    }
    name = mca__after(x->key, "milestones.");
    return name ? mca__explain_milestone(x, report, name) : mca__explain_subject(x, &chip, x->key);
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

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_priced_run *report,
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
