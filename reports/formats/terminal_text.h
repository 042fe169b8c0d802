/* Short texts by value, and what a terminal shows. Columns are counted in characters, not bytes. */
#ifndef MCA_REPORTS_FORMATS_TERMINAL_TEXT_H
#define MCA_REPORTS_FORMATS_TERMINAL_TEXT_H

#include <stdint.h>
#include <stdio.h>

/* A short text by value, so that it can be made inside an argument list. */
struct mca__text {
    char s[80];
};

/* What printf makes of it, cut off where it is longer. */
struct mca__text mca__format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Stands where there is no value. */
#define MCA__DASH "\u2013"

/* Three significant digits with an SI prefix: "83.2 nJ", "1.00 ms"; "0 J" and, for what is not
 * finite, a dash. Magnitudes beyond the prefixes a .. T keep the last of them. */
struct mca__text mca__si(double value, const char *unit);

/* An area as square millimetres with three digits behind the point; what is too small for them as
 * square micrometres. */
struct mca__text mca__area(double area_mm2);

/* "1,234,567" */
struct mca__text mca__grouped(uint64_t count);

/* "97.73 %", a dash for NAN; `digits` after the point. */
struct mca__text mca__percent(double fraction, int digits);

/* A bar of `width` characters at most for 0 <= fraction <= 1, in eighths of a character. */
struct mca__text mca__bar(double fraction, int width);

/* Characters of UTF-8. */
int mca__columns(const char *text);

/* Writes `text` in `width` characters, to the left or to the right. */
void mca__put_left(FILE *out, const char *text, int width);
void mca__put_right(FILE *out, const char *text, int width);

#endif
