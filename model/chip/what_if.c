/*
 * What the chip would take if a resource took no time: the work of each step is timed a second
 * time, on a copy of the chip's timeline for each resource, in whose configuration it is free.
 * Values, counts and the chip's own times stay as they are; since times never change values, the
 * work is what a chip with that resource free would do.
 */
#include <stdlib.h>
#include <string.h>

#include "chip/chip_state.h"

/* The chip's timeline again, once for each resource. */
struct mca_what_if {
    struct mca_chip chips[MCA_RESOURCE_COUNT]; /* of which nothing but the timeline is their own */
    uint64_t rewrite_cycle[MCA_RESOURCE_COUNT];
    struct mca_tile_updaters updaters;  /* of an update, of the copy at work: their cycles */
    struct mca_pulse_command *commands; /* likewise, at the cycles of the copy */
    size_t command_capacity;
};

/* A resource of a configuration takes no time; docs/reference/timing.md has the keys. */
static void free_resource(struct mca_chip_config *config, enum mca_resource resource) {
    struct mca_timing_config *timing = &config->timing;
    switch (resource) {
    case MCA_RESOURCE_IMAGE_PORT:
        timing->image_load_ps_per_byte = 0;
        break;
    case MCA_RESOURCE_DAC:
        timing->dac_load_ps = 0;
        break;
    case MCA_RESOURCE_TILE:
        timing->read_ps_per_level = 0;
        timing->read_settle_ps = 0;
        break;
    case MCA_RESOURCE_ADC:
        timing->adc_conversion_ps = 0;
        break;
    case MCA_RESOURCE_DPU:
        timing->free_dpu = 1;
        break;
    case MCA_RESOURCE_CHI:
        config->chi.access_cycles = 0;
        break;
    case MCA_RESOURCE_PROGRAM:
    case MCA_RESOURCE_COUNT:
    default:
        timing->set_pulse_ps = 0;
        timing->reset_pulse_ps = 0;
        break;
    }
}

static int copy_layer(struct mca_chip *copy, struct mca_layer *layer, enum mca_resource resource,
                      struct mca_arena *arena) {
    int whole = 1;
    layer->dac_free = layer->tile_free = layer->adc_free = layer->settled = (struct mca_moment){0};
    mca__program_take_queues(layer, &copy->config.transfer, arena, &whole);
    const int is_free = resource == MCA_RESOURCE_DPU;
    layer->chi.config.engine_free |= (unsigned)is_free;
    if (resource == MCA_RESOURCE_CHI || (is_free && layer->is_digital)) {
        layer->chi.config.access_cycles = 0;
    }
    return whole;
}

static enum mca_status copy_chip(struct mca_chip *chip, struct mca_chip *copy,
                                 enum mca_resource resource, struct mca_error *error) {
    const size_t reads = mca__reads_followed(chip);
    struct mca_arena *arena = &chip->arena;
    int whole = 1;
    *copy = *chip;
    copy->what_if = NULL;
    copy->is_copy = 1;
    copy->shares_reads = 1;
    copy->freed = resource;
    free_resource(&copy->config, resource);
    copy->layers = mca_arena_take(arena, chip->layer_count, sizeof *copy->layers, &whole);
    copy->ends = mca_arena_take(arena, chip->train.step_count, sizeof *copy->ends, &whole);
    if (reads > 0) {
        copy->converted = mca_arena_take(arena, reads, sizeof *copy->converted, &whole);
    }
    for (uint32_t i = 0; i < chip->layer_count && whole; ++i) {
        copy->layers[i] = chip->layers[i];
        whole = copy_layer(copy, &copy->layers[i], resource, arena);
    }
    if (!whole) {
        return mca_fail_memory(error, "what-if");
    }
    MCA_TRY(mca_layered_ledger_init(&copy->ledger, arena, chip->layer_count, error));
    copy->timeline = (struct mca_timeline){.ledger = &copy->ledger};
    copy->commands = NULL;
    copy->command_count = 0;
    return mca__stream_copy(copy, arena, error);
}

enum mca_status mca__what_if_init(struct mca_chip *chip, struct mca_error *error) {
    if (!chip->config.timing.what_if) {
        return MCA_OK;
    }
    uint64_t tiles = 1;
    struct mca_what_if *what_if = mca_arena_alloc(&chip->arena, 1, sizeof *what_if);
    if (!what_if) {
        return mca_fail_memory(error, "what-if");
    }
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        MCA_TRY(copy_chip(chip, &what_if->chips[r], (enum mca_resource)r, error));
        what_if->chips[r].updaters = &what_if->updaters;
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        tiles = mca_max_u64(tiles, chip->layers[i].parts.units);
    }
    what_if->updaters.of = mca_arena_alloc(&chip->arena, tiles, sizeof *what_if->updaters.of);
    if (!what_if->updaters.of) {
        return mca_fail_memory(error, "what-if");
    }
    chip->what_if = what_if;
    return MCA_OK;
}

void mca__what_if_deinit(struct mca_chip *chip) {
    if (chip->what_if) {
        free(chip->what_if->commands);
    }
}

struct mca_chip *mca__what_if_chip(const struct mca_chip *chip, int resource) {
    return chip->what_if ? &chip->what_if->chips[resource] : NULL;
}

/* Products of a digital layer, whose memory is as fast as chi: words at another pace. */
static void pace_product(const struct mca_chip *copy, const struct mca_step *step,
                         struct mca_work *work) {
    const struct mca_chi_config *memory = &copy->layers[step->layer].chi.config;
    const uint64_t passes = mca_work_product_passes(&copy->config.dpu, step->is_backward);
    mca_work_pace_product(copy, mca_max_u64(passes, mca_work_weight_interval(memory)), work);
}

void mca__free_work(const struct mca_chip *copy, const struct mca_step *step,
                    struct mca_work *work) {
    if (!copy->is_copy || work->cycles == 0) {
        return;
    }
    if (copy->freed == MCA_RESOURCE_DPU) {
        work->cycles = work->read_cycles = work->cycles_beside = 0;
    } else if (copy->freed == MCA_RESOURCE_CHI && step->kind == MCA_STEP_VECTOR &&
               step->vector == MCA_VECTOR_PRODUCT) {
        pace_product(copy, step, work);
    }
}

void mca__time_step(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    if (step->kind == MCA_STEP_LOAD) {
        mca__time_load(chip, step);
    } else if (step->kind == MCA_STEP_READ) {
        mca__time_read(chip, step, work);
    } else if (step->vector == MCA_VECTOR_PRODUCT) {
        mca__time_product(chip, step, work);
    } else {
        mca__time_vector(chip, step, work);
    }
}

/* A step of the chip's program in a copy's. */
static const struct mca_step *step_of(const struct mca_chip *copy, const struct mca_chip *chip,
                                      const struct mca_step *step) {
    return &copy->train.steps[mca_step_number(&chip->train, step)];
}

void mca__what_if_step(struct mca_chip *chip, const struct mca_step *step,
                       const struct mca_work *work) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        struct mca_chip *copy = &chip->what_if->chips[r];
        struct mca_work own = *work;
        mca__free_work(copy, step, &own);
        mca__time_step(copy, step_of(copy, chip, step), &own);
    }
}

/* At which pace an update goes: cycles of a word, of a command, before the first word, and after
 * the last. */
struct pace {
    uint64_t word;
    uint64_t command;
    uint64_t start;
    uint64_t latency;
};

static struct pace pace_of(const struct mca_chip *chip, const struct mca_layer *layer,
                           uint32_t engine, uint64_t start) {
    const struct mca_chi_config *chi = &layer->chi.config;
    const uint64_t words = chip->arithmetic->takes_rows ? mca__updater_row_words(layer, engine) : 1;
    return (struct pace){words * mca_chi_interval(chi), mca_update_command_cycles(chi),
                         chi->engine_free ? 0 : start, mca_update_latency(chi)};
}

/* What words with commands take beyond the pace. */
static uint64_t beyond(const struct pace *pace, uint64_t commands) {
    return mca_max_u64(pace->word, commands * pace->command) - pace->word;
}

/* The commands of an engine in an update of `cycles` at another pace, and its cycles then. */
static uint64_t pace_update(const struct mca_chip *chip, const struct mca_layer *layer,
                            uint32_t engine, const struct pace *from, const struct pace *to,
                            const struct mca_pulse_command *commands, size_t count,
                            struct mca_pulse_command *paced, uint64_t cycles) {
    uint64_t beyond_from = 0;
    uint64_t beyond_to = 0;
    for (size_t i = 0; i < count;) {
        if (!mca__is_of_updater(layer, &commands[i], engine)) {
            ++i;
            continue;
        }
        const uint64_t word = mca__word_of(chip, layer, &commands[i]);
        const uint64_t done = commands[i].ready_cycle - from->start - beyond_from;
        const uint64_t before = from->word > 0 ? done / from->word : 0;
        uint64_t k = 0;
        for (; i < count && mca__word_of(chip, layer, &commands[i]) == word &&
               mca__is_of_updater(layer, &commands[i], engine);
             ++i, ++k) {
            paced[i] = commands[i];
            paced[i].ready_cycle = to->start + before * to->word + beyond_to + k * to->command;
        }
        beyond_from += beyond(from, k);
        beyond_to += beyond(to, k);
    }
    const uint64_t done = cycles - from->latency - from->start - beyond_from;
    const uint64_t words = from->word > 0 ? done / from->word : 0;
    return to->start + words * to->word + beyond_to + to->latency;
}

/* The same of all engines of an update. */
static void pace_engines(const struct mca_chip *chip, struct mca_chip *copy,
                         const struct mca_step *step, size_t first, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const uint64_t cycles = work->cycles;
    const uint64_t start = work->read_cycles;
    uint64_t all = 0;
    work->cycles = work->read_cycles = 0;
    for (uint32_t e = 0; e < layer->parts.units; ++e) {
        const struct mca_tile_updater *engine =
            mca__has_updaters(layer) ? &chip->updaters->of[e] : NULL;
        const struct pace from = pace_of(chip, layer, e, engine ? engine->start : start);
        const struct pace to = pace_of(copy, &copy->layers[step->layer], e, from.start);
        const uint64_t own =
            pace_update(chip, layer, e, &from, &to, chip->commands + first, copy->command_count,
                        copy->commands, engine ? engine->cycles : cycles);
        copy->updaters->of[e].cycles = own;
        work->cycles = mca_max_u64(work->cycles, own);
        work->read_cycles = mca_max_u64(work->read_cycles, to.start);
        all += own;
    }
    work->cycles_beside = all - work->cycles;
}

static int has_room(struct mca_chip *chip, size_t count) {
    struct mca_what_if *what_if = chip->what_if;
    if (count > what_if->command_capacity) {
        struct mca_pulse_command *grown = realloc(what_if->commands, count * sizeof *grown);
        if (!grown) {
            chip->out_of_memory = 1;
            return 0;
        }
        what_if->commands = grown;
        what_if->command_capacity = count;
    }
    return 1;
}

void mca__what_if_update(struct mca_chip *chip, const struct mca_step *step,
                         const struct mca_work *work, size_t first) {
    const size_t count = chip->command_count - first;
    if (!has_room(chip, count)) {
        return;
    }
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        struct mca_chip *copy = &chip->what_if->chips[r];
        struct mca_work own = *work;
        copy->commands = chip->what_if->commands;
        copy->command_count = count;
        pace_engines(chip, copy, step, first, &own);
        mca__schedule_update(copy, step_of(copy, chip, step), &own, 0);
        copy->command_count = 0;
    }
}

void mca__what_if_batch(struct mca_chip *chip) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        struct mca_chip *copy = &chip->what_if->chips[r];
        mca__time_batch(copy);
        for (size_t i = 0; i < chip->command_count && chip->batch > 1; ++i) {
            mca__schedule_waiting(copy, &chip->commands[i]);
        }
    }
}

void mca__what_if_scan(struct mca_chip *chip) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__time_scan(&chip->what_if->chips[r]);
    }
}

void mca__what_if_refresh(struct mca_chip *chip, const struct mca_step *step,
                          const struct mca_work *work) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        struct mca_chip *copy = &chip->what_if->chips[r];
        struct mca_work own = *work;
        mca__free_work(copy, step, &own);
        chip->what_if->rewrite_cycle[r] = mca__time_refresh(copy, step_of(copy, chip, step), &own);
    }
}

void mca__what_if_rewrite(struct mca_chip *chip, const struct mca_command_job *job) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        struct mca_chip *copy = &chip->what_if->chips[r];
        struct mca_command_job own = *job;
        struct mca_moment held;
        own.ready_cycle = chip->what_if->rewrite_cycle[r];
        own.duration_ps = r == MCA_RESOURCE_PROGRAM ? 0 : job->duration_ps;
        own.from = &mca__unit_of(copy, job->layer)->free;
        (void)mca__program_schedule(copy, &own, &held);
    }
}

void mca__what_if_release(struct mca_chip *chip) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__time_release(&chip->what_if->chips[r]);
    }
}

void mca__what_if_hold(struct mca_chip *chip) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        mca__time_hold(&chip->what_if->chips[r]);
    }
}

void mca__what_if_idle(struct mca_chip *chip) {
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        chip->what_if->chips[r].batch = chip->batch;
        mca__time_idle(&chip->what_if->chips[r]);
    }
}

uint64_t mca_chip_what_if_ps(const struct mca_chip *chip, enum mca_resource resource) {
    return chip->what_if ? chip->what_if->chips[resource].timeline.frontier.ps : 0;
}

uint64_t mca_chip_what_if_test_ps(const struct mca_chip *chip, enum mca_resource resource) {
    return chip->what_if ? chip->what_if->chips[resource].test_time_ps : 0;
}
