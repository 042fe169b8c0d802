/*
 * Lines of what a finished run says, for golden.sh.
 *   golden_lines hashes NAME DIR    one line a file, and of JSON with results (FILES in main) one
 *                                   a group of fields: NAME FILE[:GROUP] HASH
 *   golden_lines fields NAME DIR    one line a field of these: NAME FILE:FIELD VALUE
 * A file that is not there has no line, and so differs from a list that has one. Hashes are XXH3.
 * A group is an object of the first or second level with all that is below it; the plain values
 * that lie beside such objects are a group of their own, GROUP.*. Fields stand in the order of
 * their names, so that a file that is written in another order has the same lines.
 *
 * Left out, as they may change without a change of results: schema_version (which fields there
 * are, not what they hold), tool (version and commit), the scenario's hash (every new key changes
 * it), a sweep's point (its number is a hash too), version, runtime (clocks and memory), files and
 * checksum (hashes over all of these).
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIELD_SIZE = 512, FILES_MAX = 256, GROUP_LEVELS = 2 };

static const char *const LEFT_OUT[] = {"schema_version", "tool",  "scenario.hash",
                                       "scenario_hash",  "point", "version",
                                       "runtime",        "files", "checksum"};

struct listing {
    const char *name;
    const char *file;
    int by_field;
    char group[FIELD_SIZE]; /* of the lines in state; "" before the first */
    XXH3_state_t *state;
};

/* Pages and comparisons hold such fields deeper down. */
static int is_left_out(const char *field) {
    const size_t length = strlen(field);
    for (size_t i = 0; i < sizeof LEFT_OUT / sizeof LEFT_OUT[0]; ++i) {
        const size_t tail = strlen(LEFT_OUT[i]);
        if (length >= tail && strcmp(field + length - tail, LEFT_OUT[i]) == 0 &&
            (length == tail || field[length - tail - 1] == '.')) {
            return 1;
        }
    }
    return 0;
}

static void end_group(struct listing *listing) {
    if (listing->group[0]) {
        (void)printf("%s %s:%s %016llx\n", listing->name, listing->file, listing->group,
                     (unsigned long long)XXH3_64bits_digest(listing->state));
    }
    listing->group[0] = '\0';
    (void)XXH3_64bits_reset(listing->state);
}

/* Numbers with all their digits: equal text is an equal number. */
static void value_text(const json_t *value, char *text, size_t size) {
    switch (json_typeof(value)) {
    case JSON_INTEGER:
        (void)snprintf(text, size, "%lld", (long long)json_integer_value(value));
        return;
    case JSON_REAL:
        (void)snprintf(text, size, "%.17g", json_real_value(value));
        return;
    case JSON_STRING:
        (void)snprintf(text, size, "\"%s\"", json_string_value(value));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        (void)snprintf(text, size, "%s", json_is_true(value) ? "true" : "false");
        return;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
    default: /* empty ones */
        (void)snprintf(text, size, "%s", json_is_null(value) ? "null" : "empty");
        return;
    }
}

static void put(struct listing *listing, const char *group, const char *field,
                const json_t *value) {
    char text[4096];
    value_text(value, text, sizeof text);
    if (listing->by_field) {
        (void)printf("%s %s:%s %s\n", listing->name, listing->file, field, text);
        return;
    }
    if (strcmp(group, listing->group) != 0) {
        end_group(listing);
        (void)snprintf(listing->group, sizeof listing->group, "%s", group);
    }
    (void)XXH3_64bits_update(listing->state, field, strlen(field) + 1);
    (void)XXH3_64bits_update(listing->state, text, strlen(text) + 1);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int is_branch(const json_t *value) {
    return json_object_size(value) > 0 || json_array_size(value) > 0;
}

/* Explanations are as many as figures are: they are one group. */
static int is_whole(const char *group) {
    return strcmp(group, "explanations") == 0;
}

static void put_branch(struct listing *, const char *group, const char *field, const json_t *,
                       int level);

static void put_member(struct listing *listing, const char *group, const char *field,
                       const json_t *value, int level) {
    char own[FIELD_SIZE];
    const int is_divided = level < GROUP_LEVELS && !is_whole(group);
    if (is_left_out(field)) {
        return;
    }
    if (is_branch(value)) {
        put_branch(listing, is_divided ? field : group, field, value, level + 1);
        return;
    }
    (void)snprintf(own, sizeof own, level <= 1 ? "%s%s*" : "%s", group, group[0] ? "." : "");
    put(listing, is_divided ? own : group, field, value);
}

/* Plain values first, so that those of one group follow one another. */
static void put_object(struct listing *listing, const char *group, const char *field,
                       const json_t *object, int level) {
    const size_t count = json_object_size(object);
    const char **keys = malloc(count * sizeof *keys);
    if (!keys) {
        exit(1);
    }
    const char *key;
    json_t *value;
    size_t n = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        keys[n++] = key;
    }
    qsort(keys, count, sizeof *keys, by_text);
    for (int branches = 0; branches < 2; ++branches) {
        for (size_t i = 0; i < count; ++i) {
            char member[FIELD_SIZE];
            value = json_object_get(object, keys[i]);
            if (is_branch(value) == branches) {
                (void)snprintf(member, sizeof member, "%s%s%s", field, field[0] ? "." : "",
                               keys[i]);
                put_member(listing, group, member, value, level);
            }
        }
    }
    free(keys);
}

static void put_branch(struct listing *listing, const char *group, const char *field,
                       const json_t *value, int level) {
    if (json_is_object(value)) {
        put_object(listing, group, field, value, level);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); ++i) {
        char element[FIELD_SIZE];
        (void)snprintf(element, sizeof element, "%s[%zu]", field, i);
        const json_t *member = json_array_get(value, i);
        if (is_branch(member)) { /* an array's elements belong to one group */
            put_branch(listing, group, element, member, GROUP_LEVELS + 1);
        } else {
            put(listing, group, element, member);
        }
    }
}

static int list_fields(struct listing *listing, const char *path) {
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (!root) {
        if (json_error_code(&error) == json_error_cannot_open_file) {
            return 0;
        }
        (void)fprintf(stderr, "%s: %s\n", path, error.text);
        return 1;
    }
    (void)XXH3_64bits_reset(listing->state);
    put_object(listing, "", "", root, 0);
    end_group(listing);
    json_decref(root);
    return 0;
}

static void list_bytes(const struct listing *listing, const char *path) {
    char bytes[65536];
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return;
    }
    (void)XXH3_64bits_reset(listing->state);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
        (void)XXH3_64bits_update(listing->state, bytes, n);
    }
    (void)fclose(file);
    (void)printf("%s %s %016llx\n", listing->name, listing->file,
                 (unsigned long long)XXH3_64bits_digest(listing->state));
}

static void list_folder(struct listing *listing, const char *dir, const char *folder) {
    char path[4096];
    char file[FIELD_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", dir, folder);
    struct dirent **entries = NULL;
    const int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; ++i) {
        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(file, sizeof file, "%s/%s", folder, entries[i]->d_name);
            (void)snprintf(path, sizeof path, "%s/%s", dir, file);
            listing->file = file;
            list_bytes(listing, path);
        }
        free(entries[i]);
    }
    free(entries);
}

static void list_files(struct listing *listing, const char *dir) {
    static const char *const FILES[] = {"epochs.csv",    "energy.csv", "energy_layers.csv",
                                        "confusion.csv", "ages.csv",   "chip.json",
                                        "timeline.json"};
    char path[4096];
    list_folder(listing, dir, "weights");
    list_folder(listing, dir, "said");
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; ++i) {
        listing->file = FILES[i];
        (void)snprintf(path, sizeof path, "%s/%s", dir, FILES[i]);
        list_bytes(listing, path);
    }
}

int main(int argc, char **argv) {
    static const char *const FILES[] = {
        "summary.json",    "ledger.json",          "validate.json",   "report.json",
        "compare.json",    "price.json",           "sweep.json",      "sweep_page.json",
        "optimise_1.json", "optimise_page_1.json", "optimise_2.json", "optimise_page_2.json",
        "optimise_3.json", "optimise_page_3.json", "optimise_4.json", "optimise_page_4.json",
        "optimise_5.json", "optimise_page_5.json", "optimise_6.json", "optimise_page_6.json",
        "optimise_7.json", "optimise_page_7.json"};
    const int by_field = argc == 4 && strcmp(argv[1], "fields") == 0;
    if (!by_field && (argc != 4 || strcmp(argv[1], "hashes") != 0)) {
        (void)fprintf(stderr, "usage: golden_lines hashes|fields NAME DIR\n");
        return 2;
    }
    struct listing listing = {.name = argv[2], .by_field = by_field};
    listing.state = XXH3_createState();
    if (!listing.state) {
        return 1;
    }
    if (!by_field) {
        list_files(&listing, argv[3]);
    }
    int failed = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; ++i) {
        char path[4096];
        listing.file = FILES[i];
        (void)snprintf(path, sizeof path, "%s/%s", argv[3], FILES[i]);
        failed |= list_fields(&listing, path);
    }
    XXH3_freeState(listing.state);
    return failed;
}
