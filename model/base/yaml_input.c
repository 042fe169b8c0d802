#include "base/yaml_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

/* The buffer holds a byte more than is allowed. */
static enum mca_status read_stream(FILE *file, const char *path, const char *place, char *buffer,
                                   size_t *size, struct mca_file_identity *identity,
                                   struct mca_error *error) {
    struct stat info;
    if (fstat(fileno(file), &info) != 0) {
        return mca_fail_errno(error, "%scannot read %s", place, path);
    }
    *identity = (struct mca_file_identity){(uint64_t)info.st_dev, (uint64_t)info.st_ino};
    if (!buffer) {
        return mca_fail_memory(error, path);
    }
    *size = fread(buffer, 1, MCA_YAML_SIZE_MAX + 1, file);
    if (ferror(file)) {
        return mca_fail_errno(error, "%scannot read %s", place, path);
    }
    return *size <= MCA_YAML_SIZE_MAX
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s%s: larger than %d bytes; no scenario is", place,
                          path, MCA_YAML_SIZE_MAX);
}

enum mca_status mca_yaml_read_file(const char *path, const char *place, char **text, size_t *size,
                                   struct mca_file_identity *identity, struct mca_error *error) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return mca_fail_errno(error, "%scannot open %s", place, path);
    }
    char *buffer = malloc(MCA_YAML_SIZE_MAX + 1);
    const enum mca_status status = read_stream(file, path, place, buffer, size, identity, error);
    (void)fclose(file);
    if (status != MCA_OK) {
        free(buffer);
        return status;
    }
    *text = buffer;
    return MCA_OK;
}

static size_t line_at(const char *text, size_t size, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < size && i < offset; ++i) {
        line += text[i] == '\n';
    }
    return line;
}

static enum mca_status parser_failure(const yaml_parser_t *parser, const char *name,
                                      const char *text, size_t size, struct mca_error *error) {
    const char *problem = parser->problem ? parser->problem : "unknown fault";
    if (parser->error == YAML_MEMORY_ERROR ||
        parser->error == YAML_NO_ERROR) { /* libyaml does not set it where it cannot begin */
        return mca_fail_memory(error, name);
    }
    if (parser->error == YAML_READER_ERROR) {
        return mca_fail(error, MCA_INVALID, "%s:%zu: not a YAML text: %s (byte %zu)", name,
                        line_at(text, size, parser->problem_offset), problem,
                        parser->problem_offset);
    }
    return mca_fail(error, MCA_INVALID, "%s:%zu: not valid YAML: %s%s%s", name,
                    parser->problem_mark.line + 1, problem, parser->context ? " " : "",
                    parser->context ? parser->context : "");
}

/* The text must end after its first document. */
static enum mca_status expect_end(yaml_parser_t *parser, const char *name, const char *text,
                                  size_t size, struct mca_error *error) {
    yaml_document_t extra;
    if (!yaml_parser_load(parser, &extra)) {
        return parser_failure(parser, name, text, size, error);
    }
    const int at_end = yaml_document_get_root_node(&extra) == NULL;
    const size_t line = extra.start_mark.line + 1;
    yaml_document_delete(&extra);
    return at_end ? MCA_OK
                  : mca_fail(error, MCA_INVALID,
                             "%s:%zu: a second YAML document; only one is allowed", name, line);
}

/*
 * Refuses nesting that no scenario has before the document is built: libyaml's time grows with the
 * square of the depth of brackets. Faults are left to the real parse, which describes them.
 */
static enum mca_status check_depth(const char *name, const char *text, size_t size,
                                   struct mca_error *error) {
    enum { DEPTH_MAX = 16 };
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return mca_fail_memory(error, name);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    enum mca_status status = MCA_OK;
    for (int depth = 0, done = 0; !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            break;
        }
        depth += event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
        depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        done = event.type == YAML_STREAM_END_EVENT;
        if (depth > DEPTH_MAX) {
            status = mca_fail(error, MCA_INVALID, "%s:%zu: nested deeper than %d levels", name,
                              event.start_mark.line + 1, DEPTH_MAX);
            done = 1;
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}

enum mca_status mca_yaml_parse(yaml_document_t *document, const char *name, const char *text,
                               size_t size, struct mca_error *error) {
    MCA_TRY(check_depth(name, text, size, error));
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return mca_fail_memory(error, name);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    enum mca_status status = MCA_OK;
    if (!yaml_parser_load(&parser, document)) {
        status = parser_failure(&parser, name, text, size, error);
    } else {
        if (yaml_document_get_root_node(document)) {
            status = expect_end(&parser, name, text, size, error);
        }
        if (status != MCA_OK) {
            yaml_document_delete(document);
        }
    }
    yaml_parser_delete(&parser);
    return status;
}

/* The place of a key in an open table of `size` places, a power of two: its own or a free one. */
static size_t place_of(const yaml_node_t *const *table, size_t size, const yaml_node_t *key) {
    const size_t length = key->data.scalar.length;
    size_t place = XXH3_64bits(key->data.scalar.value, length) & (size - 1);
    while (table[place] &&
           (table[place]->data.scalar.length != length ||
            memcmp(table[place]->data.scalar.value, key->data.scalar.value, length) != 0)) {
        place = (place + 1) & (size - 1);
    }
    return place;
}

enum mca_status mca_yaml_find_duplicate(yaml_document_t *document, const yaml_node_t *mapping,
                                        const yaml_node_t **again, const yaml_node_t **first,
                                        struct mca_error *error) {
    const yaml_node_pair_t *start = mapping->data.mapping.pairs.start;
    const size_t count = (size_t)(mapping->data.mapping.pairs.top - start);
    size_t size = 16;
    while (size < 2 * count) {
        size *= 2;
    }
    /* pointers: NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const yaml_node_t **table = calloc(size, sizeof *table);
    if (!table) {
        return mca_fail_memory(error, "keys of a mapping");
    }
    *again = NULL;
    *first = NULL;
    for (size_t i = 0; i < count && !*again; ++i) {
        const yaml_node_t *key = yaml_document_get_node(document, start[i].key);
        if (key->type == YAML_SCALAR_NODE) {
            const yaml_node_t **place = &table[place_of(table, size, key)];
            *first = *place;
            *again = *place ? key : NULL;
            *place = key;
        }
    }
    free(table);
    return MCA_OK;
}

uint32_t mca_yaml_line(const yaml_node_t *node) {
    return (uint32_t)node->start_mark.line + 1;
}

const char *mca_yaml_text(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

int mca_yaml_is_null(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 &&
           node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

uint32_t mca_yaml_count(const yaml_node_t *node) {
    return (uint32_t)(node->type == YAML_MAPPING_NODE
                          ? node->data.mapping.pairs.top - node->data.mapping.pairs.start
                          : node->data.sequence.items.top - node->data.sequence.items.start);
}

int mca_yaml_is_untagged(const yaml_node_t *node) {
    static const char *const tags[] = {[YAML_NO_NODE] = "",
                                       [YAML_SCALAR_NODE] = YAML_STR_TAG,
                                       [YAML_SEQUENCE_NODE] = YAML_SEQ_TAG,
                                       [YAML_MAPPING_NODE] = YAML_MAP_TAG};
    return !node->tag || strcmp((const char *)node->tag, tags[node->type]) == 0;
}
