/*
 * A program: the work of an image as a list of steps, made once from the network. Whoever does this
 * work, times it, counts it or stands beside the chip walks the same list: the chip in training and
 * in tests, the system model, the cosimulation and the digital designs. What a layer does, and on
 * which buffers, is written in the lowering of its kind and nowhere else; what is before, between
 * and after the layers is in program.c.
 *
 * Buffers give a step what it waits for, and the chip the size of its memories. The values are
 * found by the step's layer (chip/signals.h).
 *
 * A step waits for those that give what it takes. When units are free, how long things take and
 * what full queues hold up is no part of a program.
 */
#ifndef MCA_NETWORK_PROGRAM_H
#define MCA_NETWORK_PROGRAM_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "network/network.h"

MCA_C_BEGIN

/* Phases of operation. The training phases are FORWARD .. REFRESH. */
enum mca_phase {
    MCA_PHASE_INIT,
    MCA_PHASE_FORWARD,
    MCA_PHASE_ERROR, /* output error, and scaling of every layer's error */
    MCA_PHASE_BACKWARD,
    MCA_PHASE_UPDATE,
    MCA_PHASE_TRANSFER,
    MCA_PHASE_REFRESH,
    MCA_PHASE_TEST,
    MCA_PHASE_COUNT
};

static inline int mca_phase_is_training(enum mca_phase phase) {
    return phase >= MCA_PHASE_FORWARD && phase <= MCA_PHASE_REFRESH;
}

enum mca_step_kind {
    MCA_STEP_LOAD,     /* an image brought to the first layer's input buffer */
    MCA_STEP_READ,     /* of a layer's matrix, all tiles side by side; its sums are added up */
    MCA_STEP_VECTOR,   /* an operation of the digital unit on a buffer */
    MCA_STEP_UPDATE,   /* outer product of an input and an error into a layer's chi */
    MCA_STEP_TRANSFER, /* where a mini-batch ends: pulses reach the devices. In mini-batches of one
                        * image the update has timed them already */
    MCA_STEP_REFRESH   /* of a layer: where one is due and a mini-batch has ended */
};

enum mca_vector_operation {
    MCA_VECTOR_ACTIVATION,   /* sums to activations: what drives the layers after */
    MCA_VECTOR_OUTPUT_ERROR, /* activations and the target to the errors of the last layer */
    MCA_VECTOR_ERROR,        /* sums of transposed reads to the errors of a layer with a matrix */
    MCA_VECTOR_COMBINE,      /* activations of a layer without a matrix, from those it takes */
    MCA_VECTOR_SPREAD,       /* ... and its error sums, to those of a layer that it takes */
    MCA_VECTOR_PRODUCT       /* in place of a read: of a matrix that the unit holds itself */
};

enum mca_buffer_kind {
    MCA_BUFFER_REGISTERS,   /* within the digital unit; no memory */
    MCA_BUFFER_ACTIVATIONS, /* memory of codes of dpu.activation_bits ... */
    MCA_BUFFER_ERRORS,      /* ... or of dpu.error_bits; both twice, for two images at work */
    MCA_BUFFER_SUMS,        /* memory of sums of 32 bits, of many positions; once */
    MCA_BUFFER_CHOICES      /* memory of bits: the largest places of windows, for the way back;
                             * twice */
};

struct mca_buffer {
    enum mca_buffer_kind kind;
    uint32_t values;
};

enum {
    MCA_NO_LAYER = UINT16_MAX,
    MCA_NO_BUFFER = UINT16_MAX,
    MCA_STEP_TAKES_MAX = 2,
    MCA_STEP_WAITS_MAX = MCA_LAYERS_MAX + 2, /* errors of all that take a layer */
    MCA_LAYER_STEPS_MAX = 8,
    MCA_LAYER_BUFFERS_MAX = 8,
    MCA_STEPS_MAX = 3 + MCA_LAYERS_MAX * MCA_LAYER_STEPS_MAX,
    MCA_BUFFERS_MAX = 1 + MCA_LAYERS_MAX * MCA_LAYER_BUFFERS_MAX
};

struct mca_step {
    enum mca_step_kind kind;
    enum mca_phase phase;
    uint32_t layer;  /* whose matrix, chi or outputs; MCA_NO_LAYER where it belongs to none */
    int is_backward; /* READ, PRODUCT: the transposed matrix */
    uint32_t
        read; /* READ, PRODUCT, SPREAD: its number among those that give the same buffer, from 0 */
    uint32_t to; /* READ or PRODUCT of the transposed matrix, SPREAD: the layer whose error sums it
                    gives */
    enum mca_vector_operation vector; /* VECTOR */
    uint32_t take_count;
    uint32_t takes[MCA_STEP_TAKES_MAX]; /* buffers */
    uint32_t gives;                     /* buffer, of LOAD, READ and VECTOR */
    uint32_t wait_count;
    uint16_t waits[MCA_STEP_WAITS_MAX]; /* steps before it, by number */
};

/* Buffers of a layer; what is not lowered is not set. */
struct mca_layer_buffers {
    uint32_t input;
    uint32_t sums;
    uint32_t output; /* the input of the layer after, where there is one */
    int has_error_sums;
    uint32_t error_sums;
    uint32_t error; /* of its outputs */
    int remembers;  /* which place of each window was the largest: its errors go back there */
    uint32_t choices;
};

struct mca_program {
    uint32_t image; /* the buffer that an image is loaded into */
    uint32_t step_count;
    uint32_t
        image_steps; /* the first so many are the image's own; what follows an image is after */
    struct mca_step steps[MCA_STEPS_MAX];
    uint32_t buffer_count;
    struct mca_buffer buffers[MCA_BUFFERS_MAX];
    struct mca_layer_buffers at[MCA_LAYERS_MAX];
    enum mca_phase forward_phase;
};

/* Training on an image and what follows it. */
void mca_program_train(struct mca_program *program, const struct mca_network *network);

/* Classification of an image. */
void mca_program_infer(struct mca_program *program, const struct mca_network *network);

/* Whether the first layer of a network can be read for an image before it is updated for the image
 * before: it alone takes the image, at one position, by a read of its matrix, and learns. */
int mca_program_can_read_ahead(const struct mca_program *train, const struct mca_network *network);

/* Whether the digital unit does it. */
static inline int mca_step_is_digital(const struct mca_step *step) {
    return step->kind == MCA_STEP_VECTOR || step->kind == MCA_STEP_UPDATE;
}

/* Whether it multiplies values by a layer's matrix, on tiles or in the digital unit. */
static inline int mca_step_multiplies(const struct mca_step *step) {
    return step->kind == MCA_STEP_READ ||
           (step->kind == MCA_STEP_VECTOR && step->vector == MCA_VECTOR_PRODUCT);
}

/* The number of a step of `program`. */
static inline uint32_t mca_step_number(const struct mca_program *program,
                                       const struct mca_step *step) {
    return (uint32_t)(step - program->steps);
}

/* Whether an operation adds up the codes of `read`, a step before it in the same program: of those
 * that take its sums it is the first. */
int mca_step_adds_up(const struct mca_step *step, const struct mca_step *read);

/* How many reads' codes `step` adds up, and the first of these reads, or NULL. */
uint32_t mca_step_read_count(const struct mca_program *program, const struct mca_step *step);
const struct mca_step *mca_step_read(const struct mca_program *program,
                                     const struct mca_step *step);

/* The digital unit's operation after `step`, in its order; the image's first after NULL, and NULL
 * after the last. */
const struct mca_step *mca_program_next_digital(const struct mca_program *program,
                                                const struct mca_step *step);

/* Whether the values of a buffer are driven on lines. */
int mca_program_is_driven(const struct mca_program *program, uint32_t buffer);

/* Whether `step` is the image's last that multiplies a buffer's values by a matrix, on tiles or in
 * the digital unit. */
int mca_program_reads_last(const struct mca_program *program, const struct mca_step *step,
                           uint32_t buffer);

/* The refresh of a layer with a matrix on tiles. */
const struct mca_step *mca_program_refresh(const struct mca_program *program, uint32_t layer);

/* Products of a weight and a value in a read, a product or an update; 0 of other steps. */
uint64_t mca_step_macs(const struct mca_network *network, const struct mca_step *step);

/* The step that gives a layer's error sums back by its matrix, or NULL. */
const struct mca_step *mca_program_backward_read(const struct mca_program *program, uint32_t layer);

/* --- lowering: buffers and steps appended */

uint32_t mca_program_buffer(struct mca_program *program, enum mca_buffer_kind kind,
                            uint32_t values);
/* A read of the layer's matrix that drives `takes` and adds its sums to `gives`. */
void mca_program_read(struct mca_program *program, uint32_t layer, int is_backward, uint32_t takes,
                      uint32_t gives);
/* An operation that gives values of `layer`; it takes `sums`, and `operand`, or MCA_NO_BUFFER. */
void mca_program_vector(struct mca_program *program, enum mca_vector_operation operation,
                        uint32_t layer, uint32_t sums, uint32_t operand, uint32_t gives);

/* Whether a layer or one before it learns from errors; not the image (MCA_FROM_INPUT). */
int mca_network_learns_up_to(const struct mca_network *network, uint32_t layer);

/* 1 where a layer on crossbars learns: with a matrix, not digital and not frozen. */
int mca_network_learns_on_crossbars(const struct mca_network *network);

/* The lowering of layers that read a matrix: activations of its sums; a transposed read; outer
 * products of what they take and their errors. And of layers that do not: their outputs; their
 * errors spread over the layer that they take, or over the layer `to`. */
void mca_lower_matrix_forward(struct mca_program *program, const struct mca_network *network,
                              uint32_t layer);
void mca_lower_matrix_backward(struct mca_program *program, const struct mca_network *network,
                               uint32_t layer);
void mca_lower_matrix_update(struct mca_program *program, const struct mca_network *network,
                             uint32_t layer);
void mca_lower_combine(struct mca_program *program, const struct mca_network *network,
                       uint32_t layer);
void mca_lower_spread_back(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer);
void mca_lower_spread(struct mca_program *program, const struct mca_network *network,
                      uint32_t layer, uint32_t to);

MCA_C_END

#endif
