/* The list of keys that can be explained, in the order of summary.json. */
#include "reports/explain/explain.h"
#include "reports/figures/facts.h"

struct group {
    const char *prefix;
    uint32_t count;
    const char *(*name)(uint32_t index);
};

static const char *accuracy_name(uint32_t i) {
    static const char *const names[] = {"test_final", "test_best", "train_final",
                                        "validation_final"};
    return names[i];
}

static const char *writes_name(uint32_t i) {
    static const char *const names[] = {"set_total", "reset_total", "set_per_image",
                                        "refresh_pairs", "max_per_device"};
    return names[i];
}

static const char *health_name(uint32_t i) {
    static const char *const names[] = {"adc_clip_fraction", "chi_saturations", "devices_at_gmax",
                                        "update_loss_fraction"};
    return names[i];
}

static const char *energy_name(uint32_t i) {
    static const char *const names[] = {
        "total", "per_image",       "dynamic",          "static",     "low",
        "high",  "independent.low", "independent.high", "common.low", "common.high"};
    return names[i];
}

static const char *latency_name(uint32_t i) {
    static const char *const names[] = {"total", "per_image", "bottleneck"};
    return names[i];
}

static const char *phase_name(uint32_t i) {
    return mca_phase_name((enum mca_phase)((uint32_t)MCA_PHASE_FORWARD + i));
}

static const char *component_name(uint32_t i) {
    return mca_component_name((enum mca_component)i);
}

static const char *block_name(uint32_t i) {
    return mca_block_name((enum mca_block)i);
}

static const char *resource_name(uint32_t i) {
    return mca_resource_name((enum mca_resource)i);
}

static const char *other_name(uint32_t i) {
    return mca_phase_name(i == 0 ? MCA_PHASE_TEST : MCA_PHASE_INIT);
}

static const char *milestone_name(uint32_t i) {
    static const char *const names[] = {"0.90.energy_j", "0.90.time_s",   "0.95.energy_j",
                                        "0.95.time_s",   "0.97.energy_j", "0.97.time_s",
                                        "0.98.energy_j", "0.98.time_s"};
    return names[i];
}

static const char *design_key_name(uint32_t i) {
    static const char *const names[] = {"energy_j_per_image",
                                        "dynamic_j_per_image",
                                        "latency_s_per_image",
                                        "total_energy_ratio",
                                        "total_energy_ratio_low",
                                        "total_energy_ratio_high",
                                        "energy_ratio",
                                        "energy_ratio_low",
                                        "energy_ratio_high",
                                        "iso_throughput.energy_j_per_image",
                                        "iso_throughput.dynamic_j_per_image",
                                        "iso_throughput.latency_s_per_image",
                                        "iso_throughput.area_mm2",
                                        "iso_area.energy_j_per_image",
                                        "iso_area.dynamic_j_per_image",
                                        "iso_area.latency_s_per_image",
                                        "iso_area.area_mm2",
                                        "energy_j.total",
                                        "energy_j.dynamic",
                                        "energy_j.static",
                                        "energy_j.low",
                                        "energy_j.high",
                                        "latency_s.total",
                                        "area_mm2.total"};
    return names[i];
}

enum { TRAINING_PHASES = MCA_PHASE_REFRESH - MCA_PHASE_FORWARD + 1, DESIGN_KEYS = 24 };

static const struct group GROUPS[] = {
    {"accuracy.", 4, accuracy_name},
    {"energy_j.", 10, energy_name},
    {"energy_j.by_phase.", TRAINING_PHASES, phase_name},
    {"energy_j.by_component.", MCA_COMPONENT_CHIP_COUNT, component_name},
    {"energy_j.by_component.static_", MCA_BLOCK_CHIP_COUNT, block_name},
    {"energy_other_j.", 2, other_name},
    {"latency_s.", 3, latency_name},
    {"latency_s.critical_path.", TRAINING_PHASES, phase_name},
    {"latency_s.utilisation.", MCA_RESOURCE_COUNT, resource_name},
    {"area_mm2.", 1, latency_name},
    {"area_mm2.by_component.", MCA_BLOCK_CHIP_COUNT, block_name},
    {"writes.", 5, writes_name},
    {"health.", 4, health_name},
    {"baselines.digital_fp32.", DESIGN_KEYS, design_key_name},
    {"baselines.digital_fp32_sparse.", DESIGN_KEYS, design_key_name},
    {"baselines.digital_mixed.", DESIGN_KEYS, design_key_name},
    {"milestones.", 2 * MCA__MILESTONE_COUNT, milestone_name},
};

int mca_explain_key(uint32_t index, char key[MCA_EXPLAIN_KEY_SIZE]) {
    for (size_t g = 0; g < sizeof GROUPS / sizeof GROUPS[0]; ++g) {
        if (index < GROUPS[g].count) {
            (void)snprintf(key, MCA_EXPLAIN_KEY_SIZE, "%s%s", GROUPS[g].prefix,
                           GROUPS[g].name(index));
            return 1;
        }
        index -= GROUPS[g].count;
    }
    return 0;
}
