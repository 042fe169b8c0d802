/*
 * A record of every operation on the chip while chosen training images are worked on: which unit,
 * what, from when to when. Reports make trace.json and trace.vcd of it.
 *
 * An image's operations are those booked from its loading to the loading of the next: the pulses at
 * the end of its mini-batch and the refresh after it are its own.
 */
#ifndef MCA_CHIP_TRACE_H
#define MCA_CHIP_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"
#include "chip/probe.h"

MCA_C_BEGIN

enum {
    MCA_TRACE_IMAGES_MAX = 1000,       /* that a run is traced for */
    MCA_TRACE_OPERATIONS_MAX = 4000000 /* 1.3 GB of memory at the end, 1.5 GB as JSON */
};

struct mca_trace_event {
    struct mca_operation operation;
    struct mca_occupation occupation;
    uint64_t image; /* from 1 over the whole run */
};

/* Owned memory: mca_trace_deinit. */
struct mca_trace {
    uint64_t first; /* images, 1 <= first <= last */
    uint64_t last;
    uint64_t image;                 /* being trained on; 0 before the first */
    struct mca_trace_event *events; /* [count] in the order of booking */
    size_t count;
    size_t capacity;
    size_t most;       /* operations that are kept */
    int may_be_cut;    /* operations beyond `most` are no error */
    uint64_t left_out; /* operations beyond `most` */
    int out_of_memory;
    struct mca_chip_probe probe;
};

/* A trace that has to be whole: more than MCA_TRACE_OPERATIONS_MAX operations are an error. Nothing
 * is recorded before the first image. The trace must stay where it is while it records. */
void mca_trace_init(struct mca_trace *trace, uint64_t first, uint64_t last);

/* A trace of one image that keeps its first `most` operations and counts the others. */
void mca_trace_init_cut(struct mca_trace *trace, uint64_t image, size_t most);
void mca_trace_deinit(struct mca_trace *trace);

/* Called before each training image and never for another reason: counts images, and lets the chip
 * tell the trace its operations while they are of the range. */
void mca_trace_next_image(struct mca_trace *trace, struct mca_chip *chip);

/* MCA_FAILED when memory was short, or when a trace that has to be whole is not. */
enum mca_status mca_trace_check(const struct mca_trace *trace, struct mca_error *error);

MCA_C_END

#endif
