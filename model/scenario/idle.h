/*
 * When keys of a scenario have no effect: a column of the key table (scenario/keys.c). Each returns
 * the reason, or NULL where the key has an effect. A reason is given only where changing the key
 * leaves every byte of a run's results as it is, apart from the scenario in them.
 */
#ifndef MCA_SCENARIO_IDLE_H
#define MCA_SCENARIO_IDLE_H

#include "scenario/scenario.h"

const char *mca__idle_widths(const struct mca_scenario *scenario);
const char *mca__idle_one_epoch(const struct mca_scenario *scenario);
const char *mca__idle_no_files(const struct mca_scenario *scenario);
const char *mca__idle_no_range(const struct mca_scenario *scenario);
const char *mca__idle_not_drawn(const struct mca_scenario *scenario);
const char *mca__idle_not_pcm(const struct mca_scenario *scenario);
const char *mca__idle_mean_decay(const struct mca_scenario *scenario);
const char *mca__idle_std_decay(const struct mca_scenario *scenario);
const char *mca__idle_not_linear(const struct mca_scenario *scenario);
const char *mca__idle_ideal(const struct mca_scenario *scenario);
const char *mca__idle_noise(const struct mca_scenario *scenario);
const char *mca__idle_noise_part(const struct mca_scenario *scenario);
const char *mca__idle_read_path(const struct mca_scenario *scenario);
const char *mca__idle_drift(const struct mca_scenario *scenario);
const char *mca__idle_unit_weight(const struct mca_scenario *scenario);
const char *mca__idle_drive(const struct mca_scenario *scenario);
const char *mca__idle_forward_range(const struct mca_scenario *scenario);
const char *mca__idle_backward_range(const struct mca_scenario *scenario);
const char *mca__idle_float(const struct mca_scenario *scenario);
const char *mca__idle_ports(const struct mca_scenario *scenario);
const char *mca__idle_access(const struct mca_scenario *scenario);
const char *mca__idle_frac_bits(const struct mca_scenario *scenario);
const char *mca__idle_no_pulses(const struct mca_scenario *scenario);
const char *mca__idle_rounding(const struct mca_scenario *scenario);
const char *mca__idle_banks(const struct mca_scenario *scenario);
const char *mca__idle_written_through(const struct mca_scenario *scenario);
const char *mca__idle_no_refresh(const struct mca_scenario *scenario);
const char *mca__idle_no_rewrite(const struct mca_scenario *scenario);
const char *mca__idle_no_sums(const struct mca_scenario *scenario);
const char *mca__idle_no_stream(const struct mca_scenario *scenario);
const char *mca__idle_no_calibration(const struct mca_scenario *scenario);
const char *mca__idle_no_percentile(const struct mca_scenario *scenario);

#endif
