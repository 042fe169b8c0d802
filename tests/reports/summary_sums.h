/* What holds of the figures of every run, whatever the scenario. */
#ifndef MCA_TESTS_SUMMARY_SUMS_H
#define MCA_TESTS_SUMMARY_SUMS_H

#include "run/priced_run.h"

/* Fails where figures of summary.json, which is written into `dir` for a moment, do not add up - by
 * phase, by component, by layer - or are negative or undefined, or zero where something acted. */
void check_summary(const struct mca_priced_run *report, const char *dir);

#endif
