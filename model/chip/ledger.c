#include "chip/ledger.h"

const char *mca_phase_name(enum mca_phase phase) {
    static const char *const names[MCA_PHASE_COUNT] = {"init",   "forward",  "error",   "backward",
                                                       "update", "transfer", "refresh", "test"};
    return names[phase];
}

const char *mca_component_name(enum mca_component component) {
    static const char *const names[MCA_COMPONENT_COUNT] = {
        "dram_read",    "image_load",  "buffer_read",    "buffer_write", "dac_drive",
        "pcm_read",     "sample_hold", "adc_conversion", "dpu_add",      "dpu_multiply",
        "dpu_sigmoid",  "dpu_random",  "chi_read",       "chi_write",    "pcm_set",
        "pcm_reset",    "weight_read", "weight_write",   "fp32_add",     "fp32_multiply",
        "int8_multiply"};
    return names[component];
}

const char *mca_resource_name(enum mca_resource resource) {
    static const char *const names[MCA_RESOURCE_COUNT] = {"image_port", "dac", "tile",   "adc",
                                                          "dpu",        "chi", "program"};
    return names[resource];
}
