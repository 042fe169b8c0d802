/* A scenario as a command line or a sweep names it: a file, and keys set on top of it. */
#ifndef MCA_RUN_SCENARIO_ARGS_H
#define MCA_RUN_SCENARIO_ARGS_H

#include <stddef.h>

#include "base/c_linkage.h"
#include "base/options.h"
#include "base/status.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

struct mca_scenario_args {
    const char *path;                           /* or name of one that comes with the program */
    struct mca_texts sets;                      /* KEY=VALUE, in order */
    const char *seed;                           /* --seed, or NULL */
    const struct mca_scenario *resolved;        /* or NULL: it stands for `path` ... */
    const struct mca_scenario_origins *origins; /* ... and where it is from; NULL: not known */
};

/* A scenario with the origins of its values. */
struct mca_loaded_scenario {
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
};

/* Loads the scenario, applies --set and --seed, checks the combination. */
enum mca_status mca_load_scenario(struct mca_loaded_scenario *scenario,
                                  const struct mca_scenario_args *args, struct mca_error *error);

/* An option that a command with --set does not have may be a key (mca_option_hint_fn). */
const char *mca_option_as_key(const char *name, char text[MCA_SUGGESTIONS_TEXT_SIZE]);

MCA_C_END

#endif
