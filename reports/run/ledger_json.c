/* ledger.json: everything countable of a run, from which it can be priced again (finished_run.h).
 */
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "reports/figures/facts.h"
#include "reports/run/report.h"
#include "run/ledger_fields.h"

static void put_part(struct mca__json *j, json_t *parent, const struct mca_ledger_part *part) {
    json_t *counts = mca__json_object(j, parent, "counts");
    json_t *busy = mca__json_object(j, parent, "busy_ps");
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        const char *phase = mca_phase_name((enum mca_phase)p);
        json_t *phase_counts = mca__json_object(j, counts, phase);
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            mca__json_count(j, phase_counts, mca_component_name((enum mca_component)c),
                            part->counts[p][c]);
        }
        json_t *phase_busy = mca__json_object(j, busy, phase);
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            mca__json_count(j, phase_busy, mca_resource_name((enum mca_resource)r),
                            part->busy_ps[p][r]);
        }
    }
}

static void put_ledger(struct mca__json *j, json_t *parent, const struct mca_ledger *ledger) {
    struct mca_ledger_part all;
    memcpy(all.counts, ledger->counts, sizeof all.counts);
    memcpy(all.busy_ps, ledger->busy_ps, sizeof all.busy_ps);
    put_part(j, parent, &all);
    json_t *critical = mca__json_object(j, parent, "critical_ps");
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        mca__json_count(j, critical, mca_phase_name((enum mca_phase)p), ledger->critical_ps[p]);
    }
}

static void put_counts(struct mca__json *j, json_t *object, const struct mca__field *fields,
                       const void *from) {
    for (const struct mca__field *field = fields; field->name; ++field) {
        uint64_t value;
        memcpy(&value, (const char *)from + field->offset, sizeof value);
        mca__json_count(j, object, field->name, value);
    }
}

static void put_inventory(struct mca__json *j, json_t *parent,
                          const struct mca_inventory *inventory) {
    json_t *o = mca__json_object(j, parent, "inventory");
    put_counts(j, o, mca__inventory_fields, inventory);
    json_t *instances = mca__json_object(j, o, "resource_instances");
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__json_count(j, instances, mca_resource_name((enum mca_resource)r),
                        inventory->resource_instances[r]);
    }
}

/* What was found for a layer from training images, where something was. */
static void put_found(struct mca__json *j, json_t *layer, const struct mca_found_numbers *found) {
    const int has_ranges = found->adc_forward_range > 0.0 || found->adc_backward_range > 0.0;
    if (!found->has_activation && !has_ranges) {
        return;
    }
    json_t *o = mca__json_object(j, layer, "found");
    mca__json_number(j, o, "activation_scale",
                     found->has_activation ? ldexp(1.0, found->activation_exponent) : 0.0);
    mca__json_number(j, o, "adc_forward_range", found->adc_forward_range);
    mca__json_number(j, o, "adc_backward_range", found->adc_backward_range);
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
        put_part(j, o, &layer->part);
        put_inventory(j, o, &layer->inventory);
        put_counts(j, o, mca__layer_fields, layer);
    }
}

static void put_epochs(struct mca__json *j, const struct mca_train_result *result) {
    json_t *epochs = mca__json_array(j, j->root, "epochs");
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        json_t *o = mca__json_object(j, epochs, NULL);
        mca__json_count(j, o, "epoch", record->epoch);
        for (const struct mca__field *field = mca__epoch_number_fields; field->name; ++field) {
            double value;
            memcpy(&value, (const char *)record + field->offset, sizeof value);
            mca__json_number(j, o, field->name, value);
        }
        put_counts(j, o, mca__epoch_fields, record);
        put_ledger(j, o, &record->ledger);
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
    put_inventory(&json, json.root, &report->result->inventory);
    put_counts(&json, mca__json_object(&json, json.root, "result"), mca__result_fields,
               report->result);
    put_ledger(&json, json.root, &report->result->ledger);
    put_layers(&json, report);
    put_epochs(&json, report->result);
    return mca__json_write(&json, dir, "ledger.json", error);
}
