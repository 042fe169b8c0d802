/*
 * What a scenario says that its author may not mean: keys that have no effect, and values that
 * work but waste or lose what they are given. Nothing here is refused (scenario/check.h).
 */
#ifndef MCA_SCENARIO_NOTICES_H
#define MCA_SCENARIO_NOTICES_H

#include "base/c_linkage.h"
#include "base/observer.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

struct mca_component_library;
struct mca_dataset;

/*
 * A notice to `observer` for each key away from its default, and from 0, that has no effect
 * (mca_key.idle), for refresh thresholds that no rewrite gets out of, for converters that are
 * coarse beside their range, and for a conversion time left as it was beside another converter.
 * `origins` (may be NULL) tell which keys were given: a time that was is meant. `data` (may be
 * NULL; its images are not read) adds outputs that no label uses, a batch larger than the epoch and
 * a refresh that is due after the last image. `library` (may be NULL) adds an SRAM macro slower
 * than the clock, a node that is not that of the times, and mca_library_notices.
 */
void mca_scenario_notices(const struct mca_scenario *scenario,
                          const struct mca_scenario_origins *origins,
                          const struct mca_dataset *data,
                          const struct mca_component_library *library,
                          const struct mca_observer *observer);

/*
 * Notices of a library on top of another one: it states a converter of another kind than the
 * chip's, which then has no effect, or a converter's energy without its static power and area,
 * which are then those of another converter.
 */
void mca_library_notices(const struct mca_scenario *scenario,
                         const struct mca_component_library *library,
                         const struct mca_observer *observer);

MCA_C_END

#endif
