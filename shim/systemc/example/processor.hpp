// The initiator: copies images from memory to the chip, lets it learn from the first of them, and
// classifies the others before and after.
#ifndef EXAMPLE_PROCESSOR_HPP
#define EXAMPLE_PROCESSOR_HPP

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

// How the memory is filled: `count` images one after the other, then as many bytes of labels.
struct image_table {
    uint32_t count;
    uint32_t pixels;
    uint32_t to_learn; // the first of them
};

class processor : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<processor> bus_port;
    sc_core::sc_in<bool> irq;

    processor(const sc_core::sc_module_name &name, const image_table &images);
    double accuracy_before() const {
        return before_;
    }
    double accuracy_after() const {
        return after_;
    }

  private:
    void run();
    double classify();
    void start(uint32_t image, uint32_t how);
    uint32_t take_result();
    void access(tlm::tlm_command command, uint64_t address, void *data, unsigned length);

    const image_table images_;
    double before_ = 0.0;
    double after_ = 0.0;
};

#endif
