/*
 * The operations of chosen images as files: trace.json in the trace-event format that
 * ui.perfetto.dev and chrome://tracing open, trace.vcd for GTKWave. Both say the same.
 */
#ifndef MCA_REPORTS_TRACE_FILES_H
#define MCA_REPORTS_TRACE_FILES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "chip/chip_config.h"
#include "chip/trace.h"
#include "reports/formats/terminal_text.h"

/* What is traced. Pointers are the caller's. */
struct mca_trace_report {
    const char *name; /* of the run */
    const struct mca_chip_config *chip;
    const struct mca_trace *trace;
    uint64_t scenario_hash;
};

/* Write dir/trace.json and dir/trace.vcd. Errors: MCA_SYSTEM when a file cannot be written whole,
 * MCA_FAILED for memory. */
enum mca_status mca_report_write_trace(const struct mca_trace_report *report, const char *dir,
                                       struct mca_error *error);

enum { MCA_TIMELINE_OPERATIONS_MAX = 4000 }; /* of a picture that can still be drawn */

/* Writes dir/timeline.json: the operations of the trace's last image, which report.html draws;
 * those beyond MCA_TIMELINE_OPERATIONS_MAX are counted in operations_left_out. Errors as above. */
enum mca_status mca_report_write_timeline(const struct mca_trace_report *report, const char *dir,
                                          struct mca_error *error);

/* One unit of a resource that acts: a line of the picture. */
struct mca__track {
    enum mca_resource resource;
    uint32_t layer; /* MCA_NO_LAYER of resources that all layers share */
    uint32_t unit;
};

/* A change of how many commands wait before a tile's drivers. */
struct mca__queue_change {
    uint32_t layer;
    uint32_t tile;
    uint64_t at_ps;
    uint32_t waiting; /* from then on */
};

static inline int mca__same_queue(const struct mca__queue_change *a,
                                  const struct mca__queue_change *b) {
    return a->layer == b->layer && a->tile == b->tile;
}

/* What both files are made of. */
struct mca__trace_plan {
    const struct mca_trace_report *report;
    struct mca__track *tracks; /* [track_count] by resource, layer, unit; those that act alone */
    size_t track_count;
    uint32_t *track_of;               /* [events] index of its track */
    struct mca__queue_change *queues; /* [queue_count] by layer, tile, time */
    size_t queue_count;
};

enum mca_status mca__trace_plan_init(struct mca__trace_plan *plan,
                                     const struct mca_trace_report *report,
                                     struct mca_error *error);
void mca__trace_plan_deinit(struct mca__trace_plan *plan);

/* "ADC bank of layer 0", "driver 0 of tile 3 of layer 0". */
struct mca__text mca__track_name(const struct mca__trace_plan *plan,
                                 const struct mca__track *track);

/* "adc_layer0", "program_layer0_tile3_driver0". */
struct mca__text mca__track_identifier(const struct mca__trace_plan *plan,
                                       const struct mca__track *track);

enum mca_status mca__trace_write_json(const struct mca__trace_plan *plan, FILE *out,
                                      struct mca_error *error);
enum mca_status mca__trace_write_vcd(const struct mca__trace_plan *plan, FILE *out,
                                     struct mca_error *error);

#endif
