/*
 * Classification of many images on a chip at rest: image by image through the path of training,
 * spread over threads. Every read's noise belongs to its image, so the order does not matter. Their
 * time is found afterwards, from what each step took.
 */
#include <stdlib.h>

#include "base/parallel.h"
#include "chip/chip_state.h"

enum { BLOCK = 64 }; /* images that a thread takes at a time */

/* Work space of one thread. */
struct worker {
    struct mca_arena arena;
    struct mca_signals signals;
    struct mca_layered_ledger ledger;
    uint64_t clips;
    uint64_t macs_nonzero;
};

struct job {
    struct mca_chip *chip;
    struct mca__test_images images;
    struct mca__step_time *steps; /* of the images */
    uint16_t *predicted;
    struct worker *workers;
};

static struct mca_walk walk_of(const struct mca_chip *chip, const struct mca__test_images *images,
                               uint64_t image, struct mca_signals *signals, uint64_t *clips) {
    return (struct mca_walk){.program = &chip->infer,
                             .signals = signals,
                             .pixels = images->pixels + image * chip->network.layers[0].inputs,
                             .event = {MCA_RNG_INFER, images->run << 32 | image, 0},
                             .clips = clips};
}

void mca__walk_test_image(const struct mca_chip *chip, const struct mca__test_images *images,
                          uint32_t image, struct mca_signals *signals) {
    uint64_t clips = 0;
    const struct mca_walk walk = walk_of(chip, images, image, signals, &clips);
    struct mca_work work = {0};
    for (uint32_t i = 0; i < chip->infer.image_steps; ++i) {
        mca__execute_forward(chip, &chip->infer.steps[i], &walk, &work);
        mca_work_clear(&work);
    }
}

static void infer_one(const struct job *job, struct worker *w, uint64_t image) {
    const struct mca_chip *chip = job->chip;
    const struct mca_walk walk = walk_of(chip, &job->images, image, &w->signals, &w->clips);
    struct mca__step_time *times = job->steps + image * chip->infer.image_steps;
    struct mca_work work = {0};
    for (uint32_t i = 0; i < chip->infer.image_steps; ++i) {
        mca__execute_forward(chip, &chip->infer.steps[i], &walk, &work);
        times[i] = (struct mca__step_time){work.cycles, work.words, (uint32_t)work.read_cycles,
                                           (uint32_t)work.reads, work.cycles_beside};
        mca_work_book(&w->ledger, &chip->infer.steps[i], &work);
        w->macs_nonzero += mca__products_read(&chip->infer.steps[i], &work);
        mca_work_clear(&work);
    }
    job->predicted[image] = (uint16_t)mca_engine_predict(chip, &w->signals);
}

static void infer_block(void *user, uint32_t thread, uint64_t block) {
    const struct job *job = user;
    const uint64_t first = block * BLOCK;
    const uint64_t end = first + BLOCK < job->images.count ? first + BLOCK : job->images.count;
    for (uint64_t image = first; image < end; ++image) {
        infer_one(job, &job->workers[thread], image);
    }
}

static enum mca_status init_worker(struct worker *w, const struct mca_chip *chip,
                                   struct mca_error *error) {
    MCA_TRY(mca_layered_ledger_init(&w->ledger, &w->arena, chip->layer_count, error));
    return mca_engine_signals(chip, &w->arena, &w->signals, error);
}

enum mca_status mca_chip_infer(struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                               uint64_t run, uint32_t threads, uint16_t *predicted,
                               struct mca_error *error) {
    threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
    struct job job = {.chip = chip,
                      .images = {pixels, count, run, NULL},
                      .steps =
                          calloc(count + (size_t)1, chip->infer.image_steps * sizeof *job.steps),
                      .predicted = predicted,
                      .workers = calloc(threads, sizeof *job.workers)};
    job.images.steps = job.steps;
    mca__drift_to_now(chip);
    enum mca_status status =
        job.steps && job.workers ? MCA_OK : mca_fail_memory(error, "test work space");
    for (uint32_t t = 0; t < threads && status == MCA_OK; ++t) {
        status = init_worker(&job.workers[t], chip, error);
    }
    if (status == MCA_OK) {
        mca_parallel_for(threads, ((uint64_t)count + BLOCK - 1) / BLOCK, infer_block, &job);
        status = mca__time_test(chip, &job.images, error);
    }
    for (uint32_t t = 0; job.workers && t < threads; ++t) {
        if (status == MCA_OK) {
            mca_layered_ledger_add(&chip->ledger, &job.workers[t].ledger);
            chip->stats.test_clips += job.workers[t].clips;
            chip->stats.test_macs_nonzero += job.workers[t].macs_nonzero;
        }
        mca_arena_deinit(&job.workers[t].arena);
    }
    free(job.workers);
    free(job.steps);
    return status;
}
