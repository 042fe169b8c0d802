// Images on their way through the digital units: what they wait for, and when they are done with.
#define SC_INCLUDE_DYNAMIC_PROCESSES // sc_spawn
#include <systemc>

#include "model_unit.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

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

bool model_unit::is_near(uint64_t cycle) const {
    return shared_.edge(cycle) <= sc_time_stamp() + tlm::tlm_global_quantum::instance().get();
}

void model_unit::reach(uint64_t cycle) {
    if (!is_near(cycle)) {
        sc_core::wait(shared_.edge(cycle) - sc_time_stamp());
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
            if (shared_.reads_ahead && current.train &&
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
    const bool is_open = shared_.is_open(current.after);
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

std::unique_ptr<digital_unit> make_model_unit(const char *name, context &shared) {
    return std::make_unique<model_unit>(name, shared);
}

} // namespace mca
