/* What a YAML file says of itself: the comment at its head. */
#ifndef MCA_CLI_PURPOSE_H
#define MCA_CLI_PURPOSE_H

#include <stddef.h>

#include "base/status.h"

enum { CLI_PURPOSE_SIZE = 1024 };

/* The paragraph of comment lines that a file begins with, on one line; "" where there is none.
 * Lines for editors ("yaml-language-server:") are left out. */
enum mca_status cli_purpose_read(const char *path, char purpose[CLI_PURPOSE_SIZE],
                                 struct mca_error *error);

/* Keeps the first sentence of a paragraph, and the ones behind it that fit with it in one line. */
void cli_purpose_shorten(char *purpose);

#endif
