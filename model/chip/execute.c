/*
 * The walk through an image's program on the chip: each step moves its values, which gives its
 * work; the timeline finds when it is done, and the ledger takes it.
 */
#include "chip/chip_state.h"

static void combine(const struct mca_chip *chip, uint32_t index, struct mca_signals *signals) {
    const struct mca_network_layer *layer = &chip->network.layers[index];
    const uint32_t other =
        layer->config.type == MCA_LAYER_RESIDUAL_SUM ? layer->config.from : layer->takes;
    chip->arithmetic->combine(chip, &chip->layers[index], mca__values_of(signals, layer->takes),
                              mca__values_of(signals, other), &signals->layers[index]);
    mca__gather_whole(chip, index, signals);
}

static void spread(const struct mca_chip *chip, const struct mca_step *step,
                   struct mca_signals *signals) {
    const struct mca_network_layer *layer = &chip->network.layers[step->layer];
    if (layer->config.type == MCA_LAYER_RESIDUAL_SUM && step->to == layer->takes) {
        chip->arithmetic->apply_slopes(&chip->layers[step->layer],
                                       &signals->layers[step->layer]); /* before it spreads */
    }
    chip->arithmetic->spread(chip, &chip->layers[step->layer], step->read == 0,
                             &signals->layers[step->layer], &signals->layers[step->to]);
}

void mca_engine_compute(const struct mca_chip *chip, const struct mca_step *step,
                        struct mca_signals *signals, uint32_t label) {
    const struct mca_arithmetic_ops *arithmetic = chip->arithmetic;
    const struct mca_layer *layer = &chip->layers[step->layer];
    struct mca_layer_signals *s = &signals->layers[step->layer];
    switch (step->vector) {
    case MCA_VECTOR_ACTIVATION:
        mca_engine_activate(chip, step->layer, signals);
        break;
    case MCA_VECTOR_COMBINE:
        combine(chip, step->layer, signals);
        break;
    case MCA_VECTOR_OUTPUT_ERROR:
        arithmetic->output_error(chip, layer, s, label);
        break;
    case MCA_VECTOR_SPREAD:
        spread(chip, step, signals);
        break;
    case MCA_VECTOR_PRODUCT:
        break;
    case MCA_VECTOR_ERROR:
    default:
        arithmetic->apply_slopes(layer, s);
        if (arithmetic->scale) {
            arithmetic->scale(chip, layer, s);
        }
        break;
    }
}

void mca__execute_forward(const struct mca_chip *chip, const struct mca_step *step,
                          const struct mca_walk *walk, struct mca_work *work) {
    if (step->kind == MCA_STEP_LOAD) {
        mca_engine_load_image(chip, walk->signals, walk->pixels);
        mca_work_load(chip, work);
    } else if (step->kind == MCA_STEP_READ) {
        mca__read_forward(chip, step, walk, work);
    } else if (step->vector == MCA_VECTOR_PRODUCT) {
        mca_engine_multiply(chip, step, walk->signals, work);
    } else {
        mca_engine_compute(chip, step, walk->signals, 0);
        mca_work_vector(chip, step,
                        (uint64_t)mca_step_read_count(walk->program, step) *
                            chip->layers[step->layer].positions,
                        work);
    }
}

/* Reads whose sums a step takes. */
static uint64_t reads_before(const struct mca_chip *chip, const struct mca_step *step) {
    uint64_t reads = 0;
    for (uint32_t i = 0; i < step->wait_count; ++i) {
        reads += chip->ends[step->waits[i]].reads;
    }
    return reads;
}

static void execute_vector(struct mca_chip *chip, const struct mca_step *step,
                           const struct mca_walk *walk, struct mca_work *work) {
    if (step->vector == MCA_VECTOR_PRODUCT) {
        mca_engine_multiply(chip, step, walk->signals, work);
    } else {
        mca_engine_compute(chip, step, walk->signals, chip->label);
        mca_work_vector(chip, step, reads_before(chip, step), work);
    }
}

/* And what it would take with each resource free, where that is asked for. */
static void time_step(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    if (chip->what_if) {
        mca__what_if_step(chip, step, work);
    }
    mca__time_step(chip, step, work);
}

/* `work` is empty before and after. */
static void execute(struct mca_chip *chip, const struct mca_step *step, const struct mca_walk *walk,
                    struct mca_work *work) {
    switch (step->kind) {
    case MCA_STEP_LOAD:
        mca__execute_forward(chip, step, walk, work);
        time_step(chip, step, work);
        break;
    case MCA_STEP_READ:
        if (step->is_backward) {
            mca__read_backward(chip, step, work);
        } else {
            mca__read_forward(chip, step, walk, work);
        }
        time_step(chip, step, work);
        break;
    case MCA_STEP_VECTOR:
        execute_vector(chip, step, walk, work);
        time_step(chip, step, work);
        break;
    case MCA_STEP_UPDATE:
        mca__update(chip, step, work);
        break;
    case MCA_STEP_TRANSFER: /* counted command by command, each for its layer */
        mca__program_waiting(chip);
        break;
    case MCA_STEP_REFRESH:
    default:
        mca__refresh(chip, step, work);
        break;
    }
    mca_engine_book(chip, step, work);
    mca_work_clear(work);
}

/* Whether a refresh follows one more image. Both periods begin anew with each. */
static int is_due(struct mca_chip *chip, int ends_batch) {
    const struct mca_refresh_config *refresh = &chip->config.refresh;
    ++chip->since_refresh;
    const int by_images =
        refresh->every_images != 0 && chip->since_refresh >= refresh->every_images;
    const int by_pulses =
        refresh->every_pulses != 0 && chip->pulses_since_refresh >= refresh->every_pulses;
    if (!ends_batch || !(by_images || by_pulses)) {
        return 0;
    }
    chip->since_refresh = 0;
    chip->pulses_since_refresh = 0;
    return !chip->device.ops->continuous;
}

struct mca_image_plan mca_engine_plan_image(struct mca_chip *chip) {
    struct mca_image_plan plan = {.ends_batch = ++chip->batch_fill >= chip->batch};
    chip->batch_fill = plan.ends_batch ? 0 : chip->batch_fill;
    if (!mca_pulses_ask_for_refresh(&chip->config)) {
        plan.refreshes = is_due(chip, plan.ends_batch);
    }
    return plan;
}

void mca_engine_settle_plan(struct mca_chip *chip, struct mca_image_plan *plan) {
    if (mca_pulses_ask_for_refresh(&chip->config)) {
        plan->refreshes = is_due(chip, plan->ends_batch);
    }
}

/* The steps after those of the image, of a kind. */
static void execute_after(struct mca_chip *chip, enum mca_step_kind kind) {
    struct mca_work work = {0};
    for (uint32_t i = chip->train.image_steps; i < chip->train.step_count; ++i) {
        if (chip->train.steps[i].kind == kind) {
            execute(chip, &chip->train.steps[i], NULL, &work);
        }
    }
}

static void end_batch(struct mca_chip *chip) {
    chip->batch_fill = 0;
    execute_after(chip, MCA_STEP_TRANSFER);
}

enum mca_status mca__follow_image(struct mca_chip *chip, struct mca_image_plan *plan,
                                  struct mca_error *error) {
    mca_engine_settle_plan(chip, plan);
    if (plan->ends_batch) {
        end_batch(chip);
    }
    if (plan->refreshes) {
        mca__begin_refresh(chip);
        execute_after(chip, MCA_STEP_REFRESH);
        mca_engine_end_refresh(chip);
    }
    return mca_engine_check(chip, error);
}

void mca__execute_steps(struct mca_chip *chip, const struct mca_walk *walk, uint32_t first,
                        uint32_t end) {
    struct mca_work work = {0};
    for (uint32_t i = first; i < end; ++i) {
        execute(chip, &chip->train.steps[i], walk, &work);
    }
}

void mca__release_image(struct mca_chip *chip) {
    if (chip->what_if) {
        mca__what_if_release(chip);
    }
    mca__time_release(chip);
}

enum mca_status mca_chip_train_image(struct mca_chip *chip, const uint8_t *pixels, uint32_t label,
                                     struct mca_image_outcome *outcome, struct mca_error *error) {
    uint32_t first;
    mca__drift_to_now(chip);
    MCA_TRY(mca__begin_image(chip, pixels, &first, error));
    const struct mca_walk walk = {.program = &chip->train,
                                  .signals = &chip->signals,
                                  .pixels = pixels,
                                  .event = {MCA_RNG_FORWARD, chip->stats.images, 0},
                                  .clips = &chip->stats.adc_clips};
    const uint32_t steps = chip->train.image_steps;
    chip->pixels = pixels;
    chip->label = label;
    mca__execute_steps(chip, &walk, first, chip->reads_ahead ? steps - 1 : steps);
    outcome->predicted = mca_engine_predict(chip, &chip->signals);
    outcome->loss = mca_engine_loss(chip, &chip->signals, label);
    struct mca_image_plan plan = mca_engine_plan_image(chip);
    mca_engine_count_image(chip);
    if (chip->reads_ahead) {
        mca__hold_image(chip, &plan);
        return plan.refreshes ? mca__finish_held(chip, error) : MCA_OK;
    }
    mca__release_image(chip);
    return mca__follow_image(chip, &plan, error);
}

enum mca_status mca_chip_train_images(struct mca_chip *chip, const struct mca_chip_images *images,
                                      struct mca_image_outcome *outcomes, uint32_t *done,
                                      struct mca_error *error) {
    const size_t inputs = mca_network_inputs(&chip->network);
    const uint32_t outputs = mca_network_outputs(&chip->network);
    struct mca_image_outcome outcome;
    for (*done = 0; *done < images->count; ++*done) {
        const size_t image = images->order ? images->order[*done] : *done;
        const uint32_t label = images->labels[image];
        if (label >= outputs) {
            MCA_TRY(mca__finish_held(chip, error));
            return mca_fail(error, MCA_INVALID, "label %u of image %zu is not below the %u outputs",
                            label, image, outputs);
        }
        MCA_TRY(mca_chip_train_image(chip, images->pixels + image * inputs, label,
                                     outcomes ? &outcomes[*done] : &outcome, error));
    }
    return mca__finish_held(chip, error);
}

void mca_chip_end_batch(struct mca_chip *chip) {
    (void)mca__finish_held(chip, NULL); /* short memory is told by the next image */
    end_batch(chip);
}
