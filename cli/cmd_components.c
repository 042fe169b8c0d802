/* mcasim components: a component library with the sources of its figures. */
#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/tables/components_table.h"

static const char HELP[] =
    "Usage: mcasim components [FILE]\n"
    "\n"
    "Lists a component library: energy, static power and area of every component, with range,\n"
    "kind of figure and source. FILE is a library's name or the path of a YAML file; the default\n"
    "is mca-14nm, the library of the reference chip.\n"
    "\n"
    "Options:\n"
    "  -h, --help                print this help\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage or bad content; 3 the file could not be read.\n";

enum mca_status cli_components(int argc, char **argv, struct mca_error *error) {
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
    if (argc - optind > 1) {
        return mca_usage_error(error, argv[0], "only one library is allowed");
    }
    struct mca_component_library library;
    const char *name = optind < argc ? argv[optind] : "mca-14nm";
    MCA_TRY(mca_component_library_load(&library, name, error));
    mca_report_print_components(stdout, &library, mca_wants_colour(stdout));
    mca_component_library_deinit(&library);
    return MCA_OK;
}
