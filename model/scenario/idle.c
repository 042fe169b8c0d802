#include "scenario/idle.h"

#include <stddef.h>

#include "array/converters.h"
#include "array/read/read_model.h"
#include "chip/layer_numbers.h"
#include "chip/unit_parts.h"
#include "dpu/activation.h"
#include "dpu/chi.h"
#include "network/layer_kind.h"
#include "network/program.h"
#include "train/calibration.h"
#include "train/dataset.h"
#include "train/image_files.h"

/* The reason of several that comes first, or NULL. */
static const char *either(const char *reason, const char *other) {
    return reason ? reason : other;
}

static const char *when(int is_idle, const char *reason) {
    return is_idle ? reason : NULL;
}

static void look_at_data(const struct mca_scenario *s, const char *why[MCA_IDLE_COUNT]) {
    const unsigned name = s->dataset.name;
    /* what `auto` stands for shows only when the data are there */
    const int may_draw = name == MCA_DATASET_AUTO || name == MCA_DATASET_SYNTHETIC_DIGITS ||
                         name == MCA_DATASET_SYNTHETIC_COLOUR || name == MCA_DATASET_BRIGHT;
    why[MCA_IDLE_ONE_EPOCH] = when(s->train.epochs == 1, "train.epochs is 1");
    why[MCA_IDLE_NO_FILES] =
        when(!mca_dataset_is_of_files(&s->dataset), "dataset.name is neither idx nor npy");
    why[MCA_IDLE_NO_RANGE] =
        either(why[MCA_IDLE_NO_FILES],
               when(s->dataset.normalise != MCA_NORMALISE_RANGE, "dataset.normalise is not range"));
    why[MCA_IDLE_NOT_DRAWN] = when(!may_draw, "the images are not those of a synthetic set");
    why[MCA_IDLE_NOT_RANDOM] =
        either(why[MCA_IDLE_NOT_DRAWN],
               when(name == MCA_DATASET_BRIGHT, "bright images are all the same"));
    if (!mca_calibration_is_due(&s->chip)) {
        why[MCA_IDLE_NO_CALIBRATION] = s->chip.network.is_widths
                                           ? "network.layers are widths, and have the ranges of "
                                             "adc.*"
                                           : "network.layers leave no full scale to be found";
    }
    why[MCA_IDLE_NO_PERCENTILE] = either(why[MCA_IDLE_NO_CALIBRATION],
                                         when(s->calibration.method != MCA_CALIBRATION_PERCENTILE,
                                              "calibration.method is not percentile"));
}

/* Whether an age is asked for at which devices have drifted. */
static int any_is_old(const struct mca_scenario *s) {
    const struct mca_f64_list *ages_s = &s->train.ageing.ages_s;
    int any = 0;
    for (uint32_t i = 0; i < ages_s->count; ++i) {
        any |= ages_s->values[i] > s->chip.device.drift_t0_s;
    }
    return any;
}

/* Exponents act at ages, and in training where that is asked for. */
static void look_at_drift(const struct mca_scenario *s, const char *why[MCA_IDLE_COUNT]) {
    const struct mca_device_config *device = &s->chip.device;
    const int is_trained = device->drift_in_training != 0;
    const char *ideal = why[MCA_IDLE_IDEAL];
    why[MCA_IDLE_DRIFT_LAW] =
        either(ideal, is_trained ? NULL
                                 : either(why[MCA_IDLE_AGES],
                                          when(!any_is_old(s), "no age in ageing.ages_s is above "
                                                               "device.drift_t0_s")));
    why[MCA_IDLE_DRIFT_NU] =
        either(why[MCA_IDLE_DRIFT_LAW], when(device->drift_law == MCA_DRIFT_BY_CONDUCTANCE,
                                             "device.drift_law is by-conductance"));
    why[MCA_IDLE_DRIFT_T0] =
        either(ideal, is_trained ? "device.drift_in_training is true: the law holds from "
                                   "device.drift_training_t0_s on"
                                 : why[MCA_IDLE_AGES]);
    why[MCA_IDLE_DRIFT_TRAINING] =
        either(ideal, when(device->drift_law == MCA_DRIFT_CONSTANT && device->drift_nu == 0 &&
                               device->drift_nu_std == 0,
                           "device.drift_nu and device.drift_nu_std are 0"));
    why[MCA_IDLE_DRIFT_TRAINING_T0] = either(
        why[MCA_IDLE_DRIFT_TRAINING], when(!is_trained, "device.drift_in_training is false"));
}

static void look_at_device(const struct mca_scenario *s, const char *why[MCA_IDLE_COUNT]) {
    const struct mca_device_config *device = &s->chip.device;
    const char *ideal = when(device->model == MCA_DEVICE_IDEAL, "device.model is ideal");
    const char *not_pcm =
        when(device->model != MCA_DEVICE_PCM_JAP18, "device.model is not pcm-jap18");
    const char *no_noise = when(device->read_noise == 0, "device.read_noise is 0");
    const char *no_parts = when(device->read_noise_slope == 0 && device->read_noise_offset_us == 0,
                                "device.read_noise_slope and device.read_noise_offset_us are 0");
    why[MCA_IDLE_IDEAL] = ideal;
    why[MCA_IDLE_NOT_PCM] = not_pcm;
    why[MCA_IDLE_NOT_LINEAR] =
        when(device->model != MCA_DEVICE_LINEAR, "device.model is not linear");
    why[MCA_IDLE_MEAN_DECAY] =
        either(not_pcm, when(device->mean_history_us == 0, "device.mean_history_us is 0"));
    why[MCA_IDLE_STD_DECAY] =
        either(not_pcm, when(device->std_history_us == 0, "device.std_history_us is 0"));
    const char *exact = s->chip.hardware_aware ? NULL : ideal;
    why[MCA_IDLE_EXACT] = s->chip.hardware_aware ? either(no_noise, no_parts) : ideal;
    why[MCA_IDLE_NOISE] = either(exact, no_parts);
    why[MCA_IDLE_NOISE_PART] = either(exact, no_noise);
    /* models that are exactly one Gaussian per column differ in how they draw noise alone */
    why[MCA_IDLE_READ_PATH] = when(mca_read_model(s->chip.tile.read_path)->is_column_exact,
                                   either(ideal, either(no_noise, no_parts)));
    why[MCA_IDLE_AGES] = when(s->train.ageing.ages_s.count == 0, "ageing.ages_s is empty");
    why[MCA_IDLE_DRIFT] = either(ideal, why[MCA_IDLE_AGES]);
    look_at_drift(s, why);
    why[MCA_IDLE_NO_REFRESH] =
        either(ideal, when(!mca_refreshes(&s->chip), "refresh.every_images is 0"));
    why[MCA_IDLE_NO_REWRITE] =
        either(why[MCA_IDLE_NO_REFRESH], when(s->chip.refresh.difference_us == 0,
                                              "refresh.difference_us is 0, no pair is rewritten"));
}

/* What the layers of a network take of the chip. */
struct use {
    int can_read_ahead;
    int is_read_backward;
    int has_signed_inputs;
    int takes_unit_weight; /* tile.unit_weight_us */
    int finds_unit_weight; /* at which a pulse moves weights finely */
    int learns_on_tiles;
    int has_digital;
    int learns_digitally;
    int lies_by_columns; /* chi of a layer that learns */
    uint32_t on_tiles;   /* layers, ... */
    uint32_t own_rows;   /* ... with tile_rows of their own */
    uint32_t own_cols;
};

static struct use use_of(const struct mca_scenario *scenario, const struct mca_network *network) {
    struct mca_program program;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct use use = {.learns_on_tiles = mca_network_learns_on_crossbars(network)};
    mca_program_train(&program, network);
    mca_layer_numbers(&scenario->chip, network, numbers);
    use.can_read_ahead = mca_program_can_read_ahead(&program, network);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        const int has_tiles = layer->rows > 0 && !layer->config.digital;
        const int is_digital = layer->rows > 0 && layer->config.digital;
        use.is_read_backward |= has_tiles && mca_program_backward_read(&program, i);
        use.has_signed_inputs |= has_tiles && mca_takes_signs(network, i);
        use.takes_unit_weight |= has_tiles && numbers[i].unit_weight_from == MCA_NUMBER_CHIP;
        use.finds_unit_weight |= has_tiles && numbers[i].unit_weight_from != MCA_NUMBER_GIVEN;
        use.on_tiles += has_tiles ? 1 : 0;
        use.own_rows += has_tiles && layer->config.tile_rows > 0 ? 1 : 0;
        use.own_cols += has_tiles && layer->config.tile_cols > 0 ? 1 : 0;
        use.lies_by_columns |=
            has_tiles && !layer->config.frozen &&
            mca_chi_layout_of(mca_asked_layout(&scenario->chip, layer), scenario->chip.dpu.lanes,
                              layer->rows, layer->cols) == MCA_LAYOUT_COLUMNS;
        use.has_digital |= is_digital;
        use.learns_digitally |= is_digital && !layer->config.frozen;
    }
    return use;
}

static void look_at_converters(const struct mca_scenario *s, const struct use *use,
                               const char *why[MCA_IDLE_COUNT]) {
    const int is_widths = s->chip.network.is_widths != 0;
    const char *no_adc = when(mca_adc_ops_of(&s->chip.adc)->is_ideal, "adc.bits is 0");
    why[MCA_IDLE_WIDTHS] = when(is_widths, "network.layers are widths, the image's first");
    why[MCA_IDLE_TILE_ROWS] = when(use->on_tiles > 0 && use->own_rows == use->on_tiles,
                                   "each layer on crossbars has its own tile_rows");
    why[MCA_IDLE_TILE_COLS] = when(use->on_tiles > 0 && use->own_cols == use->on_tiles,
                                   "each layer on crossbars has its own tile_cols");
    why[MCA_IDLE_UNIT_WEIGHT] =
        when(!use->takes_unit_weight, "each layer has its own unit_weight_us");
    /* errors have a sign, and the first layer of weights passes none on; so have some activations
     */
    why[MCA_IDLE_DRIVE] = when(!use->is_read_backward && !use->has_signed_inputs,
                               "no layer takes values with a sign");
    why[MCA_IDLE_NO_ROW_CONVERTERS] = when(
        !use->is_read_backward && s->chip.adc.build != MCA_BUILD_ALL, "no layer is read backward");
    why[MCA_IDLE_CONVERSION_TIME] = either(
        when(mca_converter_width(s->chip.adc.bits) == MCA_IDEAL_BITS, "conversions are of 8 bits"),
        when(s->chip.timing.adc_conversion_ps == 0, "timing.adc_conversion_ps is 0"));
    why[MCA_IDLE_FORWARD_RANGE] =
        either(no_adc, when(!is_widths, "each layer has its own adc_forward_range"));
    why[MCA_IDLE_BACKWARD_RANGE] = either(
        either(when(!use->is_read_backward, "no layer is read backward"),
               when(s->chip.hardware_aware != 0, "train.hardware_aware sends errors back exactly")),
        either(no_adc, when(!is_widths, "each layer has its own adc_backward_range")));
}

static void look_at_updates(const struct mca_scenario *s, const struct use *use,
                            const struct mca_network *network, const char *why[MCA_IDLE_COUNT]) {
    struct mca_chip_config summing = s->chip;
    summing.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    const char *is_float =
        when(s->chip.dpu.arithmetic == MCA_ARITHMETIC_FLOAT, "dpu.arithmetic is float");
    const char *no_chi = when(!mca_has_chi(&s->chip), "transfer.mode is direct, there is no chi");
    /* the weight memory of digital layers is read and written as chi is */
    why[MCA_IDLE_PORTS] = when(!use->learns_digitally, no_chi);
    why[MCA_IDLE_ACCESS] = when(!use->has_digital, no_chi);
    /* pulses at once are always rounded stochastically, and straight from a product; weights of
     * digital layers are rounded as chi is */
    why[MCA_IDLE_ROUNDING] = either(is_float, why[MCA_IDLE_PORTS]);
    why[MCA_IDLE_FRAC_BITS] = either(
        is_float, either(no_chi, when(!use->learns_on_tiles, "no layer that learns has chi")));
    /* banks divide the cycles of a read and a write, of which one is the least */
    why[MCA_IDLE_BANKS] =
        either(why[MCA_IDLE_ACCESS], when(s->chip.chi.access_cycles == 1 && s->chip.chi.ports == 2,
                                          "chi.access_cycles is 1 and chi.ports is 2, no access is "
                                          "faster"));
    const char *no_access =
        when(s->chip.chi.access_cycles == 0, "chi.access_cycles is 0, accesses take no time");
    why[MCA_IDLE_BANKS] = either(why[MCA_IDLE_BANKS], no_access);
    why[MCA_IDLE_PORTS] = either(why[MCA_IDLE_PORTS], no_access);
    why[MCA_IDLE_WRITTEN_THROUGH] = when(s->chip.transfer.epsilon_us == 0,
                                         "transfer.epsilon_us is 0, weights are written through");
    const char *no_devices = when(!use->learns_on_tiles, "no layer that learns has devices");
    why[MCA_IDLE_NO_PULSES] = either(why[MCA_IDLE_WRITTEN_THROUGH], no_devices);
    const int is_residual_kept =
        s->chip.refresh.residual == MCA_RESIDUAL_CHI && !why[MCA_IDLE_NO_REWRITE];
    why[MCA_IDLE_NO_EPSILON] = use->finds_unit_weight || is_residual_kept ? NULL : no_devices;
    why[MCA_IDLE_LAYOUT] =
        either(either(no_chi, why[MCA_IDLE_NO_PULSES]),
               when(s->chip.chi.layout == MCA_LAYOUT_FEWEST_WORDS && !use->lies_by_columns,
                    "every layer that learns takes the image, or has no fewer words by columns"));
    why[MCA_IDLE_NO_SUMS] = either(either(no_chi, why[MCA_IDLE_WRITTEN_THROUGH]),
                                   when(mca_chip_sums(&summing, network) == 0,
                                        "no layer that learns is read at several positions"));
}

/* Devices are read one by one in refreshes, and before the tests of ages for what makes up for
 * drift. */
static void look_at_scans(const struct mca_scenario *s, const struct use *use,
                          const char *why[MCA_IDLE_COUNT]) {
    const int is_compensated =
        !why[MCA_IDLE_DRIFT] && s->chip.dpu.drift_compensation != MCA_COMPENSATION_NONE;
    why[MCA_IDLE_ONE_SCANNED] = either(is_compensated ? NULL : why[MCA_IDLE_NO_REFRESH],
                                       when(use->on_tiles < 2, "no two layers are on crossbars"));
}

static void look_at_import(const struct mca_scenario *s, const char *why[MCA_IDLE_COUNT]) {
    const struct mca_import_config *import = &s->chip.weights;
    const int is_ideal = s->chip.device.model == MCA_DEVICE_IDEAL;
    const char *none = when(!import->is_given, "no plain weights are given (--weights)");
    why[MCA_IDLE_NO_IMPORT] = none;
    why[MCA_IDLE_NO_LARGEST] =
        either(none, either(when(import->scale == MCA_SCALE_GIVEN, "weights.scale is given"),
                            when(import->scale == MCA_SCALE_AUTO && is_ideal,
                                 "weights.scale is auto, which is given with ideal devices")));
    why[MCA_IDLE_NO_SCALE] = either(
        none, when(import->scale != MCA_SCALE_PERCENTILE, "weights.scale is not percentile"));
    why[MCA_IDLE_NO_PROGRAMMING] = either(none, why[MCA_IDLE_IDEAL]);
    why[MCA_IDLE_NO_VERIFY] =
        either(why[MCA_IDLE_NO_PROGRAMMING], when(import->programming != MCA_PROGRAM_VERIFY,
                                                  "weights.programming is not verify"));
}

void mca_idle_reasons(const struct mca_scenario *scenario, const char *why[MCA_IDLE_COUNT]) {
    struct mca_network network;
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* checked */
    const struct use use = use_of(scenario, &network);
    why[MCA_IDLE_USED] = NULL;
    why[MCA_IDLE_NO_CALIBRATION] = NULL;
    look_at_data(scenario, why);
    look_at_device(scenario, why);
    look_at_import(scenario, why);
    look_at_converters(scenario, &use, why);
    look_at_updates(scenario, &use, &network, why);
    look_at_scans(scenario, &use, why);
    const int has_wires = scenario->chip.interconnect.kind != MCA_INTERCONNECT_NONE;
    why[MCA_IDLE_ONE_UNIT] =
        when(network.layer_count < 2 &&
                 mca_unit_parts_of(&scenario->chip, &network.layers[0]).units == 1 &&
                 !(mca_has_tile_units(&scenario->chip) && has_wires), /* none to a tile's unit */
             "the network has one layer");
    why[MCA_IDLE_NO_INTERCONNECT] = when(!has_wires, "interconnect.kind is none");
    why[MCA_IDLE_NO_GATING] = when(!scenario->cost.clock_gating, "cost.clock_gating is false");
    why[MCA_IDLE_NO_SLEEP] = when(!scenario->cost.sram_sleep, "cost.sram_sleep is false");
    why[MCA_IDLE_NO_STREAM] =
        when(!mca_network_can_stream(&network),
             "every layer needs the whole of the layer before it, or has the image before it");
    const int refreshes_always = mca_refreshes(&scenario->chip) &&
                                 scenario->chip.refresh.every_images == 1 &&
                                 scenario->train.batch == 1;
    why[MCA_IDLE_NO_READ_AHEAD] =
        !use.can_read_ahead
            ? "the first layer does not learn, is read at several positions, or shares the image"
            : when(refreshes_always, "a refresh follows every image");
}
