/*
 * The ledger: how often each component acted in each phase, and how long each resource was busy.
 * Filled by the operations themselves, read by cost/ and reports/. Plain data.
 */
#ifndef MCA_CHIP_LEDGER_H
#define MCA_CHIP_LEDGER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/status.h"
#include "network/program.h"

MCA_C_BEGIN

/* Components that spend energy per action: the chip's, then those of digital designs
 * (chip/components.def). */
enum mca_component {
#define MCA_COMPONENT(NAME, ...) MCA_COMPONENT_##NAME,
#define MCA_DESIGN_COMPONENT MCA_COMPONENT
#include "chip/components.def"
    MCA_COMPONENT_COUNT
};

/* Structural blocks with static power and area, likewise. */
enum mca_block {
#define MCA_BLOCK(NAME, ...) MCA_BLOCK_##NAME,
#define MCA_DESIGN_BLOCK MCA_BLOCK
#include "chip/components.def"
    MCA_BLOCK_COUNT
};

/* How many of them are the chip's. */
enum {
    MCA_COMPONENT_CHIP_COUNT = 0
#define MCA_COMPONENT(...) +1 /* NOLINT: terms of a sum */
#include "chip/components.def"
    ,
    MCA_BLOCK_CHIP_COUNT = 0
#define MCA_BLOCK(...) +1 /* NOLINT: likewise */
#include "chip/components.def"
};

/* Things that are occupied in time. */
enum mca_resource {
    MCA_RESOURCE_IMAGE_PORT,
    MCA_RESOURCE_DAC,  /* the converter banks of all layers, per layer on the timeline */
    MCA_RESOURCE_TILE, /* reads in the crossbars */
    MCA_RESOURCE_ADC,
    MCA_RESOURCE_DPU,
    MCA_RESOURCE_CHI,
    MCA_RESOURCE_PROGRAM, /* programming drivers */
    MCA_RESOURCE_COUNT
};

struct mca_ledger {
    uint64_t counts[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT];
    /* picoseconds, summed over the instances of a resource (see mca_chip_inventory) */
    uint64_t busy_ps[MCA_PHASE_COUNT][MCA_RESOURCE_COUNT];
    /* picoseconds of each phase on the critical path, the one that led to the end of the simulated
     * time (chip/timeline.h); adds up to the chip's time */
    uint64_t critical_ps[MCA_PHASE_COUNT];
    /* of busy_ps, what instances of a layer's own did beside the one that worked longest in the
     * same operation: digital units of tiles, and their parts of chi */
    uint64_t beside_ps[MCA_PHASE_COUNT][MCA_RESOURCE_COUNT];
};

/* The part of a ledger that belongs to one layer. */
struct mca_ledger_part {
    uint64_t counts[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT];
    uint64_t busy_ps[MCA_PHASE_COUNT][MCA_RESOURCE_COUNT];
    uint64_t beside_ps[MCA_PHASE_COUNT][MCA_RESOURCE_COUNT];
};

/* A ledger kept by layer. */
struct mca_layered_ledger {
    uint32_t layer_count;
    struct mca_ledger_part *parts; /* [layer_count + 1]; the last of what belongs to no layer */
};

/* Zeros, from `arena`. MCA_FAILED when memory is short. */
enum mca_status mca_layered_ledger_init(struct mca_layered_ledger *ledger, struct mca_arena *arena,
                                        uint32_t layer_count, struct mca_error *error);

/* Adds a ledger of as many layers. */
void mca_layered_ledger_add(struct mca_layered_ledger *to, const struct mca_layered_ledger *from);

/* Sums over the parts, without critical_ps. */
struct mca_ledger mca_layered_ledger_total(const struct mca_layered_ledger *ledger);

/* Of a layer, or of MCA_NO_LAYER. */
static inline struct mca_ledger_part *mca_ledger_part_of(const struct mca_layered_ledger *ledger,
                                                         uint32_t layer) {
    return &ledger->parts[layer == MCA_NO_LAYER ? ledger->layer_count : layer];
}

static inline void mca_ledger_count(struct mca_layered_ledger *ledger, uint32_t layer,
                                    enum mca_phase phase, enum mca_component component,
                                    uint64_t count) {
    mca_ledger_part_of(ledger, layer)->counts[phase][component] += count;
}

/* beside_ps: of busy_ps, the other instances' than the one that works longest. */
static inline void mca_ledger_busy(struct mca_layered_ledger *ledger, uint32_t layer,
                                   enum mca_phase phase, enum mca_resource resource,
                                   uint64_t busy_ps, uint64_t beside_ps) {
    struct mca_ledger_part *part = mca_ledger_part_of(ledger, layer);
    part->busy_ps[phase][resource] += busy_ps;
    part->beside_ps[phase][resource] += beside_ps;
}

/* Adds another one. */
void mca_ledger_add(struct mca_ledger *to, const struct mca_ledger *from);

/* Names as they stand in files: "forward", "adc_conversion", "dpu". */
const char *mca_phase_name(enum mca_phase phase);
const char *mca_component_name(enum mca_component component);
const char *mca_block_name(enum mca_block block); /* "chi_bit" */
const char *mca_resource_name(enum mca_resource resource);

/* The resource whose work a component's actions are a part of, and that a block is a part of. */
enum mca_resource mca_component_resource(enum mca_component component);
enum mca_resource mca_block_resource(enum mca_block block);

/*
 * What the chip is built of: instances behind static power, area and utilisation. Computed from the
 * configuration by mca_chip_inventory.
 */
struct mca_inventory {
#define MCA_BUILT(name) uint64_t name;
#define MCA_DESIGN_BUILT MCA_BUILT
#include "chip/components.def"
    uint64_t
        resource_instances[MCA_RESOURCE_COUNT]; /* busy time is divided by these for utilisation */
};

/* Adds what another part is built of. */
void mca_inventory_add(struct mca_inventory *to, const struct mca_inventory *from);

MCA_C_END

#endif
