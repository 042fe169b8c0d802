#include "array/drifting.h"

#include "base/mathx.h"

/* Lists: the classes, and this one. */
enum { SINCE_LOOK = MCA_DRIFT_CLASSES, LISTS, BATCH = 64, SORT_BINS = 33 };

static const double LOG_STEP = 0.095310179804324860; /* ln 1.1 */
static const double PS_PER_S = 1e12;

/* No training takes so long (chip/engine.c): 2^62. */
static const double LIFE_PS = 4611686018427387904.0;
static const int64_t NEVER = INT64_MAX;

static double log_age_of(uint32_t class) {
    return class > 0 ? ((double)class - 0.5) * LOG_STEP : 0.0;
}

static uint32_t class_of(const struct mca_drifting *d, double age_ps) {
    uint32_t class = 0; /* border_ps[class] <= age */
    for (uint32_t step = MCA_DRIFT_CLASSES / 2; step > 0; step /= 2) {
        class += d->border_ps[class + step] <= age_ps ? step : 0;
    }
    return class;
}

/* Whole picoseconds, so that they can be compared with times. */
static void set_borders(struct mca_drifting *d, double t0_s) {
    for (uint32_t k = 1; k < MCA_DRIFT_CLASSES; ++k) {
        d->border_ps[k] = mca_round(t0_s * PS_PER_S * mca_exp((double)(k - 1) * LOG_STEP));
    }
}

static int64_t at_of(const struct mca_drifting *d, uint32_t id) {
    return d->at_ps[id & 1][id / 2];
}

/* When a device of a list is older than its class. */
static int64_t due_of(const struct mca_drifting *d, uint32_t list, uint32_t id) {
    const double border_ps = list + 1 < MCA_DRIFT_CLASSES ? d->border_ps[list + 1] : LIFE_PS;
    return border_ps < LIFE_PS ? at_of(d, id) + (int64_t)border_ps : NEVER;
}

static void take_out(struct mca_drifting *d, uint32_t id) {
    d->next[d->before[id]] = d->next[id];
    d->before[d->next[id]] = d->before[id];
}

static void append(struct mca_drifting *d, uint32_t list, uint32_t id) {
    const uint32_t end = d->devices + list;
    const uint32_t last = d->before[end];
    d->next[last] = id;
    d->before[id] = last;
    d->next[id] = end;
    d->before[end] = id;
    if (last == end && list != SINCE_LOOK) {
        d->due_ps[list] = due_of(d, list, id);
    }
}

static void empty_lists(struct mca_drifting *d) {
    for (uint32_t list = 0; list < LISTS; ++list) {
        d->next[d->devices + list] = d->before[d->devices + list] = d->devices + list;
    }
    for (uint32_t k = 0; k < MCA_DRIFT_CLASSES; ++k) {
        d->due_ps[k] = NEVER;
    }
}

static enum mca_status allocate(struct mca_drifting *d, struct mca_arena *arena,
                                struct mca_error *error) {
    int whole = d->of.cells < (UINT32_MAX - LISTS) / 2; /* numbers of 32 bits */
    for (int side = 0; side < 2 && whole; ++side) {
        d->programmed[side] = mca_arena_take(arena, d->of.cells, sizeof(uint16_t), &whole);
        d->at_ps[side] = mca_arena_take(arena, d->of.cells, sizeof(int64_t), &whole);
    }
    if (whole) {
        d->devices = 2 * (uint32_t)d->of.cells;
        d->next = mca_arena_take(arena, d->devices + (size_t)LISTS, sizeof *d->next, &whole);
        d->before = mca_arena_take(arena, d->devices + (size_t)LISTS, sizeof *d->before, &whole);
    }
    return whole ? MCA_OK : mca_fail_memory(error, "drift in training");
}

enum mca_status mca_drifting_init(struct mca_drifting **drifting,
                                  const struct mca_drifting_devices *of, struct mca_arena *arena,
                                  struct mca_error *error) {
    struct mca_drifting *d = mca_arena_alloc(arena, 1, sizeof *d);
    if (!d) {
        return mca_fail_memory(error, "drift in training");
    }
    d->of = *of;
    MCA_TRY(allocate(d, arena, error));
    set_borders(d, of->device->config.drift_training_t0_s);
    empty_lists(d);
    d->is_listed = 1;
    for (uint32_t r = 0; r < of->rows; ++r) {
        for (uint32_t at = 0; at < 2 * of->cols; ++at) {
            const uint32_t id = 2 * (uint32_t)(r * of->stride) + at;
            d->at_ps[id & 1][id / 2] = MCA_DRIFT_SINCE_LOOK;
            append(d, SINCE_LOOK, id);
        }
    }
    *drifting = d;
    return MCA_OK;
}

void mca_drifting_programmed(struct mca_drifting *d, size_t cell, int side) {
    const uint32_t id = 2 * (uint32_t)cell + (uint32_t)side;
    d->programmed[side][cell] = d->of.g[side][cell];
    d->at_ps[side][cell] = MCA_DRIFT_SINCE_LOOK;
    if (d->is_listed) {
        take_out(d, id);
        append(d, SINCE_LOOK, id);
    }
}

void mca_drifting_put(struct mca_drifting *d, size_t cell, int side, uint16_t programmed,
                      int64_t age_ps) {
    d->programmed[side][cell] = programmed;
    d->at_ps[side][cell] = d->now_ps - age_ps;
    d->is_listed = 0;
}

double mca_drifting_log_age(const struct mca_drifting *d, size_t cell, int side, double later_s) {
    const double later_ps = later_s > 0.0 ? later_s * PS_PER_S : 0.0;
    const double age_ps = (double)mca_drifting_age_ps(d, cell, side) + later_ps;
    return log_age_of(class_of(d, age_ps));
}

/* --- lists from times */

/* Of two chains, each by time. */
static uint32_t merge(struct mca_drifting *d, uint32_t a, uint32_t b, uint32_t none) {
    uint32_t first = none;
    uint32_t *to = &first;
    while (a != none && b != none) {
        uint32_t *from = at_of(d, b) < at_of(d, a) ? &b : &a;
        *to = *from;
        to = &d->next[*from];
        *from = *to;
    }
    *to = a != none ? a : b;
    return first;
}

/* All devices as a chain by time: chains of 2^i devices wait in bin i. */
static uint32_t sorted(struct mca_drifting *d, uint32_t none) {
    uint32_t bins[SORT_BINS];
    uint32_t chain = none;
    for (uint32_t i = 0; i < SORT_BINS; ++i) {
        bins[i] = none;
    }
    for (uint32_t r = 0; r < d->of.rows; ++r) {
        for (uint32_t at = 0; at < 2 * d->of.cols; ++at) {
            uint32_t i = 0;
            chain = 2 * (uint32_t)(r * d->of.stride) + at;
            d->next[chain] = none;
            for (; bins[i] != none; ++i) {
                chain = merge(d, bins[i], chain, none);
                bins[i] = none;
            }
            bins[i] = chain;
        }
    }
    chain = none;
    for (uint32_t i = 0; i < SORT_BINS; ++i) {
        chain = merge(d, bins[i], chain, none);
    }
    return chain;
}

static void make_lists(struct mca_drifting *d) {
    const uint32_t none = d->devices + LISTS;
    uint32_t id = sorted(d, none);
    empty_lists(d);
    while (id != none) {
        const uint32_t after = d->next[id];
        const int is_new = at_of(d, id) == MCA_DRIFT_SINCE_LOOK;
        append(d, is_new ? (uint32_t)SINCE_LOOK : class_of(d, (double)(d->now_ps - at_of(d, id))),
               id);
        id = after;
    }
    d->is_listed = 1;
}

/* --- a look */

/* Devices that have come to another class. */
struct batch {
    uint32_t count;
    uint32_t id[BATCH];
    double log_age[BATCH];
};

static void write_codes(struct mca_drifting *d, struct batch *batch,
                        const struct mca_drifting_sink *sink) {
    static const struct mca_ageing young = {0.0, 0};
    const struct mca_drifting_devices *of = &d->of;
    uint64_t place[BATCH];
    double g_us[BATCH];
    for (uint32_t i = 0; i < batch->count; ++i) {
        const uint32_t cell = batch->id[i] / 2;
        const uint32_t side = batch->id[i] & 1;
        const uint32_t row = cell / (uint32_t)of->stride;
        const uint32_t col = cell % (uint32_t)of->stride;
        place[i] = of->first_device + 2 * ((uint64_t)row * of->cols + col) + side;
        g_us[i] = (double)d->programmed[side][cell] * of->device->us_per_code;
    }
    of->device->ops->age_us(of->device, &young, batch->count, place, batch->log_age, g_us);
    for (uint32_t i = 0; i < batch->count; ++i) {
        uint16_t *code = &of->g[batch->id[i] & 1][batch->id[i] / 2];
        const uint16_t drifted = mca_device_code(of->device, g_us[i]);
        if (drifted != *code) {
            *code = drifted;
            sink->changed(sink->user, batch->id[i] / 2);
        }
    }
    batch->count = 0;
}

/* Those that have become older than their class. */
static void look_at(struct mca_drifting *d, uint32_t list, const struct mca_drifting_sink *sink) {
    const uint32_t end = d->devices + list;
    struct batch batch;
    batch.count = 0;
    for (uint32_t id = d->next[end]; id != end && due_of(d, list, id) <= d->now_ps;
         id = d->next[end]) {
        const uint32_t class = class_of(d, (double)(d->now_ps - at_of(d, id)));
        take_out(d, id);
        append(d, class, id);
        batch.id[batch.count] = id;
        batch.log_age[batch.count++] = log_age_of(class);
        if (batch.count == BATCH) {
            write_codes(d, &batch, sink);
        }
    }
    write_codes(d, &batch, sink);
    d->due_ps[list] = d->next[end] == end ? NEVER : due_of(d, list, d->next[end]);
}

/* The oldest come first, so that each list stays in order. */
void mca_drifting_look(struct mca_drifting *d, int64_t now_ps,
                       const struct mca_drifting_sink *sink) {
    if (!d->is_listed) {
        make_lists(d);
    }
    d->now_ps = now_ps;
    for (uint32_t list = MCA_DRIFT_CLASSES; list-- > 0;) {
        if (d->due_ps[list] <= now_ps) {
            look_at(d, list, sink);
        }
    }
    const uint32_t end = d->devices + SINCE_LOOK;
    for (uint32_t id = d->next[end]; id != end; id = d->next[end]) {
        d->at_ps[id & 1][id / 2] = now_ps;
        take_out(d, id);
        append(d, 0, id);
    }
}
