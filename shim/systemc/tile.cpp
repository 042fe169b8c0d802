#include "tile.hpp"

#include <algorithm>
#include <cstring>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

read_extension &extension_of(tlm::tlm_generic_payload &payload) {
    return payload_pool<read_extension>::extension(payload);
}

} // namespace

tile::tile(const sc_core::sc_module_name &name, context &shared, uint32_t layer, uint32_t number)
    : sc_module(name), reads("reads"), pulses("pulses"), shared_(shared), layer_(layer),
      number_(number) {
    reads.register_nb_transport_fw(this, &tile::begin_read);
    pulses.register_nb_transport_fw(this, &tile::take_pulses);
    SC_HAS_PROCESS(tile);
    SC_METHOD(array);
    SC_METHOD(converter);
}

void tile::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, reading_, std::string(name()) + ".reading");
    sc_core::sc_trace(file, converting_, std::string(name()) + ".converting");
}

void tile::restart() {
    waiting_.clear();
    held_ = nullptr;
    dac_free_ = sc_core::SC_ZERO_TIME;
    stage_ = stage::idle;
    reading_ = converting_ = false;
    restart_processes(*this);
}

tlm::tlm_sync_enum tile::begin_read(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                    sc_time &) {
    if (phase == tlm::END_RESP) {
        return tlm::TLM_COMPLETED;
    }
    payload.acquire();
    waiting_.push_back(&payload);
    requested_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_ACCEPTED;
}

tlm::tlm_sync_enum tile::take_pulses(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                     sc_time &) {
    const command_extension &ext = payload_pool<command_extension>::extension(payload);
    if (reading_) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        fail("pulses while the array is read");
    }
    if (ext.is.moves_values) {
        mca_engine_apply_pulses(shared_.model, &ext.is.pulses);
    }
    programmed_ = std::max(programmed_, ext.start + time_ps(ext.is.duration_ps));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
}

void tile::answer(tlm::tlm_generic_payload &payload, tlm::tlm_phase phase) {
    sc_time delay = sc_core::SC_ZERO_TIME;
    reads->nb_transport_bw(payload, phase, delay);
}

void tile::sample(tlm::tlm_generic_payload &payload, const read_extension &read) {
    const mca_layer_view layer = shared_.layer(layer_);
    const mca_tile &place = layer.matrix->tiles[number_];
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    const mca_tile_adcs &adcs = layer.matrix->adcs[number_];
    const mca_adc &adc = backward ? adcs.backward : adcs.forward;
    if (backward) {
        mca_matrix_read_backward(layer.matrix, &place, read.lines, &read.drive, read.event,
                                 &shared_.scratch, shared_.scratch.column);
    } else {
        mca_matrix_read_forward(layer.matrix, &place, &read.drive, read.event, &shared_.scratch,
                                shared_.scratch.column);
    }
    const uint64_t clips = mca_engine_convert(&adc, &shared_.scratch, read.lines);
    if (read.phase != MCA_PHASE_TEST) {
        mca_engine_count_clips(shared_.model, clips);
    }
    const void *from = adc.ops->has_codes ? static_cast<const void *>(shared_.scratch.levels)
                                          : shared_.scratch.column;
    std::memcpy(payload.get_data_ptr(), from, payload.get_data_length());
}

// A method and not a thread, as there may be very many tiles: each call does what is due and says
// when it wants to be called again.
void tile::array() {
    for (;;) {
        switch (stage_) {
        case stage::idle:
            if (waiting_.empty()) {
                next_trigger(requested_);
                return;
            }
            stage_ = stage::loading;
            start_ = start_of(extension_of(*waiting_.front()));
            if (start_ > sc_time_stamp()) {
                next_trigger(start_ - sc_time_stamp());
                return;
            }
            break;
        case stage::loading: // over: the pulses begin
            reading_ = true;
            driving_ = sc_time_stamp();
            stage_ = stage::driving;
            next_trigger(time_ps(time_.dac_ps - time_.load_ps));
            return;
        case stage::driving:
            dac_free_ = sc_time_stamp();
            stage_ = stage::settling;
            next_trigger(start_ + time_ps(time_.tile_ps) - sc_time_stamp());
            return;
        case stage::settling:
            extension_of(*waiting_.front()).read = sc_time_stamp();
            stage_ = stage::holding;
            break;
        case stage::holding: // one sample-and-hold a line
            if (held_) {
                next_trigger(converted_);
                return;
            }
            stage_ = stage::idle;
            finish_read();
            break;
        }
    }
}

// Registers are loaded when the codes stand and the drivers are free; the pulses begin when that is
// done and the devices stand.
sc_time tile::start_of(const read_extension &read) {
    time_ = read.time_on(shared_.model, layer_);
    const sc_time loaded = std::max(read.ready, dac_free_) + time_ps(time_.load_ps);
    return std::max({loaded, programmed_, sc_time_stamp()});
}

void tile::finish_read() {
    tlm::tlm_generic_payload &payload = *waiting_.front();
    read_extension &read = extension_of(payload);
    read.driving = driving_;
    read.driven = dac_free_;
    read.sampled = sc_time_stamp();
    if (read.values) {
        sample(payload, read);
    }
    reading_ = false;
    waiting_.pop_front();
    held_ = &payload;
    sampled_.notify(sc_core::SC_ZERO_TIME);
    answer(payload, tlm::END_REQ);
}

void tile::converter() {
    if (!held_) {
        next_trigger(sampled_);
        return;
    }
    read_extension &read = extension_of(*held_);
    if (!converting_) {
        converting_ = true;
        next_trigger(time_ps(read.time_on(shared_.model, layer_).adc_ps));
        return;
    }
    tlm::tlm_generic_payload &payload = *held_;
    converting_ = false;
    read.converted = sc_time_stamp();
    held_ = nullptr;
    converted_.notify(sc_core::SC_ZERO_TIME);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    answer(payload, tlm::BEGIN_RESP);
    payload.release();
    next_trigger(sampled_);
}

} // namespace mca
