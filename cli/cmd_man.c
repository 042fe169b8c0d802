/* mcasim man: pages of the manual, from the tables of commands and options. */
#include "base/man_page.h"
#include "cli/cli.h"
#include "cli/command_list.h"

/* "mcasim run" */
static const char *title_of(const struct mca_command *command, char title[64]) {
    (void)snprintf(title, 64, "mcasim %s", command->name);
    return title;
}

static void put_overview(void) {
    char title[64];
    mca_man_begin(stdout, "mcasim", "simulator of chips that train in phase-change memory");
    mca_man_section(stdout, "SYNOPSIS");
    mca_man_usage(stdout, cli_usage);
    mca_man_section(stdout, "DESCRIPTION");
    mca_man_text(stdout, cli_about);
    mca_man_section(stdout, "COMMANDS");
    for (size_t i = 0; cli_commands[i]; ++i) {
        char left[128];
        (void)snprintf(left, sizeof left, "%s%s%s", cli_commands[i]->name,
                       cli_commands[i]->arguments[0] ? " " : "", cli_commands[i]->arguments);
        mca_man_item(stdout, left, cli_commands[i]->summary);
    }
    mca_man_section(stdout, "OPTIONS");
    mca_man_item(stdout, "-h, --help", "print a help; `mcasim help COMMAND` says more");
    mca_man_item(stdout, "-V, --version", "print the version");
    mca_man_section(stdout, "EXIT STATUS");
    mca_man_text(stdout, cli_exit_status);
    mca_man_section(stdout, "SEE ALSO");
    for (size_t i = 0; cli_commands[i]; ++i) {
        mca_man_reference(stdout, title_of(cli_commands[i], title), cli_commands[i + 1] ? "," : "");
    }
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    char title[64];
    if (given->count == 0) {
        put_overview();
        return MCA_OK;
    }
    const struct mca_command *command = cli_command_find(given->texts[0]);
    if (!command) {
        return cli_command_unknown(given->command, given->texts[0], error);
    }
    mca_command_put_man(stdout, command, title_of(command, title));
    return MCA_OK;
}

const struct mca_command cli_man = {
    .name = "man",
    .arguments = "[COMMAND]",
    .summary = "print a page of the manual",
    .about = "Prints the manual's page of a command, or of mcasim itself, for `man -l -`, groff or "
             "mandoc. Pages are made from the same tables as --help; an installation has them as "
             "mcasim(1), mcasim-run(1) and so on.",
    .exit_status = "0 done; 2 wrong usage, or no such command.",
    .most = 1,
    .too_many = "only one COMMAND is allowed",
    .run = run};
