/*
 * What somebody may have meant who wrote a name that is none: one measure for keys, choices,
 * commands, options, files and figures. Names are compared in small letters, without the marks
 * between their words ("tilerows" is tile.rows), by typing errors: a letter left out, put in,
 * another in its place, or two exchanged. Words that other tools use for the same thing stand in
 * base/synonyms.def.
 */
#ifndef MCA_BASE_SUGGEST_H
#define MCA_BASE_SUGGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

enum { MCA_SUGGESTIONS_MAX = 3, MCA_SUGGESTION_SIZE = 160, MCA_SUGGESTIONS_TEXT_SIZE = 512 };

/* Rank of a name that is not meant. */
#define MCA_NOT_MEANT SIZE_MAX

/*
 * How far `name` is from what was written: 0 the same or another word for it; then the number of
 * typing errors, of which one in four letters is allowed; 1 also for a beginning of at least three
 * letters; more than those where `written` is a whole word of the name. Texts of
 * MCA_SUGGESTION_SIZE or more are never meant.
 */
size_t mca_name_rank(const char *written, const char *name);

/* 1 where `word` stands for `written` in the table of synonyms. */
int mca_is_synonym(const char *written, const char *word);

/* The names of the least rank so far, the first ones of several. */
struct mca_suggestions {
    size_t rank;
    size_t count;
    char names[MCA_SUGGESTIONS_MAX][MCA_SUGGESTION_SIZE];
};

/* Begins anew, with none. */
void mca_suggestions_init(struct mca_suggestions *suggestions);

/* Takes a name at a rank, if nothing better is there. */
void mca_suggestions_take(struct mca_suggestions *suggestions, const char *name, size_t rank);

/* Takes it at its own rank. */
void mca_suggestions_offer(struct mca_suggestions *suggestions, const char *written,
                           const char *name);

/* "BEFOREa, b or cAFTER", or "" of none; returns `text`. */
const char *mca_suggestions_text(const struct mca_suggestions *suggestions, const char *before,
                                 const char *after, char text[MCA_SUGGESTIONS_TEXT_SIZE]);

/* The same of `names` (NULL at the end). */
const char *mca_names_suggest(const char *written, const char *const *names, const char *before,
                              const char *after, char text[MCA_SUGGESTIONS_TEXT_SIZE]);

/* "a, b, c" of `names` (NULL at the end). */
void mca_names_text(const char *const *names, char *text, size_t size);

MCA_C_END

#endif
