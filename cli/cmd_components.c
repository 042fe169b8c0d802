/* mcasim components: a component library with the sources of its figures. */
#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/tables/tables.h"
#include "run/common_options.h"

struct options {
    int json;
};

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("json", 0, AT(json), "print the library as JSON"),
};

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    struct mca_component_library library;
    const char *name = given->count > 0 ? given->texts[0] : "mca-14nm";
    MCA_TRY(mca_component_library_load(&library, name, error));
    enum mca_status status = MCA_OK;
    if (options->json) {
        status = mca_report_print_components_json(stdout, &library, error);
    } else {
        mca_report_print_components(stdout, &library, mca_wants_colour(stdout));
    }
    mca_component_library_deinit(&library);
    return status;
}

const struct mca_command cli_components = {
    .name = "components",
    .arguments = "[FILE]",
    .summary = "list a component library with its sources",
    .about = "Lists a component library: energy, static power and area of every component, with "
             "range, kind of figure and source. FILE is the path of a YAML "
             "file or a name (mcasim scenarios); the default is mca-14nm, the library of the "
             "reference chip. As JSON each figure has its value at the library's node and, under "
             "stated, the keys with which a library file states it.",
    .exit_status = "0 done; 2 wrong usage or bad content; 3 the file could not be read.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = 1,
    .too_many = "only one library is allowed",
    .run = run};
