// Operations of the digital units: sums of codes and what is made of them, updates, their commands.
#include "model_unit.hpp"

namespace mca {

using sc_core::sc_time_stamp;

void model_unit::vector(image &current, const mca_step &step) {
    const uint64_t ready_cycle = wait_for_inputs(current, step);
    const std::vector<tlm::tlm_generic_payload *> codes = first_codes(current, step);
    mca_work work = work_of(current, step);
    if (step.vector == MCA_VECTOR_PRODUCT) { // its work follows from its values
        mca_engine_multiply(shared_.model, &step, &current.signals, &work);
    }
    monitor::operation_times times;
    times.start_cycle = begin(step, ready_cycle);
    times.read_cycles = work.read_cycles;
    const uint64_t summed_cycle = add_up(current, step, codes, times);
    compute(current, step);
    times.end_cycle = summed_cycle + work.cycles - work.reads * work.read_cycles;
    book(current, step, work, times, work.cycles);
    if (drives_of(current, step)) {
        prepare_drives(current, step.layer);
    }
    end(current, step, times.end_cycle);
    tell_of(current, &step, times.end_cycle);
}

// The codes of reads, to the sums; returns the cycle in which the last are added. What belongs to
// one read of many is added as soon as it comes.
uint64_t model_unit::add_up(image &current, const mca_step &step,
                            const std::vector<tlm::tlm_generic_payload *> &first,
                            monitor::operation_times &times) {
    const mca_step *read = mca_step_read(current.program, &step);
    uint64_t cycle = times.start_cycle;
    if (read && !read->is_backward) {
        mca_engine_clear_sums(shared_.model, step.layer, &current.signals);
    }
    for (tlm::tlm_generic_payload *payload : first) {
        cycle += add(current, *payload) * times.read_cycles;
    }
    if (first.empty() || shared_.positions(read->layer) == 1 || payloads_of(current, *read) == 0) {
        return cycle;
    }
    times.added_cycles.push_back(times.start_cycle);
    for (uint64_t i = 1; i < payloads_of(current, *read); ++i) {
        tlm::tlm_generic_payload &next = next_codes(current, *read);
        cycle = std::max(cycle, shared_.cycle_from(sc_time_stamp()));
        times.added_cycles.push_back(cycle);
        cycle += add(current, next) * times.read_cycles;
    }
    return cycle;
}

// Returns how many reads it is of.
uint64_t model_unit::add(image &current, tlm::tlm_generic_payload &codes) {
    codes_extension &ext = payload_pool<codes_extension>::extension(codes);
    const uint64_t reads = ext.reads;
    add_codes(current, ext);
    codes.release();
    return reads;
}

// What a step gives, once the sums that it takes are whole.
void model_unit::compute(image &current, const mca_step &step) {
    const mca_chip *model = shared_.model;
    const mca_step *read = mca_step_read(current.program, &step);
    if (read && read->is_backward) {
        mca_engine_end_backward(model, read->layer, &current.signals);
    }
    mca_engine_compute(model, &step, &current.signals, current.label);
    if (step.vector == MCA_VECTOR_ACTIVATION) {
        note_outcome(current, step);
    }
}

// The lines that a layer's errors drive, by sign.
void model_unit::prepare_drives(image &current, uint32_t l) {
    const mca_chip *model = shared_.model;
    std::vector<drive_list> &drives = current.drives[l];
    drives.clear();
    mca_engine_begin_backward(model, l, &current.signals);
    const uint32_t each = mca_engine_backward_drives(model);
    for (uint32_t drive = 0; drive < shared_.positions(l) * each; ++drive) {
        const uint32_t position = drive / each;
        const int sign =
            mca_engine_drive_backward(model, l, position, drive % each, &current.signals);
        const mca_lines &lines = current.signals.layers[l].drive;
        if (lines.count > 0) {
            drives.push_back({drive,
                              position,
                              sign,
                              {lines.line, lines.line + lines.count},
                              {lines.code, lines.code + lines.count},
                              {lines.value, lines.value + lines.count}});
        }
    }
}

uint64_t model_unit::push(const mca_pulse_command &pulses, const image &of, uint64_t cycle) {
    command_queue &queue = *queues_[shared_.tile_of(pulses)];
    const uint64_t depth = shared_.config().transfer.fifo_depth;
    uint64_t taken = cycle;
    if (queue.pushed() >= depth) { // a place is free in the cycle after a command left
        const uint64_t before = queue.pushed() - depth;
        while (queue.left() <= before) {
            sc_core::wait(queue.departure());
        }
        taken = std::max(taken, queue.left_cycle(before) + 1);
    }
    reach(taken);
    ++updates_[pulses.layer].back().pending;
    command next = command_of(shared_.model, pulses, of.sequence);
    next.taken_cycle = taken;
    queue.push(next, taken);
    return taken;
}

// A word lasts its interval, or as long as its commands take; what is more than a cycle for each of
// these comes from full queues, and all later words are as late.
uint64_t model_unit::push_all(const std::vector<mca_pulse_command> &commands, const image &of,
                              uint64_t first) {
    const uint64_t interval = monitor::word_cycles(shared_.model, commands.front().layer);
    const update_record &update = updates_[commands.front().layer].back();
    uint64_t late = 0;
    for (size_t i = 0; i < commands.size();) {
        const uint64_t word = word_of(update, commands[i]);
        const uint64_t begun = first + commands[i].ready_cycle + late;
        uint64_t next = begun;
        uint64_t count = 0;
        for (; i < commands.size() && word_of(update, commands[i]) == word; ++i, ++count) {
            next = push(commands[i], of, next) + 1;
        }
        const uint64_t needed = std::max(interval, count);
        late += std::max(next - begun, needed) - needed;
    }
    return late;
}

void model_unit::update(image &current, const mca_step &step) {
    mca_chip *model = shared_.model;
    const uint64_t start = begin(step, wait_for_inputs(current, step));
    const mca_chi &memory = *shared_.layer(step.layer).chi;
    begin_update(step, current, start);
    std::vector<mca_pulse_command> sent;
    const mca_command_sink commands = {
        &sent, [](void *user, mca_pulse_command next) {
            static_cast<std::vector<mca_pulse_command> *>(user)->push_back(next);
        }};
    mca_update_result result =
        mca_engine_update_values(model, step.layer, &current.signals, &commands);
    if (mca_chip_dpu(model).batch > 1) {
        for (const mca_pulse_command &next : sent) {
            mca_engine_program_remember(model, next);
        }
    } else if (!sent.empty()) {
        const uint64_t first = start + mca_update_latency(&memory.config);
        const uint64_t late = push_all(sent, current, first);
        result.cycles += late;
        updates_[step.layer].back().stall_cycles = late;
    }
    if (shared_.has_chi(step.layer)) {
        tlm::tlm_generic_payload &burst = accesses_.take();
        burst.set_data_length(
            static_cast<unsigned>(result.words * shared_.config().dpu.lanes * sizeof(int32_t)));
        begin_request(chi, burst);
        burst.release();
    }
    end(current, step, start + result.cycles);
    end_update(step, result);
}

} // namespace mca
