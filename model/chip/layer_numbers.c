#include "chip/layer_numbers.h"

#include "base/mathx.h"
#include "dpu/activation.h"
#include "network/layer_kind.h"
#include "network/program.h"

/* A pulse is at most this part of the bound of the initial weights, else training cannot move
 * them finely ... */
static const double PULSE_OF_BOUND = 0.25;
/* ... and this many times the bound can still be reached. */
static const double BOUNDS_HELD = 1.5;

/* Full scale of activations that nobody has given or found, 2^this. */
enum { EXPONENT_UNKNOWN = 3 };

double mca_initial_bound(double gain, uint32_t rows, uint32_t cols) {
    /* Glorot and Bengio, AISTATS 2010: sqrt(6 / (fan in + fan out)) */
    return gain * mca_sqrt(6.0 / (double)(rows - 1 + cols));
}

double mca_unit_weight_for(double bound, double epsilon_us, double gmax_us) {
    enum { EXPONENT_MAX = 100 };
    int exponent = -EXPONENT_MAX;
    while (exponent < EXPONENT_MAX && mca_exp2i(exponent) * bound * PULSE_OF_BOUND < epsilon_us) {
        ++exponent;
    }
    while (exponent > -EXPONENT_MAX && mca_exp2i(exponent) * bound * BOUNDS_HELD > gmax_us) {
        --exponent;
    }
    return mca_exp2i(exponent);
}

static void set_unit_weight(const struct mca_chip_config *config,
                            const struct mca_network_layer *layer, double found_us,
                            struct mca_layer_numbers *n) {
    const double bound = mca_initial_bound(config->network.init_gain, layer->rows, layer->cols);
    if (found_us > 0.0) { /* asked for by weights.scale */
        n->unit_weight_us = found_us;
        n->unit_weight_from = MCA_NUMBER_IMPORTED;
    } else if (layer->config.unit_weight_us > 0.0) {
        n->unit_weight_us = layer->config.unit_weight_us;
        n->unit_weight_from = MCA_NUMBER_GIVEN;
    } else if (config->network.is_widths || config->transfer.epsilon_us <= 0.0 || bound <= 0.0) {
        n->unit_weight_us = config->tile.unit_weight_us;
        n->unit_weight_from = MCA_NUMBER_CHIP;
    } else {
        n->unit_weight_us =
            mca_unit_weight_for(bound, config->transfer.epsilon_us, config->device.gmax_us);
        n->unit_weight_from = MCA_NUMBER_WEIGHTS;
    }
}

/* Weights of a digital layer have a full scale of at least this many times the bound that they
 * begin in: trained ones of wide layers come to ten times and more. */
static const double BOUNDS_OF_FULL_SCALE = 16.0;

static void set_weight_scale(const struct mca_chip_config *config,
                             const struct mca_network_layer *layer, struct mca_layer_numbers *n) {
    enum { EXPONENT_MIN = -16 };
    const double bound = mca_initial_bound(config->network.init_gain, layer->rows, layer->cols);
    n->weight_exponent = EXPONENT_MIN;
    while (mca_exp2i(n->weight_exponent + 1) < BOUNDS_OF_FULL_SCALE * bound) {
        ++n->weight_exponent;
    }
    n->weight_exponent = bound > 0.0 ? n->weight_exponent : 0;
}

static double choose_range(double given, double found, double of_chip,
                           enum mca_number_source *from) {
    *from = given > 0.0 ? MCA_NUMBER_GIVEN : found > 0.0 ? MCA_NUMBER_FOUND : MCA_NUMBER_CHIP;
    return given > 0.0 ? given : found > 0.0 ? found : of_chip;
}

static void set_ranges(const struct mca_chip_config *config, const struct mca_network *network,
                       uint32_t index, struct mca_layer_numbers *n) {
    const struct mca_network_layer *layer = &network->layers[index];
    const struct mca_found_numbers *found = &config->network.found[index];
    n->forward_range =
        choose_range(layer->config.adc_forward_range, found->adc_forward_range,
                     mca_f64_list_at(&config->adc.forward_range, index), &n->forward_from);
    /* the first layer is never read backward, so the list starts with the second */
    n->backward_range = choose_range(
        layer->config.adc_backward_range, found->adc_backward_range,
        mca_f64_list_at(&config->adc.backward_range, index > 0 ? index - 1 : 0), &n->backward_from);
    if (!mca_network_learns_up_to(network, layer->takes)) { /* never read backward */
        n->backward_from = MCA_NUMBER_NONE;
    }
}

/* Of what a layer gives: its activations' own, or that of what it takes, which pools pass on. */
static void set_full_scale(const struct mca_chip_config *config, const struct mca_network *network,
                           uint32_t index, struct mca_layer_numbers *n) {
    const struct mca_network_layer *layer = &network->layers[index];
    const int is_softmax = config->loss == MCA_LOSS_SOFTMAX && index + 1 == network->layer_count;
    const unsigned type = layer->config.type;
    if (type == MCA_LAYER_MAX_POOL || type == MCA_LAYER_AVG_POOL) {
        n->out_exponent = n->in_exponent;
    } else if (is_softmax || !mca_activation_ops_of(layer->config.activation)->takes_exponent) {
        n->out_exponent = 0;
    } else if (layer->config.activation_exponent != MCA_EXPONENT_CALIBRATED) {
        n->out_exponent = layer->config.activation_exponent;
        n->activation_from = MCA_NUMBER_GIVEN;
    } else if (config->network.found[index].has_activation) {
        n->out_exponent = config->network.found[index].activation_exponent;
        n->activation_from = MCA_NUMBER_FOUND;
    } else {
        n->out_exponent = EXPONENT_UNKNOWN;
        n->activation_from = MCA_NUMBER_CHIP;
    }
}

void mca_layer_numbers(const struct mca_chip_config *config, const struct mca_network *network,
                       struct mca_layer_numbers numbers[MCA_LAYERS_MAX]) {
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        const uint32_t from =
            layer->config.type == MCA_LAYER_RESIDUAL_SUM ? layer->config.from : MCA_FROM_INPUT;
        struct mca_layer_numbers n = {.unit_weight_us = config->tile.unit_weight_us};
        n.in_exponent = layer->takes == MCA_FROM_INPUT ? 0 : numbers[layer->takes].out_exponent;
        n.other_exponent = from == MCA_FROM_INPUT ? 0 : numbers[from].out_exponent;
        set_full_scale(config, network, i, &n);
        if (layer->config.digital) {
            set_weight_scale(config, layer, &n);
        } else if (layer->rows > 0) {
            set_unit_weight(config, layer, config->network.found[i].unit_weight_us, &n);
            set_ranges(config, network, i, &n);
        }
        numbers[i] = n;
    }
}

int mca_takes_signs(const struct mca_network *network, uint32_t index) {
    uint32_t from = network->layers[index].takes;
    while (from != MCA_FROM_INPUT && !network->layers[from].kind->activation) {
        from = network->layers[from].takes;
    }
    return from != MCA_FROM_INPUT &&
           mca_activation_ops_of(network->layers[from].config.activation)->is_signed;
}

const char *mca_number_source_name(enum mca_number_source source) {
    static const char *const NAMES[] = {
        "none", "given", "training images", "initial weights", "imported weights", "chip"};
    return NAMES[source];
}
