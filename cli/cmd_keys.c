/* mcasim keys: the key table for people and programs, looked through, or as the reference page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "cli/cli.h"
#include "cli/key_search.h"
#include "cli/line.h"
#include "cli/query.h"
#include "scenario/key_value.h"
#include "scenario/keys.h"

static const char PAGE_HEAD[] =
    "# Scenario keys\n"
    "\n"
    "Every key of a scenario file, written by `mcasim keys --markdown` from the program's own\n"
    "table. Every key has a default, so an empty file is the reference chip. In a file, a key\n"
    "stands indented below its section; `--set section.key=value` overrides it for one run.\n"
    "\n"
    "`base: other.yaml` on the top level inherits everything from another scenario, whose path\n"
    "counts from the file it stands in. Paths of data sets and component libraries count from\n"
    "their file, too. Numbers may be written as 1000, 1e3 or, where they are whole, 0x3e8;\n"
    "`>0..1` means above 0 and at most 1. Unknown keys, wrong types, values out of range and\n"
    "contradictions are errors. A key that is set and has no effect in a scenario gets a notice "
    "from\n"
    "`run`, `check` and `sweep`.\n"
    "\n"
    "`network.layers` is a list of widths, `[784, 250, 10]`, or of layers, each written with its\n"
    "kind: `- conv2d: {filters: 16, kernel: 5}`. That `filters` stands below as\n"
    "`network.layers.conv2d.filters`; KIND stands for each of the kinds that are named beside it.\n"
    "Layers count from 0; `--set network.layers.0.filters=8` and axes of sweeps change one key of\n"
    "one layer. `mcasim check` prints the network that a scenario makes.\n";

struct options {
    int markdown;
    int json;
};

/* In full. */
static void print_key(const struct mca_key *key) {
    char allowed[256];
    mca_key_allowed(key, allowed, sizeof allowed);
    (void)printf("%s: %s%s%s%s%s, %s%s\n    %s\n", key->name, mca_key_type_name(key),
                 allowed[0] ? " " : "", allowed, key->unit[0] ? ", " : "", key->unit,
                 key->default_text ? "default " : "to be given",
                 key->default_text ? key->default_text : "", key->meaning);
}

/* What is printed of the keys that were found. */
struct listing {
    const struct cli_key_search *search;
    const char *written; /* the only text that was given, or "" */
    enum cli_key_grade grade;
    int name_width;
    int default_width;
    char section[MCA_KEY_NAME_SIZE]; /* of the last line */
    size_t printed;
};

static int is_shown(const struct listing *list, size_t index) {
    return list->search->grades[index] == (unsigned char)list->grade;
}

/* "0.05 uS" */
static void default_text(const struct mca_key *key, char *text, size_t size) {
    const int is_number = key->default_text && strchr("-0123456789", key->default_text[0]);
    const int has_unit = is_number && key->unit[0] && strlen(key->unit) < 8;
    (void)snprintf(text, size, "%s%s%s", key->default_text ? key->default_text : "to be given",
                   has_unit ? " " : "", has_unit ? key->unit : "");
}

static void measure(void *user, size_t index, const struct mca_key *key) {
    struct listing *list = user;
    char text[64];
    default_text(key, text, sizeof text);
    const int name = (int)strlen(key->name);
    const int standard = (int)strlen(text);
    if (list->search->grades[index] != CLI_KEY_NOT) {
        list->name_width = name > list->name_width ? name : list->name_width;
        list->default_width = standard > list->default_width ? standard : list->default_width;
    }
}

/* An empty line between sections, where all keys are listed. */
static void part_sections(struct listing *list, const struct mca_key *key) {
    char section[MCA_KEY_NAME_SIZE];
    (void)snprintf(section, sizeof section, "%.*s", (int)strcspn(key->name, "."), key->name);
    if (list->printed > 0 && !list->written && strcmp(section, list->section) != 0) {
        (void)fputc('\n', stdout);
    }
    memcpy(list->section, section, sizeof section);
}

static void print_line(void *user, size_t index, const struct mca_key *key) {
    struct listing *list = user;
    char text[64];
    if (!is_shown(list, index)) {
        return;
    }
    part_sections(list, key);
    ++list->printed;
    if (list->written && (list->search->found == 1 || strcmp(key->name, list->written) == 0)) {
        print_key(key);
        return;
    }
    default_text(key, text, sizeof text);
    const int column =
        printf("%-*s  %-*s  ", list->name_width, key->name, list->default_width, text);
    cli_put_cut(key->meaning, column, cli_list_width());
}

static void print_list(const struct cli_key_search *search, const char *written) {
    struct listing list = {.search = search, .written = written};
    cli_keys_walk(measure, &list);
    for (list.grade = CLI_KEY_NAMED; list.grade > CLI_KEY_NOT; --list.grade) {
        const size_t before = list.printed;
        if (before > 0 && before < search->found) {
            (void)fputc('\n', stdout);
        }
        cli_keys_walk(print_line, &list);
    }
}

struct json_list {
    struct mca__json json;
    json_t *keys;
    const struct cli_key_search *search;
};

/* Bounds of a number, `above` where the lower one is not allowed itself, or choices. */
static void put_allowed(struct mca__json *json, json_t *o, const struct mca_key *key) {
    const int is_bounded = !key->choices && key->max > key->min;
    const double none = (double)NAN;
    mca__json_number(json, o, "min", is_bounded && !key->above_min ? key->min : none);
    mca__json_number(json, o, "above", is_bounded && key->above_min ? key->min : none);
    mca__json_number(json, o, "max", is_bounded ? key->max : none);
    mca__json_text(json, o, "word", key->word);
    if (!key->choices) {
        mca__json_null(json, o, "choices");
        return;
    }
    json_t *choices = mca__json_array(json, o, "choices");
    for (size_t i = 0; key->choices[i]; ++i) {
        mca__json_text(json, choices, NULL, key->choices[i]);
    }
}

static void put_json(void *user, size_t index, const struct mca_key *key) {
    struct json_list *list = user;
    if (list->search->grades[index] == CLI_KEY_NOT) {
        return;
    }
    struct mca__json *json = &list->json;
    json_t *o = mca__json_object(json, list->keys, NULL);
    mca__json_text(json, o, "key", key->name);
    mca__json_text(json, o, "type", mca_key_type_name(key));
    mca__json_text(json, o, "unit", key->unit);
    mca__json_text(json, o, "default", key->default_text);
    put_allowed(json, o, key);
    mca__json_text(json, o, "meaning", key->meaning);
    mca__json_text(json, o, "found_in",
                   list->search->grades[index] == CLI_KEY_NAMED ? "name" : "meaning");
}

static enum mca_status print_json(const struct cli_key_search *search, struct mca_error *error) {
    struct json_list list = {.search = search};
    mca__json_init(&list.json);
    list.keys = mca__json_array(&list.json, list.json.root, "keys");
    cli_keys_walk(put_json, &list);
    return mca__json_print(&list.json, stdout, error);
}

static enum mca_status nothing_found(const struct mca_arguments *given, struct mca_error *error) {
    struct mca_suggestions suggestions;
    char written[64];
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    cli_key_search_suggest(given->texts, given->count, &suggestions);
    return mca_usage_error(error, given->command, "no key tells of '%.60s'%s",
                           cli_query_text(given->texts, given->count, written, sizeof written),
                           mca_suggestions_text(&suggestions, "; did you mean ", "", text));
}

static enum mca_status find(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    struct cli_key_search *search = calloc(1, sizeof *search);
    if (!search) {
        return mca_fail_memory(error, "keys");
    }
    enum mca_status status = MCA_OK;
    cli_key_search(search, given->texts, given->count);
    if (search->found == 0) {
        status = nothing_found(given, error);
    } else if (options->json) {
        status = print_json(search, error);
    } else {
        print_list(search, given->count == 0 ? NULL : given->count == 1 ? given->texts[0] : "");
    }
    free(search);
    return status;
}

/* '>' and '|' would be markup in a cell. */
static void print_cell(const char *text) {
    for (; *text; ++text) {
        if (*text == '>' || *text == '|' || *text == '<') {
            (void)putchar('\\');
        }
        (void)putchar(*text);
    }
}

static void print_row(const struct mca_key *key) {
    char allowed[256];
    mca_key_allowed(key, allowed, sizeof allowed);
    (void)printf("| `%s` | %s | ", key->name, mca_key_type_name(key));
    print_cell(allowed);
    (void)printf(" | %s | %s%s%s | ", key->unit, key->default_text ? "`" : "",
                 key->default_text ? key->default_text : "to be given",
                 key->default_text ? "`" : "");
    print_cell(key->meaning);
    (void)printf(" |\n");
}

/* A heading above the first key of a section, and a row for each key. */
static void put_page(void *user, size_t index, const struct mca_key *key) {
    char(*previous)[MCA_KEY_NAME_SIZE] = user;
    char section[MCA_KEY_NAME_SIZE];
    (void)index;
    (void)snprintf(section, sizeof section, "%.*s", (int)strcspn(key->name, "."), key->name);
    if (strcmp(section, *previous) != 0) {
        (void)printf("\n## %s\n\n", section);
        (void)printf("| key | type | allowed | unit | default | meaning |\n"
                     "| --- | --- | --- | --- | --- | --- |\n");
    }
    memcpy(*previous, section, sizeof section);
    print_row(key);
}

static void print_page(void) {
    char section[MCA_KEY_NAME_SIZE] = "";
    (void)fputs(PAGE_HEAD, stdout);
    cli_keys_walk(put_page, &section);
}

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("markdown", 0, AT(markdown), "the page docs/reference/scenario-keys.md"),
    MCA_FLAG("json", 0, AT(json), "print the keys that are found as JSON"),
};

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    if (!options->markdown) {
        return find(given, error);
    }
    if (given->count > 0 || options->json) {
        return mca_usage_error(error, given->command, "--markdown takes neither WORD nor --json");
    }
    print_page();
    return MCA_OK;
}

const struct mca_command cli_keys = {
    .name = "keys",
    .arguments = "[WORD]...",
    .summary = "find scenario keys by name or meaning",
    .about =
        "Lists the keys of scenario files, one a line with default and meaning: those that have "
        "every WORD in their name, then, below an empty line, those that have it in meaning, "
        "choices or unit; without WORD, all. A WORD with a dot keeps the keys that begin with it "
        "(chi.); a whole key (chi.bits) is told in full, with type and range. Lines are cut to the "
        "width of a terminal (or $COLUMNS); files and pipes get whole ones.",
    .exit_status = "0 done; 2 wrong usage, or no key has the words.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = SIZE_MAX,
    .run = run};
