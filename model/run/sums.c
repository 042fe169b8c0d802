#include "run/sums.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/file_input.h"
#include "base/json_reader.h"

enum { PATH_SIZE = MCA_PATH_SIZE + 300, BLOCK = 1 << 16, DIGITS = 16 };

/* What is read back from a run's directory, beside weights/. */
static const char *const FILES[] = {
    "scenario.yaml", "ledger.json",       "epochs.csv", "confusion.csv", "ages.csv",
    "energy.csv",    "energy_layers.csv", "chip.json",  "timeline.json", "weights.npz"};

static const char ZEROS[] = "0000000000000000";
static const char CHECKSUM_KEY[] = "\"checksum\": \"";

struct file_sum {
    uint64_t bytes;
    uint64_t hash;
};

static enum mca_status sum_stream(FILE *file, const char *path, struct file_sum *sum,
                                  struct mca_error *error) {
    unsigned char block[BLOCK];
    XXH3_state_t *state = XXH3_createState();
    enum mca_status status =
        state && XXH3_64bits_reset(state) == XXH_OK ? MCA_OK : mca_fail_memory(error, path);
    *sum = (struct file_sum){0, 0};
    while (status == MCA_OK) {
        const size_t got = fread(block, 1, BLOCK, file);
        if (got == 0) {
            break;
        }
        (void)XXH3_64bits_update(state, block, got);
        sum->bytes += got;
    }
    if (status == MCA_OK) {
        sum->hash = XXH3_64bits_digest(state);
        errno = errno ? errno : EIO;
        status = ferror(file) ? mca_fail_errno(error, "%s", path) : MCA_OK;
    }
    XXH3_freeState(state);
    return status;
}

static enum mca_status sum_file(const char *path, struct file_sum *sum, struct mca_error *error) {
    FILE *file;
    *sum = (struct file_sum){0, 0};
    MCA_TRY(mca_open_regular(path, &file, error));
    errno = 0;
    const enum mca_status status = sum_stream(file, path, sum, error);
    (void)fclose(file);
    return status;
}

/* The digits of the last checksum in the text of a summary, or NULL. */
static char *checksum_digits(char *text, size_t size) {
    const size_t length = sizeof CHECKSUM_KEY - 1;
    for (size_t i = size; i >= length + DIGITS + 1; --i) {
        char *at = text + i - length - DIGITS - 1;
        if (memcmp(at, CHECKSUM_KEY, length) == 0) {
            return at + length;
        }
    }
    return NULL;
}

/* Sets the digits to zero, and gives those that should have stood there. */
static uint64_t hash_of_summary(char *text, size_t size, char *digits) {
    memcpy(digits, ZEROS, DIGITS);
    return XXH3_64bits(text, size);
}

static enum mca_status check_summary_text(const char *path, char *text, size_t size,
                                          struct mca_error *error) {
    char found[DIGITS + 1];
    char expected[DIGITS + 1];
    char *digits = checksum_digits(text, size);
    if (!digits) {
        return mca_fail(error, MCA_INVALID, "%s: checksum: expected 16 hexadecimal digits", path);
    }
    memcpy(expected, digits, DIGITS);
    expected[DIGITS] = '\0';
    mca_text_tame(expected, '?');
    (void)snprintf(found, sizeof found, "%016" PRIx64, hash_of_summary(text, size, digits));
    return strcmp(found, expected) == 0
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s: checksum: expected %s, found %s: the file was changed since the run",
                          path, expected, found);
}

/* A summary of before there were checksums has neither of the two keys. */
static enum mca_status check_summary(const char *path, const json_t *root, char *text, size_t size,
                                     struct mca_error *error) {
    const json_int_t schema = json_integer_value(json_object_get(root, "schema_version"));
    const int has_sums = json_object_get(root, "files") || json_object_get(root, "checksum");
    if (schema == 1 && !has_sums) {
        return MCA_OK;
    }
    if (schema != MCA_SUMMARY_SCHEMA) {
        return mca_fail(error, MCA_INVALID,
                        "%s: schema_version: expected %d: the run is of another version of mcasim",
                        path, MCA_SUMMARY_SCHEMA);
    }
    MCA_TRY(check_summary_text(path, text, size, error));
    return json_is_object(json_object_get(root, "files"))
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s: files: expected an object", path);
}

enum mca_status mca_run_summary_load(const char *dir, json_t **out, struct mca_error *error) {
    char path[PATH_SIZE];
    char *text;
    size_t size;
    json_t *root;
    (void)snprintf(path, sizeof path, "%.*s/summary.json", MCA_PATH_SIZE, dir);
    MCA_TRY(mca__json_load_text(path, "summary", &root, &text, &size, error));
    const enum mca_status status = check_summary(path, root, text, size, error);
    free(text);
    if (status != MCA_OK) {
        json_decref(root);
        return status;
    }
    *out = root;
    return MCA_OK;
}

static uint64_t hash_in(const json_t *root, const char *object) {
    const char *text = json_string_value(json_object_get(json_object_get(root, object), "hash"));
    return text ? strtoull(text, NULL, 16) : 0;
}

enum mca_status mca_run_summary_origin(const char *dir, uint64_t *scenario, uint64_t *data,
                                       struct mca_error *error) {
    json_t *root;
    MCA_TRY(mca_run_summary_load(dir, &root, error));
    *scenario = hash_in(root, "scenario");
    *data = hash_in(root, "dataset");
    json_decref(root);
    return MCA_OK;
}

enum mca_status mca_run_sums_open(struct mca_run_sums *sums, const char *dir,
                                  struct mca_error *error) {
    json_t *root;
    if (strlen(dir) >= sizeof sums->dir) {
        return mca_fail(error, MCA_INVALID, "%.60s...: the path is too long", dir);
    }
    (void)snprintf(sums->dir, sizeof sums->dir, "%s", dir);
    MCA_TRY(mca_run_summary_load(dir, &root, error));
    sums->files = json_incref(json_object_get(root, "files"));
    sums->advice = json_incref(json_object_get(root, "advice"));
    json_decref(root);
    return MCA_OK;
}

void mca_run_sums_close(struct mca_run_sums *sums) {
    json_decref(sums->files);
    json_decref(sums->advice);
    *sums = (struct mca_run_sums){.files = NULL};
}

void mca_run_sums_notice(const struct mca_run_sums *sums, char line[MCA_ERROR_SIZE]) {
    (void)snprintf(line, MCA_ERROR_SIZE,
                   "%.800s: of a version without checksums: damage to its files does not show",
                   sums->dir);
}

static enum mca_status compare_sums(const char *path, const json_t *expected,
                                    const struct file_sum *found, struct mca_error *error) {
    char digits[DIGITS + 1];
    const json_int_t bytes = json_integer_value(json_object_get(expected, "bytes"));
    const char *wanted = json_string_value(json_object_get(expected, "xxh3"));
    (void)snprintf(digits, sizeof digits, "%016" PRIx64, found->hash);
    if (wanted && strcmp(wanted, digits) == 0 && (json_int_t)found->bytes == bytes) {
        return MCA_OK;
    }
    return mca_fail(error, MCA_INVALID,
                    "%s: expected %lld bytes with checksum %.16s, found %" PRIu64
                    " with %s: the file was changed since the run",
                    path, (long long)bytes, wanted ? wanted : "", found->bytes, digits);
}

enum mca_status mca_run_sums_check(const struct mca_run_sums *sums, const char *name,
                                   struct mca_error *error) {
    char path[PATH_SIZE];
    struct file_sum found;
    if (!sums->files) {
        return MCA_OK;
    }
    (void)snprintf(path, sizeof path, "%s/%.250s", sums->dir, name);
    const json_t *expected = json_object_get(sums->files, name);
    const int is_missing = access(path, F_OK) != 0 && errno == ENOENT;
    if (!expected && is_missing) {
        return MCA_OK;
    }
    if (!expected) {
        return mca_fail(error, MCA_INVALID,
                        "%s: not a file of the run: summary.json has no checksum of it", path);
    }
    if (is_missing) {
        return mca_fail(error, MCA_INVALID, "%s: expected %lld bytes, found no such file", path,
                        (long long)json_integer_value(json_object_get(expected, "bytes")));
    }
    MCA_TRY(sum_file(path, &found, error));
    return compare_sums(path, expected, &found, error);
}

static int is_array(const struct dirent *entry) {
    const size_t length = strlen(entry->d_name);
    return length > 4 && length < 200 && strcmp(entry->d_name + length - 4, ".npy") == 0;
}

/* The arrays in a directory, in the order of their names; each and the list are the caller's. */
static enum mca_status list_arrays(const char *dir, struct dirent ***entries, int *count,
                                   struct mca_error *error) {
    *count = scandir(dir, entries, is_array, alphasort);
    return *count >= 0 ? MCA_OK : mca_fail_errno(error, "%s", dir);
}

/* Each array that is there, and each that the summary names. */
enum mca_status mca_run_sums_check_weights(const struct mca_run_sums *sums,
                                           struct mca_error *error) {
    char path[PATH_SIZE];
    struct dirent **entries;
    const char *name;
    json_t *value;
    if (!sums->files) {
        return MCA_OK;
    }
    json_object_foreach(sums->files, name, value) {
        if (strncmp(name, "weights/", 8) == 0) {
            MCA_TRY(mca_run_sums_check(sums, name, error));
        }
    }
    (void)snprintf(path, sizeof path, "%s/weights", sums->dir);
    int count;
    MCA_TRY(list_arrays(path, &entries, &count, error));
    enum mca_status status = MCA_OK;
    for (int i = 0; i < count; ++i) {
        char file[PATH_SIZE];
        (void)snprintf(file, sizeof file, "weights/%.200s", entries[i]->d_name);
        if (status == MCA_OK && !json_object_get(sums->files, file)) {
            status = mca_run_sums_check(sums, file, error);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum mca_status mca_weights_sum(const char *source, uint64_t *hash, struct mca_error *error) {
    struct stat about;
    struct dirent **entries;
    struct file_sum sum;
    if (stat(source, &about) != 0 || !S_ISDIR(about.st_mode)) {
        const enum mca_status status = sum_file(source, &sum, error);
        *hash = sum.hash;
        return status;
    }
    int count;
    MCA_TRY(list_arrays(source, &entries, &count, error));
    enum mca_status status =
        count > 0 ? MCA_OK : mca_fail(error, MCA_INVALID, "%.400s: no .npy file is in it", source);
    *hash = 0;
    for (int i = 0; i < count; ++i) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%.*s/%.250s", MCA_PATH_SIZE, source, entries[i]->d_name);
        if (status == MCA_OK) {
            status = sum_file(path, &sum, error);
        }
        *hash = XXH3_64bits_withSeed(entries[i]->d_name, strlen(entries[i]->d_name), *hash);
        *hash = XXH3_64bits_withSeed(&sum.hash, sizeof sum.hash, *hash);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum mca_status put_file(struct mca__json *json, json_t *files, const char *dir,
                                const char *name, struct mca_error *error) {
    char path[PATH_SIZE];
    struct file_sum sum;
    (void)snprintf(path, sizeof path, "%.*s/%.250s", MCA_PATH_SIZE, dir, name);
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return MCA_OK;
    }
    MCA_TRY(sum_file(path, &sum, error));
    json_t *o = mca__json_object(json, files, name);
    mca__json_count(json, o, "bytes", sum.bytes);
    mca__json_hash(json, o, "xxh3", sum.hash);
    return MCA_OK;
}

static enum mca_status put_files(struct mca__json *json, const char *dir, struct mca_error *error) {
    char path[PATH_SIZE];
    struct dirent **entries = NULL;
    json_t *files = mca__json_object(json, json->root, "files");
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; ++i) {
        MCA_TRY(put_file(json, files, dir, FILES[i], error));
    }
    (void)snprintf(path, sizeof path, "%.*s/weights", MCA_PATH_SIZE, dir);
    const int count = scandir(path, &entries, is_array, alphasort);
    if (count < 0 && errno != ENOENT) { /* a run that was priced again has none */
        return mca_fail_errno(error, "%s", path);
    }
    enum mca_status status = MCA_OK;
    for (int i = 0; i < count; ++i) {
        char name[PATH_SIZE];
        (void)snprintf(name, sizeof name, "weights/%.200s", entries[i]->d_name);
        status = status == MCA_OK ? put_file(json, files, dir, name, error) : status;
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum mca_status mca_run_summary_write(struct mca__json *json, const char *dir,
                                      struct mca_error *error) {
    char *text;
    size_t size;
    const enum mca_status status = put_files(json, dir, error);
    if (status != MCA_OK) {
        json_decref(json->root);
        json->root = NULL;
        return status;
    }
    mca__json_text(json, json->root, "checksum", ZEROS);
    MCA_TRY(mca__json_to_text(json, &text, &size, error));
    char *digits = checksum_digits(text, size);
    char hash[DIGITS + 1];
    (void)snprintf(hash, sizeof hash, "%016" PRIx64, hash_of_summary(text, size, digits));
    memcpy(digits, hash, DIGITS);
    const enum mca_status written = mca__text_write(text, size, dir, "summary.json", error);
    free(text);
    return written;
}
