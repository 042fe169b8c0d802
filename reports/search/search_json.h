/* The document of a search's results. */
#ifndef MCA_REPORTS_SEARCH_SEARCH_JSON_H
#define MCA_REPORTS_SEARCH_SEARCH_JSON_H

#include "reports/search/findings.h"

enum mca_status mca__search_put_json(FILE *out, const struct mca__findings *findings,
                                     struct mca_error *error);

#endif
