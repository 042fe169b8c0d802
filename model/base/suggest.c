#include "base/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"

enum { SIZE = MCA_SUGGESTION_SIZE, WHOLE_WORD = SIZE, BEGINNING_MIN = 3 };

static const struct synonym {
    const char *word;
    const char *words; /* with blanks between them */
} SYNONYMS[] = {
#define MCA_SYNONYM(word, words) {word, words},
#include "base/synonyms.def"
};

enum { SYNONYM_COUNT = sizeof SYNONYMS / sizeof SYNONYMS[0] };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static int is_mark(char c) {
    return c == '.' || c == '_' || c == '-' || c == ' ';
}

/* Small letters without marks, of at most `length` bytes; 0 where they do not fit. */
static int fold(const char *name, size_t length, char folded[SIZE]) {
    size_t used = 0;
    for (size_t i = 0; i < length && name[i]; ++i) {
        if (used + 1 == SIZE) {
            return 0;
        }
        folded[used] = (char)tolower((unsigned char)name[i]);
        used += !is_mark(name[i]);
    }
    folded[used] = '\0';
    return 1;
}

/* Typing errors between two texts: Damerau-Levenshtein distance, each part changed once at most. */
static size_t distance(const char *a, const char *b) {
    size_t rows[3][SIZE + 1];
    const size_t length = strlen(b);
    for (size_t j = 0; j <= length; ++j) {
        rows[0][j] = j;
    }
    size_t i = 0;
    for (; a[i]; ++i) {
        const size_t *before = rows[(i + 2) % 3];
        const size_t *last = rows[i % 3];
        size_t *row = rows[(i + 1) % 3];
        row[0] = i + 1;
        for (size_t j = 0; j < length; ++j) {
            row[j + 1] = least(last[j] + (a[i] != b[j]), least(last[j + 1], row[j]) + 1);
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
                row[j + 1] = least(row[j + 1], before[j - 1] + 1);
            }
        }
    }
    return rows[i % 3][length];
}

/* 1 where `word` stands in `name` between marks or ends, capitals and kinds of marks aside. */
static int has_word(const char *name, const char *word) {
    const size_t length = strlen(word);
    for (const char *at = name; strlen(at) >= length; ++at) {
        size_t same = 0;
        while (same < length &&
               (tolower((unsigned char)at[same]) == tolower((unsigned char)word[same]) ||
                (is_mark(at[same]) && is_mark(word[same])))) {
            ++same;
        }
        if (same == length && (at == name || is_mark(at[-1])) &&
            (at[length] == '\0' || is_mark(at[length]))) {
            return 1;
        }
    }
    return 0;
}

/* 1 where a folded name is one of `words`. */
static int is_listed(const char *words, const char *folded) {
    char word[SIZE];
    for (; *words; words += strspn(words, " ")) {
        const size_t length = strcspn(words, " ");
        if (fold(words, length, word) && strcmp(word, folded) == 0) {
            return 1;
        }
        words += length;
    }
    return 0;
}

static int is_synonym(const char *written, const char *name) {
    char word[SIZE];
    for (size_t i = 0; i < SYNONYM_COUNT; ++i) {
        if (fold(SYNONYMS[i].word, SIZE, word) && strcmp(word, written) == 0 &&
            is_listed(SYNONYMS[i].words, name)) {
            return 1;
        }
    }
    return 0;
}

int mca_is_synonym(const char *written, const char *word) {
    char a[SIZE];
    char b[SIZE];
    return fold(written, SIZE, a) && fold(word, SIZE, b) && is_synonym(a, b);
}

size_t mca_name_rank(const char *written, const char *name) {
    char a[SIZE];
    char b[SIZE];
    if (!fold(written, SIZE, a) || !fold(name, SIZE, b) || !a[0]) {
        return MCA_NOT_MEANT;
    }
    const size_t length = strlen(a);
    const size_t allowed = length < 6 ? 1 : (length + 2) / 4;
    if (strcmp(a, b) == 0 || is_synonym(a, b)) {
        return 0;
    }
    if (length >= BEGINNING_MIN && strncmp(a, b, length) == 0) {
        return 1;
    }
    const size_t errors = distance(a, b);
    if (errors <= allowed && errors < length) {
        return errors;
    }
    return length >= BEGINNING_MIN && has_word(name, written) ? WHOLE_WORD : MCA_NOT_MEANT;
}

void mca_suggestions_init(struct mca_suggestions *suggestions) {
    suggestions->rank = MCA_NOT_MEANT;
    suggestions->count = 0;
}

void mca_suggestions_take(struct mca_suggestions *suggestions, const char *name, size_t rank) {
    if (rank > suggestions->rank || rank == MCA_NOT_MEANT) {
        return;
    }
    suggestions->count = rank < suggestions->rank ? 0 : suggestions->count;
    suggestions->rank = rank;
    for (size_t i = 0; i < suggestions->count; ++i) {
        if (strcmp(suggestions->names[i], name) == 0) {
            return;
        }
    }
    if (suggestions->count < MCA_SUGGESTIONS_MAX) {
        (void)snprintf(suggestions->names[suggestions->count++], SIZE, "%s", name);
    }
}

void mca_suggestions_offer(struct mca_suggestions *suggestions, const char *written,
                           const char *name) {
    mca_suggestions_take(suggestions, name, mca_name_rank(written, name));
}

const char *mca_suggestions_text(const struct mca_suggestions *suggestions, const char *before,
                                 const char *after, char text[MCA_SUGGESTIONS_TEXT_SIZE]) {
    text[0] = '\0';
    for (size_t i = 0; i < suggestions->count; ++i) {
        const char *between = i == 0 ? before : i + 1 == suggestions->count ? " or " : ", ";
        mca_text_add(text, MCA_SUGGESTIONS_TEXT_SIZE, "%s%s", between, suggestions->names[i]);
    }
    mca_text_add(text, MCA_SUGGESTIONS_TEXT_SIZE, "%s", suggestions->count > 0 ? after : "");
    return text;
}

const char *mca_names_suggest(const char *written, const char *const *names, const char *before,
                              const char *after, char text[MCA_SUGGESTIONS_TEXT_SIZE]) {
    struct mca_suggestions suggestions;
    mca_suggestions_init(&suggestions);
    for (size_t i = 0; names[i]; ++i) {
        mca_suggestions_offer(&suggestions, written, names[i]);
    }
    return mca_suggestions_text(&suggestions, before, after, text);
}

void mca_names_text(const char *const *names, char *text, size_t size) {
    text[0] = '\0';
    for (size_t i = 0; names[i]; ++i) {
        mca_text_add(text, size, "%s%s", i ? ", " : "", names[i]);
    }
}
