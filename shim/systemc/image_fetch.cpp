#include "image_fetch.hpp"

namespace mca {

image_fetch::image_fetch(const sc_core::sc_module_name &name,
                         std::function<void(const std::vector<uint8_t> &, bool)> fetched)
    : sc_module(name), memory("memory"), memory64("memory64"), on_fetched_(std::move(fetched)) {
    SC_HAS_PROCESS(image_fetch);
    SC_THREAD(run);
}

bool image_fetch::is_bound() const {
    return memory.size() + memory64.size() > 0;
}

void image_fetch::begin(uint64_t address, size_t bytes) {
    next_ = burst{address, bytes};
    begun_.notify(sc_core::SC_ZERO_TIME);
}

void image_fetch::forget() {
    next_.reset();
    ++forgotten_;
}

void image_fetch::run() {
    for (;;) {
        while (!next_) {
            wait(begun_);
        }
        const burst now = *next_;
        next_.reset();
        const uint64_t forgotten = forgotten_;
        const bool came = read(now);
        if (forgotten == forgotten_) {
            on_fetched_(data_, came);
        }
    }
}

bool image_fetch::read(const burst &what) {
    data_.assign(what.bytes, 0);
    tlm::tlm_generic_payload payload;
    payload.set_command(tlm::TLM_READ_COMMAND);
    payload.set_address(what.address);
    payload.set_data_ptr(data_.data());
    payload.set_data_length(static_cast<unsigned>(what.bytes));
    payload.set_streaming_width(static_cast<unsigned>(what.bytes));
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (memory.size() > 0) {
        memory->b_transport(payload, delay);
    } else {
        memory64->b_transport(payload, delay);
    }
    wait(delay);
    return payload.is_response_ok();
}

} // namespace mca
