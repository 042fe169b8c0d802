/* summary.json: all results of a run. Its keys are a stable contract. */
#include <math.h>

#include "reports/json_tools.h"
#include "reports/report_facts.h"
#include "reports/run_report.h"

static void put_identity(struct mca__json *j, const struct mca_run_report *report) {
    mca__json_count(j, j->root, "schema_version", 1);
    json_t *tool = mca__json_object(j, j->root, "tool");
    mca__json_text(j, tool, "name", "mcasim");
    mca__json_text(j, tool, "version", MCA_VERSION);
    mca__json_text(j, tool, "commit", MCA_COMMIT);
    json_t *scenario = mca__json_object(j, j->root, "scenario");
    mca__json_text(j, scenario, "name", report->name);
    mca__json_hash(j, scenario, "hash", report->scenario_hash);
    mca__json_count(j, j->root, "seed", report->scenario->chip.seed);
    json_t *dataset = mca__json_object(j, j->root, "dataset");
    mca__json_text(j, dataset, "name", report->dataset.name);
    mca__json_count(j, dataset, "train", report->dataset.train);
    mca__json_count(j, dataset, "test", report->dataset.test);
    mca__json_hash(j, dataset, "hash", report->dataset.hash);
}

static void put_accuracy(struct mca__json *j, const struct mca_run_report *report) {
    const struct mca__accuracy a = mca__accuracy_of(report->result);
    json_t *accuracy = mca__json_object(j, j->root, "accuracy");
    mca__json_number(j, accuracy, "test_final", a.test_final);
    mca__json_number(j, accuracy, "test_best", a.test_best);
    if (a.test_best_epoch > 0) {
        mca__json_count(j, accuracy, "test_best_epoch", a.test_best_epoch);
    } else {
        mca__json_null(j, accuracy, "test_best_epoch");
    }
    mca__json_number(j, accuracy, "train_final", a.train_final);
    mca__json_number(j, accuracy, "validation_final", a.validation_final);
    mca__json_count(j, j->root, "images", report->result->images);
    mca__json_count(j, j->root, "epochs", report->result->epoch_count);
}

static void put_range(struct mca__json *j, json_t *parent, const char *key, struct mca_energy e) {
    json_t *range = mca__json_object(j, parent, key);
    mca__json_number(j, range, "total", e.j);
    mca__json_number(j, range, "low", e.low_j);
    mca__json_number(j, range, "high", e.high_j);
}

static void put_energy(struct mca__json *j, const struct mca_run_report *report) {
    const struct mca_pricing *p = &report->pricing;
    json_t *energy = mca__json_object(j, j->root, "energy_j");
    mca__json_number(j, energy, "total", p->total.j);
    mca__json_number(j, energy, "per_image",
                     mca__ratio(p->total.j, (double)report->result->images));
    mca__json_number(j, energy, "dynamic", p->dynamic_total.j);
    mca__json_number(j, energy, "static", p->static_total.j);
    mca__json_number(j, energy, "low", p->total.low_j);
    mca__json_number(j, energy, "high", p->total.high_j);
    json_t *by_phase = mca__json_object(j, energy, "by_phase");
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        mca__json_number(j, by_phase, mca_phase_name((enum mca_phase)i), p->by_phase[i].j);
    }
    json_t *by_component = mca__json_object(j, energy, "by_component");
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        put_range(j, by_component, mca_component_name((enum mca_component)c), p->by_component[c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        char key[64];
        (void)snprintf(key, sizeof key, "static_%s", mca_block_name((enum mca_block)b));
        put_range(j, by_component, key, p->by_block[b]);
    }
    json_t *other = mca__json_object(j, j->root, "energy_other_j");
    mca__json_number(j, other, "test", p->by_phase[MCA_PHASE_TEST].j);
    mca__json_number(j, other, "init", p->by_phase[MCA_PHASE_INIT].j);
}

static void put_latency(struct mca__json *j, const struct mca_run_report *report) {
    const struct mca_pricing *p = &report->pricing;
    json_t *latency = mca__json_object(j, j->root, "latency_s");
    mca__json_number(j, latency, "total", p->time_s);
    mca__json_number(j, latency, "per_image",
                     mca__ratio(p->time_s, (double)report->result->images));
    json_t *path = mca__json_object(j, latency, "critical_path");
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        mca__json_number(j, path, mca_phase_name((enum mca_phase)i), p->critical_s[i]);
    }
    mca__json_text(j, latency, "bottleneck",
                   p->time_s > 0.0 ? mca_resource_name(p->bottleneck) : NULL);
    json_t *utilisation = mca__json_object(j, latency, "utilisation");
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__json_number(j, utilisation, mca_resource_name((enum mca_resource)r),
                         p->time_s > 0.0 ? p->utilisation[r] : (double)NAN);
    }
    json_t *area = mca__json_object(j, j->root, "area_mm2");
    mca__json_number(j, area, "total", p->area_total_mm2);
    json_t *by_component = mca__json_object(j, area, "by_component");
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        mca__json_number(j, by_component, mca_block_name((enum mca_block)b), p->area_mm2[b]);
    }
}

static void put_devices(struct mca__json *j, const struct mca_train_result *result) {
    json_t *writes = mca__json_object(j, j->root, "writes");
    mca__json_count(j, writes, "set_total", result->set_pulses);
    mca__json_count(j, writes, "reset_total", result->reset_pulses);
    mca__json_number(j, writes, "set_per_image",
                     mca__ratio((double)result->set_pulses, (double)result->images));
    mca__json_count(j, writes, "refresh_pairs", result->refreshed_pairs);
    mca__json_count(j, writes, "max_per_device", result->max_writes_per_device);
    json_t *health = mca__json_object(j, j->root, "health");
    mca__json_number(j, health, "adc_clip_fraction",
                     mca__ratio((double)result->adc_clips, (double)result->adc_conversions));
    mca__json_count(j, health, "chi_saturations", result->chi_saturations);
    mca__json_count(j, health, "devices_at_gmax", result->devices_at_gmax);
    mca__json_number(j, health, "update_loss_fraction",
                     mca__ratio((double)result->updates_lost, (double)result->update_products));
}

static void put_baselines(struct mca__json *j, const struct mca_run_report *report) {
    json_t *baselines = mca__json_object(j, j->root, "baselines");
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline *b = &report->baselines[d];
        json_t *o =
            mca__json_object(j, baselines, mca_baseline_design_name((enum mca_baseline_design)d));
        mca__json_number(j, o, "energy_j_per_image", b->energy_j_per_image);
        mca__json_number(j, o, "dynamic_j_per_image", b->dynamic_j_per_image);
        mca__json_number(j, o, "latency_s_per_image", b->latency_s_per_image);
        mca__json_number(j, o, "energy_ratio", b->energy_ratio);
    }
}

static void put_milestones(struct mca__json *j, const struct mca_run_report *report) {
    json_t *milestones = mca__json_object(j, j->root, "milestones");
    for (int i = 0; i < MCA__MILESTONE_COUNT; ++i) {
        const struct mca_epoch_record *record = mca__milestone(report->result, mca__milestones[i]);
        char key[16];
        (void)snprintf(key, sizeof key, "%.2f", mca__milestones[i]);
        if (!record) {
            mca__json_null(j, milestones, key);
            continue;
        }
        json_t *o = mca__json_object(j, milestones, key);
        mca__json_count(j, o, "images", record->images);
        mca__json_number(j, o, "energy_j", mca__epoch_energy_j(report, record));
        mca__json_number(j, o, "time_s", (double)record->time_ps / 1e12);
    }
}

static void put_runtime(struct mca__json *j, const struct mca_run_report *report) {
    const struct mca_runtime *r = &report->runtime;
    json_t *runtime = mca__json_object(j, j->root, "runtime");
    if (r->threads == 0) { /* priced again: nothing ran */
        static const char *const keys[] = {"wall_s", "train_images_per_s", "test_images_per_s",
                                           "peak_rss_bytes", "threads"};
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
            mca__json_null(j, runtime, keys[i]);
        }
        return;
    }
    mca__json_number(j, runtime, "wall_s", r->wall_s);
    mca__json_number(j, runtime, "train_images_per_s",
                     mca__ratio((double)report->result->images, r->train_wall_s));
    mca__json_number(j, runtime, "test_images_per_s",
                     mca__ratio((double)report->result->tested_images, r->test_wall_s));
    mca__json_count(j, runtime, "peak_rss_bytes", r->peak_rss_bytes);
    mca__json_count(j, runtime, "threads", r->threads);
}

enum mca_status mca_report_write_summary(const struct mca_run_report *report, const char *dir,
                                         struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    put_identity(&json, report);
    put_accuracy(&json, report);
    put_energy(&json, report);
    put_latency(&json, report);
    put_devices(&json, report->result);
    put_baselines(&json, report);
    put_milestones(&json, report);
    put_runtime(&json, report);
    return mca__json_write(&json, dir, "summary.json", error);
}
