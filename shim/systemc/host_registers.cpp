// The registers of the chip, as its sequencer keeps them: see mca_chip.hpp.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "mca_chip.hpp"
#include "sequencer.hpp"

namespace mca {

using sc_core::sc_time;

namespace {

template <typename To, typename From> To same_bits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

bool is_double_word(uint64_t address) {
    return address == reg::rate || address == reg::number || address == reg::loss;
}

// A digital layer changes with every image: there is no mini-batch then.
bool has_digital_layer(const mca_network &network) {
    return std::any_of(network.layers, network.layers + network.layer_count,
                       [](const mca_network_layer &layer) { return layer.config.digital != 0; });
}

} // namespace

void sequencer::show_irq() {
    irq.write(!results_.empty());
}

void sequencer::wait_until_idle() {
    while (!open_.empty() || !submitted_.empty()) {
        wait(idle_event_);
    }
    const sc_time end = time_ps(mca_chip_time_ps(shared_.model)); // of the last pulses
    if (end > sc_core::sc_time_stamp()) {
        wait(end - sc_core::sc_time_stamp());
    }
}

void sequencer::access(tlm::tlm_generic_payload &payload, sc_time &delay) {
    if (delay != sc_core::SC_ZERO_TIME) { // registers act in simulated time
        wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    payload.set_dmi_allowed(false);
    payload.set_response_status(respond(payload));
}

tlm::tlm_response_status sequencer::respond(tlm::tlm_generic_payload &payload) {
    const unsigned length = payload.get_data_length();
    const uint64_t address = payload.get_address();
    if (payload.get_byte_enable_ptr()) {
        return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    }
    if (payload.get_streaming_width() < length) {
        return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    if (address >= reg::pixels) {
        return access_window(payload) ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    if (address % 4 != 0 || (length != 4 && !(is_double_word(address) && length == 8))) {
        return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    return access_registers(payload);
}

tlm::tlm_response_status sequencer::access_registers(tlm::tlm_generic_payload &payload) {
    tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE;
    for (unsigned at = 0; at < payload.get_data_length() && status == tlm::TLM_OK_RESPONSE;
         at += 4) {
        const uint64_t address = payload.get_address() + at;
        const bool is_upper_half = is_double_word(address - 4);
        uint32_t word = 0;
        if (payload.is_read()) {
            const std::optional<uint64_t> value = value_of(is_upper_half ? address - 4 : address);
            if (!value) {
                return tlm::TLM_ADDRESS_ERROR_RESPONSE;
            }
            word = static_cast<uint32_t>(*value >> (is_upper_half ? 32 : 0));
            std::memcpy(payload.get_data_ptr() + at, &word, sizeof word);
        } else if (payload.is_write()) {
            std::memcpy(&word, payload.get_data_ptr() + at, sizeof word);
            status = write_register(address, word);
        }
    }
    return status;
}

// Pixels of the image to start, and activations of the oldest result.
bool sequencer::access_window(tlm::tlm_generic_payload &payload) {
    const uint64_t address = payload.get_address();
    const uint64_t length = payload.get_data_length();
    const bool activations = address >= reg::activations;
    uint8_t *base = window_.data();
    uint64_t size = window_.size();
    if (activations) {
        base = nullptr;
        size = 0;
        if (!results_.empty()) {
            std::vector<uint32_t> &words = results_.front().activations;
            base = reinterpret_cast<uint8_t *>(words.data());
            size = words.size() * sizeof(uint32_t);
        }
    }
    const uint64_t offset = address - (activations ? reg::activations : reg::pixels);
    if (offset > size || length > size - offset || (activations && payload.is_write())) {
        return false;
    }
    if (payload.is_write()) {
        std::copy_n(payload.get_data_ptr(), length, base + offset);
    } else if (payload.is_read()) {
        std::copy_n(base + offset, length, payload.get_data_ptr());
    }
    return true;
}

// What a register reads as; none where it cannot be read, as a result's while none waits.
std::optional<uint64_t> sequencer::value_of(uint64_t address) const {
    switch (address) {
    case reg::id:
        return 0x4d434153;
    case reg::status:
        return (submitted_.empty() ? uint64_t{state::ready} : 0) |
               (open_.empty() && submitted_.empty() ? 0 : uint64_t{state::busy}) |
               std::min<uint64_t>(results_.size(), 0xffff) << 16;
    case reg::irq:
        return !results_.empty();
    case reg::label:
        return label_;
    case reg::batch:
        return batch_;
    case reg::rate:
        return same_bits<uint64_t>(rate_);
    case reg::inputs:
        return window_.size();
    case reg::outputs:
        return mca_network_outputs(mca_chip_network(shared_.model));
    default:
        break;
    }
    if (results_.empty()) {
        return std::nullopt;
    }
    const result &oldest = results_.front();
    switch (address) {
    case reg::number:
        return oldest.count;
    case reg::predicted:
        return oldest.outcome.predicted;
    case reg::loss:
        return same_bits<uint64_t>(oldest.outcome.loss);
    default:
        return std::nullopt;
    }
}

tlm::tlm_response_status sequencer::write_register(uint64_t address, uint64_t value) {
    bool is_taken = true;
    switch (address) {
    case reg::control:
        if (value == start::end_batch) {
            end_batch();
        } else {
            is_taken = (value == start::train || value == start::infer) &&
                       start_image(value == start::train);
        }
        break;
    case reg::label:
        label_ = static_cast<uint32_t>(value);
        break;
    case reg::batch:
        is_taken =
            value == 1 || (value > 1 && !has_digital_layer(*mca_chip_network(shared_.model)));
        batch_ = is_taken ? static_cast<uint32_t>(value) : batch_;
        break;
    case reg::rate: // acts with its upper half
        rate_bits_ = value;
        break;
    case reg::rate + 4:
        is_taken = set_rate(same_bits<double>(rate_bits_ | value << 32));
        break;
    case reg::next:
        is_taken = !results_.empty();
        if (is_taken) {
            results_.pop_front();
            result_event_.notify(sc_core::SC_ZERO_TIME);
        }
        break;
    default:
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    return is_taken ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE;
}

bool sequencer::set_rate(double rate) {
    if (!std::isfinite(rate) || rate < 0.0) {
        return false;
    }
    end_batch();
    rate_ = rate;
    mca_chip_set_rate(shared_.model, rate, batch_);
    return true;
}

// What the host has written is taken before anything is waited for.
bool sequencer::start_image(bool train) {
    if (label_ >= mca_network_outputs(mca_chip_network(shared_.model))) {
        return false;
    }
    const submission next = {window_, label_, train};
    while (!submitted_.empty()) {
        wait(taken_event_);
    }
    submitted_.push_back(next);
    submitted_event_.notify(sc_core::SC_ZERO_TIME);
    return true;
}

// With nothing on the chip, an unfinished mini-batch included.
void sequencer::end_batch() {
    wait_until_idle();
    if (!mca_engine_batch_is_open(shared_.model)) {
        return;
    }
    open_image open;
    open.sequence = next_sequence_++;
    open.ends_batch = true;
    open.done = true;
    open.updated.assign(shared_.layers(), true);
    mca_engine_close_batch(shared_.model);
    fence_ = static_cast<int64_t>(open.sequence);
    shared_.log.open(open.sequence, mca_chip_program(shared_.model), true);
    open_.push_back(std::move(open));
    work_event_.notify(sc_core::SC_ZERO_TIME);
    wait_until_idle();
}

} // namespace mca
