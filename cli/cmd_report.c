/* mcasim report: the page of a finished run. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/run/report.h"
#include "reports/sweep/write_results.h"
#include "run/finished_run.h"

static const char HELP[] =
    "Usage: mcasim report DIR\n"
    "\n"
    "Writes DIR/report.html again from the files of the finished run in DIR: one file with tables\n"
    "and charts that needs no network. `mcasim run` writes it too. Where DIR holds sweep.json, "
    "the\n"
    "results of a sweep, DIR/sweep.html is written from that.\n"
    "\n"
    "Options:\n"
    "  -h, --help                print this help\n"
    "\n"
    "Exit status: 0 done; 1 out of memory; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file.\n";

static enum mca_status write_page(const struct mca_finished_run *run, const char *dir,
                                  struct mca_error *error) {
    struct mca_component_library library;
    MCA_TRY(mca_finished_run_library(run, &library, error));
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    const enum mca_status status = mca_report_write_html(&report, dir, error);
    mca_component_library_deinit(&library);
    return status;
}

enum mca_status cli_report(int argc, char **argv, struct mca_error *error) {
    static const struct option OPTIONS[] = {{"help", no_argument, NULL, 'h'}, {0}};
    int found;
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":h", OPTIONS, NULL)) != -1) {
        if (found != 'h') {
            return mca_option_error(error, argv, found);
        }
        (void)fputs(HELP, stdout);
        return MCA_OK;
    }
    if (argc - optind != 1) {
        return mca_usage_error(error, argv[0],
                               argc == optind ? "a run's directory is needed"
                                              : "only one run's directory is allowed");
    }
    if (mca_is_sweep(argv[optind])) {
        return mca_sweep_report_html(argv[optind], error);
    }
    struct mca_finished_run *run = malloc(sizeof *run);
    if (!run) {
        return mca_fail_memory(error, "run");
    }
    enum mca_status status = mca_finished_run_load(run, argv[optind], error);
    if (status == MCA_OK) {
        mca_finished_run_tell(run, stderr);
        status = write_page(run, argv[optind], error);
        mca_finished_run_deinit(run);
    }
    free(run);
    return status;
}
