/* Files being written: errors are kept for the end. */
#ifndef MCA_BASE_OUT_FILE_H
#define MCA_BASE_OUT_FILE_H

#include <stdio.h>

#include "base/status.h"

struct mca_out_file {
    FILE *file;
    char path[MCA_PATH_SIZE + 256];
};

/* Creates dir/name, or empties it where it is. MCA_SYSTEM. */
enum mca_status mca_out_open(struct mca_out_file *out, const char *dir, const char *name,
                             struct mca_error *error);

/* Closes it: MCA_SYSTEM when any write failed, with the reason that errno has since. */
enum mca_status mca_out_close(struct mca_out_file *out, struct mca_error *error);

/* Closes a stream that was written to: -1 when any write failed, with the errno of then, which is
 * taken to be the present one where the stream has the failure. `sync` may be NULL. */
int mca_close_written(FILE *file, int (*sync)(int fd));

#endif
