/* mcasim report: the page of a finished run. */
#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/run/report.h"
#include "reports/sweep/write_results.h"
#include "run/finished_run.h"

static enum mca_status write_page(const void *dir, struct mca_finished_run *run,
                                  struct mca_error *error) {
    struct mca_component_library library;
    MCA_TRY(mca_finished_run_library(run, &library, error));
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    const enum mca_status status = mca_report_write_html(&report, dir, error);
    mca_component_library_deinit(&library);
    return status;
}

static enum mca_status report(const struct mca_arguments *given, struct mca_error *error) {
    const char *dir = given->texts[0];
    if (mca_is_sweep(dir)) {
        return mca_sweep_report_html(dir, error);
    }
    return mca_with_finished_run(dir, 0, write_page, dir, error);
}

const struct mca_command cli_report = {
    .name = "report",
    .arguments = "DIR",
    .summary = "write the HTML page of a finished run again",
    .about = "Writes DIR/report.html again from the files of the finished run in DIR: one file "
             "with tables and charts that needs no network. `mcasim run` writes it too. Where DIR "
             "holds sweep.json, the results of a sweep, DIR/sweep.html is written from that.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage or bad content; 3 the operating system "
                   "refused a file.",
    CLI_ONE("run's directory"),
    .run = report};
