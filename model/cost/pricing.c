#include "cost/pricing.h"

#include <string.h>

static double seconds(uint64_t ps) {
    return (double)ps / 1e12;
}

/* How long the units of a block work in a phase, each of them as long as the others. */
static double working_s(const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                        enum mca_phase phase, enum mca_resource resource) {
    const uint64_t units = inventory->resource_instances[resource];
    return units > 0 ? seconds(ledger->busy_ps[phase][resource]) / (double)units : 0.0;
}

/* What is priced: counts and critical times are the ledger's, working times of units `whole`'s. */
struct priced {
    const struct mca_ledger *ledger;
    const struct mca_ledger *whole;
    const struct mca_inventory *inventory;
};

static void price_block(struct mca_pricing *p, enum mca_phase phase, enum mca_block block,
                        const struct priced *of, const struct mca_price_list *prices) {
    const int training = mca_phase_is_training(phase);
    const double instances = (double)mca_block_instances(of->inventory, block);
    const double idle = prices->idle_share[block];
    const enum mca_resource resource = mca_block_resource(block);
    const double work_s = (1.0 - idle) * working_s(of->whole, of->inventory, phase, resource);
    p->powered_s[phase][block] = instances * (idle * p->critical_s[phase] + work_s);
    const double j = p->powered_s[phase][block] * prices->static_w[block].value;
    p->static_of_j[phase][block] = j;
    p->by_phase_j[phase] += j;
    p->by_block_j[block] += training ? j : 0.0;
    p->gated_j[resource] += training ? instances * work_s * prices->static_w[block].value : 0.0;
}

static void price_phase(struct mca_pricing *p, enum mca_phase phase, const struct priced *of,
                        const struct mca_price_list *prices) {
    const int training = mca_phase_is_training(phase);
    const struct mca_ledger *ledger = of->ledger;
    p->critical_s[phase] = seconds(ledger->critical_ps[phase]);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const double j = (double)ledger->counts[phase][c] * prices->energy[c].value;
        p->dynamic_of_j[phase][c] = j;
        p->by_phase_j[phase] += j;
        p->by_component_j[c] += training ? j : 0.0;
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        price_block(p, phase, (enum mca_block)b, of, prices);
    }
}

static struct mca_range range_of(const struct mca_pricing *p, const struct mca_price_list *prices,
                                 int component, int block, double value) {
    struct mca_shares shares;
    mca_pricing_shares(p, prices, MCA_EVERY, component, block, &shares);
    return mca_sum_range(prices->library, &shares, value);
}

static void price_ranges(struct mca_pricing *p, const struct mca_price_list *prices) {
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        p->component_range_j[c] = range_of(p, prices, c, MCA_NO, p->by_component_j[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        p->block_range_j[b] = range_of(p, prices, MCA_NO, b, p->by_block_j[b]);
    }
    struct mca_shares shares;
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    mca_pricing_shares(p, prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
    const uint32_t count = mca_sum_errors(prices->library, &shares, p->total_j, sources);
    p->total_range_j = mca_range_of(p->total_j, sources, count, MCA_ERRORS_ALL);
    p->independent_range_j = mca_range_of(p->total_j, sources, count, MCA_ERRORS_INDEPENDENT);
    p->common_range_j = mca_range_of(p->total_j, sources, count, MCA_ERRORS_COMMON);
}

static void find_bottleneck(struct mca_pricing *p) {
    p->bottleneck = (enum mca_resource)0;
    for (int r = 1; r < MCA_RESOURCE_COUNT; ++r) {
        if (p->busiest[r] > p->busiest[p->bottleneck]) {
            p->bottleneck = (enum mca_resource)r;
        }
    }
}

static void price_time(struct mca_pricing *p, const struct mca_ledger *ledger,
                       const struct mca_inventory *inventory) {
    uint64_t time_ps = 0;
    for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
        time_ps += ledger->critical_ps[phase];
    }
    p->time_s = seconds(time_ps);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        uint64_t busy_ps = 0;
        for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
            busy_ps += ledger->busy_ps[phase][r];
        }
        const uint64_t instances = inventory->resource_instances[r];
        const int defined = time_ps > 0 && instances > 0;
        p->utilisation[r] = defined ? (double)busy_ps / ((double)instances * (double)time_ps) : 0.0;
        p->busiest[r] = p->utilisation[r];
    }
    find_bottleneck(p);
}

double mca_longest_ps(const struct mca_ledger *layer, enum mca_resource resource) {
    double longest_ps = 0.0;
    for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
        longest_ps += (double)(layer->busy_ps[phase][resource] - layer->beside_ps[phase][resource]);
    }
    return longest_ps;
}

double mca_longest_units(const struct mca_inventory *built, enum mca_resource resource) {
    return resource == MCA_RESOURCE_PROGRAM ? (double)built->resource_instances[resource] : 1.0;
}

void mca_price_busiest(struct mca_pricing *pricing, const struct mca_ledger *layer,
                       const struct mca_inventory *built, enum mca_resource resource) {
    double time_ps = 0.0;
    for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
        time_ps += (double)layer->critical_ps[phase];
    }
    const double use = time_ps > 0.0 ? mca_longest_ps(layer, resource) /
                                           (mca_longest_units(built, resource) * time_ps)
                                     : 0.0;
    if (use > pricing->busiest[resource]) {
        pricing->busiest[resource] = use;
    }
    find_bottleneck(pricing);
}

static void price_blocks(struct mca_pricing *p, const struct mca_inventory *inventory,
                         const struct mca_price_list *prices) {
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        const double instances = (double)mca_block_instances(inventory, (enum mca_block)b);
        p->area_mm2[b] = instances * prices->area_um2[b].value / 1e6;
        p->area_total_mm2 += p->area_mm2[b];
        p->static_w += instances * prices->static_w[b].value;
        p->idle_w += instances * prices->static_w[b].value * prices->idle_share[b];
    }
}

static void price_sums(struct mca_pricing *p, const struct priced *of,
                       const struct mca_price_list *prices) {
    memset(p, 0, sizeof *p);
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        price_phase(p, (enum mca_phase)phase, of, prices);
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        p->dynamic_j += p->by_component_j[c];
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        p->static_j += p->by_block_j[b];
    }
    p->total_j = p->dynamic_j + p->static_j;
}

void mca_price(struct mca_pricing *pricing, const struct mca_ledger *ledger,
               const struct mca_inventory *inventory, const struct mca_price_list *prices) {
    mca_price_part(pricing, ledger, ledger, inventory, prices);
}

void mca_price_part(struct mca_pricing *pricing, const struct mca_ledger *ledger,
                    const struct mca_ledger *whole, const struct mca_inventory *inventory,
                    const struct mca_price_list *prices) {
    const struct priced of = {ledger, whole, inventory};
    price_sums(pricing, &of, prices);
    price_ranges(pricing, prices);
    price_time(pricing, ledger, inventory);
    price_blocks(pricing, inventory, prices);
}

double mca_price_gated_j(const struct mca_pricing *pricing, enum mca_resource without) {
    double j = 0.0;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        j += r != (int)without ? pricing->gated_j[r] : 0.0;
    }
    return j;
}

double mca_price_training_j(const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                            const struct mca_price_list *prices) {
    struct mca_pricing pricing;
    const struct priced of = {ledger, ledger, inventory};
    price_sums(&pricing, &of, prices);
    return pricing.total_j;
}

/* Whether a selection (a number, MCA_EVERY or MCA_NO) takes `index`. */
static int takes(int selection, int index) {
    return selection == MCA_EVERY || selection == index;
}

void mca_pricing_shares(const struct mca_pricing *pricing, const struct mca_price_list *prices,
                        int phase, int component, int block, struct mca_shares *shares) {
    memset(shares, 0, sizeof *shares);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        if (phase == MCA_EVERY ? !mca_phase_is_training((enum mca_phase)p) : p != phase) {
            continue;
        }
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            if (takes(component, c)) {
                shares->of[mca_figure_index(prices, &prices->energy[c])] +=
                    pricing->dynamic_of_j[p][c];
            }
        }
        for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
            if (takes(block, b)) {
                shares->of[mca_figure_index(prices, &prices->static_w[b])] +=
                    pricing->static_of_j[p][b];
            }
        }
    }
}

void mca_area_shares(const struct mca_pricing *pricing, const struct mca_price_list *prices,
                     int block, struct mca_shares *shares) {
    memset(shares, 0, sizeof *shares);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (takes(block, b)) {
            shares->of[mca_figure_index(prices, &prices->area_um2[b])] += pricing->area_mm2[b];
        }
    }
}
