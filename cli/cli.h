/* The subcommands of mcasim. Only this folder reads arguments and prints. */
#ifndef MCA_CLI_CLI_H
#define MCA_CLI_CLI_H

#include "base/options.h"
#include "base/status.h"

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
cli_command_fn cli_cosim;

#endif
