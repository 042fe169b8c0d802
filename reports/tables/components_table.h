/* The component library as a table. */
#ifndef MCA_REPORTS_TABLES_COMPONENTS_TABLE_H
#define MCA_REPORTS_TABLES_COMPONENTS_TABLE_H

#include <stdio.h>

#include "cost/component_library.h"

/* The library with values, ranges, kinds and sources, for `mcasim components`. */
void mca_report_print_components(FILE *out, const struct mca_component_library *library,
                                 int colour);

#endif
