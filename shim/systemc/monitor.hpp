// Busy times and the critical path of the modules, booked in the order of the program: an image's
// operations are collected as they end and enter the chip's ledger when the image is complete, in
// the order in which the C timeline books them (docs/06-timing.md). So the shares of phases mean
// the same in both.
#ifndef MCA_SHIM_SYSTEMC_MONITOR_HPP
#define MCA_SHIM_SYSTEMC_MONITOR_HPP

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "arch/chip_state.h"
#include "mca_chip.hpp"
#include "payload.hpp"

namespace mca {

class monitor {
  public:
    // Places in the order of an image's operations.
    enum class part { load, forward, output_error, backward, update, batch, refresh };
    // Within a place: reads or pulses, the digital unit, chi.
    enum { reads, pulses = reads, unit, chi, parts };

    struct place {
        monitor::part part;
        uint32_t layer;
        uint32_t sub;
    };

    explicit monitor(::mca_chip *model) : model_(model) {
    }

    void open(uint64_t sequence);
    void book(uint64_t sequence, place where, mca_phase phase, mca_resource resource,
              uint64_t end_ps, uint64_t busy_ps);
    // Images close in their order.
    void close(uint64_t sequence);

    // Keeps the times of every image that closes from here on.
    void record() {
        recording_ = true;
    }
    const std::vector<image_time> &times() const {
        return times_;
    }

  private:
    struct group {
        bool used = false;
        mca_phase phase = MCA_PHASE_FORWARD;
        uint64_t end_ps = 0;
        std::array<uint64_t, MCA_RESOURCE_COUNT> busy_ps{};
    };

    size_t index_of(place where) const;

    ::mca_chip *model_;
    uint64_t first_ = 0; // sequence of the oldest open image
    std::deque<std::vector<group>> open_;
    bool recording_ = false;
    std::vector<image_time> times_;
};

} // namespace mca

#endif
