/* timeline.json: the operations of one image, for the report. */
#include "base/json_writer.h"
#include "reports/trace/files.h"

static void put_tracks(struct mca__json *json, const struct mca__trace_plan *plan) {
    json_t *tracks = mca__json_array(json, json->root, "tracks");
    for (size_t t = 0; t < plan->track_count; ++t) {
        json_t *o = mca__json_object(json, tracks, NULL);
        mca__json_text(json, o, "name", mca__track_name(plan, &plan->tracks[t]).s);
        mca__json_text(json, o, "resource", mca_resource_name(plan->tracks[t].resource));
    }
}

static void put_operation(struct mca__json *json, json_t *operations,
                          const struct mca_trace_event *e, uint32_t track) {
    json_t *o = mca__json_object(json, operations, NULL);
    mca__json_count(json, o, "track", track);
    mca__json_text(json, o, "name", e->operation.name);
    mca__json_text(json, o, "phase", mca_phase_name(e->operation.phase));
    if (e->operation.layer == MCA_NO_LAYER) {
        mca__json_null(json, o, "layer");
    } else {
        mca__json_count(json, o, "layer", e->operation.layer);
    }
    mca__json_count(json, o, "start_ps", e->occupation.start_ps);
    mca__json_count(json, o, "end_ps", e->occupation.end_ps);
    mca__json_count(json, o, "busy_ps", e->occupation.busy_ps);
}

static void put_operations(struct mca__json *json, const struct mca__trace_plan *plan) {
    const struct mca_trace *trace = plan->report->trace;
    json_t *operations = mca__json_array(json, json->root, "operations");
    uint64_t left_out = trace->left_out;
    size_t shown = 0;
    for (size_t i = 0; i < trace->count; ++i) {
        if (trace->events[i].image != trace->last) {
            continue;
        }
        if (shown < MCA_TIMELINE_OPERATIONS_MAX) {
            put_operation(json, operations, &trace->events[i], plan->track_of[i]);
            ++shown;
        } else {
            ++left_out;
        }
    }
    mca__json_count(json, json->root, "operations_left_out", left_out);
}

enum mca_status mca_report_write_timeline(const struct mca_trace_report *report, const char *dir,
                                          struct mca_error *error) {
    struct mca__trace_plan plan;
    struct mca__json json;
    MCA_TRY(mca__trace_plan_init(&plan, report, error));
    mca__json_init(&json);
    mca__json_count(&json, json.root, "schema_version", 1);
    mca__json_count(&json, json.root, "image", report->trace->last);
    put_tracks(&json, &plan);
    put_operations(&json, &plan);
    mca__trace_plan_deinit(&plan);
    return mca__json_write(&json, dir, "timeline.json", error);
}
