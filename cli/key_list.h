/* All keys one after another, for lists: those of the table and, behind network.layers, those of
 * layers under the names that they have in lists. */
#ifndef MCA_CLI_KEY_LIST_H
#define MCA_CLI_KEY_LIST_H

#include "base/key.h"

enum { CLI_KEYS_MAX = 512 };

/* Looks at a key, which is there until it returns; `index` counts from 0. */
typedef void cli_key_visit(void *user, size_t index, const struct mca_key *key);

/* Visits every key. */
void cli_keys_walk(cli_key_visit *visit, void *user);

#endif
