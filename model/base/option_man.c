/* A command's page of the manual, from its tables. */
#include "base/man_page.h"
#include "base/option_text.h"
#include "base/options.h"

static void put_options(FILE *out, const struct mca_command *command) {
    mca_man_section(out, "OPTIONS");
    for (size_t i = 0; i < command->option_count; ++i) {
        struct mca__option_row row;
        mca__option_row(&command->options[i], &row);
        mca_man_item(out, row.left, row.text);
    }
    mca_man_item(out, "-h, --help", "print a help");
    if (command->put_version) {
        mca_man_item(out, "-V, --version", "print the version");
        mca_man_item(out, "--man", "print this page");
    }
}

void mca_command_put_man(FILE *out, const struct mca_command *command, const char *title) {
    char usage[MCA__OPTION_USAGE_SIZE];
    mca__option_usage(command, title, usage, sizeof usage);
    mca_man_begin(out, title, command->summary);
    mca_man_section(out, "SYNOPSIS");
    mca_man_usage(out, usage);
    mca_man_section(out, "DESCRIPTION");
    mca_man_text(out, command->about);
    put_options(out, command);
    if (command->notes) {
        mca_man_section(out, "NOTES");
        mca_man_text(out, command->notes);
    }
    mca_man_section(out, "EXIT STATUS");
    mca_man_text(out, command->exit_status);
    mca_man_section(out, "SEE ALSO");
    mca_man_reference(out, "mcasim", "");
}
