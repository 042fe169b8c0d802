/* mcasim compare: finished runs side by side. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "reports/compare.h"

static const char HELP[] =
    "Usage: mcasim compare DIR DIR... [OPTION]...\n"
    "\n"
    "Shows 2 to 32 finished runs side by side: the scenario keys that differ, and the results "
    "with\n"
    "their signed differences from the first run. The best of a row is marked where more or less\n"
    "is better. Notices on stderr tell of what keeps runs from being compared: other data, "
    "component\n"
    "library, version of mcasim, seed or number of images. No directory is ever altered.\n"
    "\n"
    "Options:\n"
    "      --json                print the same as JSON\n"
    "      --quiet               no notices, only errors\n"
    "  -h, --help                print this help\n"
    "\n"
    "Runs that do not fit the width of the terminal (or $COLUMNS; 100 in files and pipes) follow "
    "in\n"
    "further blocks, the first run in each. NO_COLOR turns colours off.\n"
    "\n"
    "Exit status: 0 done; 1 out of memory; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file.\n";

struct options {
    int json;
    int quiet;
    int help;
};

static enum mca_status parse(int argc, char **argv, struct options *options,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {{"json", no_argument, NULL, 'j'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    int found;
    opterr = 0;
    while (!options->help && (found = getopt_long(argc, argv, ":h", OPTIONS, NULL)) != -1) {
        switch (found) {
        case 'j':
            options->json = 1;
            break;
        case 'q':
            options->quiet = 1;
            break;
        case 'h':
            options->help = 1;
            break;
        default:
            return cli_option_error(error, argv, found);
        }
    }
    const int count = argc - optind;
    if (!options->help && (count < MCA_COMPARE_RUNS_MIN || count > MCA_COMPARE_RUNS_MAX)) {
        return cli_usage_error(error, argv[0], "%d to %d runs' directories are needed, %d given",
                               MCA_COMPARE_RUNS_MIN, MCA_COMPARE_RUNS_MAX, count);
    }
    return MCA_OK;
}

/* Characters of a line of stdout. */
static int line_width(void) {
    enum { NARROWEST = 40, WIDEST = 10000, USUAL = 100 };
    const char *columns = getenv("COLUMNS");
    const long given = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;
    if (given >= NARROWEST && given <= WIDEST) {
        return (int)given;
    }
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
                   size.ws_col >= NARROWEST
               ? (int)size.ws_col
               : USUAL;
}

static enum mca_status compare(const struct options *options, const char *const *dirs, size_t count,
                               struct mca_error *error) {
    struct mca_comparison *comparison = malloc(sizeof *comparison);
    if (!comparison) {
        return mca_fail_memory(error, "comparison");
    }
    enum mca_status status = mca_comparison_load(comparison, dirs, count, error);
    if (status == MCA_OK) {
        for (size_t n = 0; !options->quiet && n < comparison->notice_count; ++n) {
            (void)fprintf(stderr, "%s\n", comparison->notices[n]);
        }
        status = options->json ? mca_comparison_print_json(stdout, comparison, error)
                               : mca_comparison_print(stdout, comparison, line_width(),
                                                      cli_wants_colour(stdout), error);
        mca_comparison_deinit(comparison);
    }
    free(comparison);
    return status;
}

enum mca_status cli_compare(int argc, char **argv, struct mca_error *error) {
    struct options options = {0};
    MCA_TRY(parse(argc, argv, &options, error));
    if (options.help) {
        (void)fputs(HELP, stdout);
        return MCA_OK;
    }
    return compare(&options, (const char *const *)(argv + optind), (size_t)(argc - optind), error);
}
