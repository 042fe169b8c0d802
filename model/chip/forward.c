/* Forward propagation: image load, reads, partial sums, activations. */
#include "chip/chip_state.h"

struct mca_drive mca_engine_drive_until(const struct mca_chip *chip, const struct mca_lines *lines,
                                        uint32_t bits, uint32_t end, uint32_t *k) {
    const uint32_t first = *k;
    while (*k < lines->count && lines->line[*k] < end) {
        ++*k;
    }
    return (struct mca_drive){.count = *k - first,
                              .line = lines->line + first,
                              .code = lines->code + first,
                              .value = chip->config.dac.bits ? NULL : lines->value + first,
                              .bits = bits};
}

uint64_t mca_engine_convert(const struct mca_adc *adc, struct mca_read_scratch *scratch,
                            uint32_t count) {
    return adc->ops->convert(adc, scratch->column, count, scratch->levels);
}

void mca__read_forward(const struct mca_chip *chip, const struct mca_step *step,
                       const struct mca_walk *walk, struct mca_work *work) {
    const uint32_t index = step->layer;
    const struct mca_matrix *matrix = &chip->layers[index].matrix;
    struct mca_signals *signals = walk->signals;
    struct mca_layer_signals *s = &signals->layers[index];
    struct mca_read_event event = walk->event;
    event.draw = step->read;
    if (step->read == 0) {
        mca_engine_clear_sums(chip, index, signals);
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < matrix->place.row_tiles; ++i) {
        const uint32_t first = i * matrix->place.col_tiles; /* tile of the row of tiles */
        const uint32_t end = matrix->tiles[first].row0 + matrix->tiles[first].rows;
        const struct mca_drive drive =
            mca_engine_drive_until(chip, &s->input, chip->config.dac.bits, end, &k);
        for (uint32_t t = first; t < first + matrix->place.col_tiles; ++t) {
            const struct mca_tile *tile = &matrix->tiles[t];
            const struct mca_adc *adc = &matrix->adcs[t].forward;
            mca_matrix_read_forward(matrix, tile, &drive, event, &signals->scratch,
                                    signals->scratch.column);
            *walk->clips += mca_engine_convert(adc, &signals->scratch, tile->cols);
            mca_engine_add_forward(chip, index, t, &signals->scratch, signals);
            if (adc->ops->has_codes && step->phase == MCA_PHASE_FORWARD) {
                const uint32_t pass = step->read * matrix->place.row_tiles + i;
                const struct mca_dpu_codes codes = {
                    index, 0, pass, 1, tile->col0, tile->cols, signals->scratch.levels};
                mca__tell_codes(chip, &codes);
            }
        }
    }
    mca_work_read(chip, step, s->input.count, work);
}

void mca_engine_load_image(const struct mca_chip *chip, struct mca_signals *signals,
                           const uint8_t *pixels) {
    struct mca_lines *lines = &signals->layers[0].input;
    lines->count = 0;
    chip->arithmetic->load(chip, pixels, chip->layers[0].inputs - 1, lines);
}

void mca_engine_activate(const struct mca_chip *chip, uint32_t index, struct mca_signals *signals) {
    chip->arithmetic->activate(chip, &chip->layers[index], signals);
}

void mca_engine_add_forward(const struct mca_chip *chip, uint32_t index, uint32_t number,
                            const struct mca_read_scratch *read, struct mca_signals *signals) {
    chip->arithmetic->add_forward(chip, &chip->layers[index], number, read,
                                  &signals->layers[index]);
}

void mca_engine_clear_sums(const struct mca_chip *chip, uint32_t index,
                           struct mca_signals *signals) {
    chip->arithmetic->clear_sums(&signals->layers[index], chip->layers[index].outputs);
}

uint32_t mca_engine_predict(const struct mca_chip *chip, const struct mca_signals *signals) {
    const uint32_t last = chip->layer_count - 1;
    const struct mca_layer_signals *s = &signals->layers[last];
    uint32_t best = 0;
    /* pre-activations: the sigmoid is monotonic and would only merge neighbours */
    for (uint32_t c = 1; c < chip->layers[last].outputs; ++c) {
        best = chip->arithmetic->is_greater(s, c, best) ? c : best;
    }
    return best;
}
