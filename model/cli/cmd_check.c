/* mcasim check: a scenario in full, or what is wrong with it. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/simulation.h"
#include "scenario/resolved.h"

static const char HELP[] =
    "Usage: mcasim check SCENARIO.yaml [--set KEY=VALUE]...\n"
    "\n"
    "Validates a scenario, its bases and its component library, and prints the resolved scenario:\n"
    "every key with its value, as YAML that loads again to the same scenario.\n"
    "\n"
    "Options:\n"
    "  --set KEY=VALUE           override a key; VALUE is YAML, e.g. network.layers='[784, 10]'\n"
    "  -h, --help                print this help\n"
    "\n"
    "Exit status: 0 valid; 2 wrong usage or bad content; 3 a file could not be read.\n";

static enum mca_status check(const struct cli_scenario_args *args, struct mca_error *error) {
    struct cli_scenario *scenario = malloc(sizeof *scenario);
    if (!scenario) {
        return mca_fail_memory(error, "scenario");
    }
    struct mca_component_library library;
    enum mca_status status = cli_load_scenario(scenario, args, error);
    if (status == MCA_OK) {
        status = cli_load_library(&library, &scenario->scenario, &scenario->origins, error);
    }
    if (status == MCA_OK) {
        mca_component_library_deinit(&library);
        mca_scenario_write(&scenario->scenario, stdout);
    }
    free(scenario);
    return status;
}

static enum mca_status parse(int argc, char **argv, struct cli_scenario_args *args, int *help,
                             struct mca_error *error) {
    static const struct option OPTIONS[] = {
        {"set", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
    int found;
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":h", OPTIONS, NULL)) != -1) {
        switch (found) {
        case 's':
            args->sets[args->set_count++] = optarg;
            break;
        case 'h':
            *help = 1;
            return MCA_OK;
        default:
            return cli_option_error(error, argv, found);
        }
    }
    if (argc - optind != 1) {
        return cli_usage_error(error, argv[0],
                               argc == optind ? "a scenario file is needed"
                                              : "only one scenario file is allowed");
    }
    args->path = argv[optind];
    return MCA_OK;
}

enum mca_status cli_check(int argc, char **argv, struct mca_error *error) {
    struct cli_scenario_args args = {.sets = calloc((size_t)argc, sizeof *args.sets)};
    int help = 0;
    if (!args.sets) {
        return mca_fail_memory(error, "arguments");
    }
    enum mca_status status = parse(argc, argv, &args, &help, error);
    if (help) {
        (void)fputs(HELP, stdout);
    } else if (status == MCA_OK) {
        status = check(&args, error);
    }
    free(args.sets);
    return status;
}
