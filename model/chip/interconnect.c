#include "chip/interconnect.h"

#include "array/converters.h"
#include "base/mathx.h"

enum { WAYS = 2 };

static int has_wires(const struct mca_chip_config *config) {
    return config->interconnect.kind != MCA_INTERCONNECT_NONE;
}

static int is_tree(const struct mca_chip_config *config) {
    return config->interconnect.kind == MCA_INTERCONNECT_TREE;
}

/* Whether what drives the tiles, and what compares their devices, stands beside them. */
static int has_tile_units(const struct mca_chip_config *config) {
    return config->dpu.units == MCA_UNITS_PER_TILE;
}

/* Tiles that drive the same line, and those whose codes belong to the same sum. */
static uint32_t driving(const struct mca_placement *place, int is_backward) {
    return is_backward ? place->row_tiles : place->col_tiles;
}

static uint32_t adding(const struct mca_placement *place, int is_backward) {
    return is_backward ? place->col_tiles : place->row_tiles;
}

uint64_t mca_crossing_cycles(const struct mca_chip_config *config, uint64_t bits) {
    const uint64_t wires = config->interconnect.bits;
    return has_wires(config) ? (bits + wires - 1) / wires : 0;
}

uint32_t mca_crossing_levels(const struct mca_chip_config *config,
                             const struct mca_placement *place, int is_backward) {
    return is_tree(config) ? mca_log2_above(adding(place, is_backward)) : 0;
}

uint32_t mca_codes_of_sum(const struct mca_chip_config *config, const struct mca_placement *place,
                          int is_backward) {
    return is_tree(config) ? 1 : adding(place, is_backward);
}

struct mca_crossing mca_crossing_out(const struct mca_chip_config *config,
                                     const struct mca_placement *place, int is_backward) {
    if (!has_wires(config) || has_tile_units(config)) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t lines = is_backward ? place->cols : place->rows;
    const uint64_t bits = lines * mca_converter_width(config->dac.bits);
    const uint64_t tiles = driving(place, is_backward);
    return is_tree(config)
               ? (struct mca_crossing){mca_crossing_cycles(config, bits) + mca_log2_above(tiles),
                                       bits * (2 * tiles - 1)}
               : (struct mca_crossing){mca_crossing_cycles(config, bits), bits * tiles};
}

/* Bits of one sum at all stops of its tree: a sum of two codes is a bit wider than each. */
static uint64_t bits_of_sum(uint64_t tiles, uint64_t code) {
    uint64_t bits = tiles * code;
    while (tiles > 1) { /* level by level, where an odd one goes on by itself */
        ++code;
        bits += tiles / 2 * code;
        tiles -= tiles / 2;
    }
    return bits;
}

/* Of the sums of a read, those that come by the same wires: all, or where tiles have units, whose
 * wires are their own, those of the lines of a whole tile. */
static uint64_t sums_that_cross(const struct mca_chip_config *config,
                                const struct mca_placement *place, int is_backward) {
    const uint64_t sums = is_backward ? place->rows - 1 : place->cols;
    const uint64_t lines = is_backward ? place->tile_rows : place->tile_cols;
    return has_tile_units(config) ? mca_min_u64(sums, lines) : sums;
}

struct mca_crossing mca_crossing_back(const struct mca_chip_config *config,
                                      const struct mca_placement *place, int is_backward) {
    const uint64_t tiles = adding(place, is_backward);
    const int is_beside = has_tile_units(config) && !is_backward && tiles == 1;
    if (!has_wires(config) || is_beside) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t all = is_backward ? place->rows - 1 : place->cols;
    const uint64_t sums = sums_that_cross(config, place, is_backward);
    const uint64_t code = mca_converter_width(config->adc.bits);
    if (!is_tree(config)) {
        return (struct mca_crossing){mca_crossing_cycles(config, sums * tiles * code),
                                     all * tiles * code};
    }
    return (struct mca_crossing){mca_crossing_cycles(config, sums * (code + mca_log2_above(tiles))),
                                 all * bits_of_sum(tiles, code)};
}

struct mca_crossing mca_crossing_scan(const struct mca_chip_config *config, uint64_t samples,
                                      uint32_t bits) {
    if (!has_wires(config) || has_tile_units(config)) {
        return (struct mca_crossing){0, 0};
    }
    return (struct mca_crossing){mca_crossing_cycles(config, samples * bits), samples * bits};
}

uint64_t mca_stop_bits(const struct mca_chip_config *config, const struct mca_placement *place) {
    const uint64_t rows = place->row_tiles;
    const uint64_t cols = place->col_tiles;
    const uint64_t meetings = is_tree(config) ? rows * (cols - 1) + cols * (rows - 1) : 0;
    return has_wires(config) ? (rows * cols + meetings) * WAYS * config->interconnect.bits : 0;
}
