/*
 * Building JSON documents with jansson. A builder remembers that memory ran out, so that calls need
 * no checks of their own; mca__json_write asks at the end.
 */
#ifndef MCA_BASE_JSON_WRITER_H
#define MCA_BASE_JSON_WRITER_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

struct mca__json {
    json_t *root;
    int failed;         /* memory ran out */
    unsigned shortages; /* before it was begun (json_memory.h) */
};

/* A document with an empty object. */
void mca__json_init(struct mca__json *json);

/* An empty object under `key`, or at the end of an array when `key` is NULL; borrowed. NULL after a
 * failure: every function takes it. */
json_t *mca__json_object(struct mca__json *json, json_t *parent, const char *key);
json_t *mca__json_array(struct mca__json *json, json_t *parent, const char *key);

/* Not-finite numbers become null. */
void mca__json_number(struct mca__json *json, json_t *object, const char *key, double value);
void mca__json_count(struct mca__json *json, json_t *object, const char *key, uint64_t value);
void mca__json_null(struct mca__json *json, json_t *object, const char *key);

/* Text that is not UTF-8 has its other bytes replaced. NULL becomes null. */
void mca__json_text(struct mca__json *json, json_t *object, const char *key, const char *text);

/* 16 hexadecimal digits. */
void mca__json_hash(struct mca__json *json, json_t *object, const char *key, uint64_t hash);

/* Writes the document to a stream and releases it. MCA_SYSTEM when it cannot be written, MCA_FAILED
 * for memory. */
enum mca_status mca__json_print(struct mca__json *json, FILE *out, struct mca_error *error);

/* The document as it is written to files, and released; *text is the caller's to free, *size are
 * its bytes without the zero at its end. MCA_FAILED for memory. */
enum mca_status mca__json_to_text(struct mca__json *json, char **text, size_t *size,
                                  struct mca_error *error);

/* Writes a text to dir/name. MCA_SYSTEM when it cannot be written whole. */
enum mca_status mca__text_write(const char *text, size_t size, const char *dir, const char *name,
                                struct mca_error *error);

/* Writes the document to dir/name and releases it. Doubles have 17 digits. */
enum mca_status mca__json_write(struct mca__json *json, const char *dir, const char *name,
                                struct mca_error *error);

#endif
