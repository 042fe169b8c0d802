/*
 * Digital designs beside the chip: the same training without a crossbar. Each design keeps a ledger
 * and an inventory of its own, cycle-approximate, which are priced as the chip's are: by the same
 * library, so by the same SRAM function, node and supply. Equations: docs/reference/cost.md.
 */
#ifndef MCA_COST_BASELINE_H
#define MCA_COST_BASELINE_H

#include "base/c_linkage.h"
#include "chip/chip_config.h"
#include "chip/ledger.h"
#include "cost/baseline_design.h"
#include "cost/component_library.h"
#include "cost/pricing.h"

MCA_C_BEGIN

/* A digital design of a given width with its run. */
struct mca_baseline {
    uint32_t lanes; /* multiply-add units, each with a port to weight memory: one weight a cycle */
    struct mca_ledger ledger;
    struct mca_inventory inventory;
    struct mca_price_list prices;
    struct mca_pricing pricing;
};

/* Fills `baseline` for `design` with `lanes` >= 1 units at the chip's clock. */
void mca_baseline_init(struct mca_baseline *baseline, enum mca_baseline_design design,
                       uint32_t lanes, const struct mca_baseline_work *work,
                       const struct mca_chip_config *chip, const struct mca_cost_config *cost,
                       const struct mca_component_library *library);

/* The most units that a design is ever given. */
enum { MCA_BASELINE_LANES_MAX = 1 << 20 };

/* The part of its ledger that belongs to each layer and, behind the last, to none: they add up to
 * it. Layers follow one another, so that the critical path of each is its own. */
void mca_baseline_by_layer(enum mca_baseline_design design, uint32_t lanes,
                           const struct mca_baseline_work *work, const struct mca_chip_config *chip,
                           struct mca_ledger layers[MCA_LAYERS_MAX + 1]);

/* The fewest units with which the design needs at most `time_s` for the work; 0 when even
 * MCA_BASELINE_LANES_MAX are too slow. */
uint32_t mca_baseline_lanes_for_time(enum mca_baseline_design design,
                                     const struct mca_baseline_work *work,
                                     const struct mca_chip_config *chip, double time_s);

/* The most units with which the design takes at most `area_mm2`; 0 when even one does
 * not fit. */
uint32_t mca_baseline_lanes_for_area(enum mca_baseline_design design, uint32_t batch,
                                     const struct mca_chip_config *chip,
                                     const struct mca_cost_config *cost,
                                     const struct mca_component_library *library, double area_mm2);

MCA_C_END

#endif
