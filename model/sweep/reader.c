#include "sweep/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "scenario/key_value.h"
#include "scenario/load_node.h"
#include "scenario/value_text.h"

enum mca_status mca__sweep_fault(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                 const char *format, ...) {
    char reason[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mca_fail(reader->error, MCA_INVALID, "%.400s:%u: %s", reader->plan->path,
                    mca_yaml_line(node), reason);
}

yaml_node_t *mca__sweep_node(const struct mca__sweep_reader *reader, int index) {
    return yaml_document_get_node(reader->document, index);
}

enum mca_status mca__sweep_need_mapping(const struct mca__sweep_reader *reader,
                                        const yaml_node_t *node, const char *section) {
    if (node->type != YAML_MAPPING_NODE || !mca_yaml_is_untagged(node)) {
        return mca__sweep_fault(reader, node, "%s: not a mapping of keys to values", section);
    }
    return mca_yaml_count(node) > 0
               ? MCA_OK
               : mca__sweep_fault(reader, node, "%s: empty; at least one key is needed", section);
}

/* A list of at least one item. */
enum mca_status mca__sweep_need_list(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const char *section,
                                     const char *key) {
    const char *colon = key[0] ? ": " : "";
    if (node->type == YAML_MAPPING_NODE && key[0]) {
        return mca__sweep_fault(reader, node,
                                "%s: %.60s: a mapping; keys are written in full here: %.60s.KEY",
                                section, key, key);
    }
    if (node->type == YAML_SCALAR_NODE && key[0]) {
        return mca__sweep_fault(reader, node, "%s: %.60s: '%.60s' is not a list; write [%.60s]",
                                section, key, mca_yaml_text(node), mca_yaml_text(node));
    }
    if (node->type != YAML_SEQUENCE_NODE || !mca_yaml_is_untagged(node)) {
        return mca__sweep_fault(reader, node, "%s%s%.60s: '%.60s' is not a list", section, colon,
                                key, mca_yaml_text(node));
    }
    return mca_yaml_count(node) > 0
               ? MCA_OK
               : mca__sweep_fault(reader, node,
                                  "%s%s%.60s: []: an empty list; at least one value is needed",
                                  section, colon, key);
}

enum mca_status mca__sweep_number(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                  const char *name, uint64_t min, uint64_t max, uint64_t *number) {
    const char *text = mca_yaml_text(node);
    const size_t length = strlen(text);
    *number = length <= 18 ? strtoull(text, NULL, 10) : max + 1;
    if (length == 0 || strspn(text, "0123456789") != length || *number < min || *number > max) {
        return mca__sweep_fault(reader, node,
                                "%s: '%.60s' is not a whole number %" PRIu64 "..%" PRIu64, name,
                                text, min, max);
    }
    return MCA_OK;
}

/* Keeps what the scratch scenario has for `key`. `written` is how a file has a text, or NULL. */
static enum mca_status keep_value(const struct mca__sweep_reader *reader, const struct mca_key *key,
                                  uint32_t line, const char *written, uint32_t *position) {
    struct mca_sweep_plan *plan = reader->plan;
    if (plan->value_count == plan->value_room) {
        const uint32_t room = plan->value_room ? 2 * plan->value_room : 64;
        struct mca_sweep_value *grown = realloc(plan->values, room * sizeof *grown);
        if (!grown) {
            return mca_fail_memory(reader->error, plan->path);
        }
        plan->values = grown;
        plan->value_room = room;
    }
    char text[MCA_VALUE_TEXT_SIZE];
    mca_key_format(key, reader->scratch, text, sizeof text);
    struct mca_sweep_value *value = &plan->values[plan->value_count];
    *value =
        (struct mca_sweep_value){key, line, strdup(written ? written : text), malloc(key->size)};
    *position = plan->value_count++;
    if (!value->text || !value->bytes) {
        return mca_fail_memory(reader->error, plan->path);
    }
    memcpy(value->bytes, (const char *)reader->scratch + key->offset, key->size);
    return MCA_OK;
}

enum mca_status mca__sweep_keep_node(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *key_node, const yaml_node_t *node,
                                     uint32_t *position) {
    struct mca_found_key found;
    const struct mca_key_node pair_node = {reader->plan->path, reader->document, key_node, node};
    MCA_TRY(mca_scenario_apply_node(reader->scratch, &pair_node, &found, reader->error));
    uint32_t slot = 0; /* the key's: its column has been named */
    while (strcmp(reader->plan->keys[slot]->name, found.key->name) != 0) {
        ++slot;
    }
    return keep_value(reader, reader->plan->keys[slot], mca_yaml_line(node),
                      mca_key_is_text(found.key) ? mca_yaml_text(node) : NULL, position);
}

/* A value of our own making, as text. */
enum mca_status mca__sweep_keep_text(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const struct mca_key *key,
                                     const char *text, uint32_t *position) {
    const struct mca_value value = {.count = 1, .items = {{text, strlen(text), 1}}};
    struct mca_error reason;
    if (mca_key_store(key, &value, reader->scratch, &reason) != MCA_OK) {
        return mca__sweep_fault(reader, node, "%s: %.400s", key->name, reason.message);
    }
    return keep_value(reader, key, mca_yaml_line(node), NULL, position);
}

/* 1 where a key is one of a layer of the other one, the layers. */
static int is_within(const char *layers, const char *name) {
    const size_t length = strlen(layers);
    return strncmp(layers, name, length) == 0 && name[length] == '.';
}

/* The value that `set` has for the key, or for one of a layer of a swept list. */
static const yaml_node_t *set_value(const struct mca__sweep_reader *reader, const char *name) {
    const yaml_node_pair_t *pair = reader->set ? reader->set->data.mapping.pairs.start : NULL;
    for (; pair && pair < reader->set->data.mapping.pairs.top; ++pair) {
        const char *set = mca_yaml_text(mca__sweep_node(reader, pair->key));
        if (strcmp(set, name) == 0 || is_within(name, set)) {
            return mca__sweep_node(reader, pair->value);
        }
    }
    return NULL;
}

static enum mca_status refuse_slot(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                   const char *name) {
    const struct mca_sweep_plan *plan = reader->plan;
    const yaml_node_t *set = set_value(reader, name);
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        const char *other = plan->keys[k]->name;
        if (strcmp(other, name) == 0) {
            return mca__sweep_fault(reader, node, "%s: swept twice; first in line %u", name,
                                    plan->key_lines[k]);
        }
        if (is_within(other, name) || is_within(name, other)) {
            return mca__sweep_fault(reader, node, "%s: swept, and so is %s in line %u", name, other,
                                    plan->key_lines[k]);
        }
    }
    return set ? mca__sweep_fault(reader, node, "%s: swept, but also fixed by set in line %u", name,
                                  mca_yaml_line(set))
               : MCA_OK;
}

enum mca_status mca__sweep_take_slot(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const struct mca_key *key,
                                     uint32_t *slot) {
    MCA_TRY(refuse_slot(reader, node, key->name));
    return mca__sweep_take_own_slot(reader, node, key, slot);
}

enum mca_status mca__sweep_take_own_slot(const struct mca__sweep_reader *reader,
                                         const yaml_node_t *node, const struct mca_key *key,
                                         uint32_t *slot) {
    struct mca_sweep_plan *plan = reader->plan;
    if (plan->key_count == MCA_KEY_MAX) {
        return mca__sweep_fault(reader, node, "%s: more than %d swept keys", key->name,
                                MCA_KEY_MAX);
    }
    *slot = plan->key_count;
    if (mca_key_is_of_layer(key->name)) {
        struct mca_found_key *kept = malloc(sizeof *kept);
        if (!kept) {
            return mca_fail_memory(reader->error, plan->path);
        }
        kept->own = *key;
        (void)snprintf(kept->name, sizeof kept->name, "%s", key->name);
        kept->own.name = kept->name;
        plan->layer_keys[*slot] = kept;
        key = &kept->own;
    }
    plan->keys[*slot] = key;
    plan->key_lines[*slot] = mca_yaml_line(node);
    ++plan->key_count;
    return MCA_OK;
}

enum mca_status mca__sweep_new_axis(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                    const char *section, uint32_t rows, uint32_t keys,
                                    struct mca_sweep_axis **axis) {
    struct mca_sweep_plan *plan = reader->plan;
    if (plan->axis_count == MCA_SWEEP_AXES_MAX) {
        return mca__sweep_fault(reader, node, "%s: more axes than there are keys", section);
    }
    if (rows > MCA_SWEEP_POINTS_MAX) {
        return mca__sweep_fault(reader, node, "%s: %u values; a sweep has at most %d points",
                                section, rows, MCA_SWEEP_POINTS_MAX);
    }
    *axis = &plan->axes[plan->axis_count++];
    **axis = (struct mca_sweep_axis){section,
                                     mca_yaml_line(node),
                                     rows,
                                     keys,
                                     calloc(keys, sizeof(uint32_t)),
                                     calloc((size_t)rows * keys, sizeof(uint32_t))};
    if (!(*axis)->slots || !(*axis)->cells) {
        return mca_fail_memory(reader->error, plan->path);
    }
    for (size_t i = 0; i < (size_t)rows * keys; ++i) {
        (*axis)->cells[i] = MCA_SWEEP_UNSET;
    }
    return MCA_OK;
}

/* The key that a node names, as the axis's `column`. */
enum mca_status mca__sweep_name_column(const struct mca__sweep_reader *reader,
                                       struct mca_sweep_axis *axis, uint32_t column,
                                       const yaml_node_t *key_node) {
    struct mca_found_key found;
    const struct mca_key_node pair_node = {reader->plan->path, reader->document, key_node, NULL};
    MCA_TRY(mca_scenario_apply_node(reader->scratch, &pair_node, &found, reader->error));
    return mca__sweep_take_slot(reader, key_node, found.key, &axis->slots[column]);
}

yaml_node_t *mca__sweep_child(const struct mca__sweep_reader *reader, const yaml_node_t *mapping,
                              const char *name) {
    if (mapping->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; ++pair) {
        if (strcmp(mca_yaml_text(mca__sweep_node(reader, pair->key)), name) == 0) {
            return mca__sweep_node(reader, pair->value);
        }
    }
    return NULL;
}

/* Refuses names that are not among `allowed` (NULL at its end), and names given twice. */
enum mca_status mca__sweep_check_names(const struct mca__sweep_reader *reader,
                                       const yaml_node_t *mapping, const char *where,
                                       const char *const *allowed) {
    char all[128];
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    mca_names_text(allowed, all, sizeof all);
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; ++pair) {
        const yaml_node_t *key = mca__sweep_node(reader, pair->key);
        const char *name = mca_yaml_text(key);
        size_t i = 0;
        while (allowed[i] && strcmp(allowed[i], name) != 0) {
            ++i;
        }
        if (!allowed[i]) {
            mca_names_suggest(name, allowed, "; did you mean ", "?", meant);
            return meant[0]
                       ? mca__sweep_fault(reader, key, "%s%.60s: unknown%s", where, name, meant)
                       : mca__sweep_fault(reader, key, "%s%.60s: unknown; allowed: %s", where, name,
                                          all);
        }
        if (mca__sweep_child(reader, mapping, name) != mca__sweep_node(reader, pair->value)) {
            return mca__sweep_fault(reader, key, "%s%.60s: given twice", where, name);
        }
    }
    return MCA_OK;
}
