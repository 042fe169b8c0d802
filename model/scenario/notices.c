#include "scenario/notices.h"

#include <math.h>
#include <string.h>

#include "array/converters.h"
#include "cost/price_list.h"
#include "dpu/activation.h"
#include "network/network.h"
#include "network/program.h"
#include "scenario/idle.h"
#include "scenario/value_text.h"
#include "train/trainer.h"

/* A step of the weighted sum, beside the sigmoid's width, from which on activations come in leaps
 * of a quarter; and one of the errors, the largest of which is 1. */
static const double COARSE_SUM = 1;
static const double COARSE_ERROR = 0.5;

static int is_given(const struct mca_scenario_origins *origins, const char *key) {
    return mca_origin_of(origins, mca_key_find(key)).source != 0;
}

/* Whether a key was given whose name begins with `prefix`. */
static int any_is_given(const struct mca_scenario_origins *origins, const char *prefix) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        if (strncmp(keys[i].name, prefix, strlen(prefix)) == 0 && is_given(origins, keys[i].name)) {
            return 1;
        }
    }
    return 0;
}

/* Keys that ask for something, and have no effect; 0 asks for nothing, which it then gets. */
static void tell_idle_keys(const struct mca_scenario *scenario,
                           const char *const why[MCA_IDLE_COUNT],
                           const struct mca_observer *observer) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        char text[MCA_VALUE_TEXT_SIZE];
        if (!why[keys[i].idle]) {
            continue;
        }
        mca_key_format(&keys[i], scenario, text, sizeof text);
        if (strcmp(text, "0") != 0 && strcmp(text, keys[i].default_text) != 0) {
            mca_observer_tell(observer, "%s has no effect: %s", keys[i].name, why[keys[i].idle]);
        }
    }
}

/* Somebody who says when drift begins expects some. */
static void tell_drift(const struct mca_scenario *scenario,
                       const struct mca_scenario_origins *origins,
                       const struct mca_observer *observer) {
    const struct mca_device_config *device = &scenario->chip.device;
    const struct mca_f64_list *ages_s = &scenario->train.ageing.ages_s;
    double oldest_s = 0.0;
    for (uint32_t i = 0; i < ages_s->count; ++i) {
        oldest_s = fmax(oldest_s, ages_s->values[i]);
    }
    if (device->model != MCA_DEVICE_IDEAL && !device->drift_in_training && ages_s->count > 0 &&
        is_given(origins, "device.drift_t0_s") && oldest_s <= device->drift_t0_s) {
        mca_observer_tell(observer,
                          "device.drift_t0_s is %g, and no age in ageing.ages_s is above it: no "
                          "device drifts",
                          device->drift_t0_s);
    }
}

/* A device that a pulse was sent to conducts gmin at least (pcm-jap18), any other what RESET
 * leaves: a pair that holds more than refresh.high_us after its rewrite is due again. */
static void tell_refresh(const struct mca_scenario *scenario, const struct mca_observer *observer) {
    const struct mca_device_config *device = &scenario->chip.device;
    const struct mca_refresh_config *refresh = &scenario->chip.refresh;
    const double least_us = device->model == MCA_DEVICE_PCM_JAP18
                                ? fmax(device->gmin_us, device->reset_mean_us)
                                : device->reset_mean_us;
    if (mca_refreshes(&scenario->chip) && refresh->high_us <= least_us &&
        refresh->difference_us > 0) {
        mca_observer_tell(
            observer,
            "refresh.high_us is %g, not above the least conductance of a written device (%g uS): "
            "pairs that differ by less than refresh.difference_us are rewritten every time",
            refresh->high_us, least_us);
    }
}

static double step_of(double range, uint32_t bits) {
    return range / (double)(1u << (bits - 1));
}

static void tell_coarse(const struct mca_f64_list *ranges, uint32_t bits, double limit,
                        const char *key, const struct mca_observer *observer) {
    double widest = 0;
    for (uint32_t i = 0; i < ranges->count; ++i) {
        widest = fmax(widest, ranges->values[i]);
    }
    if (step_of(widest, bits) >= limit) {
        mca_observer_tell(
            observer,
            "%s: +-%g at %u bits (adc.bits) makes steps of %g; what is smaller than half a step "
            "is lost",
            key, widest, bits, step_of(widest, bits));
    }
}

static void tell_ranges(const struct mca_scenario *scenario, const char *const why[MCA_IDLE_COUNT],
                        const struct mca_observer *observer) {
    const struct mca_adc_config *adc = &scenario->chip.adc;
    const uint32_t backward_layers = scenario->chip.network.layer_count - 1;
    if (adc->bits < 2 || !scenario->chip.network.is_widths) {
        return;
    }
    tell_coarse(&adc->forward_range, adc->bits, COARSE_SUM, "adc.forward_range", observer);
    if (why[MCA_IDLE_BACKWARD_RANGE]) {
        return;
    }
    tell_coarse(&adc->backward_range, adc->bits, COARSE_ERROR, "adc.backward_range", observer);
    if (adc->backward_range.count > backward_layers) {
        mca_observer_tell(
            observer,
            "adc.backward_range: its last value has no effect: the first layer of weights is never "
            "read backward");
    }
}

/* Keys of a layer that its network leaves nothing to do. */
static void tell_layer(const struct mca_scenario *scenario, const struct mca_network *network,
                       const struct mca_program *program, uint32_t number,
                       const struct mca_observer *observer) {
    const struct mca_chip_config *chip = &scenario->chip;
    const struct mca_layer_config *layer = &network->layers[number].config;
    const int is_last = number + 1 == network->layer_count;
    const int is_ideal = chip->adc.bits == 0;
    const struct {
        const char *key;
        const char *reason; /* NULL: it has an effect, or is not given */
    } idle[] = {
        {"rate_factor", layer->frozen && layer->rate_exponent != 0 ? "the layer is frozen" : NULL},
        {"unit_weight_us",
         layer->unit_weight_us > 0 && layer->digital ? "its weights are no devices" : NULL},
        {"tile_rows",
         layer->tile_rows > 0 && layer->digital ? "a digital layer has no tiles" : NULL},
        {"tile_cols",
         layer->tile_cols > 0 && layer->digital ? "a digital layer has no tiles" : NULL},
        {"adc_forward_range", layer->adc_forward_range == 0 ? NULL
                              : layer->digital              ? "a digital layer has no converters"
                              : is_ideal                    ? "adc.bits is 0"
                                                            : NULL},
        {"adc_backward_range", layer->adc_backward_range == 0 ? NULL
                               : layer->digital               ? "a digital layer has no converters"
                               : is_ideal                     ? "adc.bits is 0"
                               : !mca_program_backward_read(program, number)
                                   ? "it is never read backward"
                                   : NULL},
        {"activation", is_last && chip->loss == MCA_LOSS_SOFTMAX &&
                               layer->activation != MCA_ACTIVATION_IDENTITY && /* what happens */
                               layer->activation != MCA_ACTIVATION_SIGMOID /* nothing was asked */
                           ? "train.loss softmax takes the sums"
                           : NULL},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; ++i) {
        if (idle[i].reason) {
            mca_observer_tell(observer, "network.layers: %s of layer %u has no effect: %s",
                              idle[i].key, number, idle[i].reason);
        }
    }
}

/* Where digital layers alone learn. */
static void tell_still_crossbars(const struct mca_scenario *scenario,
                                 const struct mca_network *network,
                                 const char *const why[MCA_IDLE_COUNT],
                                 const struct mca_observer *observer) {
    if (mca_network_learns_on_crossbars(network)) {
        return;
    }
    mca_observer_notice(observer, "network.layers: no crossbar weight is trained: every layer on "
                                  "crossbars is frozen");
    if (scenario->chip.refresh.residual == MCA_RESIDUAL_CHI && !why[MCA_IDLE_NO_REWRITE]) {
        mca_observer_notice(observer, "refresh.residual has no effect on weights: no layer that "
                                      "learns has chi, what a rewrite misses stays there");
    }
}

static void tell_layers(const struct mca_scenario *scenario, const char *const why[MCA_IDLE_COUNT],
                        const struct mca_observer *observer) {
    struct mca_network network;
    struct mca_program program;
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* checked */
    mca_program_train(&program, &network);
    for (uint32_t i = 0; i < network.layer_count && !scenario->chip.network.is_widths; ++i) {
        tell_layer(scenario, &network, &program, i, observer);
    }
    tell_still_crossbars(scenario, &network, why, observer);
}

/* A converter of other bits or another kind rarely takes the time of the default one. */
static void tell_conversion_time(const struct mca_scenario *scenario,
                                 const struct mca_scenario_origins *origins,
                                 const struct mca_observer *observer) {
    const struct mca_chip_config *chip = &scenario->chip;
    const int changed = (is_given(origins, "adc.bits") && chip->adc.bits != 8 && chip->adc.bits) ||
                        (is_given(origins, "adc.kind") && chip->adc.kind != MCA_ADC_CCO);
    if (changed && !is_given(origins, "timing.adc_conversion_ps") &&
        !is_given(origins, "adc.time")) {
        mca_observer_tell(
            observer,
            "adc: %u bits, but a conversion still takes %llu ps, that of an 8-bit oscillator; "
            "timing.adc_conversion_ps sets it, adc.time: by-kind scales it",
            chip->adc.bits, (unsigned long long)chip->timing.adc_conversion_ps);
    }
}

/* The library's only time: a memory that the clock outruns. */
static void tell_memory_speed(const struct mca_scenario *scenario,
                              const struct mca_component_library *library,
                              const struct mca_observer *observer) {
    const struct mca_chip_config *chip = &scenario->chip;
    const struct mca_inventory inventory = mca_chip_inventory(chip);
    const struct mca_cost_design design = mca_cost_design_of(chip, &scenario->cost, &inventory);
    const double access_s = mca_sram_access_s(library, design.macro_bytes.chi);
    const double given_s = (double)chip->chi.access_cycles / (double)chip->dpu.clock_hz;
    if (mca_has_chi(chip) && access_s > given_s) {
        mca_observer_tell(
            observer,
            "chi: an access to a macro of %.0f bytes takes %.2f ns in library %s, the scenario "
            "gives it %.2f ns (chi.access_cycles, dpu.clock_hz)",
            design.macro_bytes.chi, access_s * 1e9, library->name, given_s * 1e9);
    }
}

/* Prices follow the node of the library, speed that of timing.node_nm. Where that is left as it is,
 * clock or times that were given are meant, as all are in a scenario that was written out. */
static void tell_node(const struct mca_scenario *scenario,
                      const struct mca_scenario_origins *origins,
                      const struct mca_component_library *library,
                      const struct mca_observer *observer) {
    const double node_nm = scenario->given.node_nm;
    const int is_given_by_hand =
        is_given(origins, "dpu.clock_hz") || any_is_given(origins, "timing.");
    if (library->node_nm != node_nm && (node_nm != MCA_TIMES_NODE_NM || !is_given_by_hand)) {
        mca_observer_tell(observer,
                          "cost.library %s is at %g nm, but dpu.clock_hz and timing.* are those of "
                          "%g nm; timing.node_nm: %g would bring them there",
                          library->name, library->node_nm, node_nm, library->node_nm);
    }
}

/* Whether the library's own file says a figure, and not a library that it is based on. */
static int is_own(const struct mca_component_library *library, uint32_t figure) {
    return strcmp(library->figures[figure].path, library->path) == 0;
}

/* Somebody who states a converter means the chip to have it, with all of its figures. */
static void tell_converters(const struct mca_scenario *scenario, const char *key,
                            struct mca_converter_figures (*figures_of)(unsigned kind),
                            unsigned count, unsigned used,
                            const struct mca_component_library *library,
                            const struct mca_observer *observer) {
    const struct mca_converter_figures of_chip = figures_of(used);
    char kind[MCA_VALUE_TEXT_SIZE];
    mca_key_format(mca_key_find(key), scenario, kind, sizeof kind);
    for (unsigned k = 0; k < count; ++k) {
        const enum mca_entry other = figures_of(k).entry;
        if (k != used && is_own(library, other) && !is_own(library, of_chip.entry)) {
            mca_observer_tell(observer,
                              "cost.library %s states %s, but %s is %s: the chip's converters are "
                              "priced by %s of the library below it",
                              library->name, mca_entry_name(other), key, kind,
                              mca_entry_name(of_chip.entry));
        }
    }
    const int has_static = is_own(library, mca_figure_static(of_chip.part));
    const int has_area = is_own(library, mca_figure_area(of_chip.part));
    if (is_own(library, of_chip.entry) && !(has_static && has_area)) {
        mca_observer_tell(observer,
                          "cost.library %s states the energy of %s, but not its %s (blocks.%s): "
                          "that is the library's below it",
                          library->name, mca_entry_name(of_chip.entry),
                          has_static ? "area"
                          : has_area ? "static power"
                                     : "static power and area",
                          mca_part_name(of_chip.part));
    }
}

void mca_library_notices(const struct mca_scenario *scenario,
                         const struct mca_component_library *library,
                         const struct mca_observer *observer) {
    const struct mca_chip_config *chip = &scenario->chip;
    tell_converters(scenario, "dac.kind", mca_dac_figures, MCA_DAC_KIND_COUNT, chip->dac.kind,
                    library, observer);
    tell_converters(scenario, "adc.kind", mca_adc_figures, MCA_ADC_KIND_COUNT, chip->adc.kind,
                    library, observer);
}

/* An oscillator tells a level from its neighbours no sooner than at the end of its count. */
static void tell_comparisons(const struct mca_scenario *scenario,
                             const struct mca_observer *observer) {
    const struct mca_chip_config *chip = &scenario->chip;
    const uint32_t bits = mca_converter_width(chip->adc.bits);
    if (mca_compares(chip) && !mca_has_comparators(chip) && bits > 1 &&
        mca_adc_compare_bits(chip->adc.kind, bits) == bits) {
        mca_observer_notice(observer, "refresh.sense compare saves next to nothing: a comparison "
                                      "takes an oscillator (adc.kind cco) a whole conversion; "
                                      "comparator gives columns what compares at once");
    }
}

/* Somebody who gave a key of refresh expects one, and as often as asked: it comes where a
 * mini-batch ends. */
static void tell_late_refresh(const struct mca_scenario *scenario,
                              const struct mca_scenario_origins *origins, uint32_t images,
                              const struct mca_observer *observer) {
    static const char *const built_for_it[] = {
        "", ", yet the map of refresh.scan is built",
        ", yet the second samples of refresh.sense are built",
        ", yet the map of refresh.scan and the second samples of refresh.sense are built"};
    const struct mca_chip_config *chip = &scenario->chip;
    const uint64_t trained = (uint64_t)images * scenario->train.epochs;
    const uint32_t every = chip->refresh.every_images;
    const uint32_t batch = scenario->train.batch < images ? scenario->train.batch : images;
    if (trained == 0 || chip->device.model == MCA_DEVICE_IDEAL || chip->refresh.every_pulses > 0 ||
        !any_is_given(origins, "refresh.")) {
        return;
    }
    if (every > trained) {
        mca_observer_tell(
            observer,
            "refresh.every_images is %u, but the run trains on %llu images: no refresh comes%s",
            every, (unsigned long long)trained,
            built_for_it[mca_has_scan_map(chip) + 2 * mca_compares(chip)]);
    } else if (every != 0 && every < batch) {
        mca_observer_tell(
            observer,
            "refresh.every_images is %u, but a mini-batch has %u images: a refresh comes after "
            "each",
            every, batch);
    }
}

static void tell_data(const struct mca_scenario *scenario,
                      const struct mca_scenario_origins *origins, const struct mca_dataset *data,
                      const struct mca_observer *observer) {
    const struct mca_train_config *train = &scenario->train;
    const uint32_t outputs = mca_network_config_outputs(&scenario->chip.network);
    const uint32_t images = mca_train_images(train, data);
    if (outputs > data->classes) {
        mca_observer_tell(observer, "network.layers: %u outputs, but the labels of %s use %u",
                          outputs, data->name, data->classes);
    }
    if (train->batch > images) {
        mca_observer_tell(observer,
                          "train.batch is %u, but an epoch has %u images: each is one mini-batch",
                          train->batch, images);
    }
    tell_late_refresh(scenario, origins, images, observer);
}

void mca_scenario_notices(const struct mca_scenario *scenario,
                          const struct mca_scenario_origins *origins,
                          const struct mca_dataset *data,
                          const struct mca_component_library *library,
                          const struct mca_observer *observer) {
    const char *why[MCA_IDLE_COUNT];
    mca_idle_reasons(scenario, why);
    if (library) {
        tell_memory_speed(scenario, library, observer);
        tell_node(scenario, origins, library, observer);
        mca_library_notices(scenario, library, observer);
    }
    tell_idle_keys(scenario, why, observer);
    tell_layers(scenario, why, observer);
    tell_drift(scenario, origins, observer);
    tell_refresh(scenario, observer);
    tell_ranges(scenario, why, observer);
    tell_conversion_time(scenario, origins, observer);
    tell_comparisons(scenario, observer);
    if (data) {
        tell_data(scenario, origins, data, observer);
    }
}
