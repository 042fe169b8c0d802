/* Fixed-point arithmetic, bit by bit as rtl/ does it (docs/reference/digital-unit.md,
 * docs/reference/rtl.md). */
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "chip/chip_state.h"

static void init_signals(struct mca_layer_signals *s, uint32_t outputs, struct mca_arena *arena,
                         int *whole) {
    s->sum = mca_arena_take(arena, outputs, sizeof *s->sum, whole);
    s->activation = mca_arena_take(arena, outputs, sizeof *s->activation, whole);
    s->raw_error = mca_arena_take(arena, outputs, sizeof *s->raw_error, whole);
    s->error = mca_arena_take(arena, outputs, sizeof *s->error, whole);
    s->rated = mca_arena_take(arena, outputs, sizeof *s->rated, whole);
}

static void init(struct mca_chip *chip) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    for (uint32_t p = 0; p < 256; ++p) {
        chip->pixel_code[p] = mca_dac_code(p << (bits - 8), bits, chip->config.dac.bits);
    }
}

static void set_rate(struct mca_chip *chip) {
    chip->rate = mca_rate_from(chip->rate_real * mca_exp2i((int)chip->config.chi.frac_bits));
}

/* Lines of the codes that are not 0; `first` is the number of the first. */
static void add_codes(struct mca_lines *lines, uint32_t first, const int32_t *restrict codes,
                      uint32_t count) {
    uint32_t n = lines->count;
    for (uint32_t i = 0; i < count; ++i) { /* without a branch: one in five is not 0 */
        lines->line[n] = first + i;
        lines->code[n] = codes[i];
        n += codes[i] != 0;
    }
    lines->count = n;
}

/* The bias row is driven at the highest code. */
static void add_bias(const struct mca_chip *chip, struct mca_lines *lines, uint32_t line) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    const int32_t code = mca_dac_code((1u << bits) - 1, bits, chip->config.dac.bits);
    add_codes(lines, line, &code, 1);
}

static void add_some_pixels(const struct mca_chip *chip, struct mca_lines *lines, uint32_t first,
                            const uint8_t *pixels, uint32_t count) {
    uint32_t n = lines->count;
    for (uint32_t i = 0; i < count; ++i) { /* as add_codes */
        lines->line[n] = first + i;
        lines->code[n] = chip->pixel_code[pixels[i]];
        n += lines->code[n] != 0;
    }
    lines->count = n;
}

/* Eight pixels that are all 0 are passed over. */
static void add_pixels(const struct mca_chip *chip, struct mca_lines *lines, const uint8_t *pixels,
                       uint32_t count) {
    enum { GROUP = 8 };
    uint32_t i = 0;
    for (; i + GROUP <= count; i += GROUP) {
        uint64_t group;
        memcpy(&group, pixels + i, sizeof group);
        if (group != 0) {
            add_some_pixels(chip, lines, i, pixels + i, GROUP);
        }
    }
    add_some_pixels(chip, lines, i, pixels + i, count - i);
}

static void load(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                 struct mca_lines *lines) {
    add_pixels(chip, lines, pixels, count);
    add_bias(chip, lines, count);
}

static void clear_sums(struct mca_layer_signals *s, uint32_t outputs) {
    memset(s->sum, 0, outputs * sizeof *s->sum);
}

/* What one drive gave: added where `sign` is not negative, or taken away. */
MCA_CLONES
static void add_signed(const int32_t *restrict levels, uint32_t count, int sign,
                       int32_t *restrict sum) {
    const int32_t negative = sign < 0 ? -1 : 0; /* (x ^ -1) - -1 = -x */
    for (uint32_t r = 0; r < count; ++r) {
        sum[r] += (levels[r] ^ negative) - negative;
    }
}

MCA_CLONES
static void add_levels(const int32_t *restrict levels, uint32_t count, int32_t *restrict sum) {
    for (uint32_t c = 0; c < count; ++c) {
        sum[c] += levels[c];
    }
}

static void add_forward(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t number,
                        const struct mca_read_scratch *read, struct mca_layer_signals *s) {
    const struct mca_tile *tile = &layer->matrix.tiles[number];
    (void)chip;
    add_levels(read->levels, tile->cols, s->sum + tile->col0);
}

static void activate(const struct mca_chip *chip, const struct mca_layer *layer,
                     struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[layer->index];
    layer->activation->ops->codes(layer->activation, s->sum, layer->forward_frac, 0, layer->outputs,
                                  s->activation);
    if (layer->index + 1 < chip->layer_count) {
        struct mca_lines *next = &signals->layers[layer->index + 1].input;
        int32_t *codes = signals->scratch.levels; /* of reads that are over */
        mca_dac_codes(s->activation, layer->outputs, chip->config.dpu.activation_bits,
                      chip->config.dac.bits, codes);
        next->count = 0;
        add_codes(next, 0, codes, layer->outputs);
        add_bias(chip, next, layer->outputs);
    }
}

static int is_greater(const struct mca_layer_signals *s, uint32_t a, uint32_t b) {
    return s->sum[a] > s->sum[b];
}

static double activation(const struct mca_chip *chip, const struct mca_layer_signals *s,
                         uint32_t output) {
    return (double)s->activation[output] / mca_exp2i((int)chip->config.dpu.activation_bits);
}

int32_t mca_engine_update_shift(const struct mca_chip *chip, int32_t error_exponent) {
    return (int32_t)chip->config.dac.bits - MCA_RATE_MANTISSA_BITS - chip->rate.exponent -
           error_exponent;
}

/* raw_error to error, its exponent, and the rated error with its shift to chi. */
static void scale_layer_error(const struct mca_chip *chip, const struct mca_layer *layer,
                              struct mca_layer_signals *s) {
    const uint32_t outputs = layer->outputs;
    int32_t shift;
    s->has_error =
        mca_scale_errors(s->raw_error, outputs, chip->config.dpu.error_bits, s->error, &shift);
    s->error_exponent = s->raw_exponent + shift;
    mca_apply_rate(s->error, outputs, chip->rate.mantissa, s->rated);
    s->update_shift = mca_engine_update_shift(chip, s->error_exponent);
}

static void output_error(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_layer_signals *s, uint32_t label) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        s->raw_error[c] = (c == label ? (int32_t)(1u << bits) : 0) - s->activation[c];
    }
    if (squared) {
        layer->activation->ops->apply_slopes(layer->activation, s->activation, layer->outputs,
                                             s->raw_error);
    }
    s->raw_exponent =
        -(int32_t)(bits + (squared ? mca_activation_slope_bits(layer->activation) : 0));
    scale_layer_error(chip, layer, s);
}

static double begin_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                             struct mca_signals *signals) {
    struct mca_layer_signals *below = &signals->layers[layer->index - 1];
    memset(below->raw_error, 0, chip->layers[layer->index - 1].outputs * sizeof *below->raw_error);
    return 1.0;
}

/* Columns of one drive: those with errors of this sign, or with any (sign 0: bipolar). */
static void drive(const struct mca_chip *chip, const struct mca_layer *layer, int sign,
                  struct mca_layer_signals *s) {
    struct mca_lines *lines = &s->drive;
    const uint32_t bits = chip->config.dpu.error_bits - 1;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const int32_t e = s->error[c];
        if (e == 0 || (sign > 0 && e < 0) || (sign < 0 && e > 0)) {
            continue;
        }
        const int32_t code = mca_dac_code((uint32_t)(e < 0 ? -e : e), bits, chip->drive_bits);
        if (code != 0) {
            lines->line[lines->count] = c;
            lines->code[lines->count++] = sign == 0 && e < 0 ? -code : code;
        }
    }
}

static void add_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         uint32_t number, const struct mca_read_scratch *read, int sign,
                         struct mca_layer_signals *below) {
    add_signed(read->levels, mca_engine_rows_below(chip, layer->index, number), sign,
               below->raw_error + layer->matrix.tiles[number].row0);
}

/* Saturated to 32 bits before scaling. */
static void end_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_signals *signals) {
    struct mca_layer_signals *below = &signals->layers[layer->index - 1];
    const struct mca_activation *function = chip->layers[layer->index - 1].activation;
    function->ops->apply_slopes(function, below->activation, layer->inputs - 1, below->raw_error);
    /* error x weight sum: errors are driven as a fraction of 2^(error_bits - 1) */
    below->raw_exponent = signals->layers[layer->index].error_exponent +
                          (int32_t)chip->config.dpu.error_bits - 1 - layer->backward_frac -
                          (int32_t)mca_activation_slope_bits(function);
    scale_layer_error(chip, &chip->layers[layer->index - 1], below);
}

static struct mca_update_result update(struct mca_chip *chip, struct mca_layer *layer,
                                       struct mca_layer_signals *s,
                                       const struct mca_pulse_sink *sink) {
    const struct mca_update now = {.count = s->input.count,
                                   .row = s->input.line,
                                   .code = s->input.code,
                                   .error = s->rated,
                                   .shift = s->update_shift};
    mca__tell_update(chip, layer->index, &now);
    return mca_chi_update(&layer->chi, &now, sink);
}

const struct mca_arithmetic_ops mca__fixed_arithmetic = {.draws_random = 1,
                                                         .takes_rows = 0,
                                                         .init_signals = init_signals,
                                                         .init = init,
                                                         .set_rate = set_rate,
                                                         .load = load,
                                                         .clear_sums = clear_sums,
                                                         .add_forward = add_forward,
                                                         .activate = activate,
                                                         .is_greater = is_greater,
                                                         .activation = activation,
                                                         .output_error = output_error,
                                                         .begin_backward = begin_backward,
                                                         .drive = drive,
                                                         .add_backward = add_backward,
                                                         .end_backward = end_backward,
                                                         .update = update};
