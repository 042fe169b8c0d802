#include "image_run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ADC_MAX = 32767 };

struct image_widths image_widths(const struct vector_args *args) {
    struct image_widths widths = {
        .lanes = vector_parameter(args, "LANES", 8),
        .word = vector_parameter(args, "WORD_BITS", 5),
        .act = vector_parameter(args, "ACT_BITS", 16),
        .err = vector_parameter(args, "ERR_BITS", 12),
        .dac = vector_parameter(args, "DAC_BITS", 8),
        .chi = vector_parameter(args, "CHI_BITS", 16),
        .frac = vector_parameter(args, "FRAC_BITS", 13),
    };

    for (widths.count = widths.word; 1U << (widths.count - widths.word) < widths.lanes;)
        widths.count++;
    return widths;
}

/* ---- network and settings -------------------------------------------------------------------- */

/* Lines of the image and of each layer: words and some more or fewer; words of a tile. In words of
 * 8 lanes; with other lanes in as many words as hold those lines. */
struct shape {
    uint32_t layers, row_tile_words, col_tile_words;
    struct {
        uint32_t words;
        int more;
    } lines[IMAGE_LAYERS + 1];
};

static const struct shape shapes[] = {
    [SHAPE_ALIGNED] = {2, 2, 2, {{5, 0}, {3, 0}, {1, 2}}},
    [SHAPE_ODD] = {2, 3, 1, {{4, -3}, {2, 3}, {1, -1}}},
    [SHAPE_THREE] = {3, 2, 1, {{2, -1}, {4, 1}, {1, 3}, {0, 5}}},
    [SHAPE_ONE] = {1, 1, 1, {{2, 5}, {1, 1}}},
    [SHAPE_FOUR] = {4, 1, 2, {{1, -2}, {1, 0}, {2, -2}, {1, 1}, {0, 3}}},
};

static uint32_t ceil_divide(uint32_t a, uint32_t b) {
    return (a + b - 1) / b;
}

static uint32_t shape_lines(const struct shape *shape, uint32_t i, uint32_t lanes) {
    uint32_t words = ceil_divide(8 * shape->lines[i].words, lanes);

    return (uint32_t)((int)(words * lanes) + shape->lines[i].more);
}

/* Fractional bits of converters' codes: where activations and pulses vary, or anywhere. */
static int random_frac(const struct image_corner *corner, struct vector_random *random) {
    return (int)(corner->any_frac ? vector_random_range(random, -8, 24)
                                  : vector_random_range(random, 4, 9));
}

static void make_network(struct image_unit *unit, const struct image_corner *corner,
                         struct vector_random *random) {
    const struct shape *shape = &shapes[corner->shape];
    uint32_t lanes = unit->widths.lanes;
    uint32_t tile = 1, chi = 3, act = 0;

    unit->layers = shape->layers;
    for (uint32_t l = 0; l < unit->layers; l++) {
        struct image_layer *at = &unit->layer[l];

        at->inputs = shape_lines(shape, l, lanes) + 1;
        at->outputs = shape_lines(shape, l + 1, lanes);
        at->row_tile_words = ceil_divide(8 * shape->row_tile_words, lanes);
        at->col_tile_words = ceil_divide(8 * shape->col_tile_words, lanes);
        at->row_tiles = ceil_divide(image_words(unit, at->inputs), at->row_tile_words);
        at->col_tiles = ceil_divide(image_words(unit, at->outputs), at->col_tile_words);
        at->tile_base = tile;
        at->chi_base = chi;
        at->act_base = act;
        tile += at->row_tiles * at->col_tiles;
        chi += image_words(unit, at->outputs) * at->inputs;
        act += image_words(unit, at->outputs);
        at->forward_frac = corner->met || corner->small ? 6 : random_frac(corner, random);
        at->backward_frac = random_frac(corner, random);
    }
}

uint32_t image_chi_words(const struct image_unit *unit) {
    const struct image_layer *last = &unit->layer[unit->layers - 1];

    return last->chi_base + image_words(unit, last->outputs) * last->inputs;
}

static void make_state(struct image_unit *unit, const struct image_corner *corner,
                       struct vector_random *random) {
    size_t count = (size_t)image_chi_words(unit) * unit->widths.lanes;
    int32_t most = (int32_t)(((int64_t)1 << (unit->widths.chi - 1)) - 1);
    int32_t usual = (int32_t)((int64_t)1 << unit->widths.frac); /* the most that a pulse leaves */

    unit->chi = malloc(count * sizeof *unit->chi);
    if (!unit->chi)
        abort();
    for (size_t i = 0; i < count; i++) {
        int32_t value = (int32_t)vector_random_range(random, -usual, usual);

        unit->chi[i] = !corner->chi_at_ends ? value : (value < 0 ? -most : most);
    }
    for (uint32_t l = 0; l < IMAGE_LAYERS; l++)
        for (uint32_t lane = 0; lane < IMAGE_LANES; lane++)
            unit->random[l][lane] = (uint32_t)vector_random_range(random, 1, UINT32_MAX);
}

void image_unit_init(struct image_unit *unit, const struct image_widths *widths,
                     const struct image_corner *corner, struct vector_random *random) {
    assert(widths->lanes <= IMAGE_LANES);
    *unit = (struct image_unit){
        .widths = *widths,
        .train = corner->train,
        .squared = corner->squared,
        .stochastic = corner->stochastic,
        .bipolar = corner->bipolar,
        .mantissa = (uint32_t)vector_random_range(random, 2048, 4095),
        .max_pulses = corner->max_pulses,
        .interval = corner->interval,
        .latency = corner->latency,
    };
    /* The largest output error is about 2^0, so a full code times it about 2^(f - 13) 2^rate / 2^f.
     */
    unit->rate_exponent = (int)widths->frac - 13 + corner->rate_offset + (corner->squared ? 3 : 0);
    make_network(unit, corner, random);
    make_state(unit, corner, random);
}

void image_unit_deinit(struct image_unit *unit) {
    free(unit->chi);
}

/* ---- order ----------------------------------------------------------------------------------- */

uint32_t image_operations(const struct image_unit *unit, struct image_operation *operations) {
    uint32_t n = 0;

    for (uint32_t l = 0; l < unit->layers; l++)
        operations[n++] = (struct image_operation){IMAGE_FORWARD, l};
    if (!unit->train)
        return n;
    operations[n++] = (struct image_operation){IMAGE_ERROR, unit->layers - 1};
    for (uint32_t l = unit->layers - 1; l > 0; l--) {
        operations[n++] = (struct image_operation){IMAGE_ERROR, l - 1};
        operations[n++] = (struct image_operation){IMAGE_UPDATE, l};
    }
    operations[n++] = (struct image_operation){IMAGE_UPDATE, 0};
    return n;
}

/* ---- stimulus -------------------------------------------------------------------------------- */

static void random_pixels(const struct image_unit *unit, const struct image_corner *corner,
                          struct vector_random *random, struct image_run *run) {
    uint32_t pixels = unit->layer[0].inputs - 1;
    uint32_t outputs = unit->layer[unit->layers - 1].outputs;
    int dark_word = 0;

    for (uint32_t i = 0; i < IMAGE_LINES; i++) {
        int dark;

        if (i % unit->widths.lanes == 0)
            dark_word = vector_random_range(random, 0, 3) == 0;
        dark = corner->dark || dark_word || vector_random_range(random, 0, 1);
        run->pixels[i] = (uint8_t)vector_random_range(random, 0, 255);
        if (i < pixels && dark)
            run->pixels[i] = 0;
    }
    run->label = (uint32_t)vector_random_range(random, 0, outputs - 1);
    if (corner->met || corner->small || vector_random_range(random, 0, 7) == 0)
        run->label = outputs; /* a class that the network does not have */
}

/* Codes of the converters. Lanes without an output get any: nothing may come of them. */
static void random_codes(const struct image_unit *unit, uint32_t outputs,
                         struct vector_random *random, struct image_pass *pass) {
    uint32_t stride = image_words(unit, outputs) * unit->widths.lanes;
    unsigned bits = (unsigned)vector_random_range(random, 5, 16);
    int64_t sign = vector_random_range(random, -3, 3); /* -1, 1: of one sign */

    assert(pass->passes <= IMAGE_PASSES && stride <= IMAGE_LINES);
    for (uint32_t i = 0; i < pass->passes * stride; i++) {
        int64_t code = vector_random_signed(random, bits);

        if (i % stride >= outputs)
            code = vector_random_range(random, -ADC_MAX, ADC_MAX);
        else if (sign == 1 || sign == -1)
            code = code * sign < 0 ? -code : code;
        pass->adc[i] = (int32_t)code;
    }
}

/* Outputs of a word that nothing excites: activations of 0. */
static void silence(const struct image_unit *unit, uint32_t outputs, uint32_t word,
                    struct image_pass *pass) {
    uint32_t stride = image_words(unit, outputs) * unit->widths.lanes;

    for (uint32_t i = 0; i < pass->passes * stride; i++)
        if (i % stride / unit->widths.lanes == word)
            pass->adc[i] = -ADC_MAX;
}

/* Sums of -11 .. -5 at 6 fractional bits: activations of less than 1 %. */
static void calm(struct vector_random *random, struct image_pass *pass) {
    for (uint32_t i = 0; i < IMAGE_PASSES * IMAGE_LINES; i++)
        pass->adc[i] = (int32_t)(-vector_random_range(random, 320, 704) / pass->passes);
}

static void forward(const struct image_unit *unit, const struct image_corner *corner,
                    uint32_t layer, struct vector_random *random, struct image_run *run) {
    const struct image_layer *at = &unit->layer[layer];
    struct image_pass *pass = &run->forward_adc[layer];
    int last = layer == unit->layers - 1;

    pass->passes = at->row_tiles;
    random_codes(unit, at->outputs, random, pass);
    if (last && corner->small)
        calm(random, pass);
    for (uint32_t word = 0; word < image_words(unit, at->outputs); word++)
        if ((last && corner->met) || vector_random_range(random, 0, 3) == 0)
            silence(unit, at->outputs, word, pass);
    image_forward(unit, layer, pass->adc, &run->forward[layer]);
}

static void error(const struct image_unit *unit, uint32_t layer, struct vector_random *random,
                  struct image_run *run) {
    struct image_pass *pass = &run->error_adc[layer];
    struct image_backward in;

    if (layer == unit->layers - 1) {
        pass->passes = 0;
        image_output_error(unit, run->forward[layer].activation, run->label, &run->error[layer]);
        return;
    }
    in = (struct image_backward){&run->error[layer + 1], run->forward[layer].activation, pass->adc};
    pass->passes = image_backward_passes(unit, layer + 1, in.above);
    random_codes(unit, unit->layer[layer].outputs, random, pass);
    image_hidden_error(unit, layer, &in, &run->error[layer]);
}

/* ---- what was reached ------------------------------------------------------------------------ */

uint32_t image_update_reach(const struct image_unit *unit, const struct image_update *update) {
    uint32_t reached =
        (update->skipped ? REACH_SKIPPED : 0U) | (update->shift < 0 ? REACH_LEFT : 0U);

    for (uint32_t w = 0; w < update->words; w++) {
        const struct image_word *word = &update->word[w];

        if (word->commands == unit->widths.lanes)
            reached |= REACH_FULL_WORD;
        for (uint32_t l = 0; l < unit->widths.lanes; l++) {
            if (word->saturated >> l & 1)
                reached |= word->residual[l] > 0 ? REACH_SATURATED_HIGH : REACH_SATURATED_LOW;
            if (word->pulses[l] == (int32_t)unit->max_pulses)
                reached |= REACH_MOST_SET;
            if (word->pulses[l] == -(int32_t)unit->max_pulses)
                reached |= REACH_MOST_RESET;
        }
    }
    return reached;
}

static uint32_t image_reach(const struct image_unit *unit, const struct image_run *run) {
    const struct image_error *output = &run->error[unit->layers - 1];
    uint32_t reached = 0, lit = 0;

    for (uint32_t i = 0; i < unit->layer[0].inputs - 1; i++)
        lit |= run->codes[i];
    if (lit == 0)
        reached |= REACH_BIAS_ALONE;
    if (!output->any)
        reached |= REACH_NO_ERROR;
    for (uint32_t l = 1; l < unit->layers; l++) {
        int reads = run->error[l].positive + run->error[l].negative;

        reached |= reads == 2 ? REACH_TWO_READS : (reads == 1 ? REACH_ONE_READ : 0U);
        if (!run->error[l].positive && run->error[l].negative)
            reached |= REACH_NEGATIVE_READ;
        if (run->error[l].shift < 0)
            reached |= REACH_SMALL_ERROR;
    }
    for (uint32_t l = 0; l < unit->layers; l++) {
        const struct image_update *update = &run->update[l];
        uint32_t third = 2 * unit->layer[l].row_tile_words * unit->widths.lanes;

        reached |= image_update_reach(unit, update);
        for (uint32_t w = 0; l > 0 && w < update->words; w++)
            if (update->word[w].commands && update->word[w].row >= third)
                reached |= REACH_HIDDEN_TILE;
    }
    return reached;
}

uint32_t image_run(struct image_unit *unit, const struct image_corner *corner,
                   struct vector_random *random, struct image_run *run) {
    struct image_operation operations[3 * IMAGE_LAYERS];
    uint32_t count = image_operations(unit, operations);

    memset(run, 0, sizeof *run);
    random_pixels(unit, corner, random, run);
    image_codes(unit, run->pixels, run->codes);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t l = operations[i].layer;

        switch (operations[i].kind) {
        case IMAGE_FORWARD:
            forward(unit, corner, l, random, run);
            break;
        case IMAGE_ERROR:
            error(unit, l, random, run);
            break;
        case IMAGE_UPDATE:
            image_update(unit, l, l == 0 ? run->codes : run->forward[l - 1].code, &run->error[l],
                         &run->update[l]);
            break;
        }
    }
    return unit->train ? image_reach(unit, run) : 0;
}
