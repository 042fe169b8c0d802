/*
 * Simulated time: picoseconds, and resources that are free again at a known time. An operation
 * starts when its inputs are ready and its resource is free. Timing never changes values.
 *
 * Each picosecond by which an operation pushes the end of the simulated time belongs to that
 * operation's phase (ledger.critical_ps), so the phases add up to the total.
 */
#ifndef MCA_ARCH_TIMELINE_H
#define MCA_ARCH_TIMELINE_H

#include <stdint.h>

#include "arch/chip_config.h"
#include "arch/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MCA_NO_LAYER = UINT16_MAX };

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
};

/* Who watches operations as they are booked. */
struct mca_timeline_sink {
    void *user;
    void (*operation)(void *user, const struct mca_operation *operation,
                      const struct mca_occupation *occupation);
};

struct mca_timeline {
    struct mca_ledger *ledger;
    uint64_t frontier_ps;                 /* latest end of any operation */
    const struct mca_timeline_sink *sink; /* NULL: nobody watches */
};

/* Occupies a unit whose next free time is *free_ps from max(ready_ps, *free_ps) for duration_ps;
 * returns the end. */
uint64_t mca_timeline_reserve(struct mca_timeline *timeline, uint64_t *free_ps,
                              const struct mca_operation *operation, uint64_t ready_ps,
                              uint64_t duration_ps);

/* Books an operation whose start and end were decided elsewhere, and shows it to the sink. */
void mca_timeline_occupy(struct mca_timeline *timeline, const struct mca_operation *operation,
                         const struct mca_occupation *occupation);

/* Books busy time and the critical path alone; no sink sees it. */
void mca_timeline_book(struct mca_timeline *timeline, enum mca_resource resource,
                       enum mca_phase phase, uint64_t end_ps, uint64_t busy_ps);

/* Time of the clock edge that ends `cycles` cycles, rounded down; mca_ps_to_cycles inverts it. */
uint64_t mca_cycles_to_ps(uint64_t cycles, uint64_t clock_hz);

/* First clock edge at or after `ps`. */
uint64_t mca_ps_to_cycles(uint64_t ps, uint64_t clock_hz);

/* A crossbar read is three steps in a pipeline: DAC bank, array, ADC bank. */
struct mca_read_time {
    uint64_t dac_ps;  /* loading the registers and driving the longest pulse */
    uint64_t tile_ps; /* the pulse, settling and sampling */
    uint64_t adc_ps;  /* conversions, one after the other where columns share a converter */
    uint64_t load_ps; /* from the start of the DAC to the start of the array */
};

/* Durations of a read with `bits` of input magnitude (an ideal DAC takes the time of 8 bits). */
struct mca_read_time mca_read_time_of(const struct mca_chip_config *config, uint32_t bits);

#ifdef __cplusplus
}
#endif

#endif
