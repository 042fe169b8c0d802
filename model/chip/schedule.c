/*
 * The timeline of the chip: when each operation of an image starts and ends. Called operation by
 * operation in the order of the program, after the values are known; moves none of them.
 */
#include "chip/chip_state.h"

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* A time that only a sink looks at. */
static uint64_t shown_ps(const struct mca_chip *chip, uint64_t cycle) {
    return chip->timeline.sink.operation ? mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz) : 0;
}

static void occupy(struct mca_chip *chip, const struct mca_operation *operation, uint64_t start_ps,
                   uint64_t end_ps, uint64_t busy_ps) {
    const struct mca_occupation occupation = {start_ps, end_ps, busy_ps, start_ps};
    mca_timeline_occupy(&chip->timeline, operation, &occupation);
}

/* The digital unit is free again at an edge of its clock. */
static void free_dpu(struct mca_chip *chip, uint64_t cycle, enum mca_phase phase) {
    chip->dpu_free_cycle = cycle;
    mca_moment_pass_to(&chip->dpu_free, phase, mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz));
    mca_timeline_reach(&chip->timeline, &chip->dpu_free);
}

void mca__dpu_operate(struct mca_chip *chip, struct mca_dpu_operation operation,
                      enum mca_phase phase, uint64_t stall_cycles, const struct mca_moment *from) {
    static const char *const names[] = {"partial sums, sigmoid", "error", "outer product"};
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    if (from != &chip->dpu_free) {
        chip->dpu_free = *from;
    }
    free_dpu(chip, operation.start_cycle + operation.cycles, phase);
    const struct mca_operation unit = {MCA_RESOURCE_DPU, phase, operation.layer, 0,
                                       names[operation.kind]};
    occupy(chip, &unit, shown_ps(chip, operation.start_cycle), chip->dpu_free.ps,
           mca_cycles_to_ps(operation.cycles - stall_cycles, clock_hz));
    mca__tell_operation(chip, &operation);
}

const struct mca_moment *mca__time_read(struct mca_chip *chip, struct mca_layer *layer,
                                        enum mca_phase phase, const struct mca_moment *ready,
                                        uint32_t bits, uint64_t reads) {
    const struct mca_read_time time = mca_read_time_of(&chip->config, bits);
    const struct mca_operation drive = {MCA_RESOURCE_DAC, phase, layer->index, 0, "drive"};
    const struct mca_operation read = {MCA_RESOURCE_TILE, phase, layer->index, 0, "read"};
    const struct mca_operation convert = {MCA_RESOURCE_ADC, phase, layer->index, 0, "convert"};
    for (uint64_t i = 0; i < reads; ++i) {
        /* the array must be free and programmed when the DAC's pulses begin */
        struct mca_moment loaded = *mca_moment_later(ready, &layer->dac_free);
        mca_moment_pass(&loaded, phase, time.load_ps);
        const struct mca_moment begin =
            *mca_moment_later(&loaded, mca_moment_later(&layer->tile_free, &layer->settled));
        layer->dac_free = begin;
        mca_moment_pass(&layer->dac_free, phase, time.dac_ps - time.load_ps);
        occupy(chip, &drive, begin.ps - time.load_ps, layer->dac_free.ps, time.dac_ps);
        layer->tile_free = begin;
        mca_moment_pass(&layer->tile_free, phase, time.tile_ps);
        occupy(chip, &read, begin.ps, layer->tile_free.ps, time.tile_ps);
        /* the samples of the read before are held until they are converted */
        layer->tile_free = *mca_moment_later(&layer->tile_free, &layer->adc_free);
        mca_timeline_reserve(&chip->timeline, &layer->adc_free, &convert, &layer->tile_free,
                             time.adc_ps);
    }
    return reads > 0 ? &layer->adc_free : ready;
}

/* When the digital unit has an image that began to load at `start`: the pixels come one after the
 * other, and it takes them when it has those of the image before. */
static void time_image(struct mca_chip *chip, const struct mca_moment *start) {
    const uint64_t cycle = mca_engine_image_cycle(chip, start->ps, chip->image_cycle);
    const uint64_t in_ps = mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz);
    struct mca_moment loaded = *start;
    mca_moment_pass_to(&loaded, MCA_PHASE_FORWARD, in_ps);
    if (cycle > chip->image_cycle + mca__image_words(chip)) {
        chip->image_in = loaded;
    } else {
        mca_moment_pass_to(&chip->image_in, MCA_PHASE_FORWARD, in_ps);
        if (mca_engine_image_cycle(chip, start->ps, 0) == cycle) {
            chip->image_in = *mca_moment_of_equals(&chip->image_in, &loaded);
        }
    }
    chip->image_cycle = cycle;
}

void mca__time_load(struct mca_chip *chip) {
    const uint64_t pixels = chip->layers[0].inputs - 1;
    const uint64_t duration_ps = pixels * chip->config.timing.image_load_ps_per_byte;
    static const struct mca_operation load = {MCA_RESOURCE_IMAGE_PORT, MCA_PHASE_FORWARD,
                                              MCA_NO_LAYER, 0, "load image"};
    const struct mca_moment start = *mca_moment_later(
        mca_moment_later(&chip->image_read, &chip->image_released[0]), &chip->image_free);
    mca_timeline_reserve(&chip->timeline, &chip->image_free, &load, &start, duration_ps);
    time_image(chip, &start);
}

void mca__time_idle(struct mca_chip *chip) {
    const struct mca_moment frontier = mca_timeline_frontier(&chip->timeline);
    chip->image_free = *mca_moment_later(&chip->image_free, &frontier);
}

void mca__time_release(struct mca_chip *chip) {
    chip->image_released[0] = chip->image_released[1];
    chip->image_released[1] = chip->dpu_free;
}

/* No pulse can come any more that the digital unit has not sent by now. */
static void settle(struct mca_chip *chip, struct mca_layer *layer) {
    if (mca_moment_later(&layer->settled, &chip->dpu_free) == &chip->dpu_free) {
        layer->settled = chip->dpu_free;
    }
}

void mca__time_batch(struct mca_chip *chip) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        settle(chip, &chip->layers[i]);
    }
}

void mca__time_forward(struct mca_chip *chip, uint32_t index, const struct mca_moment *ready) {
    struct mca_layer *layer = &chip->layers[index];
    const struct mca_moment *converted =
        mca__time_read(chip, layer, MCA_PHASE_FORWARD, ready, chip->config.dac.bits, 1);
    uint64_t start_cycle = mca__dpu_start_cycle(chip, converted->ps);
    const struct mca_moment *from = mca_moment_later(converted, &chip->dpu_free);
    if (index == 0) {
        chip->image_read = layer->tile_free;
        start_cycle = later(start_cycle, chip->image_cycle);
        from = mca_moment_later(from, &chip->image_in);
    }
    const struct mca_dpu_operation operation = {MCA_DPU_FORWARD, index, start_cycle,
                                                mca_engine_forward_cycles(chip, index)};
    mca__dpu_operate(chip, operation, MCA_PHASE_FORWARD, 0, from);
    layer->output_ready = chip->dpu_free;
}

void mca__time_error(struct mca_chip *chip, uint32_t index, const struct mca_moment *ready,
                     uint64_t passes) {
    const struct mca_dpu_operation operation = {MCA_DPU_ERROR, index,
                                                mca__dpu_start_cycle(chip, ready->ps),
                                                mca_engine_error_cycles(chip, index, passes)};
    mca__dpu_operate(chip, operation, MCA_PHASE_ERROR, 0, mca_moment_later(ready, &chip->dpu_free));
    chip->layers[index].error_ready = chip->dpu_free;
}

void mca__time_backward(struct mca_chip *chip, uint32_t index, uint64_t reads) {
    struct mca_layer *layer = &chip->layers[index];
    const struct mca_moment *ready = mca__time_read(chip, layer, MCA_PHASE_BACKWARD,
                                                    &layer->error_ready, chip->drive_bits, reads);
    mca__time_error(chip, index - 1, ready, mca_engine_error_passes(chip, index - 1, reads));
}

void mca__time_update(struct mca_chip *chip, uint32_t index, uint64_t start_cycle,
                      const struct mca_update_result *result, const struct mca_moment *from) {
    const struct mca_dpu_operation operation = {MCA_DPU_UPDATE, index, start_cycle, result->cycles};
    mca__dpu_operate(chip, operation, MCA_PHASE_UPDATE, result->stall_cycles, from);
    if (chip->batch == 1) {
        settle(chip, &chip->layers[index]);
    }
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t accesses = result->words * mca_chi_interval(&chip->config.chi);
    const struct mca_operation add = {MCA_RESOURCE_CHI, MCA_PHASE_UPDATE, index, 0,
                                      "read, add, write"};
    occupy(chip, &add, shown_ps(chip, start_cycle), shown_ps(chip, start_cycle + accesses),
           mca_cycles_to_ps(accesses, clock_hz)); /* ends before the update does */
}

uint64_t mca__time_refresh(struct mca_chip *chip, uint32_t index) {
    struct mca_layer *layer = &chip->layers[index];
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const struct mca_moment start = chip->dpu_free;
    const struct mca_moment *read =
        mca__time_read(chip, layer, MCA_PHASE_REFRESH, &start, chip->config.dac.bits,
                       mca_engine_refresh_reads(chip, index));
    const uint64_t busy = mca_engine_refresh_cycles(chip, index);
    const uint64_t compared_cycle = chip->dpu_free_cycle + busy;
    mca_moment_pass_to(&chip->dpu_free, MCA_PHASE_REFRESH,
                       mca_cycles_to_ps(compared_cycle, clock_hz));
    chip->dpu_free = *mca_moment_later(&chip->dpu_free, read);
    free_dpu(chip, later(compared_cycle, mca_ps_to_cycles(read->ps, clock_hz)), MCA_PHASE_REFRESH);
    const struct mca_operation compare = {MCA_RESOURCE_DPU, MCA_PHASE_REFRESH, index, 0,
                                          "compare with thresholds"};
    occupy(chip, &compare, start.ps, chip->dpu_free.ps, mca_cycles_to_ps(busy, clock_hz));
    settle(chip, layer);
    return chip->dpu_free_cycle;
}
