/* The schema of scenarios, by the table of keys. */
#include <stdio.h>

#include "cli/schema/schema.h"
#include "scenario/layer_keys.h"

const char *cli__schema_layer_default(unsigned kind, const struct mca_key *key) {
    const struct mca_layer_kind *layer = mca_layer_kind_of(kind);
    const char *standard = mca_layer_key_default(layer, key);
    return standard && mca_layer_key_find(layer, standard) ? NULL : standard;
}

/* The keys of a layer of one kind: none need to be written where all have a default. */
static void put_kind(struct mca__json *j, json_t *schema, unsigned kind) {
    const struct mca_layer_kind *layer = mca_layer_kind_of(kind);
    int is_needed = 0;
    for (size_t i = 0; i < mca_layer_key_count(layer); ++i) {
        const struct mca_key *key = mca_layer_key_at(layer, i);
        cli__schema_set_key(j, cli__schema_member(j, schema, key->name), key,
                            cli__schema_layer_default(kind, key));
        if (!mca_layer_key_default(layer, key)) {
            cli__schema_require(j, schema, key->name);
            is_needed = 1;
        }
    }
    cli__schema_close(j, schema, is_needed ? "object" : "object null");
}

void cli__schema_put_layers(struct mca__json *j) {
    json_t *layer = cli__schema_definition(j, "layer");
    for (unsigned kind = 0; kind < MCA_LAYER_TYPE_COUNT; ++kind) {
        put_kind(j, cli__schema_member(j, layer, mca_layer_kind_of(kind)->name), kind);
    }
    cli__schema_close(j, layer, "object");
    cli__schema_set_number(j, layer, "minProperties", 1);
    cli__schema_set_number(j, layer, "maxProperties", 1);
}

void cli_schema_put_scenario(struct mca__json *j) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    cli__schema_begin(j, "mcasim scenario",
                      "A chip, its network, its data and its training; every key has a default.");
    cli__schema_set_text(j, cli__schema_member(j, j->root, "base"),
                         "a scenario that this one changes: a path, relative to this file");
    for (size_t i = 0; i < count; ++i) {
        const size_t length = mca_key_section_length(&keys[i]);
        json_t *place = j->root;
        char section[MCA_KEY_NAME_SIZE];
        if (length > 0) {
            (void)snprintf(section, sizeof section, "%.*s", (int)length, keys[i].name);
            place = cli__schema_member(j, j->root, section);
            cli__schema_close(j, place, "object null");
        }
        cli__schema_set_key(j, cli__schema_member(j, place, keys[i].name + length + (length > 0)),
                            &keys[i], keys[i].default_text);
    }
    cli__schema_close(j, j->root, "object null");
    cli__schema_put_layers(j);
}
