#include "phase_scale.h"

#include <stdlib.h>

#include "mca_test.h"

uint64_t phase_scale[MCA_PHASE_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1};
void (*phase_scale_command)(uint64_t ready_cycle);

static enum mca_phase reading = MCA_PHASE_FORWARD;

void __real_mca__time_forward(struct mca_chip *, uint32_t, const struct mca_moment *);
void __wrap_mca__time_forward(struct mca_chip *, uint32_t, const struct mca_moment *);
void __real_mca__time_backward(struct mca_chip *, uint32_t, uint64_t);
void __wrap_mca__time_backward(struct mca_chip *, uint32_t, uint64_t);
uint64_t __real_mca__time_refresh(struct mca_chip *, uint32_t);
uint64_t __wrap_mca__time_refresh(struct mca_chip *, uint32_t);
struct mca_read_time __real_mca_read_time_of(const struct mca_chip_config *, uint32_t);
struct mca_read_time __wrap_mca_read_time_of(const struct mca_chip_config *, uint32_t);
uint64_t __real_mca_engine_image_cycle(const struct mca_chip *, uint64_t, uint64_t);
uint64_t __wrap_mca_engine_image_cycle(const struct mca_chip *, uint64_t, uint64_t);
uint64_t __real_mca_engine_forward_cycles(const struct mca_chip *, uint32_t);
uint64_t __wrap_mca_engine_forward_cycles(const struct mca_chip *, uint32_t);
uint64_t __real_mca_engine_error_cycles(const struct mca_chip *, uint32_t, uint64_t);
uint64_t __wrap_mca_engine_error_cycles(const struct mca_chip *, uint32_t, uint64_t);
uint64_t __real_mca_engine_refresh_cycles(const struct mca_chip *, uint32_t);
uint64_t __wrap_mca_engine_refresh_cycles(const struct mca_chip *, uint32_t);
uint64_t __real_mca_chi_interval(const struct mca_chi_config *);
uint64_t __wrap_mca_chi_interval(const struct mca_chi_config *);
uint64_t __real_mca_update_latency(const struct mca_chi_config *);
uint64_t __wrap_mca_update_latency(const struct mca_chi_config *);
struct mca_update_result __real_mca_chi_update(struct mca_chi *, const struct mca_update *,
                                               const struct mca_pulse_sink *);
struct mca_update_result __wrap_mca_chi_update(struct mca_chi *, const struct mca_update *,
                                               const struct mca_pulse_sink *);
struct mca_command_time __real_mca__program_schedule(struct mca_chip *,
                                                     const struct mca_command_job *,
                                                     struct mca_moment *);
struct mca_command_time __wrap_mca__program_schedule(struct mca_chip *,
                                                     const struct mca_command_job *,
                                                     struct mca_moment *);

/* Which phase reads. */
void __wrap_mca__time_forward(struct mca_chip *chip, uint32_t layer,
                              const struct mca_moment *ready) {
    reading = MCA_PHASE_FORWARD;
    __real_mca__time_forward(chip, layer, ready);
}

void __wrap_mca__time_backward(struct mca_chip *chip, uint32_t layer, uint64_t reads) {
    reading = MCA_PHASE_BACKWARD;
    __real_mca__time_backward(chip, layer, reads);
}

uint64_t __wrap_mca__time_refresh(struct mca_chip *chip, uint32_t layer) {
    reading = MCA_PHASE_REFRESH;
    return __real_mca__time_refresh(chip, layer);
}

struct mca_read_time __wrap_mca_read_time_of(const struct mca_chip_config *config, uint32_t bits) {
    const struct mca_read_time t = __real_mca_read_time_of(config, bits);
    const uint64_t scale = phase_scale[reading];
    return (struct mca_read_time){scale * t.dac_ps, scale * t.tile_ps, scale * t.adc_ps,
                                  scale * t.load_ps};
}

uint64_t __wrap_mca_engine_image_cycle(const struct mca_chip *chip, uint64_t start_ps,
                                       uint64_t before) {
    const uint64_t cycle = mca_ps_to_cycles(start_ps, chip->config.dpu.clock_hz);
    return phase_scale[MCA_PHASE_FORWARD] ? __real_mca_engine_image_cycle(chip, start_ps, before)
           : cycle > before               ? cycle
                                          : before;
}

uint64_t __wrap_mca_engine_forward_cycles(const struct mca_chip *chip, uint32_t layer) {
    return phase_scale[MCA_PHASE_FORWARD] * __real_mca_engine_forward_cycles(chip, layer);
}

uint64_t __wrap_mca_engine_error_cycles(const struct mca_chip *chip, uint32_t layer,
                                        uint64_t passes) {
    return phase_scale[MCA_PHASE_ERROR] * __real_mca_engine_error_cycles(chip, layer, passes);
}

uint64_t __wrap_mca_engine_refresh_cycles(const struct mca_chip *chip, uint32_t layer) {
    return phase_scale[MCA_PHASE_REFRESH] * __real_mca_engine_refresh_cycles(chip, layer);
}

uint64_t __wrap_mca_chi_interval(const struct mca_chi_config *config) {
    return phase_scale[MCA_PHASE_UPDATE] * __real_mca_chi_interval(config);
}

uint64_t __wrap_mca_update_latency(const struct mca_chi_config *config) {
    return phase_scale[MCA_PHASE_UPDATE] * __real_mca_update_latency(config);
}

/* Commands of an update as they would come with queues that never fill. */
static struct {
    uint32_t row, col;
    int32_t pulses;
    uint64_t cycle;
} commands[1 << 16];
static size_t command_count;

static uint64_t remember(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    (void)user;
    assert_true(command_count < sizeof commands / sizeof *commands);
    commands[command_count].row = row;
    commands[command_count].col = col;
    commands[command_count].pulses = pulses;
    commands[command_count++].cycle = cycle;
    return cycle;
}

struct mca_update_result __wrap_mca_chi_update(struct mca_chi *chi, const struct mca_update *update,
                                               const struct mca_pulse_sink *sink) {
    const uint64_t scale = phase_scale[MCA_PHASE_UPDATE];
    if (scale == PHASE_SCALE_NONE) {
        return __real_mca_chi_update(chi, update, sink);
    }
    const struct mca_pulse_sink in_memory = {NULL, remember};
    command_count = 0;
    struct mca_update_result result = __real_mca_chi_update(chi, update, &in_memory);
    uint64_t held = 0;
    for (size_t i = 0; i < command_count; ++i) {
        const uint64_t cycle = scale * commands[i].cycle + held;
        held +=
            sink->push(sink->user, commands[i].row, commands[i].col, commands[i].pulses, cycle) -
            cycle;
    }
    result.cycles = scale * result.cycles + held;
    result.stall_cycles = held;
    return result;
}

struct mca_command_time __wrap_mca__program_schedule(struct mca_chip *chip,
                                                     const struct mca_command_job *job,
                                                     struct mca_moment *held) {
    struct mca_command_job scaled = *job;
    scaled.duration_ps *= phase_scale[job->phase];
    if (phase_scale[job->phase] == 0) {
        return (struct mca_command_time){job->ready_cycle, job->ready_cycle, 0};
    }
    if (phase_scale_command) {
        phase_scale_command(job->ready_cycle);
    }
    return __real_mca__program_schedule(chip, &scaled, held);
}
