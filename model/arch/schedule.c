/*
 * The timeline of the chip: when each operation of an image starts and ends. Called operation by
 * operation in the order of the program, after the values are known; moves none of them.
 */
#include "arch/chip_state.h"

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* A time that only a sink looks at. */
static uint64_t shown_ps(const struct mca_chip *chip, uint64_t cycle) {
    return chip->timeline.sink ? mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz) : 0;
}

/* An operation on edges of the digital unit's clock. */
static void occupy(struct mca_chip *chip, const struct mca_operation *operation, uint64_t start_ps,
                   uint64_t end_ps, uint64_t busy_ps) {
    const struct mca_occupation occupation = {start_ps, end_ps, busy_ps, start_ps};
    mca_timeline_occupy(&chip->timeline, operation, &occupation);
}

uint64_t mca__dpu_operate(struct mca_chip *chip, struct mca_dpu_operation operation,
                          enum mca_phase phase, uint64_t stall_cycles) {
    static const char *const names[] = {"partial sums, sigmoid", "error", "outer product"};
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    chip->dpu_free_cycle = operation.start_cycle + operation.cycles;
    const uint64_t end_ps = mca__dpu_free_ps(chip);
    const struct mca_operation unit = {MCA_RESOURCE_DPU, phase, operation.layer, 0,
                                       names[operation.kind]};
    occupy(chip, &unit, shown_ps(chip, operation.start_cycle), end_ps,
           mca_cycles_to_ps(operation.cycles - stall_cycles, clock_hz));
    if (chip->tap.operation) {
        chip->tap.operation(chip->tap.user, &operation);
    }
    return end_ps;
}

uint64_t mca__time_read(struct mca_chip *chip, struct mca_layer *layer, enum mca_phase phase,
                        uint64_t ready_ps, uint32_t bits, uint64_t reads) {
    const struct mca_read_time time = mca_read_time_of(&chip->config, bits);
    const struct mca_operation drive = {MCA_RESOURCE_DAC, phase, layer->index, 0, "drive"};
    const struct mca_operation read = {MCA_RESOURCE_TILE, phase, layer->index, 0, "read"};
    const struct mca_operation convert = {MCA_RESOURCE_ADC, phase, layer->index, 0, "convert"};
    struct mca_timeline *timeline = &chip->timeline;
    uint64_t end_ps = ready_ps;
    for (uint64_t i = 0; i < reads; ++i) {
        /* the array must be free and programmed when the DAC's pulses begin */
        const uint64_t array_ps = later(layer->tile_free_ps, layer->settled_ps);
        const uint64_t start_ps =
            later(ready_ps, array_ps > time.load_ps ? array_ps - time.load_ps : 0);
        const uint64_t dac_end_ps =
            mca_timeline_reserve(timeline, &layer->dac_free_ps, &drive, start_ps, time.dac_ps);
        mca_timeline_reserve(timeline, &layer->tile_free_ps, &read,
                             dac_end_ps - time.dac_ps + time.load_ps, time.tile_ps);
        /* the samples of the read before are held until they are converted */
        const uint64_t sampled_ps = later(layer->tile_free_ps, layer->adc_free_ps);
        layer->tile_free_ps = sampled_ps;
        end_ps =
            mca_timeline_reserve(timeline, &layer->adc_free_ps, &convert, sampled_ps, time.adc_ps);
    }
    return end_ps;
}

uint64_t mca__image_cycle(const struct mca_chip *chip, uint64_t start_ps, uint64_t before_cycle) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t pixels = chip->layers[0].inputs - 1;
    const uint64_t byte_ps = chip->config.timing.image_load_ps_per_byte;
    const uint64_t words = mca__words(pixels, chip->config.dpu.lanes);
    /* words come faster than one a cycle: the first is the one that counts; else the last two */
    const uint64_t first =
        mca_ps_to_cycles(start_ps + (words > 1 ? lanes : pixels) * byte_ps, clock_hz) + words - 1;
    const uint64_t last = mca_ps_to_cycles(start_ps + pixels * byte_ps, clock_hz);
    const uint64_t last_but_one =
        words > 1 ? mca_ps_to_cycles(start_ps + (words - 1) * lanes * byte_ps, clock_hz) + 1 : 0;
    const uint64_t bias = pixels % lanes == 0;
    return later(later(first, later(last, last_but_one)) + 1 + bias, before_cycle + words + bias);
}

uint64_t mca__time_load(struct mca_chip *chip) {
    const uint64_t pixels = chip->layers[0].inputs - 1;
    const uint64_t duration_ps = pixels * chip->config.timing.image_load_ps_per_byte;
    static const struct mca_operation load = {MCA_RESOURCE_IMAGE_PORT, MCA_PHASE_FORWARD,
                                              MCA_NO_LAYER, 0, "load image"};
    const uint64_t end_ps =
        mca_timeline_reserve(&chip->timeline, &chip->image_free_ps, &load,
                             later(chip->image_read_ps, chip->image_released_ps[0]), duration_ps);
    chip->image_cycle = mca__image_cycle(chip, end_ps - duration_ps, chip->image_cycle);
    return end_ps;
}

enum mca_status mca__check_time(const struct mca_chip *chip, struct mca_error *error) {
    return chip->timeline.frontier_ps >> 62 == 0
               ? MCA_OK
               : mca_fail(error, MCA_FAILED,
                          "the chip's time is beyond 2^62 ps, 53 days, at image %llu",
                          (unsigned long long)chip->stats.images);
}

void mca__time_idle(struct mca_chip *chip) {
    chip->image_free_ps = later(chip->image_free_ps, chip->timeline.frontier_ps);
}

void mca__time_release(struct mca_chip *chip) {
    chip->image_released_ps[0] = chip->image_released_ps[1];
    chip->image_released_ps[1] = mca__dpu_free_ps(chip);
}

void mca__time_batch(struct mca_chip *chip) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        chip->layers[i].settled_ps = later(chip->layers[i].settled_ps, mca__dpu_free_ps(chip));
    }
}

uint64_t mca__forward_cycles(const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer *layer = &chip->layers[index];
    const uint64_t words = mca__words(layer->outputs, chip->config.dpu.lanes);
    return words * layer->crossbar.row_tiles + words + MCA_FORWARD_LATENCY;
}

uint64_t mca__error_passes(const struct mca_chip *chip, uint32_t index, uint64_t reads) {
    const int last = index + 1 == chip->layer_count;
    return last ? 3 : 2 + reads * chip->layers[index + 1].crossbar.col_tiles;
}

uint64_t mca__error_cycles(const struct mca_chip *chip, uint32_t index, uint64_t passes) {
    return passes * mca__words(chip->layers[index].outputs, chip->config.dpu.lanes) +
           MCA_ERROR_LATENCY;
}

void mca__time_forward(struct mca_chip *chip, uint32_t index, uint64_t ready_ps) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t converted_ps =
        mca__time_read(chip, layer, MCA_PHASE_FORWARD, ready_ps, chip->config.dac.bits, 1);
    if (index == 0) {
        chip->image_read_ps = layer->tile_free_ps;
    }
    const uint64_t start = mca__dpu_start_cycle(chip, converted_ps);
    const struct mca_dpu_operation operation = {
        MCA_DPU_FORWARD, index, index == 0 ? later(start, chip->image_cycle) : start,
        mca__forward_cycles(chip, index)};
    layer->output_ready_ps = mca__dpu_operate(chip, operation, MCA_PHASE_FORWARD, 0);
}

void mca__time_error(struct mca_chip *chip, uint32_t index, uint64_t ready_ps, uint64_t passes) {
    struct mca_layer *layer = &chip->layers[index];
    const struct mca_dpu_operation operation = {MCA_DPU_ERROR, index,
                                                mca__dpu_start_cycle(chip, ready_ps),
                                                mca__error_cycles(chip, index, passes)};
    layer->error_ready_ps = mca__dpu_operate(chip, operation, MCA_PHASE_ERROR, 0);
}

void mca__time_backward(struct mca_chip *chip, uint32_t index, uint64_t reads) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t ready_ps = mca__time_read(chip, layer, MCA_PHASE_BACKWARD, layer->error_ready_ps,
                                             chip->drive_bits, reads);
    mca__time_error(chip, index - 1, ready_ps, mca__error_passes(chip, index - 1, reads));
}

void mca__time_update(struct mca_chip *chip, uint32_t index, uint64_t start_cycle,
                      const struct mca_update_result *result) {
    const struct mca_dpu_operation operation = {MCA_DPU_UPDATE, index, start_cycle, result->cycles};
    const uint64_t end_ps =
        mca__dpu_operate(chip, operation, MCA_PHASE_UPDATE, result->stall_cycles);
    if (chip->batch == 1) {
        chip->layers[index].settled_ps = later(chip->layers[index].settled_ps, end_ps);
    }
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t accesses = result->words * mca_chi_interval(&chip->config.chi);
    const struct mca_operation add = {MCA_RESOURCE_CHI, MCA_PHASE_UPDATE, index, 0,
                                      "read, add, write"};
    occupy(chip, &add, shown_ps(chip, start_cycle),
           mca_cycles_to_ps(start_cycle + accesses, clock_hz),
           mca_cycles_to_ps(accesses, clock_hz));
}

uint64_t mca__time_refresh(struct mca_chip *chip, uint32_t index) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t read_ps = mca__time_read(chip, layer, MCA_PHASE_REFRESH, mca__dpu_free_ps(chip),
                                            chip->config.dac.bits, mca__refresh_reads(layer));
    const uint64_t busy = mca__refresh_cycles(chip, layer);
    const uint64_t start_ps = mca__dpu_free_ps(chip);
    const struct mca_operation compare = {MCA_RESOURCE_DPU, MCA_PHASE_REFRESH, index, 0,
                                          "compare with thresholds"};
    chip->dpu_free_cycle = later(chip->dpu_free_cycle + busy, mca_ps_to_cycles(read_ps, clock_hz));
    occupy(chip, &compare, start_ps, mca__dpu_free_ps(chip), mca_cycles_to_ps(busy, clock_hz));
    layer->settled_ps = later(layer->settled_ps, mca__dpu_free_ps(chip));
    return chip->dpu_free_cycle;
}

struct mca_command_time mca__program_schedule(struct mca_chip *chip, struct mca_layer *layer,
                                              uint32_t row, uint32_t col, enum mca_phase phase,
                                              uint64_t ready_cycle, uint64_t duration_ps) {
    const struct mca_transfer_config *transfer = &chip->config.transfer;
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint32_t tile = mca__tile_of(layer, row, col);
    struct mca_program_queue *queue = &layer->queues[tile];
    /* a place is free in the cycle after its command left */
    uint64_t *left_cycle = &queue->left_cycle[queue->next_slot];
    queue->next_slot = (queue->next_slot + 1) % transfer->fifo_depth;
    const uint64_t taken = later(ready_cycle, *left_cycle + 1);
    uint64_t *driver_ps = &queue->driver_free_ps[0];
    for (uint32_t d = 1; d < transfer->drivers; ++d) {
        if (queue->driver_free_ps[d] < *driver_ps) {
            driver_ps = &queue->driver_free_ps[d];
        }
    }
    /* the array cannot be read and programmed at once */
    const uint64_t after_ps = later(*driver_ps, layer->tile_free_ps);
    const uint64_t leaves =
        later(later(mca_ps_to_cycles(after_ps, clock_hz), taken), queue->next_cycle);
    const uint64_t start_ps = mca_cycles_to_ps(leaves, clock_hz);
    const uint64_t end_ps = start_ps + duration_ps;
    const uint32_t driver = (uint32_t)(driver_ps - queue->driver_free_ps);
    const struct mca_operation program = {MCA_RESOURCE_PROGRAM, phase, layer->index,
                                          tile * transfer->drivers + driver,
                                          phase == MCA_PHASE_TRANSFER ? "SET pulses" : "rewrite"};
    const struct mca_occupation occupation = {start_ps, end_ps, duration_ps, shown_ps(chip, taken)};
    *driver_ps = end_ps; /* free when the command leaves */
    mca_timeline_occupy(&chip->timeline, &program, &occupation);
    queue->next_cycle = leaves + 1;
    *left_cycle = leaves;
    layer->settled_ps = later(layer->settled_ps, end_ps);
    return (struct mca_command_time){taken, leaves};
}
