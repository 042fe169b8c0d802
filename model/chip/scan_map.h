/*
 * Which pairs of a layer were programmed since the last refresh read it: a bit each, with
 * refresh.scan programmed. A refresh reads those alone. When the initial weights stand all are set.
 */
#ifndef MCA_CHIP_SCAN_MAP_H
#define MCA_CHIP_SCAN_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "array/placement.h"
#include "base/arena.h"

/* No rows: there is no map, and a refresh reads every pair. */
struct mca_scan_map {
    uint64_t *rows; /* [rows][words] bit c % 64 of word c / 64: the pair of column c */
    uint32_t words;
};

/* A refresh's reads of a layer: a row of a tile is driven alone, once for each side of its pairs,
 * where one of them is read; tiles work side by side. */
struct mca_scan {
    uint64_t reads;      /* one after the other, of the tile that has most */
    uint64_t drives;     /* of rows of tiles */
    uint64_t devices;    /* on driven rows */
    uint64_t samples;    /* of devices: so many conversions and comparisons */
    uint64_t words;      /* of `lanes` samples of one tile each */
    uint64_t tile_words; /* of them, those of the tile that has most */
};

/* Every pair set; *whole is 0 where memory lacks. */
void mca_scan_map_init(struct mca_scan_map *map, const struct mca_placement *place,
                       struct mca_arena *arena, int *whole);

/* All pairs, or none. */
void mca_scan_map_fill(struct mca_scan_map *map, const struct mca_placement *place, int programmed);

static inline void mca_scan_map_set(struct mca_scan_map *map, uint32_t row, uint32_t col) {
    if (map->rows) {
        map->rows[(size_t)row * map->words + col / 64] |= (uint64_t)1 << col % 64;
    }
}

/* Pairs of the 64 from column `first` on, a multiple of 64, that are read. */
static inline uint64_t mca_scan_map_pairs(const struct mca_scan_map *map, uint32_t row,
                                          uint32_t first) {
    return map->rows ? map->rows[(size_t)row * map->words + first / 64] : UINT64_MAX;
}

/* Of a map as it stands; every pair where there is none. */
struct mca_scan mca_scan_of(const struct mca_scan_map *map, const struct mca_placement *place,
                            uint32_t lanes);

/* Cells of a map in memory. */
static inline size_t mca_scan_map_words(const struct mca_scan_map *map,
                                        const struct mca_placement *place) {
    return map->rows ? (size_t)place->rows * map->words : 0;
}

#endif
