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
    book(current, step, work, times, work.cycles + work.cycles_beside);
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

// A place is free in the cycle after a command left.
uint64_t model_unit::taken_cycle(const engine &by) const {
    const command_queue &queue = queue_of(by.commands[by.next]);
    const uint64_t depth = shared_.config().transfer.fifo_depth;
    if (queue.pushed() < depth) {
        return by.next_cycle;
    }
    const uint64_t before = queue.pushed() - depth;
    return queue.left() <= before ? NEVER : std::max(by.next_cycle, queue.left_cycle(before) + 1);
}

const mca_pulse_command &model_unit::hand_over(engine &by, uint64_t cycle) {
    by.next_cycle = cycle + 1;
    ++by.word_size;
    return by.commands[by.next++];
}

void model_unit::push(engine &by, const image &of, uint64_t cycle) {
    const mca_pulse_command &pulses = hand_over(by, cycle);
    ++updates_[pulses.layer].back().pending;
    command next = command_of(shared_.model, pulses, of.sequence);
    next.taken_cycle = cycle;
    queue_of(pulses).push(next, cycle);
}

// A word lasts its interval, or as long as its commands take; what is more than a cycle for each of
// these comes from full queues, and all later words are as late.
void model_unit::end_word(engine &by) {
    const uint64_t needed = std::max(by.pace, by.word_size);
    by.late += std::max(by.next_cycle - by.word_cycle, needed) - needed;
    by.beyond += needed - by.pace;
    by.word_size = 0;
}

void model_unit::begin_word(engine &by, const update_words &words, uint64_t first) {
    const uint64_t word = words.number_of(by.commands[by.next]);
    if (by.word_size > 0) {
        if (words.number_of(by.commands[by.next - 1]) == word) {
            return;
        }
        end_word(by);
    }
    by.word_cycle = by.next_cycle = first + by.summed + word * by.pace + by.beyond + by.late;
}

// Engines of tiles go on side by side: the command that is taken first is handed over first.
void model_unit::push_all(const update_record &update, std::vector<engine> &engines,
                          const image &of, uint64_t first) {
    for (;;) {
        sc_core::sc_event_or_list departures;
        engine *earliest = nullptr;
        uint64_t taken = NEVER;
        for (engine &each : engines) {
            if (each.next == each.commands.size()) {
                continue;
            }
            begin_word(each, *update.words, first);
            const uint64_t cycle = taken_cycle(each);
            if (cycle == NEVER) {
                departures |= queue_of(each.commands[each.next]).departure();
            } else if (cycle < taken) {
                earliest = &each;
                taken = cycle;
            }
        }
        if (earliest && is_near(taken)) {
            push(*earliest, of, taken);
        } else if (earliest && departures.size() > 0) {
            sc_core::wait(shared_.edge(taken) - sc_time_stamp(), departures);
        } else if (earliest) {
            reach(taken);
        } else if (departures.size() > 0) {
            sc_core::wait(departures);
        } else {
            return;
        }
    }
}

// The engines of an update, each with its commands.
std::vector<model_unit::engine>
model_unit::engines_of(const update_record &update,
                       const std::vector<mca_pulse_command> &commands) const {
    std::vector<engine> engines(update.words->engines());
    for (uint32_t e = 0; e < engines.size(); ++e) {
        engines[e].pace = update_words::pace(shared_.model, update.step->layer, e);
        engines[e].summed = update.words->summed(e);
    }
    for (const mca_pulse_command &next : commands) {
        engines[update.words->engine_of(next)].commands.push_back(next);
    }
    return engines;
}

// The cycles of an update: those of the engine that is done last.
void model_unit::end_engines(update_record &update, std::vector<engine> &engines, uint64_t latency,
                             mca_update_result &result) {
    if (engines.size() == 1) {
        end_word(engines[0]);
        result.cycles += engines[0].late;
        return;
    }
    for (engine &each : engines) {
        const auto number = static_cast<uint32_t>(&each - engines.data());
        end_word(each);
        update.spent.push_back(latency + each.summed + update.words->count(number) * each.pace +
                               each.beyond + each.late);
    }
    result.cycles = *std::max_element(update.spent.begin(), update.spent.end());
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
    const uint64_t latency = mca_update_latency(&memory.config);
    update_record &record = updates_[step.layer].back();
    std::vector<engine> engines = engines_of(record, sent);
    if (mca_chip_dpu(model).batch > 1) {
        for (const mca_pulse_command &next : sent) {
            mca_engine_program_remember(model, next);
        }
        for (engine &each : engines) {
            while (each.next < each.commands.size()) {
                begin_word(each, *record.words, start + latency);
                hand_over(each, each.next_cycle);
            }
        }
    } else {
        push_all(record, engines, current, start + latency);
    }
    const uint64_t unhindered = result.cycles;
    end_engines(record, engines, latency, result);
    record.stall_cycles = result.cycles - unhindered;
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
