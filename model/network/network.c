#include "network/network.h"

#include <assert.h>

#include "network/layer_kind.h"

/* Kinds of layers; those written as widths are of the first. */
static const struct mca_layer_kind *const KINDS[] = {&mca_dense_layer};

void mca_network_init(struct mca_network *network, const struct mca_network_config *config) {
    const struct mca_u32_list *widths = &config->layers;
    network->layer_count = widths->count - 1;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        struct mca_network_layer *layer = &network->layers[i];
        layer->kind = KINDS[0];
        layer->inputs = i > 0 ? network->layers[i - 1].outputs : widths->values[0];
        layer->kind->shape(layer, widths->values[i + 1]);
        /* the chip finds values by the lines of the matrix */
        assert(layer->rows == layer->inputs + 1 && layer->cols == layer->outputs);
    }
}
