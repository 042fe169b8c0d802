#include "base/options.h"

#include <assert.h>
#include <ctype.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTIONS_MAX = 32, FIRST_LONG = 256, HELP = 'h', VERSION = 'V', MAN = 'm' };

enum mca_status mca_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) {
    char reason[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mca_fail(error, MCA_INVALID, "%s: %s; see '%s --help'", command, reason, command);
}

enum mca_status mca_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value) {
    uint64_t number = 0;
    int valid = text[0] != '\0';
    for (const char *c = text; *c && valid; ++c) {
        valid = isdigit((unsigned char)*c) && number <= max;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (!valid || number < min || number > max) {
        return mca_usage_error(error, command,
                               "%s: '%.60s' is not a whole number %" PRIu64 "..%" PRIu64, option,
                               text, min, max);
    }
    *value = number;
    return MCA_OK;
}

int mca_wants_colour(FILE *stream) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && !(no_color && no_color[0]) && term &&
           strcmp(term, "dumb") != 0;
}

/* Takes an option by its name; any beginning of one is near. */
static void offer_option(struct mca_suggestions *suggestions, const char *written,
                         const char *name) {
    char shown[MCA_SUGGESTION_SIZE];
    const size_t length = strlen(written);
    (void)snprintf(shown, sizeof shown, "--%s", name);
    mca_suggestions_take(
        suggestions, shown,
        length > 0 && strncmp(written, name, length) == 0 ? 1 : mca_name_rank(written, name));
}

/* "; did you mean --threads" of an option that is none, or what else is known of it. */
static const char *meant_by(const struct mca_command *command, const char *option,
                            char text[MCA_SUGGESTIONS_TEXT_SIZE]) {
    struct mca_suggestions suggestions;
    char name[MCA_SUGGESTION_SIZE];
    text[0] = '\0';
    if (strncmp(option, "--", 2) != 0) {
        return text;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(option + 2, "="), option + 2);
    mca_suggestions_init(&suggestions);
    for (size_t i = 0; i < command->option_count; ++i) {
        offer_option(&suggestions, name, command->options[i].name);
    }
    offer_option(&suggestions, name, "help");
    if (suggestions.count == 0 && command->hint) {
        return command->hint(name, text);
    }
    return mca_suggestions_text(&suggestions, "; did you mean ", "", text);
}

/* The message for getopt_long's '?' and ':'. */
static enum mca_status refuse(const struct mca_command *command, struct mca_error *error,
                              char *const *argv, int found) {
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    const char *option = optind > 0 ? argv[optind - 1] : "";
    char letter[3] = {'-', (char)optopt, '\0'};
    const int is_short = optopt > 0 && optopt < FIRST_LONG && strncmp(option, "--", 2) != 0;
    if (is_short) {
        option = letter;
    }
    if (found == ':') {
        return mca_usage_error(error, argv[0], "option %.60s needs a value", option);
    }
    if (optopt != 0 && !is_short) {
        return mca_usage_error(error, argv[0], "option %.60s takes no value", option);
    }
    return mca_usage_error(error, argv[0], "unknown option %.60s%s", option,
                           meant_by(command, option, meant));
}

static void store_number(void *to, size_t size, uint64_t number) {
    const uint32_t narrow = (uint32_t)number;
    assert(size == sizeof number || (size == sizeof narrow && narrow == number));
    memcpy(to, size == sizeof number ? (const void *)&number : (const void *)&narrow, size);
}

static enum mca_status take_number(const struct mca_option *option, void *to, const char *command,
                                   const char *text, struct mca_error *error) {
    char name[64];
    uint64_t number = 0;
    (void)snprintf(name, sizeof name, option->letter ? "-%.1s" : "--%s",
                   option->letter ? &option->letter : option->name);
    MCA_TRY(mca_parse_number(error, command, name, text, option->min, option->max, &number));
    store_number(to, option->size, number);
    return MCA_OK;
}

/* "neither model nor rtl" */
static enum mca_status take_choice(const struct mca_option *option, int *to, const char *command,
                                   const char *text, struct mca_error *error) {
    char choices[128] = "";
    struct mca_suggestions suggestions;
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    const char *word = option->argument;
    mca_suggestions_init(&suggestions);
    for (int i = 0; *word; ++i) {
        const size_t length = strcspn(word, "|");
        if (strlen(text) == length && strncmp(text, word, length) == 0) {
            *to = i;
            return MCA_OK;
        }
        char name[MCA_SUGGESTION_SIZE];
        (void)snprintf(name, sizeof name, "%.*s", (int)length, word);
        mca_suggestions_offer(&suggestions, text, name);
        mca_text_add(choices, sizeof choices, "%s%s", i ? " nor " : "", name);
        word += length + (word[length] == '|');
    }
    return mca_usage_error(error, command, "--%s: '%.60s' is neither %s%s", option->name, text,
                           choices,
                           mca_suggestions_text(&suggestions, "; did you mean ", "", meant));
}

static enum mca_status take(const struct mca_option *option, void *options, const char *command,
                            const char *text, struct mca_error *error) {
    void *to = (char *)options + option->offset;
    switch (option->kind) {
    case MCA_OPTION_FLAG:
        *(int *)to = 1;
        break;
    case MCA_OPTION_TEXT:
        *(const char **)to = text;
        break;
    case MCA_OPTION_NUMBER:
        return take_number(option, to, command, text, error);
    case MCA_OPTION_LIST: {
        struct mca_texts *list = to;
        list->texts[list->count++] = text;
        break;
    }
    case MCA_OPTION_CHOICE:
        return take_choice(option, to, command, text, error);
    case MCA_OPTION_PARSED:
        return option->take(to, command, text, error);
    }
    return MCA_OK;
}

/* What getopt_long asks for, of a table and of the options that each command has. */
struct syntax {
    struct option rows[OPTIONS_MAX + 4];
    char letters[2 * OPTIONS_MAX + 4];
};

static void make_syntax(const struct mca_command *command, struct syntax *syntax) {
    assert(command->option_count <= OPTIONS_MAX);
    char *letter = syntax->letters;
    *letter++ = ':'; /* a missing value is told apart from an unknown option */
    size_t n = 0;
    for (; n < command->option_count; ++n) {
        const struct mca_option *option = &command->options[n];
        const int has_argument = option->kind == MCA_OPTION_FLAG ? no_argument : required_argument;
        syntax->rows[n] = (struct option){option->name, has_argument, NULL, FIRST_LONG + (int)n};
        if (option->letter) {
            *letter++ = option->letter;
            letter += has_argument == required_argument ? (*letter = ':', 1) : 0;
        }
    }
    syntax->rows[n++] = (struct option){"help", no_argument, NULL, HELP};
    *letter++ = HELP;
    if (command->put_version) {
        syntax->rows[n++] = (struct option){"version", no_argument, NULL, VERSION};
        *letter++ = VERSION;
        syntax->rows[n++] = (struct option){"man", no_argument, NULL, MAN};
    }
    syntax->rows[n] = (struct option){0};
    *letter = '\0';
}

static const struct mca_option *find_option(const struct mca_command *command, int found) {
    for (size_t i = 0; i < command->option_count; ++i) {
        if (found == FIRST_LONG + (int)i || found == command->options[i].letter) {
            return &command->options[i];
        }
    }
    return NULL;
}

/* Options into the command's struct; *asked is HELP, VERSION or MAN where one of them was met. */
static enum mca_status take_options(const struct mca_command *command, int argc, char **argv,
                                    void *options, int *asked, struct mca_error *error) {
    struct syntax syntax;
    int found;
    make_syntax(command, &syntax);
    opterr = 0;
    optind = 0; /* glibc: from the beginning, with nothing left of a line before */
    while ((found = getopt_long(argc, argv, syntax.letters, syntax.rows, NULL)) != -1) {
        const struct mca_option *option = find_option(command, found);
        if (option) {
            MCA_TRY(take(option, options, argv[0], optarg, error));
        } else if (found == '?' || found == ':') {
            return refuse(command, error, argv, found);
        } else {
            *asked = found;
            return MCA_OK;
        }
    }
    return MCA_OK;
}

/* Defaults of numbers and room for lists, as many texts as there are arguments. */
static enum mca_status prepare(const struct mca_command *command, int argc, char *options,
                               struct mca_error *error) {
    for (size_t i = 0; i < command->option_count; ++i) {
        const struct mca_option *option = &command->options[i];
        void *to = options + option->offset;
        if (option->kind == MCA_OPTION_NUMBER && option->standard) {
            store_number(to, option->size, strtoull(option->standard, NULL, 10)); /* words: 0 */
        } else if (option->kind == MCA_OPTION_LIST) {
            struct mca_texts *list = to;
            list->texts = calloc((size_t)argc, sizeof *list->texts);
            if (!list->texts) {
                return mca_fail_memory(error, "arguments");
            }
        }
    }
    return MCA_OK;
}

static void release(const struct mca_command *command, char *options) {
    for (size_t i = 0; options && i < command->option_count; ++i) {
        if (command->options[i].kind == MCA_OPTION_LIST) {
            free(((struct mca_texts *)(void *)(options + command->options[i].offset))->texts);
        }
    }
    free(options);
}

/* A word too many; "KEY=VALUE" is one for --set, where there is such an option. */
static enum mca_status refuse_word(const struct mca_command *command, const char *title,
                                   const char *word, struct mca_error *error) {
    int sets = 0;
    for (size_t i = 0; i < command->option_count; ++i) {
        sets |= strcmp(command->options[i].name, "set") == 0;
    }
    return sets && strchr(word, '=')
               ? mca_usage_error(error, title,
                                 "unexpected argument '%.60s'; did you mean --set %.60s", word,
                                 word)
               : mca_usage_error(error, title, "unexpected argument '%.60s'; %s", word,
                                 command->too_many);
}

static enum mca_status run(const struct mca_command *command, int argc, char **argv, void *options,
                           struct mca_error *error) {
    int asked = 0;
    MCA_TRY(take_options(command, argc, argv, options, &asked, error));
    if (asked == HELP) {
        mca_command_put_help(stdout, command, argv[0]);
        return MCA_OK;
    }
    if (asked == VERSION) {
        command->put_version(stdout);
        return MCA_OK;
    }
    if (asked == MAN) {
        mca_command_put_man(stdout, command, argv[0]);
        return MCA_OK;
    }
    const size_t count = (size_t)(argc - optind);
    if (count < command->least) {
        return mca_usage_error(error, argv[0], "%s", command->too_few);
    }
    if (count > command->most) {
        return refuse_word(command, argv[0], argv[(size_t)optind + command->most], error);
    }
    const struct mca_arguments arguments = {argv[0], options, (const char *const *)(argv + optind),
                                            count};
    return command->run(&arguments, error);
}

enum mca_status mca_command_run(const struct mca_command *command, int argc, char **argv,
                                struct mca_error *error) {
    char *options = calloc(1, command->options_size + 1); /* there may be none */
    if (!options) {
        return mca_fail_memory(error, "arguments");
    }
    enum mca_status status = prepare(command, argc, options, error);
    if (status == MCA_OK) {
        status = run(command, argc, argv, options, error);
    }
    release(command, options);
    return status;
}
