#include "cli/completion/candidates.h"

#include <string.h>

#include "cli/command_list.h"
#include "cli/completion/line.h"

/* As much of a meaning as has room on a line: whole words. */
static int shown_length(const char *meaning) {
    enum { ROOM = 72 };
    size_t length = strcspn(meaning, "\n");
    if (length > ROOM) {
        for (length = ROOM; length > 0 && meaning[length] != ' '; --length) {
        }
    }
    return (int)length;
}

void cli__put(const struct cli__line *line, const char *candidate, const char *end,
              const char *meaning) {
    if (strncmp(candidate, line->part, strlen(line->part)) == 0) {
        const int length = shown_length(meaning);
        (void)fprintf(line->out, "%.*s%s%s\t%.*s%s\n", (int)line->start_length, line->start,
                      candidate, end, length, meaning, meaning[length] ? " ..." : "");
    }
}

struct cli__line cli__line_from(const struct cli__line *line, size_t length) {
    struct cli__line from = *line;
    from.start_length += length;
    from.part += length;
    return from;
}

static void put_commands(const struct cli__line *line) {
    for (size_t i = 0; cli_commands[i]; ++i) {
        cli__put(line, cli_commands[i]->name, "", cli_commands[i]->summary);
    }
}

static void put_nothing(const struct cli__line *line) {
    (void)line;
}

/* What completes a word that a usage names so: of the option, or of the command's arguments; of any
 * where that is NULL. The first row that fits holds. */
static const struct {
    const char *of;
    const char *name;
    cli__complete_fn *complete;
} WORDS[] = {
    {"output", "DIR", cli__put_folders},
    {"data", "DIR", cli__put_folders},
    {NULL, "DIR", cli__put_runs},
    {"infer", "DIR|SCENARIO", cli__put_runs_and_scenarios},
    {"components", "FILE", cli__put_libraries},
    {"library", "FILE", cli__put_libraries},
    {NULL, "FILE", cli__put_files},
    {"rtl", "DIR|FILE.f", cli__put_files},
    {NULL, "SCENARIO", cli__put_scenarios},
    {NULL, "SWEEP", cli__put_sweeps},
    {NULL, "SEARCH", cli__put_searches},
    {NULL, "SOURCE", cli__put_weights},
    {NULL, "COMMAND", put_commands},
    {"keys", "WORD", cli__put_keys},
    {"scenarios", "WORD", cli__put_shipped},
    {"explain", "KEY", cli__put_results},
    {NULL, "KEY=VALUE", cli__put_assignments},
    /* as people think of them */
    {NULL, "N", put_nothing},
    {NULL, "NAME", put_nothing},
    {NULL, "S", put_nothing},
    {NULL, "I/N", put_nothing},
    {NULL, "IMAGE[-IMAGE]", put_nothing},
    {NULL, "AGES", put_nothing},
    {"completion", "--", put_nothing},
    {"completion", "WORD", put_nothing},
};

static cli__complete_fn *find_word(const char *of, const char *name) {
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; ++i) {
        if (strcmp(WORDS[i].name, name) == 0 && (!WORDS[i].of || strcmp(WORDS[i].of, of) == 0)) {
            return WORDS[i].complete;
        }
    }
    return NULL;
}

/* The words of "model|rtl", which stand for nothing else. */
static void put_choices(const struct cli__line *line, const char *words) {
    while (*words) {
        char word[64];
        const size_t length = strcspn(words, "|");
        (void)snprintf(word, sizeof word, "%.*s", (int)length, words);
        cli__put(line, word, "", "");
        words += length + (words[length] == '|');
    }
}

static void complete(const struct cli__line *line, const char *of, const char *name) {
    cli__complete_fn *known = find_word(of, name);
    if (known) {
        known(line);
    } else {
        put_choices(line, name);
    }
}

/* The words for an argument, counted from 0, in "DIR DIR..." or "DIR [KEY]"; "" where there is
 * none. */
static void argument_words(const char *arguments, size_t which, char words[64]) {
    words[0] = '\0';
    for (size_t i = 0; i <= which && *arguments; ++i) {
        arguments += strspn(arguments, " [");
        const size_t length = strcspn(arguments, " ]");
        const int is_repeated = length > 3 && strncmp(arguments + length - 3, "...", 3) == 0;
        (void)snprintf(words, 64, "%.*s", (int)(is_repeated ? length - 3 : length), arguments);
        if (!is_repeated) {
            arguments += length;
            arguments += strspn(arguments, " ]");
        }
        words[i < which && !*arguments ? 0 : strlen(words)] = '\0';
    }
}

/* What the words before the last one say. */
struct state {
    const struct mca_option *pending; /* it waits for its value */
    unsigned long long given;         /* options, a bit each */
    size_t arguments;
    int only_arguments; /* "--" was there */
};

static const struct mca_option *find_long(const struct mca_command *command, const char *word,
                                          size_t length) {
    for (size_t i = 0; i < command->option_count; ++i) {
        if (strlen(command->options[i].name) == length &&
            strncmp(command->options[i].name, word, length) == 0) {
            return &command->options[i];
        }
    }
    return NULL;
}

/* "--name", "--name=value", "-o", "-oDIR" */
static void take_option(struct state *state, const struct mca_command *command, const char *word) {
    const struct mca_option *option = NULL;
    const int is_long = word[1] == '-';
    const size_t length = is_long ? strcspn(word + 2, "=") : 1;
    if (is_long) {
        option = find_long(command, word + 2, length);
    }
    for (size_t i = 0; !is_long && i < command->option_count; ++i) {
        option = command->options[i].letter == word[1] ? &command->options[i] : option;
    }
    if (option) {
        const int has_value = word[(is_long ? 2 : 1) + length] != '\0';
        state->given |= 1ull << (option - command->options);
        state->pending = option->kind == MCA_OPTION_FLAG || has_value ? NULL : option;
    }
}

static struct state read_words(struct cli__line *line, const char *const *words, size_t count) {
    struct state state = {0};
    for (size_t i = 0; i < count; ++i) {
        if (state.pending) {
            state.pending = NULL;
        } else if (!state.only_arguments && strcmp(words[i], "--") == 0) {
            state.only_arguments = 1;
        } else if (!state.only_arguments && words[i][0] == '-' && words[i][1] != '\0') {
            take_option(&state, line->command, words[i]);
        } else {
            line->first = state.arguments++ == 0 ? words[i] : line->first;
        }
    }
    return state;
}

/* Options that may still be given. */
static void put_options(const struct cli__line *line, const struct state *state) {
    const struct mca_command *command = line->command;
    const struct cli__line name = cli__line_from(line, line->part[1] == '-' ? 2 : 1);
    const struct cli__line whole = {line->out, command, line->first,
                                    "--",      2,       line->part[1] == '-' ? name.part : ""};
    for (size_t i = 0; i < command->option_count; ++i) {
        const struct mca_option *option = &command->options[i];
        if (option->kind == MCA_OPTION_LIST || (state->given >> i & 1) == 0) {
            cli__put(&whole, option->name, "", option->help);
        }
    }
    cli__put(&whole, "help", "", "print this help");
}

static void put_word(struct cli__line *line, const char *const *words, size_t count) {
    const struct state state = read_words(line, words, count);
    const char *part = line->part;
    const size_t length = strcspn(part, "=");
    char arguments[64];
    if (state.pending) {
        complete(line, state.pending->name, state.pending->argument);
    } else if (state.only_arguments || part[0] != '-') {
        argument_words(line->command->arguments, state.arguments, arguments);
        complete(line, line->command->name, arguments);
    } else if (part[1] == '-' && part[length] == '=') {
        const struct mca_option *option = find_long(line->command, part + 2, length - 2);
        const struct cli__line value = cli__line_from(line, length + 1);
        if (option && option->argument) {
            complete(&value, option->name, option->argument);
        }
    } else {
        put_options(line, &state);
    }
}

void cli_put_candidates(FILE *out, const char *const *words, size_t count) {
    const char *last = count > 0 ? words[count - 1] : "";
    struct cli__line line = {out, NULL, NULL, last, 0, last};
    if (count < 2) {
        put_commands(&line);
        cli__put(&line, "--help", "", "print this help");
        cli__put(&line, "--version", "", "print the version");
        return;
    }
    line.command = cli_command_find(words[0]);
    if (line.command) {
        put_word(&line, words + 1, count - 2);
    }
}
