#define _GNU_SOURCE /* flock */
#include "shim/rtl/unit_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/durable_file.h"
#include "base/remove_tree.h"
#include "shim/rtl/unit_build.h"

/* Behind the object's own bytes: their sum, in hexadecimal. */
enum { SUM_SIZE = 32 };

struct search {
    struct mca__dpu_unit_object *object;
    const struct mca_observer *observer;
    struct mca__dpu_unit_recipe recipe;
    char cache[MCA_PATH_SIZE];
    char key[MCA_UNIT_KEY_SIZE];
};

/* The cache's folder; empty where there is no home. */
static void name_cache(char cache[MCA_PATH_SIZE]) {
    const char *home = getenv("XDG_CACHE_HOME");
    const char *below = "";
    if (!home || home[0] != '/') { /* a relative one is to be ignored, says the XDG specification */
        home = getenv("HOME");
        below = "/.cache";
    }
    cache[0] = '\0';
    if (home && home[0] == '/' && strlen(home) < MCA_PATH_SIZE / 2) {
        mca_text_add(cache, MCA_PATH_SIZE, "%s%s/mcasim", home, below);
    }
}

/* Makes a folder and those above it. */
static int make_folders(const char *path) {
    char text[MCA_PATH_SIZE] = "";
    mca_text_add(text, sizeof text, "%s", path);
    for (char *slash = strchr(text + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(text, 0700);
        *slash = '/';
    }
    return mkdir(text, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

/* 1 where nobody but the user can have written there: what is loaded from it runs. */
static int is_ours(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && info.st_uid == geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* A file's bytes, to be freed; NULL where it cannot be read. */
static char *read_whole(const char *path, size_t *size) {
    struct stat info;
    FILE *file = fopen(path, "rbe");
    char *bytes = NULL;
    if (file && fstat(fileno(file), &info) == 0 && info.st_size > 0) {
        *size = (size_t)info.st_size;
        bytes = malloc(*size);
        if (bytes && fread(bytes, 1, *size, file) != *size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file) {
        (void)fclose(file);
    }
    return bytes;
}

static void write_sum(const char *bytes, size_t size, char sum[SUM_SIZE + 1]) {
    const XXH128_hash_t hash = XXH3_128bits(bytes, size);
    (void)snprintf(sum, SUM_SIZE + 1, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
                   (uint64_t)hash.low64);
}

static int is_whole(const char *path) {
    char sum[SUM_SIZE + 1];
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    int is_it = bytes && size > SUM_SIZE;
    if (is_it) {
        write_sum(bytes, size - SUM_SIZE, sum);
        is_it = memcmp(bytes + size - SUM_SIZE, sum, SUM_SIZE) == 0;
    }
    free(bytes);
    return is_it;
}

/* Puts an object's sum behind it; programs are loaded all the same. */
static enum mca_status seal(const char *path, struct mca_error *error) {
    char sum[SUM_SIZE + 1] = "";
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    if (!bytes) {
        return mca_fail_errno(error, "%s", path);
    }
    write_sum(bytes, size, sum);
    free(bytes);
    FILE *file = fopen(path, "abe");
    const int is_written = file && fputs(sum, file) >= 0;
    return file && fclose(file) == 0 && is_written ? MCA_OK : mca_fail_errno(error, "%s", path);
}

/* Takes away what builds of this unit left that were killed. With its lock. */
static void sweep_up(const struct search *search) {
    DIR *stream = opendir(search->cache);
    for (const struct dirent *entry = stream ? readdir(stream) : NULL; entry;
         entry = readdir(stream)) {
        char path[MCA_PATH_SIZE + 300];
        if (strncmp(entry->d_name, search->key, strlen(search->key)) == 0 &&
            strncmp(entry->d_name + strlen(search->key), ".build-", 7) == 0) {
            (void)snprintf(path, sizeof path, "%s/%s", search->cache, entry->d_name);
            /* what was killed may have left a compiler, which writes for a while */
            for (int tries = 0; tries < 10 && mca_remove_tree(path) != 0; ++tries) {
            }
        }
    }
    if (stream) {
        (void)closedir(stream);
    }
}

/* Builds in `folder`, and gives the object the name `path` when it is whole. */
static enum mca_status build_in(struct search *search, const char *folder, const char *path,
                                struct mca_error *error) {
    const struct mca_dpu_rtl_set *set = &search->recipe.wanted->set;
    char object[MCA_PATH_SIZE + 320];
    (void)snprintf(object, sizeof object, "%s/unit.so", folder);
    char key[MCA_UNIT_KEY_SIZE];
    const int is_kept = search->object->temporary[0] == '\0';
    mca_observer_tell(
        search->observer, "verilating the digital unit of %s, %u lane%s and chi of %u bits%s%s%s",
        search->recipe.rtl, set->lanes, set->lanes == 1 ? "" : "s", set->chi_bits,
        search->recipe.wanted->waveform == MCA_DPU_RTL_NO_WAVEFORM ? "" : ", with waveforms",
        is_kept ? ": once, kept in " : "", is_kept ? search->cache : "");
    MCA_TRY(mca__dpu_unit_build(&search->recipe, folder, object, search->observer, error));
    MCA_TRY(mca__dpu_unit_key(&search->recipe, key, error));
    if (strcmp(key, search->key) != 0) {
        return mca_fail(error, MCA_FAILED, "%s: changed while the unit was built; try again",
                        search->recipe.rtl);
    }
    MCA_TRY(seal(object, error));
    return rename(object, path) == 0 ? MCA_OK : mca_fail_errno(error, "%s", path);
}

/* For this program alone. */
static enum mca_status build_aside(struct search *search, struct mca_error *error) {
    struct mca__dpu_unit_object *object = search->object;
    const char *folder = getenv("TMPDIR");
    mca_observer_tell(search->observer, "%s: the digital unit is built for this call alone",
                      search->cache[0] ? search->cache
                                       : "no home for a cache ($XDG_CACHE_HOME, $HOME)");
    mca_text_add(object->temporary, sizeof object->temporary, "%s/mcasim-XXXXXX",
                 folder && folder[0] == '/' ? folder : "/tmp");
    if (!mkdtemp(object->temporary)) {
        const enum mca_status status = mca_fail_errno(error, "%s", object->temporary);
        object->temporary[0] = '\0';
        return status;
    }
    (void)snprintf(object->path, sizeof object->path, "%s/whole.so", object->temporary);
    const enum mca_status status = build_in(search, object->temporary, object->path, error);
    if (status != MCA_OK) {
        mca__dpu_unit_release(object);
    }
    return status;
}

/* The descriptor that holds the unit's lock, -1 where there are no locks (names are unique all the
 * same). What waits for another's build hears so. */
static int lock(const struct search *search) {
    char path[MCA_PATH_SIZE + 64];
    (void)snprintf(path, sizeof path, "%s/%s.lock", search->cache, search->key);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        mca_observer_tell(search->observer,
                          "waiting for another process, which builds the same unit");
        while (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
               !mca_observer_stop(search->observer)) {
            const struct timespec while_s = {0, 100000000};
            (void)nanosleep(&while_s, NULL);
        }
    }
    return fd;
}

static enum mca_status build_in_cache(struct search *search, struct mca_error *error) {
    char unique[MCA_UNIQUE_SIZE];
    char folder[MCA_PATH_SIZE + 256];
    enum mca_status status = MCA_OK;
    const int fd = lock(search);
    const int stop = mca_observer_stop(search->observer);
    if (stop) {
        status = mca_fail(error, (enum mca_status)stop, "interrupted");
    } else if (!is_ours(search->object->path) || !is_whole(search->object->path)) {
        sweep_up(search);
        mca_unique_name(unique);
        (void)snprintf(folder, sizeof folder, "%s/%s.build-%s", search->cache, search->key, unique);
        status = mkdir(folder, 0700) == 0 ? build_in(search, folder, search->object->path, error)
                                          : build_aside(search, error);
        (void)mca_remove_tree(folder);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return status;
}

enum mca_status mca__dpu_unit_find(struct mca__dpu_unit_object *object,
                                   const struct mca_dpu_rtl_wanted *wanted,
                                   const struct mca_observer *observer, struct mca_error *error) {
    struct search search = {.object = object, .observer = observer};
    object->temporary[0] = '\0';
    MCA_TRY(mca__dpu_unit_recipe_init(&search.recipe, wanted, error));
    MCA_TRY(mca__dpu_unit_key(&search.recipe, search.key, error));
    name_cache(search.cache);
    (void)snprintf(object->path, sizeof object->path, "%s/%s.so", search.cache, search.key);
    if (!search.cache[0] || make_folders(search.cache) != 0 || !is_ours(search.cache)) {
        return build_aside(&search, error);
    }
    if (is_ours(object->path) && is_whole(object->path)) {
        return MCA_OK;
    }
    return access(search.cache, W_OK) == 0 ? build_in_cache(&search, error)
                                           : build_aside(&search, error);
}

void mca__dpu_unit_release(struct mca__dpu_unit_object *object) {
    if (object->temporary[0]) {
        (void)mca_remove_tree(object->temporary);
        object->temporary[0] = '\0';
    }
}
