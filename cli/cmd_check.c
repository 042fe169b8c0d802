/* mcasim check: a scenario in full, or what is wrong with it. */
#include <stdlib.h>

#include "cli/cli.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"

static const char HELP[] =
    "Usage: mcasim check SCENARIO.yaml [--set KEY=VALUE]... [--data DIR]\n"
    "\n"
    "Validates a scenario, its bases, its component library and whether its data fit, as `run` "
    "does,\n"
    "and prints the resolved scenario: every key with its value, as YAML that loads again to the\n"
    "same scenario. Notices on stderr tell of keys that have no effect and of values that waste "
    "or\n"
    "lose what they are given; one tells of data that are not here.\n"
    "\n"
    "Options:\n"
    "  --set KEY=VALUE           override a key; VALUE is YAML, e.g. network.layers='[784, 10]'\n"
    "  --data DIR                directory of the MNIST files; they must be there\n"
    "  -h, --help                print this help\n"
    "\n"
    "Exit status: 0 valid; 2 wrong usage or bad content; 3 a file could not be read.\n";

/* Data that are not here are those of another machine: told, where nobody said where they are. */
static enum mca_status check_with_data(struct mca_simulation *s, const char *dir,
                                       const struct mca_observer *observer,
                                       struct mca_error *error) {
    const struct mca_dataset_config config = s->scenario.scenario.dataset;
    enum mca_status status = mca_simulation_load_data(s, dir, observer, error);
    if (status == MCA_SYSTEM && !dir) {
        char line[MCA_ERROR_SIZE + 32];
        (void)snprintf(line, sizeof line, "data are not checked: %s", error->message);
        mca_observer_notice(observer, line);
        status = mca_scenario_notices(&s->scenario.scenario, &s->scenario.origins, NULL,
                                      &s->library, observer, error);
    }
    s->scenario.scenario.dataset = config; /* `auto` stays what was written */
    return status;
}

static enum mca_status check(const struct mca_scenario_args *args, const char *dir,
                             struct mca_error *error) {
    struct mca_simulation *s = calloc(1, sizeof *s);
    if (!s) {
        return mca_fail_memory(error, "scenario");
    }
    struct mca_progress_bar progress;
    mca_progress_init(&progress, 0);
    const struct mca_observer observer = mca_progress_observer(&progress);
    enum mca_status status = mca_simulation_load(s, args, error);
    if (status == MCA_OK) {
        status = check_with_data(s, dir, &observer, error);
    }
    if (status == MCA_OK) {
        mca_scenario_write(&s->scenario.scenario, stdout);
    }
    mca_simulation_deinit(s);
    free(s);
    return status;
}

static enum mca_status parse(int argc, char **argv, struct mca_scenario_args *args,
                             const char **dir, int *help, struct mca_error *error) {
    static const struct option OPTIONS[] = {{"set", required_argument, NULL, 's'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    int found;
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":h", OPTIONS, NULL)) != -1) {
        switch (found) {
        case 's':
            args->sets[args->set_count++] = optarg;
            break;
        case 'd':
            *dir = optarg;
            break;
        case 'h':
            *help = 1;
            return MCA_OK;
        default:
            return mca_option_error(error, argv, found);
        }
    }
    if (argc - optind != 1) {
        return mca_usage_error(error, argv[0],
                               argc == optind ? "a scenario file is needed"
                                              : "only one scenario file is allowed");
    }
    args->path = argv[optind];
    return MCA_OK;
}

enum mca_status cli_check(int argc, char **argv, struct mca_error *error) {
    struct mca_scenario_args args = {.sets = calloc((size_t)argc, sizeof *args.sets)};
    const char *dir = NULL;
    int help = 0;
    if (!args.sets) {
        return mca_fail_memory(error, "arguments");
    }
    enum mca_status status = parse(argc, argv, &args, &dir, &help, error);
    if (help) {
        (void)fputs(HELP, stdout);
    } else if (status == MCA_OK) {
        status = check(&args, dir, error);
    }
    free(args.sets);
    return status;
}
