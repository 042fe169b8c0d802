#include "scenario/resolved.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory_text.h"
#include "scenario/value_text.h"

static void write_value(const struct mca_key *key, const struct mca_scenario *scenario,
                        FILE *file) {
    const struct mca_network_config *network = &scenario->chip.network;
    char text[MCA_VALUE_TEXT_SIZE];
    if (key->type == MCA_KEY_LAYERS && !network->is_widths) {
        (void)fputs("\n", file);
        for (uint32_t i = 0; i < network->layer_count; ++i) {
            char layer[MCA_LAYER_TEXT_SIZE];
            mca_layer_text(&network->layers[i], layer);
            (void)fprintf(file, "    - %s\n", layer);
        }
    } else {
        mca_key_format(key, scenario, text, sizeof text);
        (void)fprintf(file, " %s\n", text);
    }
}

/* Keys that widths have no use for are left out where nobody has given them another value: what was
 * written as widths has the text and the hash that it had before there were other networks. */
static int is_written(const struct mca_key *key, const struct mca_scenario *scenario) {
    const int is_of_layers =
        key->type == MCA_KEY_SHAPE || strncmp(key->name, "calibration.", 12) == 0;
    char text[MCA_VALUE_TEXT_SIZE];
    if (!is_of_layers || !scenario->chip.network.is_widths) {
        return 1;
    }
    mca_key_format(key, scenario, text, sizeof text);
    return strcmp(text, key->default_text) != 0;
}

void mca_scenario_write(const struct mca_scenario *scenario, FILE *file) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const char *section = "";
    size_t section_length = 0;
    for (size_t i = 0; i < count; ++i) {
        const size_t length = mca_key_section_length(&keys[i]);
        if (!is_written(&keys[i], scenario)) {
            continue;
        }
        if (length > 0 &&
            (length != section_length || strncmp(section, keys[i].name, length) != 0)) {
            (void)fprintf(file, "%.*s:\n", (int)length, keys[i].name);
        }
        section = keys[i].name;
        section_length = length;
        (void)fprintf(file, "%s%s:", length ? "  " : "", keys[i].name + length + (length > 0));
        write_value(&keys[i], scenario, file);
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

/* A copy in which of paths the last part is left; NULL for memory. */
static struct mca_scenario *shortened_copy(const struct mca_scenario *scenario) {
    struct mca_scenario *copy = malloc(sizeof *copy);
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    if (!copy) {
        return NULL;
    }
    *copy = *scenario;
    for (size_t i = 0; i < count; ++i) {
        if (keys[i].type == MCA_KEY_PATH || keys[i].type == MCA_KEY_LIBRARY) {
            shorten((char *)copy + keys[i].offset);
        }
    }
    return copy;
}

enum mca_status mca_scenario_hash(const struct mca_scenario *scenario, uint64_t *hash,
                                  struct mca_error *error) {
    struct mca_scenario *copy = shortened_copy(scenario);
    if (!copy) {
        return mca_fail_memory(error, "resolved scenario");
    }
    char *text;
    size_t size;
    const enum mca_status status = mca_print_to_memory(print_scenario, copy, &text, &size, error);
    if (status == MCA_OK) {
        *hash = XXH3_64bits(text, size);
        free(text);
    }
    free(copy);
    return status;
}

enum mca_status mca_scenario_difference(const struct mca_scenario *a, const struct mca_scenario *b,
                                        const struct mca_key **key, struct mca_error *error) {
    struct mca_scenario *first = shortened_copy(a);
    struct mca_scenario *second = shortened_copy(b);
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    *key = NULL;
    for (size_t i = 0; first && second && i < count && !*key; ++i) {
        char text[MCA_VALUE_TEXT_SIZE];
        char other[MCA_VALUE_TEXT_SIZE];
        mca_key_format(&keys[i], first, text, sizeof text);
        mca_key_format(&keys[i], second, other, sizeof other);
        *key = strcmp(text, other) != 0 ? &keys[i] : NULL;
    }
    const int failed = !first || !second;
    free(first);
    free(second);
    return failed ? mca_fail_memory(error, "resolved scenario") : MCA_OK;
}
