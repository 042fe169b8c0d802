/* ledger.json: everything countable of a run, from which it can be priced again. */
#include "reports/json_tools.h"
#include "reports/report_facts.h"
#include "reports/run_report.h"

static void put_ledger(struct mca__json *j, json_t *parent, const struct mca_ledger *ledger) {
    json_t *counts = mca__json_object(j, parent, "counts");
    json_t *busy = mca__json_object(j, parent, "busy_ps");
    json_t *critical = mca__json_object(j, parent, "critical_ps");
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        const char *phase = mca_phase_name((enum mca_phase)p);
        json_t *phase_counts = mca__json_object(j, counts, phase);
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            mca__json_count(j, phase_counts, mca_component_name((enum mca_component)c),
                            ledger->counts[p][c]);
        }
        json_t *phase_busy = mca__json_object(j, busy, phase);
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            mca__json_count(j, phase_busy, mca_resource_name((enum mca_resource)r),
                            ledger->busy_ps[p][r]);
        }
        mca__json_count(j, critical, phase, ledger->critical_ps[p]);
    }
}

static void put_inventory(struct mca__json *j, const struct mca_inventory *inventory) {
    json_t *o = mca__json_object(j, j->root, "inventory");
    mca__json_count(j, o, "tiles", inventory->tiles);
    mca__json_count(j, o, "devices", inventory->devices);
    mca__json_count(j, o, "weights", inventory->weights);
    mca__json_count(j, o, "dacs", inventory->dacs);
    mca__json_count(j, o, "adcs", inventory->adcs);
    mca__json_count(j, o, "sample_holds", inventory->sample_holds);
    mca__json_count(j, o, "program_drivers", inventory->program_drivers);
    mca__json_count(j, o, "dpu_lanes", inventory->dpu_lanes);
    mca__json_count(j, o, "sigmoid_units", inventory->sigmoid_units);
    mca__json_count(j, o, "chi_bits", inventory->chi_bits);
    mca__json_count(j, o, "buffer_bits", inventory->buffer_bits);
    json_t *instances = mca__json_object(j, o, "resource_instances");
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__json_count(j, instances, mca_resource_name((enum mca_resource)r),
                        inventory->resource_instances[r]);
    }
}

static void put_work(struct mca__json *j, const struct mca_run_report *report) {
    const struct mca_train_result *result = report->result;
    json_t *work = mca__json_object(j, j->root, "work");
    mca__json_count(j, work, "images", result->images);
    mca__json_count(j, work, "tested_images", result->tested_images);
    mca__json_count(j, work, "forward_macs", result->forward_macs);
    mca__json_count(j, work, "forward_macs_nonzero", result->forward_macs_nonzero);
    mca__json_count(j, work, "backward_macs", result->backward_macs);
    mca__json_count(j, work, "update_macs", result->update_macs);
    mca__json_count(j, work, "update_macs_nonzero", result->update_macs_nonzero);
    mca__json_count(j, work, "update_products", result->update_products);
    mca__json_count(j, work, "set_pulses", result->set_pulses);
    mca__json_count(j, work, "dpu_lanes", report->scenario->chip.dpu.lanes);
    mca__json_count(j, work, "dpu_clock_hz", report->scenario->chip.dpu.clock_hz);
}

static void put_epochs(struct mca__json *j, const struct mca_train_result *result) {
    json_t *epochs = mca__json_array(j, j->root, "epochs");
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        json_t *o = mca__json_object(j, epochs, NULL);
        mca__json_count(j, o, "epoch", record->epoch);
        mca__json_count(j, o, "images", record->images);
        mca__json_number(j, o, "test_accuracy", record->test_accuracy);
        mca__json_count(j, o, "time_ps", record->time_ps);
        put_ledger(j, o, &record->ledger);
    }
}

enum mca_status mca_report_write_ledger(const struct mca_run_report *report, const char *dir,
                                        struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    mca__json_count(&json, json.root, "schema_version", 1);
    json_t *library = mca__json_object(&json, json.root, "library");
    mca__json_text(&json, library, "name", report->library->name);
    mca__json_hash(&json, library, "hash", report->library->hash);
    put_inventory(&json, &report->result->inventory);
    put_work(&json, report);
    put_ledger(&json, json.root, &report->result->ledger);
    put_epochs(&json, report->result);
    return mca__json_write(&json, dir, "ledger.json", error);
}
