/*
 * Component libraries: what one action of each component costs in energy, and what each structural
 * block of the chip costs in static power and area. A library is a YAML file in which every figure
 * has a value with its unit, a technology node, a source, its kind and an uncertainty
 * (docs/07-cost.md). Latencies are not part of a library: they are the scenario's (`timing`).
 */
#ifndef MCA_COST_COMPONENT_LIBRARY_H
#define MCA_COST_COMPONENT_LIBRARY_H

#include <stdint.h>

#include "arch/ledger.h"
#include "base/arena.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a figure was come by. */
enum mca_figure_kind {
    MCA_FIGURE_MEASURED,   /* on silicon */
    MCA_FIGURE_PUBLISHED,  /* stated by a publication or a published model */
    MCA_FIGURE_DERIVED,    /* by arithmetic from measured or published figures, e.g. to a node */
    MCA_FIGURE_ASSUMPTION, /* chosen; nothing verified supports it */
    MCA_FIGURE_KIND_COUNT
};

/* Structural blocks: static power while the chip is on, and area. In brackets the instance. */
enum mca_block {
    MCA_BLOCK_PCM_DEVICE,     /* device with its access transistor */
    MCA_BLOCK_TILE_CONTROL,   /* decoders and read regulators of a tile */
    MCA_BLOCK_DAC,            /* converter */
    MCA_BLOCK_ADC,            /* converter */
    MCA_BLOCK_SAMPLE_HOLD,    /* sampled line */
    MCA_BLOCK_PROGRAM_DRIVER, /* driver */
    MCA_BLOCK_DPU_LANE,       /* lane with its pipeline registers and their clock */
    MCA_BLOCK_SIGMOID_UNIT,   /* unit */
    MCA_BLOCK_CHI_BIT,        /* bit of chi's SRAM */
    MCA_BLOCK_BUFFER_BIT,     /* bit of activation and error buffers */
    MCA_BLOCK_COUNT
};

/* Actions that only the digital baselines take (cost/baseline.h). */
enum mca_baseline_action {
    MCA_BASELINE_FP32_MULTIPLY,
    MCA_BASELINE_FP32_ADD,
    MCA_BASELINE_INT8_MULTIPLY,
    MCA_BASELINE_ACTION_COUNT
};

/* One figure: SI value and where it is from. Strings belong to the library. */
struct mca_figure {
    double value;       /* J, W or um2 as the owner says; >= 0 */
    double uncertainty; /* factor >= 1: the figure lies in value / factor .. value * factor */
    double node_nm;     /* technology node that the value is for */
    double voltage_v;   /* supply, NAN where not stated */
    enum mca_figure_kind kind;
    const char *source; /* author, title, year, table or file */
    const char *note;   /* "" where there is none */
    uint32_t line;      /* in the library's file */
};

struct mca_block_figures {
    struct mca_figure static_w; /* W per instance */
    struct mca_figure area_um2; /* um2 per instance */
};

struct mca_component_library {
    const char *name;                                        /* as the file says */
    const char *about;                                       /* one paragraph */
    const char *path;                                        /* file it was read from */
    uint64_t hash;                                           /* XXH3 of the file's bytes */
    struct mca_figure energy_j[MCA_COMPONENT_COUNT];         /* per action */
    struct mca_figure baseline_j[MCA_BASELINE_ACTION_COUNT]; /* per action */
    struct mca_block_figures blocks[MCA_BLOCK_COUNT];
    struct mca_arena arena; /* holds the strings */
};

/* Names as they stand in files: "chi_bit", "fp32_add", "published". */
const char *mca_block_name(enum mca_block block);
const char *mca_baseline_action_name(enum mca_baseline_action action);
const char *mca_figure_kind_name(enum mca_figure_kind kind);

/* The action that is counted: "bit read", "conversion". */
const char *mca_component_action(enum mca_component component);

/* Instances of `block` on a chip. */
uint64_t mca_block_instances(const struct mca_inventory *inventory, enum mca_block block);

/*
 * Loads a library. `name` with a slash or ending in .yaml is a path and is taken as it is; any
 * other name is looked for as NAME.yaml in $MCA_COMPONENTS_DIR, in the source tree's
 * scenarios/components and in the installed share directory, the first found being taken.
 * `library` is filled on success only and is released with mca_component_library_deinit.
 * Errors: MCA_SYSTEM for files that are missing or cannot be read, MCA_INVALID for their content
 * (with file and line), MCA_FAILED for memory.
 */
enum mca_status mca_component_library_load(struct mca_component_library *library, const char *name,
                                           struct mca_error *error);

void mca_component_library_deinit(struct mca_component_library *library);

#ifdef __cplusplus
}
#endif

#endif
