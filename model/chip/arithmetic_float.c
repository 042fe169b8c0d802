/* Floating-point arithmetic: the same algorithm without the widths, roundings and bounds of fixed
 * point. */
#include <string.h>

#include "base/mathx.h"
#include "chip/chip_state.h"

static void init_signals(struct mca_layer_signals *s, uint32_t values, int is_shared,
                         struct mca_arena *arena, int *whole) {
    s->sum_real = mca_arena_take(arena, values, sizeof *s->sum_real, whole);
    s->activation_real = mca_arena_take(arena, values, sizeof *s->activation_real, whole);
    s->driven = mca_arena_take(arena, values, sizeof *s->driven, whole);
    s->driven_real = mca_arena_take(arena, values, sizeof *s->driven_real, whole);
    s->error_real = mca_arena_take(arena, values, sizeof *s->error_real, whole);
    s->rated_real = mca_arena_take(arena, values, sizeof *s->rated_real, whole);
    if (is_shared) {
        s->kept_error_real = mca_arena_take(arena, values, sizeof *s->kept_error_real, whole);
    }
}

static void add_line(struct mca_lines *lines, uint32_t line, int32_t code, double value) {
    lines->line[lines->count] = line;
    lines->code[lines->count] = code;
    lines->value[lines->count] = value;
    ++lines->count;
}

static void add_input(uint32_t dac_bits, struct mca_lines *lines, uint32_t line,
                      double activation) {
    const struct mca_dac_input input = mca_dac_take(activation, dac_bits);
    if (input.value != 0.0) {
        add_line(lines, line, input.code, input.value);
    }
}

static void load(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                 struct mca_lines *lines) {
    for (uint32_t i = 0; i < count; ++i) {
        if (pixels[i] != 0) {
            add_input(chip->config.dac.bits, lines, i, (double)pixels[i] / 255.0);
        }
    }
    add_input(chip->config.dac.bits, lines, count, 1.0);
}

/* What a value of full scale 1 drives, kept beside it. */
static void put_driven(uint32_t dac_bits, double value, uint32_t i, struct mca_layer_signals *s) {
    const struct mca_dac_input input = mca_dac_take(value < 0.0 ? -value : value, dac_bits);
    s->driven[i] = value < 0.0 ? -input.code : input.code;
    s->driven_real[i] = value < 0.0 ? -input.value : input.value;
}

static void load_values(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                        struct mca_layer_signals *image) {
    for (uint32_t i = 0; i < count; ++i) {
        image->activation_real[i] = (double)pixels[i] / 255.0;
        put_driven(chip->config.dac.bits, image->activation_real[i], i, image);
    }
}

static void gather(const struct mca_layer *layer, uint32_t position,
                   const struct mca_layer_signals *taken, struct mca_lines *lines) {
    const struct mca_run *runs;
    const uint32_t count = mca__runs_of(layer, position, &runs);
    const double *values = layer->is_digital ? taken->activation_real : taken->driven_real;
    const double scale = layer->is_digital ? mca_exp2i(-layer->in_exponent) : 1.0;
    lines->count = 0;
    for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t k = 0; k < runs[i].count; ++k) {
            const uint32_t value = runs[i].value + k;
            if (values[value] != 0.0) {
                add_line(lines, runs[i].line + k, taken->driven[value], values[value] * scale);
            }
        }
    }
    add_input(layer->in_bits, lines, layer->inputs - 1, mca_exp2i(-layer->in_exponent));
}

/* A conversion, or the column itself where the converter is ideal, in weight x input units. */
static double value_of(const struct mca_layer *layer, const struct mca_adc *adc,
                       const struct mca_read_scratch *read, uint32_t line) {
    return mca_adc_value(adc, read->column, read->levels, line) / layer->unit_weight_us;
}

static void add_forward(const struct mca_layer *layer, const struct mca_tile_read *of,
                        const struct mca_read_scratch *read, struct mca_layer_signals *s) {
    const struct mca_tile *tile = &layer->matrix.tiles[of->tile];
    const struct mca_adc *adc = &layer->matrix.adcs[of->tile].forward;
    double *sum = s->sum_real + (size_t)of->position * layer->outputs + tile->col0;
    const double full_scale = mca_exp2i(layer->in_exponent);
    for (uint32_t c = 0; c < tile->cols; ++c) {
        const double value = value_of(layer, adc, read, c) * full_scale;
        sum[c] += of->sign < 0 ? -value : value;
    }
}

/* What the activations drive. */
static void drive_activations(const struct mca_chip *chip, const struct mca_layer *layer,
                              struct mca_layer_signals *s) {
    const double scale = mca_exp2i(-layer->out_exponent);
    const struct mca_dac_config *dac = &chip->config.dac;
    const uint32_t bits = layer->out_signed ? mca_dac_signed_bits(dac) : dac->bits;
    for (uint32_t i = 0; i < layer->values; ++i) {
        put_driven(bits, s->activation_real[i] * scale, i, s);
    }
}

static void activate(const struct mca_chip *chip, const struct mca_layer *layer,
                     struct mca_layer_signals *s) {
    if (layer->scale) { /* the chip is aged */
        mca_scale_sums_real(layer->scale, layer->positions, s->sum_real);
    }
    if (mca__is_softmax(chip, layer)) {
        mca_softmax_values(s->sum_real, layer->values, s->activation_real);
        return;
    }
    layer->activation->ops->values(s->sum_real, layer->values, s->activation_real);
    drive_activations(chip, layer, s);
}

static void combine(const struct mca_chip *chip, const struct mca_layer *layer,
                    const struct mca_layer_signals *taken, const struct mca_layer_signals *other,
                    struct mca_layer_signals *s) {
    if (layer->type == MCA_LAYER_MAX_POOL) {
        mca_max_pool_real(&layer->pool, taken->activation_real, s->activation_real, s->choice);
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        mca_avg_pool_real(&layer->pool, taken->activation_real, s->activation_real);
    } else {
        mca_value_sum(taken->activation_real, other->activation_real, layer->values, s->sum_real);
        layer->activation->ops->values(s->sum_real, layer->values, s->activation_real);
    }
    drive_activations(chip, layer, s);
}

static void output_error(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_layer_signals *s, uint32_t label) {
    for (uint32_t c = 0; c < layer->values; ++c) {
        s->error_real[c] = (c == label ? 1.0 : 0.0) - s->activation_real[c];
    }
    if (chip->config.loss == MCA_LOSS_SQUARED) {
        layer->activation->ops->apply_slopes_real(s->activation_real, layer->values, 1.0,
                                                  s->error_real);
    }
}

/* With converters, errors are normalised to their largest before they are driven. */
static double scale_of(const struct mca_chip *chip, const struct mca_layer_signals *s,
                       uint32_t values) {
    if (chip->config.dac.bits == 0 && mca_adc_ops_of(&chip->config.adc)->is_ideal) {
        return 1.0;
    }
    double most = 0.0;
    for (uint32_t c = 0; c < values; ++c) {
        const double e = s->error_real[c] < 0.0 ? -s->error_real[c] : s->error_real[c];
        most = e > most ? e : most;
    }
    return most;
}

/* Errors of `count` values cleared; those that are there are kept. */
static void begin_sums(uint32_t count, int is_first, struct mca_layer_signals *s) {
    if (!is_first) {
        memcpy(s->kept_error_real, s->error_real, count * sizeof *s->error_real);
    }
    memset(s->error_real, 0, count * sizeof *s->error_real);
}

static double begin_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                             int is_first, const struct mca_layer_signals *s,
                             struct mca_layer_signals *below) {
    begin_sums(chip->network.layers[layer->index].inputs, is_first, below);
    return scale_of(chip, s, layer->values);
}

static void drive(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t position,
                  int sign, struct mca_layer_signals *s) {
    struct mca_lines *lines = &s->drive;
    const double *error = s->error_real + (size_t)position * layer->outputs;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const double e = error[c] / s->drive_scale;
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
                         const struct mca_tile_read *of, const struct mca_read_scratch *read,
                         struct mca_layer_signals *below) {
    const struct mca_adc *adc = &layer->matrix.adcs[of->tile].backward;
    struct mca_tile_run runs[MCA_LAYER_KERNEL_MAX];
    const uint32_t count = mca__runs_of_tile(chip, layer, of, runs);
    for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t k = 0; k < runs[i].count; ++k) {
            const double sum = value_of(layer, adc, read, runs[i].first + k);
            below->error_real[runs[i].value + k] += of->sign < 0 ? -sum : sum;
        }
    }
}

/* Errors that count `scale` times are whole; those that were kept are added. */
static void end_sums(uint32_t count, int is_first, double scale, struct mca_layer_signals *s) {
    for (uint32_t i = 0; !is_first && i < count; ++i) {
        s->error_real[i] = s->error_real[i] * scale + s->kept_error_real[i] * s->raw_scale;
    }
    s->raw_scale = is_first ? scale : 1.0;
}

static void end_backward(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                         const struct mca_layer_signals *s, struct mca_layer_signals *below) {
    end_sums(chip->network.layers[layer->index].inputs, is_first, s->drive_scale, below);
}

static void apply_slopes(const struct mca_layer *layer, struct mca_layer_signals *s) {
    layer->activation->ops->apply_slopes_real(s->activation_real, layer->values, s->raw_scale,
                                              s->error_real);
    s->raw_scale = 1.0;
}

static void spread(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                   struct mca_layer_signals *s, struct mca_layer_signals *below) {
    const uint32_t count = chip->network.layers[layer->index].inputs;
    begin_sums(count, is_first, below);
    if (layer->type == MCA_LAYER_MAX_POOL) {
        mca_max_pool_back_real(s->choice, layer->values, s->error_real, below->error_real);
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        mca_avg_pool_back_real(&layer->pool, s->error_real, below->error_real);
    } else {
        memcpy(below->error_real, s->error_real, count * sizeof *s->error_real);
    }
    end_sums(count, is_first, s->raw_scale, below);
}

/* Continuous devices without chi: each product goes into its weight, or into the mini-batch's sum.
 */
static struct mca_update_result write_through(struct mca_chip *chip, struct mca_layer *layer,
                                              const struct mca_layer_signals *s,
                                              const double *restrict rated) {
    const double unit_us = layer->unit_weight_us;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        const size_t row = s->input.line[k];
        const double x = s->input.value[k];
        double *restrict sums = layer->chi.real + row * layer->chi.stride;
        double *restrict cells = layer->matrix.continuous_us + row * layer->matrix.stride;
        for (uint32_t c = 0; chip->batch > 1 && c < layer->outputs; ++c) {
            sums[c] += x * rated[c];
        }
        for (uint32_t c = 0; chip->batch == 1 && c < layer->outputs; ++c) {
            cells[c] += x * rated[c] * unit_us;
        }
        for (uint32_t c = 0; layer->matrix.hardware_aware && c < layer->outputs; ++c) {
            cells[c] = mca_matrix_held_us(&layer->matrix, cells[c]);
        }
    }
    const uint64_t words =
        mca_dpu_words(layer->outputs, chip->config.dpu.lanes) * (uint64_t)s->input.count;
    return (struct mca_update_result){.cycles = words * mca_chi_interval(&chip->config.chi) +
                                                mca_update_latency(&chip->config.chi),
                                      .words = words,
                                      .products = (uint64_t)s->input.count * layer->outputs};
}

static void multiply(const struct mca_layer *layer, uint32_t position,
                     struct mca_layer_signals *s) {
    const double scale = mca_exp2i(layer->in_exponent + layer->weight_exponent);
    double *sums = s->sum_real + (size_t)position * layer->outputs;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        const double *words = layer->chi.real + s->input.line[k] * layer->chi.stride;
        const double value = s->input.value[k] * scale;
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            sums[c] += value * words[c];
        }
    }
}

static void multiply_back(const struct mca_layer *layer, uint32_t position,
                          const struct mca_layer_signals *s, struct mca_layer_signals *below) {
    const struct mca_run *runs;
    const uint32_t count = mca__runs_of(layer, position, &runs);
    const double *error = s->error_real + (size_t)position * layer->outputs;
    const double unit = mca_exp2i(layer->weight_exponent) / s->drive_scale;
    for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t k = 0; k < runs[i].count; ++k) {
            const double *words = layer->chi.real + (runs[i].line + k) * layer->chi.stride;
            double sum = 0.0;
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                sum += error[c] * words[c];
            }
            below->error_real[runs[i].value + k] += sum * unit;
        }
    }
}

static struct mca_update_result update(struct mca_chip *chip, struct mca_layer *layer,
                                       uint32_t position, struct mca_layer_signals *s,
                                       const struct mca_pulse_sink *sink) {
    const size_t first = (size_t)position * layer->outputs;
    double *rated = s->rated_real + first;
    const struct mca_update now = {.count = s->input.count,
                                   .row = s->input.line,
                                   .value = s->input.value,
                                   .error_real = rated};
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        rated[c] = s->error_real[first + c] * layer->rate_real;
    }
    return mca__is_write_through(chip) && !layer->is_digital
               ? write_through(chip, layer, s, rated)
               : mca_chi_update_float(&layer->chi, &now, sink);
}

const struct mca_arithmetic_ops mca__float_arithmetic = {.draws_random = 0,
                                                         .takes_rows = 1,
                                                         .init_signals = init_signals,
                                                         .load = load,
                                                         .load_values = load_values,
                                                         .gather = gather,
                                                         .add_forward = add_forward,
                                                         .activate = activate,
                                                         .output_error = output_error,
                                                         .begin_backward = begin_backward,
                                                         .drive = drive,
                                                         .add_backward = add_backward,
                                                         .end_backward = end_backward,
                                                         .combine = combine,
                                                         .apply_slopes = apply_slopes,
                                                         .spread = spread,
                                                         .multiply = multiply,
                                                         .multiply_back = multiply_back,
                                                         .update = update};
