#include "chip/trace.h"

#include <stdlib.h>

static int grow(struct mca_trace *trace) {
    const size_t capacity = trace->capacity ? 2 * trace->capacity : 4096;
    struct mca_trace_event *events = realloc(trace->events, capacity * sizeof *events);
    if (!events) {
        return 0;
    }
    trace->events = events;
    trace->capacity = capacity;
    return 1;
}

static void record(void *user, const struct mca_operation *operation,
                   const struct mca_occupation *occupation) {
    struct mca_trace *trace = user;
    if (trace->count >= trace->most) {
        ++trace->left_out;
        return;
    }
    if (trace->out_of_memory) {
        return;
    }
    if (trace->count == trace->capacity && !grow(trace)) {
        trace->out_of_memory = 1;
        return;
    }
    trace->events[trace->count++] = (struct mca_trace_event){*operation, *occupation, trace->image};
}

void mca_trace_init(struct mca_trace *trace, uint64_t first, uint64_t last) {
    *trace = (struct mca_trace){.first = first,
                                .last = last,
                                .most = MCA_TRACE_OPERATIONS_MAX,
                                .probe = {.user = trace, .occupied = record}};
}

void mca_trace_init_cut(struct mca_trace *trace, uint64_t image, size_t most) {
    mca_trace_init(trace, image, image);
    trace->most = most;
    trace->may_be_cut = 1;
}

void mca_trace_deinit(struct mca_trace *trace) {
    free(trace->events);
}

void mca_trace_next_image(struct mca_trace *trace, struct mca_chip *chip) {
    ++trace->image;
    const int wanted = trace->image >= trace->first && trace->image <= trace->last;
    if (wanted) {
        mca_chip_attach(chip, &trace->probe);
    } else {
        mca_chip_detach(chip, &trace->probe);
    }
}

enum mca_status mca_trace_check(const struct mca_trace *trace, struct mca_error *error) {
    if (trace->out_of_memory) {
        return mca_fail_memory(error, "trace");
    }
    if (trace->left_out == 0 || trace->may_be_cut) {
        return MCA_OK;
    }
    return mca_fail(error, MCA_FAILED,
                    "--trace: images %llu-%llu have more than %zu operations; trace fewer",
                    (unsigned long long)trace->first, (unsigned long long)trace->last, trace->most);
}
