#include "scenario/layers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "scenario/key_value.h"
#include "scenario/layer_keys.h"

enum { SHOWN_MAX = 60, NAMES_MAX = 32, LIST_SIZE = 300 };

/* What is being read. */
struct reader {
    yaml_document_t *document;
    const yaml_node_t **fault;
    struct mca_error *reason;
    uint32_t number;
    const struct mca_layer_kind *kind; /* NULL until it is known */
};

__attribute__((format(printf, 3, 4))) static enum mca_status
refuse(const struct reader *reader, const yaml_node_t *node, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *reader->fault = node;
    return reader->kind
               ? mca_fail(reader->reason, MCA_INVALID, "layer %u (%s): %s", reader->number,
                          reader->kind->name, text)
               : mca_fail(reader->reason, MCA_INVALID, "layer %u: %s", reader->number, text);
}

static yaml_node_t *node_at(const struct reader *reader, int index) {
    return yaml_document_get_node(reader->document, index);
}

static void list_kinds(const char *names[NAMES_MAX]) {
    for (unsigned i = 0; i < MCA_LAYER_TYPE_COUNT; ++i) {
        names[i] = mca_layer_kind_of(i)->name;
    }
    names[MCA_LAYER_TYPE_COUNT] = NULL;
}

static enum mca_status not_a_layer(const struct reader *reader, const yaml_node_t *node) {
    const char *names[NAMES_MAX];
    char kinds[LIST_SIZE];
    list_kinds(names);
    mca_names_text(names, kinds, sizeof kinds);
    const char *what = node->type == YAML_SEQUENCE_NODE  ? "a list"
                       : node->type == YAML_MAPPING_NODE ? "a mapping of several kinds, or of none,"
                                                         : mca_yaml_text(node);
    const char *quote = node->type == YAML_SCALAR_NODE ? "'" : "";
    return refuse(reader, node, "%s%.*s%s is not a layer; write KIND: {KEY: VALUE}; kinds: %s",
                  quote, SHOWN_MAX, what, quote, kinds);
}

/* Tells of a name that none of `names` is. */
static enum mca_status unknown(const struct reader *reader, const yaml_node_t *node,
                               const char *what, const char *const *names) {
    char list[LIST_SIZE];
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    mca_names_suggest(mca_yaml_text(node), names, "; did you mean ", "?", meant);
    mca_names_text(names, list, sizeof list);
    return meant[0] ? refuse(reader, node, "unknown %s %.*s%s", what, SHOWN_MAX,
                             mca_yaml_text(node), meant)
                    : refuse(reader, node, "unknown %s '%.*s'; %ss: %s", what, SHOWN_MAX,
                             mca_yaml_text(node), what, list);
}

static enum mca_status unknown_key(const struct reader *reader, const yaml_node_t *node) {
    const char *names[NAMES_MAX];
    const size_t count = mca_layer_key_count(reader->kind);
    for (size_t i = 0; i < count; ++i) {
        names[i] = mca_layer_key_at(reader->kind, i)->name;
    }
    names[count] = NULL;
    return unknown(reader, node, "key", names);
}

static enum mca_status store(const struct reader *reader, const yaml_node_t *node,
                             const struct mca_key *key, const char *text, int is_plain,
                             struct mca_layer_config *layer) {
    const struct mca_value value = {.count = 1, .items = {{text, strlen(text), is_plain}}};
    struct mca_error reason;
    if (mca_key_store(key, &value, layer, &reason) != MCA_OK) {
        return refuse(reader, node, "%s: %.300s", key->name, reason.message);
    }
    return MCA_OK;
}

static enum mca_status read_pair(const struct reader *reader, const yaml_node_pair_t *pair,
                                 uint32_t *given, struct mca_layer_config *layer) {
    const yaml_node_t *name = node_at(reader, pair->key);
    const yaml_node_t *value = node_at(reader, pair->value);
    const struct mca_key *key = mca_layer_key_find(reader->kind, mca_yaml_text(name));
    if (!key || strlen(mca_yaml_text(name)) != name->data.scalar.length) {
        return unknown_key(reader, name);
    }
    if (value->type != YAML_SCALAR_NODE || !mca_yaml_is_untagged(value) ||
        strlen(mca_yaml_text(value)) != value->data.scalar.length) {
        return refuse(reader, value, "%s: not a plain value; a %s is needed", key->name,
                      mca_key_type_name(key));
    }
    for (size_t i = 0; i < mca_layer_key_count(reader->kind); ++i) {
        *given |= (uint32_t)(key == mca_layer_key_at(reader->kind, i)) << i;
    }
    return store(reader, value, key, mca_yaml_text(value),
                 value->data.scalar.style == YAML_PLAIN_SCALAR_STYLE, layer);
}

/* What is not given: a value, or that of another key. */
static enum mca_status fill_defaults(const struct reader *reader, const yaml_node_t *node,
                                     uint32_t given, struct mca_layer_config *layer) {
    const size_t count = mca_layer_key_count(reader->kind);
    for (size_t i = 0; i < count; ++i) {
        const struct mca_key *key = mca_layer_key_at(reader->kind, i);
        const char *text = mca_layer_key_default(reader->kind, key);
        const struct mca_key *other = text ? mca_layer_key_find(reader->kind, text) : NULL;
        if ((given >> i & 1) != 0) {
            continue;
        }
        if (!text) {
            char allowed[64];
            mca_key_allowed(key, allowed, sizeof allowed);
            return refuse(reader, node, "%s is missing; a %s %s is needed", key->name,
                          mca_key_type_name(key), allowed);
        }
        if (other) {
            memcpy((char *)layer + key->offset, (const char *)layer + other->offset, key->size);
        } else {
            MCA_TRY(store(reader, node, key, text, 1, layer));
        }
    }
    return MCA_OK;
}

static enum mca_status read_keys(const struct reader *reader, const yaml_node_t *keys,
                                 struct mca_layer_config *layer) {
    uint32_t given = 0;
    if (mca_yaml_is_null(keys)) {
        return fill_defaults(reader, keys, given, layer);
    }
    if (keys->type != YAML_MAPPING_NODE || !mca_yaml_is_untagged(keys)) {
        return refuse(reader, keys, "its keys are no mapping; write %s: {KEY: VALUE}",
                      reader->kind->name);
    }
    const yaml_node_t *again;
    const yaml_node_t *first;
    MCA_TRY(mca_yaml_find_duplicate(reader->document, keys, &again, &first, reader->reason));
    if (again) {
        return refuse(reader, again, "%.*s: given twice; first in line %u", SHOWN_MAX,
                      mca_yaml_text(again), mca_yaml_line(first));
    }
    for (const yaml_node_pair_t *pair = keys->data.mapping.pairs.start;
         pair < keys->data.mapping.pairs.top; ++pair) {
        MCA_TRY(read_pair(reader, pair, &given, layer));
    }
    return fill_defaults(reader, keys, given, layer);
}

static enum mca_status read_layer(struct reader *reader, const yaml_node_t *node,
                                  struct mca_layer_config *layer) {
    const char *names[NAMES_MAX];
    reader->kind = NULL;
    if (node->type != YAML_MAPPING_NODE || !mca_yaml_is_untagged(node) ||
        mca_yaml_count(node) != 1) {
        return not_a_layer(reader, node);
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    const yaml_node_t *name = node_at(reader, pair->key);
    list_kinds(names);
    unsigned type = 0;
    while (names[type] && strcmp(names[type], mca_yaml_text(name)) != 0) {
        ++type;
    }
    if (!names[type]) {
        return unknown(reader, name, "kind", names);
    }
    reader->kind = mca_layer_kind_of(type);
    layer->type = type;
    return read_keys(reader, node_at(reader, pair->value), layer);
}

int mca__layers_are_typed(yaml_document_t *document, const yaml_node_t *list) {
    int is_typed = 0;
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; ++item) {
        is_typed |= yaml_document_get_node(document, *item)->type == YAML_MAPPING_NODE;
    }
    return is_typed;
}

enum mca_status mca__layers_read(yaml_document_t *document, const yaml_node_t *list,
                                 struct mca_network_config *network, const yaml_node_t **fault,
                                 struct mca_error *reason) {
    struct mca_network_config read = *network;
    struct reader reader = {.document = document, .fault = fault, .reason = reason};
    const yaml_node_item_t *items = list->data.sequence.items.start;
    const size_t count = (size_t)(list->data.sequence.items.top - items);
    if (count > MCA_LAYERS_MAX) {
        *fault = list;
        return mca_fail(reason, MCA_INVALID, "%zu layers; 1..%d are allowed", count,
                        MCA_LAYERS_MAX);
    }
    memset(read.layers, 0, sizeof read.layers);
    read.is_widths = 0;
    read.layer_count = (uint32_t)count;
    for (; reader.number < read.layer_count; ++reader.number) {
        MCA_TRY(read_layer(&reader, node_at(&reader, items[reader.number]),
                           &read.layers[reader.number]));
    }
    *network = read;
    return MCA_OK;
}
