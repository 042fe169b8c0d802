/* Words that somebody looks for in short texts. */
#ifndef MCA_CLI_QUERY_H
#define MCA_CLI_QUERY_H

#include <stddef.h>

enum { CLI_QUERY_WORDS = 16, CLI_QUERY_WORD_SIZE = 40 };

struct cli_query {
    size_t count;
    char words[CLI_QUERY_WORDS][CLI_QUERY_WORD_SIZE]; /* small letters */
};

/* The words of `texts`, without those that say nothing ("how", "of"), and without endings: "pulses"
 * looks for pulse, "reading" for read. What goes beyond the room is left out. */
void cli_query_take(struct cli_query *query, const char *const *texts, size_t count);

/* 1 where a word of `text` begins with `word`, or `word` is another word for it
 * (base/synonyms.def). */
int cli_query_has(const char *text, const char *word);

/* 1 where all words are in one of the texts (NULL at the end). */
int cli_query_has_all(const struct cli_query *query, const char *const *texts);

/* The least rank (base/suggest.h) of `word` among the words of `text`. */
size_t cli_query_rank(const char *text, const char *word);

/* "learning rate", what was looked for, as it was written. */
const char *cli_query_text(const char *const *texts, size_t count, char *text, size_t size);

#endif
