/*
 * What a digital design does in a training run, layer by layer: counts and cycles of each step of
 * the program. Only baseline.c and this file's own .c know of it. Equations:
 * docs/reference/cost.md, "Digital designs beside the chip".
 */
#ifndef MCA_COST_BASELINE_WORK_H
#define MCA_COST_BASELINE_WORK_H

#include "chip/chip_config.h"
#include "cost/baseline_design.h"
#include "network/program.h"

struct mca__design_traits {
    const char *name;
    int fp32;
    int skips_zeros;
    uint32_t weight_bits;
    uint32_t value_bits; /* of activations and errors in the buffers */
    uint32_t held;       /* partial sums that a lane keeps where a matrix meets several inputs */
};

/* A design on a network; nothing of it depends on the run. */
struct mca__design {
    const struct mca__design_traits *traits;
    const struct mca_chip_config *chip;
    uint32_t lanes;
    struct mca_network network;
    struct mca_program program;
    uint32_t group;      /* images of a mini-batch that are taken together */
    uint32_t held;       /* sums of a lane that it needs; 1: they are its registers */
    int keeps_gradients; /* a mini-batch has several groups, and weights change once in it */
};

/* Bits of each weight of a layer in weight memory; of the chip's digital layers as on the chip. */
uint32_t mca__design_weight_bits(const struct mca__design *design, uint32_t layer);

/* Bits of one copy of a buffer of the program. */
uint64_t mca__design_buffer_bits(const struct mca__design *design, uint32_t buffer);

/* `batch`: images between changes of the weights, at least 1. */
void mca__design_init(struct mca__design *design, enum mca_baseline_design kind, uint32_t lanes,
                      const struct mca_chip_config *chip, uint32_t batch);

/* The run's ledgers, of each layer and, last, of what belongs to none. */
void mca__design_work(const struct mca__design *design, const struct mca_baseline_work *work,
                      struct mca_ledger ledgers[MCA_LAYERS_MAX + 1]);

#endif
