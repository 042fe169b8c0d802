#include "cost/pricing.h"

#include <string.h>

static struct mca_energy energy_of(const struct mca_figure *figure, double amount) {
    const double j = amount * figure->value;
    return (struct mca_energy){j, j / figure->uncertainty, j * figure->uncertainty};
}

static void add(struct mca_energy *sum, struct mca_energy part) {
    sum->j += part.j;
    sum->low_j += part.low_j;
    sum->high_j += part.high_j;
}

static double seconds(uint64_t ps) {
    return (double)ps / 1e12;
}

static void price_phase(struct mca_pricing *p, enum mca_phase phase,
                        const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                        const struct mca_component_library *library) {
    const int training = mca_phase_is_training(phase);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const struct mca_energy e =
            energy_of(&library->energy_j[c], (double)ledger->counts[phase][c]);
        p->dynamic_of[phase][c] = e;
        add(&p->by_phase[phase], e);
        if (training) {
            add(&p->by_component[c], e);
        }
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        const double instances = (double)mca_block_instances(inventory, (enum mca_block)b);
        const struct mca_energy e =
            energy_of(&library->blocks[b].static_w, instances * p->critical_s[phase]);
        p->static_of[phase][b] = e;
        add(&p->by_phase[phase], e);
        if (training) {
            add(&p->by_block[b], e);
        }
    }
}

static void price_energy(struct mca_pricing *p, const struct mca_ledger *ledger,
                         const struct mca_inventory *inventory,
                         const struct mca_component_library *library) {
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        p->critical_s[phase] = seconds(ledger->critical_ps[phase]);
        price_phase(p, (enum mca_phase)phase, ledger, inventory, library);
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        add(&p->dynamic_total, p->by_component[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        add(&p->static_total, p->by_block[b]);
    }
    add(&p->total, p->dynamic_total);
    add(&p->total, p->static_total);
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
        if (p->utilisation[r] > p->utilisation[p->bottleneck]) {
            p->bottleneck = (enum mca_resource)r;
        }
    }
}

void mca_price(struct mca_pricing *pricing, const struct mca_ledger *ledger,
               const struct mca_inventory *inventory, const struct mca_component_library *library) {
    memset(pricing, 0, sizeof *pricing);
    price_energy(pricing, ledger, inventory, library);
    price_time(pricing, ledger, inventory);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        pricing->area_mm2[b] = (double)mca_block_instances(inventory, (enum mca_block)b) *
                               library->blocks[b].area_um2.value / 1e6;
        pricing->area_total_mm2 += pricing->area_mm2[b];
    }
}

double mca_price_training_j(const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                            const struct mca_component_library *library) {
    struct mca_pricing pricing;
    mca_price(&pricing, ledger, inventory, library);
    return pricing.total.j;
}
