/* Reading a sweep file, or a file of another kind that has its sections too: what they have in
 * common. Only for model/sweep and model/search. */
#ifndef MCA_SWEEP_READER_H
#define MCA_SWEEP_READER_H

#include "base/shipped.h"
#include "base/yaml_input.h"
#include "sweep/plan.h"

struct mca__sweep_reader {
    struct mca_sweep_plan *plan;
    yaml_document_t *document;
    const yaml_node_t *set;       /* NULL: the file has none */
    struct mca_scenario *scratch; /* where values are tried */
    struct mca_error *error;
};

/* A kind of file whose points are those of a sweep. */
struct mca__sweep_kind {
    enum mca_shipped shipped;
    const char *copy;                         /* its name in the directory */
    const char *file;                         /* "a sweep file", as messages call it */
    const struct mca_sweep_section *sections; /* the name of the last one is NULL */
    void *user;
    /* Called when all axes but that of seeds are read, and at the end; each may be NULL. */
    enum mca_status (*add_axes)(void *user, const struct mca__sweep_reader *reader,
                                const yaml_node_t *root);
    enum mca_status (*read_rest)(void *user, const struct mca__sweep_reader *reader,
                                 const yaml_node_t *root);
};

/* mca_sweep_plan_load for a file of that kind. */
enum mca_status mca__sweep_plan_load_as(struct mca_sweep_plan *plan, const char *path,
                                        const struct mca_sweep_metrics *metrics,
                                        const struct mca__sweep_kind *kind,
                                        struct mca_error *error);

/* MCA_INVALID with "FILE:LINE: " of the node before the message. */
enum mca_status mca__sweep_fault(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                 const char *format, ...) __attribute__((format(printf, 3, 4)));

yaml_node_t *mca__sweep_node(const struct mca__sweep_reader *reader, int index);

/* The value of a name in a mapping, or NULL. */
yaml_node_t *mca__sweep_child(const struct mca__sweep_reader *reader, const yaml_node_t *mapping,
                              const char *name);

/* Refuse what is no mapping or list, and an empty one. */
enum mca_status mca__sweep_need_mapping(const struct mca__sweep_reader *reader,
                                        const yaml_node_t *node, const char *section);
enum mca_status mca__sweep_need_list(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const char *section, const char *key);

/* Refuses names that are not among `allowed` (NULL at its end), and names given twice. */
enum mca_status mca__sweep_check_names(const struct mca__sweep_reader *reader,
                                       const yaml_node_t *mapping, const char *where,
                                       const char *const *allowed);

enum mca_status mca__sweep_number(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                  const char *name, uint64_t min, uint64_t max, uint64_t *number);

/* Add a value to the plan: of a node, or a number of our own making. */
enum mca_status mca__sweep_keep_node(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *key_node, const yaml_node_t *node,
                                     uint32_t *position);
enum mca_status mca__sweep_keep_text(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const struct mca_key *key,
                                     const char *text, uint32_t *position);

/* The key's position among the swept keys; refuses a key that another axis or `set` has. */
enum mca_status mca__sweep_take_slot(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *node, const struct mca_key *key,
                                     uint32_t *slot);
/* The same of a key that no section of the file may sweep, and `set` may have. */
enum mca_status mca__sweep_take_own_slot(const struct mca__sweep_reader *reader,
                                         const yaml_node_t *node, const struct mca_key *key,
                                         uint32_t *slot);

/* An axis whose cells are all unset. */
enum mca_status mca__sweep_new_axis(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                    const char *section, uint32_t rows, uint32_t keys,
                                    struct mca_sweep_axis **axis);

/* Gives an axis's column the key that a node names. */
enum mca_status mca__sweep_name_column(const struct mca__sweep_reader *reader,
                                       struct mca_sweep_axis *axis, uint32_t column,
                                       const yaml_node_t *key_node);

/* Reads a section that makes axes. */
typedef enum mca_status mca__sweep_read_fn(const struct mca__sweep_reader *reader,
                                           const char *section, const yaml_node_t *node);

/* Of a grid each key is an axis; those of a zip are one axis together. */
mca__sweep_read_fn mca__sweep_read_columns;
mca__sweep_read_fn mca__sweep_read_list;
mca__sweep_read_fn mca__sweep_read_samples;
mca__sweep_read_fn mca__sweep_read_seeds;

#endif
