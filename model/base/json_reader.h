/* Reading a run's JSON files: what is wrong is told with file and key. */
#ifndef MCA_BASE_JSON_READER_H
#define MCA_BASE_JSON_READER_H

#include <jansson.h>
#include <stdint.h>

#include "base/status.h"

/* Reads a file whole; `*root` is the caller's. `kind` names such files in a message. Errors:
 * MCA_SYSTEM when it cannot be opened or read, MCA_INVALID when it is no JSON or too large. */
enum mca_status mca__json_load(const char *path, const char *kind, json_t **root,
                               struct mca_error *error);

/* The same, with the bytes that it was read from; *text is the caller's to free. */
enum mca_status mca__json_load_text(const char *path, const char *kind, json_t **root, char **text,
                                    size_t *size, struct mca_error *error);

/* A file being read; the first thing that is wrong is told, later ones are not looked at. */
struct mca__json_reader {
    const char *path;
    struct mca_error *error;
    enum mca_status status;
};

/* "PATH: KEY: expected WANTED" */
void mca__json_refuse(struct mca__json_reader *reader, const char *key, const char *wanted);

/* The value under a key of `parent`, which may be NULL; something harmless where it is refused. */
const json_t *mca__json_object_at(struct mca__json_reader *reader, const json_t *parent,
                                  const char *key);
uint64_t mca__json_count_at(struct mca__json_reader *reader, const json_t *parent, const char *key);
uint32_t mca__json_small_count_at(struct mca__json_reader *reader, const json_t *parent,
                                  const char *key);
char *mca__json_text_at(struct mca__json_reader *reader, const json_t *parent,
                        const char *key); /* owned by the caller, tame; NULL where refused */
double mca__json_number_at(struct mca__json_reader *reader, const json_t *parent,
                           const char *key); /* null is NAN */
uint64_t mca__json_hash_at(struct mca__json_reader *reader, const json_t *parent, const char *key);

#endif
