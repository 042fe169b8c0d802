/*
 * What single keys cannot say: combinations that no chip can have, and a scenario beside its data.
 */
#ifndef MCA_SCENARIO_CHECK_H
#define MCA_SCENARIO_CHECK_H

#include "base/c_linkage.h"
#include "base/status.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

struct mca_dataset;

/*
 * Refuses (MCA_INVALID) combinations that contradict each other. The message names the place of the
 * latest given key of the combination (file and line, "--set" or "default"; `origins` may be NULL),
 * the rule, and every value that takes part.
 */
enum mca_status mca_scenario_check(const struct mca_scenario *scenario,
                                   const struct mca_scenario_origins *origins,
                                   struct mca_error *error);

/* Refuses (MCA_INVALID) data that the network or train.* do not fit: image size, classes, how many
 * images there are. */
enum mca_status mca_scenario_check_data(const struct mca_scenario *scenario,
                                        const struct mca_scenario_origins *origins,
                                        const struct mca_dataset *data, struct mca_error *error);

MCA_C_END

#endif
