/* Dense layer: every output is an activation of the weighted sum of all inputs and a bias. */
#include "network/layer_kind.h"
#include "network/program.h"

static const struct mca_key KEYS[] = {
    MCA_LAYER_U32("units", units, 1, MCA_LAYER_WIDTH_MAX, NULL, "outputs")};

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    (void)network;
    layer->out = (struct mca_shape){layer->config.units, 1, 1};
    return mca_layer_matrix(layer, layer->inputs, error);
}

const struct mca_layer_kind mca_dense_layer = {"dense",
                                               MCA_LAYER_KEYS(KEYS),
                                               "sigmoid",
                                               1,
                                               shape,
                                               mca_lower_matrix_forward,
                                               mca_lower_matrix_backward,
                                               mca_lower_matrix_update};
