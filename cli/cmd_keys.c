/* mcasim keys: the key table for people, on the terminal or as the reference page. */
#include <string.h>

#include "cli/cli.h"
#include "scenario/key_value.h"
#include "scenario/keys.h"
#include "scenario/layer_keys.h"

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

static int begins_with(const char *name, const char *prefix) {
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static void print_key(const struct mca_key *key) {
    char allowed[256];
    mca_key_allowed(key, allowed, sizeof allowed);
    (void)printf("%s: %s%s%s%s%s, %s%s\n    %s\n", key->name, mca_key_type_name(key),
                 allowed[0] ? " " : "", allowed, key->unit[0] ? ", " : "", key->unit,
                 key->default_text ? "default " : "to be given",
                 key->default_text ? key->default_text : "", key->meaning);
}

/* The kinds that take a layer's key, NULL at the end. */
static void list_kinds(const struct mca_key *key, const char *kinds[MCA_LAYER_TYPE_COUNT + 1]) {
    size_t count = 0;
    for (unsigned type = 0; type < MCA_LAYER_TYPE_COUNT; ++type) {
        const struct mca_layer_kind *kind = mca_layer_kind_of(type);
        if (mca_layer_key_find(kind, key->name) == key) {
            kinds[count++] = kind->name;
        }
    }
    kinds[count] = NULL;
}

typedef void print_fn(const struct mca_key *key);

/* A key of a layer under the name that it has here; where several kinds take it, at the first. */
static int print_layer_key(const struct mca_layer_kind *kind, const struct mca_key *key,
                           int is_shared, const char *prefix, print_fn *print) {
    const char *kinds[MCA_LAYER_TYPE_COUNT + 1];
    char name[2 * MCA_KEY_NAME_SIZE];
    char meaning[256];
    list_kinds(key, kinds);
    (void)snprintf(name, sizeof name, "network.layers.%s.%s", is_shared ? "KIND" : kind->name,
                   key->name);
    if ((kinds[1] != NULL) != is_shared || kinds[0] != kind->name || !begins_with(name, prefix)) {
        return 0;
    }
    (void)snprintf(meaning, sizeof meaning, "%s", key->meaning);
    for (size_t i = 0; kinds[i] && is_shared; ++i) {
        mca_text_add(meaning, sizeof meaning, "%s%s", i ? ", " : "; KIND: ", kinds[i]);
    }
    struct mca_key shown = *key;
    shown.name = name;
    shown.meaning = meaning;
    shown.default_text = mca_layer_key_default(kind, key);
    print(&shown);
    return 1;
}

/* Keys of one kind, then those of several; how many. */
static size_t print_layer_keys(const char *prefix, print_fn *print) {
    size_t printed = 0;
    for (int is_shared = 0; is_shared < 2; ++is_shared) {
        for (unsigned type = 0; type < MCA_LAYER_TYPE_COUNT; ++type) {
            const struct mca_layer_kind *kind = mca_layer_kind_of(type);
            for (size_t i = 0; i < mca_layer_key_count(kind); ++i) {
                printed += (size_t)print_layer_key(kind, mca_layer_key_at(kind, i), is_shared,
                                                   prefix, print);
            }
        }
    }
    return printed;
}

static enum mca_status print_keys(const char *command, const char *prefix,
                                  struct mca_error *error) {
    size_t count;
    size_t printed = 0;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        if (begins_with(keys[i].name, prefix)) {
            print_key(&keys[i]);
            ++printed;
        }
        printed += keys[i].type == MCA_KEY_LAYERS ? print_layer_keys(prefix, print_key) : 0;
    }
    if (printed == 0) {
        char suggestion[MCA_KEY_NAME_SIZE];
        const char *meant = mca_key_suggest(prefix, suggestion);
        return mca_usage_error(error, command, "no key begins with '%.60s'%s%s", prefix,
                               meant ? "; did you mean " : "", meant ? meant : "");
    }
    return MCA_OK;
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

static void print_page(void) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const char *previous = NULL;
    (void)fputs(PAGE_HEAD, stdout);
    for (size_t i = 0; i < count; ++i) {
        const size_t length = mca_key_section_length(&keys[i]);
        const int same = previous && length > 0 && strncmp(previous, keys[i].name, length + 1) == 0;
        if (!same) {
            (void)printf("\n## %.*s\n\n", length ? (int)length : (int)strlen(keys[i].name),
                         keys[i].name);
            (void)printf("| key | type | allowed | unit | default | meaning |\n"
                         "| --- | --- | --- | --- | --- | --- |\n");
        }
        print_row(&keys[i]);
        if (keys[i].type == MCA_KEY_LAYERS) {
            (void)print_layer_keys("", print_row);
        }
        previous = keys[i].name;
    }
}

struct options {
    int markdown;
};

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("markdown", 0, AT(markdown), "the page docs/reference/scenario-keys.md"),
};

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    if (!options->markdown) {
        return print_keys(given->command, given->count > 0 ? given->texts[0] : "", error);
    }
    if (given->count > 0) {
        return mca_usage_error(error, given->command, "--markdown takes no PREFIX");
    }
    print_page();
    return MCA_OK;
}

const struct mca_command cli_keys = {
    .name = "keys",
    .arguments = "[PREFIX]",
    .summary = "list the scenario keys",
    .about = "Lists the keys of scenario files with type, range, unit, default and meaning. PREFIX "
             "keeps the keys that begin with it: a section (chi), a key (chi.bits) or a part of "
             "one.",
    .exit_status = "0 done; 2 wrong usage, or no key begins with PREFIX.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = 1,
    .too_many = "only one PREFIX is allowed",
    .run = run};
