/*
 * A chip in plain arrays and numbers, for programs that know none of its structs, such as those in
 * other languages. What is pointed to is the chip's own, not a copy: it is to be read only, holds
 * as long as the chip, and goes on changing.
 */
#ifndef MCA_CHIP_ARRAYS_H
#define MCA_CHIP_ARRAYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip.h"

MCA_C_BEGIN

/* Arrays of a layer, an element for each of its weights. */
enum mca_chip_array {
    MCA_CHIP_G_PLUS, /* conductance codes of pulsed devices */
    MCA_CHIP_G_MINUS,
    MCA_CHIP_PULSES_PLUS, /* SET pulses since the last RESET, at most 255 */
    MCA_CHIP_PULSES_MINUS,
    MCA_CHIP_WRITES_PLUS, /* SET and RESET pulses ever */
    MCA_CHIP_WRITES_MINUS,
    MCA_CHIP_WEIGHT_US, /* conductance differences of continuous devices */
    MCA_CHIP_CHI,       /* words of chi; of digital layers their weights */
    MCA_CHIP_ARRAY_COUNT
};

/* What an element is. */
enum mca_element {
    MCA_ELEMENT_U8,
    MCA_ELEMENT_U16,
    MCA_ELEMENT_U32,
    MCA_ELEMENT_I16,
    MCA_ELEMENT_I32,
    MCA_ELEMENT_F64
};

struct mca_array_view {
    const void *data;    /* element (row, col) is number row x stride + col x step */
    uint32_t element;    /* enum mca_element */
    uint32_t rows;       /* inputs of the layer, the bias row last */
    uint32_t cols;       /* outputs */
    uint32_t is_digital; /* 1: chi is the weights of a digital layer */
    size_t stride;       /* elements between rows */
    double unit;         /* what 1 stands for: uS of conductances, epsilons of chi, weights of
                          * digital layers; 1 of pulses */
    size_t step;         /* elements between columns: 1, but of a chi that lies by columns */
};

/* An array of `layer` < mca_chip_layer_count; returns 0, and leaves `view`, where the layer has no
 * such array. */
int mca_chip_array(const struct mca_chip *chip, uint32_t layer, enum mca_chip_array array,
                   struct mca_array_view *view);

/* Inputs (bias row included) and outputs of a layer's matrix; 0 of a layer without one. */
void mca_chip_matrix_size(const struct mca_chip *chip, uint32_t layer, uint32_t *rows,
                          uint32_t *cols);

/* The layer's weights, without noise, into weights[rows][cols]. */
void mca_chip_weights(const struct mca_chip *chip, uint32_t layer, double *weights);

/* The conductance difference of a weight of 1, in uS; of digital layers what a unit of their words
 * weighs. */
double mca_chip_weight_unit(const struct mca_chip *chip, uint32_t layer);

/* Values of an image, and classes. */
uint32_t mca_chip_inputs(const struct mca_chip *chip);
uint32_t mca_chip_outputs(const struct mca_chip *chip);

/*
 * How long the axes of a ledger are: its counts are [phases][component_stride], of which the first
 * `components` are the chip's and the others those of digital designs beside it; its busy times,
 * behind them in a part, are [phases][resources], its critical path [phases].
 */
struct mca_ledger_axes {
    uint32_t phases;
    uint32_t components;
    uint32_t component_stride;
    uint32_t resources;
};
struct mca_ledger_axes mca_ledger_axes(void);

/* ledger.critical_ps (chip/ledger.h) into ps[phases]. */
void mca_chip_critical_ps(const struct mca_chip *chip, uint64_t *ps);

MCA_C_END

#endif
