// What follows an image: pulses of a mini-batch, refresh, its place in the books.
#include <algorithm>

#include "sequencer.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

bool sequencer::queues_empty(uint32_t l, int64_t up_to) const {
    const uint32_t base = shared_.tile_base(l);
    for (uint32_t t = base; t < base + shared_.tiles(l); ++t) {
        if (!queues_[t]->is_empty_up_to(up_to)) {
            return false;
        }
    }
    return true;
}

// Whether all pulses on a layer of an image, and of those before it, have left.
bool sequencer::has_settled(uint32_t l, const open_image &of) const {
    for (const open_image &open : open_) {
        if (open.sequence <= of.sequence && !open.updated[l]) {
            return false;
        }
    }
    return queues_empty(l, static_cast<int64_t>(of.sequence));
}

void sequencer::command_left(const command &sent, uint64_t cycle) {
    const bool rewrite = sent.phase == MCA_PHASE_REFRESH;
    const uint32_t layer = sent.pulses.layer;
    shared_.log.command(
        sent.sequence, rewrite ? MCA_STEP_REFRESH : MCA_STEP_TRANSFER,
        {layer, shared_.tile_of(sent.pulses), 0, sent.taken_cycle, cycle, sent.duration_ps});
    mca_engine_book_busy(shared_.model, layer, sent.phase, MCA_RESOURCE_PROGRAM, sent.duration_ps,
                         0);
    weights_event_.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

// What follows an image as soon as the digital unit is done with it, image by image.
void sequencer::maintain() {
    for (;;) {
        const auto next = std::find_if(open_.begin(), open_.end(),
                                       [](const open_image &open) { return !open.is_followed; });
        if (next == open_.end() || !next->done) {
            wait(work_event_);
            continue;
        }
        open_image &open = *next;
        if (open.ends_batch && mca_chip_dpu(shared_.model).batch > 1) {
            send_waiting(open);
        }
        if (open.refreshes) {
            refresh(open);
        }
        open.is_followed = true;
        work_event_.notify(sc_core::SC_ZERO_TIME);
    }
}

// An image is in the books when its last pulses have left.
void sequencer::close_images() {
    for (;;) {
        while (open_.empty() || !open_.front().is_followed) {
            wait(work_event_);
        }
        const open_image &open = open_.front();
        for (uint32_t l = 0; l < shared_.layers(); ++l) {
            while (!has_settled(l, open)) {
                wait(work_event_);
            }
        }
        // whether the next image's read came first is known when the pulses may go
        while (static_cast<int64_t>(open.sequence) > shared_.arrays[0].pulses_until) {
            wait(work_event_);
        }
        shared_.log.close(open.sequence,
                          open.is_held && image_read_ > static_cast<int64_t>(open.sequence));
        mca_error error;
        if (mca_engine_check(shared_.model, &error) != MCA_OK) {
            fail(error.message);
        }
        open_.pop_front();
        if (open_.empty()) {
            idle_event_.notify(sc_core::SC_ZERO_TIME);
        }
    }
}

// The mini-batch's commands, from the C core's memory.
void sequencer::send_waiting(const open_image &open) {
    mca_chip *model = shared_.model;
    const uint64_t cycle = shared_.cycle_from(sc_time_stamp());
    size_t count;
    const mca_pulse_command *commands = mca_engine_take_commands(model, &count);
    for (size_t i = 0; i < count; ++i) {
        const mca_pulse_command &pulses = commands[i];
        command next = command_of(model, pulses, open.sequence);
        next.taken_cycle = cycle;
        queues_[shared_.tile_of(pulses)]->push(next, cycle);
    }
    mca_engine_apply_sums(model);
    for (uint32_t l = 0; l < shared_.layers() && !open.refreshes; ++l) {
        layers_[l]->altered = static_cast<int64_t>(open.sequence);
    }
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

// The digital unit compares layer after layer; their reads go on side by side, or one layer's when
// that of the layer before has been compared. Where layers have units of their own, each compares
// what is read side by side as soon as it is converted.
void sequencer::refresh(open_image &open) {
    const bool is_side_by_side = shared_.config().refresh.layers == MCA_LAYERS_SIDE_BY_SIDE;
    const bool has_units = mca_has_own_units(&shared_.config());
    uint64_t free_cycle = shared_.cycle_from(sc_time_stamp()); // of the digital unit
    for (uint32_t l = 0; l < shared_.layers() && is_side_by_side; ++l) {
        ask_for_scan(open, l, free_cycle);
    }
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        if (!has_tiles(shared_.model, l)) {
            continue;
        }
        if (!is_side_by_side) {
            ask_for_scan(open, l, free_cycle);
        }
        while (layers_[l]->scan.after) {
            wait(layers_[l]->scan.over);
        }
        if (!(has_units && is_side_by_side)) {
            refresh_layer(open, l, free_cycle);
        }
        if (has_units && !is_side_by_side) {
            free_unit(l, free_cycle);
        }
    }
    mca_engine_end_refresh(shared_.model);
    if (!has_units) {
        free_unit(0, free_cycle);
    }
}

// A layer's digital unit, or that of all, is free after the refresh.
void sequencer::free_unit(uint32_t l, uint64_t cycle) {
    tlm::tlm_generic_payload &over = image_payloads_.take();
    image_extension &ext = payload_pool<image_extension>::extension(over);
    ext = {};
    ext.layer = l;
    ext.free_cycle = cycle;
    begin_request(images, over);
    over.release();
    for (uint32_t of = 0; of < shared_.layers(); ++of) {
        refreshing_[of] = refreshing_[of] && mca_has_own_units(&shared_.config()) && of != l;
    }
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::ask_for_scan(open_image &open, uint32_t l, uint64_t cycle) {
    if (has_tiles(shared_.model, l)) {
        layers_[l]->scan.after = &open;
        layers_[l]->scan.cycle = cycle;
        layers_[l]->scan.asked.notify(sc_core::SC_ZERO_TIME);
    }
}

void sequencer::run_scans(uint32_t l) {
    layer_scan &scan = layers_[l]->scan;
    for (;;) {
        while (!scan.after) {
            sc_core::wait(scan.asked);
        }
        while (!has_settled(l, *scan.after)) {
            sc_core::wait(work_event_);
        }
        scan_layer(l);
        if (mca_has_own_units(&shared_.config()) &&
            shared_.config().refresh.layers == MCA_LAYERS_SIDE_BY_SIDE) {
            refresh_layer(*scan.after, l, scan.cycle);
            free_unit(l, scan.cycle);
        }
        scan.after = nullptr;
        scan.over.notify(sc_core::SC_ZERO_TIME);
    }
}

void sequencer::scan_layer(uint32_t l) {
    const mca_chip *model = shared_.model;
    layer_scan &scan = layers_[l]->scan;
    const mca_step &step = *mca_program_refresh(mca_chip_program(model), l);
    scan.work = {};
    mca_work_refresh(model, &step, &scan.work);
    scan.converted = shared_.edge(scan.cycle); // where no pair had a pulse
    layer_read read = {MCA_PHASE_REFRESH,        {}, nullptr, mca_chip_config_of(model)->dac.bits,
                       shared_.edge(scan.cycle), 0,  0,       1};
    reading now;
    for (uint64_t r = 0; r < scan.work.reads; ++r) {
        read.number = static_cast<uint32_t>(r);
        read_tiles(l, read, now);
    }
    if (scan.work.reads > 0) {
        scan.converted = convert(now, scan.after->sequence, step, scan.work.reads);
    }
}

// Compares what has been converted, and sends the rewrites.
void sequencer::refresh_layer(const open_image &open, uint32_t l, uint64_t &free_cycle) {
    mca_chip *model = shared_.model;
    const mca_step &step = *mca_program_refresh(mca_chip_program(model), l);
    const mca_work &work = layers_[l]->scan.work;
    mca_engine_book(model, &step, &work);
    const uint64_t start_cycle = free_cycle;
    free_cycle = std::max(free_cycle + work.cycles, shared_.cycle_from(layers_[l]->scan.converted));
    if (shared_.edge(free_cycle) > sc_time_stamp()) {
        wait(shared_.edge(free_cycle) - sc_time_stamp());
    }
    shared_.log.operation(open.sequence, step, {start_cycle, free_cycle, work.cycles, {}});
    mca_engine_book_busy(model, l, MCA_PHASE_REFRESH, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(work.cycles + work.cycles_beside),
                         shared_.cycles_ps(work.cycles_beside));
    struct rewriter {
        sequencer *self;
        uint64_t sequence;
        uint64_t cycle;
    } to{this, open.sequence, free_cycle};
    const mca_rewrite_sink sink = {
        &to, [](void *user, uint32_t index, uint32_t row, uint32_t col, uint64_t duration_ps) {
            const rewriter &from = *static_cast<const rewriter *>(user);
            command next;
            next.pulses = {index, row, col, 0, 0, 0};
            next.duration_ps = duration_ps;
            next.moves_values = false;
            next.phase = MCA_PHASE_REFRESH;
            next.sequence = from.sequence;
            context &shared = from.self->shared_;
            from.self->queues_[shared.tile_of(next.pulses)]->push(next, from.cycle);
        }};
    mca_engine_refresh_layer(model, l, &sink);
    layers_[l]->altered = static_cast<int64_t>(open.sequence);
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

} // namespace mca
