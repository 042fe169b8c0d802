#include "base/out_file.h"

#include <errno.h>

enum mca_status mca_out_open(struct mca_out_file *out, const char *dir, const char *name,
                             struct mca_error *error) {
    const int length = snprintf(out->path, sizeof out->path, "%s/%s", dir, name);
    if (length < 0 || (size_t)length >= sizeof out->path) {
        return mca_fail(error, MCA_SYSTEM, "%s: the directory's path is too long", name);
    }
    out->file = fopen(out->path, "w");
    if (!out->file) {
        return mca_fail_errno(error, "%s: cannot be created", out->path);
    }
    errno = 0; /* a failed write from here on tells mca_out_close why */
    return MCA_OK;
}

enum mca_status mca_out_close(struct mca_out_file *out, struct mca_error *error) {
    int number = errno;
    int failed = ferror(out->file) != 0;
    if (!failed && fflush(out->file) != 0) { /* first, so that errno tells why */
        number = errno;
        failed = 1;
    }
    if (fclose(out->file) != 0 && !failed) {
        number = errno;
        failed = 1;
    }
    if (failed) {
        errno = number ? number : EIO;
        return mca_fail_errno(error, "%s: cannot be written", out->path);
    }
    return MCA_OK;
}
