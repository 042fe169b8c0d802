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
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (payload.get_byte_enable_ptr()) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    const unsigned length = payload.get_data_length();
    if (payload.get_streaming_width() < length) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    } else if (payload.get_address() >= reg::pixels) {
        if (access_window(payload)) {
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
        }
    } else if (payload.get_address() % 4 != 0 ||
               length != (is_double_word(payload.get_address()) && length == 8 ? 8u : 4u)) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    } else {
        payload.set_response_status(access_registers(payload));
    }
}

bool sequencer::is_double_word(uint64_t address) {
    return address == reg::rate || address == reg::number || address == reg::loss;
}

tlm::tlm_response_status sequencer::access_registers(tlm::tlm_generic_payload &payload) {
    for (unsigned at = 0; at < payload.get_data_length(); at += 4) {
        const uint64_t address = payload.get_address() + at;
        uint64_t value = 0;
        uint32_t word = 0;
        if (payload.is_read()) {
            if (!read_register(address, value)) {
                return tlm::TLM_ADDRESS_ERROR_RESPONSE;
            }
            word = static_cast<uint32_t>(value);
            std::memcpy(payload.get_data_ptr() + at, &word, sizeof word);
        } else if (payload.is_write()) {
            if (!is_writable(address)) {
                return tlm::TLM_ADDRESS_ERROR_RESPONSE;
            }
            std::memcpy(&word, payload.get_data_ptr() + at, sizeof word);
            if (!write_register(address, word)) {
                return tlm::TLM_GENERIC_ERROR_RESPONSE;
            }
        }
    }
    return tlm::TLM_OK_RESPONSE;
}

bool sequencer::is_writable(uint64_t address) {
    switch (address) {
    case reg::control:
    case reg::label:
    case reg::batch:
    case reg::rate:
    case reg::rate + 4:
    case reg::next:
        return true;
    default:
        return false;
    }
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

bool sequencer::read_register(uint64_t address, uint64_t &value) {
    const mca_chip *model = shared_.model;
    const result none{};
    const result &oldest = results_.empty() ? none : results_.front();
    if (address >= reg::number && address < reg::next && results_.empty()) {
        return false; // no result waits
    }
    switch (address) {
    case reg::id:
        value = 0x4d434153;
        return true;
    case reg::status:
        value = (submitted_.empty() ? uint64_t{state::ready} : 0) |
                (open_.empty() && submitted_.empty() ? 0 : uint64_t{state::busy}) |
                std::min<uint64_t>(results_.size(), 0xffff) << 16;
        return true;
    case reg::irq:
        value = !results_.empty();
        return true;
    case reg::label:
        value = label_;
        return true;
    case reg::batch:
        value = batch_;
        return true;
    case reg::rate:
    case reg::rate + 4:
        value = same_bits<uint64_t>(rate_) >> 8 * (address - reg::rate);
        return true;
    case reg::number:
    case reg::number + 4:
        value = oldest.count >> 8 * (address - reg::number);
        return true;
    case reg::predicted:
        value = oldest.outcome.predicted;
        return true;
    case reg::loss:
    case reg::loss + 4:
        value = same_bits<uint64_t>(oldest.outcome.loss) >> 8 * (address - reg::loss);
        return true;
    case reg::inputs:
        value = window_.size();
        return true;
    case reg::outputs:
        value = mca_network_outputs(mca_chip_network(model));
        return true;
    default:
        return false;
    }
}

bool sequencer::write_register(uint64_t address, uint64_t value) {
    switch (address) {
    case reg::control:
        if (value == start::train || value == start::infer) {
            return start_image(value == start::train);
        }
        if (value == start::end_batch) {
            end_batch();
            return true;
        }
        return false;
    case reg::label:
        label_ = static_cast<uint32_t>(value);
        return true;
    case reg::batch:
        if (value < 1) {
            return false;
        }
        batch_ = static_cast<uint32_t>(value);
        return true;
    case reg::rate: // acts with its upper half
        rate_bits_ = value;
        return true;
    case reg::rate + 4:
        return set_rate(same_bits<double>(rate_bits_ | value << 32));
    case reg::next:
        if (results_.empty()) {
            return false;
        }
        results_.pop_front();
        result_event_.notify(sc_core::SC_ZERO_TIME);
        return true;
    default:
        return false;
    }
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
    shared_.log->open(open.sequence, mca_chip_program(shared_.model), true);
    open_.push_back(std::move(open));
    work_event_.notify(sc_core::SC_ZERO_TIME);
    wait_until_idle();
}

} // namespace mca
