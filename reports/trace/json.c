/*
 * trace.json: "Trace Event Format" (Google, the JSON object form), an event a line. Times are
 * microseconds with six decimals: picoseconds, exactly. An operation is a begin and an end event
 * (`B`, `E`), how long the unit is held; busy_ps is what the ledger counts of it. Readers that
 * round times, Perfetto to nanoseconds, so round the end of one operation and the begin of the next
 * alike. A start with a duration (`X`) would let them cross, and what crosses is dropped.
 */
#include <inttypes.h>

#include "reports/trace/files.h"

enum { PID = 1, PS_PER_US = 1000000 };

struct writer {
    FILE *out;
    const struct mca__trace_plan *plan;
    const char *separator;
};

/* Starts an event. */
static void begin(struct writer *w, const char *phase, const char *name) {
    (void)fprintf(w->out, "%s{\"ph\":\"%s\",\"pid\":%d,\"name\":\"%s\"", w->separator, phase, PID,
                  name);
    w->separator = ",\n";
}

static void put_us(struct writer *w, const char *key, uint64_t ps) {
    (void)fprintf(w->out, ",\"%s\":%" PRIu64 ".%06" PRIu64, key, ps / PS_PER_US, ps % PS_PER_US);
}

/* Text of a scenario: printable UTF-8. */
static void put_text(FILE *out, const char *text) {
    (void)fputc('"', out);
    for (; *text; ++text) {
        if (*text == '"' || *text == '\\') {
            (void)fputc('\\', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void put_header(struct writer *w) {
    const struct mca_trace_report *r = w->plan->report;
    (void)fputs("{\"displayTimeUnit\":\"ns\",\n\"otherData\":{\"tool\":\"mcasim " MCA_VERSION
                "\",\"scenario\":",
                w->out);
    put_text(w->out, r->name);
    (void)fprintf(w->out,
                  ",\"scenario_hash\":\"%016" PRIx64 "\",\"seed\":%" PRIu64 ",\"clock_hz\":%" PRIu64
                  ",\"first_image\":%" PRIu64 ",\"last_image\":%" PRIu64 "},\n\"traceEvents\":[\n",
                  r->scenario_hash, r->chip->seed, r->chip->dpu.clock_hz, r->trace->first,
                  r->trace->last);
}

static void put_names(struct writer *w) {
    begin(w, "M", "process_name");
    (void)fputs(",\"args\":{\"name\":", w->out);
    put_text(w->out, w->plan->report->name);
    (void)fputs("}}", w->out);
    begin(w, "M", "thread_name");
    (void)fputs(",\"tid\":0,\"args\":{\"name\":\"images\"}}", w->out);
    for (size_t t = 0; t < w->plan->track_count; ++t) {
        begin(w, "M", "thread_name");
        (void)fprintf(w->out, ",\"tid\":%zu,\"args\":{\"name\":\"%s\"}}", t + 1,
                      mca__track_name(w->plan, &w->plan->tracks[t]).s);
        begin(w, "M", "thread_sort_index");
        (void)fprintf(w->out, ",\"tid\":%zu,\"args\":{\"sort_index\":%zu}}", t + 1, t + 1);
    }
}

static void put_operation(struct writer *w, const struct mca_trace_event *e, uint32_t track) {
    const uint64_t clock_hz = w->plan->report->chip->dpu.clock_hz;
    const uint64_t start_ps = e->occupation.start_ps;
    const uint64_t end_ps = e->occupation.end_ps;
    const char *phase = mca_phase_name(e->operation.phase);
    begin(w, "B", e->operation.name);
    (void)fprintf(w->out, ",\"cat\":\"%s\",\"tid\":%u", phase, track + 1);
    put_us(w, "ts", start_ps);
    (void)fprintf(w->out, ",\"args\":{\"image\":%" PRIu64 ",\"resource\":\"%s\",\"phase\":\"%s\"",
                  e->image, mca_resource_name(e->operation.resource), phase);
    if (e->operation.layer != MCA_NO_LAYER) {
        (void)fprintf(w->out, ",\"layer\":%u", e->operation.layer);
    }
    (void)fprintf(w->out, ",\"cycles\":%" PRIu64 ",\"busy_ps\":%" PRIu64 "}}",
                  mca_ps_to_cycles(end_ps, clock_hz) - mca_ps_to_cycles(start_ps, clock_hz),
                  e->occupation.busy_ps);
    begin(w, "E", e->operation.name);
    (void)fprintf(w->out, ",\"tid\":%u", track + 1);
    put_us(w, "ts", end_ps);
    (void)fputc('}', w->out);
}

static void put_instant(struct writer *w, const char *what, uint64_t image, uint64_t at_ps) {
    begin(w, "i", mca__format("image %" PRIu64 " %s", image, what).s);
    (void)fputs(",\"tid\":0,\"s\":\"p\"", w->out);
    put_us(w, "ts", at_ps);
    (void)fprintf(w->out, ",\"args\":{\"image\":%" PRIu64 "}}", image);
}

/* Operations, and around those of each image its begin and its end. */
static void put_operations(struct writer *w) {
    const struct mca_trace *trace = w->plan->report->trace;
    uint64_t end_ps = 0;
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca_trace_event *e = &trace->events[i];
        if (i == 0 || e->image != trace->events[i - 1].image) {
            put_instant(w, "begins", e->image, e->occupation.start_ps);
            end_ps = 0;
        }
        put_operation(w, e, w->plan->track_of[i]);
        end_ps = e->occupation.end_ps > end_ps ? e->occupation.end_ps : end_ps;
        if (i + 1 == trace->count || e->image != trace->events[i + 1].image) {
            put_instant(w, "ends", e->image, end_ps);
        }
    }
}

static void put_queues(struct writer *w) {
    for (size_t i = 0; i < w->plan->queue_count; ++i) {
        const struct mca__queue_change *q = &w->plan->queues[i];
        begin(w, "C", mca__format("queue of tile %u of layer %u", q->tile, q->layer).s);
        put_us(w, "ts", q->at_ps);
        (void)fprintf(w->out, ",\"args\":{\"commands\":%u}}", q->waiting);
    }
}

enum mca_status mca__trace_write_json(const struct mca__trace_plan *plan, FILE *out,
                                      struct mca_error *error) {
    struct writer writer = {out, plan, ""};
    put_header(&writer);
    put_names(&writer);
    put_operations(&writer);
    put_queues(&writer);
    (void)fputs("\n]}\n", out);
    (void)error; /* nothing can fail but the stream */
    return MCA_OK;
}
