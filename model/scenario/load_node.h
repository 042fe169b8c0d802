/* One scenario key that stands in a YAML document of another kind. */
#ifndef MCA_SCENARIO_LOAD_NODE_H
#define MCA_SCENARIO_LOAD_NODE_H

#include "base/status.h"
#include "base/yaml_input.h"
#include "scenario/keys.h"
#include "scenario/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Finds the key that `key_node` names in full ("chi.bits") and stores the value of `value_node`
 * (NULL: none) in the scenario's field. Relative paths count from the file `path`. Errors are those
 * of loading a scenario, with `path` and the node's line.
 */
enum mca_status mca_scenario_apply_node(struct mca_scenario *scenario, const char *path,
                                        yaml_document_t *document, const yaml_node_t *key_node,
                                        const yaml_node_t *value_node, const struct mca_key **found,
                                        struct mca_error *error);

#ifdef __cplusplus
}
#endif

#endif
