/*
 * Parameters of a memory device, in the units of scenario files and of the literature (uS).
 * Defaults, ranges and meanings: the scenario key table (section `device`).
 */
#ifndef MCA_DEVICE_DEVICE_CONFIG_H
#define MCA_DEVICE_DEVICE_CONFIG_H

enum mca_device_model {
    MCA_DEVICE_PCM_JAP18, /* Nandakumar et al., J. Appl. Phys. 124, 152135 (2018) */
    MCA_DEVICE_LINEAR,    /* fixed step per pulse with Gaussian spread, clipped */
    MCA_DEVICE_IDEAL      /* continuous, unbounded, exact; one signed conductance per weight */
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
    /* drift after training: G(t) = G (t / t0)^-nu, t clamped to t0 at least */
    double drift_nu;
    double drift_t0_s;
};

#endif
