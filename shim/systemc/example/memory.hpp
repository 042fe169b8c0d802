// A memory: bytes behind a target socket, an access in `latency`.
#ifndef EXAMPLE_MEMORY_HPP
#define EXAMPLE_MEMORY_HPP

#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

class memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<memory> port;

    memory(const sc_core::sc_module_name &name, size_t size, const sc_core::sc_time &latency);
    // What stands in it before the simulation.
    std::vector<unsigned char> &bytes() {
        return bytes_;
    }

  private:
    void access(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);

    std::vector<unsigned char> bytes_;
    sc_core::sc_time latency_;
};

#endif
