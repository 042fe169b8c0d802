#include "dpu/chi.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "base/rng.h"
#include "dpu/fixed_dpu.h"
#include "dpu/lfsr.h"
#include "dpu/update_kernels.h"

enum { GENERATOR_BITS = 32 }; /* of a lane's random word */

/* Largest shift whose update is served: beyond it a product is far below a rounding step. Without
 * chi the shift goes on to whole pulses, for which the generator has bits of its own. */
static int32_t shift_max(const struct mca_chi *chi) {
    return mca_chi_is_kept(chi) ? MCA_SHIFT_MAX : MCA_SHIFT_MAX + GENERATOR_BITS;
}

/* Returns whether there was memory for it. */
static int init_kept(struct mca_chi *chi, struct mca_arena *arena, int is_float) {
    const size_t cells = chi->rows * chi->stride;
    if (is_float) {
        chi->real = mca_arena_alloc(arena, cells, sizeof *chi->real);
    } else if (chi->config.bits <= 16) {
        chi->narrow = mca_arena_alloc(arena, cells, sizeof *chi->narrow);
    } else {
        chi->wide = mca_arena_alloc(arena, cells, sizeof *chi->wide);
    }
    return chi->real || chi->narrow || chi->wide;
}

/* Words through which rows only pass, a whole pulse each; whether there was memory for them. */
static int init_passing(struct mca_chi *chi, struct mca_arena *arena) {
    int whole = 1;
    chi->passing =
        mca_arena_take(arena, MCA_UPDATE_GROUP * chi->stride, sizeof *chi->passing, &whole);
    chi->slots = mca_arena_take(arena, chi->rows, sizeof *chi->slots, &whole);
    for (uint32_t r = 0; whole && r < chi->rows; ++r) {
        chi->slots[r] = r % MCA_UPDATE_GROUP;
    }
    chi->pulse_shift = chi->config.frac_bits;
    chi->rounding = MCA_ROUND_STOCHASTIC;
    chi->config =
        (struct mca_chi_config){.ports = 2, .banks = 1, .engine_free = chi->config.engine_free};
    return whole;
}

/* Whether updates of this memory can ever be joined. */
static int can_join(const struct mca_chi *chi) {
    return chi->narrow && !mca_chi_lies_by_columns(chi) &&
           mca_update_joins(chi->lanes, 0, chi->rounding == MCA_ROUND_STOCHASTIC,
                            (uint32_t)chi->stride / chi->lanes);
}

enum mca_status mca_chi_init(struct mca_chi *chi, struct mca_arena *arena,
                             const struct mca_chi_config *config, const struct mca_dpu_config *dpu,
                             const struct mca_transfer_config *transfer, uint32_t inputs,
                             uint32_t outputs, uint64_t seed, uint32_t layer,
                             struct mca_error *error) {
    const int has_words = transfer->mode != MCA_TRANSFER_DIRECT;
    const unsigned layout = mca_chi_layout_of(has_words ? config->layout : MCA_LAYOUT_ROWS,
                                              dpu->lanes, inputs, outputs);
    const int is_by_columns = layout == MCA_LAYOUT_COLUMNS;
    const uint32_t cols = is_by_columns ? inputs : outputs;
    const size_t chunks = mca_dpu_words(cols, dpu->lanes);
    *chi = (struct mca_chi){.config = *config,
                            .rows = is_by_columns ? outputs : inputs,
                            .cols = cols,
                            .lanes = dpu->lanes,
                            .rounding = dpu->rounding,
                            .max_pulses = transfer->max_pulses,
                            .stride = chunks * dpu->lanes};
    const int is_float = dpu->arithmetic == MCA_ARITHMETIC_FLOAT;
    chi->config.layout = layout;
    const int is_whole = (has_words ? init_kept(chi, arena, is_float) : init_passing(chi, arena)) &&
                         (!is_by_columns || mca_chi_init_turned(chi, arena));
    chi->state = mca_arena_alloc(arena, dpu->lanes, sizeof *chi->state);
    chi->before =
        mca_arena_alloc(arena, (size_t)MCA_UPDATE_GROUP * dpu->lanes, sizeof *chi->before);
    const uint32_t jumps = mca_update_jumps(
        dpu->lanes, is_float || chi->wide, chi->rounding == MCA_ROUND_STOCHASTIC, (uint32_t)chunks);
    chi->jumps = jumps ? mca_arena_alloc(arena, jumps, sizeof *chi->jumps) : NULL;
    chi->sums = mca_arena_alloc(arena, chi->stride, sizeof *chi->sums);
    const size_t joined = can_join(chi) ? MCA_CHI_JOINED_MAX : 1;
    chi->error16 = mca_arena_alloc(arena, joined * chi->stride, sizeof *chi->error16);
    chi->error = mca_arena_alloc(arena, chi->stride, sizeof *chi->error);
    chi->chunks = mca_arena_alloc(arena, chunks, sizeof *chi->chunks);
    if (!is_whole || !chi->state || !chi->before || !chi->sums || !chi->error || !chi->error16 ||
        !chi->chunks || (jumps && !chi->jumps)) {
        return mca_fail_memory(error, "chi");
    }
    mca_lfsr_jumps(chi->jumps, jumps);
    for (uint32_t lane = 0; lane < dpu->lanes; ++lane) {
        uint32_t words[4];
        mca_rng_words(mca_rng_stream(seed, MCA_RNG_LFSR), lane, layer, 0, words);
        chi->state[lane] = words[0] ? words[0] : 1; /* zero is the generator's fixed point */
    }
    return MCA_OK;
}

uint64_t mca_chi_interval(const struct mca_chi_config *config) {
    const uint64_t cycles = (uint64_t)config->access_cycles * (config->ports == 1 ? 2 : 1);
    const uint64_t engine = config->engine_free ? 0 : 1;
    return cycles > 0 ? (cycles + config->banks - 1) / config->banks : engine;
}

uint64_t mca_update_latency(const struct mca_chi_config *config) {
    return (config->engine_free ? 0 : 6) + (uint64_t)config->access_cycles;
}

/* 1 where an element is not 0. By arithmetic: of a sum of comparisons gcc 12 makes a negative one
 * on aarch64. */
static inline uint32_t one_if_any(int32_t element) {
    return ((uint32_t)element | (0u - (uint32_t)element)) >> 31;
}

/* Words of `lanes` that are not all 0, and how many elements are not. */
MCA_CLONES
static uint32_t find_words(const int32_t *restrict v, uint32_t words, uint32_t lanes,
                           uint32_t *restrict found, uint32_t *restrict nonzero) {
    uint32_t count = 0;
    uint32_t all = 0;
    for (uint32_t word = 0; word < words; ++word) {
        uint32_t any = 0;
        if (lanes == 16) { /* one vector */
            for (uint32_t i = 0; i < 16; ++i) {
                any += one_if_any(v[word * 16 + i]);
            }
        } else {
            for (uint32_t i = 0; i < lanes; ++i) {
                any += one_if_any(v[word * lanes + i]);
            }
        }
        found[count] = word;
        count += any != 0;
        all += any;
    }
    *nonzero = all;
    return count;
}

/* Errors into lane order, and the list of words that have any. */
static uint32_t find_chunks(struct mca_chi *chi, const int32_t *error, uint32_t *nonzero) {
    memcpy(chi->error, error, chi->cols * sizeof *error);
    const uint32_t words = (uint32_t)chi->stride / chi->lanes;
    return find_words(chi->error, words, chi->lanes, chi->chunks, nonzero);
}

/* Threshold, pulses, residual and saturation of one word's sum; returns the pulses. */
static int32_t settle(const struct mca_chi *chi, int64_t sum, int64_t *residual,
                      struct mca_update_result *result) {
    const int64_t epsilon = (int64_t)1 << chi->config.frac_bits;
    int64_t pulses = sum / epsilon; /* toward zero */
    const int64_t bound = chi->max_pulses;
    pulses = pulses > bound ? bound : pulses < -bound ? -bound : pulses;
    const int64_t rest = sum - pulses * epsilon;
    if (!mca_chi_is_kept(chi)) {
        result->pulses_lost += (uint64_t)(rest < 0 ? -rest : rest);
        *residual = 0;
        return (int32_t)pulses;
    }
    *residual = mca_saturate(rest, chi->config.bits);
    result->saturations += *residual != rest;
    result->saturated += rest - *residual;
    return (int32_t)pulses;
}

static void keep(struct mca_chi *chi, size_t cell, int64_t residual) {
    if (mca_chi_is_kept(chi)) {
        mca_chi_put(chi, cell, (int32_t)residual);
    }
}

uint64_t mca_update_command_cycles(const struct mca_chi_config *config) {
    return config->engine_free ? 0 : 1;
}

/* A command, of a row and column of the memory. */
static void emit(const struct mca_chi *chi, struct mca_update_result *result,
                 const struct mca_pulse_sink *sink, uint32_t row, uint32_t col, int32_t pulses,
                 uint64_t *cycle) {
    const int is_by_columns = mca_chi_lies_by_columns(chi);
    sink->push(sink->user, is_by_columns ? col : row, is_by_columns ? row : col, pulses, *cycle);
    *cycle += mca_update_command_cycles(&chi->config);
    ++result->commands;
    result->pulses += (uint64_t)(pulses < 0 ? -pulses : pulses);
}

/* The first of `count` sums from `from` on that reached epsilon; `count` where none did. */
MCA_CLONES
static uint32_t next_over(const int32_t *restrict sums, uint32_t from, uint32_t count,
                          int32_t epsilon) {
    enum { BLOCK = 16 };
    uint32_t i = from;
    for (; i + BLOCK <= count; i += BLOCK) {
        int any = 0;
        for (uint32_t j = i; j < i + BLOCK; ++j) {
            any |= sums[j] >= epsilon || sums[j] <= -epsilon;
        }
        if (any) {
            break;
        }
    }
    while (i < count && sums[i] < epsilon && sums[i] > -epsilon) {
        ++i;
    }
    return i;
}

/* product / 2^shift, rounded; `random` is the lane's word. */
static int64_t align(const struct mca_chi *chi, int64_t product, int32_t shift, uint32_t random) {
    if (shift < 0) {
        const uint32_t left = -shift < MCA_SHIFT_MAX ? (uint32_t)-shift : MCA_SHIFT_MAX;
        return product * ((int64_t)1 << left);
    }
    if (chi->rounding != MCA_ROUND_STOCHASTIC) {
        return mca_shift_round(product, (uint32_t)shift);
    }
    if (shift > GENERATOR_BITS) {
        product = mca_shift_round(product, (uint32_t)(shift - GENERATOR_BITS));
        shift = GENERATOR_BITS;
    }
    return (product + (int64_t)(random & (((uint64_t)1 << shift) - 1))) >> shift;
}

/* Any shift and any chi width, word by word in 64 bits. Returns the cycles the commands took. */
static uint64_t update_chunk_wide(struct mca_chi *chi, const struct mca_update *update, uint32_t k,
                                  uint32_t chunk, const struct mca_pulse_sink *sink, uint64_t cycle,
                                  struct mca_update_result *result) {
    const uint64_t start = cycle;
    const uint32_t first = chunk * chi->lanes;
    const size_t cell = (size_t)update->row[k] * chi->stride + first;
    for (uint32_t l = 0; l < chi->lanes; ++l) {
        chi->state[l] = mca_lfsr_next(chi->state[l]);
        const int64_t product = (int64_t)update->code[k] * chi->error[first + l];
        const int64_t delta = mca_saturate(align(chi, product, update->shift, chi->state[l]), 32);
        const int32_t held = mca_chi_is_kept(chi) ? mca_chi_word(chi, cell + l) : 0;
        result->lost += delta == 0 && product != 0 && chi->rounding != MCA_ROUND_STOCHASTIC;
        int64_t residual;
        const int32_t pulses = settle(chi, held + delta, &residual, result);
        keep(chi, cell + l, residual);
        if (pulses != 0) {
            emit(chi, result, sink, update->row[k], first + l, pulses, &cycle);
        }
    }
    return cycle - start;
}

/* How large an update's factors are. */
struct extent {
    int32_t code;
    int32_t error; /* magnitude */
};

MCA_CLONES
static int32_t largest(const int32_t *restrict v, uint32_t count) {
    int32_t most = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const int32_t magnitude = v[i] < 0 ? -v[i] : v[i];
        most = magnitude > most ? magnitude : most;
    }
    return most;
}

/* Whether all sums of the update fit 32 bits: |chi| < 2^(bits - 1), and each product, shifted. */
static int fits_32(const struct mca_chi *chi, const struct mca_update *update,
                   struct extent extent) {
    const uint32_t left = update->shift < 0 ? (uint32_t)-update->shift : 0;
    const int64_t limit = (int64_t)1 << 30;
    return chi->config.bits <= MCA_SHIFT_MAX && update->shift <= MCA_SHIFT_MAX && left < 31 &&
           (int64_t)extent.code * extent.error < limit >> left;
}

/* Bits of a magnitude. */
static uint32_t bits_of(int32_t magnitude) {
    return magnitude ? 32 - (uint32_t)__builtin_clz((uint32_t)magnitude) : 0;
}

/*
 * Lets the sums be made in words of 16 bits, which is fast, where that misses none that reaches
 * epsilon:
 *   - words of chi have 16 bits, and epsilon is at most 2^14;
 *   - a change is at most 2^14 in magnitude, so that a sum that overflows 16 bits is, with its sign
 *     wrong, still 2^14 or more in magnitude, and is found;
 *   - a code and an error, shifted left by 16 - shift in all, have 15 bits each. Their product's
 *     upper half is then the change, and bounded as above.
 * Returns whether it holds, and how far errors are shifted.
 */
static int can_halve(const struct mca_chi *chi, const struct mca_update *update,
                     struct extent extent, uint32_t *error_left) {
    const uint32_t code_bits = bits_of(extent.code);
    const uint32_t error_bits = bits_of(extent.error);
    const int32_t shift = update->shift;
    if (!chi->narrow || chi->config.frac_bits > 14 || shift < 1 || shift > 16 || code_bits > 15 ||
        error_bits > 15) {
        return 0;
    }
    const uint32_t left = 16 - (uint32_t)shift;
    const uint32_t code_left = left < 15 - code_bits ? left : 15 - code_bits;
    *error_left = left - code_left;
    return *error_left <= 15 - error_bits;
}

MCA_CLONES
static void shift_left(const int32_t *restrict error, size_t count, uint32_t left,
                       int16_t *restrict shifted) {
    for (size_t c = 0; c < count; ++c) {
        shifted[c] = (int16_t)(error[c] * ((int32_t)1 << left));
    }
}

/* Sets the shifted errors where words of 16 bits are enough. */
static void halve(struct mca_chi *chi, const struct mca_update *update, struct extent extent,
                  struct mca_update_rows *rows) {
    uint32_t error_left;
    if (!can_halve(chi, update, extent, &error_left)) {
        return;
    }
    const size_t count = update->joined > 0 ? update->joined * chi->stride : chi->stride;
    shift_left(rows->error, count, error_left, chi->error16);
    rows->error16 = chi->error16;
    rows->code_left = 16 - (uint32_t)update->shift - error_left;
}

/* A row as commands tell it. */
static uint32_t told_row(const struct mca_chi *chi, const struct mca_update *update, uint32_t k) {
    return update->row[k] + (update->joined > 0 ? chi->rows * update->of[k] : 0);
}

/* A row (told_row) whose sums, in chi->sums, reached epsilon. Returns the cycle after it. */
static uint64_t settle_row(struct mca_chi *chi, uint32_t row, uint32_t chunks,
                           const struct mca_pulse_sink *sink, uint64_t cycle,
                           struct mca_update_result *result) {
    const uint64_t interval = mca_chi_interval(&chi->config);
    const int32_t epsilon = (int32_t)1 << chi->config.frac_bits;
    const uint32_t count = chunks * chi->lanes;
    uint32_t chunk = 0; /* that the cycle is at */
    uint32_t i = next_over(chi->sums, 0, count, epsilon);
    while (i < count) {
        const uint32_t end = (i / chi->lanes + 1) * chi->lanes;
        cycle += (i / chi->lanes - chunk) * interval;
        chunk = i / chi->lanes;
        const uint64_t start = cycle;
        for (; i < end; i = next_over(chi->sums, i + 1, count, epsilon)) {
            const uint32_t col = chi->chunks[chunk] * chi->lanes + i % chi->lanes;
            int64_t residual;
            const int32_t pulses = settle(chi, chi->sums[i], &residual, result);
            keep(chi, (size_t)(row % chi->rows) * chi->stride + col, residual);
            if (pulses != 0) {
                emit(chi, result, sink, row, col, pulses, &cycle);
            }
        }
        cycle = mca_max_u64(cycle, start + interval);
        ++chunk;
    }
    return cycle + (chunks - chunk) * interval;
}

/* What the kernels take of chi and of an update. */
static struct mca_update_rows rows_of(struct mca_chi *chi, const struct mca_update *update,
                                      uint32_t chunks) {
    int16_t *passing = chi->passing;
    return (struct mca_update_rows){
        .lanes = chi->lanes,
        .stochastic = chi->rounding == MCA_ROUND_STOCHASTIC,
        .shift = update->shift > 0 ? (uint32_t)update->shift : 0,
        .left = update->shift < 0 ? (uint32_t)-update->shift : 0,
        .epsilon = (int32_t)1 << chi->config.frac_bits,
        .chunks = chi->chunks,
        .chunk_count = chunks,
        .error = update->joined > 0 ? update->error : chi->error,
        .of = update->of,
        .state = chi->state,
        .before = chi->before,
        .jumps = chi->jumps,
        .count = update->count,
        .row = passing ? chi->slots : update->row,
        .code = update->code,
        .words = passing       ? passing
                 : chi->narrow ? (void *)chi->narrow
                               : chi->wide,
        .stride = chi->stride,
        .wide = chi->wide != NULL,
    };
}

/* Many rows at a time, those apart whose sums reach epsilon. Returns the cycles. */
static uint64_t update_rows(struct mca_chi *chi, const struct mca_update *update,
                            struct extent extent, uint32_t chunks,
                            const struct mca_pulse_sink *sink, struct mca_update_result *result) {
    int16_t *passing = chi->passing; /* zero again for the rows after */
    struct mca_update_rows rows = rows_of(chi, update, chunks);
    halve(chi, update, extent, &rows);
    const uint64_t row_cycles = chunks * mca_chi_interval(&chi->config);
    uint64_t cycle = 0;
    uint32_t k = 0;
    while (k < update->count) {
        const struct mca_update_served served = mca_update_serve(&rows, k, &result->lost);
        for (uint32_t place = 0; served.over >> place != 0; ++place) {
            if (served.over >> place & 1) {
                const uint32_t crossed = served.first + place;
                cycle += (crossed - k) * row_cycles;
                struct mca_update_rows own = rows;
                own.error += mca_update_errors_at(&rows, crossed);
                mca_update_sums(&own, crossed, place, chi->sums);
                if (passing) {
                    memset(passing + rows.row[crossed] * chi->stride, 0,
                           chi->stride * sizeof *passing);
                }
                cycle =
                    settle_row(chi, told_row(chi, update, crossed), chunks, sink, cycle, result);
                k = crossed + 1;
            }
        }
        cycle += (served.end - k) * row_cycles;
        k = served.end;
    }
    return cycle;
}

/* The same word by word. */
static uint64_t update_wide(struct mca_chi *chi, const struct mca_update *update, uint32_t chunks,
                            const struct mca_pulse_sink *sink, struct mca_update_result *result) {
    const uint64_t interval = mca_chi_interval(&chi->config);
    uint64_t cycle = 0;
    for (uint32_t k = 0; k < update->count; ++k) {
        for (uint32_t i = 0; i < chunks; ++i) {
            const uint64_t spent =
                update_chunk_wide(chi, update, k, chi->chunks[i], sink, cycle, result);
            cycle += mca_max_u64(spent, interval);
        }
    }
    return cycle;
}

/* The bounds that are known where the fastest kernel takes them, or what is there. */
static struct extent extent_of(const struct mca_chi *chi, const struct mca_update *update) {
    const struct extent bound = {update->code_bound, update->error_bound};
    uint32_t unused;
    if (bound.error > 0 && fits_32(chi, update, bound) && can_halve(chi, update, bound, &unused)) {
        return bound;
    }
    return (struct extent){largest(update->code, update->count), largest(chi->error, chi->cols)};
}

int mca_chi_joins(const struct mca_chi *chi, const struct mca_update *update) {
    const struct extent bound = {update->code_bound, update->error_bound};
    return can_join(chi) && fits_32(chi, update, bound);
}

static struct mca_update_result update_joined(struct mca_chi *chi, const struct mca_update *update,
                                              const struct mca_pulse_sink *sink) {
    const struct extent bound = {update->code_bound, update->error_bound};
    struct mca_update_result result = {.words = update->count, .products = update->products};
    chi->chunks[0] = 0;
    result.cycles = mca_update_latency(&chi->config);
    result.cycles += update_rows(chi, update, bound, 1, sink, &result);
    return result;
}

struct mca_update_result mca_chi_update(struct mca_chi *chi, const struct mca_update *update,
                                        const struct mca_pulse_sink *sink) {
    if (update->joined > 0) {
        return update_joined(chi, update, sink);
    }
    struct mca_update_result result = {0};
    struct mca_update shifted;
    struct mca_update turned;
    uint32_t nonzero;
    if (mca_chi_lies_by_columns(chi)) {
        turned = mca_chi_turn(chi, update);
        update = &turned;
    }
    const uint32_t chunks = find_chunks(chi, update->error, &nonzero);
    if (chi->pulse_shift > 0) { /* in the units of the words */
        shifted = *update;
        shifted.shift += (int32_t)chi->pulse_shift;
        update = &shifted;
    }
    result.products = (uint64_t)nonzero * update->count;
    result.cycles = mca_update_latency(&chi->config);
    if (chunks == 0) {
        return result;
    }
    if (update->shift > shift_max(chi)) {
        result.lost = result.products;
        return result;
    }
    result.words = (uint64_t)chunks * update->count;
    const struct extent extent = extent_of(chi, update);
    result.cycles += fits_32(chi, update, extent)
                         ? update_rows(chi, update, extent, chunks, sink, &result)
                         : update_wide(chi, update, chunks, sink, &result);
    return result;
}

uint64_t mca_update_products(const struct mca_update *update, uint32_t cols) {
    uint64_t nonzero = 0;
    for (uint32_t c = 0; c < cols; ++c) {
        nonzero += update->error[c] != 0;
    }
    return nonzero * update->count;
}

uint64_t mca_update_lost(const struct mca_update *update, uint32_t cols) {
    uint64_t lost = 0;
    if (update->shift > MCA_SHIFT_MAX) {
        return mca_update_products(update, cols);
    }
    for (uint32_t k = 0; k < update->count && update->shift > 0; ++k) {
        for (uint32_t c = 0; c < cols; ++c) {
            const int64_t product = (int64_t)update->code[k] * update->error[c];
            lost += product != 0 && mca_shift_round(product, (uint32_t)update->shift) == 0;
        }
    }
    return lost;
}

/* The pulses of a product in epsilons; what is beyond max_pulses is lost. */
static int32_t pulses_at_once(const struct mca_chi *chi, double epsilons, uint32_t random,
                              struct mca_update_result *result) {
    const double most = mca_exp2i(31) - 1.0; /* as in fixed point */
    const double drawn = floor(epsilons + (double)random * mca_exp2i(-GENERATOR_BITS));
    return (int32_t)settle(chi, (int64_t)mca_clamp(drawn, -most, most), &(int64_t){0}, result);
}

/* A row's products to pulses, word by word; returns the cycle after its last command. */
static uint64_t send_row(struct mca_chi *chi, const struct mca_update *update, uint32_t k,
                         const struct mca_pulse_sink *sink, uint64_t cycle,
                         struct mca_update_result *result) {
    for (uint32_t c = 0; c < chi->stride; ++c) {
        uint32_t *state = &chi->state[c % chi->lanes];
        *state = mca_lfsr_next(*state);
        const double product = c < chi->cols ? update->value[k] * update->error_real[c] : 0.0;
        const int32_t pulses = pulses_at_once(chi, product, *state, result);
        if (pulses != 0) {
            emit(chi, result, sink, update->row[k], c, pulses, &cycle);
        }
    }
    return cycle;
}

/* A row's products to chi; likewise. */
static uint64_t add_row(struct mca_chi *chi, const struct mca_update *update, uint32_t k,
                        const struct mca_pulse_sink *sink, uint64_t cycle,
                        struct mca_update_result *result) {
    const double bound = (double)chi->max_pulses;
    double *words = chi->real + (size_t)update->row[k] * chi->stride;
    for (uint32_t c = 0; c < chi->cols; ++c) {
        const double sum = words[c] + update->value[k] * update->error_real[c];
        words[c] = sum;
        if (sum < 1.0 && sum > -1.0) {
            continue;
        }
        const double clipped = mca_clamp(sum, -bound, bound);
        const int32_t pulses = (int32_t)clipped;
        words[c] = sum - (double)pulses;
        if (pulses != 0) { /* max_pulses can be 0 */
            emit(chi, result, sink, update->row[k], c, pulses, &cycle);
        }
    }
    return cycle;
}

struct mca_update_result mca_chi_update_float(struct mca_chi *chi, const struct mca_update *update,
                                              const struct mca_pulse_sink *sink) {
    struct mca_update_result result = {0};
    const struct mca_update turned = mca_chi_turn(chi, update);
    const uint64_t chunks = mca_chi_row_words(chi);
    const uint64_t row_cycles = chunks * mca_chi_interval(&chi->config);
    uint64_t cycle = 0;
    result.products = mca_chi_products_float(chi, update->count, turned.count);
    update = &turned;
    for (uint32_t k = 0; k < update->count; ++k) {
        const uint64_t end = cycle + row_cycles;
        cycle = mca_chi_is_kept(chi) ? add_row(chi, update, k, sink, cycle, &result)
                                     : send_row(chi, update, k, sink, cycle, &result);
        cycle = mca_max_u64(cycle, end);
    }
    result.words = chunks * update->count;
    result.cycles = cycle + mca_update_latency(&chi->config);
    return result;
}

void mca_chi_add(struct mca_chi *chi, uint32_t row, uint32_t col, double epsilons) {
    const size_t word = mca_chi_cell(chi, row, col);
    if (chi->real) {
        chi->real[word] += epsilons;
        return;
    }
    const double delta = mca_round(epsilons * mca_exp2i((int)chi->config.frac_bits));
    mca_chi_put(chi, word,
                (int32_t)mca_saturate(mca_chi_word(chi, word) + (int64_t)delta, chi->config.bits));
}
