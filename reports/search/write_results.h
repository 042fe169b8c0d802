/*
 * A search's results: optimise.json, front.csv and best.yaml beside those of its points, which are
 * the results of a sweep. A pure function of search file, model and data.
 */
#ifndef MCA_REPORTS_SEARCH_WRITE_RESULTS_H
#define MCA_REPORTS_SEARCH_WRITE_RESULTS_H

#include <stdio.h>

#include "base/status.h"
#include "reports/search/results.h"

/* The figures that searches have of each point: those of sweeps, and what may be bounded. */
void mca_search_metrics_take(struct mca_sweep_metrics *metrics);

/* Writes them into the search's directory, each file in one step; best.yaml where a chip keeps to
 * the constraints. Without one it is removed. */
enum mca_status mca_search_write(const struct mca_search_results *results, const char *dir,
                                 struct mca_error *error);

/* The best chip, how it keeps to the constraints, the front, main effects and a paragraph, for a
 * terminal. */
enum mca_status mca_search_print(FILE *out, const struct mca_search_results *results,
                                 struct mca_error *error);

/* "accuracy 95.1 % of >= 97 %": the chip that misses the constraints least, where none keeps to
 * them. */
enum mca_status mca_search_nearest_text(const struct mca_search_results *results,
                                        char text[MCA_SEARCH_TEXT_SIZE], struct mca_error *error);

#endif
