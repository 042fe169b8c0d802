#include "network/random_config.h"

#include "chip/chip_config.h"
#include "dpu/activation.h"

uint32_t random_below(uint64_t *sequence, uint32_t count) {
    const double place = 0.5 * (random_net_value(sequence) + 1.0); /* may round to 1 */
    const uint32_t drawn = (uint32_t)(place * count);
    return drawn < count ? drawn : count - 1;
}

static struct mca_layer_config layer_config(const struct ref_layer *layer, uint64_t *sequence) {
    static const unsigned types[] = {[REF_DENSE] = MCA_LAYER_DENSE,
                                     [REF_CONV2D] = MCA_LAYER_CONV2D,
                                     [REF_MAX_POOL] = MCA_LAYER_MAX_POOL,
                                     [REF_AVG_POOL] = MCA_LAYER_AVG_POOL,
                                     [REF_RESIDUAL_SUM] = MCA_LAYER_RESIDUAL_SUM};
    static const unsigned activations[] = {[REF_SIGMOID] = MCA_ACTIVATION_SIGMOID,
                                           [REF_TANH] = MCA_ACTIVATION_TANH,
                                           [REF_RELU] = MCA_ACTIVATION_RELU,
                                           [REF_IDENTITY] = MCA_ACTIVATION_IDENTITY};
    static const double unit_weights_us[] = {0.0, 4.0, 12.5, 32.0};
    struct mca_layer_config config = {.type = types[layer->kind],
                                      .activation = activations[layer->activation],
                                      .activation_exponent = MCA_EXPONENT_CALIBRATED};
    if (layer->kind == REF_RESIDUAL_SUM) {
        config.from = layer->from == REF_FROM_INPUT ? MCA_FROM_INPUT : (uint32_t)layer->from;
    } else if (layer->kind != REF_DENSE) {
        config.kernel = (uint32_t)layer->kernel;
        config.stride = (uint32_t)layer->stride;
        config.padding = (uint32_t)layer->padding;
    }
    if (layer->kind == REF_DENSE || layer->kind == REF_CONV2D) {
        config.units = (uint32_t)layer->units;
        config.unit_weight_us = unit_weights_us[random_below(sequence, 4)];
        config.rate_exponent = (int32_t)random_below(sequence, 5) - 2;
        config.frozen = random_below(sequence, 8) == 0;
    }
    return config;
}

/* Most layers have the chip's. */
static void draw_tiles(struct mca_layer_config *layer, uint64_t *sequence) {
    static const uint32_t rows[] = {0, 0, 0, 1, 5, 31};
    static const uint32_t cols[] = {0, 0, 0, 1, 4, 40};
    if (layer->units > 0) {
        layer->tile_rows = rows[random_below(sequence, 6)];
        layer->tile_cols = cols[random_below(sequence, 6)];
    }
}

void random_network_config(const struct random_net *net, uint64_t *sequence,
                           struct mca_network_config *network) {
    network->is_widths = 0;
    network->input = (struct mca_shape){(uint32_t)net->input.channels, (uint32_t)net->input.height,
                                        (uint32_t)net->input.width};
    network->layer_count = (uint32_t)net->count;
    /* networks without any are needed for what goes with none: mini-batches, streaming */
    const int may_be_digital = random_below(sequence, 2) == 0;
    for (int l = 0; l < net->count; ++l) {
        network->layers[l] = layer_config(&net->layers[l], sequence);
        network->layers[l].digital =
            may_be_digital && network->layers[l].units > 0 && random_below(sequence, 2) == 0;
        draw_tiles(&network->layers[l], sequence);
    }
}

unsigned random_net_loss(const struct random_net *net) {
    static const unsigned losses[] = {[REF_LOGISTIC] = MCA_LOSS_CROSS_ENTROPY,
                                      [REF_SQUARED] = MCA_LOSS_SQUARED,
                                      [REF_SOFTMAX] = MCA_LOSS_SOFTMAX};
    return losses[net->loss];
}
