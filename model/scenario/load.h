/*
 * Scenarios from YAML files: the defaults of the key table, overlaid by the file that `base:` names
 * (and its base), by the file itself, then by KEY=VALUE assignments. Combinations of keys are
 * checked afterwards by mca_scenario_check.
 */
#ifndef MCA_SCENARIO_LOAD_H
#define MCA_SCENARIO_LOAD_H

#include <stddef.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

enum { MCA_BASE_DEPTH_MAX = 8 }; /* files of a chain of bases */

/* Every key at its default; origins (may be NULL) are reset. Fails only for memory. */
enum mca_status mca_scenario_defaults(struct mca_scenario *scenario,
                                      struct mca_scenario_origins *origins,
                                      struct mca_error *error);

/*
 * Loads `path` over the defaults; where it is a bare name and no such file is there, the scenario
 * of that name that comes with the program (base/shipped.h), as also in `base:`. Relative paths of
 * data sets and component libraries count from the file they stand in and are made absolute. An
 * empty report.name becomes the file's name without .yaml. `scenario` and `origins` are filled on
 * success only in a usable way. Errors name file, line, key, the value found and what is allowed:
 * MCA_INVALID for content, MCA_SYSTEM for files that cannot be opened or read, MCA_FAILED for
 * memory.
 */
enum mca_status mca_scenario_load(struct mca_scenario *scenario,
                                  struct mca_scenario_origins *origins, const char *path,
                                  struct mca_error *error);

/* The same from `size` bytes of text; `name` stands for the file's path in messages and paths. */
enum mca_status mca_scenario_load_text(struct mca_scenario *scenario,
                                       struct mca_scenario_origins *origins, const char *name,
                                       const char *text, size_t size, struct mca_error *error);

/*
 * Applies "KEY=VALUE" to a loaded scenario; VALUE is a YAML scalar or flow list. `source` names
 * where it comes from ("--set"). Relative paths count from the working directory.
 */
enum mca_status mca_scenario_set(struct mca_scenario *scenario,
                                 struct mca_scenario_origins *origins, const char *assignment,
                                 const char *source, struct mca_error *error);

/* What follows from several keys together. Sets the network's input: that of its widths, or
 * network.input, or what dataset.name says of its images; zeros where nothing does, which
 * mca_scenario_check refuses. To be called after every change of a scenario; loading does. */
void mca_scenario_settle(struct mca_scenario *scenario);

MCA_C_END

#endif
