/*
 * Layers written with their kind, `- conv2d: {filters: 16, kernel: 5}`, from YAML. The way back:
 * scenario/value_text.h.
 */
#ifndef MCA_SCENARIO_LAYERS_H
#define MCA_SCENARIO_LAYERS_H

#include <stddef.h>

#include "base/status.h"
#include "base/yaml_input.h"
#include "network/network_config.h"

/* 1 for a list in which a layer is written with its kind; widths are a list of plain values. */
int mca__layers_are_typed(yaml_document_t *document, const yaml_node_t *list);

/*
 * Reads such a list into the network's layers; its input stays. MCA_INVALID with the reason,
 * which begins with the layer ("layer 2 (conv2d): kernel: 0 is out of range 1..64"), and the node
 * at fault; `network` is then untouched. MCA_FAILED for memory.
 */
enum mca_status mca__layers_read(yaml_document_t *document, const yaml_node_t *list,
                                 struct mca_network_config *network, const yaml_node_t **fault,
                                 struct mca_error *reason);

#endif
