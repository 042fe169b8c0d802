/*
 * trace.vcd (IEEE 1364-2005, clause 18): for each unit a bit that is 1 while it is held and the
 * code of the phase it is held for, z while it is free; for each tile the commands that wait.
 * Operations that take no time do not show.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "reports/trace/files.h"

enum { PHASE_BITS = 3, COUNT_BITS = 17, ID_SIZE = 8 };

/* What a variable becomes. */
struct change {
    uint64_t at_ps;
    uint32_t order; /* among the changes of a time: ends before starts */
    uint32_t variable;
    uint32_t value;
};

enum { IDLE = UINT16_MAX };

struct writer {
    FILE *out;
    const struct mca__trace_plan *plan;
    struct change *changes;
    size_t count;
    uint32_t *state; /* [variables] */
};

static int by_time(const void *left, const void *right) {
    const struct change *a = left;
    const struct change *b = right;
    if (a->at_ps != b->at_ps) {
        return a->at_ps > b->at_ps ? 1 : -1;
    }
    if (a->variable != b->variable) {
        return a->variable > b->variable ? 1 : -1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

/* Identifier codes are numbers to the base of the 94 printable characters. */
static void identify(uint32_t number, char id[ID_SIZE]) {
    size_t used = 0;
    do {
        id[used++] = (char)('!' + number % 94);
        number /= 94;
    } while (number > 0);
    id[used] = '\0';
}

/* Variables: a unit's bit 2 t, its phase 2 t + 1; behind them the queues. Declares them; returns
 * how many there are. */
static uint32_t declare(struct writer *w) {
    const struct mca__trace_plan *plan = w->plan;
    char id[ID_SIZE];
    uint32_t variable = 0;
    for (size_t t = 0; t < plan->track_count; ++t) {
        const struct mca__text name = mca__track_identifier(plan, &plan->tracks[t]);
        identify(variable++, id);
        (void)fprintf(w->out, "$var wire 1 %s %s $end\n", id, name.s);
        identify(variable++, id);
        (void)fprintf(w->out, "$var wire %d %s %s_phase [%d:0] $end\n", PHASE_BITS, id, name.s,
                      PHASE_BITS - 1);
    }
    for (size_t i = 0; i < plan->queue_count; ++i) {
        const struct mca__queue_change *q = &plan->queues[i];
        if (i == 0 || !mca__same_queue(q, q - 1)) {
            identify(variable++, id);
            (void)fprintf(w->out, "$var wire %d %s queue_layer%u_tile%u [%d:0] $end\n", COUNT_BITS,
                          id, q->layer, q->tile, COUNT_BITS - 1);
        }
    }
    return variable;
}

static void collect(struct writer *w) {
    const struct mca__trace_plan *plan = w->plan;
    const struct mca_trace *trace = plan->report->trace;
    for (size_t i = 0; i < trace->count; ++i) {
        const struct mca_trace_event *e = &trace->events[i];
        const uint32_t variable = 2 * plan->track_of[i];
        const uint32_t phase = (uint32_t)e->operation.phase;
        if (e->occupation.end_ps > e->occupation.start_ps) {
            w->changes[w->count++] = (struct change){e->occupation.start_ps, 1, variable, phase};
            w->changes[w->count++] = (struct change){e->occupation.end_ps, 0, variable, IDLE};
        }
    }
    uint32_t variable = 2 * (uint32_t)plan->track_count;
    for (size_t i = 0; i < plan->queue_count; ++i) {
        const struct mca__queue_change *q = &plan->queues[i];
        variable += i > 0 && !mca__same_queue(q, q - 1);
        w->changes[w->count++] = (struct change){q->at_ps, 0, variable, q->waiting};
    }
    qsort(w->changes, w->count, sizeof *w->changes, by_time);
}

static void put_bits(FILE *out, uint32_t value, int bits, uint32_t variable) {
    char id[ID_SIZE];
    identify(variable, id);
    (void)fputc('b', out);
    for (int b = bits - 1; b >= 0; --b) {
        (void)fputc(value >> b & 1 ? '1' : '0', out);
    }
    (void)fprintf(out, " %s\n", id);
}

/* A variable's value, both variables of a unit. */
static void put_state(const struct writer *w, uint32_t variable) {
    const uint32_t value = w->state[variable];
    char id[ID_SIZE];
    if (variable >= 2 * w->plan->track_count) {
        put_bits(w->out, value, COUNT_BITS, variable);
        return;
    }
    identify(variable, id);
    (void)fprintf(w->out, "%d%s\n", value != IDLE, id);
    if (value == IDLE) {
        identify(variable + 1, id);
        (void)fprintf(w->out, "bz %s\n", id);
    } else {
        put_bits(w->out, value, PHASE_BITS, variable + 1);
    }
}

static void put_header(FILE *out) {
    (void)fputs("$version mcasim " MCA_VERSION " $end\n$comment phases:", out);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        (void)fprintf(out, " %d %s", p, mca_phase_name((enum mca_phase)p));
    }
    (void)fputs(" $end\n$timescale 1 ps $end\n$scope module chip $end\n", out);
}

/* Everything is free until the first operation. */
static void put_start(const struct writer *w, uint32_t variables) {
    (void)fprintf(w->out, "#%" PRIu64 "\n$dumpvars\n", w->count ? w->changes[0].at_ps : 0);
    for (uint32_t v = 0; v < variables; ++v) {
        const int is_unit = v < 2 * w->plan->track_count;
        w->state[v] = is_unit ? IDLE : 0;
        if (!is_unit || v % 2 == 0) {
            put_state(w, v);
        }
    }
    (void)fputs("$end\n", w->out);
}

/* The last change of a variable at a time is the one that counts. */
static void put_changes(const struct writer *w) {
    uint64_t now_ps = w->count ? w->changes[0].at_ps : 0;
    for (size_t i = 0; i < w->count; ++i) {
        const struct change *c = &w->changes[i];
        const int is_last =
            i + 1 == w->count || c[1].at_ps != c->at_ps || c[1].variable != c->variable;
        if (!is_last || c->value == w->state[c->variable]) {
            continue;
        }
        if (c->at_ps != now_ps) {
            (void)fprintf(w->out, "#%" PRIu64 "\n", c->at_ps);
            now_ps = c->at_ps;
        }
        w->state[c->variable] = c->value;
        put_state(w, c->variable);
    }
}

enum mca_status mca__trace_write_vcd(const struct mca__trace_plan *plan, FILE *out,
                                     struct mca_error *error) {
    const size_t changes = 2 * plan->report->trace->count + plan->queue_count;
    const size_t states = 2 * plan->track_count + plan->queue_count;
    struct writer writer = {.out = out,
                            .plan = plan,
                            .changes = malloc((changes + 1) * sizeof *writer.changes),
                            .state = malloc((states + 1) * sizeof *writer.state)};
    enum mca_status status = MCA_OK;
    if (writer.changes && writer.state) {
        put_header(out);
        const uint32_t variables = declare(&writer);
        (void)fputs("$upscope $end\n$enddefinitions $end\n", out);
        collect(&writer);
        put_start(&writer, variables);
        put_changes(&writer);
    } else {
        status = mca_fail_memory(error, "trace");
    }
    free(writer.changes);
    free(writer.state);
    return status;
}
