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

static int is_tree(const struct mca_chip_config *config) {
    return config->interconnect.kind == MCA_INTERCONNECT_TREE;
}

/* Stops of `tiles` below one another: a tree has one more wherever two branches meet. */
static uint64_t stops(const struct mca_chip_config *config, uint64_t tiles) {
    return is_tree(config) && tiles > 0 ? 2 * tiles - 1 : tiles;
}

uint64_t mca_crossing_cycles(const struct mca_chip_config *config, uint64_t bits) {
    const uint64_t wires = config->interconnect.bits;
    return config->interconnect.kind == MCA_INTERCONNECT_NONE ? 0 : (bits + wires - 1) / wires;
}

uint32_t mca_crossing_levels(const struct mca_chip_config *config,
                             const struct mca_placement *place) {
    return is_tree(config) ? levels_above(mca_placement_tiles(place)) : 0;
}

uint32_t mca_codes_of_sum(const struct mca_chip_config *config, uint32_t tiles) {
    return is_tree(config) ? 1 : tiles;
}

struct mca_crossing mca_crossing_out(const struct mca_chip_config *config,
                                     const struct mca_placement *place, int is_backward) {
    if (config->interconnect.kind == MCA_INTERCONNECT_NONE) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t lines = is_backward ? place->cols : place->rows;
    const uint64_t bits = lines * mca_converter_width(config->dac.bits);
    return (struct mca_crossing){
        mca_crossing_cycles(config, bits) + mca_crossing_levels(config, place),
        bits * stops(config, is_backward ? place->row_tiles : place->col_tiles)};
}

struct mca_crossing mca_crossing_back(const struct mca_chip_config *config,
                                      const struct mca_placement *place, int is_backward) {
    if (config->interconnect.kind == MCA_INTERCONNECT_NONE) {
        return (struct mca_crossing){0, 0};
    }
    const uint64_t sums = is_backward ? place->rows - 1 : place->cols;
    const uint64_t tiles = is_backward ? place->col_tiles : place->row_tiles;
    const uint64_t code = mca_converter_width(config->adc.bits);
    if (!is_tree(config)) {
        return (struct mca_crossing){mca_crossing_cycles(config, sums * tiles * code),
                                     sums * tiles * code};
    }
    /* a sum is wider by a bit for each level of tiles that it adds up */
    const uint64_t sum = code + levels_above(tiles);
    return (struct mca_crossing){mca_crossing_cycles(config, sums * sum),
                                 sums * (tiles * code + (tiles - 1) * sum)};
}

struct mca_crossing mca_crossing_scan(const struct mca_chip_config *config, uint64_t samples,
                                      uint32_t bits) {
    const int crosses = config->interconnect.kind != MCA_INTERCONNECT_NONE;
    return (struct mca_crossing){mca_crossing_cycles(config, samples * bits),
                                 crosses ? samples * bits : 0};
}

uint64_t mca_stop_bits(const struct mca_chip_config *config, uint64_t tiles) {
    const int crosses = config->interconnect.kind != MCA_INTERCONNECT_NONE;
    return crosses ? stops(config, tiles) * WAYS * config->interconnect.bits : 0;
}
