/*
 * Keys that have no effect. Every key of the table is set to another value on scenarios of every
 * kind: not a byte of the results may change where a notice says so, and some must where none does.
 * With the argument `shipped` the scenarios are those that mcasim comes with, small.
 */
#include "mca_test.h"

#include <dirent.h>
#include <unistd.h>
#include <xxhash.h>

#include "reports/figures/chip_picture.h"
#include "reports/run/report.h"
#include "reports/trace/files.h"
#include "scenario/check.h"
#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/value_text.h"
#include "train/calibration.h"
#include "train/plain_weights.h"
#include "train/weight_scale.h"
#include "train/weights_io.h"

enum { SETS_MAX = 10, PATH_SIZE = 320, NOTICES_SIZE = 8192, LINE_SIZE = 512 };

/* Another value of each key than the scenarios below have, most of them. */
static const char *const VALUES[] = {
    "seed=2",
    "network.input=[3,4,4]",
    "network.layers=[784,5,10]",
    "network.init_gain=0.5",
    "train.epochs=3",
    "train.images=9",
    "train.test_images=5",
    "train.test_every=2",
    "train.first_test=5",
    "train.validation_images=3",
    "train.batch=3",
    "train.learning_rate=3",
    "train.learning_rate_decay=0.5",
    "train.loss=squared",
    "train.shuffle=false",
    "train.hardware_aware=true",
    "train.augment_shift=2",
    "train.augment_flip=true",
    "calibration.images=1",
    "calibration.method=least-error",
    "calibration.percentile=60",
    "calibration.margin=8",
    "dataset.train_images=x",
    "dataset.train_labels=x",
    "dataset.test_images=x",
    "dataset.test_labels=x",
    "dataset.label=x",
    "dataset.label_map=0:1",
    "dataset.channel_order=first",
    "dataset.transpose=true",
    "dataset.normalise=type",
    "dataset.range_low=-1",
    "dataset.range_high=2",
    "dataset.synthetic_train=11",
    "dataset.synthetic_test=5",
    "dataset.synthetic_seed=3",
    "device.model=linear",
    "device.gmin_us=0.3",
    "device.gmax_us=9",
    "device.mean_slope=-0.05",
    "device.mean_offset_us=1",
    "device.mean_history_us=2",
    "device.mean_decay_pulses=4",
    "device.std_slope=0.2",
    "device.std_offset_us=0.5",
    "device.std_history_us=1",
    "device.std_decay_pulses=4",
    "device.linear_step_us=0.5",
    "device.linear_std_us=0.2",
    "device.reset_mean_us=0.5",
    "device.reset_std_us=0.05",
    "device.read_noise=2",
    "device.read_noise_slope=0.1",
    "device.read_noise_offset_us=0.3",
    "device.step_spread=0.2",
    "device.gmax_spread=0.2",
    "device.endurance_pulses=2",
    "device.endurance_spread=0.5",
    "device.drift_nu=0.1",
    "device.drift_nu_std=0.01",
    "device.drift_law=by-conductance",
    "device.drift_t0_s=5",
    "device.drift_in_training=true",
    "device.drift_training_t0_s=1e-3",
    "device.flicker_noise=1",
    "ageing.ages_s=[1e4]",
    "ageing.seeds=2",
    "dpu.drift_compensation=column",
    "tile.rows=128",
    "tile.cols=8",
    "tile.unit_weight_us=6",
    "tile.read_path=device",
    "dac.kind=voltage",
    "dac.bits=5",
    "dac.drive=bipolar",
    "dac.share=4",
    "dac.build=all",
    "adc.kind=sar",
    "adc.bits=7",
    "adc.time=by-kind",
    "adc.share=4",
    "adc.backward_share=4",
    "adc.bank=shared",
    "adc.build=all",
    "adc.forward_range=[4]",
    "adc.backward_range=[1]",
    "adc.backward_range=[4,1]",
    "adc.stuck_low_mask=3",
    "dpu.arithmetic=float",
    "dpu.rounding=nearest",
    "dpu.activation_bits=12",
    "dpu.error_bits=10",
    "dpu.lanes=4",
    "dpu.clock_hz=500000000",
    "chi.bits=20",
    "chi.frac_bits=10",
    "chi.ports=1",
    "chi.banks=4",
    "chi.access_cycles=3",
    "transfer.mode=direct",
    "transfer.epsilon_us=0.5",
    "transfer.max_pulses=1",
    "transfer.drivers=4",
    "transfer.fifo_depth=1",
    "dpu.units=per-layer",
    "refresh.every_images=7",
    "refresh.every_pulses=300",
    "refresh.scan=programmed",
    "refresh.sense=compare",
    "refresh.layers=side-by-side",
    "refresh.high_us=3",
    "refresh.difference_us=2",
    "refresh.max_pulses=1",
    "refresh.residual=chi",
    "interconnect.kind=tree",
    "interconnect.bits=64",
    "timing.image_load_ps_per_byte=300",
    "timing.dac_load_ps=3000",
    "timing.read_ps_per_level=900",
    "timing.read_settle_ps=5000",
    "timing.adc_conversion_ps=50000",
    "timing.node_nm=32",
    "timing.set_pulse_ps=90000",
    "timing.reset_pulse_ps=90000",
    "timing.streaming=true",
    "timing.read_ahead=true",
    "timing.free_dpu=true",
    "timing.what_if=true",
    "chi.accumulate=image",
    "chi.layout=columns",
    "weights.scale=percentile",
    "weights.percentile=50",
    "weights.largest_us=5",
    "weights.programming=published",
    "weights.tolerance_us=0.4",
    "weights.max_pulses=2",
    "weights.reads=2",
    "cost.library=hermes-14nm",
    "cost.sram_macro_bytes=1024",
    "cost.weight_macro_bytes=1024",
    "cost.dram=true",
    "cost.clock_gating=true",
    "cost.clock_residual=0.3",
    "cost.sram_sleep=true",
    "cost.sleep_residual=0.3",
};

static const char NO_REFRESH[] = ": no refresh comes";
static const char YET_BUILT[] = ", yet the ";

enum { VALUE_COUNT = sizeof VALUES / sizeof VALUES[0] };

struct base {
    const char *name;
    const char *file; /* below scenarios/, or NULL */
    const char *keys; /* what the names of the keys that are tried begin with; "" for all */
    const char *sets[SETS_MAX];
};

/* Bases so named have weights from outside. */
static const char IMPORTED[] = "imported";

/* A scenario in which every key that may count has something to work on. */
static const char *const SMALL[] = {"network.layers=[784,6,10]",
                                    "dataset.name=synthetic-digits",
                                    "dataset.synthetic_train=12",
                                    "dataset.synthetic_test=6",
                                    "train.epochs=2",
                                    "train.learning_rate=2",
                                    "refresh.every_images=4",
                                    "refresh.high_us=2",
                                    "refresh.difference_us=4",
                                    "train.images=0",
                                    "train.test_images=0",
                                    "train.validation_images=0"};

/* Layers with their kinds, whose full scales are to be found or given. */
#define TYPED                                                                                      \
    "network.layers=[max_pool: {kernel: 4}, dense: {units: 6, activation: relu}, dense: {units: "  \
    "10}]"
#define TYPED_GIVEN                                                                                \
    "network.layers=[max_pool: {kernel: 4}, dense: {units: 6, activation: relu, "                  \
    "activation_scale: 4, adc_forward_range: 4, adc_backward_range: 2}, dense: {units: 10, "       \
    "adc_forward_range: 4, adc_backward_range: 2}]"

/* So many tests that a few devices' drift shows. */
#define AGED "ageing.ages_s=[1e6,1e8]", "dataset.synthetic_test=300"

static const struct base BASES[] = {
    {"pcm", NULL, "", {NULL}},
    {"one layer",
     NULL,
     "",
     {"network.layers=[784,10]", "chi.access_cycles=2", "train.epochs=1", NULL}},
    {"own layers",
     NULL,
     "",
     {"network.layers=[max_pool: {kernel: 4}, dense: {units: 6, unit_weight_us: 6, "
      "adc_forward_range: 8, frozen: true}, dense: {units: 10, unit_weight_us: 16, "
      "adc_forward_range: 8, rate_factor: 2}]",
      NULL}},
    {"own tiles",
     NULL,
     "tile.",
     {"network.layers=[dense: {units: 6, tile_rows: 100, tile_cols: 4}, dense: {units: 10, "
      "tile_rows: 7, tile_cols: 10}]",
      NULL}},
    {"read backward",
     NULL,
     "adc.",
     {"network.layers=[conv2d: {filters: 2, kernel: 9, stride: 9}, dense: {units: 10, "
      "adc_backward_range: 2}]",
      NULL}},
    {"no refresh",
     NULL,
     "",
     {"refresh.every_images=0", "device.mean_history_us=0", "device.read_noise=0", "chi.ports=1",
      NULL}},
    {"linear",
     NULL,
     "",
     {"device.model=linear", "dpu.arithmetic=float", "device.linear_std_us=0.1",
      "refresh.high_us=1", "device.std_history_us=0", NULL}},
    {"ideal",
     NULL,
     "",
     {"device.model=ideal", "adc.bits=0", "dac.bits=0", "dpu.arithmetic=float", NULL}},
    {"written through",
     NULL,
     "",
     {"device.model=ideal", "transfer.epsilon_us=0", "dpu.arithmetic=float", "train.batch=4",
      NULL}},
    {"hardware-aware",
     NULL,
     "",
     {"device.model=ideal", "transfer.epsilon_us=0", "dpu.arithmetic=float",
      "train.hardware_aware=true", NULL}},
    {"hardware-aware, without noise",
     NULL,
     "device.",
     {"device.model=ideal", "transfer.epsilon_us=0", "dpu.arithmetic=float",
      "train.hardware_aware=true", "device.read_noise=0", NULL}},
    {"direct", NULL, "", {"transfer.mode=direct", NULL}},
    {"direct, float", NULL, "", {"transfer.mode=direct", "dpu.arithmetic=float", NULL}},
    {"digital layer, direct",
     NULL,
     "chi.",
     {"network.layers=[dense: {units: 12}, dense: {units: 10, digital: true}]",
      "transfer.mode=direct", "chi.ports=1", "chi.access_cycles=2", NULL}},
    {"digital layer learns alone",
     NULL,
     "transfer.",
     {"network.layers=[dense: {units: 12, frozen: true}, dense: {units: 10, digital: true}]",
      NULL}},
    {"digital layer learns alone, unit weight given",
     NULL,
     "transfer.",
     {"network.layers=[dense: {units: 12, frozen: true, unit_weight_us: 16}, dense: {units: 10, "
      "digital: true}]",
      NULL}},
    {"digital layer learns alone, residual to chi",
     NULL,
     "transfer.",
     {"network.layers=[dense: {units: 12, frozen: true, unit_weight_us: 16}, dense: {units: 10, "
      "digital: true}]",
      "refresh.residual=chi", NULL}},
    {"layers", NULL, "", {TYPED, "calibration.percentile=80", NULL}},
    {"layers, least error", NULL, "calibration.", {TYPED, "calibration.method=least-error", NULL}},
    {"layers of their own scales", NULL, "calibration.", {TYPED_GIVEN, NULL}},
    {"layers, ideal converters",
     NULL,
     "",
     {TYPED, "adc.bits=0", "dac.bits=0", "dpu.arithmetic=float", NULL}},
    {"aged", NULL, "device.", {AGED, NULL}},
    {"aged, digital unit", NULL, "dpu.", {AGED, NULL}},
    {"ages", NULL, "ageing.", {AGED, NULL}},
    {"aged by conductance", NULL, "device.", {AGED, "device.drift_law=by-conductance", NULL}},
    {"young", NULL, "device.drift", {"ageing.ages_s=[30]", "dataset.synthetic_test=300", NULL}},
    {"no exponents", NULL, "device.drift", {"device.drift_nu=0", NULL}},
    {"drift in training", NULL, "device.", {"device.drift_in_training=true", NULL}},
    {"drift in training, aged",
     NULL,
     "device.drift",
     {AGED, "device.drift_in_training=true", NULL}},
    {"ideal, at ages",
     NULL,
     "device.",
     {"ageing.ages_s=[1e6]", "device.model=ideal", "adc.bits=0", "dac.bits=0",
      "dpu.arithmetic=float", NULL}},
    {"ideal, ages",
     NULL,
     "ageing.",
     {"ageing.ages_s=[1e6]", "device.model=ideal", "adc.bits=0", "dac.bits=0",
      "dpu.arithmetic=float", NULL}},
    {"nothing to rewrite", NULL, "refresh.", {"refresh.difference_us=0", NULL}},
    {"refresh too late", NULL, "refresh.", {"refresh.every_images=1000", NULL}},
    {"no noise left",
     NULL,
     "device.",
     {"device.read_noise_slope=0", "device.read_noise_offset_us=0", "refresh.every_images=0",
      NULL}},
    {"imported", NULL, "weights.", {"weights.max_pulses=20", "weights.percentile=90", NULL}},
    {"imported, percentile", NULL, "weights.", {"weights.scale=percentile", NULL}},
    {"imported, given", NULL, "weights.", {"weights.scale=given", NULL}},
    {"imported blindly",
     NULL,
     "weights.",
     {"weights.programming=blind", "weights.percentile=90", NULL}},
    {"imported into ideal devices", NULL, "weights.", {"device.model=ideal", NULL}},
    {"imported into ideal devices, percentile",
     NULL,
     "weights.",
     {"device.model=ideal", "weights.scale=percentile", NULL}},
};

static const struct base SHIPPED[] = {
    {"adc-4bit", "adc-4bit.yaml", "", {NULL}},
    {"adc-6bit", "adc-6bit.yaml", "", {NULL}},
    {"chi-12bit", "chi-12bit.yaml", "", {NULL}},
    {"frontiers2020", "frontiers2020.yaml", "", {NULL}},
    {"hermes-core", "hermes-core.yaml", "", {NULL}},
    {"ideal-devices", "ideal-devices.yaml", "", {NULL}},
    {"isaac-32nm", "isaac-32nm.yaml", "", {NULL}},
    {"latency-512", "latency-512.yaml", "", {NULL}},
    {"linear-devices", "linear-devices.yaml", "", {NULL}},
    {"mca-tuned", "mca-tuned.yaml", "", {NULL}},
    {"mnist-float", "mnist-float.yaml", "", {NULL}},
    {"mnist-mca", "mnist-mca.yaml", "", {NULL}},
    {"nearest-rounding", "nearest-rounding.yaml", "", {NULL}},
    {"no-read-noise", "no-read-noise.yaml", "", {NULL}},
    {"synthetic-quick", "synthetic-quick.yaml", "", {NULL}},
};

struct trial {
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
    struct mca_component_library library;
    struct mca_dataset data;
    struct mca_chip *chip;
    struct mca_trace trace;
    struct mca_converter_use use;
    struct mca_error error;
    char dir[32];
    char notices[NOTICES_SIZE];
};

static struct trial *t;

static void note(void *user, const char *line) {
    (void)user;
    const size_t used = strlen(t->notices);
    (void)snprintf(t->notices + used, sizeof t->notices - used, "%s\n", line);
}

static enum mca_status set(const char *assignment) {
    return mca_scenario_set(&t->scenario, &t->origins, assignment, "test", &t->error);
}

static void must(enum mca_status status, const char *what) {
    if (status != MCA_OK) {
        fail_msg("%s: %s", what, t->error.message);
    }
}

/* The base with `changed`, where that is not NULL; or what refuses it. */
static enum mca_status load(const struct base *base, const char *changed) {
    char path[PATH_SIZE];
    if (base->file) {
        (void)snprintf(path, sizeof path, "%s/scenarios/%s", MCA_TEST_SOURCE_DIR, base->file);
        must(mca_scenario_load(&t->scenario, &t->origins, path, &t->error), path);
    } else {
        must(mca_scenario_defaults(&t->scenario, &t->origins, &t->error), base->name);
    }
    for (size_t i = 0; i < sizeof SMALL / sizeof SMALL[0]; ++i) {
        must(set(SMALL[i]), SMALL[i]);
    }
    for (size_t i = 0; base->sets[i]; ++i) {
        must(set(base->sets[i]), base->sets[i]);
    }
    t->scenario.chip.weights.is_given = strncmp(base->name, IMPORTED, sizeof IMPORTED - 1) == 0;
    return changed ? set(changed) : MCA_OK;
}

static enum mca_status start_epoch(void *user, double learning_rate, uint32_t batch,
                                   struct mca_error *error) {
    (void)user;
    (void)error;
    mca_chip_set_rate(t->chip, learning_rate, batch);
    return MCA_OK;
}

static enum mca_status train_image(void *user, const uint8_t *pixels, uint32_t label,
                                   struct mca_image_outcome *outcome, struct mca_error *error) {
    (void)user;
    mca_trace_next_image(&t->trace, t->chip);
    return mca_chip_train_image(t->chip, pixels, label, outcome, error);
}

static enum mca_status end_epoch(void *user, struct mca_error *error) {
    (void)user;
    mca_chip_end_batch(t->chip);
    return mca_trace_check(&t->trace, error);
}

/* Hashes a file with its name, unless it is empty, and empties it: to make them anew would take
 * most of the time. Not all runs have ages. */
static void hash_file(XXH3_state_t *state, const char *name) {
    char path[PATH_SIZE];
    char bytes[4096];
    (void)snprintf(path, sizeof path, "%s/%s", t->dir, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    if (n > 0) {
        (void)XXH3_64bits_update(state, name, strlen(name) + 1);
    }
    for (; n > 0; n = fread(bytes, 1, sizeof bytes, file)) {
        (void)XXH3_64bits_update(state, bytes, n);
    }
    (void)fclose(file);
    assert_int_equal(strcmp(name, "ages.csv") == 0 ? unlink(path) : truncate(path, 0), 0);
}

static int is_file(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* Over the files of the directory by name. */
static uint64_t hash_files(void) {
    struct dirent **entries;
    const int count = scandir(t->dir, &entries, is_file, alphasort);
    XXH3_state_t *state = XXH3_createState();
    assert_true(count > 0 && state && XXH3_64bits_reset(state) == XXH_OK);
    for (int i = 0; i < count; ++i) {
        hash_file(state, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    const uint64_t hash = XXH3_64bits_digest(state);
    (void)XXH3_freeState(state);
    return hash;
}

/* All that a run writes, but for the scenario in it and the times of this machine. */
static uint64_t write_results(const struct mca_chip_picture *before,
                              const struct mca_train_result *result) {
    struct mca_priced_run report = {
        .name = "run",
        .scenario = &t->scenario,
        .dataset = {t->data.name, t->data.train.count, t->data.test.count, t->data.hash},
        .result = result,
        .library = &t->library,
        .runtime = {.threads = 1}};
    const struct mca_trace_report trace = {"run", &t->scenario.chip, &t->trace, 0};
    mca_priced_run_init(&report);
    must(mca_weights_save(t->chip, t->dir, &t->error), "weights");
    must(mca_report_write_chip(before, &t->use, t->chip, t->dir, &t->error), "chip.json");
    must(mca_report_write_timeline(&trace, t->dir, &t->error), "timeline.json");
    must(mca_report_write_files(&report, t->dir, &t->error), "files"); /* with sums of the others */
    return hash_files();
}

/* The chip, with weights from outside where the base has some. */
static void create_chip(void) {
    struct mca_given_weights weights = {0};
    struct mca_network network;
    must(mca_network_init(&network, &t->scenario.chip.network, &t->error), "network");
    for (uint32_t i = 0; i < network.layer_count && t->scenario.chip.weights.is_given; ++i) {
        const size_t cells = (size_t)network.layers[i].rows * network.layers[i].cols;
        weights.layers[i] = calloc(cells, sizeof(double));
        assert_non_null(weights.layers[i]);
        for (size_t at = 0; at < cells; ++at) {
            weights.layers[i][at] = ((double)(at * 7919 % 1000) - 500.0) / 400.0;
        }
    }
    memset(t->scenario.chip.network.found, 0, sizeof t->scenario.chip.network.found);
    if (t->scenario.chip.weights.is_given) {
        must(mca_weight_scale_find(&t->scenario.chip, &network, &weights, &t->error), "scale");
    }
    must(
        mca_calibrate(&t->scenario.chip, &t->scenario.calibration, &t->data.train, NULL, &t->error),
        "calibration");
    must(mca_chip_create_with(&t->chip, &t->scenario.chip,
                              t->scenario.chip.weights.is_given ? &weights : NULL, &t->error),
         "chip");
    mca_plain_weights_deinit(&weights);
}

/* Trains, tests and writes the loaded scenario, and gives the hash of its results. */
static uint64_t results(void) {
    const struct mca_train_engine engine = {NULL, start_epoch, train_image, end_epoch};
    const struct mca_training training = {NULL, &engine, &t->scenario.train, &t->data, 1,
                                          NULL, NULL};
    struct mca_training run = training;
    struct mca_chip_picture before;
    struct mca_train_result result;
    create_chip();
    run.chip = t->chip;
    must(mca_chip_picture_take(&before, t->chip, &t->error), "picture");
    must(mca_converter_use_init(&t->use, t->chip, &t->error), "converters");
    mca_converter_use_watch(&t->use, t->chip);
    mca_trace_init_cut(&t->trace, 4, MCA_TIMELINE_OPERATIONS_MAX); /* a refresh follows it */
    must(mca_train(&run, &result, &t->error), "training");
    const uint64_t hash = write_results(&before, &result);
    mca_train_result_deinit(&result);
    mca_trace_deinit(&t->trace);
    mca_converter_use_deinit(&t->use);
    mca_chip_picture_deinit(&before);
    mca_chip_destroy(t->chip);
    return hash;
}

/* The notices and the results of the base with `changed`; 0 where that is refused. */
static int run(const struct base *base, const char *changed, uint64_t *hash) {
    const struct mca_observer observer = {.notice = note};
    t->notices[0] = '\0';
    if (load(base, changed) != MCA_OK ||
        mca_scenario_check(&t->scenario, &t->origins, &t->error) != MCA_OK) {
        assert_non_null(changed);
        return 0;
    }
    must(mca_dataset_load(&t->data, &t->scenario.dataset, NULL, NULL, &t->error), "data");
    const int fits =
        mca_scenario_check_data(&t->scenario, &t->origins, &t->data, &t->error) == MCA_OK;
    if (fits) {
        must(mca_component_library_load(&t->library, t->scenario.cost.library, &t->error),
             "library");
        mca_scenario_notices(&t->scenario, &t->origins, &t->data, &t->library, &observer);
        *hash = results();
        mca_component_library_deinit(&t->library);
    }
    mca_dataset_deinit(&t->data);
    assert_true(fits || changed);
    return fits;
}

static int differs_from_base(const struct base *base, const struct mca_key *key) {
    char value[MCA_VALUE_TEXT_SIZE];
    char was[MCA_VALUE_TEXT_SIZE];
    mca_key_format(key, &t->scenario, value, sizeof value);
    must(load(base, NULL), base->name);
    mca_key_format(key, &t->scenario, was, sizeof was);
    return strcmp(value, was) != 0;
}

/* What is said of the values of a list that is too long, in `line`. */
static const char *last_value_of(const char *name, char line[LINE_SIZE]) {
    (void)snprintf(line, LINE_SIZE, "%s: its last value has no effect: ", name);
    return line;
}

/* Faults are counted and printed, so that one run shows them all. */
static int try_base(const struct base *base) {
    uint64_t as_it_is = 0;
    int faults = 0;
    assert_true(run(base, NULL, &as_it_is));
    for (size_t i = 0; i < VALUE_COUNT; ++i) {
        uint64_t changed = 0;
        char name[MCA_KEY_NAME_SIZE];
        char line[LINE_SIZE];
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(VALUES[i], "="), VALUES[i]);
        if (strncmp(name, base->keys, strlen(base->keys)) != 0 || !run(base, VALUES[i], &changed) ||
            !differs_from_base(base, mca_key_find(name))) {
            continue;
        }
        (void)snprintf(line, sizeof line, "%s has no effect: ", name);
        const int is_late = strncmp(name, "refresh.", 8) == 0 && strstr(t->notices, NO_REFRESH) &&
                            !strstr(t->notices, YET_BUILT);
        const int is_told =
            is_late || strstr(t->notices, line) || strstr(t->notices, last_value_of(name, line));
        /* other noise of as much does not reach a class in so few images */
        const int may_be_lost = strcmp(name, "train.first_test") == 0 && !is_told;
        if (is_told != (changed == as_it_is) && !may_be_lost) {
            ++faults;
            print_error("%s: %s %s\n", base->name, VALUES[i],
                        is_told ? "changes results and is said not to"
                                : "changes nothing, and nobody says so");
        }
    }
    return faults;
}

static void try_bases(const struct base *bases, size_t count) {
    int faults = 0;
    for (size_t i = 0; i < count; ++i) {
        faults += try_base(&bases[i]);
    }
    assert_int_equal(faults, 0);
}

static void test_idle_keys_change_nothing(void **state) {
    (void)state;
    try_bases(BASES, sizeof BASES / sizeof BASES[0]);
}

static void test_idle_keys_of_shipped_scenarios(void **state) {
    (void)state;
    try_bases(SHIPPED, sizeof SHIPPED / sizeof SHIPPED[0]);
}

/* A key that is new has to be tried too. The other two choose data and name files. */
static void test_idle_keys_are_all_tried(void **state) {
    (void)state;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t k = 0; k < count; ++k) {
        const size_t length = strlen(keys[k].name);
        int is_tried =
            strcmp(keys[k].name, "report.name") == 0 || strcmp(keys[k].name, "dataset.name") == 0;
        for (size_t i = 0; i < VALUE_COUNT; ++i) {
            is_tried |= strncmp(VALUES[i], keys[k].name, length) == 0 && VALUES[i][length] == '=';
        }
        if (!is_tried) {
            fail_msg("%s is not tried", keys[k].name);
        }
    }
}

static int set_up(void **state) {
    (void)state;
    t = calloc(1, sizeof *t);
    assert_non_null(t);
    (void)snprintf(t->dir, sizeof t->dir, "/tmp/mca-idle-XXXXXX");
    return mkdtemp(t->dir) ? 0 : 1;
}

static int tear_down(void **state) {
    (void)state;
    struct dirent **entries;
    const int count = scandir(t->dir, &entries, is_file, alphasort);
    for (int i = 0; i < count; ++i) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", t->dir, entries[i]->d_name);
        (void)unlink(path);
        free(entries[i]);
    }
    free(entries);
    const int status = rmdir(t->dir);
    free(t);
    return status;
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idle_keys_change_nothing),
        cmocka_unit_test(test_idle_keys_are_all_tried),
    };
    const struct CMUnitTest shipped[] = {
        cmocka_unit_test(test_idle_keys_of_shipped_scenarios),
    };
    return argc > 1 && strcmp(argv[1], "shipped") == 0
               ? cmocka_run_group_tests(shipped, set_up, tear_down)
               : cmocka_run_group_tests(tests, set_up, tear_down);
}
