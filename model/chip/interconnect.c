#include "chip/interconnect.h"

#include "array/converters.h"

enum { WAYS = 2 };

/* Least n with 2^n >= count. */
static uint32_t levels_above(uint64_t count) {
    uint32_t levels = 0;
    while (((uint64_t)1 << levels) < count) {
        ++levels;
    }
    return levels;
}

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
    return is_tree(config) ? levels_above(adding(place, is_backward)) : 0;
}

uint32_t mca_codes_of_sum(const struct mca_chip_config *config, const struct mca_placement *place,
                          int is_backward) {
    return is_tree(config) ? 1 : adding(place, is_backward);
}

struct mca_crossing mca_crossing_out(const struct mca_chip_config *config,
                                     const struct mca_placement *place, int is_backward) {
    if (!has_wires(config)) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t lines = is_backward ? place->cols : place->rows;
    const uint64_t bits = lines * mca_converter_width(config->dac.bits);
    const uint64_t tiles = driving(place, is_backward);
    return is_tree(config)
               ? (struct mca_crossing){mca_crossing_cycles(config, bits) + levels_above(tiles),
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

struct mca_crossing mca_crossing_back(const struct mca_chip_config *config,
                                      const struct mca_placement *place, int is_backward) {
    if (!has_wires(config)) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t sums = is_backward ? place->rows - 1 : place->cols;
    const uint64_t tiles = adding(place, is_backward);
    const uint64_t code = mca_converter_width(config->adc.bits);
    if (!is_tree(config)) {
        return (struct mca_crossing){mca_crossing_cycles(config, sums * tiles * code),
                                     sums * tiles * code};
    }
    return (struct mca_crossing){mca_crossing_cycles(config, sums * (code + levels_above(tiles))),
                                 sums * bits_of_sum(tiles, code)};
}

struct mca_crossing mca_crossing_scan(const struct mca_chip_config *config, uint64_t samples,
                                      uint32_t bits) {
    return (struct mca_crossing){mca_crossing_cycles(config, samples * bits),
                                 has_wires(config) ? samples * bits : 0};
}

uint64_t mca_stop_bits(const struct mca_chip_config *config, const struct mca_placement *place) {
    const uint64_t rows = place->row_tiles;
    const uint64_t cols = place->col_tiles;
    const uint64_t meetings = is_tree(config) ? rows * (cols - 1) + cols * (rows - 1) : 0;
    return has_wires(config) ? (rows * cols + meetings) * WAYS * config->interconnect.bits : 0;
}
