/* ledger.json: everything countable of a run, from which it can be priced again (finished_run.h).
 */
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "reports/figures/facts.h"
#include "reports/run/report.h"
#include "run/ledger_fields.h"

/* A number, or the object of those that an axis names. */
static void put_field(struct mca__json *j, json_t *parent, const char *key,
                      const enum mca__axis *axes, const uint64_t *from) {
    if (*axes == MCA__AXIS_NONE) {
        mca__json_count(j, parent, key, *from);
        return;
    }
    json_t *object = mca__json_object(j, parent, key);
    for (int i = 0; i < mca__axis_count(*axes); ++i) {
        put_field(j, object, mca__axis_name(*axes, i), axes + 1,
                  from + (ptrdiff_t)i * mca__axis_step(axes[1]));
    }
}

static void put_fields(struct mca__json *j, json_t *object, const struct mca__field *fields,
                       const void *from) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        put_field(j, object, field->name, field->axes,
                  (const void *)((const char *)from + field->offset));
    }
}

/* What was found for a layer from training images and imported weights, where something was. */
static void put_found(struct mca__json *j, json_t *layer, const struct mca_found_numbers *found) {
    const int has_ranges = found->adc_forward_range > 0.0 || found->adc_backward_range > 0.0;
    if (!found->has_activation && !has_ranges && found->unit_weight_us == 0.0) {
        return;
    }
    json_t *o = mca__json_object(j, layer, "found");
    mca__json_number(j, o, "activation_scale",
                     found->has_activation ? ldexp(1.0, found->activation_exponent) : 0.0);
    mca__json_number(j, o, "adc_forward_range", found->adc_forward_range);
    mca__json_number(j, o, "adc_backward_range", found->adc_backward_range);
    if (found->unit_weight_us > 0.0) {
        mca__json_number(j, o, "unit_weight_us", found->unit_weight_us);
    }
}

/* The network's layers, and last what belongs to none. */
static void put_layers(struct mca__json *j, const struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    json_t *layers = mca__json_array(j, j->root, "layers");
    for (uint32_t i = 0; i <= result->layer_count; ++i) {
        const struct mca_layer_result *layer = &result->layers[i];
        json_t *o = mca__json_object(j, layers, NULL);
        if (i < result->layer_count) {
            mca__json_count(j, o, "layer", i);
            put_found(j, o, &report->scenario->chip.network.found[i]);
        } else {
            mca__json_null(j, o, "layer");
        }
        put_fields(j, o, mca__part_fields, &layer->part);
        put_fields(j, mca__json_object(j, o, "inventory"), mca__inventory_fields,
                   &layer->inventory);
        put_fields(j, o, mca__layer_fields, layer);
    }
}

/* Plain doubles, by name. */
static void put_numbers(struct mca__json *j, json_t *object, const struct mca__field *fields,
                        const void *from) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        double value;
        memcpy(&value, (const char *)from + field->offset, sizeof value);
        mca__json_number(j, object, field->name, value);
    }
}

static void put_epochs(struct mca__json *j, const struct mca_train_result *result) {
    json_t *epochs = mca__json_array(j, j->root, "epochs");
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        json_t *o = mca__json_object(j, epochs, NULL);
        mca__json_count(j, o, "epoch", record->epoch);
        put_numbers(j, o, mca__epoch_number_fields, record);
        put_fields(j, o, mca__epoch_fields, record);
        put_fields(j, o, mca__ledger_fields, &record->ledger);
    }
}

/* Row by row: images of a class, by what they were taken for. */
static void put_confusion(struct mca__json *j, const struct mca_priced_run *report) {
    const size_t outputs = mca_network_config_outputs(&report->scenario->chip.network);
    json_t *confusion = mca__json_array(j, j->root, "confusion");
    for (size_t i = 0; i < outputs * outputs; ++i) {
        mca__json_count(j, confusion, NULL, report->result->confusion[i]);
    }
}

/* Accuracies of the tests at each age, where there are any. */
static void put_ages(struct mca__json *j, const struct mca_train_result *result) {
    json_t *ages = result->age_count > 0 ? mca__json_array(j, j->root, "ages") : NULL;
    for (uint32_t i = 0; i < result->age_count; ++i) {
        json_t *o = mca__json_object(j, ages, NULL);
        mca__json_number(j, o, "age_s", result->ages_s[i]);
        json_t *accuracy = mca__json_array(j, o, "accuracy");
        for (uint32_t k = 0; k < result->age_seeds; ++k) {
            mca__json_number(j, accuracy, NULL, result->aged_accuracy[i * result->age_seeds + k]);
        }
    }
}

static void put_identity(struct mca__json *j, const struct mca_priced_run *report) {
    mca__json_hash(j, j->root, "scenario_hash", report->scenario_hash);
    json_t *dataset = mca__json_object(j, j->root, "dataset");
    mca__json_text(j, dataset, "name", report->dataset.name);
    mca__json_count(j, dataset, "train", report->dataset.train);
    mca__json_count(j, dataset, "test", report->dataset.test);
    mca__json_hash(j, dataset, "hash", report->dataset.hash);
    json_t *library = mca__json_object(j, j->root, "library");
    mca__json_text(j, library, "name", report->library->name);
    mca__json_hash(j, library, "hash", report->library->hash);
}

enum mca_status mca_report_write_ledger(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    mca__json_count(&json, json.root, "schema_version", MCA__LEDGER_SCHEMA);
    put_identity(&json, report);
    put_fields(&json, mca__json_object(&json, json.root, "inventory"), mca__inventory_fields,
               &report->result->inventory);
    put_fields(&json, mca__json_object(&json, json.root, "result"), mca__result_fields,
               report->result);
    put_fields(&json, json.root, mca__ledger_fields, &report->result->ledger);
    if (report->scenario->chip.timing.what_if) {
        put_fields(&json, mca__json_object(&json, json.root, "what_if"), mca__what_if_fields,
                   report->result);
    }
    if (report->result->import.weights > 0) {
        json_t *import = mca__json_object(&json, json.root, "import");
        put_fields(&json, import, mca__import_fields, &report->result->import);
        put_numbers(&json, import, mca__import_number_fields, &report->result->import);
    }
    put_layers(&json, report);
    put_epochs(&json, report->result);
    put_confusion(&json, report);
    put_ages(&json, report->result);
    return mca__json_write(&json, dir, "ledger.json", error);
}
