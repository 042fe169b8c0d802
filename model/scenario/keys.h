/*
 * The table of scenario keys: the only list of what a scenario can say. Loading, --set, checking,
 * the resolved output, `mcasim keys` and docs/reference/scenario-keys.md all follow it.
 */
#ifndef MCA_SCENARIO_KEYS_H
#define MCA_SCENARIO_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

enum mca_key_type {
    MCA_KEY_U32,
    MCA_KEY_U64,
    MCA_KEY_F64,
    MCA_KEY_ENUM,    /* an `unsigned` that holds the index of the choice */
    MCA_KEY_STRING,  /* a zero-terminated array of `size` bytes */
    MCA_KEY_PATH,    /* likewise; relative paths count from the file they stand in */
    MCA_KEY_LIBRARY, /* likewise: a bare name, or a path when it holds '/' or ends in .yaml */
    MCA_KEY_F64_LIST,
    MCA_KEY_LAYERS /* the layers of a network */
};

enum { MCA_KEY_MAX = 128, MCA_KEY_NAME_SIZE = 64 };

struct mca_key {
    const char *name; /* "section.leaf", or a bare name */
    enum mca_key_type type;
    const char *unit; /* "" where it has none */
    double min;       /* of the number, or of each element of a list; both bounds are allowed ... */
    double max;
    int above_min;              /* ... but 1: the value must lie above `min` */
    uint32_t min_items;         /* of a list; at most MCA_LIST_MAX */
    const char *default_text;   /* as it would stand in a file */
    const char *const *choices; /* of an enum, in the order of its values, NULL at the end */
    const char *meaning;        /* one line */
    size_t offset;              /* of the field in struct mca_scenario */
    size_t size;                /* of the field */
    /* Why the key has no effect in a scenario, or NULL where it has one: then changing it changes
     * no result. The pointer is NULL for a key that every scenario uses. */
    const char *(*idle)(const struct mca_scenario *scenario);
};

/* The keys, section by section; `*count` is how many, at most MCA_KEY_MAX. */
const struct mca_key *mca_keys(size_t *count);

/* The key of that name, or NULL. */
const struct mca_key *mca_key_find(const char *name);

/* Position of a key of the table, 0 .. count - 1. */
size_t mca_key_index(const struct mca_key *key);

/* 1 when `length` bytes at `name` are the name of a section. */
int mca_key_is_section(const char *name, size_t length);

/* Length of the section part of a key's name; 0 for a bare name. */
size_t mca_key_section_length(const struct mca_key *key);

/*
 * The name of a key or section that somebody who wrote `name` may have meant: a small number of
 * typing errors away, or the same leaf in another section. NULL when nothing comes close.
 */
const char *mca_key_suggest(const char *name, char suggestion[MCA_KEY_NAME_SIZE]);

MCA_C_END

#endif
