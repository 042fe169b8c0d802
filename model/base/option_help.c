/* --help, from a command's tables. */
#include <inttypes.h>
#include <string.h>

#include "base/option_text.h"
#include "base/options.h"
#include "base/wrapped_text.h"

enum { WIDTH = 98, TEXT_COLUMN = 28 };

/* Whether a word is one of a list with blanks between. */
static int is_listed(const char *list, const char *word) {
    const size_t length = strlen(word);
    for (; list && *list; list += strspn(list, " ")) {
        const size_t next = strcspn(list, " ");
        if (next == length && strncmp(list, word, length) == 0) {
            return 1;
        }
        list += next;
    }
    return 0;
}

/* "mcasim run SCENARIO.yaml [-o DIR] [--set KEY=VALUE]... [OPTION]..." */
void mca__option_usage(const struct mca_command *command, const char *title, char *text,
                       size_t size) {
    text[0] = '\0';
    mca_text_add(text, size, "%s%s%s", title, command->arguments[0] ? " " : "", command->arguments);
    for (size_t i = 0; i < command->option_count; ++i) {
        const struct mca_option *option = &command->options[i];
        if (command->shown && !is_listed(command->shown, option->name)) {
            continue;
        }
        const int needed = is_listed(command->needed, option->name);
        mca_text_add(text, size, needed ? " " : " [");
        if (option->letter) {
            mca_text_add(text, size, "-%c", option->letter);
        } else {
            mca_text_add(text, size, "--%s", option->name);
        }
        mca_text_add(text, size, "%s%s%s%s", option->argument ? " " : "",
                     option->argument ? option->argument : "", needed ? "" : "]",
                     option->kind == MCA_OPTION_LIST ? "..." : "");
    }
    mca_text_add(text, size, command->shown ? " [OPTION]..." : "");
}

void mca_put_help_row(FILE *out, const char *left, const char *text) {
    int column = fprintf(out, "  %s", left);
    if (column >= TEXT_COLUMN) {
        (void)fputc('\n', out);
        column = 0;
    }
    (void)fprintf(out, "%*s", TEXT_COLUMN - column, "");
    mca_put_wrapped(out, text, TEXT_COLUMN, TEXT_COLUMN, WIDTH);
}

void mca__option_row(const struct mca_option *option, struct mca__option_row *row) {
    char range[64] = "";
    char letter[8] = "";
    if (option->letter) {
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    (void)snprintf(row->left, sizeof row->left, "%s--%s%s%s", letter, option->name,
                   option->argument ? " " : "", option->argument ? option->argument : "");
    if (option->kind == MCA_OPTION_NUMBER) {
        (void)snprintf(range, sizeof range, ", %" PRIu64 "..%" PRIu64, option->min, option->max);
    }
    (void)snprintf(row->text, sizeof row->text, "%s%s%s%s", option->help, range,
                   option->standard ? "; default: " : "", option->standard ? option->standard : "");
}

void mca_command_put_help(FILE *out, const struct mca_command *command, const char *title) {
    struct mca__option_row row;
    char usage[MCA__OPTION_USAGE_SIZE];
    mca__option_usage(command, title, usage, sizeof usage);
    (void)fprintf(out, "Usage: %s\n\n", usage);
    mca_put_wrapped(out, command->about, 0, 0, WIDTH);
    (void)fputs("\nOptions:\n", out);
    for (size_t i = 0; i < command->option_count; ++i) {
        char left[sizeof row.left + 4];
        mca__option_row(&command->options[i], &row);
        (void)snprintf(left, sizeof left, "%s%s", command->options[i].letter ? "" : "    ",
                       row.left);
        mca_put_help_row(out, left, row.text);
    }
    mca_put_help_row(out, "-h, --help", "print this help");
    if (command->put_version) {
        mca_put_help_row(out, "-V, --version", "print the version");
        mca_put_help_row(out, "    --man", "print the page of the manual, for man -l -");
    }
    if (command->notes) {
        (void)fputc('\n', out);
        mca_put_wrapped(out, command->notes, 0, 0, WIDTH);
    }
    (void)fputs("\nExit status: ", out);
    mca_put_wrapped(out, command->exit_status, (int)strlen("Exit status: "), 0, WIDTH);
}
