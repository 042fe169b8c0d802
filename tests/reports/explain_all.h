/* Explanations of all figures of a run, against summary.json. */
#ifndef MCA_TESTS_EXPLAIN_ALL_H
#define MCA_TESTS_EXPLAIN_ALL_H

#include <stdint.h>

#include "run/priced_run.h"

/* Whether what stands at the end of a path is no figure: a name, a count of lanes, a shape. */
int is_no_figure(const char *path);

/* Fails where a figure of summary.json, which is written into `dir` for a moment, does not follow
 * to the last digit from the terms that its explanation lists. Returns how many there are. */
uint32_t explain_every_figure(const struct mca_priced_run *report, const char *dir);

#endif
