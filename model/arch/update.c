/* Weight update: outer product into chi, pulse commands to the programming drivers. */
#include "arch/chip_state.h"
#include "base/mathx.h"

struct sink {
    struct mca_chip *chip;
    struct mca_layer *layer;
    uint64_t first_cycle; /* in which the first word's commands reach their queues */
};

static uint64_t push_command(void *user, uint32_t row, uint32_t col, int32_t pulses,
                             uint64_t cycle) {
    const struct sink *sink = user;
    struct mca_chip *chip = sink->chip;
    mca__program_remember(chip, (struct mca_pulse_command){sink->layer->index, row, col, pulses});
    const uint64_t ready = sink->first_cycle + cycle;
    struct mca_command_time time = {ready, ready};
    if (chip->batch == 1) { /* otherwise scheduled at the end of the mini-batch */
        time = mca__program_schedule(chip, sink->layer, row, col, MCA_PHASE_TRANSFER, ready,
                                     mca__pulses_ps(chip, pulses));
    }
    if (chip->tap.command) {
        const struct mca_dpu_command command = {
            sink->layer->index, row, col, pulses, time.taken_cycle, time.left_cycle};
        chip->tap.command(chip->tap.user, &command);
    }
    return time.taken_cycle - sink->first_cycle;
}

/* Continuous devices without chi: each product goes into its weight, or into the mini-batch's sum.
 */
static struct mca_update_result write_through(struct mca_chip *chip, struct mca_layer *layer,
                                              const struct mca_layer_signals *s) {
    const double unit_us = chip->config.tile.unit_weight_us;
    for (uint32_t k = 0; k < s->input.count; ++k) {
        const size_t row = s->input.line[k];
        const double x = s->input.value[k];
        const double *restrict rated = s->rated_real;
        double *restrict sums = layer->chi.real + row * layer->chi.stride;
        double *restrict cells = layer->crossbar.continuous_us + row * layer->crossbar.stride;
        for (uint32_t c = 0; chip->batch > 1 && c < layer->outputs; ++c) {
            sums[c] += x * rated[c];
        }
        for (uint32_t c = 0; chip->batch == 1 && c < layer->outputs; ++c) {
            cells[c] += x * rated[c] * unit_us;
        }
    }
    const uint64_t words =
        mca__words(layer->outputs, chip->config.dpu.lanes) * (uint64_t)s->input.count;
    return (struct mca_update_result){.cycles = words * mca_chi_interval(&chip->config.chi) +
                                                mca_update_latency(&chip->config.chi),
                                      .words = words,
                                      .products = (uint64_t)s->input.count * layer->outputs};
}

struct mca_update_result mca__update_values(struct mca_chip *chip, uint32_t index,
                                            struct mca_signals *signals,
                                            const struct mca_pulse_sink *sink) {
    struct mca_layer *layer = &chip->layers[index];
    struct mca_layer_signals *s = &signals->layers[index];
    struct mca_update update = {.count = s->input.count,
                                .row = s->input.line,
                                .code = s->input.code,
                                .value = s->input.value,
                                .error = s->rated,
                                .error_real = s->rated_real,
                                .shift = s->update_shift};
    if (mca__is_fixed(chip)) {
        if (chip->tap.update) {
            chip->tap.update(chip->tap.user, layer->index, &update);
        }
        return mca_chi_update(&layer->chi, &update, sink);
    }
    for (uint32_t c = 0; c < layer->outputs; ++c) {
        s->rated_real[c] = s->error_real[c] * chip->rate_real;
    }
    return mca__is_write_through(chip) ? write_through(chip, layer, s)
                                       : mca_chi_update_float(&layer->chi, &update, sink);
}

void mca__count_update(struct mca_chip *chip, uint32_t index, const struct mca_signals *signals,
                       const struct mca_update_result *r) {
    const struct mca_layer *layer = &chip->layers[index];
    const struct mca_layer_signals *s = &signals->layers[index];
    struct mca_ledger *ledger = &chip->ledger;
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t word_bits = lanes * chip->config.chi.bits;
    const uint32_t code_bits = chip->config.dac.bits ? chip->config.dac.bits : 8;
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_BUFFER_READ,
               (uint64_t)layer->inputs * code_bits +
                   r->words * lanes * chip->config.dpu.error_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_READ, r->words * word_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_WRITE, r->words * word_bits);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_MULTIPLY, r->products);
    mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_ADD, r->products);
    if (mca__is_fixed(chip) && chip->config.dpu.rounding == MCA_ROUND_STOCHASTIC) {
        mca__count(ledger, MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_RANDOM, r->words * lanes);
    }
    chip->stats.update_macs_nonzero += (uint64_t)s->input.count * layer->outputs;
    chip->stats.update_products += r->products;
    chip->stats.updates_lost += chip->config.dpu.rounding == MCA_ROUND_STOCHASTIC ? 0 : r->lost;
    chip->stats.chi_saturations += r->saturations;
    chip->stats.chi_saturated += r->saturated;
    chip->stats.commands += r->commands;
}

void mca__update_layer(struct mca_chip *chip, uint32_t index) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t start_cycle = mca__dpu_start_cycle(chip, layer->error_ready_ps);
    /* a command reaches its queue as many cycles after its word's as the operation takes to fill
     * and drain */
    struct sink sink = {chip, layer, start_cycle + mca_update_latency(&chip->config.chi)};
    const struct mca_pulse_sink pulses = {&sink, push_command};
    const struct mca_update_result result =
        mca__update_values(chip, index, &chip->signals, &pulses);
    mca__count_update(chip, index, &chip->signals, &result);
    mca__time_update(chip, index, start_cycle, &result);
}
