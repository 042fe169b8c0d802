// What all modules of a chip share: the C core's chip, whose arrays, chi and counters are the
// modules' state, the monitor, and the clock.
#ifndef MCA_SHIM_SYSTEMC_CONTEXT_HPP
#define MCA_SHIM_SYSTEMC_CONTEXT_HPP

#include <memory>
#include <vector>

#include <systemc>

#include "chip/engine.h"
#include "chip/probe.h"
#include "chip/view.h"
#include "monitor.hpp"
#include "shim/rtl/dpu_rtl.h"

namespace mca {

struct rtl_deleter {
    void operator()(::mca_dpu_rtl *rtl) const {
        mca_dpu_rtl_destroy(rtl);
    }
};
using rtl_handle = std::unique_ptr<::mca_dpu_rtl, rtl_deleter>;

// The array of a layer: no pulses come between reads that belong together, nor, where the next
// image is read ahead, before that read.
struct array_claim {
    uint32_t reads = 0;               // that have been asked for and are not all sampled
    int64_t pulses_until = INT64_MAX; // of images up to this one: those after it wait
    sc_core::sc_time sampled;
    sc_core::sc_event freed;
};

struct context {
    ::mca_chip *const model;
    monitor log;
    mca_read_scratch scratch{};      // work space of reads: a process uses it up before it waits
    std::vector<array_claim> arrays; // [layers]
    rtl_handle rtl;                  // empty where the digital unit is the model
    sc_core::sc_time pulses_end;     // of all that have begun
    mca_arena arena{};
    // the first layer is read for the next image before it is updated for this one
    const bool reads_ahead;

    explicit context(::mca_chip *chip);
    ~context() {
        mca_arena_deinit(&arena);
    }

    const mca_chip_config &config() const {
        return *mca_chip_config_of(model);
    }
    uint32_t layers() const {
        return mca_chip_layer_count(model);
    }
    mca_layer_view layer(uint32_t l) const {
        return mca_chip_layer(model, l);
    }
    // At which a layer's matrix is read; 0 without a matrix.
    uint32_t positions(uint32_t l) const {
        return mca_chip_network(model)->layers[l].positions;
    }
    // Whether a layer's products are summed over its positions before chi.
    bool sums_positions(uint32_t l) const {
        return mca_sums_positions(&config(), &mca_chip_network(model)->layers[l]) != 0;
    }
    // Whether a layer's updates go through the memory of chi.
    bool has_chi(uint32_t l) const {
        return has_tiles(model, l) && mca_chi_is_kept(layer(l).chi) != 0;
    }
    // Whether layers start on what is ready of the layer before.
    bool streams() const {
        return config().timing.streaming != 0 &&
               mca_network_can_stream(mca_chip_network(model)) != 0;
    }
    // Whether a refresh follows an image is known when the digital unit is done with it.
    bool is_open(const mca_image_plan &after) const {
        return after.ends_batch != 0 && mca_pulses_ask_for_refresh(&config()) != 0;
    }
    // The edge that begins a cycle of the chip's clock, from time 0.
    sc_core::sc_time edge(uint64_t cycle) const {
        return sc_core::sc_time::from_value(mca_cycles_to_ps(cycle, config().dpu.clock_hz));
    }
    // First cycle that begins at `time` or after it.
    uint64_t cycle_from(const sc_core::sc_time &time) const {
        return mca_ps_to_cycles(time.value(), config().dpu.clock_hz);
    }
    uint64_t cycles_ps(uint64_t cycles) const {
        return mca_cycles_to_ps(cycles, config().dpu.clock_hz);
    }
    // Tiles of a layer.
    uint32_t tiles(uint32_t layer) const {
        const mca_matrix &matrix = *this->layer(layer).matrix;
        return mca_placement_tiles(&matrix.place);
    }
    // First tile of a layer among those of the chip.
    uint32_t tile_base(uint32_t layer) const {
        uint32_t base = 0;
        for (uint32_t l = 0; l < layer; ++l) {
            base += tiles(l);
        }
        return base;
    }
    // Tile of a device among those of the chip.
    uint32_t tile_of(const mca_pulse_command &command) const {
        return tile_base(command.layer) +
               mca_placement_tile_of(&layer(command.layer).matrix->place, command.row, command.col);
    }
};

// MCA_INVALID with the reason where the C core's chip does what these modules do not, or what the
// RTL does not have.
mca_status check_chip(const ::mca_chip *model, unit_kind unit, mca_error *error);

// The RTL for a chip that was checked; nothing where the unit is the model. Errors of
// mca_dpu_rtl_create; MCA_INVALID where it has no trace ports.
mca_status open_unit(rtl_handle &rtl, const ::mca_chip *model, unit_kind unit,
                     const rtl_source &source, const mca_observer *observer, mca_error *error);

inline sc_core::sc_time time_ps(uint64_t ps) {
    return sc_core::sc_time::from_value(ps);
}

// A reset: a module's processes, whatever they wait for, begin anew.
inline void restart_processes(const sc_core::sc_module &of) {
    for (sc_core::sc_object *child : of.get_child_objects()) {
        sc_core::sc_process_handle process(child);
        if (process.valid()) {
            process.reset();
        }
    }
}

} // namespace mca

#endif
