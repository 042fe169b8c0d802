#include "scenario/value_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
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

struct writer {
    char *text;
    size_t size;
    size_t used;
};

static void put(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...) {
    if (writer->used >= writer->size) {
        return;
    }
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(writer->text + writer->used, writer->size - writer->used, format, args);
    va_end(args);
    writer->used += n > 0 ? (size_t)n : 0;
}

/* Double-quoted, with escapes for what YAML would take for a line break or not accept as it is. */
static void put_string(struct writer *writer, const char *text) {
    put(writer, "\"");
    for (size_t length = strlen(text); length > 0;) {
        uint32_t code;
        const size_t bytes = decode(text, length, &code);
        if (bytes == 0) {
            break; /* cannot be: stored texts are printable */
        }
        if (code == '"' || code == '\\') {
            put(writer, "\\%c", (int)code);
        } else if (code == 0x2028 || code == 0x2029 || code == 0xfeff || code == 0xfffe ||
                   code == 0xffff) {
            put(writer, "\\u%04" PRIX32, code);
        } else {
            put(writer, "%.*s", (int)bytes, text);
        }
        text += bytes;
        length -= bytes;
    }
    put(writer, "\"");
}

static void put_f64(struct writer *writer, double value) {
    char text[32];
    mca_format_f64(value, text);
    put(writer, "%s", text);
}

/* Widths, input first, or layers with their kinds. */
static void put_layers(struct writer *writer, const struct mca_network_config *network) {
    for (uint32_t i = 0; i < network->layer_count && !network->is_widths; ++i) {
        char text[MCA_LAYER_TEXT_SIZE];
        mca_layer_text(&network->layers[i], text);
        put(writer, "%s%s", i ? ", " : "[", text);
    }
    if (!network->is_widths) {
        put(writer, "]");
        return;
    }
    put(writer, "[%" PRIu32, network->input.channels);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        put(writer, ", %" PRIu32, network->layers[i].units);
    }
    put(writer, "]");
}

static void put_f64_list(struct writer *writer, const struct mca_f64_list *list) {
    for (uint32_t i = 0; i < list->count; ++i) {
        put(writer, i ? ", " : "[");
        put_f64(writer, list->values[i]);
    }
    put(writer, "]");
}

void mca_key_format(const struct mca_key *key, const void *object, char *text, size_t size) {
    struct writer writer = {text, size, 0};
    const void *field = (const char *)object + key->offset;
    char word[sizeof(struct mca_shape)];
    text[0] = '\0';
    if (key->word) {
        mca_key_fill_word(key, word);
    }
    if (key->word && memcmp(word, field, key->size) == 0) {
        put(&writer, "%s", key->word);
        return;
    }
    switch (key->type) {
    case MCA_KEY_U32:
        put(&writer, "%" PRIu32, *(const uint32_t *)field);
        break;
    case MCA_KEY_EXPONENT:
        put_f64(&writer, ldexp(1.0, *(const int32_t *)field));
        break;
    case MCA_KEY_SHAPE: {
        const struct mca_shape *shape = field;
        put(&writer, "[%" PRIu32 ", %" PRIu32 ", %" PRIu32 "]", shape->channels, shape->height,
            shape->width);
        break;
    }
    case MCA_KEY_U64:
        put(&writer, "%" PRIu64, *(const uint64_t *)field);
        break;
    case MCA_KEY_F64:
        put_f64(&writer, *(const double *)field);
        break;
    case MCA_KEY_ENUM:
        put(&writer, "%s", key->choices[*(const unsigned *)field]);
        break;
    case MCA_KEY_LAYERS:
        put_layers(&writer, field);
        break;
    case MCA_KEY_F64_LIST:
        put_f64_list(&writer, field);
        break;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        put_string(&writer, field);
        break;
    }
}

void mca_layer_text(const struct mca_layer_config *layer, char text[MCA_LAYER_TEXT_SIZE]) {
    const struct mca_layer_kind *kind = mca_layer_kind_of(layer->type);
    const size_t count = mca_layer_key_count(kind);
    struct writer writer = {text, MCA_LAYER_TEXT_SIZE, 0};
    const char *comma = "";
    put(&writer, "%s: {", kind->name);
    for (size_t i = 0; i < count; ++i) {
        const struct mca_key *key = mca_layer_key_at(kind, i);
        char value[64];
        mca_key_format(key, layer, value, sizeof value);
        if (mca_layer_key_is_shown(kind, key) ||
            strcmp(value, mca_layer_key_default(kind, key)) != 0) {
            put(&writer, "%s%s: %s", comma, key->name, value);
            comma = ", ";
        }
    }
    put(&writer, "}");
}
