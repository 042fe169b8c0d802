/*
 * Component libraries: YAML files in which every figure has a value with its unit, a technology
 * node, a source, its kind, an uncertainty of its own and the causes of error that it shares with
 * others (docs/reference/cost.md): what one action of each component costs in energy, what each
 * structural block costs in static power and area, how fast an SRAM macro is.
 *
 * A figure is stored as published. What brings it to the library's node and supply is a step of its
 * own (`scaling`), what brings it to another width, capacity, pulse or clock is its law; both are
 * kept, so that a price can be taken apart again. Operating times are not part of a library: they
 * are the scenario's (`timing`).
 */
#ifndef MCA_COST_COMPONENT_LIBRARY_H
#define MCA_COST_COMPONENT_LIBRARY_H

#include "base/c_linkage.h"
#include "base/status.h"
#include "cost/component_figures.h"

MCA_C_BEGIN

/*
 * Loads a library. `name` with a slash or ending in .yaml is a path and is taken as it is; any
 * other name is looked for as NAME.yaml in $MCA_COMPONENTS_DIR and in the places of
 * base/data_places.h, the first found being taken. A library with `base` takes what it does not
 * state from that library, found in the same way or, for a path, beside it. `library` is filled on
 * success only and is released with mca_component_library_deinit. Errors: MCA_SYSTEM for files that
 * are missing or cannot be read, MCA_INVALID for their content (with file and line), MCA_FAILED for
 * memory.
 */
enum mca_status mca_component_library_load(struct mca_component_library *library, const char *name,
                                           struct mca_error *error);

void mca_component_library_deinit(struct mca_component_library *library);

MCA_C_END

#endif
