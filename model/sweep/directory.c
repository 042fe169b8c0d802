#include "sweep/directory.h"

#include "base/durable_file.h"
#include "base/file_input.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void mca_sweep_point_path(char path[MCA_PATH_SIZE], const char *dir, uint64_t hash,
                          const char *suffix) {
    (void)snprintf(path, MCA_PATH_SIZE, "%.3900s/points/%016" PRIx64 "%s", dir, hash, suffix);
}

int mca_sweep_point_is_done(const char *dir, const struct mca_sweep_plan *plan,
                            struct mca_sweep_point *point, struct mca_error *reason) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    reason->message[0] = '\0';
    mca_sweep_point_path(path, dir, point->hash, "/summary.json");
    if (stat(path, &info) != 0) {
        return 0;
    }
    mca_sweep_point_path(path, dir, point->hash, "");
    if (mca_sweep_result_read(&point->result, &plan->metrics, path, reason) != MCA_OK) {
        return 0;
    }
    if (point->result.scenario_hash != point->scenario_hash) {
        (void)mca_fail(reason, MCA_INVALID, "%s/summary.json: of another scenario", path);
        return 0;
    }
    return 1;
}

int mca_sweep_point_has_failed(const char *dir, const struct mca_sweep_point *point) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    mca_sweep_point_path(path, dir, point->hash, ".failed");
    return stat(path, &info) == 0;
}

static int by_value(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t *sorted_hashes(const struct mca_sweep_points *points) {
    uint64_t *hashes = calloc(points->count, sizeof *hashes);
    for (uint32_t i = 0; hashes && i < points->count; ++i) {
        hashes[i] = points->list[i].hash;
    }
    if (hashes) {
        qsort(hashes, points->count, sizeof *hashes, by_value);
    }
    return hashes;
}

/* The points of an earlier plan that the new one lacks. */
struct earlier {
    uint32_t count;
    uint32_t missing;
};

static enum mca_status compare_points(FILE *file, const char *dir,
                                      const struct mca_sweep_points *points,
                                      struct earlier *earlier, struct mca_error *error) {
    char model[MCA_SWEEP_MODEL_SIZE];
    char line[256];
    mca_sweep_model(model);
    errno = 0;
    if (!fgets(line, sizeof line, file)) {
        line[0] = '\0';
    }
    if (ferror(file)) {
        return mca_fail_errno(error, "%s", dir);
    }
    line[strcspn(line, "\n")] = '\0';
    if (strcmp(line, model) != 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s holds a sweep of another version (%.80s); use another -o", dir, line);
    }
    uint64_t *hashes = sorted_hashes(points);
    if (!hashes) {
        return mca_fail_memory(error, dir);
    }
    while (fgets(line, sizeof line, file)) {
        const uint64_t hash = strtoull(line, NULL, 16);
        ++earlier->count;
        earlier->missing += !bsearch(&hash, hashes, points->count, sizeof hash, by_value);
    }
    free(hashes);
    return ferror(file) ? mca_fail_errno(error, "%s", dir) : MCA_OK;
}

/* Only what a sweep leaves that was killed as it began: hidden files and points/. */
static enum mca_status look_if_begun(const char *dir, int *begun, struct mca_error *error) {
    DIR *stream = opendir(dir);
    *begun = stream || errno == ENOENT;
    if (!stream && errno != ENOENT && errno != ENOTDIR) {
        return mca_fail_errno(error, "%s", dir);
    }
    for (const struct dirent *entry = stream ? readdir(stream) : NULL; entry;
         entry = readdir(stream)) {
        *begun &= entry->d_name[0] == '.' || strcmp(entry->d_name, "points") == 0;
    }
    if (stream) {
        (void)closedir(stream);
    }
    return MCA_OK;
}

/* What stands in DIR, if anything, must be this sweep or a part of it. */
static enum mca_status check_earlier(const char *dir, const struct mca_sweep_points *points,
                                     struct earlier *earlier, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%.3900s/points.txt", dir);
    int begun = 0;
    FILE *file;
    enum mca_status status = mca_open_regular(path, &file, error);
    if (status != MCA_OK) {
        MCA_TRY(look_if_begun(dir, &begun, error));
        if (begun) {
            return MCA_OK;
        }
        status = mca_open_regular(path, &file, error); /* somebody may just have begun it */
    }
    if (status != MCA_OK && errno != ENOENT) {
        return status;
    }
    if (status != MCA_OK) {
        return mca_fail(error, MCA_INVALID,
                        "%s exists and is not a sweep's directory; use another -o", dir);
    }
    status = compare_points(file, dir, points, earlier, error);
    (void)fclose(file);
    MCA_TRY(status);
    return earlier->missing == 0
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s holds another sweep: %u of its %u points are not in this one; use "
                          "another -o",
                          dir, earlier->missing, earlier->count);
}

/* Points behind a link would be written where somebody else wants them. */
static enum mca_status refuse_link(const char *path, struct mca_error *error) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode)
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s is no directory of its own; use another -o",
                          path);
}

static enum mca_status make_directories(const char *dir, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%.3900s/points", dir);
    for (char *c = path + 1;; ++c) {
        const char held = *c;
        if (held != '/' && held != '\0') {
            continue;
        }
        *c = '\0';
        const int made = mkdir(path, 0777) == 0;
        if (!made && errno != EEXIST) {
            return mca_fail_errno(error, "cannot make %s", path);
        }
        MCA_TRY(made ? mca_sync_parent(path, error) : MCA_OK);
        *c = held;
        if (held == '\0') {
            return refuse_link(path, error);
        }
    }
}

static enum mca_status write_plan(const char *dir, const struct mca_sweep_plan *plan,
                                  const struct mca_sweep_points *points, struct mca_error *error) {
    char path[MCA_PATH_SIZE];
    char model[MCA_SWEEP_MODEL_SIZE];
    struct mca_new_file out;
    mca_sweep_model(model);
    (void)snprintf(path, sizeof path, "%.3900s/points.txt", dir);
    MCA_TRY(mca_new_file_open(&out, path, error));
    errno = 0;
    (void)fprintf(out.file, "%s\n", model);
    for (uint32_t i = 0; i < points->count; ++i) {
        (void)fprintf(out.file, "%016" PRIx64 "\n", points->list[i].hash);
    }
    MCA_TRY(mca_new_file_end(&out, MCA_OK, error));
    (void)snprintf(path, sizeof path, "%.3900s/%s", dir, plan->copy);
    return mca_write_whole(path, plan->text, plan->text_size, error);
}

static enum mca_status check_directory(const char *dir, const struct mca_sweep_points *points,
                                       int *grows, const struct mca_observer *observer,
                                       struct mca_error *error) {
    struct earlier earlier = {0, 0};
    if (dir[0] == '\0' || strlen(dir) > 3800) {
        return mca_fail(error, MCA_INVALID, "-o: '%.60s' cannot be a directory's path", dir);
    }
    MCA_TRY(check_earlier(dir, points, &earlier, error));
    if (earlier.count > 0 && earlier.count < points->count) {
        mca_observer_tell(observer, "%s: %u point%s the %u of before", dir,
                          points->count - earlier.count,
                          points->count - earlier.count == 1 ? " joins" : "s join", earlier.count);
    }
    *grows = earlier.count < points->count;
    return MCA_OK;
}

enum mca_status mca_sweep_directory_check(const char *dir, const struct mca_sweep_points *points,
                                          const struct mca_observer *observer,
                                          struct mca_error *error) {
    int grows;
    return check_directory(dir, points, &grows, observer, error);
}

void mca_sweep_results_remove(const char *dir) {
    static const char *const names[] = {"sweep.csv",  "groups.csv",    "pareto.csv",
                                        "layers.csv", "sweep.json",    "sweep.html",
                                        "front.csv",  "optimise.json", "best.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        char path[MCA_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%.3900s/%s", dir, names[i]);
        (void)unlink(path);
    }
}

enum mca_status mca_sweep_directory_open(const char *dir, const struct mca_sweep_plan *plan,
                                         const struct mca_sweep_points *points,
                                         const struct mca_observer *observer,
                                         struct mca_error *error) {
    int grows = 0;
    MCA_TRY(check_directory(dir, points, &grows, observer, error));
    MCA_TRY(make_directories(dir, error));
    if (grows) {
        mca_sweep_results_remove(dir); /* those of fewer points would contradict the plan */
    }
    return write_plan(dir, plan, points, error);
}
