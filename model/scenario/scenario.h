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

struct mca_scenario {
    struct mca_chip_config chip; /* seed and train.loss included */
    struct mca_train_config train;
    struct mca_calibration_config calibration;
    struct mca_dataset_config dataset;
    struct mca_cost_config cost;
    struct mca_report_config report;
};

#endif
