#include "cli/key_list.h"

#include <assert.h>
#include <stdio.h>

#include "base/status.h"
#include "scenario/keys.h"
#include "scenario/layer_keys.h"

struct walk {
    cli_key_visit *visit;
    void *user;
    size_t count;
};

static void give(struct walk *walk, const struct mca_key *key) {
    assert(walk->count < CLI_KEYS_MAX);
    walk->visit(walk->user, walk->count++, key);
}

/* The kinds that take a layer's key, NULL at the end. */
static void list_kinds(const struct mca_key *key, const char *kinds[MCA_LAYER_TYPE_COUNT + 1]) {
    size_t count = 0;
    for (unsigned type = 0; type < MCA_LAYER_TYPE_COUNT; ++type) {
        const struct mca_layer_kind *kind = mca_layer_kind_of(type);
        if (mca_layer_key_find(kind, key->name) == key) {
            kinds[count++] = kind->name;
        }
    }
    kinds[count] = NULL;
}

/* A key of a layer under the name that it has here; where several kinds take it, at the first. */
static void give_layer_key(struct walk *walk, const struct mca_layer_kind *kind,
                           const struct mca_key *key, int is_shared) {
    const char *kinds[MCA_LAYER_TYPE_COUNT + 1];
    char name[2 * MCA_KEY_NAME_SIZE];
    char meaning[256];
    list_kinds(key, kinds);
    if ((kinds[1] != NULL) != is_shared || kinds[0] != kind->name) {
        return;
    }
    (void)snprintf(name, sizeof name, "network.layers.%s.%s", is_shared ? "KIND" : kind->name,
                   key->name);
    (void)snprintf(meaning, sizeof meaning, "%s", key->meaning);
    for (size_t i = 0; kinds[i] && is_shared; ++i) {
        mca_text_add(meaning, sizeof meaning, "%s%s", i ? ", " : "; KIND: ", kinds[i]);
    }
    struct mca_key shown = *key;
    shown.name = name;
    shown.meaning = meaning;
    shown.default_text = mca_layer_key_default(kind, key);
    give(walk, &shown);
}

/* Keys of one kind, then those of several. */
static void give_layer_keys(struct walk *walk) {
    for (int is_shared = 0; is_shared < 2; ++is_shared) {
        for (unsigned type = 0; type < MCA_LAYER_TYPE_COUNT; ++type) {
            const struct mca_layer_kind *kind = mca_layer_kind_of(type);
            for (size_t i = 0; i < mca_layer_key_count(kind); ++i) {
                give_layer_key(walk, kind, mca_layer_key_at(kind, i), is_shared);
            }
        }
    }
}

void cli_keys_walk(cli_key_visit *visit, void *user) {
    struct walk walk = {visit, user, 0};
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        give(&walk, &keys[i]);
        if (keys[i].type == MCA_KEY_LAYERS) {
            give_layer_keys(&walk);
        }
    }
}
