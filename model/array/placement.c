#include "array/placement.h"

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

/* Rows or columns of a matrix that a converter serves. */
struct lines {
    uint32_t used;
    uint32_t size;         /* of a tile */
    uint32_t tiles_across; /* tiles that a line passes through, each with a converter of its own */
};

/* Converters on such lines, one for `share` lines of a tile. A tile at the edge of the matrix has
 * lines that nothing drives or samples. */
static uint64_t converters(struct lines lines, uint32_t share, unsigned build) {
    const uint64_t whole = lines.used / lines.size;
    uint32_t rest = lines.used % lines.size;
    if (rest > 0 && build == MCA_BUILD_ALL) {
        rest = lines.size;
    }
    const uint64_t at_edge = rest > 0 ? divide_up(rest, share) : 0;
    return lines.tiles_across * (whole * divide_up(lines.size, share) + at_edge);
}

struct mca_line_parts mca_placement_parts(const struct mca_placement *place,
                                          const struct mca_dac_config *dac,
                                          const struct mca_adc_config *adc, int is_read_backward) {
    const int dac_all = dac->build == MCA_BUILD_ALL;
    const int adc_all = adc->build == MCA_BUILD_ALL;
    const struct lines rows = {place->rows, place->tile_rows, place->col_tiles};
    const struct lines cols = {place->cols, place->tile_cols, place->row_tiles};
    struct mca_line_parts parts = {.dacs = converters(rows, dac->share, dac->build),
                                   .adcs = converters(cols, adc->share, adc->build),
                                   .sample_holds = converters(cols, 1, adc->build)};
    if (is_read_backward || dac_all) {
        parts.dacs += converters(cols, dac->share, dac->build);
    }
    if (is_read_backward || adc_all) {
        const struct lines sampled = {adc_all ? place->rows : place->rows - 1, place->tile_rows,
                                      place->col_tiles}; /* no error goes to a bias row */
        parts.adcs += converters(sampled, adc->share, adc->build);
        parts.sample_holds += converters(sampled, 1, adc->build);
    }
    return parts;
}
