/* Programming: initial weights, command queues, blind pulses. */
#include <stdlib.h>

#include "chip/chip_state.h"
#include "chip/layer_numbers.h"

void mca__program_take_queues(struct mca_layer *layer, const struct mca_transfer_config *transfer,
                              struct mca_arena *arena, int *whole) {
    const size_t tiles = mca_placement_tiles(&layer->matrix.place);
    layer->queues = mca_arena_take(arena, tiles, sizeof *layer->queues, whole);
    for (size_t t = 0; t < tiles && *whole; ++t) {
        struct mca_program_queue *queue = &layer->queues[t];
        queue->driver_free =
            mca_arena_take(arena, transfer->drivers, sizeof *queue->driver_free, whole);
        queue->left = mca_arena_take(arena, transfer->fifo_depth, sizeof *queue->left, whole);
    }
}

enum mca_status mca__program_init(struct mca_chip *chip, struct mca_error *error) {
    int whole = 1;
    for (uint32_t i = 0; i < chip->layer_count && whole; ++i) {
        mca__program_take_queues(&chip->layers[i], &chip->config.transfer, &chip->arena, &whole);
    }
    if (!whole) {
        return mca_fail_memory(error, "programming queues");
    }
    chip->command_capacity = 4096;
    chip->commands = malloc(chip->command_capacity * sizeof *chip->commands);
    return chip->commands ? MCA_OK : mca_fail_memory(error, "pulse commands");
}

void mca_engine_program_remember(struct mca_chip *chip, struct mca_pulse_command command) {
    if (chip->command_count == chip->command_capacity) {
        const size_t capacity = 2 * chip->command_capacity;
        struct mca_pulse_command *grown =
            realloc(chip->commands, capacity * sizeof *chip->commands);
        if (!grown) {
            chip->out_of_memory = 1;
            return;
        }
        chip->commands = grown;
        chip->command_capacity = capacity;
    }
    chip->commands[chip->command_count++] = command;
}

void mca_engine_apply_pulses(struct mca_chip *chip, const struct mca_pulse_command *command) {
    struct mca_layer *layer = &chip->layers[command->layer];
    const uint32_t count = (uint32_t)(command->pulses < 0 ? -command->pulses : command->pulses);
    if (chip->device.ops->continuous) {
        mca_matrix_add_us(&layer->matrix, command->row, command->col,
                          (double)command->pulses * chip->config.transfer.epsilon_us);
    } else {
        mca_matrix_set(&layer->matrix, command->row, command->col, command->pulses < 0, count);
    }
    mca_ledger_count(&chip->ledger, command->layer, MCA_PHASE_TRANSFER, MCA_COMPONENT_PCM_SET,
                     count);
    if (layer->scan_map.rows) {
        mca_scan_map_set(&layer->scan_map, command->row, command->col);
        mca_ledger_count(&chip->ledger, command->layer, MCA_PHASE_TRANSFER,
                         MCA_COMPONENT_SCAN_MAP_WRITE, 1);
    }
}

uint64_t mca_engine_pulses_ps(const struct mca_chip *chip, int32_t pulses) {
    return (uint64_t)(pulses < 0 ? -pulses : pulses) * chip->config.timing.set_pulse_ps;
}

void mca_engine_apply_sums(struct mca_chip *chip) {
    if (!mca__is_write_through(chip)) {
        return;
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        for (uint32_t r = 0; r < layer->inputs && !layer->is_digital; ++r) {
            double *sums = layer->chi.real + (size_t)r * layer->chi.stride;
            for (uint32_t c = 0; c < layer->outputs; ++c) {
                mca_matrix_add_us(&layer->matrix, r, c, sums[c] * layer->unit_weight_us);
                sums[c] = 0.0;
            }
        }
    }
}

/* The device of command `number`, where there are so many, will soon be programmed. */
static void expect(const struct mca_chip *chip, size_t number) {
    if (number < chip->command_count) {
        const struct mca_pulse_command *command = &chip->commands[number];
        mca_matrix_expect(&chip->layers[command->layer].matrix, command->row, command->col,
                          command->pulses < 0);
    }
}

void mca__schedule_waiting(struct mca_chip *chip, const struct mca_pulse_command *command) {
    const struct mca_unit *unit = mca__last_unit(chip);
    const struct mca_command_job job = {
        command->layer,     command->row,      command->col,
        MCA_PHASE_TRANSFER, unit->free_cycle,  mca_engine_pulses_ps(chip, command->pulses),
        &unit->free,        MCA_PHASE_TRANSFER};
    struct mca_moment held;
    (void)mca__program_schedule(chip, &job, &held);
}

void mca__program_waiting(struct mca_chip *chip) {
    if (chip->what_if) {
        mca__what_if_batch(chip);
    }
    mca__time_batch(chip);
    for (size_t i = 0; i < chip->command_count; ++i) {
        const struct mca_pulse_command *command = &chip->commands[i];
        expect(chip, i + 4);
        mca_engine_apply_pulses(chip, command);
        if (chip->batch > 1) {
            mca__schedule_waiting(chip, command);
        }
    }
    chip->command_count = 0;
    if (chip->batch > 1 && mca__is_write_through(chip)) {
        mca_engine_apply_sums(chip);
    }
}

/* Pulses for a target conductance difference, in first-pulse steps, rounded stochastically. */
static int32_t initial_pulses(const struct mca_chip *chip, double target_us, uint32_t word) {
    const double step_us = chip->device.mean_after[1] - chip->device.mean_after[0];
    const double size_us = target_us < 0.0 ? -target_us : target_us;
    const double exact = step_us > 0.0 ? size_us / step_us : 0.0;
    const double capped = exact < 1000.0 ? exact : 1000.0;
    const int32_t whole = (int32_t)capped;
    const int32_t pulses = whole + (mca_rng_uniform(word) < capped - (double)whole);
    return target_us < 0.0 ? -pulses : pulses;
}

uint64_t mca__rewrite_pair(struct mca_chip *chip, struct mca_layer *layer, uint32_t row,
                           uint32_t col, enum mca_phase phase, int32_t pulses) {
    const uint32_t count = (uint32_t)(pulses < 0 ? -pulses : pulses);
    mca_matrix_reset(&layer->matrix, row, col, 0);
    mca_matrix_reset(&layer->matrix, row, col, 1);
    mca_matrix_set(&layer->matrix, row, col, pulses < 0, count);
    mca_ledger_count(&chip->ledger, layer->index, phase, MCA_COMPONENT_PCM_RESET, 2);
    mca_ledger_count(&chip->ledger, layer->index, phase, MCA_COMPONENT_PCM_SET, count);
    return 2 * chip->config.timing.reset_pulse_ps + mca_engine_pulses_ps(chip, pulses);
}

void mca__program_pair(struct mca_chip *chip, struct mca_layer *layer, uint32_t row, uint32_t col,
                       int32_t pulses) {
    const uint64_t duration_ps = mca__rewrite_pair(chip, layer, row, col, MCA_PHASE_INIT, pulses);
    const struct mca_moment beginning = {0};
    const struct mca_command_job job = {layer->index, row,        col,           MCA_PHASE_INIT, 0,
                                        duration_ps,  &beginning, MCA_PHASE_INIT};
    struct mca_moment held;
    (void)mca__program_schedule(chip, &job, &held);
}

/* An initial weight; on devices the conductance difference that it is meant to have, and on pulsed
 * ones the pulses for that, of G- where they are negative. */
struct initial {
    double weight;
    double target_us;
    int32_t pulses;
};

static struct initial initial_of(const struct mca_chip *chip, const struct mca_layer *layer,
                                 uint32_t row, uint32_t col) {
    uint32_t words[4];
    const double bound =
        mca_initial_bound(chip->config.network.init_gain, layer->inputs, layer->outputs);
    mca_rng_words(mca_rng_stream(chip->config.seed, MCA_RNG_INIT_WEIGHT),
                  layer->matrix.first_device + 2 * ((uint64_t)row * layer->outputs + col), 0, 0,
                  words);
    const double weight = bound * (2.0 * mca_rng_uniform(words[0]) - 1.0);
    const double target_us = weight * layer->unit_weight_us;
    return (struct initial){weight, target_us, initial_pulses(chip, target_us, words[1])};
}

void mca__initial_writes(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                         uint32_t col, uint32_t writes[2]) {
    const int32_t pulses = initial_of(chip, layer, row, col).pulses;
    writes[0] = 1 + (uint32_t)(pulses > 0 ? pulses : 0); /* both are RESET first */
    writes[1] = 1 + (uint32_t)(pulses < 0 ? -pulses : 0);
}

static void program_weight(struct mca_chip *chip, struct mca_layer *layer, uint32_t row,
                           uint32_t col) {
    struct mca_matrix *matrix = &layer->matrix;
    const struct initial initial = initial_of(chip, layer, row, col);
    if (layer->is_digital) {
        mca__digital_set(layer, row, col, initial.weight);
        return;
    }
    if (matrix->continuous_us) {
        mca_matrix_add_us(matrix, row, col, initial.target_us);
        mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_INIT, MCA_COMPONENT_PCM_SET, 1);
        return;
    }
    mca__program_pair(chip, layer, row, col, initial.pulses);
}

static void program_layer(struct mca_chip *chip, struct mca_layer *layer) {
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            program_weight(chip, layer, r, c);
        }
    }
}

/* Training time starts at 0 when the initial weights stand. */
static void restart_clock(struct mca_chip *chip) {
    chip->init_time_ps = chip->timeline.frontier.ps;
    chip->timeline.frontier = (struct mca_moment){0};
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        const uint32_t tiles = mca_placement_tiles(&layer->matrix.place);
        layer->settled = (struct mca_moment){0};
        for (uint32_t t = 0; t < tiles; ++t) {
            for (uint32_t d = 0; d < chip->config.transfer.drivers; ++d) {
                layer->queues[t].driver_free[d] = (struct mca_moment){0};
            }
            for (uint32_t f = 0; f < chip->config.transfer.fifo_depth; ++f) {
                layer->queues[t].left[f] = (struct mca_departure){0};
            }
            layer->queues[t].next_cycle = 0;
        }
    }
}

enum mca_status mca__program_initial_weights(struct mca_chip *chip,
                                             const struct mca_given_weights *given,
                                             struct mca_error *error) {
    uint64_t sram_cycles = 0; /* a unit writes one memory after the other */
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        if (given && given->layers[i]) {
            MCA_TRY(mca__program_given(chip, layer, given, error));
        } else {
            program_layer(chip, layer);
        }
        const uint64_t own = layer->is_digital ? mca__digital_write_all(chip, layer) : 0;
        sram_cycles =
            mca_has_own_units(&chip->config) ? mca_max_u64(sram_cycles, own) : sram_cycles + own;
    }
    struct mca_moment written = {0};
    mca_moment_pass_to(&written, MCA_PHASE_INIT,
                       mca_cycles_to_ps(sram_cycles, chip->config.dpu.clock_hz));
    mca_timeline_reach(&chip->timeline, &written);
    restart_clock(chip);
    return given ? mca_chip_begin_wear(chip, error) : MCA_OK;
}

static void copy_matrix(struct mca_matrix *to, const struct mca_matrix *from) {
    for (uint32_t r = 0; r < to->rows; ++r) {
        for (uint32_t c = 0; c < to->cols; ++c) {
            const size_t cell = (size_t)r * from->stride + c;
            if (to->continuous_us) {
                to->continuous_us[(size_t)r * to->stride + c] = from->continuous_us[cell];
            }
            for (int side = 0; side < 2 && !to->continuous_us; ++side) {
                mca_matrix_restore(to, r, c, side, from->g[side][cell],
                                   from->pulses_since_reset[side][cell], from->writes[side][cell]);
            }
        }
    }
}

void mca_chip_copy_weights(struct mca_chip *chip, const struct mca_chip *from) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (chip->layers[i].is_digital) {
            mca__digital_copy(&chip->layers[i], &from->layers[i]);
        } else {
            copy_matrix(&chip->layers[i].matrix, &from->layers[i].matrix);
        }
    }
}
