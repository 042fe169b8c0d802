/* Which figures of the table of results sweeps compare. */
#ifndef MCA_REPORTS_SWEEP_METRICS_H
#define MCA_REPORTS_SWEEP_METRICS_H

#include "reports/figures/result_figures.h"
#include "sweep/plan.h"

/* Those that have a place there, in the order of places. */
void mca_sweep_metrics_take(struct mca_sweep_metrics *metrics);

/* The line of a metric in the table. */
const struct mca_result_figure *mca__sweep_figure(const struct mca_sweep_metric *metric);

/* What a page needs to show them: a list "figures". */
void mca__sweep_put_figures(struct mca__json *json);

#endif
