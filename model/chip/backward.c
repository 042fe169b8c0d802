/* Output error, error scaling and backward reads. */
#include "base/mathx.h"
#include "chip/chip_state.h"

double mca_engine_loss(const struct mca_chip *chip, const struct mca_signals *signals,
                       uint32_t label) {
    const struct mca_layer *layer = &chip->layers[chip->layer_count - 1];
    const struct mca_layer_signals *s = &signals->layers[layer->index];
    const uint32_t bits = chip->config.dpu.activation_bits;
    if (mca__is_softmax(chip, layer)) {
        return s->activation ? mca_softmax_code_loss(s->activation[label], bits)
                             : mca_softmax_loss(s->activation_real[label]);
    }
    const int is_squared = chip->config.loss == MCA_LOSS_SQUARED;
    double *loss = signals->scratch.column; /* of each output */
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const double a =
            s->activation ? (double)s->activation[c] / mca_exp2i((int)bits) : s->activation_real[c];
        const double error = (c == label ? 1.0 : 0.0) - a;
        const double p = c == label ? a : 1.0 - a;
        loss[c] = is_squared ? 0.5 * error * error : p > 1e-12 ? p : 1e-12;
    }
    if (!is_squared) {
        mca_logs(loss, layer->outputs);
    }
    double total = 0.0;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        total += is_squared ? loss[c] : -loss[c];
    }
    return total;
}

uint32_t mca_engine_rows_below(const struct mca_chip *chip, uint32_t index, uint32_t number) {
    const struct mca_tile *tile = &chip->layers[index].matrix.tiles[number];
    const uint32_t end = chip->layers[index].inputs - 1;
    if (tile->row0 >= end) {
        return 0;
    }
    return tile->row0 + tile->rows > end ? end - tile->row0 : tile->rows;
}

uint32_t mca__runs_of_tile(const struct mca_chip *chip, const struct mca_layer *layer,
                           const struct mca_tile_read *of,
                           struct mca_tile_run runs[MCA_LAYER_KERNEL_MAX]) {
    const struct mca_run *whole;
    const uint32_t count = mca__runs_of(layer, of->position, &whole);
    const uint32_t row0 = layer->matrix.tiles[of->tile].row0;
    const uint32_t end = row0 + mca_engine_rows_below(chip, layer->index, of->tile);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t first = whole[i].line > row0 ? whole[i].line : row0;
        const uint32_t last = whole[i].line + whole[i].count;
        const uint32_t stop = last < end ? last : end;
        if (first < stop) {
            runs[kept++] = (struct mca_tile_run){
                first - row0, whole[i].value + (first - whole[i].line), stop - first};
        }
    }
    return kept;
}

void mca_engine_add_backward(const struct mca_chip *chip, uint32_t index,
                             const struct mca_tile_read *of, const struct mca_read_scratch *read,
                             struct mca_signals *signals) {
    chip->arithmetic->add_backward(chip, &chip->layers[index], of, read,
                                   &signals->layers[chip->layers[index].backward->to]);
}

/* A read of a layer: its noise, its number among those of the image, which position, and the sign
 * of what is driven. */
struct layer_read {
    struct mca_read_event event;
    uint32_t number;
    uint32_t position;
    int sign;
};

static void read_tile(struct mca_chip *chip, const struct mca_layer *layer, uint32_t number,
                      const struct mca_drive *drive, const struct layer_read *read) {
    const struct mca_matrix *matrix = &layer->matrix;
    const struct mca_tile *tile = &matrix->tiles[number];
    const struct mca_adc *adc = &matrix->adcs[number].backward;
    const struct mca_tile_read of = {number, read->position, read->sign};
    struct mca_read_scratch *scratch = &chip->signals.scratch;
    const uint32_t rows = mca_engine_rows_below(chip, layer->index, number);
    if (rows == 0) {
        return;
    }
    mca_matrix_read_backward(matrix, tile, rows, drive, read->event, scratch, scratch->column);
    chip->stats.adc_clips += mca_engine_convert(adc, scratch, rows);
    mca_engine_add_backward(chip, layer->index, &of, scratch, &chip->signals);
    const uint32_t pass = read->number * matrix->place.col_tiles + number % matrix->place.col_tiles;
    const struct mca_dpu_codes told = {
        layer->index,   1, pass, read->sign < 0 ? -1 : 1, tile->row0, rows, scratch->levels,
        scratch->column};
    mca__tell_read(chip, adc->ops, &told);
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
                mca_engine_drive_until(lines, chip->drive_bits, tile->col0 + tile->cols, &k);
            read_tile(chip, layer, number, &drive, read);
        }
    }
}

void mca_engine_begin_backward(const struct mca_chip *chip, uint32_t index,
                               struct mca_signals *signals) {
    const struct mca_step *read = chip->layers[index].backward;
    struct mca_layer_signals *s = &signals->layers[index];
    s->drive_scale = chip->arithmetic->begin_backward(chip, &chip->layers[index], read->read == 0,
                                                      s, &signals->layers[read->to]);
}

uint32_t mca_engine_backward_drives(const struct mca_chip *chip) {
    return mca_dac_drives(&chip->config.dac);
}

int mca_engine_drive_backward(const struct mca_chip *chip, uint32_t index, uint32_t position,
                              uint32_t drive, struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[index];
    const int sign = mca_engine_backward_drives(chip) == 1 ? 0 : drive == 0 ? 1 : -1;
    s->drive.count = 0;
    if (s->drive_scale != 0.0) { /* otherwise there is no error at all */
        chip->arithmetic->drive(chip, &chip->layers[index], position, sign, s);
    }
    return sign;
}

void mca_engine_end_backward(const struct mca_chip *chip, uint32_t index,
                             struct mca_signals *signals) {
    const struct mca_step *read = chip->layers[index].backward;
    chip->arithmetic->end_backward(chip, &chip->layers[index], read->read == 0,
                                   &signals->layers[index], &signals->layers[read->to]);
}

void mca__read_backward(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    const uint32_t index = step->layer;
    const uint32_t drives = mca_engine_backward_drives(chip);
    struct mca_signals *signals = &chip->signals;
    mca_engine_begin_backward(chip, index, signals);
    const int in_blocks = mca__reads_blocks(chip, &chip->layers[index], 1);
    if (in_blocks && signals->layers[index].drive_scale != 0.0) {
        mca__read_backward_blocks(chip, step, work);
    }
    for (uint32_t k = 0; !in_blocks && k < chip->layers[index].positions * drives; ++k) {
        const uint32_t position = k / drives;
        const int sign = mca_engine_drive_backward(chip, index, position, k % drives, signals);
        const uint64_t driven = signals->layers[index].drive.count;
        if (driven > 0) { /* one without input is left out */
            const struct layer_read read = {
                {MCA_RNG_BACKWARD, chip->stats.images, k}, (uint32_t)work->reads, position, sign};
            read_layer(chip, &chip->layers[index], &read);
            mca_work_read(chip, step, 1, driven, work);
        }
    }
    mca_engine_end_backward(chip, index, signals);
}
