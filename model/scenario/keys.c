#include "scenario/keys.h"

#include <string.h>

#include "cost/scaling.h"
#include "scenario/idle.h"

#define FIELD(field)                                                                               \
    .offset = offsetof(struct mca_scenario, field),                                                \
    .size = sizeof(((struct mca_scenario *)0)->field)

/* Name and field of a key: mostly the same, and of the chip but for its own struct. */
#define KEY(path_) #path_, path_
#define CHIP(path_) #path_, chip.path_

/* A row without bounds; its last column is one of enum mca_idle without its prefix. */
#define ROW(type_, name_, field_, text_, meaning_, idle_)                                          \
    .name = (name_), .type = (type_), .default_text = (text_), .meaning = (meaning_),              \
    FIELD(field_), .idle = MCA_IDLE_##idle_
#define NUMBER(type_, above_, items_, name_, field_, unit_, min_, max_, text_, meaning_, idle_)    \
    {                                                                                              \
        ROW(type_, name_, field_, text_, meaning_, idle_), .unit = (unit_), .min = (min_),         \
                                                           .max = (max_), .above_min = (above_),   \
                                                           .min_items = (items_)                   \
    }
#define CHOICE(name_, field_, choices_, text_, meaning_, idle_)                                    \
    { ROW(MCA_KEY_ENUM, name_, field_, text_, meaning_, idle_), .unit = "", .choices = (choices_) }
#define WORDS(type_, name_, field_, text_, meaning_, idle_)                                        \
    { ROW(type_, name_, field_, text_, meaning_, idle_), .unit = "" }
#define U32(...) NUMBER(MCA_KEY_U32, 0, 0, __VA_ARGS__)
#define U64(...) NUMBER(MCA_KEY_U64, 0, 0, __VA_ARGS__)
#define F64(...) NUMBER(MCA_KEY_F64, 0, 0, __VA_ARGS__)
#define ABOVE(...) NUMBER(MCA_KEY_F64, 1, 0, __VA_ARGS__)
#define F64_LIST(...) NUMBER(MCA_KEY_F64_LIST, 1, 1, __VA_ARGS__)
#define ENUM(...) CHOICE(__VA_ARGS__)
#define TEXT(...) WORDS(MCA_KEY_STRING, __VA_ARGS__)
#define PATH(...) WORDS(MCA_KEY_PATH, __VA_ARGS__)

/* Seeds below 2^52 never share a stream (base/rng.h). */
#define SEED_MAX 4503599627370495.0

static const char *const BOOL[] = {"false", "true", NULL};
static const char *const LOSS[] = {"cross-entropy", "squared", "softmax", NULL};
static const char *const CALIBRATION[] = {"percentile", "least-error", NULL};
static const char *const DATASET[] = {
    "auto",          "mnist",   "synthetic-digits", "idx",    "npy",
    "fashion-mnist", "cifar10", "synthetic-colour", "bright", NULL};
static const char *const ADC_TIME[] = {"given", "by-kind", NULL};
static const char *const CHANNEL_ORDER[] = {"last", "first", NULL};
static const char *const NORMALISE[] = {"none", "type", "extremes", "range", NULL};
#define DEVICE_NAME(constant, name, ops) name,
static const char *const DEVICE[] = {MCA_DEVICE_MODELS(DEVICE_NAME) NULL};
#define READ_NAME(constant, name, ops) name,
static const char *const READ_PATH[] = {MCA_READ_MODELS(READ_NAME) NULL};
#define DAC_NAME(constant, name, figures) name,
static const char *const DAC_KIND[] = {MCA_DAC_KINDS(DAC_NAME) NULL};
#define ADC_NAME(constant, name, ops, figures, law) name,
static const char *const ADC_KIND[] = {MCA_ADC_KINDS(ADC_NAME) NULL};
static const char *const BUILD[] = {"used", "all", NULL};
static const char *const BANK[] = {"per-direction", "shared", NULL};
#define DRIVE_NAME(constant, name, drives, sign_bits) name,
static const char *const DRIVE[] = {MCA_DAC_DRIVES(DRIVE_NAME) NULL};
static const char *const ARITHMETIC[] = {"fixed", "float", NULL};
static const char *const ROUNDING[] = {"nearest", "stochastic", NULL};
static const char *const TRANSFER[] = {"chi", "direct", NULL};
static const char *const ACCUMULATE[] = {"position", "image", NULL};
static const char *const UNITS[] = {"shared", "per-layer", "per-tile", NULL};
static const char *const INTERCONNECT[] = {"none", "bus", "tree", NULL};
static const char *const LAYOUT[] = {"rows", "columns", "fewest-words", NULL};
static const char *const DRIFT_LAW[] = {"constant", "by-conductance", NULL};
static const char *const COMPENSATION[] = {"none", "global", "column", NULL};
static const char *const SCAN[] = {"all", "programmed", NULL};
static const char *const SENSE[] = {"convert", "compare", "comparator", NULL};
static const char *const SCANNED_LAYERS[] = {"in-turn", "side-by-side", NULL};
static const char *const RESIDUAL[] = {"drop", "chi", NULL};

static const char *const SCALE[] = {"auto", "maximum", "percentile", "given", NULL};
static const char *const PROGRAMMING[] = {"blind", "verify", "published", NULL};

static const struct mca_key KEYS[] = {
    U64(CHIP(seed), "", 0, SEED_MAX, "1", "of every random number of the run", USED),

    {.name = "network.input",
     .type = MCA_KEY_SHAPE,
     .unit = "values",
     .min = 1,
     .max = 4096,
     .min_items = 3,
     .default_text = "auto",
     .word = "auto",
     .meaning = "channels, height and width of an image; auto: those of dataset.name",
     FIELD(chip.network.given_input),
     .idle = MCA_IDLE_WIDTHS},
    {.name = "network.layers",
     .type = MCA_KEY_LAYERS,
     .unit = "",
     .min = 1,
     .max = MCA_LAYER_WIDTH_MAX,
     .min_items = 2,
     .default_text = "[784, 250, 10]",
     .meaning = "widths, input first, or layers of a kind; every matrix also has a bias row",
     .offset = offsetof(struct mca_scenario, chip.network),
     .size = MCA_NETWORK_LAYERS_SIZE},
    F64(CHIP(network.init_gain), "", 0, 100, "1",
        "initial weights are uniform in +- gain sqrt(6 / (inputs + outputs))", USED),

    U32(KEY(train.epochs), "", 0, 10000, "25",
        "passes over the training images; 0: a test of the weights as they are programmed", USED),
    U32(KEY(train.images), "images", 0, 1e9, "0",
        "first N of the training set; 0: all that validation leaves", USED),
    U32(KEY(train.test_images), "images", 0, 1e9, "0", "first N of the test set; 0: all", USED),
    U32(KEY(train.test_every), "epochs", 1, 10000, "1",
        "test after every N-th epoch, and after the last", ONE_EPOCH),
    U32(KEY(train.first_test), "", 0, 1e9, "0",
        "number of the first test, which the noise of its reads is drawn by; the tests after it "
        "count on",
        NOISE_PART),
    U32(KEY(train.validation_images), "images", 0, 1e9, "0",
        "last N of the training set, kept out of training", USED),
    U32(KEY(train.batch), "images", 1, 65536, "1", "images between weight transfers", USED),
    ABOVE(KEY(train.learning_rate), "", 0, 1000, "0.05", "of the first epoch", USED),
    ABOVE(KEY(train.learning_rate_decay), "", 0, 1, "0.9",
          "factor on the learning rate after every epoch", ONE_EPOCH),
    ENUM("train.loss", chip.loss, LOSS, "cross-entropy",
         "cross-entropy: one logistic loss per output; squared: half the squared error; softmax: "
         "cross entropy of the outputs' softmax",
         USED),
    ENUM("train.hardware_aware", chip.hardware_aware, BOOL, "false",
         "ideal devices are trained for pulsed ones: read forward with the noise of the pair that "
         "would hold a weight, within +-device.gmax_us; errors go back exactly",
         USED),
    ENUM(KEY(train.shuffle), BOOL, "true", "a new order of the images every epoch", USED),
    U32(KEY(train.augment_shift), "pixels", 0, 1023, "0",
        "training images are shifted by up to this, either way, each axis, anew every epoch", USED),
    ENUM(KEY(train.augment_flip), BOOL, "false",
         "half of the training images are mirrored, left to right, others every epoch", USED),

    NUMBER(MCA_KEY_F64_LIST, 0, 0, "ageing.ages_s", train.ageing.ages_s, "s", 0, 1e10, "[]",
           "ages at which the finished chip is tested again (--age), each from the state in which "
           "the run left it; []: none",
           USED),
    U32("ageing.seeds", train.ageing.seeds, "", 1, 1000, "5",
        "tests at each age, each with drift exponents and noise of its own", AGES),

    U32(KEY(calibration.images), "images", 1, 1e6, "64",
        "first N of the training set, from which full scales are found that layers leave open",
        NO_CALIBRATION),
    ENUM(KEY(calibration.method), CALIBRATION, "percentile",
         "percentile: a full scale holds so many of the magnitudes; least-error: that of the least "
         "squared error of cutting off and rounding",
         NO_CALIBRATION),
    ABOVE(KEY(calibration.percentile), "%", 0, 100, "99.99",
          "of the magnitudes that a full scale holds", NO_PERCENTILE),
    NUMBER(MCA_KEY_EXPONENT, 0, 0, "calibration.margin", calibration.margin_exponent, "", 0x1p-10,
           0x1p10, "2", "factor on what is found: weights grow in training", NO_CALIBRATION),

    ENUM(
        KEY(dataset.name), DATASET, "auto",
        "auto: mnist where its files are found, otherwise synthetic-digits, with a notice; bright: "
        "images of full brightness, as large as the network's input",
        USED),
    PATH(KEY(dataset.train_images), "\"\"",
         "file, plain or .gz, for dataset.name idx or npy; its path counts from the scenario's "
         "file, with --set from the working directory",
         NO_FILES),
    PATH(KEY(dataset.train_labels), "\"\"", "its labels", NO_FILES),
    PATH(KEY(dataset.test_images), "\"\"", "likewise, of the images to test on", NO_FILES),
    PATH(KEY(dataset.test_labels), "\"\"", "its labels", NO_FILES),
    TEXT(KEY(dataset.label), "\"\"",
         "what results call the data of idx or npy files; \"\": idx or npy", NO_FILES),
    TEXT(KEY(dataset.label_map), "\"\"",
         "new labels of idx or npy files: OLD:NEW, FIRST-LAST:NEW (merged) or "
         "FIRST-LAST:FIRST-LAST, with commas between them",
         NO_FILES),
    ENUM(KEY(dataset.channel_order), CHANNEL_ORDER, "last",
         "of idx or npy images with four dimensions; last: rows, columns, channels; first: "
         "channels, rows, columns",
         NO_FILES),
    ENUM(KEY(dataset.transpose), BOOL, "false",
         "rows of idx or npy images become columns (EMNIST needs it)", NO_FILES),
    ENUM(KEY(dataset.normalise), NORMALISE, "none",
         "codes 0 .. 255 of idx or npy values; none: unsigned bytes as they are; type: the "
         "integer type's range; extremes: those of the training images; range: range_low, "
         "range_high",
         NO_FILES),
    F64(KEY(dataset.range_low), "", -1e30, 1e30, "0",
        "value of code 0, for dataset.normalise range", NO_RANGE),
    F64(KEY(dataset.range_high), "", -1e30, 1e30, "1",
        "value of code 255, for dataset.normalise range", NO_RANGE),
    U32(KEY(dataset.synthetic_train), "images", 1, 1e6, "12000",
        "training images that a synthetic set draws", NOT_DRAWN),
    U32(KEY(dataset.synthetic_test), "images", 1, 1e6, "2000",
        "test images that a synthetic set draws", NOT_DRAWN),
    U64(KEY(dataset.synthetic_seed), "", 0, SEED_MAX, "1",
        "of the images of a synthetic set, apart from the seed of the run", NOT_RANDOM),

    ENUM(CHIP(device.model), DEVICE, "pcm-jap18",
         "pcm-jap18: J. Appl. Phys. 124, 152135 (2018); linear: constant step; ideal: a real "
         "number",
         USED),
    F64(CHIP(device.gmin_us), "uS", 0, 1000, "0.1", "least conductance that a SET pulse leaves",
        NOT_PCM),
    ABOVE(CHIP(device.gmax_us), "uS", 0, 1000, "12", "largest conductance", USED),
    F64(CHIP(device.mean_slope), "", -10, 10, "-0.084",
        "pcm-jap18: mean SET step = mean_slope G + mean_offset_us + mean_history_us P", NOT_PCM),
    F64(CHIP(device.mean_offset_us), "uS", -100, 100, "0.88",
        "pcm-jap18: constant part of the mean step", NOT_PCM),
    F64(CHIP(device.mean_history_us), "uS", -100, 100, "1.4",
        "pcm-jap18: part of the mean step that fades with the pulses since RESET", NOT_PCM),
    ABOVE(CHIP(device.mean_decay_pulses), "pulses", 0, 1e6, "2.6",
          "pcm-jap18: P = exp(-n / decay) at the n-th pulse after RESET", MEAN_DECAY),
    F64(CHIP(device.std_slope), "", -10, 10, "0.091",
        "pcm-jap18: std of a step = std_slope G + std_offset_us + std_history_us P", NOT_PCM),
    F64(CHIP(device.std_offset_us), "uS", 0, 100, "0.26",
        "pcm-jap18: constant part of the std of a step", NOT_PCM),
    F64(CHIP(device.std_history_us), "uS", 0, 100, "2.15",
        "pcm-jap18: part of the std that fades with the pulses since RESET", NOT_PCM),
    ABOVE(CHIP(device.std_decay_pulses), "pulses", 0, 1e6, "2.6",
          "pcm-jap18: decay of P in the std", STD_DECAY),
    ABOVE(CHIP(device.linear_step_us), "uS", 0, 1000, "0.77", "linear: mean step of a SET pulse",
          NOT_LINEAR),
    F64(CHIP(device.linear_std_us), "uS", 0, 1000, "0", "linear: std of a step", NOT_LINEAR),
    F64(CHIP(device.reset_mean_us), "uS", 0, 1000, "0.1", "mean conductance after RESET", EXACT),
    F64(CHIP(device.reset_std_us), "uS", 0, 1000, "0.01", "std of the conductance after RESET",
        IDEAL),
    F64(CHIP(device.read_noise), "", 0, 1000, "1",
        "factor on the model's read noise; 1: as published, 0: none", NOISE),
    F64(CHIP(device.read_noise_slope), "", 0, 10, "0.03",
        "std of one read = read_noise (slope G + offset)", NOISE_PART),
    F64(CHIP(device.read_noise_offset_us), "uS", 0, 1000, "0.13",
        "part of the read noise that does not depend on G", NOISE_PART),
    F64(CHIP(device.step_spread), "", 0, 1, "0", "relative std of the step size between devices",
        IDEAL),
    F64(CHIP(device.gmax_spread), "", 0, 1, "0",
        "relative std of the largest conductance between devices", IDEAL),
    F64(CHIP(device.endurance_pulses), "pulses", 1, 1e12, "100000000",
        "SET and RESET pulses after which a device sticks as it stands; with a spread, of half of "
        "the devices",
        IDEAL),
    F64(CHIP(device.endurance_spread), "", 0, 2, "0",
        "log-normal spread of endurance between devices: std of its natural logarithm", IDEAL),
    F64(CHIP(device.drift_nu), "", 0, 1, "0.04",
        "mean of the devices' drift exponents: G(t) = G (t / t0)^-nu, t after the run or, with "
        "device.drift_in_training, after the last pulse",
        DRIFT_NU),
    F64(CHIP(device.drift_nu_std), "", 0, 1, "0",
        "std of the exponent between devices; negative ones count with their magnitude", DRIFT_NU),
    ENUM(CHIP(device.drift_law), DRIFT_LAW, "constant",
         "mean and std of the exponents; constant: drift_nu and drift_nu_std; by-conductance: as "
         "published, by what a device was programmed to in parts of gmax_us (its t0 is 20 s)",
         DRIFT_LAW),
    ABOVE(CHIP(device.drift_t0_s), "s", 0, 1e9, "38.6",
          "age from which the drift law holds; younger devices are taken not to have drifted",
          DRIFT_T0),
    ENUM(
        CHIP(device.drift_in_training), BOOL, "false",
        "devices drift while the chip trains, too, each from its last pulse on; false: in tests at "
        "ages alone, all from the end of the run",
        DRIFT_TRAINING),
    F64(CHIP(device.drift_training_t0_s), "s", 1e-9, 1e9, "1e-06",
        "with device.drift_in_training, in place of device.drift_t0_s: age after a pulse from "
        "which the drift law holds",
        DRIFT_TRAINING_T0),
    F64(CHIP(device.flicker_noise), "", 0, 1000, "0",
        "factor on the published 1/f noise of aged devices, one deviation a device and age; 1: as "
        "published, 0: none",
        DRIFT),

    U32(CHIP(tile.rows), "", 2, 4096, "256", "inputs of a tile, bias included", TILE_ROWS),
    U32(CHIP(tile.cols), "", 2, 4096, "256", "differential weights per row", TILE_COLS),
    F64(CHIP(tile.unit_weight_us), "uS", 1e-6, 1000, "8",
        "conductance difference of weight 1, of layers that are not written with their kind",
        UNIT_WEIGHT),
    ENUM(CHIP(tile.read_path), READ_PATH, "column",
         "column: one noise draw per column, exact in distribution; device: one per device",
         READ_PATH),

    ENUM(CHIP(dac.kind), DAC_KIND, "pwm",
         "pulses of coded length or coded voltages: decides the price, not values or times", USED),
    U32(CHIP(dac.bits), "bits", 0, 12, "8",
        "resolution of the converters that drive the lines, of the magnitude without a sign; 0: "
        "ideal",
        USED),
    ENUM(CHIP(dac.drive), DRIVE, "two-phase",
         "signed inputs: two-phase: positive part, then negative; bipolar: sign takes one bit",
         DRIVE),
    U32(CHIP(dac.share), "lines", 1, 4096, "1", "lines per converter", USED),
    ENUM(CHIP(dac.build), BUILD, "used",
         "converters on the lines that the network drives, or on every line of every tile: decides "
         "static power and area",
         USED),

    ENUM(CHIP(adc.kind), ADC_KIND, "cco",
         "current-controlled oscillator or successive approximation: decides the price, and with "
         "adc.time: by-kind the time, not values",
         USED),
    U32(CHIP(adc.bits), "bits", 0, 16, "8",
        "resolution of the converters that read the arrays, sign included; 0: ideal; sets price "
        "and values, and with adc.time: by-kind how long a "
        "conversion takes",
        USED),
    ENUM(CHIP(adc.time), ADC_TIME, "given",
         "given: a conversion takes timing.adc_conversion_ps; by-kind: that is for 8 bits, for "
         "others cco x 2^(bits - 8), sar x (bits + 1) / 9",
         CONVERSION_TIME),
    U32(CHIP(adc.share), "columns", 1, 4096, "1",
        "columns per converter (and rows, unless adc.backward_share says)", USED),
    U32(CHIP(adc.backward_share), "rows", 0, 4096, "0",
        "rows per converter in backward reads; 0: as adc.share", NO_ROW_CONVERTERS),
    ENUM(CHIP(adc.bank), BANK, "per-direction",
         "converters of a tile that is read in both directions; per-direction: columns have their "
         "own, and rows; shared: one bank serves either, through a switch a line, in the turns "
         "that the shares say",
         NO_ROW_CONVERTERS),
    ENUM(CHIP(adc.build), BUILD, "used",
         "converters and sampled lines where the network is read, or on every line of every tile: "
         "decides static power and area",
         USED),
    F64_LIST(CHIP(adc.forward_range), "weight x activation", 1e-6, 1e6, "[16]",
             "full scale +- per layer; the last one serves the layers after it", FORWARD_RANGE),
    F64_LIST(CHIP(adc.backward_range), "weight x error", 1e-6, 1e6, "[4]",
             "full scale +- per layer, errors normalised; the last one serves the layers after it",
             BACKWARD_RANGE),
    U32(CHIP(adc.stuck_low_mask), "", 0, 65535, "0",
        "planted fault: output bits that always read 0", USED),

    ENUM(CHIP(dpu.arithmetic), ARITHMETIC, "fixed",
         "fixed: bit-exact with the RTL; float: for studies", USED),
    ENUM(CHIP(dpu.rounding), ROUNDING, "stochastic", "of weight changes into chi", ROUNDING),
    U32(CHIP(dpu.activation_bits), "bits", 8, 16, "16",
        "of activations, of which the DAC drives the top dac.bits", USED),
    U32(CHIP(dpu.error_bits), "bits", 8, 16, "12",
        "of errors, sign included, beside their shared exponent", USED),
    U32(CHIP(dpu.lanes), "", 1, 256, "16", "weights updated per step; a power of two", USED),
    ENUM(CHIP(dpu.units), UNITS, "shared",
         "digital units; shared: one for all layers; per-layer: one for each, of dpu.lanes, beside "
         "its tiles and its part of chi; per-tile: one for each tile, and for each layer without",
         ONE_UNIT),
    U64("dpu.clock_hz", given.clock_hz, "Hz", 1e6, 1e10, "1000000000", "clock of the digital unit",
        USED),
    ENUM(CHIP(dpu.drift_compensation), COMPENSATION, "none",
         "factor on a layer's sums in tests of an aged chip, from reference reads of all devices; "
         "none; global: one a layer; column: one a column",
         DRIFT),

    U32(CHIP(chi.bits), "bits", 8, 32, "16", "width of a chi word, sign included", USED),
    U32(CHIP(chi.frac_bits), "bits", 0, 30, "13", "of them below epsilon; fewer than chi.bits",
        FRAC_BITS),
    U32(CHIP(chi.ports), "", 1, 2, "2",
        "1: reads and writes share a port; 2: one of each at a time", PORTS),
    U32(CHIP(chi.banks), "", 1, 1024, "1", "interleaved banks", BANKS),
    U32(CHIP(chi.access_cycles), "cycles", 0, 1000, "1",
        "of dpu.clock_hz per access of dpu.lanes words", ACCESS),
    ENUM(CHIP(chi.accumulate), ACCUMULATE, "position",
         "what a convolution adds to chi; position: the products of each position; image: their "
         "sums over all positions, made in accumulators of 32 bits",
         NO_SUMS),
    ENUM(
        CHIP(chi.layout), LAYOUT, "rows",
        "which weights share a word of dpu.lanes; rows: outputs of an input; columns: inputs of an "
        "output; fewest-words: that in which a layer has fewer words, of a layer that takes the "
        "image rows",
        LAYOUT),

    ENUM(
        CHIP(transfer.mode), TRANSFER, "chi",
        "chi: updates add up in it until they make a pulse; direct: each becomes pulses at once by "
        "stochastic rounding, without chi",
        USED),
    F64(CHIP(transfer.epsilon_us), "uS", 0, 1000, "0.77",
        "conductance change that one pulse stands for; 0: written through (ideal device, float)",
        NO_EPSILON),
    U32(CHIP(transfer.max_pulses), "pulses", 1, 255, "3",
        "most SET pulses per transfer; chi keeps the rest, without it the rest is lost", NO_PULSES),
    U32(CHIP(transfer.drivers), "", 1, 4096, "1", "programming drivers per tile", USED),
    U32(CHIP(transfer.fifo_depth), "commands", 1, 65536, "16", "pulse commands waiting per tile",
        NO_PULSES),

    U32(CHIP(refresh.every_images), "images", 0, 1e9, "100", "0: never by images", IDEAL),
    U64(CHIP(refresh.every_pulses), "pulses", 0, 1e15, "0",
        "SET pulses that the training has sent since the last refresh, on all layers together, "
        "after which one comes, whatever refresh.every_images says; 0: never by pulses",
        IDEAL),
    ENUM(CHIP(refresh.scan), SCAN, "all",
         "what a refresh reads; all: every pair; programmed: those that had pulses since the last "
         "one, by a bit map in SRAM",
         NO_REFRESH),
    ENUM(
        CHIP(refresh.sense), SENSE, "convert",
        "how a refresh reads a device; convert: in full; compare: by a comparison of its converter "
        "with refresh.high_us, and pairs with a device above it in full; with adc.kind cco that "
        "takes a whole conversion; comparator: likewise, by a comparator of each column",
        NO_REFRESH),
    ENUM(CHIP(refresh.layers), SCANNED_LAYERS, "in-turn",
         "layers of a refresh; in-turn: one is read when that before it has been compared; "
         "side-by-side: all are read at the same time; one digital unit compares them in turn",
         ONE_SCANNED),
    F64(CHIP(refresh.high_us), "uS", 0, 1000, "8",
        "a pair is rewritten when one of its devices reads above this ...", NO_REWRITE),
    F64(CHIP(refresh.difference_us), "uS", 0, 1000, "6", "... and its difference reads below this",
        NO_REFRESH),
    U32(CHIP(refresh.max_pulses), "pulses", 1, 15, "3", "most SET pulses of a rewrite", NO_REWRITE),
    ENUM(CHIP(refresh.residual), RESIDUAL, "drop",
         "what the rewrite misses; drop: lost; chi: added to chi", NO_REWRITE),

    ENUM(
        CHIP(interconnect.kind), INTERCONNECT, "none",
        "wires between tiles and digital units; none: codes pass at once and are not charged; bus: "
        "codes of tiles come one after the other; tree: those of one sum are added on the way",
        USED),
    U32(CHIP(interconnect.bits), "bits", 1, 4096, "256",
        "wires of each way, on which as many bits cross in a cycle of dpu.clock_hz",
        NO_INTERCONNECT),

    U64("timing.image_load_ps_per_byte", given.image_load_ps_per_byte, "ps", 0, 1e6, "100",
        "input image into the buffer", USED),
    U64("timing.dac_load_ps", given.dac_load_ps, "ps", 0, 1e9, "1000",
        "loading the input registers, once per shared line (dac.share)", USED),
    U64("timing.read_ps_per_level", given.read_ps_per_level, "ps", 0, 1e6, "500",
        "pulse-width modulated input: one of 2^dac.bits levels", USED),
    U64("timing.read_settle_ps", given.read_settle_ps, "ps", 0, 1e9, "2000",
        "settling and sampling of a crossbar read", USED),
    U64("timing.adc_conversion_ps", given.adc_conversion_ps, "ps", 0, 1e9, "77000",
        "one conversion of one converter; set it with adc.bits and adc.kind: the default, 256 "
        "levels "
        "of 300 ps, is that of an 8-bit oscillator",
        USED),
    U64(CHIP(timing.set_pulse_ps), "ps", 0, 1e9, "60000", "SET pulse with its recovery",
        WRITTEN_THROUGH),
    U64(CHIP(timing.reset_pulse_ps), "ps", 0, 1e9, "60000", "RESET pulse with its recovery", IDEAL),
    F64("timing.node_nm", given.node_nm, "nm", MCA_SCALING_NODE_MIN_NM, MCA_SCALING_NODE_MAX_NM,
        "14",
        "node to which dpu.clock_hz and the times of loads, reads and conversions are brought from "
        "14 nm, in proportion to it; pulses keep theirs",
        USED),
    ENUM(CHIP(timing.streaming), BOOL, "false",
         "forward, a position is read as soon as the values that it needs stand; false: a layer "
         "waits for the whole of the layer before it",
         NO_STREAM),
    ENUM(CHIP(timing.read_ahead), BOOL, "false",
         "the first layer is read for the next image before it is updated for this one, with "
         "weights that miss that update, and pulses wait for the read",
         NO_READ_AHEAD),
    ENUM(CHIP(timing.free_dpu), BOOL, "false",
         "a limit to compare with: operations of the digital unit take no time, an update that of "
         "the accesses to chi",
         USED),
    ENUM(CHIP(timing.what_if), BOOL, "false",
         "the work is timed again for each resource as if it took no time: what_if in summary.json",
         USED),

    ENUM(CHIP(weights.scale), SCALE, "auto",
         "which of a layer's imported weights (--weights) gets weights.largest_us; maximum: the "
         "largest; percentile: the one at weights.percentile; given: none, the layer's unit weight "
         "holds; auto: maximum, but given with ideal devices or where unit_weight_us is given",
         NO_IMPORT),
    ABOVE(CHIP(weights.percentile), "%", 0, 100, "99.99",
          "of a layer's imported weights get no more than weights.largest_us; what is beyond "
          "device.gmax_us is clipped",
          NO_SCALE),
    F64(CHIP(weights.largest_us), "uS", 0, 1000, "0",
        "conductance of the weight that weights.scale chooses; 0: device.gmax_us", NO_LARGEST),
    ENUM(CHIP(weights.programming), PROGRAMMING, "verify",
         "of imported weights; blind: the SET pulses that are expected to lead there; verify: "
         "pulses with reads between them; published: drawn around the target, as measured on PCM "
         "that was programmed with reads, and charged nothing",
         NO_PROGRAMMING),
    F64(CHIP(weights.tolerance_us), "uS", 0, 1000, "0.1",
        "verify: a weight stands when its conductance difference reads so near its target",
        NO_VERIFY),
    U32(CHIP(weights.max_pulses), "pulses", 1, 100000, "1000",
        "verify: most pulses, SET and RESET, of a weight after its first RESET", NO_VERIFY),
    U32(CHIP(weights.reads), "reads", 1, 1000, "1",
        "verify: reads of each device whose mean is compared", NO_VERIFY),

    WORDS(MCA_KEY_LIBRARY, "cost.library", cost.library, "mca-14nm",
          "component library: a name, or the path of a YAML file", USED),
    U32(KEY(cost.sram_macro_bytes), "bytes", 256, 16777216, "16384",
        "capacity of the macros that memories are built of; energy per bit grows with it", USED),
    U32(KEY(cost.weight_macro_bytes), "bytes", 0, 16777216, "0",
        "the same for the weight memory of digital layers and of the digital designs; 0: as "
        "cost.sram_macro_bytes",
        USED),
    ENUM(KEY(cost.dram), BOOL, "false", "charge the fetching of images from DRAM, outside the chip",
         USED),
    ENUM(
        KEY(cost.clock_gating), BOOL, "false",
        "stop the clock of the digital unit's registers while it has no work; the digital designs' "
        "too",
        USED),
    F64(KEY(cost.clock_residual), "", 0, 1, "0.05",
        "share of the clock's power that a stopped clock takes: of the gating cells, and of "
        "registers that are not gated; an assumption",
        NO_GATING),
    ENUM(KEY(cost.sram_sleep), BOOL, "false",
         "cells of all memories sleep, those that are accessed neglected: leakage of chi and "
         "buffers, and of the digital designs' memories",
         USED),
    F64(KEY(cost.sleep_residual), "", 0, 1, "0.2",
        "share of their leakage that sleeping cells take (Bhavnagarwala et al., VLSI Circuits "
        "2003: less than a fifth, at a cost below 3 % in speed and area)",
        NO_SLEEP),

    TEXT(KEY(report.name), "\"\"", "of the run; empty: the scenario's file name without .yaml",
         USED),
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

_Static_assert(sizeof KEYS / sizeof KEYS[0] <= (size_t)MCA_KEY_MAX, "MCA_KEY_MAX is too small");

const struct mca_key *mca_keys(size_t *count) {
    *count = KEY_COUNT;
    return KEYS;
}

const struct mca_key *mca_key_find(const char *name) {
    for (size_t i = 0; i < KEY_COUNT; ++i) {
        if (strcmp(KEYS[i].name, name) == 0) {
            return &KEYS[i];
        }
    }
    return NULL;
}

int mca_key_is_of_layer(const char *name) {
    return strncmp(name, "network.layers.", strlen("network.layers.")) == 0;
}

size_t mca_key_index(const struct mca_key *key) {
    return (size_t)((mca_key_is_of_layer(key->name) ? mca_key_find("network.layers") : key) - KEYS);
}

size_t mca_key_section_length(const struct mca_key *key) {
    const char *dot = strchr(key->name, '.');
    return dot ? (size_t)(dot - key->name) : 0;
}

int mca_key_is_section(const char *name, size_t length) {
    for (size_t i = 0; i < KEY_COUNT; ++i) {
        if (length > 0 && mca_key_section_length(&KEYS[i]) == length &&
            strncmp(KEYS[i].name, name, length) == 0) {
            return 1;
        }
    }
    return 0;
}

void mca_key_fill_word(const struct mca_key *key, void *field) {
    const uint32_t none = UINT32_MAX;
    const int32_t least = INT32_MIN;
    memset(field, 0, key->size);
    if (key->type == MCA_KEY_U32) {
        memcpy(field, &none, sizeof none);
    } else if (key->type == MCA_KEY_EXPONENT) {
        memcpy(field, &least, sizeof least);
    }
}
