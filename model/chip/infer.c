/*
 * Classification of many images on a chip at rest: image by image through the path of training,
 * spread over threads. Every read's noise belongs to its image, so the order does not matter.
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
};

struct job {
    struct mca_chip *chip;
    const uint8_t *pixels;
    uint32_t count;
    uint64_t run;
    uint8_t *predicted;
    struct worker *workers;
};

static void infer_one(const struct job *job, struct worker *w, uint64_t image) {
    const struct mca_chip *chip = job->chip;
    const struct mca_walk walk = {.program = &chip->infer,
                                  .signals = &w->signals,
                                  .pixels = job->pixels + image * chip->network.layers[0].inputs,
                                  .event = {MCA_RNG_INFER, job->run << 32 | image, 0},
                                  .clips = &w->clips};
    struct mca_work work = {0};
    for (uint32_t i = 0; i < chip->infer.image_steps; ++i) {
        mca__execute_forward(chip, &chip->infer.steps[i], &walk, &work);
        mca_work_book(&w->ledger, &chip->infer.steps[i], &work);
        mca_work_clear(&work);
    }
    job->predicted[image] = (uint8_t)mca_engine_predict(chip, &w->signals);
}

static void infer_block(void *user, uint32_t thread, uint64_t block) {
    const struct job *job = user;
    const uint64_t first = block * BLOCK;
    const uint64_t end = first + BLOCK < job->count ? first + BLOCK : job->count;
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
                               uint64_t run, uint32_t threads, uint8_t *predicted,
                               struct mca_error *error) {
    threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
    struct job job = {.chip = chip,
                      .pixels = pixels,
                      .count = count,
                      .run = run,
                      .predicted = predicted,
                      .workers = calloc(threads, sizeof *job.workers)};
    if (!job.workers) {
        return mca_fail_memory(error, "test work space");
    }
    enum mca_status status = MCA_OK;
    for (uint32_t t = 0; t < threads && status == MCA_OK; ++t) {
        status = init_worker(&job.workers[t], chip, error);
    }
    if (status == MCA_OK) {
        mca_parallel_for(threads, ((uint64_t)count + BLOCK - 1) / BLOCK, infer_block, &job);
    }
    for (uint32_t t = 0; t < threads; ++t) {
        if (status == MCA_OK) {
            mca_layered_ledger_add(&chip->ledger, &job.workers[t].ledger);
        }
        mca_arena_deinit(&job.workers[t].arena);
    }
    free(job.workers);
    return status;
}
