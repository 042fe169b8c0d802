#include "base/json_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/out_file.h"

void mca__json_init(struct mca__json *json) {
    json->shortages = mca_json_shortages();
    json->root = json_object();
    json->failed = json->root == NULL;
}

/* Takes over `value`, also when it cannot be put. */
static void put(struct mca__json *json, json_t *parent, const char *key, json_t *value) {
    const int failed =
        key ? json_object_set_new(parent, key, value) : json_array_append_new(parent, value);
    json->failed |= failed != 0;
}

static json_t *put_child(struct mca__json *json, json_t *parent, const char *key, json_t *child) {
    const int had_failed = json->failed;
    json->failed = 0;
    put(json, parent, key, child);
    json_t *kept = json->failed ? NULL : child;
    json->failed |= had_failed;
    return kept;
}

json_t *mca__json_object(struct mca__json *json, json_t *parent, const char *key) {
    return put_child(json, parent, key, json_object());
}

json_t *mca__json_array(struct mca__json *json, json_t *parent, const char *key) {
    return put_child(json, parent, key, json_array());
}

void mca__json_number(struct mca__json *json, json_t *object, const char *key, double value) {
    put(json, object, key, isfinite(value) ? json_real(value) : json_null());
}

void mca__json_count(struct mca__json *json, json_t *object, const char *key, uint64_t value) {
    /* JSON integers end at 2^63 here; no count comes near */
    put(json, object, key, json_integer((json_int_t)(value & INT64_MAX)));
}

void mca__json_null(struct mca__json *json, json_t *object, const char *key) {
    put(json, object, key, json_null());
}

void mca__json_text(struct mca__json *json, json_t *object, const char *key, const char *text) {
    errno = 0;
    json_t *value = text ? json_string(text) : json_null();
    const int is_not_utf8 = text && !value && errno != ENOMEM;
    char *plain = is_not_utf8 ? malloc(strlen(text) + 1) : NULL;
    if (plain) {
        strcpy(plain, text);
        for (char *c = plain; *c; ++c) {
            *c = (unsigned char)*c >= 0x80 ? '?' : *c;
        }
        value = json_string(plain);
        free(plain);
    }
    put(json, object, key, value);
}

void mca__json_hash(struct mca__json *json, json_t *object, const char *key, uint64_t hash) {
    char text[17];
    (void)snprintf(text, sizeof text, "%016" PRIx64, hash);
    mca__json_text(json, object, key, text);
}

static const size_t FLAGS = JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17);

enum mca_status mca__json_print(struct mca__json *json, FILE *out, struct mca_error *error) {
    errno = 0;
    const int dumped = !json->failed && json_dumpf(json->root, out, FLAGS) == 0 &&
                       mca_json_shortages() == json->shortages && fputc('\n', out) != EOF &&
                       fflush(out) == 0;
    const enum mca_status status =
        dumped        ? MCA_OK
        : ferror(out) ? mca_fail_errno(error, "cannot write JSON to standard output")
                      : mca_fail_memory(error, "JSON");
    json_decref(json->root);
    json->root = NULL;
    return status;
}

enum mca_status mca__json_to_text(struct mca__json *json, char **text, size_t *size,
                                  struct mca_error *error) {
    char *dumped = json->failed ? NULL : json_dumps(json->root, FLAGS);
    json_decref(json->root);
    json->root = NULL;
    *size = dumped ? strlen(dumped) + 1 : 0;
    *text = dumped ? malloc(*size + 1) : NULL;
    if (*text) {
        (void)snprintf(*text, *size + 1, "%s\n", dumped);
    }
    mca_json_give_back(dumped);
    if (*text && mca_json_shortages() == json->shortages) {
        return MCA_OK;
    }
    free(*text);
    return mca_fail_memory(error, "JSON");
}

enum mca_status mca__text_write(const char *text, size_t size, const char *dir, const char *name,
                                struct mca_error *error) {
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, name, error));
    (void)fwrite(text, 1, size, out.file);
    return mca_out_close(&out, error);
}

enum mca_status mca__json_write(struct mca__json *json, const char *dir, const char *name,
                                struct mca_error *error) {
    char *text;
    size_t size;
    MCA_TRY(mca__json_to_text(json, &text, &size, error));
    const enum mca_status status = mca__text_write(text, size, dir, name, error);
    free(text);
    return status;
}
