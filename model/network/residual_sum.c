/* Residual sum: an activation of the input plus what an earlier layer gave, value by value. It has
 * no weights. */
#include <inttypes.h>

#include "network/layer_kind.h"
#include "network/network.h"
#include "network/program.h"

static const struct mca_key KEYS[] = {{.name = "from",
                                       .type = MCA_KEY_U32,
                                       .unit = "",
                                       .max = MCA_LAYERS_MAX - 1,
                                       .word = "input",
                                       .meaning = "layer whose output is added, counted from 0, "
                                                  "or the image",
                                       MCA_LAYER_FIELD(from)}};

static int is_same(const struct mca_shape *a, const struct mca_shape *b) {
    return a->channels == b->channels && a->height == b->height && a->width == b->width;
}

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    const uint32_t number = (uint32_t)(layer - network->layers);
    const uint32_t from = layer->config.from;
    if (number == 0) {
        return mca_fail(error, MCA_INVALID, "no layer before it whose output it could add");
    }
    if (from != MCA_FROM_INPUT && from + 1 >= number) {
        return mca_fail(error, MCA_INVALID,
                        "from is layer %" PRIu32 "; input, or a layer before the one below it "
                        "(layer %" PRIu32 "), is needed",
                        from, number - 1);
    }
    const struct mca_shape *added =
        from == MCA_FROM_INPUT ? &network->layers[0].in : &network->layers[from].out;
    if (!is_same(added, &layer->in)) {
        char in[MCA_SHAPE_TEXT_SIZE];
        char other[MCA_SHAPE_TEXT_SIZE];
        mca_shape_text(&layer->in, in);
        mca_shape_text(added, other);
        return from == MCA_FROM_INPUT
                   ? mca_fail(error, MCA_INVALID, "its input is %s, but the image is %s", in, other)
                   : mca_fail(error, MCA_INVALID, "its input is %s, but layer %" PRIu32 " gives %s",
                              in, from, other);
    }
    layer->out = layer->in;
    return MCA_OK;
}

/* To both that it adds. */
static void lower_backward(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer) {
    const struct mca_network_layer *sum = &network->layers[layer];
    mca_lower_spread(program, network, layer, sum->takes);
    if (mca_network_learns_up_to(network, sum->config.from)) {
        mca_lower_spread(program, network, layer, sum->config.from);
    }
}

const struct mca_layer_kind mca_residual_sum_layer = {
    "residual_sum", MCA_LAYER_KEYS(KEYS), "identity",     0,
    shape,          mca_lower_combine,    lower_backward, NULL};
