/*
 * How arrays of other programs hold a layer's weights. Inside, a row of a matrix is an input, the
 * bias last, and values lie channels last; a window's rows are (y kernel + x) channels + c.
 */
#ifndef MCA_TRAIN_WEIGHT_FORM_H
#define MCA_TRAIN_WEIGHT_FORM_H

#include "network/network.h"
#include "train/data_array.h"

struct mca_weight_form {
    int outputs_last; /* (inputs, outputs), (kernel, kernel, channels, filters); otherwise first */
    int channels_first; /* inputs of one channel lie side by side */
    int has_bias;       /* the last of the inputs */
};

/* Inputs of a layer's matrix, without the bias. */
static inline uint32_t mca__weight_inputs(const struct mca_network_layer *layer) {
    return layer->rows - 1;
}

/* Whether channels first and last are different orders of a layer's inputs. */
static inline int mca__weight_order_matters(const struct mca_network_layer *layer) {
    return layer->in.channels > 1 && layer->in.channels < mca__weight_inputs(layer);
}

/* Where an array has the weight of a row, the bias's only where the form has it, and a column. */
static inline uint64_t mca__weight_place(const struct mca_network_layer *layer,
                                         const struct mca_weight_form *form, uint32_t row,
                                         uint32_t col) {
    const uint64_t inputs = mca__weight_inputs(layer);
    const uint64_t channels = layer->in.channels;
    const uint64_t input = form->channels_first && row < inputs
                               ? row % channels * (inputs / channels) + row / channels
                               : row;
    return form->outputs_last ? input * layer->cols + col
                              : col * (inputs + (form->has_bias ? 1 : 0)) + input;
}

/*
 * The form of an array of weights by its shape. `is_named`: its name says that it is weights, as
 * PyTorch has them where its shape can be read in two ways; otherwise `has_bias` is possible, and
 * such a shape is refused. Returns how many forms fit, of which *form is one; channels_first of a
 * dense layer is left 0.
 */
uint32_t mca__weight_form_of(const struct mca_network_layer *layer,
                             const struct mca_data_array *array, int is_named,
                             struct mca_weight_form *form);

/* "(10, 250)", the shape that PyTorch has. */
enum { MCA_WEIGHT_SHAPE_SIZE = 64 };
void mca__weight_shape_text(const struct mca_network_layer *layer,
                            char text[MCA_WEIGHT_SHAPE_SIZE]);

#endif
