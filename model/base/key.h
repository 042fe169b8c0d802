/* A key of a table: what a value may be, what it means and which field of a struct it fills. */
#ifndef MCA_BASE_KEY_H
#define MCA_BASE_KEY_H

#include <stddef.h>
#include <stdint.h>

enum mca_key_type {
    MCA_KEY_U32,
    MCA_KEY_U64,
    MCA_KEY_F64,
    MCA_KEY_ENUM,    /* an `unsigned` that holds the index of the choice */
    MCA_KEY_STRING,  /* a zero-terminated array of `size` bytes */
    MCA_KEY_PATH,    /* likewise; relative paths count from the file they stand in */
    MCA_KEY_LIBRARY, /* likewise: a bare name, or a path when it holds '/' or ends in .yaml */
    MCA_KEY_F64_LIST,
    MCA_KEY_EXPONENT, /* a power of two; an int32_t that holds its exponent */
    MCA_KEY_SHAPE,    /* channels, height and width: a struct mca_shape */
    MCA_KEY_LAYERS    /* those of a network (scenario/layers.h) */
};

enum { MCA_KEY_NAME_SIZE = 64 };

struct mca_key {
    const char *name; /* "section.leaf", or a bare name */
    enum mca_key_type type;
    const char *unit; /* "" where it has none */
    double min;       /* of the number, or of each element of a list; both bounds are allowed ... */
    double max;
    int above_min;              /* ... but 1: the value must lie above `min` */
    uint32_t min_items;         /* of a list; at most MCA_LIST_MAX */
    const char *default_text;   /* as it would stand in a file; NULL: it must be given */
    const char *const *choices; /* of an enum, in the order of its values, NULL at the end */
    const char *meaning;        /* one line */
    size_t offset;              /* of the field in its struct */
    size_t size;                /* of the field */
    unsigned idle;              /* what it may be that leaves the key without effect: an enum
                                 * mca_idle (scenario/idle.h) */
    /* What may stand in place of the number, or NULL. It is held as UINT32_MAX (U32), INT32_MIN
     * (EXPONENT) or zeros (F64, SHAPE). */
    const char *word;
};

#endif
