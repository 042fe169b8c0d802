/*
 * timing.read_ahead: the first layer is read for the next image before it is updated for this one,
 * so that its read goes on while the digital unit multiplies and adds, and pulses wait for the read
 * instead. Weights of the first layer that an image is read with are without the update of the
 * image before, as the hardware's would be; all others are up to date.
 *
 * An image's last step, the update of the first layer, and what follows it (the end of a
 * mini-batch, pulses) is held until the next image has been loaded and read, or until
 * mca_chip_end_batch. Where a refresh follows, it is done at once: the refresh needs the converters.
 */
#include <string.h>

#include "chip/chip_state.h"

/* The image is loaded, and read by the first layer; its activations come next, and those of the
 * image before have taken the converters' codes by then. */
enum { STEPS_AHEAD = 2, FIRST_ACTIVATION = STEPS_AHEAD };

enum mca_status mca__read_ahead_init(struct mca_chip *chip, struct mca_error *error) {
    chip->reads_ahead =
        chip->config.timing.read_ahead && mca_program_can_read_ahead(&chip->train, &chip->network);
    return chip->reads_ahead ? mca_engine_signals(chip, &chip->arena, &chip->ahead, error) : MCA_OK;
}

void mca__time_hold(struct mca_chip *chip) {
    chip->held.taken = chip->ends[FIRST_ACTIVATION].at;
    chip->held.is_held = 1;
}

/* What images before left behind its lines is no part of an image. */
static void clear_other_lines(struct mca_lines *lines, uint32_t inputs) {
    const size_t others = inputs - lines->count;
    memset(lines->line + lines->count, 0, others * sizeof *lines->line);
    memset(lines->code + lines->count, 0, others * sizeof *lines->code);
    if (lines->value) {
        memset(lines->value + lines->count, 0, others * sizeof *lines->value);
    }
}

void mca__hold_image(struct mca_chip *chip, const struct mca_image_plan *plan) {
    chip->held.plan = *plan;
    clear_other_lines(&chip->signals.layers[0].input, chip->layers[0].inputs);
    if (chip->what_if) {
        mca__what_if_hold(chip);
    }
    mca__time_hold(chip);
}

enum mca_status mca__begin_image(struct mca_chip *chip, const uint8_t *pixels, uint32_t *first,
                                 struct mca_error *error) {
    const struct mca_walk walk = {.program = &chip->train,
                                  .signals = &chip->ahead,
                                  .pixels = pixels,
                                  .event = {MCA_RNG_FORWARD, chip->stats.images, 0},
                                  .clips = &chip->stats.adc_clips};
    *first = 0;
    if (!chip->held.is_held) {
        return MCA_OK;
    }
    *first = STEPS_AHEAD;
    mca__execute_steps(chip, &walk, 0, STEPS_AHEAD);
    const enum mca_status status = mca__finish_held(chip, error);
    const struct mca_signals read = chip->ahead;
    chip->ahead = chip->signals;
    chip->signals = read;
    return status;
}

enum mca_status mca__finish_held(struct mca_chip *chip, struct mca_error *error) {
    if (!chip->held.is_held) {
        return MCA_OK;
    }
    mca__execute_steps(chip, NULL, chip->train.image_steps - 1, chip->train.image_steps);
    mca__release_image(chip);
    return mca__follow_image(chip, &chip->held.plan, error);
}
