// The digital unit as the C core's datapath: a process that runs the operations of an image one
// after the other, or, where layers have units of their own, one for each layer, which wait for
// what the others give. They run ahead of simulated time by up to the global quantum.
#include <algorithm>
#include <map>

#define SC_INCLUDE_DYNAMIC_PROCESSES // sc_spawn
#include <systemc>

#include "command_queue.hpp"
#include "digital_unit.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

class model_unit : public digital_unit {
  public:
    model_unit(const sc_core::sc_module_name &name, context &shared);
    void bind_driver(uint32_t tile, program_driver &driver) override;
    void trace(sc_core::sc_trace_file *file) const override;
    void restart() override;

  protected:
    void free_again(uint32_t layer, uint64_t cycle) override {
        unit &again = *units_[number_of(layer)];
        again.free_cycle = std::max(again.free_cycle, cycle);
        again.refreshed.notify(sc_core::SC_ZERO_TIME);
    }
    uint64_t busy_cycles(const update_record &update) const override {
        return update.result.cycles - update.stall_cycles;
    }

  private:
    // What does the operations of all layers, or of one.
    struct unit {
        uint64_t free_cycle = 0;
        uint64_t image_cycle = 0;     // first in which the image at work was all there
        std::deque<image *> images{}; // that it has not begun
        sc_core::sc_event refreshed{};
    };
    // A layer on the way forward, where layers stream.
    struct stream_layer {
        const mca_step *step = nullptr;
        const mca_step *read = nullptr; // none: it has no matrix
        uint64_t reads = 0;
        uint64_t cycles = 0;
        std::vector<uint64_t> stands{}; // [items done] cycles
    };
    // An image that not all units are done with.
    struct image_work {
        std::vector<uint64_t> stands;     // [steps] cycle from which on what it gives does; NEVER
        std::vector<stream_layer> layers; // where they stream
        size_t units_left;
    };
    // The last image that all units are done with.
    struct ended_image {
        int64_t sequence = -1;
        bool refreshes = false; // it is followed by a refresh
        sc_core::sc_event event{};
    };
    static constexpr uint64_t NEVER = UINT64_MAX;

    void run(uint32_t number);
    bool does(uint32_t number, const mca_step &step) const {
        return units_.size() == 1 || step.layer == number;
    }
    // The unit of a layer's operations.
    size_t number_of(uint32_t layer) const {
        return units_.size() > 1 ? layer : 0;
    }
    unit &unit_of(const mca_step &step) {
        return *units_[number_of(step.layer)];
    }
    image &next_image(unit &by);
    void begin_work(image &next);
    void end_work(image &of);
    void wait_for_refresh(unit &by, image &current);
    tlm::tlm_generic_payload &next_codes(const image &current, const mca_step &read);
    // In how many payloads the codes of a step of reads come.
    uint64_t payloads_of(const image &current, const mca_step &read) const;
    // Codes that a step has to have before it begins: all, or the first of many reads.
    std::vector<tlm::tlm_generic_payload *> first_codes(const image &current, const mca_step &step);
    // Waits for all that other units give a step; returns the cycle from which on it stands.
    uint64_t wait_for_inputs(image &current, const mca_step &step);
    void vector(image &current, const mca_step &step);
    void take_image(unit &by, image &current);
    // The items of all layers, or of the unit's.
    void stream(uint32_t number, image &current);
    // Cycle from which on a layer's next item can be done; NEVER while that is not known.
    uint64_t ready_cycle(image &current, const std::vector<stream_layer> &layers, uint32_t layer);
    void do_next_item(uint32_t number, image &current);
    void do_item(image &current, stream_layer &layer, uint64_t start);
    uint64_t add_up(image &current, const mca_step &step,
                    const std::vector<tlm::tlm_generic_payload *> &first,
                    monitor::operation_times &times);
    uint64_t add(image &current, tlm::tlm_generic_payload &codes);
    void compute(image &current, const mca_step &step);
    void prepare_drives(image &current, uint32_t layer);
    void update(image &current, const mca_step &step);
    // Hands over an update's commands, whose cycles begin with `first`; returns how long full
    // queues held it up.
    uint64_t push_all(const std::vector<mca_pulse_command> &commands, const image &of,
                      uint64_t first);
    // As soon as the command's queue has a place, from a cycle on; returns that cycle.
    uint64_t push(const mca_pulse_command &pulses, const image &of, uint64_t cycle);
    // An operation of `cycles` from the first cycle in which it can begin; returns that.
    uint64_t begin(const mca_step &step, uint64_t ready_cycle);
    void end(image &current, const mca_step &step, uint64_t cycle);
    void reach(uint64_t cycle);

    std::vector<std::unique_ptr<command_queue>> queues_; // [tiles of the chip]
    std::vector<std::unique_ptr<unit>> units_;           // [layers] or one
    std::map<const image *, image_work> work_;
    ended_image ended_;
    sc_core::sc_event stands_; // something that a unit gives
    payload_pool<no_extension> accesses_;
};

model_unit::model_unit(const sc_core::sc_module_name &name, context &shared)
    : digital_unit(name, shared) {
    const uint32_t tiles = shared.tile_base(shared.layers());
    for (uint32_t t = 0; t < tiles; ++t) {
        const std::string queue = "queue_" + std::to_string(t);
        queues_.push_back(std::make_unique<command_queue>(
            queue.c_str(), shared,
            [this](const command &sent, uint64_t cycle) { command_left(sent, cycle); }));
    }
    sc_core::sc_spawn_options options;
    options.set_stack_size(0x40000);
    const uint32_t units = mca_has_own_units(&shared.config()) ? shared.layers() : 1;
    for (uint32_t u = 0; u < units; ++u) {
        const std::string process = units > 1 ? "run_" + std::to_string(u) : "run";
        units_.push_back(std::make_unique<unit>());
        sc_core::sc_spawn([this, u] { run(u); }, process.c_str(), &options);
    }
}

void model_unit::bind_driver(uint32_t tile, program_driver &driver) {
    queues_[tile]->drivers.bind(driver.commands);
}

void model_unit::trace(sc_core::sc_trace_file *file) const {
    digital_unit::trace(file);
    for (const auto &queue : queues_) {
        queue->trace(file);
    }
}

void model_unit::restart() {
    for (const auto &queue : queues_) {
        queue->restart();
    }
    for (const std::unique_ptr<unit> &each : units_) {
        each->free_cycle = each->image_cycle = 0;
        each->images.clear();
    }
    work_.clear();
    accesses_.recall();
    digital_unit::restart();
}

image &model_unit::next_image(unit &by) {
    for (;;) {
        for (; !images_.empty(); images_.pop_front()) {
            begin_work(*images_.front());
        }
        if (!by.images.empty()) {
            image *next = by.images.front();
            by.images.pop_front();
            return *next;
        }
        sc_core::wait(arrived_);
    }
}

void model_unit::begin_work(image &next) {
    image_work &work = work_[&next];
    work.stands.assign(next.program->step_count, NEVER);
    work.layers.assign(shared_.streams() ? shared_.layers() : 0, stream_layer());
    work.units_left = units_.size();
    const mca_step *step = nullptr;
    for (stream_layer &layer : work.layers) {
        step = mca_program_next_digital(next.program, step);
        layer.step = step;
        layer.read = mca_step_read(next.program, step);
        if (layer.read) {
            mca_engine_clear_sums(shared_.model, step->layer, &next.signals);
        }
    }
    for (const std::unique_ptr<unit> &each : units_) {
        each->images.push_back(&next);
    }
}

// A unit has done all of its operations.
void model_unit::end_work(image &of) {
    image_work &work = work_.at(&of);
    if (--work.units_left > 0) {
        return;
    }
    uint64_t last = 0;
    for (const uint64_t stands : work.stands) {
        last = stands == NEVER ? last : std::max(last, stands);
    }
    work_.erase(&of);
    tell_of(of, nullptr, last);
    ended_.sequence = static_cast<int64_t>(of.sequence);
    ended_.refreshes = of.after.refreshes != 0;
    ended_.event.notify(sc_core::SC_ZERO_TIME);
}

tlm::tlm_generic_payload &model_unit::next_codes(const image &current, const mca_step &read) {
    auto found = find_codes(current, read);
    while (found == codes_.end()) {
        sc_core::wait(arrived_);
        found = find_codes(current, read);
    }
    tlm::tlm_generic_payload *next = found->payload;
    codes_.erase(found);
    return *next;
}

uint64_t model_unit::payloads_of(const image &current, const mca_step &read) const {
    const uint64_t reads =
        read.is_backward ? current.drives[read.layer].size() : current.forward_reads[read.layer];
    return shared_.positions(read.layer) > 1 ? reads : std::min<uint64_t>(reads, 1);
}

std::vector<tlm::tlm_generic_payload *> model_unit::first_codes(const image &current,
                                                                const mca_step &step) {
    std::vector<tlm::tlm_generic_payload *> all;
    for (uint32_t i = 0; i < step.wait_count; ++i) {
        const mca_step &before = current.program->steps[step.waits[i]];
        if (mca_step_adds_up(&step, &before) != 0 && codes_come(current, before)) {
            all.push_back(&next_codes(current, before));
        }
    }
    return all;
}

void model_unit::reach(uint64_t cycle) {
    const sc_time local = shared_.edge(cycle);
    if (local > sc_time_stamp() + tlm::tlm_global_quantum::instance().get()) {
        sc_core::wait(local - sc_time_stamp());
    }
}

uint64_t model_unit::begin(const mca_step &step, uint64_t ready_cycle) {
    const uint64_t ready = std::max(ready_cycle, shared_.cycle_from(sc_time_stamp()));
    const uint64_t start = std::max(unit_of(step).free_cycle, ready);
    reach(start);
    shown_[number_of(step.layer)] = {mca_dpu_kind_of(&step), step.layer, true};
    return start;
}

void model_unit::end(image &current, const mca_step &step, uint64_t cycle) {
    unit_of(step).free_cycle = cycle;
    reach(cycle);
    shown_[number_of(step.layer)].busy = false;
    work_.at(&current).stands[mca_step_number(current.program, &step)] = cycle;
    stands_.notify(sc_core::SC_ZERO_TIME);
}

void model_unit::run(uint32_t number) {
    for (;;) {
        image &current = next_image(*units_[number]);
        take_image(*units_[number], current);
        if (shared_.streams()) {
            stream(number, current);
        }
        const mca_step *step = nullptr;
        while ((step = mca_program_next_digital(current.program, step)) != nullptr) {
            const bool streamed =
                shared_.streams() && step->phase == current.program->forward_phase;
            if (!does(number, *step) || streamed) {
                continue;
            }
            if (shared_.reads_ahead() && current.train &&
                mca_step_number(current.program, step) + 1 == current.program->image_steps) {
                tell(notice::outcome, nullptr, &current, current.sequence,
                     units_[number]->free_cycle);
            }
            if (step->kind == MCA_STEP_UPDATE) {
                update(current, *step);
            } else {
                vector(current, *step);
            }
        }
        if (units_.size() == 1 || has_tiles(shared_.model, number)) {
            wait_for_refresh(*units_[number], current);
        } else {
            end_work(current);
        }
    }
}

// A unit's work on an image ends, and the refresh that follows it, if one does.
void model_unit::wait_for_refresh(unit &by, image &current) {
    // told of, it can become another image
    const auto sequence = static_cast<int64_t>(current.sequence);
    const bool is_open = current.is_open;
    const bool refreshes = current.after.refreshes != 0;
    end_work(current);
    while (is_open && ended_.sequence < sequence) {
        sc_core::wait(ended_.event);
    }
    if (is_open ? ended_.refreshes : refreshes) {
        sc_core::wait(by.refreshed);
    }
}

// The first unit keeps the image's codes: it does not begin before it has them.
void model_unit::take_image(unit &by, image &current) {
    by.image_cycle =
        mca_engine_image_cycle(shared_.model, current.load_start.value(), by.image_cycle);
    if (&by == units_.front().get()) {
        by.free_cycle = std::max(by.free_cycle, by.image_cycle);
        shared_.log.image_in(current.sequence, by.image_cycle);
    }
}

// Those of a read by its codes as well.
uint64_t model_unit::wait_for_inputs(image &current, const mca_step &step) {
    uint64_t cycle = 0;
    for (uint32_t i = 0; i < step.wait_count; ++i) {
        const mca_step &before = current.program->steps[step.waits[i]];
        if (before.kind == MCA_STEP_LOAD) {
            const bool is_digital = mca_step_is_digital(&step) != 0;
            cycle = is_digital ? std::max(cycle, unit_of(step).image_cycle) : cycle;
        } else if (before.kind == MCA_STEP_READ) { // whether it comes, what it drives tells
            cycle = std::max(cycle, wait_for_inputs(current, before));
        } else {
            const uint64_t &stands = work_.at(&current).stands[step.waits[i]];
            while (stands == NEVER) {
                sc_core::wait(stands_);
            }
            cycle = std::max(cycle, stands);
        }
    }
    return cycle;
}

void model_unit::stream(uint32_t number, image &current) {
    uint64_t items = 0;
    for (const stream_layer &layer : work_.at(&current).layers) {
        items += does(number, *layer.step) ? mca_engine_items(shared_.model, layer.step->layer) : 0;
    }
    for (; items > 0; --items) {
        do_next_item(number, current);
    }
}

uint64_t model_unit::ready_cycle(image &current, const std::vector<stream_layer> &layers,
                                 uint32_t l) {
    const stream_layer &layer = layers[l];
    const mca_network_layer &of = mca_chip_network(shared_.model)->layers[l];
    const auto item = static_cast<uint32_t>(layer.stands.size());
    if (item == mca_engine_items(shared_.model, l)) {
        return NEVER;
    }
    if (layer.read) {
        const auto found = find_codes(current, *layer.read);
        return found == codes_.end() ? NEVER : shared_.cycle_from(found->at);
    }
    uint64_t cycle = unit_of(*layer.step).image_cycle;
    for (const uint32_t source :
         {of.takes, of.config.type == MCA_LAYER_RESIDUAL_SUM ? of.config.from : of.takes}) {
        if (source != MCA_FROM_INPUT) {
            const uint32_t needed = mca_engine_item_needs(shared_.model, l, item, source);
            const std::vector<uint64_t> &stands = layers[source].stands;
            cycle = needed < stands.size() ? std::max(cycle, stands[needed]) : NEVER;
        }
    }
    return cycle;
}

// The item of a unit that can start first, of several that of the earliest layer: known when the
// edge at which it starts is past, as codes can come until then.
void model_unit::do_next_item(uint32_t number, image &current) {
    std::vector<stream_layer> &layers = work_.at(&current).layers;
    for (;;) {
        uint32_t first = 0;
        uint64_t start = NEVER;
        for (uint32_t l = 0; l < shared_.layers(); ++l) {
            if (!does(number, *layers[l].step)) {
                continue;
            }
            const uint64_t cycle =
                std::max(ready_cycle(current, layers, l), unit_of(*layers[l].step).free_cycle);
            first = cycle < start ? l : first;
            start = std::min(start, cycle);
        }
        if (start == NEVER) {
            sc_core::wait(arrived_ | stands_);
        } else if (shared_.edge(start) < sc_time_stamp()) {
            do_item(current, layers[first], start);
            return;
        } else {
            sc_core::wait(shared_.edge(start) + time_ps(1) - sc_time_stamp(), arrived_);
        }
    }
}

void model_unit::do_item(image &current, stream_layer &layer, uint64_t start) {
    const mca_step &step = *layer.step;
    const auto item = static_cast<uint32_t>(layer.stands.size());
    const bool is_last = item + 1 == mca_engine_items(shared_.model, step.layer);
    const uint64_t reads = layer.read ? add(current, next_codes(current, *layer.read)) : 0;
    mca_engine_finish_item(shared_.model, &step, item, &current.signals);
    layer.reads += reads;
    uint64_t cycles = mca_work_item_cycles(shared_.model, &step, reads);
    if (is_last) {
        mca_work work{};
        mca_work_vector(shared_.model, &step, layer.reads, &work);
        mca_engine_book(shared_.model, &step, &work);
        cycles = work.cycles - layer.cycles;
        note_outcome(current, step);
    }
    layer.cycles += cycles;
    const uint64_t end = start + cycles;
    unit_of(step).free_cycle = end;
    layer.stands.push_back(end + (is_last ? 0 : MCA_VECTOR_LATENCY_CYCLES));
    work_.at(&current).stands[mca_step_number(current.program, &step)] = is_last ? end : NEVER;
    stands_.notify(sc_core::SC_ZERO_TIME);
    mca_engine_book_busy(shared_.model, step.layer, step.phase, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(cycles));
    shared_.log.item(current.sequence, {&step, reads, start, end, layer.stands.back()});
    tell(notice::item, &step, &current, current.sequence, layer.stands.back());
}

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

} // namespace

std::unique_ptr<digital_unit> make_model_unit(const char *name, context &shared) {
    return std::make_unique<model_unit>(name, shared);
}

} // namespace mca
