/* Floating-point arithmetic: the same algorithm without the widths, roundings and bounds of fixed
 * point. */
#include <string.h>

#include "base/mathx.h"
#include "chip/chip_state.h"

static void init_signals(struct mca_layer_signals *s, uint32_t outputs, struct mca_arena *arena,
                         int *whole) {
    s->sum_real = mca_arena_take(arena, outputs, sizeof *s->sum_real, whole);
    s->activation_real = mca_arena_take(arena, outputs, sizeof *s->activation_real, whole);
    s->error_real = mca_arena_take(arena, outputs, sizeof *s->error_real, whole);
    s->rated_real = mca_arena_take(arena, outputs, sizeof *s->rated_real, whole);
}

static void init(struct mca_chip *chip) {
    (void)chip;
}

static void add_line(struct mca_lines *lines, uint32_t line, int32_t code, double value) {
    lines->line[lines->count] = line;
    lines->code[lines->count] = code;
    lines->value[lines->count] = value;
    ++lines->count;
}

static void add_input(const struct mca_chip *chip, struct mca_lines *lines, uint32_t line,
                      double activation) {
    const struct mca_dac_input input = mca_dac_take(activation, chip->config.dac.bits);
    if (input.value != 0.0) {
        add_line(lines, line, input.code, input.value);
    }
}

static void load(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                 struct mca_lines *lines) {
    for (uint32_t i = 0; i < count; ++i) {
        if (pixels[i] != 0) {
            add_input(chip, lines, i, (double)pixels[i] / 255.0);
        }
    }
    add_input(chip, lines, count, 1.0);
}

static void clear_sums(struct mca_layer_signals *s, uint32_t outputs) {
    memset(s->sum_real, 0, outputs * sizeof *s->sum_real);
}

/* A conversion, or the column itself where the converter is ideal, in weight x input units. */
static double value_of(const struct mca_chip *chip, const struct mca_adc *adc,
                       const struct mca_read_scratch *read, uint32_t line) {
    const double us = mca_adc_value(adc, read->column, read->levels, line);
    return us / chip->config.tile.unit_weight_us;
}

static void add_forward(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t number,
                        const struct mca_read_scratch *read, struct mca_layer_signals *s) {
    const struct mca_tile *tile = &layer->matrix.tiles[number];
    const struct mca_adc *adc = &layer->matrix.adcs[number].forward;
    for (uint32_t c = 0; c < tile->cols; ++c) {
        s->sum_real[tile->col0 + c] += value_of(chip, adc, read, c);
    }
}

static void activate(const struct mca_chip *chip, const struct mca_layer *layer,
                     struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[layer->index];
    struct mca_lines *next =
        layer->index + 1 < chip->layer_count ? &signals->layers[layer->index + 1].input : NULL;
    layer->activation->ops->values(s->sum_real, layer->outputs, s->activation_real);
    if (!next) {
        return;
    }
    next->count = 0;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        add_input(chip, next, c, s->activation_real[c]);
    }
    add_input(chip, next, layer->outputs, 1.0);
}

static int is_greater(const struct mca_layer_signals *s, uint32_t a, uint32_t b) {
    return s->sum_real[a] > s->sum_real[b];
}

static double activation(const struct mca_chip *chip, const struct mca_layer_signals *s,
                         uint32_t output) {
    (void)chip;
    return s->activation_real[output];
}

static void output_error(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_layer_signals *s, uint32_t label) {
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        s->error_real[c] = (c == label ? 1.0 : 0.0) - s->activation_real[c];
    }
    if (chip->config.loss == MCA_LOSS_SQUARED) {
        layer->activation->ops->apply_slopes_real(s->activation_real, layer->outputs, 1.0,
                                                  s->error_real);
    }
}

/* With converters, errors are normalised to their largest before they are driven. */
static double scale_of(const struct mca_chip *chip, const struct mca_layer_signals *s,
                       uint32_t outputs) {
    if (chip->config.dac.bits == 0 && mca_adc_ops_of(&chip->config.adc)->is_ideal) {
        return 1.0;
    }
    double most = 0.0;
    for (uint32_t c = 0; c < outputs; ++c) {
        const double e = s->error_real[c] < 0.0 ? -s->error_real[c] : s->error_real[c];
        most = e > most ? e : most;
    }
    return most;
}

static double begin_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                             struct mca_signals *signals) {
    struct mca_layer_signals *below = &signals->layers[layer->index - 1];
    memset(below->error_real, 0,
           chip->layers[layer->index - 1].outputs * sizeof *below->error_real);
    return scale_of(chip, &signals->layers[layer->index], layer->outputs);
}

static void drive(const struct mca_chip *chip, const struct mca_layer *layer, int sign,
                  struct mca_layer_signals *s) {
    struct mca_lines *lines = &s->drive;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const double e = s->error_real[c] / s->drive_scale;
        if (e == 0.0 || (sign > 0 && e < 0.0) || (sign < 0 && e > 0.0)) {
            continue;
        }
        const struct mca_dac_input input = mca_dac_take(e < 0.0 ? -e : e, chip->drive_bits);
        const int negative = sign == 0 && e < 0.0;
        if (input.value != 0.0) {
            add_line(lines, c, negative ? -input.code : input.code,
                     negative ? -input.value : input.value);
        }
    }
}

static void add_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         uint32_t number, const struct mca_read_scratch *read, int sign,
                         struct mca_layer_signals *below) {
    const struct mca_adc *adc = &layer->matrix.adcs[number].backward;
    const uint32_t row0 = layer->matrix.tiles[number].row0;
    const uint32_t rows = mca_engine_rows_below(chip, layer->index, number);
    for (uint32_t r = 0; r < rows; ++r) {
        const double sum = value_of(chip, adc, read, r);
        below->error_real[row0 + r] += sign < 0 ? -sum : sum;
    }
}

/* Times the derivative of the layer below. */
static void end_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_signals *signals) {
    struct mca_layer_signals *below = &signals->layers[layer->index - 1];
    chip->layers[layer->index - 1].activation->ops->apply_slopes_real(
        below->activation_real, layer->inputs - 1, signals->layers[layer->index].drive_scale,
        below->error_real);
}

/* Continuous devices without chi: each product goes into its weight, or into the mini-batch's sum.
 */
static struct mca_update_result write_through(struct mca_chip *chip, struct mca_layer *layer,
                                              const struct mca_layer_signals *s) {
    const double unit_us = chip->config.tile.unit_weight_us;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        const size_t row = s->input.line[k];
        const double x = s->input.value[k];
        const double *restrict rated = s->rated_real;
        double *restrict sums = layer->chi.real + row * layer->chi.stride;
        double *restrict cells = layer->matrix.continuous_us + row * layer->matrix.stride;
        for (uint32_t c = 0; chip->batch > 1 && c < layer->outputs; ++c) {
            sums[c] += x * rated[c];
        }
        for (uint32_t c = 0; chip->batch == 1 && c < layer->outputs; ++c) {
            cells[c] += x * rated[c] * unit_us;
        }
    }
    const uint64_t words =
        mca_dpu_words(layer->outputs, chip->config.dpu.lanes) * (uint64_t)s->input.count;
    return (struct mca_update_result){.cycles = words * mca_chi_interval(&chip->config.chi) +
                                                mca_update_latency(&chip->config.chi),
                                      .words = words,
                                      .products = (uint64_t)s->input.count * layer->outputs};
}

static struct mca_update_result update(struct mca_chip *chip, struct mca_layer *layer,
                                       struct mca_layer_signals *s,
                                       const struct mca_pulse_sink *sink) {
    const struct mca_update now = {.count = s->input.count,
                                   .row = s->input.line,
                                   .value = s->input.value,
                                   .error_real = s->rated_real};
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        s->rated_real[c] = s->error_real[c] * chip->rate_real;
    }
    return mca__is_write_through(chip) ? write_through(chip, layer, s)
                                       : mca_chi_update_float(&layer->chi, &now, sink);
}

const struct mca_arithmetic_ops mca__float_arithmetic = {.draws_random = 0,
                                                         .takes_rows = 1,
                                                         .init_signals = init_signals,
                                                         .init = init,
                                                         .set_rate = init,
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
