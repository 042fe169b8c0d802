/* The commands of mcasim together, and what is said of all of them. */
#ifndef MCA_CLI_COMMAND_LIST_H
#define MCA_CLI_COMMAND_LIST_H

#include "cli/cli.h"

/* In the order of commands.def; NULL at the end. */
extern const struct mca_command *const cli_commands[];

extern const char cli_usage[];
extern const char cli_about[];
extern const char cli_exit_status[];

/* The command of that name, or NULL. */
const struct mca_command *cli_command_find(const char *name);

/* MCA_INVALID for a name that no command has, with what may have been meant. `by` is who says so.
 */
enum mca_status cli_command_unknown(const char *by, const char *name, struct mca_error *error);

/* What `mcasim --help` prints. */
void cli_put_help(void);

#endif
