/* Small parts of an image, for the chip's own walk and for engines that keep time themselves. */
#include "chip/engine.h"

#include "chip/chip_state.h"

int mca_engine_is_fixed(const struct mca_chip *chip) {
    return chip->arithmetic == &mca__fixed_arithmetic;
}

void mca_engine_count_image(struct mca_chip *chip) {
    ++chip->stats.images;
}

void mca_engine_count_clips(struct mca_chip *chip, uint64_t clips) {
    chip->stats.adc_clips += clips;
}

const struct mca_pulse_command *mca_engine_take_commands(struct mca_chip *chip, size_t *count) {
    *count = chip->command_count;
    chip->command_count = 0;
    return chip->commands;
}

int mca_engine_batch_is_open(const struct mca_chip *chip) {
    return chip->batch_fill != 0;
}

void mca_engine_close_batch(struct mca_chip *chip) {
    chip->batch_fill = 0;
}

void mca_engine_end_refresh(struct mca_chip *chip) {
    ++chip->stats.refreshes;
}

uint64_t mca__products_read(const struct mca_step *step, const struct mca_work *work) {
    return step->kind == MCA_STEP_READ ? work->counts[MCA_COMPONENT_PCM_READ] / 2
           : mca_step_multiplies(step) ? work->counts[MCA_COMPONENT_DPU_ADD]
                                       : 0;
}

void mca_engine_book(struct mca_chip *chip, const struct mca_step *step,
                     const struct mca_work *work) {
    mca_work_book(&chip->ledger, step, work);
    if (step->phase == MCA_PHASE_FORWARD) {
        chip->stats.forward_macs_nonzero += mca__products_read(step, work);
    }
}

void mca_engine_book_busy(struct mca_chip *chip, uint32_t layer, enum mca_phase phase,
                          enum mca_resource resource, uint64_t busy_ps, uint64_t beside_ps) {
    mca_ledger_busy(&chip->ledger, layer, phase, resource, busy_ps, beside_ps);
}

void mca_engine_book_time(struct mca_chip *chip, uint64_t end_ps,
                          const uint64_t path_ps[MCA_PHASE_COUNT]) {
    chip->timeline.frontier.ps = end_ps;
    for (int p = MCA_PHASE_FORWARD; p < MCA_PATH_PHASES; ++p) {
        chip->timeline.frontier.phase_ps[p] = path_ps[p];
    }
}

enum mca_status mca_engine_check(const struct mca_chip *chip, struct mca_error *error) {
    if (chip->timeline.frontier.ps >> 62 != 0) {
        return mca_fail(error, MCA_FAILED,
                        "the chip's time is beyond 2^62 ps, 53 days, at image %llu",
                        (unsigned long long)chip->stats.images);
    }
    return chip->out_of_memory ? mca_fail_memory(error, "pulse commands") : MCA_OK;
}
