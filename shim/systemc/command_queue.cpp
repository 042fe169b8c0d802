#include "command_queue.hpp"

#include <algorithm>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

command_queue::command_queue(const sc_core::sc_module_name &name, context &shared,
                             std::function<void(const command &, uint64_t)> left)
    : sc_module(name), drivers("drivers"), shared_(shared), on_left_(std::move(left)),
      left_cycle_(shared.config().transfer.fifo_depth, 0),
      driver_free_ps_(shared.config().transfer.drivers, 0) {
    SC_HAS_PROCESS(command_queue);
    SC_METHOD(serve);
    sensitive << pushed_event_;
    dont_initialize();
}

void command_queue::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, level_, std::string(name()) + ".level");
}

void command_queue::restart() {
    waiting_.clear();
    level_ = 0;
    pushed_ = 0;
    next_cycle_ = 0;
    payloads_.recall();
    restart_processes(*this);
}

void command_queue::push(const command &next, uint64_t cycle) {
    waiting_.push_back({next, cycle});
    ++pushed_;
    level_ = static_cast<uint32_t>(waiting_.size());
    if (waiting_.size() == 1) {
        pushed_event_.notify(sc_core::SC_ZERO_TIME);
    }
}

void command_queue::serve() {
    while (!waiting_.empty()) {
        const entry &head = waiting_.front();
        const auto driver = std::min_element(driver_free_ps_.begin(), driver_free_ps_.end());
        const array_claim &array = shared_.arrays[head.is.pulses.layer];
        const uint64_t cycle =
            std::max({head.cycle, next_cycle_, shared_.cycle_from(time_ps(*driver)),
                      shared_.cycle_from(array.sampled)});
        const sc_time start = shared_.edge(cycle);
        if (start > sc_time_stamp()) {
            next_trigger(start - sc_time_stamp());
            return;
        }
        if (array.reads > 0 || static_cast<int64_t>(head.is.sequence) > array.pulses_until) {
            next_trigger(array.freed);
            return;
        }
        tlm::tlm_generic_payload &payload = payloads_.take();
        command_extension &ext = payload_pool<command_extension>::extension(payload);
        ext.is = head.is;
        ext.start = start;
        const sc_time left = begin_request(drivers, payload);
        require(payload.is_response_ok(), "a driver refuses a command");
        *driver = (sc_time_stamp() + left).value();
        payload.release();
        next_cycle_ = cycle + 1;
        left_cycle_[(pushed_ - waiting_.size()) % left_cycle_.size()] = cycle;
        const command sent = head.is;
        waiting_.pop_front();
        level_ = static_cast<uint32_t>(waiting_.size());
        on_left_(sent, cycle);
        departure_.notify(sc_core::SC_ZERO_TIME);
    }
}

} // namespace mca
