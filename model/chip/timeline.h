/*
 * Simulated time: picoseconds, and resources that are free again at a known time. An operation
 * starts when its inputs are ready and its resource is free. Timing never changes values.
 *
 * Each time is kept with the path that led to it: an operation starts at the latest of what it
 * waits for, takes over the path that led there, and adds its own time, waiting for an edge of its
 * clock included, to its own phase. The path that led to the latest end of all is the critical
 * path; its parts by phase (ledger.critical_ps) add up to the total.
 */
#ifndef MCA_CHIP_TIMELINE_H
#define MCA_CHIP_TIMELINE_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip_config.h"
#include "chip/ledger.h"

MCA_C_BEGIN

/* A time and what the path that led to it consists of: phases up to refresh, which add up to ps. */
enum { MCA_PATH_PHASES = MCA_PHASE_REFRESH + 1 };
struct mca_moment {
    uint64_t ps;
    uint64_t phase_ps[MCA_PATH_PHASES];
} __attribute__((aligned(16))); /* no vector of a copy crosses a line of the cache */

/* All bits of ps and of a phase's part, by phase. */
extern const struct mca_moment mca_moment_masks[MCA_PATH_PHASES];

/* The moment that is `duration_ps` of a phase after `from`. All parts are added to at once: where
 * one alone were written, the next copy of the moment would have to wait for the cache. */
static inline void mca_moment_after(struct mca_moment *moment, const struct mca_moment *from,
                                    enum mca_phase phase, uint64_t duration_ps) {
    typedef uint64_t parts __attribute__((vector_size(sizeof *moment), aligned(16), may_alias));
    *(parts *)moment =
        *(const parts *)from + (*(const parts *)&mca_moment_masks[phase] & duration_ps);
}

/* Time goes on in a phase, by a duration or up to a time that is not before. */
static inline void mca_moment_pass(struct mca_moment *moment, enum mca_phase phase,
                                   uint64_t duration_ps) {
    mca_moment_after(moment, moment, phase, duration_ps);
}

static inline void mca_moment_pass_to(struct mca_moment *moment, enum mca_phase phase,
                                      uint64_t ps) {
    mca_moment_pass(moment, phase, ps - moment->ps);
}

/* Of two paths of equal length: which counts. The one with more time in the first phase, in the
 * order of the phases, in which they differ, whatever the order in which they came to be known. */
const struct mca_moment *mca_moment_of_equals(const struct mca_moment *a,
                                              const struct mca_moment *b);

static inline const struct mca_moment *mca_moment_later(const struct mca_moment *a,
                                                        const struct mca_moment *b) {
    return a->ps > b->ps ? a : a->ps < b->ps ? b : mca_moment_of_equals(a, b);
}

/* An operation, as a person would name it, and which unit of a resource does it. */
struct mca_operation {
    enum mca_resource resource;
    enum mca_phase phase;
    uint32_t layer;   /* MCA_NO_LAYER where it belongs to none */
    uint32_t unit;    /* PROGRAM: tile of the layer x drivers + driver; 0 of other resources */
    const char *name; /* "read", "SET pulses"; lives as long as the program */
};

/* When an operation held its unit. */
struct mca_occupation {
    uint64_t start_ps;
    uint64_t end_ps;
    uint64_t busy_ps; /* what the ledger counts: less than end - start where the unit only waits */
    uint64_t queued_ps; /* PROGRAM: when the tile's queue took the command; otherwise the start */
    uint64_t beside_ps; /* of busy_ps, of other units than the one that works longest */
};

/* Who watches operations as they are booked; NULL: nobody does. */
struct mca_timeline_sink {
    void *user;
    void (*operation)(void *user, const struct mca_operation *operation,
                      const struct mca_occupation *occupation);
};

struct mca_timeline {
    struct mca_layered_ledger *ledger;
    struct mca_moment frontier; /* latest end of any operation */
    struct mca_timeline_sink sink;
};

/* Occupies a unit that is next free at *free, from there or from `ready` on for duration_ps; *free
 * becomes the end. */
void mca_timeline_reserve(struct mca_timeline *timeline, struct mca_moment *free,
                          const struct mca_operation *operation, const struct mca_moment *ready,
                          uint64_t duration_ps);

/* Books the busy time of an operation whose start and end were decided elsewhere, and shows it to
 * the sink. */
void mca_timeline_occupy(struct mca_timeline *timeline, const struct mca_operation *operation,
                         const struct mca_occupation *occupation);

/* An operation ends: the simulated time ends there or later. */
void mca_timeline_reach(struct mca_timeline *timeline, const struct mca_moment *end);

/* Time of the clock edge that ends `cycles` cycles, rounded down; mca_ps_to_cycles inverts it. */
uint64_t mca_cycles_to_ps(uint64_t cycles, uint64_t clock_hz);

/* First clock edge at or after `ps`. */
uint64_t mca_ps_to_cycles(uint64_t ps, uint64_t clock_hz);

/* One conversion of one converter, by which times and prices go: the place of a law that a kind of
 * converter has. */
uint64_t mca_conversion_ps(const struct mca_chip_config *config);

/* A crossbar read is three steps in a pipeline: DAC bank, array, ADC bank. */
struct mca_read_time {
    uint64_t dac_ps;  /* loading the registers and driving the longest pulse */
    uint64_t tile_ps; /* the pulse, settling and sampling */
    uint64_t adc_ps;  /* conversions, one after the other where lines share a converter */
    uint64_t load_ps; /* from the start of the DAC to the start of the array */
};

enum mca_read_kind {
    MCA_READ_FORWARD,  /* rows are driven with codes that cross to the tiles, columns are read */
    MCA_READ_BACKWARD, /* the other way round */
    MCA_READ_SCAN      /* columns of one row, which is chosen beside its tile */
};

static inline enum mca_read_kind mca_read_kind_of(const struct mca_step *step) {
    return step->kind == MCA_STEP_REFRESH ? MCA_READ_SCAN
           : step->is_backward            ? MCA_READ_BACKWARD
                                          : MCA_READ_FORWARD;
}

/* Durations of a read of a layer's tiles, with `bits` of input magnitude (an ideal DAC takes the
 * time of 8 bits). Rows may be more or fewer to a converter than columns. */
struct mca_read_time mca_read_time_of(const struct mca_chip_config *config,
                                      const struct mca_placement *place, uint32_t bits,
                                      enum mca_read_kind kind);

MCA_C_END

#endif
