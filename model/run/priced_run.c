#include "run/priced_run.h"

#include <math.h>
#include <string.h>

static double energy_j(const struct mca_pricing *pricing, enum mca_ratio_kind ratio) {
    return ratio == MCA_RATIO_TOTAL ? pricing->total_j : pricing->dynamic_j;
}

uint32_t mca_ratio_errors_of(const struct mca_priced_run *report, const struct mca_baseline *design,
                             enum mca_ratio_kind ratio,
                             struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]) {
    const int blocks = ratio == MCA_RATIO_TOTAL ? MCA_EVERY : MCA_NO;
    struct mca_shares top;
    struct mca_shares bottom;
    mca_pricing_shares(&design->pricing, &design->prices, MCA_EVERY, MCA_EVERY, blocks, &top);
    mca_pricing_shares(&report->pricing, &report->prices, MCA_EVERY, MCA_EVERY, blocks, &bottom);
    return mca_ratio_errors(report->library, &top, energy_j(&design->pricing, ratio), &bottom,
                            energy_j(&report->pricing, ratio), sources);
}

static struct mca_energy_ratio ratio_of(const struct mca_priced_run *report,
                                        const struct mca_baseline *design,
                                        enum mca_ratio_kind kind) {
    const double top = energy_j(&design->pricing, kind);
    const double bottom = energy_j(&report->pricing, kind);
    if (!(top > 0.0 && bottom > 0.0)) {
        return (struct mca_energy_ratio){(double)NAN, {(double)NAN, (double)NAN}};
    }
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = mca_ratio_errors_of(report, design, kind, sources);
    return (struct mca_energy_ratio){top / bottom,
                                     mca_range_of(top / bottom, sources, count, MCA_ERRORS_ALL)};
}

static struct mca_baseline_work work_of(const struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    const int is_test = mca_is_test_alone(result);
    struct mca_baseline_work work = {.images = result->images,
                                     .is_test = is_test,
                                     .batch = is_test ? 1 : report->scenario->train.batch};
    for (uint32_t i = 0; i < result->layer_count; ++i) {
        work.parts[i] = &result->layers[i].part;
    }
    return work;
}

static void price_design_layers(struct mca_baseline_report *b, enum mca_baseline_design design,
                                const struct mca_baseline_work *work,
                                const struct mca_priced_run *report) {
    const struct mca_baseline *same = &b->same_lanes;
    struct mca_ledger ledgers[MCA_LAYERS_MAX + 1];
    mca_baseline_by_layer(design, same->lanes, work, &report->scenario->chip, ledgers);
    for (uint32_t i = 0; i <= report->result->layer_count; ++i) {
        struct mca_layer_price *price = &b->layers[i];
        price->ledger = ledgers[i];
        price->inventory = same->inventory;
        mca_price(&price->pricing, &price->ledger, &price->inventory, &same->prices);
        price->macs = report->layers[i].macs;
    }
}

static void price_baseline(struct mca_priced_run *report, enum mca_baseline_design design) {
    struct mca_baseline_report *b = &report->baselines[design];
    const struct mca_baseline_work work = work_of(report);
    const struct mca_chip_config *chip = &report->scenario->chip;
    const struct mca_cost_config *cost = &report->scenario->cost;
    const uint32_t fast = mca_baseline_lanes_for_time(design, &work, chip, report->pricing.time_s);
    const uint32_t large = mca_baseline_lanes_for_area(
        design, work.batch, chip, cost, report->library, report->pricing.area_total_mm2);
    mca_baseline_init(&b->same_lanes, design, chip->dpu.lanes, &work, chip, cost, report->library);
    if (fast > 0) {
        mca_baseline_init(&b->iso_throughput, design, fast, &work, chip, cost, report->library);
    }
    if (large > 0) {
        mca_baseline_init(&b->iso_area, design, large, &work, chip, cost, report->library);
    }
    price_design_layers(b, design, &work, report);
    b->total_ratio = ratio_of(report, &b->same_lanes, MCA_RATIO_TOTAL);
    b->dynamic_ratio = ratio_of(report, &b->same_lanes, MCA_RATIO_DYNAMIC);
}

static void price_layers(struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        const struct mca_layer_result *layer = &result->layers[i];
        struct mca_layer_price *price = &report->layers[i];
        memcpy(price->ledger.counts, layer->part.counts, sizeof layer->part.counts);
        memcpy(price->ledger.busy_ps, layer->part.busy_ps, sizeof layer->part.busy_ps);
        memcpy(price->ledger.beside_ps, layer->part.beside_ps, sizeof layer->part.beside_ps);
        memcpy(price->ledger.critical_ps, result->ledger.critical_ps,
               sizeof result->ledger.critical_ps);
        price->inventory = layer->inventory;
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            uint64_t *instances = &price->inventory.resource_instances[r];
            *instances = *instances ? *instances : result->inventory.resource_instances[r];
        }
        /* what no layer has alone works for all */
        mca_price_part(&price->pricing, &price->ledger,
                       i < result->layer_count ? &price->ledger : &result->ledger,
                       &price->inventory, &report->prices);
    }
}

/* The units of a layer's own bound the chip by themselves. */
static void find_busiest(struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    for (uint32_t i = 0; i < result->layer_count; ++i) {
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            if (result->layers[i].inventory.resource_instances[r] > 0) {
                mca_price_busiest(&report->pricing, &report->layers[i].ledger,
                                  &report->layers[i].inventory, (enum mca_resource)r);
            }
        }
    }
}

static void count_macs(struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    const uint64_t trained = mca_is_test_alone(result) ? 0 : result->images;
    struct mca_macs macs[MCA_LAYERS_MAX + 1];
    report->macs = mca_macs_of(&report->network, trained, result->tested_images, macs);
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        report->layers[i].macs = macs[i];
    }
    report->full_reads =
        mca_full_reads_of(&report->network, &report->scenario->chip, &report->prices);
}

void mca_priced_run_init(struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    const struct mca_cost_design design =
        mca_cost_design_of(&report->scenario->chip, &report->scenario->cost, &result->inventory);
    mca_price_list_init(&report->prices, report->library, &design);
    mca_price(&report->pricing, &result->ledger, &result->inventory, &report->prices);
    (void)mca_network_init(&report->network, &report->scenario->chip.network, NULL); /* checked */
    price_layers(report);
    find_busiest(report);
    count_macs(report);
    memset(report->baselines, 0, sizeof report->baselines);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        price_baseline(report, (enum mca_baseline_design)d);
    }
}
