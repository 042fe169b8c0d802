#include "chi_sram.hpp"

#include <cstring>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

chi_sram::chi_sram(const sc_core::sc_module_name &name, const context &shared)
    : sc_module(name), port("port"), shared_(shared),
      word_bytes_(shared.model->config.dpu.lanes * static_cast<uint32_t>(sizeof(int32_t))) {
    base_.push_back(0);
    for (uint32_t l = 0; l < shared_.model->layer_count; ++l) {
        const mca_layer &layer = shared_.model->layers[l];
        base_.push_back(base_.back() + layer.inputs * mca__words(layer.outputs, layer.chi.lanes));
    }
    port.register_b_transport(this, &chi_sram::access);
}

void chi_sram::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, words_read_, std::string(name()) + ".words_read");
    sc_core::sc_trace(file, words_written_, std::string(name()) + ".words_written");
}

int32_t *chi_sram::word_at(uint64_t address) const {
    const uint64_t word = address / word_bytes_;
    if (address % word_bytes_ != 0 || word >= base_.back()) {
        return nullptr;
    }
    uint32_t l = 0;
    while (word >= base_[l + 1]) {
        ++l;
    }
    const mca_layer &layer = shared_.model->layers[l];
    const uint64_t offset = word - base_[l];
    const uint64_t row = offset % layer.inputs;
    return layer.chi.words + row * layer.chi.stride + offset / layer.inputs * layer.chi.lanes;
}

void chi_sram::access(tlm::tlm_generic_payload &payload, sc_time &delay) {
    const mca_chi_config &config = shared_.model->config.chi;
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) {
        const uint64_t words = payload.get_data_length() / word_bytes_;
        words_read_ += words;
        words_written_ += words;
        delay += time_ps(shared_.cycles_ps(words * mca_chi_interval(&config)));
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return;
    }
    int32_t *word = word_at(payload.get_address());
    if (!word || payload.get_data_length() != word_bytes_) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.is_write()) {
        std::memcpy(word, payload.get_data_ptr(), word_bytes_);
        ++words_written_;
    } else {
        const uint64_t cycle = shared_.cycle_from(sc_time_stamp() + delay);
        if (cycle < next_read_cycle_) {
            SC_REPORT_ERROR("/mca/chi", "reads closer than the memory's interval");
        }
        next_read_cycle_ = cycle + mca_chi_interval(&config);
        std::memcpy(payload.get_data_ptr(), word, word_bytes_);
        ++words_read_;
    }
    delay += time_ps(shared_.cycles_ps(config.access_cycles));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

} // namespace mca
