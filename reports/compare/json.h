/* A comparison as JSON: what `mcasim compare --json` prints and the page is made of. */
#ifndef MCA_REPORTS_COMPARE_JSON_H
#define MCA_REPORTS_COMPARE_JSON_H

#include "base/json_writer.h"
#include "reports/compare/compare.h"

/* Fills an object; lists are in the order of `runs`, places in them count from 0. */
void mca__comparison_fill_json(struct mca__json *json, json_t *parent,
                               const struct mca_comparison *comparison);

#endif
