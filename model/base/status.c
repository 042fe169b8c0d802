#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the sequence at `c` that is to be replaced, 0 for none. */
static int tame_length(const unsigned char *c) {
    if (c[0] < 0x20 || c[0] == 0x7f) {
        return 1;
    }
    if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) { /* U+0080 .. U+009F */
        return 2;
    }
    const int separators = c[0] == 0xe2 && c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae;
    const int isolates = c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
    return separators || isolates ? 3 : 0; /* U+2028 .. U+202E, U+2066 .. U+2069 */
}

void mca_text_add(char *text, size_t size, const char *format, ...) {
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

void mca_text_tame(char *text, char replacement) {
    for (char *c = text; *c; ++c) {
        for (int n = tame_length((const unsigned char *)c); n > 0; --n) {
            *c = replacement;
            c += n > 1;
        }
    }
}

__attribute__((format(printf, 2, 0))) static void format_message(struct mca_error *error,
                                                                 const char *format, va_list args) {
    if (!error) {
        return;
    }
    (void)vsnprintf(error->message, sizeof error->message, format, args);
    mca_text_tame(error->message, '?');
}

enum mca_status mca_fail(struct mca_error *error, enum mca_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    format_message(error, format, args);
    va_end(args);
    return status;
}

enum mca_status mca_fail_errno(struct mca_error *error, const char *format, ...) {
    const int number = errno;
    va_list args;
    va_start(args, format);
    format_message(error, format, args);
    va_end(args);
    if (error) {
        char reason[128];
        if (strerror_r(number, reason, sizeof reason) != 0) {
            (void)snprintf(reason, sizeof reason, "error %d", number);
        }
        mca_text_add(error->message, sizeof error->message, ": %s", reason);
    }
    return number == ENOMEM ? MCA_FAILED : MCA_SYSTEM;
}

enum mca_status mca_fail_memory(struct mca_error *error, const char *what) {
    return mca_fail(error, MCA_FAILED, "out of memory: %s", what);
}
