#include "search/effects.h"

#include <string.h>

#include "search/ranking.h"

enum mca_status mca_search_effects(const struct mca_search *search, uint32_t figure,
                                   double *effects, double *level, struct mca_error *error) {
    struct mca__ranking ranking;
    const enum mca_status status = mca__ranking_init(&ranking, search, error);
    if (status == MCA_OK) {
        const struct mca__additive *model = &ranking.models[figure];
        memcpy(effects, model->effects, model->first[model->axis_count] * sizeof *effects);
        *level = model->levels[search->config.rung_count - 1];
    }
    mca__ranking_deinit(&ranking);
    return status;
}
