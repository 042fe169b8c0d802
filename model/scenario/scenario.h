/*
 * A scenario: one study, fully resolved. Loaded from YAML over the defaults of the key table
 * (scenario/keys.h), which is the only list of what a scenario can say.
 */
#ifndef MCA_SCENARIO_SCENARIO_H
#define MCA_SCENARIO_SCENARIO_H

#include "chip/chip_config.h"
#include "cost/cost_config.h"
#include "train/train_config.h"

enum { MCA_NAME_SIZE = 128 };

struct mca_report_config {
    char name[MCA_NAME_SIZE]; /* of the run; the scenario's file name without .yaml when empty */
};

/* The node that clock and times belong to as keys give them: that of the chip whose times the
 * defaults are (docs/reference/timing.md). */
#define MCA_TIMES_NODE_NM 14.0

/* Clock and times as keys give them. The chip has them at node_nm (mca_scenario_settle). */
struct mca_given_times {
    double node_nm;
    uint64_t clock_hz;
    uint64_t image_load_ps_per_byte;
    uint64_t dac_load_ps;
    uint64_t read_ps_per_level;
    uint64_t read_settle_ps;
    uint64_t adc_conversion_ps;
};

struct mca_scenario {
    struct mca_chip_config chip; /* seed and train.loss included */
    struct mca_train_config train;
    struct mca_calibration_config calibration;
    struct mca_dataset_config dataset;
    struct mca_cost_config cost;
    struct mca_report_config report;
    struct mca_given_times given;
};

#endif
