#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static void format_message(struct mca_error *error,
                                                                 const char *format, va_list args) {
    if (!error) {
        return;
    }
    (void)vsnprintf(error->message, sizeof error->message, format, args);
    for (char *c = error->message; *c; ++c) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
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
        const size_t used = strlen(error->message);
        char reason[128];
        if (strerror_r(number, reason, sizeof reason) != 0) {
            (void)snprintf(reason, sizeof reason, "error %d", number);
        }
        (void)snprintf(error->message + used, sizeof error->message - used, ": %s", reason);
    }
    return number == ENOMEM ? MCA_FAILED : MCA_SYSTEM;
}

enum mca_status mca_fail_memory(struct mca_error *error, const char *what) {
    return mca_fail(error, MCA_FAILED, "out of memory: %s", what);
}
