/* The numbers that each layer works with (chip/layer_numbers.h), in summary.json and on the
 * terminal; of networks written as widths, whose numbers are the chip's, nothing. */
#ifndef MCA_REPORTS_RUN_LAYER_NUMBERS_H
#define MCA_REPORTS_RUN_LAYER_NUMBERS_H

#include <stdio.h>

#include "base/json_writer.h"
#include "run/priced_run.h"

/* "layer_numbers": an object for each layer with a matrix or a full scale of its own, every number
 * with where it is from; null where the layer has none. */
void mca__put_layer_numbers(struct mca__json *json, const struct mca_scenario *scenario);

/* A table with a line for each of these layers. */
void mca__print_layer_numbers(FILE *out, const struct mca_scenario *scenario);

#endif
