#include "network/network.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "network/layer_kind.h"

#define MCA_LAYER_KIND(constant, kind) &mca_##kind##_layer,
/* By enum mca_layer_type. */
static const struct mca_layer_kind *const KINDS[MCA_LAYER_TYPE_COUNT] = {
    MCA_LAYER_KINDS(MCA_LAYER_KIND)};
#undef MCA_LAYER_KIND

const struct mca_layer_kind *mca_layer_kind_of(unsigned type) {
    assert(type < MCA_LAYER_TYPE_COUNT);
    return KINDS[type];
}

void mca_network_config_set_widths(struct mca_network_config *config,
                                   const struct mca_u32_list *widths) {
    config->input = (struct mca_shape){widths->values[0], 1, 1};
    config->layer_count = widths->count - 1;
    config->is_widths = 1;
    memset(config->layers, 0, sizeof config->layers);
    for (uint32_t i = 0; i < config->layer_count; ++i) {
        config->layers[i].units = widths->values[i + 1];
    }
}

void mca_shape_text(const struct mca_shape *shape, char text[MCA_SHAPE_TEXT_SIZE]) {
    (void)snprintf(text, MCA_SHAPE_TEXT_SIZE, "%" PRIu32 " x %" PRIu32 " x %" PRIu32,
                   shape->channels, shape->height, shape->width);
}

void mca_shape_short_text(const struct mca_shape *shape, char text[MCA_SHAPE_TEXT_SIZE]) {
    if (shape->height == 1 && shape->width == 1) {
        (void)snprintf(text, MCA_SHAPE_TEXT_SIZE, "%" PRIu32, shape->channels);
    } else {
        mca_shape_text(shape, text);
    }
}

enum mca_status mca_layer_window(struct mca_network_layer *layer, struct mca_error *error) {
    const struct mca_layer_config *window = &layer->config;
    const uint32_t height = layer->in.height + 2 * window->padding;
    const uint32_t width = layer->in.width + 2 * window->padding;
    if (window->kernel > height || window->kernel > width) {
        char in[MCA_SHAPE_TEXT_SIZE];
        char padded[64] = "";
        mca_shape_text(&layer->in, in);
        if (window->padding > 0) {
            (void)snprintf(padded, sizeof padded, ", %" PRIu32 " x %" PRIu32 " with padding",
                           height, width);
        }
        return mca_fail(error, MCA_INVALID,
                        "a kernel of %" PRIu32 " x %" PRIu32 " does not fit into its input of %s "
                        "(channels x height x width)%s",
                        window->kernel, window->kernel, in, padded);
    }
    layer->out.height = (height - window->kernel) / window->stride + 1;
    layer->out.width = (width - window->kernel) / window->stride + 1;
    return MCA_OK;
}

enum mca_status mca_layer_matrix(struct mca_network_layer *layer, uint64_t inputs,
                                 struct mca_error *error) {
    if (inputs >= MCA_LAYER_VALUES_MAX) {
        return mca_fail(error, MCA_INVALID, "a matrix of %" PRIu64 " rows; %d are allowed",
                        inputs + 1, MCA_LAYER_VALUES_MAX);
    }
    const uint64_t positions = (uint64_t)layer->out.height * layer->out.width;
    if (positions > MCA_LAYER_POSITIONS_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "%" PRIu64 " positions (%" PRIu32 " x %" PRIu32
                        " outputs of a filter); %d are allowed",
                        positions, layer->out.height, layer->out.width, MCA_LAYER_POSITIONS_MAX);
    }
    layer->rows = (uint32_t)inputs + 1;
    layer->cols = layer->config.units;
    layer->positions = (uint32_t)positions;
    return MCA_OK;
}

/* Values of a shape, or MCA_INVALID where there are none or too many. */
static enum mca_status count_values(const struct mca_shape *shape, uint32_t *values,
                                    struct mca_error *error) {
    const uint64_t count = mca_shape_values(shape);
    if (count == 0 || count > MCA_LAYER_VALUES_MAX) {
        char text[MCA_SHAPE_TEXT_SIZE];
        mca_shape_text(shape, text);
        return mca_fail(error, MCA_INVALID, "%s values (channels x height x width); 1..%d allowed",
                        text, MCA_LAYER_VALUES_MAX);
    }
    *values = (uint32_t)count;
    return MCA_OK;
}

static enum mca_status shape_layer(const struct mca_network *network,
                                   struct mca_network_layer *layer, struct mca_error *error) {
    MCA_TRY(layer->kind->shape(network, layer, error));
    return count_values(&layer->out, &layer->outputs, error);
}

enum mca_status mca_network_init(struct mca_network *network,
                                 const struct mca_network_config *config, struct mca_error *error) {
    struct mca_shape in = config->input;
    uint32_t inputs = 0;
    struct mca_error reason;
    if (count_values(&in, &inputs, &reason) != MCA_OK) {
        return mca_fail(error, MCA_INVALID, "images of %.200s", reason.message);
    }
    memset(network, 0, sizeof *network);
    network->layer_count = config->layer_count;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        struct mca_network_layer *layer = &network->layers[i];
        layer->kind = mca_layer_kind_of(config->layers[i].type);
        layer->config = config->layers[i];
        layer->takes = i > 0 ? i - 1 : MCA_FROM_INPUT;
        layer->in = in;
        layer->inputs = inputs;
        if (shape_layer(network, layer, &reason) != MCA_OK) {
            return mca_fail(error, MCA_INVALID, "layer %" PRIu32 " (%s): %.400s", i,
                            layer->kind->name, reason.message);
        }
        in = layer->out;
        inputs = layer->outputs;
    }
    return MCA_OK;
}

int mca_network_can_stream(const struct mca_network *network) {
    for (uint32_t i = 1; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        if (layer->config.type != MCA_LAYER_DENSE &&
            !mca_layer_is_flat(&network->layers[layer->takes])) {
            return 1;
        }
    }
    return 0;
}

uint32_t mca_network_config_outputs(const struct mca_network_config *config) {
    struct mca_network network;
    const enum mca_status status = mca_network_init(&network, config, NULL);
    assert(status == MCA_OK);
    (void)status;
    return mca_network_outputs(&network);
}
