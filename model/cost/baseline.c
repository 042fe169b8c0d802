#include "cost/baseline.h"

#include <string.h>

#include "chip/chip.h"
#include "chip/timeline.h"
#include "cost/baseline_work.h"
#include "dpu/fixed_dpu.h"

/* Operand and pipeline registers of a single-precision unit: three operands and three stages. */
enum { FP32_REGISTER_BITS = 192, SUM_BITS = 32 };

void mca_baseline_by_layer(enum mca_baseline_design design, uint32_t lanes,
                           const struct mca_baseline_work *work, const struct mca_chip_config *chip,
                           struct mca_ledger layers[MCA_LAYERS_MAX + 1]) {
    struct mca__design d;
    memset(layers, 0, (MCA_LAYERS_MAX + 1) * sizeof *layers);
    mca__design_init(&d, design, lanes, chip, work->batch);
    mca__design_work(&d, work, layers);
}

/* Activations and errors of two images at work, or of all that are taken together; remembered
 * choices likewise; sums once. */
static void count_buffers(const struct mca__design *d, struct mca_inventory *v) {
    const uint64_t images = d->group > 2 ? d->group : 2;
    for (uint32_t i = 0; i < d->program.buffer_count; ++i) {
        const struct mca_buffer *buffer = &d->program.buffers[i];
        const uint64_t copies = buffer->kind == MCA_BUFFER_REGISTERS ? 0
                                : buffer->kind == MCA_BUFFER_SUMS    ? 1
                                                                     : images;
        v->buffers += copies;
        v->buffer_bits += copies * mca__design_buffer_bits(d, i);
    }
}

static void count_units(const struct mca__design *d, struct mca_inventory *v) {
    const struct mca_unit_kinds kinds = mca_chip_unit_kinds(d->chip, &d->network);
    uint64_t outputs = 0; /* of layers that have a function: no more units are of use */
    for (uint32_t i = 0; i < d->network.layer_count; ++i) {
        outputs += d->network.layers[i].rows > 0 ? d->network.layers[i].outputs : 0;
    }
    v->sigmoid_units = !kinds.looks_up ? 0 : d->lanes < outputs ? d->lanes : outputs;
    v->softmax_units = kinds.softmax ? 1 : 0;
    v->pool_units = kinds.pools ? d->lanes : 0;
    v->gather_units = kinds.gathers ? d->lanes : 0;
    if (d->held > 1) {
        v->lane_sums = d->lanes;
        v->lane_sum_bits = (uint64_t)d->lanes * d->held * SUM_BITS;
    }
}

/* Weight memory, in which a gradient lies beside each weight that has one; chi, of the weights that
 * are not changed in place. */
static void count_weights(const struct mca__design *d, struct mca_inventory *v) {
    for (uint32_t i = 0; i < d->network.layer_count; ++i) {
        const struct mca_network_layer *layer = &d->network.layers[i];
        const uint64_t weights = (uint64_t)layer->rows * layer->cols;
        const int has_gradients = d->keeps_gradients && !layer->config.frozen;
        const int has_chi = !d->traits->fp32 && !d->chip->network.layers[i].digital;
        v->weights += weights;
        v->weight_bits += weights * mca__design_weight_bits(d, i) * (has_gradients ? 2 : 1);
        v->chi_bits += has_chi ? weights * d->chip->chi.bits : 0;
    }
}

static struct mca_inventory inventory_of(const struct mca__design *d) {
    struct mca_inventory v = {0};
    count_weights(d, &v);
    count_buffers(d, &v);
    count_units(d, &v);
    if (d->traits->fp32) {
        v.fp32_lanes = d->lanes;
        v.register_bits = (uint64_t)d->lanes * FP32_REGISTER_BITS;
    } else {
        v.dpu_lanes = d->lanes;
        v.register_bits = (uint64_t)d->lanes * MCA_DPU_REGISTER_BITS_PER_LANE;
        v.accumulator_bits = mca_chip_sums(d->chip, &d->network) * MCA_DPU_SUM_BITS;
        v.accumulators = v.accumulator_bits > 0 ? 1 : 0;
    }
    v.resource_instances[MCA_RESOURCE_IMAGE_PORT] = 1;
    v.resource_instances[MCA_RESOURCE_DPU] = 1;
    v.resource_instances[MCA_RESOURCE_CHI] = 1;
    return v;
}

void mca_baseline_init(struct mca_baseline *baseline, enum mca_baseline_design design,
                       uint32_t lanes, const struct mca_baseline_work *work,
                       const struct mca_chip_config *chip, const struct mca_cost_config *cost,
                       const struct mca_component_library *library) {
    struct mca__design d;
    struct mca_ledger layers[MCA_LAYERS_MAX + 1] = {0};
    memset(baseline, 0, sizeof *baseline);
    baseline->lanes = lanes;
    mca__design_init(&d, design, lanes, chip, work->batch);
    mca__design_work(&d, work, layers);
    for (uint32_t i = 0; i <= d.network.layer_count; ++i) {
        mca_ledger_add(&baseline->ledger, &layers[i]);
    }
    baseline->inventory = inventory_of(&d);
    const struct mca_cost_design cost_design = mca_cost_design_of(chip, cost, &baseline->inventory);
    mca_price_list_init(&baseline->prices, library, &cost_design);
    mca_price(&baseline->pricing, &baseline->ledger, &baseline->inventory, &baseline->prices);
}

/* Time of the work with so many units. */
static uint64_t time_ps_of(enum mca_baseline_design design, uint32_t lanes,
                           const struct mca_baseline_work *work,
                           const struct mca_chip_config *chip) {
    struct mca_ledger layers[MCA_LAYERS_MAX + 1];
    uint64_t time_ps = 0;
    mca_baseline_by_layer(design, lanes, work, chip, layers);
    for (uint32_t i = 0; i <= MCA_LAYERS_MAX; ++i) {
        for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
            time_ps += layers[i].critical_ps[p];
        }
    }
    return time_ps;
}

uint32_t mca_baseline_lanes_for_time(enum mca_baseline_design design,
                                     const struct mca_baseline_work *work,
                                     const struct mca_chip_config *chip, double time_s) {
    uint32_t too_few = 0;
    uint32_t enough = MCA_BASELINE_LANES_MAX;
    if ((double)time_ps_of(design, enough, work, chip) / 1e12 > time_s) {
        return 0;
    }
    while (enough - too_few > 1) {
        const uint32_t middle = too_few + (enough - too_few) / 2;
        if ((double)time_ps_of(design, middle, work, chip) / 1e12 <= time_s) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    return enough;
}

uint32_t mca_baseline_lanes_for_area(enum mca_baseline_design design, uint32_t batch,
                                     const struct mca_chip_config *chip,
                                     const struct mca_cost_config *cost,
                                     const struct mca_component_library *library, double area_mm2) {
    const struct mca_baseline_work no_work = {.batch = batch};
    struct mca_baseline *tried = &(struct mca_baseline){0};
    uint32_t fits = 0;
    uint32_t too_many = MCA_BASELINE_LANES_MAX + 1;
    while (too_many - fits > 1) {
        const uint32_t middle = fits + (too_many - fits) / 2;
        mca_baseline_init(tried, design, middle, &no_work, chip, cost, library);
        if (tried->pricing.area_total_mm2 <= area_mm2) {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    return fits;
}
