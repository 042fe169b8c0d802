/*
 * Parameters of a memory device, in the units of scenario files and of the literature (uS).
 * Defaults, ranges and meanings: the scenario key table (section `device`).
 */
#ifndef MCA_DEVICE_DEVICE_CONFIG_H
#define MCA_DEVICE_DEVICE_CONFIG_H

/*
 * The device models, a line each: constant, name in scenarios, and what it is. A model's file
 * defines its mca_device_ops (device.h) as mca_device_NAME with _ for -.
 */
#define MCA_DEVICE_MODELS(MODEL)                                                                   \
    MODEL(PCM_JAP18, "pcm-jap18", pcm_jap18) /* J. Appl. Phys. 124, 152135 (2018) */               \
    MODEL(LINEAR, "linear", linear)          /* a step that does not depend on the state */        \
    MODEL(IDEAL, "ideal", ideal)             /* continuous, unbounded, exact */

enum mca_device_model {
#define MCA_DEVICE_CONSTANT(constant, name, ops) MCA_DEVICE_##constant,
    MCA_DEVICE_MODELS(MCA_DEVICE_CONSTANT)
#undef MCA_DEVICE_CONSTANT
        MCA_DEVICE_MODEL_COUNT
};

/* Which drift exponents devices have. */
enum mca_drift_law {
    MCA_DRIFT_CONSTANT,      /* drift_nu and drift_nu_std, whatever they conduct */
    MCA_DRIFT_BY_CONDUCTANCE /* as published, by the conductance that was programmed */
};

struct mca_device_config {
    unsigned model; /* enum mca_device_model */
    double gmin_us;
    double gmax_us;
    /* pcm-jap18: mean step = mean_slope G + mean_offset + mean_history P, and the same for the std,
     * P = exp(-n / decay) at the n-th pulse after a RESET */
    double mean_slope;
    double mean_offset_us;
    double mean_history_us;
    double mean_decay_pulses;
    double std_slope;
    double std_offset_us;
    double std_history_us;
    double std_decay_pulses;
    /* linear */
    double linear_step_us;
    double linear_std_us;
    /* RESET */
    double reset_mean_us;
    double reset_std_us;
    /* read noise: std of one read = read_noise (slope G + offset) */
    double read_noise;
    double read_noise_slope;
    double read_noise_offset_us;
    /* spread between devices, as relative standard deviations of step size and of gmax */
    double step_spread;
    double gmax_spread;
    /* pulses (SET and RESET) after which a device sticks: their median, and the standard deviation
     * of their logarithm between devices */
    double endurance_pulses;
    double endurance_spread;
    /* after training: G(t) = G (t / t0)^-nu, t clamped to t0 at least, nu a device's own */
    unsigned drift_law; /* enum mca_drift_law */
    double drift_nu;
    double drift_nu_std;
    double drift_t0_s;
    double flicker_noise; /* factor on the published 1/f noise */
    /* 1: devices drift while the chip trains, too, each from its last pulse on, t0 being this one
     */
    unsigned drift_in_training;
    double drift_training_t0_s;
};

#endif
