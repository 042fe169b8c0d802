/*
 * The keys of a layer that is written with its kind: those of the kind alone (its file in network/)
 * and those that several kinds take, in one table here. Reading, the resolved output, `mcasim keys`
 * and docs/reference/scenario-keys.md follow it.
 */
#ifndef MCA_SCENARIO_LAYER_KEYS_H
#define MCA_SCENARIO_LAYER_KEYS_H

#include <stddef.h>

#include "base/key.h"
#include "base/status.h"
#include "network/layer_kind.h"
#include "scenario/keys.h"

/* The keys that a kind takes, its own first, 0 .. count - 1. Fields are those of struct
 * mca_layer_config. */
size_t mca_layer_key_count(const struct mca_layer_kind *kind);
const struct mca_key *mca_layer_key_at(const struct mca_layer_kind *kind, size_t index);

/* The key of that name, or NULL where the kind takes none. */
const struct mca_key *mca_layer_key_find(const struct mca_layer_kind *kind, const char *name);

/* The value of a key that is not given: a text, the name of another of the kind's keys, or NULL
 * where it must be given. */
const char *mca_layer_key_default(const struct mca_layer_kind *kind, const struct mca_key *key);

/* 1 for a key of the kind's own, and for its activation: what a layer is. */
int mca_layer_key_is_shown(const struct mca_layer_kind *kind, const struct mca_key *key);

/* A key that a name stands for: one of the table, or of one layer of a scenario's network. */
struct mca_found_key {
    const struct mca_key *key; /* of the table, or `own` */
    struct mca_key own;        /* its field is that of the layer in struct mca_scenario */
    char name[MCA_KEY_NAME_SIZE];
};

/* Finds such a key, "network.layers.2.kernel"; layers count from 0. MCA_INVALID with the reason
 * where the network has no such layer or its kind no such key. */
enum mca_status mca_layer_key_found(struct mca_found_key *found,
                                    const struct mca_network_config *network, const char *name,
                                    struct mca_error *reason);

#endif
