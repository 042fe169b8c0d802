/* Cells of text in CSV files. */
#ifndef MCA_REPORTS_FORMATS_CSV_TEXT_H
#define MCA_REPORTS_FORMATS_CSV_TEXT_H

#include <stdio.h>

/* Writes one cell, quoted where RFC 4180 asks for it. Spreadsheets run a cell that begins with one
 * of = + - @ or a control character as a formula, quoted or not: such a text gets an apostrophe
 * before it, unless it is a number. Write errors are left to the stream. */
void mca__csv_put_text(FILE *out, const char *text);

#endif
