#include "run/scenario_args.h"

#include <stdio.h>

#include "base/suggest.h"
#include "scenario/check.h"
#include "scenario/keys.h"
#include "scenario/load.h"

enum mca_status mca_load_scenario(struct mca_loaded_scenario *scenario,
                                  const struct mca_scenario_args *args, struct mca_error *error) {
    if (args->resolved) {
        scenario->scenario = *args->resolved;
        if (args->origins) {
            scenario->origins = *args->origins;
        }
    } else {
        MCA_TRY(mca_scenario_load(&scenario->scenario, &scenario->origins, args->path, error));
    }
    for (size_t i = 0; i < args->sets.count; ++i) {
        MCA_TRY(mca_scenario_set(&scenario->scenario, &scenario->origins, args->sets.texts[i],
                                 "--set", error));
    }
    if (args->seed) {
        char assignment[64];
        (void)snprintf(assignment, sizeof assignment, "seed=%.50s", args->seed);
        MCA_TRY(
            mca_scenario_set(&scenario->scenario, &scenario->origins, assignment, "--seed", error));
    }
    return mca_scenario_check(&scenario->scenario, &scenario->origins, error);
}

const char *mca_option_as_key(const char *name, char text[MCA_SUGGESTIONS_TEXT_SIZE]) {
    struct mca_suggestions suggestions;
    mca_key_suggest(name, &suggestions);
    return mca_suggestions_text(&suggestions, "; did you mean the key ", " (--set KEY=VALUE)",
                                text);
}
