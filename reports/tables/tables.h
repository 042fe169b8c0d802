/* Component libraries and networks as tables. */
#ifndef MCA_REPORTS_TABLES_TABLES_H
#define MCA_REPORTS_TABLES_TABLES_H

#include <stdio.h>

#include "chip/chip_config.h"
#include "cost/component_library.h"

/* The library with values, ranges, kinds and sources, for `mcasim components`: figures that have
 * `word` in their names, all where it is "". Those that the library states itself, on top of
 * another one, have their lines. */
void mca_report_print_components(FILE *out, const struct mca_component_library *library,
                                 const char *word, int colour);

/* Whether a figure has `word` in its name. */
int mca_report_has_component(const char *word);

/*
 * The same as JSON: of each figure its value at the library's node, and under "stated" what its
 * file says, with the keys of a library file (value in one of the units, all digits). Errors:
 * MCA_SYSTEM where it cannot be written, MCA_FAILED for memory.
 */
enum mca_status mca_report_print_components_json(FILE *out,
                                                 const struct mca_component_library *library,
                                                 struct mca_error *error);

/*
 * Layer by layer: its kind, what it gives (channels x height x width, or values), its matrix with
 * the bias row, the tiles and weights that this takes, and how often an image reads it forward;
 * then the sums. Lines of 100 columns at most, each a comment of YAML. The network's shapes fit.
 */
void mca_report_print_network(FILE *out, const struct mca_chip_config *config);

#endif
