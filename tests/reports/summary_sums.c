#include "reports/summary_sums.h"

#include "mca_test.h"

#include <jansson.h>
#include <unistd.h>

#include "reports/run/report.h"

enum { TEXT_SIZE = 1024 };

/* The number at a path of keys divided by '/'. */
static double number(json_t *root, const char *path) {
    json_t *value = root;
    char keys[TEXT_SIZE];
    (void)snprintf(keys, sizeof keys, "%s", path);
    char *rest = keys;
    for (char *key = strtok_r(keys, "/", &rest); key; key = strtok_r(NULL, "/", &rest)) {
        value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
                                     : json_object_get(value, key);
    }
    if (!json_is_number(value)) {
        fail_msg("%s is no number", path);
    }
    return json_number_value(value);
}

static double sum(json_t *object, const char *inner) {
    double total = 0.0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        total += json_number_value(inner ? json_object_get(value, inner) : value);
    }
    return total;
}

static void all_finite_and_positive(json_t *value, const char *path) {
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_number(value)) {
        const double v = json_number_value(value);
        if (!isfinite(v) || v < 0.0) {
            fail_msg("%s = %g", path, v);
        }
    }
    json_object_foreach(value, key, child) {
        char below_it[TEXT_SIZE];
        (void)snprintf(below_it, sizeof below_it, "%s/%s", path, key);
        all_finite_and_positive(child, below_it);
    }
    json_array_foreach(value, i, child) {
        all_finite_and_positive(child, path);
    }
}

/* Chip or digital design: parts add up to wholes within 1e-12, ranges hold the value. */
static void check_sums(json_t *owner) {
    const double total = number(owner, "energy_j/total");
    json_t *energy = json_object_get(owner, "energy_j");
    assert_true(total > 0.0);
    assert_near(sum(json_object_get(energy, "by_phase"), NULL), total, 1e-12 * total);
    assert_near(sum(json_object_get(energy, "by_component"), "total"), total, 1e-12 * total);
    assert_near(number(energy, "dynamic") + number(energy, "static"), total, 1e-12 * total);
    assert_true(number(energy, "low") <= total && total <= number(energy, "high"));
    assert_true(number(energy, "low") <= number(energy, "independent/low") &&
                number(energy, "common/high") <= number(energy, "high"));
    assert_true(number(energy, "low") > 0.0);
    const double time = number(owner, "latency_s/total");
    json_t *latency = json_object_get(owner, "latency_s");
    assert_true(time > 0.0);
    assert_near(sum(json_object_get(latency, "critical_path"), NULL), time, 1e-12 * time);
    const double area = number(owner, "area_mm2/total");
    assert_true(area > 0.0);
    assert_near(sum(json_object_get(json_object_get(owner, "area_mm2"), "by_component"), NULL),
                area, 1e-12 * area);
}

/* What each layer has of a figure of the chip, and what belongs to none, adds up to it; `largest`:
 * is at most it, and it once. */
static void check_layer_sum(json_t *root, const char *path, int largest) {
    const double whole = number(root, path);
    const size_t count = json_array_size(json_object_get(root, "layers"));
    double all = 0.0;
    for (size_t i = 0; i < count; ++i) {
        const double part = number(json_array_get(json_object_get(root, "layers"), i), path);
        all = largest ? fmax(all, part) : all + part;
    }
    if (!(fabs(all - whole) <= 1e-14 * whole)) {
        fail_msg("%s: %.17g by layer, %.17g in all", path, all, whole);
    }
}

static void check_layers(json_t *root, int has_pulses) {
    static const char *const sums[] = {
        "energy_j/total",
        "energy_j/dynamic",
        "energy_j/static",
        "energy_j/per_image",
        "energy_j/dynamic_per_image",
        "energy_j/by_phase/forward",
        "area_mm2/total",
        "array/tiles",
        "array/weights",
        "latency_s/busy/tile",
        "latency_s/busy/adc",
        "latency_s/busy/dac",
        "latency_s/busy/dpu",
        "latency_s/busy/chi",
        "latency_s/busy/program",
        "writes/set_total",
        "writes/reset_total",
        "latency_s/busy/image_port",
    };
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; ++i) {
        check_layer_sum(root, sums[i], 0);
    }
    if (has_pulses) {
        check_layer_sum(root, "health/devices_at_gmax", 0);
        check_layer_sum(root, "health/stuck_devices", 0);
        check_layer_sum(root, "writes/max_per_device", 1);
    }
    all_finite_and_positive(json_object_get(root, "layers"), "layers");
}

/* Where something acted and has a price, energy was spent. */
static void check_work(const struct mca_priced_run *report) {
    const struct mca_pricing *p = &report->pricing;
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            const int acted = report->result->ledger.counts[phase][c] > 0;
            /* unless it is not charged, or the scenario's pulses take no time */
            const struct mca_scenario *scenario = report->scenario;
            const int free_of_charge =
                (c == MCA_COMPONENT_DRAM_READ && scenario->cost.dram == 0) ||
                (c == MCA_COMPONENT_PCM_READ && scenario->chip.timing.read_ps_per_level == 0);
            assert_true((p->dynamic_of_j[phase][c] > 0.0) == (acted && !free_of_charge));
        }
    }
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_true(p->utilisation[r] >= 0.0 && p->utilisation[r] <= 1.0);
    }
}

void check_summary(const struct mca_priced_run *report, const char *dir) {
    char path[TEXT_SIZE];
    json_error_t fault;
    assert_int_equal(mca_report_write_summary(report, dir, NULL), MCA_OK);
    (void)snprintf(path, sizeof path, "%s/summary.json", dir);
    json_t *root = json_load_file(path, 0, &fault);
    assert_non_null(root);
    static const char *const checked[] = {"energy_j", "energy_other_j", "latency_s", "area_mm2",
                                          "writes",   "health",         "baselines", "milestones"};
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; ++i) {
        all_finite_and_positive(json_object_get(root, checked[i]), checked[i]);
    }
    check_sums(root);
    check_layers(root, report->scenario->chip.device.model != MCA_DEVICE_IDEAL);
    const char *name;
    json_t *baseline;
    json_object_foreach(json_object_get(root, "baselines"), name, baseline) {
        check_sums(baseline);
        assert_true(number(baseline, "energy_ratio_low") <= number(baseline, "energy_ratio") &&
                    number(baseline, "energy_ratio") <= number(baseline, "energy_ratio_high"));
        assert_true(
            number(baseline, "total_energy_ratio_low") <= number(baseline, "total_energy_ratio") &&
            number(baseline, "total_energy_ratio") <= number(baseline, "total_energy_ratio_high"));
    }
    check_work(report);
    json_decref(root);
    unlink(path);
}
