/* Keys by what they are called and by what they mean. */
#ifndef MCA_CLI_KEY_SEARCH_H
#define MCA_CLI_KEY_SEARCH_H

#include <stddef.h>

#include "base/suggest.h"
#include "cli/key_list.h"

enum cli_key_grade {
    CLI_KEY_NOT,
    CLI_KEY_TELLS, /* the words are in its name, its meaning, its choices or its unit */
    CLI_KEY_NAMED  /* all of them in its name, or it begins with them as they were written */
};

struct cli_key_search {
    size_t found;                       /* how many of them are not CLI_KEY_NOT */
    unsigned char grades[CLI_KEYS_MAX]; /* enum cli_key_grade, by the key's index */
};

/*
 * Finds keys: of a single text that begins names and has a dot, or is a whole name, those names;
 * otherwise every key that has all of the words. No texts: all keys.
 */
void cli_key_search(struct cli_key_search *search, const char *const *texts, size_t count);

/* What may have been meant where nothing was found: names near to what was written, or the keys
 * that tell most of it, rare words before frequent ones. */
void cli_key_search_suggest(const char *const *texts, size_t count,
                            struct mca_suggestions *suggestions);

#endif
