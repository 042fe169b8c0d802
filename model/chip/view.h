/*
 * What others may see of a chip: its layers, its digital unit, the image at work. Views are read
 * only, cost nothing to take, and hold as long as the chip; what they point to goes on changing.
 */
#ifndef MCA_CHIP_VIEW_H
#define MCA_CHIP_VIEW_H

#include <stdint.h>

#include "array/matrix.h"
#include "base/c_linkage.h"
#include "chip/signals.h"
#include "dpu/activation.h"
#include "dpu/chi.h"
#include "dpu/fixed_dpu.h"
#include "network/program.h"

MCA_C_BEGIN

struct mca_chip;

/* A layer: its weights on tiles with their converters, its accumulators. */
struct mca_layer_view {
    uint32_t index;
    uint32_t inputs; /* bias row included */
    uint32_t outputs;
    const struct mca_matrix *matrix;
    double unit_weight_us; /* conductance difference of a weight of 1 */
    const struct mca_chi *chi;
    int is_digital;     /* no matrix on tiles: its weights are the words of chi, ... */
    double word_weight; /* ... each of which is a weight of so much a unit */
    const struct mca_activation *activation; /* of its outputs */
    uint32_t input_bits; /* of DAC magnitude, of what it takes; 0 where the DAC is ideal */
    int forward_frac;    /* fixed: an ADC step is 2^-forward_frac weight x activation units */
    int backward_frac;
};

uint32_t mca_chip_layer_count(const struct mca_chip *chip);

/* `layer` < mca_chip_layer_count. */
struct mca_layer_view mca_chip_layer(const struct mca_chip *chip, uint32_t layer);

/* A weight of a layer that has any, without noise. */
double mca_layer_weight(const struct mca_layer_view *layer, uint32_t row, uint32_t col);

const struct mca_network *mca_chip_network(const struct mca_chip *chip);

/* The steps of an image that is trained on and what follows it, and of one that is classified. */
const struct mca_program *mca_chip_program(const struct mca_chip *chip);
const struct mca_program *mca_chip_infer_program(const struct mca_chip *chip);

/* The digital unit's constants and registers. */
struct mca_dpu_view {
    struct mca_rate
        rate; /* fixed: of the first layer, learning rate / batch in chi units per weight */
    uint32_t batch;
    uint32_t drive_bits; /* DAC magnitude bits of a backward input; 0: it is exact */
};

struct mca_dpu_view mca_chip_dpu(const struct mca_chip *chip);

/* The image that is being trained on, or was last. */
struct mca_image_view {
    const uint8_t *pixels;
    uint32_t label;
    const struct mca_layer_signals *layers; /* [layer count] */
};

struct mca_image_view mca_chip_image(const struct mca_chip *chip);

MCA_C_END

#endif
