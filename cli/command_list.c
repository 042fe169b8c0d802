#include "cli/command_list.h"

#include <string.h>

#include "cli/cli.h"

const struct mca_command *const cli_commands[] = {
#define CLI_COMMAND(name) &cli_##name,
#include "cli/commands.def"
    NULL};

const char cli_usage[] = "mcasim COMMAND [ARGUMENT]...";
const char cli_about[] =
    "Simulates a chip that trains a neural network in phase-change-memory crossbars with a digital "
    "unit beside them: accuracy, energy, latency, area and wear from one run.";
const char cli_exit_status[] =
    "0 done; 1 the job failed; 2 wrong usage or bad content; 3 the operating system refused a "
    "file; 130 or 143 interrupted.";

const struct mca_command *cli_command_find(const char *name) {
    const struct mca_command *const *command = cli_commands;
    while (*command && strcmp((*command)->name, name) != 0) {
        ++command;
    }
    return *command;
}
