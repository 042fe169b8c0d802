#include "run/scenario_args.h"

#include <stdio.h>
#include <unistd.h>

#include "base/data_places.h"
#include "scenario/check.h"
#include "scenario/load.h"

enum mca_status mca_load_scenario(struct mca_loaded_scenario *scenario,
                                  const struct mca_scenario_args *args, struct mca_error *error) {
    if (args->resolved) {
        scenario->scenario = *args->resolved;
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

enum mca_status mca_shipped_scenario(const char *name, char *path, size_t size,
                                     struct mca_error *error) {
    struct mca_data_places places;
    char searched[MCA_ERROR_SIZE];
    mca_data_places(&places);
    for (int i = 0; i < places.count; ++i) {
        const int length = snprintf(path, size, "%s/scenarios/%s.yaml", places.dirs[i], name);
        if (length > 0 && (size_t)length < size && access(path, R_OK) == 0) {
            return MCA_OK;
        }
    }
    return mca_fail(error, MCA_SYSTEM, "scenario %s: no %s.yaml in %s", name, name,
                    mca_data_places_text(&places, "scenarios", searched, sizeof searched));
}
