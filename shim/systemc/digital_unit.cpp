#include "digital_unit.hpp"

#include <algorithm>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

digital_unit::digital_unit(const sc_core::sc_module_name &name, const context &shared)
    : sc_module(name), images("images"), codes("codes"), notices("notices"), chi("chi"),
      shared_(shared), updates_(shared.layers()) {
    images.register_nb_transport_fw(this, &digital_unit::take_image);
    codes.register_nb_transport_fw(this, &digital_unit::take_codes);
}

void digital_unit::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, kind_, std::string(name()) + ".kind");
    sc_core::sc_trace(file, layer_, std::string(name()) + ".layer");
    sc_core::sc_trace(file, busy_, std::string(name()) + ".busy");
}

tlm::tlm_sync_enum digital_unit::take_image(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                            sc_time &) {
    images_.push_back(payload_pool<image_extension>::extension(payload).is);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    wake();
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum digital_unit::take_codes(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                            sc_time &delay) {
    payload.acquire(); // until they are used
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    codes_.push_back({&payload, sc_time_stamp() + delay});
    wake();
    return tlm::TLM_COMPLETED;
}

std::deque<digital_unit::arrival>::iterator
digital_unit::find_codes(uint64_t sequence, bool backward, uint32_t layer) {
    return std::find_if(codes_.begin(), codes_.end(), [&](const arrival &a) {
        const codes_extension &ext = payload_pool<codes_extension>::extension(*a.payload);
        return ext.of->sequence == sequence && ext.backward == backward && ext.layer == layer;
    });
}

void digital_unit::tell(notice kind, uint32_t layer, uint64_t sequence, image *of,
                        const sc_time &at) {
    tlm::tlm_generic_payload &payload = payloads_.take();
    notice_extension &ext = payload_pool<notice_extension>::extension(payload);
    ext.kind = kind;
    ext.layer = layer;
    ext.sequence = sequence;
    ext.of = of;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_time delay = std::max(at, sc_time_stamp()) - sc_time_stamp();
    notices->nb_transport_fw(payload, phase, delay);
    payload.release();
}

void digital_unit::book(uint64_t sequence, monitor::place where, mca_phase phase,
                        uint64_t end_cycle, uint64_t cycles) {
    shared_.log->operation(sequence, where, phase, end_cycle - cycles, end_cycle);
    shared_.log->busy(sequence, phase, MCA_RESOURCE_DPU, shared_.cycles_ps(cycles));
}

void digital_unit::begin_update(uint32_t layer, const image &of, uint64_t start_cycle) {
    update_record &update = updates_[layer];
    require(!update.open, "an update begins before the one before is over");
    update = update_record();
    update.open = true;
    update.sequence = of.sequence;
    update.start_cycle = start_cycle;
    const mca_layer_signals &signals = of.signals.layers[layer];
    update.rows.assign(signals.input.line, signals.input.line + signals.input.count);
    if (!mca_engine_is_fixed(shared_.model)) {
        return;
    }
    const uint32_t lanes = shared_.config().dpu.lanes;
    for (uint32_t c = 0; c < shared_.layer(layer).outputs; ++c) {
        if (signals.rated[c] != 0 && (update.words.empty() || update.words.back() != c / lanes)) {
            update.words.push_back(c / lanes);
        }
    }
}

void digital_unit::end_update(uint32_t layer, const mca_update_result &result) {
    updates_[layer].result = result;
    updates_[layer].over = true;
    close_update(layer);
}

void digital_unit::command_left(const command &sent, uint64_t cycle) {
    const uint32_t layer = sent.pulses.layer;
    update_record &update = updates_[layer];
    const auto place = [](const std::vector<uint32_t> &among, uint32_t one) {
        return static_cast<uint64_t>(std::lower_bound(among.begin(), among.end(), one) -
                                     among.begin());
    };
    uint64_t word = place(update.rows, sent.pulses.row);
    if (mca_engine_is_fixed(shared_.model)) { // otherwise a row is handed over whole
        word = word * update.words.size() +
               place(update.words, sent.pulses.col / shared_.config().dpu.lanes);
    }
    shared_.log->command(
        sent.sequence, {monitor::part::update, layer, monitor::pulses}, MCA_PHASE_TRANSFER,
        {layer, shared_.tile_of(sent.pulses), word, sent.taken_cycle, cycle, sent.duration_ps});
    shared_.log->busy(sent.sequence, MCA_PHASE_TRANSFER, MCA_RESOURCE_PROGRAM, sent.duration_ps);
    --update.pending;
    close_update(layer);
}

// Books the update once it is over and its commands are gone, and says so.
void digital_unit::close_update(uint32_t layer) {
    update_record &update = updates_[layer];
    if (!update.over || update.pending > 0) {
        return;
    }
    const uint64_t end = update.start_cycle + update.result.cycles;
    const uint64_t accesses = update.result.words * mca_chi_interval(&shared_.config().chi);
    shared_.log->operation(update.sequence, {monitor::part::update, layer, monitor::unit},
                           MCA_PHASE_UPDATE, update.start_cycle, end);
    shared_.log->busy(update.sequence, MCA_PHASE_UPDATE, MCA_RESOURCE_DPU,
                      shared_.cycles_ps(update_busy_cycles(layer)));
    shared_.log->busy(update.sequence, MCA_PHASE_UPDATE, MCA_RESOURCE_CHI,
                      shared_.cycles_ps(accesses));
    update.open = update.over = false;
    tell(notice::updated, layer, update.sequence, nullptr, shared_.edge(end));
}

std::unique_ptr<digital_unit> make_digital_unit(const char *name, const context &shared,
                                                unit_kind kind) {
    return kind == unit_kind::rtl ? make_rtl_unit(name, shared) : make_model_unit(name, shared);
}

} // namespace mca
