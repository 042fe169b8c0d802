/*
 * Convolution: a square window is moved over the input, and at every position each filter is an
 * activation of the weighted sum of the window's values and a bias. One matrix, read once a
 * position: row (ky * kernel + kx) * channels + c, the bias last; a column a filter. Beyond the
 * input's edge lie `padding` zeros on every side; what a last whole step does not reach is left out.
 */
#include "network/layer_kind.h"
#include "network/network.h"
#include "network/program.h"

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    const struct mca_layer_config *config = &layer->config;
    (void)network;
    layer->out.channels = config->units;
    MCA_TRY(mca_layer_window(layer, error));
    return mca_layer_matrix(layer, (uint64_t)config->kernel * config->kernel * layer->in.channels,
                            error);
}

const struct mca_layer_kind mca_conv2d_layer = {"conv2d", shape, mca_lower_matrix_forward,
                                                mca_lower_matrix_backward, mca_lower_matrix_update};
