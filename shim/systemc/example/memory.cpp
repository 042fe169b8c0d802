#include "memory.hpp"

#include <algorithm>

memory::memory(const sc_core::sc_module_name &name, size_t size, const sc_core::sc_time &latency)
    : sc_module(name), port("port"), bytes_(size), latency_(latency) {
    port.register_b_transport(this, &memory::access);
}

void memory::access(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
    const uint64_t address = payload.get_address();
    const uint64_t length = payload.get_data_length();
    if (address > bytes_.size() || length > bytes_.size() - address) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.is_write()) {
        std::copy_n(payload.get_data_ptr(), length, bytes_.data() + address);
    } else if (payload.is_read()) {
        std::copy_n(bytes_.data() + address, length, payload.get_data_ptr());
    }
    delay += latency_;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}
