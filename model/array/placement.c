#include "array/placement.h"

#include "array/converters.h"

static uint32_t divide_up(uint32_t n, uint32_t by) {
    return (n - 1) / by + 1;
}

struct mca_placement mca_placement_of(const struct mca_tile_config *config, uint32_t rows,
                                      uint32_t cols) {
    return (struct mca_placement){.rows = rows,
                                  .cols = cols,
                                  .tile_rows = config->rows,
                                  .tile_cols = config->cols,
                                  .row_tiles = divide_up(rows, config->rows),
                                  .col_tiles = divide_up(cols, config->cols)};
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

struct mca_tile mca_placement_tile(const struct mca_placement *place, uint32_t index,
                                   uint32_t first) {
    const uint32_t row0 = index / place->col_tiles * place->tile_rows;
    const uint32_t col0 = index % place->col_tiles * place->tile_cols;
    return (struct mca_tile){.number = first + index,
                             .row0 = row0,
                             .rows = least(place->rows - row0, place->tile_rows),
                             .col0 = col0,
                             .cols = least(place->cols - col0, place->tile_cols)};
}

/* Tiles along a side of the matrix: those before the last one, which are whole, and the last. */
struct side {
    uint32_t tiles[2];
    uint32_t used[2]; /* lines of each that the matrix uses */
};

static struct side side_of(uint32_t lines, uint32_t size, uint32_t tiles) {
    return (struct side){{tiles - 1, 1}, {size, lines - (tiles - 1) * size}};
}

/* Converters for so many lines of a tile, `share` lines each. */
static uint64_t converters(uint32_t lines, uint32_t share) {
    return lines > 0 ? divide_up(lines, share) : 0;
}

/* Lines of a tile that are driven or sampled. */
struct lines {
    uint32_t rows;
    uint32_t cols;
};

static struct mca_line_parts parts_of_tile(struct lines driven, struct lines sampled,
                                           const struct mca_dac_config *dac,
                                           const struct mca_adc_config *adc) {
    const uint64_t forward = converters(sampled.cols, mca_adc_share(adc, 0));
    const uint64_t backward = converters(sampled.rows, mca_adc_share(adc, 1));
    struct mca_line_parts parts = {.dacs = converters(driven.rows, dac->share) +
                                           converters(driven.cols, dac->share),
                                   .adcs = forward + backward,
                                   .columns = sampled.cols,
                                   .sample_holds = (uint64_t)sampled.cols + sampled.rows};
    if (adc->bank == MCA_ADC_BANK_SHARED && backward > 0) {
        parts.adcs = forward > backward ? forward : backward;
        parts.sample_holds *= 2; /* a switch a line */
    }
    return parts;
}

struct mca_line_parts mca_placement_parts(const struct mca_placement *place,
                                          const struct mca_dac_config *dac,
                                          const struct mca_adc_config *adc, int is_read_backward) {
    const struct side rows = side_of(place->rows, place->tile_rows, place->row_tiles);
    const struct side cols = side_of(place->cols, place->tile_cols, place->col_tiles);
    const struct lines all = {place->tile_rows, place->tile_cols};
    struct mca_line_parts sum = {0};
    for (uint32_t r = 0; r < 2; ++r) {
        for (uint32_t c = 0; c < 2; ++c) {
            const struct lines driven = {rows.used[r], is_read_backward ? cols.used[c] : 0};
            const struct lines sampled = {/* no error goes to the bias row, the last */
                                          is_read_backward ? rows.used[r] - r : 0, cols.used[c]};
            const struct mca_line_parts parts =
                parts_of_tile(dac->build == MCA_BUILD_ALL ? all : driven,
                              adc->build == MCA_BUILD_ALL ? all : sampled, dac, adc);
            const uint64_t tiles = (uint64_t)rows.tiles[r] * cols.tiles[c];
            sum.dacs += tiles * parts.dacs;
            sum.adcs += tiles * parts.adcs;
            sum.columns += tiles * parts.columns;
            sum.sample_holds += tiles * parts.sample_holds;
        }
    }
    return sum;
}
