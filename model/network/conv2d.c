/*
 * Convolution: a square window is moved over the input, and at every position each filter is an
 * activation of the weighted sum of the window's values and a bias. One matrix, read once a
 * position: row (ky * kernel + kx) * channels + c, the bias last; a column a filter. Beyond the
 * input's edge lie `padding` zeros on every side; what a last whole step does not reach is left
 * out.
 */
#include <inttypes.h>

#include "network/layer_kind.h"
#include "network/network.h"
#include "network/program.h"

static const struct mca_key KEYS[] = {
    MCA_LAYER_U32("filters", units, 1, MCA_LAYER_WIDTH_MAX, NULL, "channels of its output"),
    MCA_LAYER_KERNEL, MCA_LAYER_STRIDE("1"),
    MCA_LAYER_U32("padding", padding, 0, MCA_LAYER_KERNEL_MAX - 1, "0",
                  "zeros on every side of the input; fewer than kernel")};

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    const struct mca_layer_config *config = &layer->config;
    (void)network;
    if (config->padding >= config->kernel) {
        return mca_fail(error, MCA_INVALID, "padding %" PRIu32 " is not below the kernel, %" PRIu32,
                        config->padding, config->kernel);
    }
    layer->out.channels = config->units;
    MCA_TRY(mca_layer_window(layer, error));
    return mca_layer_matrix(layer, (uint64_t)config->kernel * config->kernel * layer->in.channels,
                            error);
}

const struct mca_layer_kind mca_conv2d_layer = {"conv2d",
                                                MCA_LAYER_KEYS(KEYS),
                                                "sigmoid",
                                                1,
                                                shape,
                                                mca_lower_matrix_forward,
                                                mca_lower_matrix_backward,
                                                mca_lower_matrix_update};
