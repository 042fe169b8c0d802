#include "image_oracle.h"

#include "oracle.h"

#include <assert.h>
#include <string.h>

enum { PIXEL_BITS = 8, RATE_BITS = 12, SHIFT_MAX = 30 };
enum { SIGMOID_DRAIN = 6, ERROR_DRAIN = 6, UPDATE_FETCH = 2, UPDATE_DRAIN = 4 };

uint32_t image_words(const struct image_unit *unit, uint32_t lines) {
    return (lines + unit->widths.lanes - 1) / unit->widths.lanes;
}

static uint32_t padded(const struct image_unit *unit, uint32_t lines) {
    return image_words(unit, lines) * unit->widths.lanes;
}

static uint32_t full_code(const struct image_unit *unit) {
    return ((uint32_t)1 << unit->widths.dac) - 1;
}

void image_codes(const struct image_unit *unit, const uint8_t *pixels, uint32_t *codes) {
    const struct image_widths *w = &unit->widths;
    uint32_t bias = unit->layer[0].inputs - 1;

    memset(codes, 0, IMAGE_LINES * sizeof *codes);
    for (uint32_t i = 0; i < bias; i++)
        codes[i] = oracle_dac_code(oracle_dac_code(pixels[i], PIXEL_BITS, w->act), w->act, w->dac);
    codes[bias] = full_code(unit);
}

void image_forward(const struct image_unit *unit, uint32_t layer, const int32_t *adc,
                   struct image_forward *out) {
    const struct image_layer *at = &unit->layer[layer];
    uint32_t stride = padded(unit, at->outputs);

    memset(out, 0, sizeof *out);
    for (uint32_t o = 0; o < at->outputs; o++) {
        int64_t sum = 0;

        for (uint32_t tile = 0; tile < at->row_tiles; tile++)
            sum += adc[tile * stride + o];
        out->activation[o] = oracle_sigmoid(sum, at->forward_frac, unit->widths.act);
        out->code[o] = oracle_dac_code(out->activation[o], unit->widths.act, unit->widths.dac);
    }
    out->code[at->outputs] = full_code(unit);
    out->cycles = image_words(unit, at->outputs) * (at->row_tiles + 1) + SIGMOID_DRAIN;
}

int image_raw_exponent(const struct image_unit *unit, uint32_t layer, int exponent_above) {
    int act = (int)unit->widths.act;

    if (layer == unit->layers - 1)
        return unit->squared ? -2 * act : -act;
    return exponent_above + (int)unit->widths.err - 1 - unit->layer[layer + 1].backward_frac - act;
}

/* Shared exponent, scaling, rate and codes to drive, from raw errors of unit 2^raw_exponent. */
static void finish_error(const struct image_unit *unit, const int32_t *raw, uint32_t count,
                         int raw_exponent, struct image_error *out) {
    const struct image_widths *w = &unit->widths;
    uint32_t drive_bits = unit->bipolar ? w->dac - 1 : w->dac;

    out->shift = oracle_error_shift(raw, count, w->err, &out->any);
    out->exponent = raw_exponent + out->shift;
    for (uint32_t o = 0; o < count; o++) {
        int32_t e = oracle_scale_error(raw[o], out->shift, w->err);

        out->error[o] = e;
        out->rated[o] = oracle_rated_error(e, unit->mantissa);
        out->drive[o] = oracle_dac_code((uint32_t)(e < 0 ? -e : e), w->err - 1, drive_bits);
        if (out->drive[o] != 0 && (e > 0 || unit->bipolar))
            out->positive = 1;
        if (out->drive[o] != 0 && e < 0 && !unit->bipolar)
            out->negative = 1;
    }
}

void image_output_error(const struct image_unit *unit, const uint32_t *activation, uint32_t label,
                        struct image_error *out) {
    const struct image_layer *at = &unit->layer[unit->layers - 1];
    uint32_t act = unit->widths.act;
    int32_t raw[IMAGE_LINES];

    memset(out, 0, sizeof *out);
    for (uint32_t o = 0; o < at->outputs; o++) {
        int64_t target = o == label ? (int64_t)1 << act : 0;
        int64_t error = target - activation[o];

        if (unit->squared)
            error *= oracle_derivative(activation[o], act);
        raw[o] = (int32_t)oracle_saturate(error, 32);
    }
    finish_error(unit, raw, at->outputs, image_raw_exponent(unit, unit->layers - 1, 0), out);
    out->cycles = 3 * image_words(unit, at->outputs) + ERROR_DRAIN;
}

uint32_t image_backward_passes(const struct image_unit *unit, uint32_t above_layer,
                               const struct image_error *above) {
    return (uint32_t)(above->positive + above->negative) * unit->layer[above_layer].col_tiles;
}

void image_hidden_error(const struct image_unit *unit, uint32_t layer,
                        const struct image_backward *in, struct image_error *out) {
    const struct image_layer *at = &unit->layer[layer];
    const struct image_layer *next = &unit->layer[layer + 1];
    const struct image_widths *w = &unit->widths;
    uint32_t passes = image_backward_passes(unit, layer + 1, in->above);
    uint32_t positive = in->above->positive ? next->col_tiles : 0;
    uint32_t stride = padded(unit, at->outputs);
    int32_t raw[IMAGE_LINES];

    memset(out, 0, sizeof *out);
    for (uint32_t o = 0; o < at->outputs; o++) {
        int64_t sum = 0;

        for (uint32_t pass = 0; pass < passes; pass++)
            sum += pass < positive ? in->adc[pass * stride + o] : -in->adc[pass * stride + o];
        raw[o] = (int32_t)oracle_saturate(sum * oracle_derivative(in->activation[o], w->act), 32);
    }
    finish_error(unit, raw, at->outputs, image_raw_exponent(unit, layer, in->above->exponent), out);
    out->cycles = image_words(unit, at->outputs) * (2 + passes) + ERROR_DRAIN;
}

/* One chi word: every lane's generator steps, whether its error is 0 or not. */
static void serve_word(struct image_unit *unit, uint32_t layer, const int32_t *rated, uint32_t code,
                       const struct image_update *update, struct image_word *word) {
    const struct image_widths *w = &unit->widths;
    int32_t *chi = &unit->chi[word->address * w->lanes];

    for (uint32_t l = 0; l < w->lanes; l++) {
        uint32_t u = unit->random[layer][l] = oracle_random(unit->random[layer][l]);
        int32_t delta = oracle_delta(code, rated[l], update->shift, unit->stochastic, u);
        struct oracle_settled settled =
            oracle_settle((int64_t)chi[l] + delta, w->chi, w->frac, unit->max_pulses);

        chi[l] = word->residual[l] = settled.residual;
        word->pulses[l] = settled.pulses;
        word->saturated |= (uint32_t)settled.saturated << l;
        word->commands += settled.pulses != 0;
    }
}

static int all_zero(const int32_t *values, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (values[i] != 0)
            return 0;
    return 1;
}

int image_update_shift(const struct image_unit *unit, int error_exponent, int *skipped) {
    int shift = (int)unit->widths.dac - RATE_BITS - unit->rate_exponent - error_exponent;

    *skipped = shift > SHIFT_MAX;
    return shift < -SHIFT_MAX ? -SHIFT_MAX : shift;
}

void image_update(struct image_unit *unit, uint32_t layer, const uint32_t *code,
                  const struct image_error *error, struct image_update *out) {
    const struct image_layer *at = &unit->layer[layer];
    uint32_t lanes = unit->widths.lanes;

    out->shift = image_update_shift(unit, error->exponent, &out->skipped);
    out->words = 0;
    out->cycles = UPDATE_FETCH + unit->latency + UPDATE_DRAIN;
    for (uint32_t row = 0; row < at->inputs && !out->skipped; row++) {
        if (code[row] == 0)
            continue;
        for (uint32_t column = 0; column < at->outputs; column += lanes) {
            struct image_word *word = &out->word[out->words];
            uint32_t row_tile = row / lanes / at->row_tile_words;
            uint32_t col_tile = column / lanes / at->col_tile_words;

            if (all_zero(&error->rated[column], lanes))
                continue;
            assert(out->words < IMAGE_WORDS);
            out->words++;
            memset(word, 0, sizeof *word);
            word->address = at->chi_base + column / lanes * at->inputs + row;
            word->tile = at->tile_base + row_tile * at->col_tiles + col_tile;
            word->row = row;
            word->column = column;
            serve_word(unit, layer, &error->rated[column], code[row], out, word);
            out->cycles += word->commands > unit->interval ? word->commands : unit->interval;
        }
    }
}
