/* The unit weights of layers whose weights are imported: what of a weight becomes a conductance. */
#ifndef MCA_TRAIN_WEIGHT_SCALE_H
#define MCA_TRAIN_WEIGHT_SCALE_H

#include "chip/chip.h"

/*
 * Finds them as chip->weights says, into chip->network.found[].unit_weight_us; 0 where a layer
 * keeps the one it has: digital layers, those without a weight that is not 0, and all with scale
 * `given`. They lie within the bounds of the key unit_weight_us, 1e-6 .. 1000 uS. MCA_FAILED for
 * memory.
 */
enum mca_status mca_weight_scale_find(struct mca_chip_config *chip,
                                      const struct mca_network *network,
                                      const struct mca_given_weights *weights,
                                      struct mca_error *error);

#endif
