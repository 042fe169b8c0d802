// An example platform: a processor, a memory with images of digits, and the chip on a bus.
//
//     example SCENARIO.yaml [model|rtl]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <mca.h>
#include <mca_chip.hpp>

namespace {

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

// A memory: bytes behind a target socket, an access in `latency`.
class memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<memory> port{"port"};
    std::vector<unsigned char> bytes; // what stands in it before the simulation

    memory(const sc_core::sc_module_name &name, const sc_core::sc_time &latency)
        : sc_module(name), latency_(latency) {
        port.register_b_transport(this, &memory::access);
    }

  private:
    void access(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
        const uint64_t address = payload.get_address();
        const uint64_t length = payload.get_data_length();
        if (address > bytes.size() || length > bytes.size() - address) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        if (payload.is_write()) {
            std::copy_n(payload.get_data_ptr(), length, bytes.data() + address);
        } else if (payload.is_read()) {
            std::copy_n(bytes.data() + address, length, payload.get_data_ptr());
        }
        delay += latency_;
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    const sc_core::sc_time latency_;
};

// How the memory is filled: `count` images one after the other, then as many bytes of labels.
struct image_table {
    uint32_t count;
    uint32_t pixels;
    uint32_t to_learn; // the first of them
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
            unsigned char label = 0;
            start(i, mca::start::infer);
            access(tlm::TLM_READ_COMMAND, uint64_t{images_.count} * images_.pixels + i, &label, 1);
            right += take_result() == label;
        }
        return static_cast<double>(right) / (images_.count - images_.to_learn);
    }

    void start(uint32_t image, uint32_t how) {
        std::vector<unsigned char> pixels(images_.pixels);
        uint32_t label = 0;
        access(tlm::TLM_READ_COMMAND, uint64_t{image} * images_.pixels, pixels.data(),
               images_.pixels);
        access(tlm::TLM_READ_COMMAND, uint64_t{images_.count} * images_.pixels + image, &label, 1);
        access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::pixels, pixels.data(),
               images_.pixels);
        access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::label, &label, sizeof label);
        access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::control, &how, sizeof how);
    }

    uint32_t take_result() {
        uint32_t predicted = 0;
        uint32_t next = 1;
        while (!irq.read()) {
            wait(irq.posedge_event());
        }
        access(tlm::TLM_READ_COMMAND, bus::CHIP_BASE + mca::reg::predicted, &predicted,
               sizeof predicted);
        access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::next, &next, sizeof next);
        wait(sc_core::SC_ZERO_TIME); // the interrupt falls two delta cycles later
        wait(sc_core::SC_ZERO_TIME);
        return predicted;
    }

    void access(tlm::tlm_command command, uint64_t address, void *data, unsigned length) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(length);
        payload.set_streaming_width(length);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        bus_port->b_transport(payload, delay);
        wait(delay);
        if (!payload.is_response_ok()) {
            SC_REPORT_ERROR("/example/processor", payload.get_response_string().c_str());
        }
    }

    const image_table images_;
};

// Drawn digits, from the library that the chip comes with.
bool fill(memory &to, image_table &table, mca_error *error) {
    static mca_dataset_config config;
    config.name = MCA_DATASET_SYNTHETIC_DIGITS;
    config.synthetic_train = table.count;
    config.synthetic_test = 1;
    config.synthetic_seed = 1;
    mca_dataset data;
    if (mca_dataset_load(&data, &config, nullptr, nullptr, error) != MCA_OK) {
        return false;
    }
    table.pixels = data.inputs;
    to.bytes.resize(size_t{table.count} * (data.inputs + 1));
    std::copy_n(data.train.pixels, size_t{table.count} * data.inputs, to.bytes.begin());
    std::copy_n(data.train.labels, table.count,
                to.bytes.begin() + std::ptrdiff_t{table.count} * data.inputs);
    mca_dataset_deinit(&data);
    return true;
}

} // namespace

int sc_main(int argc, char **argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: example SCENARIO.yaml [model|rtl]\n");
        return 2;
    }
    // a static libmca cannot see where it was installed; whoever set the variable knows better
    setenv("MCA_DATA_DIR", DATA_DIR, 0);
    try {
        const bool rtl = argc > 2 && std::string(argv[2]) == "rtl";
        image_table images = {700, 0, 600};
        memory store("memory", sc_core::sc_time(50, sc_core::SC_NS));
        mca_error error;
        if (!fill(store, images, &error)) {
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
