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
    model_unit(const sc_core::sc_module_name &name, const context &shared);
    void bind_driver(uint32_t tile, program_driver &driver) override;
    void trace(sc_core::sc_trace_file *file) const override;

  protected:
    void wake() override {
        arrived_.notify(sc_core::SC_ZERO_TIME);
    }
    uint64_t update_busy_cycles(uint32_t layer) const override {
        return updates_[layer].result.cycles - updates_[layer].result.stall_cycles;
    }

  private:
    // The update at work, for the C core's sink.
    struct sink {
        model_unit *unit;
        uint32_t layer;
        uint64_t sequence;
        uint64_t first_cycle;
    };

    void run();
    void learn(image &current);
    image &next_image();
    tlm::tlm_generic_payload &next_codes(const image &current, bool backward, uint32_t layer);
    void forward(image &current, uint32_t layer);
    void output_error(image &current);
    void hidden_error(image &current, uint32_t layer_read);
    void prepare_drives(image &current, uint32_t layer);
    void update(image &current, uint32_t layer);
    uint64_t push(const sink &from, const mca_pulse_command &pulses, uint64_t cycle);
    // An operation of `cycles` from the first cycle in which it can begin; returns that.
    uint64_t begin(uint32_t kind, uint32_t layer);
    void end(uint64_t start, uint64_t cycles);
    void reach(uint64_t cycle);

    std::vector<std::unique_ptr<command_queue>> queues_; // [tiles of the chip]
    sc_core::sc_event arrived_;
    uint64_t free_cycle_ = 0;
    uint64_t image_cycle_ = 0; // first in which the image was all there
    double scale_ = 1.0;       // of the backward reads at work
    payload_pool<no_extension> accesses_;
};

model_unit::model_unit(const sc_core::sc_module_name &name, const context &shared)
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

image &model_unit::next_image() {
    while (images_.empty()) {
        wait(arrived_);
    }
    image *next = images_.front();
    images_.pop_front();
    return *next;
}

tlm::tlm_generic_payload &model_unit::next_codes(const image &current, bool backward, uint32_t l) {
    auto found = find_codes(current.sequence, backward, l);
    while (found == codes_.end()) {
        wait(arrived_);
        found = find_codes(current.sequence, backward, l);
    }
    tlm::tlm_generic_payload *next = found->payload;
    codes_.erase(found);
    return *next;
}

void model_unit::reach(uint64_t cycle) {
    const sc_time local = shared_.edge(cycle);
    if (local > sc_time_stamp() + tlm::tlm_global_quantum::instance().get()) {
        wait(local - sc_time_stamp());
    }
}

uint64_t model_unit::begin(uint32_t kind, uint32_t layer) {
    const uint64_t start = std::max(free_cycle_, shared_.cycle_from(sc_time_stamp()));
    reach(start);
    kind_ = kind;
    layer_ = layer;
    busy_ = true;
    return start;
}

void model_unit::end(uint64_t start, uint64_t cycles) {
    free_cycle_ = start + cycles;
    reach(free_cycle_);
    busy_ = false;
}

void model_unit::run() {
    for (;;) {
        image &current = next_image();
        const uint64_t sequence = current.sequence;
        for (uint32_t l = 0; l <= last_layer(); ++l) {
            forward(current, l);
        }
        if (current.train) {
            learn(current);
        }
        tell(notice::done, 0, sequence, &current, shared_.edge(free_cycle_));
    }
}

void model_unit::learn(image &current) {
    output_error(current);
    for (uint32_t l = last_layer(); l > 0; --l) {
        hidden_error(current, l);
        update(current, l);
    }
    update(current, 0);
}

// What a payload holds, as the C core's read.
mca_read_scratch view_of(code_block &block) {
    mca_read_scratch view{};
    view.levels = block.level.data();
    view.column = block.column.data();
    return view;
}

void model_unit::forward(image &current, uint32_t l) {
    const mca_chip *model = shared_.model;
    tlm::tlm_generic_payload &payload = next_codes(current, false, l);
    codes_extension &got = payload_pool<codes_extension>::extension(payload);
    if (l == 0) { // all of the image has to be in
        image_cycle_ = mca_engine_image_cycle(model, current.load_start.value(), image_cycle_);
        free_cycle_ = std::max(free_cycle_, image_cycle_);
        shared_.log->image_in(current.sequence, image_cycle_);
    }
    const uint64_t start = begin(MCA_DPU_FORWARD, l);
    mca_engine_clear_sums(model, l, &current.signals);
    for (code_block &block : got.blocks) {
        const mca_read_scratch view = view_of(block);
        mca_engine_add_forward(model, l, block.tile, &view, &current.signals);
    }
    mca_engine_activate(model, l, &current.signals);
    payload.release();
    const uint64_t cycles = mca_engine_forward_cycles(model, l);
    book(current.sequence, {monitor::part::forward, l, monitor::unit},
         current.train ? MCA_PHASE_FORWARD : MCA_PHASE_TEST, start + cycles, cycles);
    end(start, cycles);
    if (l == last_layer()) {
        current.outcome.predicted = mca_engine_predict(model, &current.signals);
        current.outcome.loss = mca_engine_loss(model, &current.signals, current.label);
    } else {
        tell(notice::forward, l, current.sequence, &current, shared_.edge(free_cycle_));
    }
}

// The lines that a layer's errors drive, by sign.
void model_unit::prepare_drives(image &current, uint32_t l) {
    const mca_chip *model = shared_.model;
    std::vector<drive_list> &drives = current.drives[l];
    drives.clear();
    scale_ = mca_engine_begin_backward(model, l, &current.signals);
    for (uint32_t drive = 0; drive < mca_engine_backward_drives(model); ++drive) {
        const int sign = mca_engine_drive_backward(model, l, drive, scale_, &current.signals);
        const mca_lines &lines = current.signals.layers[l].drive;
        if (lines.count > 0) {
            drives.push_back({drive,
                              sign,
                              {lines.line, lines.line + lines.count},
                              {lines.code, lines.code + lines.count},
                              {lines.value, lines.value + lines.count}});
        }
    }
}

void model_unit::output_error(image &current) {
    mca_chip *model = shared_.model;
    const uint32_t last = last_layer();
    const uint64_t start = begin(MCA_DPU_ERROR, last);
    mca_engine_output_error(model, &current.signals, current.label);
    mca_engine_count_output_error(model);
    const uint64_t cycles =
        mca_engine_error_cycles(model, last, mca_engine_error_passes(model, last, 0));
    book(current.sequence, {monitor::part::output_error, last, monitor::unit}, MCA_PHASE_ERROR,
         start + cycles, cycles);
    if (last > 0) {
        prepare_drives(current, last);
    }
    end(start, cycles);
    if (last > 0) {
        tell(notice::backward, last, current.sequence, &current, shared_.edge(free_cycle_));
    }
}

// The error of the layer below `l`, from the reads of `l`.
void model_unit::hidden_error(image &current, uint32_t l) {
    mca_chip *model = shared_.model;
    const uint64_t reads = current.drives[l].size();
    tlm::tlm_generic_payload *payload = reads > 0 ? &next_codes(current, true, l) : nullptr;
    const uint64_t start = begin(MCA_DPU_ERROR, l - 1);
    if (payload) {
        for (code_block &block : payload_pool<codes_extension>::extension(*payload).blocks) {
            const mca_read_scratch view = view_of(block);
            mca_engine_add_backward(model, l, block.tile, &view, block.sign, &current.signals);
        }
        payload->release();
    }
    mca_engine_end_backward(model, l, scale_, &current.signals);
    mca_engine_count_hidden_error(model, l - 1);
    const uint64_t cycles =
        mca_engine_error_cycles(model, l - 1, mca_engine_error_passes(model, l - 1, reads));
    book(current.sequence, {monitor::part::backward, l, monitor::unit}, MCA_PHASE_ERROR,
         start + cycles, cycles);
    if (l > 1) {
        prepare_drives(current, l - 1);
    }
    end(start, cycles);
    if (l > 1) {
        tell(notice::backward, l - 1, current.sequence, &current, shared_.edge(free_cycle_));
    }
}

uint64_t model_unit::push(const sink &from, const mca_pulse_command &pulses, uint64_t cycle) {
    mca_chip *model = shared_.model;
    uint64_t taken = from.first_cycle + cycle;
    if (mca_chip_dpu(model).batch > 1) {
        mca_engine_program_remember(model, pulses);
        return cycle;
    }
    command_queue &queue = *queues_[shared_.tile_of(pulses)];
    const uint64_t depth = mca_chip_config_of(model)->transfer.fifo_depth;
    if (queue.pushed() >= depth) { // a place is free in the cycle after a command left
        const uint64_t before = queue.pushed() - depth;
        while (queue.left() <= before) {
            wait(queue.departure());
        }
        taken = std::max(taken, queue.left_cycle(before) + 1);
    }
    reach(taken);
    ++updates_[from.layer].pending;
    command next = command_of(shared_.model, pulses, from.sequence);
    next.taken_cycle = taken;
    queue.push(next, taken);
    return taken - from.first_cycle;
}

void model_unit::update(image &current, uint32_t l) {
    mca_chip *model = shared_.model;
    const uint64_t start = begin(MCA_DPU_UPDATE, l);
    begin_update(l, current, start);
    sink from{this, l, current.sequence,
              start + mca_update_latency(&mca_chip_config_of(model)->chi)};
    const mca_pulse_sink pulses = {
        &from, [](void *user, uint32_t row, uint32_t col, int32_t count, uint64_t cycle) {
            const sink &to = *static_cast<const sink *>(user);
            return to.unit->push(to, {to.layer, row, col, count}, cycle);
        }};
    const mca_update_result result = mca_engine_update_values(model, l, &current.signals, &pulses);
    mca_engine_count_update(model, l, &current.signals, &result);
    tlm::tlm_generic_payload &burst = accesses_.take();
    burst.set_data_length(static_cast<unsigned>(
        result.words * mca_chip_config_of(model)->dpu.lanes * sizeof(int32_t)));
    sc_time access = sc_core::SC_ZERO_TIME;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    chi->nb_transport_fw(burst, phase, access);
    burst.release();
    end(start, result.cycles);
    end_update(l, result);
}

} // namespace

std::unique_ptr<digital_unit> make_model_unit(const char *name, const context &shared) {
    return std::make_unique<model_unit>(name, shared);
}

} // namespace mca
