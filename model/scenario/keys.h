/*
 * The table of scenario keys: the only list of what a scenario can say. Loading, --set, checking,
 * the resolved output, `mcasim keys` and docs/reference/scenario-keys.md all follow it.
 */
#ifndef MCA_SCENARIO_KEYS_H
#define MCA_SCENARIO_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/key.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

enum { MCA_KEY_MAX = 160 };

/* The keys, section by section; `*count` is how many, at most MCA_KEY_MAX. */
const struct mca_key *mca_keys(size_t *count);

/* The key of that name, or NULL. */
const struct mca_key *mca_key_find(const char *name);

/* 1 for "network.layers.", and what may follow: a key of one layer (scenario/layer_keys.h). */
int mca_key_is_of_layer(const char *name);

/* Position of a key of the table, 0 .. count - 1; of a layer's key that of network.layers. */
size_t mca_key_index(const struct mca_key *key);

/* 1 when `length` bytes at `name` are the name of a section. */
int mca_key_is_section(const char *name, size_t length);

/* Length of the section part of a key's name; 0 for a bare name. */
size_t mca_key_section_length(const struct mca_key *key);

/*
 * The keys and sections that somebody who wrote `name` may have meant (base/suggest.h): the name
 * itself, the same leaf in another section or without one, or a key of layers.
 */
struct mca_suggestions;
void mca_key_suggest(const char *name, struct mca_suggestions *suggestions);

/* Fills the field of a key that has a word as the word does. */
void mca_key_fill_word(const struct mca_key *key, void *field);

MCA_C_END

#endif
