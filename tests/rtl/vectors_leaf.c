#include "vectors.h"

#include "oracle.h"

#include <assert.h>

enum { MAX_LANES = 64, MAX_PASS_WORDS = 16 };

static int32_t clip(int64_t v) {
    return (int32_t)(v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : v);
}

/* ---- dac_code -------------------------------------------------------------------------------- */

/* {value, code}: every value. */
static int write_dac_code(const struct vector_args *args, FILE *out) {
    unsigned in_bits = vector_parameter(args, "IN_BITS", 16);
    unsigned out_bits = vector_parameter(args, "OUT_BITS", 8);
    struct vector_line line;

    for (uint32_t value = 0; value < UINT32_C(1) << in_bits; value++) {
        vector_line_clear(&line);
        vector_line_put(&line, value, in_bits);
        vector_line_put(&line, oracle_dac_code(value, in_bits, out_bits), out_bits);
        vector_line_write(&line, out);
    }
    return 0;
}

/* ---- sigmoid_lane ---------------------------------------------------------------------------- */

static void put_sigmoid(int64_t sum, int shift, unsigned act_bits, FILE *out) {
    struct vector_line line;

    vector_line_clear(&line);
    vector_line_put(&line, clip(sum), 32);
    vector_line_put(&line, shift, 6);
    vector_line_put(&line, oracle_sigmoid(clip(sum), 12 - shift, act_bits), act_bits);
    vector_line_write(&line, out);
}

/* Sums about the one that aligns to m, on both sides of the rounding. */
static void put_sigmoid_about(int64_t m, int shift, unsigned act_bits, FILE *out) {
    int64_t sum = shift < 0 ? m << -shift : m >> shift;
    int64_t half = shift < 0 ? (int64_t)1 << (-shift - 1) : 0;

    for (int64_t off = -1; off <= 1; off++) {
        put_sigmoid(sum + off, shift, act_bits, out);
        put_sigmoid(-sum + off, shift, act_bits, out);
        put_sigmoid(sum - half + off, shift, act_bits, out);
        put_sigmoid(half - sum + off, shift, act_bits, out);
    }
}

/* The 512 words of the table, {rise, value}, then {sum, shift, activation}. */
static int write_sigmoid_lane(const struct vector_args *args, FILE *out) {
    static const int64_t corner[] = {0,   1,     63,    64,    65,    127,   128,
                                     129, 32767, 32768, 65407, 65408, 65535, 65536};
    unsigned act_bits = vector_parameter(args, "ACT_BITS", 16);
    struct vector_random random = {args->seed};
    struct vector_line line;

    for (unsigned i = 0; i < 512; i++) {
        uint32_t value = oracle_sigmoid_entry(i, act_bits);

        vector_line_clear(&line);
        vector_line_put(&line, 0, act_bits + 10);
        vector_line_put(&line, oracle_sigmoid_entry(i + 1, act_bits) - value, 11);
        vector_line_put(&line, value, 17);
        vector_line_write(&line, out);
    }
    for (int shift = -12; shift <= 20; shift++) {
        put_sigmoid(INT32_MIN, shift, act_bits, out);
        put_sigmoid(INT32_MAX, shift, act_bits, out);
        for (size_t i = 0; i < sizeof corner / sizeof corner[0]; i++)
            put_sigmoid_about(corner[i], shift, act_bits, out);
    }
    for (uint32_t i = 0; i < args->count; i++) {
        int shift = (int)vector_random_range(&random, -12, 20);

        put_sigmoid(vector_random_signed(&random, 32), shift, act_bits, out);
        put_sigmoid(vector_random_signed(&random, (unsigned)(shift > 14 ? 2 : 17 - shift)), shift,
                    act_bits, out);
    }
    return 0;
}

/* ---- error_lane ------------------------------------------------------------------------------ */

struct error_vector {
    unsigned act_bits, err_bits;
    int keep, derive, shift;
    int32_t sum, raw;
    uint32_t activation, mantissa;
};

static struct error_vector random_error(struct vector_random *random, unsigned act_bits,
                                        unsigned err_bits) {
    int shift = (int)vector_random_range(random, 2 - (int)err_bits, 31);
    int bits =
        (int)err_bits + shift + (shift < 0 ? 0 : 2); /* some saturate; a left shift must not */

    return (struct error_vector){
        .act_bits = act_bits,
        .err_bits = err_bits,
        .keep = vector_random_range(random, 0, 7) != 0,
        .derive = (int)vector_random_range(random, 0, 1),
        .shift = shift,
        .sum = (int32_t)vector_random_signed(random, 32),
        .raw = (int32_t)vector_random_signed(random, (unsigned)(bits > 32 ? 32 : bits)),
        .activation = (uint32_t)vector_random_range(random, 0, (1 << act_bits) - 1),
        .mantissa = (uint32_t)vector_random_range(random, 2048, 4095),
    };
}

static void put_error(const struct error_vector *v, FILE *out) {
    int64_t factor = v->derive ? oracle_derivative(v->activation, v->act_bits) : 1;
    int64_t product = oracle_saturate(v->keep ? v->sum * factor : 0, 32);
    int32_t scaled = oracle_scale_error(v->raw, v->shift, v->err_bits);
    struct vector_line line;

    vector_line_clear(&line);
    vector_line_put(&line, v->keep, 1);
    vector_line_put(&line, v->derive, 1);
    vector_line_put(&line, v->sum, 32);
    vector_line_put(&line, v->activation, v->act_bits);
    vector_line_put(&line, v->raw, 32);
    vector_line_put(&line, v->shift, 6);
    vector_line_put(&line, v->mantissa, 12);
    vector_line_put(&line, product, 32);
    vector_line_put(&line, scaled, v->err_bits);
    vector_line_put(&line, oracle_rated_error(scaled, v->mantissa), v->err_bits);
    vector_line_write(&line, out);
}

/* Products about +-(2^31 - 1), and the extremes of both factors. */
static void put_derivative_corners(struct error_vector v, FILE *out) {
    uint32_t one = UINT32_C(1) << v.act_bits;
    const uint32_t activation[] = {
        0,           1,       2,       one / 2 - 1, one / 2,
        one / 2 + 1, one - 2, one - 1, one / 4 + 1}; /* the last: a fraction just below one half */

    v.keep = 1;
    for (size_t i = 0; i < sizeof activation / sizeof activation[0]; i++) {
        uint32_t slope = oracle_derivative(activation[i], v.act_bits);
        int64_t edge = slope ? INT32_MAX / slope : INT32_MAX;

        v.activation = activation[i];
        for (int64_t off = -1; off <= 2; off++) {
            const int64_t sum[] = {off, edge + off, -edge - off, INT32_MIN + off};

            for (v.derive = 0; v.derive <= 1; v.derive++)
                for (size_t j = 0; j < 4; j++) {
                    v.sum = clip(sum[j]);
                    put_error(&v, out);
                }
        }
        v.keep = 0;
        put_error(&v, out);
        v.keep = 1;
    }
}

static void put_scaling(struct error_vector v, int64_t raw, FILE *out) {
    static const uint32_t mantissa[] = {2048, 2049, 4095};

    for (size_t i = 0; i < 3; i++) {
        v.mantissa = mantissa[i];
        v.raw = clip(raw);
        put_error(&v, out);
        v.raw = clip(-raw);
        put_error(&v, out);
    }
}

/* Ties at every shift; both sides of the largest code before and after rounding. */
static void put_scaling_corners(struct error_vector v, FILE *out) {
    int64_t most = ((int64_t)1 << (v.err_bits - 1)) - 1;

    for (v.shift = 2 - (int)v.err_bits; v.shift < 0; v.shift++) {
        put_scaling(v, most >> -v.shift, out);
        put_scaling(v, 1, out);
    }
    for (; v.shift <= 31; v.shift++) {
        int64_t step = (int64_t)1 << v.shift;

        put_scaling(v, INT32_MAX, out);
        for (int64_t off = -1; off <= 1; off++) {
            put_scaling(v, step / 2 + off, out);
            put_scaling(v, step + step / 2 + off, out);
            put_scaling(v, step * most + step / 2 + off, out);
            put_scaling(v, step * (most + 1) + off, out);
        }
    }
}

/* Products with the mantissa about one half of 2^12. */
static void put_rated_corners(struct error_vector v, FILE *out) {
    static const uint32_t rest[] = {2047, 2048, 2049};
    uint32_t most = (1U << (v.err_bits - 1)) - 1;

    v.shift = 0;
    for (v.mantissa = 2048; v.mantissa < 4096; v.mantissa += 97)
        for (uint32_t error = 1; error <= most; error++)
            for (size_t i = 0; i < 3; i++)
                if (error * v.mantissa % 4096 == rest[i]) {
                    v.raw = (int32_t)error;
                    put_error(&v, out);
                    v.raw = -v.raw;
                    put_error(&v, out);
                }
}

/* {keep, derive, sum, activation, raw in, shift, mantissa, raw out, scaled, rated} */
static int write_error_lane(const struct vector_args *args, FILE *out) {
    unsigned act_bits = vector_parameter(args, "ACT_BITS", 16);
    unsigned err_bits = vector_parameter(args, "ERR_BITS", 12);
    struct vector_random random = {args->seed};

    put_derivative_corners(random_error(&random, act_bits, err_bits), out);
    put_scaling_corners(random_error(&random, act_bits, err_bits), out);
    put_rated_corners(random_error(&random, act_bits, err_bits), out);
    for (uint32_t i = 0; i < args->count; i++) {
        struct error_vector v = random_error(&random, act_bits, err_bits);

        put_error(&v, out);
    }
    return 0;
}

/* ---- shared_exponent ------------------------------------------------------------------------- */

struct exponent_pass {
    unsigned lanes, err_bits;
    size_t count; /* raw errors so far */
    int32_t raw[MAX_PASS_WORDS * MAX_LANES];
};

/* word: lane 0 first; the file has the last lane first, as a vector of the RTL. Clear wins. */
static void put_exponent(struct exponent_pass *pass, int clear, int valid, const int32_t *word,
                         FILE *out) {
    struct vector_line line;
    int any, shift;

    if (clear)
        pass->count = 0;
    for (unsigned lane = 0; valid && !clear && lane < pass->lanes; lane++)
        pass->raw[pass->count++] = word[lane];
    shift = oracle_error_shift(pass->raw, pass->count, pass->err_bits, &any);
    vector_line_clear(&line);
    vector_line_put(&line, clear, 1);
    vector_line_put(&line, valid, 1);
    for (unsigned lane = pass->lanes; lane > 0; lane--)
        vector_line_put(&line, word[lane - 1], 32);
    vector_line_put(&line, shift, 6);
    vector_line_write(&line, out);
}

/* A pass with one error that is not 0. */
static void put_lone_error(struct exponent_pass *pass, unsigned lane, int64_t error, FILE *out) {
    int32_t word[MAX_LANES] = {0};

    put_exponent(pass, 1, 0, word, out);
    put_exponent(pass, 0, 1, word, out);
    word[lane] = clip(error);
    put_exponent(pass, 0, 0, word, out);
    put_exponent(pass, 0, 1, word, out);
}

/* {clear, valid, raw of each lane, shift}: the shift as it is after the line. */
static int write_shared_exponent(const struct vector_args *args, FILE *out) {
    struct exponent_pass pass = {.lanes = vector_parameter(args, "LANES", 16),
                                 .err_bits = vector_parameter(args, "ERR_BITS", 12)};
    struct vector_random random = {args->seed};
    int32_t word[MAX_LANES];

    assert(pass.lanes <= MAX_LANES);
    for (unsigned bit = 0; bit < 31; bit++) {
        put_lone_error(&pass, bit % pass.lanes, INT64_C(1) << bit, out);
        put_lone_error(&pass, (bit + 1) % pass.lanes, -(INT64_C(1) << bit), out);
        put_lone_error(&pass, bit % pass.lanes, (INT64_C(2) << bit) - 1, out);
        put_lone_error(&pass, bit % pass.lanes, 1 - (INT64_C(2) << bit), out);
    }
    for (uint32_t i = 0; i < args->count; i++) {
        unsigned bits = (unsigned)vector_random_range(&random, 1, 32);

        for (unsigned lane = 0; lane < pass.lanes; lane++)
            word[lane] = (int32_t)vector_random_signed(&random, bits);
        put_exponent(&pass, i % MAX_PASS_WORDS == 0, (int)vector_random_range(&random, 0, 1), word,
                     out);
    }
    return 0;
}

/* ---- image_loader ---------------------------------------------------------------------------- */

struct image_file {
    uint32_t lanes, lane_bits, word_bits, tile_bits, act_bits, dac_bits;
    struct vector_random random;
    FILE *out;
};

struct image {
    uint32_t pixels, tile_words, col_tiles;
};

/* The row tiles' numbers, steps of col_tiles, stay within tile_bits. */
static struct image random_image(struct image_file *file, uint32_t pixels) {
    uint32_t last = pixels / file->lanes;
    uint32_t most = (1U << file->tile_bits) - 1;
    struct image image = {pixels, 0, 1};

    image.tile_words = (uint32_t)vector_random_range(&file->random, 0, last);
    if (image.tile_words != 0 && last / image.tile_words > most)
        image.tile_words = 0;
    if (image.tile_words != 0)
        most /= last / image.tile_words;
    image.col_tiles = (uint32_t)vector_random_range(&file->random, 1, most);
    return image;
}

/* A third of the words is blank, a third is dark: it may round to codes of 0. */
static void random_pixels(struct image_file *file, const struct image *image, uint32_t word,
                          uint32_t *pixel) {
    static const int64_t brightest[] = {0, 2, 255};
    int64_t most = brightest[vector_random_range(&file->random, 0, 2)];

    for (uint32_t lane = 0; lane < file->lanes; lane++) {
        int beyond = word * file->lanes + lane >= image->pixels;

        pixel[lane] = (uint32_t)vector_random_range(&file->random, 0, beyond ? 255 : most);
    }
}

static uint32_t image_code(const struct image_file *file, const struct image *image, uint32_t index,
                           uint32_t pixel) {
    if (index > image->pixels)
        return 0;
    if (index == image->pixels)
        return (1U << file->dac_bits) - 1;
    return oracle_dac_code(pixel << (file->act_bits - 8), file->act_bits, file->dac_bits);
}

static void put_image_word(struct image_file *file, const struct image *image, uint32_t word) {
    uint32_t pixel[MAX_LANES];
    struct vector_line line;

    random_pixels(file, image, word, pixel);
    vector_line_clear(&line);
    vector_line_put(&line, image->pixels, file->word_bits + file->lane_bits);
    vector_line_put(&line, image->tile_words, file->word_bits);
    vector_line_put(&line, image->col_tiles, file->tile_bits);
    vector_line_put(&line, word * file->lanes < image->pixels, 1);
    vector_line_put(&line, word == image->pixels / file->lanes, 1);
    vector_line_put(&line, vector_random_range(&file->random, 0, 255), 8);
    for (uint32_t lane = file->lanes; lane > 0; lane--)
        vector_line_put(&line, pixel[lane - 1], 8);
    vector_line_put(&line, image->tile_words ? word / image->tile_words * image->col_tiles : 0,
                    file->tile_bits);
    for (uint32_t lane = file->lanes; lane > 0; lane--)
        vector_line_put(&line,
                        image_code(file, image, word * file->lanes + lane - 1, pixel[lane - 1]),
                        file->dac_bits);
    vector_line_write(&line, file->out);
}

/* Returns the number of words. */
static uint32_t put_image(struct image_file *file, uint32_t pixels) {
    struct image image = random_image(file, pixels);
    uint32_t words = pixels / file->lanes + 1;

    for (uint32_t word = 0; word < words; word++)
        put_image_word(file, &image, word);
    return words;
}

/*
 * A line a word of codes: {pixels, tile_words, col_tiles, word takes a beat of pixels, last word,
 * label, pixels, row tile, codes}. Images of every size about a whole word, the largest, then
 * random.
 */
static int write_image_loader(const struct vector_args *args, FILE *out) {
    struct image_file file = {.lanes = vector_parameter(args, "LANES", 16),
                              .lane_bits = vector_parameter(args, "LANE_BITS", 4),
                              .word_bits = vector_parameter(args, "WORD_BITS", 8),
                              .tile_bits = vector_parameter(args, "TILE_BITS", 6),
                              .act_bits = vector_parameter(args, "ACT_BITS", 16),
                              .dac_bits = vector_parameter(args, "DAC_BITS", 8),
                              .random = {args->seed},
                              .out = out};
    uint32_t largest = (1U << (file.word_bits + file.lane_bits)) - 1;
    uint32_t usual = largest < 12 * file.lanes ? largest : 12 * file.lanes;
    uint32_t words = 0;

    assert(file.lanes <= MAX_LANES);
    for (uint32_t pixels = 1; pixels <= 2 * file.lanes + 1; pixels++)
        put_image(&file, pixels);
    put_image(&file, largest);
    while (words < args->count)
        words += put_image(&file, (uint32_t)vector_random_range(&file.random, 1, usual));
    return 0;
}

const struct vector_kind vector_kinds_leaf[] = {
    {"dac_code", write_dac_code},         {"sigmoid_lane", write_sigmoid_lane},
    {"error_lane", write_error_lane},     {"shared_exponent", write_shared_exponent},
    {"image_loader", write_image_loader}, {NULL, NULL},
};
