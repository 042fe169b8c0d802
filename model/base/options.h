/*
 * Commands and their options as tables: parsing, the line for each kind of wrong use, and --help
 * are made from them, and whatever else wants to know which options there are.
 *
 * getopt_long does the work below: abbreviations, permutation, "--" and joined values are those
 * that users know. Not argp, glibc's own layer above it: it words its messages and lays its help
 * out by itself, knows neither ranges nor choices, and would end the program where a command
 * returns a status.
 */
#ifndef MCA_BASE_OPTIONS_H
#define MCA_BASE_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "base/suggest.h"

MCA_C_BEGIN

/* What an option takes, and what it is stored as. */
enum mca_option_kind {
    MCA_OPTION_FLAG,   /* nothing; int: 1 */
    MCA_OPTION_TEXT,   /* const char *: as it stands in argv */
    MCA_OPTION_NUMBER, /* whole number min .. max; uint32_t or uint64_t */
    MCA_OPTION_LIST,   /* given as often as one likes; struct mca_texts */
    MCA_OPTION_CHOICE, /* one of the words of `argument`, "model|rtl"; int: which, from 0 */
    MCA_OPTION_PARSED  /* what `take` reads */
};

/* Texts of a list, in the order they were given. */
struct mca_texts {
    const char **texts; /* [count] */
    size_t count;
};

/* Reads the text of an option into `to`; MCA_INVALID by mca_usage_error. */
typedef enum mca_status mca_option_take_fn(void *to, const char *command, const char *text,
                                           struct mca_error *error);

/* A line of a table; made by the macros below. */
struct mca_option {
    const char *name; /* "output" of --output */
    char letter;      /* 'o' of -o, or 0 */
    enum mca_option_kind kind;
    const char *argument; /* "DIR"; NULL of a flag */
    size_t offset;        /* of the member of the command's options that it sets */
    size_t size;          /* of that member */
    const char *standard; /* its default: of a number digits, which it then is, or words for
                             people, then it is 0; NULL: none is told, numbers are 0 */
    const char *help;     /* a sentence; range and default are added to it */
    uint64_t min;         /* of numbers */
    uint64_t max;
    mca_option_take_fn *take;
};

/* What an option sets: the `to` of the macros is (type of the command's options, member). */
#define MCA_MEMBER(type, member) offsetof(type, member), sizeof(((type *)NULL)->member)

#define MCA_FLAG(name, letter, to, help)                                                           \
    { name, letter, MCA_OPTION_FLAG, NULL, MCA_MEMBER to, NULL, help, 0, 0, NULL }
#define MCA_TEXT(name, letter, argument, to, standard, help)                                       \
    { name, letter, MCA_OPTION_TEXT, argument, MCA_MEMBER to, standard, help, 0, 0, NULL }
#define MCA_NUMBER(name, letter, argument, to, min, max, standard, help)                           \
    { name, letter, MCA_OPTION_NUMBER, argument, MCA_MEMBER to, standard, help, min, max, NULL }
#define MCA_LIST(name, letter, argument, to, help)                                                 \
    { name, letter, MCA_OPTION_LIST, argument, MCA_MEMBER to, NULL, help, 0, 0, NULL }
#define MCA_CHOICE(name, letter, argument, to, standard, help)                                     \
    { name, letter, MCA_OPTION_CHOICE, argument, MCA_MEMBER to, standard, help, 0, 0, NULL }
#define MCA_PARSED(name, letter, argument, to, take, standard, help)                               \
    { name, letter, MCA_OPTION_PARSED, argument, MCA_MEMBER to, standard, help, 0, 0, take }

/* What a command line gave. */
struct mca_arguments {
    const char *command;      /* as messages name it: "mcasim run" */
    void *options;            /* the command's struct, zero but for what was given and defaults */
    const char *const *texts; /* [count], then NULL: what is no option */
    size_t count;
};

/* What an option that the command does not have may mean elsewhere, as text to go on with
 * ("; did you mean ..."), or "". */
typedef const char *mca_option_hint_fn(const char *name, char text[MCA_SUGGESTIONS_TEXT_SIZE]);

/* A subcommand, or a program of its own. */
struct mca_command {
    const char *name;      /* "run" */
    const char *arguments; /* as the usage has them: "DIR [KEY]", or "" */
    const char *summary;   /* for the list of commands */
    const char *about;     /* paragraphs; lines are broken where they are printed */
    const char *notes;     /* a paragraph below the options, or NULL */
    const char *exit_status;
    const struct mca_option *options;
    size_t option_count;
    size_t options_size; /* of the struct */
    const char *shown;  /* names of the options that the usage shows, then [OPTION]...; NULL: all */
    const char *needed; /* name of one that the usage shows as needed, or NULL */
    size_t least;       /* arguments, and most; what is said of fewer and more */
    size_t most;
    const char *too_few;
    const char *too_many;
    mca_option_hint_fn *hint;       /* NULL: nothing is known of other options */
    void (*put_version)(FILE *out); /* NULL: there is no --version, and no --man */
    enum mca_status (*run)(const struct mca_arguments *arguments, struct mca_error *error);
};

/*
 * Parses argv, argv[0] being how messages name the command, and runs it, or prints what --help,
 * --version or --man ask for; what follows those is not looked at. MCA_INVALID for wrong usage,
 * MCA_FAILED for memory, or what the command returns.
 */
enum mca_status mca_command_run(const struct mca_command *command, int argc, char **argv,
                                struct mca_error *error);

/* What --help prints. */
void mca_command_put_help(FILE *out, const struct mca_command *command, const char *title);

/* The same as a page of the manual, of man's macros. */
void mca_command_put_man(FILE *out, const struct mca_command *command, const char *title);

/* "  left          text", the text broken into lines of its column. */
void mca_put_help_row(FILE *out, const char *left, const char *text);

/* MCA_INVALID with "COMMAND: reason; see 'COMMAND --help'"; a command as argv[0] has it. */
enum mca_status mca_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));

/* Whole number of an option in min .. max. */
enum mca_status mca_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* 1 when the stream is a terminal that takes colour and NO_COLOR does not object. */
int mca_wants_colour(FILE *stream);

MCA_C_END

#endif
