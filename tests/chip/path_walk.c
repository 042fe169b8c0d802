#include "path_walk.h"

#include "mca_test.h"
#include "phase_scale.h"

enum { OPERATIONS_MAX = 1 << 20 };

struct path {
    uint64_t ps;
    uint64_t phase_ps[MCA_PHASE_COUNT];
};

struct seen {
    struct mca_operation is;
    struct mca_occupation at;
    uint64_t ready_cycle; /* of a command */
    int batch_ended;      /* right after it */
    int is_known;         /* the paths are */
    struct path begin;    /* DAC: of the pulses on the lines */
    struct path end;
    struct path taken; /* of a command */
    int was_held;      /* it was, by its queue */
};

struct path_walk {
    struct mca_chip *chip;
    struct mca_chip_probe probe;
    long count;
    uint64_t period_ps;
    struct seen of[];
};

static uint64_t next_ready_cycle;

static void note_command(uint64_t ready_cycle) {
    next_ready_cycle = ready_cycle;
}

static void note(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *at) {
    struct path_walk *walk = user;
    assert_true(walk->count < OPERATIONS_MAX);
    if (operation->resource != MCA_RESOURCE_CHI) { /* a part of the update */
        walk->of[walk->count++] =
            (struct seen){.is = *operation, .at = *at, .ready_cycle = next_ready_cycle};
    }
}

struct path_walk *path_walk_begin(struct mca_chip *chip) {
    struct path_walk *walk = calloc(1, sizeof *walk + (size_t)OPERATIONS_MAX * sizeof *walk->of);
    assert_non_null(walk);
    walk->chip = chip;
    walk->period_ps = mca_cycles_to_ps(1, chip->config.dpu.clock_hz);
    walk->probe = (struct mca_chip_probe){.user = walk, .occupied = note};
    phase_scale_command = note_command;
    mca_chip_attach(chip, &walk->probe);
    return walk;
}

/* The last operation before `i` on a resource and a layer (MCA_NO_LAYER: any). */
static long last(const struct path_walk *walk, long i, enum mca_resource resource, uint32_t layer) {
    while (--i >= 0 && !(walk->of[i].is.resource == resource &&
                         (layer == MCA_NO_LAYER || walk->of[i].is.layer == layer))) {
    }
    return i;
}

void path_walk_batch_ends(struct path_walk *walk) {
    long i = last(walk, walk->count, MCA_RESOURCE_DPU, MCA_NO_LAYER);
    while (walk->of[i].is.phase != MCA_PHASE_UPDATE) { /* a refresh came after it */
        i = last(walk, i, MCA_RESOURCE_DPU, MCA_NO_LAYER);
    }
    walk->of[i].batch_ended = 1;
}

void path_walk_end(struct path_walk *walk) {
    phase_scale_command = NULL;
    mca_chip_detach(walk->chip, &walk->probe);
    free(walk);
}

static struct path on(struct path path, enum mca_phase phase, uint64_t to_ps) {
    assert_true(path.ps <= to_ps);
    path.phase_ps[phase] += to_ps - path.ps;
    path.ps = to_ps;
    return path;
}

/* The later; of two of equal length, the one with more time in the first phase that differs. */
static void take(struct path *best, struct path other) {
    int wins = other.ps > best->ps;
    for (int p = 0; other.ps == best->ps && p < MCA_PHASE_COUNT; ++p) {
        if (other.phase_ps[p] != best->phase_ps[p]) {
            wins = other.phase_ps[p] > best->phase_ps[p];
            break;
        }
    }
    if (wins) {
        *best = other;
    }
}

/* What ended when the array could be driven at `ps`: conversions that held its samples, pulses, and
 * what could have sent some. */
static void take_array(const struct path_walk *walk, long i, uint64_t ps, struct path *best) {
    const uint32_t layer = walk->of[i].is.layer;
    const long read = last(walk, i, MCA_RESOURCE_ADC, layer);
    if (read >= 0 && walk->of[read].begin.ps == ps) {
        take(best, walk->of[read].begin);
    }
    for (long j = i; --j >= 0;) {
        const struct seen *s = &walk->of[j];
        const int is_update = s->is.phase == MCA_PHASE_UPDATE && s->is.layer == layer;
        const int is_refresh = s->is.phase == MCA_PHASE_REFRESH && s->is.layer == layer;
        const int settles = s->is.resource == MCA_RESOURCE_DPU &&
                            ((is_update && walk->chip->batch == 1) || is_refresh ||
                             (s->batch_ended && walk->chip->batch > 1));
        const int pulses = s->is.resource == MCA_RESOURCE_PROGRAM && s->is.layer == layer;
        if (s->at.end_ps == ps && (settles || pulses)) {
            take(best, s->end);
        }
    }
}

/* What makes the codes of a read: the load of the image, the digital unit's operation on the layer
 * before, the error of the layer, or, in a refresh, what the unit did last; where layers are read
 * side by side, what it did last before the refresh. */
static int makes_codes(const struct mca_chip *chip, const struct mca_operation *made,
                       const struct mca_operation *drive) {
    const int is_unit = made->resource == MCA_RESOURCE_DPU;
    switch ((int)drive->phase) {
    case MCA_PHASE_FORWARD:
        return drive->layer == 0
                   ? made->resource == MCA_RESOURCE_IMAGE_PORT
                   : is_unit && made->phase == MCA_PHASE_FORWARD && made->layer + 1 == drive->layer;
    case MCA_PHASE_BACKWARD:
        return is_unit && made->phase == MCA_PHASE_ERROR && made->layer == drive->layer;
    default:
        return is_unit && (chip->config.refresh.layers == MCA_LAYERS_IN_TURN ||
                           made->phase != MCA_PHASE_REFRESH);
    }
}

static void walk_drive(const struct path_walk *walk, long i, struct seen *s) {
    const uint64_t driving_ps = walk->of[i + 1].at.start_ps; /* the array's operation follows */
    struct path input = {0};
    const long before = last(walk, i, MCA_RESOURCE_DAC, s->is.layer);
    if (before >= 0) {
        input = walk->of[before].end;
    }
    long maker = i;
    while (--maker >= 0 && !makes_codes(walk->chip, &walk->of[maker].is, &s->is)) {
    }
    assert_true(maker >= 0);
    take(&input, walk->of[maker].end);
    struct path best = {0};
    if (input.ps == s->at.start_ps) { /* and registers are loaded */
        best = on(input, s->is.phase, driving_ps);
    }
    take_array(walk, i, driving_ps, &best);
    assert_int_equal(best.ps, driving_ps);
    s->begin = best;
    s->end = on(best, s->is.phase, s->at.end_ps);
}

static void walk_load(const struct path_walk *walk, long i, struct seen *s) {
    struct path best = {0};
    long converted = last(walk, i, MCA_RESOURCE_ADC, 0); /* of the image before */
    while (converted >= 0 && walk->of[converted].is.phase != MCA_PHASE_FORWARD) {
        converted = last(walk, converted, MCA_RESOURCE_ADC, 0);
    }
    if (converted >= 0 && walk->of[converted].begin.ps == s->at.start_ps) {
        take(&best, walk->of[converted].begin);
    }
    int images = 0;
    uint64_t latest_ps = 0;
    for (long j = i; --j >= 0;) {
        const struct seen *from = &walk->of[j];
        const int ends_image = from->is.resource == MCA_RESOURCE_DPU && from->is.layer == 0 &&
                               from->is.phase == MCA_PHASE_UPDATE;
        images += ends_image;
        if (ends_image && images == 2 && from->at.end_ps == s->at.start_ps) {
            take(&best, from->end);
        }
        latest_ps = from->at.end_ps > latest_ps ? from->at.end_ps : latest_ps;
    }
    for (long j = i; latest_ps == s->at.start_ps && --j >= 0;) { /* the chip was idle */
        if (walk->of[j].at.end_ps == latest_ps && walk->of[j].is.resource != MCA_RESOURCE_DAC &&
            walk->of[j].is.resource != MCA_RESOURCE_TILE) {
            take(&best, walk->of[j].end);
        }
    }
    assert_int_equal(best.ps, s->at.start_ps);
    s->begin = best;
    s->end = on(best, s->is.phase, s->at.end_ps);
}

static void walk_unit(const struct path_walk *walk, long i, struct seen *s) {
    struct path best = {0};
    const long before = last(walk, i, MCA_RESOURCE_DPU, MCA_NO_LAYER);
    best = before >= 0 ? walk->of[before].end : best;
    const long codes = last(walk, i, MCA_RESOURCE_ADC, MCA_NO_LAYER);
    if (s->is.phase == MCA_PHASE_REFRESH) { /* compares as fast as it can, to the last code */
        best = on(best, s->is.phase, best.ps + s->at.busy_ps);
        take(&best, walk->of[codes].end);
        assert_true(best.ps + walk->period_ps > s->at.end_ps);
    } else {
        if (codes >= 0 && s->is.phase != MCA_PHASE_UPDATE) {
            take(&best, walk->of[codes].end);
        }
        assert_true(best.ps <= s->at.start_ps && best.ps + walk->period_ps > s->at.start_ps);
    }
    s->begin = best;
    for (long j = before + 1; j < i; ++j) { /* the last command that its queue held up */
        if (s->is.phase == MCA_PHASE_UPDATE && walk->of[j].was_held) {
            best = walk->of[j].taken;
        }
    }
    s->end = on(best, s->is.phase, s->at.end_ps);
}

/* The engine's path when it has the command: from the last one that its queue held up, or from the
 * operation before. (A word is not longer than what held it up: one cycle.) */
static struct path ready_path(const struct path_walk *walk, long i, const struct seen *s) {
    const uint64_t ready_ps = mca_cycles_to_ps(s->ready_cycle, walk->chip->config.dpu.clock_hz);
    const enum mca_phase maker =
        s->is.phase == MCA_PHASE_TRANSFER ? MCA_PHASE_UPDATE : MCA_PHASE_REFRESH;
    for (long j = i; --j >= 0;) {
        const struct seen *from = &walk->of[j];
        if (from->is.resource == MCA_RESOURCE_DPU) {
            return on(from->end, maker, ready_ps);
        }
        if (from->was_held && walk->chip->batch == 1 && s->is.phase == MCA_PHASE_TRANSFER) {
            return on(from->taken, maker, ready_ps);
        }
    }
    return (struct path){0};
}

static void walk_pulses(const struct path_walk *walk, long i, struct seen *s) {
    const struct mca_transfer_config *transfer = &walk->chip->config.transfer;
    const uint64_t clock_hz = walk->chip->config.dpu.clock_hz;
    const uint64_t taken_cycle = mca_ps_to_cycles(s->at.queued_ps, clock_hz);
    const uint64_t left_cycle = mca_ps_to_cycles(s->at.start_ps, clock_hz);
    s->taken = ready_path(walk, i, s);
    struct path best = {0};
    uint32_t nth = 0;
    for (long j = i; --j >= 0 && nth < transfer->fifo_depth;) { /* those before it in its queue */
        const struct seen *from = &walk->of[j];
        if (from->is.resource != MCA_RESOURCE_PROGRAM || from->is.layer != s->is.layer ||
            from->is.unit != s->is.unit) {
            continue;
        }
        const struct path after = on(from->begin, s->is.phase, from->begin.ps + walk->period_ps);
        if (++nth == 1) { /* its driver, and one command a cycle */
            take(&best, from->end);
            if (mca_ps_to_cycles(from->at.start_ps, clock_hz) + 1 == left_cycle) {
                take(&best, after);
            }
        }
        if (nth == transfer->fifo_depth && after.ps == s->at.queued_ps) { /* its place */
            const struct path ready = s->taken;
            if (taken_cycle > s->ready_cycle) {
                s->taken = after;
            } else {
                take(&s->taken, after);
            }
            s->was_held = memcmp(&ready, &s->taken, sizeof ready) != 0;
        }
    }
    assert_int_equal(s->taken.ps, s->at.queued_ps);
    const long read = last(walk, i, MCA_RESOURCE_ADC, s->is.layer);
    take(&best, walk->of[read].begin); /* the array is free */
    take(&best, s->taken);
    assert_true(best.ps <= s->at.start_ps && best.ps + walk->period_ps > s->at.start_ps);
    s->begin = on(best, s->is.phase, s->at.start_ps);
    s->end = on(s->begin, s->is.phase, s->at.end_ps);
}

/* The paths to an operation's beginning and end; those of what it waited for are known. */
static void walk_operation(const struct path_walk *walk, long i, struct seen *s) {
    switch (s->is.resource) {
    case MCA_RESOURCE_IMAGE_PORT:
        walk_load(walk, i, s);
        break;
    case MCA_RESOURCE_DAC:
        walk_drive(walk, i, s);
        break;
    case MCA_RESOURCE_TILE:
        s->begin = walk->of[i - 1].begin;
        s->end = on(s->begin, s->is.phase, s->at.end_ps);
        break;
    case MCA_RESOURCE_ADC: {
        const long before = last(walk, i, MCA_RESOURCE_ADC, s->is.layer);
        s->begin = walk->of[i - 1].end;
        if (before >= 0) { /* samples are held */
            take(&s->begin, walk->of[before].end);
        }
        assert_int_equal(s->begin.ps, s->at.start_ps);
        s->end = on(s->begin, s->is.phase, s->at.end_ps);
        break;
    }
    case MCA_RESOURCE_DPU:
        walk_unit(walk, i, s);
        break;
    case MCA_RESOURCE_PROGRAM:
        walk_pulses(walk, i, s);
        break;
    case MCA_RESOURCE_CHI:
    case MCA_RESOURCE_COUNT:
        break;
    }
}

void path_walk_shares(struct path_walk *walk, uint64_t phase_ps[MCA_PHASE_COUNT]) {
    struct path best = {0};
    for (long i = 0; i < walk->count; ++i) {
        struct seen *s = &walk->of[i];
        walk_operation(walk, i, s);
        if (s->is.resource != MCA_RESOURCE_DAC && s->is.resource != MCA_RESOURCE_TILE) {
            take(&best, s->end);
        }
    }
    memcpy(phase_ps, best.phase_ps, sizeof best.phase_ps);
}
