/* Paragraphs on a terminal. */
#ifndef MCA_BASE_WRAPPED_TEXT_H
#define MCA_BASE_WRAPPED_TEXT_H

#include <stdio.h>

/*
 * Writes words in lines of at most `width` bytes where blanks allow it, the last one ended too. The
 * first line begins at `column`, where the caller has left the cursor; further ones are indented by
 * `indent` blanks. A newline in `text` begins a line.
 */
void mca_put_wrapped(FILE *out, const char *text, int column, int indent, int width);

#endif
