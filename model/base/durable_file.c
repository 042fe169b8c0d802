#define _GNU_SOURCE /* renameat2 */
#include "base/durable_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4352 };

static int sync_descriptor(int fd) {
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : -1;
}

static int sync_below(int parent, const char *name);

/* All that stands in the directory `fd`. What cannot be listed cannot be synced: that is a failure.
 */
static int sync_entries(int fd) {
    const int listed = dup(fd);
    DIR *stream = listed < 0 ? NULL : fdopendir(listed);
    if (!stream) {
        const int number = errno;
        if (listed >= 0) {
            (void)close(listed);
        }
        errno = number;
        return -1;
    }
    int failed = 0;
    while (!failed) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry) {
            failed = errno != 0;
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            failed = sync_below(fd, entry->d_name) != 0;
        }
    }
    const int number = errno;
    (void)closedir(stream);
    errno = number;
    return failed ? -1 : 0;
}

/* A file or directory of the directory `parent`, and all below it. */
static int sync_below(int parent, const char *name) {
    const int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    if (fd < 0) {
        return errno == ELOOP ? 0 : -1; /* a link's own name is in its directory */
    }
    int failed = fstat(fd, &info) != 0;
    failed = failed || (S_ISDIR(info.st_mode) && sync_entries(fd) != 0);
    failed = failed || sync_descriptor(fd) != 0;
    const int number = errno;
    (void)close(fd);
    errno = number;
    return failed ? -1 : 0;
}

enum mca_status mca_sync_tree(const char *path, struct mca_error *error) {
    return sync_below(AT_FDCWD, path) == 0 ? MCA_OK : mca_fail_errno(error, "cannot sync %s", path);
}

enum mca_status mca_sync_path(const char *path, struct mca_error *error) {
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || sync_descriptor(fd) != 0) {
        const enum mca_status status = mca_fail_errno(error, "cannot sync %s", path);
        if (fd >= 0) {
            (void)close(fd);
        }
        return status;
    }
    (void)close(fd);
    return MCA_OK;
}

enum mca_status mca_sync_parent(const char *path, struct mca_error *error) {
    char parent[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    (void)snprintf(parent, sizeof parent, "%.*s/.", slash ? (int)(slash - path) : 1,
                   slash ? path : ".");
    return mca_sync_path(parent, error);
}

int mca_exchange_names(const char *a, const char *b) {
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

enum mca_status mca_replace_file(const char *from, const char *to, struct mca_error *error) {
    MCA_TRY(mca_sync_path(from, error));
    if (rename(from, to) != 0) {
        return mca_fail_errno(error, "cannot rename %s to %s", from, to);
    }
    return mca_sync_parent(to, error);
}
