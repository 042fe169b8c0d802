/* Output error, error scaling and backward reads: values and counts. */
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "chip/chip_state.h"

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

double mca_engine_loss(const struct mca_chip *chip, const struct mca_signals *signals,
                       uint32_t label) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    const struct mca_layer_signals *s = &signals->layers[layer->index];
    const double one = mca_exp2i((int)chip->config.dpu.activation_bits);
    double total = 0.0;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const double a =
            mca__is_fixed(chip) ? (double)s->activation[c] / one : s->activation_real[c];
        total += output_loss(chip->config.loss, a, c == label ? 1.0 : 0.0);
    }
    return total;
}

void mca_engine_output_error(const struct mca_chip *chip, struct mca_signals *signals,
                             uint32_t label) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    struct mca_layer_signals *s = &signals->layers[layer->index];
    const uint32_t bits = chip->config.dpu.activation_bits;
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        if (mca__is_fixed(chip)) {
            const int32_t difference =
                (c == label ? (int32_t)(1u << bits) : 0) - (int32_t)s->activation[c];
            const int64_t slope = (int64_t)mca_sigmoid_derivative(s->activation[c], bits);
            s->raw_error[c] = squared ? (int32_t)mca_saturate(difference * slope, 32) : difference;
        } else {
            const double a = s->activation_real[c];
            s->error_real[c] = ((c == label ? 1.0 : 0.0) - a) * (squared ? a * (1.0 - a) : 1.0);
        }
    }
    if (mca__is_fixed(chip)) {
        s->raw_exponent = squared ? -2 * (int32_t)bits : -(int32_t)bits;
        scale_layer_error(chip, layer, s);
    }
}

void mca_engine_count_output_error(struct mca_chip *chip) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    /* the rate's mantissa once per error, and the derivative where the loss has one */
    count_error(chip, layer, (uint64_t)layer->outputs * (squared ? 3 : 1));
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

/* Of a phase: added where `sign` is not negative, or taken away. */
MCA_CLONES
static void add_levels(const int32_t *restrict levels, uint32_t count, int sign,
                       int32_t *restrict sum) {
    const int32_t negative = sign < 0 ? -1 : 0; /* (x ^ -1) - -1 = -x */
    for (uint32_t r = 0; r < count; ++r) {
        sum[r] += (levels[r] ^ negative) - negative;
    }
}

void mca_engine_add_backward(const struct mca_chip *chip, uint32_t index, uint32_t number,
                             const struct mca_read_scratch *read, int sign,
                             struct mca_signals *signals) {
    const struct mca_crossbar *crossbar = &chip->layers[index].crossbar;
    const struct mca_tile *tile = &crossbar->tiles[number];
    const struct mca_adc *adc = &crossbar->adcs[number].backward;
    const uint32_t rows = mca_engine_rows_below(chip, index, number);
    struct mca_layer_signals *below = &signals->layers[index - 1];
    if (mca__is_fixed(chip)) {
        add_levels(read->levels, rows, sign, below->raw_error + tile->row0);
        return;
    }
    for (uint32_t r = 0; r < rows; ++r) {
        const double us = adc->bits ? (double)read->levels[r] * adc->lsb : read->column[r];
        const double sum = us / chip->config.tile.unit_weight_us;
        below->error_real[tile->row0 + r] += sign < 0 ? -sum : sum;
    }
}

uint32_t mca_engine_rows_below(const struct mca_chip *chip, uint32_t index, uint32_t number) {
    const struct mca_tile *tile = &chip->layers[index].crossbar.tiles[number];
    const uint32_t end = chip->layers[index].inputs - 1;
    if (tile->row0 >= end) {
        return 0;
    }
    return tile->row0 + tile->rows > end ? end - tile->row0 : tile->rows;
}

/* A read of a layer: the noise of its drive phase, its number among those of the image, its sign.
 */
struct layer_read {
    struct mca_read_event event;
    uint32_t number;
    int sign;
};

static void read_tile(struct mca_chip *chip, const struct mca_layer *layer, uint32_t number,
                      const struct mca_drive *drive, const struct layer_read *read) {
    const struct mca_crossbar *crossbar = &layer->crossbar;
    const struct mca_tile *tile = &crossbar->tiles[number];
    const struct mca_adc *adc = &crossbar->adcs[number].backward;
    struct mca_read_scratch *scratch = &chip->signals.scratch;
    const uint32_t rows = mca_engine_rows_below(chip, layer->index, number);
    if (rows == 0) {
        return;
    }
    mca_crossbar_read_backward(crossbar, tile, rows, drive, read->event, scratch, scratch->column);
    chip->stats.adc_clips += mca_engine_convert(adc, scratch, rows);
    mca_engine_add_backward(chip, layer->index, number, scratch, read->sign, &chip->signals);
    if (adc->bits > 0) {
        const uint32_t pass =
            read->number * crossbar->place.col_tiles + number % crossbar->place.col_tiles;
        const struct mca_dpu_codes codes = {
            layer->index, 1, pass, read->sign < 0 ? -1 : 1, tile->row0, rows, scratch->levels};
        mca__tell_codes(chip, &codes);
    }
}

static void read_layer(struct mca_chip *chip, const struct mca_layer *layer,
                       const struct layer_read *read) {
    const struct mca_crossbar *crossbar = &layer->crossbar;
    const struct mca_lines *lines = &chip->signals.layers[layer->index].drive;
    for (uint32_t i = 0; i < crossbar->place.row_tiles; ++i) {
        uint32_t k = 0;
        for (uint32_t j = 0; j < crossbar->place.col_tiles; ++j) {
            const uint32_t number = i * crossbar->place.col_tiles + j;
            const struct mca_tile *tile = &crossbar->tiles[number];
            const struct mca_drive drive =
                mca_engine_drive_until(chip, lines, chip->drive_bits, tile->col0 + tile->cols, &k);
            read_tile(chip, layer, number, &drive, read);
        }
    }
    mca_engine_count_backward(chip, layer->index, lines->count);
}

void mca_engine_count_backward(struct mca_chip *chip, uint32_t index, uint64_t driven) {
    const struct mca_layer *layer = &chip->layers[index];
    const struct mca_crossbar *crossbar = &layer->crossbar;
    struct mca_ledger *ledger = &chip->ledger;
    const uint64_t rows = layer->inputs - 1;
    const uint64_t conversions = mca_placement_backward_samples(&crossbar->place);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ,
               (uint64_t)layer->outputs * chip->config.dpu.error_bits);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DAC_DRIVE,
               driven * crossbar->place.row_tiles);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_PCM_READ, driven * rows * 2);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_SAMPLE_HOLD, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_ADC_CONVERSION, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DPU_ADD, conversions);
}

/* Times the derivative of the layer below; fixed: saturated to 32 bits before scaling. */
static void apply_derivative(const struct mca_chip *chip, const struct mca_layer *layer,
                             struct mca_layer_signals *below, double scale) {
    if (mca__is_fixed(chip)) {
        mca_apply_slopes(below->activation, layer->inputs - 1, chip->config.dpu.activation_bits,
                         below->raw_error);
        return;
    }
    for (uint32_t r = 0; r + 1 < layer->inputs; ++r) {
        const double a = below->activation_real[r];
        below->error_real[r] *= scale * (a * (1.0 - a));
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

double mca_engine_begin_backward(const struct mca_chip *chip, uint32_t index,
                                 struct mca_signals *signals) {
    const uint32_t below_outputs = chip->layers[index - 1].outputs;
    struct mca_layer_signals *below = &signals->layers[index - 1];
    memset(below->raw_error, 0, below_outputs * sizeof *below->raw_error);
    memset(below->error_real, 0, below_outputs * sizeof *below->error_real);
    return mca__is_fixed(chip)
               ? 1.0
               : float_scale(chip, &signals->layers[index], chip->layers[index].outputs);
}

uint32_t mca_engine_backward_phases(const struct mca_chip *chip) {
    return chip->config.dac.drive == MCA_DRIVE_BIPOLAR ? 1 : 2;
}

int mca_engine_drive_backward(const struct mca_chip *chip, uint32_t index, uint32_t phase,
                              double scale, struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[index];
    const uint32_t outputs = chip->layers[index].outputs;
    const int sign = mca_engine_backward_phases(chip) == 1 ? 0 : phase == 0 ? 1 : -1;
    if (scale == 0.0) { /* no error at all */
        s->drive.count = 0;
    } else if (mca__is_fixed(chip)) {
        drive_fixed(chip, s, outputs, sign);
    } else {
        drive_float(chip, s, outputs, sign, scale);
    }
    return sign;
}

void mca_engine_end_backward(const struct mca_chip *chip, uint32_t index, double scale,
                             struct mca_signals *signals) {
    const struct mca_layer *layer = &chip->layers[index];
    struct mca_layer_signals *below = &signals->layers[index - 1];
    apply_derivative(chip, layer, below, scale);
    if (mca__is_fixed(chip)) {
        /* error x weight sum: errors are driven as a fraction of 2^(error_bits - 1) */
        below->raw_exponent = signals->layers[index].error_exponent +
                              (int32_t)chip->config.dpu.error_bits - 1 - layer->backward_frac -
                              (int32_t)chip->config.dpu.activation_bits;
        scale_layer_error(chip, &chip->layers[index - 1], below);
    }
}

void mca_engine_count_hidden_error(struct mca_chip *chip, uint32_t index) {
    const struct mca_layer *layer = &chip->layers[index];
    /* derivative (two products) and the rate's mantissa */
    count_error(chip, layer, 3 * (uint64_t)layer->outputs);
}

uint64_t mca__backward_layer(struct mca_chip *chip, uint32_t index) {
    struct mca_signals *signals = &chip->signals;
    const double scale = mca_engine_begin_backward(chip, index, signals);
    uint32_t reads = 0;
    for (uint32_t phase = 0; phase < mca_engine_backward_phases(chip); ++phase) {
        const int sign = mca_engine_drive_backward(chip, index, phase, scale, signals);
        if (signals->layers[index].drive.count > 0) { /* a phase without input is left out */
            const struct layer_read read = {
                {MCA_RNG_BACKWARD, chip->stats.images, phase}, reads, sign};
            read_layer(chip, &chip->layers[index], &read);
            ++reads;
        }
    }
    mca_engine_end_backward(chip, index, scale, signals);
    mca_engine_count_hidden_error(chip, index - 1);
    return reads;
}
