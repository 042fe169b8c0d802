/* Which keys somebody may have meant. */
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "scenario/keys.h"
#include "scenario/layer_keys.h"

/* Beside typing errors: the right key in another section, a layer's key instead of one of the
 * chip. */
enum { OTHER_SECTION = 2, OF_LAYER = 1 };

/* A name as it was written, and the parts of it. */
struct written {
    const char *name;
    size_t section; /* length; 0 for a bare name */
    const char *leaf;
};

static size_t add(size_t rank, size_t more) {
    return rank == MCA_NOT_MEANT ? rank : rank + more;
}

static const char *leaf_of(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static void offer_section(struct mca_suggestions *suggestions, const struct written *written,
                          const struct mca_key *key) {
    char section[MCA_KEY_NAME_SIZE];
    (void)snprintf(section, sizeof section, "%.*s", (int)mca_key_section_length(key), key->name);
    if (section[0] && written->section == 0) {
        mca_suggestions_offer(suggestions, written->name, section);
    }
}

static void offer_key(struct mca_suggestions *suggestions, const struct written *written,
                      const struct mca_key *key) {
    const size_t section = mca_key_section_length(key);
    const int is_other = written->section > 0 && (written->section != section ||
                                                  strncmp(written->name, key->name, section) != 0);
    mca_suggestions_offer(suggestions, written->name, key->name);
    mca_suggestions_take(
        suggestions, key->name,
        add(mca_name_rank(written->leaf, leaf_of(key->name)), is_other ? OTHER_SECTION : 0));
}

static void offer_layer_keys(struct mca_suggestions *suggestions, const struct written *written) {
    for (unsigned type = 0; type < MCA_LAYER_TYPE_COUNT; ++type) {
        const struct mca_layer_kind *kind = mca_layer_kind_of(type);
        for (size_t i = 0; i < mca_layer_key_count(kind); ++i) {
            const char *leaf = mca_layer_key_at(kind, i)->name;
            char name[MCA_SUGGESTION_SIZE];
            (void)snprintf(name, sizeof name, "network.layers.LAYER.%s", leaf);
            mca_suggestions_take(suggestions, name,
                                 add(mca_name_rank(written->leaf, leaf), OF_LAYER));
        }
    }
}

void mca_key_suggest(const char *name, struct mca_suggestions *suggestions) {
    const char *dot = strchr(name, '.');
    const struct written written = {name, dot ? (size_t)(dot - name) : 0, leaf_of(name)};
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    mca_suggestions_init(suggestions);
    for (size_t i = 0; i < count; ++i) {
        offer_section(suggestions, &written, &keys[i]);
        offer_key(suggestions, &written, &keys[i]);
    }
    offer_layer_keys(suggestions, &written);
}
