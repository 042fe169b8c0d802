#include "base/file_input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum mca_status mca_open_regular(const char *path, FILE **file, struct mca_error *error) {
    /* without O_NONBLOCK, opening a named pipe would wait for its writer */
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    const int failed = descriptor < 0 || fstat(descriptor, &info) != 0;
    enum mca_status status;
    *file = NULL;
    if (!failed && !S_ISREG(info.st_mode)) {
        status = mca_fail(error, MCA_SYSTEM, "%s: not a regular file", path);
        errno = EINVAL;
    } else {
        *file = failed ? NULL : fdopen(descriptor, "rb");
        status = *file ? MCA_OK : mca_fail_errno(error, "%s", path);
    }
    if (status != MCA_OK && descriptor >= 0) {
        const int reason = errno;
        (void)close(descriptor);
        errno = reason;
    }
    return status;
}

enum mca_status mca_check_regular(const char *path, const char *place, struct mca_error *error) {
    FILE *file;
    struct mca_error reason;
    const enum mca_status status = mca_open_regular(path, &file, &reason);
    if (status != MCA_OK) {
        return mca_fail(error, status, "%.500s%.500s", place, reason.message);
    }
    (void)fclose(file);
    return MCA_OK;
}
