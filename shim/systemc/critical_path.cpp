// The monitor's search for the critical path: what released what.
#include <algorithm>

#include "monitor.hpp"
#include "payload.hpp"

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

void monitor::reach(const moment &end) {
    frontier_ = later(frontier_, end);
}

// What is done for an image, in the order in which its operations depend on each other.
void monitor::enter(const image_record &record) {
    if (record.has_image) {
        enter_image(record);
        released_[0] = released_[1];
        released_[1] = unit_free_;
    }
    enter_batch(record);
    for (uint32_t l = 0; l < mca_chip_layer_count(model_); ++l) {
        enter_refresh(l, record);
    }
}

void monitor::enter_image(const image_record &record) {
    const uint32_t layers = mca_chip_layer_count(model_);
    moment ready = enter_load(record);
    for (uint32_t l = 0; l < layers; ++l) {
        enter_reads(l, group_of(record, {part::forward, l, reads}), ready);
        image_read_ = l == 0 ? layers_[0].sampled : image_read_;
        const moment &converted = layers_[l].converted;
        enter_operation(group_of(record, {part::forward, l, unit}),
                        l == 0 ? later(converted, image_in_) : converted);
        ready = unit_free_;
    }
    enter_operation(group_of(record, {part::output_error, layers - 1, unit}), unit_free_);
    moment errors = unit_free_;
    for (uint32_t l = layers; l-- > 0;) {
        const group &read = group_of(record, {part::backward, l, reads});
        enter_reads(l, read, errors);
        enter_operation(group_of(record, {part::backward, l, unit}),
                        read.used ? layers_[l].converted : errors);
        errors = unit_free_;
        enter_update(l, group_of(record, {part::update, l, unit}),
                     group_of(record, {part::update, l, pulses}));
    }
}

// Loading waits for the first layer to have read the image before, and for a buffer; where the chip
// was idle, for all that there was. A host can be later than any of these.
monitor::moment monitor::enter_load(const image_record &record) {
    const moment *latest = &later(image_read_, released_[0]);
    if (frontier_.ps <= record.load_start_ps) {
        latest = &later(*latest, frontier_);
    }
    const moment start = gone_on(*latest, record.phase, record.load_start_ps);
    const moment loaded = gone_on(start, record.phase, record.load_end_ps);
    reach(loaded);
    // the digital unit has it when the last pixels are there, or a word a cycle after the image
    // before
    const uint64_t in_ps = edge_ps(record.in_cycle);
    const uint64_t lanes = mca_chip_config_of(model_)->dpu.lanes;
    const uint64_t behind = in_cycle_ + (mca_chip_layer(model_, 0).inputs - 1) / lanes + 1;
    moment in = gone_on(start, record.phase, in_ps);
    if (behind == record.in_cycle) {
        const moment after = gone_on(image_in_, record.phase, in_ps);
        const bool came =
            mca_engine_image_cycle(model_, record.load_start_ps, 0) == record.in_cycle;
        in = came ? later(in, after) : after;
    }
    image_in_ = in;
    in_cycle_ = record.in_cycle;
    return loaded;
}

// Reads of a layer, whose input was ready then.
void monitor::enter_reads(uint32_t layer, const group &of, const moment &ready) {
    layer_ends &ends = layers_[layer];
    for (const read_times &times : of.reads) {
        // registers are loaded first; the array has to be free, its samples held elsewhere, and
        // programmed
        const uint64_t load_ps = mca_read_time_of(mca_chip_config_of(model_), 0).load_ps;
        const moment &input = later(ready, ends.driven);
        const moment loaded = gone_on(input, of.phase, input.ps + load_ps);
        const moment begun =
            released_at(times.driving_ps, later(loaded, later(ends.sampled, ends.settled)));
        ends.driven = gone_on(begun, of.phase, times.driven_ps);
        ends.sampled = released_at(times.sampled_ps,
                                   later(gone_on(begun, of.phase, times.read_ps), ends.converted));
        ends.converted = gone_on(ends.sampled, of.phase, times.converted_ps);
        reach(ends.converted);
    }
}

void monitor::enter_operation(const group &of, const moment &ready) {
    if (of.used) {
        const moment begun = released_in(of.start_cycle, later(ready, unit_free_), of.phase);
        unit_free_ = gone_on(begun, of.phase, edge_ps(of.end_cycle));
        reach(unit_free_);
    }
}

// The engine goes through its words. What a full queue held up comes by the queue's path, and so
// does what follows, but for a word that its interval keeps waiting for longer.
void monitor::enter_update(uint32_t layer, const group &of, const group &sent) {
    if (!of.used) {
        return;
    }
    const mca_chi_config &chi = mca_chip_layer(model_, layer).chi->config;
    engine by{};
    by.interval = word_cycles(model_, layer);
    by.free = released_in(of.start_cycle, unit_free_, of.phase);
    by.word_cycle = by.next_cycle = of.start_cycle + mca_update_latency(&chi);
    std::vector<command_times> commands = sent.commands;
    std::sort(commands.begin(), commands.end(),
              [](const auto &a, const auto &b) { return a.taken_cycle < b.taken_cycle; });
    for (const command_times &times : commands) {
        if (times.word != by.word) {
            next_word(by, times.word);
        }
        const moment taken = taken_by_queue(by, times, sent.phase);
        depart(times, sent.phase, &taken);
        by.next_cycle = times.taken_cycle + 1;
    }
    next_word(by, by.word + 1);
    unit_free_ = gone_on(by.free, of.phase, edge_ps(of.end_cycle));
    reach(unit_free_);
    if (mca_chip_dpu(model_).batch == 1) {
        layers_[layer].settled = later(layers_[layer].settled, unit_free_);
    }
}

// Commands come word by word; in floating point, row by row.
uint64_t monitor::word_cycles(const ::mca_chip *model, uint32_t layer) {
    const uint64_t interval = mca_chi_interval(&mca_chip_layer(model, layer).chi->config);
    return mca_engine_is_fixed(model)
               ? interval
               : interval * mca_dpu_words(mca_chip_layer(model, layer).outputs,
                                          mca_chip_config_of(model)->dpu.lanes);
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
monitor::moment monitor::taken_by_queue(engine &by, const command_times &times, mca_phase phase) {
    require(times.taken_cycle >= by.next_cycle, "monitor: a command before the engine has it");
    const tile_ends &tile = tiles_[times.tile];
    const bool full = tile.departures.size() == mca_chip_config_of(model_)->transfer.fifo_depth &&
                      tile.departures.front().cycle + 1 == times.taken_cycle;
    const uint64_t taken_ps = edge_ps(times.taken_cycle);
    const bool in_time = times.taken_cycle == by.next_cycle;
    require(in_time || full, "monitor: a command was held up by nothing");
    moment taken = gone_on(by.free, MCA_PHASE_UPDATE, taken_ps);
    if (full) {
        const moment place = gone_on(tile.departures.front().at, phase, taken_ps);
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

// Pulses of a mini-batch.
void monitor::enter_batch(const image_record &record) {
    const group &sent = group_of(record, {part::batch, 0, pulses});
    for (layer_ends &layer : layers_) {
        if (record.ends_batch && mca_chip_dpu(model_).batch > 1) {
            layer.settled = later(layer.settled, unit_free_);
        }
    }
    for (const command_times &times : sent.commands) { // the host can end a mini-batch late
        const moment taken = gone_on(unit_free_, sent.phase, edge_ps(times.taken_cycle));
        depart(times, sent.phase, &taken);
    }
}

void monitor::enter_refresh(uint32_t layer, const image_record &record) {
    const group &of = group_of(record, {part::refresh, layer, unit});
    if (!of.used) {
        return;
    }
    enter_reads(layer, group_of(record, {part::refresh, layer, reads}), unit_free_);
    // comparing a word a cycle, and then the last of what is converted
    mca_work work{};
    mca_work_refresh(model_, mca_program_refresh(mca_chip_program(model_), layer), &work);
    const uint64_t compared_ps = edge_ps(of.start_cycle + work.cycles);
    const moment compared = gone_on(unit_free_, of.phase, compared_ps);
    unit_free_ = released_in(of.end_cycle, later(compared, layers_[layer].converted), of.phase);
    reach(unit_free_);
    layers_[layer].settled = later(layers_[layer].settled, unit_free_);
    const group &sent = group_of(record, {part::refresh, layer, pulses});
    for (const command_times &times : sent.commands) {
        depart(times, sent.phase, &unit_free_);
    }
}

} // namespace mca
