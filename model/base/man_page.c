#include "base/man_page.h"

#include <ctype.h>
#include <string.h>

enum { WIDTH = 70 }; /* of a line before what roff needs is put in */

/* A character of text: no request, no accent, no quotation mark that is set as another one; and
 * where it is not within a word, a hyphen that can be typed. */
static void put_char(FILE *out, char c, int is_within_word) {
    const char *const name = c == '\\'   ? "\\e"
                             : c == '\'' ? "\\(aq"
                             : c == '`'  ? "\\(ga"
                             : c == '^'  ? "\\(ha"
                             : c == '~'  ? "\\(ti"
                                         : NULL;
    if (name) {
        (void)fputs(name, out);
    } else if (c == '-' && !is_within_word) {
        (void)fputs("\\-", out);
    } else {
        (void)fputc(c, out);
    }
}

/* Of a usage: an option (B), a name that stands for something (I), a word (B) or something else. */
static size_t token_length(const char *text, int is_first, char *font) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
    const int is_letter_option =
        isalpha((unsigned char)text[1]) && !isalnum((unsigned char)text[2]);
    size_t length = 1;
    *font = 'R';
    if (text[0] == '-' &&
        (text[1] == '-' || islower((unsigned char)text[1]) || (is_first && is_letter_option))) {
        *font = 'B';
        length = strspn(text, letters);
        return length > 1 ? length : 2;
    }
    if (isalnum((unsigned char)text[0])) {
        *font = isupper((unsigned char)text[0]) ? 'I' : 'B';
        while (isalnum((unsigned char)text[length]) ||
               (text[length] && strchr("-._", text[length]) &&
                isalnum((unsigned char)text[length + 1]))) {
            ++length;
        }
    }
    return length;
}

static void put_usage(FILE *out, const char *usage) {
    int is_first = 1; /* of its word */
    while (*usage) {
        char font;
        const size_t length = token_length(usage, is_first, &font);
        if (font != 'R') {
            (void)fprintf(out, "\\f%c", font);
        }
        for (size_t i = 0; i < length; ++i) {
            put_char(out, usage[i], font == 'I');
        }
        (void)fputs(font != 'R' ? "\\fR" : "", out);
        is_first = usage[length - 1] == ' ';
        usage += length;
    }
    (void)fputc('\n', out);
}

/* A word of a text, and where it is code, in bold; `*is_code` goes on to the next word. */
static void put_word(FILE *out, const char *word, size_t length, int *is_code) {
    (void)fputs(word[0] == '.' ? "\\&" : "", out);
    for (size_t i = 0; i < length; ++i) {
        const int is_within_word = i > 0 && isalpha((unsigned char)word[i - 1]) &&
                                   isalpha((unsigned char)word[i + 1]) && !*is_code;
        if (word[i] == '`') {
            *is_code = !*is_code;
            (void)fputs(*is_code ? "\\fB" : "\\fR", out);
        } else {
            put_char(out, word[i], is_within_word);
        }
    }
}

/* A paragraph in lines; returns what follows it. */
static const char *put_paragraph(FILE *out, const char *text) {
    int column = 0;
    int is_code = 0;
    while (*text && *text != '\n') {
        const size_t length = strcspn(text, " \n");
        if (column > 0 && column + 1 + (int)length > WIDTH) {
            (void)fputc('\n', out);
            column = 0;
        }
        (void)fputs(column > 0 ? " " : "", out);
        column += (column > 0) + (int)length;
        put_word(out, text, length, &is_code);
        text += length;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
    return text + strspn(text, "\n");
}

/* "mcasim-run", in capitals where it is asked for. */
static void put_name(FILE *out, const char *title, int is_upper) {
    for (; *title; ++title) {
        const int c = is_upper ? toupper((unsigned char)*title) : *title;
        (void)fputs(c == ' ' || c == '-' ? "\\-" : (char[]){(char)c, '\0'}, out);
    }
}

void mca_man_begin(FILE *out, const char *title, const char *summary) {
    (void)fputs(".TH ", out);
    put_name(out, title, 1);
    (void)fprintf(out, " 1 %s \"mcasim %s\" \"mcasim manual\"\n.SH NAME\n", MCA_DATE, MCA_VERSION);
    put_name(out, title, 0);
    (void)fputs(" \\- ", out);
    (void)put_paragraph(out, summary);
}

void mca_man_section(FILE *out, const char *heading) {
    (void)fprintf(out, ".SH %s\n", heading);
}

void mca_man_usage(FILE *out, const char *usage) {
    (void)fputs(".nh\n", out);
    put_usage(out, usage);
    (void)fputs(".hy\n", out);
}

void mca_man_text(FILE *out, const char *text) {
    for (int is_first = 1; *text; is_first = 0) {
        (void)fputs(is_first ? "" : ".PP\n", out);
        text = put_paragraph(out, text);
    }
}

void mca_man_item(FILE *out, const char *left, const char *text) {
    (void)fputs(".TP\n", out);
    put_usage(out, left);
    (void)put_paragraph(out, text);
}

void mca_man_reference(FILE *out, const char *title, const char *after) {
    (void)fputs(".BR ", out);
    put_name(out, title, 0);
    (void)fprintf(out, " (1)%s\n", after);
}
