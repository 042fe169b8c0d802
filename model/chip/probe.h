/*
 * Probes listen to a chip at work: to its timeline, and to the traffic of its digital unit. Several
 * may listen at once, each to what it wants; values and times do not depend on them.
 */
#ifndef MCA_CHIP_PROBE_H
#define MCA_CHIP_PROBE_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/timeline.h"
#include "dpu/chi.h"

MCA_C_BEGIN

struct mca_chip;

/* What an operation of the digital unit is for its RTL. */
enum mca_dpu_operation_kind { MCA_DPU_FORWARD, MCA_DPU_ERROR, MCA_DPU_UPDATE };

static inline enum mca_dpu_operation_kind mca_dpu_kind_of(const struct mca_step *step) {
    return step->kind == MCA_STEP_UPDATE           ? MCA_DPU_UPDATE
           : step->vector == MCA_VECTOR_ACTIVATION ? MCA_DPU_FORWARD
                                                   : MCA_DPU_ERROR;
}

struct mca_dpu_operation {
    const struct mca_step *step; /* of the chip's program: a vector operation or an update */
    uint64_t start_cycle;        /* of the chip's clock */
    uint64_t cycles;
};

/* One read of a tile, of `count` lines first .. of the layer: ADC codes, or with ideal converters
 * sums in uS x full-scale input. */
struct mca_dpu_codes {
    uint32_t layer;
    int backward;
    uint32_t pass; /* read x tiles + tile, of row tiles forward and of column tiles backward */
    int sign;      /* -1: the read of a signed input's negative part */
    uint32_t first;
    uint32_t count;
    const int32_t *code;
    const double *sum_us;
};

/* A pulse command on its way: when the queue of its tile takes it and when it leaves; in
 * mini-batches of more than one image it leaves at once, into a memory of commands. */
struct mca_dpu_command {
    uint32_t layer;
    uint32_t row;
    uint32_t col;
    int32_t pulses; /* > 0: on G+ */
    uint64_t taken_cycle;
    uint64_t left_cycle;
};

/*
 * Any of the functions may be NULL. `occupied` is told of every operation as it is booked. The
 * others hear the digital unit's traffic in training; `codes` come where there are converters,
 * `sums` where they are ideal, and the rest of them with fixed-point arithmetic. `update` comes
 * when an update's codes are final, before chi changes; `operation` at the end of each operation,
 * in the order of the program (of several digital units one can have ended before another that is
 * told first), with the layer's signals as it leaves them; `chi_written` when a refresh has
 * changed a word of chi.
 */
struct mca_chip_probe {
    void *user;
    void (*occupied)(void *user, const struct mca_operation *operation,
                     const struct mca_occupation *occupation);
    void (*codes)(void *user, const struct mca_dpu_codes *codes);
    void (*sums)(void *user, const struct mca_dpu_codes *sums);
    void (*update)(void *user, uint32_t layer, const struct mca_update *update);
    void (*command)(void *user, const struct mca_dpu_command *command);
    void (*operation)(void *user, const struct mca_dpu_operation *operation);
    void (*chi_written)(void *user, uint32_t layer, uint32_t row, uint32_t col);
    struct mca_chip_probe *next; /* the chip's own */
};

/* From now on `probe` listens, after those that listen already. It stays where and as it is until
 * it is detached or the chip is destroyed. Nothing happens where it listens already. */
void mca_chip_attach(struct mca_chip *chip, struct mca_chip_probe *probe);

/* It listens no longer. Nothing happens where it does not listen. */
void mca_chip_detach(struct mca_chip *chip, struct mca_chip_probe *probe);

MCA_C_END

#endif
