// A platform with two chips, a processor and a memory on a bus of 64 bits. The processor says where
// images lie, and the chips fetch them by themselves: they share the bus and the memory, whose
// latency they hide behind the images before. The chips begin with different weights; what they say
// together is compared with what each says.
//
//     two_chips SCENARIO.yaml [model|rtl]
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <mca_chip.hpp>

#include "parts.hpp"

namespace {

using example::access;
using example::image_table;
using example::memory;

constexpr uint32_t CHIPS = 2;

// A bus of several initiators, one transaction at a time: the memory below CHIP_BASE, then the
// chips.
class bus : public sc_core::sc_module {
  public:
    static constexpr uint64_t CHIP_BASE = 0x80000000;
    static constexpr uint64_t CHIP_SIZE = 0x10000000;

    tlm_utils::multi_passthrough_target_socket<bus, 64> from{"from"};
    tlm_utils::multi_passthrough_initiator_socket<bus, 64> to{"to"}; // the memory, then the chips

    explicit bus(const sc_core::sc_module_name &name) : sc_module(name) {
        from.register_b_transport(this, &bus::route);
    }

  private:
    void route(int, tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
        const uint64_t address = payload.get_address();
        const uint64_t chip = address < CHIP_BASE ? 0 : (address - CHIP_BASE) / CHIP_SIZE;
        if (chip >= CHIPS) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        held_.lock();
        if (address < CHIP_BASE) {
            to[0]->b_transport(payload, delay);
        } else {
            payload.set_address((address - CHIP_BASE) % CHIP_SIZE);
            to[static_cast<int>(chip + 1)]->b_transport(payload, delay);
            payload.set_address(address);
        }
        wait(delay);
        delay = sc_core::SC_ZERO_TIME;
        held_.unlock();
    }

    sc_core::sc_mutex held_;
};

class processor : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<processor, 64> bus_port{"bus_port"};
    sc_core::sc_vector<sc_core::sc_in<bool>> irq{"irq", CHIPS};
    std::array<double, CHIPS> accuracy{};
    double accuracy_together = 0.0;

    processor(const sc_core::sc_module_name &name, const image_table &images)
        : sc_module(name), images_(images) {
        SC_HAS_PROCESS(processor);
        SC_THREAD(run);
    }

  private:
    // Images that a chip has been told of at most: there is room for 16 results.
    static constexpr uint32_t AHEAD = 4;

    void run() {
        for (uint32_t c = 0; c < CHIPS; ++c) {
            read(c, mca::reg::outputs, &outputs_, sizeof outputs_);
        }
        for (uint32_t i = 0; i < images_.to_learn + AHEAD; ++i) {
            for (uint32_t c = 0; c < CHIPS; ++c) {
                if (i >= AHEAD) {
                    (void)take_result(c);
                }
                if (i < images_.to_learn) {
                    start(c, i, mca::start::train);
                }
            }
        }
        for (uint32_t i = images_.to_learn; i < images_.count; ++i) {
            classify(i);
        }
    }

    void classify(uint32_t image) {
        const double share = 1.0 / (images_.count - images_.to_learn);
        const uint32_t label = label_of(image);
        std::vector<uint32_t> sums(outputs_);
        for (uint32_t c = 0; c < CHIPS; ++c) {
            start(c, image, mca::start::infer);
        }
        for (uint32_t c = 0; c < CHIPS; ++c) {
            const std::vector<uint32_t> activations = take_result(c);
            accuracy[c] += largest(activations) == label ? share : 0.0;
            for (uint32_t o = 0; o < outputs_; ++o) {
                sums[o] += activations[o];
            }
        }
        accuracy_together += largest(sums) == label ? share : 0.0;
    }

    static uint32_t largest(const std::vector<uint32_t> &of) {
        return static_cast<uint32_t>(std::max_element(of.begin(), of.end()) - of.begin());
    }

    uint32_t label_of(uint32_t image) {
        unsigned char label = 0;
        access(bus_port, tlm::TLM_READ_COMMAND, images_.label_at(image), &label, 1);
        return label;
    }

    // The chip fetches the image; nothing is waited for.
    void start(uint32_t chip, uint32_t image, uint32_t how) {
        uint64_t source = images_.image_at(image);
        uint32_t label = label_of(image);
        how |= mca::start::fetch;
        write(chip, mca::reg::source, &source, sizeof source);
        write(chip, mca::reg::label, &label, sizeof label);
        write(chip, mca::reg::control, &how, sizeof how);
    }

    // The activations of the chip's oldest result.
    std::vector<uint32_t> take_result(uint32_t chip) {
        std::vector<uint32_t> activations(outputs_);
        uint32_t done = 1;
        while (!irq[chip].read()) {
            wait(irq[chip].posedge_event());
        }
        read(chip, mca::reg::activations, activations.data(),
             static_cast<unsigned>(outputs_ * sizeof(uint32_t)));
        write(chip, mca::reg::next, &done, sizeof done);
        return activations;
    }

    static uint64_t base(uint32_t chip) {
        return bus::CHIP_BASE + chip * bus::CHIP_SIZE;
    }
    void read(uint32_t chip, uint64_t address, void *data, unsigned length) {
        access(bus_port, tlm::TLM_READ_COMMAND, base(chip) + address, data, length);
    }
    void write(uint32_t chip, uint64_t address, void *data, unsigned length) {
        access(bus_port, tlm::TLM_WRITE_COMMAND, base(chip) + address, data, length);
    }

    const image_table images_;
    uint32_t outputs_ = 0;
};

} // namespace

int sc_main(int argc, char **argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: two_chips SCENARIO.yaml [model|rtl]\n");
        return 2;
    }
    // where libmca finds scenarios by name; it is static, and cannot tell where it was installed
    setenv("MCA_DATA_DIR", DATA_DIR, 0);
    try {
        const bool rtl = argc > 2 && std::string(argv[2]) == "rtl";
        const mca::unit_kind unit = rtl ? mca::unit_kind::rtl : mca::unit_kind::model;
        image_table images = {1700, 1500, 0};
        memory<64> store("memory", sc_core::sc_time(200, sc_core::SC_NS));
        mca_error error;
        if (!example::fill(store, images, &error)) {
            std::fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        sc_core::sc_vector<sc_core::sc_signal<bool>> irq("irq", CHIPS);
        bus wires("bus");
        processor cpu("processor", images);
        mca::chip first("first", argv[1], {"seed=1"}, unit);
        mca::chip second("second", argv[1], {"seed=2"}, unit);
        cpu.bus_port.bind(wires.from);
        wires.to.bind(store.port);
        uint32_t c = 0;
        for (mca::chip *chip : {&first, &second}) {
            wires.to.bind(chip->host64);
            chip->memory64.bind(wires.from);
            chip->irq(irq[c]);
            cpu.irq[c](irq[c]);
            ++c;
        }
        sc_core::sc_start();
        std::printf("accuracy %.3f and %.3f, together %.3f after %u images in %s; the memory: %llu "
                    "accesses, busy %.0f %%\n",
                    cpu.accuracy[0], cpu.accuracy[1], cpu.accuracy_together, images.to_learn,
                    sc_core::sc_time_stamp().to_string().c_str(),
                    static_cast<unsigned long long>(store.accesses),
                    100.0 * (store.busy / sc_core::sc_time_stamp()));
        return 0;
    } catch (const sc_core::sc_report &report) { // a scenario that the chip refuses
        std::fprintf(stderr, "%s\n", report.get_msg());
        return 2;
    }
}
