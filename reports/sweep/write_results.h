/*
 * A sweep's results brought together into sweep.csv, groups.csv, pareto.csv, layers.csv, sweep.json
 * and sweep.html. A pure function of plan, model and data: how often the sweep was killed, and on
 * how many machines it ran, leaves no trace.
 */
#ifndef MCA_REPORTS_SWEEP_WRITE_RESULTS_H
#define MCA_REPORTS_SWEEP_WRITE_RESULTS_H

#include <stdio.h>

#include "base/status.h"
#include "reports/sweep/results.h"

/* Which figures of the table of results sweeps compare: those that have a place there, in the order
 * of places. */
void mca_sweep_metrics_take(struct mca_sweep_metrics *metrics);

/* The points as CSV, a row each in plan order: hash, setting, swept keys, seed and state, the first
 * columns of sweep.csv. MCA_SYSTEM when the stream cannot be written. */
enum mca_status mca_sweep_print_points(FILE *out, const struct mca_sweep_results *results,
                                       struct mca_error *error);

/* Writes sweep.csv, groups.csv, pareto.csv, layers.csv, sweep.json and sweep.html into `dir`, the
 * sweep's own, where the points' runs are read for their layers; each in one step, so that several
 * processes may do so at once. */
enum mca_status mca_sweep_write(const struct mca_sweep_results *results, const char *dir,
                                struct mca_error *error);

/* Writes sweep.html again from dir/sweep.json. MCA_SYSTEM for files, MCA_INVALID for content. */
enum mca_status mca_sweep_report_html(const char *dir, struct mca_error *error);

/* The best setting of each objective, and the Pareto fronts, for a terminal. */
enum mca_status mca_sweep_print(FILE *out, const struct mca_sweep_results *results,
                                struct mca_error *error);

#endif
