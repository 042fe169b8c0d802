/*
 * Pricing: counts, busy times and inventory times a price list give energy, latency and area. Pure
 * functions on plain data, so that a finished run can be priced again, and digital designs are
 * priced like the chip. Equations and what no figure contains: docs/reference/cost.md.
 */
#ifndef MCA_COST_PRICING_H
#define MCA_COST_PRICING_H

#include "base/c_linkage.h"
#include "chip/ledger.h"
#include "cost/price_list.h"
#include "cost/uncertainty.h"

MCA_C_BEGIN

struct mca_pricing {
    /* count x energy per action */
    double dynamic_of_j[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT];
    /* seconds, over all instances, of a block's static power: the phase's part of the critical
     * path; of what a gated clock does not take, the time that its unit works instead */
    double powered_s[MCA_PHASE_COUNT][MCA_BLOCK_COUNT];
    double static_of_j[MCA_PHASE_COUNT][MCA_BLOCK_COUNT]; /* powered_s x static power */
    /* training phases only from here to `total_j` */
    double by_component_j[MCA_COMPONENT_COUNT]; /* dynamic */
    double by_block_j[MCA_BLOCK_COUNT];         /* static */
    double dynamic_j;
    double static_j;
    double total_j;
    struct mca_range component_range_j[MCA_COMPONENT_COUNT];
    struct mca_range block_range_j[MCA_BLOCK_COUNT];
    struct mca_range total_range_j;
    struct mca_range independent_range_j; /* of the total, from the figures' own errors alone */
    struct mca_range common_range_j;      /* from the common causes alone */
    /* dynamic + static, every phase; the training phases add up to `total_j` */
    double by_phase_j[MCA_PHASE_COUNT];
    /* time, training phases */
    double time_s;
    double critical_s[MCA_PHASE_COUNT];     /* the training phases add up to time_s */
    double utilisation[MCA_RESOURCE_COUNT]; /* busy / (instances x time); 0 without time */
    /* the same of the busiest group of a resource's units, which is all of them unless the parts
     * of several layers are known (mca_price_busiest) */
    double busiest[MCA_RESOURCE_COUNT];
    enum mca_resource bottleneck;       /* of the busiest group of all; first of equals */
    double static_w;                    /* instances x static power, all blocks at work */
    double idle_w;                      /* what of it flows while nothing works */
    double gated_j[MCA_RESOURCE_COUNT]; /* of static_j, what flows only while the resource works */
    double area_mm2[MCA_BLOCK_COUNT];
    double area_total_mm2;
};

/* Prices a ledger. Cannot fail: prices are finite and not negative. */
void mca_price(struct mca_pricing *pricing, const struct mca_ledger *ledger,
               const struct mca_inventory *inventory, const struct mca_price_list *prices);

/* The same of the ledger of a part: what it is built of works for all parts, as `whole` says. */
void mca_price_part(struct mca_pricing *pricing, const struct mca_ledger *ledger,
                    const struct mca_ledger *whole, const struct mca_inventory *inventory,
                    const struct mca_price_list *prices);

/*
 * Picoseconds of the training phases that the units of a layer which are busy longest work: of
 * digital units of tiles, which begin an operation together, the longest in each operation; of
 * drivers, whose commands are shared out, all of them, and mca_longest_units says how many they
 * are (1 of other resources).
 */
double mca_longest_ps(const struct mca_ledger *layer, enum mca_resource resource);
double mca_longest_units(const struct mca_inventory *built, enum mca_resource resource);

/* Takes over the use of a layer's own units, whose ledger has the time of the whole: the busiest of
 * a resource bound the whole, however little the others do. */
void mca_price_busiest(struct mca_pricing *pricing, const struct mca_ledger *layer,
                       const struct mca_inventory *built, enum mca_resource resource);

/* Of static_j, what flows only while units work, but for those of `without`: with those free, it is
 * what remains beside idle_w over the time that is left. */
double mca_price_gated_j(const struct mca_pricing *pricing, enum mca_resource without);

/* Energy of the training phases alone, for cumulative ledgers of epochs: pricing.total_j. */
double mca_price_training_j(const struct mca_ledger *ledger, const struct mca_inventory *inventory,
                            const struct mca_price_list *prices);

/* Selects parts of an energy: a number, everything, or nothing. */
enum { MCA_EVERY = -1, MCA_NO = -2 };

/* What the library's figures contribute to an energy: of `phase` (MCA_EVERY: the training phases),
 * the dynamic part of `component` and the static part of `block` (each a number, MCA_EVERY or
 * MCA_NO). */
void mca_pricing_shares(const struct mca_pricing *pricing, const struct mca_price_list *prices,
                        int phase, int component, int block, struct mca_shares *shares);

/* The same for the area, in mm2. */
void mca_area_shares(const struct mca_pricing *pricing, const struct mca_price_list *prices,
                     int block, struct mca_shares *shares);

MCA_C_END

#endif
