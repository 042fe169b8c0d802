/* Fixed-point arithmetic, bit by bit as rtl/ does it (docs/reference/digital-unit.md,
 * docs/reference/rtl.md). */
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "base/simd.h"
#include "chip/chip_state.h"

static void init_signals(struct mca_layer_signals *s, uint32_t values, int is_shared,
                         struct mca_arena *arena, int *whole) {
    s->sum = mca_arena_take(arena, values, sizeof *s->sum, whole);
    s->activation = mca_arena_take(arena, values, sizeof *s->activation, whole);
    s->driven = mca_arena_take(arena, values, sizeof *s->driven, whole);
    s->raw_error = mca_arena_take(arena, values, sizeof *s->raw_error, whole);
    s->error = mca_arena_take(arena, values, sizeof *s->error, whole);
    s->rated = mca_arena_take(arena, values, sizeof *s->rated, whole);
    if (is_shared) {
        s->kept_error = mca_arena_take(arena, values, sizeof *s->kept_error, whole);
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* Those of 16 lines whose codes are not 0, from place n on; returns the place after them. The
 * stores reach beyond it (MCA_LINES_PAST). */
MCA_TARGET_AVX512
static inline uint32_t put_driven(const struct mca_lines *lines, uint32_t n, __m512i line,
                                  __m512i code) {
    const __mmask16 driven = _mm512_test_epi32_mask(code, code);
    _mm512_storeu_si512(lines->line + n, _mm512_maskz_compress_epi32(driven, line));
    _mm512_storeu_si512(lines->code + n, _mm512_maskz_compress_epi32(driven, code));
    return n + (uint32_t)__builtin_popcount(driven);
}

/* Codes that are not 0, 16 at a time. */
MCA_TARGET_AVX512
static void add_runs_wide(struct mca_lines *lines, const struct mca_run *runs, uint32_t run_count,
                          const int32_t *codes) {
    const __m512i each = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const struct mca_lines to = *lines; /* in registers: stores cannot change it */
    uint32_t n = to.count;
    for (uint32_t r = 0; r < run_count; ++r) {
        const int32_t *run = codes + runs[r].value;
        const uint32_t count = runs[r].count;
        for (uint32_t i = 0; i < count; i += 16) {
            const __mmask16 some = (__mmask16)(count - i < 16 ? (1u << (count - i)) - 1 : 0xffff);
            const __m512i line =
                _mm512_add_epi32(each, _mm512_set1_epi32((int32_t)(runs[r].line + i)));
            n = put_driven(&to, n, line, _mm512_maskz_loadu_epi32(some, run + i));
        }
    }
    lines->count = n;
}

/* The same of pixels; 16 that are all 0 are passed over. Returns how many pixels are done. */
MCA_TARGET_AVX512
static uint32_t add_pixels_wide(const struct mca_chip *chip, struct mca_lines *lines,
                                const uint8_t *pixels, uint32_t count) {
    const __m512i each = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const uint32_t bits = chip->config.dpu.activation_bits;
    const struct mca_dac_scale scale = mca_dac_scale_of(bits, chip->config.dac.bits);
    const __m128i up = _mm_cvtsi32_si128((int32_t)(bits - 8 + scale.up));
    const __m128i down = _mm_cvtsi32_si128((int32_t)scale.down);
    const __m512i half = _mm512_set1_epi32(scale.half);
    const __m512i most = _mm512_set1_epi32(scale.most);
    uint32_t n = lines->count;
    uint32_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const __m128i group = _mm_loadu_si128((const __m128i *)(const void *)(pixels + i));
        if (_mm_testz_si128(group, group)) {
            continue;
        }
        const __m512i value = _mm512_sll_epi32(_mm512_cvtepu8_epi32(group), up);
        const __m512i code =
            _mm512_min_epi32(_mm512_srl_epi32(_mm512_add_epi32(value, half), down), most);
        n = put_driven(lines, n, _mm512_add_epi32(each, _mm512_set1_epi32((int32_t)i)), code);
    }
    lines->count = n;
    return i;
}
#else
static void add_runs_wide(struct mca_lines *lines, const struct mca_run *runs, uint32_t run_count,
                          const int32_t *codes) {
    (void)lines, (void)runs, (void)run_count, (void)codes;
}

static uint32_t add_pixels_wide(const struct mca_chip *chip, struct mca_lines *lines,
                                const uint8_t *pixels, uint32_t count) {
    (void)chip, (void)lines, (void)pixels, (void)count;
    return 0;
}
#endif

/* A line, unless its code is 0. */
static inline void add_line(struct mca_lines *lines, uint32_t line, int32_t code) {
    lines->line[lines->count] = line; /* without a branch: one in five is not 0 */
    lines->code[lines->count] = code;
    lines->count += code != 0;
}

/* Lines of the codes that are not 0. */
static void add_runs(struct mca_lines *lines, const struct mca_run *runs, uint32_t run_count,
                     const int32_t *codes) {
    if (mca_simd_level() == MCA_SIMD_AVX512) {
        add_runs_wide(lines, runs, run_count, codes);
        return;
    }
    for (uint32_t r = 0; r < run_count; ++r) {
        for (uint32_t i = 0; i < runs[r].count; ++i) {
            add_line(lines, runs[r].line + i, codes[runs[r].value + i]);
        }
    }
}

/* The bias row is driven at the code of 1, or at the highest where that is beyond. Of 8 bits, 1 is
 * less than half a code from a full scale of 2^10 on: the row is not driven then. */
static int32_t code_of_one(const struct mca_chip *chip, int exponent, uint32_t dac_bits) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    const uint32_t one = exponent > 0
                             ? (uint32_t)mca_shift_round((int64_t)1 << bits, (uint32_t)exponent)
                             : (1u << bits) - 1;
    return mca_dac_code(one, bits, dac_bits);
}

static int32_t bias_code(const struct mca_chip *chip, const struct mca_layer *layer) {
    return code_of_one(chip, layer->in_exponent, layer->in_bits);
}

/* Run by run: lines that no run has are not driven. */
static void gather(const struct mca_layer *layer, uint32_t position,
                   const struct mca_layer_signals *taken, struct mca_lines *lines) {
    const struct mca_run *runs;
    const uint32_t count = mca__runs_of(layer, position, &runs);
    const int32_t *codes = layer->is_digital ? taken->activation : taken->driven;
    lines->count = 0;
    add_runs(lines, runs, count, codes);
    add_line(lines, layer->inputs - 1, layer->bias_code);
}

static void add_some_pixels(const struct mca_chip *chip, struct mca_lines *lines, uint32_t first,
                            const uint8_t *pixels, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        add_line(lines, first + i, chip->pixel_code[pixels[i]]);
    }
}

/* Eight pixels that are all 0 are passed over. */
static void add_pixels(const struct mca_chip *chip, struct mca_lines *lines, const uint8_t *pixels,
                       uint32_t count) {
    enum { GROUP = 8 };
    const int is_wide = mca_simd_level() == MCA_SIMD_AVX512;
    uint32_t i = is_wide ? add_pixels_wide(chip, lines, pixels, count) : 0;
    for (; i + GROUP <= count; i += GROUP) {
        uint64_t group;
        memcpy(&group, pixels + i, sizeof group);
        if (group != 0) {
            add_some_pixels(chip, lines, i, pixels + i, GROUP);
        }
    }
    add_some_pixels(chip, lines, i, pixels + i, count - i);
}

static void load(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                 struct mca_lines *lines) {
    add_pixels(chip, lines, pixels, count);
    add_line(lines, count, code_of_one(chip, 0, chip->config.dac.bits));
}

static void load_values(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                        struct mca_layer_signals *image) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    for (uint32_t i = 0; i < count; ++i) {
        image->activation[i] = pixels[i] << (bits - 8);
        image->driven[i] = chip->pixel_code[pixels[i]];
    }
}

/* What one drive gave: added where `sign` is not negative, or taken away. */
MCA_CLONES
static void add_levels(const int32_t *restrict levels, uint32_t count, int32_t *restrict sum) {
    for (uint32_t i = 0; i < count; ++i) {
        sum[i] += levels[i];
    }
}

MCA_CLONES
static void take_levels(const int32_t *restrict levels, uint32_t count, int32_t *restrict sum) {
    for (uint32_t i = 0; i < count; ++i) {
        sum[i] -= levels[i];
    }
}

static void add_signed(const int32_t *levels, uint32_t count, int sign, int32_t *sum) {
    if (sign < 0) {
        take_levels(levels, count, sum);
    } else {
        add_levels(levels, count, sum);
    }
}

static void add_forward(const struct mca_layer *layer, const struct mca_tile_read *of,
                        const struct mca_read_scratch *read, struct mca_layer_signals *s) {
    const struct mca_tile *tile = &layer->matrix.tiles[of->tile];
    add_signed(read->levels, tile->cols, of->sign,
               s->sum + (size_t)of->position * layer->outputs + tile->col0);
}

/* What the activations drive. */
static void drive_activations(const struct mca_chip *chip, const struct mca_layer *layer,
                              struct mca_layer_signals *s) {
    mca_dac_codes(s->activation, layer->values, chip->config.dpu.activation_bits,
                  layer->out_signed ? mca_dac_signed_bits(&chip->config.dac)
                                    : chip->config.dac.bits,
                  s->driven);
}

/* Sums times what makes up for drift, where the chip is aged; returns their fractional bits. */
static int scale_sums(const struct mca_layer *layer, struct mca_layer_signals *s) {
    if (!layer->scale) {
        return layer->forward_frac;
    }
    mca_scale_sums(layer->scale, layer->positions, s->sum);
    return layer->forward_frac + layer->scale->kept_bits;
}

static void activate(const struct mca_chip *chip, const struct mca_layer *layer,
                     struct mca_layer_signals *s) {
    const int frac_bits = scale_sums(layer, s);
    if (mca__is_softmax(chip, layer)) {
        mca_softmax_codes(&chip->softmax, s->sum, frac_bits, layer->values, s->activation);
        return;
    }
    layer->activation->ops->codes(layer->activation, s->sum, frac_bits, layer->out_exponent,
                                  layer->values, s->activation);
    drive_activations(chip, layer, s);
}

static void combine(const struct mca_chip *chip, const struct mca_layer *layer,
                    const struct mca_layer_signals *taken, const struct mca_layer_signals *other,
                    struct mca_layer_signals *s) {
    const int bits = (int)chip->config.dpu.activation_bits;
    if (layer->type == MCA_LAYER_MAX_POOL) {
        mca_max_pool(&layer->pool, taken->activation, s->activation, s->choice);
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        mca_avg_pool(&layer->pool, (uint32_t)bits, taken->activation, s->activation);
    } else {
        const struct mca_code_vector a = {taken->activation, layer->in_exponent};
        const struct mca_code_vector b = {other->activation, layer->other_exponent};
        const int exponent = mca_code_sum(a, b, layer->values, s->sum);
        layer->activation->ops->codes(layer->activation, s->sum, bits - exponent,
                                      layer->out_exponent, layer->values, s->activation);
    }
    drive_activations(chip, layer, s);
}

int32_t mca_engine_update_shift(const struct mca_chip *chip, uint32_t layer,
                                int32_t error_exponent) {
    return (int32_t)chip->layers[layer].in_bits - MCA_RATE_MANTISSA_BITS -
           chip->layers[layer].rate.exponent - error_exponent;
}

/* raw_error to error, its exponent, and the rated error with its shift to chi. */
static void scale(const struct mca_chip *chip, const struct mca_layer *layer,
                  struct mca_layer_signals *s) {
    int32_t shift;
    s->has_error = mca_scale_errors(s->raw_error, layer->values, chip->config.dpu.error_bits,
                                    s->error, &shift);
    s->error_exponent = s->raw_exponent + shift;
    mca_apply_rate(s->error, layer->values, layer->rate.mantissa, s->rated);
    s->update_shift = mca_engine_update_shift(chip, layer->index, s->error_exponent);
}

static void output_error(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_layer_signals *s, uint32_t label) {
    const uint32_t bits = chip->config.dpu.activation_bits;
    const int squared = chip->config.loss == MCA_LOSS_SQUARED;
    for (uint32_t c = 0; c < layer->values; ++c) {
        s->raw_error[c] = (c == label ? (int32_t)(1u << bits) : 0) - s->activation[c];
    }
    if (squared) {
        layer->activation->ops->apply_slopes(layer->activation, s->activation, layer->values,
                                             s->raw_error);
    }
    s->raw_exponent =
        -(int32_t)(bits + (squared ? mca_activation_slope_bits(layer->activation) : 0));
    scale(chip, layer, s);
}

/* Raw errors of `count` values cleared; those that are there are kept. */
static void begin_sums(uint32_t count, int is_first, struct mca_layer_signals *s) {
    if (!is_first) {
        memcpy(s->kept_error, s->raw_error, count * sizeof *s->raw_error);
    }
    memset(s->raw_error, 0, count * sizeof *s->raw_error);
}

static double begin_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                             int is_first, const struct mca_layer_signals *s,
                             struct mca_layer_signals *below) {
    (void)s;
    begin_sums(chip->network.layers[layer->index].inputs, is_first, below);
    return 1.0;
}

/* Columns of one drive: those with errors of this sign, or with any (sign 0: bipolar). */
static void drive(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t position,
                  int sign, struct mca_layer_signals *s) {
    struct mca_lines *lines = &s->drive;
    const uint32_t bits = chip->config.dpu.error_bits - 1;
    const int32_t *error = s->error + (size_t)position * layer->outputs;
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        const int32_t e = error[c];
        if (e == 0 || (sign > 0 && e < 0) || (sign < 0 && e > 0)) {
            continue;
        }
        const int32_t code = mca_dac_code((uint32_t)(e < 0 ? -e : e), bits, chip->drive_bits);
        if (code != 0) {
            lines->line[lines->count] = c;
            lines->code[lines->count++] = sign == 0 && e < 0 ? -code : code;
        }
    }
}

static void add_backward(const struct mca_chip *chip, const struct mca_layer *layer,
                         const struct mca_tile_read *of, const struct mca_read_scratch *read,
                         struct mca_layer_signals *below) {
    struct mca_tile_run runs[MCA_LAYER_KERNEL_MAX];
    const uint32_t count = mca__runs_of_tile(chip, layer, of, runs);
    for (uint32_t i = 0; i < count; ++i) {
        add_signed(read->levels + runs[i].first, runs[i].count, of->sign,
                   below->raw_error + runs[i].value);
    }
}

/* Raw errors of unit 2^exponent are whole; those that were kept are added: both aligned to the
 * coarser unit, rounded half away from zero. */
static void end_sums(uint32_t count, int is_first, int32_t exponent, struct mca_layer_signals *s) {
    const int32_t coarser = is_first || exponent > s->raw_exponent ? exponent : s->raw_exponent;
    const int32_t down = coarser - exponent < 62 ? coarser - exponent : 62;
    const int32_t kept_down = coarser - s->raw_exponent < 62 ? coarser - s->raw_exponent : 62;
    for (uint32_t i = 0; !is_first && i < count; ++i) {
        const int64_t sum = mca_shift_round(s->raw_error[i], (uint32_t)down) +
                            mca_shift_round(s->kept_error[i], (uint32_t)kept_down);
        s->raw_error[i] = (int32_t)mca_saturate(sum, 32);
    }
    s->raw_exponent = coarser;
}

static void end_backward(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                         const struct mca_layer_signals *s, struct mca_layer_signals *below) {
    /* error x weight sum: errors are driven as a fraction of 2^(error_bits - 1) */
    end_sums(chip->network.layers[layer->index].inputs, is_first,
             s->error_exponent + (int32_t)chip->config.dpu.error_bits - 1 - layer->backward_frac,
             below);
}

/* Sums of a digital layer's products can be as wide as a word: times a slope they would be cut. So
 * the largest is brought to as many bits as its product with a slope has room for. */
static void make_room(const struct mca_layer *layer, struct mca_layer_signals *s) {
    const uint32_t slope_bits = mca_activation_slope_bits(layer->activation);
    int32_t shift;
    if (slope_bits > 0 && mca_scale_errors(s->raw_error, layer->values,
                                           MCA_DPU_SUM_BITS - slope_bits, s->error, &shift)) {
        memcpy(s->raw_error, s->error, layer->values * sizeof *s->error);
        s->raw_exponent += shift;
    }
}

static void apply_slopes(const struct mca_layer *layer, struct mca_layer_signals *s) {
    if (layer->is_below_digital) {
        make_room(layer, s);
    }
    layer->activation->ops->apply_slopes(layer->activation, s->activation, layer->values,
                                         s->raw_error);
    s->raw_exponent -= (int32_t)mca_activation_slope_bits(layer->activation);
}

static void spread(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                   struct mca_layer_signals *s, struct mca_layer_signals *below) {
    const uint32_t count = chip->network.layers[layer->index].inputs;
    int32_t exponent = s->raw_exponent;
    begin_sums(count, is_first, below);
    if (layer->type == MCA_LAYER_MAX_POOL) {
        mca_max_pool_back(s->choice, layer->values, s->raw_error, below->raw_error);
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        mca_avg_pool_back(&layer->pool, s->raw_error, below->raw_error);
        exponent -= (int32_t)mca_avg_pool_shift(&layer->pool);
    } else {
        memcpy(below->raw_error, s->raw_error, count * sizeof *s->raw_error);
    }
    end_sums(count, is_first, exponent, below);
}

/* Sums over lines are whole before they are rounded to 32 bits, a piece of the columns at a time.
 */
static void multiply(const struct mca_layer *layer, uint32_t position,
                     struct mca_layer_signals *s) {
    enum { PIECE = 64 };
    int32_t *sums = s->sum + (size_t)position * layer->outputs;
    for (uint32_t first = 0; first < layer->outputs; first += PIECE) {
        const uint32_t left = layer->outputs - first;
        const uint32_t count = left < PIECE ? left : PIECE;
        int64_t whole[PIECE] = {0};
        for (uint32_t k = 0; k < s->input.count; ++k) {
            const int16_t *words = layer->chi.narrow + s->input.line[k] * layer->chi.stride + first;
            const int64_t code = s->input.code[k];
            for (uint32_t c = 0; c < count; ++c) {
                whole[c] += code * words[c];
            }
        }
        for (uint32_t c = 0; c < count; ++c) {
            sums[first + c] += (int32_t)mca_shift_round(whole[c], layer->sum_shift);
        }
    }
}

static void multiply_back(const struct mca_layer *layer, uint32_t position,
                          const struct mca_layer_signals *s, struct mca_layer_signals *below) {
    const struct mca_run *runs;
    const uint32_t count = mca__runs_of(layer, position, &runs);
    const int32_t *error = s->error + (size_t)position * layer->outputs;
    for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t k = 0; k < runs[i].count; ++k) {
            const int16_t *words = layer->chi.narrow + (runs[i].line + k) * layer->chi.stride;
            int64_t whole = 0;
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                whole += (int64_t)error[c] * words[c];
            }
            below->raw_error[runs[i].value + k] +=
                (int32_t)mca_shift_round(whole, layer->error_shift);
        }
    }
}

static struct mca_update update_at(const struct mca_chip *chip, const struct mca_layer *layer,
                                   uint32_t position, const struct mca_layer_signals *s) {
    return (struct mca_update){.error = s->rated + (size_t)position * layer->outputs,
                               .shift = s->update_shift,
                               .code_bound = mca_dac_code_max(layer->in_bits),
                               /* the rate's mantissa is below 1 */
                               .error_bound = (1 << (chip->config.dpu.error_bits - 1)) - 1};
}

static struct mca_update_result update(struct mca_chip *chip, struct mca_layer *layer,
                                       uint32_t position, struct mca_layer_signals *s,
                                       const struct mca_pulse_sink *sink) {
    struct mca_update now = update_at(chip, layer, position, s);
    now.count = s->input.count;
    now.row = s->input.line;
    now.code = s->input.code;
    mca__tell_update(chip, layer->index, &now);
    return mca_chi_update(&layer->chi, &now, sink);
}

const struct mca_arithmetic_ops mca__fixed_arithmetic = {.draws_random = 1,
                                                         .takes_rows = 0,
                                                         .drives_codes = 1,
                                                         .bias_code = bias_code,
                                                         .update_at = update_at,
                                                         .init_signals = init_signals,
                                                         .load = load,
                                                         .load_values = load_values,
                                                         .gather = gather,
                                                         .add_forward = add_forward,
                                                         .activate = activate,
                                                         .output_error = output_error,
                                                         .begin_backward = begin_backward,
                                                         .drive = drive,
                                                         .add_backward = add_backward,
                                                         .end_backward = end_backward,
                                                         .scale = scale,
                                                         .combine = combine,
                                                         .apply_slopes = apply_slopes,
                                                         .spread = spread,
                                                         .multiply = multiply,
                                                         .multiply_back = multiply_back,
                                                         .update = update};
