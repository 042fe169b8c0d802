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

int mca_close_written(FILE *file, int (*sync)(int fd)) {
    int number = errno;
    int failed = ferror(file) != 0;
    if (!failed && (fflush(file) != 0 || (sync && sync(fileno(file)) != 0))) {
        number = errno; /* before closing, so that it tells why */
        failed = 1;
    }
    if (fclose(file) != 0 && !failed) {
        number = errno;
        failed = 1;
    }
    errno = failed && number == 0 ? EIO : number;
    return failed ? -1 : 0;
}

enum mca_status mca_out_close(struct mca_out_file *out, struct mca_error *error) {
    return mca_close_written(out->file, NULL) == 0
               ? MCA_OK
               : mca_fail_errno(error, "%s: cannot be written", out->path);
}
