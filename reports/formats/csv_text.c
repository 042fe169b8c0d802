#include "reports/formats/csv_text.h"

#include <stdlib.h>
#include <string.h>

static int is_number(const char *text) {
    char *end;
    (void)strtod(text, &end);
    return end != text && *end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text);
}

static int begins_a_formula(const char *text) {
    return text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) && !is_number(text);
}

void mca__csv_put_text(FILE *out, const char *text) {
    const int quoted = strpbrk(text, ",\"\r\n") != NULL;
    (void)fputs(quoted ? "\"" : "", out);
    (void)fputs(begins_a_formula(text) ? "'" : "", out);
    for (const char *c = text; *c; ++c) {
        if (*c == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*c, out);
    }
    (void)fputs(quoted ? "\"" : "", out);
}
