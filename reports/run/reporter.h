/* The reports of a run, as run/job.h wants them. */
#ifndef MCA_REPORTS_RUN_REPORTER_H
#define MCA_REPORTS_RUN_REPORTER_H

#include "base/c_linkage.h"
#include "run/reporter.h"

MCA_C_BEGIN

/* All files of a run (docs/guide/reports.md), and the summary on the terminal. */
extern const struct mca_run_reporter mca_run_reports;

MCA_C_END

#endif
