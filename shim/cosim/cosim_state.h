/*
 * Inside of the cosimulation: what cosim.c (traffic and life), cosim_cycle.c (a clock cycle and
 * what it is compared with), cosim_note.c (what a waveform is told of a cycle) share.
 */
#ifndef MCA_SHIM_COSIM_COSIM_STATE_H
#define MCA_SHIM_COSIM_COSIM_STATE_H

#include <stddef.h>

#include "chip/chip.h"
#include "chip/probe.h"
#include "chip/view.h"
#include "shim/cosim/cosim.h"
#include "shim/rtl/dpu_setup.h"

enum { LANES_MAX = 64 };

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
    struct mca_dpu_layout at;
    int32_t *codes; /* [passes][stride] of the operation to come */
    uint32_t passes;
};

struct mca_cosim_chi {
    int32_t *words; /* [count of words][lanes] */
    uint64_t word_count;
    uint64_t due[MCA_DPU_LATENCY_MAX + 1];
    uint32_t address[MCA_DPU_LATENCY_MAX + 1];
    uint32_t first;
    uint32_t count;
};

struct mca_cosim {
    struct mca_chip *chip;
    struct mca_chip_probe probe;
    struct mca_dpu_port port;
    struct mca_cosim_layer *layers;
    struct mca_cosim_queue *queues; /* [tiles] */
    uint32_t tiles;
    struct mca_cosim_chi chi;
    struct mca_rate rate;
    uint64_t now; /* cycle of the chip's clock */
    uint64_t image;
    uint32_t lanes;
    int32_t *dense;        /* [largest stride + lanes] expected codes of a vector */
    uint64_t update_words; /* that the update to come serves */
    /* of the operation at work */
    enum mca_dpu_operation_kind kind;
    uint32_t layer;
    uint64_t act_words;
    uint64_t err_words;
    uint64_t chi_words;
    uint32_t drive_words; /* seen */
    uint32_t drive_words_due;
    uint64_t op_clock;
    struct mca_cosim_counts counts;
    int is_loading;               /* an image */
    struct mca_dpu_rtl_note note; /* of the cycle at work */
    int32_t expected_lanes[LANES_MAX];
    int32_t got_lanes[LANES_MAX];
    int failed; /* compared no further: a difference, or out of memory */
    int out_of_memory;
    int has_ended; /* the unit did, by itself (port.out.ended) */
    char mismatch[512];
    uint64_t mismatch_ps; /* in the waveform; UINT64_MAX: it has none */
    struct mca_cosim_options options;
    int has_trace;
};

/* cosim_cycle.c */
/* Keeps the first difference. Row and column: -1 where there is none. */
void mca__cosim_differ(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                       int64_t expected, int64_t got);
/* Bit of a tile in what the unit takes and gives of its queues. */
static inline int mca__cosim_is_set(const uint64_t *tiles, uint32_t tile) {
    return (int)(tiles[tile / 64] >> tile % 64 & 1);
}
/* Lanes of a word against expected[0 .. count - 1], zeros beyond. */
void mca__cosim_compare_lanes(struct mca_cosim *cosim, const char *what, uint32_t word,
                              uint32_t count, const int32_t *expected, const int32_t *got);
/* One clock cycle of the unit, its surroundings and the comparisons. */
void mca__cosim_step(struct mca_cosim *cosim);

/* cosim_note.c */
/* A cycle begins: what was noted of the one before is shown. */
void mca__cosim_note_begin(struct mca_cosim *cosim);
/* What is compared in the cycle; row and column as in mca__cosim_differ. */
void mca__cosim_note_value(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                           int64_t expected, int64_t got);
void mca__cosim_note_word(struct mca_cosim *cosim, const char *what, int64_t row, int64_t first_col,
                          const int32_t *expected, const int32_t *got);
/* Shows what was noted; the time in the waveform, or UINT64_MAX. */
uint64_t mca__cosim_note_show(struct mca_cosim *cosim);

#endif
