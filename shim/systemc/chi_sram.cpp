#include "chi_sram.hpp"

#include "chip/snapshot.h"

#include "payload.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

chi_sram::chi_sram(const sc_core::sc_module_name &name, context &shared)
    : sc_module(name), port("port"), shared_(shared),
      word_bytes_(shared.config().dpu.lanes * static_cast<uint32_t>(sizeof(int32_t))) {
    base_.push_back(0);
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        const mca_layer_view layer = shared_.layer(l);
        const uint64_t words = has_tiles(shared_.model, l)
                                   ? uint64_t{layer.chi->rows} * mca_chi_row_words(layer.chi)
                                   : 0;
        base_.push_back(base_.back() + words);
    }
    port.register_nb_transport_fw(this, &chi_sram::access);
}

void chi_sram::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, words_read_, std::string(name()) + ".words_read");
    sc_core::sc_trace(file, words_written_, std::string(name()) + ".words_written");
}

// Where a word lies; false beyond the end.
bool chi_sram::find(uint64_t address, place &found) const {
    const uint64_t word = address / word_bytes_;
    if (address % word_bytes_ != 0 || word >= base_.back()) {
        return false;
    }
    found.layer = 0;
    while (word >= base_[found.layer + 1]) {
        ++found.layer;
    }
    const mca_layer_view layer = shared_.layer(found.layer);
    const auto offset = static_cast<uint32_t>(word - base_[found.layer]);
    found.row = offset % layer.inputs;
    found.col = offset / layer.inputs * layer.chi->lanes;
    return true;
}

tlm::tlm_sync_enum chi_sram::access(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                    sc_time &delay) {
    const mca_chi_config &config = shared_.config().chi;
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) {
        const uint64_t words = payload.get_data_length() / word_bytes_;
        words_read_ += words;
        words_written_ += words;
        delay += time_ps(shared_.cycles_ps(words * mca_chi_interval(&config)));
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return tlm::TLM_COMPLETED;
    }
    place at;
    const bool is_there = find(payload.get_address(), at);
    int32_t *const data = reinterpret_cast<int32_t *>(payload.get_data_ptr());
    if (!is_there || payload.get_data_length() != word_bytes_) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return tlm::TLM_COMPLETED;
    }
    const mca_chi *const chi = shared_.layer(at.layer).chi;
    if (payload.is_write()) {
        for (uint32_t l = 0; l < chi->lanes; ++l) {
            mca_chip_put_chi(shared_.model, at.layer, at.row, at.col + l, data[l]);
        }
        ++words_written_;
    } else {
        const uint64_t cycle = shared_.cycle_from(sc_time_stamp() + delay);
        if (cycle < next_read_cycle_) {
            fail("reads closer than the memory's interval");
        }
        next_read_cycle_ = cycle + mca_chi_interval(&config);
        for (uint32_t l = 0; l < chi->lanes; ++l) {
            data[l] = mca_chi_word(chi, mca_chi_cell(chi, at.row, at.col + l));
        }
        ++words_read_;
    }
    delay += time_ps(shared_.cycles_ps(config.access_cycles));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
}

} // namespace mca
