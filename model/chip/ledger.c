#include "chip/ledger.h"

const char *mca_phase_name(enum mca_phase phase) {
    static const char *const names[MCA_PHASE_COUNT] = {"init",   "forward",  "error",   "backward",
                                                       "update", "transfer", "refresh", "test"};
    return names[phase];
}

const char *mca_component_name(enum mca_component component) {
    static const char *const names[MCA_COMPONENT_COUNT] = {
#define MCA_COMPONENT(NAME, name, ...) #name,
#define MCA_DESIGN_COMPONENT MCA_COMPONENT
#include "chip/components.def"
    };
    return names[component];
}

const char *mca_block_name(enum mca_block block) {
    static const char *const names[MCA_BLOCK_COUNT] = {
#define MCA_BLOCK(NAME, name, ...) #name,
#define MCA_DESIGN_BLOCK MCA_BLOCK
#include "chip/components.def"
    };
    return names[block];
}

const char *mca_resource_name(enum mca_resource resource) {
    static const char *const names[MCA_RESOURCE_COUNT] = {"image_port", "dac", "tile",   "adc",
                                                          "dpu",        "chi", "program"};
    return names[resource];
}
