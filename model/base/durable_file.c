#define _GNU_SOURCE /* renameat2 */
#include "base/durable_file.h"
#include "base/out_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 16 }; /* of names that somebody else has */

static int sync_descriptor(int fd) {
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : -1;
}

/* Syncs what a path leads to, by `sync`; -1 with errno. */
static int sync_opened(const char *path, int (*sync)(int fd)) {
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    const int failed = fd < 0 || sync(fd) != 0;
    const int number = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = number;
    return failed ? -1 : 0;
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
    return sync_opened(path, sync_descriptor) == 0 ? MCA_OK
                                                   : mca_fail_errno(error, "cannot sync %s", path);
}

enum mca_status mca_sync_parent(const char *path, struct mca_error *error) {
    char parent[MCA_NEW_FILE_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    const char *at = parent;
    (void)snprintf(parent, sizeof parent, "%.*s/.", slash ? (int)(slash - path) : 1,
                   slash ? path : ".");
    int failed = sync_opened(parent, sync_descriptor);
    if (failed && errno == EACCES) { /* everything of the file system: the file's name too */
        at = path;
        failed = sync_opened(path, syncfs);
    }
    return failed ? mca_fail_errno(error, "cannot sync %s", at) : MCA_OK;
}

enum mca_status mca_write_whole(const char *path, const char *text, size_t size,
                                struct mca_error *error) {
    struct mca_new_file out;
    MCA_TRY(mca_new_file_open(&out, path, error));
    errno = 0;
    (void)fwrite(text, 1, size, out.file); /* the stream keeps its failure */
    return mca_new_file_end(&out, MCA_OK, error);
}

int mca_exchange_names(const char *a, const char *b) {
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

void mca_unique_name(char text[MCA_UNIQUE_SIZE]) {
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
        random = (uint64_t)(uintptr_t)text; /* where the system has put the stack */
    }
    (void)snprintf(text, MCA_UNIQUE_SIZE, "%ld.%016" PRIx64, (long)getpid(), random);
}

/* Makes the temporary file; -1 with errno. */
static int make_temporary(struct mca_new_file *file) {
    const char *slash = strrchr(file->path, '/');
    const int length = slash ? (int)(slash - file->path) + 1 : 0;
    int fd = -1;
    for (int i = 0; i < TRIES && fd < 0 && (i == 0 || errno == EEXIST); ++i) {
        char unique[MCA_UNIQUE_SIZE];
        mca_unique_name(unique);
        const int n = snprintf(file->temporary, sizeof file->temporary, "%.*s.%s.%s", length,
                               file->path, file->path + length, unique);
        if (n < 0 || (size_t)n >= sizeof file->temporary) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    }
    return fd;
}

enum mca_status mca_new_file_open(struct mca_new_file *file, const char *path,
                                  struct mca_error *error) {
    file->file = NULL;
    const int n = snprintf(file->path, sizeof file->path, "%s", path);
    if (n < 0 || (size_t)n >= sizeof file->path) {
        errno = ENAMETOOLONG;
        return mca_fail_errno(error, "%.60s...: cannot be created", path);
    }
    const int fd = make_temporary(file);
    file->file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!file->file) {
        const enum mca_status status = mca_fail_errno(error, "%s: cannot be created", path);
        if (fd >= 0) {
            (void)close(fd);
            (void)unlink(file->temporary);
        }
        return status;
    }
    return MCA_OK;
}

enum mca_status mca_new_file_end(struct mca_new_file *file, enum mca_status written,
                                 struct mca_error *error) {
    const int is_broken = ferror(file->file) != 0;
    enum mca_status status = written;
    if (mca_close_written(file->file, sync_descriptor) != 0 && (written == MCA_OK || is_broken)) {
        status = mca_fail_errno(error, "%s: cannot be written", file->path);
    }
    if (status == MCA_OK && rename(file->temporary, file->path) != 0) {
        status = mca_fail_errno(error, "%s: cannot be written", file->path);
    }
    if (status != MCA_OK) {
        (void)unlink(file->temporary);
        return status;
    }
    return mca_sync_parent(file->path, error);
}
