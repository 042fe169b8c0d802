/* Results of a search, as all that writes them takes them. */
#ifndef MCA_REPORTS_SEARCH_RESULTS_H
#define MCA_REPORTS_SEARCH_RESULTS_H

#include "search/plan.h"
#include "sweep/points.h"

/* Room for a paragraph. */
enum { MCA_SEARCH_TEXT_SIZE = 3072 };

struct mca_search_results {
    const struct mca_search_plan *plan;
    const struct mca_search *search;       /* at its end */
    const struct mca_sweep_points *points; /* all that were run */
};

#endif
