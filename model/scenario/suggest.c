#include <stdio.h>
#include <string.h>

#include "scenario/keys.h"

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Levenshtein distance of two texts shorter than MCA_KEY_NAME_SIZE. */
static size_t distance(const char *a, const char *b, size_t b_length) {
    size_t row[MCA_KEY_NAME_SIZE + 1];
    for (size_t j = 0; j <= b_length; ++j) {
        row[j] = j;
    }
    for (size_t i = 0; a[i]; ++i) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= b_length; ++j) {
            const size_t substituted = diagonal + (a[i] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(substituted, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_length];
}

struct nearest {
    const char *name;
    size_t length;
    size_t distance;
};

static void consider(struct nearest *nearest, const char *wanted, const char *name, size_t length) {
    const size_t d = distance(wanted, name, length);
    if (d < nearest->distance) {
        *nearest = (struct nearest){name, length, d};
    }
}

/* The same leaf in another section: `epochs` for `train.epochs`. */
static const char *same_leaf(const struct mca_key *keys, size_t count, const char *name) {
    const char *dot = strchr(name, '.');
    const char *leaf = dot ? dot + 1 : name;
    for (size_t i = 0; i < count; ++i) {
        const char *key_dot = strchr(keys[i].name, '.');
        if (strcmp(key_dot ? key_dot + 1 : keys[i].name, leaf) == 0) {
            return keys[i].name;
        }
    }
    return NULL;
}

/* One error in four characters, and one at least. */
static struct nearest none_near(size_t length) {
    return (struct nearest){NULL, 0, 2 + length / 4};
}

void mca_names_text(const char *const *names, char *text, size_t size) {
    text[0] = '\0';
    for (size_t i = 0; names[i]; ++i) {
        mca_text_add(text, size, "%s%s", i ? ", " : "", names[i]);
    }
}

const char *mca_name_suggest(const char *name, const char *const *names) {
    struct nearest nearest = none_near(strlen(name));
    for (size_t i = 0; names[i] && strlen(name) < MCA_KEY_NAME_SIZE; ++i) {
        consider(&nearest, name, names[i], strlen(names[i]));
    }
    return nearest.name;
}

const char *mca_key_suggest(const char *name, char suggestion[MCA_KEY_NAME_SIZE]) {
    const size_t length = strlen(name);
    if (length == 0 || length >= MCA_KEY_NAME_SIZE) {
        return NULL;
    }
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const int dotted = strchr(name, '.') != NULL;
    struct nearest nearest = none_near(length);
    for (size_t i = 0; i < count; ++i) {
        const size_t section = mca_key_section_length(&keys[i]);
        if (dotted || section == 0) {
            consider(&nearest, name, keys[i].name, strlen(keys[i].name));
        } else {
            consider(&nearest, name, keys[i].name, section);
        }
    }
    const char *leaf = same_leaf(keys, count, name);
    if (leaf && nearest.distance > 1) {
        nearest = (struct nearest){leaf, strlen(leaf), 0};
    }
    if (!nearest.name) {
        return NULL;
    }
    memcpy(suggestion, nearest.name, nearest.length);
    suggestion[nearest.length] = '\0';
    return suggestion;
}
