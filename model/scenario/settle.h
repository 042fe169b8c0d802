/* What follows from several keys together, once all of them stand. */
#ifndef MCA_SCENARIO_SETTLE_H
#define MCA_SCENARIO_SETTLE_H

#include "base/c_linkage.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

/* Sets the network's input: that of its widths, or network.input, or what dataset.name says of its
 * images; zeros where nothing does, which mca_scenario_check refuses. To be called after every
 * change of a scenario; loading does. */
void mca_scenario_settle(struct mca_scenario *scenario);

MCA_C_END

#endif
