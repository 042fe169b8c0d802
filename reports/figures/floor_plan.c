/* What a drawing of the chip shows: each block of each layer with its area, energy and use. */
#include "reports/figures/facts.h"

/* The block in which a component acts for an entry; what reaches the chip from outside, or a
 * digital unit from another one, ends in a buffer. */
static enum mca_block home_of(const struct mca_priced_run *run, uint32_t entry,
                              enum mca_component component) {
    static const enum mca_block homes[MCA_COMPONENT_CHIP_COUNT] = {
        [MCA_COMPONENT_DRAM_READ] = MCA_BLOCK_BUFFER_BIT,
        [MCA_COMPONENT_IMAGE_LOAD] = MCA_BLOCK_BUFFER_BIT,
        [MCA_COMPONENT_BUFFER_READ] = MCA_BLOCK_BUFFER_BIT,
        [MCA_COMPONENT_BUFFER_WRITE] = MCA_BLOCK_BUFFER_BIT,
        [MCA_COMPONENT_DAC_DRIVE] = MCA_BLOCK_DAC,
        [MCA_COMPONENT_PCM_READ] = MCA_BLOCK_PCM_DEVICE,
        [MCA_COMPONENT_SAMPLE_HOLD] = MCA_BLOCK_SAMPLE_HOLD,
        [MCA_COMPONENT_ADC_CONVERSION] = MCA_BLOCK_ADC,
        [MCA_COMPONENT_ADC_COMPARE] = MCA_BLOCK_ADC,
        [MCA_COMPONENT_DPU_ADD] = MCA_BLOCK_DPU_LANE,
        [MCA_COMPONENT_DPU_MULTIPLY] = MCA_BLOCK_DPU_LANE,
        [MCA_COMPONENT_DPU_SIGMOID] = MCA_BLOCK_SIGMOID_UNIT,
        [MCA_COMPONENT_DPU_RANDOM] = MCA_BLOCK_REGISTER_BIT,
        [MCA_COMPONENT_CHI_READ] = MCA_BLOCK_CHI_BIT,
        [MCA_COMPONENT_CHI_WRITE] = MCA_BLOCK_CHI_BIT,
        [MCA_COMPONENT_PCM_SET] = MCA_BLOCK_PCM_DEVICE,
        [MCA_COMPONENT_PCM_RESET] = MCA_BLOCK_PCM_DEVICE,
        [MCA_COMPONENT_DPU_RELU] = MCA_BLOCK_DPU_LANE,
        [MCA_COMPONENT_DPU_COMPARE] = MCA_BLOCK_POOL_UNIT,
        [MCA_COMPONENT_DPU_SOFTMAX] = MCA_BLOCK_SOFTMAX_UNIT,
        [MCA_COMPONENT_DPU_RECIPROCAL] = MCA_BLOCK_SOFTMAX_UNIT,
        [MCA_COMPONENT_DPU_GATHER] = MCA_BLOCK_GATHER_UNIT,
        [MCA_COMPONENT_ACCUMULATOR_READ] = MCA_BLOCK_ACCUMULATOR_BIT,
        [MCA_COMPONENT_ACCUMULATOR_WRITE] = MCA_BLOCK_ACCUMULATOR_BIT,
        [MCA_COMPONENT_WEIGHT_READ] = MCA_BLOCK_WEIGHT_BIT,
        [MCA_COMPONENT_WEIGHT_WRITE] = MCA_BLOCK_WEIGHT_BIT,
        [MCA_COMPONENT_SCAN_MAP_READ] = MCA_BLOCK_SCAN_MAP_BIT,
        [MCA_COMPONENT_SCAN_MAP_WRITE] = MCA_BLOCK_SCAN_MAP_BIT,
        [MCA_COMPONENT_LINK] = MCA_BLOCK_BUFFER_BIT};
    if (component == MCA_COMPONENT_LINK && run->layers[entry].inventory.link_bits > 0) {
        return MCA_BLOCK_LINK_BIT;
    }
    return component == MCA_COMPONENT_ADC_COMPARE && run->prices.design.has_comparators
               ? MCA_BLOCK_COMPARATOR
               : homes[component];
}

/* Energy of what acts in a block of entry `of`: its own, and for the shared entry that of all
 * layers which have no such block. */
static double dynamic_j(const struct mca_priced_run *run, uint32_t of, enum mca_block block) {
    const uint32_t shared = run->result->layer_count;
    double joules = 0.0;
    for (uint32_t i = 0; i <= shared; ++i) {
        const int is_own = mca_block_instances(&run->layers[i].inventory, block) > 0;
        for (int c = 0; (is_own ? i : shared) == of && c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            joules += home_of(run, i, (enum mca_component)c) == block
                          ? run->layers[i].pricing.by_component_j[c]
                          : 0.0;
        }
    }
    return joules;
}

void mca__floor_plan_put(struct mca__json *json, const struct mca_priced_run *run) {
    json_t *blocks = mca__json_array(json, json->root, "floor_plan");
    const uint32_t shared = run->result->layer_count;
    for (uint32_t i = 0; i <= shared; ++i) {
        const struct mca_layer_price *layer = &run->layers[i];
        for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
            const enum mca_block block = (enum mca_block)b;
            const uint64_t instances = mca_block_instances(&layer->inventory, block);
            if (instances > 0) {
                json_t *o = mca__json_object(json, blocks, NULL);
                const enum mca_resource resource = mca_block_resource(block);
                mca__json_count(json, o, "entry", i);
                mca__json_text(json, o, "block", mca_block_name(block));
                mca__json_count(json, o, "instances", instances);
                mca__json_number(json, o, "area_mm2", layer->pricing.area_mm2[b]);
                mca__json_number(json, o, "energy_j",
                                 dynamic_j(run, i, block) + layer->pricing.by_block_j[b]);
                mca__json_text(json, o, "resource", mca_resource_name(resource));
                mca__json_number(
                    json, o, "use",
                    (i == shared ? &run->pricing : &layer->pricing)->utilisation[resource]);
            }
        }
    }
}
