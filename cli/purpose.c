#include "cli/purpose.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml_input.h"

enum { LINE = 110 }; /* characters of a short purpose, but for one long sentence */

static const char *skip_blanks(const char *c) {
    return c + strspn(c, " \t");
}

enum mca_status cli_purpose_read(const char *path, char purpose[CLI_PURPOSE_SIZE],
                                 struct mca_error *error) {
    static const char editors[] = "yaml-language-server:";
    struct mca_file_identity identity;
    char *text;
    size_t size;
    purpose[0] = '\0';
    MCA_TRY(mca_yaml_read_file(path, "", &text, &size, &identity, error));
    for (const char *line = text; line < text + size && *line == '#';) {
        const char *said = skip_blanks(line + 1);
        const char *end = memchr(line, '\n', (size_t)(text + size - line));
        end = end ? end : text + size;
        if (said >= end && purpose[0]) {
            break; /* an empty comment line ends the paragraph */
        }
        if (said < end && strncmp(said, editors, sizeof editors - 1) != 0) {
            mca_text_add(purpose, CLI_PURPOSE_SIZE, "%s%.*s", purpose[0] ? " " : "",
                         (int)(end - said), said);
        }
        line = end + 1;
    }
    free(text);
    mca_text_tame(purpose, '?');
    return MCA_OK;
}

/* 1 where the point at `point` ends a sentence: a capital or nothing follows, and it is not that of
 * an abbreviation ("Nat. Commun.", "et al."), which are capitalised here, or short. */
static int ends_sentence(const char *text, const char *point) {
    const char *word = point;
    while (word > text && word[-1] != ' ') {
        --word;
    }
    const int is_abbreviation = isupper((unsigned char)*word) && point - word < 9;
    const char *next = skip_blanks(point + 1);
    return *point == '.' && !is_abbreviation &&
           (*next == '\0' ||
            (point[1] == ' ' && (isupper((unsigned char)*next) || isdigit((unsigned char)*next))));
}

void cli_purpose_shorten(char *purpose) {
    size_t kept = 0;
    for (char *c = purpose; *c; ++c) {
        const size_t length = (size_t)(c - purpose) + 1;
        if (ends_sentence(purpose, c) && (kept == 0 || length <= LINE)) {
            kept = length;
        }
    }
    if (kept > 0) {
        purpose[kept] = '\0';
    }
}
