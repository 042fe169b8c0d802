/* Parts of schemas. */
#include "cli/schema/schema.h"

#include <math.h>
#include <string.h>

#include "network/network_config.h"
#include "scenario/key_value.h"

void cli__schema_set(struct mca__json *j, json_t *schema, const char *name, json_t *value) {
    j->failed |= json_object_set_new(schema, name, value) != 0;
}

void cli__schema_append(struct mca__json *j, json_t *list, json_t *value) {
    j->failed |= json_array_append_new(list, value) != 0;
}

void cli__schema_begin(struct mca__json *j, const char *title, const char *description) {
    mca__json_text(j, j->root, "$schema", "http://json-schema.org/draft-07/schema#");
    mca__json_text(j, j->root, "title", title);
    mca__json_text(j, j->root, "description", description);
}

static json_t *number_of(double value) {
    const int is_whole = value == floor(value) && fabs(value) < 0x1p53;
    return is_whole ? json_integer((json_int_t)value) : json_real(value);
}

void cli__schema_set_number(struct mca__json *j, json_t *schema, const char *name, double value) {
    cli__schema_set(j, schema, name, number_of(value));
}

void cli__schema_set_type(struct mca__json *j, json_t *schema, const char *types) {
    const size_t first = strcspn(types, " ");
    if (types[first] == '\0') {
        mca__json_text(j, schema, "type", types);
        return;
    }
    json_t *list = mca__json_array(j, schema, "type");
    while (*types) {
        const size_t length = strcspn(types, " ");
        cli__schema_append(j, list, json_stringn(types, length));
        types += length;
        types += strspn(types, " ");
    }
}

void cli__schema_set_choices(struct mca__json *j, json_t *schema, const char *const *names) {
    json_t *list = mca__json_array(j, schema, "enum");
    for (; *names; ++names) {
        cli__schema_append(j, list, json_string(*names));
    }
}

void cli__schema_set_reference(struct mca__json *j, json_t *schema, const char *name) {
    char path[160];
    (void)snprintf(path, sizeof path, "#/definitions/%s", name);
    mca__json_text(j, schema, "$ref", path);
}

/* The object of that name in another one, made where it is not there. */
static json_t *object_in(struct mca__json *j, json_t *parent, const char *name) {
    json_t *object = json_object_get(parent, name);
    return object ? object : mca__json_object(j, parent, name);
}

json_t *cli__schema_member(struct mca__json *j, json_t *schema, const char *name) {
    return object_in(j, object_in(j, schema, "properties"), name);
}

json_t *cli__schema_definition(struct mca__json *j, const char *name) {
    return object_in(j, object_in(j, j->root, "definitions"), name);
}

void cli__schema_close(struct mca__json *j, json_t *schema, const char *types) {
    cli__schema_set_type(j, schema, types);
    cli__schema_set(j, schema, "additionalProperties", json_false());
}

void cli__schema_require(struct mca__json *j, json_t *schema, const char *name) {
    json_t *list = json_object_get(schema, "required");
    size_t i = 0;
    list = list ? list : mca__json_array(j, schema, "required");
    while (i < json_array_size(list) &&
           strcmp(json_string_value(json_array_get(list, i)), name) != 0) {
        ++i;
    }
    if (i == json_array_size(list)) {
        cli__schema_append(j, list, json_string(name));
    }
}

void cli__schema_set_text(struct mca__json *j, json_t *schema, const char *description) {
    mca__json_text(j, schema, "description", description);
    cli__schema_set_type(j, schema, "string");
    mca__json_text(j, schema, "pattern", "\\S");
}

/* --- keys */

static int is_truth(const struct mca_key *key) {
    return key->choices && strcmp(key->choices[0], "false") == 0;
}

static void set_range(struct mca__json *j, json_t *schema, const struct mca_key *key) {
    cli__schema_set_number(j, schema, key->above_min ? "exclusiveMinimum" : "minimum", key->min);
    cli__schema_set_number(j, schema, "maximum", key->max);
}

static void set_powers(struct mca__json *j, json_t *schema, const struct mca_key *key) {
    json_t *list = mca__json_array(j, schema, "enum");
    for (double power = key->min; power <= key->max; power *= 2.0) {
        cli__schema_append(j, list, number_of(power));
    }
}

static void set_list(struct mca__json *j, json_t *schema, const struct mca_key *key,
                     const char *items, uint32_t most) {
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_number(j, schema, "minItems", key->min_items);
    cli__schema_set_number(j, schema, "maxItems", most);
    json_t *element = mca__json_object(j, schema, "items");
    cli__schema_set_type(j, element, items);
    set_range(j, element, key);
}

/* Widths, or layers of a kind. */
static void set_layers(struct mca__json *j, json_t *schema, const struct mca_key *key) {
    json_t *either = mca__json_array(j, schema, "anyOf");
    json_t *widths = mca__json_object(j, either, NULL);
    mca__json_text(j, widths, "title", "widths");
    set_list(j, widths, key, "integer", MCA_LIST_MAX);
    json_t *layers = mca__json_object(j, either, NULL);
    mca__json_text(j, layers, "title", "layers of a kind");
    cli__schema_set_type(j, layers, "array");
    cli__schema_set_number(j, layers, "minItems", 1);
    cli__schema_set_number(j, layers, "maxItems", MCA_LAYERS_MAX);
    cli__schema_set_reference(j, mca__json_object(j, layers, "items"), "layer");
}

/* Any scalar is a text, but no value is none. */
static void set_string(struct mca__json *j, json_t *schema, const struct mca_key *key) {
    cli__schema_set_type(j, schema, "string number boolean");
    cli__schema_set_number(j, schema, "maxLength", (double)key->size - 1.0);
    mca__json_text(j, schema, "pattern", "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
}

static void set_values(struct mca__json *j, json_t *schema, const struct mca_key *key) {
    switch (key->type) {
    case MCA_KEY_U32:
    case MCA_KEY_U64:
    case MCA_KEY_F64:
        cli__schema_set_type(j, schema, key->type == MCA_KEY_F64 ? "number" : "integer");
        set_range(j, schema, key);
        break;
    case MCA_KEY_ENUM:
        if (is_truth(key)) {
            cli__schema_set_type(j, schema, "boolean");
        } else {
            cli__schema_set_choices(j, schema, key->choices);
        }
        break;
    case MCA_KEY_EXPONENT:
        set_powers(j, schema, key);
        break;
    case MCA_KEY_F64_LIST:
        set_list(j, schema, key, "number", MCA_LIST_MAX);
        break;
    case MCA_KEY_SHAPE:
        set_list(j, schema, key, "integer", key->min_items);
        break;
    case MCA_KEY_LAYERS:
        set_layers(j, schema, key);
        break;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        set_string(j, schema, key);
        break;
    }
}

/* A default as JSON has it; what is none there is a text. */
static json_t *value_of(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    return value ? value : json_string(text);
}

void cli__schema_set_key(struct mca__json *j, json_t *schema, const struct mca_key *key,
                         const char *standard) {
    char description[512];
    char allowed[256] = "";
    if (!key->choices && !mca_key_is_text(key)) {
        mca_key_allowed(key, allowed, sizeof allowed);
    }
    (void)snprintf(description, sizeof description, "%s (%s%s%s%s%s)", key->meaning,
                   mca_key_type_name(key), allowed[0] ? " " : "", allowed, key->unit[0] ? ", " : "",
                   key->unit);
    mca__json_text(j, schema, "title", key->name);
    mca__json_text(j, schema, "description", description);
    if (standard) {
        cli__schema_set(j, schema, "default", value_of(standard));
    }
    if (key->unit[0]) {
        mca__json_text(j, schema, "x-unit", key->unit);
    }
    if (key->word) {
        json_t *either = mca__json_array(j, schema, "anyOf");
        mca__json_text(j, mca__json_object(j, either, NULL), "const", key->word);
        schema = mca__json_object(j, either, NULL);
    }
    set_values(j, schema, key);
}
