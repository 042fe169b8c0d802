#include "scenario/load.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_input.h"
#include "base/mathx.h"
#include "base/shipped.h"
#include "base/suggest.h"
#include "base/yaml_input.h"
#include "cost/scaling.h"
#include "network/network.h"
#include "scenario/key_value.h"
#include "scenario/layers.h"
#include "scenario/load_node.h"
#include "scenario/value_text.h"
#include "train/dataset.h"

enum { PLACE_SIZE = MCA_SOURCE_NAME_SIZE + 32 };

/* One text being applied: a file of the chain of bases, an assignment or a default. */
struct input {
    struct mca_scenario *scenario;
    struct mca_scenario_origins *origins;
    const char *name;
    uint32_t source; /* of origins; 0: defaults */
    int has_lines;
    yaml_document_t *document;
    const struct mca_file_identity *chain; /* files being loaded, this one last */
    size_t chain_length;
    struct mca_error *error;
};

static enum mca_status apply_file(const struct input *from, const char *path, const char *place);

/* "file:line: " or "--set: ". */
static void place_text(const struct input *input, const yaml_node_t *node, char place[PLACE_SIZE]) {
    if (input->has_lines) {
        (void)snprintf(place, PLACE_SIZE, "%s:%u: ", input->name, mca_yaml_line(node));
    } else {
        (void)snprintf(place, PLACE_SIZE, "%s: ", input->name);
    }
}

/* `node` may be NULL where there are no lines. */
static enum mca_status fault(const struct input *input, const yaml_node_t *node, const char *key,
                             const char *reason) {
    char place[PLACE_SIZE];
    place_text(input, node, place);
    return mca_fail(input->error, MCA_INVALID, "%.500s%.100s%s%.400s", place, key,
                    key[0] ? ": " : "", reason);
}

static enum mca_status unknown_key(const struct input *input, const yaml_node_t *node,
                                   const char *name) {
    struct mca_suggestions meant;
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    char reason[MCA_SUGGESTIONS_TEXT_SIZE + 32] = "unknown key; 'mcasim keys' lists all";
    if (input->has_lines && strcmp(name, "scenario") == 0) {
        return fault(input, node, name, "unknown key; is this a sweep file, for mcasim sweep?");
    }
    mca_key_suggest(name, &meant);
    if (meant.count > 0) {
        (void)snprintf(reason, sizeof reason, "unknown key%s",
                       mca_suggestions_text(&meant, "; did you mean ", "?", text));
    }
    return fault(input, node, name, reason);
}

static yaml_node_t *node_at(const struct input *input, int index) {
    return yaml_document_get_node(input->document, index);
}

static struct mca_scalar scalar_of(const yaml_node_t *node) {
    return (struct mca_scalar){(const char *)node->data.scalar.value, node->data.scalar.length,
                               node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE};
}

/* Puts `directory of name`/ before a relative path and makes it absolute. */
static enum mca_status resolve_path(const struct input *input, const yaml_node_t *node,
                                    const struct mca_key *key) {
    char *field = (char *)input->scenario + key->offset;
    const size_t length = strlen(field);
    const int is_name = key->type == MCA_KEY_LIBRARY && !strchr(field, '/') &&
                        !(length > 5 && strcmp(field + length - 5, ".yaml") == 0);
    if (length == 0 || field[0] == '/' || is_name) {
        return MCA_OK;
    }
    char cwd[MCA_PATH_SIZE] = "";
    char joined[2 * MCA_PATH_SIZE + MCA_SOURCE_NAME_SIZE];
    const char *slash = input->has_lines ? strrchr(input->name, '/') : NULL;
    const int directory = slash ? (int)(slash - input->name) + 1 : 0;
    if ((directory == 0 || input->name[0] != '/') && !getcwd(cwd, sizeof cwd)) {
        return mca_fail_errno(input->error, "%s: the working directory has no path", key->name);
    }
    const int n = snprintf(joined, sizeof joined, "%s%s%.*s%s", cwd, cwd[0] ? "/" : "", directory,
                           input->name, field);
    if (n < 0 || (size_t)n >= key->size) {
        return fault(input, node, key->name, "path too long");
    }
    if (!mca_text_is_printable(joined, (size_t)n)) {
        return fault(input, node, key->name, "the path of its directory is not printable UTF-8");
    }
    memcpy(field, joined, (size_t)n + 1);
    return MCA_OK;
}

static enum mca_status value_of(const struct input *input, const yaml_node_t *node,
                                const char *name, struct mca_value *value) {
    *value = (struct mca_value){.count = 1};
    if (!mca_yaml_is_untagged(node)) {
        return fault(input, node, name, "YAML tags are not allowed");
    }
    if (node->type == YAML_MAPPING_NODE) {
        return fault(input, node, name, "a mapping; a value is needed");
    }
    if (node->type == YAML_SCALAR_NODE) {
        value->items[0] = scalar_of(node);
        return MCA_OK;
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    value->is_list = 1;
    value->count = (size_t)(node->data.sequence.items.top - item);
    for (size_t i = 0; i < value->count && i < MCA_LIST_MAX; ++i) {
        const yaml_node_t *element = node_at(input, item[i]);
        if (element->type != YAML_SCALAR_NODE || !mca_yaml_is_untagged(element)) {
            return fault(input, element, name, "an element that is not a plain value");
        }
        value->items[i] = scalar_of(element);
    }
    return MCA_OK;
}

/* Where and how a key was given. */
static void note_origin(const struct input *input, const struct mca_key *key,
                        const yaml_node_t *node) {
    if (input->origins) {
        input->origins->of[mca_key_index(key)] =
            (struct mca_origin){input->source, input->has_lines ? mca_yaml_line(node) : 0};
    }
}

/* Layers with their kinds. */
static enum mca_status apply_layers(const struct input *input, const struct mca_key *key,
                                    const yaml_node_t *list) {
    const yaml_node_t *at = list;
    struct mca_error reason;
    const enum mca_status status =
        mca__layers_read(input->document, list, &input->scenario->chip.network, &at, &reason);
    if (status == MCA_INVALID) {
        return fault(input, at, key->name, reason.message);
    }
    if (status != MCA_OK) {
        return mca_fail(input->error, status, "%s", reason.message);
    }
    note_origin(input, key, list);
    return MCA_OK;
}

static enum mca_status apply_value(const struct input *input, const struct mca_key *key,
                                   const yaml_node_t *node) {
    struct mca_value value;
    if (key->type == MCA_KEY_LAYERS && node->type == YAML_MAPPING_NODE) {
        return fault(input, node, key->name, "a mapping; write a list of - KIND: {KEY: VALUE}");
    }
    if (key->type == MCA_KEY_LAYERS && node->type == YAML_SEQUENCE_NODE &&
        mca_yaml_is_untagged(node) && mca__layers_are_typed(input->document, node)) {
        return apply_layers(input, key, node);
    }
    MCA_TRY(value_of(input, node, key->name, &value));
    struct mca_error reason;
    if (mca_key_store(key, &value, input->scenario, &reason) != MCA_OK) {
        return fault(input, node, key->name, reason.message);
    }
    if (key->type == MCA_KEY_PATH || key->type == MCA_KEY_LIBRARY) {
        MCA_TRY(resolve_path(input, node, key));
    }
    note_origin(input, key, node);
    return MCA_OK;
}

/* Name of a pair's key: a scalar without zeros inside, cut to what messages show. */
static enum mca_status pair_name(const struct input *input, const yaml_node_t *node,
                                 const char *section, char name[MCA_KEY_NAME_SIZE]) {
    if (node->type != YAML_SCALAR_NODE) {
        return fault(input, node, section, "a key that is not a name");
    }
    const struct mca_scalar scalar = scalar_of(node);
    if (strlen(scalar.text) != scalar.length) {
        return fault(input, node, section, "a key with a zero byte");
    }
    (void)snprintf(name, MCA_KEY_NAME_SIZE, "%s%s%s", section, section[0] ? "." : "", scalar.text);
    return MCA_OK;
}

/* The same name twice in one mapping. */
static enum mca_status refuse_duplicate(const struct input *input, const yaml_node_t *mapping,
                                        const char *section) {
    const yaml_node_t *again;
    const yaml_node_t *first;
    MCA_TRY(mca_yaml_find_duplicate(input->document, mapping, &again, &first, input->error));
    if (!again) {
        return MCA_OK;
    }
    char name[MCA_KEY_NAME_SIZE];
    char reason[64];
    MCA_TRY(pair_name(input, again, section, name));
    (void)snprintf(reason, sizeof reason, "given twice; first in line %u", mca_yaml_line(first));
    return fault(input, again, name, reason);
}

static enum mca_status apply_section(const struct input *input, const char *section,
                                     const yaml_node_t *mapping) {
    if (mca_yaml_is_null(mapping)) {
        return MCA_OK; /* a section whose keys are all commented out */
    }
    if (mapping->type != YAML_MAPPING_NODE || !mca_yaml_is_untagged(mapping)) {
        return fault(input, mapping, section, "not a mapping; write its keys indented below it");
    }
    MCA_TRY(refuse_duplicate(input, mapping, section));
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; ++pair) {
        char name[MCA_KEY_NAME_SIZE];
        const yaml_node_t *key_node = node_at(input, pair->key);
        MCA_TRY(pair_name(input, key_node, section, name));
        const struct mca_key *key = mca_key_find(name);
        if (!key) {
            return unknown_key(input, key_node, name);
        }
        MCA_TRY(apply_value(input, key, node_at(input, pair->value)));
    }
    return MCA_OK;
}

static enum mca_status apply_base(const struct input *input, const yaml_node_t *node) {
    struct mca_value value;
    MCA_TRY(value_of(input, node, "base", &value));
    const struct mca_scalar *base = &value.items[0];
    if (value.is_list || base->length == 0 || !mca_text_is_printable(base->text, base->length)) {
        return fault(input, node, "base", "not the path of a scenario file");
    }
    char path[MCA_SOURCE_NAME_SIZE];
    if (!mca_shipped_or_path(MCA_SHIPPED_SCENARIO, base->text, input->name, path, sizeof path)) {
        return fault(input, node, "base", "path too long");
    }
    char place[PLACE_SIZE];
    char place_and_key[PLACE_SIZE + 8];
    place_text(input, node, place);
    (void)snprintf(place_and_key, sizeof place_and_key, "%sbase: ", place);
    return apply_file(input, path, place_and_key);
}

/* A pair of the top level: a section, or a key without one. */
static enum mca_status apply_top_pair(const struct input *input, const yaml_node_pair_t *pair,
                                      const char *name) {
    const yaml_node_t *key_node = node_at(input, pair->key);
    const yaml_node_t *node = node_at(input, pair->value);
    if (strcmp(name, "base") == 0) {
        return MCA_OK; /* applied before */
    }
    if (mca_key_is_section(name, strlen(name))) {
        return apply_section(input, name, node);
    }
    const struct mca_key *key = mca_key_find(name);
    if (!key) {
        return unknown_key(input, key_node, name);
    }
    const size_t section = mca_key_section_length(key);
    if (section > 0) {
        char reason[MCA_KEY_NAME_SIZE * 2 + 64];
        (void)snprintf(reason, sizeof reason,
                       "in a file, write %s: indented below %.*s:", name + section + 1,
                       (int)section, name);
        return fault(input, key_node, name, reason);
    }
    return apply_value(input, key, node);
}

/* A base may name any file that the user can read: where none of its keys is a scenario's, it is
 * none, and nothing of it is shown. */
static enum mca_status refuse_foreign(const struct input *input, const yaml_node_t *root) {
    const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
    const yaml_node_pair_t *top = root->data.mapping.pairs.top;
    int known = input->chain_length < 2 || pair == top;
    for (; pair < top && !known; ++pair) {
        const yaml_node_t *key = node_at(input, pair->key);
        const char *name = key->type == YAML_SCALAR_NODE ? scalar_of(key).text : "";
        known = strcmp(name, "base") == 0 || strcmp(name, "scenario") == 0 || /* a sweep */
                mca_key_is_section(name, strlen(name)) || mca_key_find(name) != NULL;
    }
    return known ? MCA_OK : fault(input, root, "", "not a scenario: none of its keys is one's");
}

static enum mca_status apply_document(const struct input *input) {
    const yaml_node_t *root = yaml_document_get_root_node(input->document);
    if (!root || mca_yaml_is_null(root)) {
        return MCA_OK;
    }
    if (root->type != YAML_MAPPING_NODE || !mca_yaml_is_untagged(root)) {
        return fault(input, root, "", "not a mapping of scenario keys");
    }
    const yaml_node_pair_t *start = root->data.mapping.pairs.start;
    const yaml_node_pair_t *top = root->data.mapping.pairs.top;
    char name[MCA_KEY_NAME_SIZE];
    MCA_TRY(refuse_foreign(input, root));
    MCA_TRY(refuse_duplicate(input, root, ""));
    for (const yaml_node_pair_t *pair = start; pair < top; ++pair) {
        MCA_TRY(pair_name(input, node_at(input, pair->key), "", name));
        if (strcmp(name, "base") == 0) {
            MCA_TRY(apply_base(input, node_at(input, pair->value)));
        }
    }
    for (const yaml_node_pair_t *pair = start; pair < top; ++pair) {
        MCA_TRY(pair_name(input, node_at(input, pair->key), "", name));
        MCA_TRY(apply_top_pair(input, pair, name));
    }
    return MCA_OK;
}

/* Applies a file's text; the chain of `from` ends with the file itself. */
static enum mca_status apply_text(const struct input *from, const char *name, const char *text,
                                  size_t size) {
    struct input input = *from;
    yaml_document_t document;
    input.name = name;
    input.source = from->origins ? mca_origins_source(from->origins, name) : 0;
    input.has_lines = 1;
    input.document = &document;
    if (from->origins && input.source == 0) {
        return mca_fail(from->error, MCA_INVALID, "%.200s: path too long", name);
    }
    MCA_TRY(mca_yaml_parse(&document, name, text, size, from->error));
    const enum mca_status status = apply_document(&input);
    yaml_document_delete(&document);
    return status;
}

/* A pipe may be given by hand, but not stand in a file. */
static enum mca_status read_file(const struct input *from, const char *path, const char *place,
                                 char **text, size_t *size, struct mca_file_identity *identity) {
    enum mca_status status =
        from->chain_length > 0 ? mca_check_regular(path, place, from->error) : MCA_OK;
    if (status == MCA_OK) {
        status = mca_yaml_read_file(path, place, text, size, identity, from->error);
    }
    if (status == MCA_SYSTEM) {
        mca_shipped_suggest(MCA_SHIPPED_SCENARIO, path, from->error);
    }
    return status;
}

/* Applies a file that the last one of the chain of `from` names, or the first one. */
static enum mca_status apply_file(const struct input *from, const char *path, const char *place) {
    const size_t length = from->chain_length;
    struct mca_file_identity chain[MCA_BASE_DEPTH_MAX];
    struct input input = *from;
    char *text;
    size_t size;
    if (length == MCA_BASE_DEPTH_MAX) {
        return mca_fail(from->error, MCA_INVALID,
                        "%.500s%.300s: more than %d files in a chain of bases", place, path,
                        MCA_BASE_DEPTH_MAX);
    }
    if (length > 0) {
        memcpy(chain, from->chain, length * sizeof *chain);
    }
    MCA_TRY(read_file(from, path, place, &text, &size, &chain[length]));
    input.chain = chain;
    input.chain_length = length + 1;
    enum mca_status status = MCA_OK;
    for (size_t i = 0; i < length && status == MCA_OK; ++i) {
        if (chain[i].device == chain[length].device && chain[i].inode == chain[length].inode) {
            status = mca_fail(from->error, MCA_INVALID, "%.500s%.300s is its own base: a circle",
                              place, path);
        }
    }
    if (status == MCA_OK) {
        status = apply_text(&input, path, text, size);
    }
    free(text);
    return status;
}

/* A key written in full. */
static enum mca_status find_key(const struct input *input, const yaml_node_t *node,
                                const char *name, struct mca_found_key *found) {
    char reason[MCA_KEY_NAME_SIZE + 64];
    found->key = mca_key_find(name);
    if (found->key) {
        return MCA_OK;
    }
    if (mca_key_is_of_layer(name)) {
        struct mca_error why;
        return mca_layer_key_found(found, &input->scenario->chip.network, name, &why) == MCA_OK
                   ? MCA_OK
                   : fault(input, node, name, why.message);
    }
    if (mca_key_is_section(name, strlen(name))) {
        (void)snprintf(reason, sizeof reason, "a section, not a key; its keys are %s.KEY", name);
        return fault(input, node, name, reason);
    }
    return unknown_key(input, node, name);
}

enum mca_status mca_scenario_apply_node(struct mca_scenario *scenario,
                                        const struct mca_key_node *node,
                                        struct mca_found_key *found, struct mca_error *error) {
    const struct input input = {.scenario = scenario,
                                .name = node->path,
                                .has_lines = 1,
                                .document = node->document,
                                .error = error};
    char name[MCA_KEY_NAME_SIZE];
    MCA_TRY(pair_name(&input, node->key, "", name));
    MCA_TRY(find_key(&input, node->key, name, found));
    return node->value ? apply_value(&input, found->key, node->value) : MCA_OK;
}

/* Applies YAML text that holds one value. */
static enum mca_status apply_value_text(struct input *input, const struct mca_key *key,
                                        const char *text) {
    yaml_document_t document;
    MCA_TRY(mca_yaml_parse(&document, input->name, text, strlen(text), input->error));
    input->document = &document;
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    enum mca_status status;
    if (root) {
        status = apply_value(input, key, root);
    } else {
        const struct mca_value none = {.count = 1, .items = {{"", 0, 1}}};
        struct mca_error reason;
        (void)mca_key_store(key, &none, input->scenario, &reason);
        status = fault(input, NULL, key->name, reason.message);
    }
    yaml_document_delete(&document);
    return status;
}

enum mca_status mca_scenario_defaults(struct mca_scenario *scenario,
                                      struct mca_scenario_origins *origins,
                                      struct mca_error *error) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    memset(scenario, 0, sizeof *scenario);
    if (origins) {
        memset(origins, 0, sizeof *origins);
    }
    for (size_t i = 0; i < count; ++i) {
        struct input input = {.scenario = scenario, .name = "default", .error = error};
        MCA_TRY(apply_value_text(&input, &keys[i], keys[i].default_text));
    }
    mca_scenario_settle(scenario);
    return MCA_OK;
}

/* The file's name without directory and .yaml, with '-' for what a name may not hold. */
static void name_after_file(struct mca_scenario *scenario, const char *path) {
    if (scenario->report.name[0]) {
        return;
    }
    const char *slash = strrchr(path, '/');
    char *name = scenario->report.name;
    (void)snprintf(name, 100, "%.99s", slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
        memset(dot, 0, strlen(dot));
    }
    for (char *c = name; *c; ++c) {
        const int first_dot = c == name && *c == '.';
        if (first_dot || (!isalnum((unsigned char)*c) && !strchr("._+-", *c))) {
            *c = '-';
        }
    }
}

enum mca_status mca_scenario_load(struct mca_scenario *scenario,
                                  struct mca_scenario_origins *origins, const char *path,
                                  struct mca_error *error) {
    const struct input input = {.scenario = scenario, .origins = origins, .error = error};
    char file[MCA_SOURCE_NAME_SIZE];
    if (!mca_shipped_or_path(MCA_SHIPPED_SCENARIO, path, NULL, file, sizeof file)) {
        return mca_fail(error, MCA_INVALID, "%.200s: path too long", path);
    }
    MCA_TRY(mca_scenario_defaults(scenario, origins, error));
    MCA_TRY(apply_file(&input, file, ""));
    name_after_file(scenario, file);
    mca_scenario_settle(scenario);
    return MCA_OK;
}

enum mca_status mca_scenario_load_text(struct mca_scenario *scenario,
                                       struct mca_scenario_origins *origins, const char *name,
                                       const char *text, size_t size, struct mca_error *error) {
    const struct input input = {.scenario = scenario, .origins = origins, .error = error};
    MCA_TRY(mca_scenario_defaults(scenario, origins, error));
    MCA_TRY(apply_text(&input, name, text, size));
    name_after_file(scenario, name);
    mca_scenario_settle(scenario);
    return MCA_OK;
}

enum mca_status mca_scenario_set(struct mca_scenario *scenario,
                                 struct mca_scenario_origins *origins, const char *assignment,
                                 const char *source, struct mca_error *error) {
    const char *equals = strchr(assignment, '=');
    char name[MCA_KEY_NAME_SIZE];
    if (!equals || equals == assignment) {
        return mca_fail(error, MCA_INVALID, "%s: '%.100s' is not of the form KEY=VALUE", source,
                        assignment);
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    struct input input = {.scenario = scenario, .origins = origins, .name = source, .error = error};
    struct mca_found_key found;
    MCA_TRY(find_key(&input, NULL, name, &found));
    input.source = origins ? mca_origins_source(origins, source) : 0;
    MCA_TRY(apply_value_text(&input, found.key, equals + 1));
    mca_scenario_settle(scenario);
    return MCA_OK;
}

/* Outputs of a network, which may not have been checked yet. */
static uint32_t outputs_of(const struct mca_network_config *config) {
    struct mca_network network;
    return mca_network_init(&network, config, NULL) == MCA_OK ? mca_network_outputs(&network) : 1;
}

static uint64_t scaled_ps(uint64_t ps, double delay) {
    return (uint64_t)mca_round((double)ps * delay);
}

/* Clock and times at the node that is asked for. Pulses take what the devices need. */
static void settle_times(struct mca_scenario *scenario) {
    const struct mca_given_times *given = &scenario->given;
    struct mca_timing_config *timing = &scenario->chip.timing;
    const double delay = mca_scale_delay(MCA_TIMES_NODE_NM, given->node_nm);
    scenario->chip.dpu.clock_hz = (uint64_t)mca_round((double)given->clock_hz / delay);
    timing->image_load_ps_per_byte = scaled_ps(given->image_load_ps_per_byte, delay);
    timing->dac_load_ps = scaled_ps(given->dac_load_ps, delay);
    timing->read_ps_per_level = scaled_ps(given->read_ps_per_level, delay);
    timing->read_settle_ps = scaled_ps(given->read_settle_ps, delay);
    timing->adc_conversion_ps = scaled_ps(given->adc_conversion_ps, delay);
}

void mca_scenario_settle(struct mca_scenario *scenario) {
    settle_times(scenario);
    struct mca_network_config *network = &scenario->chip.network;
    if (!network->is_widths) {
        network->input = network->given_input.channels > 0
                             ? network->given_input
                             : mca_dataset_shape_of_name(scenario->dataset.name);
    }
    struct mca_dataset_config *data = &scenario->dataset;
    const int is_bright = data->name == MCA_DATASET_BRIGHT;
    const uint32_t outputs = is_bright ? outputs_of(network) : 0;
    data->bright_values = is_bright ? (uint32_t)mca_shape_values(&network->input) : 0;
    data->bright_classes = outputs < 256 ? outputs : 256;
}
