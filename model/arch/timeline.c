#include "arch/timeline.h"

__extension__ typedef unsigned __int128 wide_uint;

static const uint64_t PS_PER_S = 1000000000000u;

void mca_timeline_book(struct mca_timeline *timeline, enum mca_resource resource,
                       enum mca_phase phase, uint64_t end_ps, uint64_t busy_ps) {
    timeline->ledger->busy_ps[phase][resource] += busy_ps;
    if (end_ps > timeline->frontier_ps) {
        timeline->ledger->critical_ps[phase] += end_ps - timeline->frontier_ps;
        timeline->frontier_ps = end_ps;
    }
}

void mca_timeline_occupy(struct mca_timeline *timeline, const struct mca_operation *operation,
                         const struct mca_occupation *occupation) {
    mca_timeline_book(timeline, operation->resource, operation->phase, occupation->end_ps,
                      occupation->busy_ps);
    if (timeline->sink) {
        timeline->sink->operation(timeline->sink->user, operation, occupation);
    }
}

uint64_t mca_timeline_reserve(struct mca_timeline *timeline, uint64_t *free_ps,
                              const struct mca_operation *operation, uint64_t ready_ps,
                              uint64_t duration_ps) {
    const uint64_t start_ps = ready_ps > *free_ps ? ready_ps : *free_ps;
    *free_ps = start_ps + duration_ps;
    const struct mca_occupation occupation = {start_ps, *free_ps, duration_ps, start_ps};
    mca_timeline_occupy(timeline, operation, &occupation);
    return *free_ps;
}

uint64_t mca_cycles_to_ps(uint64_t cycles, uint64_t clock_hz) {
    return (uint64_t)((wide_uint)cycles * PS_PER_S / clock_hz);
}

uint64_t mca_ps_to_cycles(uint64_t ps, uint64_t clock_hz) {
    return (uint64_t)(((wide_uint)ps * clock_hz + PS_PER_S - 1) / PS_PER_S);
}

struct mca_read_time mca_read_time_of(const struct mca_chip_config *config, uint32_t bits) {
    const struct mca_timing_config *t = &config->timing;
    const uint64_t pulse_ps = ((uint64_t)1 << (bits ? bits : 8)) * t->read_ps_per_level;
    struct mca_read_time time;
    time.load_ps = t->dac_load_ps * config->dac.share;
    time.dac_ps = time.load_ps + pulse_ps;
    time.tile_ps = pulse_ps + t->read_settle_ps;
    time.adc_ps = t->adc_conversion_ps * config->adc.share;
    return time;
}
