/* What a function prints into a stream, as a text in memory. */
#ifndef MCA_BASE_MEMORY_TEXT_H
#define MCA_BASE_MEMORY_TEXT_H

#include <stdio.h>

#include "base/status.h"

typedef void mca_print_fn(FILE *out, const void *what);

/*
 * The text that `print` writes of `what`, which it may be asked to do several times. *text is the
 * caller's to free; *size are its bytes without the zero at its end. MCA_FAILED when memory is
 * short.
 */
enum mca_status mca_print_to_memory(mca_print_fn *print, const void *what, char **text,
                                    size_t *size, struct mca_error *error);

#endif
