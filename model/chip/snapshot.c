#include "chip/snapshot.h"

#include <math.h>
#include <stdlib.h>

#include "array/drifting.h"
#include "chip/chip_state.h"

static int show(const struct mca_chip_visitor *visitor, void *data, size_t size) {
    return size == 0 || visitor->part(visitor->user, data, size);
}

#define SHOW(visitor, lvalue) show(visitor, &(lvalue), sizeof(lvalue))

/* One item, or what a null pointer does not point to. */
static int show_cells(const struct mca_chip_visitor *visitor, void *data, size_t cells,
                      size_t size) {
    return !data || show(visitor, data, cells * size);
}

static int show_drifting(const struct mca_chip_visitor *visitor, struct mca_drifting *x,
                         size_t cells) {
    int go_on = SHOW(visitor, x->now_ps);
    for (int side = 0; side < 2; ++side) {
        go_on = go_on &&
                show_cells(visitor, x->programmed[side], cells, sizeof *x->programmed[side]) &&
                show_cells(visitor, x->at_ps[side], cells, sizeof *x->at_ps[side]);
    }
    return go_on;
}

static int show_matrix(const struct mca_chip_visitor *visitor, struct mca_matrix *x) {
    const size_t cells = x->rows * x->stride;
    int go_on = show_cells(visitor, x->continuous_us, cells, sizeof *x->continuous_us);
    for (int side = 0; side < 2; ++side) {
        go_on = go_on && show_cells(visitor, x->g[side], cells, sizeof *x->g[side]) &&
                show_cells(visitor, x->pulses_since_reset[side], cells,
                           sizeof *x->pulses_since_reset[side]) &&
                show_cells(visitor, x->writes[side], cells, sizeof *x->writes[side]);
    }
    return go_on && (!x->drifting || show_drifting(visitor, x->drifting, cells));
}

static int show_chi(const struct mca_chip_visitor *visitor, struct mca_chi *chi) {
    const size_t cells = chi->rows * chi->stride;
    return show_cells(visitor, chi->narrow, cells, sizeof *chi->narrow) &&
           show_cells(visitor, chi->wide, cells, sizeof *chi->wide) &&
           show_cells(visitor, chi->real, cells, sizeof *chi->real) &&
           show_cells(visitor, chi->state, chi->lanes, sizeof *chi->state);
}

static int show_queues(const struct mca_chip_visitor *visitor, struct mca_layer *layer,
                       const struct mca_transfer_config *transfer) {
    const size_t tiles = mca_placement_tiles(&layer->matrix.place);
    int go_on = 1;
    for (size_t t = 0; t < tiles && go_on; ++t) {
        struct mca_program_queue *q = &layer->queues[t];
        go_on = show_cells(visitor, q->driver_free, transfer->drivers, sizeof *q->driver_free) &&
                show_cells(visitor, q->left, transfer->fifo_depth, sizeof *q->left) &&
                SHOW(visitor, q->next_slot) && SHOW(visitor, q->next_cycle);
    }
    return go_on;
}

static int show_layer(const struct mca_chip_visitor *visitor, struct mca_layer *layer,
                      const struct mca_transfer_config *transfer) {
    return show_matrix(visitor, &layer->matrix) && show_chi(visitor, &layer->chi) &&
           show_cells(visitor, layer->scan_map.rows,
                      mca_scan_map_words(&layer->scan_map, &layer->matrix.place),
                      sizeof *layer->scan_map.rows) &&
           SHOW(visitor, layer->dac_free) && SHOW(visitor, layer->tile_free) &&
           SHOW(visitor, layer->adc_free) && SHOW(visitor, layer->settled) &&
           show_queues(visitor, layer, transfer);
}

static int show_units(const struct mca_chip_visitor *visitor, struct mca_chip *chip) {
    int go_on = 1;
    for (uint32_t u = 0; u < chip->unit_count && go_on; ++u) {
        go_on = SHOW(visitor, chip->units[u].free_cycle) && SHOW(visitor, chip->units[u].free);
    }
    return go_on;
}

/* What the update of a held image takes: its input lines and errors. */
static int show_held_signals(const struct mca_chip_visitor *visitor, struct mca_chip *chip) {
    struct mca_layer_signals *s = &chip->signals.layers[0];
    const size_t inputs = chip->layers[0].inputs;
    const size_t values = chip->layers[0].values;
    return SHOW(visitor, s->input.count) &&
           show_cells(visitor, s->input.line, inputs, sizeof *s->input.line) &&
           show_cells(visitor, s->input.code, inputs, sizeof *s->input.code) &&
           show_cells(visitor, s->input.value, inputs, sizeof *s->input.value) &&
           show_cells(visitor, s->rated, values, sizeof *s->rated) &&
           SHOW(visitor, s->update_shift) &&
           show_cells(visitor, s->error_real, values, sizeof *s->error_real);
}

static int show_held(const struct mca_chip_visitor *visitor, struct mca_held_image *held) {
    return SHOW(visitor, held->is_held) && SHOW(visitor, held->plan) && SHOW(visitor, held->taken);
}

/* A timeline of what-if: nothing else of a copy is its own. */
static int show_copy(const struct mca_chip_visitor *visitor, struct mca_chip *copy) {
    int go_on = SHOW(visitor, copy->timeline.frontier) && SHOW(visitor, copy->image_free) &&
                SHOW(visitor, copy->image_cycle) && SHOW(visitor, copy->image_in) &&
                SHOW(visitor, copy->image_read) && SHOW(visitor, copy->image_released) &&
                show_units(visitor, copy) && SHOW(visitor, copy->test_time_ps) &&
                (!copy->reads_ahead || show_held(visitor, &copy->held));
    for (uint32_t i = 0; i < copy->layer_count && go_on; ++i) {
        struct mca_layer *layer = &copy->layers[i];
        go_on = SHOW(visitor, layer->dac_free) && SHOW(visitor, layer->tile_free) &&
                SHOW(visitor, layer->adc_free) && SHOW(visitor, layer->settled) &&
                show_queues(visitor, layer, &copy->config.transfer);
    }
    return go_on;
}

static int show_chip(const struct mca_chip_visitor *visitor, struct mca_chip *chip) {
    int go_on = SHOW(visitor, chip->batch_fill) && SHOW(visitor, chip->since_refresh) &&
                SHOW(visitor, chip->pulses_since_refresh) &&
                show_cells(visitor, chip->ledger.parts, chip->ledger.layer_count + (size_t)1,
                           sizeof *chip->ledger.parts) &&
                SHOW(visitor, chip->timeline.frontier) && SHOW(visitor, chip->image_free) &&
                SHOW(visitor, chip->image_cycle) && SHOW(visitor, chip->image_in) &&
                SHOW(visitor, chip->image_read) && SHOW(visitor, chip->image_released) &&
                show_units(visitor, chip) && SHOW(visitor, chip->init_time_ps) &&
                SHOW(visitor, chip->test_time_ps) && SHOW(visitor, chip->test_latency_ps) &&
                SHOW(visitor, chip->stats) &&
                (!chip->reads_ahead || show_held(visitor, &chip->held)) &&
                (!chip->held.is_held || show_held_signals(visitor, chip));
    for (uint32_t i = 0; i < chip->layer_count && go_on; ++i) {
        go_on = show_layer(visitor, &chip->layers[i], &chip->config.transfer);
    }
    for (int r = 0; chip->what_if && r < MCA_RESOURCE_COUNT && go_on; ++r) {
        go_on = show_copy(visitor, mca__what_if_chip(chip, r));
    }
    return go_on;
}

int mca_chip_save_parts(const struct mca_chip *chip, const struct mca_chip_visitor *visitor) {
    const union {
        const struct mca_chip *given;
        struct mca_chip *seen; /* through which nothing is written: the visitor reads */
    } view = {chip};
    struct mca_chip *seen = view.seen;
    return SHOW(visitor, seen->command_count) &&
           show(visitor, seen->commands, seen->command_count * sizeof *seen->commands) &&
           show_chip(visitor, seen);
}

/* Commands that wait: none but within a mini-batch. */
static enum mca_status load_commands(struct mca_chip *chip, const struct mca_chip_visitor *visitor,
                                     struct mca_error *error) {
    size_t count;
    size_t products = 0; /* of an image: each can make a command */
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_layer *layer = &chip->layers[i];
        products += (size_t)layer->inputs * layer->outputs * layer->positions;
    }
    if (!SHOW(visitor, count) || count > products * chip->batch) {
        return mca_fail(error, MCA_INVALID, "waiting commands cannot be so many");
    }
    if (count > chip->command_capacity) {
        struct mca_pulse_command *grown = realloc(chip->commands, count * sizeof *grown);
        if (!grown) {
            return mca_fail_memory(error, "pulse commands");
        }
        chip->commands = grown;
        chip->command_capacity = count;
    }
    chip->command_count = count;
    if (!show(visitor, chip->commands, count * sizeof *chip->commands)) {
        return mca_fail(error, MCA_INVALID, "too short");
    }
    for (size_t i = 0; i < count; ++i) {
        const struct mca_pulse_command *c = &chip->commands[i];
        if (c->layer >= chip->layer_count || c->row >= chip->layers[c->layer].inputs ||
            c->col >= chip->layers[c->layer].outputs) {
            return mca_fail(error, MCA_INVALID, "a command for a device that is not there");
        }
    }
    return MCA_OK;
}

/* Words within chi's bits, and none beyond the end of a row: an update would send pulses there. */
static enum mca_status check_chi(const struct mca_chi *chi, struct mca_error *error) {
    if (!mca_chi_is_kept(chi) || chi->rows == 0) { /* direct transfer, or no matrix */
        return MCA_OK;
    }
    const int64_t limit = (int64_t)1 << (chi->config.bits - 1);
    for (uint32_t r = 0; r < chi->rows; ++r) {
        for (size_t c = 0; c < chi->stride; ++c) {
            const size_t cell = r * chi->stride + c;
            const double value = chi->real ? chi->real[cell] : (double)mca_chi_word(chi, cell);
            const int is_outside = chi->real ? !isfinite(value) : fabs(value) >= (double)limit;
            if (is_outside || (c >= chi->cols && value != 0.0)) {
                return mca_fail(error, MCA_INVALID, "a word of chi that cannot be");
            }
        }
    }
    return MCA_OK;
}

/* Lists of devices are made of their times. */
static enum mca_status check_drifting(const struct mca_matrix *matrix, struct mca_error *error) {
    struct mca_drifting *x = matrix->drifting;
    x->is_listed = 0;
    if (x->now_ps < 0 || x->now_ps >= 2 * MCA_DRIFT_TIME_MAX) {
        return mca_fail(error, MCA_INVALID, "a time of drift that cannot be");
    }
    for (size_t cell = 0; cell < matrix->rows * matrix->stride; ++cell) {
        for (int side = 0; side < 2; ++side) {
            const int64_t at_ps = x->at_ps[side][cell];
            const int is_time = at_ps >= -MCA_DRIFT_TIME_MAX && at_ps <= x->now_ps;
            if (!(is_time || at_ps == MCA_DRIFT_SINCE_LOOK) ||
                x->programmed[side][cell] > MCA_CONDUCTANCE_CODE_MAX) {
                return mca_fail(error, MCA_INVALID, "a programmed device that cannot be");
            }
        }
    }
    return MCA_OK;
}

static enum mca_status check_queues(const struct mca_layer *layer, uint32_t depth,
                                    struct mca_error *error) {
    const size_t tiles = mca_placement_tiles(&layer->matrix.place);
    for (size_t t = 0; t < tiles; ++t) {
        if (layer->queues[t].next_slot >= depth) {
            return mca_fail(error, MCA_INVALID, "a queue's place beyond its end");
        }
    }
    return MCA_OK;
}

/* Lines and errors of a held image within what the update is built for. */
static enum mca_status check_held(const struct mca_chip *chip, struct mca_error *error) {
    enum { SHIFT_BOUND = 1 << 12 };
    const struct mca_layer *layer = &chip->layers[0];
    const struct mca_layer_signals *s = &chip->signals.layers[0];
    const int32_t code_max = mca_dac_code_max(layer->in_bits);
    const int32_t error_max = (1 << (chip->config.dpu.error_bits - 1)) - 1;
    if (chip->held.is_held == 0) { /* the next image sets them */
        return MCA_OK;
    }
    int is_right = chip->held.is_held == 1 && s->input.count <= layer->inputs &&
                   s->update_shift > -SHIFT_BOUND && s->update_shift < SHIFT_BOUND;
    for (uint32_t k = 0; is_right && k < s->input.count; ++k) {
        is_right = s->input.line[k] < layer->inputs &&
                   (k == 0 || s->input.line[k] > s->input.line[k - 1]) &&
                   (!s->rated || (s->input.code[k] > 0 && s->input.code[k] <= code_max)) &&
                   (!s->input.value || isfinite(s->input.value[k]));
    }
    for (uint32_t c = 0; is_right && c < layer->values; ++c) {
        is_right = (!s->rated || (s->rated[c] >= -error_max && s->rated[c] <= error_max)) &&
                   (!s->error_real || isfinite(s->error_real[c]));
    }
    return is_right ? MCA_OK : mca_fail(error, MCA_INVALID, "a held image that cannot be");
}

/* Makes what reads use of the conductances. */
static enum mca_status derive(struct mca_layer *layer, uint32_t depth, struct mca_error *error) {
    struct mca_matrix *x = &layer->matrix;
    MCA_TRY(check_chi(&layer->chi, error));
    for (size_t cell = 0; x->continuous_us && cell < x->rows * x->stride; ++cell) {
        if (!isfinite(x->continuous_us[cell])) {
            return mca_fail(error, MCA_INVALID, "a conductance that is no number");
        }
    }
    MCA_TRY(check_queues(layer, depth, error));
    for (uint32_t r = 0; !x->continuous_us && r < x->rows; ++r) {
        for (uint32_t c = 0; c < x->cols; ++c) {
            const size_t cell = (size_t)r * x->stride + c;
            for (int side = 0; side < 2; ++side) {
                if (x->g[side][cell] > MCA_CONDUCTANCE_CODE_MAX) {
                    return mca_fail(error, MCA_INVALID, "a conductance beyond its grid");
                }
            }
            mca_matrix_pair_changed(x, cell);
        }
    }
    return x->drifting ? check_drifting(x, error) : MCA_OK;
}

enum mca_status mca_chip_load_parts(struct mca_chip *chip, const struct mca_chip_visitor *visitor,
                                    struct mca_error *error) {
    MCA_TRY(load_commands(chip, visitor, error));
    if (!show_chip(visitor, chip)) {
        return mca_fail(error, MCA_INVALID, "too short");
    }
    if (chip->reads_ahead) {
        MCA_TRY(check_held(chip, error));
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const uint32_t depth = chip->config.transfer.fifo_depth;
        MCA_TRY(derive(&chip->layers[i], depth, error));
        for (int r = 0; chip->what_if && r < MCA_RESOURCE_COUNT; ++r) {
            MCA_TRY(check_queues(&mca__what_if_chip(chip, r)->layers[i], depth, error));
        }
    }
    return MCA_OK;
}

void mca_chip_put_device(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                         int side, struct mca_device_state state) {
    mca_matrix_restore(&chip->layers[layer].matrix, row, col, side, state.code,
                       state.pulses_since_reset, state.writes);
}

void mca_chip_put_age(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col, int side,
                      uint16_t programmed, int64_t age_ps) {
    const struct mca_matrix *matrix = &chip->layers[layer].matrix;
    mca_drifting_put(matrix->drifting, (size_t)row * matrix->stride + col, side, programmed,
                     age_ps);
}

void mca_chip_put_weight_us(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                            double weight_us) {
    const struct mca_matrix *x = &chip->layers[layer].matrix;
    x->continuous_us[(size_t)row * x->stride + col] = weight_us;
}

void mca_chip_put_chi(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                      double word) {
    struct mca_chi *chi = &chip->layers[layer].chi;
    const size_t cell = mca_chi_cell(chi, row, col);
    if (chi->real) {
        chi->real[cell] = word;
    } else {
        mca_chi_put(chi, cell, (int32_t)word);
    }
}
