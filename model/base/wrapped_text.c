#include "base/wrapped_text.h"

#include <string.h>

void mca_put_wrapped(FILE *out, const char *text, int column, int indent, int width) {
    int is_first = 1; /* word of its line */
    while (*text) {
        const int word = (int)strcspn(text, " \n");
        if (!is_first && column + 1 + word > width) {
            (void)fprintf(out, "\n%*s", indent, "");
            column = indent;
            is_first = 1;
        }
        column += fprintf(out, "%s%.*s", is_first ? "" : " ", word, text);
        is_first = 0;
        text += word;
        if (*text == '\n') {
            (void)fprintf(out, "\n%*s", text[1] == '\n' ? 0 : indent, "");
            column = indent;
            is_first = 1;
            ++text;
        } else {
            text += strspn(text, " ");
        }
    }
    (void)fputc('\n', out);
}
