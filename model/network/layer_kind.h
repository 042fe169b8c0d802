/*
 * A kind of layer: its shape, and its lowering to steps. A new kind is one file with one of these,
 * and one line in the table of network.c.
 */
#ifndef MCA_NETWORK_LAYER_KIND_H
#define MCA_NETWORK_LAYER_KIND_H

#include <stdint.h>

struct mca_network;
struct mca_network_layer;
struct mca_program;

struct mca_layer_kind {
    const char *name;
    /* Outputs and matrix of a layer of `width` whose inputs are known: a row for each input and one
     * for the bias, a column for each output. */
    void (*shape)(struct mca_network_layer *layer, uint32_t width);
    /* Steps, appended to a program: from the layer's input to its output; from its error to that of
     * the layer below; and the changes of its weights. */
    void (*lower_forward)(struct mca_program *program, const struct mca_network *network,
                          uint32_t layer);
    void (*lower_backward)(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer);
    void (*lower_update)(struct mca_program *program, const struct mca_network *network,
                         uint32_t layer);
};

extern const struct mca_layer_kind mca_dense_layer;

#endif
