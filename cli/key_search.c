#include "cli/key_search.h"

#include <stdlib.h>
#include <string.h>

#include "cli/query.h"
#include "scenario/key_value.h"
#include "scenario/keys.h"

enum { WRITTEN_SIZE = 256 };

/* What a search goes through the keys with. */
struct pass {
    struct cli_key_search *search;
    const char *written; /* of names, or */
    struct cli_query query;
};

/* Whatever is said of a key. */
struct key_texts {
    char choices[256];
    const char *texts[5];
};

static void take_texts(struct key_texts *all, const struct mca_key *key) {
    const char *texts[] = {key->name, key->meaning, key->unit, NULL, NULL};
    memcpy(all->texts, texts, sizeof texts);
    if (key->choices) {
        mca_key_allowed(key, all->choices, sizeof all->choices);
        all->texts[3] = all->choices;
    }
}

static void grade(struct pass *pass, size_t index, enum cli_key_grade found) {
    pass->search->grades[index] = (unsigned char)found;
    pass->search->found += found != CLI_KEY_NOT;
}

static void grade_name(void *user, size_t index, const struct mca_key *key) {
    struct pass *pass = user;
    grade(pass, index,
          strncmp(key->name, pass->written, strlen(pass->written)) == 0 ? CLI_KEY_NAMED
                                                                        : CLI_KEY_NOT);
}

static void grade_words(void *user, size_t index, const struct mca_key *key) {
    struct pass *pass = user;
    const char *const name[] = {key->name, NULL};
    struct key_texts all;
    take_texts(&all, key);
    grade(pass, index,
          cli_query_has_all(&pass->query, name)        ? CLI_KEY_NAMED
          : cli_query_has_all(&pass->query, all.texts) ? CLI_KEY_TELLS
                                                       : CLI_KEY_NOT);
}

void cli_key_search(struct cli_key_search *search, const char *const *texts, size_t count) {
    struct pass pass = {.search = search, .written = count > 0 ? texts[0] : ""};
    search->found = 0;
    if (count == 0 || (count == 1 && (strchr(texts[0], '.') || mca_key_find(texts[0])))) {
        cli_keys_walk(grade_name, &pass);
    }
    if (search->found == 0) {
        cli_query_take(&pass.query, texts, count);
        if (pass.query.count > 0) {
            cli_keys_walk(grade_words, &pass);
        }
    }
}

/* How much each key tells of a query. */
struct scores {
    const char *word;
    size_t nearest; /* rank of the word that is nearest, where no key has the word */
    size_t matches;
    size_t count; /* of keys */
    double word_points[CLI_KEYS_MAX];
    double points[CLI_KEYS_MAX];
    struct mca_suggestions *suggestions;
    double best;
};

static void match_exactly(void *user, size_t index, const struct mca_key *key) {
    struct scores *s = user;
    struct key_texts all;
    double points = cli_query_has(key->name, s->word) ? 2.0 : 0.0;
    take_texts(&all, key);
    for (size_t t = 1; all.texts[t] && points == 0.0; ++t) {
        points = cli_query_has(all.texts[t], s->word) ? 1.0 : 0.0;
    }
    s->word_points[index] = points;
    s->matches += points > 0.0;
    s->count = index + 1;
}

static size_t rank_of(const struct mca_key *key, const char *word) {
    const size_t name = cli_query_rank(key->name, word);
    const size_t meaning = cli_query_rank(key->meaning, word);
    return name < meaning ? name : meaning;
}

static void find_nearest(void *user, size_t index, const struct mca_key *key) {
    struct scores *s = user;
    const size_t rank = rank_of(key, s->word);
    (void)index;
    s->nearest = rank < s->nearest ? rank : s->nearest;
}

static void match_nearest(void *user, size_t index, const struct mca_key *key) {
    struct scores *s = user;
    const int is_near = rank_of(key, s->word) == s->nearest;
    s->word_points[index] = is_near ? 1.0 : 0.0;
    s->matches += (size_t)is_near;
}

/* A word that few keys have says more than one that many have. */
static void add_word(struct scores *s, const char *word) {
    s->word = word;
    s->matches = 0;
    s->nearest = MCA_NOT_MEANT;
    cli_keys_walk(match_exactly, s);
    if (s->matches == 0) {
        cli_keys_walk(find_nearest, s);
        if (s->nearest == MCA_NOT_MEANT) {
            return;
        }
        cli_keys_walk(match_nearest, s);
    }
    for (size_t i = 0; i < s->count; ++i) {
        s->points[i] += s->word_points[i] / (double)s->matches;
    }
}

static void take_best(void *user, size_t index, const struct mca_key *key) {
    struct scores *s = user;
    if (s->points[index] > 0.0 && s->points[index] == s->best) {
        mca_suggestions_take(s->suggestions, key->name, 1);
    }
}

/* The next best points below `s->best`, or 0. */
static double next_best(const struct scores *s) {
    double best = 0.0;
    for (size_t i = 0; i < s->count; ++i) {
        best = s->points[i] < s->best && s->points[i] > best ? s->points[i] : best;
    }
    return best;
}

void cli_key_search_suggest(const char *const *texts, size_t count,
                            struct mca_suggestions *suggestions) {
    char written[WRITTEN_SIZE];
    struct cli_query query;
    mca_key_suggest(cli_query_text(texts, count, written, sizeof written), suggestions);
    struct scores *s = suggestions->count == 0 ? calloc(1, sizeof *s) : NULL;
    if (!s) {
        return;
    }
    cli_query_take(&query, texts, count);
    for (size_t w = 0; w < query.count; ++w) {
        add_word(s, query.words[w]);
    }
    s->suggestions = suggestions;
    s->best = 1e9;
    while ((s->best = next_best(s)) > 0.0 && suggestions->count < MCA_SUGGESTIONS_MAX) {
        cli_keys_walk(take_best, s);
    }
    free(s);
}
