/* The reports of a run, as run/job.h wants them. */
#ifndef MCA_REPORTS_RUN_REPORTER_H
#define MCA_REPORTS_RUN_REPORTER_H

#include "run/reporter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All files of a run (docs/guide/reports.md), and the summary on the terminal. */
extern const struct mca_run_reporter mca_run_reports;

#ifdef __cplusplus
}
#endif

#endif
