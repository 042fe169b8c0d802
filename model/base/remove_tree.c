#include "base/remove_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *const NOTHING[] = {NULL};

static int remove_at(int parent, const char *name);

static int is_among(const char *const *names, const char *name) {
    while (*names && strcmp(*names, name) != 0) {
        ++names;
    }
    return *names != NULL;
}

/* Takes over `fd`. */
static int remove_entries_of(int fd, const char *const *keep) {
    DIR *stream = fdopendir(fd);
    if (!stream) {
        const int number = errno;
        (void)close(fd);
        errno = number;
        return -1;
    }
    int first_errno = 0;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || is_among(keep, name)) {
            continue;
        }
        if (remove_at(dirfd(stream), name) != 0 && first_errno == 0) {
            first_errno = errno;
        }
    }
    (void)closedir(stream);
    errno = first_errno;
    return first_errno ? -1 : 0;
}

static int remove_at(int parent, const char *name) {
    if (unlinkat(parent, name, 0) == 0) {
        return 0;
    }
    if (errno != EISDIR && errno != EPERM) {
        return -1;
    }
    const int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || remove_entries_of(fd, NOTHING) != 0) {
        return -1;
    }
    return unlinkat(parent, name, AT_REMOVEDIR);
}

int mca_remove_tree(const char *path) {
    return remove_at(AT_FDCWD, path);
}

int mca_remove_entries(const char *path, const char *const *keep) {
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -1 : remove_entries_of(fd, keep);
}
