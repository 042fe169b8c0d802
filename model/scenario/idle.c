#include "scenario/idle.h"

#include <stddef.h>

#include "array/converters.h"
#include "array/read/read_model.h"
#include "chip/layer_numbers.h"
#include "dpu/activation.h"
#include "network/layer_kind.h"
#include "network/program.h"
#include "train/calibration.h"
#include "train/dataset.h"
#include "train/image_files.h"

/* A reason that is there already, or one that holds where `is_idle`. */
static const char *or_if(const char *reason, int is_idle, const char *other) {
    return reason ? reason : is_idle ? other : NULL;
}

const char *mca__idle_widths(const struct mca_scenario *scenario) {
    return scenario->chip.network.is_widths ? "network.layers are widths, the image's first" : NULL;
}

const char *mca__idle_one_epoch(const struct mca_scenario *scenario) {
    return scenario->train.epochs == 1 ? "train.epochs is 1" : NULL;
}

const char *mca__idle_no_files(const struct mca_scenario *scenario) {
    return mca_dataset_is_of_files(&scenario->dataset) ? NULL
                                                       : "dataset.name is neither idx nor npy";
}

const char *mca__idle_no_range(const struct mca_scenario *scenario) {
    return or_if(mca__idle_no_files(scenario), scenario->dataset.normalise != MCA_NORMALISE_RANGE,
                 "dataset.normalise is not range");
}

/* What `auto` stands for shows only when the data are there. */
const char *mca__idle_not_drawn(const struct mca_scenario *scenario) {
    switch ((enum mca_dataset_name)scenario->dataset.name) {
    case MCA_DATASET_AUTO:
    case MCA_DATASET_SYNTHETIC_DIGITS:
    case MCA_DATASET_SYNTHETIC_COLOUR:
        return NULL;
    case MCA_DATASET_MNIST:
    case MCA_DATASET_FASHION_MNIST:
    case MCA_DATASET_CIFAR10:
    case MCA_DATASET_IDX:
    case MCA_DATASET_NPY:
    default:
        return "the images are not those of a synthetic set";
    }
}

const char *mca__idle_not_pcm(const struct mca_scenario *scenario) {
    return scenario->chip.device.model != MCA_DEVICE_PCM_JAP18 ? "device.model is not pcm-jap18"
                                                               : NULL;
}

const char *mca__idle_mean_decay(const struct mca_scenario *scenario) {
    return or_if(mca__idle_not_pcm(scenario), scenario->chip.device.mean_history_us == 0,
                 "device.mean_history_us is 0");
}

const char *mca__idle_std_decay(const struct mca_scenario *scenario) {
    return or_if(mca__idle_not_pcm(scenario), scenario->chip.device.std_history_us == 0,
                 "device.std_history_us is 0");
}

const char *mca__idle_not_linear(const struct mca_scenario *scenario) {
    return scenario->chip.device.model != MCA_DEVICE_LINEAR ? "device.model is not linear" : NULL;
}

const char *mca__idle_ideal(const struct mca_scenario *scenario) {
    return scenario->chip.device.model == MCA_DEVICE_IDEAL ? "device.model is ideal" : NULL;
}

const char *mca__idle_noise(const struct mca_scenario *scenario) {
    const struct mca_device_config *device = &scenario->chip.device;
    return or_if(mca__idle_ideal(scenario),
                 device->read_noise_slope == 0 && device->read_noise_offset_us == 0,
                 "device.read_noise_slope and device.read_noise_offset_us are 0");
}

const char *mca__idle_noise_part(const struct mca_scenario *scenario) {
    return or_if(mca__idle_ideal(scenario), scenario->chip.device.read_noise == 0,
                 "device.read_noise is 0");
}

/* Models that are exactly one Gaussian per column differ in how they draw noise alone. */
const char *mca__idle_read_path(const struct mca_scenario *scenario) {
    if (!mca_read_model(scenario->chip.tile.read_path)->is_column_exact) {
        return NULL;
    }
    const char *reason = mca__idle_noise_part(scenario);
    return reason ? reason : mca__idle_noise(scenario);
}

const char *mca__idle_drift(const struct mca_scenario *scenario) {
    (void)scenario;
    return "no command ages a chip";
}

/* What the layers of a network take of the chip. */
struct use {
    int is_read_backward;
    int has_signed_inputs;
    int takes_unit_weight;    /* tile.unit_weight_us */
    int takes_forward_range;  /* the list adc.forward_range ... */
    int takes_backward_range; /* ... and adc.backward_range */
};

static int is_signed(const struct mca_network *network, uint32_t layer) {
    while (layer != MCA_FROM_INPUT && !network->layers[layer].kind->activation) {
        layer = network->layers[layer].takes; /* what pools give is of what they take */
    }
    return layer != MCA_FROM_INPUT &&
           mca_activation_ops_of(network->layers[layer].config.activation)->is_signed;
}

static struct use use_of(const struct mca_scenario *scenario) {
    struct mca_network network;
    struct mca_program program;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct use use = {0};
    const int is_widths = scenario->chip.network.is_widths != 0;
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* checked */
    mca_program_train(&program, &network);
    mca_layer_numbers(&scenario->chip, &network, numbers);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        const struct mca_network_layer *layer = &network.layers[i];
        const int is_back = mca_program_backward_read(&program, i) != NULL;
        if (layer->rows > 0 && !layer->config.digital) {
            use.is_read_backward |= is_back;
            use.has_signed_inputs |= is_signed(&network, layer->takes);
            use.takes_unit_weight |= numbers[i].unit_weight_from == MCA_NUMBER_CHIP;
            use.takes_forward_range |= is_widths;
            use.takes_backward_range |= is_back && is_widths;
        }
    }
    return use;
}

const char *mca__idle_unit_weight(const struct mca_scenario *scenario) {
    return use_of(scenario).takes_unit_weight ? NULL : "each layer has its own unit_weight_us";
}

/* Errors have a sign, and the first layer of weights passes none on; so have some activations. */
const char *mca__idle_drive(const struct mca_scenario *scenario) {
    const struct use use = use_of(scenario);
    return use.is_read_backward || use.has_signed_inputs ? NULL
                                                         : "no layer takes values with a sign";
}

const char *mca__idle_forward_range(const struct mca_scenario *scenario) {
    const char *reason = mca_adc_ops_of(&scenario->chip.adc)->is_ideal ? "adc.bits is 0" : NULL;
    return or_if(reason, !use_of(scenario).takes_forward_range,
                 "each layer has its own adc_forward_range");
}

const char *mca__idle_backward_range(const struct mca_scenario *scenario) {
    const struct use use = use_of(scenario);
    if (!use.is_read_backward) {
        return "no layer is read backward";
    }
    const char *reason = mca_adc_ops_of(&scenario->chip.adc)->is_ideal ? "adc.bits is 0" : NULL;
    return or_if(reason, !use.takes_backward_range, "each layer has its own adc_backward_range");
}

const char *mca__idle_float(const struct mca_scenario *scenario) {
    return scenario->chip.dpu.arithmetic == MCA_ARITHMETIC_FLOAT ? "dpu.arithmetic is float" : NULL;
}

static const char *no_chi(const struct mca_scenario *scenario) {
    return mca_has_chi(&scenario->chip) ? NULL : "transfer.mode is direct, there is no chi";
}

static int has_layer(const struct mca_scenario *scenario, int is_digital, int learns) {
    struct mca_network network;
    int has = 0;
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* checked */
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        const struct mca_network_layer *layer = &network.layers[i];
        has |= layer->rows > 0 && (layer->config.digital != 0) == is_digital &&
               !(learns && layer->config.frozen);
    }
    return has;
}

/* The weight memory of digital layers is read and written as chi is. */
const char *mca__idle_ports(const struct mca_scenario *scenario) {
    return has_layer(scenario, 1, 1) ? NULL : no_chi(scenario);
}

const char *mca__idle_access(const struct mca_scenario *scenario) {
    return has_layer(scenario, 1, 0) ? NULL : no_chi(scenario);
}

/* Pulses at once are always rounded stochastically, and straight from a product; weights of digital
 * layers are rounded as chi is. */
const char *mca__idle_rounding(const struct mca_scenario *scenario) {
    const char *reason = mca__idle_float(scenario);
    return reason ? reason : mca__idle_ports(scenario);
}

const char *mca__idle_frac_bits(const struct mca_scenario *scenario) {
    const char *reason = mca__idle_float(scenario);
    reason = reason ? reason : no_chi(scenario);
    return or_if(reason, !has_layer(scenario, 0, 1), "no layer that learns has chi");
}

/* Banks divide the cycles of a read and a write, of which one is the least. */
const char *mca__idle_banks(const struct mca_scenario *scenario) {
    const struct mca_chi_config *chi = &scenario->chip.chi;
    return or_if(mca__idle_access(scenario), chi->access_cycles == 1 && chi->ports == 2,
                 "chi.access_cycles is 1 and chi.ports is 2, no access is faster");
}

const char *mca__idle_written_through(const struct mca_scenario *scenario) {
    return scenario->chip.transfer.epsilon_us == 0
               ? "transfer.epsilon_us is 0, weights are written through"
               : NULL;
}

const char *mca__idle_no_pulses(const struct mca_scenario *scenario) {
    return or_if(mca__idle_written_through(scenario), !has_layer(scenario, 0, 1),
                 "no layer that learns has devices");
}

const char *mca__idle_no_refresh(const struct mca_scenario *scenario) {
    return or_if(mca__idle_ideal(scenario), scenario->chip.refresh.every_images == 0,
                 "refresh.every_images is 0");
}

const char *mca__idle_no_rewrite(const struct mca_scenario *scenario) {
    return or_if(mca__idle_no_refresh(scenario), scenario->chip.refresh.difference_us == 0,
                 "refresh.difference_us is 0, no pair is rewritten");
}

const char *mca__idle_no_sums(const struct mca_scenario *scenario) {
    struct mca_chip_config config = scenario->chip;
    struct mca_network network;
    (void)mca_network_init(&network, &config.network, NULL); /* checked */
    config.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    const char *reason = no_chi(scenario);
    reason = reason ? reason : mca__idle_written_through(scenario);
    return or_if(reason, mca_chip_sums(&config, &network) == 0,
                 "no layer that learns is read at several positions");
}

const char *mca__idle_no_stream(const struct mca_scenario *scenario) {
    struct mca_network network;
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* checked */
    return mca_network_can_stream(&network)
               ? NULL
               : "every layer needs the whole of the layer before it, or has the image before it";
}

const char *mca__idle_no_calibration(const struct mca_scenario *scenario) {
    return mca_calibration_is_due(&scenario->chip) ? NULL
           : scenario->chip.network.is_widths
               ? "network.layers are widths, and have the ranges of adc.*"
               : "network.layers leave no full scale to be found";
}

const char *mca__idle_no_percentile(const struct mca_scenario *scenario) {
    return or_if(mca__idle_no_calibration(scenario),
                 scenario->calibration.method != MCA_CALIBRATION_PERCENTILE,
                 "calibration.method is not percentile");
}
