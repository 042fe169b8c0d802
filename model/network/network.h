/*
 * A network: layers of kinds, each with the values that it takes and gives and the matrix that it
 * multiplies by. What a kind does with an image is its lowering to steps (network/program.h).
 */
#ifndef MCA_NETWORK_NETWORK_H
#define MCA_NETWORK_NETWORK_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "network/network_config.h"

MCA_C_BEGIN

enum { MCA_LAYERS_MAX = MCA_LIST_MAX };

struct mca_layer_kind;

struct mca_network_layer {
    const struct mca_layer_kind *kind;
    uint32_t inputs;  /* values taken, without a bias (struct mca_layer counts it in) */
    uint32_t outputs; /* values given */
    uint32_t rows;    /* of its matrix, a bias row included */
    uint32_t cols;
};

struct mca_network {
    uint32_t layer_count;
    struct mca_network_layer layers[MCA_LAYERS_MAX];
};

/* Layers with their shapes. `config` has passed the scenario's checks. */
void mca_network_init(struct mca_network *network, const struct mca_network_config *config);

MCA_C_END

#endif
