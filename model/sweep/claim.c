#include "sweep/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/durable_file.h"
#include "sweep/directory.h"

/* The first line of a file, or "?". No link is followed, and no pipe waited for. */
static void read_line(const char *path, char *text, size_t size) {
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);
    text[0] = length > 0 ? text[0] : '?';
    text[length > 0 ? length : 1] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* When a process started, in ticks since boot; 0 for one that is dead or unknown. */
static unsigned long long start_of(long pid) {
    char path[64];
    char text[1024];
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    read_line(path, text, sizeof text);
    char *field = strrchr(text, ')'); /* the name before it may hold anything */
    if (!field || field[1] == '\0' || field[2] == 'Z') {
        return 0;
    }
    ++field;
    for (int i = 3; i < 22 && field; ++i) { /* field 3 is the state, 22 the start */
        field = strchr(field + 1, ' ');
    }
    return field ? strtoull(field, NULL, 10) : 0;
}

/* Machine, boot and name space: a process number means something only inside them. */
static void describe_place(char *text, size_t size) {
    char host[128] = "?";
    char boot[64];
    char space[64] = "?";
    (void)gethostname(host, sizeof host - 1);
    read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    const ssize_t length = readlink("/proc/self/ns/pid", space, sizeof space - 1);
    space[length > 0 ? length : 1] = '\0';
    (void)snprintf(text, size, "%s %s %s", host, boot, space);
}

static uint64_t hash_of_place(void) {
    char place[320];
    describe_place(place, sizeof place);
    return XXH3_64bits(place, strlen(place));
}

static enum mca_status write_worker(const struct mca_claimant *claimant, struct mca_error *error) {
    return mca_write_whole(claimant->worker_path, claimant->identity, strlen(claimant->identity),
                           error);
}

enum mca_status mca_claimant_init(struct mca_claimant *claimant, const char *dir,
                                  struct mca_error *error) {
    char place[320];
    const long pid = (long)getpid();
    describe_place(place, sizeof place);
    (void)snprintf(claimant->dir, sizeof claimant->dir, "%s", dir);
    (void)snprintf(claimant->identity, sizeof claimant->identity, "%s %ld %llu\n", place, pid,
                   start_of(pid));
    (void)snprintf(claimant->worker_path, sizeof claimant->worker_path,
                   "%.3800s/points/.worker.%016" PRIx64 ".%ld.%llu", dir, hash_of_place(), pid,
                   start_of(pid));
    return write_worker(claimant, error);
}

void mca_claim_beat(const struct mca_claimant *claimant) {
    if (utimensat(AT_FDCWD, claimant->worker_path, NULL, 0) != 0 && errno == ENOENT) {
        (void)write_worker(claimant, NULL);
    }
}

void mca_claim_touch(const struct mca_claimant *claimant, uint64_t hash) {
    char path[MCA_PATH_SIZE];
    mca_sweep_point_path(path, claimant->dir, hash, ".lock");
    (void)utimensat(AT_FDCWD, path, NULL, 0);
}

/* 1 when the process that `owner` names is one of this machine and gone. 0 when it lives, -1 when
 * that cannot be seen from here. */
static int is_dead(const char *owner) {
    char place[320];
    describe_place(place, sizeof place);
    const size_t length = strlen(place);
    if (strncmp(owner, place, length) != 0 || owner[length] != ' ' || strchr(place, '?')) {
        return -1;
    }
    char *end;
    const long pid = strtol(owner + length, &end, 10);
    const unsigned long long start = strtoull(end, NULL, 10);
    return pid <= 0 || start_of(pid) != start;
}

/* A claim's or worker's file: its owner's state, and its age by our own file's stamp. */
static enum mca_claim state_of(const struct mca_claimant *claimant, const char *path,
                               struct stat *info) {
    char owner[512];
    struct stat now;
    if (lstat(path, info) != 0) {
        return MCA_CLAIM_FREE;
    }
    if (!S_ISREG(info->st_mode)) {
        return MCA_CLAIM_HELD; /* and for ever: mca_claim_take tells of it */
    }
    read_line(path, owner, sizeof owner);
    const int dead = is_dead(owner);
    if (dead >= 0) {
        return dead ? MCA_CLAIM_STALE : MCA_CLAIM_HELD;
    }
    mca_claim_beat(claimant);
    return stat(claimant->worker_path, &now) == 0 &&
                   now.st_mtime - info->st_mtime > MCA_CLAIM_STALE_S
               ? MCA_CLAIM_STALE
               : MCA_CLAIM_HELD;
}

enum mca_claim mca_claim_look(const struct mca_claimant *claimant, uint64_t hash) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    mca_sweep_point_path(path, claimant->dir, hash, ".lock");
    return state_of(claimant, path, &info);
}

/* Takes a stale claim away. Of several that try, one renames it; who finds that it has renamed a
 * fresh one puts it back. */
static int clear_stale(const struct mca_claimant *claimant, uint64_t hash,
                       const struct stat *stale) {
    char path[MCA_PATH_SIZE];
    char aside[MCA_PATH_SIZE];
    char suffix[MCA_UNIQUE_SIZE + 16];
    char unique[MCA_UNIQUE_SIZE];
    struct stat info;
    mca_unique_name(unique);
    (void)snprintf(suffix, sizeof suffix, ".stale.%s", unique);
    mca_sweep_point_path(path, claimant->dir, hash, ".lock");
    mca_sweep_point_path(aside, claimant->dir, hash, suffix);
    if (rename(path, aside) != 0) {
        return 0;
    }
    const int same = lstat(aside, &info) == 0 && info.st_ino == stale->st_ino &&
                     info.st_mtime == stale->st_mtime;
    /* where another claim has come meanwhile, that one stands */
    const int put_back = !same && link(aside, path) == 0;
    (void)put_back;
    (void)unlink(aside);
    return same;
}

/* A file system without hard links: a copy, whose stamp is that of its making. */
static int make_copy(const struct mca_claimant *claimant, const char *path) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return -1;
    }
    const size_t length = strlen(claimant->identity);
    const int written = write(fd, claimant->identity, length) == (ssize_t)length;
    return close(fd) == 0 && written ? 0 : -1;
}

/* A link whose answer was lost on the way (NFS) is there, and is ours. */
static int is_our_link(const struct mca_claimant *claimant, const char *path) {
    struct stat ours;
    struct stat there;
    return stat(claimant->worker_path, &ours) == 0 && stat(path, &there) == 0 &&
           ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

enum mca_status mca_claim_take(const struct mca_claimant *claimant, uint64_t hash,
                               enum mca_claim *claim, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    mca_sweep_point_path(path, claimant->dir, hash, ".lock");
    *claim = MCA_CLAIM_HELD;
    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        return mca_fail(error, MCA_INVALID, "%s is no file of a sweep; remove it", path);
    }
    const enum mca_claim state = state_of(claimant, path, &info);
    if (state == MCA_CLAIM_HELD ||
        (state == MCA_CLAIM_STALE && !clear_stale(claimant, hash, &info))) {
        return MCA_OK;
    }
    int made = link(claimant->worker_path, path);
    if (made != 0 && errno == ENOENT) { /* taken for dead after a long stop: our file is gone */
        MCA_TRY(write_worker(claimant, error));
        made = link(claimant->worker_path, path);
    }
    if (made != 0 && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)) {
        made = make_copy(claimant, path);
    }
    if (made != 0 && errno != EEXIST) {
        return mca_fail_errno(error, "cannot make %s", path);
    }
    if (made != 0 && !is_our_link(claimant, path)) {
        return MCA_OK;
    }
    *claim = MCA_CLAIM_TAKEN;
    return MCA_OK;
}

void mca_claim_release(const struct mca_claimant *claimant, uint64_t hash) {
    char path[MCA_PATH_SIZE];
    mca_sweep_point_path(path, claimant->dir, hash, ".lock");
    (void)unlink(path);
}

/* 1 for a worker's file, whole or only begun, when the process that its name tells is gone. */
static int is_of_dead_worker(const char *name) {
    static const char mark[] = ".worker.";
    const char *worker = strstr(name, mark);
    char *end;
    if (!worker || strtoull(worker + sizeof mark - 1, &end, 16) != hash_of_place() || *end != '.') {
        return 0;
    }
    const long pid = strtol(end + 1, &end, 10);
    return pid > 0 && *end == '.' && start_of(pid) != strtoull(end + 1, NULL, 10);
}

void mca_claimant_deinit(struct mca_claimant *claimant) {
    char path[MCA_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%.3900s/points", claimant->dir);
    DIR *stream = opendir(path);
    for (const struct dirent *entry = stream ? readdir(stream) : NULL; entry;
         entry = readdir(stream)) {
        struct stat info;
        (void)snprintf(path, sizeof path, "%.3700s/points/%.255s", claimant->dir, entry->d_name);
        if ((entry->d_name[0] == '.' || strstr(entry->d_name, ".lock")) &&
            strspn(entry->d_name, ".") < strlen(entry->d_name) &&
            (is_of_dead_worker(entry->d_name) ||
             state_of(claimant, path, &info) == MCA_CLAIM_STALE)) {
            (void)unlink(path);
        }
    }
    if (stream) {
        (void)closedir(stream);
    }
    (void)unlink(claimant->worker_path);
}
