/*
 * Inside of the cosimulation: what cosim.c (traffic and life), cosim_cycle.c (a clock cycle and
 * what it is compared with) and cosim_setup.c (parameters and registers) share.
 */
#ifndef MCA_SHIM_COSIM_STATE_H
#define MCA_SHIM_COSIM_STATE_H

#include <stddef.h>

#include "arch/chip_state.h"
#include "cosim.h"
#include "dpu_rtl.h"

enum { TILES_MAX = 64, LANES_MAX = 256, LATENCY_MAX = 15, READS_MAX = 4 };

/* A command with the image that it is of. */
struct mca__cosim_command {
    struct mca_dpu_command is;
    uint64_t image;
};

/* Commands that the model sent to a tile and that the RTL still has to give, a ring. */
struct mca_cosim_queue {
    struct mca__cosim_command *command;
    size_t capacity;
    size_t first;
    size_t count;
    size_t untaken; /* of them, not yet taken by the RTL's queue: the last ones */
};

struct mca_cosim_layer {
    uint32_t words;
    uint32_t stride; /* words x lanes */
    uint32_t tile_base;
    uint32_t chi_base;
    int32_t *codes; /* [passes][stride] of the operation to come */
    uint32_t passes;
    uint32_t passes_max;
};

struct mca_cosim_chi {
    int32_t *words; /* [chi words][lanes] */
    uint64_t due[LATENCY_MAX + 1];
    uint32_t address[LATENCY_MAX + 1];
    uint32_t first;
    uint32_t count;
};

struct mca_cosim {
    struct mca_chip *chip;
    struct mca_dpu_rtl *rtl;
    const struct mca_dpu_rtl_set *set;
    struct mca_cosim_layer *layers;
    struct mca_cosim_queue queues[TILES_MAX];
    struct mca_cosim_chi chi;
    struct mca_rate rate;
    struct mca_dpu_rtl_in in;
    struct mca_dpu_rtl_out out;
    uint64_t now; /* cycle of the chip's clock */
    uint64_t compare;
    uint64_t image;
    uint32_t lanes;
    int32_t *dense;        /* [largest stride + lanes] expected codes of a vector */
    uint64_t update_words; /* that the update to come serves */
    /* of the operation at work */
    struct mca_dpu_operation operation;
    uint64_t act_words;
    uint64_t err_words;
    uint64_t chi_words;
    uint32_t drive_words; /* seen */
    uint32_t drive_words_due;
    uint64_t op_clock;
    struct mca_cosim_counts counts;
    int failed;
    int out_of_memory;
    char mismatch[512];
    struct mca_cosim_waveform waveform;
};

/* cosim_cycle.c */
/* Keeps the first difference. Row and column: -1 where there is none. */
void mca__cosim_differ(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                       int64_t expected, int64_t got);
/* Lanes of a word against expected[0 .. count - 1], zeros beyond. */
void mca__cosim_compare_lanes(struct mca_cosim *cosim, const char *what, uint32_t word,
                              uint32_t count, const int32_t *expected, const int32_t *got);
/* One clock cycle of the unit, its surroundings and the comparisons. */
void mca__cosim_step(struct mca_cosim *cosim);

/* cosim_setup.c */
/* Number of the built set that fits, or -1. */
int mca__cosim_find_set(const struct mca_chip_config *config);
/* MCA_INVALID when an ADC step does not fit the registers. */
enum mca_status mca__cosim_check_fractions(const struct mca_chip *chip, struct mca_error *error);
/* Reset, sigmoid table, seeds and all registers. */
void mca__cosim_set_up(struct mca_cosim *cosim);
void mca__cosim_write_rate(struct mca_cosim *cosim);

#endif
