/* mcasim help: what --help says, of the program or of a command. */
#include "cli/cli.h"
#include "cli/command_list.h"

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    char title[64];
    if (given->count == 0) {
        cli_put_help();
        return MCA_OK;
    }
    const struct mca_command *command = cli_command_find(given->texts[0]);
    if (!command) {
        return cli_command_unknown(given->command, given->texts[0], error);
    }
    (void)snprintf(title, sizeof title, "mcasim %s", command->name);
    mca_command_put_help(stdout, command, title);
    return MCA_OK;
}

const struct mca_command cli_help = {.name = "help",
                                     .arguments = "[COMMAND]",
                                     .summary = "what a command does, and its options",
                                     .about = "Prints what `mcasim COMMAND --help` prints; without "
                                              "COMMAND, the list of commands.",
                                     .exit_status = "0 done; 2 wrong usage, or no such command.",
                                     .most = 1,
                                     .too_many = "only one COMMAND is allowed",
                                     .run = run};
