/*
 * How the work of a layer is divided among its digital units (dpu.units). One unit does all of it,
 * unless each tile has a unit (per-tile):
 *   - the sums of a column of tiles, those above one another, come to the unit of its first tile,
 *     which makes their activations and errors; the columns of a layer work side by side;
 *   - the unit of a tile holds the inputs of its rows and the errors of its columns, so that inputs
 *     lie in as many places as tiles stand beside one another, errors as they stand above; those of
 *     a convolution, which drive one line after the other, with each tile that has such a line;
 *   - and the part of chi of its weights, through which it goes by itself (chip/tile_updaters.h).
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

/* Where values lie that several digital units take. */
struct mca_holders {
    uint32_t units;  /* each with a memory of those that it takes */
    uint64_t values; /* in all of these memories */
};

/* Of what a layer gives, or of the image (MCA_FROM_INPUT). One memory is there in any case, which
 * is that of all layers without tiles that take them, or of one tile. */
struct mca_holders mca_holders_of(const struct mca_chip_config *config,
                                  const struct mca_network *network, uint32_t layer);

/* Cycles in which the columns of a layer find the largest of their errors and are told of it: up
 * and down a tree of them, a cycle for each level, or as long as an error takes to cross. */
uint64_t mca_column_exchange_cycles(const struct mca_chip_config *config,
                                    const struct mca_unit_parts *parts);

/* NULL, or the key of the size (tile.rows, tile.cols, or network.layers where it is the layer's
 * own) that keeps the words of chi of a layer that learns from being divided among its tiles: a
 * word of `dpu.lanes` weights would lie on two of them. *is_of_rows: whether their rows do it. */
const char *mca_unit_parts_conflict(const struct mca_chip_config *config,
                                    const struct mca_network_layer *layer, int *is_of_rows);

MCA_C_END

#endif
