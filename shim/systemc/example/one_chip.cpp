// The smallest platform: a host bound straight to the chip, which learns from twenty images.
//
//     one_chip [SCENARIO]
#include <cstdio>
#include <cstdlib>

#include <tlm_utils/simple_initiator_socket.h>

#include <mca_chip.hpp>

#include "parts.hpp"

namespace {

class host : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<host> port{"port"};
    sc_core::sc_in<bool> irq{"irq"};

    host(const sc_core::sc_module_name &name, const mca_image_set &images, uint32_t pixels)
        : sc_module(name), images_(images), pixels_(pixels) {
        SC_HAS_PROCESS(host);
        SC_THREAD(run);
    }

  private:
    void run() {
        for (uint32_t i = 0; i < images_.count; ++i) {
            const sc_core::sc_time start = sc_core::sc_time_stamp();
            example::access(port, tlm::TLM_WRITE_COMMAND, mca::reg::pixels,
                            const_cast<unsigned char *>(images_.pixels + size_t{i} * pixels_),
                            pixels_);
            write(mca::reg::label, images_.labels[i]);
            write(mca::reg::control, mca::start::train);
            while (!irq.read()) { // until the result is there
                wait(irq.posedge_event());
            }
            uint32_t predicted = 0;
            example::access(port, tlm::TLM_READ_COMMAND, mca::reg::predicted, &predicted,
                            sizeof predicted);
            write(mca::reg::next, 1); // that result is done with
            std::printf("image %u of class %u taken for %u, after %.1f ns\n", i, images_.labels[i],
                        predicted, (sc_core::sc_time_stamp() - start).to_seconds() * 1e9);
        }
    }

    void write(uint64_t address, uint32_t value) {
        example::access(port, tlm::TLM_WRITE_COMMAND, address, &value, sizeof value);
    }

    const mca_image_set images_;
    const uint32_t pixels_;
};

} // namespace

int sc_main(int argc, char **argv) {
    setenv("MCA_DATA_DIR", DATA_DIR, 0); // where names of scenarios are looked for
    try {
        mca_dataset digits;
        mca_error error;
        if (!example::draw_digits(digits, 20, &error)) {
            std::fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        sc_core::sc_signal<bool> irq("irq");
        host cpu("host", digits.train, digits.inputs);
        mca::chip chip("chip", argc > 1 ? argv[1] : "synthetic-quick");
        cpu.port.bind(chip.host);
        chip.irq(irq);
        cpu.irq(irq);
        chip.record(); // the chip's own time of each image
        sc_core::sc_start();
        uint64_t longest_ps = 0;
        for (const mca::image_time &image : chip.times()) {
            longest_ps = std::max(longest_ps, image.total_ps);
        }
        std::printf("%zu images, the chip's time %.1f ns, at most %.1f ns an image\n",
                    chip.times().size(), static_cast<double>(mca_chip_time_ps(chip.model())) * 1e-3,
                    static_cast<double>(longest_ps) * 1e-3);
        mca_dataset_deinit(&digits);
        return 0;
    } catch (const sc_core::sc_report &report) { // a scenario that the chip refuses
        std::fprintf(stderr, "%s\n", report.get_msg());
        return 2;
    }
}
