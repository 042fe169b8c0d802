#include "reports/explain.h"

#include <math.h>
#include <string.h>

/* A bound of an energy: the figure itself, or an end of its range. */
enum bound { MIDDLE, LOW, HIGH };

static double end_of(struct mca_energy e, enum bound bound) {
    return bound == LOW ? e.low_j : bound == HIGH ? e.high_j : e.j;
}

static const char *suffix_of(enum bound bound) {
    return bound == LOW ? ".low" : bound == HIGH ? ".high" : "";
}

static struct mca_term *add_term(struct mca_explanation *x, double value) {
    struct mca_term *term = &x->terms[x->term_count++];
    *term = (struct mca_term){.amount = (double)NAN, .each = (double)NAN, .value = value};
    return term;
}

/* A part with an explanation of its own. */
static void add_part(struct mca_explanation *x, const char *prefix, const char *name,
                     const char *suffix, double value) {
    struct mca_term *term = add_term(x, value);
    term->is_key = 1;
    (void)snprintf(term->name, sizeof term->name, "%s%s%s", prefix, name, suffix);
}

/* amount x constant, at an end of the constant's range where `bound` says so. */
static void add_product(struct mca_explanation *x, const char *name, double amount,
                        const struct mca_figure *figure, enum bound bound) {
    const double middle = amount * figure->value;
    struct mca_term *term = add_term(x, bound == LOW    ? middle / figure->uncertainty
                                        : bound == HIGH ? middle * figure->uncertainty
                                                        : middle);
    (void)snprintf(term->name, sizeof term->name, "%s", name);
    term->amount = amount;
    term->each = figure->value;
    term->times = bound == HIGH ? figure->uncertainty : 1.0;
    term->over = bound == LOW ? figure->uncertainty : 1.0;
    term->figure = figure;
}

static void add_count(struct mca_explanation *x, const char *name, double value) {
    (void)snprintf(add_term(x, value)->name, MCA_EXPLAIN_KEY_SIZE, "%s", name);
}

static void set_range(struct mca_explanation *x, struct mca_energy e) {
    x->low = e.low_j;
    x->high = e.high_j;
}

static void add_component(struct mca_explanation *x, const struct mca_run_report *report,
                          const char *name, int phase, int component, enum bound bound) {
    add_product(x, name, (double)report->result->ledger.counts[phase][component],
                &report->library->energy_j[component], bound);
}

static void add_block(struct mca_explanation *x, const struct mca_run_report *report,
                      const char *name, int phase, int block, enum bound bound) {
    const double instances =
        (double)mca_block_instances(&report->result->inventory, (enum mca_block)block);
    add_product(x, name, instances * report->pricing.critical_s[phase],
                &report->library->blocks[block].static_w, bound);
}

static void explain_phase(struct mca_explanation *x, const struct mca_run_report *report, int phase,
                          enum bound bound) {
    x->meaning =
        "counts x joules per action; static_BLOCK: instances x seconds that the phase adds "
        "to the critical path x watts";
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        add_component(x, report, mca_component_name((enum mca_component)c), phase, c, bound);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        (void)snprintf(name, sizeof name, "static_%s", mca_block_name((enum mca_block)b));
        add_block(x, report, name, phase, b, bound);
    }
    set_range(x, report->pricing.by_phase[phase]);
}

static void explain_component(struct mca_explanation *x, const struct mca_run_report *report,
                              int component, enum bound bound) {
    x->meaning = "counts of the training phases x joules per action";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_component(x, report, mca_phase_name((enum mca_phase)p), p, component, bound);
    }
    set_range(x, report->pricing.by_component[component]);
}

static void explain_block(struct mca_explanation *x, const struct mca_run_report *report, int block,
                          enum bound bound) {
    x->meaning = "instances x seconds that each training phase adds to the critical path x watts";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_block(x, report, mca_phase_name((enum mca_phase)p), p, block, bound);
    }
    set_range(x, report->pricing.by_block[block]);
}

static void explain_total(struct mca_explanation *x, const struct mca_run_report *report,
                          enum bound bound) {
    const struct mca_pricing *p = &report->pricing;
    x->meaning = "dynamic and static energy of the training phases";
    add_part(x, "energy_j.", "dynamic", suffix_of(bound), end_of(p->dynamic_total, bound));
    add_part(x, "energy_j.", "static", suffix_of(bound), end_of(p->static_total, bound));
    set_range(x, p->total);
}

static void explain_parts(struct mca_explanation *x, const struct mca_run_report *report,
                          int is_static, enum bound bound) {
    const struct mca_pricing *p = &report->pricing;
    x->meaning = is_static ? "static energy of all blocks" : "dynamic energy of all components";
    for (int c = 0; !is_static && c < MCA_COMPONENT_COUNT; ++c) {
        add_part(x, "energy_j.by_component.", mca_component_name((enum mca_component)c),
                 suffix_of(bound), end_of(p->by_component[c], bound));
    }
    for (int b = 0; is_static && b < MCA_BLOCK_COUNT; ++b) {
        add_part(x, "energy_j.by_component.static_", mca_block_name((enum mca_block)b),
                 suffix_of(bound), end_of(p->by_block[b], bound));
    }
    set_range(x, is_static ? p->static_total : p->dynamic_total);
}

static int phase_named(const char *name) {
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        if (strcmp(name, mca_phase_name((enum mca_phase)p)) == 0) {
            return p;
        }
    }
    return -1;
}

static int training_phase_named(const char *name) {
    const int phase = phase_named(name);
    return phase >= 0 && mca_phase_is_training((enum mca_phase)phase) ? phase : -1;
}

static int component_named(const char *name) {
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        if (strcmp(name, mca_component_name((enum mca_component)c)) == 0) {
            return c;
        }
    }
    return -1;
}

static int block_named(const char *name) {
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (strcmp(name, mca_block_name((enum mca_block)b)) == 0) {
            return b;
        }
    }
    return -1;
}

static int resource_named(const char *name) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        if (strcmp(name, mca_resource_name((enum mca_resource)r)) == 0) {
            return r;
        }
    }
    return -1;
}

/* What stands behind `prefix` in `key`, or NULL. */
static const char *after(const char *key, const char *prefix) {
    const size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : NULL;
}

/* Keys under energy_j without their bound; 0 when there is none of that name. */
static int explain_energy(struct mca_explanation *x, const struct mca_run_report *report,
                          const char *name, enum bound bound) {
    x->unit = "J";
    const char *part = after(name, "by_phase.");
    if (part) {
        const int phase = training_phase_named(part);
        if (phase >= 0) {
            explain_phase(x, report, phase, bound);
        }
        return phase >= 0;
    }
    part = after(name, "by_component.");
    if (part) {
        const char *block_name = after(part, "static_");
        const int block = block_name ? block_named(block_name) : -1;
        const int component = component_named(part);
        if (block >= 0) {
            explain_block(x, report, block, bound);
        } else if (component >= 0) {
            explain_component(x, report, component, bound);
        }
        return block >= 0 || component >= 0;
    }
    if (strcmp(name, "total") == 0) {
        explain_total(x, report, bound);
    } else if (strcmp(name, "per_image") == 0 && bound == MIDDLE) {
        x->meaning = "energy of the training phases over the images trained on";
        add_part(x, "energy_j.", "total", "", report->pricing.total.j);
        x->divisor = (double)report->result->images;
        x->divisor_name = "images";
    } else if (strcmp(name, "dynamic") == 0 || strcmp(name, "static") == 0) {
        explain_parts(x, report, name[0] == 's', bound);
    } else {
        return 0;
    }
    return 1;
}

static double busy_ps(const struct mca_run_report *report, int phase, int resource) {
    return (double)report->result->ledger.busy_ps[phase][resource];
}

static void explain_utilisation(struct mca_explanation *x, const struct mca_run_report *report,
                                int resource) {
    double time_ps = 0.0;
    x->meaning = "picoseconds in which the resource was busy, over its instances x the time";
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        add_count(x, mca_phase_name((enum mca_phase)p), busy_ps(report, p, resource));
        time_ps += (double)report->result->ledger.critical_ps[p];
    }
    x->divisor = (double)report->result->inventory.resource_instances[resource] * time_ps;
    x->divisor_name = "instances x picoseconds";
}

static int explain_latency(struct mca_explanation *x, const struct mca_run_report *report,
                           const char *name) {
    const struct mca_ledger *ledger = &report->result->ledger;
    x->unit = "s";
    const char *part = after(name, "utilisation.");
    if (part) {
        const int resource = resource_named(part);
        x->unit = "";
        if (resource >= 0) {
            explain_utilisation(x, report, resource);
        }
        return resource >= 0;
    }
    part = after(name, "critical_path.");
    const int phase = part ? training_phase_named(part) : -1;
    if (phase >= 0) {
        x->meaning = "picoseconds by which operations of the phase pushed the end of the simulated "
                     "time";
        add_count(x, mca_phase_name((enum mca_phase)phase), (double)ledger->critical_ps[phase]);
        x->divisor = 1e12;
        x->divisor_name = "picoseconds per second";
    } else if (strcmp(name, "total") == 0) {
        x->meaning = "picoseconds that the training phases add to the critical path";
        for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
            add_count(x, mca_phase_name((enum mca_phase)p), (double)ledger->critical_ps[p]);
        }
        x->divisor = 1e12;
        x->divisor_name = "picoseconds per second";
    } else if (strcmp(name, "per_image") == 0) {
        x->meaning = "time of the training phases over the images trained on";
        add_part(x, "latency_s.", "total", "", report->pricing.time_s);
        x->divisor = (double)report->result->images;
        x->divisor_name = "images";
    } else if (strcmp(name, "bottleneck") == 0) {
        x->unit = "";
        x->meaning = "the resource with the highest utilisation; the first of equals";
        x->text = report->pricing.time_s > 0.0 ? mca_resource_name(report->pricing.bottleneck) : "";
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            add_part(x, "latency_s.utilisation.", mca_resource_name((enum mca_resource)r), "",
                     report->pricing.utilisation[r]);
        }
    } else {
        return 0;
    }
    return 1;
}

static int explain_area(struct mca_explanation *x, const struct mca_run_report *report,
                        const char *name) {
    x->unit = "mm2";
    const char *part = after(name, "by_component.");
    const int block = part ? block_named(part) : -1;
    if (block >= 0) {
        const double instances =
            (double)mca_block_instances(&report->result->inventory, (enum mca_block)block);
        const struct mca_figure *figure = &report->library->blocks[block].area_um2;
        x->meaning = "instances x square micrometres";
        add_product(x, "instances", instances, figure, MIDDLE);
        x->divisor = 1e6;
        x->divisor_name = "square micrometres per square millimetre";
        x->low = instances * figure->value / figure->uncertainty / 1e6;
        x->high = instances * figure->value * figure->uncertainty / 1e6;
    } else if (strcmp(name, "total") == 0) {
        x->meaning = "area of all blocks";
        for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
            add_part(x, "area_mm2.by_component.", mca_block_name((enum mca_block)b), "",
                     report->pricing.area_mm2[b]);
        }
    } else {
        return 0;
    }
    return 1;
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

static int explain_key(struct mca_explanation *x, const struct mca_run_report *report) {
    const char *name = after(x->key, "energy_j.");
    if (name) {
        char plain[MCA_EXPLAIN_KEY_SIZE];
        (void)snprintf(plain, sizeof plain, "%s", name);
        const enum bound bound = take_bound(plain);
        return explain_energy(x, report, plain, bound);
    }
    name = after(x->key, "energy_other_j.");
    if (name) {
        const int phase = phase_named(name);
        const int is_other = phase >= 0 && !mca_phase_is_training((enum mca_phase)phase);
        if (is_other) {
            x->unit = "J";
            explain_phase(x, report, phase, MIDDLE);
        }
        return is_other;
    }
    name = after(x->key, "latency_s.");
    if (name) {
        return explain_latency(x, report, name);
    }
    name = after(x->key, "area_mm2.");
    return name ? explain_area(x, report, name) : 0;
}

enum mca_status mca_explain(struct mca_explanation *x, const struct mca_run_report *report,
                            const char *key, struct mca_error *error) {
    *x = (struct mca_explanation){.unit = "",
                                  .meaning = "",
                                  .low = (double)NAN,
                                  .high = (double)NAN,
                                  .divisor = 1.0,
                                  .divisor_name = ""};
    (void)snprintf(x->key, sizeof x->key, "%s", key);
    if (strlen(key) >= sizeof x->key || !explain_key(x, report)) {
        return mca_fail(error, MCA_INVALID,
                        "no figure '%.60s' to explain; without KEY all are listed", key);
    }
    double sum = 0.0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        sum += x->terms[t].value;
    }
    x->value = x->text || x->divisor == 0.0 ? (double)NAN : sum / x->divisor;
    return MCA_OK;
}

struct group {
    const char *prefix;
    uint32_t count;
    const char *(*name)(uint32_t index);
};

static const char *total_name(uint32_t i) {
    static const char *const names[] = {"total", "per_image", "dynamic", "static", "low", "high"};
    return names[i];
}

static const char *latency_name(uint32_t i) {
    static const char *const names[] = {"total", "per_image", "bottleneck"};
    return names[i];
}

static const char *training_phase_name(uint32_t i) {
    return mca_phase_name((enum mca_phase)(MCA_PHASE_FORWARD + i));
}

static const char *component_name(uint32_t i) {
    return mca_component_name((enum mca_component)i);
}

static const char *block_name(uint32_t i) {
    return mca_block_name((enum mca_block)i);
}

static const char *resource_name(uint32_t i) {
    return mca_resource_name((enum mca_resource)i);
}

static const char *other_name(uint32_t i) {
    return mca_phase_name(i == 0 ? MCA_PHASE_TEST : MCA_PHASE_INIT);
}

enum { TRAINING_PHASES = MCA_PHASE_REFRESH - MCA_PHASE_FORWARD + 1 };

static const struct group GROUPS[] = {
    {"energy_j.", 6, total_name},
    {"energy_j.by_phase.", TRAINING_PHASES, training_phase_name},
    {"energy_j.by_component.", MCA_COMPONENT_COUNT, component_name},
    {"energy_j.by_component.static_", MCA_BLOCK_COUNT, block_name},
    {"energy_other_j.", 2, other_name},
    {"latency_s.", 3, latency_name},
    {"latency_s.critical_path.", TRAINING_PHASES, training_phase_name},
    {"latency_s.utilisation.", MCA_RESOURCE_COUNT, resource_name},
    {"area_mm2.", 1, total_name},
    {"area_mm2.by_component.", MCA_BLOCK_COUNT, block_name},
};

int mca_explain_key(uint32_t index, char key[MCA_EXPLAIN_KEY_SIZE]) {
    for (size_t g = 0; g < sizeof GROUPS / sizeof GROUPS[0]; ++g) {
        if (index < GROUPS[g].count) {
            (void)snprintf(key, MCA_EXPLAIN_KEY_SIZE, "%s%s", GROUPS[g].prefix,
                           GROUPS[g].name(index));
            return 1;
        }
        index -= GROUPS[g].count;
    }
    return 0;
}
