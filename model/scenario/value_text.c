#include "scenario/value_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/layer_keys.h"

/* Decodes one UTF-8 character of at most `length` bytes; returns its bytes, 0 when malformed. */
static size_t decode(const char *text, size_t length, uint32_t *code) {
    const unsigned char first = (unsigned char)text[0];
    const size_t bytes = first < 0x80                    ? 1
                         : first >= 0xc2 && first < 0xe0 ? 2
                         : first >= 0xe0 && first < 0xf0 ? 3
                         : first >= 0xf0 && first < 0xf5 ? 4
                                                         : 0;
    if (bytes == 0 || bytes > length) {
        return 0;
    }
    *code = bytes == 1 ? first : first & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; ++i) {
        const unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (next & 0x3fu);
    }
    const int overlong = (bytes == 3 && *code < 0x800) || (bytes == 4 && *code < 0x10000);
    const int surrogate = *code >= 0xd800 && *code < 0xe000;
    return overlong || surrogate || *code > 0x10ffff ? 0 : bytes;
}

int mca_text_is_printable(const char *text, size_t length) {
    for (size_t i = 0; i < length;) {
        uint32_t code;
        const size_t bytes = decode(text + i, length - i, &code);
        if (bytes == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            return 0;
        }
        i += bytes;
    }
    return 1;
}

void mca_format_f64(double value, char text[32]) {
    for (int digits = 15; digits <= 17; ++digits) {
        (void)snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

/* Double-quoted, with escapes for what YAML would take for a line break or not accept as it is. */
static void put_string(char *out, size_t size, const char *text) {
    mca_text_add(out, size, "\"");
    for (size_t length = strlen(text); length > 0;) {
        uint32_t code;
        const size_t bytes = decode(text, length, &code);
        if (bytes == 0) {
            break; /* cannot be: stored texts are printable */
        }
        if (code == '"' || code == '\\') {
            mca_text_add(out, size, "\\%c", (int)code);
        } else if (code == 0x2028 || code == 0x2029 || code == 0xfeff || code == 0xfffe ||
                   code == 0xffff) {
            mca_text_add(out, size, "\\u%04" PRIX32, code);
        } else {
            mca_text_add(out, size, "%.*s", (int)bytes, text);
        }
        text += bytes;
        length -= bytes;
    }
    mca_text_add(out, size, "\"");
}

static void put_f64(char *out, size_t size, double value) {
    char text[32];
    mca_format_f64(value, text);
    mca_text_add(out, size, "%s", text);
}

/* Widths, input first, or layers with their kinds. */
static void put_layers(char *out, size_t size, const struct mca_network_config *network) {
    for (uint32_t i = 0; i < network->layer_count && !network->is_widths; ++i) {
        char text[MCA_LAYER_TEXT_SIZE];
        mca_layer_text(&network->layers[i], text);
        mca_text_add(out, size, "%s%s", i ? ", " : "[", text);
    }
    if (!network->is_widths) {
        mca_text_add(out, size, "]");
        return;
    }
    mca_text_add(out, size, "[%" PRIu32, network->input.channels);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        mca_text_add(out, size, ", %" PRIu32, network->layers[i].units);
    }
    mca_text_add(out, size, "]");
}

static void put_f64_list(char *out, size_t size, const struct mca_f64_list *list) {
    mca_text_add(out, size, "[");
    for (uint32_t i = 0; i < list->count; ++i) {
        mca_text_add(out, size, "%s", i ? ", " : "");
        put_f64(out, size, list->values[i]);
    }
    mca_text_add(out, size, "]");
}

void mca_key_format(const struct mca_key *key, const void *object, char *text, size_t size) {
    const void *field = (const char *)object + key->offset;
    char word[sizeof(struct mca_shape)];
    text[0] = '\0';
    if (key->word) {
        mca_key_fill_word(key, word);
    }
    if (key->word && memcmp(word, field, key->size) == 0) {
        mca_text_add(text, size, "%s", key->word);
        return;
    }
    switch (key->type) {
    case MCA_KEY_U32:
        mca_text_add(text, size, "%" PRIu32, *(const uint32_t *)field);
        break;
    case MCA_KEY_EXPONENT:
        put_f64(text, size, ldexp(1.0, *(const int32_t *)field));
        break;
    case MCA_KEY_SHAPE: {
        const struct mca_shape *shape = field;
        mca_text_add(text, size, "[%" PRIu32 ", %" PRIu32 ", %" PRIu32 "]", shape->channels,
                     shape->height, shape->width);
        break;
    }
    case MCA_KEY_U64:
        mca_text_add(text, size, "%" PRIu64, *(const uint64_t *)field);
        break;
    case MCA_KEY_F64:
        put_f64(text, size, *(const double *)field);
        break;
    case MCA_KEY_ENUM:
        mca_text_add(text, size, "%s", key->choices[*(const unsigned *)field]);
        break;
    case MCA_KEY_LAYERS:
        put_layers(text, size, field);
        break;
    case MCA_KEY_F64_LIST:
        put_f64_list(text, size, field);
        break;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        put_string(text, size, field);
        break;
    }
}

void mca_layer_text(const struct mca_layer_config *layer, char text[MCA_LAYER_TEXT_SIZE]) {
    const struct mca_layer_kind *kind = mca_layer_kind_of(layer->type);
    const size_t count = mca_layer_key_count(kind);
    text[0] = '\0';
    const char *comma = "";
    mca_text_add(text, MCA_LAYER_TEXT_SIZE, "%s: {", kind->name);
    for (size_t i = 0; i < count; ++i) {
        const struct mca_key *key = mca_layer_key_at(kind, i);
        char value[64];
        mca_key_format(key, layer, value, sizeof value);
        if (mca_layer_key_is_shown(kind, key) ||
            strcmp(value, mca_layer_key_default(kind, key)) != 0) {
            mca_text_add(text, MCA_LAYER_TEXT_SIZE, "%s%s: %s", comma, key->name, value);
            comma = ", ";
        }
    }
    mca_text_add(text, MCA_LAYER_TEXT_SIZE, "}");
}
