/* --help, from a command's tables. */
#include <inttypes.h>
#include <string.h>

#include "base/options.h"
#include "base/wrapped_text.h"

enum { WIDTH = 98, TEXT_COLUMN = 28, TEXT_SIZE = 1024 };

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

/* "Usage: mcasim run SCENARIO.yaml [-o DIR] [--set KEY=VALUE]... [OPTION]..." */
static void put_usage(FILE *out, const struct mca_command *command, const char *title) {
    (void)fprintf(out, "Usage: %s%s%s", title, command->arguments[0] ? " " : "",
                  command->arguments);
    for (size_t i = 0; i < command->option_count; ++i) {
        const struct mca_option *option = &command->options[i];
        if (command->shown && !is_listed(command->shown, option->name)) {
            continue;
        }
        const int needed = is_listed(command->needed, option->name);
        (void)fputs(needed ? " " : " [", out);
        if (option->letter) {
            (void)fprintf(out, "-%c", option->letter);
        } else {
            (void)fprintf(out, "--%s", option->name);
        }
        (void)fprintf(out, "%s%s%s%s", option->argument ? " " : "",
                      option->argument ? option->argument : "", needed ? "" : "]",
                      option->kind == MCA_OPTION_LIST ? "..." : "");
    }
    (void)fputs(command->shown ? " [OPTION]...\n" : "\n", out);
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

static void put_option(FILE *out, const struct mca_option *option) {
    char left[64];
    char text[TEXT_SIZE];
    char range[64] = "";
    char letter[8] = "    ";
    if (option->letter) {
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
                   option->argument ? " " : "", option->argument ? option->argument : "");
    if (option->kind == MCA_OPTION_NUMBER) {
        (void)snprintf(range, sizeof range, ", %" PRIu64 "..%" PRIu64, option->min, option->max);
    }
    (void)snprintf(text, sizeof text, "%s%s%s%s", option->help, range,
                   option->standard ? "; default: " : "", option->standard ? option->standard : "");
    mca_put_help_row(out, left, text);
}

void mca_command_put_help(FILE *out, const struct mca_command *command, const char *title) {
    put_usage(out, command, title);
    (void)fputc('\n', out);
    mca_put_wrapped(out, command->about, 0, 0, WIDTH);
    (void)fputs("\nOptions:\n", out);
    for (size_t i = 0; i < command->option_count; ++i) {
        put_option(out, &command->options[i]);
    }
    mca_put_help_row(out, "-h, --help", "print this help");
    if (command->put_version) {
        mca_put_help_row(out, "-V, --version", "print the version");
    }
    if (command->notes) {
        (void)fputc('\n', out);
        mca_put_wrapped(out, command->notes, 0, 0, WIDTH);
    }
    (void)fputs("\nExit status: ", out);
    mca_put_wrapped(out, command->exit_status, (int)strlen("Exit status: "), 0, WIDTH);
}
