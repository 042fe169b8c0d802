#include "reports/formats/json_reader.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_input.h"
#include "reports/formats/json_memory.h"

enum { SIZE_MAX_BYTES = 1 << 28 };

enum mca_status mca__json_load(const char *path, const char *kind, json_t **out,
                               struct mca_error *error) {
    FILE *file;
    struct stat info;
    MCA_TRY(mca_open_regular(path, &file, error));
    if (fstat(fileno(file), &info) == 0 && info.st_size > SIZE_MAX_BYTES) {
        (void)fclose(file);
        return mca_fail(error, MCA_INVALID, "%s: larger than %d bytes; no %s is", path,
                        SIZE_MAX_BYTES, kind);
    }
    json_error_t fault;
    const unsigned shortages = mca__json_shortages();
    errno = 0;
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &fault);
    const int is_short =
        errno == ENOMEM ||
        mca__json_shortages() != shortages; /* jansson calls that a fault of the text */
    if (ferror(file)) {
        errno = errno ? errno : EIO; /* jansson clears it before each number */
        const enum mca_status status = mca_fail_errno(error, "%s", path);
        (void)fclose(file);
        json_decref(root);
        return status;
    }
    (void)fclose(file);
    if (is_short) {
        json_decref(root);
        return mca_fail_memory(error, path);
    }
    if (!root) {
        return mca_fail(error, MCA_INVALID, "%s:%d: %s", path, fault.line, fault.text);
    }
    *out = root;
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
    const size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (!copy) {
        reader->status = mca_fail_memory(reader->error, reader->path);
        return NULL;
    }
    memcpy(copy, text, size);
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
