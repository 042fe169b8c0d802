#include "chip/interconnect.h"

#include "array/converters.h"
#include "base/mathx.h"

static int has_wires(const struct mca_chip_config *config) {
    return config->interconnect.kind != MCA_INTERCONNECT_NONE;
}

static int is_tree(const struct mca_chip_config *config) {
    return config->interconnect.kind == MCA_INTERCONNECT_TREE;
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
    if (!has_wires(config) || mca_has_tile_units(config)) {
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

/* Codes of a sum that need no wires: that of the tile whose digital unit makes the sum. */
static uint64_t codes_beside(const struct mca_chip_config *config, int is_backward) {
    return mca_has_tile_units(config) && !is_backward ? 1 : 0;
}

struct mca_crossing mca_crossing_back(const struct mca_chip_config *config,
                                      const struct mca_placement *place, int is_backward,
                                      uint64_t sums) {
    const uint64_t tiles = adding(place, is_backward);
    const uint64_t crossing = tiles - codes_beside(config, is_backward);
    if (!has_wires(config) || crossing == 0) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t code = mca_converter_width(config->adc.bits);
    if (!is_tree(config)) {
        const uint64_t bits = sums * crossing * code;
        return (struct mca_crossing){mca_crossing_cycles(config, bits), bits};
    }
    const uint64_t beside = (tiles - crossing) * code;
    return (struct mca_crossing){mca_crossing_cycles(config, sums * (code + mca_log2_above(tiles))),
                                 sums * (bits_of_sum(tiles, code) - beside)};
}

struct mca_crossing mca_crossing_scan(const struct mca_chip_config *config, uint64_t samples,
                                      uint32_t bits) {
    if (!has_wires(config) || mca_has_tile_units(config)) {
        return (struct mca_crossing){0, 0};
    }
    return (struct mca_crossing){mca_crossing_cycles(config, samples * bits), samples * bits};
}

uint64_t mca_stop_bits(const struct mca_chip_config *config, const struct mca_placement *place,
                       int is_read_backward) {
    const uint64_t rows = place->row_tiles;
    const uint64_t cols = place->col_tiles;
    const uint64_t meetings = is_tree(config) ? rows * (cols - 1) + cols * (rows - 1) : 0;
    /* nothing goes out to a tile with a unit, and of tiles side by side no code comes back */
    const uint64_t ways = !mca_has_tile_units(config) ? 2 : rows > 1 || is_read_backward ? 1 : 0;
    return has_wires(config) ? (rows * cols + meetings) * ways * config->interconnect.bits : 0;
}
