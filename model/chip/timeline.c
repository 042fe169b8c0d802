#include "chip/timeline.h"

#include "array/converters.h"
#include "chip/interconnect.h"

__extension__ typedef unsigned __int128 wide_uint;

static const uint64_t PS_PER_S = 1000000000000u;

const struct mca_moment mca_moment_masks[MCA_PATH_PHASES] = {
    {UINT64_MAX, {[MCA_PHASE_INIT] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_FORWARD] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_ERROR] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_BACKWARD] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_UPDATE] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_TRANSFER] = UINT64_MAX}},
    {UINT64_MAX, {[MCA_PHASE_REFRESH] = UINT64_MAX}},
};

const struct mca_moment *mca_moment_of_equals(const struct mca_moment *a,
                                              const struct mca_moment *b) {
    for (int p = 0; p < MCA_PATH_PHASES; ++p) {
        if (a->phase_ps[p] != b->phase_ps[p]) {
            return a->phase_ps[p] > b->phase_ps[p] ? a : b;
        }
    }
    return a;
}

void mca_timeline_reach(struct mca_timeline *timeline, const struct mca_moment *end) {
    if (mca_moment_later(&timeline->frontier, end) == end) {
        timeline->frontier = *end;
    }
}

void mca_timeline_occupy(struct mca_timeline *timeline, const struct mca_operation *operation,
                         const struct mca_occupation *occupation) {
    mca_ledger_busy(timeline->ledger, operation->layer, operation->phase, operation->resource,
                    occupation->busy_ps, occupation->beside_ps);
    if (timeline->sink.operation) {
        timeline->sink.operation(timeline->sink.user, operation, occupation);
    }
}

void mca_timeline_reserve(struct mca_timeline *timeline, struct mca_moment *free,
                          const struct mca_operation *operation, const struct mca_moment *ready,
                          uint64_t duration_ps) {
    const struct mca_moment *from = mca_moment_later(ready, free);
    const uint64_t start_ps = from->ps;
    mca_moment_after(free, from, operation->phase, duration_ps);
    const struct mca_occupation occupation = {start_ps, free->ps, duration_ps, start_ps, 0};
    mca_timeline_occupy(timeline, operation, &occupation);
    mca_timeline_reach(timeline, free);
}

uint64_t mca_cycles_to_ps(uint64_t cycles, uint64_t clock_hz) {
    return (uint64_t)((wide_uint)cycles * PS_PER_S / clock_hz);
}

uint64_t mca_ps_to_cycles(uint64_t ps, uint64_t clock_hz) {
    return (uint64_t)(((wide_uint)ps * clock_hz + PS_PER_S - 1) / PS_PER_S);
}

uint64_t mca_conversion_ps(const struct mca_chip_config *config) {
    return mca_adc_time_ps(&config->adc, config->timing.adc_conversion_ps);
}

/* Lines of a tile that take turns at a converter: no more than it has. */
static uint32_t turns(uint32_t share, uint32_t lines) {
    return share < lines ? share : lines;
}

struct mca_read_time mca_read_time_of(const struct mca_chip_config *config,
                                      const struct mca_placement *place, uint32_t bits,
                                      enum mca_read_kind kind) {
    const struct mca_timing_config *t = &config->timing;
    const int is_backward = kind == MCA_READ_BACKWARD;
    const uint64_t out_cycles =
        kind == MCA_READ_SCAN ? 0 : mca_crossing_out(config, place, is_backward).cycles;
    const uint32_t driven = is_backward ? place->tile_cols : place->tile_rows;
    const uint32_t sampled = is_backward ? place->tile_rows : place->tile_cols;
    const uint64_t pulse_ps = ((uint64_t)1 << mca_converter_width(bits)) * t->read_ps_per_level;
    struct mca_read_time time;
    time.load_ps = t->dac_load_ps * turns(config->dac.share, driven) +
                   mca_cycles_to_ps(out_cycles, config->dpu.clock_hz);
    time.dac_ps = time.load_ps + pulse_ps;
    time.tile_ps = pulse_ps + t->read_settle_ps;
    time.adc_ps =
        mca_conversion_ps(config) * turns(mca_adc_share(&config->adc, is_backward), sampled);
    return time;
}
