#include "scenario/resolved.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory_text.h"
#include "scenario/key_value.h"

void mca_scenario_write(const struct mca_scenario *scenario, FILE *file) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const char *section = "";
    size_t section_length = 0;
    for (size_t i = 0; i < count; ++i) {
        char text[MCA_VALUE_TEXT_SIZE];
        const size_t length = mca_key_section_length(&keys[i]);
        mca_key_format(&keys[i], scenario, text, sizeof text);
        if (length > 0 &&
            (length != section_length || strncmp(section, keys[i].name, length) != 0)) {
            (void)fprintf(file, "%.*s:\n", (int)length, keys[i].name);
        }
        section = keys[i].name;
        section_length = length;
        (void)fprintf(file, "%s%s: %s\n", length ? "  " : "", keys[i].name + length + (length > 0),
                      text);
    }
}

/* Leaves the last part of a path. */
static void shorten(char *path) {
    const char *slash = strrchr(path, '/');
    if (slash) {
        memmove(path, slash + 1, strlen(slash + 1) + 1);
    }
}

static void print_scenario(FILE *out, const void *scenario) {
    mca_scenario_write(scenario, out);
}

static enum mca_status hash_text(const struct mca_scenario *scenario, uint64_t *hash,
                                 struct mca_error *error) {
    char *text;
    size_t size;
    MCA_TRY(mca_print_to_memory(print_scenario, scenario, &text, &size, error));
    *hash = XXH3_64bits(text, size);
    free(text);
    return MCA_OK;
}

enum mca_status mca_scenario_hash(const struct mca_scenario *scenario, uint64_t *hash,
                                  struct mca_error *error) {
    struct mca_scenario *copy = malloc(sizeof *copy);
    if (!copy) {
        return mca_fail_memory(error, "resolved scenario");
    }
    *copy = *scenario;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        if (keys[i].type == MCA_KEY_PATH || keys[i].type == MCA_KEY_LIBRARY) {
            shorten(mca_key_string(&keys[i], copy));
        }
    }
    const enum mca_status status = hash_text(copy, hash, error);
    free(copy);
    return status;
}
