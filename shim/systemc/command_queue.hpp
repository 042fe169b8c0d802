// Commands before the drivers of one tile. A command leaves in the first cycle in which it is the
// oldest, a driver and the array are free and none left in the cycle before.
#ifndef MCA_SHIM_SYSTEMC_COMMAND_QUEUE_HPP
#define MCA_SHIM_SYSTEMC_COMMAND_QUEUE_HPP

#include <deque>
#include <functional>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "context.hpp"
#include "payload.hpp"

namespace mca {

class command_queue : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<command_queue> drivers;

    // `left` is called as a command leaves, with the cycle.
    command_queue(const sc_core::sc_module_name &name, context &shared,
                  std::function<void(const command &, uint64_t)> left);
    // A command that is there from `cycle` on; cycles do not fall.
    void push(const command &next, uint64_t cycle);
    // Whether no command waits of the images up to one; those of one image follow another's.
    bool is_empty_up_to(int64_t sequence) const {
        return waiting_.empty() || static_cast<int64_t>(waiting_.front().is.sequence) > sequence;
    }
    uint64_t pushed() const {
        return pushed_;
    }
    uint64_t left() const {
        return pushed_ - waiting_.size();
    }
    // Cycle in which the nth command left; one of the last fifo_depth that did.
    uint64_t left_cycle(uint64_t nth) const {
        return left_cycle_[nth % left_cycle_.size()];
    }
    // At each departure.
    const sc_core::sc_event &departure() const {
        return departure_;
    }
    void trace(sc_core::sc_trace_file *file) const;
    // A reset: what waits is lost.
    void restart();

  private:
    struct entry {
        command is;
        uint64_t cycle;
    };
    void serve();

    context &shared_;
    std::function<void(const command &, uint64_t)> on_left_;
    std::deque<entry> waiting_;
    std::vector<uint64_t> left_cycle_;
    std::vector<uint64_t> driver_free_ps_;
    uint64_t pushed_ = 0;
    uint64_t next_cycle_ = 0;
    uint32_t level_ = 0; // for waveforms
    payload_pool<command_extension> payloads_;
    sc_core::sc_event pushed_event_, departure_;
};

} // namespace mca

#endif
