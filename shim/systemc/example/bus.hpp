// A bus: one initiator, the memory below CHIP_BASE, the chip from there on.
#ifndef EXAMPLE_BUS_HPP
#define EXAMPLE_BUS_HPP

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

class bus : public sc_core::sc_module {
  public:
    static constexpr uint64_t CHIP_BASE = 0x80000000;

    tlm_utils::simple_target_socket<bus> from;
    tlm_utils::simple_initiator_socket<bus> to_memory;
    tlm_utils::simple_initiator_socket<bus> to_chip;

    explicit bus(const sc_core::sc_module_name &name);

  private:
    void route(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
};

#endif
