#include "scenario/key_value.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "scenario/value_text.h"

enum { SHOWN_MAX = 60 }; /* of a faulty value, in messages */

int mca_key_is_text(const struct mca_key *key) {
    return key->type == MCA_KEY_STRING || key->type == MCA_KEY_PATH || key->type == MCA_KEY_LIBRARY;
}

const char *mca_key_type_name(const struct mca_key *key) {
    static const char *const names[] = {
        [MCA_KEY_U32] = "whole number",
        [MCA_KEY_U64] = "whole number",
        [MCA_KEY_F64] = "number",
        [MCA_KEY_ENUM] = "choice",
        [MCA_KEY_STRING] = "text",
        [MCA_KEY_PATH] = "path",
        [MCA_KEY_LIBRARY] = "name or path",
        [MCA_KEY_F64_LIST] = "list of numbers",
        [MCA_KEY_EXPONENT] = "power of two",
        [MCA_KEY_SHAPE] = "list of three whole numbers",
        [MCA_KEY_LAYERS] = "list of widths or layers",
    };
    return names[key->type];
}

/* A bound: whole numbers in full, others as short as they go. */
static void format_bound(double value, char text[32]) {
    if (fabs(value) < 1e16 && value == floor(value)) {
        (void)snprintf(text, 32, "%.0f", value);
    } else {
        mca_format_f64(value, text);
    }
}

void mca_key_allowed(const struct mca_key *key, char *text, size_t size) {
    text[0] = '\0';
    if (key->choices) {
        mca_names_text(key->choices, text, size);
    } else if (key->max > key->min) {
        char min[32];
        char max[32];
        format_bound(key->min, min);
        format_bound(key->max, max);
        (void)snprintf(text, size, "%s%s..%s%s%s", key->above_min ? ">" : "", min, max,
                       key->word ? " or " : "", key->word ? key->word : "");
    }
}

/* Quoted text of a value in messages, cut when long. */
static void shown(const struct mca_scalar *scalar, char text[SHOWN_MAX + 8]) {
    const int cut = scalar->length > SHOWN_MAX;
    (void)snprintf(text, SHOWN_MAX + 8, "%.*s%s", SHOWN_MAX, scalar->text, cut ? "..." : "");
}

/* "VALUE<what><what is allowed>"; text is quoted. */
static enum mca_status refuse(const struct mca_key *key, const struct mca_scalar *scalar,
                              const char *quote, const char *what, struct mca_error *reason) {
    char text[SHOWN_MAX + 8];
    char allowed[256];
    shown(scalar, text);
    mca_key_allowed(key, allowed, sizeof allowed);
    return mca_fail(reason, MCA_INVALID, "%s%s%s %s %s", quote, text, quote, what, allowed);
}

static enum mca_status out_of_range(const struct mca_key *key, const struct mca_scalar *scalar,
                                    struct mca_error *reason) {
    return refuse(key, scalar, "", "is out of range", reason);
}

/* "WHAT; a whole number 8..32 is needed", or "one of fixed, float" */
static enum mca_status needed(const struct mca_key *key, const char *what,
                              struct mca_error *reason) {
    char allowed[256];
    mca_key_allowed(key, allowed, sizeof allowed);
    return mca_fail(reason, MCA_INVALID, "%s; %s%s%s%s is needed", what,
                    key->choices ? "one of" : "a ", key->choices ? "" : mca_key_type_name(key),
                    allowed[0] ? " " : "", allowed);
}

static int in_range(const struct mca_key *key, double value) {
    return (key->above_min ? value > key->min : value >= key->min) && value <= key->max;
}

static int is_text(const struct mca_scalar *scalar, const char *text) {
    return strlen(text) == scalar->length && strcmp(text, scalar->text) == 0;
}

static const char *skip_digits(const char *c) {
    while (isdigit((unsigned char)*c)) {
        ++c;
    }
    return c;
}

/* 1 for [+-] digits [. digits] [e [+-] digits] with a digit before the exponent, and nothing else.
 */
static int is_decimal(const struct mca_scalar *scalar) {
    const char *c = scalar->text + (scalar->text[0] == '+' || scalar->text[0] == '-');
    const char *start = c;
    c = skip_digits(c);
    int has_digit = c > start;
    if (*c == '.') {
        const char *fraction = ++c;
        c = skip_digits(c);
        has_digit |= c > fraction;
    }
    if (has_digit && (*c == 'e' || *c == 'E')) {
        c += 1 + (c[1] == '+' || c[1] == '-');
        has_digit = isdigit((unsigned char)*c) != 0;
        c = skip_digits(c);
    }
    return has_digit && scalar->plain && (size_t)(c - scalar->text) == scalar->length;
}

/* 1 and the value for 0x and up to 16 hexadecimal digits. */
static int parse_hexadecimal(const struct mca_scalar *scalar, double *value) {
    if (!scalar->plain || strncmp(scalar->text, "0x", 2) != 0 || scalar->length < 3 ||
        scalar->length > 18 ||
        strspn(scalar->text + 2, "0123456789abcdefABCDEF") != scalar->length - 2) {
        return 0;
    }
    *value = (double)strtoull(scalar->text, NULL, 16);
    return 1;
}

static enum mca_status parse_real(const struct mca_key *key, const struct mca_scalar *scalar,
                                  double *value, struct mca_error *reason) {
    if (!is_decimal(scalar)) {
        return refuse(key, scalar, "'", "is not a number; allowed:", reason);
    }
    *value = strtod(scalar->text, NULL);
    return isfinite(*value) && in_range(key, *value) ? MCA_OK : out_of_range(key, scalar, reason);
}

/* Whole numbers are exact in a double: no key allows more than 2^52. Leading zeros are refused,
 * since YAML versions disagree on whether they mean octal. */
static enum mca_status parse_whole(const struct mca_key *key, const struct mca_scalar *scalar,
                                   uint64_t *value, struct mca_error *reason) {
    double real;
    if (!parse_hexadecimal(scalar, &real)) {
        const int leading_zero = scalar->text[0] == '0' && isdigit((unsigned char)scalar->text[1]);
        real = strtod(scalar->text, NULL);
        if (leading_zero || !is_decimal(scalar) || (isfinite(real) && real != floor(real))) {
            return refuse(key, scalar, "'", "is not a whole number; allowed:", reason);
        }
    }
    if (!isfinite(real) || !in_range(key, real)) {
        return out_of_range(key, scalar, reason);
    }
    *value = (uint64_t)real;
    return MCA_OK;
}

/* Truth values as the core schema of YAML 1.2 has them: also True and TRUE. */
static int is_truth(const struct mca_scalar *scalar, const char *choice) {
    static const char *const words[][4] = {{"false", "False", "FALSE", NULL},
                                           {"true", "True", "TRUE", NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        if (scalar->plain && strcmp(words[i][0], choice) == 0) {
            return is_text(scalar, words[i][1]) || is_text(scalar, words[i][2]);
        }
    }
    return 0;
}

static enum mca_status store_enum(const struct mca_key *key, const struct mca_scalar *scalar,
                                  char *field, struct mca_error *reason) {
    char text[SHOWN_MAX + 8];
    char allowed[256];
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    for (unsigned i = 0; key->choices[i]; ++i) {
        if (is_text(scalar, key->choices[i]) || is_truth(scalar, key->choices[i])) {
            memcpy(field, &i, sizeof i);
            return MCA_OK;
        }
    }
    shown(scalar, text);
    mca_key_allowed(key, allowed, sizeof allowed);
    mca_names_suggest(scalar->text, key->choices, "; did you mean ", "?", meant);
    return mca_fail(reason, MCA_INVALID, "'%s' is not one of %s%s", text, allowed, meant);
}

static enum mca_status store_string(const struct mca_key *key, const struct mca_scalar *scalar,
                                    char *field, struct mca_error *reason) {
    if (scalar->length >= key->size) {
        return mca_fail(reason, MCA_INVALID, "text of %zu bytes; at most %zu are allowed",
                        scalar->length, key->size - 1);
    }
    if (!mca_text_is_printable(scalar->text, scalar->length)) {
        return mca_fail(reason, MCA_INVALID, "text with control characters; none are allowed");
    }
    memset(field, 0, key->size);
    memcpy(field, scalar->text, scalar->length);
    return MCA_OK;
}

/* A power of two, of which the exponent is stored. */
static enum mca_status store_exponent(const struct mca_key *key, const struct mca_scalar *scalar,
                                      char *field, struct mca_error *reason) {
    double value = 0.0;
    int exponent;
    MCA_TRY(parse_real(key, scalar, &value, reason));
    if (frexp(value, &exponent) != 0.5) {
        return refuse(key, scalar, "'", "is not a power of two; allowed:", reason);
    }
    const int32_t stored = exponent - 1;
    memcpy(field, &stored, sizeof stored);
    return MCA_OK;
}

static enum mca_status store_scalar(const struct mca_key *key, const struct mca_scalar *scalar,
                                    char *field, struct mca_error *reason) {
    if (key->type == MCA_KEY_U32 || key->type == MCA_KEY_U64) {
        uint64_t value = 0;
        MCA_TRY(parse_whole(key, scalar, &value, reason));
        const uint32_t narrow = (uint32_t)value;
        memcpy(field, key->type == MCA_KEY_U32 ? (const void *)&narrow : (const void *)&value,
               key->size);
        return MCA_OK;
    }
    if (key->type == MCA_KEY_F64) {
        double value = 0.0;
        MCA_TRY(parse_real(key, scalar, &value, reason));
        memcpy(field, &value, sizeof value);
        return MCA_OK;
    }
    if (key->type == MCA_KEY_EXPONENT) {
        return store_exponent(key, scalar, field, reason);
    }
    return key->type == MCA_KEY_ENUM ? store_enum(key, scalar, field, reason)
                                     : store_string(key, scalar, field, reason);
}

static enum mca_status store_list(const struct mca_key *key, const struct mca_value *value,
                                  char *field, struct mca_error *reason) {
    const uint32_t most = key->type == MCA_KEY_SHAPE ? key->min_items : (uint32_t)MCA_LIST_MAX;
    if (value->count != most && most == key->min_items) {
        return mca_fail(reason, MCA_INVALID, "list of %zu elements; %u are needed", value->count,
                        most);
    }
    if (key->type == MCA_KEY_LAYERS && (value->count < key->min_items || value->count > most)) {
        return mca_fail(
            reason, MCA_INVALID,
            "list of %zu elements; %u..%u widths, or 1..%d layers with their kinds, are "
            "allowed",
            value->count, key->min_items, most, MCA_LAYERS_MAX);
    }
    if (value->count < key->min_items || value->count > most) {
        return mca_fail(reason, MCA_INVALID, "list of %zu elements; %u..%u are allowed",
                        value->count, key->min_items, most);
    }
    struct mca_u32_list whole = {.count = (uint32_t)value->count};
    struct mca_f64_list real = {.count = (uint32_t)value->count};
    for (size_t i = 0; i < value->count; ++i) {
        uint64_t number = 0;
        struct mca_error inner;
        const enum mca_status status =
            key->type != MCA_KEY_F64_LIST
                ? parse_whole(key, &value->items[i], &number, &inner)
                : parse_real(key, &value->items[i], &real.values[i], &inner);
        if (status != MCA_OK) {
            return mca_fail(reason, MCA_INVALID, "element %zu: %.900s", i + 1, inner.message);
        }
        whole.values[i] = (uint32_t)number;
    }
    if (key->type == MCA_KEY_LAYERS) {
        mca_network_config_set_widths((struct mca_network_config *)(void *)field, &whole);
    } else if (key->type == MCA_KEY_SHAPE) {
        memcpy(field, whole.values, key->size);
    } else {
        memcpy(field, &real, key->size);
    }
    return MCA_OK;
}

static int is_null(const struct mca_scalar *scalar) {
    return scalar->plain && (scalar->length == 0 || strcmp(scalar->text, "~") == 0 ||
                             strcmp(scalar->text, "null") == 0);
}

/* What was written, in brackets if it is numbers; else a list that is allowed. */
static enum mca_status not_a_list(const struct mca_key *key, const struct mca_scalar *scalar,
                                  struct mca_error *reason) {
    char text[SHOWN_MAX + 8];
    char allowed[256];
    char example[SHOWN_MAX + 16];
    const int is_numbers = scalar->length > 0 && scalar->length < SHOWN_MAX &&
                           strspn(scalar->text, "0123456789.,+-eE ") == scalar->length;
    const int is_enough = key->min_items < 2 || strchr(scalar->text, ',');
    shown(scalar, text);
    mca_key_allowed(key, allowed, sizeof allowed);
    if (is_numbers && is_enough) {
        (void)snprintf(example, sizeof example, "[%s]", text);
    } else {
        (void)snprintf(example, sizeof example, "%s", key->min_items < 3 ? "[A, B]" : "[A, B, C]");
    }
    return mca_fail(reason, MCA_INVALID, "'%s' is not a %s; write %s, each %s", text,
                    mca_key_type_name(key), example, allowed);
}

enum mca_status mca_key_store(const struct mca_key *key, const struct mca_value *value,
                              void *object, struct mca_error *reason) {
    const int wants_list =
        key->type == MCA_KEY_LAYERS || key->type == MCA_KEY_F64_LIST || key->type == MCA_KEY_SHAPE;
    char *field = (char *)object + key->offset;
    if (!value->is_list && key->word && is_text(&value->items[0], key->word)) {
        mca_key_fill_word(key, field);
        return MCA_OK;
    }
    if (!value->is_list && is_null(&value->items[0])) {
        return needed(key, "no value", reason);
    }
    if (value->is_list && !wants_list) {
        return needed(key, "a list", reason);
    }
    if (!value->is_list && wants_list) {
        return not_a_list(key, &value->items[0], reason);
    }
    return wants_list ? store_list(key, value, field, reason)
                      : store_scalar(key, &value->items[0], field, reason);
}
