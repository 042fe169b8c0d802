#include "chip/ledger.h"

enum mca_status mca_layered_ledger_init(struct mca_layered_ledger *ledger, struct mca_arena *arena,
                                        uint32_t layer_count, struct mca_error *error) {
    ledger->layer_count = layer_count;
    ledger->parts = mca_arena_alloc(arena, layer_count + (size_t)1, sizeof *ledger->parts);
    return ledger->parts ? MCA_OK : mca_fail_memory(error, "ledger");
}

/* What counts and times of a part and of a whole have in common. */
#define ADD(to, from)                                                                              \
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {                                                    \
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {                                            \
            (to)->counts[p][c] += (from)->counts[p][c];                                            \
        }                                                                                          \
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {                                             \
            (to)->busy_ps[p][r] += (from)->busy_ps[p][r];                                          \
            (to)->beside_ps[p][r] += (from)->beside_ps[p][r];                                      \
        }                                                                                          \
    }

void mca_layered_ledger_add(struct mca_layered_ledger *to, const struct mca_layered_ledger *from) {
    for (uint32_t i = 0; i <= from->layer_count; ++i) {
        ADD(&to->parts[i], &from->parts[i])
    }
}

struct mca_ledger mca_layered_ledger_total(const struct mca_layered_ledger *ledger) {
    struct mca_ledger total = {0};
    for (uint32_t i = 0; i <= ledger->layer_count; ++i) {
        ADD(&total, &ledger->parts[i])
    }
    return total;
}

void mca_ledger_add(struct mca_ledger *to, const struct mca_ledger *from) {
    ADD(to, from)
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        to->critical_ps[p] += from->critical_ps[p];
    }
}

void mca_inventory_add(struct mca_inventory *to, const struct mca_inventory *from) {
#define MCA_BUILT(name) to->name += from->name;
#define MCA_DESIGN_BUILT MCA_BUILT
#include "chip/components.def"
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        to->resource_instances[r] += from->resource_instances[r];
    }
}

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

enum mca_resource mca_component_resource(enum mca_component component) {
    static const enum mca_resource units[MCA_COMPONENT_COUNT] = {
#define MCA_COMPONENT(NAME, name, UNIT, ...) MCA_RESOURCE_##UNIT,
#define MCA_DESIGN_COMPONENT MCA_COMPONENT
#include "chip/components.def"
    };
    return units[component];
}

enum mca_resource mca_block_resource(enum mca_block block) {
    static const enum mca_resource units[MCA_BLOCK_COUNT] = {
#define MCA_BLOCK(NAME, name, UNIT, ...) MCA_RESOURCE_##UNIT,
#define MCA_DESIGN_BLOCK MCA_BLOCK
#include "chip/components.def"
    };
    return units[block];
}
