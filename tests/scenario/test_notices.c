/* What a scenario says that its author may not mean: each line by itself, and where it is not said.
 */
#include "mca_test.h"

#include "cost/component_library.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "train/dataset.h"

enum { TOLD_SIZE = 2048 };

static struct mca_scenario scenario;
static struct mca_scenario_origins origins;
static struct mca_component_library library;
static struct mca_error error;
static char told[TOLD_SIZE];

static const struct mca_dataset DATA = {
    .name = "made-up", .inputs = 784, .classes = 10, .train = {.count = 40}, .test = {.count = 20}};

static void note(void *user, const char *line) {
    const size_t used = strlen(told);
    (void)user;
    (void)snprintf(told + used, sizeof told - used, "%s\n", line);
}

static void load(const char *text) {
    const struct mca_observer observer = {.notice = note};
    told[0] = '\0';
    if (mca_scenario_load_text(&scenario, &origins, "x.yaml", text, strlen(text), &error)) {
        fail_msg("%s", error.message);
    }
    mca_scenario_notices(&scenario, &origins, &DATA, &library, &observer);
}

/* All that is told of the text, line by line; nothing where `wanted` is "". */
static void tells(const char *text, const char *wanted) {
    load(text);
    assert_string_equal(told, wanted);
}

static void test_notices_of_defaults(void **state) {
    (void)state;
    tells("", "");
}

static void test_notices_of_reading_ahead(void **state) {
    (void)state;
    tells("timing: {read_ahead: true}\n", "");
    tells("timing: {read_ahead: true}\nrefresh: {every_images: 1}\n",
          "timing.read_ahead has no effect: a refresh follows every image\n");
    tells("timing: {read_ahead: true}\nrefresh: {every_images: 2}\n", "");
    tells("timing: {read_ahead: true}\nrefresh: {every_images: 1}\ntrain: {batch: 2}\n",
          "refresh.every_images is 1, but a mini-batch has 2 images: a refresh comes after each\n");
    tells("timing: {read_ahead: true}\nrefresh: {every_images: 1}\ndevice: {model: ideal}\n",
          "refresh.every_images has no effect: device.model is ideal\n");
}

static void test_notices_of_idle_keys(void **state) {
    (void)state;
    tells("device: {drift_nu: 0.1}\n", "device.drift_nu has no effect: ageing.ages_s is empty\n");
    tells("device: {drift_nu: 0.1}\nageing: {ages_s: [1e6]}\n", "");
    tells("device: {drift_nu: 0.1, drift_law: by-conductance}\nageing: {ages_s: [1e6]}\n",
          "device.drift_nu has no effect: device.drift_law is by-conductance\n");
    tells("device: {drift_nu: 0.1}\nageing: {ages_s: [1, 38.6]}\n",
          "device.drift_nu has no effect: no age in ageing.ages_s is above device.drift_t0_s\n");
    tells("device: {drift_nu_std: 0.1, drift_law: by-conductance}\nageing: {ages_s: [38.6]}\n",
          "device.drift_nu_std has no effect: no age in ageing.ages_s is above device.drift_t0_s\n"
          "device.drift_law has no effect: no age in ageing.ages_s is above device.drift_t0_s\n");
    tells("device: {drift_t0_s: 1e3}\nageing: {ages_s: [1e3, 50]}\n",
          "device.drift_t0_s is 1000, and no age in ageing.ages_s is above it: no device drifts\n");
    tells("device: {drift_t0_s: 999}\nageing: {ages_s: [1e3, 50]}\n", "");
    tells("device: {drift_in_training: true, drift_nu: 0.1}\n", "");
    tells("device: {drift_in_training: true, drift_nu: 0.1}\nageing: {ages_s: [1]}\n", "");
    tells("device: {drift_in_training: true, drift_t0_s: 20}\n",
          "device.drift_t0_s has no effect: device.drift_in_training is true: the law holds from "
          "device.drift_training_t0_s on\n");
    tells(
        "device: {drift_in_training: true, drift_nu: 0}\n",
        "device.drift_in_training has no effect: device.drift_nu and device.drift_nu_std are 0\n");
    tells("device: {drift_in_training: true, drift_nu: 0, drift_law: by-conductance}\n", "");
    tells("device: {drift_training_t0_s: 1e-5}\n",
          "device.drift_training_t0_s has no effect: device.drift_in_training is false\n");
    tells("device: {drift_in_training: true, model: ideal}\n",
          "device.drift_in_training has no effect: device.model is ideal\n");
    tells("dpu: {drift_compensation: global}\n",
          "dpu.drift_compensation has no effect: ageing.ages_s is empty\n");
    tells("device: {drift_nu: 0}\n", ""); /* no drift is what it gets */
    tells("device: {linear_std_us: 1}\n",
          "device.linear_std_us has no effect: device.model is not linear\n");
    tells("dataset: {test_labels: x}\n",
          "dataset.test_labels has no effect: dataset.name is neither idx nor npy\n");
    tells("device: {read_noise: 0}\ntile: {read_path: device}\n",
          "tile.read_path has no effect: device.read_noise is 0\n");
    tells("device: {read_noise: 2, read_noise_slope: 0, read_noise_offset_us: 0}\n",
          "device.read_noise has no effect: device.read_noise_slope and "
          "device.read_noise_offset_us are 0\n");
    tells("refresh: {every_images: 4, difference_us: 0, residual: chi}\n",
          "refresh.residual has no effect: refresh.difference_us is 0, no pair is rewritten\n");
}

/* Full scale 16 in 2^(bits - 1) steps: 1 at 5 bits, half of it at 6; errors, of 4, half at 4. */
static void test_notices_of_coarse_converters(void **state) {
    (void)state;
    tells("adc: {bits: 6}\ntiming: {adc_conversion_ps: 1}\n", "");
    tells("adc: {bits: 5}\ntiming: {adc_conversion_ps: 1}\n",
          "adc.forward_range: +-16 at 5 bits (adc.bits) makes steps of 1; what is smaller than "
          "half a step is lost\n");
    tells("adc: {bits: 5, forward_range: [8]}\ntiming: {adc_conversion_ps: 1}\n", "");
    tells("adc: {bits: 5, forward_range: [8, 32]}\ntiming: {adc_conversion_ps: 1}\n",
          "adc.forward_range: +-32 at 5 bits (adc.bits) makes steps of 2; what is smaller than "
          "half a step is lost\n");
    tells("adc: {bits: 4, forward_range: [4]}\ntiming: {adc_conversion_ps: 1}\n",
          "adc.backward_range: +-4 at 4 bits (adc.bits) makes steps of 0.5; what is smaller than "
          "half a step is lost\n");
    tells("adc: {bits: 4, forward_range: [4], backward_range: [2]}\n"
          "timing: {adc_conversion_ps: 1}\n",
          "");
    /* errors of one layer of weights are not read */
    tells("adc: {bits: 4, forward_range: [4]}\nnetwork: {layers: [784, 10]}\n"
          "timing: {adc_conversion_ps: 1}\n",
          "");
    tells("adc: {backward_range: [4, 1]}\n",
          "adc.backward_range: its last value has no effect: the first layer of weights is never "
          "read backward\n");
    tells("adc: {backward_range: [4, 1]}\nnetwork: {layers: [784, 20, 20, 10]}\n", "");
}

/* Where accesses take no time, neither ports nor banks make them faster. */
static void test_notices_of_a_chi_without_accesses(void **state) {
    (void)state;
    tells(
        "chi: {access_cycles: 0, banks: 2, ports: 1}\n",
        "chi: an access to a macro of 16384 bytes takes 0.13 ns in library mca-14nm, the scenario "
        "gives it 0.00 ns (chi.access_cycles, dpu.clock_hz)\n"
        "chi.ports has no effect: chi.access_cycles is 0, accesses take no time\n"
        "chi.banks has no effect: chi.access_cycles is 0, accesses take no time\n");
}

/* One layer is one unit, but it can have several tiles. */
static void test_units_of_one_layer(void **state) {
    (void)state;
    tells("network: {layers: [784, 10]}\ndpu: {units: per-layer}\n",
          "dpu.units has no effect: the network has one layer\n");
    tells("network: {layers: [784, 10]}\ndpu: {units: per-tile}\ntile: {rows: 1024}\n",
          "dpu.units has no effect: the network has one layer\n");
    tells("network: {layers: [784, 10]}\ndpu: {units: per-tile}\n", "");
    /* codes of one tile need no wires where its unit is beside it */
    tells("network: {layers: [784, 10]}\ndpu: {units: per-tile}\ntile: {rows: 1024}\n"
          "interconnect: {kind: bus}\n",
          "");
    tells("network: {layers: [784, 10]}\ndpu: {units: per-layer}\ntile: {rows: 1024}\n"
          "interconnect: {kind: bus}\n",
          "dpu.units has no effect: the network has one layer\n");
}

/* The first layer takes the image; the last has fewer words by columns where a word is longer than
 * it has outputs. */
static void test_notices_of_a_layout(void **state) {
    static const char none[] = "chi.layout has no effect: every layer that learns takes the image, "
                               "or has no fewer words by columns\n";
    (void)state;
    tells("network: {layers: [784, 10]}\nchi: {layout: fewest-words}\n", none);
    tells("network: {layers: [784, 16, 10]}\nchi: {layout: fewest-words}\n", none); /* 17, 20 */
    tells("network: {layers: [784, 250, 10]}\nchi: {layout: fewest-words}\n", "");
    tells("network: {layers: [784, 10]}\nchi: {layout: columns}\n", "");
}

/* Layers of which none that learns has devices; within a section. */
#define STILL                                                                                      \
    "network: {layers: [dense: {units: 5, frozen: true}, dense: {units: 10, digital: "             \
    "true}]}\nrefresh: {residual: chi"

/* What a layer says that its network leaves nothing to do, and what layers leave of the chip's. */
static void test_notices_of_layers(void **state) {
    (void)state;
    tells("network: {layers: [dense: {units: 5, frozen: true, rate_factor: 0.5}, dense: {units: "
          "10}]}\n",
          "network.layers: rate_factor of layer 0 has no effect: the layer is frozen\n");
    tells("network: {layers: [dense: {units: 5}, dense: {units: 10, digital: true, unit_weight_us: "
          "8, adc_forward_range: 2, adc_backward_range: 2, tile_rows: 6, tile_cols: 5}]}\n",
          "network.layers: unit_weight_us of layer 1 has no effect: its weights are no devices\n"
          "network.layers: tile_rows of layer 1 has no effect: a digital layer has no tiles\n"
          "network.layers: tile_cols of layer 1 has no effect: a digital layer has no tiles\n"
          "network.layers: adc_forward_range of layer 1 has no effect: a digital layer has no "
          "converters\n"
          "network.layers: adc_backward_range of layer 1 has no effect: a digital layer has no "
          "converters\n");
    /* weights of digital layers are read, written and rounded as chi is, and take no pulses */
    tells("network: {layers: [dense: {units: 5}, dense: {units: 10, digital: true}]}\ntransfer: "
          "{mode: direct}\ndpu: {rounding: nearest}\nchi: {ports: 1, banks: 2, access_cycles: 2, "
          "frac_bits: 12}\n",
          "chi.frac_bits has no effect: transfer.mode is direct, there is no chi\n");
    tells("network: {layers: [dense: {units: 5, frozen: true}, dense: {units: 10, digital: "
          "true}]}\nchi: {frac_bits: 12}\ntransfer: {max_pulses: 2, fifo_depth: 4}\n",
          "chi.frac_bits has no effect: no layer that learns has chi\n"
          "transfer.max_pulses has no effect: no layer that learns has devices\n"
          "transfer.fifo_depth has no effect: no layer that learns has devices\n"
          "network.layers: no crossbar weight is trained: every layer on crossbars is frozen\n");
    /* what goes to chi is read, written and charged, but never becomes pulses */
    tells(STILL ", every_images: 4}\n",
          "network.layers: no crossbar weight is trained: every layer on crossbars is frozen\n"
          "refresh.residual has no effect on weights: no layer that learns has chi, what a rewrite "
          "misses stays there\n");
    tells(STILL ", every_images: 0}\n",
          "refresh.residual has no effect: refresh.every_images is 0\n"
          "network.layers: no crossbar weight is trained: every layer on crossbars is frozen\n");
    tells("network: {layers: [dense: {units: 5, frozen: true}, dense: {units: 10}]}\nrefresh: "
          "{residual: chi, every_images: 4}\n",
          "");
    tells("network: {layers: [dense: {units: 5, adc_backward_range: 2}, dense: {units: 10, "
          "adc_backward_range: 2}]}\n",
          "network.layers: adc_backward_range of layer 0 has no effect: it is never read "
          "backward\n");
    tells("network: {layers: [dense: {units: 10, adc_forward_range: 2}]}\nadc: {bits: 0}\ndpu: "
          "{arithmetic: float}\n",
          "network.layers: adc_forward_range of layer 0 has no effect: adc.bits is 0\n");
    tells("network: {layers: [dense: {units: 10, activation: relu}]}\ntrain: {loss: softmax}\n",
          "network.layers: activation of layer 0 has no effect: train.loss softmax takes the "
          "sums\n");
    tells("network: {layers: [dense: {units: 10}]}\ntrain: {loss: softmax}\n", "");
    tells("network: {layers: [dense: {units: 10, activation: identity}]}\ntrain: {loss: softmax}\n",
          "");
    tells("network: {layers: [dense: {units: 5, unit_weight_us: 16}, dense: {units: 10, "
          "unit_weight_us: 4}]}\ntile: {unit_weight_us: 6}\n",
          "tile.unit_weight_us has no effect: each layer has its own unit_weight_us\n");
    tells("network: {layers: [dense: {units: 5, adc_forward_range: 4}, dense: {units: 10, "
          "adc_forward_range: 4, adc_backward_range: 2}]}\nadc: {forward_range: [8], "
          "backward_range: [8]}\n",
          "adc.forward_range has no effect: each layer has its own adc_forward_range\n"
          "adc.backward_range has no effect: each layer has its own adc_backward_range\n");
    tells("network: {layers: [784, 10], input: [1, 4, 4]}\n",
          "network.input has no effect: network.layers are widths, the image's first\n");
    /* pools have no weights and pass signs on */
    tells("network: {layers: [max_pool: {kernel: 2}, dense: {units: 10}]}\n"
          "dac: {drive: bipolar}\n",
          "dac.drive has no effect: no layer takes values with a sign\n");
    tells("network: {layers: [dense: {units: 5, activation: tanh, frozen: true}, residual_sum: "
          "{from: input}, dense: {units: 10}], input: [5, 1, 1]}\n"
          "dac: {drive: bipolar}\n",
          "");
    tells("network: {layers: [dense: {units: 5, activation: tanh, frozen: true}, max_pool: "
          "{kernel: 1}, dense: {units: 10}]}\ndac: {drive: bipolar}\n",
          "");
    tells("network: {layers: [dense: {units: 5, activation: relu, frozen: true}, max_pool: "
          "{kernel: 1}, dense: {units: 10}]}\ndac: {drive: bipolar}\n",
          "dac.drive has no effect: no layer takes values with a sign\n");
}

/* A converter of other bits or another kind at the time of the 8-bit oscillator. */
static void test_notices_of_conversion_time(void **state) {
    (void)state;
    tells("adc: {bits: 7}\n",
          "adc: 7 bits, but a conversion still takes 77000 ps, that of an 8-bit oscillator; "
          "timing.adc_conversion_ps sets it, adc.time: by-kind scales it\n");
    tells("adc: {kind: sar}\n",
          "adc: 8 bits, but a conversion still takes 77000 ps, that of an 8-bit oscillator; "
          "timing.adc_conversion_ps sets it, adc.time: by-kind scales it\n");
    tells("adc: {bits: 8, kind: cco}\n", "");
    tells("adc: {bits: 7, time: by-kind}\n", "");
    tells("adc: {bits: 7, time: given}\n", ""); /* likewise meant */
    tells("adc: {time: by-kind}\n", "adc.time has no effect: conversions are of 8 bits\n");
    tells("adc: {bits: 7}\ntiming: {adc_conversion_ps: 77000}\n", ""); /* what was given is meant */
    tells("adc: {bits: 0}\ndpu: {arithmetic: float}\n", "");           /* ideal */
}

static void test_notices_of_node(void **state) {
    (void)state;
    static const char line[] =
        "cost.library mca-14nm is at 22 nm, but dpu.clock_hz and timing.* are those of 14 nm; "
        "timing.node_nm: 22 would bring them there\n";
    const double node_nm = library.node_nm;
    library.node_nm = 22;
    tells("", line);
    tells("adc: {share: 2}\n", line);
    tells("dpu: {clock_hz: 999999999}\n", "");
    tells("timing: {dac_load_ps: 999}\n", "");
    tells("timing: {node_nm: 14}\n", ""); /* likewise meant */
    tells("timing: {node_nm: 28}\ndpu: {clock_hz: 999999999}\n",
          "cost.library mca-14nm is at 22 nm, but dpu.clock_hz and timing.* are those of 28 nm; "
          "timing.node_nm: 22 would bring them there\n");
    tells("timing: {node_nm: 22}\n", "");
    library.node_nm = 14;
    tells("timing: {node_nm: 22}\n",
          "cost.library mca-14nm is at 14 nm, but dpu.clock_hz and timing.* are those of 22 nm; "
          "timing.node_nm: 14 would bring them there\n");
    tells("", "");
    library.node_nm = node_nm;
}

/* No macro needs 100 ns, and none makes it in 0.1 ns. */
static void test_notices_of_memory_speed(void **state) {
    (void)state;
    tells("dpu: {clock_hz: 10000000000}\nchi: {access_cycles: 1000}\n", "");
    load("dpu: {clock_hz: 10000000000}\ncost: {sram_macro_bytes: 16777216}\n");
    assert_non_null(strstr(told, "chi: an access to a macro of "));
    assert_non_null(strstr(told, "the scenario gives it 0.10 ns (chi.access_cycles, "
                                 "dpu.clock_hz)\n"));
}

/* A written pcm-jap18 device conducts gmin_us, 0.1, at least. */
static void test_notices_of_refresh(void **state) {
    (void)state;
    static const char line[] =
        "refresh.high_us is 0.1, not above the least conductance of a written device (0.1 uS): "
        "pairs that differ by less than refresh.difference_us are rewritten every time\n";
    tells("refresh: {every_images: 4, high_us: 0.1}\n", line);
    tells("refresh: {every_images: 4, high_us: 0.11}\n", "");
    tells("refresh: {every_images: 4, high_us: 0.1}\ndevice: {reset_mean_us: 0.05}\n", line);
    tells("refresh: {every_images: 4, high_us: 0.1}\n"
          "device: {reset_mean_us: 0.05, gmin_us: 0.07}\n",
          "");
    tells("refresh: {every_images: 4, high_us: 0.2}\ndevice: {reset_mean_us: 0.3}\n",
          "refresh.high_us is 0.2, not above the least conductance of a written device (0.3 uS): "
          "pairs that differ by less than refresh.difference_us are rewritten every time\n");
    tells("refresh: {every_images: 4, high_us: 0.2}\n"
          "device: {model: linear, gmin_us: 0.3, reset_mean_us: 0.1}\n",
          "device.gmin_us has no effect: device.model is not pcm-jap18\n");
    tells("refresh: {every_images: 4, high_us: 0.1, difference_us: 0}\n",
          "refresh.high_us has no effect: refresh.difference_us is 0, no pair is rewritten\n");
}

/* Successive approximation compares once a bit, an oscillator counts. */
static void test_notices_of_comparisons(void **state) {
    (void)state;
    tells("refresh: {sense: compare}\n",
          "refresh.sense compare saves next to nothing: a comparison takes an oscillator "
          "(adc.kind cco) a whole conversion; comparator gives columns what compares at once\n");
    tells("refresh: {sense: comparator}\n", "");
    tells("refresh: {sense: compare}\nadc: {kind: sar}\ntiming: {adc_conversion_ps: 833}\n", "");
    tells("refresh: {sense: compare, every_images: 0}\n",
          "refresh.sense has no effect: refresh.every_images is 0\n");
}

/* 25 epochs of the 40 images are 1,000. */
static void test_notices_of_late_refresh(void **state) {
    (void)state;
    tells("refresh: {every_images: 1000}\n", "");
    tells("refresh: {every_images: 1001}\n",
          "refresh.every_images is 1001, but the run trains on 1000 images: no refresh comes\n");
    tells("refresh: {high_us: 7}\ntrain: {epochs: 2}\n",
          "refresh.every_images is 100, but the run trains on 80 images: no refresh comes\n");
    tells("train: {epochs: 2}\n", ""); /* nobody asked for one */
    tells("refresh: {every_images: 1001}\ndevice: {model: ideal}\n",
          "refresh.every_images has no effect: device.model is ideal\n");
}

/* A refresh comes where a mini-batch ends, so not within one, nor within one that is the epoch. */
static void test_notices_of_a_refresh_within_a_batch(void **state) {
    (void)state;
    tells("refresh: {every_images: 8}\ntrain: {batch: 8}\n", "");
    tells("refresh: {every_images: 7}\ntrain: {batch: 8}\n",
          "refresh.every_images is 7, but a mini-batch has 8 images: a refresh comes after each\n");
    tells("refresh: {every_images: 39}\ntrain: {batch: 41}\n",
          "train.batch is 41, but an epoch has 40 images: each is one mini-batch\n"
          "refresh.every_images is 39, but a mini-batch has 40 images: a refresh comes after "
          "each\n");
    tells("refresh: {every_images: 40}\ntrain: {batch: 41}\n",
          "train.batch is 41, but an epoch has 40 images: each is one mini-batch\n");
    tells("refresh: {every_images: 0}\ntrain: {batch: 8}\n", "");
    tells("refresh: {every_images: 7}\ntrain: {batch: 8}\ndevice: {model: ideal}\n",
          "refresh.every_images has no effect: device.model is ideal\n");
}

static void test_notices_of_data(void **state) {
    (void)state;
    tells("network: {layers: [784, 20]}\n",
          "network.layers: 20 outputs, but the labels of made-up use 10\n");
    tells("train: {batch: 40}\n", "");
    tells("train: {batch: 41}\n",
          "train.batch is 41, but an epoch has 40 images: each is one mini-batch\n");
    tells("train: {batch: 40, validation_images: 1}\n",
          "train.batch is 40, but an epoch has 39 images: each is one mini-batch\n");
    tells("train: {batch: 11, images: 10}\n",
          "train.batch is 11, but an epoch has 10 images: each is one mini-batch\n");
}

/* A library on top of another one: the figures of `own` are its own. */
static void tells_on_top(const char *text, const uint32_t *own, size_t count, const char *wanted) {
    const struct mca_component_library below = library;
    library.name = "mine";
    library.path = "mine.yaml";
    for (size_t i = 0; i < count; ++i) {
        library.figures[own[i]].path = "mine.yaml";
    }
    tells(text, wanted);
    library = below;
}

static void test_notices_of_stated_converters(void **state) {
    (void)state;
    static const char sar[] = "adc: {kind: sar}\ntiming: {adc_conversion_ps: 1000}\n";
    static const char unused[] =
        "cost.library mine states adc_sar, but adc.kind is cco: the chip's converters are priced "
        "by adc_cco of the library below it\n";
    const uint32_t energy = MCA_ENTRY_ADC_SAR;
    const uint32_t both[] = {MCA_ENTRY_ADC_SAR, MCA_ENTRY_ADC_CCO,
                             mca_figure_static(MCA_PART_ADC_CCO),
                             mca_figure_area(MCA_PART_ADC_CCO)};
    const uint32_t whole[] = {MCA_ENTRY_ADC_SAR, mca_figure_static(MCA_PART_ADC_SAR),
                              mca_figure_area(MCA_PART_ADC_SAR)};
    const uint32_t no_static[] = {MCA_ENTRY_ADC_SAR, mca_figure_area(MCA_PART_ADC_SAR)};
    const uint32_t dac = MCA_ENTRY_DAC_VOLTAGE;
    tells_on_top("", &energy, 1, unused);
    tells_on_top("", whole, 3, unused);
    tells_on_top("", both, 4, ""); /* the one that the chip has is stated as well */
    tells_on_top(sar, whole, 3, "");
    tells_on_top(sar, no_static, 2,
                 "cost.library mine states the energy of adc_sar, but not its static power "
                 "(blocks.adc_sar): that is the library's below it\n");
    tells_on_top(sar, whole, 2,
                 "cost.library mine states the energy of adc_sar, but not its area "
                 "(blocks.adc_sar): that is the library's below it\n");
    tells_on_top(sar, &energy, 1,
                 "cost.library mine states the energy of adc_sar, but not its static power and "
                 "area (blocks.adc_sar): that is the library's below it\n");
    tells_on_top("", &dac, 1,
                 "cost.library mine states dac_voltage, but dac.kind is pwm: the chip's converters "
                 "are priced by dac_pwm of the library below it\n");
}

static int set_up(void **state) {
    (void)state;
    return (int)mca_component_library_load(&library, "mca-14nm", &error);
}

static int tear_down(void **state) {
    (void)state;
    mca_component_library_deinit(&library);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notices_of_defaults),
        cmocka_unit_test(test_notices_of_reading_ahead),
        cmocka_unit_test(test_notices_of_idle_keys),
        cmocka_unit_test(test_notices_of_coarse_converters),
        cmocka_unit_test(test_notices_of_layers),
        cmocka_unit_test(test_notices_of_conversion_time),
        cmocka_unit_test(test_notices_of_node),
        cmocka_unit_test(test_notices_of_memory_speed),
        cmocka_unit_test(test_notices_of_refresh),
        cmocka_unit_test(test_notices_of_comparisons),
        cmocka_unit_test(test_notices_of_late_refresh),
        cmocka_unit_test(test_notices_of_a_refresh_within_a_batch),
        cmocka_unit_test(test_notices_of_data),
        cmocka_unit_test(test_notices_of_stated_converters),
        cmocka_unit_test(test_notices_of_a_chi_without_accesses),
        cmocka_unit_test(test_units_of_one_layer),
        cmocka_unit_test(test_notices_of_a_layout),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
