/* Which built RTL fits a chip, and its registers, table and seeds. */
#include <inttypes.h>

#include "cosim_state.h"

/* Registers, see docs/09-rtl.md. */
enum {
    REG_CONTROL = 0x04,
    REG_RATE = 0x08,
    REG_UPDATE = 0x0c,
    REG_QUEUE = 0x10,
    REG_LAYER = 0x100,
    REG_LAYER_SIZE = 0x20,
    REG_TABLE = 0x1000,
    REG_SEED = 0x2000
};

static void write_register(struct mca_cosim *cosim, uint32_t address, uint32_t data) {
    cosim->in.pulse_ready = 0; /* cycles beside the chip's time: nothing leaves in them */
    cosim->in.apb_select = 1;
    cosim->in.apb_write = 1;
    cosim->in.apb_address = address;
    cosim->in.apb_data = data;
    for (int access = 0; access < 2; ++access) {
        cosim->in.apb_enable = access;
        mca_dpu_rtl_step(cosim->rtl, &cosim->in, &cosim->out);
        ++cosim->counts.clocks;
    }
    if (cosim->out.apb_error) {
        mca__cosim_differ(cosim, "register refused", -1, -1, 0, address);
    }
    cosim->in.apb_select = 0;
    cosim->in.apb_enable = 0;
    cosim->in.apb_write = 0;
}

/* The built parameters that a chip needs; sizes left open. */
static struct mca_dpu_rtl_set wanted_set(const struct mca_chip_config *config) {
    return (struct mca_dpu_rtl_set){.lanes = config->dpu.lanes,
                                    .act_bits = config->dpu.activation_bits,
                                    .err_bits = config->dpu.error_bits,
                                    .dac_bits = config->dac.bits,
                                    .chi_bits = config->chi.bits,
                                    .frac_bits = config->chi.frac_bits};
}

int mca__cosim_find_set(const struct mca_chip_config *config) {
    const struct mca_dpu_rtl_set wanted = wanted_set(config);
    return mca_dpu_rtl_find(&wanted);
}

static uint32_t divide_up(uint32_t n, uint32_t by) {
    return (n - 1) / by + 1;
}

static enum mca_status check_layers(const struct mca_chip_config *config,
                                    const struct mca_dpu_rtl_set *set, struct mca_error *error) {
    const struct mca_u32_list *widths = &config->network.layers;
    uint64_t tiles = 0;
    uint64_t chi = 0;
    uint64_t words = 0; /* of activations */
    for (uint32_t i = 0; i + 1 < widths->count; ++i) {
        const uint32_t rows = widths->values[i] + 1;
        const uint32_t cols = widths->values[i + 1];
        if ((rows > config->tile.rows && config->tile.rows % set->lanes != 0) ||
            (cols > config->tile.cols && config->tile.cols % set->lanes != 0)) {
            return mca_fail(
                error, MCA_INVALID,
                "tile.rows and tile.cols: the RTL needs multiples of dpu.lanes (%u) where a "
                "layer takes several tiles",
                set->lanes);
        }
        if (divide_up(rows, set->lanes) >= set->words ||
            divide_up(cols, set->lanes) >= set->words) {
            return mca_fail(
                error, MCA_INVALID,
                "network.layers: the RTL is built for layers of fewer than %u x %u lines",
                set->words, set->lanes);
        }
        tiles += (uint64_t)divide_up(rows, config->tile.rows) * divide_up(cols, config->tile.cols);
        chi += (uint64_t)rows * divide_up(cols, set->lanes);
        words += divide_up(cols, set->lanes);
    }
    if (widths->count - 1 > set->layers || tiles > set->tiles || chi > set->chi_words ||
        words > set->words) {
        return mca_fail(
            error, MCA_INVALID,
            "network.layers: the RTL is built for at most %u layers, %u tiles, %u words "
            "of chi and %u of activations; here: %u, %" PRIu64 ", %" PRIu64 ", %" PRIu64,
            set->layers, set->tiles, set->chi_words, set->words, widths->count - 1, tiles, chi,
            words);
    }
    return MCA_OK;
}

enum mca_status mca_cosim_check(const struct mca_chip_config *config, struct mca_error *error) {
    if (config->dpu.arithmetic != MCA_ARITHMETIC_FIXED) {
        return mca_fail(error, MCA_INVALID, "dpu.arithmetic: the RTL is fixed-point; got float");
    }
    const struct mca_dpu_rtl_set wanted = wanted_set(config);
    const int number = mca__cosim_find_set(config);
    if (number < 0) {
        return mca_fail(
            error, MCA_INVALID,
            "no RTL is built for dpu.lanes %u, dpu.activation_bits %u, dpu.error_bits %u, dac.bits "
            "%u, chi.bits %u, chi.frac_bits %u; add '%u,%u,%u,%u,%u,%u' to MCA_RTL_SETS",
            wanted.lanes, wanted.act_bits, wanted.err_bits, wanted.dac_bits, wanted.chi_bits,
            wanted.frac_bits, wanted.lanes, wanted.act_bits, wanted.err_bits, wanted.dac_bits,
            wanted.chi_bits, wanted.frac_bits);
    }
    const struct mca_dpu_rtl_set *set = mca_dpu_rtl_set_at((uint32_t)number);
    const uint64_t interval = mca_chi_interval(&config->chi);
    if (config->chi.access_cycles > LATENCY_MAX ||
        config->chi.access_cycles > READS_MAX * interval) {
        return mca_fail(error, MCA_INVALID,
                        "chi.access_cycles: the RTL waits at most %d cycles for at most %d reads",
                        LATENCY_MAX, READS_MAX);
    }
    if (config->transfer.fifo_depth > set->queue_depth) {
        return mca_fail(error, MCA_INVALID,
                        "transfer.fifo_depth: the RTL's queues hold at most %u commands",
                        set->queue_depth);
    }
    if (config->network.layers.values[config->network.layers.count - 1] > 256) {
        return mca_fail(error, MCA_INVALID, "network.layers: the RTL's labels are 0..255");
    }
    return check_layers(config, set, error);
}

enum mca_status mca__cosim_check_fractions(const struct mca_chip *chip, struct mca_error *error) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_layer *layer = &chip->layers[i];
        if (layer->forward_frac < -8 || layer->forward_frac > 24) {
            return mca_fail(error, MCA_INVALID,
                            "adc.forward_range: the RTL takes ADC steps of 2^-24 to 2^8; layer %u "
                            "has 2^%d",
                            i, -layer->forward_frac);
        }
        if (layer->backward_frac < -128 || layer->backward_frac > 127) {
            return mca_fail(error, MCA_INVALID,
                            "adc.backward_range: the RTL takes ADC steps of 2^-127 to 2^128; layer "
                            "%u has 2^%d",
                            i, -layer->backward_frac);
        }
    }
    return MCA_OK;
}

static void write_layer(struct mca_cosim *cosim, uint32_t index) {
    const struct mca_layer *layer = &cosim->chip->layers[index];
    const struct mca_cosim_layer *own = &cosim->layers[index];
    const struct mca_tile_config *tile = &cosim->chip->config.tile;
    uint32_t act_base = 0;
    for (uint32_t i = 0; i < index; ++i) {
        act_base += cosim->layers[i].words;
    }
    const uint32_t row_tiles = layer->crossbar.row_tiles;
    const uint32_t col_tiles = layer->crossbar.col_tiles;
    const uint32_t row_words = row_tiles > 1 ? tile->rows / cosim->lanes : 0;
    const uint32_t col_words = col_tiles > 1 ? tile->cols / cosim->lanes : 0;
    const int32_t shift = MCA_SIGMOID_INPUT_FRAC - layer->forward_frac;
    const uint32_t words[] = {layer->inputs,
                              layer->outputs | own->words << 16,
                              row_tiles | col_tiles << 16,
                              row_words | col_words << 16,
                              own->chi_base,
                              own->tile_base | act_base << 16,
                              ((uint32_t)shift & 0x3f) | ((uint32_t)layer->backward_frac & 0xff)
                                                             << 8};
    for (uint32_t w = 0; w < sizeof words / sizeof words[0]; ++w) {
        write_register(cosim, REG_LAYER + index * REG_LAYER_SIZE + 4 * w, words[w]);
    }
}

void mca__cosim_write_rate(struct mca_cosim *cosim) {
    cosim->rate = cosim->chip->rate;
    write_register(cosim, REG_RATE,
                   (cosim->rate.mantissa & 0xfff) | (uint32_t)cosim->rate.exponent << 16);
}

void mca__cosim_set_up(struct mca_cosim *cosim) {
    const struct mca_chip *chip = cosim->chip;
    const struct mca_chip_config *config = &chip->config;
    mca_dpu_rtl_reset(cosim->rtl);
    cosim->in.drive_ready = 1;
    cosim->in.image_codes_ready = 1;
    for (uint32_t i = 0; i < MCA_SIGMOID_SEGMENTS; ++i) {
        const uint32_t value = chip->sigmoid.table[i];
        write_register(cosim, REG_TABLE + 4 * i,
                       value | (chip->sigmoid.table[i + 1] - value) << 17);
    }
    for (uint32_t l = 0; l < chip->layer_count; ++l) {
        write_layer(cosim, l);
        for (uint32_t lane = 0; lane < cosim->lanes; ++lane) {
            write_register(cosim, REG_SEED + 4 * (l * cosim->lanes + lane),
                           chip->layers[l].chi.state[lane]);
        }
    }
    mca__cosim_write_rate(cosim);
    write_register(cosim, REG_UPDATE,
                   (uint32_t)mca_chi_interval(&config->chi) | config->chi.access_cycles << 16 |
                       config->transfer.max_pulses << 24);
    write_register(cosim, REG_QUEUE, config->transfer.fifo_depth);
    const uint32_t control = 1u | 1u << 1 | (uint32_t)(config->loss == MCA_LOSS_SQUARED) << 2 |
                             (uint32_t)(config->dpu.rounding == MCA_ROUND_STOCHASTIC) << 3 |
                             (uint32_t)(config->dac.drive == MCA_DRIVE_BIPOLAR) << 4 |
                             (chip->layer_count - 1) << 16;
    write_register(cosim, REG_CONTROL, control);
}
