#include "digital_unit.hpp"

#include <algorithm>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

digital_unit::digital_unit(const sc_core::sc_module_name &name, context &shared)
    : sc_module(name), images("images"), codes("codes"), notices("notices"), chi("chi"),
      shared_(shared), updates_(shared.layers()),
      shown_(mca_has_own_units(&shared.config()) ? shared.layers() : 1) {
    images.register_nb_transport_fw(this, &digital_unit::take_image);
    codes.register_nb_transport_fw(this, &digital_unit::take_codes);
}

void digital_unit::trace(sc_core::sc_trace_file *file) const {
    for (const activity &of : shown_) {
        const auto number = std::to_string(&of - shown_.data());
        const std::string unit =
            std::string(name()) + (shown_.size() > 1 ? ".unit_" + number + "_" : ".");
        sc_core::sc_trace(file, of.kind, unit + "kind");
        sc_core::sc_trace(file, of.layer, unit + "layer");
        sc_core::sc_trace(file, of.busy, unit + "busy");
    }
}

void digital_unit::restart() {
    images_.clear();
    codes_.clear();
    updates_.assign(updates_.size(), {});
    for (activity &of : shown_) {
        of.busy = false;
    }
    payloads_.recall();
    restart_processes(*this);
}

tlm::tlm_sync_enum digital_unit::take_image(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                            sc_time &) {
    const image_extension &ext = payload_pool<image_extension>::extension(payload);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (ext.is) {
        images_.push_back(ext.is);
        arrived_.notify(sc_core::SC_ZERO_TIME);
    } else {
        free_again(ext.layer, ext.free_cycle);
    }
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum digital_unit::take_codes(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                            sc_time &delay) {
    payload.acquire(); // until they are used
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    codes_.push_back({&payload, sc_time_stamp() + delay});
    arrived_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_COMPLETED;
}

std::deque<digital_unit::arrival>::iterator digital_unit::find_codes(const image &of,
                                                                     const mca_step &read) {
    return std::find_if(codes_.begin(), codes_.end(), [&](const arrival &a) {
        const codes_extension &ext = payload_pool<codes_extension>::extension(*a.payload);
        return ext.of == &of && ext.step == &read;
    });
}

void digital_unit::tell(notice kind, const mca_step *step, image *of, uint64_t sequence,
                        uint64_t cycle) {
    tlm::tlm_generic_payload &payload = payloads_.take();
    notice_extension &what = payload_pool<notice_extension>::extension(payload);
    what.kind = kind;
    what.step = step;
    what.of = of;
    what.sequence = sequence;
    begin_request(notices, payload,
                  std::max(shared_.edge(cycle), sc_time_stamp()) - sc_time_stamp());
    payload.release();
}

void digital_unit::tell_of(image &of, const mca_step *stands, uint64_t cycle) {
    if (!stands && of.train) {
        mca_engine_settle_plan(shared_.model, &of.after);
    }
    tell(stands ? notice::stands : notice::done, stands, &of, of.sequence, cycle);
}

uint64_t digital_unit::reads_of(const image &of, const mca_step &step) const {
    const mca_step *read = mca_step_read(of.program, &step);
    if (!read || read->is_backward) {
        return read ? of.drives[read->layer].size() : 0;
    }
    return mca_step_read_count(of.program, &step) * of.forward_reads[read->layer];
}

std::vector<drive_list> *digital_unit::drives_of(image &of, const mca_step &step) {
    const bool is_error = step.vector == MCA_VECTOR_OUTPUT_ERROR || step.vector == MCA_VECTOR_ERROR;
    const bool driven = is_error && mca_program_is_driven(of.program, step.gives) != 0;
    return driven ? &of.drives[step.layer] : nullptr;
}

void digital_unit::add_codes(image &of, codes_extension &codes) const {
    const bool backward = codes.step->is_backward != 0;
    const auto add_read = backward ? mca_engine_add_backward : mca_engine_add_forward;
    for (code_block &block : codes.blocks) {
        mca_read_scratch view{};
        view.levels = block.level.data();
        view.column = block.column.data();
        const mca_tile_read read = {block.tile, block.position, block.sign};
        add_read(shared_.model, codes.step->layer, &read, &view, &of.signals);
    }
}

void digital_unit::note_outcome(image &of, const mca_step &step) const {
    if (step.layer + 1 == shared_.layers()) {
        of.outcome.predicted = mca_engine_predict(shared_.model, &of.signals);
        of.outcome.loss = mca_engine_loss(shared_.model, &of.signals, of.label);
    }
}

mca_work digital_unit::work_of(const image &of, const mca_step &step) const {
    mca_work work{};
    mca_work_vector(shared_.model, &step, reads_of(of, step), &work);
    return work;
}

void digital_unit::book(const image &of, const mca_step &step, const mca_work &work,
                        const monitor::operation_times &times, uint64_t busy_cycles) {
    mca_engine_book(shared_.model, &step, &work);
    shared_.log.operation(of.sequence, step, times);
    mca_engine_book_busy(shared_.model, step.layer, step.phase, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(busy_cycles), shared_.cycles_ps(work.cycles_beside));
}

void digital_unit::begin_update(const mca_step &step, image &of, uint64_t start_cycle) {
    const uint32_t layer = step.layer;
    updates_[layer].emplace_back();
    update_record &update = updates_[layer].back();
    update.step = &step;
    update.sequence = of.sequence;
    update.start_cycle = start_cycle;
    update.words.emplace(shared_, layer, of);
}

void digital_unit::end_update(const mca_step &step, const mca_update_result &result) {
    mca_work work{};
    mca_engine_record_update(shared_.model, &step, &result);
    mca_work_update(shared_.model, &step, &result, &work);
    mca_engine_book(shared_.model, &step, &work);
    update_record &update = updates_[step.layer].back();
    update.result = result;
    update.over = true;
    close_update(update);
}

digital_unit::update_record &digital_unit::update_of(uint32_t layer, uint64_t sequence) {
    std::list<update_record> &updates = updates_[layer];
    const auto found =
        std::find_if(updates.begin(), updates.end(),
                     [&](const update_record &update) { return update.sequence == sequence; });
    require(found != updates.end(), "a command of no update");
    return *found;
}

void digital_unit::command_left(const command &sent, uint64_t cycle) {
    const uint32_t layer = sent.pulses.layer;
    update_record &update = update_of(layer, sent.sequence);
    shared_.log.command(sent.sequence, MCA_STEP_UPDATE,
                        {layer, shared_.tile_of(sent.pulses), update.words->number_of(sent.pulses),
                         sent.taken_cycle, cycle, sent.duration_ps});
    mca_engine_book_busy(shared_.model, layer, MCA_PHASE_TRANSFER, MCA_RESOURCE_PROGRAM,
                         sent.duration_ps, 0);
    --update.pending;
    close_update(update);
}

// Books the update once it is over and its commands are gone, and says so.
void digital_unit::close_update(update_record &update) {
    if (!update.over || update.pending > 0) {
        return;
    }
    const uint32_t layer = update.step->layer;
    const uint64_t end = update.start_cycle + update.result.cycles;
    const mca_chi &chi_of = *shared_.layer(layer).chi;
    const uint64_t accesses =
        shared_.has_chi(layer) ? update.result.words * mca_chi_interval(&chi_of.config) : 0;
    uint64_t longest = update.words->engines() > 1 ? 0 : accesses; // of one engine
    for (uint32_t e = 0; accesses > 0 && e < update.words->engines(); ++e) {
        longest =
            std::max(longest, update.words->count(e) * update_words::pace(shared_.model, layer, e));
    }
    monitor::operation_times times{update.start_cycle, end, update.words->summed(0), {}, {}};
    for (uint32_t e = 0; e < update.spent.size(); ++e) {
        times.engines.push_back({e, shared_.tile_base(layer) + e, update.words->summed(e),
                                 update.start_cycle + update.spent[e]});
    }
    shared_.log.operation(update.sequence, *update.step, times);
    mca_engine_book_busy(shared_.model, layer, MCA_PHASE_UPDATE, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(busy_cycles(update)),
                         shared_.cycles_ps(update.result.cycles_beside));
    mca_engine_book_busy(shared_.model, layer, MCA_PHASE_UPDATE, MCA_RESOURCE_CHI,
                         shared_.cycles_ps(accesses), shared_.cycles_ps(accesses - longest));
    tell(notice::updated, update.step, nullptr, update.sequence, end);
    updates_[layer].remove_if([&](const update_record &other) { return &other == &update; });
}

} // namespace mca
