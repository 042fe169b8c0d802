/*
 * When keys of a scenario have no effect: each key of the table (scenario/keys.c) says which of
 * these decides. A reason is given only where changing the key leaves every byte of a run's results
 * as it is, apart from the scenario in them.
 */
#ifndef MCA_SCENARIO_IDLE_H
#define MCA_SCENARIO_IDLE_H

#include "scenario/scenario.h"

enum mca_idle {
    MCA_IDLE_USED, /* never: the key has an effect in every scenario */
    MCA_IDLE_WIDTHS,
    MCA_IDLE_ONE_EPOCH,
    MCA_IDLE_NO_FILES,
    MCA_IDLE_NO_RANGE,
    MCA_IDLE_NOT_DRAWN,
    MCA_IDLE_NOT_RANDOM,
    MCA_IDLE_NO_CALIBRATION,
    MCA_IDLE_NO_PERCENTILE,
    MCA_IDLE_IDEAL,
    MCA_IDLE_NOT_PCM,
    MCA_IDLE_NOT_LINEAR,
    MCA_IDLE_MEAN_DECAY,
    MCA_IDLE_STD_DECAY,
    MCA_IDLE_EXACT, /* weights are read without noise, whatever the figures */
    MCA_IDLE_NOISE,
    MCA_IDLE_NOISE_PART,
    MCA_IDLE_READ_PATH,
    MCA_IDLE_AGES,
    MCA_IDLE_DRIFT,
    MCA_IDLE_DRIFT_LAW,
    MCA_IDLE_DRIFT_NU,
    MCA_IDLE_DRIFT_T0,
    MCA_IDLE_DRIFT_TRAINING,
    MCA_IDLE_DRIFT_TRAINING_T0,
    MCA_IDLE_NO_REFRESH,
    MCA_IDLE_NO_REWRITE,
    MCA_IDLE_UNIT_WEIGHT,
    MCA_IDLE_DRIVE,
    MCA_IDLE_CONVERSION_TIME,
    MCA_IDLE_FORWARD_RANGE,
    MCA_IDLE_BACKWARD_RANGE,
    MCA_IDLE_NO_ROW_CONVERTERS,
    MCA_IDLE_PORTS,
    MCA_IDLE_ACCESS,
    MCA_IDLE_ROUNDING,
    MCA_IDLE_FRAC_BITS,
    MCA_IDLE_BANKS,
    MCA_IDLE_WRITTEN_THROUGH,
    MCA_IDLE_NO_EPSILON,
    MCA_IDLE_NO_PULSES,
    MCA_IDLE_NO_SUMS,
    MCA_IDLE_LAYOUT,
    MCA_IDLE_NO_STREAM,
    MCA_IDLE_NO_READ_AHEAD,
    MCA_IDLE_NO_IMPORT,
    MCA_IDLE_NO_SCALE,
    MCA_IDLE_NO_LARGEST,
    MCA_IDLE_NO_PROGRAMMING,
    MCA_IDLE_NO_VERIFY,
    MCA_IDLE_NO_GATING,
    MCA_IDLE_NO_SLEEP,
    MCA_IDLE_ONE_SCANNED,
    MCA_IDLE_ONE_UNIT,
    MCA_IDLE_NO_INTERCONNECT,
    MCA_IDLE_TILE_ROWS,
    MCA_IDLE_TILE_COLS,
    MCA_IDLE_COUNT
};

/* Why keys have no effect in a scenario that has been checked; NULL where they have one. */
void mca_idle_reasons(const struct mca_scenario *scenario, const char *why[MCA_IDLE_COUNT]);

#endif
