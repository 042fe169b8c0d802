/*
 * Phase-change memory under partial SET pulses: Nandakumar et al., "A phase-change memory model for
 * neuromorphic computing", J. Appl. Phys. 124, 152135 (2018). The step's mean and standard
 * deviation depend on the conductance and on the programming history P = exp(-n / decay), n pulses
 * after a RESET. Fitted there to 90 nm mushroom cells of doped Ge2Sb2Te5, 90 uA SET pulses, 0 .. 20
 * uS.
 */
#include "base/mathx.h"
#include "device/pulsed.h"

/* P at the n-th pulse, n = index. */
struct history {
    double mean[MCA_HISTORY_MAX + 1];
    double std[MCA_HISTORY_MAX + 1];
};

static enum mca_status init(struct mca_device *device, struct mca_arena *arena,
                            struct mca_error *error) {
    struct history *history = mca_arena_alloc(arena, 1, sizeof *history);
    if (!history) {
        return mca_fail_memory(error, "device model");
    }
    for (uint32_t n = 0; n <= MCA_HISTORY_MAX; ++n) {
        history->mean[n] = mca_exp(-(double)n / device->config.mean_decay_pulses);
        history->std[n] = mca_exp(-(double)n / device->config.std_decay_pulses);
    }
    device->model = history;
    return MCA_OK;
}

static double step_us(const struct mca_device *device, double g_us, uint32_t n, double z) {
    const struct mca_device_config *c = &device->config;
    const struct history *history = device->model;
    const uint32_t h = n < MCA_HISTORY_MAX ? n : MCA_HISTORY_MAX;
    const double mean =
        c->mean_slope * g_us + c->mean_offset_us + c->mean_history_us * history->mean[h];
    const double std = c->std_slope * g_us + c->std_offset_us + c->std_history_us * history->std[h];
    return g_us + (mean + std * z);
}

const struct mca_device_ops mca_device_pcm_jap18 = {.name = "pcm-jap18",
                                                    .init = init,
                                                    .step_us = step_us,
                                                    .reset_us = mca__pulsed_reset_us,
                                                    .read_stds_us = mca__pulsed_read_stds_us,
                                                    .read_std_most_us =
                                                        mca__pulsed_read_std_most_us,
                                                    .age_us = mca__pulsed_age_us};
