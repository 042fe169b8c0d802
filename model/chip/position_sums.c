/*
 * Updates of layers that an image reads at several positions, where chi.accumulate is image: the
 * products of all positions are summed in accumulators of 32 bits, saturated, and then each sum is
 * one change of chi, aligned, rounded and compared with epsilon once. There is one memory of
 * accumulators, of the chip's largest such layer; it is zero between updates. In floating point its
 * words are doubles. They lie as chi of the layer does: by rows, or, with rows and columns, inputs
 * and errors exchanged in what follows, by columns.
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
    int32_t *sum;       /* [rows][cols] of chi of the layer at work, fixed; NULL otherwise */
    double *real;       /* the same, float */
    uint8_t *has_input; /* [rows] at any position */
    /* a row of sums as an update of the matrix: NULL where no chi lies by columns */
    uint32_t *line; /* [cols] inputs whose sum is not 0, ... */
    int32_t *code;  /* ... and the sums */
    double *value;  /* the same, float */
    int32_t *unit;  /* [rows] 0 but for the output at work */
    double *unit_real;
};

/* Room for rows of sums of at most `inputs` inputs and `outputs` outputs. */
static int take_lines(struct mca_position_sums *s, struct mca_arena *arena, uint32_t inputs,
                      uint32_t outputs) {
    int whole = 1;
    s->line = mca_arena_take(arena, inputs, sizeof *s->line, &whole);
    if (s->sum) {
        s->code = mca_arena_take(arena, inputs, sizeof *s->code, &whole);
        s->unit = mca_arena_take(arena, outputs, sizeof *s->unit, &whole);
    } else {
        s->value = mca_arena_take(arena, inputs, sizeof *s->value, &whole);
        s->unit_real = mca_arena_take(arena, outputs, sizeof *s->unit_real, &whole);
    }
    return whole;
}

enum mca_status mca__sums_init(struct mca_chip *chip, struct mca_error *error) {
    const uint64_t sums = mca_chip_sums(&chip->config, &chip->network);
    uint32_t rows = 0;
    uint32_t inputs = 0; /* of layers whose chi lies by columns */
    uint32_t outputs = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        layer->sums_positions = mca_sums_positions(&chip->config, &chip->network.layers[i]);
        if (layer->sums_positions) {
            const int is_by_columns = mca_chi_lies_by_columns(&layer->chi);
            rows = layer->chi.rows > rows ? layer->chi.rows : rows;
            inputs = is_by_columns && layer->inputs > inputs ? layer->inputs : inputs;
            outputs = is_by_columns && layer->outputs > outputs ? layer->outputs : outputs;
        }
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
    const int is_whole = s->has_input && (s->sum || s->real) &&
                         (inputs == 0 || take_lines(s, &chip->arena, inputs, outputs));
    return is_whole ? MCA_OK : mca_fail_memory(error, "accumulators");
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

/* The products of a position, in rows and columns of chi, to the sums. *bound: no sum so far is
 * larger in magnitude. */
static void add_fixed(struct mca_chip *chip, const struct mca_chi *chi,
                      const struct mca_update *update, int64_t *bound,
                      struct mca_update_result *result) {
    const uint32_t cols = chi->cols;
    uint64_t words = 0;
    uint64_t nonzero = 0;
    for (uint32_t first = 0; first < cols; first += chi->lanes) {
        uint64_t any = 0;
        for (uint32_t c = first; c < cols && c < first + chi->lanes; ++c) {
            any += update->error[c] != 0;
        }
        words += any != 0;
        nonzero += any;
    }
    *bound += largest(update->code, update->count) * largest(update->error, cols);
    for (uint32_t k = 0; k < update->count && nonzero > 0; ++k) {
        int32_t *sum = chip->sums->sum + (size_t)update->row[k] * cols;
        if (*bound < INT32_MAX) {
            add_fitting(sum, update->error, update->code[k], cols);
        } else {
            result->saturations += add_saturated(sum, update->error, update->code[k], cols);
        }
    }
    *bound = *bound < INT32_MAX ? *bound : INT32_MAX;
    result->summed_words += words * update->count;
    result->summed_products += nonzero * update->count;
}

static void add_float(struct mca_chip *chip, const struct mca_chi *chi,
                      const struct mca_update *update, struct mca_update_result *result) {
    for (uint32_t k = 0; k < update->count; ++k) {
        double *sum = chip->sums->real + (size_t)update->row[k] * chi->cols;
        for (uint32_t c = 0; c < chi->cols; ++c) {
            sum[c] += update->value[k] * update->error_real[c];
        }
    }
    result->summed_words += (uint64_t)update->count * mca_chi_row_words(chi);
}

/* The outer product of a position, in rows and columns of the matrix. */
static struct mca_update update_at(const struct mca_chip *chip, const struct mca_layer *layer,
                                   uint32_t position, struct mca_layer_signals *s) {
    const size_t first = (size_t)position * layer->outputs;
    struct mca_update update = {.count = s->input.count, .row = s->input.line};
    if (chip->sums->sum) {
        update.code = s->input.code;
        update.error = s->rated + first;
    } else {
        update.value = s->input.value;
        update.error_real = s->rated_real + first;
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            s->rated_real[first + c] = s->error_real[first + c] * layer->rate_real;
        }
    }
    return update;
}

static void add_positions(struct mca_chip *chip, const struct mca_layer *layer,
                          struct mca_signals *signals, struct mca_update_result *result) {
    struct mca_layer_signals *s = &signals->layers[layer->index];
    int64_t bound = 0;
    for (uint32_t p = 0; p < layer->positions; ++p) {
        mca_engine_gather(chip, layer->index, p, signals);
        const struct mca_update of_matrix = update_at(chip, layer, p, s);
        const struct mca_update update = mca_chi_turn(&layer->chi, &of_matrix);
        for (uint32_t k = 0; k < update.count; ++k) {
            chip->sums->has_input[update.row[k]] = 1;
        }
        result->rows += s->input.count;
        if (chip->sums->sum) {
            add_fixed(chip, &layer->chi, &update, &bound, result);
        } else {
            add_float(chip, &layer->chi, &update, result);
            result->summed_products +=
                mca_chi_products_float(&layer->chi, s->input.count, update.count);
        }
        if (mca__has_updaters(layer)) {
            mca__updaters_take_position(chip, layer, p, s);
            mca__updaters_sum(chip, layer);
        }
    }
    result->summed_cycles = chip->config.timing.free_dpu ? 0 : result->summed_words;
}

/* The sums of a row of chi, which are those of an input, as a product of them and 1. */
static struct mca_update sums_of_input(const struct mca_position_sums *sums,
                                       const struct mca_layer *layer, const uint32_t *row) {
    static const int32_t code = 1;
    static const double value = 1.0;
    const size_t first = (size_t)*row * layer->outputs;
    return (struct mca_update){.count = 1,
                               .row = row,
                               .code = &code,
                               .value = &value,
                               .error = sums->sum ? sums->sum + first : NULL,
                               .error_real = sums->real ? sums->real + first : NULL};
}

/* The same where they are those of output `col`: a product of 1 and them. */
static struct mca_update sums_of_output(const struct mca_position_sums *sums,
                                        const struct mca_layer *layer, uint32_t col) {
    const size_t first = (size_t)col * layer->inputs;
    uint32_t count = 0;
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        sums->line[count] = r;
        if (sums->sum) {
            sums->code[count] = sums->sum[first + r];
            count += sums->code[count] != 0;
        } else {
            sums->value[count] = sums->real[first + r];
            count += sums->value[count] != 0.0;
        }
    }
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        if (sums->sum) {
            sums->unit[c] = c == col;
        } else {
            sums->unit_real[c] = c == col;
        }
    }
    return (struct mca_update){.count = count,
                               .row = sums->line,
                               .code = sums->code,
                               .value = sums->value,
                               .error = sums->unit,
                               .error_real = sums->unit_real};
}

/* The sums of a row of chi go there. */
static struct mca_update_result drain_row(struct mca_chip *chip, struct mca_layer *layer,
                                          uint32_t row, int32_t shift,
                                          const struct mca_pulse_sink *sink) {
    if (mca__has_updaters(layer)) {
        const int32_t *sum = chip->sums->sum;
        mca__updaters_take_sums(chip, layer, row, sum ? sum + (size_t)row * layer->chi.cols : NULL);
    }
    struct mca_update update = mca_chi_lies_by_columns(&layer->chi)
                                   ? sums_of_output(chip->sums, layer, row)
                                   : sums_of_input(chip->sums, layer, &row);
    update.shift = shift;
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
    const size_t count = (size_t)layer->inputs * layer->outputs;
    struct mca_update_result result = {0};
    add_positions(chip, layer, signals, &result);
    struct mca_collector drain = {chip, sink, layer->index, 0, result.summed_cycles};
    const struct mca_pulse_sink pulses = {&drain, mca__collect};
    for (uint32_t row = 0; row < layer->chi.rows; ++row) {
        if (sums->has_input[row]) {
            const struct mca_update_result of_row =
                drain_row(chip, layer, row, signals->layers[layer->index].update_shift, &pulses);
            mca__collect_result(&drain, &of_row, &result);
        }
    }
    mca__end_collecting(&drain, &result);
    memset(sums->has_input, 0, layer->chi.rows);
    memset(sums->sum ? (void *)sums->sum : sums->real, 0,
           count * (sums->sum ? sizeof *sums->sum : sizeof *sums->real));
    return result;
}
