/* Forward propagation: image load, crossbar reads, partial sums, sigmoid. */
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "chip/chip_state.h"

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

static void add_line(struct mca_lines *lines, uint32_t line, int32_t code, double value) {
    lines->line[lines->count] = line;
    lines->code[lines->count] = code;
    lines->value[lines->count] = value;
    ++lines->count;
}

/* The same from real activations (float). */
static void add_float_input(const struct mca_chip *chip, struct mca_lines *lines, uint32_t line,
                            double activation) {
    const uint32_t bits = chip->config.dac.bits;
    const int32_t code = bits ? mca_dac_code_real(activation, bits) : 0;
    const double value = bits ? (double)code * mca_exp2i(-(int)bits) : activation;
    if (value != 0.0) {
        add_line(lines, line, code, value);
    }
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

void mca_engine_load_image(const struct mca_chip *chip, struct mca_signals *signals,
                           const uint8_t *pixels) {
    struct mca_lines *lines = &signals->layers[0].input;
    const uint32_t count = chip->layers[0].inputs - 1;
    lines->count = 0;
    if (mca__is_fixed(chip)) {
        add_pixels(chip, lines, pixels, count);
        add_bias(chip, lines, count);
        return;
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (pixels[i] != 0) {
            add_float_input(chip, lines, i, (double)pixels[i] / 255.0);
        }
    }
    add_float_input(chip, lines, count, 1.0);
}

static void activate_fixed(const struct mca_chip *chip, const struct mca_layer *layer,
                           struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[layer->index];
    mca_sigmoid_codes(&chip->sigmoid, s->sum, layer->forward_frac, layer->outputs, s->activation);
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

void mca_engine_activate(const struct mca_chip *chip, uint32_t index, struct mca_signals *signals) {
    const struct mca_layer *layer = &chip->layers[index];
    struct mca_layer_signals *s = &signals->layers[index];
    struct mca_lines *next =
        index + 1 < chip->layer_count ? &signals->layers[index + 1].input : NULL;
    if (mca__is_fixed(chip)) {
        activate_fixed(chip, layer, signals);
        return;
    }
    if (next) {
        next->count = 0;
    }
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        s->activation_real[c] = mca_sigmoid(s->sum_real[c]);
        if (next) {
            add_float_input(chip, next, c, s->activation_real[c]);
        }
    }
    if (next) {
        add_float_input(chip, next, layer->outputs, 1.0);
    }
}

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
    return adc->bits ? mca_adc_convert(adc, scratch->column, count, scratch->levels) : 0;
}

MCA_CLONES
static void add_levels(const int32_t *restrict levels, uint32_t count, int32_t *restrict sum) {
    for (uint32_t c = 0; c < count; ++c) {
        sum[c] += levels[c];
    }
}

void mca_engine_add_forward(const struct mca_chip *chip, uint32_t index, uint32_t number,
                            const struct mca_read_scratch *read, struct mca_signals *signals) {
    const struct mca_crossbar *crossbar = &chip->layers[index].crossbar;
    const struct mca_tile *tile = &crossbar->tiles[number];
    const struct mca_adc *adc = &crossbar->adcs[number].forward;
    struct mca_layer_signals *s = &signals->layers[index];
    if (mca__is_fixed(chip)) {
        add_levels(read->levels, tile->cols, s->sum + tile->col0);
        return;
    }
    for (uint32_t c = 0; c < tile->cols; ++c) {
        const double us = adc->bits ? (double)read->levels[c] * adc->lsb : read->column[c];
        s->sum_real[tile->col0 + c] += us / chip->config.tile.unit_weight_us;
    }
}

void mca_engine_clear_sums(const struct mca_chip *chip, uint32_t index,
                           struct mca_signals *signals) {
    struct mca_layer_signals *s = &signals->layers[index];
    memset(s->sum, 0, chip->layers[index].outputs * sizeof *s->sum);
    memset(s->sum_real, 0, chip->layers[index].outputs * sizeof *s->sum_real);
}

/* Counts of a layer's forward read with `driven` driven rows. */
static void count_forward(const struct mca_chip *chip, uint32_t index, uint64_t driven,
                          struct mca_ledger *ledger, enum mca_phase phase) {
    const struct mca_layer *layer = &chip->layers[index];
    const struct mca_crossbar *crossbar = &layer->crossbar;
    const uint64_t outputs = layer->outputs;
    const uint64_t conversions = mca_placement_forward_samples(&crossbar->place);
    const uint32_t bits = chip->config.dac.bits ? chip->config.dac.bits : 8;
    mca__count(ledger, phase, MCA_COMPONENT_BUFFER_READ, (uint64_t)layer->inputs * bits);
    mca__count(ledger, phase, MCA_COMPONENT_DAC_DRIVE, driven * crossbar->place.col_tiles);
    mca__count(ledger, phase, MCA_COMPONENT_PCM_READ, driven * outputs * 2);
    mca__count(ledger, phase, MCA_COMPONENT_SAMPLE_HOLD, conversions);
    mca__count(ledger, phase, MCA_COMPONENT_ADC_CONVERSION, conversions);
    mca__count(ledger, phase, MCA_COMPONENT_DPU_ADD, conversions);
    mca__count(ledger, phase, MCA_COMPONENT_DPU_SIGMOID, outputs);
    mca__count(ledger, phase, MCA_COMPONENT_BUFFER_WRITE,
               outputs * chip->config.dpu.activation_bits);
}

void mca_engine_count_forward(struct mca_chip *chip, uint32_t index, uint64_t driven,
                              enum mca_phase phase) {
    count_forward(chip, index, driven, &chip->ledger, phase);
    if (phase == MCA_PHASE_FORWARD) {
        chip->stats.forward_macs_nonzero += driven * chip->layers[index].outputs;
    }
}

void mca__forward_layer(const struct mca_chip *chip, uint32_t index, struct mca_signals *signals,
                        struct mca_read_event event, struct mca_ledger *ledger,
                        enum mca_phase phase, uint64_t *clips) {
    const struct mca_crossbar *crossbar = &chip->layers[index].crossbar;
    struct mca_layer_signals *s = &signals->layers[index];
    mca_engine_clear_sums(chip, index, signals);
    uint32_t k = 0;
    for (uint32_t i = 0; i < crossbar->place.row_tiles; ++i) {
        const uint32_t first = i * crossbar->place.col_tiles; /* tile of the row of tiles */
        const uint32_t end = crossbar->tiles[first].row0 + crossbar->tiles[first].rows;
        const struct mca_drive drive =
            mca_engine_drive_until(chip, &s->input, chip->config.dac.bits, end, &k);
        for (uint32_t t = first; t < first + crossbar->place.col_tiles; ++t) {
            const struct mca_tile *tile = &crossbar->tiles[t];
            const struct mca_adc *adc = &crossbar->adcs[t].forward;
            mca_crossbar_read_forward(crossbar, tile, &drive, event, &signals->scratch,
                                      signals->scratch.column);
            *clips += mca_engine_convert(adc, &signals->scratch, tile->cols);
            mca_engine_add_forward(chip, index, t, &signals->scratch, signals);
            if (adc->bits > 0 && phase == MCA_PHASE_FORWARD) {
                const struct mca_dpu_codes codes = {
                    index, 0, i, 1, tile->col0, tile->cols, signals->scratch.levels};
                mca__tell_codes(chip, &codes);
            }
        }
    }
    mca_engine_activate(chip, index, signals);
    count_forward(chip, index, s->input.count, ledger, phase);
}

void mca__count_load(const struct mca_chip *chip, struct mca_ledger *ledger, enum mca_phase phase) {
    const uint64_t bits = 8 * (uint64_t)(chip->layers[0].inputs - 1);
    mca__count(ledger, phase, MCA_COMPONENT_DRAM_READ, bits);
    mca__count(ledger, phase, MCA_COMPONENT_IMAGE_LOAD, bits);
    mca__count(ledger, phase, MCA_COMPONENT_BUFFER_WRITE, bits);
}

uint32_t mca_engine_predict(const struct mca_chip *chip, const struct mca_signals *signals) {
    const uint32_t last = chip->layer_count - 1;
    const struct mca_layer_signals *s = &signals->layers[last];
    uint32_t best = 0;
    /* pre-activations: the sigmoid is monotonic and would only merge neighbours */
    for (uint32_t c = 1; c < chip->layers[last].outputs; ++c) {
        const int greater =
            mca__is_fixed(chip) ? s->sum[c] > s->sum[best] : s->sum_real[c] > s->sum_real[best];
        best = greater ? c : best;
    }
    return best;
}
