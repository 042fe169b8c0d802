/*
 * A run with its prices: what it cost on the chip, and what the digital designs beside it would
 * have cost. Everything but `runtime` is a pure function of scenario, seed and data.
 */
#ifndef MCA_RUN_PRICED_RUN_H
#define MCA_RUN_PRICED_RUN_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "cost/baseline.h"
#include "cost/component_library.h"
#include "cost/pricing.h"
#include "cost/uncertainty.h"
#include "network/network.h"
#include "run/advice_list.h"
#include "run/metrics.h"
#include "scenario/scenario.h"
#include "train/trainer.h"

MCA_C_BEGIN

/* The data that was really used. */
struct mca_dataset_summary {
    const char *name;
    uint32_t train; /* images of the set, as loaded */
    uint32_t test;
    uint64_t hash;
};

/* Measured on this machine; 0 where not measured, threads 0 where nothing ran. */
struct mca_runtime {
    double wall_s;
    double train_wall_s;
    double test_wall_s;
    uint32_t threads;
    uint64_t peak_rss_bytes;
    uint64_t trained_before; /* images, by processes before this one: a run that was resumed */
    uint64_t tested_before;
};

/* Energy of a digital design over the chip's; NAN for none. What both share cancels in the range.
 */
struct mca_energy_ratio {
    double value;
    struct mca_range range;
};

/* A layer of the run with its prices, or what belongs to none. Units that all layers share are
 * those of the chip, busy for this layer; the critical path is the whole chip's. They are priced
 * with what belongs to none, a gated clock by its work for all layers. Of a digital design all
 * units are shared, and the critical path is the layer's: it has the design while it is at work. */
struct mca_layer_price {
    struct mca_ledger ledger;
    struct mca_inventory inventory;
    struct mca_pricing pricing;
    struct mca_macs macs;
};

/* A digital design beside the chip: as wide as the chip's digital unit, as fast as the chip, and as
 * large as the chip. `lanes` is 0 where that cannot be. */
struct mca_baseline_report {
    struct mca_baseline same_lanes;
    struct mca_baseline iso_throughput;
    struct mca_baseline iso_area;
    struct mca_energy_ratio total_ratio;               /* dynamic and static energy */
    struct mca_energy_ratio dynamic_ratio;             /* dynamic energy alone */
    struct mca_layer_price layers[MCA_LAYERS_MAX + 1]; /* of same_lanes, as the run's */
};

/* A run with its prices. Filled by mca_priced_run_init; everything pointed to is the caller's and
 * must outlive it. */
struct mca_priced_run {
    const char *name;       /* of the scenario */
    uint64_t scenario_hash; /* of the resolved scenario */
    const struct mca_scenario *scenario;
    struct mca_dataset_summary dataset;
    const struct mca_train_result *result;
    const struct mca_component_library *library;
    struct mca_runtime runtime;
    const struct mca_advice_list *advice; /* NULL: none */
    /* by mca_priced_run_init */
    struct mca_price_list prices;
    struct mca_pricing pricing;
    struct mca_network network;
    struct mca_macs macs;
    struct mca_full_reads full_reads;
    struct mca_layer_price layers[MCA_LAYERS_MAX + 1]; /* as result->layers */
    struct mca_baseline_report baselines[MCA_BASELINE_DESIGN_COUNT];
};

/* Prices the run and its baselines; the fields above `prices` must be set. */
void mca_priced_run_init(struct mca_priced_run *report);

/* Energy of a design over that of the chip, of the training phases: dynamic and static, or dynamic
 * alone. */
enum mca_ratio_kind { MCA_RATIO_TOTAL, MCA_RATIO_DYNAMIC };

/* What the ratio's errors come from; returns how many there are. The ratio must be finite. */
uint32_t mca_ratio_errors_of(const struct mca_priced_run *report, const struct mca_baseline *design,
                             enum mca_ratio_kind ratio,
                             struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]);

MCA_C_END

#endif
