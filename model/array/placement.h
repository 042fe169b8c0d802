/*
 * The one place that divides a matrix up into tiles, and knows how many tiles, lines, samples and
 * converters that makes. A matrix of `rows` inputs (bias row included, the last) and `cols` outputs
 * is cut into windows of tile.rows x tile.cols; tiles at its far edges hold what is left. A forward
 * read drives rows and samples columns, a backward read the other way round, without the bias row.
 */
#ifndef MCA_ARRAY_PLACEMENT_H
#define MCA_ARRAY_PLACEMENT_H

#include <stdint.h>

#include "array/array_config.h"
#include "base/c_linkage.h"

MCA_C_BEGIN

struct mca_placement {
    uint32_t rows; /* of the matrix, at least 1 */
    uint32_t cols;
    uint32_t tile_rows; /* of a whole tile */
    uint32_t tile_cols;
    uint32_t row_tiles; /* tiles above each other */
    uint32_t col_tiles; /* beside each other */
};

/* A window of the matrix on a tile. */
struct mca_tile {
    uint32_t number; /* unique on the chip */
    uint32_t row0;
    uint32_t rows;
    uint32_t col0;
    uint32_t cols;
};

struct mca_placement mca_placement_of(const struct mca_tile_config *config, uint32_t rows,
                                      uint32_t cols);

/* Tiles of the matrix; those of a row of tiles follow one another. */
static inline uint32_t mca_placement_tiles(const struct mca_placement *place) {
    return place->row_tiles * place->col_tiles;
}

/* Tile `index` < mca_placement_tiles, of a matrix whose first tile has the number `first`. */
struct mca_tile mca_placement_tile(const struct mca_placement *place, uint32_t index,
                                   uint32_t first);

/* Index of the tile that holds a weight. */
static inline uint32_t mca_placement_tile_of(const struct mca_placement *place, uint32_t row,
                                             uint32_t col) {
    return row / place->tile_rows * place->col_tiles + col / place->tile_cols;
}

/* Samples, and so conversions, of a read of the whole matrix. */
static inline uint64_t mca_placement_forward_samples(const struct mca_placement *place) {
    return (uint64_t)place->row_tiles * place->cols;
}
static inline uint64_t mca_placement_backward_samples(const struct mca_placement *place) {
    return (uint64_t)place->col_tiles * (place->rows - 1);
}

/* What stands at the lines of the matrix's tiles. */
struct mca_line_parts {
    uint64_t dacs;
    uint64_t adcs;
    uint64_t columns;      /* with a converter or a share of one */
    uint64_t sample_holds; /* these, rows likewise, and the switches of a shared bank, one a line */
};

/* Parts that are built for it (dac.build, adc.build): on all lines of all tiles, or on those that
 * are used, where a matrix that is never read backward has no drivers on columns and no converters
 * on rows. A bank that both directions share has as many converters as the larger one asks for. */
struct mca_line_parts mca_placement_parts(const struct mca_placement *place,
                                          const struct mca_dac_config *dac,
                                          const struct mca_adc_config *adc, int is_read_backward);

MCA_C_END

#endif
