/* The subcommands of mcasim. Only this folder reads arguments and prints. */
#ifndef MCA_CLI_CLI_H
#define MCA_CLI_CLI_H

#include "base/options.h"
#include "base/status.h"

/* Member of the command's own `struct options`, for a row of its table. */
#define AT(member) (struct options, member)

/* Fields of a command: its table, and that it takes one argument, a WHAT; what a file may be named
 * by. */
#define CLI_OPTIONS(table, type)                                                                   \
    .options = (table), .option_count = sizeof(table) / sizeof((table)[0]),                        \
    .options_size = sizeof(type)
#define CLI_ONE(what)                                                                              \
    .least = 1, .most = 1, .too_few = "a " what " is needed",                                      \
    .too_many = "only one " what " is allowed"

#define CLI_NAME_TOO " file is needed, or a name of 'mcasim scenarios'"
#define CLI_ONE_NAMED(what)                                                                        \
    .least = 1, .most = 1, .too_few = "a " what CLI_NAME_TOO,                                      \
    .too_many = "only one " what " is allowed"

#define CLI_COMMAND(name) extern const struct mca_command cli_##name;
#include "cli/commands.def"

#endif
