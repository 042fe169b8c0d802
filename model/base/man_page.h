/* Manual pages of section 1, by roff's man macros: what man, groff and mandoc read. */
#ifndef MCA_BASE_MAN_PAGE_H
#define MCA_BASE_MAN_PAGE_H

#include <stdio.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

/* The head, and NAME. The page of "mcasim run" is mcasim-run. */
void mca_man_begin(FILE *out, const char *title, const char *summary);

void mca_man_section(FILE *out, const char *heading);

/* A usage, "mcasim run SCENARIO.yaml [-o DIR]": options bold, what they take in italics. */
void mca_man_usage(FILE *out, const char *usage);

/* Paragraphs, '\n' between them; `words` between backquotes become bold. */
void mca_man_text(FILE *out, const char *text);

/* What is explained, as in a usage, and the text beside it. */
void mca_man_item(FILE *out, const char *left, const char *text);

/* "mcasim(1)", "mcasim-run(1)" of a title, with `after` behind it. */
void mca_man_reference(FILE *out, const char *title, const char *after);

MCA_C_END

#endif
