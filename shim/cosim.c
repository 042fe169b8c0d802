#include "cosim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analog/converters.h"
#include "arch/chip_state.h"
#include "dpu_rtl.h"

enum { TILES_MAX = 64, LANES_MAX = 256, LATENCY_MAX = 15, READS_MAX = 4, PATIENCE = 4096 };

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

/* Commands that the model sent to a tile and that the RTL still has to give, a ring. */
struct queue {
    struct mca_dpu_command *command;
    size_t capacity;
    size_t first;
    size_t count;
    size_t untaken; /* of them, not yet taken by the RTL's queue: the last ones */
};

struct layer {
    uint32_t words;
    uint32_t stride; /* words x lanes */
    uint32_t tile_base;
    uint32_t chi_base;
    int32_t *codes; /* [passes][stride] of the operation to come */
    uint32_t passes;
    uint32_t passes_max;
};

struct cosim_chi {
    int32_t *words; /* [chi words][lanes] */
    uint64_t due[LATENCY_MAX + 1];
    uint32_t address[LATENCY_MAX + 1];
    uint32_t first;
    uint32_t count;
};

struct mca_cosim {
    struct mca_chip *chip;
    struct mca_dpu_rtl *rtl;
    const struct mca_dpu_rtl_set *set;
    struct layer *layers;
    struct queue queues[TILES_MAX];
    struct cosim_chi chi;
    struct mca_rate rate;
    struct mca_dpu_rtl_in in;
    struct mca_dpu_rtl_out out;
    uint64_t now; /* cycle of the chip's clock */
    uint64_t compare;
    uint64_t image;
    uint32_t lanes;
    int32_t *dense;        /* [largest stride + lanes] expected codes of a vector */
    int loaded;            /* the image is in */
    uint64_t update_words; /* that the update to come serves */
    /* of the operation at work */
    struct mca_dpu_operation operation;
    uint64_t act_words;
    uint64_t err_words;
    uint64_t chi_words;
    uint32_t drive_words;
    uint64_t op_clock;
    struct mca_cosim_counts counts;
    int failed;
    char mismatch[512];
    char trace_path[1024];
    uint64_t trace_first;
    uint64_t trace_last;
    int tracing;
};

static const char *const KIND[] = {"forward", "error", "update"};

/* Keeps the first difference. */
static void differ(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                   int64_t expected, int64_t got) {
    if (cosim->failed) {
        return;
    }
    char row_text[32] = "-";
    char col_text[32] = "-";
    if (row >= 0) {
        (void)snprintf(row_text, sizeof row_text, "%" PRId64, row);
    }
    if (col >= 0) {
        (void)snprintf(col_text, sizeof col_text, "%" PRId64, col);
    }
    cosim->failed = 1;
    (void)snprintf(cosim->mismatch, sizeof cosim->mismatch,
                   "%s: image %" PRIu64 ", %s of layer %u, row %s, column %s, cycle %" PRIu64
                   " of the operation (%" PRIu64 " of the chip): expected %" PRId64
                   ", got %" PRId64,
                   what, cosim->image, KIND[cosim->operation.kind], cosim->operation.layer,
                   row_text, col_text, cosim->op_clock, cosim->now, expected, got);
}

/* ---- what the RTL shows in a cycle ------------------------------------------------------------
 */

static void compare_lanes(struct mca_cosim *cosim, const char *what, uint32_t word, uint32_t count,
                          const int32_t *expected, const int32_t *got) {
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        const uint32_t c = word * cosim->lanes + l;
        const int32_t wanted = c < count ? expected[c] : 0;
        if (got[l] != wanted) {
            differ(cosim, what, -1, c, wanted, got[l]);
            return;
        }
    }
}

static void compare_activations(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->out;
    const uint32_t layer = cosim->operation.layer;
    const struct mca_layer_signals *s = &cosim->chip->signals.layers[layer];
    const uint32_t outputs = cosim->chip->layers[layer].outputs;
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        const uint32_t c = out->act_word * cosim->lanes + l;
        const int32_t wanted = c < outputs ? (int32_t)s->activation[c] : 0;
        if (out->act[l] != wanted) {
            differ(cosim, "activation", -1, c, wanted, out->act[l]);
            return;
        }
    }
    ++cosim->act_words;
}

static void compare_errors(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->out;
    const uint32_t layer = cosim->operation.layer;
    const struct mca_layer_signals *s = &cosim->chip->signals.layers[layer];
    const uint32_t outputs = cosim->chip->layers[layer].outputs;
    compare_lanes(cosim, "error", out->err_word, outputs, s->error, out->err);
    compare_lanes(cosim, "rated error", out->err_word, outputs, s->rated, out->rated);
    ++cosim->err_words;
}

static void compare_drive(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->out;
    const struct mca_chip *chip = cosim->chip;
    const uint32_t layer = cosim->operation.layer;
    const struct mca_layer_signals *s = &chip->signals.layers[layer];
    const uint32_t outputs = chip->layers[layer].outputs;
    const int last = layer + 1 == chip->layer_count;
    const uint32_t kind = cosim->operation.kind == MCA_DPU_ERROR ? 1 : last ? 2 : 0;
    if (out->drive_kind != kind || out->drive_layer != layer) {
        differ(cosim, "kind of codes to drive", -1, -1, kind, out->drive_kind);
        return;
    }
    const uint32_t word = cosim->drive_words++;
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        const uint32_t c = word * cosim->lanes + l;
        int32_t wanted = c < outputs ? (int32_t)s->activation[c] : 0;
        if (kind == 0) {
            wanted = cosim->dense[c];
        } else if (kind == 1) {
            const int32_t e = c < outputs ? s->error[c] : 0;
            const int32_t code = mca_dac_code((uint32_t)(e < 0 ? -e : e),
                                              chip->config.dpu.error_bits - 1, chip->drive_bits);
            wanted = e < 0 ? -code : code;
        }
        if (out->drive[l] != wanted) {
            differ(cosim, "code to drive", -1, c, wanted, out->drive[l]);
            return;
        }
    }
    const uint32_t last_count = kind == 0 ? outputs + 1 : outputs;
    const int is_last = (word + 1) * cosim->lanes >= last_count;
    if (out->drive_last != is_last) {
        differ(cosim, "last word to drive", -1, word, is_last, out->drive_last);
    }
}

static void compare_chi(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->out;
    const uint32_t index = cosim->operation.layer;
    const struct mca_layer *layer = &cosim->chip->layers[index];
    const uint32_t offset = out->chi_write_address - cosim->layers[index].chi_base;
    const uint32_t row = offset % layer->inputs;
    const uint32_t word = offset / layer->inputs;
    if (word >= cosim->layers[index].words) {
        differ(cosim, "chi address", -1, -1, cosim->layers[index].chi_base, out->chi_write_address);
        return;
    }
    int32_t *stored = cosim->chi.words + (size_t)out->chi_write_address * cosim->lanes;
    memcpy(stored, out->chi, cosim->lanes * sizeof *stored);
    const int32_t *expected =
        layer->chi.words + (size_t)row * layer->chi.stride + (size_t)word * cosim->lanes;
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        if (stored[l] != expected[l]) {
            differ(cosim, "chi", row, (word * cosim->lanes + l), expected[l], stored[l]);
            return;
        }
    }
    ++cosim->chi_words;
}

static void compare_taken(struct mca_cosim *cosim) {
    struct queue *queue = &cosim->queues[cosim->out.command_tile];
    if (queue->untaken == 0) {
        differ(cosim, "command for a tile that has none", -1, -1, -1, cosim->out.command_tile);
        return;
    }
    const size_t at = (queue->first + queue->count - queue->untaken) % queue->capacity;
    const struct mca_dpu_command *command = &queue->command[at];
    if (command->taken_cycle != cosim->now) {
        differ(cosim, "cycle in which a queue takes a command", command->row, command->col,
               (int64_t)command->taken_cycle, (int64_t)cosim->now);
    }
    --queue->untaken;
}

static void compare_left(struct mca_cosim *cosim, uint32_t tile) {
    struct queue *queue = &cosim->queues[tile];
    const struct mca_dpu_command *wanted = &queue->command[queue->first];
    if (!(cosim->out.pulse_valid >> tile & 1)) {
        differ(cosim, "command that should leave its queue", wanted->row, wanted->col,
               wanted->pulses, 0);
        return;
    }
    const struct mca_dpu_rtl_command got = mca_dpu_rtl_command_of(cosim->rtl, tile);
    if (got.row != wanted->row) {
        differ(cosim, "row of a command", wanted->row, wanted->col, wanted->row, got.row);
    } else if (got.col != wanted->col) {
        differ(cosim, "column of a command", wanted->row, wanted->col, wanted->col, got.col);
    } else if (got.pulses != wanted->pulses) {
        differ(cosim, "pulses of a command", wanted->row, wanted->col, wanted->pulses, got.pulses);
    }
    ++cosim->counts.commands;
    cosim->counts.pulses += (uint64_t)(wanted->pulses < 0 ? -wanted->pulses : wanted->pulses);
    queue->first = (queue->first + 1) % queue->capacity;
    --queue->count;
}

/* ---- a clock cycle ------------------------------------------------------------------------------
 */

static void answer_chi(struct mca_cosim *cosim) {
    struct cosim_chi *chi = &cosim->chi;
    cosim->in.chi_valid = chi->count > 0 && chi->due[chi->first] == cosim->counts.clocks;
    if (cosim->in.chi_valid) {
        cosim->in.chi = chi->words + (size_t)chi->address[chi->first] * cosim->lanes;
        chi->first = (chi->first + 1) % (LATENCY_MAX + 1);
        --chi->count;
    }
}

static void take_chi_request(struct mca_cosim *cosim) {
    struct cosim_chi *chi = &cosim->chi;
    if (cosim->out.chi_read) {
        const uint32_t at = (chi->first + chi->count++) % (LATENCY_MAX + 1);
        chi->due[at] = cosim->counts.clocks + cosim->chip->config.chi.access_cycles;
        chi->address[at] = cosim->out.chi_read_address;
    }
}

static void offer_drivers(struct mca_cosim *cosim) {
    cosim->in.pulse_ready = 0;
    for (uint32_t t = 0; t < cosim->set->tiles; ++t) {
        const struct queue *queue = &cosim->queues[t];
        if (queue->count > 0 && queue->command[queue->first].left_cycle <= cosim->now) {
            cosim->in.pulse_ready |= (uint64_t)1 << t;
        }
    }
}

static void step(struct mca_cosim *cosim) {
    offer_drivers(cosim);
    answer_chi(cosim);
    mca_dpu_rtl_step(cosim->rtl, &cosim->in, &cosim->out);
    take_chi_request(cosim);
    if (cosim->out.command_taken) {
        compare_taken(cosim);
    }
    for (uint32_t t = 0; cosim->in.pulse_ready >> t; ++t) {
        if (cosim->in.pulse_ready >> t & 1) {
            compare_left(cosim, t);
        }
    }
    if (cosim->out.act_valid) {
        compare_activations(cosim);
    }
    if (cosim->out.err_valid) {
        compare_errors(cosim);
    }
    if (cosim->out.drive_valid) {
        compare_drive(cosim);
    }
    if (cosim->out.chi_write) {
        compare_chi(cosim);
    }
    ++cosim->counts.clocks;
    ++cosim->now;
}

static void write_register(struct mca_cosim *cosim, uint32_t address, uint32_t data) {
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
        differ(cosim, "register refused", -1, -1, 0, address);
    }
    cosim->in.apb_select = 0;
    cosim->in.apb_enable = 0;
    cosim->in.apb_write = 0;
}

/* ---- set-up
 * --------------------------------------------------------------------------------------- */

static struct mca_dpu_rtl_set wanted_set(const struct mca_chip_config *config) {
    return (struct mca_dpu_rtl_set){.lanes = config->dpu.lanes,
                                    .act_bits = config->dpu.activation_bits,
                                    .err_bits = config->dpu.error_bits,
                                    .dac_bits = config->dac.bits,
                                    .chi_bits = config->chi.bits,
                                    .frac_bits = config->chi.frac_bits};
}

static uint32_t divide_up(uint32_t n, uint32_t by) {
    return (n - 1) / by + 1;
}

static enum mca_status check_layers(const struct mca_chip_config *config,
                                    const struct mca_dpu_rtl_set *set, struct mca_error *error) {
    const struct mca_u32_list *widths = &config->network.layers;
    uint64_t tiles = 0;
    uint64_t chi = 0;
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
    }
    if (widths->count - 1 > set->layers || tiles > set->tiles || chi > set->chi_words) {
        return mca_fail(
            error, MCA_INVALID,
            "network.layers: the RTL is built for at most %u layers, %u tiles and %u words of chi; "
            "here: %u, %" PRIu64 ", %" PRIu64,
            set->layers, set->tiles, set->chi_words, widths->count - 1, tiles, chi);
    }
    return MCA_OK;
}

enum mca_status mca_cosim_check(const struct mca_chip_config *config, struct mca_error *error) {
    if (config->dpu.arithmetic != MCA_ARITHMETIC_FIXED) {
        return mca_fail(error, MCA_INVALID, "dpu.arithmetic: the RTL is fixed-point; got float");
    }
    const struct mca_dpu_rtl_set wanted = wanted_set(config);
    const int number = mca_dpu_rtl_find(&wanted);
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

static void write_layer(struct mca_cosim *cosim, uint32_t index) {
    const struct mca_layer *layer = &cosim->chip->layers[index];
    const struct layer *own = &cosim->layers[index];
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

static void write_rate(struct mca_cosim *cosim) {
    cosim->rate = cosim->chip->rate;
    write_register(cosim, REG_RATE,
                   (cosim->rate.mantissa & 0xfff) | (uint32_t)cosim->rate.exponent << 16);
}

static void set_up_rtl(struct mca_cosim *cosim) {
    const struct mca_chip *chip = cosim->chip;
    const struct mca_chip_config *config = &chip->config;
    cosim->in.reset = 1;
    for (int i = 0; i < 3; ++i) {
        mca_dpu_rtl_step(cosim->rtl, &cosim->in, &cosim->out);
    }
    cosim->in.reset = 0;
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
    write_rate(cosim);
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

/* ---- traffic
 * ------------------------------------------------------------------------------------------ */

static void take_codes(void *user, const struct mca_dpu_codes *codes) {
    struct mca_cosim *cosim = user;
    if (cosim->failed || cosim->image >= cosim->compare) {
        return;
    }
    /* backward codes are the sums of the layer below */
    struct layer *layer = &cosim->layers[codes->backward ? codes->layer - 1 : codes->layer];
    int32_t *pass = layer->codes + (size_t)codes->pass * layer->stride;
    if (codes->pass >= layer->passes) {
        memset(pass, 0, layer->stride * sizeof *pass);
        layer->passes = codes->pass + 1;
    }
    memcpy(pass + codes->first, codes->code, codes->count * sizeof *pass);
}

static void take_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct mca_cosim *cosim = user;
    const uint32_t outputs = cosim->chip->layers[layer].outputs;
    uint64_t words = 0;
    for (uint32_t first = 0; first < outputs; first += cosim->lanes) {
        int any = 0;
        for (uint32_t c = first; c < outputs && c < first + cosim->lanes; ++c) {
            any |= update->error[c] != 0;
        }
        words += (uint64_t)any;
    }
    cosim->update_words = update->shift > MCA_SHIFT_MAX ? 0 : words * update->count;
}

static void take_command(void *user, const struct mca_dpu_command *command) {
    struct mca_cosim *cosim = user;
    if (cosim->failed || cosim->image >= cosim->compare) {
        return;
    }
    const struct mca_crossbar *crossbar = &cosim->chip->layers[command->layer].crossbar;
    struct queue *queue =
        &cosim->queues[cosim->layers[command->layer].tile_base +
                       command->row / crossbar->config.rows * crossbar->col_tiles +
                       command->col / crossbar->config.cols];
    if (queue->count == queue->capacity) {
        const size_t capacity = queue->capacity ? 2 * queue->capacity : 256;
        struct mca_dpu_command *grown = malloc(capacity * sizeof *grown);
        if (!grown) {
            differ(cosim, "out of memory for commands", -1, -1, 0, 0);
            return;
        }
        for (size_t i = 0; i < queue->count; ++i) {
            grown[i] = queue->command[(queue->first + i) % queue->capacity];
        }
        free(queue->command);
        queue->command = grown;
        queue->capacity = capacity;
        queue->first = 0;
    }
    queue->command[(queue->first + queue->count++) % queue->capacity] = *command;
    ++queue->untaken;
}

/* The image and, on the way out, its codes. Not timed: the image port has its own clock. */
static void load_image(struct mca_cosim *cosim) {
    const struct mca_lines *input = &cosim->chip->signals.layers[0].input;
    const uint32_t pixels = cosim->chip->layers[0].inputs - 1;
    const uint32_t words = pixels / cosim->lanes + 1;
    uint8_t beat[LANES_MAX];
    memset(cosim->dense, 0, (size_t)words * cosim->lanes * sizeof *cosim->dense);
    for (uint32_t k = 0; k < input->count; ++k) {
        cosim->dense[input->line[k]] = input->code[k];
    }
    for (uint32_t w = 0; w < words && !cosim->failed;) {
        for (uint32_t l = 0; l < cosim->lanes; ++l) {
            const uint32_t c = w * cosim->lanes + l;
            beat[l] = c < pixels ? cosim->chip->pixels[c] : 0;
        }
        cosim->in.image = beat;
        cosim->in.image_valid = w * cosim->lanes < pixels;
        cosim->in.label = cosim->chip->label;
        step(cosim);
        --cosim->now;
        if (!cosim->out.image_codes_valid) {
            differ(cosim, "image taken", -1, w, 1, 0);
            return;
        }
        compare_lanes(cosim, "image code", w, words * cosim->lanes, cosim->dense,
                      cosim->out.image_codes);
        ++w;
    }
    cosim->in.image_valid = 0;
    cosim->loaded = 1;
}

/* Commands that leave before the next operation starts; the RTL waits for codes meanwhile. */
static void wait_until(struct mca_cosim *cosim, uint64_t start) {
    for (;;) {
        uint64_t next = UINT64_MAX;
        for (uint32_t t = 0; t < cosim->set->tiles; ++t) {
            const struct queue *queue = &cosim->queues[t];
            if (queue->count > 0 && queue->command[queue->first].left_cycle < next) {
                next = queue->command[queue->first].left_cycle;
            }
        }
        if (next >= start || cosim->failed) {
            break;
        }
        cosim->now = next > cosim->now ? next : cosim->now;
        step(cosim);
    }
    cosim->now = start;
}

static uint32_t beats_of(const struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct layer *layer = &cosim->layers[operation->layer];
    const int streams =
        operation->kind == MCA_DPU_FORWARD ||
        (operation->kind == MCA_DPU_ERROR && operation->layer + 1 < cosim->chip->layer_count);
    return streams ? layer->passes * layer->words : 0;
}

static void expect_codes(struct mca_cosim *cosim, uint32_t index) {
    if (index + 1 < cosim->chip->layer_count) {
        const struct mca_lines *input = &cosim->chip->signals.layers[index + 1].input;
        const uint32_t lines = cosim->layers[index].stride + cosim->lanes;
        memset(cosim->dense, 0, lines * sizeof *cosim->dense);
        for (uint32_t k = 0; k < input->count; ++k) {
            cosim->dense[input->line[k]] = input->code[k];
        }
    }
}

static void check_operation(struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct mca_dpu_rtl_out *out = &cosim->out;
    const struct layer *layer = &cosim->layers[operation->layer];
    const uint64_t act = operation->kind == MCA_DPU_FORWARD ? layer->words : 0;
    const uint64_t err = operation->kind == MCA_DPU_ERROR ? layer->words : 0;
    const uint64_t chi = operation->kind == MCA_DPU_UPDATE ? cosim->update_words : 0;
    if (out->done_kind != operation->kind || out->done_layer != operation->layer) {
        differ(cosim, "operation", -1, -1, operation->kind * 10 + operation->layer,
               out->done_kind * 10 + out->done_layer);
    } else if (out->done_cycles != operation->cycles) {
        differ(cosim, "cycles of the operation", -1, -1, (int64_t)operation->cycles,
               out->done_cycles);
    } else if (cosim->act_words != act || cosim->err_words != err) {
        differ(cosim, "words of results", -1, -1, (int64_t)(act + err),
               (int64_t)(cosim->act_words + cosim->err_words));
    } else if (cosim->chi_words != chi) {
        differ(cosim, "words of chi", -1, -1, (int64_t)chi, (int64_t)cosim->chi_words);
    } else if (operation->kind == MCA_DPU_ERROR &&
               out->done_exponent != cosim->chip->signals.layers[operation->layer].error_exponent) {
        differ(cosim, "exponent of errors", -1, -1,
               cosim->chip->signals.layers[operation->layer].error_exponent, out->done_exponent);
    }
    for (uint32_t t = 0; t < cosim->set->tiles; ++t) {
        if (cosim->queues[t].untaken > 0) {
            differ(cosim, "commands of a tile not sent", -1, -1, 0,
                   (int64_t)cosim->queues[t].untaken);
        }
    }
}

static void run_operation(void *user, const struct mca_dpu_operation *operation) {
    struct mca_cosim *cosim = user;
    if (cosim->failed || cosim->image >= cosim->compare) {
        return;
    }
    struct layer *layer = &cosim->layers[operation->layer];
    cosim->operation = *operation;
    cosim->act_words = cosim->err_words = cosim->chi_words = 0;
    cosim->drive_words = 0;
    cosim->op_clock = 0;
    if (operation->kind == MCA_DPU_FORWARD && operation->layer == 0) {
        if (cosim->trace_path[0] && cosim->image == cosim->trace_first) {
            cosim->tracing = mca_dpu_rtl_trace(cosim->rtl, cosim->trace_path) == 0;
            if (!cosim->tracing) {
                differ(cosim, "the waveform cannot be written", -1, -1, 0, 0);
            }
        }
        if (cosim->rate.mantissa != cosim->chip->rate.mantissa ||
            cosim->rate.exponent != cosim->chip->rate.exponent) {
            write_rate(cosim);
        }
        load_image(cosim);
    }
    wait_until(cosim, operation->start_cycle);
    if (operation->kind == MCA_DPU_FORWARD) {
        expect_codes(cosim, operation->layer);
    }
    const uint32_t beats = beats_of(cosim, operation);
    uint32_t beat = 0;
    int done = 0;
    while (!done && !cosim->failed) {
        cosim->in.adc_valid = beat < beats;
        cosim->in.adc = layer->codes + (size_t)beat * cosim->lanes;
        step(cosim);
        beat += cosim->in.adc_valid && cosim->out.adc_ready;
        done = cosim->out.done;
        ++cosim->op_clock;
        if (!done && cosim->op_clock > operation->cycles + PATIENCE) {
            differ(cosim, "end of the operation", -1, -1, (int64_t)operation->cycles,
                   (int64_t)cosim->op_clock);
        }
    }
    cosim->in.adc_valid = 0;
    if (done && !cosim->failed) {
        check_operation(cosim, operation);
    }
    ++cosim->counts.operations;
    cosim->counts.cycles += operation->cycles;
    cosim->counts.words += cosim->act_words + cosim->err_words + cosim->chi_words;
    layer->passes = 0;
    if (operation->kind == MCA_DPU_UPDATE && operation->layer == 0) {
        if (cosim->tracing && cosim->image == cosim->trace_last) {
            mca_dpu_rtl_trace_stop(cosim->rtl);
            cosim->tracing = 0;
        }
        if (!cosim->failed) {
            ++cosim->image;
            ++cosim->counts.images;
        }
    }
}

/* A refresh may leave what it missed in chi: the memory is written beside the digital unit. */
static void take_chi_write(void *user, uint32_t layer, uint32_t row, uint32_t col) {
    struct mca_cosim *cosim = user;
    const struct mca_layer *model = &cosim->chip->layers[layer];
    const size_t word =
        cosim->layers[layer].chi_base + (size_t)(col / cosim->lanes) * model->inputs + row;
    cosim->chi.words[word * cosim->lanes + col % cosim->lanes] =
        model->chi.words[(size_t)row * model->chi.stride + col];
}

/* ---- life
 * ------------------------------------------------------------------------------------------------
 */

static enum mca_status create_layers(struct mca_cosim *cosim, struct mca_error *error) {
    const struct mca_chip *chip = cosim->chip;
    uint32_t tiles = 0;
    uint32_t chi = 0;
    uint32_t widest = chip->layers[0].inputs;
    cosim->layers = calloc(chip->layer_count, sizeof *cosim->layers);
    for (uint32_t i = 0; cosim->layers && i < chip->layer_count; ++i) {
        struct layer *layer = &cosim->layers[i];
        const struct mca_layer *model = &chip->layers[i];
        layer->words = divide_up(model->outputs, cosim->lanes);
        layer->stride = layer->words * cosim->lanes;
        layer->tile_base = tiles;
        layer->chi_base = chi;
        layer->passes_max = model->crossbar.row_tiles;
        if (i + 1 < chip->layer_count && layer->passes_max < 2 * model[1].crossbar.col_tiles) {
            layer->passes_max = 2 * model[1].crossbar.col_tiles;
        }
        layer->codes = calloc((size_t)layer->passes_max * layer->stride, sizeof *layer->codes);
        if (!layer->codes) {
            return mca_fail_memory(error, "cosimulation");
        }
        tiles += model->crossbar.row_tiles * model->crossbar.col_tiles;
        chi += model->inputs * layer->words;
        widest = layer->stride > widest ? layer->stride : widest;
    }
    cosim->dense = calloc((size_t)widest + 2 * cosim->lanes, sizeof *cosim->dense);
    cosim->chi.words = calloc((size_t)cosim->set->chi_words * cosim->lanes, sizeof(int32_t));
    return cosim->layers && cosim->dense && cosim->chi.words
               ? MCA_OK
               : mca_fail_memory(error, "cosimulation");
}

enum mca_status mca_cosim_create(struct mca_cosim **out, struct mca_chip *chip, uint64_t compare,
                                 struct mca_error *error) {
    MCA_TRY(mca_cosim_check(&chip->config, error));
    const struct mca_dpu_rtl_set wanted = wanted_set(&chip->config);
    const uint32_t number = (uint32_t)mca_dpu_rtl_find(&wanted);
    struct mca_cosim *cosim = calloc(1, sizeof *cosim);
    if (!cosim) {
        return mca_fail_memory(error, "cosimulation");
    }
    cosim->chip = chip;
    cosim->compare = compare;
    cosim->set = mca_dpu_rtl_set_at(number);
    cosim->lanes = cosim->set->lanes;
    cosim->rtl = mca_dpu_rtl_create(number);
    const enum mca_status status =
        cosim->rtl ? create_layers(cosim, error) : mca_fail_memory(error, "cosimulation");
    if (status != MCA_OK) {
        mca_cosim_destroy(cosim);
        return status;
    }
    set_up_rtl(cosim);
    chip->tap = (struct mca_dpu_tap){cosim,        take_codes,    take_update,
                                     take_command, run_operation, take_chi_write};
    *out = cosim;
    return MCA_OK;
}

void mca_cosim_destroy(struct mca_cosim *cosim) {
    if (!cosim) {
        return;
    }
    memset(&cosim->chip->tap, 0, sizeof cosim->chip->tap);
    for (uint32_t i = 0; cosim->layers && i < cosim->chip->layer_count; ++i) {
        free(cosim->layers[i].codes);
    }
    for (uint32_t t = 0; t < TILES_MAX; ++t) {
        free(cosim->queues[t].command);
    }
    free(cosim->layers);
    free(cosim->dense);
    free(cosim->chi.words);
    mca_dpu_rtl_destroy(cosim->rtl);
    free(cosim);
}

void mca_cosim_trace(struct mca_cosim *cosim, const char *path, uint64_t first, uint64_t last) {
    (void)snprintf(cosim->trace_path, sizeof cosim->trace_path, "%s", path);
    cosim->trace_first = first;
    cosim->trace_last = last;
}

const struct mca_cosim_counts *mca_cosim_counts_of(const struct mca_cosim *cosim) {
    return &cosim->counts;
}

const char *mca_cosim_mismatch(const struct mca_cosim *cosim, uint64_t *image) {
    *image = cosim->image;
    return cosim->failed ? cosim->mismatch : NULL;
}
