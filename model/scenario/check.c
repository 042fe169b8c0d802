#include "scenario/check.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "array/converters.h"
#include "array/read/read_model.h"
#include "base/mathx.h"
#include "chip/layer_numbers.h"
#include "chip/unit_parts.h"
#include "device/device.h"
#include "dpu/activation.h"
#include "network/layer_kind.h"
#include "network/network.h"
#include "scenario/value_text.h"
#include "train/dataset.h"
#include "train/image_files.h"

enum { KEYS_OF_RULE_MAX = 4, SHOWN_MAX = 60 };

static const double WEIGHTS_MAX = 1e9;

struct context {
    const struct mca_scenario *scenario;
    const struct mca_scenario_origins *origins;
    struct mca_error *error;
};

/* Keys of a combination, the one at fault first; NULL at the end. */
struct keys {
    const char *name[KEYS_OF_RULE_MAX];
};

/* Of several keys the one given latest: in the source opened last (a file is opened before its
 * base, so bases rank below), on the highest line. The first of equals. */
static uint64_t rank_of(const struct context *context, const struct mca_key *key) {
    const struct mca_origin origin = mca_origin_of(context->origins, key);
    const uint64_t assigned = origin.line == 0;
    return origin.source == 0
               ? 0
               : assigned << 48 | (uint64_t)(MCA_SOURCE_MAX - origin.source) << 32 | origin.line;
}

/* "chi.bits is 12, chi.frac_bits is 13 (default)". */
static void list_values(const struct context *context, const struct keys *keys, char *text,
                        size_t size) {
    const struct mca_network_config *network = &context->scenario->chip.network;
    text[0] = '\0';
    for (size_t i = 0; i < KEYS_OF_RULE_MAX && keys->name[i]; ++i) {
        const struct mca_key *key = mca_key_find(keys->name[i]);
        const int is_default = mca_origin_of(context->origins, key).source == 0;
        const char *comma = i ? ", " : "";
        char value[MCA_VALUE_TEXT_SIZE];
        if (key->type == MCA_KEY_LAYERS && !network->is_widths) {
            mca_text_add(text, size, "%s%s has %u layer%s", comma, key->name, network->layer_count,
                         network->layer_count == 1 ? "" : "s");
        } else {
            mca_key_format(key, context->scenario, value, sizeof value);
            mca_text_add(text, size, "%s%s is %.*s%s", comma, key->name, SHOWN_MAX, value,
                         is_default ? " (default)" : "");
        }
    }
}

/* Where the rule is broken: fails with "place: key: rule; a is 1, b is 2 (default)". */
__attribute__((format(printf, 4, 5))) static enum mca_status
refuse_if(const struct context *context, int is_broken, struct keys keys, const char *format, ...) {
    if (!is_broken) {
        return MCA_OK;
    }
    const struct mca_key *latest = mca_key_find(keys.name[0]);
    for (size_t i = 1; i < KEYS_OF_RULE_MAX && keys.name[i]; ++i) {
        const struct mca_key *key = mca_key_find(keys.name[i]);
        latest = rank_of(context, key) > rank_of(context, latest) ? key : latest;
    }
    char place[MCA_SOURCE_NAME_SIZE + 32];
    char rule[300] = "";
    char values[500];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(rule, sizeof rule, format, args);
    va_end(args);
    mca_origin_place(context->origins, latest, place, sizeof place);
    list_values(context, &keys, values, sizeof values);
    return mca_fail(context->error, MCA_INVALID, "%.300s: %s: %s; %s", place, latest->name, rule,
                    values);
}

/* NULL fills the rest of `keys`. */
#define KEYS_OF(...) ((struct keys){{__VA_ARGS__}})

static const char NAME_RULE[] = "only letters, digits and . _ + - are allowed, and no . in front";

/* What no chip works on. */
static enum mca_status check_layer(const struct context *context, uint32_t number,
                                   const struct mca_network_layer *layer) {
    int is_of_rows = 0;
    const char *size = mca_unit_parts_conflict(&context->scenario->chip, layer, &is_of_rows);
    const struct mca_placement place = mca_layer_placement(&context->scenario->chip, layer);
    MCA_TRY(refuse_if(context, !layer->kind->lower_forward, KEYS_OF("network.layers"),
                      "layer %u: no chip works on a %s yet", number, layer->kind->name));
    MCA_TRY(
        refuse_if(context, size != NULL, KEYS_OF("dpu.units", "dpu.lanes", size),
                  "layer %u (%s): a word of dpu.lanes weights would lie on two tiles: dpu.lanes "
                  "has to divide their %s, %u",
                  number, layer->kind->name, is_of_rows ? "rows" : "columns",
                  is_of_rows ? place.tile_rows : place.tile_cols));
    MCA_TRY(refuse_if(context, layer->config.digital && context->scenario->train.batch > 1,
                      KEYS_OF("network.layers", "train.batch"),
                      "layer %u (%s): digital weights change with every image, and those of a "
                      "mini-batch must stay as they are",
                      number, layer->kind->name));
    return refuse_if(context, layer->config.digital && context->scenario->chip.timing.streaming,
                     KEYS_OF("network.layers", "timing.streaming"),
                     "layer %u (%s): a digital layer does not stream", number, layer->kind->name);
}

static enum mca_status check_scale(const struct context *context, uint32_t number,
                                   const struct mca_network_layer *layer) {
    const struct mca_activation_ops *ops = mca_activation_ops_of(layer->config.activation);
    const int32_t exponent = layer->config.activation_exponent;
    return refuse_if(context,
                     layer->kind->activation && exponent != MCA_EXPONENT_CALIBRATED &&
                         exponent != 0 && !ops->takes_exponent,
                     KEYS_OF("network.layers"),
                     "layer %u (%s): activation_scale is %g, but the full scale of %s is 1", number,
                     layer->kind->name, ldexp(1.0, exponent), ops->name);
}

/* Its sums are what a class is chosen by, and the loss is made of its activations. */
static enum mca_status check_last_layer(const struct context *context,
                                        const struct mca_network *network) {
    const uint32_t number = network->layer_count - 1;
    const struct mca_network_layer *last = &network->layers[number];
    int learns = 0;
    int has_tiles = 0;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        learns |= network->layers[i].rows > 0 && !network->layers[i].config.frozen;
        has_tiles |= network->layers[i].rows > 0 && !network->layers[i].config.digital;
    }
    MCA_TRY(refuse_if(context, !last->kind->has_matrix, KEYS_OF("network.layers"),
                      "layer %u (%s): the last layer must have weights", number, last->kind->name));
    MCA_TRY(refuse_if(context, !has_tiles, KEYS_OF("network.layers"),
                      "every layer is digital: nothing is left for the crossbars"));
    MCA_TRY(refuse_if(context, !learns && context->scenario->train.epochs > 0,
                      KEYS_OF("network.layers", "train.epochs"),
                      "every layer is frozen: nothing learns"));
    return refuse_if(
        context,
        context->scenario->chip.loss == MCA_LOSS_CROSS_ENTROPY &&
            last->config.activation != MCA_ACTIVATION_SIGMOID,
        KEYS_OF("network.layers", "train.loss"),
        "layer %u (%s): the loss of a logistic output needs activation sigmoid, not %s", number,
        last->kind->name, mca_activation_ops_of(last->config.activation)->name);
}

static enum mca_status check_network(const struct context *context) {
    const struct mca_network_config *config = &context->scenario->chip.network;
    struct mca_network network;
    struct mca_error reason;
    double weights = 0;
    MCA_TRY(refuse_if(context, config->input.channels == 0,
                      KEYS_OF("network.input", "dataset.name"),
                      "the data's files decide on the images' shape; write [channels, height, "
                      "width]"));
    MCA_TRY(refuse_if(context, mca_network_init(&network, config, &reason) != MCA_OK,
                      KEYS_OF("network.layers"), "%.250s", reason.message));
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        const struct mca_network_layer *layer = &network.layers[i];
        weights += (double)layer->rows * layer->cols;
        MCA_TRY(check_layer(context, i, layer));
        MCA_TRY(check_scale(context, i, layer));
    }
    MCA_TRY(check_last_layer(context, &network));
    MCA_TRY(refuse_if(context, weights > WEIGHTS_MAX, KEYS_OF("network.layers"),
                      "%.0f weights; a chip holds %.0f at most", weights, WEIGHTS_MAX));
    const struct mca_adc_config *adc = &context->scenario->chip.adc;
    MCA_TRY(refuse_if(context, adc->forward_range.count > network.layer_count,
                      KEYS_OF("adc.forward_range", "network.layers"),
                      "more ranges than the network has layers of weights (%u)",
                      network.layer_count));
    return refuse_if(context, adc->backward_range.count > network.layer_count,
                     KEYS_OF("adc.backward_range", "network.layers"),
                     "more ranges than the network has layers of weights (%u)",
                     network.layer_count);
}

static enum mca_status check_device(const struct context *context) {
    const struct mca_device_config *device = &context->scenario->chip.device;
    const int ideal = device->model == MCA_DEVICE_IDEAL;
    MCA_TRY(refuse_if(context,
                      ideal && mca_read_model(context->scenario->chip.tile.read_path)->needs_pairs,
                      KEYS_OF("tile.read_path", "device.model"),
                      "an ideal weight has no two devices to read one by one"));
    if (ideal) {
        return MCA_OK;
    }
    MCA_TRY(refuse_if(context, !(device->gmin_us < device->gmax_us),
                      KEYS_OF("device.gmin_us", "device.gmax_us"),
                      "device.gmin_us must be below device.gmax_us"));
    return refuse_if(context, device->reset_mean_us > device->gmax_us,
                     KEYS_OF("device.reset_mean_us", "device.gmax_us"),
                     "a RESET must leave at most device.gmax_us");
}

static int is_power_of_two(double value) {
    int exponent;
    return frexp(value, &exponent) == 0.5;
}

static enum mca_status check_range_list(const struct context *context, const char *name,
                                        const struct mca_f64_list *list) {
    for (uint32_t i = 0; i < list->count; ++i) {
        MCA_TRY(refuse_if(context, !is_power_of_two(list->values[i]),
                          KEYS_OF(name, "dpu.arithmetic"),
                          "fixed arithmetic needs converter ranges that are powers of two"));
    }
    return MCA_OK;
}

/* Ranges that layers have of their own; 0 where they have none. */
static enum mca_status check_layer_ranges(const struct context *context) {
    const struct mca_network_config *network = &context->scenario->chip.network;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_layer_config *layer = &network->layers[i];
        const double ranges[] = {layer->adc_forward_range, layer->adc_backward_range};
        for (size_t r = 0; r < 2; ++r) {
            MCA_TRY(refuse_if(context, ranges[r] > 0 && !is_power_of_two(ranges[r]),
                              KEYS_OF("network.layers", "dpu.arithmetic"),
                              "layer %u: %s is %g; fixed arithmetic needs converter ranges that "
                              "are powers of two",
                              i, r ? "adc_backward_range" : "adc_forward_range", ranges[r]));
        }
    }
    return MCA_OK;
}

static enum mca_status check_converters(const struct context *context) {
    const struct mca_dac_config *dac = &context->scenario->chip.dac;
    const struct mca_adc_config *adc = &context->scenario->chip.adc;
    MCA_TRY(refuse_if(context, adc->bits == 1, KEYS_OF("adc.bits"),
                      "a sign and no magnitude; use 0 (ideal) or 2..16"));
    MCA_TRY(refuse_if(context, dac->bits > 0 && mca_dac_signed_bits(dac) == 0,
                      KEYS_OF("dac.bits", "dac.drive"),
                      "a bipolar drive spends one bit on the sign; use 0 (ideal) or 2..12"));
    return refuse_if(context, adc->stuck_low_mask >= 1u << adc->bits,
                     KEYS_OF("adc.stuck_low_mask", "adc.bits"),
                     "the mask names bits that the converter does not have");
}

/* The factor from errors to chi, or to pulses, must have a sensible exponent: far outside, every
 * update would be lost or saturate. The rate of the last epoch must still be a number. */
static enum mca_status check_layer_rate(const struct context *context, uint32_t number,
                                        double unit_us) {
    const struct mca_scenario *s = context->scenario;
    const struct mca_layer_config *layer = &s->chip.network.layers[number];
    const double log2_e = 1.4426950408889634;
    const double epsilons = s->train.learning_rate * unit_us / s->chip.transfer.epsilon_us;
    const int has_chi = mca_has_chi(&s->chip);
    const double first = log2_e * mca_log(epsilons) + (has_chi ? s->chip.chi.frac_bits : 0) -
                         log2_e * mca_log((double)s->train.batch) + layer->rate_exponent;
    const int is_far = !(fabs(first) <= 40);
    const int is_widths = s->chip.network.is_widths != 0;
    const char *mode_key = has_chi ? "chi.frac_bits" : "transfer.mode";
    const char *unit = has_chi ? "chi units" : "pulses";
    MCA_TRY(
        refuse_if(context, is_far && !is_widths,
                  KEYS_OF("network.layers", "train.learning_rate", "transfer.epsilon_us", mode_key),
                  "layer %u: learning rate x unit weight / epsilon in %s is 2^%.0f; "
                  "allowed: 2^-40..2^40",
                  number, unit, first));
    MCA_TRY(refuse_if(
        context, is_far,
        KEYS_OF("train.learning_rate", "transfer.epsilon_us", mode_key, "tile.unit_weight_us"),
        "learning rate x unit weight / epsilon in %s is 2^%.0f; allowed: "
        "2^-40..2^40",
        unit, first));
    const double last =
        first + log2_e * mca_log(s->train.learning_rate_decay) * (s->train.epochs - 1.0);
    return refuse_if(context, !(last >= -900), KEYS_OF("train.learning_rate_decay", "train.epochs"),
                     "the learning rate decays to nothing before the last epoch");
}

static enum mca_status check_fixed(const struct context *context) {
    const struct mca_chip_config *chip = &context->scenario->chip;
    MCA_TRY(refuse_if(context, chip->dac.bits == 0, KEYS_OF("dac.bits", "dpu.arithmetic"),
                      "fixed arithmetic needs a DAC of 1..12 bits"));
    MCA_TRY(refuse_if(context, !mca_adc_ops_of(&chip->adc)->has_codes,
                      KEYS_OF("adc.bits", "dpu.arithmetic"),
                      "fixed arithmetic needs an ADC of 2..16 bits"));
    MCA_TRY(refuse_if(context, chip->dac.bits > chip->dpu.activation_bits,
                      KEYS_OF("dac.bits", "dpu.activation_bits"),
                      "the DAC drives more bits than activations have"));
    MCA_TRY(check_layer_ranges(context));
    MCA_TRY(check_range_list(context, "adc.forward_range", &chip->adc.forward_range));
    MCA_TRY(check_range_list(context, "adc.backward_range", &chip->adc.backward_range));
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    MCA_TRY(mca_network_init(&network, &chip->network, context->error));
    mca_layer_numbers(chip, &network, numbers);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        if (network.layers[i].rows > 0 && !network.layers[i].config.digital) {
            MCA_TRY(check_layer_rate(context, i, numbers[i].unit_weight_us));
        }
    }
    return MCA_OK;
}

/* What has no meaning without chi. */
static enum mca_status check_direct(const struct context *context) {
    const struct mca_chip_config *chip = &context->scenario->chip;
    if (mca_has_chi(chip)) {
        return MCA_OK;
    }
    MCA_TRY(refuse_if(context, chip->transfer.epsilon_us == 0,
                      KEYS_OF("transfer.mode", "transfer.epsilon_us"),
                      "pulses at once need a transfer.epsilon_us above 0"));
    return refuse_if(context, chip->refresh.residual == MCA_RESIDUAL_CHI,
                     KEYS_OF("refresh.residual", "transfer.mode"),
                     "there is no chi that could take what a rewrite misses");
}

static enum mca_status check_digital(const struct context *context) {
    const struct mca_chip_config *chip = &context->scenario->chip;
    const int fixed = chip->dpu.arithmetic == MCA_ARITHMETIC_FIXED;
    MCA_TRY(refuse_if(context, (chip->dpu.lanes & (chip->dpu.lanes - 1)) != 0, KEYS_OF("dpu.lanes"),
                      "not a power of two"));
    MCA_TRY(refuse_if(context, chip->chi.frac_bits >= chip->chi.bits,
                      KEYS_OF("chi.frac_bits", "chi.bits"),
                      "chi.frac_bits must be below chi.bits"));
    MCA_TRY(refuse_if(context,
                      chip->transfer.epsilon_us == 0 &&
                          (fixed || chip->device.model != MCA_DEVICE_IDEAL),
                      KEYS_OF("transfer.epsilon_us", "dpu.arithmetic", "device.model"),
                      "writing through (0) needs dpu.arithmetic float and device.model ideal"));
    MCA_TRY(refuse_if(context, chip->hardware_aware && chip->transfer.epsilon_us != 0,
                      KEYS_OF("train.hardware_aware", "transfer.epsilon_us"),
                      "weights are written through: it needs transfer.epsilon_us 0, device.model "
                      "ideal and dpu.arithmetic float (scenarios/mnist-float.yaml)"));
    MCA_TRY(check_direct(context));
    return fixed ? check_fixed(context) : MCA_OK;
}

/* Only such characters as a file's name may have, in what becomes a name. */
static int is_name(const char *name) {
    int allowed = name[0] != '.';
    for (const char *c = name; *c; ++c) {
        allowed = allowed && (isalnum((unsigned char)*c) || strchr("._+-", *c));
    }
    return allowed;
}

/* Nobody's results may go by the name of a set that they are not of. */
static enum mca_status check_label(const struct context *context) {
    const char *label = context->scenario->dataset.label;
    const struct mca_key *names = mca_key_find("dataset.name");
    MCA_TRY(refuse_if(context, !is_name(label), KEYS_OF("dataset.label"), NAME_RULE));
    for (size_t i = 0; names->choices[i]; ++i) {
        MCA_TRY(refuse_if(context, strcmp(label, names->choices[i]) == 0, KEYS_OF("dataset.label"),
                          "the name of another data set (dataset.name)"));
    }
    return MCA_OK;
}

static enum mca_status check_dataset(const struct context *context) {
    const struct mca_dataset_config *dataset = &context->scenario->dataset;
    struct mca_label_map map;
    struct mca_error reason;
    static const char *const paths[] = {"dataset.train_images", "dataset.train_labels",
                                        "dataset.test_images", "dataset.test_labels"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; ++i) {
        const char *path = (const char *)context->scenario + mca_key_find(paths[i])->offset;
        MCA_TRY(refuse_if(context, mca_dataset_is_of_files(dataset) && path[0] == '\0',
                          KEYS_OF(paths[i], "dataset.name"),
                          "dataset.name idx or npy needs four paths"));
    }
    MCA_TRY(refuse_if(context, mca_label_map_parse(dataset->label_map, &map, &reason) != MCA_OK,
                      KEYS_OF("dataset.label_map"), "%.250s", reason.message));
    MCA_TRY(refuse_if(context,
                      dataset->normalise == MCA_NORMALISE_RANGE &&
                          dataset->range_low >= dataset->range_high,
                      KEYS_OF("dataset.range_low", "dataset.range_high"),
                      "dataset.range_low must be below dataset.range_high"));
    return check_label(context);
}

/* Times of another chip would give other values. */
static enum mca_status check_what_if(const struct context *context) {
    const struct mca_chip_config *chip = &context->scenario->chip;
    return refuse_if(context, chip->timing.what_if && mca_device_drifts_in_training(&chip->device),
                     KEYS_OF("timing.what_if", "device.drift_in_training"),
                     "what a free resource would give is asked of the same work, but where devices "
                     "drift in training its time changes values");
}

/* What has to be known of an image before the next one is read. */
static enum mca_status check_read_ahead(const struct context *context) {
    const struct mca_chip_config *chip = &context->scenario->chip;
    const int ahead = chip->timing.read_ahead != 0;
    MCA_TRY(refuse_if(context, ahead && mca_pulses_ask_for_refresh(chip),
                      KEYS_OF("timing.read_ahead", "refresh.every_pulses"),
                      "whether a refresh comes has to be known before the next image is read, and "
                      "its pulses are not"));
    MCA_TRY(refuse_if(context, ahead && mca_device_drifts_in_training(&chip->device),
                      KEYS_OF("timing.read_ahead", "device.drift_in_training"),
                      "devices drift as of the end of an image, and the next one is read before"));
    return refuse_if(context, ahead && chip->timing.streaming,
                     KEYS_OF("timing.read_ahead", "timing.streaming"),
                     "a layer that streams is read as the digital unit takes its codes");
}

static enum mca_status check_ages(const struct context *context) {
    const struct mca_f64_list *ages = &context->scenario->train.ageing.ages_s;
    for (uint32_t i = 0; i < ages->count; ++i) {
        for (uint32_t k = 0; k < i; ++k) {
            MCA_TRY(refuse_if(context, ages->values[i] == ages->values[k], KEYS_OF("ageing.ages_s"),
                              "%g s stands twice", ages->values[i]));
        }
    }
    return MCA_OK;
}

enum mca_status mca_scenario_check(const struct mca_scenario *scenario,
                                   const struct mca_scenario_origins *origins,
                                   struct mca_error *error) {
    const struct context context = {scenario, origins, error};
    MCA_TRY(check_network(&context));
    MCA_TRY(check_device(&context));
    MCA_TRY(check_converters(&context));
    MCA_TRY(check_digital(&context));
    MCA_TRY(check_dataset(&context));
    MCA_TRY(check_ages(&context));
    MCA_TRY(check_what_if(&context));
    MCA_TRY(check_read_ahead(&context));
    /* the name becomes a part of the default directory's */
    return refuse_if(&context, !is_name(scenario->report.name), KEYS_OF("report.name"), NAME_RULE);
}

/* Of an image, where the network takes it as it is; flat images take any shape of as many values.
 */
static enum mca_status check_shape(const struct context *context, const struct mca_dataset *data) {
    const struct mca_network_config *network = &context->scenario->chip.network;
    const struct mca_shape *input = &network->input;
    const struct mca_image_set *set = &data->train;
    const int is_flat = set->rows == 1 && set->cols == 1;
    if (network->is_widths || (is_flat && mca_shape_values(input) == data->inputs)) {
        return MCA_OK;
    }
    const struct mca_shape image = {set->channels, set->rows, set->cols};
    char text[MCA_SHAPE_TEXT_SIZE];
    mca_shape_text(&image, text);
    return refuse_if(context,
                     input->channels != image.channels || input->height != image.height ||
                         input->width != image.width,
                     KEYS_OF("network.input"),
                     "the images of %s are %s (channels x height x width)", data->name, text);
}

static enum mca_status check_shift(const struct context *context, const struct mca_image_set *set,
                                   const char *name) {
    const uint32_t shift = context->scenario->train.augment_shift;
    const uint32_t side = set->rows < set->cols ? set->rows : set->cols;
    return refuse_if(context, shift != 0 && shift >= side, KEYS_OF("train.augment_shift"),
                     "images of %s have %u rows and %u columns; a shift must leave something", name,
                     set->rows, set->cols);
}

enum mca_status mca_scenario_check_data(const struct mca_scenario *scenario,
                                        const struct mca_scenario_origins *origins,
                                        const struct mca_dataset *data, struct mca_error *error) {
    const struct context context = {scenario, origins, error};
    const struct mca_train_config *train = &scenario->train;
    const struct mca_network_config *network = &scenario->chip.network;
    char size[MCA_IMAGE_SIZE_TEXT];
    MCA_TRY(check_shape(&context, data));
    mca_image_size_text(&data->train, size);
    MCA_TRY(refuse_if(&context, network->is_widths && network->input.channels != data->inputs,
                      KEYS_OF("network.layers"),
                      "the first layer must have the %u inputs of an image of %s (%s)",
                      data->inputs, data->name, size));
    MCA_TRY(check_shift(&context, &data->train, data->name));
    MCA_TRY(refuse_if(&context, mca_network_config_outputs(network) < data->classes,
                      KEYS_OF("network.layers"),
                      "the last layer must have an output for each of the %u classes of %s",
                      data->classes, data->name));
    MCA_TRY(refuse_if(
        &context, mca_network_config_outputs(network) > MCA_CLASSES_MAX, KEYS_OF("network.layers"),
        "the last layer has more outputs than the %d that a test can tell apart", MCA_CLASSES_MAX));
    const uint64_t wanted = (uint64_t)train->images + train->validation_images;
    MCA_TRY(refuse_if(&context,
                      wanted > data->train.count || train->validation_images >= data->train.count,
                      KEYS_OF("train.images", "train.validation_images"),
                      "%s has %u training images, training and validation together", data->name,
                      data->train.count));
    return refuse_if(&context, train->test_images > data->test.count, KEYS_OF("train.test_images"),
                     "%s has %u test images", data->name, data->test.count);
}
