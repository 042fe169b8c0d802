/* Values from their text, in a file, --set or the table's defaults, into a scenario; what a key
 * allows. The way back: scenario/value_text.h. */
#ifndef MCA_SCENARIO_KEY_VALUE_H
#define MCA_SCENARIO_KEY_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "scenario/keys.h"

MCA_C_BEGIN

/* A scalar as YAML gave it. */
struct mca_scalar {
    const char *text; /* zero-terminated, but may hold zeros before its end */
    size_t length;
    int plain; /* 0: quoted or a block */
};

/* A scalar, or a list of scalars. The texts are the caller's. */
struct mca_value {
    int is_list;
    size_t count; /* of the list; elements beyond MCA_LIST_MAX are counted, not kept */
    struct mca_scalar items[MCA_LIST_MAX]; /* items[0] is the scalar */
};

/*
 * Stores `value` in the key's field of `object`, the scenario or what else the key's table is of;
 * of layers, widths alone. MCA_INVALID with the reason ("40 is out of range 8..32") for a
 * wrong type, a number out of range, a text too long or not printable; the field is then untouched.
 */
enum mca_status mca_key_store(const struct mca_key *key, const struct mca_value *value,
                              void *object, struct mca_error *reason);

/* What the key allows: "8..32", ">0..1000", "0..31 or input", "fixed, float", or "" for texts. */
void mca_key_allowed(const struct mca_key *key, char *text, size_t size);

/* "whole number", "number", "choice", "text", "path", "list of numbers" ... */
const char *mca_key_type_name(const struct mca_key *key);

/* 1 for a string, path or library key. */
int mca_key_is_text(const struct mca_key *key);

MCA_C_END

#endif
