/* Commands from tables: every kind of option, every kind of wrong use, and --help, on a command
 * made up here whose texts are written out by hand. */
#include "base/options.h"

#include <unistd.h>

#include "base/wrapped_text.h"
#include "mca_test.h"

struct options {
    int flag;
    const char *text;
    uint32_t narrow;
    uint64_t wide;
    struct mca_texts list;
    int choice;
    int pair[2];
};

#define AT(member) (struct options, member)

/* "A:B" of digits. */
static enum mca_status take_pair(void *to, const char *command, const char *text,
                                 struct mca_error *error) {
    int *pair = to;
    return sscanf(text, "%d:%d", &pair[0], &pair[1]) == 2
               ? MCA_OK
               : mca_usage_error(error, command, "--pair: '%.20s' is not A:B", text);
}

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("flag", 'f', AT(flag), "raises a flag"),
    MCA_TEXT("text", 't', "TEXT", AT(text), "some words", "takes a text"),
    MCA_NUMBER("narrow", 'n', "N", AT(narrow), 2, 4294967295, "7", "a number of 32 bits"),
    MCA_NUMBER("wide", 0, "N", AT(wide), 0, 1000000000000, "as many as there are",
               "a number of 64 bits"),
    MCA_LIST("list", 0, "KEY=VALUE", AT(list), "one more"),
    MCA_CHOICE("choice", 0, "red|green|blue", AT(choice), "red", "a colour"),
    MCA_PARSED("pair", 0, "A:B", AT(pair), take_pair, NULL,
               "two numbers with so long an explanation of them that it does not fit a line and is "
               "broken"),
};

/* What the command was run with. */
static struct options seen;
static const char *list[8];
static const char *arguments[8];
static size_t count;
static const char *command_seen;

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    (void)error;
    seen = *(const struct options *)given->options;
    for (size_t i = 0; i < seen.list.count; ++i) {
        list[i] = seen.list.texts[i];
    }
    for (size_t i = 0; i <= given->count; ++i) {
        arguments[i] = given->texts[i];
    }
    count = given->count;
    command_seen = given->command;
    return MCA_FAILED; /* as its own status is */
}

static void put_version(FILE *out) {
    (void)fputs("trial 9\n", out);
}

/* What is known of options of other places. */
static const char *hint(const char *name, char text[MCA_SUGGESTIONS_TEXT_SIZE]) {
    (void)snprintf(text, MCA_SUGGESTIONS_TEXT_SIZE, "%s",
                   strcmp(name, "key") == 0 ? "; is it a key" : "");
    return text;
}

static const struct mca_command COMMAND = {.name = "trial",
                                           .summary = "try",
                                           .arguments = "FILE [KEY]",
                                           .about = "Tries.\nOnce.",
                                           .notes = "A note.",
                                           .exit_status = "0 or not.",
                                           .options = OPTIONS,
                                           .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
                                           .options_size = sizeof(struct options),
                                           .least = 1,
                                           .most = 2,
                                           .too_few = "a FILE is needed",
                                           .too_many = "only one KEY is allowed",
                                           .put_version = put_version,
                                           .hint = hint,
                                           .run = run};

static struct mca_error error;

/* Runs it with words that blanks separate; "''" is an empty one. */
static enum mca_status with(const struct mca_command *command, const char *words) {
    static char copy[256];
    static char title[] = "mcasim trial";
    char *argv[32] = {title};
    int argc = 1;
    (void)snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        word[strcmp(word, "''") == 0 ? 0 : strlen(word)] = '\0';
        assert_true(argc < 31);
        argv[argc++] = word;
    }
    error.message[0] = '\0';
    memset(&seen, 0, sizeof seen);
    command_seen = NULL;
    return mca_command_run(command, argc, argv, &error);
}

static void test_options_defaults(void **state) {
    (void)state;
    assert_int_equal(with(&COMMAND, "x"), MCA_FAILED);
    assert_string_equal(command_seen, "mcasim trial");
    assert_int_equal(seen.flag, 0);
    assert_null(seen.text);
    assert_int_equal(seen.narrow, 7);
    assert_int_equal(seen.wide, 0); /* words say it */
    assert_int_equal(seen.list.count, 0);
    assert_int_equal(seen.choice, 0);
    assert_int_equal(count, 1);
    assert_string_equal(arguments[0], "x");
    assert_null(arguments[1]);
}

static void test_options_each_kind_is_stored(void **state) {
    (void)state;
    assert_int_equal(with(&COMMAND, "--flag x --text a --narrow 4294967295 --wide 1000000000000 k "
                                    "--list b=1 --list=c=2 --choice blue --pair 3:4"),
                     MCA_FAILED);
    assert_int_equal(seen.flag, 1);
    assert_string_equal(seen.text, "a");
    assert_int_equal(seen.narrow, 4294967295);
    assert_int_equal(seen.wide, 1000000000000);
    assert_int_equal(seen.list.count, 2);
    assert_string_equal(list[0], "b=1");
    assert_string_equal(list[1], "c=2");
    assert_int_equal(seen.choice, 2);
    assert_int_equal(seen.pair[0], 3);
    assert_int_equal(seen.pair[1], 4);
    assert_int_equal(count, 2);
    assert_string_equal(arguments[1], "k");
}

static void test_options_letters_abbreviations_and_the_end_of_options(void **state) {
    (void)state;
    assert_int_equal(with(&COMMAND, "-fn5 -t '' --cho green -- --flag -n"), MCA_FAILED);
    assert_int_equal(seen.flag, 1);
    assert_int_equal(seen.narrow, 5);
    assert_string_equal(seen.text, "");
    assert_int_equal(seen.choice, 1);
    assert_int_equal(count, 2);
    assert_string_equal(arguments[0], "--flag");
    assert_string_equal(arguments[1], "-n");
    assert_int_equal(with(&COMMAND, "x -t a -t b"), MCA_FAILED); /* the last one holds */
    assert_string_equal(seen.text, "b");
}

static void test_options_wrong_use_is_named(void **state) {
    (void)state;
    static const struct {
        const char *words;
        const char *message;
    } rows[] = {{"x --foo", "unknown option --foo"},
                {"x -x", "unknown option -x"},
                {"x -fx", "unknown option -x"},
                {"x --text", "option --text needs a value"},
                {"x -n", "option -n needs a value"},
                {"x --flag=1", "option --flag=1 takes no value"},
                {"x --help=1", "option --help=1 takes no value"},
                {"x --narrow 1", "-n: '1' is not a whole number 2..4294967295"},
                {"x -n 4294967296", "-n: '4294967296' is not a whole number 2..4294967295"},
                {"x --wide 1000000000001",
                 "--wide: '1000000000001' is not a whole number 0..1000000000000"},
                {"x --wide -1", "--wide: '-1' is not a whole number 0..1000000000000"},
                {"x --wide 2x", "--wide: '2x' is not a whole number 0..1000000000000"},
                {"x --wide ''", "--wide: '' is not a whole number 0..1000000000000"},
                {"x --wide 99999999999999999999",
                 "--wide: '99999999999999999999' is not a whole number 0..1000000000000"},
                {"x --wide 18446744073709551621", /* 2^64 + 5 */
                 "--wide: '18446744073709551621' is not a whole number 0..1000000000000"},
                {"x --choice gree",
                 "--choice: 'gree' is neither red nor green nor blue; did you mean green"},
                {"x --choice red|green", "--choice: 'red|green' is neither red nor green nor blue"},
                {"x --choice ''", "--choice: '' is neither red nor green nor blue"},
                {"x --pair 3", "--pair: '3' is not A:B"},
                {"--flag", "a FILE is needed"},
                {"x y z", "unexpected argument 'z'; only one KEY is allowed"},
                {"x --flog", "unknown option --flog; did you mean --flag"},
                {"x --narrrow=4", "unknown option --narrrow=4; did you mean --narrow"},
                {"x --hepl", "unknown option --hepl; did you mean --help"},
                {"x --key", "unknown option --key; is it a key"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        char wanted[160];
        (void)snprintf(wanted, sizeof wanted, "mcasim trial: %s; see 'mcasim trial --help'",
                       rows[i].message);
        assert_int_equal(with(&COMMAND, rows[i].words), MCA_INVALID);
        assert_string_equal(error.message, wanted);
        assert_null(command_seen);
    }
}

/* What `print` prints on standard output. */
static const char *printed(enum mca_status (*print)(void)) {
    static char text[2048];
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
    const enum mca_status status = print();
    (void)fflush(stdout);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    (void)close(kept);
    assert_int_equal(status, MCA_OK);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static enum mca_status ask_help(void) {
    return with(&COMMAND, "-h --foo"); /* what follows is not looked at, nor is FILE missed */
}

static enum mca_status ask_version(void) {
    return with(&COMMAND, "--version x y z");
}

static void test_options_help_is_made_of_the_table(void **state) {
    (void)state;
    static const char help[] =
        "Usage: mcasim trial FILE [KEY] [-f] [-t TEXT] [-n N] [--wide N] [--list KEY=VALUE]... "
        "[--choice red|green|blue] [--pair A:B]\n"
        "\n"
        "Tries.\n"
        "Once.\n"
        "\n"
        "Options:\n"
        "  -f, --flag                raises a flag\n"
        "  -t, --text TEXT           takes a text; default: some words\n"
        "  -n, --narrow N            a number of 32 bits, 2..4294967295; default: 7\n"
        "      --wide N              a number of 64 bits, 0..1000000000000; default: as many as "
        "there are\n"
        "      --list KEY=VALUE      one more\n"
        "      --choice red|green|blue\n"
        "                            a colour; default: red\n"
        "      --pair A:B            two numbers with so long an explanation of them that it does "
        "not fit a\n" /* 98 characters */
        "                            line and is broken\n"
        "  -h, --help                print this help\n"
        "  -V, --version             print the version\n"
        "      --man                 print the page of the manual, for man -l -\n"
        "\n"
        "A note.\n"
        "\n"
        "Exit status: 0 or not.\n";
    assert_string_equal(printed(ask_help), help);
    assert_null(command_seen);
    assert_string_equal(printed(ask_version), "trial 9\n");
    assert_null(command_seen);
}

static enum mca_status ask_man(void) {
    return with(&COMMAND, "--man x y z");
}

/* The head has the version and a date, the options are those of the table. */
static void test_options_page_of_the_manual_is_made_of_the_table(void **state) {
    (void)state;
    static const char *const parts[] = {
        ".TH MCASIM\\-TRIAL 1 ",
        "\n.SH SYNOPSIS\n",
        "[\\fB\\-\\-list\\fR \\fIKEY\\fR=\\fIVALUE\\fR]...",
        "\n.SH DESCRIPTION\nTries.\n.PP\nOnce.\n.SH OPTIONS\n",
        ".TP\n\\fB\\-t\\fR, \\fB\\-\\-text\\fR \\fITEXT\\fR\ntakes a text; default: some words\n",
        "\n.SH EXIT STATUS\n"};
    const char *text = printed(ask_man);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
        if (!strstr(text, parts[i])) {
            fail_msg("no '%s' in: %s", parts[i], text);
        }
    }
}

static enum mca_status put_help_of_some(void) {
    struct mca_command command = COMMAND;
    command.shown = "wide text flagged";
    command.needed = "text";
    command.arguments = "";
    mca_command_put_help(stdout, &command, "trial");
    return MCA_OK;
}

static void test_options_usage_shows_what_it_is_told(void **state) {
    (void)state;
    static const char usage[] = "Usage: trial -t TEXT [--wide N] [OPTION]...\n";
    const char *text = printed(put_help_of_some);
    assert_true(strncmp(text, usage, strlen(usage)) == 0);
}

static void test_options_a_command_may_have_none(void **state) {
    (void)state;
    struct mca_command command = {.name = "bare", .arguments = "", .run = run, .most = SIZE_MAX};
    command.options_size = sizeof(struct options);
    assert_int_equal(with(&command, "a b c d"), MCA_FAILED);
    assert_int_equal(count, 4);
    assert_int_equal(with(&command, "--man"), MCA_INVALID);
    assert_int_equal(with(&command, "--version"), MCA_INVALID);
    assert_string_equal(error.message,
                        "mcasim trial: unknown option --version; see 'mcasim trial --help'");
}

static enum mca_status put_wrapped(void) {
    (void)fputs("ab: ", stdout);
    mca_put_wrapped(stdout, "one two three\nfour seven overlongword five", 4, 2, 11);
    mca_put_wrapped(stdout, "overlongword", 0, 2, 11);
    mca_put_wrapped(stdout, "", 0, 2, 11);
    return MCA_OK;
}

static void test_options_text_is_wrapped(void **state) {
    (void)state;
    assert_string_equal(printed(put_wrapped), "ab: one two\n"
                                              "  three\n"
                                              "  four\n"
                                              "  seven\n"
                                              "  overlongword\n"
                                              "  five\n"
                                              "overlongword\n"
                                              "\n");
}

/* As many options as a command may have, each with a letter and a value. */
static void test_options_as_many_as_there_may_be(void **state) {
    (void)state;
    static const char letters[] =
        "abcdefgijklnopqrstuvwxyzABCDEFGH"; /* h, m and V have a meaning */
    static struct mca_option many[sizeof letters - 1];
    static char names[sizeof letters - 1][8];
    struct mca_command command = COMMAND;
    for (size_t i = 0; letters[i]; ++i) {
        (void)snprintf(names[i], sizeof names[i], "text%zu", i);
        many[i] = OPTIONS[1];
        many[i].name = names[i];
        many[i].letter = letters[i];
    }
    command.options = many;
    command.option_count = sizeof many / sizeof many[0];
    assert_int_equal(with(&command, "-H last file"), MCA_FAILED);
    assert_string_equal(seen.text, "last");
    assert_int_equal(with(&command, "--text0 first file"), MCA_FAILED);
    assert_string_equal(seen.text, "first");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_defaults),
        cmocka_unit_test(test_options_each_kind_is_stored),
        cmocka_unit_test(test_options_letters_abbreviations_and_the_end_of_options),
        cmocka_unit_test(test_options_wrong_use_is_named),
        cmocka_unit_test(test_options_help_is_made_of_the_table),
        cmocka_unit_test(test_options_page_of_the_manual_is_made_of_the_table),
        cmocka_unit_test(test_options_usage_shows_what_it_is_told),
        cmocka_unit_test(test_options_a_command_may_have_none),
        cmocka_unit_test(test_options_text_is_wrapped),
        cmocka_unit_test(test_options_as_many_as_there_may_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
