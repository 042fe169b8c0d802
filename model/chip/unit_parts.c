#include "chip/unit_parts.h"

#include "base/mathx.h"
#include "chip/interconnect.h"
#include "dpu/chi.h"
#include "network/window.h"

/* Whether a layer is on tiles that have units of their own. */
static int is_divided(const struct mca_chip_config *config, const struct mca_network_layer *layer) {
    return mca_has_tile_units(config) && layer->rows > 0 && !layer->config.digital;
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

/* Of them, those of one layer that takes `values`. */
static struct mca_holders holders_by(const struct mca_chip_config *config,
                                     const struct mca_network_layer *layer, uint64_t values) {
    const struct mca_unit_parts parts = mca_unit_parts_of(config, layer);
    if (parts.units == 1) {
        return (struct mca_holders){1, values};
    }
    const struct mca_placement place = mca_layer_placement(config, layer);
    return (struct mca_holders){parts.units, parts.input_copies *
                                                 mca_window_held_values(layer, place.tile_rows)};
}

struct mca_holders mca_holders_of(const struct mca_chip_config *config,
                                  const struct mca_network *network, uint32_t layer) {
    const uint64_t values =
        layer == MCA_FROM_INPUT ? mca_network_inputs(network) : network->layers[layer].outputs;
    struct mca_holders all = {1, values};
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        if (mca_layer_takes(&network->layers[i], layer)) {
            const struct mca_holders holders = holders_by(config, &network->layers[i], values);
            all.units += holders.units - 1;
            all.values += holders.values - values;
        }
    }
    return all;
}

uint64_t mca_column_exchange_cycles(const struct mca_chip_config *config,
                                    const struct mca_unit_parts *parts) {
    const uint64_t level = mca_max_u64(1, mca_crossing_cycles(config, config->dpu.error_bits));
    return 2 * mca_log2_above(parts->columns) * level;
}

const char *mca_unit_parts_conflict(const struct mca_chip_config *config,
                                    const struct mca_network_layer *layer, int *is_of_rows) {
    if (!is_divided(config, layer) || layer->config.frozen) {
        return NULL;
    }
    const struct mca_placement place = mca_layer_placement(config, layer);
    const uint32_t lanes = config->dpu.lanes;
    const int is_by_columns = mca_chi_layout_of(mca_asked_layout(config, layer), lanes, layer->rows,
                                                layer->cols) == MCA_LAYOUT_COLUMNS;
    const int is_own = is_by_columns ? layer->config.tile_rows > 0 : layer->config.tile_cols > 0;
    const int is_cut = is_by_columns ? place.row_tiles > 1 && place.tile_rows % lanes != 0
                                     : place.col_tiles > 1 && place.tile_cols % lanes != 0;
    *is_of_rows = is_by_columns;
    return !is_cut ? NULL : is_own ? "network.layers" : is_by_columns ? "tile.rows" : "tile.cols";
}
