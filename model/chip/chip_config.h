/*
 * Everything that makes a chip and the network on it. Defaults, ranges and meanings: the scenario
 * key table (sections `network`, `device`, `tile`, `dac`, `adc`, `dpu`, `chi`, `transfer`,
 * `refresh`, `timing`, `weights`, `interconnect`).
 */
#ifndef MCA_CHIP_CHIP_CONFIG_H
#define MCA_CHIP_CHIP_CONFIG_H

#include <stdint.h>

#include "array/placement.h"
#include "chip/import_config.h"
#include "device/device_config.h"
#include "dpu/dpu_config.h"
#include "network/network.h"

enum mca_interconnect_kind {
    MCA_INTERCONNECT_NONE, /* codes pass at once, and nothing is charged */
    MCA_INTERCONNECT_BUS,
    MCA_INTERCONNECT_TREE, /* codes of one sum are added where they meet */
    MCA_INTERCONNECT_KIND_COUNT
};

/* Between tiles and digital units (chip/interconnect.h). */
struct mca_interconnect_config {
    unsigned kind; /* enum mca_interconnect_kind */
    uint32_t bits; /* wires of each way */
};

enum mca_refresh_residual {
    MCA_RESIDUAL_DROP, /* what the rewrite pulses miss is lost */
    MCA_RESIDUAL_CHI   /* it is added to chi */
};

enum mca_refresh_scan {
    MCA_SCAN_ALL,       /* every pair is read */
    MCA_SCAN_PROGRAMMED /* those that were programmed since the last scan, by a bit map */
};

enum mca_refresh_sense {
    MCA_SENSE_CONVERT, /* every device that is read is converted */
    MCA_SENSE_COMPARE, /* it is compared with high_us by its converter; pairs with one above it are
                        * converted */
    MCA_SENSE_COMPARATOR /* likewise, by a comparator of each column */
};

enum mca_refresh_layers {
    MCA_LAYERS_IN_TURN,     /* a layer is read when the one before it has been compared */
    MCA_LAYERS_SIDE_BY_SIDE /* all are read at the same time, by converters of their own */
};

struct mca_refresh_config {
    uint32_t every_images; /* 0: never */
    double high_us;        /* a pair with a device above this ... */
    double difference_us;  /* ... and a difference below this is rewritten */
    uint32_t max_pulses;   /* of the rewrite */
    unsigned residual;     /* enum mca_refresh_residual */
    unsigned scan;         /* enum mca_refresh_scan */
    unsigned layers;       /* enum mca_refresh_layers */
    unsigned sense;        /* enum mca_refresh_sense */
    uint64_t every_pulses; /* 0: never by them */
};

/* Latencies, in picoseconds; those of the digital unit follow from its clock. */
struct mca_timing_config {
    uint64_t image_load_ps_per_byte;
    uint64_t dac_load_ps;       /* loading the input registers of one bank step (see dac.share) */
    uint64_t read_ps_per_level; /* pulse-width-modulated input: one level */
    uint64_t read_settle_ps;    /* settling and sampling of a crossbar read */
    uint64_t adc_conversion_ps; /* one conversion of one converter */
    uint64_t set_pulse_ps;      /* SET pulse with its recovery */
    uint64_t reset_pulse_ps;    /* RESET pulse with its recovery */
    unsigned streaming;  /* 1: forward, a layer starts on what is ready of the layer before */
    unsigned free_dpu;   /* 1: a limit to compare with, the digital unit takes no time of its own */
    unsigned what_if;    /* 1: the work is timed again with each resource free in turn */
    unsigned read_ahead; /* 1: the first layer is read for the next image before its update */
};

struct mca_chip_config {
    uint64_t seed;
    unsigned loss; /* enum mca_loss: the digital unit computes the output error */
    /* 1: ideal weights are trained for pulsed devices: forward they read as noisily and hold no
     * more, and errors go back exactly */
    unsigned hardware_aware;
    struct mca_network_config network;
    struct mca_device_config device;
    struct mca_tile_config tile;
    struct mca_dac_config dac;
    struct mca_adc_config adc;
    struct mca_dpu_config dpu;
    struct mca_chi_config chi;
    struct mca_transfer_config transfer;
    struct mca_refresh_config refresh;
    struct mca_timing_config timing;
    struct mca_import_config weights;
    struct mca_interconnect_config interconnect;
};

/* Whether the chip has an accumulator memory. */
static inline int mca_has_chi(const struct mca_chip_config *config) {
    return config->transfer.mode != MCA_TRANSFER_DIRECT;
}

/* The tiles of a layer: the chip's, or those of a size of its own. */
static inline struct mca_tile_config mca_tile_of(const struct mca_chip_config *config,
                                                 const struct mca_layer_config *layer) {
    struct mca_tile_config tile = config->tile;
    tile.rows = layer->tile_rows > 0 ? layer->tile_rows : tile.rows;
    tile.cols = layer->tile_cols > 0 ? layer->tile_cols : tile.cols;
    return tile;
}

/* A layer's matrix on them. */
static inline struct mca_placement mca_layer_placement(const struct mca_chip_config *config,
                                                       const struct mca_network_layer *layer) {
    const struct mca_tile_config tile = mca_tile_of(config, &layer->config);
    return mca_placement_of(&tile, layer->rows, layer->cols);
}

/* Whether tiles have digital units of their own. */
static inline int mca_has_tile_units(const struct mca_chip_config *config) {
    return config->dpu.units == MCA_UNITS_PER_TILE;
}

/* Whether layers have, or their tiles. */
static inline int mca_has_own_units(const struct mca_chip_config *config) {
    return mca_has_tile_units(config) ||
           (config->dpu.units == MCA_UNITS_PER_LAYER && config->network.layer_count > 1);
}

/* Whether the chip is refreshed. */
static inline int mca_refreshes(const struct mca_chip_config *config) {
    return (config->refresh.every_images > 0 || config->refresh.every_pulses > 0) &&
           config->device.model != MCA_DEVICE_IDEAL;
}

/* Whether an image's pulses decide if a refresh follows it. */
static inline int mca_pulses_ask_for_refresh(const struct mca_chip_config *config) {
    return config->refresh.every_pulses > 0 && mca_refreshes(config);
}

/* Whether refreshes go by a map of the pairs that were programmed. */
static inline int mca_has_scan_map(const struct mca_chip_config *config) {
    return config->refresh.scan == MCA_SCAN_PROGRAMMED && mca_refreshes(config);
}

/* Whether a refresh compares devices before it converts them. */
static inline int mca_compares(const struct mca_chip_config *config) {
    return config->refresh.sense != MCA_SENSE_CONVERT && mca_refreshes(config);
}

/* Whether columns have comparators for that, beside their converters. */
static inline int mca_has_comparators(const struct mca_chip_config *config) {
    return mca_compares(config) && config->refresh.sense == MCA_SENSE_COMPARATOR;
}

/* Whether a layer's products are summed over its positions before chi. */
static inline int mca_sums_positions(const struct mca_chip_config *config,
                                     const struct mca_network_layer *layer) {
    return config->chi.accumulate == MCA_ACCUMULATE_IMAGE && mca_has_chi(config) &&
           config->transfer.epsilon_us != 0.0 && layer->positions > 1 && !layer->config.frozen &&
           !layer->config.digital; /* whose weights change at every position */
}

/* What a layer with a matrix asks of chi's layout. Without chi, where weights are written through,
 * and of digital layers, whose words are also multiplied, words lie by rows; so do those of a layer
 * that takes the image where the chip chooses: by rows each dark pixel is skipped. */
static inline unsigned mca_asked_layout(const struct mca_chip_config *config,
                                        const struct mca_network_layer *layer) {
    if (!mca_has_chi(config) || config->transfer.epsilon_us == 0.0 || layer->config.digital) {
        return MCA_LAYOUT_ROWS;
    }
    if (config->chi.layout == MCA_LAYOUT_FEWEST_WORDS && layer->takes == MCA_FROM_INPUT) {
        return MCA_LAYOUT_ROWS;
    }
    return config->chi.layout;
}

/* Accumulators of the chip: those of its largest layer that sums its positions; 0: there is none.
 */
static inline uint64_t mca_chip_sums(const struct mca_chip_config *config,
                                     const struct mca_network *network) {
    uint64_t most = 0;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        const uint64_t sums = (uint64_t)layer->rows * layer->cols;
        most = mca_sums_positions(config, layer) && sums > most ? sums : most;
    }
    return most;
}

#endif
