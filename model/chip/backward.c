/* Output error, error scaling and backward reads: values and counts. */
#include "base/mathx.h"
#include "chip/chip_state.h"

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
    double total = 0.0;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        total += output_loss(chip->config.loss, chip->arithmetic->activation(chip, s, c),
                             c == label ? 1.0 : 0.0);
    }
    return total;
}

void mca_engine_output_error(const struct mca_chip *chip, struct mca_signals *signals,
                             uint32_t label) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    chip->arithmetic->output_error(chip, layer, &signals->layers[layer->index], label);
}

void mca_engine_count_output_error(struct mca_chip *chip) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    /* the rate's mantissa once per error, and the derivative where the loss has one */
    count_error(chip, layer, (uint64_t)layer->outputs * (squared ? 3 : 1));
}

void mca_engine_add_backward(const struct mca_chip *chip, uint32_t index, uint32_t number,
                             const struct mca_read_scratch *read, int sign,
                             struct mca_signals *signals) {
    chip->arithmetic->add_backward(chip, &chip->layers[index], number, read, sign,
                                   &signals->layers[index - 1]);
}

uint32_t mca_engine_rows_below(const struct mca_chip *chip, uint32_t index, uint32_t number) {
    const struct mca_tile *tile = &chip->layers[index].matrix.tiles[number];
    const uint32_t end = chip->layers[index].inputs - 1;
    if (tile->row0 >= end) {
        return 0;
    }
    return tile->row0 + tile->rows > end ? end - tile->row0 : tile->rows;
}

/* A read of a layer: its noise, its number among those of the image, the sign of what is driven. */
struct layer_read {
    struct mca_read_event event;
    uint32_t number;
    int sign;
};

static void read_tile(struct mca_chip *chip, const struct mca_layer *layer, uint32_t number,
                      const struct mca_drive *drive, const struct layer_read *read) {
    const struct mca_matrix *matrix = &layer->matrix;
    const struct mca_tile *tile = &matrix->tiles[number];
    const struct mca_adc *adc = &matrix->adcs[number].backward;
    struct mca_read_scratch *scratch = &chip->signals.scratch;
    const uint32_t rows = mca_engine_rows_below(chip, layer->index, number);
    if (rows == 0) {
        return;
    }
    mca_matrix_read_backward(matrix, tile, rows, drive, read->event, scratch, scratch->column);
    chip->stats.adc_clips += mca_engine_convert(adc, scratch, rows);
    mca_engine_add_backward(chip, layer->index, number, scratch, read->sign, &chip->signals);
    if (adc->ops->has_codes) {
        const uint32_t pass =
            read->number * matrix->place.col_tiles + number % matrix->place.col_tiles;
        const struct mca_dpu_codes codes = {
            layer->index, 1, pass, read->sign < 0 ? -1 : 1, tile->row0, rows, scratch->levels};
        mca__tell_codes(chip, &codes);
    }
}

static void read_layer(struct mca_chip *chip, const struct mca_layer *layer,
                       const struct layer_read *read) {
    const struct mca_matrix *matrix = &layer->matrix;
    const struct mca_lines *lines = &chip->signals.layers[layer->index].drive;
    for (uint32_t i = 0; i < matrix->place.row_tiles; ++i) {
        uint32_t k = 0;
        for (uint32_t j = 0; j < matrix->place.col_tiles; ++j) {
            const uint32_t number = i * matrix->place.col_tiles + j;
            const struct mca_tile *tile = &matrix->tiles[number];
            const struct mca_drive drive =
                mca_engine_drive_until(chip, lines, chip->drive_bits, tile->col0 + tile->cols, &k);
            read_tile(chip, layer, number, &drive, read);
        }
    }
    mca_engine_count_backward(chip, layer->index, lines->count);
}

void mca_engine_count_backward(struct mca_chip *chip, uint32_t index, uint64_t driven) {
    const struct mca_layer *layer = &chip->layers[index];
    const struct mca_matrix *matrix = &layer->matrix;
    struct mca_ledger *ledger = &chip->ledger;
    const uint64_t rows = layer->inputs - 1;
    const uint64_t conversions = mca_placement_backward_samples(&matrix->place);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ,
               (uint64_t)layer->outputs * chip->config.dpu.error_bits);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DAC_DRIVE,
               driven * matrix->place.row_tiles);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_PCM_READ, driven * rows * 2);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_SAMPLE_HOLD, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_ADC_CONVERSION, conversions);
    mca__count(ledger, MCA_PHASE_BACKWARD, MCA_COMPONENT_DPU_ADD, conversions);
}

double mca_engine_begin_backward(const struct mca_chip *chip, uint32_t index,
                                 struct mca_signals *signals) {
    return chip->arithmetic->begin_backward(chip, &chip->layers[index], signals);
}

uint32_t mca_engine_backward_drives(const struct mca_chip *chip) {
    return mca_dac_drives(&chip->config.dac);
}

int mca_engine_drive_backward(const struct mca_chip *chip, uint32_t index, uint32_t drive,
                              double scale, struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[index];
    const int sign = mca_engine_backward_drives(chip) == 1 ? 0 : drive == 0 ? 1 : -1;
    s->drive.count = 0;
    if (scale != 0.0) { /* otherwise there is no error at all */
        chip->arithmetic->drive(chip, &chip->layers[index], sign, scale, s);
    }
    return sign;
}

void mca_engine_end_backward(const struct mca_chip *chip, uint32_t index, double scale,
                             struct mca_signals *signals) {
    chip->arithmetic->end_backward(chip, &chip->layers[index], scale, signals);
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
    for (uint32_t drive = 0; drive < mca_engine_backward_drives(chip); ++drive) {
        const int sign = mca_engine_drive_backward(chip, index, drive, scale, signals);
        if (signals->layers[index].drive.count > 0) { /* one without input is left out */
            const struct layer_read read = {
                {MCA_RNG_BACKWARD, chip->stats.images, drive}, reads, sign};
            read_layer(chip, &chip->layers[index], &read);
            ++reads;
        }
    }
    mca_engine_end_backward(chip, index, scale, signals);
    mca_engine_count_hidden_error(chip, index - 1);
    return reads;
}
