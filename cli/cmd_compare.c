/* mcasim compare: finished runs side by side. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/line.h"
#include "reports/compare/compare.h"
#include "run/common_options.h"
#include "run/directory.h"

enum { USUAL_WIDTH = 100 };

struct options {
    const char *file; /* the page; NULL for none */
    int force;
    int json;
    int quiet;
};

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_JSON(AT(json)),
    MCA_OPTION_OUTPUT(AT(file), "FILE", NULL,
                      "also write one HTML page with charts that needs no network, in one step"),
    MCA_OPTION_FORCE(AT(force), "replace FILE where it exists"),
    MCA_OPTION_ONLY_RESULTS(AT(quiet)),
};

/* What options and arguments say together. */
static enum mca_status check_usage(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    if (given->count < MCA_COMPARE_RUNS_MIN || given->count > MCA_COMPARE_RUNS_MAX) {
        return mca_usage_error(error, given->command,
                               "%d to %d runs' directories are needed, %zu given",
                               MCA_COMPARE_RUNS_MIN, MCA_COMPARE_RUNS_MAX, given->count);
    }
    if (options->force && !options->file) {
        return mca_usage_error(error, given->command, "--force is of use only with -o");
    }
    return options->file && !options->file[0]
               ? mca_usage_error(error, given->command, "-o needs the name of a file")
               : MCA_OK;
}

/* That the page may be written, before the work. A device or a link is never replaced. */
static enum mca_status check_file(const struct options *options, struct mca_error *error) {
    struct stat info;
    if (lstat(options->file, &info) != 0) {
        return errno == ENOENT ? MCA_OK : mca_fail_errno(error, "%s", options->file);
    }
    if (!S_ISREG(info.st_mode)) {
        return mca_fail(error, MCA_INVALID, "%s is no plain file; use another -o", options->file);
    }
    return options->force
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s exists; use another -o, or --force to replace it",
                          options->file);
}

/* The page comes first: what fails prints nothing. */
static enum mca_status put_out(const struct options *options,
                               const struct mca_comparison *comparison, struct mca_error *error) {
    for (size_t r = 0; options->file && r < comparison->count; ++r) {
        MCA_TRY(mca_run_directory_refuse_within(comparison->runs[r].dir, options->file, error));
    }
    if (options->file) {
        MCA_TRY(mca_comparison_write_html(comparison, options->file, error));
    }
    for (size_t n = 0; !options->quiet && n < comparison->notice_count; ++n) {
        (void)fprintf(stderr, "%s\n", comparison->notices[n]);
    }
    return options->json ? mca_comparison_print_json(stdout, comparison, error)
                         : mca_comparison_print(stdout, comparison, cli_line_width(USUAL_WIDTH),
                                                mca_wants_colour(stdout), error);
}

static enum mca_status compare(const struct options *options, const char *const *dirs, size_t count,
                               struct mca_error *error) {
    struct mca_comparison *comparison = malloc(sizeof *comparison);
    if (!comparison) {
        return mca_fail_memory(error, "comparison");
    }
    enum mca_status status = mca_comparison_load(comparison, dirs, count, error);
    if (status == MCA_OK) {
        status = put_out(options, comparison, error);
        mca_comparison_deinit(comparison);
    }
    free(comparison);
    return status;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    MCA_TRY(check_usage(given, error));
    if (options->file) {
        MCA_TRY(check_file(options, error));
    }
    return compare(options, given->texts, given->count, error);
}

const struct mca_command cli_compare = {
    .name = "compare",
    .arguments = "DIR DIR...",
    .summary = "finished runs side by side",
    .about = "Shows 2 to 32 finished runs side by side: the scenario keys that differ, and the "
             "results with their signed differences from the first run. The best of a row is "
             "marked where more or less is better. Notices on stderr tell of what keeps runs from "
             "being compared: other data, component library, version of mcasim, seed or number of "
             "images. No directory is ever altered.",
    .notes = "Runs that do not fit the width of the terminal (or $COLUMNS; 100 in files and pipes) "
             "follow in further blocks, the first run in each. NO_COLOR turns colours off.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage or bad content; 3 the operating system "
                   "refused a file.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = SIZE_MAX,
    .run = run};
