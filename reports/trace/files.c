/* What trace.json and trace.vcd share: tracks, and how many commands wait. */
#include "reports/trace/files.h"
#include "base/out_file.h"

#include <stdlib.h>

static int compare_u64(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

static int by_track(const void *left, const void *right) {
    const struct mca__track *a = left;
    const struct mca__track *b = right;
    const int resource = (int)a->resource - (int)b->resource;
    const int layer = compare_u64(a->layer, b->layer);
    return resource ? resource : layer ? layer : compare_u64(a->unit, b->unit);
}

/* The unit that acts: the digital unit and chi are one for all layers, or of each. */
static struct mca__track track_of(const struct mca_chip_config *chip,
                                  const struct mca_operation *operation) {
    const int is_shared = !mca_has_own_units(chip) && (operation->resource == MCA_RESOURCE_DPU ||
                                                       operation->resource == MCA_RESOURCE_CHI);
    return (struct mca__track){operation->resource, is_shared ? MCA_NO_LAYER : operation->layer,
                               operation->unit};
}

static enum mca_status find_tracks(struct mca__trace_plan *plan, struct mca_error *error) {
    const struct mca_trace *trace = plan->report->trace;
    const size_t room = trace->count ? trace->count : 1;
    plan->tracks = malloc(room * sizeof *plan->tracks);
    plan->track_of = malloc(room * sizeof *plan->track_of);
    if (!plan->tracks || !plan->track_of) {
        return mca_fail_memory(error, "trace");
    }
    for (size_t i = 0; i < trace->count; ++i) {
        plan->tracks[i] = track_of(plan->report->chip, &trace->events[i].operation);
    }
    qsort(plan->tracks, trace->count, sizeof *plan->tracks, by_track);
    for (size_t i = 0; i < trace->count; ++i) {
        if (i == 0 || by_track(&plan->tracks[i], &plan->tracks[plan->track_count - 1]) != 0) {
            plan->tracks[plan->track_count++] = plan->tracks[i];
        }
    }
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca__track key = track_of(plan->report->chip, &trace->events[i].operation);
        const struct mca__track *found =
            bsearch(&key, plan->tracks, plan->track_count, sizeof key, by_track);
        plan->track_of[i] = (uint32_t)(found - plan->tracks);
    }
    return MCA_OK;
}

static int by_queue_and_time(const void *left, const void *right) {
    const struct mca__queue_change *a = left;
    const struct mca__queue_change *b = right;
    const int layer = compare_u64(a->layer, b->layer);
    const int tile = compare_u64(a->tile, b->tile);
    return layer ? layer : tile ? tile : compare_u64(a->at_ps, b->at_ps);
}

/* `waiting` holds the steps, +1 or -1 modulo 2^32, of changes in order: makes them sums, one a
 * time and only where the sum changes. */
static size_t sum_up(struct mca__queue_change *changes, size_t count) {
    size_t kept = 0;
    uint32_t waiting = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < count; ++i) {
        const int same_queue = i > 0 && mca__same_queue(&changes[i], &changes[i - 1]);
        waiting = (same_queue ? waiting : 0) + changes[i].waiting;
        before = same_queue ? before : 0;
        const int last_of_time =
            i + 1 == count || by_queue_and_time(&changes[i], &changes[i + 1]) != 0;
        if (last_of_time && waiting != before) {
            before = waiting;
            changes[kept] = changes[i];
            changes[kept++].waiting = waiting;
        }
    }
    return kept;
}

static enum mca_status find_queues(struct mca__trace_plan *plan, struct mca_error *error) {
    const struct mca_trace *trace = plan->report->trace;
    const uint32_t drivers = plan->report->chip->transfer.drivers;
    plan->queues = malloc((2 * trace->count + 1) * sizeof *plan->queues);
    if (!plan->queues) {
        return mca_fail_memory(error, "trace");
    }
    size_t count = 0;
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca_trace_event *e = &trace->events[i];
        if (e->operation.resource == MCA_RESOURCE_PROGRAM) {
            const uint32_t tile = e->operation.unit / drivers;
            plan->queues[count++] =
                (struct mca__queue_change){e->operation.layer, tile, e->occupation.queued_ps, 1};
            plan->queues[count++] = (struct mca__queue_change){e->operation.layer, tile,
                                                               e->occupation.start_ps, UINT32_MAX};
        }
    }
    qsort(plan->queues, count, sizeof *plan->queues, by_queue_and_time);
    plan->queue_count = sum_up(plan->queues, count);
    return MCA_OK;
}

enum mca_status mca__trace_plan_init(struct mca__trace_plan *plan,
                                     const struct mca_trace_report *report,
                                     struct mca_error *error) {
    *plan = (struct mca__trace_plan){.report = report};
    enum mca_status status = find_tracks(plan, error);
    status = status == MCA_OK ? find_queues(plan, error) : status;
    if (status != MCA_OK) {
        mca__trace_plan_deinit(plan);
    }
    return status;
}

void mca__trace_plan_deinit(struct mca__trace_plan *plan) {
    free(plan->tracks);
    free(plan->track_of);
    free(plan->queues);
    *plan = (struct mca__trace_plan){.report = NULL};
}

struct mca__text mca__track_name(const struct mca__trace_plan *plan,
                                 const struct mca__track *track) {
    static const char *const names[MCA_RESOURCE_COUNT] = {
        "image port", "DAC bank", "tiles", "ADC bank", "digital unit", "chi", "driver"};
    const uint32_t drivers = plan->report->chip->transfer.drivers;
    const char *what = names[track->resource];
    if (track->resource == MCA_RESOURCE_PROGRAM) {
        return mca__format("%s %u of tile %u of layer %u", what, track->unit % drivers,
                           track->unit / drivers, track->layer);
    }
    return track->layer == MCA_NO_LAYER ? mca__format("%s", what)
                                        : mca__format("%s of layer %u", what, track->layer);
}

struct mca__text mca__track_identifier(const struct mca__trace_plan *plan,
                                       const struct mca__track *track) {
    const uint32_t drivers = plan->report->chip->transfer.drivers;
    const char *what = mca_resource_name(track->resource);
    if (track->resource == MCA_RESOURCE_PROGRAM) {
        return mca__format("%s_layer%u_tile%u_driver%u", what, track->layer, track->unit / drivers,
                           track->unit % drivers);
    }
    return track->layer == MCA_NO_LAYER ? mca__format("%s", what)
                                        : mca__format("%s_layer%u", what, track->layer);
}

typedef enum mca_status write_trace(const struct mca__trace_plan *plan, FILE *out,
                                    struct mca_error *error);

static enum mca_status write_file(const struct mca__trace_plan *plan, const char *dir,
                                  const char *name, write_trace *write, struct mca_error *error) {
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, name, error));
    const enum mca_status written = write(plan, out.file, error);
    const enum mca_status closed = mca_out_close(&out, written == MCA_OK ? error : NULL);
    return written == MCA_OK ? closed : written;
}

enum mca_status mca_report_write_trace(const struct mca_trace_report *report, const char *dir,
                                       struct mca_error *error) {
    struct mca__trace_plan plan;
    MCA_TRY(mca__trace_plan_init(&plan, report, error));
    enum mca_status status = write_file(&plan, dir, "trace.json", mca__trace_write_json, error);
    if (status == MCA_OK) {
        status = write_file(&plan, dir, "trace.vcd", mca__trace_write_vcd, error);
    }
    mca__trace_plan_deinit(&plan);
    return status;
}
