/* The commands of mcasim together, and what is said of all of them. */
#ifndef MCA_CLI_COMMAND_LIST_H
#define MCA_CLI_COMMAND_LIST_H

#include "base/options.h"

/* In the order of commands.def; NULL at the end. */
extern const struct mca_command *const cli_commands[];

extern const char cli_usage[];
extern const char cli_about[];
extern const char cli_exit_status[];

/* The command of that name, or NULL. */
const struct mca_command *cli_command_find(const char *name);

#endif
