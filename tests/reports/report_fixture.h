/* A made-up run, and reading its files back. */
#ifndef MCA_TESTS_REPORT_FIXTURE_H
#define MCA_TESTS_REPORT_FIXTURE_H

#include "mca_fixture.h"
#include "mca_test.h"

#include <jansson.h>
#include <unistd.h>

#include "cost/made_up_library.h"
#include "run/priced_run.h"

/* A made-up run of three epochs; the second was not tested. */
struct fixture {
    struct mca_layer_result layers[3];
    struct mca_scenario scenario;
    struct mca_component_library library;
    struct mca_epoch_record epochs[3];
    uint32_t confusion[10][10];
    struct mca_train_result result;
    struct mca_priced_run report;
    char dir[32];
};

static inline void fill_ledger(struct mca_ledger *ledger, uint64_t images) {
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            ledger->counts[p][c] = images * (uint64_t)(1000 + 37 * p + 11 * c * c);
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            ledger->busy_ps[p][r] = images * (uint64_t)(100000 * (r + 1));
        }
        ledger->critical_ps[p] = images * (uint64_t)(500000 + 100000 * p);
    }
    ledger->counts[MCA_PHASE_UPDATE][MCA_COMPONENT_DPU_RANDOM] = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) { /* only these two send pulses */
        ledger->counts[p][MCA_COMPONENT_PCM_SET] = p == MCA_PHASE_TRANSFER  ? images * 12
                                                   : p == MCA_PHASE_REFRESH ? images
                                                                            : 0;
        ledger->counts[p][MCA_COMPONENT_PCM_RESET] = p == MCA_PHASE_REFRESH ? images / 5 : 0;
    }
}

static inline uint64_t training_ps(const struct mca_ledger *ledger) {
    uint64_t sum = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum += ledger->critical_ps[p];
    }
    return sum;
}

static inline struct mca_inventory made_up_inventory(void) {
    struct mca_inventory v = {.tiles = 5,
                              .devices = 655360,
                              .weights = 198760,
                              .dacs = 2560,
                              .adcs = 2560,
                              .sample_holds = 2560,
                              .program_drivers = 5,
                              .dpu_lanes = 16,
                              .sigmoid_units = 16,
                              .chi_bits = 3180160,
                              .buffer_bits = 39520,
                              .buffers = 8,
                              .register_bits = 12112};
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        v.resource_instances[r] = 1;
    }
    v.resource_instances[MCA_RESOURCE_DAC] = 2;
    v.resource_instances[MCA_RESOURCE_TILE] = 2;
    v.resource_instances[MCA_RESOURCE_ADC] = 2;
    v.resource_instances[MCA_RESOURCE_PROGRAM] = 5;
    return v;
}

/* What of it is one layer's. */
static inline struct mca_inventory made_up_layer(uint64_t tiles, uint64_t weights) {
    struct mca_inventory v = {.tiles = tiles,
                              .devices = tiles * 131072,
                              .weights = weights,
                              .dacs = tiles * 512,
                              .adcs = tiles * 512,
                              .sample_holds = tiles * 512,
                              .program_drivers = tiles,
                              .chi_bits = weights * 16};
    v.resource_instances[MCA_RESOURCE_DAC] = 1;
    v.resource_instances[MCA_RESOURCE_TILE] = 1;
    v.resource_instances[MCA_RESOURCE_ADC] = 1;
    v.resource_instances[MCA_RESOURCE_PROGRAM] = tiles;
    return v;
}

static inline void fill_epochs(struct fixture *f) {
    const double test[3] = {0.9312, (double)NAN, 0.9701};
    for (uint32_t e = 0; e < 3; ++e) {
        struct mca_epoch_record *record = &f->epochs[e];
        record->epoch = e + 1;
        record->learning_rate = 0.125 / (e + 1.0);
        record->train_accuracy = 0.9 + 0.02 * e;
        record->train_loss = 1.0 / (e + 1.0);
        record->validation_accuracy = (double)NAN;
        record->test_accuracy = test[e];
        record->images = 1000 * (e + 1);
        record->set_pulses = 12345 * (e + 1);
        record->reset_pulses = 200 * (e + 1);
        record->refreshed_pairs = 100 * (e + 1);
        fill_ledger(&record->ledger, record->images);
        record->time_ps = training_ps(&record->ledger);
    }
}

/* A third of everything in the first layer, the rest in the second, what is loaded in none. */
static inline void fill_parts(struct fixture *f) {
    const struct mca_ledger *ledger = &f->result.ledger;
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            const uint64_t count = ledger->counts[p][c];
            const int is_load = c == MCA_COMPONENT_DRAM_READ || c == MCA_COMPONENT_IMAGE_LOAD;
            f->layers[0].part.counts[p][c] = is_load ? 0 : count / 3;
            f->layers[1].part.counts[p][c] = is_load ? 0 : count - count / 3;
            f->layers[2].part.counts[p][c] = is_load ? count : 0;
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            f->layers[0].part.busy_ps[p][r] = ledger->busy_ps[p][r] / 3;
            f->layers[1].part.busy_ps[p][r] =
                ledger->busy_ps[p][r] - f->layers[0].part.busy_ps[p][r];
        }
    }
    f->layers[0].inventory = made_up_layer(4, 196250);
    f->layers[1].inventory = made_up_layer(1, 2510);
    f->layers[2].inventory = (struct mca_inventory){.dpu_lanes = 16,
                                                    .sigmoid_units = 16,
                                                    .buffer_bits = 39520,
                                                    .buffers = 8,
                                                    .register_bits = 12112};
    f->layers[2].inventory.resource_instances[MCA_RESOURCE_IMAGE_PORT] = 1;
    f->layers[2].inventory.resource_instances[MCA_RESOURCE_DPU] = 1;
    f->layers[2].inventory.resource_instances[MCA_RESOURCE_CHI] = 1;
    f->layers[0].devices_at_gmax = 12;
    f->layers[1].devices_at_gmax = 5;
    f->layers[0].wear = (struct mca_wear){800, 0, 100000000, 2, 798};
    f->layers[1].wear = (struct mca_wear){1132, 3, 1100, 4, 1128};
    f->result.layer_count = 2;
    f->result.layers = f->layers;
}

static inline int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    const struct mca_u32_list layers = {3, {784, 250, 10}};
    f->scenario.chip = mca_fixture_chip(&layers);
    f->scenario.chip.seed = 7;
    f->scenario.train.batch = 1;
    f->scenario.cost.sram_macro_bytes = 16384;
    f->library = made_up_library();
    /* memory small enough for digital designs of the chip's area */
    f->library.figures[mca_figure_area(MCA_PART_SRAM_BIT)].published = 0.5;
    f->library.figures[mca_figure_area(MCA_PART_SRAM_BIT)].value = 0.5;
    fill_epochs(f);
    for (uint32_t k = 0; k < 10; ++k) {
        f->confusion[k][k] = 97;
        f->confusion[k][9 - k] = 3;
    }
    f->result = (struct mca_train_result){.epoch_count = 3,
                                          .epochs = f->epochs,
                                          .confusion = f->confusion[0],
                                          .images = 3000,
                                          .time_ps = f->epochs[2].time_ps,
                                          .ledger = f->epochs[2].ledger,
                                          .inventory = made_up_inventory(),
                                          .refreshed_pairs = 300,
                                          .max_writes_per_device = 1132,
                                          .adc_conversions = 1000000,
                                          .adc_clips = 125,
                                          .devices_at_gmax = 17,
                                          .forward_macs = 3000 * 198760ull,
                                          .forward_macs_nonzero = 3000 * 40000ull,
                                          .backward_macs = 3000 * 2500ull,
                                          .update_macs = 3000 * 198760ull,
                                          .update_macs_nonzero = 3000 * 40000ull,
                                          .tested_images = 2000};
    fill_parts(f);
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        f->result.set_pulses += f->result.ledger.counts[p][MCA_COMPONENT_PCM_SET];
        f->result.reset_pulses += f->result.ledger.counts[p][MCA_COMPONENT_PCM_RESET];
    }
    f->report = (struct mca_priced_run){.name = "made-up",
                                        .scenario_hash = 0x123456789abcdef0,
                                        .scenario = &f->scenario,
                                        .dataset = {"synthetic-digits", 1000, 1000, 255},
                                        .result = &f->result,
                                        .library = &f->library,
                                        .runtime = {2.0, 1.5, 0.0, 2, 4096, 0, 0}};
    mca_priced_run_init(&f->report);
    (void)strcpy(f->dir, "/tmp/mca-report-XXXXXX");
    *state = f;
    return mkdtemp(f->dir) ? 0 : 1;
}

static inline int tear_down(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {"summary.json", "epochs.csv",        "confusion.csv",
                                        "energy.csv",   "energy_layers.csv", "ledger.json"};
    char path[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        (void)snprintf(path, sizeof path, "%s/%s", f->dir, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->dir);
    free(f);
    return 0;
}

static inline json_t *load(const struct fixture *f, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", f->dir, name);
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("%s: %s", path, error.text);
    }
    return root;
}

/* "PATH.NAME" of each member of an object, in `longer`; of the list of layers "layers.NUMBER", and
 * "layers.shared" of its last. What is below, or NULL after the last. */
static inline json_t *below(json_t *value, const char *path, size_t index, char longer[160]) {
    const size_t layers = json_array_size(value);
    void *member = json_object_iter(value);
    for (size_t i = 0; i < index && member; ++i) {
        member = json_object_iter_next(value, member);
    }
    if (index < layers) {
        (void)snprintf(longer, 160, index + 1 < layers ? "%s.%zu" : "%s.shared", path, index);
        return json_array_get(value, index);
    }
    if (member) {
        (void)snprintf(longer, 160, "%s%s%s", path, *path ? "." : "", json_object_iter_key(member));
    }
    return member ? json_object_iter_value(member) : NULL;
}

/* The value at a path of keys divided by '/'. */
static inline json_t *at(json_t *root, const char *path) {
    char keys[256];
    (void)snprintf(keys, sizeof keys, "%s", path);
    char *rest = keys;
    for (char *key = strtok_r(keys, "/", &rest); key; key = strtok_r(NULL, "/", &rest)) {
        root = json_is_array(root) ? json_array_get(root, strtoul(key, NULL, 10))
                                   : json_object_get(root, key);
        if (!root) {
            fail_msg("%s is absent", path);
        }
    }
    return root;
}

static inline double real_at(json_t *root, const char *path) {
    assert_true(json_is_number(at(root, path)));
    return json_number_value(at(root, path));
}

#endif
