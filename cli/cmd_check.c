/* mcasim check: a scenario in full, or what is wrong with it. */
#include <stdlib.h>

#include "cli/cli.h"
#include "reports/tables/tables.h"
#include "run/common_options.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"

/* Data that are not here are those of another machine: told, where nobody said where they are. */
static enum mca_status check_with_data(struct mca_simulation *s, const char *dir,
                                       const struct mca_observer *observer,
                                       struct mca_error *error) {
    const struct mca_dataset_config config = s->scenario.scenario.dataset;
    enum mca_status status = mca_simulation_load_data(s, dir, observer, error);
    if (status == MCA_SYSTEM && !dir) {
        mca_observer_tell(observer, "data are not checked: %s", error->message);
        mca_scenario_notices(&s->scenario.scenario, &s->scenario.origins, NULL, &s->library,
                             observer);
        status = MCA_OK;
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
    mca_progress_hold(&progress);
    const struct mca_observer observer = mca_progress_observer(&progress);
    enum mca_status status = mca_simulation_load(s, args, error);
    if (status == MCA_OK) {
        status = check_with_data(s, dir, &observer, error);
    }
    mca_progress_release(&progress, status != MCA_OK);
    if (status == MCA_OK) {
        mca_scenario_write(&s->scenario.scenario, stdout);
        (void)fputc('\n', stdout);
        mca_report_print_network(stdout, &s->scenario.scenario.chip);
    }
    mca_simulation_deinit(s);
    free(s);
    return status;
}

struct options {
    struct mca_scenario_args scenario;
    const char *data;
};

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_SET_ANY(AT(scenario.sets)),
    MCA_OPTION_DATA(AT(data)),
};

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct options *options = given->options;
    options->scenario.path = given->texts[0];
    return check(&options->scenario, options->data, error);
}

const struct mca_command cli_check = {
    .name = "check",
    .arguments = "SCENARIO",
    .summary = "validate a scenario and print it in full",
    .about = "Validates a scenario, a file or the name of one that comes with the program, its "
             "bases, its component library and whether its data fit, as "
             "`run` does, and prints the resolved scenario: every key with its value, as YAML that "
             "loads again to the same scenario, and, as a comment in it, the network layer by "
             "layer. Notices on stderr tell of keys that have no effect "
             "and of values that waste or lose what they are given; one tells of data that are not "
             "here, which is an error only where --data says that they are.",
    .exit_status = "0 valid; 2 wrong usage or bad content; 3 a file could not be read.",
    CLI_OPTIONS(OPTIONS, struct options),
    .hint = mca_option_as_key,
    CLI_ONE_NAMED("scenario"),
    .run = run};
