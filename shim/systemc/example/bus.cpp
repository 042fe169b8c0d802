#include "bus.hpp"

bus::bus(const sc_core::sc_module_name &name)
    : sc_module(name), from("from"), to_memory("to_memory"), to_chip("to_chip") {
    from.register_b_transport(this, &bus::route);
}

void bus::route(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
    const uint64_t address = payload.get_address();
    if (address < CHIP_BASE) {
        to_memory->b_transport(payload, delay);
    } else {
        payload.set_address(address - CHIP_BASE);
        to_chip->b_transport(payload, delay);
        payload.set_address(address);
    }
}
