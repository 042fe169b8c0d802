/* Names of what a component library prices, as they stand in files. */
#include "cost/component_library.h"

const char *mca_block_name(enum mca_block block) {
    static const char *const names[MCA_BLOCK_COUNT] = {
        "pcm_device",     "tile_control", "dac",          "adc",     "sample_hold",
        "program_driver", "dpu_lane",     "sigmoid_unit", "chi_bit", "buffer_bit"};
    return names[block];
}

const char *mca_baseline_action_name(enum mca_baseline_action action) {
    static const char *const names[MCA_BASELINE_ACTION_COUNT] = {"fp32_multiply", "fp32_add",
                                                                 "int8_multiply"};
    return names[action];
}

const char *mca_figure_kind_name(enum mca_figure_kind kind) {
    static const char *const names[MCA_FIGURE_KIND_COUNT] = {"measured", "published", "derived",
                                                             "assumption"};
    return names[kind];
}

const char *mca_component_action(enum mca_component component) {
    static const char *const names[MCA_COMPONENT_COUNT] = {
        "bit loaded",     "bit read",   "bit written", "line driven", "device read",
        "line sampled",   "conversion", "addition",    "product",     "look-up",
        "word generated", "bit read",   "bit written", "pulse",       "pulse"};
    return names[component];
}

uint64_t mca_block_instances(const struct mca_inventory *inventory, enum mca_block block) {
    const uint64_t instances[MCA_BLOCK_COUNT] = {
        [MCA_BLOCK_PCM_DEVICE] = inventory->devices,
        [MCA_BLOCK_TILE_CONTROL] = inventory->tiles,
        [MCA_BLOCK_DAC] = inventory->dacs,
        [MCA_BLOCK_ADC] = inventory->adcs,
        [MCA_BLOCK_SAMPLE_HOLD] = inventory->sample_holds,
        [MCA_BLOCK_PROGRAM_DRIVER] = inventory->program_drivers,
        [MCA_BLOCK_DPU_LANE] = inventory->dpu_lanes,
        [MCA_BLOCK_SIGMOID_UNIT] = inventory->sigmoid_units,
        [MCA_BLOCK_CHI_BIT] = inventory->chi_bits,
        [MCA_BLOCK_BUFFER_BIT] = inventory->buffer_bits,
    };
    return instances[block];
}
