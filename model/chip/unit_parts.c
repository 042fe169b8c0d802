#include "chip/unit_parts.h"

#include "base/mathx.h"
#include "dpu/chi.h"

/* Whether a layer is on tiles that have units of their own. */
static int is_divided(const struct mca_chip_config *config, const struct mca_network_layer *layer) {
    return config->dpu.units == MCA_UNITS_PER_TILE && layer->rows > 0 && !layer->config.digital;
}

struct mca_unit_parts mca_unit_parts_of(const struct mca_chip_config *config,
                                        const struct mca_network_layer *layer) {
    if (!is_divided(config, layer)) {
        return (struct mca_unit_parts){1, 1, layer->cols, layer->cols, 1, 1};
    }
    const struct mca_placement place = mca_layer_placement(config, layer);
    const struct mca_tile last = mca_placement_tile(&place, mca_placement_tiles(&place) - 1, 0);
    return (struct mca_unit_parts){.units = mca_placement_tiles(&place),
                                   .columns = place.col_tiles,
                                   .outputs = place.col_tiles > 1 ? place.tile_cols : place.cols,
                                   .last_outputs = last.cols,
                                   .input_copies = place.col_tiles,
                                   .error_copies = place.row_tiles};
}

struct mca_holders mca_holders_of(const struct mca_chip_config *config,
                                  const struct mca_network *network, uint32_t layer) {
    struct mca_holders holders = {1, 1};
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        if (mca_layer_takes(&network->layers[i], layer)) {
            const struct mca_unit_parts parts = mca_unit_parts_of(config, &network->layers[i]);
            holders.units += parts.units - 1;
            holders.copies += parts.input_copies - 1;
        }
    }
    return holders;
}

uint32_t mca_column_exchange_cycles(const struct mca_unit_parts *parts) {
    return 2 * mca_log2_above(parts->columns);
}

const char *mca_unit_parts_conflict(const struct mca_chip_config *config,
                                    const struct mca_network_layer *layer) {
    if (!is_divided(config, layer)) {
        return NULL;
    }
    const struct mca_placement place = mca_layer_placement(config, layer);
    const uint32_t lanes = config->dpu.lanes;
    const int is_by_columns = mca_chi_layout_of(mca_asked_layout(config, layer), lanes, layer->rows,
                                                layer->cols) == MCA_LAYOUT_COLUMNS;
    if (is_by_columns) {
        return place.row_tiles > 1 && place.tile_rows % lanes != 0 ? "tile.rows" : NULL;
    }
    return place.col_tiles > 1 && place.tile_cols % lanes != 0 ? "tile.cols" : NULL;
}
