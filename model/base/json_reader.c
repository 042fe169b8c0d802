#include "base/json_reader.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_input.h"
#include "base/json_memory.h"

enum { SIZE_MAX_BYTES = 1 << 28 };

/* A file of which nothing is known but that it is not too large. */
static enum mca_status read_stream(FILE *file, const char *path, const char *kind, char **text,
                                   size_t *size, struct mca_error *error) {
    struct stat info;
    errno = 0;
    const size_t expected =
        fstat(fileno(file), &info) == 0 && info.st_size > 0 ? (size_t)info.st_size : 0;
    if (expected > SIZE_MAX_BYTES) {
        return mca_fail(error, MCA_INVALID, "%s: larger than %d bytes; no %s is", path,
                        SIZE_MAX_BYTES, kind);
    }
    *text = malloc(expected + 1);
    if (!*text) {
        return mca_fail_memory(error, path);
    }
    *size = fread(*text, 1, expected, file);
    if (ferror(file)) {
        errno = errno ? errno : EIO;
        free(*text);
        return mca_fail_errno(error, "%s", path);
    }
    (*text)[*size] = '\0';
    return MCA_OK;
}

static enum mca_status parse(const char *text, size_t size, const char *path, json_t **root,
                             struct mca_error *error) {
    json_error_t fault;
    const unsigned shortages = mca_json_shortages();
    errno = 0;
    *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
    if (errno == ENOMEM || mca_json_shortages() != shortages) {
        json_decref(*root); /* jansson calls that a fault of the text */
        return mca_fail_memory(error, path);
    }
    return *root ? MCA_OK : mca_fail(error, MCA_INVALID, "%s:%d: %s", path, fault.line, fault.text);
}

enum mca_status mca__json_load_text(const char *path, const char *kind, json_t **root, char **text,
                                    size_t *size, struct mca_error *error) {
    FILE *file;
    *text = NULL;
    *size = 0;
    MCA_TRY(mca_open_regular(path, &file, error));
    enum mca_status status = read_stream(file, path, kind, text, size, error);
    (void)fclose(file);
    MCA_TRY(status);
    status = parse(*text, *size, path, root, error);
    if (status != MCA_OK) {
        free(*text);
    }
    return status;
}

enum mca_status mca__json_load(const char *path, const char *kind, json_t **root,
                               struct mca_error *error) {
    char *text = NULL;
    size_t size = 0;
    MCA_TRY(mca__json_load_text(path, kind, root, &text, &size, error));
    free(text);
    return MCA_OK;
}

void mca__json_refuse(struct mca__json_reader *reader, const char *key, const char *wanted) {
    if (reader->status == MCA_OK) {
        reader->status =
            mca_fail(reader->error, MCA_INVALID, "%s: %s: expected %s", reader->path, key, wanted);
    }
}

const json_t *mca__json_object_at(struct mca__json_reader *reader, const json_t *parent,
                                  const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_object(value)) {
        mca__json_refuse(reader, key, "an object");
    }
    return value;
}

uint64_t mca__json_count_at(struct mca__json_reader *reader, const json_t *parent,
                            const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        mca__json_refuse(reader, key, "a whole number, 0 or more");
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

uint32_t mca__json_small_count_at(struct mca__json_reader *reader, const json_t *parent,
                                  const char *key) {
    const uint64_t count = mca__json_count_at(reader, parent, key);
    if (count > UINT32_MAX) {
        mca__json_refuse(reader, key, "a whole number below 2^32");
    }
    return (uint32_t)count;
}

char *mca__json_text_at(struct mca__json_reader *reader, const json_t *parent, const char *key) {
    const char *text = json_string_value(json_object_get(parent, key));
    if (!text) {
        mca__json_refuse(reader, key, "text");
        return NULL;
    }
    char *copy = strdup(text);
    if (!copy) {
        reader->status = mca_fail_memory(reader->error, reader->path);
        return NULL;
    }
    mca_text_tame(copy, '?');
    return copy;
}

/* null is NAN. */
double mca__json_number_at(struct mca__json_reader *reader, const json_t *parent, const char *key) {
    const json_t *value = json_object_get(parent, key);
    if (!json_is_number(value) && !json_is_null(value)) {
        mca__json_refuse(reader, key, "a number or null");
    }
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

uint64_t mca__json_hash_at(struct mca__json_reader *reader, const json_t *parent, const char *key) {
    const char *text = json_string_value(json_object_get(parent, key));
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16) {
        mca__json_refuse(reader, key, "16 hexadecimal digits");
        return 0;
    }
    return strtoull(text, NULL, 16);
}
