/* summary.json: all results of a run. Its keys are a stable contract. */
#include <math.h>

#include "base/json_writer.h"
#include "reports/figures/facts.h"
#include "reports/figures/verdict.h"
#include "reports/run/report.h"
#include "run/sums.h"

static void put_identity(struct mca__json *j, const struct mca_priced_run *report) {
    mca__json_count(j, j->root, "schema_version", MCA_SUMMARY_SCHEMA);
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

static void put_accuracy(struct mca__json *j, const struct mca_priced_run *report) {
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

static void put_range(struct mca__json *j, json_t *parent, const char *key, double value,
                      struct mca_range range) {
    json_t *object = mca__json_object(j, parent, key);
    mca__json_number(j, object, "total", value);
    mca__json_number(j, object, "low", range.low);
    mca__json_number(j, object, "high", range.high);
}

static void put_ends(struct mca__json *j, json_t *parent, const char *key, struct mca_range range) {
    json_t *object = mca__json_object(j, parent, key);
    mca__json_number(j, object, "low", range.low);
    mca__json_number(j, object, "high", range.high);
}

/* What a chip or a design is built of and may spend: the baselines' components and blocks belong to
 * no chip, most of the chip's to no baseline. */
struct parts {
    int components[MCA_COMPONENT_COUNT];
    int blocks[MCA_BLOCK_COUNT];
};

static struct parts parts_of_chip(void) {
    struct parts parts = {{0}, {0}};
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
        parts.components[c] = 1;
    }
    for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
        parts.blocks[b] = 1;
    }
    return parts;
}

static struct parts parts_of_baseline(const struct mca_baseline *baseline) {
    struct parts parts = {{0}, {0}};
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            parts.components[c] |= baseline->ledger.counts[p][c] > 0;
        }
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        parts.blocks[b] = mca_block_instances(&baseline->inventory, (enum mca_block)b) > 0;
    }
    return parts;
}

static void put_energy(struct mca__json *j, json_t *parent, const struct mca_pricing *p,
                       const struct parts *parts, double images) {
    json_t *energy = mca__json_object(j, parent, "energy_j");
    mca__json_number(j, energy, "total", p->total_j);
    mca__json_number(j, energy, "per_image", mca__ratio(p->total_j, images));
    mca__json_number(j, energy, "dynamic", p->dynamic_j);
    mca__json_number(j, energy, "static", p->static_j);
    mca__json_number(j, energy, "low", p->total_range_j.low);
    mca__json_number(j, energy, "high", p->total_range_j.high);
    put_ends(j, energy, "independent", p->independent_range_j);
    put_ends(j, energy, "common", p->common_range_j);
    json_t *by_phase = mca__json_object(j, energy, "by_phase");
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        mca__json_number(j, by_phase, mca_phase_name((enum mca_phase)i), p->by_phase_j[i]);
    }
    json_t *by_component = mca__json_object(j, energy, "by_component");
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        if (parts->components[c]) {
            put_range(j, by_component, mca_component_name((enum mca_component)c),
                      p->by_component_j[c], p->component_range_j[c]);
        }
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        char key[64];
        (void)snprintf(key, sizeof key, "static_%s", mca_block_name((enum mca_block)b));
        if (parts->blocks[b]) {
            put_range(j, by_component, key, p->by_block_j[b], p->block_range_j[b]);
        }
    }
}

static void put_latency(struct mca__json *j, json_t *parent, const struct mca_pricing *p,
                        const struct mca_inventory *inventory, double images) {
    json_t *latency = mca__json_object(j, parent, "latency_s");
    mca__json_number(j, latency, "total", p->time_s);
    mca__json_number(j, latency, "per_image", mca__ratio(p->time_s, images));
    json_t *path = mca__json_object(j, latency, "critical_path");
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        mca__json_number(j, path, mca_phase_name((enum mca_phase)i), p->critical_s[i]);
    }
    mca__json_text(j, latency, "bottleneck",
                   p->time_s > 0.0 ? mca_resource_name(p->bottleneck) : NULL);
    json_t *utilisation = mca__json_object(j, latency, "utilisation");
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        const int defined = p->time_s > 0.0 && inventory->resource_instances[r] > 0;
        mca__json_number(j, utilisation, mca_resource_name((enum mca_resource)r),
                         defined ? p->utilisation[r] : (double)NAN);
    }
}

static void put_area(struct mca__json *j, json_t *parent, const struct mca_pricing *p,
                     const struct parts *parts) {
    json_t *area = mca__json_object(j, parent, "area_mm2");
    mca__json_number(j, area, "total", p->area_total_mm2);
    json_t *by_component = mca__json_object(j, area, "by_component");
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        if (parts->blocks[b]) {
            mca__json_number(j, by_component, mca_block_name((enum mca_block)b), p->area_mm2[b]);
        }
    }
}

static void put_costs(struct mca__json *j, const struct mca_priced_run *report) {
    const struct mca_pricing *p = &report->pricing;
    const struct parts parts = parts_of_chip();
    const double images = (double)report->result->images;
    put_energy(j, j->root, p, &parts, images);
    json_t *other = mca__json_object(j, j->root, "energy_other_j");
    mca__json_number(j, other, "test", p->by_phase_j[MCA_PHASE_TEST]);
    mca__json_number(j, other, "init", p->by_phase_j[MCA_PHASE_INIT]);
    put_latency(j, j->root, p, &report->result->inventory, images);
    put_area(j, j->root, p, &parts);
}

static void put_unless(struct mca__json *j, json_t *object, const char *key, int does_not_apply,
                       uint64_t value) {
    if (does_not_apply) {
        mca__json_null(j, object, key);
    } else {
        mca__json_count(j, object, key, value);
    }
}

/* Continuous devices have no pulses of their own and no largest conductance. */
static void put_devices(struct mca__json *j, const struct mca_priced_run *report) {
    const struct mca_train_result *result = report->result;
    const int is_continuous = mca__is_continuous(report);
    json_t *writes = mca__json_object(j, j->root, "writes");
    mca__json_count(j, writes, "set_total", result->set_pulses);
    mca__json_count(j, writes, "reset_total", result->reset_pulses);
    mca__json_number(j, writes, "set_per_image",
                     mca__ratio((double)result->set_pulses, (double)result->images));
    mca__json_count(j, writes, "refresh_pairs", result->refreshed_pairs);
    put_unless(j, writes, "max_per_device", is_continuous, result->max_writes_per_device);
    json_t *health = mca__json_object(j, j->root, "health");
    mca__json_number(j, health, "adc_clip_fraction",
                     mca__ratio((double)result->adc_clips, (double)result->adc_conversions));
    mca__json_count(j, health, "chi_saturations", result->chi_saturations);
    put_unless(j, health, "devices_at_gmax", is_continuous, result->devices_at_gmax);
    mca__json_number(j, health, "update_loss_fraction",
                     mca__ratio((double)result->updates_lost, (double)result->update_products));
}

static void put_per_image(struct mca__json *j, json_t *object, const struct mca_baseline *b,
                          const struct mca_priced_run *report) {
    const double images = (double)report->result->images;
    mca__json_count(j, object, "lanes", b->lanes);
    mca__json_number(j, object, "energy_j_per_image", mca__ratio(b->pricing.total_j, images));
    mca__json_number(j, object, "dynamic_j_per_image", mca__ratio(b->pricing.dynamic_j, images));
    mca__json_number(j, object, "latency_s_per_image", mca__ratio(b->pricing.time_s, images));
}

/* At the chip's throughput or area; null where the design cannot have it. */
static void put_iso(struct mca__json *j, json_t *parent, const char *key,
                    const struct mca_baseline *b, const struct mca_priced_run *report) {
    if (b->lanes == 0) {
        mca__json_null(j, parent, key);
        return;
    }
    json_t *object = mca__json_object(j, parent, key);
    put_per_image(j, object, b, report);
    mca__json_number(j, object, "area_mm2", b->pricing.area_total_mm2);
}

/* "key", "key_low", "key_high". */
static void put_ratio(struct mca__json *j, json_t *object, const char *key,
                      const struct mca_energy_ratio *ratio) {
    char end[40];
    mca__json_number(j, object, key, ratio->value);
    (void)snprintf(end, sizeof end, "%s_low", key);
    mca__json_number(j, object, end, ratio->range.low);
    (void)snprintf(end, sizeof end, "%s_high", key);
    mca__json_number(j, object, end, ratio->range.high);
}

/* The chip against the design of the least total energy; null where there is none. */
static void put_verdict(struct mca__json *j, const struct mca_priced_run *report) {
    const struct mca_baseline_report *design = mca__strongest_design(report);
    char text[MCA__VERDICT_SIZE];
    mca__verdict_text(report, text);
    json_t *o = mca__json_object(j, j->root, "verdict");
    if (!design) {
        mca__json_null(j, o, "design");
        mca__json_null(j, o, "total_energy_ratio");
        mca__json_null(j, o, "energy_ratio");
        mca__json_null(j, o, "text");
        return;
    }
    mca__json_text(
        j, o, "design",
        mca_baseline_design_name((enum mca_baseline_design)(design - report->baselines)));
    mca__json_number(j, o, "total_energy_ratio", design->total_ratio.value);
    mca__json_number(j, o, "energy_ratio", design->dynamic_ratio.value);
    mca__json_text(j, o, "text", text);
}

static void put_baselines(struct mca__json *j, const struct mca_priced_run *report) {
    json_t *baselines = mca__json_object(j, j->root, "baselines");
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline_report *b = &report->baselines[d];
        const struct parts parts = parts_of_baseline(&b->same_lanes);
        json_t *o =
            mca__json_object(j, baselines, mca_baseline_design_name((enum mca_baseline_design)d));
        put_per_image(j, o, &b->same_lanes, report);
        put_ratio(j, o, "total_energy_ratio", &b->total_ratio);
        put_ratio(j, o, "energy_ratio", &b->dynamic_ratio);
        put_iso(j, o, "iso_throughput", &b->iso_throughput, report);
        put_iso(j, o, "iso_area", &b->iso_area, report);
        put_energy(j, o, &b->same_lanes.pricing, &parts, (double)report->result->images);
        put_latency(j, o, &b->same_lanes.pricing, &b->same_lanes.inventory,
                    (double)report->result->images);
        put_area(j, o, &b->same_lanes.pricing, &parts);
    }
}

static void put_milestones(struct mca__json *j, const struct mca_priced_run *report) {
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

static void put_runtime(struct mca__json *j, const struct mca_priced_run *report) {
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
    mca__json_number(
        j, runtime, "train_images_per_s",
        mca__ratio((double)(report->result->images - r->trained_before), r->train_wall_s));
    mca__json_number(
        j, runtime, "test_images_per_s",
        mca__ratio((double)(report->result->tested_images - r->tested_before), r->test_wall_s));
    mca__json_count(j, runtime, "peak_rss_bytes", r->peak_rss_bytes);
    mca__json_count(j, runtime, "threads", r->threads);
}

enum mca_status mca_report_write_summary(const struct mca_priced_run *report, const char *dir,
                                         struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    put_identity(&json, report);
    put_accuracy(&json, report);
    put_costs(&json, report);
    put_devices(&json, report);
    put_verdict(&json, report);
    put_baselines(&json, report);
    put_milestones(&json, report);
    put_runtime(&json, report);
    return mca_run_summary_write(&json, dir, error);
}
