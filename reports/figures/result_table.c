/* The table of results: its lists, in the order of summary.json. */
#include <stddef.h>

#include "reports/figures/result_lines.h"

static const struct mca_result_figure *const LISTS[] = {
    mca__accuracy_figures,  mca__energy_figures,  mca__latency_figures, mca__inference_figures,
    mca__area_figures,      mca__power_figures,   mca__rate_figures,    mca__bound_figures,
    mca__array_figures,     mca__write_figures,   mca__layer_figures,   mca__design_figures,
    mca__milestone_figures, mca__runtime_figures,
};

enum { LIST_COUNT = sizeof LISTS / sizeof LISTS[0] };

/* The list that begins behind the one whose last line `figure` is. */
static const struct mca_result_figure *list_after(const struct mca_result_figure *figure) {
    for (size_t l = 0; l + 1 < LIST_COUNT; ++l) {
        const struct mca_result_figure *last = LISTS[l];
        while (last[1].key) {
            ++last;
        }
        if (last == figure) {
            return LISTS[l + 1];
        }
    }
    return NULL;
}

const struct mca_result_figure *mca_result_next(const struct mca_result_figure *figure) {
    if (!figure) {
        return LISTS[0];
    }
    return figure[1].key ? figure + 1 : list_after(figure);
}
