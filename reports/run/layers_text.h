/* Inside of the summary on the terminal: figures by layer. */
#ifndef MCA_REPORTS_RUN_LAYERS_TEXT_H
#define MCA_REPORTS_RUN_LAYERS_TEXT_H

#include <stdio.h>

#include "run/priced_run.h"

/* A row for each layer, for what they share, and for the whole chip, at most 100 columns wide;
 * nothing for a network of one layer. Headings stand between `bold` and `plain`. */
void mca__print_layers(FILE *out, const struct mca_priced_run *report, const char *bold,
                       const char *plain);

/* Energy and time of an image in each layer, on the chip and in each digital design as wide as its
 * digital unit; likewise at most 100 columns. */
void mca__print_design_layers(FILE *out, const struct mca_priced_run *report);

#endif
