#include "cli/command_list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/shipped.h"
#include "base/suggest.h"
#include "base/wrapped_text.h"
#include "scenario/keys.h"

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

/* A name of a file that comes with the program, or a file, with the command that takes it. */
static void offer_file(struct mca_suggestions *suggestions, const char *word) {
    static const struct {
        enum mca_shipped kind;
        const char *before;
        const char *after;
    } shipped[] = {{MCA_SHIPPED_SCENARIO, "run", ""},
                   {MCA_SHIPPED_SWEEP, "sweep", " -o DIR"},
                   {MCA_SHIPPED_SEARCH, "optimise", " -o DIR"},
                   {MCA_SHIPPED_LIBRARY, "components", ""}};
    char path[MCA_PATH_SIZE];
    char text[128];
    for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; ++i) {
        if (mca_shipped_path(shipped[i].kind, word, path, sizeof path, NULL) == MCA_OK) {
            (void)snprintf(text, sizeof text, "%s %.60s%s", shipped[i].before, word,
                           shipped[i].after);
            mca_suggestions_take(suggestions, text, 0);
        }
    }
    const char *dot = strrchr(word, '.');
    if (dot && strcmp(dot, ".yaml") == 0 && access(word, F_OK) == 0) {
        (void)snprintf(text, sizeof text, "run %.60s", word);
        mca_suggestions_take(suggestions, text, 0);
    }
}

static void offer_key(struct mca_suggestions *suggestions, const char *word) {
    char text[128];
    if (mca_key_find(word) || mca_key_is_section(word, strlen(word))) {
        (void)snprintf(text, sizeof text, "keys %.60s", word);
        mca_suggestions_take(suggestions, text, 0);
    }
}

enum mca_status cli_command_unknown(const char *by, const char *name, struct mca_error *error) {
    struct mca_suggestions suggestions;
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    mca_suggestions_init(&suggestions);
    offer_file(&suggestions, name);
    for (size_t i = 0; cli_commands[i]; ++i) {
        mca_suggestions_offer(&suggestions, name, cli_commands[i]->name);
    }
    if (suggestions.count == 0) {
        offer_key(&suggestions, name);
    }
    return mca_fail(error, MCA_INVALID, "%s: unknown %s '%.60s'%s; see 'mcasim --help'", by,
                    name[0] == '-' ? "option" : "command", name,
                    mca_suggestions_text(&suggestions, "; did you mean mcasim ", "", text));
}

void cli_put_help(void) {
    (void)printf("Usage: %s\n\n", cli_usage);
    mca_put_wrapped(stdout, cli_about, 0, 0, 90);
    (void)fputs("\nCommands:\n", stdout);
    for (size_t i = 0; cli_commands[i]; ++i) {
        char left[64];
        (void)snprintf(left, sizeof left, "%s %s", cli_commands[i]->name,
                       cli_commands[i]->arguments);
        mca_put_help_row(stdout, left, cli_commands[i]->summary);
    }
    (void)fputs("\nOptions:\n", stdout);
    mca_put_help_row(stdout, "-h, --help", "print this help; 'mcasim help COMMAND' says more");
    mca_put_help_row(stdout, "-V, --version", "print the version");
    (void)fputs("\nBegin with 'mcasim scenarios' and 'mcasim run synthetic-quick'.\n"
                "\nExit status: ",
                stdout);
    mca_put_wrapped(stdout, cli_exit_status, 13, 0, 90);
}
