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
    const char *word = given->count > 1 ? given->texts[1] : "";
    if (options->json && *word) {
        return mca_usage_error(error, given->command, "--json takes no WORD");
    }
    MCA_TRY(mca_component_library_load(&library, name, error));
    enum mca_status status = MCA_OK;
    if (*word && !mca_report_has_component(word)) {
        status = mca_fail(error, MCA_INVALID, "%s: no figure has '%.64s' in its name", library.name,
                          word);
    } else if (options->json) {
        status = mca_report_print_components_json(stdout, &library, error);
    } else {
        mca_report_print_components(stdout, &library, word, mca_wants_colour(stdout));
    }
    mca_component_library_deinit(&library);
    return status;
}

const struct mca_command cli_components = {
    .name = "components",
    .arguments = "[FILE [WORD]]",
    .summary = "list a component library with its sources",
    .about = "Lists a component library: energy, static power and area of every component, with "
             "range, kind of figure and source. FILE is the path of a YAML "
             "file or a name (mcasim scenarios); the default is mca-14nm, the library of the "
             "reference chip. With WORD only the figures that have it in their names, such as adc. "
             "Figures that a library on top of another one states itself are marked with their "
             "lines; docs/reference/cost.md has how a library is written. As JSON each figure has "
             "its value at the library's node and, under "
             "stated, the keys with which a library file states it.",
    .exit_status = "0 done; 2 wrong usage or bad content, or no figure has the word; 3 the file "
                   "could not be read.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = 2,
    .too_many = "only one library and one word are allowed",
    .run = run};
