#include "base/out_file.h"

#include <errno.h>

enum mca_status mca_out_open(struct mca_out_file *out, const char *dir, const char *name,
                             struct mca_error *error) {
    const int length = snprintf(out->path, sizeof out->path, "%s/%s", dir, name);
    if (length < 0 || (size_t)length >= sizeof out->path) {
        return mca_fail(error, MCA_SYSTEM, "%s: the directory's path is too long", name);
    }
    out->file = fopen(out->path, "w");
    return out->file ? MCA_OK : mca_fail_errno(error, "%s: cannot be created", out->path);
}

enum mca_status mca_out_close(struct mca_out_file *out, struct mca_error *error) {
    /* flushing first leaves errno telling why */
    errno = 0;
    const int failed = fflush(out->file) != 0 || ferror(out->file);
    const int number = errno;
    if (fclose(out->file) != 0 || failed) {
        errno = failed && number ? number : errno;
        return errno ? mca_fail_errno(error, "%s: cannot be written", out->path)
                     : mca_fail(error, MCA_SYSTEM, "%s: cannot be written", out->path);
    }
    return MCA_OK;
}
