/*
 * Wires between the tiles of a layer and its digital unit (interconnect.kind); as many are between
 * digital units, where mca_crossing_cycles is all that is asked. Codes of inputs and errors go out
 * to the tiles that drive them, codes of columns and rows come back; each way has
 * `interconnect.bits` wires, on which as many bits cross in a cycle of the digital unit's clock.
 * Each tile has a stop, and a bit is charged for every stop that takes it up, as by a router.
 *   bus: a code is taken by the stops of all tiles that drive it, in one crossing; codes of tiles
 *     come back one after the other, to be added by the digital unit. It takes no time to go along.
 *   tree: tiles beside one another are the leaves of a tree, and tiles above one another those of
 *     another one, with a stop wherever two branches meet and a cycle for each level. A code goes
 *     down all branches of the tree whose tiles drive it. Codes of the tiles that belong to one sum
 *     are added where they meet in the other tree, so that one comes back for each sum.
 * Values are those of codes that pass at once: additions of whole numbers in another order.
 * Where tiles have digital units (dpu.units per-tile) these drive and compare beside their tiles,
 * with nothing to cross; the sums of a column of tiles come by wires of its own to the unit of the
 * first tile, whose own codes need none, those of transposed reads to the units that take them.
 */
#ifndef MCA_CHIP_INTERCONNECT_H
#define MCA_CHIP_INTERCONNECT_H

#include <stdint.h>

#include "array/placement.h"
#include "base/c_linkage.h"
#include "chip/chip_config.h"

MCA_C_BEGIN

/* What one read takes to or from the tiles of a layer. */
struct mca_crossing {
    uint64_t cycles; /* of the digital unit's clock, from the first bit that leaves on to the last;
                      * out, to the last that arrives */
    uint64_t bits;   /* each as often as stops take it up */
};

/* Cycles that bits take over one set of wires; 0 where codes pass at once. */
uint64_t mca_crossing_cycles(const struct mca_chip_config *config, uint64_t bits);

/* Codes to be driven: of columns where it `is_backward`. */
struct mca_crossing mca_crossing_out(const struct mca_chip_config *config,
                                     const struct mca_placement *place, int is_backward);

/* Converted codes of so many sums that come by the same wires: of rows where it `is_backward`. */
struct mca_crossing mca_crossing_back(const struct mca_chip_config *config,
                                      const struct mca_placement *place, int is_backward,
                                      uint64_t sums);

/* Codes of a scan, which are not added: of `samples` devices on all tiles, with `bits` each. */
struct mca_crossing mca_crossing_scan(const struct mca_chip_config *config, uint64_t samples,
                                      uint32_t bits);

/* Codes that the digital unit takes for each sum of a read: one of each tile, or their sum. */
uint32_t mca_codes_of_sum(const struct mca_chip_config *config, const struct mca_placement *place,
                          int is_backward);

/* Cycles from when a converted code leaves to when it, or the sum that it is in, arrives. */
uint32_t mca_crossing_levels(const struct mca_chip_config *config,
                             const struct mca_placement *place, int is_backward);

/* Bits of registers at the stops of a layer that is on tiles: one for each wire of each way
 * that has something to carry. */
uint64_t mca_stop_bits(const struct mca_chip_config *config, const struct mca_placement *place,
                       int is_read_backward);

MCA_C_END

#endif
