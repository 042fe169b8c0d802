// The monitor's search for the critical path: what released what.
#include <algorithm>
#include <iterator>

#include "monitor.hpp"
#include "payload.hpp"
#include "update_words.hpp"

namespace mca {

uint64_t monitor::edge_ps(uint64_t cycle) const {
    return mca_cycles_to_ps(cycle, mca_chip_config_of(model_)->dpu.clock_hz);
}

// Of paths of equal length, the one with more time in the first phase in which they differ.
const monitor::moment &monitor::later(const moment &a, const moment &b) {
    return a.ps != b.ps ? (a.ps > b.ps ? a : b) : (a.phase_ps >= b.phase_ps ? a : b);
}

monitor::moment monitor::gone_on(moment from, mca_phase phase, uint64_t to_ps) {
    require(to_ps >= from.ps, "monitor: an end before its beginning");
    from.phase_ps[phase] += to_ps - from.ps;
    from.ps = to_ps;
    return from;
}

monitor::moment monitor::released_at(uint64_t ps, const moment &latest) {
    require(latest.ps == ps, "monitor: something began that nothing released");
    return latest;
}

monitor::moment monitor::released_in(uint64_t cycle, const moment &latest, mca_phase phase) const {
    require(mca_ps_to_cycles(latest.ps, mca_chip_config_of(model_)->dpu.clock_hz) == cycle,
            "monitor: something began in a cycle that nothing released");
    return gone_on(latest, phase, edge_ps(cycle));
}

// Of all digital units the one that is free last.
const monitor::moment &monitor::last_unit() const {
    const moment *last = units_.data();
    for (const moment &unit : units_) {
        last = &later(*last, unit);
    }
    return *last;
}

void monitor::reach(const moment &end) {
    frontier_ = later(frontier_, end);
}

// What is done for an image, in the order in which its operations depend on each other.
void monitor::enter(const image_record &record, bool is_followed) {
    const uint32_t steps = record.program->image_steps;
    if (record.has_image) {
        enter_image(record, is_followed ? steps - 1 : steps);
    }
    if (!is_followed) {
        enter_rest(record, false);
    }
}

void monitor::enter_rest(const image_record &record, bool has_update) {
    released_ps_ = record.released_ps;
    if (has_update) { // its errors came of the unit's last operation
        const mca_step &last = record.program->steps[record.program->image_steps - 1];
        enter_update(last, group_of(record, last), unit_of(last.layer));
    }
    if (record.has_image) {
        released_[0] = released_[1];
        released_[1] = last_unit();
    }
    moment begun = last_unit(); // from here on layers can be read, side by side or in turn
    for (uint32_t i = record.program->image_steps; i < record.program->step_count; ++i) {
        const mca_step &step = record.program->steps[i];
        if (step.kind == MCA_STEP_TRANSFER) {
            enter_batch(record, step);
        } else {
            enter_refresh(step, record.groups[i], begun);
        }
    }
}

// Its first `steps` steps. Where an image before is held, its update follows the first read.
void monitor::enter_image(const image_record &record, uint32_t steps) {
    stands_.assign(record.program->buffer_count, moment());
    given_.assign(record.program->buffer_count, moment());
    released_ps_ = record.released_ps;
    for (uint32_t i = 0; i < steps; ++i) {
        const mca_step &step = record.program->steps[i];
        if (held_ && step.kind == MCA_STEP_VECTOR) {
            enter_rest(*held_, true);
            held_.reset();
            released_ps_ = record.released_ps;
        }
        if (record.items.empty() || step.kind == MCA_STEP_LOAD ||
            step.phase != record.program->forward_phase) {
            enter_step(record, step);
        }
    }
}

// The way forward where layers stream.
void monitor::enter_items(const image_record &record) {
    const mca_program &program = *record.program;
    std::vector<std::vector<moment>> stands(layers_.size());
    std::vector<size_t> reads(layers_.size());
    for (const item_times &item : record.items) {
        const uint32_t l = item.step->layer;
        const mca_network_layer &layer = mca_chip_network(model_)->layers[l];
        const mca_step *read = mca_step_read(&program, item.step);
        const auto source = [&](uint32_t of) -> const moment & {
            if (of == MCA_FROM_INPUT) {
                return read ? stands_[program.image] : image_in_;
            }
            const auto at = static_cast<uint32_t>(stands[l].size());
            return stands[of].at(mca_engine_item_needs(model_, l, at, of));
        };
        moment ready = source(layer.takes);
        if (layer.config.type == MCA_LAYER_RESIDUAL_SUM) {
            ready = later(ready, source(layer.config.from));
        }
        if (item.reads > 0) {
            const auto first = group_of(record, *read).reads.begin() + static_cast<long>(reads[l]);
            group part;
            part.reads.assign(first, first + static_cast<long>(item.reads));
            reads[l] += item.reads;
            enter_reads(*read, part, ready);
            ready = layers_[l].converted;
            image_read_ = l == 0 ? layers_[l].sampled : image_read_;
        }
        ready = l == 0 && stands[l].empty() ? later(ready, image_in_) : ready;
        const mca_phase phase = item.step->phase;
        moment &unit = unit_of(l);
        const moment begun = released_in(item.start_cycle, later(ready, unit), phase);
        unit = gone_on(begun, phase, edge_ps(item.end_cycle));
        reach(unit);
        stands[l].push_back(gone_on(unit, phase, edge_ps(item.stands_cycle)));
        stands_[item.step->gives] = unit;
    }
}

void monitor::enter_step(const image_record &record, const mca_step &step) {
    const mca_program &program = *record.program;
    const group &of = group_of(record, step);
    switch (step.kind) {
    case MCA_STEP_LOAD:
        stands_[step.gives] = enter_load(record, step.phase);
        enter_items(record);
        break;
    case MCA_STEP_READ: {
        const moment &stands = stands_[step.takes[0]];
        const moment input = held_ ? later(stands, taken_) : stands; // the converters are free
        enter_reads(step, of, input);
        const moment &sums = of.reads.empty() ? input : layers_[step.layer].converted;
        stands_[step.gives] = later(stands_[step.gives], sums);
        image_read_ = step.takes[0] == program.image ? layers_[step.layer].sampled : image_read_;
        break;
    }
    case MCA_STEP_VECTOR:
        enter_operation(step, of,
                        ready_for_unit(program, step, !of.operation.added_cycles.empty()));
        stands_[step.gives] = later(stands_[step.gives], unit_of(step.layer));
        given_[step.gives] = later(given_[step.gives], unit_of(step.layer));
        taken_ = step.layer == 0 && step.vector == MCA_VECTOR_ACTIVATION ? unit_of(0) : taken_;
        if (mca_program_reads_last(&program, &step, program.image) != 0) {
            image_read_ = unit_of(step.layer);
        }
        break;
    case MCA_STEP_UPDATE:
        enter_update(step, of, ready_for_unit(program, step, false));
        break;
    default: // what follows the image
        break;
    }
}

const monitor::moment &monitor::ready_for_unit(const mca_program &program, const mca_step &step,
                                               bool adds_as_they_come) const {
    const mca_step *read = mca_step_read(&program, &step);
    const moment *latest = &unit_of(step.layer);
    for (uint32_t i = 0; i < step.take_count; ++i) {
        const uint32_t buffer = step.takes[i];
        const moment &stands = buffer == program.image ? image_in_
                               : adds_as_they_come && read && buffer == read->gives
                                   ? later(converted_[0], given_[buffer])
                                   : stands_[buffer];
        latest = &later(*latest, stands);
    }
    return *latest;
}

// Loading waits for the image before, to be loaded and read, and for a buffer; where the chip was
// idle, for all that there was. A host can be later than any of these.
monitor::moment monitor::enter_load(const image_record &record, mca_phase phase) {
    const moment &released = released_[held_ ? 1 : 0]; // the held one has not been released
    const moment *latest = &later(image_loaded_, later(image_read_, released));
    if (frontier_.ps <= record.load_start_ps) {
        latest = &later(*latest, frontier_);
    }
    const moment start = gone_on(*latest, phase, record.load_start_ps);
    const moment loaded = gone_on(start, phase, record.load_end_ps);
    reach(loaded);
    image_loaded_ = loaded;
    // the digital unit has it when the last pixels are there, or a word a cycle after the image
    // before
    const uint64_t in_ps = edge_ps(record.in_cycle);
    const uint64_t lanes = mca_chip_config_of(model_)->dpu.lanes;
    const uint64_t behind = in_cycle_ + mca_network_inputs(mca_chip_network(model_)) / lanes + 1;
    moment in = gone_on(start, phase, in_ps);
    if (behind == record.in_cycle) {
        const moment after = gone_on(image_in_, phase, in_ps);
        const bool came =
            mca_engine_image_cycle(model_, record.load_start_ps, 0) == record.in_cycle;
        in = came ? later(in, after) : after;
    }
    image_in_ = in;
    in_cycle_ = record.in_cycle;
    return loaded;
}

// Reads of a layer, whose input was ready then.
void monitor::enter_reads(const mca_step &step, const group &of, const moment &ready) {
    layer_ends &ends = layers_[step.layer];
    converted_.clear();
    for (const read_times &times : of.reads) {
        // registers are loaded first; the array has to be free, its samples held elsewhere, and
        // programmed
        const mca_placement &place = mca_chip_layer(model_, step.layer).matrix->place;
        const uint64_t load_ps =
            mca_read_time_of(mca_chip_config_of(model_), &place, 0, mca_read_kind_of(&step))
                .load_ps;
        const moment &input = later(ready, ends.driven);
        const moment loaded = gone_on(input, step.phase, input.ps + load_ps);
        const moment begun =
            released_at(times.driving_ps, later(loaded, later(ends.sampled, ends.settled)));
        ends.driven = gone_on(begun, step.phase, times.driven_ps);
        ends.sampled = released_at(
            times.sampled_ps, later(gone_on(begun, step.phase, times.read_ps), ends.converted));
        ends.converted = gone_on(ends.sampled, step.phase, times.converted_ps);
        converted_.push_back(ends.converted);
        reach(ends.converted);
    }
}

// The codes of reads that it adds up as they come release it again and again.
void monitor::enter_operation(const mca_step &step, const group &of, const moment &ready) {
    if (of.operation.end_cycle == 0) {
        return;
    }
    const operation_times &times = of.operation;
    moment by = released_in(times.start_cycle, ready, step.phase);
    for (size_t i = 1; i < times.added_cycles.size(); ++i) {
        const uint64_t paced = times.added_cycles[i - 1] + times.read_cycles;
        by = gone_on(by, step.phase, edge_ps(paced));
        if (times.added_cycles[i] == paced) {
            by = released_in(paced, later(by, converted_[i]), step.phase);
        } else {
            by = released_in(times.added_cycles[i], converted_[i], step.phase);
        }
    }
    unit_of(step.layer) = gone_on(by, step.phase, edge_ps(times.end_cycle));
    reach(unit_of(step.layer));
}

// The engines of an update: the one that is done last.
void monitor::enter_update(const mca_step &step, const group &of, const moment &ready) {
    const uint32_t layer = step.layer;
    const operation_times &operation = of.operation;
    moment &unit = unit_of(layer);
    if (operation.end_cycle == 0) {
        return;
    }
    const moment begun = released_in(operation.start_cycle, ready, step.phase);
    std::vector<engine_times> engines = operation.engines;
    const bool is_only = engines.empty();
    if (is_only) {
        engines.push_back({0, 0, operation.read_cycles, operation.end_cycle});
    }
    moment last;
    for (const engine_times &times : engines) {
        last = later(last, enter_engine(step, of, times, is_only, begun));
    }
    require(last.ps == edge_ps(operation.end_cycle), "monitor: an update ends with no engine");
    unit = last;
    reach(unit);
    if (mca_chip_dpu(model_).batch == 1) {
        layers_[layer].settled = later(layers_[layer].settled, unit);
    }
}

// An engine goes through its words; returns when it is done. What a full queue held up comes by the
// queue's path, and so does what follows, but for a word that its interval keeps waiting for
// longer.
monitor::moment monitor::enter_engine(const mca_step &step, const group &of,
                                      const engine_times &times, bool is_only,
                                      const moment &begun) {
    const uint32_t layer = step.layer;
    const mca_chi_config &chi = mca_chip_layer(model_, layer).chi->config;
    engine by{};
    by.interval = update_words::pace(model_, layer, times.engine);
    by.free = begun;
    by.word_cycle = by.next_cycle =
        of.operation.start_cycle + mca_update_latency(&chi) + times.read_cycles;
    std::vector<command_times> commands;
    std::copy_if(of.commands.begin(), of.commands.end(), std::back_inserter(commands),
                 [&](const auto &one) { return is_only || one.tile == times.tile; });
    std::sort(commands.begin(), commands.end(),
              [](const auto &a, const auto &b) { return a.taken_cycle < b.taken_cycle; });
    for (const command_times &command : commands) {
        if (command.word != by.word) {
            next_word(by, command.word);
        }
        const moment taken = taken_by_queue(by, command);
        depart(command, MCA_PHASE_TRANSFER, &taken);
        by.next_cycle = command.taken_cycle + 1;
    }
    next_word(by, by.word + 1);
    return gone_on(by.free, step.phase, edge_ps(times.end_cycle));
}

// The word at work is over, and those without commands up to `word`.
void monitor::next_word(engine &by, uint64_t word) {
    const uint64_t paced = by.word_cycle + by.interval;
    const uint64_t end = std::max(paced, by.next_cycle);
    if (by.held && paced >= by.next_cycle) {
        const moment pace = gone_on(by.pace, MCA_PHASE_UPDATE, edge_ps(end));
        const moment free = gone_on(by.free, MCA_PHASE_UPDATE, edge_ps(end));
        by.free = paced > by.next_cycle ? pace : later(pace, free);
    }
    by.held = false;
    by.word_cycle = by.next_cycle = end + (word - by.word - 1) * by.interval;
    by.word = word;
}

// When a queue takes a command: when the engine has it, or in the cycle after a place is free.
monitor::moment monitor::taken_by_queue(engine &by, const command_times &times) {
    require(times.taken_cycle >= by.next_cycle, "monitor: a command before the engine has it");
    const tile_ends &tile = tiles_[times.tile];
    const bool full = tile.departures.size() == mca_chip_config_of(model_)->transfer.fifo_depth &&
                      tile.departures.front().cycle + 1 == times.taken_cycle;
    const uint64_t taken_ps = edge_ps(times.taken_cycle);
    const bool in_time = times.taken_cycle == by.next_cycle;
    require(in_time || full, "monitor: a command was held up by nothing");
    moment taken = gone_on(by.free, MCA_PHASE_UPDATE, taken_ps);
    if (full) {
        const moment place = gone_on(tile.departures.front().at, MCA_PHASE_TRANSFER, taken_ps);
        if (!in_time || &later(taken, place) == &place) {
            by.pace = by.held ? by.pace : by.free;
            by.held = true;
            by.free = taken = place;
        }
    }
    return taken;
}

// A command leaves when it is the next, a driver is free, and the array is not read.
void monitor::depart(const command_times &times, mca_phase phase, const moment *taken) {
    tile_ends &tile = tiles_[times.tile];
    layer_ends &layer = layers_[times.layer];
    const auto driver =
        std::min_element(tile.drivers.begin(), tile.drivers.end(),
                         [](const moment &a, const moment &b) { return a.ps < b.ps; });
    moment free = *driver;
    for (const moment &other : tile.drivers) {
        free = other.ps == free.ps ? later(free, other) : free;
    }
    moment latest = later(later(free, layer.sampled), *taken);
    if (times.layer == 0 && released_ps_ > latest.ps) { // the host is late
        latest = gone_on(latest, phase, released_ps_);
    }
    if (!tile.departures.empty()) {
        const uint64_t next = tile.departures.back().cycle + 1;
        if (next == times.left_cycle) {
            latest = later(latest, gone_on(tile.departures.back().at, phase, edge_ps(next)));
        }
    }
    const moment left = released_in(times.left_cycle, latest, phase);
    tile.departures.push_back({times.left_cycle, left});
    if (tile.departures.size() > mca_chip_config_of(model_)->transfer.fifo_depth) {
        tile.departures.pop_front();
    }
    *driver = gone_on(left, phase, left.ps + times.duration_ps);
    layer.settled = later(layer.settled, *driver);
    reach(*driver);
}

// Pulses of a mini-batch. Where pulses ask for a refresh, all layers wait until they are known.
void monitor::enter_batch(const image_record &record, const mca_step &step) {
    const bool decides = mca_pulses_ask_for_refresh(mca_chip_config_of(model_)) != 0;
    for (uint32_t l = 0; l < layers_.size(); ++l) {
        const bool waits = decides || (mca_chip_dpu(model_).batch > 1 && learns(model_, l));
        if (record.ends_batch && waits) {
            layers_[l].settled = later(layers_[l].settled, last_unit());
        }
    }
    for (const command_times &times :
         group_of(record, step).commands) { // the host can end a mini-batch late
        const moment taken = gone_on(last_unit(), step.phase, edge_ps(times.taken_cycle));
        depart(times, step.phase, &taken);
    }
}

// In turn, the next layer's begins when this one's is over.
void monitor::enter_refresh(const mca_step &step, const group &of, moment &begun) {
    if (of.operation.end_cycle == 0) {
        return;
    }
    layer_ends &ends = layers_[step.layer];
    moment &unit = unit_of(step.layer);
    unit = later(unit, begun);
    enter_reads(step, of, begun);
    // comparing a word a cycle, and then the last of what is converted
    const uint64_t compared_ps = edge_ps(of.operation.start_cycle + of.operation.read_cycles);
    const moment compared = gone_on(unit, step.phase, compared_ps);
    unit = released_in(of.operation.end_cycle, later(compared, ends.converted), step.phase);
    reach(unit);
    ends.settled = later(ends.settled, unit);
    for (const command_times &times : of.commands) {
        depart(times, step.phase, &unit);
    }
    if (mca_chip_config_of(model_)->refresh.layers == MCA_LAYERS_IN_TURN) {
        begun = unit;
    }
}

} // namespace mca
