/* mcasim compare: finished runs side by side. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "reports/compare/compare.h"
#include "run/directory.h"

static const char HELP[] =
    "Usage: mcasim compare DIR DIR... [--json] [-o FILE] [--force] [--quiet]\n"
    "\n"
    "Shows 2 to 32 finished runs side by side: the scenario keys that differ, and the results "
    "with\n"
    "their signed differences from the first run. The best of a row is marked where more or less\n"
    "is better. Notices on stderr tell of what keeps runs from being compared: other data, "
    "component\n"
    "library, version of mcasim, seed or number of images. No directory is ever altered.\n"
    "\n"
    "Options:\n"
    "  -o, --output FILE         also write one HTML page with charts that needs no network, in\n"
    "                            one step\n"
    "      --force               replace FILE where it exists\n"
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
    const char *file; /* the page; NULL for none */
    int force;
    int json;
    int quiet;
    int help;
};

/* What options and arguments say together. */
static enum mca_status check_usage(int argc, char **argv, const struct options *options,
                                   struct mca_error *error) {
    const int count = argc - optind;
    if (count < MCA_COMPARE_RUNS_MIN || count > MCA_COMPARE_RUNS_MAX) {
        return mca_usage_error(error, argv[0], "%d to %d runs' directories are needed, %d given",
                               MCA_COMPARE_RUNS_MIN, MCA_COMPARE_RUNS_MAX, count);
    }
    if (options->force && !options->file) {
        return mca_usage_error(error, argv[0], "--force is of use only with -o");
    }
    return options->file && !options->file[0]
               ? mca_usage_error(error, argv[0], "-o needs the name of a file")
               : MCA_OK;
}

static enum mca_status parse(int argc, char **argv, struct options *options,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {
        {"output", required_argument, NULL, 'o'}, {"force", no_argument, NULL, 'f'},
        {"json", no_argument, NULL, 'j'},         {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},         {0}};
    int found;
    opterr = 0;
    while (!options->help && (found = getopt_long(argc, argv, ":o:h", OPTIONS, NULL)) != -1) {
        switch (found) {
        case 'o':
            options->file = optarg;
            break;
        case 'f':
            options->force = 1;
            break;
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
            return mca_option_error(error, argv, found);
        }
    }
    return options->help ? MCA_OK : check_usage(argc, argv, options, error);
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
                         : mca_comparison_print(stdout, comparison, line_width(),
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

enum mca_status cli_compare(int argc, char **argv, struct mca_error *error) {
    struct options options = {0};
    MCA_TRY(parse(argc, argv, &options, error));
    if (options.help) {
        (void)fputs(HELP, stdout);
        return MCA_OK;
    }
    if (options.file) {
        MCA_TRY(check_file(&options, error));
    }
    return compare(&options, (const char *const *)(argv + optind), (size_t)(argc - optind), error);
}
