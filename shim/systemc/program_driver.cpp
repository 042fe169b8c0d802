#include "program_driver.hpp"

#include <algorithm>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

program_driver::program_driver(const sc_core::sc_module_name &name, context &shared)
    : sc_module(name), commands("commands"), pulses("pulses"), shared_(shared),
      free_(shared.config().transfer.drivers, sc_core::SC_ZERO_TIME), started_("started"),
      ended_("ended") {
    commands.register_nb_transport_fw(this, &program_driver::take);
    SC_HAS_PROCESS(program_driver);
    SC_METHOD(count_started);
    sensitive << started_;
    dont_initialize();
    SC_METHOD(count_ended);
    sensitive << ended_;
    dont_initialize();
}

void program_driver::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, busy_, std::string(name()) + ".busy");
}

void program_driver::count_started() {
    ++busy_;
}

void program_driver::count_ended() {
    --busy_;
}

tlm::tlm_sync_enum program_driver::take(int, tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                        sc_time &delay) {
    const command_extension &ext = payload_pool<command_extension>::extension(payload);
    const auto driver = std::min_element(free_.begin(), free_.end());
    if (*driver > ext.start) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        fail("a command while all drivers are busy");
    }
    *driver = ext.start + time_ps(ext.is.duration_ps);
    begin_request(pulses, payload);
    const sc_time now = sc_time_stamp();
    const sc_time start = std::max(ext.start, now);
    const sc_time end = std::max(*driver, start);
    shared_.pulses_end = std::max(shared_.pulses_end, end);
    started_.notify(start - now);
    ended_.notify(end - now);
    delay = end - now;
    return tlm::TLM_COMPLETED;
}

} // namespace mca
