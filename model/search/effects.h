/* Main effects, as a search knows them at its end. */
#ifndef MCA_SEARCH_EFFECTS_H
#define MCA_SEARCH_EFFECTS_H

#include "search/search.h"

/* What each row of each axis does to a figure of a run in full, by the model that the search has at
 * its end: to the logarithm of a cost, or of an accuracy's error, whose level is that of the mean
 * setting (NAN where nothing was run in full). effects[sum of rows], axis after axis. MCA_FAILED
 * for memory. */
enum mca_status mca_search_effects(const struct mca_search *search, uint32_t figure,
                                   double *effects, double *level, struct mca_error *error);

#endif
