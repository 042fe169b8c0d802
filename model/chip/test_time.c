/*
 * The time of a test: its images one after the other on a chip at rest, step by step as training
 * does them forward; an image is loaded while the one before is at work. A copy of the chip goes
 * through it, so that the time of training stands still.
 */
#include <stdlib.h>
#include <string.h>

#include "chip/chip_state.h"

/* A chip at rest, and what it has at its own. */
struct test {
    struct mca_chip chip;
    struct mca_arena arena;
    const struct mca__test_images *images;
};

static enum mca_status rest(struct test *test, const struct mca_chip *chip,
                            struct mca_error *error) {
    struct mca_chip *own = &test->chip;
    *own = *chip;
    own->layers = mca_arena_alloc(&test->arena, chip->layer_count, sizeof *own->layers);
    own->ends = mca_arena_alloc(&test->arena, chip->train.step_count, sizeof *own->ends);
    if (!own->layers || !own->ends) {
        return mca_fail_memory(error, "time of a test");
    }
    MCA_TRY(mca_layered_ledger_init(&own->ledger, &test->arena, chip->layer_count, error));
    own->timeline = (struct mca_timeline){.ledger = &own->ledger};
    own->probes = NULL;
    own->what_if = NULL;
    own->shares_reads = 0; /* they are of other images */
    own->held.is_held = 0;
    own->image_free = own->image_in = own->image_read = (struct mca_moment){0};
    own->image_released[0] = own->image_released[1] = (struct mca_moment){0};
    own->image_cycle = 0;
    memset(own->units, 0, sizeof own->units);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &own->layers[i];
        *layer = chip->layers[i];
        layer->dac_free = layer->tile_free = layer->adc_free = layer->settled =
            (struct mca_moment){0};
    }
    return MCA_OK;
}

/* Whether a streaming layer had fewer reads than it could have: which, its lines tell. */
static int needs_values(const struct test *test, const struct mca__step_time *steps) {
    const struct mca_chip *chip = &test->chip;
    for (uint32_t i = 0; chip->stream && i < chip->infer.image_steps; ++i) {
        const struct mca_step *step = &chip->infer.steps[i];
        if (step->kind == MCA_STEP_READ &&
            steps[i].reads < (uint64_t)chip->layers[step->layer].positions *
                                 mca_engine_forward_drives(chip, step->layer)) {
            return 1;
        }
    }
    return 0;
}

static void time_image(struct test *test, uint32_t image) {
    struct mca_chip *chip = &test->chip;
    const struct mca__step_time *steps =
        test->images->steps + (size_t)image * chip->infer.image_steps;
    if (needs_values(test, steps)) {
        mca__walk_test_image(chip, test->images, image, &chip->signals);
    }
    for (uint32_t i = 0; i < chip->infer.image_steps; ++i) {
        const struct mca_step *step = &chip->train.steps[i]; /* the same, as training times it */
        struct mca_work work = {.reads = steps[i].reads,
                                .read_cycles = steps[i].read_cycles,
                                .cycles = steps[i].cycles,
                                .words = steps[i].words,
                                .cycles_beside = steps[i].cycles_beside};
        mca__free_work(chip, step, &work);
        mca__time_step(chip, step, &work);
    }
    mca__time_release(chip); /* as in training: two images are at work at most */
}

/* Times that go on from image to image. */
enum { TIMES_MAX = 4 + 4 * MCA_LAYERS_MAX };

static uint32_t times_of(const struct mca_chip *chip, uint64_t ps[TIMES_MAX]) {
    uint32_t n = 0;
    ps[n++] = chip->timeline.frontier.ps;
    ps[n++] = chip->image_free.ps;
    ps[n++] = chip->image_in.ps;
    ps[n++] = chip->image_read.ps;
    for (uint32_t u = 0; u < chip->unit_count; ++u) {
        ps[n++] = chip->units[u].free.ps;
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_layer *layer = &chip->layers[i];
        const int is_read = layer->adc_free.ps > 0;
        ps[n++] = is_read ? layer->dac_free.ps : ps[0];
        ps[n++] = is_read ? layer->tile_free.ps : ps[0];
        ps[n++] = is_read ? layer->adc_free.ps : ps[0];
    }
    return n;
}

/* How many images from number `first` on are as the one before them. */
static uint32_t alike(const struct test *test, uint32_t first) {
    const size_t size = test->chip.infer.image_steps * sizeof *test->images->steps;
    const char *steps = (const char *)test->images->steps + (size_t)(first - 1) * size;
    uint32_t count = 0;
    while (first + count < test->images->count &&
           memcmp(steps, steps + (size_t)(count + 1) * size, size) == 0) {
        ++count;
    }
    return count;
}

/* Adds up the busy times of a test, `images` times what `to` has beyond `from`. */
static void repeat_busy(struct mca_layered_ledger *to, const struct mca_ledger_part *from,
                        uint64_t images) {
    for (uint32_t i = 0; i <= to->layer_count; ++i) {
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            uint64_t *busy = &to->parts[i].busy_ps[MCA_PHASE_FORWARD][r];
            uint64_t *beside = &to->parts[i].beside_ps[MCA_PHASE_FORWARD][r];
            *busy += images * (*busy - from[i].busy_ps[MCA_PHASE_FORWARD][r]);
            *beside += images * (*beside - from[i].beside_ps[MCA_PHASE_FORWARD][r]);
        }
    }
}

/* The time of all images. Where an image moves all times by as much as the one before did, those
 * like it do too: on edges of a clock of whole picoseconds nothing is rounded. */
static enum mca_status time_images(struct test *test, uint64_t *latency_ps, uint64_t *time_ps,
                                   struct mca_error *error) {
    struct mca_chip *chip = &test->chip;
    const int is_even = 1000000000000u % chip->config.dpu.clock_hz == 0;
    const size_t parts = chip->layer_count + (size_t)1;
    struct mca_ledger_part *before = mca_arena_alloc(&test->arena, parts, sizeof *before);
    uint64_t skipped_ps = 0;
    uint64_t times[2][TIMES_MAX];
    uint64_t pace_ps = 0;
    if (!before) {
        return mca_fail_memory(error, "time of a test");
    }
    for (uint32_t i = 0; i < test->images->count; ++i) {
        memcpy(before, chip->ledger.parts, parts * sizeof *before);
        const uint32_t count = times_of(chip, times[0]);
        time_image(test, i);
        (void)times_of(chip, times[1]);
        *latency_ps = i == 0 ? times[1][0] : *latency_ps;
        const uint64_t pace = times[1][0] - times[0][0];
        int is_steady = is_even && i > 1 && pace == pace_ps;
        for (uint32_t k = 0; k < count; ++k) {
            is_steady = is_steady && times[1][k] - times[0][k] == pace;
        }
        pace_ps = pace;
        if (is_steady) {
            const uint32_t more = alike(test, i + 1);
            skipped_ps += more * pace;
            repeat_busy(&chip->ledger, before, more);
            i += more;
        }
    }
    *time_ps = chip->timeline.frontier.ps + skipped_ps;
    return MCA_OK;
}

/* What a test took, forward, or reads before it, as a refresh. */
static void book(struct mca_chip *chip, const struct test *test, enum mca_phase phase,
                 uint64_t time_ps) {
    for (uint32_t i = 0; i <= chip->layer_count; ++i) {
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            const struct mca_ledger_part *part = &test->chip.ledger.parts[i];
            chip->ledger.parts[i].busy_ps[MCA_PHASE_TEST][r] += part->busy_ps[phase][r];
            chip->ledger.parts[i].beside_ps[MCA_PHASE_TEST][r] += part->beside_ps[phase][r];
        }
    }
    chip->test_time_ps += time_ps;
}

static enum mca_status time_reference_reads(struct mca_chip *chip, struct mca_error *error) {
    struct test test = {.images = NULL};
    const enum mca_status status = rest(&test, chip, error);
    mca__time_scan(&test.chip);
    for (uint32_t i = 0; status == MCA_OK && i < chip->layer_count; ++i) {
        const struct mca_step step = {
            .kind = MCA_STEP_REFRESH, .phase = MCA_PHASE_REFRESH, .layer = i};
        struct mca_work work = {0};
        if (chip->layers[i].matrix.g[0]) {
            mca_work_reference_reads(&test.chip, &step, &work);
            (void)mca__time_refresh(&test.chip, &step, &work);
        }
    }
    if (status == MCA_OK) {
        book(chip, &test, MCA_PHASE_REFRESH, test.chip.timeline.frontier.ps);
    }
    mca_arena_deinit(&test.arena);
    return status;
}

static enum mca_status time_test(struct mca_chip *chip, const struct mca__test_images *images,
                                 struct mca_error *error) {
    struct test test = {.images = images};
    uint64_t time_ps = 0;
    enum mca_status status = rest(&test, chip, error);
    if (status == MCA_OK && images->count > 0) {
        status = time_images(&test, &chip->test_latency_ps, &time_ps, error);
    }
    if (status == MCA_OK) {
        book(chip, &test, MCA_PHASE_FORWARD, time_ps);
    }
    mca_arena_deinit(&test.arena);
    return status;
}

/* And with each resource free, where that is asked for. */
enum mca_status mca__time_reference_reads(struct mca_chip *chip, struct mca_error *error) {
    for (int r = 0; chip->what_if && r < MCA_RESOURCE_COUNT; ++r) {
        MCA_TRY(time_reference_reads(mca__what_if_chip(chip, r), error));
    }
    return time_reference_reads(chip, error);
}

enum mca_status mca__time_test(struct mca_chip *chip, const struct mca__test_images *images,
                               struct mca_error *error) {
    for (int r = 0; chip->what_if && r < MCA_RESOURCE_COUNT; ++r) {
        MCA_TRY(time_test(mca__what_if_chip(chip, r), images, error));
    }
    return time_test(chip, images, error);
}
