#include "vectors.h"

#include "oracle.h"

struct chi_file {
    unsigned layers, layer_bits, err_bits, dac_bits, chi_bits, frac_bits;
    uint32_t state[16]; /* generator of each layer */
    FILE *out;
};

struct chi_vector {
    int stochastic, shift;
    unsigned layer;
    uint32_t max_pulses, code;
    int32_t error, chi;
};

static void put_chi_fields(const struct chi_file *file, int seeding, const struct chi_vector *v,
                           struct oracle_settled settled) {
    struct vector_line line;

    vector_line_clear(&line);
    vector_line_put(&line, seeding, 1);
    vector_line_put(&line, file->state[v->layer], 32);
    vector_line_put(&line, v->layer, file->layer_bits);
    vector_line_put(&line, v->stochastic, 1);
    vector_line_put(&line, v->shift, 6);
    vector_line_put(&line, v->max_pulses, 8);
    vector_line_put(&line, v->code, file->dac_bits);
    vector_line_put(&line, v->error, file->err_bits);
    vector_line_put(&line, v->chi, file->chi_bits);
    vector_line_put(&line, settled.residual, file->chi_bits);
    vector_line_put(&line, settled.pulses, 9);
    vector_line_put(&line, settled.saturated, 1);
    vector_line_write(&line, file->out);
}

static void put_chi_seed(struct chi_file *file, unsigned layer, uint32_t seed) {
    struct chi_vector v = {.layer = layer};

    file->state[layer] = seed;
    put_chi_fields(file, 1, &v, (struct oracle_settled){0, 0, 0});
}

static void put_chi(struct chi_file *file, const struct chi_vector *v) {
    int32_t delta;

    file->state[v->layer] = oracle_random(file->state[v->layer]);
    delta = oracle_delta(v->code, v->error, v->shift, v->stochastic, file->state[v->layer]);
    put_chi_fields(
        file, 0, v,
        oracle_settle((int64_t)v->chi + delta, file->chi_bits, file->frac_bits, v->max_pulses));
}

/* The vector with its error and its chi of both signs. */
static void put_chi_signs(struct chi_file *file, struct chi_vector v) {
    for (int i = 0; i < 4; i++) {
        put_chi(file, &v);
        v.error = -v.error;
        if (i == 1)
            v.chi = -v.chi;
    }
}

/* Code x error = 2^exponent. */
static void set_product(const struct chi_file *file, struct chi_vector *v, unsigned exponent) {
    unsigned in_code = exponent < file->dac_bits - 1 ? exponent : file->dac_bits - 1;

    v->code = 1U << in_code;
    v->error = 1 << (exponent - in_code);
}

/* Every shift with the extremes of product and word, with ties, and with changes of +-2^31. */
static void put_chi_shifts(struct chi_file *file) {
    int32_t most_error = (int32_t)oracle_saturate(INT32_MAX, file->err_bits);
    int32_t most_chi = (int32_t)oracle_saturate(INT32_MAX, file->chi_bits);
    int largest_product = (int)(file->dac_bits + file->err_bits) - 3; /* exponent */
    struct chi_vector v = {.max_pulses = 255};

    for (v.shift = -30; v.shift <= 30; v.shift++)
        for (v.stochastic = 0; v.stochastic <= 1; v.stochastic++) {
            int exponent = v.shift > 0 ? v.shift - 1 : 31 + v.shift;

            for (int i = 0; i < 8; i++) {
                v.code = i & 1 ? (1U << file->dac_bits) - 1 : 1;
                v.error = i & 2 ? most_error : 1;
                v.chi = i & 4 ? most_chi : 0;
                put_chi_signs(file, v);
            }
            if (exponent <= largest_product) {
                set_product(file, &v, (unsigned)exponent);
                v.chi = 0;
                put_chi_signs(file, v);
                v.error += 2 * v.error <= most_error ? 2 * v.error : 0; /* one and a half */
                put_chi_signs(file, v);
            }
        }
}

/* Sums about thresholds that a word of chi can reach by itself, and about 255 pulses. */
static void put_chi_thresholds(struct chi_file *file) {
    static const uint32_t max_pulses[] = {0, 1, 2, 254, 255};
    int64_t most = oracle_saturate(INT32_MAX, file->chi_bits);
    int64_t thresholds = (most + 1) >> file->frac_bits;
    struct chi_vector v = {.layer = 0};

    for (size_t i = 0; i < sizeof max_pulses / sizeof max_pulses[0]; i++) {
        v.max_pulses = max_pulses[i];
        v.shift = 0;
        v.code = 1;
        for (int64_t n = 0; n <= thresholds; n += 1 + thresholds / 64)
            for (v.error = 0; v.error <= 2; v.error++) {
                int64_t at = n << file->frac_bits;

                v.chi = (int32_t)(at > most ? most : at);
                put_chi_signs(file, v);
            }
        v.shift = -(int)file->frac_bits;
        for (v.chi = 0; v.chi <= 1; v.chi++) {
            v.code = 51; /* 51 x 5 = 255 pulses, 32 x 8 = 256 */
            v.error = 5;
            put_chi_signs(file, v);
            v.code = 32;
            v.error = 8;
            put_chi_signs(file, v);
        }
    }
}

static void put_chi_random(struct chi_file *file, struct vector_random *random, uint32_t count) {
    struct chi_vector v = {.layer = 0};
    uint32_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (left-- == 0) { /* another update */
            v.layer = (unsigned)vector_random_range(random, 0, file->layers - 1);
            v.stochastic = (int)vector_random_range(random, 0, 1);
            v.shift = (int)vector_random_range(random, -30, 30);
            v.max_pulses = (uint32_t)vector_random_range(random, 0, 255);
            left = (uint32_t)vector_random_range(random, 0, 20);
            if (left % 8 == 0)
                put_chi_seed(file, v.layer, (uint32_t)vector_random_u64(random));
        }
        v.code = (uint32_t)vector_random_range(random, 0, (1 << file->dac_bits) - 1);
        v.error = (int32_t)vector_random_signed(random, file->err_bits);
        v.chi = (int32_t)vector_random_signed(random, file->chi_bits);
        put_chi(file, &v);
    }
}

/*
 * {seeding, seed, layer, stochastic, shift, max_pulses, code, error, chi, residual, pulses,
 * saturated}: a seed for the layer's generator, or a word.
 */
static int write_chi_lane(const struct vector_args *args, FILE *out) {
    struct chi_file file = {.layers = vector_parameter(args, "LAYERS", 4),
                            .layer_bits = vector_parameter(args, "LAYER_BITS", 2),
                            .err_bits = vector_parameter(args, "ERR_BITS", 12),
                            .dac_bits = vector_parameter(args, "DAC_BITS", 8),
                            .chi_bits = vector_parameter(args, "CHI_BITS", 16),
                            .frac_bits = vector_parameter(args, "FRAC_BITS", 13),
                            .out = out};
    struct vector_random random = {args->seed};

    for (unsigned layer = 0; layer < file.layers; layer++)
        put_chi_seed(&file, layer, (uint32_t)vector_random_u64(&random));
    put_chi_shifts(&file);
    put_chi_thresholds(&file);
    put_chi_random(&file, &random, args->count);
    return 0;
}

const struct vector_kind vector_kinds_chi[] = {{"chi_lane", write_chi_lane}, {NULL, NULL}};
