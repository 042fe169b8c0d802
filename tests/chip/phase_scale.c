#include "phase_scale.h"

#include <stdlib.h>

uint64_t phase_scale[MCA_PHASE_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1};
void (*phase_scale_command)(uint64_t ready_cycle);

static enum mca_phase reading = MCA_PHASE_FORWARD;

void __real_mca__time_read(struct mca_chip *, const struct mca_step *, const struct mca_work *);
void __wrap_mca__time_read(struct mca_chip *, const struct mca_step *, const struct mca_work *);
uint64_t __real_mca__time_refresh(struct mca_chip *, const struct mca_step *,
                                  const struct mca_work *);
uint64_t __wrap_mca__time_refresh(struct mca_chip *, const struct mca_step *,
                                  const struct mca_work *);
struct mca_read_time __real_mca_read_time_of(const struct mca_chip_config *,
                                             const struct mca_placement *, uint32_t,
                                             enum mca_read_kind);
struct mca_read_time __wrap_mca_read_time_of(const struct mca_chip_config *,
                                             const struct mca_placement *, uint32_t,
                                             enum mca_read_kind);
uint64_t __real_mca_engine_image_cycle(const struct mca_chip *, uint64_t, uint64_t);
uint64_t __wrap_mca_engine_image_cycle(const struct mca_chip *, uint64_t, uint64_t);
void __real_mca_work_vector(const struct mca_chip *, const struct mca_step *, uint64_t,
                            struct mca_work *);
void __wrap_mca_work_vector(const struct mca_chip *, const struct mca_step *, uint64_t,
                            struct mca_work *);
void __real_mca_work_refresh(const struct mca_chip *, const struct mca_step *, struct mca_work *);
void __wrap_mca_work_refresh(const struct mca_chip *, const struct mca_step *, struct mca_work *);
uint64_t __real_mca_chi_interval(const struct mca_chi_config *);
uint64_t __wrap_mca_chi_interval(const struct mca_chi_config *);
uint64_t __real_mca_update_latency(const struct mca_chi_config *);
uint64_t __wrap_mca_update_latency(const struct mca_chi_config *);
uint64_t __real_mca_update_command_cycles(const struct mca_chi_config *);
uint64_t __wrap_mca_update_command_cycles(const struct mca_chi_config *);
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
void __wrap_mca__time_read(struct mca_chip *chip, const struct mca_step *step,
                           const struct mca_work *work) {
    reading = step->phase;
    __real_mca__time_read(chip, step, work);
}

uint64_t __wrap_mca__time_refresh(struct mca_chip *chip, const struct mca_step *step,
                                  const struct mca_work *work) {
    reading = step->phase;
    return __real_mca__time_refresh(chip, step, work);
}

struct mca_read_time __wrap_mca_read_time_of(const struct mca_chip_config *config,
                                             const struct mca_placement *place, uint32_t bits,
                                             enum mca_read_kind kind) {
    const struct mca_read_time t = __real_mca_read_time_of(config, place, bits, kind);
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

void __wrap_mca_work_vector(const struct mca_chip *chip, const struct mca_step *step,
                            uint64_t reads, struct mca_work *work) {
    __real_mca_work_vector(chip, step, reads, work);
    work->cycles *= phase_scale[step->phase];
}

void __wrap_mca_work_refresh(const struct mca_chip *chip, const struct mca_step *step,
                             struct mca_work *work) {
    __real_mca_work_refresh(chip, step, work);
    work->cycles *= phase_scale[step->phase];
}

uint64_t __wrap_mca_chi_interval(const struct mca_chi_config *config) {
    return phase_scale[MCA_PHASE_UPDATE] * __real_mca_chi_interval(config);
}

uint64_t __wrap_mca_update_latency(const struct mca_chi_config *config) {
    return phase_scale[MCA_PHASE_UPDATE] * __real_mca_update_latency(config);
}

uint64_t __wrap_mca_update_command_cycles(const struct mca_chi_config *config) {
    return phase_scale[MCA_PHASE_UPDATE] * __real_mca_update_command_cycles(config);
}

/* Commands pass with their cycles scaled. */
static void pass_on(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    const struct mca_pulse_sink *to = user;
    to->push(to->user, row, col, pulses, phase_scale[MCA_PHASE_UPDATE] * cycle);
}

struct mca_update_result __wrap_mca_chi_update(struct mca_chi *chi, const struct mca_update *update,
                                               const struct mca_pulse_sink *sink) {
    struct mca_pulse_sink to = *sink;
    const struct mca_pulse_sink scaled = {&to, pass_on};
    struct mca_update_result result = __real_mca_chi_update(chi, update, &scaled);
    result.cycles *= phase_scale[MCA_PHASE_UPDATE];
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
