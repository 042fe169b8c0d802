#include "cli/query.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "base/suggest.h"

/* What says nothing of what is looked for. */
static const char *const EMPTY_WORDS[] = {
    "a",    "an",   "and",  "are",   "be",    "by",     "can", "change", "do",   "does",
    "each", "for",  "from", "how",   "i",     "in",     "is",  "it",     "many", "much",
    "my",   "of",   "on",   "or",    "set",   "should", "the", "until",  "to",   "use",
    "want", "what", "when", "where", "which", "with",   NULL};

static int is_part(char c, int marked) {
    return isalnum((unsigned char)c) || (marked && (c == '_' || c == '-'));
}

/* The next word of a text, marks within it kept ("learning_rate") or not; NULL behind the last. */
static const char *next_word(const char *text, int marked, char word[CLI_QUERY_WORD_SIZE]) {
    size_t length = 0;
    while (*text && !is_part(*text, marked)) {
        ++text;
    }
    for (; is_part(*text, marked); ++text) {
        if (length + 1 < CLI_QUERY_WORD_SIZE) {
            word[length++] = (char)tolower((unsigned char)*text);
        }
    }
    word[length] = '\0';
    return length > 0 ? text : NULL;
}

static int is_empty_word(const char *word) {
    for (size_t i = 0; EMPTY_WORDS[i]; ++i) {
        if (strcmp(EMPTY_WORDS[i], word) == 0) {
            return 1;
        }
    }
    return 0;
}

static int ends_in(const char *word, const char *ending) {
    const size_t length = strlen(word);
    return length >= strlen(ending) + 3 && strcmp(word + length - strlen(ending), ending) == 0;
}

/* Many and one, doing and done. */
static void take_ending(char *word) {
    if (ends_in(word, "ing")) {
        word[strlen(word) - 3] = '\0';
    } else if (ends_in(word, "s") && word[strlen(word) - 2] != 's') {
        word[strlen(word) - 1] = '\0';
    }
}

void cli_query_take(struct cli_query *query, const char *const *texts, size_t count) {
    char word[CLI_QUERY_WORD_SIZE];
    query->count = 0;
    for (size_t i = 0; i < count; ++i) {
        for (const char *at = texts[i]; (at = next_word(at, 1, word)) != NULL;) {
            if (!is_empty_word(word) && query->count < CLI_QUERY_WORDS) {
                memcpy(query->words[query->count++], word, sizeof word);
            }
        }
    }
}

/* 1 where a word begins at a place of `text` with `word`; "learning-rate" is learning_rate. */
static int begins_at(const char *text, const char *word) {
    for (; *word; ++word, ++text) {
        const int marks = (*word == '-' || *word == '_') && (*text == '-' || *text == '_');
        if (!marks && *word != tolower((unsigned char)*text)) {
            return 0;
        }
    }
    return 1;
}

int cli_query_has(const char *text, const char *word) {
    char short_word[CLI_QUERY_WORD_SIZE];
    char found[CLI_QUERY_WORD_SIZE];
    (void)snprintf(short_word, sizeof short_word, "%s", word);
    take_ending(short_word);
    for (const char *at = text; *at; ++at) {
        const int is_start = at == text || !isalnum((unsigned char)at[-1]);
        if (is_start && begins_at(at, short_word)) {
            return 1;
        }
    }
    for (const char *at = text; (at = next_word(at, 1, found)) != NULL;) {
        if (mca_is_synonym(word, found)) {
            return 1;
        }
    }
    return 0;
}

int cli_query_has_all(const struct cli_query *query, const char *const *texts) {
    for (size_t w = 0; w < query->count; ++w) {
        int is_there = 0;
        for (size_t t = 0; texts[t] && !is_there; ++t) {
            is_there = cli_query_has(texts[t], query->words[w]);
        }
        if (!is_there) {
            return 0;
        }
    }
    return 1;
}

size_t cli_query_rank(const char *text, const char *word) {
    char found[CLI_QUERY_WORD_SIZE];
    size_t best = MCA_NOT_MEANT;
    for (const char *at = text; (at = next_word(at, 0, found)) != NULL;) {
        const size_t rank = is_empty_word(found) ? MCA_NOT_MEANT : mca_name_rank(word, found);
        best = rank < best ? rank : best;
    }
    return best;
}

const char *cli_query_text(const char *const *texts, size_t count, char *text, size_t size) {
    text[0] = '\0';
    for (size_t i = 0; i < count; ++i) {
        mca_text_add(text, size, "%s%s", i ? " " : "", texts[i]);
    }
    return text;
}
