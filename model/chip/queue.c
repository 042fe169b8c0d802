/*
 * Queues of commands before the programming drivers: when a command is taken, when it leaves, when
 * its pulses end, and which path led there.
 */
#include "chip/chip_state.h"

/* Time goes on to the edge that begins a cycle. */
static void pass_to_cycle(const struct mca_chip *chip, struct mca_moment *moment,
                          enum mca_phase phase, uint64_t cycle) {
    mca_moment_pass_to(moment, phase, mca_cycles_to_ps(cycle, chip->config.dpu.clock_hz));
}

/* A place in the queue is free in the cycle after its command left. Where that is as late as the
 * command is ready or later, *held is the path through the place; returns whether it is the one
 * that counts. */
static int wait_for_place(const struct mca_chip *chip, const struct mca_command_job *job,
                          const struct mca_departure *place, struct mca_moment *held) {
    if (place->cycle + 1 < job->ready_cycle) {
        return 0;
    }
    *held = place->at;
    pass_to_cycle(chip, held, job->phase, place->cycle + 1);
    if (place->cycle + 1 > job->ready_cycle) {
        return 1;
    }
    struct mca_moment ready = *job->from;
    mca_moment_pass_to(&ready, job->maker, held->ps);
    return mca_moment_of_equals(&ready, held) == held;
}

static uint32_t first_free(const struct mca_program_queue *queue, uint32_t drivers) {
    uint32_t first = 0;
    for (uint32_t d = 1; d < drivers; ++d) {
        first = queue->driver_free[d].ps < queue->driver_free[first].ps ? d : first;
    }
    return first;
}

/* When a driver is free, and the array, which cannot be read and programmed at once. */
static const struct mca_moment *free_to_program(const struct mca_chip *chip,
                                                const struct mca_layer *layer,
                                                const struct mca_program_queue *queue,
                                                uint32_t first) {
    const struct mca_moment *driver = &queue->driver_free[first];
    for (uint32_t d = first + 1; d < chip->config.transfer.drivers; ++d) {
        if (queue->driver_free[d].ps == driver->ps) {
            driver = mca_moment_of_equals(driver, &queue->driver_free[d]);
        }
    }
    return mca_moment_later(driver, &layer->tile_free);
}

/* The moment at which a command leaves: with a path from when it was taken, from the departure
 * before it, or from when it could be programmed, whichever is the latest. `left` holds the first
 * of these up to job->from, or up to when it was taken where the queue held it. */
static void leave(const struct mca_chip *chip, const struct mca_command_job *job,
                  const struct mca_program_queue *queue, const struct mca_moment *free,
                  const struct mca_command_time *time, struct mca_moment *left) {
    const uint32_t depth = chip->config.transfer.fifo_depth;
    const uint64_t start_ps = mca_cycles_to_ps(time->left_cycle, chip->config.dpu.clock_hz);
    if (time->left_cycle > time->taken_cycle) {
        *left = *free;
    } else {
        mca_moment_pass_to(left, time->is_held ? job->phase : job->maker, start_ps);
        if (free->ps == start_ps) {
            *left = *mca_moment_of_equals(left, free);
        }
    }
    if (queue->next_cycle == time->left_cycle) {
        struct mca_moment after = queue->left[(queue->next_slot + depth - 1) % depth].at;
        mca_moment_pass_to(&after, job->phase, start_ps);
        *left = *mca_moment_later(left, &after);
    }
    mca_moment_pass_to(left, job->phase, start_ps); /* to the edge of the clock */
}

/* Occupies the driver for the pulses, from `start` on. */
static void drive_pulses(struct mca_chip *chip, const struct mca_command_job *job, uint32_t unit,
                         const struct mca_moment *start, uint64_t taken_cycle) {
    const struct mca_operation program = {MCA_RESOURCE_PROGRAM, job->phase, job->layer, unit,
                                          job->phase == MCA_PHASE_TRANSFER ? "SET pulses"
                                                                           : "rewrite"};
    const uint64_t queued_ps = chip->timeline.sink.operation
                                   ? mca_cycles_to_ps(taken_cycle, chip->config.dpu.clock_hz)
                                   : 0;
    const struct mca_occupation occupation = {start->ps, start->ps + job->duration_ps,
                                              job->duration_ps, queued_ps, 0};
    mca_timeline_occupy(&chip->timeline, &program, &occupation);
}

struct mca_command_time mca__program_schedule(struct mca_chip *chip,
                                              const struct mca_command_job *job,
                                              struct mca_moment *held) {
    const struct mca_transfer_config *transfer = &chip->config.transfer;
    struct mca_layer *layer = &chip->layers[job->layer];
    const uint32_t tile = mca_placement_tile_of(&layer->matrix.place, job->row, job->col);
    struct mca_program_queue *queue = &layer->queues[tile];
    struct mca_departure *place = &queue->left[queue->next_slot];
    struct mca_command_time time;
    time.taken_cycle = mca_max_u64(job->ready_cycle, place->cycle + 1);
    time.is_held = wait_for_place(chip, job, place, held);
    const uint32_t driver = first_free(queue, transfer->drivers);
    const struct mca_moment *free = free_to_program(chip, layer, queue, driver);
    time.left_cycle = mca_max_u64(
        mca_max_u64(mca_ps_to_cycles(free->ps, chip->config.dpu.clock_hz), time.taken_cycle),
        queue->next_cycle);
    struct mca_moment at = time.is_held ? *held : *job->from;
    leave(chip, job, queue, free, &time, &at);
    drive_pulses(chip, job, tile * transfer->drivers + driver, &at, time.taken_cycle);
    place->cycle = time.left_cycle;
    place->at = at;
    queue->next_slot = (queue->next_slot + 1) % transfer->fifo_depth;
    queue->next_cycle = time.left_cycle + 1;
    mca_moment_pass(&at, job->phase, job->duration_ps);
    queue->driver_free[driver] = at; /* free when the command leaves */
    if (mca_moment_later(&layer->settled, &at) == &at) {
        layer->settled = at;
    }
    mca_timeline_reach(&chip->timeline, &at);
    return time;
}
