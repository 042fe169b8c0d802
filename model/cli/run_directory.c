#include "cli/run_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/remove_tree.h"
#include "scenario/resolved.h"

static const char LOCK_NAME[] = ".lock";
static const char CHECKPOINT_NAME[] = "checkpoint";
static const char REPLACED_NAME[] = ".replaced";

enum kind { KIND_ABSENT, KIND_EMPTY, KIND_HAS_MARK, KIND_OTHER };

/* Puts a path together; 0 when it does not fit. */
static int join(char out[CLI_PATH_SIZE], const char *path, const char *separator,
                const char *name) {
    const char *const parts[] = {path, separator, name};
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
        const size_t length = strlen(parts[i]);
        if (length >= CLI_PATH_SIZE - used) {
            return 0;
        }
        memcpy(out + used, parts[i], length + 1);
        used += length;
    }
    return 1;
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
    char marked[CLI_PATH_SIZE];
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
static enum mca_status set_paths(struct cli_run_directory *directory, const char *path,
                                 struct mca_error *error) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        --length;
    }
    if (length == 0 || length + sizeof ".partial" + 32 > CLI_PATH_SIZE) {
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
static int parent_of(const char *path, int levels, char out[CLI_PATH_SIZE]) {
    (void)snprintf(out, CLI_PATH_SIZE, "%s", path);
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

static void remove_parents(struct cli_run_directory *directory) {
    char parent[CLI_PATH_SIZE];
    for (int level = 1; level <= directory->made_parents; ++level) {
        if (!parent_of(directory->final_path, level, parent) || rmdir(parent) != 0) {
            break; /* somebody else uses it by now */
        }
    }
    directory->made_parents = 0;
}

static enum mca_status make_parents(struct cli_run_directory *directory, struct mca_error *error) {
    char parent[CLI_PATH_SIZE];
    int missing = 0;
    struct stat info;
    while (parent_of(directory->final_path, missing + 1, parent) && stat(parent, &info) != 0 &&
           errno == ENOENT) {
        ++missing;
    }
    for (int level = missing; level >= 1; --level) {
        (void)parent_of(directory->final_path, level, parent);
        if (mkdir(parent, 0777) != 0 && errno != EEXIST) {
            const enum mca_status status = mca_fail_errno(error, "cannot make %s", parent);
            for (int made = level + 1; made <= missing; ++made) {
                (void)parent_of(directory->final_path, made, parent);
                (void)rmdir(parent);
            }
            return status;
        }
    }
    directory->made_parents = missing;
    return MCA_OK;
}

static void unlock(struct cli_run_directory *directory) {
    if (directory->lock_fd >= 0) {
        (void)close(directory->lock_fd);
        directory->lock_fd = -1;
    }
}

/* Takes the lock that a living run holds. */
static enum mca_status take_lock(struct cli_run_directory *directory, struct mca_error *error) {
    char path[CLI_PATH_SIZE];
    (void)join(path, directory->partial_path, "/", LOCK_NAME);
    directory->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (directory->lock_fd < 0) {
        return mca_fail_errno(error, "cannot make %s", path);
    }
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(directory->lock_fd, F_SETLK, &lock) != 0) {
        const int held = errno == EACCES || errno == EAGAIN;
        const enum mca_status status =
            held ? mca_fail(error, MCA_INVALID, "%s: another run is working there; use another -o",
                            directory->partial_path)
                 : mca_fail_errno(error, "cannot lock %s", path);
        unlock(directory);
        return status;
    }
    return MCA_OK;
}

void cli_run_directory_checkpoint(const struct cli_run_directory *directory,
                                  char path[CLI_PATH_SIZE + 32]) {
    (void)snprintf(path, CLI_PATH_SIZE + 32, "%s/%s", directory->partial_path, CHECKPOINT_NAME);
}

static int holds_checkpoint(const struct cli_run_directory *directory) {
    char path[CLI_PATH_SIZE + 32];
    struct stat info;
    cli_run_directory_checkpoint(directory, path);
    return lstat(path, &info) == 0;
}

/* Clears what is there, but a checkpoint where the run is to go on. */
static enum mca_status clear_partial(struct cli_run_directory *directory, unsigned flags,
                                     const struct mca_observer *observer, struct mca_error *error) {
    const char *path = directory->partial_path;
    const char *keep[] = {LOCK_NAME, NULL, NULL};
    const int found = holds_checkpoint(directory);
    directory->has_checkpoint = found && (flags & CLI_DIRECTORY_RESUME);
    if (found && flags == 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s holds a checkpoint of a run that has not ended; --resume goes on from "
                        "it, --force starts anew",
                        path);
    }
    if (directory->has_checkpoint) {
        keep[1] = CHECKPOINT_NAME;
    } else {
        char line[CLI_PATH_SIZE + 64];
        (void)snprintf(line, sizeof line, "%s: clearing what an unfinished run left", path);
        mca_observer_notice(observer, line);
    }
    return cli_remove_entries(path, keep) == 0 ? MCA_OK
                                               : mca_fail_errno(error, "cannot clear %s", path);
}

/* DIR.partial, new or taken over from a run that was killed. */
static enum mca_status make_partial(struct cli_run_directory *directory, unsigned flags,
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
    enum mca_status status = take_lock(directory, error);
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

enum mca_status cli_run_directory_open(struct cli_run_directory *directory, const char *path,
                                       unsigned flags, const struct mca_observer *observer,
                                       struct mca_error *error) {
    *directory = (struct cli_run_directory){.lock_fd = -1};
    MCA_TRY(set_paths(directory, path, error));
    const enum kind kind = kind_of(directory->final_path, "summary.json");
    if (kind == KIND_OTHER) {
        return mca_fail(error, MCA_INVALID,
                        "%s exists and is not a run's directory; use another -o",
                        directory->final_path);
    }
    /* a run that was to replace one goes on to do so */
    const int goes_on = (flags & CLI_DIRECTORY_RESUME) && holds_checkpoint(directory);
    if (kind == KIND_HAS_MARK && !(flags & CLI_DIRECTORY_FORCE) && !goes_on) {
        return mca_fail(error, MCA_INVALID,
                        "%s holds a finished run; use another -o, or run --force to replace it",
                        directory->final_path);
    }
    directory->replaces = kind == KIND_HAS_MARK;
    MCA_TRY(make_parents(directory, error));
    const enum mca_status status = make_partial(directory, flags, observer, error);
    if (status != MCA_OK) {
        remove_parents(directory);
    }
    return status;
}

enum mca_status cli_run_directory_write_scenario(const struct cli_run_directory *directory,
                                                 const struct mca_scenario *scenario,
                                                 struct mca_error *error) {
    char path[CLI_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/scenario.yaml", directory->partial_path);
    FILE *file = fopen(path, "w");
    if (!file) {
        return mca_fail_errno(error, "cannot write %s", path);
    }
    mca_scenario_write(scenario, file);
    const int failed = fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0;
    const enum mca_status status = failed ? mca_fail_errno(error, "cannot write %s", path) : MCA_OK;
    if (fclose(file) != 0 && status == MCA_OK) {
        return mca_fail_errno(error, "cannot write %s", path);
    }
    return status;
}

static enum mca_status rename_into_place(const struct cli_run_directory *directory,
                                         struct mca_error *error) {
    char lock[CLI_PATH_SIZE];
    char replaced[CLI_PATH_SIZE];
    (void)join(lock, directory->partial_path, "/", LOCK_NAME);
    (void)join(replaced, directory->partial_path, "/", REPLACED_NAME);
    if (directory->replaces && rename(directory->final_path, replaced) != 0) {
        return mca_fail_errno(error, "cannot replace %s", directory->final_path);
    }
    if (unlink(lock) != 0 || rename(directory->partial_path, directory->final_path) != 0) {
        const enum mca_status status =
            mca_fail_errno(error, "cannot rename %s", directory->partial_path);
        if (directory->replaces) {
            (void)rename(replaced, directory->final_path);
        }
        return status;
    }
    if (directory->replaces) {
        (void)join(replaced, directory->final_path, "/", REPLACED_NAME);
        (void)cli_remove_tree(replaced);
    }
    return MCA_OK;
}

enum mca_status cli_run_directory_commit(struct cli_run_directory *directory,
                                         struct mca_error *error) {
    const enum mca_status status = rename_into_place(directory, error);
    if (status == MCA_OK) {
        char checkpoint[CLI_PATH_SIZE];
        if (join(checkpoint, directory->final_path, "/", CHECKPOINT_NAME)) {
            (void)unlink(checkpoint); /* of no more use */
        }
    } else {
        const struct mca_error reason = *error;
        (void)mca_fail(error, status, "%.600s; the results are there", reason.message);
    }
    unlock(directory);
    return status;
}

void cli_run_directory_abandon(struct cli_run_directory *directory) {
    if (!holds_checkpoint(directory)) {
        (void)cli_remove_tree(directory->partial_path);
    }
    unlock(directory);
    remove_parents(directory);
}

int cli_run_directory_is_held(const char *path) {
    char lock_path[CLI_PATH_SIZE + 32];
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
