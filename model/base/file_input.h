/* Files to read that must be plain files: a pipe would be waited for without end. */
#ifndef MCA_BASE_FILE_INPUT_H
#define MCA_BASE_FILE_INPUT_H

#include <stdio.h>

#include "base/status.h"

/*
 * Opens a regular file for reading; the caller closes it. MCA_SYSTEM, with a message that begins
 * with the path, when there is none, it may not be read, or it is a pipe, a device or a directory
 * (then errno is EINVAL).
 */
enum mca_status mca_open_regular(const char *path, FILE **file, struct mca_error *error);

/* Whether such a file is there; `place` stands before the message. Errors as above. */
enum mca_status mca_check_regular(const char *path, const char *place, struct mca_error *error);

#endif
