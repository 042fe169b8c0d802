/* What the subcommands of mcasim share. Only this folder reads arguments, prints and keeps time. */
#ifndef MCA_CLI_CLI_H
#define MCA_CLI_CLI_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A subcommand: argv[0] is "mcasim NAME". Returns the exit status; where it is not MCA_OK, `error`
 * holds the line for stderr.
 */
typedef enum mca_status cli_command_fn(int argc, char **argv, struct mca_error *error);

cli_command_fn cli_run;
cli_command_fn cli_check;
cli_command_fn cli_keys;
cli_command_fn cli_components;
cli_command_fn cli_compare;
cli_command_fn cli_price;
cli_command_fn cli_explain;
cli_command_fn cli_report;
cli_command_fn cli_bench;
cli_command_fn cli_validate;
cli_command_fn cli_sweep;
cli_command_fn cli_cosim; /* in shim/ */

/* A scenario as the command line names it. */
struct cli_scenario_args {
    const char *path;
    const char **sets; /* KEY=VALUE, in order */
    size_t set_count;
    const char *seed;                    /* --seed, or NULL */
    const struct mca_scenario *resolved; /* or NULL: it stands for `path` */
};

/* A scenario with the origins of its values. */
struct cli_scenario {
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
};

/* MCA_INVALID with "COMMAND: reason; see 'COMMAND --help'"; a command as argv[0] has it. */
enum mca_status cli_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));

/* The message for getopt_long's '?' and ':'. `short_options` as given to getopt_long. */
enum mca_status cli_option_error(struct mca_error *error, char *const *argv, int found);

/* Whole number of an option in min .. max. */
enum mca_status cli_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* Loads the scenario, applies --set and --seed, checks the combination. */
enum mca_status cli_load_scenario(struct cli_scenario *scenario,
                                  const struct cli_scenario_args *args, struct mca_error *error);

/* 1 when the stream is a terminal that takes colour and NO_COLOR does not object. */
int cli_wants_colour(FILE *stream);

/* Path of a scenario that comes with the program: where base/data_places.h says.
 * MCA_SYSTEM where there is none. */
enum mca_status cli_shipped_scenario(const char *name, char *path, size_t size,
                                     struct mca_error *error);

#ifdef __cplusplus
}
#endif

#endif
