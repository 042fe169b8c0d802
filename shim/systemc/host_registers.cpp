// The registers of the chip, as its sequencer keeps them: see mca_chip.hpp.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "host_registers.hpp"
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

// A digital layer changes with every image: there is no mini-batch then.
bool has_digital_layer(const mca_network &network) {
    return std::any_of(network.layers, network.layers + network.layer_count,
                       [](const mca_network_layer &layer) { return layer.config.digital != 0; });
}

} // namespace

void sequencer::show_irq() {
    irq.write(!results_.empty());
}

bool sequencer::is_fetching() const {
    return std::any_of(submitted_.begin(), submitted_.end(),
                       [](const submission &s) { return !s.is_whole; });
}

// False where an image is still to be fetched, for which the platform's memory may need what the
// caller holds, as a bus; and where a reset came meanwhile.
bool sequencer::wait_until_idle() {
    const uint64_t resets = resets_;
    while (!open_.empty() || !submitted_.empty()) {
        if (is_fetching()) {
            return false;
        }
        if (submitted_.empty()) {
            release_held();
        }
        wait(idle_event_ | taken_event_);
        if (resets_ != resets) {
            return false;
        }
    }
    const sc_time end = std::max(time_ps(mca_chip_time_ps(shared_.model)), shared_.pulses_end);
    if (end > sc_core::sc_time_stamp()) {
        wait(end - sc_core::sc_time_stamp());
    }
    return resets_ == resets;
}

// What a register reads as; none where it cannot be read, as a result's while none waits.
std::optional<uint64_t> sequencer::value_of(uint64_t address) const {
    switch (address) {
    case reg::id:
        return 0x4d434153;
    case reg::status:
        return (submitted_.empty() && promised_ < RESULTS_MAX && !is_held_ ? uint64_t{state::ready}
                                                                           : 0) |
               (!results_.empty() && results_.front().activations.empty() ? uint64_t{state::failed}
                                                                          : 0) |
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
    case reg::source:
        return source_;
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
    if (address == reg::number) {
        return oldest.count;
    }
    if (oldest.activations.empty()) {
        return std::nullopt;
    }
    switch (address) {
    case reg::predicted:
        return oldest.outcome.predicted;
    case reg::loss:
        return same_bits<uint64_t>(oldest.outcome.loss);
    default:
        return std::nullopt;
    }
}

// False where the value cannot be taken.
bool sequencer::write_register(uint64_t address, uint32_t value) {
    switch (address) {
    case reg::control:
        return command_chip(value);
    case reg::label:
        label_ = value;
        return true;
    case reg::batch:
        if (value == 0 || (value > 1 && has_digital_layer(*mca_chip_network(shared_.model)))) {
            return false;
        }
        batch_ = value;
        return true;
    case reg::rate: // acts with its upper half
        rate_bits_ = value;
        return true;
    case reg::rate + 4:
        return set_rate(same_bits<double>(rate_bits_ | uint64_t{value} << 32));
    case reg::source:
        source_ = (source_ & ~uint64_t{UINT32_MAX}) | value;
        return true;
    case reg::source + 4:
        source_ = (source_ & UINT32_MAX) | uint64_t{value} << 32;
        return true;
    default:
        return take_result();
    }
}

void sequencer::poke_register(uint64_t address, uint8_t byte) {
    const host_register &at = *register_at(address);
    const uint64_t shift = (address - at.address) * 8;
    const uint64_t value =
        (*value_of(at.address) & ~(uint64_t{UINT8_MAX} << shift)) | uint64_t{byte} << shift;
    for (unsigned i = 0; i < at.bytes; i += 4) {
        (void)write_register(at.address + i, static_cast<uint32_t>(value >> i * 8));
    }
}

bool sequencer::command_chip(uint32_t what) {
    switch (what) {
    case start::train:
    case start::infer:
        return start_image(what == start::train, false);
    case start::train | start::fetch:
    case start::infer | start::fetch:
        return start_image((what & start::train) != 0, true);
    case start::end_batch:
        return end_batch();
    case start::reset:
        reset_by_register();
        return true;
    default:
        return false;
    }
}

void sequencer::reset_by_register() {
    on_reset();
    wait(sc_core::SC_ZERO_TIME); // `irq` shows it
}

bool sequencer::take_result() {
    if (results_.empty()) {
        return false;
    }
    results_.pop_front();
    --promised_;
    result_event_.notify();
    wait(sc_core::SC_ZERO_TIME); // `irq` shows it
    return true;
}

bool sequencer::set_rate(double rate) {
    if (!std::isfinite(rate) || rate < 0.0) {
        return false;
    }
    if (!end_batch()) {
        return false;
    }
    rate_ = rate;
    mca_chip_set_rate(shared_.model, rate, batch_);
    return true;
}

// Until the image before has its buffer. False as wait_until_idle.
bool sequencer::wait_for_place() {
    const uint64_t resets = resets_;
    while (!submitted_.empty()) {
        if (is_fetching()) {
            return false;
        }
        wait(taken_event_);
        if (resets_ != resets) {
            return false;
        }
    }
    return true;
}

// What the host has written is taken before anything is waited for. Images to fetch queue up.
bool sequencer::start_image(bool train, bool fetches) {
    if (label_ >= mca_network_outputs(mca_chip_network(shared_.model)) ||
        promised_ == RESULTS_MAX || is_held_ || (fetches && !fetch.is_bound())) {
        return false;
    }
    ++promised_;
    const submission next = {window_, label_, train, source_, !fetches, false};
    const uint64_t resets = resets_;
    if (!fetches && !wait_for_place()) {
        promised_ -= resets_ == resets ? 1 : 0;
        return false;
    }
    submitted_.push_back(next);
    submitted_event_.notify(sc_core::SC_ZERO_TIME);
    if (submitted_.size() == 1) {
        fetch_front();
    }
    return true;
}

// With nothing on the chip, an unfinished mini-batch included.
bool sequencer::end_batch() {
    if (!wait_until_idle()) {
        return false;
    }
    if (!mca_engine_batch_is_open(shared_.model)) {
        return true;
    }
    open_image open;
    open.sequence = next_sequence_++;
    open.ends_batch = true;
    open.done = true;
    open.updated.assign(shared_.layers(), true);
    mca_engine_close_batch(shared_.model);
    fence_ = first_fence_ = static_cast<int64_t>(open.sequence);
    if (shared_.reads_ahead) {
        shared_.arrays[0].pulses_until = fence_;
    }
    shared_.log.open(open.sequence, mca_chip_program(shared_.model), true);
    open_.push_back(std::move(open));
    work_event_.notify(sc_core::SC_ZERO_TIME);
    return wait_until_idle();
}

} // namespace mca
