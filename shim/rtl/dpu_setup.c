#include "shim/rtl/dpu_setup.h"

#include "array/converters.h"
#include "base/mathx.h"
#include "chip/layer_numbers.h"
#include "chip/probe.h"
#include "chip/view.h"
#include "dpu/vector_steps.h"
#include "network/layer_kind.h"
#include "network/network.h"
#include "shim/rtl/dpu_registers.h" /* built from rtl/registers.vh */

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* What is written to a field of a register. */
struct setting {
    struct mca_dpu_field field;
    uint32_t value;
};

/* Cycles that an access of a register takes at most. */
enum { ACCESS_CYCLES_MAX = 256 };

/* Set-up, then access until the unit is ready. Cycles beside the chip's time: nothing leaves in
 * them. */
static void access_register(struct mca_dpu_port *port) {
    struct mca_dpu_rtl_in *in = &port->in;
    memset(in->pulse_ready, 0, sizeof in->pulse_ready);
    for (int cycle = 0; cycle < 2 || (!port->out.apb_ready && cycle < ACCESS_CYCLES_MAX); ++cycle) {
        in->apb_enable = cycle > 0;
        mca_dpu_rtl_step(port->rtl, in, &port->out);
        ++port->clocks;
    }
}

static void write_register(struct mca_dpu_port *port, uint32_t address, uint32_t data) {
    struct mca_dpu_rtl_in *in = &port->in;
    in->apb_select = 1;
    in->apb_write = 1;
    in->apb_address = address;
    in->apb_data = data;
    access_register(port);
    if (!port->out.apb_ready && !port->silent) {
        port->silent = address;
    }
    if (port->out.apb_error && !port->refused) {
        port->refused = address;
    }
    in->apb_select = 0;
    in->apb_enable = 0;
    in->apb_write = 0;
}

/* The value at its field's place. A negative one is in two's complement, of which the field keeps
 * the low bits. */
static uint32_t packed(const struct setting *setting) {
    const uint32_t fitting = UINT32_MAX >> (32 - setting->field.bits);
    const uint32_t above = setting->value & ~fitting;
    assert(above == 0 || above == ~fitting);
    return (setting->value & fitting) << setting->field.least_bit;
}

/* Writes whole registers: the settings of one stand together, and a field without one gets 0.
 * `offset`: bytes from the first register of an array to the one that is meant. */
static void write_settings(struct mca_dpu_port *port, uint32_t offset,
                           const struct setting *settings, size_t count) {
    for (size_t i = 0; i < count;) {
        const uint32_t address = settings[i].field.address;
        uint32_t word = 0;
        for (; i < count && settings[i].field.address == address; ++i) {
            word |= packed(&settings[i]);
        }
        write_register(port, address + offset, word);
    }
}

uint32_t mca_dpu_read_images(struct mca_dpu_port *port) {
    port->in.apb_select = 1;
    port->in.apb_address = MCA_DPU_IMAGES_COUNT.address;
    access_register(port);
    port->in.apb_select = 0;
    port->in.apb_enable = 0;
    return port->out.apb_data;
}

static void write_setting(struct mca_dpu_port *port, uint32_t offset, struct mca_dpu_field field,
                          uint32_t value) {
    const struct setting setting = {field, value};
    write_settings(port, offset, &setting, 1);
}

/* Sizes with which a unit is built where less would do: one build serves many chips. */
enum { LAYER_BITS = 2, WORD_BITS = 8, TILE_BITS = 4, ADDR_BITS = 16, DEPTH_BITS = 6 };

/* What the registers' fields hold at most (rtl/registers.vh), and the RTL's lanes. */
enum {
    LANES_MAX = 64,
    LAYER_BITS_MAX = 3,
    TILE_BITS_MAX = 8,
    WORD_BITS_MAX = 15,
    COUNT_BITS_MAX = 16,
    ADDR_BITS_MAX = 32,
    ROW_TILES_MAX = 255,
    COL_TILES_MAX = 127
};

/* Bits for the numbers 0 .. count - 1, `least` at least. */
static uint32_t bits_for(uint64_t count, uint32_t least) {
    const uint32_t bits = mca_log2_above(count);
    return bits > least ? bits : least;
}

/* What a network may ask of it beside its sizes: dense layers of one rate, and no softmax. */
static enum mca_status check_kinds(const struct mca_chip_config *config, struct mca_error *error) {
    const struct mca_layer_config *layers = config->network.layers;
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    if (config->loss == MCA_LOSS_SOFTMAX) {
        return mca_fail(error, MCA_INVALID, "train.loss: the RTL has no softmax");
    }
    if (mca_has_own_units(config)) {
        return mca_fail(error, MCA_INVALID,
                        "dpu.units: the RTL is one digital unit for all layers; got per-%s",
                        mca_has_tile_units(config) ? "tile" : "layer");
    }
    for (uint32_t i = 0; i < config->network.layer_count; ++i) {
        const char *lacking = layers[i].type != MCA_LAYER_DENSE
                                  ? mca_layer_kind_of(layers[i].type)->name
                              : layers[i].digital ? "digital layers"
                              : layers[i].frozen  ? "frozen layers"
                                                  : NULL;
        if (lacking) {
            return mca_fail(error, MCA_INVALID, "network.layers: layer %u: the RTL has no %s", i,
                            lacking);
        }
    }
    MCA_TRY(mca_network_init(&network, &config->network, error));
    mca_layer_numbers(config, &network, numbers);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        if (numbers[i].unit_weight_us != numbers[0].unit_weight_us ||
            layers[i].rate_exponent != layers[0].rate_exponent) {
            return mca_fail(error, MCA_INVALID,
                            "network.layers: layer %u: the RTL has one learning rate and one unit "
                            "weight; unit_weight_us or rate_factor differs from layer 0",
                            i);
        }
    }
    return MCA_OK;
}

/* What the layers take of the unit together. */
struct taken {
    uint64_t tiles;
    uint64_t chi_words;
    uint64_t activation_words;
    uint64_t widest_words; /* a layer's inputs or outputs */
};

static enum mca_status check_layout(const struct mca_chip_config *config,
                                    const struct mca_network_layer *layer,
                                    struct mca_error *error) {
    const unsigned asked = mca_asked_layout(config, layer);
    if (mca_chi_layout_of(asked, config->dpu.lanes, layer->rows, layer->cols) == MCA_LAYOUT_ROWS) {
        return MCA_OK;
    }
    return mca_fail(error, MCA_INVALID,
                    "chi.layout: the RTL keeps chi by rows, and that of a layer of %u inputs and "
                    "%u outputs lies by columns; got %s",
                    layer->rows, layer->cols,
                    asked == MCA_LAYOUT_COLUMNS ? "columns" : "fewest-words");
}

static enum mca_status take_layer(const struct mca_chip_config *config,
                                  const struct mca_network *network, uint32_t number,
                                  struct taken *taken, struct mca_error *error) {
    const struct mca_network_layer *layer = &network->layers[number];
    const uint32_t lanes = config->dpu.lanes;
    const struct mca_placement place = mca_layer_placement(config, layer);
    const uint64_t row_words = mca_dpu_words(layer->rows, lanes);
    const uint64_t col_words = mca_dpu_words(layer->cols, lanes);
    const uint64_t words = row_words > col_words ? row_words : col_words;
    MCA_TRY(check_layout(config, layer, error));
    if ((place.row_tiles > 1 && place.tile_rows % lanes != 0) ||
        (place.col_tiles > 1 && place.tile_cols % lanes != 0)) {
        return mca_fail(error, MCA_INVALID,
                        "network.layers: layer %u: tiles of %u x %u; the RTL needs multiples of "
                        "dpu.lanes (%u) where a layer takes several",
                        number, place.tile_rows, place.tile_cols, lanes);
    }
    if (place.row_tiles > ROW_TILES_MAX || place.col_tiles > COL_TILES_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "network.layers: the RTL's registers hold at most %d row tiles and %d "
                        "column tiles of a layer; here: %u and %u",
                        ROW_TILES_MAX, COL_TILES_MAX, place.row_tiles, place.col_tiles);
    }
    taken->tiles += mca_placement_tiles(&place);
    taken->chi_words += layer->rows * col_words;
    taken->activation_words += col_words;
    taken->widest_words = words > taken->widest_words ? words : taken->widest_words;
    return MCA_OK;
}

/* The sizes that the layers need, and whether the registers hold them. */
static enum mca_status size_layers(const struct mca_chip_config *config,
                                   struct mca_dpu_rtl_set *set, struct mca_error *error) {
    struct mca_network network;
    struct taken taken = {0};
    const uint32_t lane_bits = bits_for(config->dpu.lanes, 0);
    MCA_TRY(mca_network_init(&network, &config->network, error));
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        MCA_TRY(take_layer(config, &network, i, &taken, error));
    }
    /* a layer has fewer than 2^word_bits words */
    const uint64_t words = taken.activation_words > taken.widest_words ? taken.activation_words
                                                                       : taken.widest_words + 1;
    set->layer_bits = bits_for(network.layer_count, LAYER_BITS);
    set->tile_bits = bits_for(taken.tiles, TILE_BITS);
    set->word_bits = bits_for(words, WORD_BITS);
    set->addr_bits = bits_for(taken.chi_words, ADDR_BITS);
    if (set->addr_bits <= set->word_bits + lane_bits) {
        set->addr_bits = set->word_bits + lane_bits + 1;
    }
    if (set->layer_bits > LAYER_BITS_MAX || set->tile_bits > TILE_BITS_MAX ||
        set->word_bits > WORD_BITS_MAX || set->word_bits + lane_bits > COUNT_BITS_MAX ||
        set->addr_bits > ADDR_BITS_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "network.layers: the RTL's registers hold at most %d layers, %d tiles, %d "
                        "lines of a layer or of all outputs, and 2^%d words of chi; here: %u, "
                        "%" PRIu64 ", %" PRIu64 ", %" PRIu64,
                        1 << LAYER_BITS_MAX, 1 << TILE_BITS_MAX, 1 << COUNT_BITS_MAX, ADDR_BITS_MAX,
                        network.layer_count, taken.tiles, words * config->dpu.lanes,
                        taken.chi_words);
    }
    return MCA_OK;
}

static enum mca_status check_timing(const struct mca_chip_config *config, struct mca_error *error) {
    const uint64_t interval = mca_chi_interval(&config->chi);
    if (config->timing.free_dpu) {
        return mca_fail(error, MCA_INVALID, "timing.free_dpu: the RTL takes its cycles; got true");
    }
    if (config->interconnect.kind != MCA_INTERCONNECT_NONE) {
        return mca_fail(error, MCA_INVALID,
                        "interconnect.kind: the RTL takes codes as they are converted; got %s",
                        config->interconnect.kind == MCA_INTERCONNECT_BUS ? "bus" : "tree");
    }
    if (config->timing.read_ahead) {
        return mca_fail(error, MCA_INVALID,
                        "timing.read_ahead: the RTL is done with an image before it asks for reads "
                        "of the next; got true");
    }
    if (config->chi.access_cycles == 0) {
        return mca_fail(error, MCA_INVALID,
                        "chi.access_cycles: the RTL waits a cycle for a read; got 0");
    }
    if (config->chi.access_cycles > MCA_DPU_LATENCY_MAX ||
        config->chi.access_cycles > MCA_DPU_READS_MAX * interval) {
        return mca_fail(error, MCA_INVALID,
                        "chi.access_cycles: the RTL waits at most %d cycles for at most %d reads",
                        MCA_DPU_LATENCY_MAX, MCA_DPU_READS_MAX);
    }
    return MCA_OK;
}

static enum mca_status check_parts(const struct mca_chip_config *config, struct mca_error *error) {
    if (mca_device_drifts_in_training(&config->device)) {
        return mca_fail(error, MCA_INVALID,
                        "device.drift_in_training: values would depend on times, and the RTL's are "
                        "its own; got true");
    }
    if (config->dpu.arithmetic != MCA_ARITHMETIC_FIXED) {
        return mca_fail(error, MCA_INVALID, "dpu.arithmetic: the RTL is fixed-point; got float");
    }
    if (!mca_has_chi(config)) {
        return mca_fail(error, MCA_INVALID,
                        "transfer.mode: the RTL's update engine needs chi; got direct");
    }
    if (config->dpu.lanes > LANES_MAX) {
        return mca_fail(error, MCA_INVALID, "dpu.lanes: the RTL has at most %d lanes; got %u",
                        LANES_MAX, config->dpu.lanes);
    }
    return MCA_OK;
}

enum mca_status mca_dpu_set_of(struct mca_dpu_rtl_set *set, const struct mca_chip_config *config,
                               struct mca_error *error) {
    MCA_TRY(check_parts(config, error));
    MCA_TRY(check_timing(config, error));
    MCA_TRY(check_kinds(config, error));
    *set =
        (struct mca_dpu_rtl_set){.lanes = config->dpu.lanes,
                                 .act_bits = config->dpu.activation_bits,
                                 .err_bits = config->dpu.error_bits,
                                 .dac_bits = config->dac.bits,
                                 .chi_bits = config->chi.bits,
                                 .frac_bits = config->chi.frac_bits,
                                 .depth_bits = bits_for(config->transfer.fifo_depth, DEPTH_BITS)};
    return size_layers(config, set, error);
}

/* Goes on to the digital unit's next operation; whether that is the one that the sequencer does. */
static int goes_on(const struct mca_program *program, const struct mca_step **at,
                   enum mca_dpu_operation_kind kind, uint32_t layer, uint32_t reads) {
    *at = mca_program_next_digital(program, *at);
    return *at && mca_dpu_kind_of(*at) == kind && (*at)->layer == layer &&
           mca_step_read_count(program, *at) == reads;
}

/* The order of rtl/sequencer.v: forward through the layers; then back, the errors of the last from
 * the target, each layer's update after the errors of the layer below. One read for each. */
enum mca_status mca_dpu_check_program(const struct mca_program *program, uint32_t layers,
                                      struct mca_error *error) {
    const struct mca_step *at = NULL;
    int is_known = 1;
    for (uint32_t i = 0; i < layers && is_known; ++i) {
        is_known = goes_on(program, &at, MCA_DPU_FORWARD, i, 1);
    }
    is_known = is_known && goes_on(program, &at, MCA_DPU_ERROR, layers - 1, 0);
    for (uint32_t i = layers; i-- > 0 && is_known;) {
        is_known = (i == 0 || goes_on(program, &at, MCA_DPU_ERROR, i - 1, 1)) &&
                   goes_on(program, &at, MCA_DPU_UPDATE, i, 0);
    }
    if (!is_known || mca_program_next_digital(program, at)) {
        return mca_fail(error, MCA_INVALID,
                        "network.layers: the RTL's sequencer knows dense layers alone, each read "
                        "once on the way forward and once back");
    }
    return MCA_OK;
}

enum mca_status mca_dpu_check_chip(const struct mca_chip *chip, struct mca_error *error) {
    MCA_TRY(mca_dpu_check_program(mca_chip_program(chip), mca_chip_layer_count(chip), error));
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        const struct mca_layer_view layer = mca_chip_layer(chip, i);
        if (!layer.activation->ops->rtl_computes) {
            return mca_fail(error, MCA_INVALID, "layer %u: the RTL has no activation %s", i,
                            layer.activation->ops->name);
        }
        if (layer.forward_frac < -8 || layer.forward_frac > 24) {
            return mca_fail(error, MCA_INVALID,
                            "adc.forward_range: the RTL takes ADC steps of 2^-24 to 2^8; layer %u "
                            "has 2^%d",
                            i, -layer.forward_frac);
        }
        if (layer.backward_frac < -128 || layer.backward_frac > 127) {
            return mca_fail(error, MCA_INVALID,
                            "adc.backward_range: the RTL takes ADC steps of 2^-127 to 2^128; layer "
                            "%u has 2^%d",
                            i, -layer.backward_frac);
        }
    }
    return MCA_OK;
}

struct mca_dpu_layout mca_dpu_layout_of(const struct mca_chip *chip, uint32_t index) {
    const uint32_t lanes = mca_chip_config_of(chip)->dpu.lanes;
    struct mca_dpu_layout layout = {0};
    for (uint32_t i = 0; i <= index; ++i) {
        const struct mca_layer_view layer = mca_chip_layer(chip, i);
        if (i > 0) {
            const struct mca_layer_view before = mca_chip_layer(chip, i - 1);
            layout.tile_base += mca_placement_tiles(&before.matrix->place);
            layout.chi_base += before.inputs * layout.words;
            layout.activation_base += layout.words;
        }
        layout.words = (uint32_t)mca_dpu_words(layer.outputs, lanes);
        layout.stride = layout.words * lanes;
    }
    return layout;
}

static void write_layer(struct mca_dpu_port *port, const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer_view layer = mca_chip_layer(chip, index);
    const struct mca_dpu_layout layout = mca_dpu_layout_of(chip, index);
    const struct mca_placement *place = &layer.matrix->place;
    const uint32_t lanes = mca_chip_config_of(chip)->dpu.lanes;
    const uint32_t row_tiles = place->row_tiles;
    const uint32_t col_tiles = place->col_tiles;
    const uint32_t row_words = row_tiles > 1 ? place->tile_rows / lanes : 0;
    const uint32_t col_words = col_tiles > 1 ? place->tile_cols / lanes : 0;
    const int32_t shift = MCA_SIGMOID_INPUT_FRAC - layer.forward_frac;
    const struct setting settings[] = {
        {MCA_DPU_LAYER_INPUTS, layer.inputs},
        {MCA_DPU_LAYER_OUTPUTS, layer.outputs},
        {MCA_DPU_LAYER_WORDS, layout.words},
        {MCA_DPU_LAYER_ROW_TILES, row_tiles},
        {MCA_DPU_LAYER_COL_TILES, col_tiles},
        {MCA_DPU_LAYER_ROW_TILE_WORDS, row_words},
        {MCA_DPU_LAYER_COL_TILE_WORDS, col_words},
        {MCA_DPU_LAYER_CHI_BASE, layout.chi_base},
        {MCA_DPU_LAYER_TILE_BASE, layout.tile_base},
        {MCA_DPU_LAYER_ACT_BASE, layout.activation_base},
        {MCA_DPU_LAYER_SIGMOID_SHIFT, (uint32_t)shift},
        {MCA_DPU_LAYER_BACKWARD_FRAC, (uint32_t)layer.backward_frac},
    };
    write_settings(port, index * MCA_DPU_LAYER_STRIDE, settings,
                   sizeof settings / sizeof settings[0]);
}

void mca_dpu_write_rate(struct mca_dpu_port *port, const struct mca_chip *chip) {
    const struct mca_rate rate = mca_chip_dpu(chip).rate;
    const struct setting settings[] = {
        {MCA_DPU_RATE_MANTISSA, rate.mantissa},
        {MCA_DPU_RATE_EXPONENT, (uint32_t)rate.exponent},
    };
    write_settings(port, 0, settings, sizeof settings / sizeof settings[0]);
}

void mca_dpu_write_train(struct mca_dpu_port *port, const struct mca_chip *chip, int train) {
    const struct mca_chip_config *config = mca_chip_config_of(chip);
    const struct setting settings[] = {
        {MCA_DPU_CONTROL_ENABLE, 1},
        {MCA_DPU_CONTROL_TRAIN, train != 0},
        {MCA_DPU_CONTROL_SQUARED, config->loss == MCA_LOSS_SQUARED},
        {MCA_DPU_CONTROL_STOCHASTIC, config->dpu.rounding == MCA_ROUND_STOCHASTIC},
        {MCA_DPU_CONTROL_BIPOLAR, mca_dac_drives(&config->dac) == 1},
        {MCA_DPU_CONTROL_LAST_LAYER, mca_chip_layer_count(chip) - 1},
    };
    write_settings(port, 0, settings, sizeof settings / sizeof settings[0]);
}

static void write_table(struct mca_dpu_port *port, const uint32_t *table) {
    for (uint32_t i = 0; i < MCA_SEGMENTS; ++i) {
        const struct setting settings[] = {
            {MCA_DPU_TABLE_VALUE, table[i]},
            {MCA_DPU_TABLE_RISE, table[i + 1] - table[i]},
        };
        write_settings(port, i * MCA_DPU_TABLE_STRIDE, settings,
                       sizeof settings / sizeof settings[0]);
    }
}

static void write_update(struct mca_dpu_port *port, const struct mca_chip_config *config) {
    const struct setting settings[] = {
        {MCA_DPU_UPDATE_INTERVAL, (uint32_t)mca_chi_interval(&config->chi)},
        {MCA_DPU_UPDATE_LATENCY, config->chi.access_cycles},
        {MCA_DPU_UPDATE_MAX_PULSES, config->transfer.max_pulses},
    };
    write_settings(port, 0, settings, sizeof settings / sizeof settings[0]);
}

void mca_dpu_set_up(struct mca_dpu_port *port, const struct mca_chip *chip) {
    const struct mca_chip_config *config = mca_chip_config_of(chip);
    const uint32_t lanes = config->dpu.lanes;
    const struct mca_activation *activation = mca_chip_layer(chip, 0).activation;
    mca_dpu_rtl_reset(port->rtl);
    port->in.drive_ready = 1;
    port->in.image_codes_ready = 1;
    write_table(port, activation->table);
    for (uint32_t l = 0; l < mca_chip_layer_count(chip); ++l) {
        write_layer(port, chip, l);
        for (uint32_t lane = 0; lane < lanes; ++lane) {
            write_setting(port, (l * lanes + lane) * MCA_DPU_SEED_STRIDE, MCA_DPU_SEED_STATE,
                          mca_chip_layer(chip, l).chi->state[lane]);
        }
    }
    mca_dpu_write_rate(port, chip);
    write_update(port, config);
    write_setting(port, 0, MCA_DPU_QUEUE_PLACES, config->transfer.fifo_depth);
    mca_dpu_write_train(port, chip, 1);
}
