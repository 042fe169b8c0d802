#include "run/finished_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_input.h"
#include "base/json_reader.h"
#include "run/ledger_fields.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "scenario/resolved.h"

enum { EPOCHS_MAX = 10000 };

/* A number, or the object of those that an axis names. */
static void read_field(struct mca__json_reader *reader, const json_t *parent, const char *key,
                       const enum mca__axis *axes, uint64_t *to) {
    if (*axes == MCA__AXIS_NONE) {
        *to = mca__json_count_at(reader, parent, key);
        return;
    }
    const json_t *object = mca__json_object_at(reader, parent, key);
    for (int i = 0; i < mca__axis_count(*axes); ++i) {
        read_field(reader, object, mca__axis_name(*axes, i), axes + 1,
                   to + (ptrdiff_t)i * mca__axis_step(axes[1]));
    }
}

static void read_fields(struct mca__json_reader *reader, const json_t *object,
                        const struct mca__field *fields, void *to) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        read_field(reader, object, field->name, field->axes, (void *)((char *)to + field->offset));
    }
}

/* Doubles by name. */
static void read_numbers(struct mca__json_reader *reader, const json_t *object,
                         const struct mca__field *fields, void *to) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        const double value = mca__json_number_at(reader, object, field->name);
        memcpy((char *)to + field->offset, &value, sizeof value);
    }
}

/* Whether what belongs to the layers and to none adds up to the whole, without a sum that goes
 * round; and the largest of the numbers of writes is the whole's. */
static int adds_up(const struct mca_train_result *result) {
    enum {
        CELLS = sizeof(struct mca_layer_result) / sizeof(uint64_t),
        SUMS = offsetof(struct mca_layer_result, wear) / sizeof(uint64_t)
    };
    uint64_t whole[CELLS];
    uint64_t most = 0;
    struct mca_layer_result all = {.inventory = result->inventory,
                                   .devices_at_gmax = result->devices_at_gmax};
    memcpy(all.part.counts, result->ledger.counts, sizeof all.part.counts);
    memcpy(all.part.busy_ps, result->ledger.busy_ps, sizeof all.part.busy_ps);
    memcpy(all.part.beside_ps, result->ledger.beside_ps, sizeof all.part.beside_ps);
    memcpy(whole, &all, sizeof whole);
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        const struct mca_layer_result *layer = &result->layers[i];
        uint64_t part[CELLS];
        memcpy(part, layer, sizeof part);
        for (size_t cell = 0; cell < SUMS; ++cell) {
            if (part[cell] > whole[cell]) {
                return 0;
            }
            whole[cell] -= part[cell];
        }
        most = layer->wear.max_writes_per_device > most ? layer->wear.max_writes_per_device : most;
    }
    uint64_t left = 0;
    for (size_t cell = 0; cell < SUMS; ++cell) {
        left |= whole[cell];
    }
    return left == 0 && most == result->max_writes_per_device;
}

/* Whether an entry of the list is of its layer, or, the last, of none. */
static int is_of_layer(const json_t *entry, size_t layer, size_t layers) {
    const json_t *number = json_object_get(entry, "layer");
    return layer < layers
               ? json_is_integer(number) && json_integer_value(number) == (json_int_t)layer
               : json_is_null(number);
}

/* What was found for a layer from training images: 0 where nothing was, powers of two otherwise. */
static void read_found(struct mca__json_reader *reader, const json_t *layer,
                       struct mca_found_numbers *found) {
    int exponent = 0;
    if (!json_object_get(layer, "found")) {
        return;
    }
    const json_t *object = mca__json_object_at(reader, layer, "found");
    const double scale = mca__json_number_at(reader, object, "activation_scale");
    found->adc_forward_range = mca__json_number_at(reader, object, "adc_forward_range");
    found->adc_backward_range = mca__json_number_at(reader, object, "adc_backward_range");
    if (json_object_get(object, "unit_weight_us")) {
        found->unit_weight_us = mca__json_number_at(reader, object, "unit_weight_us");
    }
    if (!(found->adc_forward_range >= 0.0 && found->adc_backward_range >= 0.0) ||
        !(found->unit_weight_us >= 0.0 && found->unit_weight_us <= 1e3) ||
        (scale != 0.0 && frexp(scale, &exponent) != 0.5)) {
        mca__json_refuse(reader, "found", "full scales, which are powers of two, or 0");
        return;
    }
    found->has_activation = scale != 0.0;
    found->activation_exponent = scale != 0.0 ? exponent - 1 : 0;
}

/* Of a network of `count` layers, and last what belongs to none. */
static void read_layers(struct mca__json_reader *reader, const json_t *root, uint32_t count,
                        struct mca_train_result *result) {
    const json_t *layers = json_object_get(root, "layers");
    int is_whole = json_is_array(layers) && json_array_size(layers) == count + 1u;
    for (size_t i = 0; is_whole && i <= count; ++i) {
        is_whole = is_of_layer(json_array_get(layers, i), i, count);
    }
    if (!is_whole) {
        mca__json_refuse(reader, "layers", "a list of the network's layers and of what has none");
        return;
    }
    result->layers = calloc(count + 1u, sizeof *result->layers);
    if (!result->layers) {
        reader->status = mca_fail_memory(reader->error, reader->path);
        return;
    }
    result->layer_count = count;
    for (size_t i = 0; i <= count && reader->status == MCA_OK; ++i) {
        const json_t *entry = json_array_get(layers, i);
        struct mca_layer_result *layer = &result->layers[i];
        read_fields(reader, entry, mca__part_fields, &layer->part);
        read_fields(reader, mca__json_object_at(reader, entry, "inventory"), mca__inventory_fields,
                    &layer->inventory);
        read_fields(reader, entry, mca__layer_fields, layer);
        if (layer->wear.first_worn_before > layer->wear.first_worn_endurance) {
            mca__json_refuse(reader, "first_worn_before", "at most first_worn_endurance");
        }
    }
    if (!adds_up(result)) {
        mca__json_refuse(reader, "layers", "counts and times that add up to those of all");
    }
}

static void read_epoch(struct mca__json_reader *reader, const json_t *object,
                       struct mca_epoch_record *record) {
    record->epoch = mca__json_small_count_at(reader, object, "epoch");
    read_numbers(reader, object, mca__epoch_number_fields, record);
    read_fields(reader, object, mca__epoch_fields, record);
    read_fields(reader, object, mca__ledger_fields, &record->ledger);
}

static void read_epochs(struct mca__json_reader *reader, const json_t *root,
                        struct mca_train_result *result) {
    const json_t *epochs = json_object_get(root, "epochs");
    if (!json_is_array(epochs)) {
        mca__json_refuse(reader, "epochs", "a list");
        return;
    }
    const size_t count = json_array_size(epochs);
    if (count > EPOCHS_MAX) {
        mca__json_refuse(reader, "epochs", "at most 10000 epochs");
        return;
    }
    result->epochs = calloc(count ? count : 1, sizeof *result->epochs);
    if (!result->epochs) {
        reader->status = mca_fail_memory(reader->error, reader->path);
        return;
    }
    result->epoch_count = (uint32_t)count;
    for (size_t e = 0; e < count && reader->status == MCA_OK; ++e) {
        read_epoch(reader, json_array_get(epochs, e), &result->epochs[e]);
    }
}

static void read_confusion(struct mca__json_reader *reader, const json_t *root, uint32_t outputs,
                           struct mca_train_result *result) {
    const json_t *confusion = json_object_get(root, "confusion");
    const size_t count = (size_t)outputs * outputs;
    int is_whole = json_is_array(confusion) && json_array_size(confusion) == count;
    result->confusion = calloc(count, sizeof *result->confusion);
    for (size_t i = 0; is_whole && result->confusion && i < count; ++i) {
        const json_int_t images = json_integer_value(json_array_get(confusion, i));
        is_whole =
            json_is_integer(json_array_get(confusion, i)) && images >= 0 && images <= UINT32_MAX;
        result->confusion[i] = (uint32_t)images;
    }
    if (!is_whole) {
        mca__json_refuse(reader, "confusion", "a number of images for every two outputs");
    } else if (!result->confusion) {
        reader->status = mca_fail_memory(reader->error, reader->path);
    }
}

/* Of so many seeds. */
static int read_age(const json_t *object, uint32_t seeds, double *age_s, double *accuracy) {
    const json_t *list = json_object_get(object, "accuracy");
    int is_whole = json_is_number(json_object_get(object, "age_s")) && json_is_array(list) &&
                   json_array_size(list) == seeds;
    *age_s = json_number_value(json_object_get(object, "age_s"));
    for (uint32_t k = 0; is_whole && k < seeds; ++k) {
        accuracy[k] = json_number_value(json_array_get(list, k));
        is_whole =
            json_is_number(json_array_get(list, k)) && accuracy[k] >= 0.0 && accuracy[k] <= 1.0;
    }
    return is_whole;
}

/* Tests at the scenario's ages; a ledger without has none. */
static void read_ages(struct mca__json_reader *reader, const json_t *root,
                      const struct mca_ageing_config *config, struct mca_train_result *result) {
    const json_t *ages = json_object_get(root, "ages");
    const uint32_t count = config->ages_s.count;
    int is_whole = count == 0 ? !ages : json_is_array(ages) && json_array_size(ages) == count;
    if (count > 0) {
        result->aged_accuracy = calloc((size_t)count * config->seeds, sizeof(double));
    }
    for (uint32_t i = 0; is_whole && result->aged_accuracy && i < count; ++i) {
        is_whole = read_age(json_array_get(ages, i), config->seeds, &result->ages_s[i],
                            result->aged_accuracy + (size_t)i * config->seeds) &&
                   (i == 0 || result->ages_s[i] > result->ages_s[i - 1]);
    }
    if (!is_whole) {
        mca__json_refuse(reader, "ages", "the scenario's ages, rising, with an accuracy a seed");
    } else if (count > 0 && !result->aged_accuracy) {
        reader->status = mca_fail_memory(reader->error, reader->path);
    }
    result->age_count = is_whole && result->aged_accuracy ? count : 0;
    result->age_seeds = config->seeds;
}

static void read_identity(struct mca__json_reader *reader, const json_t *root,
                          struct mca_finished_run *run) {
    run->scenario_hash = mca__json_hash_at(reader, root, "scenario_hash");
    const json_t *dataset = mca__json_object_at(reader, root, "dataset");
    run->dataset.train = mca__json_small_count_at(reader, dataset, "train");
    run->dataset.test = mca__json_small_count_at(reader, dataset, "test");
    run->dataset.hash = mca__json_hash_at(reader, dataset, "hash");
    run->dataset_name = mca__json_text_at(reader, dataset, "name");
    run->dataset.name = run->dataset_name;
    const json_t *library = mca__json_object_at(reader, root, "library");
    run->library_name = mca__json_text_at(reader, library, "name");
    run->library_hash = mca__json_hash_at(reader, library, "hash");
}

static void read_root(struct mca__json_reader *reader, const json_t *root,
                      struct mca_finished_run *run) {
    if (!json_is_object(root) ||
        json_integer_value(json_object_get(root, "schema_version")) != MCA__LEDGER_SCHEMA) {
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "%d: the run is of another version of mcasim",
                       MCA__LEDGER_SCHEMA);
        mca__json_refuse(reader, "schema_version", wanted);
        return;
    }
    read_identity(reader, root, run);
    read_fields(reader, mca__json_object_at(reader, root, "inventory"), mca__inventory_fields,
                &run->result.inventory);
    read_fields(reader, mca__json_object_at(reader, root, "result"), mca__result_fields,
                &run->result);
    if (run->scenario.chip.timing.what_if) {
        read_fields(reader, mca__json_object_at(reader, root, "what_if"), mca__what_if_fields,
                    &run->result);
    }
    if (json_object_get(root, "import")) { /* weights from outside */
        const json_t *import = mca__json_object_at(reader, root, "import");
        read_fields(reader, import, mca__import_fields, &run->result.import);
        read_numbers(reader, import, mca__import_number_fields, &run->result.import);
    }
    read_fields(reader, root, mca__ledger_fields, &run->result.ledger);
    struct mca_network_config *network = &run->scenario.chip.network;
    read_layers(reader, root, network->layer_count, &run->result);
    for (uint32_t i = 0; i < network->layer_count && reader->status == MCA_OK; ++i) {
        read_found(reader, json_array_get(json_object_get(root, "layers"), i), &network->found[i]);
    }
    read_epochs(reader, root, &run->result);
    read_confusion(reader, root, mca_network_config_outputs(network), &run->result);
    read_ages(reader, root, &run->scenario.train.ageing, &run->result);
}

int mca_is_sweep(const char *dir) {
    char path[MCA_PATH_SIZE];
    const int length = snprintf(path, sizeof path, "%s/sweep.json", dir);
    return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

/* The path of a run's scenario, where `dir` can be a run. */
static enum mca_status scenario_path(char path[MCA_PATH_SIZE], const char *dir,
                                     struct mca_error *error) {
    const int length = snprintf(path, MCA_PATH_SIZE, "%s/scenario.yaml", dir);
    if (dir[0] == '\0') {
        return mca_fail(error, MCA_INVALID, "'' is not the name of a run's directory");
    }
    if (length < 0 || length >= MCA_PATH_SIZE) {
        return mca_fail(error, MCA_INVALID, "%.60s...: the path is too long", dir);
    }
    if (access(path, F_OK) != 0 && mca_is_sweep(dir)) {
        return mca_fail(
            error, MCA_INVALID,
            "%.400s is a sweep: its runs are %.400s/points/HASH, its page is sweep.html", dir, dir);
    }
    return mca_check_regular(path, "", error); /* a pipe here would be waited for */
}

static enum mca_status load_scenario(struct mca_scenario *scenario, uint64_t *hash,
                                     const struct mca_run_sums *sums, const char *path,
                                     struct mca_error *error) {
    struct mca_scenario_origins origins;
    MCA_TRY(mca_run_sums_check(sums, "scenario.yaml", error));
    MCA_TRY(mca_scenario_load(scenario, &origins, path, error));
    MCA_TRY(mca_scenario_check(scenario, &origins, error));
    return mca_scenario_hash(scenario, hash, error);
}

enum mca_status mca_finished_run_scenario(struct mca_scenario *scenario, uint64_t *hash,
                                          struct mca_run_sums *sums, const char *dir,
                                          struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    MCA_TRY(scenario_path(path, dir, error));
    MCA_TRY(mca_run_sums_open(sums, dir, error));
    const enum mca_status status = load_scenario(scenario, hash, sums, path, error);
    if (status != MCA_OK) {
        mca_run_sums_close(sums);
    }
    return status;
}

static void read_text(const json_t *object, const char *key, char *text, size_t size) {
    const char *value = json_string_value(json_object_get(object, key));
    (void)snprintf(text, size, "%s", value ? value : "");
    mca_text_tame(text, '?');
}

/* As the run was told it; none of a run of before. */
static void read_advice(const json_t *list, struct mca_advice_list *advice) {
    const size_t count = json_array_size(list);
    advice->count = count < MCA_ADVICE_MAX ? (uint32_t)count : MCA_ADVICE_MAX;
    for (uint32_t i = 0; i < advice->count; ++i) {
        const json_t *object = json_array_get(list, i);
        struct mca_advice *line = &advice->lines[i];
        read_text(object, "rule", line->rule, sizeof line->rule);
        read_text(object, "key", line->key, sizeof line->key);
        read_text(object, "text", line->text, sizeof line->text);
        line->value = json_number_value(json_object_get(object, "value"));
        line->threshold = json_number_value(json_object_get(object, "threshold"));
    }
}

/* The ledger of the scenario with this hash. */
static enum mca_status load_ledger(struct mca_finished_run *run, uint64_t hash,
                                   const struct mca_run_sums *sums, struct mca_error *error) {
    char path[MCA_PATH_SIZE + 32];
    json_t *root;
    (void)snprintf(path, sizeof path, "%s/ledger.json", sums->dir);
    if (!sums->files) {
        mca_run_sums_notice(sums, run->notice);
    }
    read_advice(sums->advice, &run->advice);
    MCA_TRY(mca_run_sums_check(sums, "ledger.json", error));
    MCA_TRY(mca__json_load(path, "ledger", &root, error));
    struct mca__json_reader reader = {path, error, MCA_OK};
    read_root(&reader, root, run);
    json_decref(root);
    MCA_TRY(reader.status);
    return hash == run->scenario_hash
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s: scenario_hash: the ledger is of another scenario than the "
                          "scenario.yaml beside it",
                          path);
}

enum mca_status mca_finished_run_load(struct mca_finished_run *run, const char *dir,
                                      struct mca_error *error) {
    struct mca_run_sums sums;
    uint64_t hash;
    memset(run, 0, sizeof *run);
    MCA_TRY(mca_finished_run_scenario(&run->scenario, &hash, &sums, dir, error));
    const enum mca_status status = load_ledger(run, hash, &sums, error);
    mca_run_sums_close(&sums);
    if (status != MCA_OK) {
        mca_finished_run_deinit(run);
    }
    return status;
}

void mca_finished_run_deinit(struct mca_finished_run *run) {
    mca_train_result_deinit(&run->result);
    free(run->dataset_name);
    free(run->library_name);
}

struct mca_priced_run mca_finished_run_priced(const struct mca_finished_run *run,
                                              const struct mca_component_library *library) {
    struct mca_priced_run report = {.name = run->scenario.report.name,
                                    .scenario_hash = run->scenario_hash,
                                    .scenario = &run->scenario,
                                    .dataset = run->dataset,
                                    .result = &run->result,
                                    .library = library,
                                    .advice = &run->advice};
    mca_priced_run_init(&report);
    return report;
}

enum mca_status mca_finished_run_library(const struct mca_finished_run *run,
                                         struct mca_component_library *library,
                                         struct mca_error *error) {
    MCA_TRY(mca_component_library_load(library, run->scenario.cost.library, error));
    if (library->hash == run->library_hash) {
        return MCA_OK;
    }
    mca_component_library_deinit(library);
    return mca_fail(error, MCA_INVALID,
                    "%s is not the library that the run was priced with (%s): it was changed "
                    "since; `mcasim price` prices the run with it",
                    run->scenario.cost.library, run->library_name);
}

enum mca_status mca_with_finished_run(const char *dir, int quiet, mca_finished_run_use *use,
                                      const void *user, struct mca_error *error) {
    struct mca_finished_run *run = malloc(sizeof *run);
    if (!run) {
        return mca_fail_memory(error, "run");
    }
    enum mca_status status = mca_finished_run_load(run, dir, error);
    if (status == MCA_OK) {
        if (!quiet && run->notice[0]) {
            (void)fprintf(stderr, "%s\n", run->notice);
        }
        status = use(user, run, error);
        mca_finished_run_deinit(run);
    }
    free(run);
    return status;
}
