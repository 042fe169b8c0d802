/* One scenario key that stands in a YAML document of another kind. */
#ifndef MCA_SCENARIO_LOAD_NODE_H
#define MCA_SCENARIO_LOAD_NODE_H

#include "base/status.h"
#include "base/yaml_input.h"
#include "scenario/layer_keys.h"
#include "scenario/scenario.h"

/* A pair of a mapping. */
struct mca_key_node {
    const char *path; /* of the file */
    yaml_document_t *document;
    const yaml_node_t *key;   /* names a scenario key in full ("chi.bits"), or a layer's */
    const yaml_node_t *value; /* NULL: the key is looked up and no more */
};

/*
 * Finds the key, of layers in the scenario's network, and stores the value in the scenario's field.
 * Relative paths count from the file. Errors are those of loading a scenario, with the file and the
 * node's line.
 */
enum mca_status mca_scenario_apply_node(struct mca_scenario *scenario,
                                        const struct mca_key_node *node,
                                        struct mca_found_key *found, struct mca_error *error);

#endif
