#include "chip/scan_map.h"

#include <string.h>

#include "base/mathx.h"

void mca_scan_map_init(struct mca_scan_map *map, const struct mca_placement *place,
                       struct mca_arena *arena, int *whole) {
    map->words = (place->cols + 63) / 64;
    map->rows = mca_arena_take(arena, (size_t)place->rows * map->words, sizeof *map->rows, whole);
    if (*whole) {
        mca_scan_map_fill(map, place, 1);
    }
}

/* Bits of a word, from column `first` on, of columns from..end - 1. */
static uint64_t columns(uint32_t first, uint32_t from, uint32_t end) {
    const uint32_t low = from > first ? from - first : 0;
    const uint32_t high = end < first + 64 ? end - first : 64;
    const uint64_t below = high < 64 ? ((uint64_t)1 << high) - 1 : UINT64_MAX;
    return below & UINT64_MAX << low;
}

void mca_scan_map_fill(struct mca_scan_map *map, const struct mca_placement *place,
                       int programmed) {
    for (uint32_t r = 0; map->rows && r < place->rows; ++r) {
        for (uint32_t w = 0; w < map->words; ++w) {
            map->rows[(size_t)r * map->words + w] =
                programmed ? columns(64 * w, 0, place->cols) : 0;
        }
    }
}

/* Pairs that are read of a row of a tile. */
static uint32_t pairs_of(const struct mca_scan_map *map, uint32_t row,
                         const struct mca_tile *tile) {
    const uint32_t end = tile->col0 + tile->cols;
    uint32_t pairs = 0;
    for (uint32_t first = tile->col0 / 64 * 64; first < end; first += 64) {
        const uint64_t read = mca_scan_map_pairs(map, row, first);
        pairs += (uint32_t)__builtin_popcountll(read & columns(first, tile->col0, end));
    }
    return pairs;
}

struct mca_scan mca_scan_of(const struct mca_scan_map *map, const struct mca_placement *place,
                            uint32_t lanes) {
    struct mca_scan scan = {0};
    for (uint32_t t = 0; t < mca_placement_tiles(place); ++t) {
        const struct mca_tile tile = mca_placement_tile(place, t, 0);
        uint64_t driven = 0;
        uint64_t samples = 0;
        for (uint32_t r = tile.row0; r < tile.row0 + tile.rows; ++r) {
            const uint32_t pairs = pairs_of(map, r, &tile);
            driven += pairs > 0;
            samples += 2 * (uint64_t)pairs;
        }
        scan.samples += samples;
        const uint64_t words = (samples + lanes - 1) / lanes;
        scan.words += words;
        scan.tile_words = mca_max_u64(scan.tile_words, words);
        scan.drives += 2 * driven;
        scan.devices += 2 * driven * tile.cols;
        scan.reads = 2 * driven > scan.reads ? 2 * driven : scan.reads;
    }
    return scan;
}
