// The smallest platform with the chip in it: reads who it is.
#include <cinttypes>
#include <cstdio>

#include <mca_chip.hpp>
#include <tlm_utils/simple_initiator_socket.h>

class reader : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<reader> bus{"bus"};
    uint32_t id = 0;

    explicit reader(const sc_core::sc_module_name &name) : sc_module(name) {
        SC_HAS_PROCESS(reader);
        SC_THREAD(run);
    }

  private:
    void run() {
        tlm::tlm_generic_payload payload;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        payload.set_command(tlm::TLM_READ_COMMAND);
        payload.set_address(mca::reg::id);
        payload.set_data_ptr(reinterpret_cast<unsigned char *>(&id));
        payload.set_data_length(sizeof id);
        payload.set_streaming_width(sizeof id);
        bus->b_transport(payload, delay);
    }
};

int sc_main(int, char **argv) {
    sc_core::sc_signal<bool> irq("irq");
    mca::chip chip("chip", argv[1]);
    reader host("host");
    host.bus.bind(chip.host);
    chip.irq(irq);
    sc_core::sc_start();
    std::printf("%" PRIx32 "\n", host.id);
    return 0;
}
