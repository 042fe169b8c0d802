// An example platform: a processor, a memory with images of digits, and the chip on a bus.
//
//     example SCENARIO.yaml [model|rtl]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <mca.h>
#include <mca_chip.hpp>

#include "bus.hpp"
#include "memory.hpp"
#include "processor.hpp"

namespace {

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
    to.bytes().resize(size_t{table.count} * (data.inputs + 1));
    std::copy_n(data.train.pixels, size_t{table.count} * data.inputs, to.bytes().begin());
    std::copy_n(data.train.labels, table.count,
                to.bytes().begin() + std::ptrdiff_t{table.count} * data.inputs);
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
    setenv("MCA_COMPONENTS_DIR", COMPONENTS_DIR, 0);
    try {
        const bool rtl = argc > 2 && std::string(argv[2]) == "rtl";
        image_table images = {700, 0, 600};
        memory store("memory", 0, sc_core::sc_time(50, sc_core::SC_NS));
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
                    cpu.accuracy_before(), cpu.accuracy_after(), images.to_learn,
                    sc_core::sc_time_stamp().to_string().c_str(),
                    static_cast<double>(mca_chip_time_ps(chip.model())) * 1e-6);
        return cpu.accuracy_after() > cpu.accuracy_before() ? 0 : 1;
    } catch (const sc_core::sc_report &report) { // a scenario that the chip refuses
        std::fprintf(stderr, "%s\n", report.get_msg());
        return 2;
    }
}
