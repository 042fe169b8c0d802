/*
 * Pricing: counts, busy times and inventory times a component library give energy, latency and
 * area. Pure functions on plain data, so that a finished run can be priced again under another
 * library. Equations and what no figure contains: docs/07-cost.md.
 */
#ifndef MCA_COST_PRICING_H
#define MCA_COST_PRICING_H

#include "arch/ledger.h"
#include "cost/component_library.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An energy and its range. The uncertainty of a component is common to all its actions, and those
 * of different components are taken to err in the same direction: low and high of a sum are the
 * sums of lows and highs, the widest range.
 */
struct mca_energy {
    double j;
    double low_j;
    double high_j;
};

struct mca_pricing {
    /* count x energy per action */
    struct mca_energy dynamic_of[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT];
    /* instances x static power x the phase's part of the critical path */
    struct mca_energy static_of[MCA_PHASE_COUNT][MCA_BLOCK_COUNT];
    /* training phases only from here to `total` */
    struct mca_energy by_component[MCA_COMPONENT_COUNT]; /* dynamic */
    struct mca_energy by_block[MCA_BLOCK_COUNT];         /* static */
    struct mca_energy dynamic_total;
    struct mca_energy static_total;
    struct mca_energy total;
    /* dynamic + static, every phase; the training phases add up to `total` */
    struct mca_energy by_phase[MCA_PHASE_COUNT];
    /* time, training phases */
    double time_s;
    double critical_s[MCA_PHASE_COUNT];     /* the training phases add up to time_s */
    double utilisation[MCA_RESOURCE_COUNT]; /* busy / (instances x time); 0 without time */
    enum mca_resource bottleneck;           /* highest utilisation; first of equals */
    double area_mm2[MCA_BLOCK_COUNT];
    double area_total_mm2;
};

/* Prices a ledger. Cannot fail: the library's figures are finite and not negative. */
void mca_price(struct mca_pricing *pricing, const struct mca_ledger *ledger,
               const struct mca_inventory *inventory, const struct mca_component_library *library);

/* Energy of the training phases alone, for cumulative ledgers of epochs: pricing.total.j. */
double mca_price_training_j(const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                            const struct mca_component_library *library);

#ifdef __cplusplus
}
#endif

#endif
