#include "processor.hpp"

#include <vector>

#include <mca_chip.hpp>

#include "bus.hpp"

processor::processor(const sc_core::sc_module_name &name, const image_table &images)
    : sc_module(name), bus_port("bus_port"), irq("irq"), images_(images) {
    SC_HAS_PROCESS(processor);
    SC_THREAD(run);
}

void processor::access(tlm::tlm_command command, uint64_t address, void *data, unsigned length) {
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

void processor::start(uint32_t image, uint32_t how) {
    std::vector<unsigned char> pixels(images_.pixels);
    uint32_t label = 0;
    access(tlm::TLM_READ_COMMAND, uint64_t{image} * images_.pixels, pixels.data(), images_.pixels);
    access(tlm::TLM_READ_COMMAND, uint64_t{images_.count} * images_.pixels + image, &label, 1);
    access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::pixels, pixels.data(),
           images_.pixels);
    access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::label, &label, sizeof label);
    access(tlm::TLM_WRITE_COMMAND, bus::CHIP_BASE + mca::reg::control, &how, sizeof how);
}

uint32_t processor::take_result() {
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

double processor::classify() {
    uint32_t right = 0;
    for (uint32_t i = images_.to_learn; i < images_.count; ++i) {
        unsigned char label = 0;
        start(i, mca::start::infer);
        access(tlm::TLM_READ_COMMAND, uint64_t{images_.count} * images_.pixels + i, &label, 1);
        right += take_result() == label;
    }
    return static_cast<double>(right) / (images_.count - images_.to_learn);
}

void processor::run() {
    before_ = classify();
    for (uint32_t i = 0; i < images_.to_learn; ++i) {
        start(i, mca::start::train);
        take_result();
    }
    after_ = classify();
}
