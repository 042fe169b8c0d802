/*
 * Phase-change memory under partial SET pulses: Nandakumar et al., "A phase-change memory model for
 * neuromorphic computing", J. Appl. Phys. 124, 152135 (2018). The step's mean and standard
 * deviation depend on the conductance and on the programming history P = exp(-n / decay), n pulses
 * after a RESET. Fitted there to 90 nm mushroom cells of doped Ge2Sb2Te5, 90 uA SET pulses, 0 .. 20
 * uS.
 */
#include "device/device.h"

static double step_us(const struct mca_device *device, double g_us, uint32_t n, double z) {
    const struct mca_device_config *c = &device->config;
    const uint32_t h = n < MCA_HISTORY_MAX ? n : MCA_HISTORY_MAX;
    const double mean =
        c->mean_slope * g_us + c->mean_offset_us + c->mean_history_us * device->mean_history[h];
    const double std =
        c->std_slope * g_us + c->std_offset_us + c->std_history_us * device->std_history[h];
    return g_us + (mean + std * z);
}

const struct mca_device_ops mca_device_pcm_jap18 = {"pcm-jap18", 0, step_us};
