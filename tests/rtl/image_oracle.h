/*
 * Reference of the digital unit at the level of an image: the operations of
 * docs/reference/digital-unit.md on top of oracle.h. Like that it shares no code with model/.
 * Arrays are indexed by line (an input or output of a layer), padded with zeros to whole words of
 * `lanes`.
 */
#ifndef MCA_TESTS_RTL_IMAGE_ORACLE_H
#define MCA_TESTS_RTL_IMAGE_ORACLE_H

#include <stdint.h>

enum { IMAGE_LANES = 32, IMAGE_LINES = 256, IMAGE_LAYERS = 4, IMAGE_WORDS = 1024 };

struct image_widths {
    uint32_t lanes;
    uint32_t word, count; /* bits of a layer's words, lines; the RTL's memories only */
    uint32_t act, err, dac, chi, frac;
};

struct image_layer {
    uint32_t inputs; /* bias row included: the last */
    uint32_t outputs;
    uint32_t row_tile_words, row_tiles;
    uint32_t col_tile_words, col_tiles;
    uint32_t tile_base; /* tile = base + row tile x col_tiles + column tile */
    uint32_t chi_base;  /* word = base + column word x inputs + row */
    uint32_t act_base;
    int forward_frac, backward_frac; /* fractional bits of the converters' codes */
};

/* A network, the unit's settings, and the state that updates change. */
struct image_unit {
    struct image_widths widths;
    uint32_t layers;
    struct image_layer layer[IMAGE_LAYERS];
    int train, squared, stochastic, bipolar;
    uint32_t mantissa; /* learning rate: mantissa 2^exponent / 2^12 */
    int rate_exponent;
    uint32_t max_pulses, interval, latency;
    int32_t *chi; /* words x lanes */
    uint32_t random[IMAGE_LAYERS][IMAGE_LANES];
};

struct image_forward {
    uint32_t activation[IMAGE_LINES];
    uint32_t code[IMAGE_LINES]; /* inputs of the next layer, bias included; unused in the last */
    uint32_t cycles;
};

struct image_error {
    int32_t error[IMAGE_LINES];
    int32_t rated[IMAGE_LINES];
    uint32_t drive[IMAGE_LINES]; /* magnitude of the code to drive backward */
    int any;                     /* some raw error is not 0 */
    int shift, exponent;
    int positive, negative; /* reads that the layer's backward pass needs; bipolar: `positive` */
    uint32_t cycles;
};

/* A chi word served by an update. */
struct image_word {
    uint32_t address, tile, row, column; /* column of lane 0 */
    int32_t residual[IMAGE_LANES];
    int32_t pulses[IMAGE_LANES];
    uint32_t saturated; /* a bit a lane */
    uint32_t commands;
};

struct image_update {
    int shift, skipped;
    uint32_t words;
    struct image_word word[IMAGE_WORDS];
    uint32_t cycles; /* while no queue is full and chi answers in time */
};

uint32_t image_words(const struct image_unit *unit, uint32_t lines);

/* DAC codes of an image's pixels, the bias row's code behind them. */
void image_codes(const struct image_unit *unit, const uint8_t *pixels, uint32_t *codes);

/* adc: row_tiles x padded outputs. */
void image_forward(const struct image_unit *unit, uint32_t layer, const int32_t *adc,
                   struct image_forward *out);

/* Exponent of a layer's raw errors; of the layer above, that of its scaled errors. */
int image_raw_exponent(const struct image_unit *unit, uint32_t layer, int exponent_above);

void image_output_error(const struct image_unit *unit, const uint32_t *activation, uint32_t label,
                        struct image_error *out);

/* Passes of converter codes that the error of the layer below `above`'s needs. */
uint32_t image_backward_passes(const struct image_unit *unit, uint32_t above_layer,
                               const struct image_error *above);

/* adc: passes x padded outputs of `layer`, the positive drive first. */
struct image_backward {
    const struct image_error *above;
    const uint32_t *activation;
    const int32_t *adc;
};
void image_hidden_error(const struct image_unit *unit, uint32_t layer,
                        const struct image_backward *in, struct image_error *out);

/* Right shift that aligns an update's products with chi; *skipped when it exceeds 30. */
int image_update_shift(const struct image_unit *unit, int error_exponent, int *skipped);

/* Takes the layer's input codes and errors into chi; steps the generators. */
void image_update(struct image_unit *unit, uint32_t layer, const uint32_t *code,
                  const struct image_error *error, struct image_update *out);

#endif
