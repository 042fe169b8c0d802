/* Reading figures from a component library's YAML document: private to cost/. */
#ifndef MCA_COST_LIBRARY_YAML_H
#define MCA_COST_LIBRARY_YAML_H

#include <yaml.h>

#include "base/status.h"
#include "cost/component_figures.h"

/* What is being read, for messages and for strings. */
struct mca__library_reader {
    const char *path;
    yaml_document_t *document;
    struct mca_component_library *library; /* its causes are read before its figures */
    struct mca_error *error;
};

/* Fails with what is wrong with a node: MCA_INVALID, behind the file and the node's line. */
enum mca_status mca__yaml_fault(const struct mca__library_reader *reader, const yaml_node_t *node,
                                const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Text of a scalar that stands as the key of a pair; "?" for other nodes. */
const char *mca__yaml_key(const struct mca__library_reader *reader, const yaml_node_pair_t *pair);

/* Refuses nodes that are no mapping, keys that are no text and keys that stand twice. `where` is
 * the dotted place of the mapping, "" at the top. */
enum mca_status mca__yaml_check_mapping(const struct mca__library_reader *reader,
                                        const yaml_node_t *node, const char *where);

/* Value of `key`, or NULL. */
yaml_node_t *mca__yaml_find(const struct mca__library_reader *reader, const yaml_node_t *mapping,
                            const char *key);

/* A non-empty text, one line in memory of the arena. */
enum mca_status mca__yaml_text(const struct mca__library_reader *reader, const yaml_node_t *node,
                               const char *where, const char **text);

/* A finite number in low .. high. */
enum mca_status mca__yaml_number(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, double low, double high, double *number);

/* Figure number `index` from its mapping. Its `scale` and `value` are left for the end, when the
 * library's node is known. */
enum mca_status mca__yaml_figure(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, uint32_t index);

#endif
