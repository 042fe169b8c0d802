/* Pooling: the largest, or the mean, of a window's values, channel by channel. It has no weights.
 */
#include "network/layer_kind.h"
#include "network/network.h"
#include "network/program.h"

/* A table each: what kinds share is listed apart, as the keys of several kinds. */
static const struct mca_key MAX_KEYS[] = {MCA_LAYER_KERNEL, MCA_LAYER_STRIDE("kernel")};
static const struct mca_key AVG_KEYS[] = {MCA_LAYER_KERNEL, MCA_LAYER_STRIDE("kernel")};

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    (void)network;
    layer->out.channels = layer->in.channels;
    return mca_layer_window(layer, error);
}

const struct mca_layer_kind mca_max_pool_layer = {
    "max_pool",        MCA_LAYER_KEYS(MAX_KEYS), NULL, 0, shape,
    mca_lower_combine, mca_lower_spread_back,    NULL};

const struct mca_layer_kind mca_avg_pool_layer = {
    "avg_pool",        MCA_LAYER_KEYS(AVG_KEYS), NULL, 0, shape,
    mca_lower_combine, mca_lower_spread_back,    NULL};
