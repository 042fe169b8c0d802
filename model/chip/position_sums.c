/*
 * Updates of layers that an image reads at several positions, where chi.accumulate is image: the
 * products of all positions are summed in accumulators of 32 bits, saturated, and then each sum is
 * one change of chi, aligned, rounded and compared with epsilon once. There is one memory of
 * accumulators, of the chip's largest such layer; it is zero between updates. In floating point its
 * words are doubles.
 *
 * A word of lanes is read, added to and written in a cycle, for each row with an input and each
 * word with an error of each position, as the engine without accumulators goes through them. Then
 * the rows that had an input are read again, word by word at the pace of chi, and cleared; words of
 * zeros are skipped.
 */
#include <string.h>

#include "base/clones.h"
#include "chip/chip_state.h"

struct mca_position_sums {
    int32_t *sum;       /* [rows][outputs] of the layer at work, fixed; NULL otherwise */
    double *real;       /* the same, float */
    uint8_t *has_input; /* [rows] at any position */
};

enum mca_status mca__sums_init(struct mca_chip *chip, struct mca_error *error) {
    const uint64_t sums = mca_chip_sums(&chip->config, &chip->network);
    uint32_t rows = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        layer->sums_positions = mca_sums_positions(&chip->config, &chip->network.layers[i]);
        rows = layer->sums_positions && layer->inputs > rows ? layer->inputs : rows;
    }
    if (sums == 0) {
        return MCA_OK;
    }
    struct mca_position_sums *s = mca_arena_alloc(&chip->arena, 1, sizeof *s);
    if (!s) {
        return mca_fail_memory(error, "accumulators");
    }
    chip->sums = s;
    const int is_fixed = mca_engine_is_fixed(chip);
    s->has_input = mca_arena_alloc(&chip->arena, rows, sizeof *s->has_input);
    s->sum = is_fixed ? mca_arena_alloc(&chip->arena, sums, sizeof *s->sum) : NULL;
    s->real = is_fixed ? NULL : mca_arena_alloc(&chip->arena, sums, sizeof *s->real);
    return s->has_input && (s->sum || s->real) ? MCA_OK : mca_fail_memory(error, "accumulators");
}

/* sum += code x error, which fits. */
MCA_CLONES
static void add_fitting(int32_t *restrict sum, const int32_t *restrict error, int32_t code,
                        uint32_t count) {
    for (uint32_t c = 0; c < count; ++c) {
        sum[c] += code * error[c];
    }
}

/* The same, saturated; returns how many sums were. */
static uint64_t add_saturated(int32_t *restrict sum, const int32_t *restrict error, int32_t code,
                              uint32_t count) {
    uint64_t saturated = 0;
    for (uint32_t c = 0; c < count; ++c) {
        const int64_t whole = sum[c] + (int64_t)code * error[c];
        sum[c] = (int32_t)mca_saturate(whole, MCA_DPU_SUM_BITS);
        saturated += sum[c] != whole;
    }
    return saturated;
}

static int64_t largest(const int32_t *values, uint32_t count) {
    int64_t most = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const int64_t magnitude = values[i] < 0 ? -(int64_t)values[i] : values[i];
        most = magnitude > most ? magnitude : most;
    }
    return most;
}

/* A position's products to the sums. *bound: no sum so far is larger in magnitude. */
static void add_fixed(struct mca_chip *chip, const struct mca_layer *layer, uint32_t position,
                      const struct mca_layer_signals *s, int64_t *bound,
                      struct mca_update_result *result) {
    const uint32_t outputs = layer->outputs;
    const uint32_t lanes = chip->config.dpu.lanes;
    const int32_t *error = s->rated + (size_t)position * outputs;
    uint64_t words = 0;
    uint64_t nonzero = 0;
    for (uint32_t first = 0; first < outputs; first += lanes) {
        uint64_t any = 0;
        for (uint32_t c = first; c < outputs && c < first + lanes; ++c) {
            any += error[c] != 0;
        }
        words += any != 0;
        nonzero += any;
    }
    *bound += largest(s->input.code, s->input.count) * largest(error, outputs);
    for (uint32_t k = 0; k < s->input.count && nonzero > 0; ++k) {
        int32_t *sum = chip->sums->sum + (size_t)s->input.line[k] * outputs;
        if (*bound < INT32_MAX) {
            add_fitting(sum, error, s->input.code[k], outputs);
        } else {
            result->saturations += add_saturated(sum, error, s->input.code[k], outputs);
        }
    }
    *bound = *bound < INT32_MAX ? *bound : INT32_MAX;
    result->summed_words += words * s->input.count;
    result->summed_products += nonzero * s->input.count;
}

static void add_float(struct mca_chip *chip, const struct mca_layer *layer, uint32_t position,
                      const struct mca_layer_signals *s, struct mca_update_result *result) {
    const uint32_t outputs = layer->outputs;
    const double *error = s->error_real + (size_t)position * outputs;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        double *sum = chip->sums->real + (size_t)s->input.line[k] * outputs;
        for (uint32_t c = 0; c < outputs; ++c) {
            sum[c] += s->input.value[k] * (error[c] * layer->rate_real);
        }
    }
    result->summed_words +=
        (uint64_t)s->input.count * mca_dpu_words(outputs, chip->config.dpu.lanes);
    result->summed_products += (uint64_t)s->input.count * outputs;
}

static void add_positions(struct mca_chip *chip, const struct mca_layer *layer,
                          struct mca_signals *signals, struct mca_update_result *result) {
    const struct mca_layer_signals *s = &signals->layers[layer->index];
    int64_t bound = 0;
    for (uint32_t p = 0; p < layer->positions; ++p) {
        mca_engine_gather(chip, layer->index, p, signals);
        for (uint32_t k = 0; k < s->input.count; ++k) {
            chip->sums->has_input[s->input.line[k]] = 1;
        }
        result->rows += s->input.count;
        if (chip->sums->sum) {
            add_fixed(chip, layer, p, s, &bound, result);
        } else {
            add_float(chip, layer, p, s, result);
        }
    }
}

/* The sums of a row to chi: a product of them and 1. */
static struct mca_update_result drain_row(struct mca_chip *chip, struct mca_layer *layer,
                                          uint32_t row, int32_t shift,
                                          const struct mca_pulse_sink *sink) {
    static const int32_t code = 1;
    static const double value = 1.0;
    const size_t first = (size_t)row * layer->outputs;
    const struct mca_update update = {.count = 1,
                                      .row = &row,
                                      .code = &code,
                                      .value = &value,
                                      .error = chip->sums->sum ? chip->sums->sum + first : NULL,
                                      .error_real =
                                          chip->sums->real ? chip->sums->real + first : NULL,
                                      .shift = shift};
    if (!chip->sums->sum) {
        return mca_chi_update_float(&layer->chi, &update, sink);
    }
    mca__tell_update(chip, layer->index, &update);
    return mca_chi_update(&layer->chi, &update, sink);
}

struct mca_update_result mca__update_sums(struct mca_chip *chip, struct mca_layer *layer,
                                          struct mca_signals *signals,
                                          const struct mca_command_sink *sink) {
    struct mca_position_sums *sums = chip->sums;
    const uint64_t latency = mca_update_latency(&layer->chi.config);
    const size_t count = (size_t)layer->inputs * layer->outputs;
    struct mca_update_result result = {0};
    add_positions(chip, layer, signals, &result);
    struct mca_collector drain = {sink, layer->index, 0,
                                  chip->config.timing.free_dpu ? 0 : result.summed_words};
    const struct mca_pulse_sink pulses = {&drain, mca__collect};
    for (uint32_t row = 0; row < layer->inputs; ++row) {
        if (sums->has_input[row]) {
            const struct mca_update_result of_row =
                drain_row(chip, layer, row, signals->layers[layer->index].update_shift, &pulses);
            mca__add_update_result(&result, &of_row);
            drain.cycle += of_row.cycles - latency; /* the next follows while this one drains */
        }
    }
    result.cycles = drain.cycle + latency;
    memset(sums->has_input, 0, layer->inputs);
    memset(sums->sum ? (void *)sums->sum : sums->real, 0,
           count * (sums->sum ? sizeof *sums->sum : sizeof *sums->real));
    return result;
}
