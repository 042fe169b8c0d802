// The programming drivers of a tile: `transfer.drivers` of them, each busy for the pulses of one
// command.
//
// `commands` takes a command (BEGIN_REQ) in the cycle in which a driver is free, and completes it
// at once with the time that is left until its pulses end: whoever sends commands thereby knows
// when drivers are free, and sends none before.
#ifndef MCA_SHIM_SYSTEMC_PROGRAM_DRIVER_HPP
#define MCA_SHIM_SYSTEMC_PROGRAM_DRIVER_HPP

#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include "context.hpp"
#include "payload.hpp"

namespace mca {

class program_driver : public sc_core::sc_module {
  public:
    tlm_utils::multi_passthrough_target_socket<program_driver> commands;
    tlm_utils::simple_initiator_socket<program_driver> pulses; // to the tile

    program_driver(const sc_core::sc_module_name &name, context &shared);
    void trace(sc_core::sc_trace_file *file) const;

  private:
    tlm::tlm_sync_enum take(int id, tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                            sc_core::sc_time &delay);
    void count_started();
    void count_ended();

    context &shared_;
    std::vector<sc_core::sc_time> free_; // [drivers]
    sc_core::sc_event_queue started_, ended_;
    uint32_t busy_ = 0; // drivers, for waveforms
};

} // namespace mca

#endif
