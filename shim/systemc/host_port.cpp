// The chip as a target of transactions: see mca_chip.hpp for its responses.
#include <algorithm>
#include <cstring>

#include "host_registers.hpp"
#include "sequencer.hpp"

namespace mca {

using sc_core::sc_time;

namespace {

// Enables repeat along the data.
bool enables_all(const tlm::tlm_generic_payload &payload) {
    const unsigned char *enables = payload.get_byte_enable_ptr();
    const unsigned length = payload.get_byte_enable_length();
    return !enables || (length > 0 &&
                        std::all_of(enables, enables + std::min(length, payload.get_data_length()),
                                    [](unsigned char e) { return e == TLM_BYTE_ENABLED; }));
}

} // namespace

void sequencer::access(tlm::tlm_generic_payload &payload, sc_time &delay) {
    if (delay != sc_core::SC_ZERO_TIME) { // registers act in simulated time
        wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    payload.set_dmi_allowed(false);
    payload.set_response_status(respond(payload));
}

bool sequencer::grant_direct(tlm::tlm_generic_payload &, tlm::tlm_dmi &dmi) {
    dmi.init(); // nowhere, for reads and writes
    dmi.allow_read_write();
    return false;
}

tlm::tlm_response_status sequencer::respond(tlm::tlm_generic_payload &payload) {
    const unsigned length = payload.get_data_length();
    if (!enables_all(payload)) {
        return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    }
    const std::optional<window> into = window_at(payload.get_address());
    if (!into && !register_at(payload.get_address())) {
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    if (length == 0 || payload.get_streaming_width() < length) {
        return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    return into ? access_window(payload, *into) : access_registers(payload);
}

tlm::tlm_response_status sequencer::access_registers(tlm::tlm_generic_payload &payload) {
    const uint64_t address = payload.get_address();
    const unsigned length = payload.get_data_length();
    const host_register &at = *register_at(address);
    if (address % 4 != 0) {
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    if (length != 4 && (length != at.bytes || address != at.address)) {
        return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    if ((payload.is_read() && !at.is_read) || (payload.is_write() && !at.is_written)) {
        return tlm::TLM_COMMAND_ERROR_RESPONSE;
    }
    const std::optional<uint64_t> value = payload.is_read() ? value_of(at.address) : 0;
    bool is_done = value.has_value();
    for (unsigned i = 0; i < length && is_done; i += 4) {
        uint32_t word = static_cast<uint32_t>(*value >> (address + i - at.address) * 8);
        if (payload.is_read()) {
            std::memcpy(payload.get_data_ptr() + i, &word, sizeof word);
        } else if (payload.is_write()) {
            std::memcpy(&word, payload.get_data_ptr() + i, sizeof word);
            is_done = write_register(address + i, word);
        }
    }
    return is_done ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE;
}

// Pixels of the image to start, or activations of the oldest result.
std::optional<sequencer::window> sequencer::window_at(uint64_t address) {
    window pixels = {reg::pixels, window_.size(), window_.data(), true};
    window activations = {reg::activations,
                          uint64_t{mca_network_outputs(mca_chip_network(shared_.model))} *
                              sizeof(uint32_t),
                          nullptr, false};
    if (!results_.empty() && !results_.front().activations.empty()) {
        activations.bytes = reinterpret_cast<uint8_t *>(results_.front().activations.data());
    }
    for (const window &one : {pixels, activations}) {
        if (address >= one.first && address - one.first < one.size) {
            return one;
        }
    }
    return std::nullopt;
}

tlm::tlm_response_status sequencer::access_window(tlm::tlm_generic_payload &payload,
                                                  const window &to) {
    const uint64_t offset = payload.get_address() - to.first;
    const uint64_t length = payload.get_data_length();
    if (length > to.size - offset) {
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    if (payload.is_write() && !to.is_written) {
        return tlm::TLM_COMMAND_ERROR_RESPONSE;
    }
    if (!to.bytes) {
        return tlm::TLM_GENERIC_ERROR_RESPONSE;
    }
    if (payload.is_write()) {
        std::copy_n(payload.get_data_ptr(), length, to.bytes + offset);
    } else if (payload.is_read()) {
        std::copy_n(to.bytes + offset, length, payload.get_data_ptr());
    }
    return tlm::TLM_OK_RESPONSE;
}

// Without an effect on the chip, and byte by byte: the first that cannot be reached ends it.
unsigned sequencer::access_debug(tlm::tlm_generic_payload &payload) {
    unsigned char *data = payload.get_data_ptr();
    unsigned done = 0;
    for (; done < payload.get_data_length(); ++done) {
        const uint64_t address = payload.get_address() + done;
        const std::optional<uint8_t> byte =
            payload.is_read() && address >= done ? peek(address) : std::nullopt;
        if (byte) {
            data[done] = *byte;
        } else if (!payload.is_write() || address < done || !poke(address, data[done])) {
            break;
        }
    }
    return done;
}

std::optional<uint8_t> sequencer::peek(uint64_t address) {
    if (const std::optional<window> from = window_at(address)) {
        return from->bytes ? std::optional<uint8_t>(from->bytes[address - from->first])
                           : std::nullopt;
    }
    const host_register *at = register_at(address);
    const std::optional<uint64_t> value = at && at->is_read ? value_of(at->address) : std::nullopt;
    return value
               ? std::optional<uint8_t>(static_cast<uint8_t>(*value >> (address - at->address) * 8))
               : std::nullopt;
}

bool sequencer::poke(uint64_t address, uint8_t byte) {
    const std::optional<window> into = window_at(address);
    if (into && into->is_written) {
        into->bytes[address - into->first] = byte;
        return true;
    }
    const host_register *at = register_at(address);
    if (!at || !is_poked(*at)) {
        return false;
    }
    poke_register(address, byte);
    return true;
}

} // namespace mca
