// A platform with one processor, a memory and the chip on a bus of 32 bits. The processor copies
// images to the chip's window.
//
//     one_cpu SCENARIO.yaml [model|rtl]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>

#include <mca_chip.hpp>

#include "parts.hpp"

namespace {

using example::access;
using example::image_table;
using example::memory;

// A bus: one initiator, the memory below CHIP_BASE, the chip from there on.
class bus : public sc_core::sc_module {
  public:
    static constexpr uint64_t CHIP_BASE = 0x80000000;

    tlm_utils::simple_target_socket<bus> from{"from"};
    tlm_utils::simple_initiator_socket<bus> to_memory{"to_memory"};
    tlm_utils::simple_initiator_socket<bus> to_chip{"to_chip"};

    explicit bus(const sc_core::sc_module_name &name) : sc_module(name) {
        from.register_b_transport(this, &bus::route);
    }

  private:
    void route(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
        const uint64_t address = payload.get_address();
        if (address < CHIP_BASE) {
            to_memory->b_transport(payload, delay);
        } else {
            payload.set_address(address - CHIP_BASE);
            to_chip->b_transport(payload, delay);
            payload.set_address(address);
        }
    }
};

// The initiator: copies images from memory to the chip, lets it learn from the first of them, and
// classifies the others before and after.
class processor : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<processor> bus_port{"bus_port"};
    sc_core::sc_in<bool> irq{"irq"};
    double accuracy_before = 0.0;
    double accuracy_after = 0.0;

    processor(const sc_core::sc_module_name &name, const image_table &images)
        : sc_module(name), images_(images) {
        SC_HAS_PROCESS(processor);
        SC_THREAD(run);
    }

  private:
    void run() {
        accuracy_before = classify();
        for (uint32_t i = 0; i < images_.to_learn; ++i) {
            start(i, mca::start::train);
            take_result();
        }
        accuracy_after = classify();
    }

    double classify() {
        uint32_t right = 0;
        for (uint32_t i = images_.to_learn; i < images_.count; ++i) {
            start(i, mca::start::infer);
            right += take_result() == label_of(i);
        }
        return static_cast<double>(right) / (images_.count - images_.to_learn);
    }

    uint32_t label_of(uint32_t image) {
        unsigned char label = 0;
        access(bus_port, tlm::TLM_READ_COMMAND, images_.label_at(image), &label, 1);
        return label;
    }

    void start(uint32_t image, uint32_t how) {
        std::vector<unsigned char> pixels(images_.pixels);
        access(bus_port, tlm::TLM_READ_COMMAND, images_.image_at(image), pixels.data(),
               images_.pixels);
        access(bus_port, tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::pixels, pixels.data(),
               images_.pixels);
        write(mca::reg::label, label_of(image));
        write(mca::reg::control, how);
    }

    uint32_t take_result() {
        uint32_t predicted = 0;
        while (!irq.read()) {
            wait(irq.posedge_event());
        }
        access(bus_port, tlm::TLM_READ_COMMAND, bus::CHIP_BASE + mca::reg::predicted, &predicted,
               sizeof predicted);
        write(mca::reg::next, 1); // the interrupt has fallen
        return predicted;
    }

    void write(uint64_t address, uint32_t value) {
        access(bus_port, tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + address, &value, sizeof value);
    }

    const image_table images_;
};

} // namespace

int sc_main(int argc, char **argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: one_cpu SCENARIO.yaml [model|rtl]\n");
        return 2;
    }
    // where libmca finds scenarios by name; it is static, and cannot tell where it was installed
    setenv("MCA_DATA_DIR", DATA_DIR, 0);
    try {
        const bool rtl = argc > 2 && std::string(argv[2]) == "rtl";
        image_table images = {700, 600, 0};
        memory<32> store("memory", sc_core::sc_time(50, sc_core::SC_NS));
        mca_error error;
        if (!example::fill(store, images, &error)) {
            std::fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        sc_core::sc_signal<bool> irq("irq");
        bus wires("bus");
        processor cpu("processor", images);
        mca::chip chip("chip", argv[1], {}, rtl ? mca::unit_kind::rtl : mca::unit_kind::model);
        cpu.bus_port.bind(wires.from);
        wires.to_memory.bind(store.port);
        wires.to_chip.bind(chip.host);
        chip.irq(irq);
        cpu.irq(irq);
        sc_core::sc_start();
        std::printf("accuracy %.3f before, %.3f after %u images in %s; the chip: %.1f us\n",
                    cpu.accuracy_before, cpu.accuracy_after, images.to_learn,
                    sc_core::sc_time_stamp().to_string().c_str(),
                    static_cast<double>(mca_chip_time_ps(chip.model())) * 1e-6);
        return cpu.accuracy_after > cpu.accuracy_before ? 0 : 1;
    } catch (const sc_core::sc_report &report) { // a scenario that the chip refuses
        std::fprintf(stderr, "%s\n", report.get_msg());
        return 2;
    }
}
