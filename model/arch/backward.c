/* Output error, error scaling and backward reads. */
#include <string.h>

#include "arch/chip_state.h"
#include "base/mathx.h"

/* Booked once per layer: finding the largest error, then scaling, a word of lanes a cycle each. */
static void time_scaling(struct mca_chip *chip, struct mca_layer *layer, uint64_t ready_ps,
                         uint64_t passes) {
    const uint64_t words = mca__words(layer->outputs, chip->config.dpu.lanes);
    const struct mca_dpu_operation operation = {MCA_DPU_ERROR, layer->index,
                                                mca__dpu_start_cycle(chip, ready_ps),
                                                passes * words + MCA_ERROR_LATENCY};
    layer->error_ready_ps = mca__dpu_operate(chip, operation, MCA_PHASE_ERROR, 0);
}

/* raw_error to error, its exponent, and the rated error with its shift to chi. */
static void scale_layer_error(struct mca_chip *chip, struct mca_layer *layer,
                              struct mca_layer_signals *s) {
    const uint32_t outputs = layer->outputs;
    int32_t shift;
    s->has_error =
        mca_scale_errors(s->raw_error, outputs, chip->config.dpu.error_bits, s->error, &shift);
    s->error_exponent = s->raw_exponent + shift;
    mca_apply_rate(s->error, outputs, chip->rate.mantissa, s->rated);
    s->update_shift = (int32_t)chip->config.dac.bits - MCA_RATE_MANTISSA_BITS -
                      chip->rate.exponent - s->error_exponent;
}

static void count_error(struct mca_chip *chip, const struct mca_layer *layer, uint64_t multiplies) {
    const uint64_t outputs = layer->outputs;
    const uint64_t bits = chip->config.dpu.error_bits;
    mca__count(&chip->ledger, MCA_PHASE_ERROR, MCA_COMPONENT_DPU_MULTIPLY, multiplies);
    mca__count(&chip->ledger, MCA_PHASE_ERROR, MCA_COMPONENT_DPU_ADD, outputs);
    mca__count(&chip->ledger, MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_READ,
               outputs * chip->config.dpu.activation_bits);
    mca__count(&chip->ledger, MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_WRITE, outputs * bits);
}

/* Loss of one output with activation a in 0 .. 1 and target t. */
static double output_loss(unsigned loss, double a, double t) {
    if (loss == MCA_LOSS_SQUARED) {
        return 0.5 * (t - a) * (t - a);
    }
    const double p = t > 0.5 ? a : 1.0 - a;
    return -mca_log(p > 1e-12 ? p : 1e-12);
}

void mca__output_error(struct mca_chip *chip, uint32_t label, double *loss) {
    struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    struct mca_layer_signals *s = &chip->signals.layers[layer->index];
    const uint32_t bits = chip->config.dpu.activation_bits;
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    const double one = mca_exp2i((int)bits);
    double total = 0.0;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const double target = c == label ? 1.0 : 0.0;
        if (mca__is_fixed(chip)) {
            const int32_t difference =
                (c == label ? (int32_t)(1u << bits) : 0) - (int32_t)s->activation[c];
            const int64_t slope = (int64_t)mca_sigmoid_derivative(s->activation[c], bits);
            s->raw_error[c] = squared ? (int32_t)mca_saturate(difference * slope, 32) : difference;
            total += output_loss(chip->config.loss, (double)s->activation[c] / one, target);
        } else {
            const double a = s->activation_real[c];
            s->error_real[c] = (target - a) * (squared ? a * (1.0 - a) : 1.0);
            total += output_loss(chip->config.loss, a, target);
        }
    }
    if (mca__is_fixed(chip)) {
        s->raw_exponent = squared ? -2 * (int32_t)bits : -(int32_t)bits;
        scale_layer_error(chip, layer, s);
    }
    *loss = total;
    /* the rate's mantissa once per error, and the derivative where the loss has one */
    count_error(chip, layer, (uint64_t)layer->outputs * (squared ? 3 : 1));
    time_scaling(chip, layer, layer->output_ready_ps, 3);
}

/* Columns to drive in one phase: sign 1 or -1 for two-phase driving, 0 for both at once (bipolar).
 */
static void drive_fixed(const struct mca_chip *chip, struct mca_layer_signals *s, uint32_t outputs,
                        int sign) {
    struct mca_lines *lines = &s->drive;
    const uint32_t bits = chip->config.dpu.error_bits - 1;
    lines->count = 0;
    for (uint32_t c = 0; c < outputs; ++c) {
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

static void drive_float(const struct mca_chip *chip, struct mca_layer_signals *s, uint32_t outputs,
                        int sign, double scale) {
    struct mca_lines *lines = &s->drive;
    lines->count = 0;
    for (uint32_t c = 0; c < outputs; ++c) {
        const double e = s->error_real[c] / scale;
        if (e == 0.0 || (sign > 0 && e < 0.0) || (sign < 0 && e > 0.0)) {
            continue;
        }
        const double magnitude = e < 0.0 ? -e : e;
        const int32_t code =
            chip->config.dac.bits ? mca_dac_code_real(magnitude, chip->drive_bits) : 0;
        if (chip->config.dac.bits && code == 0) {
            continue;
        }
        const int negative = sign == 0 && e < 0.0;
        lines->line[lines->count] = c;
        lines->code[lines->count] = negative ? -code : code;
        lines->value[lines->count++] = negative ? -magnitude : magnitude;
    }
}

static void add_rows(struct mca_chip *chip, struct mca_layer *layer, const struct mca_tile *tile,
                     uint32_t rows, int sign, struct mca_layer_signals *below) {
    struct mca_read_scratch *scratch = &chip->signals.scratch;
    const struct mca_adc *adc = &layer->backward_adc;
    if (adc->bits) {
        chip->stats.adc_clips += mca_adc_convert(adc, scratch->column, rows, scratch->levels);
    }
    for (uint32_t r = 0; r < rows; ++r) {
        if (mca__is_fixed(chip)) {
            below->raw_error[tile->row0 + r] += sign < 0 ? -scratch->levels[r] : scratch->levels[r];
            continue;
        }
        const double us = adc->bits ? (double)scratch->levels[r] * adc->lsb : scratch->column[r];
        const double sum = us / chip->config.tile.unit_weight_us;
        below->error_real[tile->row0 + r] += sign < 0 ? -sum : sum;
    }
}

/* Rows of a tile that belong to the layer below: all but the bias row. */
static uint32_t rows_below(const struct mca_layer *layer, const struct mca_tile *tile) {
    const uint32_t end = layer->inputs - 1;
    if (tile->row0 >= end) {
        return 0;
    }
    return tile->row0 + tile->rows > end ? end - tile->row0 : tile->rows;
}

/* The `read`th read of the layer, with the noise of drive phase `phase`. */
static void read_phase(struct mca_chip *chip, struct mca_layer *layer, uint32_t phase,
                       uint32_t read, int sign, struct mca_layer_signals *below) {
    const struct mca_crossbar *crossbar = &layer->crossbar;
    const struct mca_lines *lines = &chip->signals.layers[layer->index].drive;
    const struct mca_read_event event = {MCA_RNG_BACKWARD, chip->stats.images, phase};
    for (uint32_t i = 0; i < crossbar->row_tiles; ++i) {
        uint32_t k = 0;
        for (uint32_t j = 0; j < crossbar->col_tiles; ++j) {
            const struct mca_tile *tile = &crossbar->tiles[i * crossbar->col_tiles + j];
            const uint32_t first = k;
            while (k < lines->count && lines->line[k] < tile->col0 + tile->cols) {
                ++k;
            }
            const struct mca_drive drive = {.count = k - first,
                                            .line = lines->line + first,
                                            .code = lines->code + first,
                                            .value =
                                                chip->config.dac.bits ? NULL : lines->value + first,
                                            .bits = chip->drive_bits};
            const uint32_t rows = rows_below(layer, tile);
            if (rows > 0) {
                mca_crossbar_read_backward(crossbar, tile, rows, &drive, event,
                                           &chip->signals.scratch, chip->signals.scratch.column);
                add_rows(chip, layer, tile, rows, sign, below);
                if (chip->tap.codes) {
                    const struct mca_dpu_codes codes = {
                        layer->index, 1,    read * crossbar->col_tiles + j, sign < 0 ? -1 : 1,
                        tile->row0,   rows, chip->signals.scratch.levels};
                    chip->tap.codes(chip->tap.user, &codes);
                }
            }
        }
    }
    struct mca_ledger *ledger = &chip->ledger;
    const uint64_t rows = layer->inputs - 1;
    const uint64_t conversions = rows * crossbar->col_tiles;
    const uint64_t driven = lines->count;
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ,
               (uint64_t)layer->outputs * chip->config.dpu.error_bits);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DAC_DRIVE, driven * crossbar->row_tiles);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_PCM_READ, driven * rows * 2);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_SAMPLE_HOLD, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_ADC_CONVERSION, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DPU_ADD, conversions);
}

/* Times the derivative of the layer below; fixed: saturated to 32 bits before scaling. */
static void apply_derivative(struct mca_chip *chip, const struct mca_layer *layer,
                             struct mca_layer_signals *below, double scale) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    for (uint32_t r = 0; r + 1 < layer->inputs; ++r) {
        if (mca__is_fixed(chip)) {
            const int64_t slope = (int64_t)mca_sigmoid_derivative(below->activation[r], bits);
            below->raw_error[r] = (int32_t)mca_saturate(below->raw_error[r] * slope, 32);
        } else {
            const double a = below->activation_real[r];
            below->error_real[r] *= scale * (a * (1.0 - a));
        }
    }
}

/* With converters, float errors are normalised to their largest before they are driven. */
static double float_scale(const struct mca_chip *chip, const struct mca_layer_signals *s,
                          uint32_t outputs) {
    if (chip->config.dac.bits == 0 && chip->config.adc.bits == 0) {
        return 1.0;
    }
    double most = 0.0;
    for (uint32_t c = 0; c < outputs; ++c) {
        const double e = s->error_real[c] < 0.0 ? -s->error_real[c] : s->error_real[c];
        most = e > most ? e : most;
    }
    return most;
}

void mca__backward_layer(struct mca_chip *chip, uint32_t index) {
    struct mca_layer *layer = &chip->layers[index];
    struct mca_layer *layer_below = &chip->layers[index - 1];
    struct mca_layer_signals *s = &chip->signals.layers[index];
    struct mca_layer_signals *below = &chip->signals.layers[index - 1];
    const int fixed = mca__is_fixed(chip);
    const int bipolar = chip->config.dac.drive == MCA_DRIVE_BIPOLAR;
    const double scale = fixed ? 1.0 : float_scale(chip, s, layer->outputs);
    memset(below->raw_error, 0, layer_below->outputs * sizeof *below->raw_error);
    memset(below->error_real, 0, layer_below->outputs * sizeof *below->error_real);
    uint64_t reads = 0;
    for (int phase = 0; phase < (bipolar ? 1 : 2) && scale > 0.0; ++phase) {
        const int sign = bipolar ? 0 : phase == 0 ? 1 : -1;
        if (fixed) {
            drive_fixed(chip, s, layer->outputs, sign);
        } else {
            drive_float(chip, s, layer->outputs, sign, scale);
        }
        if (s->drive.count > 0) { /* a phase without input is left out */
            read_phase(chip, layer, (uint32_t)phase, (uint32_t)reads, sign, below);
            ++reads;
        }
    }
    const uint64_t ready_ps = mca__time_read(chip, layer, MCA_PHASE_BACKWARD, layer->error_ready_ps,
                                             chip->drive_bits, reads);
    apply_derivative(chip, layer, below, scale);
    if (fixed) {
        /* error x weight sum: errors are driven as a fraction of 2^(error_bits - 1) */
        below->raw_exponent = s->error_exponent + (int32_t)chip->config.dpu.error_bits - 1 -
                              layer->backward_frac - (int32_t)chip->config.dpu.activation_bits;
        scale_layer_error(chip, layer_below, below);
    }
    /* derivative (two products) and the rate's mantissa */
    count_error(chip, layer_below, 3 * (uint64_t)layer_below->outputs);
    time_scaling(chip, layer_below, ready_ps, 2 + reads * layer->crossbar.col_tiles);
}
