#include "reports/finished_run.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/ledger_fields.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "scenario/resolved.h"

enum { EPOCHS_MAX = 10000, LEDGER_SIZE_MAX = 1 << 28 };

/* A file being read; the first thing that is wrong is told, later ones are not looked at. */
struct reader {
    const char *path;
    struct mca_error *error;
    enum mca_status status;
};

static void refuse(struct reader *reader, const char *key, const char *wanted) {
    if (reader->status == MCA_OK) {
        reader->status =
            mca_fail(reader->error, MCA_INVALID, "%s: %s: expected %s", reader->path, key, wanted);
    }
}

static const json_t *object_at(struct reader *reader, const json_t *parent, const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_object(value)) {
        refuse(reader, key, "an object");
    }
    return value;
}

static uint64_t count_at(struct reader *reader, const json_t *parent, const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        refuse(reader, key, "a whole number, 0 or more");
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

static uint32_t small_count_at(struct reader *reader, const json_t *parent, const char *key) {
    const uint64_t count = count_at(reader, parent, key);
    if (count > UINT32_MAX) {
        refuse(reader, key, "a whole number below 2^32");
    }
    return (uint32_t)count;
}

static char *text_at(struct reader *reader, const json_t *parent, const char *key) {
    const char *text = json_string_value(json_object_get(parent, key));
    if (!text) {
        refuse(reader, key, "text");
        return NULL;
    }
    char *copy = malloc(strlen(text) + 1);
    if (!copy) {
        reader->status = mca_fail_memory(reader->error, reader->path);
        return NULL;
    }
    strcpy(copy, text);
    mca_text_tame(copy, '?');
    return copy;
}

/* null is NAN. */
static double number_at(struct reader *reader, const json_t *parent, const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_number(value) && !json_is_null(value)) {
        refuse(reader, key, "a number or null");
    }
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static uint64_t hash_at(struct reader *reader, const json_t *parent, const char *key) {
    const char *text = json_string_value(json_object_get(parent, key));
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16) {
        refuse(reader, key, "16 hexadecimal digits");
        return 0;
    }
    return strtoull(text, NULL, 16);
}

static void read_counts(struct reader *reader, const json_t *object,
                        const struct mca__field *fields, void *to) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        const uint64_t value = count_at(reader, object, field->name);
        memcpy((char *)to + field->offset, &value, sizeof value);
    }
}

static void read_ledger(struct reader *reader, const json_t *parent, struct mca_ledger *ledger) {
    const json_t *counts = object_at(reader, parent, "counts");
    const json_t *busy = object_at(reader, parent, "busy_ps");
    const json_t *critical = object_at(reader, parent, "critical_ps");
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        const char *phase = mca_phase_name((enum mca_phase)p);
        const json_t *phase_counts = object_at(reader, counts, phase);
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            ledger->counts[p][c] =
                count_at(reader, phase_counts, mca_component_name((enum mca_component)c));
        }
        const json_t *phase_busy = object_at(reader, busy, phase);
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            ledger->busy_ps[p][r] =
                count_at(reader, phase_busy, mca_resource_name((enum mca_resource)r));
        }
        ledger->critical_ps[p] = count_at(reader, critical, phase);
    }
}

static void read_inventory(struct reader *reader, const json_t *root,
                           struct mca_inventory *inventory) {
    const json_t *object = object_at(reader, root, "inventory");
    read_counts(reader, object, mca__inventory_fields, inventory);
    const json_t *instances = object_at(reader, object, "resource_instances");
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        inventory->resource_instances[r] =
            count_at(reader, instances, mca_resource_name((enum mca_resource)r));
    }
}

static void read_epoch(struct reader *reader, const json_t *object,
                       struct mca_epoch_record *record) {
    record->epoch = small_count_at(reader, object, "epoch");
    for (const struct mca__field *field = mca__epoch_number_fields; field->name; ++field) {
        const double value = number_at(reader, object, field->name);
        memcpy((char *)record + field->offset, &value, sizeof value);
    }
    read_counts(reader, object, mca__epoch_fields, record);
    read_ledger(reader, object, &record->ledger);
}

static void read_epochs(struct reader *reader, const json_t *root,
                        struct mca_train_result *result) {
    const json_t *epochs = json_object_get(root, "epochs");
    if (!json_is_array(epochs)) {
        refuse(reader, "epochs", "a list");
        return;
    }
    const size_t count = json_array_size(epochs);
    if (count > EPOCHS_MAX) {
        refuse(reader, "epochs", "at most 10000 epochs");
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

static void read_identity(struct reader *reader, const json_t *root, struct mca_finished_run *run) {
    run->scenario_hash = hash_at(reader, root, "scenario_hash");
    const json_t *dataset = object_at(reader, root, "dataset");
    run->dataset.train = small_count_at(reader, dataset, "train");
    run->dataset.test = small_count_at(reader, dataset, "test");
    run->dataset.hash = hash_at(reader, dataset, "hash");
    run->dataset_name = text_at(reader, dataset, "name");
    run->dataset.name = run->dataset_name;
    const json_t *library = object_at(reader, root, "library");
    run->library_name = text_at(reader, library, "name");
    run->library_hash = hash_at(reader, library, "hash");
}

static void read_root(struct reader *reader, const json_t *root, struct mca_finished_run *run) {
    if (!json_is_object(root) ||
        json_integer_value(json_object_get(root, "schema_version")) != MCA__LEDGER_SCHEMA) {
        refuse(reader, "schema_version", "3: the run is of another version of mcasim");
        return;
    }
    read_identity(reader, root, run);
    read_inventory(reader, root, &run->result.inventory);
    read_counts(reader, object_at(reader, root, "result"), mca__result_fields, &run->result);
    read_ledger(reader, root, &run->result.ledger);
    read_epochs(reader, root, &run->result);
}

static enum mca_status load_ledger(struct mca_finished_run *run, const char *path,
                                   struct mca_error *error) {
    FILE *file = fopen(path, "rb");
    struct stat info;
    if (!file) {
        return mca_fail_errno(error, "%s", path);
    }
    if (fstat(fileno(file), &info) == 0 && info.st_size > LEDGER_SIZE_MAX) {
        (void)fclose(file);
        return mca_fail(error, MCA_INVALID, "%s: larger than %d bytes; no ledger is", path,
                        LEDGER_SIZE_MAX);
    }
    json_error_t fault;
    errno = 0;
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &fault);
    if (ferror(file)) {
        const enum mca_status status = mca_fail_errno(error, "%s", path);
        (void)fclose(file);
        json_decref(root);
        return status;
    }
    (void)fclose(file);
    if (!root) {
        return mca_fail(error, MCA_INVALID, "%s:%d: %s", path, fault.line, fault.text);
    }
    struct reader reader = {path, error, MCA_OK};
    read_root(&reader, root, run);
    json_decref(root);
    return reader.status;
}

static enum mca_status load(struct mca_finished_run *run, const char *dir,
                            struct mca_error *error) {
    char path[4096];
    struct mca_scenario_origins origins;
    const int length = snprintf(path, sizeof path, "%s/scenario.yaml", dir);
    if (length < 0 || (size_t)length >= sizeof path) {
        return mca_fail(error, MCA_SYSTEM, "%.60s...: the path is too long", dir);
    }
    MCA_TRY(mca_scenario_load(&run->scenario, &origins, path, error));
    MCA_TRY(mca_scenario_check(&run->scenario, &origins, error));
    uint64_t hash;
    MCA_TRY(mca_scenario_hash(&run->scenario, &hash, error));
    (void)snprintf(path, sizeof path, "%s/ledger.json", dir);
    MCA_TRY(load_ledger(run, path, error));
    return hash == run->scenario_hash
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s: scenario_hash: the ledger is of another scenario than the "
                          "scenario.yaml beside it",
                          path);
}

enum mca_status mca_finished_run_load(struct mca_finished_run *run, const char *dir,
                                      struct mca_error *error) {
    memset(run, 0, sizeof *run);
    const enum mca_status status = load(run, dir, error);
    if (status != MCA_OK) {
        mca_finished_run_deinit(run);
    }
    return status;
}

void mca_finished_run_deinit(struct mca_finished_run *run) {
    mca_train_result_deinit(&run->result);
    free(run->dataset_name);
    free(run->library_name);
    run->dataset_name = NULL;
    run->library_name = NULL;
}

struct mca_run_report mca_finished_run_report(const struct mca_finished_run *run,
                                              const struct mca_component_library *library) {
    struct mca_run_report report = {.name = run->scenario.report.name,
                                    .scenario_hash = run->scenario_hash,
                                    .scenario = &run->scenario,
                                    .dataset = run->dataset,
                                    .result = &run->result,
                                    .library = library};
    mca_run_report_init(&report);
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
