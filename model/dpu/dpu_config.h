/*
 * Parameters of the digital processing unit (DPU), of the accumulator memory chi and of the
 * transfer from chi to the devices. Defaults, ranges and meanings: the scenario key table (sections
 * `dpu`, `chi`, `transfer`).
 */
#ifndef MCA_DPU_DPU_CONFIG_H
#define MCA_DPU_DPU_CONFIG_H

#include <stdint.h>

enum mca_arithmetic { MCA_ARITHMETIC_FIXED, MCA_ARITHMETIC_FLOAT };
enum mca_rounding { MCA_ROUND_NEAREST, MCA_ROUND_STOCHASTIC };

/* What a layer's sums are multiplied with in tests of an aged chip. */
enum mca_drift_compensation {
    MCA_COMPENSATION_NONE,
    MCA_COMPENSATION_GLOBAL, /* one factor for a layer */
    MCA_COMPENSATION_COLUMN  /* one for each of its columns */
};

/* How many digital units a chip has. */
enum mca_dpu_units {
    MCA_UNITS_SHARED,    /* one, for all layers */
    MCA_UNITS_PER_LAYER, /* one of each layer, beside its tiles and its part of chi */
    MCA_UNITS_PER_TILE   /* one of each tile, and one of each layer without tiles */
};

enum mca_transfer_mode {
    MCA_TRANSFER_CHI,   /* updates add up in chi, which pays out whole pulses */
    MCA_TRANSFER_DIRECT /* each update becomes whole pulses at once, rounded stochastically */
};

/* Register bits of the unit per lane, all blocks: 12,113 over 16 lanes as synthesized from rtl/
 * (rtl/synth/results.md). Their clock is charged (docs/reference/cost.md). */
enum { MCA_DPU_REGISTER_BITS_PER_LANE = 757 };

/* Weights of a digital layer: two's complement in words of so many bits, sign included, of which
 * MCA_WEIGHT_FRAC_BITS stand behind the layer's binary point. */
enum { MCA_WEIGHT_BITS = 16, MCA_WEIGHT_FRAC_BITS = 14 };

struct mca_dpu_config {
    unsigned arithmetic; /* enum mca_arithmetic */
    unsigned rounding;   /* enum mca_rounding, of weight changes */
    uint32_t activation_bits;
    uint32_t error_bits; /* sign included */
    uint32_t lanes;      /* of a unit */
    uint64_t clock_hz;
    unsigned drift_compensation; /* enum mca_drift_compensation */
    unsigned units;              /* enum mca_dpu_units */
};

/* What is added to chi at once, of a layer that an image reads at several positions. */
enum mca_accumulate {
    MCA_ACCUMULATE_POSITION, /* the products of a position */
    MCA_ACCUMULATE_IMAGE     /* their sums over all positions, kept in accumulators before chi */
};

/* Which weights share a word of chi, of `lanes` of them. */
enum mca_chi_layout {
    MCA_LAYOUT_ROWS,        /* of one row: neighbouring columns, outputs */
    MCA_LAYOUT_COLUMNS,     /* of one column: neighbouring rows, inputs */
    MCA_LAYOUT_FEWEST_WORDS /* that of the two in which a layer has fewer words; rows where both
                               have as many */
};

struct mca_chi_config {
    uint32_t bits;
    uint32_t frac_bits;
    uint32_t ports; /* 1: reads and writes share it; 2: one read and one write per access time */
    uint32_t banks; /* interleaved by word address; divides the access time of a stream */
    uint32_t access_cycles; /* DPU clock cycles per access of `lanes` words */
    unsigned accumulate;    /* enum mca_accumulate */
    unsigned engine_free;   /* 1: the update engine takes no time but for its memory's; by the chip
                               (timing.free_dpu) */
    unsigned layout;        /* enum mca_chi_layout */
};

struct mca_transfer_config {
    double epsilon_us;   /* conductance change that one pulse stands for; 0: write-through, ideal
                            device only */
    uint32_t max_pulses; /* per event */
    uint32_t drivers;    /* programming drivers per tile */
    uint32_t fifo_depth; /* pulse commands waiting per tile */
    unsigned mode;       /* enum mca_transfer_mode */
};

#endif
