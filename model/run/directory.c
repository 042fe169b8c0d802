#include "run/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable_file.h"
#include "base/remove_tree.h"
#include "scenario/resolved.h"

static const char LOCK_NAME[] = ".lock";
static const char CHECKPOINT_NAME[] = "checkpoint";
static const char SCENARIO_NAME[] = "scenario.yaml";
static const char REPLACED_NAME[] = ".replaced";
/* Stands in a run that is whole and on the disk, from before it gets its name until what it leaves
 * behind is cleared away. */
static const char COMPLETE_NAME[] = ".complete";

enum kind { KIND_ABSENT, KIND_EMPTY, KIND_HAS_MARK, KIND_OTHER };

/* Puts a path together; 0 when it does not fit. */
static int join(char out[MCA_PATH_SIZE], const char *path, const char *separator,
                const char *name) {
    out[0] = '\0';
    mca_text_add(out, MCA_PATH_SIZE, "%s%s%s", path, separator, name);
    return strlen(path) + strlen(separator) + strlen(name) < MCA_PATH_SIZE;
}

/* What stands at `path`; a directory that holds `mark` is KIND_HAS_MARK. */
static enum kind kind_of(const char *path, const char *mark) {
    struct stat info;
    if (lstat(path, &info) != 0) {
        return KIND_ABSENT; /* or out of reach, which making it will tell */
    }
    if (!S_ISDIR(info.st_mode)) {
        return KIND_OTHER;
    }
    char marked[MCA_PATH_SIZE];
    if (join(marked, path, "/", mark) && lstat(marked, &info) == 0) {
        return KIND_HAS_MARK;
    }
    DIR *stream = opendir(path);
    if (!stream) {
        return KIND_OTHER;
    }
    int entries = 0;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(stream);
    return entries == 0 ? KIND_EMPTY : KIND_OTHER;
}

/* Copies the path without slashes at its end. */
static enum mca_status set_paths(struct mca_run_directory *directory, const char *path,
                                 struct mca_error *error) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        --length;
    }
    if (length == 0 || length + sizeof ".partial" + 32 > MCA_PATH_SIZE) {
        return mca_fail(error, MCA_INVALID, "-o: '%.60s' cannot be a directory's path", path);
    }
    memcpy(directory->final_path, path, length);
    directory->final_path[length] = '\0';
    const char *slash = strrchr(directory->final_path, '/');
    const char *last = slash ? slash + 1 : directory->final_path;
    if (last[0] == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
        return mca_fail(error, MCA_INVALID, "-o: '%.60s' has no name of its own to rename to",
                        path);
    }
    (void)join(directory->partial_path, directory->final_path, "", ".partial");
    return MCA_OK;
}

/* The path of the directory `levels` above `path`, 1 is its parent. 0 when there is none. */
static int parent_of(const char *path, int levels, char out[MCA_PATH_SIZE]) {
    (void)snprintf(out, MCA_PATH_SIZE, "%s", path);
    for (int i = 0; i < levels; ++i) {
        char *slash = strrchr(out, '/');
        while (slash && slash > out && slash[-1] == '/') {
            --slash; /* "a//b" */
        }
        if (!slash || slash == out) {
            return 0;
        }
        *slash = '\0';
    }
    return 1;
}

static void remove_parents(struct mca_run_directory *directory) {
    char parent[MCA_PATH_SIZE];
    for (int level = 1; level <= directory->made_parents; ++level) {
        if (!parent_of(directory->final_path, level, parent) ||
            (rmdir(parent) != 0 && errno != ENOENT)) {
            break; /* somebody else uses it by now */
        }
    }
    directory->made_parents = 0;
}

static enum mca_status make_parents(struct mca_run_directory *directory, struct mca_error *error) {
    char parent[MCA_PATH_SIZE];
    int missing = 0;
    struct stat info;
    while (parent_of(directory->final_path, missing + 1, parent) && stat(parent, &info) != 0 &&
           errno == ENOENT) {
        ++missing;
    }
    directory->made_parents = missing;
    for (int level = missing; level >= 1; --level) {
        (void)parent_of(directory->final_path, level, parent);
        if (mkdir(parent, 0777) != 0 && errno != EEXIST) {
            const enum mca_status status = mca_fail_errno(error, "cannot make %s", parent);
            remove_parents(directory);
            return status;
        }
    }
    for (int level = missing; level >= 1; --level) { /* their names are on the disk too */
        (void)parent_of(directory->final_path, level, parent);
        MCA_TRY(mca_sync_parent(parent, error));
    }
    return MCA_OK;
}

static void unlock(struct mca_run_directory *directory) {
    if (directory->lock_fd >= 0) {
        (void)close(directory->lock_fd);
        directory->lock_fd = -1;
    }
}

/* Takes the lock that a living run holds; `at` is DIR.partial, or DIR of a run that has just got
 * its name. */
static enum mca_status take_lock(struct mca_run_directory *directory, const char *at,
                                 struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    (void)join(path, at, "/", LOCK_NAME);
    directory->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (directory->lock_fd < 0) {
        return mca_fail_errno(error, "cannot make %s", path);
    }
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(directory->lock_fd, F_SETLK, &lock) != 0) {
        const int held = errno == EACCES || errno == EAGAIN;
        const enum mca_status status =
            held ? mca_fail(error, MCA_INVALID, "%s: another run is working there; use another -o",
                            at)
                 : mca_fail_errno(error, "cannot lock %s", path);
        unlock(directory);
        return status;
    }
    return MCA_OK;
}

void mca_run_directory_checkpoint(const struct mca_run_directory *directory,
                                  char path[MCA_PATH_SIZE + 32]) {
    (void)snprintf(path, MCA_PATH_SIZE + 32, "%s/%s", directory->partial_path, CHECKPOINT_NAME);
}

void mca_run_directory_scenario(const struct mca_run_directory *directory,
                                char path[MCA_PATH_SIZE + 32]) {
    (void)snprintf(path, MCA_PATH_SIZE + 32, "%s/%s", directory->partial_path, SCENARIO_NAME);
}

static int holds_checkpoint(const struct mca_run_directory *directory) {
    char path[MCA_PATH_SIZE + 32];
    struct stat info;
    mca_run_directory_checkpoint(directory, path);
    return lstat(path, &info) == 0;
}

/* Clears what is there, unless there is a checkpoint to go on from: whether it fits is to be seen
 * first, and scenario.yaml beside it tells what it is of. */
static enum mca_status clear_partial(struct mca_run_directory *directory, unsigned flags,
                                     const struct mca_observer *observer, struct mca_error *error) {
    const char *path = directory->partial_path;
    const char *const keep[] = {LOCK_NAME, NULL};
    const int found = holds_checkpoint(directory);
    directory->has_checkpoint = found && (flags & MCA_DIRECTORY_RESUME);
    if (found && flags == 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s holds a checkpoint of a run that has not ended; --resume goes on from "
                        "it, --force starts anew",
                        path);
    }
    if (directory->has_checkpoint) {
        return MCA_OK;
    }
    mca_observer_tell(observer, "%s: clearing what an unfinished run left", path);
    return mca_remove_entries(path, keep) == 0 ? MCA_OK
                                               : mca_fail_errno(error, "cannot clear %s", path);
}

/* DIR.partial, new or taken over from a run that was killed. */
static enum mca_status make_partial(struct mca_run_directory *directory, unsigned flags,
                                    const struct mca_observer *observer, struct mca_error *error) {
    const char *path = directory->partial_path;
    const enum kind kind = kind_of(path, LOCK_NAME);
    if (kind == KIND_OTHER) {
        return mca_fail(error, MCA_INVALID,
                        "%s is in the way and is not a run's; move it or use another -o", path);
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return mca_fail_errno(error, "cannot make %s", path);
    }
    enum mca_status status = take_lock(directory, path, error);
    if (status != MCA_OK) {
        if (kind == KIND_ABSENT) {
            (void)rmdir(path);
        }
        return status;
    }
    if (kind == KIND_HAS_MARK) {
        status = clear_partial(directory, flags, observer, error);
        if (status != MCA_OK) {
            unlock(directory);
        }
    }
    return status;
}

/* Everything in DIR.partial on the disk, and then the mark that says so. */
static enum mca_status mark_complete(const struct mca_run_directory *directory,
                                     struct mca_error *error) {
    char mark[MCA_PATH_SIZE];
    (void)join(mark, directory->partial_path, "/", COMPLETE_NAME);
    MCA_TRY(mca_sync_tree(directory->partial_path, error));
    const int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) {
        return mca_fail_errno(error, "cannot make %s", mark);
    }
    (void)close(fd);
    return mca_sync_path(directory->partial_path, error);
}

/* Where names cannot be exchanged: for a moment there is no DIR, but DIR.partial holds both runs
 * and the mark by which the next run puts the new one in place. */
static enum mca_status replace_in_two_steps(const struct mca_run_directory *directory,
                                            struct mca_error *error) {
    char replaced[MCA_PATH_SIZE];
    (void)join(replaced, directory->partial_path, "/", REPLACED_NAME);
    if (rename(directory->final_path, replaced) != 0) {
        return mca_fail_errno(error, "cannot replace %s", directory->final_path);
    }
    if (rename(directory->partial_path, directory->final_path) != 0) {
        const enum mca_status status =
            mca_fail_errno(error, "cannot rename %s", directory->partial_path);
        (void)rename(replaced, directory->final_path);
        return status;
    }
    return MCA_OK;
}

/* Gives the run in DIR.partial its name. What it replaces is then in DIR.partial. */
static enum mca_status put_in_place(const struct mca_run_directory *directory,
                                    struct mca_error *error) {
    const char *partial = directory->partial_path;
    const char *final = directory->final_path;
    const int replaces = kind_of(final, "summary.json") == KIND_HAS_MARK;
    if (replaces && mca_exchange_names(partial, final) != 0) {
        MCA_TRY(replace_in_two_steps(directory, error));
    } else if (!replaces && rename(partial, final) != 0) {
        return mca_fail_errno(error, "cannot rename %s", partial);
    }
    return mca_sync_parent(final, error);
}

/* Removes what DIR, whole and on the disk, needs no more: the run that it replaced, its checkpoint
 * and its lock; the mark is the last, so that whoever finds it goes on here. */
static void clear_behind(const struct mca_run_directory *directory) {
    static const char *const names[] = {CHECKPOINT_NAME, LOCK_NAME, COMPLETE_NAME};
    char path[MCA_PATH_SIZE];
    (void)mca_remove_tree(directory->partial_path);
    if (join(path, directory->final_path, "/", REPLACED_NAME)) {
        (void)mca_remove_tree(path);
    }
    (void)mca_sync_parent(directory->final_path, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (join(path, directory->final_path, "/", names[i])) {
            (void)unlink(path);
        }
    }
}

/* A run that was killed when it was whole keeps its results: it gets its name, or what it left
 * behind is cleared away. */
static enum mca_status take_up_complete(struct mca_run_directory *directory,
                                        const struct mca_observer *observer,
                                        struct mca_error *error) {
    const int is_in_place = kind_of(directory->final_path, COMPLETE_NAME) == KIND_HAS_MARK;
    if (!is_in_place && kind_of(directory->partial_path, COMPLETE_NAME) != KIND_HAS_MARK) {
        return MCA_OK;
    }
    MCA_TRY(
        take_lock(directory, is_in_place ? directory->final_path : directory->partial_path, error));
    /* one in place was perhaps killed before its name was on the disk */
    enum mca_status status = is_in_place ? mca_sync_parent(directory->final_path, error)
                                         : put_in_place(directory, error);
    if (status == MCA_OK) {
        clear_behind(directory);
    }
    unlock(directory);
    if (status == MCA_OK && !is_in_place) {
        mca_observer_tell(observer, "%s: the results of a run that was killed as it ended",
                          directory->final_path);
    }
    return status;
}

/* Whether no run makes such an entry; hidden ones are what was killed leaves. */
static int is_foreign(const struct dirent *entry) {
    static const char *const NAMES[] = {
        "scenario.yaml", "summary.json",  "epochs.csv",        "confusion.csv",
        "ages.csv",      "energy.csv",    "energy_layers.csv", "ledger.json",
        "chip.json",     "timeline.json", "report.html",       "weights",
        "trace.json",    "trace.vcd",     "weights.npz",       "checkpoint"};
    int found = entry->d_name[0] == '.';
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i) {
        found |= strcmp(entry->d_name, NAMES[i]) == 0;
    }
    return !found;
}

/* What else somebody keeps in a run's directory would be lost with the run that is replaced. */
static enum mca_status refuse_other_entries(const char *path, struct mca_error *error) {
    struct dirent **entries;
    const int count = scandir(path, &entries, is_foreign, NULL);
    if (count < 0) { /* what cannot be listed cannot be removed either */
        return errno == EACCES ? MCA_OK : mca_fail_errno(error, "%s", path);
    }
    const enum mca_status status =
        count == 0 ? MCA_OK
                   : mca_fail(error, MCA_INVALID,
                              "%s/%s is not of the run that is to be replaced; move it away", path,
                              entries[0]->d_name);
    for (int i = 0; i < count; ++i) {
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum mca_status mca_run_directory_open(struct mca_run_directory *directory, const char *path,
                                       unsigned flags, const struct mca_observer *observer,
                                       struct mca_error *error) {
    *directory = (struct mca_run_directory){.lock_fd = -1};
    MCA_TRY(set_paths(directory, path, error));
    MCA_TRY(take_up_complete(directory, observer, error));
    const enum kind kind = kind_of(directory->final_path, "summary.json");
    if (kind == KIND_OTHER) {
        return mca_fail(error, MCA_INVALID,
                        "%s exists and is not a run's directory; use another -o",
                        directory->final_path);
    }
    /* a run that was to replace one goes on to do so */
    const int goes_on = (flags & MCA_DIRECTORY_RESUME) && holds_checkpoint(directory);
    directory->is_whole = kind == KIND_HAS_MARK && flags == MCA_DIRECTORY_RESUME && !goes_on;
    if (directory->is_whole) {
        return MCA_OK;
    }
    if (kind == KIND_HAS_MARK && !(flags & MCA_DIRECTORY_FORCE) && !goes_on) {
        return mca_fail(error, MCA_INVALID,
                        "%s holds a finished run; use another -o, or run --force to replace it",
                        directory->final_path);
    }
    if (kind == KIND_HAS_MARK) {
        MCA_TRY(refuse_other_entries(directory->final_path, error));
    }
    MCA_TRY(make_parents(directory, error));
    const enum mca_status status = make_partial(directory, flags, observer, error);
    if (status != MCA_OK) {
        remove_parents(directory);
    }
    return status;
}

enum mca_status mca_run_directory_drop_checkpoint(struct mca_run_directory *directory,
                                                  struct mca_error *error) {
    char path[MCA_PATH_SIZE + 32];
    mca_run_directory_checkpoint(directory, path);
    directory->has_checkpoint = 0;
    return unlink(path) == 0 ? MCA_OK : mca_fail_errno(error, "cannot remove %s", path);
}

enum mca_status mca_run_directory_begin(const struct mca_run_directory *directory,
                                        const struct mca_scenario *scenario,
                                        struct mca_error *error) {
    char path[MCA_PATH_SIZE + 32];
    struct mca_new_file out;
    /* a scenario that fits is never missing beside its checkpoint */
    const char *keep[] = {LOCK_NAME, NULL, NULL, NULL};
    if (directory->has_checkpoint) {
        keep[1] = CHECKPOINT_NAME;
        keep[2] = SCENARIO_NAME;
    }
    if (mca_remove_entries(directory->partial_path, keep) != 0) {
        return mca_fail_errno(error, "cannot clear %s", directory->partial_path);
    }
    mca_run_directory_scenario(directory, path);
    MCA_TRY(mca_new_file_open(&out, path, error));
    errno = 0;
    mca_scenario_write(scenario, out.file);
    return mca_new_file_end(&out, MCA_OK, error);
}

enum mca_status mca_run_directory_commit(struct mca_run_directory *directory,
                                         struct mca_error *error) {
    enum mca_status status = mark_complete(directory, error);
    status = status == MCA_OK ? put_in_place(directory, error) : status;
    if (status == MCA_OK) {
        clear_behind(directory);
    } else {
        const struct mca_error reason = *error;
        (void)mca_fail(error, status, "%.600s; the results are there", reason.message);
    }
    unlock(directory);
    return status;
}

void mca_run_directory_abandon(struct mca_run_directory *directory) {
    if (!holds_checkpoint(directory)) {
        (void)mca_remove_tree(directory->partial_path);
    }
    unlock(directory);
    remove_parents(directory);
}

int mca_run_directory_is_held(const char *path) {
    char lock_path[MCA_PATH_SIZE + 32];
    (void)snprintf(lock_path, sizeof lock_path, "%.4095s.partial/%s", path, LOCK_NAME);
    const int fd = open(lock_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return 0;
    }
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int held = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    (void)close(fd);
    return held;
}

static int same_directory(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* No directory above the path may be the run's. */
enum mca_status mca_run_directory_refuse_within(const char *dir, const char *path,
                                                struct mca_error *error) {
    char above[MCA_PATH_SIZE];
    struct stat run;
    struct stat at;
    struct stat last = {0};
    const char *slash = strrchr(path, '/');
    (void)snprintf(above, sizeof above, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                   slash ? path : ".");
    if (stat(dir, &run) != 0) {
        return mca_fail_errno(error, "%s", dir);
    }
    while (stat(above, &at) == 0 && !same_directory(&at, &last)) { /* the root is above itself */
        if (same_directory(&at, &run)) {
            return mca_fail(error, MCA_INVALID, "%s lies in %s, which is never altered", path, dir);
        }
        mca_text_add(above, sizeof above, "/..");
        last = at;
    }
    return MCA_OK;
}
