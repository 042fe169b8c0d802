/* YAML text into a libyaml document, with messages that name file and line. */
#ifndef MCA_BASE_YAML_INPUT_H
#define MCA_BASE_YAML_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#include "base/status.h"

enum { MCA_YAML_SIZE_MAX = 1 << 20 };

/* Which file was opened: the same file has the same identity under any name. */
struct mca_file_identity {
    uint64_t device;
    uint64_t inode;
};

/*
 * Reads a whole file of at most MCA_YAML_SIZE_MAX bytes into `*text`, which the caller frees.
 * `place` stands before the message ("a.yaml:1: base: ", or ""). MCA_SYSTEM when it cannot be
 * opened or read, MCA_INVALID when it is larger, MCA_FAILED for memory.
 */
enum mca_status mca_yaml_read_file(const char *path, const char *place, char **text, size_t *size,
                                   struct mca_file_identity *identity, struct mca_error *error);

/*
 * Parses the only document of `text`. On success the caller releases it with yaml_document_delete;
 * an empty text gives a document without a root node. MCA_INVALID names `name`, the line and what
 * is wrong: syntax, bytes that are no text, a second document.
 */
enum mca_status mca_yaml_parse(yaml_document_t *document, const char *name, const char *text,
                               size_t size, struct mca_error *error);

/*
 * Finds the first key of a mapping that stands before in it: *again, and *first, the key before;
 * both NULL where there is none. Keys that are no scalars are passed over. The time grows with the
 * number of keys. MCA_FAILED for memory.
 */
enum mca_status mca_yaml_find_duplicate(yaml_document_t *document, const yaml_node_t *mapping,
                                        const yaml_node_t **again, const yaml_node_t **first,
                                        struct mca_error *error);

/* Line of a node, from 1. */
uint32_t mca_yaml_line(const yaml_node_t *node);

/* The text of a scalar, or "" of anything else. */
const char *mca_yaml_text(const yaml_node_t *node);

/* 1 for a scalar that is not there: nothing after a colon. */
int mca_yaml_is_null(const yaml_node_t *node);

/* How many pairs a mapping has, or items a list. */
uint32_t mca_yaml_count(const yaml_node_t *node);

/* 1 when the node carries no tag but that of its kind. */
int mca_yaml_is_untagged(const yaml_node_t *node);

#endif
