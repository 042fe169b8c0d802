/*
 * How the work of a layer is divided among its digital units (dpu.units). One unit does all of it,
 * unless each tile has a unit (per-tile):
 *   - the sums of a column of tiles, those above one another, come to the unit of its first tile,
 *     which makes their activations and errors; the columns of a layer work side by side;
 *   - the unit of a tile holds the inputs of its rows and the errors of its columns, so that inputs
 *     lie in as many places as tiles stand beside one another, errors as they stand above;
 *   - and the part of chi of its weights, through which it goes by itself (chip/tile_engines.h).
 * Layers without tiles have one unit.
 */
#ifndef MCA_CHIP_UNIT_PARTS_H
#define MCA_CHIP_UNIT_PARTS_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip_config.h"

MCA_C_BEGIN

struct mca_unit_parts {
    uint32_t units;        /* of the layer */
    uint32_t columns;      /* of them that make outputs, ... */
    uint32_t outputs;      /* ... each so many, ... */
    uint32_t last_outputs; /* ... and the last of them */
    uint32_t input_copies; /* units that hold the same inputs ... */
    uint32_t error_copies; /* ... and the same errors */
};

/* Of a layer; where it has one unit that is all, all ones and all outputs. */
struct mca_unit_parts mca_unit_parts_of(const struct mca_chip_config *config,
                                        const struct mca_network_layer *layer);

/* Where values lie that several digital units take: so many units hold a part each, and together all
 * of them so many times. */
struct mca_holders {
    uint32_t units;
    uint32_t copies;
};

/* Of what a layer gives, or the image (MCA_FROM_INPUT). Layers that are not on tiles, and one that
 * is, hold one copy together. */
struct mca_holders mca_holders_of(const struct mca_chip_config *config,
                                  const struct mca_network *network, uint32_t layer);

/* Cycles in which the columns of a layer find the largest of their errors and are told of it: up
 * and down a tree of them. */
uint32_t mca_column_exchange_cycles(const struct mca_unit_parts *parts);

/* NULL, or what keeps the words of chi of a layer from being divided among its tiles: a word of
 * `dpu.lanes` weights would lie on two of them. */
const char *mca_unit_parts_conflict(const struct mca_chip_config *config,
                                    const struct mca_network_layer *layer);

MCA_C_END

#endif
