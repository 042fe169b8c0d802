/*
 * Status codes and error messages.
 *
 * A function that can fail returns `enum mca_status` and describes the fault in the caller's
 * `struct mca_error`: one line, naming file, line, key, the value found and what is allowed, as far
 * as they apply. The status values are the exit statuses of the command-line program. Programmers'
 * faults are assertions, never a status.
 */
#ifndef MCA_BASE_STATUS_H
#define MCA_BASE_STATUS_H

#include <stddef.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

enum mca_status {
    MCA_OK = 0,      /* done */
    MCA_FAILED = 1,  /* the job itself failed: out of memory, mismatch, failed validation */
    MCA_INVALID = 2, /* bad content: scenario, data set, component library, usage */
    MCA_SYSTEM = 3,  /* refused by the operating system: missing file, permission, disk full */
    MCA_INTERRUPTED = 130, /* stopped on SIGINT */
    MCA_TERMINATED = 143   /* stopped on SIGTERM */
};

enum { MCA_ERROR_SIZE = 1024 };

/* Room for the path of a file, its terminator included. */
enum { MCA_PATH_SIZE = 4096 };

/* Filled by the function that fails; untouched on success. The caller owns it. */
struct mca_error {
    char message[MCA_ERROR_SIZE]; /* one line, no trailing newline, always terminated */
};

/*
 * Writes a message into `error` (which may be NULL) and returns `status`, so that a function can
 * end with `return mca_fail(error, MCA_INVALID, "%s: ...", path)`. Control characters in the result
 * are replaced, so that a message stays one line whatever the input held.
 */
enum mca_status mca_fail(struct mca_error *error, enum mca_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* mca_fail with ": " and the text of `errno` appended; the status is MCA_SYSTEM, or MCA_FAILED for
 * ENOMEM. */
enum mca_status mca_fail_errno(struct mca_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The one message for an allocation that failed; returns MCA_FAILED. `what` names the thing. */
enum mca_status mca_fail_memory(struct mca_error *error, const char *what);

/* Returns from the enclosing function when `expression` did not give MCA_OK. */
#define MCA_TRY(expression)                                                                        \
    do {                                                                                           \
        enum mca_status mca_try_status_ = (expression);                                            \
        if (mca_try_status_ != MCA_OK) {                                                           \
            return mca_try_status_;                                                                \
        }                                                                                          \
    } while (0)

/* Puts more text behind what `text`, of `size` bytes in all, holds; what does not fit is left out.
 */
void mca_text_add(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Replaces in place what a terminal would obey and not show: control characters of ASCII and of
 * Latin-1 (in UTF-8), line and paragraph separators, and marks of direction. The text keeps its
 * length. */
void mca_text_tame(char *text, char replacement);

MCA_C_END

#endif
