/* The text form of values: from a file, --set or the table's defaults into a scenario, and back. */
#ifndef MCA_SCENARIO_KEY_VALUE_H
#define MCA_SCENARIO_KEY_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "scenario/keys.h"

#ifdef __cplusplus
extern "C" {
#endif

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

enum { MCA_VALUE_TEXT_SIZE = 6 * 4096 };

/*
 * Stores `value` in the key's field. MCA_INVALID with the reason ("40 is out of range 8..32") for a
 * wrong type, a number out of range, a text too long or not printable; the field is then untouched.
 */
enum mca_status mca_key_store(const struct mca_key *key, const struct mca_value *value,
                              struct mca_scenario *scenario, struct mca_error *reason);

/* The field's value as YAML that mca_key_store takes back to the same value, byte for byte. */
void mca_key_format(const struct mca_key *key, const struct mca_scenario *scenario, char *text,
                    size_t size);

/* What the key allows: "8..32", ">0..1000", "fixed, float", or "" for texts. */
void mca_key_allowed(const struct mca_key *key, char *text, size_t size);

/* "whole number", "number", "choice", "text", "path", "list of numbers" ... */
const char *mca_key_type_name(const struct mca_key *key);

/* 1 for a string, path or library key. */
int mca_key_is_text(const struct mca_key *key);

/* The field of a key that is a text. */
char *mca_key_string(const struct mca_key *key, struct mca_scenario *scenario);

/* Shortest of %.15g, %.16g and %.17g that reads back to the same double. */
void mca_format_f64(double value, char text[32]);

/* 1 when the text is UTF-8 without control characters. */
int mca_text_is_printable(const char *text, size_t length);

#ifdef __cplusplus
}
#endif

#endif
