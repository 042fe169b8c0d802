/*
 * A network: layers of kinds, each with the values that it takes and gives and the matrix that it
 * multiplies by. What a kind does with an image is its lowering to steps (network/program.h).
 */
#ifndef MCA_NETWORK_NETWORK_H
#define MCA_NETWORK_NETWORK_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "network/network_config.h"

MCA_C_BEGIN

struct mca_layer_kind;

/* Layers count from 0. */
struct mca_network_layer {
    const struct mca_layer_kind *kind;
    struct mca_layer_config config;
    uint32_t takes; /* the layer whose output it takes, or MCA_FROM_INPUT */
    struct mca_shape in;
    struct mca_shape out;
    uint32_t inputs;  /* values taken, without a bias (struct mca_layer counts it in) */
    uint32_t outputs; /* values given */
    uint32_t rows;    /* of its matrix, a bias row included; 0 where it has none */
    uint32_t cols;
    uint32_t positions; /* how often an image reads the matrix forward; 0 where it has none */
};

struct mca_network {
    uint32_t layer_count;
    struct mca_network_layer layers[MCA_LAYERS_MAX];
};

/* Layers with their shapes. MCA_INVALID where a layer does not fit what it takes; the message names
 * it and both shapes. A configuration that has passed the scenario's checks gives none. */
enum mca_status mca_network_init(struct mca_network *network,
                                 const struct mca_network_config *config, struct mca_error *error);

/* Whether a layer takes the outputs of layer `of`, or the image (MCA_FROM_INPUT). */
static inline int mca_layer_takes(const struct mca_network_layer *layer, uint32_t of) {
    return layer->takes == of ||
           (layer->config.type == MCA_LAYER_RESIDUAL_SUM && layer->config.from == of);
}

/* Whether a layer gives values of one position alone. */
static inline int mca_layer_is_flat(const struct mca_network_layer *layer) {
    return layer->out.height == 1 && layer->out.width == 1;
}

/* Values of the image, and of the last layer. */
static inline uint32_t mca_network_inputs(const struct mca_network *network) {
    return network->layers[0].inputs;
}

static inline uint32_t mca_network_outputs(const struct mca_network *network) {
    return network->layers[network->layer_count - 1].outputs;
}

/* Whether a layer needs only a part of what the layer before it gives to start. */
int mca_network_can_stream(const struct mca_network *network);

/* The last layer's outputs of a configuration that mca_network_init takes. */
uint32_t mca_network_config_outputs(const struct mca_network_config *config);

/* Values of a shape. */
static inline uint64_t mca_shape_values(const struct mca_shape *shape) {
    return (uint64_t)shape->channels * shape->height * shape->width;
}

/* "16 x 12 x 12": channels, height, width. */
enum { MCA_SHAPE_TEXT_SIZE = 40 };
void mca_shape_text(const struct mca_shape *shape, char text[MCA_SHAPE_TEXT_SIZE]);

/* The same; "250" where it is a row of values. */
void mca_shape_short_text(const struct mca_shape *shape, char text[MCA_SHAPE_TEXT_SIZE]);

MCA_C_END

#endif
