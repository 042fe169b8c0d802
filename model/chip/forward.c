/* Forward propagation: image load, reads, partial sums, activations. */
#include <string.h>

#include "chip/chip_state.h"

struct mca_drive mca_engine_drive_until(const struct mca_lines *lines, uint32_t bits, uint32_t end,
                                        uint32_t *k) {
    const uint32_t first = *k;
    if (lines->count > 0 && lines->line[lines->count - 1] < end) {
        *k = lines->count; /* as where the matrix is one tile wide */
    }
    while (*k < lines->count && lines->line[*k] < end) {
        ++*k;
    }
    return (struct mca_drive){.count = *k - first,
                              .line = lines->line + first,
                              .code = lines->code + first,
                              .value = bits ? NULL : lines->value + first,
                              .bits = bits};
}

uint64_t mca_engine_convert(const struct mca_adc *adc, struct mca_read_scratch *scratch,
                            uint32_t count) {
    return adc->ops->convert(adc, scratch->column, count, scratch->levels);
}

_Static_assert(2 * MCA_LAYER_POSITIONS_MAX <= MCA_READ_DRAWS,
               "every read of an image, both signs driven apart, has noise of its own");

/* A read at a position: its number among those of the image's same sums, and the sign of what is
 * driven, as mca_tile_read has it. */
struct position_read {
    uint32_t position;
    uint32_t draw;
    int sign;
};

static void read_position(const struct mca_chip *chip, const struct mca_step *step,
                          const struct mca_walk *walk, const struct mca_lines *lines,
                          struct position_read read) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_matrix *matrix = &layer->matrix;
    struct mca_signals *signals = walk->signals;
    struct mca_read_event event = walk->event;
    event.draw = read.draw;
    uint32_t k = 0;
    for (uint32_t i = 0; i < matrix->place.row_tiles; ++i) {
        const uint32_t first = i * matrix->place.col_tiles; /* tile of the row of tiles */
        const uint32_t end = matrix->tiles[first].row0 + matrix->tiles[first].rows;
        const struct mca_drive drive = mca_engine_drive_until(lines, layer->in_bits, end, &k);
        for (uint32_t t = first; t < first + matrix->place.col_tiles; ++t) {
            const struct mca_tile *tile = &matrix->tiles[t];
            const struct mca_adc *adc = &matrix->adcs[t].forward;
            const struct mca_tile_read of = {t, read.position, read.sign};
            mca_matrix_read_forward(matrix, tile, &drive, event, &signals->scratch,
                                    signals->scratch.column);
            *walk->clips += mca_engine_convert(adc, &signals->scratch, tile->cols);
            mca_engine_add_forward(chip, step->layer, &of, &signals->scratch, signals);
            if (step->phase == MCA_PHASE_FORWARD) {
                const uint32_t pass = read.draw * matrix->place.row_tiles + i;
                const struct mca_dpu_codes told = {step->layer,
                                                   0,
                                                   pass,
                                                   read.sign < 0 ? -1 : 1,
                                                   tile->col0,
                                                   tile->cols,
                                                   signals->scratch.levels,
                                                   signals->scratch.column};
                mca__tell_read(chip, adc->ops, &told);
            }
        }
    }
}

/* The lines of one sign, with their magnitudes. */
static const struct mca_lines *part_of(const struct mca_lines *lines, int sign,
                                       struct mca_lines *part) {
    part->count = 0;
    for (uint32_t i = 0; i < lines->count; ++i) {
        const double value = lines->value[i];
        const int is_negative = lines->code[i] < 0 || value < 0.0;
        if (is_negative == (sign < 0)) {
            part->line[part->count] = lines->line[i];
            part->code[part->count] = sign < 0 ? -lines->code[i] : lines->code[i];
            part->value[part->count] = sign < 0 ? -value : value;
            ++part->count;
        }
    }
    return part;
}

uint32_t mca_engine_forward_drives(const struct mca_chip *chip, uint32_t layer) {
    return chip->layers[layer].in_signed ? mca_dac_drives(&chip->config.dac) : 1;
}

const struct mca_lines *mca_engine_drive_forward(const struct mca_chip *chip, uint32_t layer,
                                                 uint32_t drive, struct mca_signals *signals,
                                                 int *sign) {
    const struct mca_lines *lines = &signals->layers[layer].input;
    *sign = mca_engine_forward_drives(chip, layer) == 1 ? 0 : drive == 0 ? 1 : -1;
    return *sign == 0 ? lines : part_of(lines, *sign, &signals->part);
}

void mca__read_forward(const struct mca_chip *chip, const struct mca_step *step,
                       const struct mca_walk *walk, struct mca_work *work) {
    const uint32_t drives = mca_engine_forward_drives(chip, step->layer);
    const uint32_t reads = chip->layers[step->layer].positions * drives;
    if (step->read == 0) {
        mca_engine_clear_sums(chip, step->layer, walk->signals);
    }
    if (mca__reads_blocks(chip, &chip->layers[step->layer], 0)) {
        mca__read_forward_blocks(chip, step, walk, work);
        return;
    }
    for (uint32_t k = 0; k < reads; ++k) {
        struct position_read read = {k / drives, step->read * reads + k, 0};
        if (k % drives == 0) {
            mca_engine_gather(chip, step->layer, read.position, walk->signals);
        }
        const struct mca_lines *lines =
            mca_engine_drive_forward(chip, step->layer, k % drives, walk->signals, &read.sign);
        if (lines->count > 0) { /* one without input is left out */
            read_position(chip, step, walk, lines, read);
            mca_work_read(chip, step, 1, lines->count, work);
        }
    }
}

const struct mca_layer_signals *mca__values_of(const struct mca_signals *signals, uint32_t layer) {
    return layer == MCA_FROM_INPUT ? &signals->image : &signals->layers[layer];
}

void mca_engine_gather(const struct mca_chip *chip, uint32_t layer, uint32_t position,
                       struct mca_signals *signals) {
    if (chip->layers[layer].positions > 1) { /* the lines of a single one stand */
        chip->arithmetic->gather(&chip->layers[layer], position,
                                 mca__values_of(signals, chip->network.layers[layer].takes),
                                 &signals->layers[layer].input);
    }
}

void mca__gather_whole(const struct mca_chip *chip, uint32_t layer, struct mca_signals *signals) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (chip->network.layers[i].takes == layer && chip->network.layers[i].rows > 0 &&
            chip->layers[i].positions == 1) {
            chip->arithmetic->gather(&chip->layers[i], 0, mca__values_of(signals, layer),
                                     &signals->layers[i].input);
        }
    }
}

void mca_engine_load_image(const struct mca_chip *chip, struct mca_signals *signals,
                           const uint8_t *pixels) {
    const uint32_t count = chip->network.layers[0].inputs;
    if (!chip->gathers_image) { /* all that takes it takes the whole of it */
        struct mca_lines *lines = &signals->layers[0].input;
        lines->count = 0;
        chip->arithmetic->load(chip, pixels, count, lines);
        return;
    }
    chip->arithmetic->load_values(chip, pixels, count, &signals->image);
    mca__gather_whole(chip, MCA_FROM_INPUT, signals);
}

void mca_engine_activate(const struct mca_chip *chip, uint32_t index, struct mca_signals *signals) {
    chip->arithmetic->activate(chip, &chip->layers[index], &signals->layers[index]);
    mca__gather_whole(chip, index, signals);
}

void mca_engine_add_forward(const struct mca_chip *chip, uint32_t index,
                            const struct mca_tile_read *of, const struct mca_read_scratch *read,
                            struct mca_signals *signals) {
    chip->arithmetic->add_forward(&chip->layers[index], of, read, &signals->layers[index]);
}

void mca_engine_clear_sums(const struct mca_chip *chip, uint32_t index,
                           struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[index];
    memset(s->sum ? (void *)s->sum : s->sum_real, 0,
           chip->layers[index].values * (s->sum ? sizeof *s->sum : sizeof *s->sum_real));
}

uint32_t mca_engine_predict(const struct mca_chip *chip, const struct mca_signals *signals) {
    const struct mca_layer_signals *s = &signals->layers[chip->layer_count - 1];
    uint32_t best = 0;
    /* sums: an activation never falls as they rise, and would only merge neighbours */
    for (uint32_t c = 1; c < chip->layers[chip->layer_count - 1].outputs; ++c) {
        const int is_greater =
            s->sum ? s->sum[c] > s->sum[best] : s->sum_real[c] > s->sum_real[best];
        best = is_greater ? c : best;
    }
    return best;
}
