// The digital unit as the C core's datapath: one process that runs the operations of an image one
// after the other. It runs ahead of simulated time by up to the global quantum.
#include <algorithm>

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
    void free_again(uint64_t cycle) override {
        free_cycle_ = std::max(free_cycle_, cycle);
        refreshed_.notify(sc_core::SC_ZERO_TIME);
    }
    uint64_t update_busy_cycles(uint32_t layer) const override {
        return updates_[layer].result.cycles - updates_[layer].stall_cycles;
    }

  private:
    void run();
    image &next_image();
    tlm::tlm_generic_payload &next_codes(const image &current, const mca_step &read);
    // In how many payloads the codes of a step of reads come.
    uint64_t payloads_of(const image &current, const mca_step &read) const;
    // Codes that a step has to have before it begins: all, or the first of many reads.
    std::vector<tlm::tlm_generic_payload *> first_codes(const image &current, const mca_step &step);
    void vector(image &current, const mca_step &step);
    // A layer on the way forward, where layers stream.
    struct stream_layer {
        const mca_step *step = nullptr;
        const mca_step *read = nullptr; // none: it has no matrix
        uint64_t reads = 0;
        uint64_t cycles = 0;
        std::vector<uint64_t> stands{}; // [items done] cycles
    };
    void take_image(image &current);
    // Returns the last step that it does.
    const mca_step *stream(image &current);
    // Cycle from which on a layer's next item can be done; NEVER while that is not known.
    uint64_t ready_cycle(image &current, const std::vector<stream_layer> &layers, uint32_t layer);
    void do_next_item(image &current, std::vector<stream_layer> &layers);
    void do_item(image &current, stream_layer &layer, uint64_t start);
    static constexpr uint64_t NEVER = UINT64_MAX;
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
    uint64_t begin(const mca_step &step);
    void end(uint64_t cycle);
    void reach(uint64_t cycle);

    std::vector<std::unique_ptr<command_queue>> queues_; // [tiles of the chip]
    sc_core::sc_event refreshed_;
    uint64_t free_cycle_ = 0;
    uint64_t image_cycle_ = 0; // first in which the image was all there
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
    SC_HAS_PROCESS(model_unit);
    SC_THREAD(run);
    set_stack_size(0x40000);
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
    free_cycle_ = image_cycle_ = 0;
    accesses_.recall();
    digital_unit::restart();
}

image &model_unit::next_image() {
    while (images_.empty()) {
        wait(arrived_);
    }
    image *next = images_.front();
    images_.pop_front();
    return *next;
}

tlm::tlm_generic_payload &model_unit::next_codes(const image &current, const mca_step &read) {
    auto found = find_codes(current, read);
    while (found == codes_.end()) {
        wait(arrived_);
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
        wait(local - sc_time_stamp());
    }
}

uint64_t model_unit::begin(const mca_step &step) {
    const uint64_t start = std::max(free_cycle_, shared_.cycle_from(sc_time_stamp()));
    reach(start);
    kind_ = mca_dpu_kind_of(&step);
    layer_ = step.layer;
    busy_ = true;
    return start;
}

void model_unit::end(uint64_t cycle) {
    free_cycle_ = cycle;
    reach(free_cycle_);
    busy_ = false;
}

void model_unit::run() {
    for (;;) {
        image &current = next_image();
        const mca_step *step = shared_.streams() ? stream(current) : nullptr;
        while ((step = mca_program_next_digital(current.program, step)) != nullptr) {
            if (step->kind == MCA_STEP_UPDATE) {
                update(current, *step);
            } else {
                vector(current, *step);
            }
        }
        const bool refreshes = current.refreshes; // told of, it can become another image
        tell_of(current, nullptr, free_cycle_);
        if (refreshes) {
            wait(refreshed_);
        }
    }
}

void model_unit::take_image(image &current) {
    image_cycle_ = mca_engine_image_cycle(shared_.model, current.load_start.value(), image_cycle_);
    free_cycle_ = std::max(free_cycle_, image_cycle_);
    shared_.log.image_in(current.sequence, image_cycle_);
}

const mca_step *model_unit::stream(image &current) {
    const mca_program &program = *current.program;
    std::vector<stream_layer> layers(shared_.layers());
    uint64_t items = 0;
    const mca_step *step = nullptr;
    take_image(current);
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        step = mca_program_next_digital(&program, step);
        layers[l].step = step;
        layers[l].read = mca_step_read(&program, step);
        items += mca_engine_items(shared_.model, l);
        if (layers[l].read) {
            mca_engine_clear_sums(shared_.model, l, &current.signals);
        }
    }
    for (; items > 0; --items) {
        do_next_item(current, layers);
    }
    return step;
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
    uint64_t cycle = image_cycle_;
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

// The item that can start first, of several that of the earliest layer: known when the edge at
// which it starts is past, as codes can come until then.
void model_unit::do_next_item(image &current, std::vector<stream_layer> &layers) {
    for (;;) {
        uint32_t first = 0;
        uint64_t start = NEVER;
        for (uint32_t l = 0; l < shared_.layers(); ++l) {
            const uint64_t cycle = std::max(ready_cycle(current, layers, l), free_cycle_);
            first = cycle < start ? l : first;
            start = std::min(start, cycle);
        }
        if (start == NEVER) {
            wait(arrived_);
        } else if (shared_.edge(start) < sc_time_stamp()) {
            do_item(current, layers[first], start);
            return;
        } else {
            wait(shared_.edge(start) + time_ps(1) - sc_time_stamp(), arrived_);
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
    free_cycle_ = start + cycles;
    layer.stands.push_back(free_cycle_ + (is_last ? 0 : MCA_VECTOR_LATENCY_CYCLES));
    mca_engine_book_busy(shared_.model, step.layer, step.phase, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(cycles));
    shared_.log.item(current.sequence, {&step, reads, start, free_cycle_, layer.stands.back()});
    tell(notice::item, &step, &current, current.sequence, layer.stands.back());
}

void model_unit::vector(image &current, const mca_step &step) {
    const std::vector<tlm::tlm_generic_payload *> codes = first_codes(current, step);
    if (&step == mca_program_next_digital(current.program, nullptr)) { // all of it has to be in
        take_image(current);
    }
    mca_work work = work_of(current, step);
    if (step.vector == MCA_VECTOR_PRODUCT) { // its work follows from its values
        mca_engine_multiply(shared_.model, &step, &current.signals, &work);
    }
    monitor::operation_times times;
    times.start_cycle = begin(step);
    times.read_cycles = work.read_cycles;
    const uint64_t summed_cycle = add_up(current, step, codes, times);
    compute(current, step);
    times.end_cycle = summed_cycle + work.cycles - work.reads * work.read_cycles;
    book(current, step, work, times, work.cycles);
    if (drives_of(current, step)) {
        prepare_drives(current, step.layer);
    }
    end(times.end_cycle);
    tell_of(current, &step, free_cycle_);
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
            wait(queue.departure());
        }
        taken = std::max(taken, queue.left_cycle(before) + 1);
    }
    reach(taken);
    ++updates_[pulses.layer].pending;
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
    uint64_t late = 0;
    for (size_t i = 0; i < commands.size();) {
        const uint64_t word = word_of(commands[i]);
        const uint64_t begun = first + commands[i].ready_cycle + late;
        uint64_t next = begun;
        uint64_t count = 0;
        for (; i < commands.size() && word_of(commands[i]) == word; ++i, ++count) {
            next = push(commands[i], of, next) + 1;
        }
        const uint64_t needed = std::max(interval, count);
        late += std::max(next - begun, needed) - needed;
    }
    return late;
}

void model_unit::update(image &current, const mca_step &step) {
    mca_chip *model = shared_.model;
    const uint64_t start = begin(step);
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
        updates_[step.layer].stall_cycles = late;
    }
    if (shared_.has_chi(step.layer)) {
        tlm::tlm_generic_payload &burst = accesses_.take();
        burst.set_data_length(
            static_cast<unsigned>(result.words * shared_.config().dpu.lanes * sizeof(int32_t)));
        begin_request(chi, burst);
        burst.release();
    }
    end(start + result.cycles);
    end_update(step, result);
}

} // namespace

std::unique_ptr<digital_unit> make_model_unit(const char *name, context &shared) {
    return std::make_unique<model_unit>(name, shared);
}

} // namespace mca
