#include "tile.hpp"

#include <algorithm>
#include <cstring>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

tile::tile(const sc_core::sc_module_name &name, const context &shared, uint32_t layer,
           uint32_t number)
    : sc_module(name), reads("reads"), pulses("pulses"), shared_(shared), layer_(layer),
      number_(number) {
    const mca_crossbar &crossbar = shared_.model->layers[layer].crossbar;
    mca_error error;
    if (mca_read_scratch_init(&scratch_, &arena_, std::max(crossbar.rows, crossbar.cols), &error) !=
        MCA_OK) {
        mca_arena_deinit(&arena_);
        fail(error.message);
    }
    reads.register_nb_transport_fw(this, &tile::begin_read);
    pulses.register_nb_transport_fw(this, &tile::take_pulses);
    SC_HAS_PROCESS(tile);
    SC_THREAD(array);
    SC_THREAD(converter);
}

tile::~tile() {
    mca_arena_deinit(&arena_);
}

void tile::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, reading_, std::string(name()) + ".reading");
    sc_core::sc_trace(file, converting_, std::string(name()) + ".converting");
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
        mca__apply_pulses(shared_.model, &ext.is.pulses);
    }
    programmed_ = std::max(programmed_, ext.start + time_ps(ext.is.duration_ps));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
}

void tile::answer(tlm::tlm_generic_payload &payload, tlm::tlm_phase phase) {
    sc_time delay = sc_core::SC_ZERO_TIME;
    reads->nb_transport_bw(payload, phase, delay);
}

// Registers are loaded when the codes stand and the drivers are free; the pulses begin when that is
// done and the devices stand.
void tile::drive(const read_extension &read) {
    const mca_read_time time = mca_read_time_of(&shared_.model->config, read.bits);
    const sc_time loaded = std::max(read.ready, dac_free_) + time_ps(time.load_ps);
    const sc_time start = std::max({loaded, programmed_, sc_time_stamp()});
    wait(start - sc_time_stamp());
    reading_ = true;
    wait(time_ps(time.dac_ps - time.load_ps));
    dac_free_ = sc_time_stamp();
    wait(time_ps(time.tile_ps) - (sc_time_stamp() - start));
}

void tile::sample(tlm::tlm_generic_payload &payload, const read_extension &read) {
    const mca_layer &layer = shared_.model->layers[layer_];
    const mca_tile &place = layer.crossbar.tiles[number_];
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    const mca_adc &adc = backward ? layer.backward_adc : layer.forward_adc;
    if (backward) {
        mca_crossbar_read_backward(&layer.crossbar, &place, read.lines, &read.drive, read.event,
                                   &scratch_, scratch_.column);
    } else {
        mca_crossbar_read_forward(&layer.crossbar, &place, &read.drive, read.event, &scratch_,
                                  scratch_.column);
    }
    const uint64_t clips = mca__convert(&adc, &scratch_, read.lines);
    shared_.model->stats.adc_clips += read.phase == MCA_PHASE_TEST ? 0 : clips;
    const void *from = adc.bits ? static_cast<const void *>(scratch_.levels) : scratch_.column;
    std::memcpy(payload.get_data_ptr(), from, payload.get_data_length());
}

void tile::array() {
    for (;;) {
        while (waiting_.empty()) {
            wait(requested_);
        }
        tlm::tlm_generic_payload &payload = *waiting_.front();
        read_extension &read = payload_pool<read_extension>::extension(payload);
        drive(read);
        read.driven = dac_free_;
        read.read = sc_time_stamp();
        while (held_) { // one sample-and-hold a line
            wait(converted_);
        }
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
}

void tile::converter() {
    for (;;) {
        while (!held_) {
            wait(sampled_);
        }
        tlm::tlm_generic_payload &payload = *held_;
        read_extension &read = payload_pool<read_extension>::extension(payload);
        converting_ = true;
        wait(time_ps(mca_read_time_of(&shared_.model->config, read.bits).adc_ps));
        converting_ = false;
        read.converted = sc_time_stamp();
        held_ = nullptr;
        converted_.notify(sc_core::SC_ZERO_TIME);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        answer(payload, tlm::BEGIN_RESP);
        payload.release();
    }
}

} // namespace mca
