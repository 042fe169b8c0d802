#include "sequencer.hpp"

#include <algorithm>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

sequencer::sequencer(const sc_core::sc_module_name &name, const context &shared, double rate)
    : sc_module(name), host("host"), images("images"), codes("codes"), notices("notices"),
      irq("irq"), shared_(shared), batch_(shared.model->batch), rate_(rate), told_("told") {
    const mca_chip *model = shared.model;
    window_.resize(model->layers[0].inputs - 1);
    for (image &buffer : buffers_) {
        mca_error error;
        if (mca_signals_init(&buffer.signals, &arena_, model, &error) != MCA_OK) {
            mca_arena_deinit(&arena_);
            SC_REPORT_ERROR("/mca/chip", error.message);
        }
        buffer.drives.resize(model->layer_count);
    }
    host.register_b_transport(this, &sequencer::access);
    notices.register_nb_transport_fw(this, &sequencer::take_notice);
    for (uint32_t l = 0; l < model->layer_count; ++l) {
        layers_.push_back(std::make_unique<layer_control>());
        for (uint32_t t = 0; t < shared.tiles(l); ++t) {
            const std::string number = std::to_string(layer_of_tile_.size());
            tiles_.push_back(std::make_unique<tlm_utils::simple_initiator_socket_tagged<sequencer>>(
                ("tile_" + number).c_str()));
            tiles_.back()->register_nb_transport_bw(this, &sequencer::tile_answers,
                                                    static_cast<int>(layer_of_tile_.size()));
            queues_.push_back(std::make_unique<command_queue>(
                ("queue_" + number).c_str(), shared,
                [this](const command &sent, uint64_t cycle) { command_left(sent, cycle); }));
            layer_of_tile_.push_back(l);
        }
        sc_core::sc_spawn([this, l] { run_layer(l); }, ("layer_" + std::to_string(l)).c_str());
    }
    SC_HAS_PROCESS(sequencer);
    SC_THREAD(image_port);
    SC_THREAD(heed);
    SC_THREAD(maintain);
    SC_METHOD(show_irq);
    sensitive << result_event_;
}

sequencer::~sequencer() {
    mca_arena_deinit(&arena_);
}

void sequencer::bind_tile(uint32_t number, tile &to) {
    tiles_[number]->bind(to.reads);
}

void sequencer::bind_driver(uint32_t number, program_driver &to) {
    queues_[number]->drivers.bind(to.commands);
}

void sequencer::trace(sc_core::sc_trace_file *file) const {
    sc_core::sc_trace(file, image_now_, std::string(name()) + ".image");
    sc_core::sc_trace(file, loading_, std::string(name()) + ".loading");
    for (const auto &queue : queues_) {
        queue->trace(file);
    }
}

// ---- images

image *sequencer::free_buffer() {
    for (image &buffer : buffers_) {
        if (!buffer.in_use) {
            return &buffer;
        }
    }
    return nullptr;
}

// Loads what the host has started: as soon as a buffer is free and the first layer has read the
// image before.
void sequencer::image_port() {
    for (;;) {
        while (submitted_.empty()) {
            wait(submitted_event_);
        }
        if (submitted_.front().train !=
            train_mode_) { // the digital unit changes its ways when idle
            while (!open_.empty()) {
                wait(idle_event_);
            }
            train_mode_ = submitted_.front().train;
        }
        while (image_read_ < image_loaded_) {
            wait(read_event_);
        }
        image *next = free_buffer();
        while (!next) {
            wait(released_event_);
            next = free_buffer();
        }
        next->pixels = std::move(submitted_.front().pixels);
        next->label = submitted_.front().label;
        next->train = train_mode_;
        next->in_use = true;
        plan(*next);
        submitted_.pop_front();
        taken_event_.notify(sc_core::SC_ZERO_TIME);
        load(*next);
    }
}

// An image's number, what follows it, and what it waits for.
void sequencer::plan(image &next) {
    const mca_chip *model = shared_.model;
    next.sequence = next_sequence_++;
    next.count = next_count_++;
    next.fence = fence_;
    open_image open;
    open.sequence = next.sequence;
    open.updated.assign(model->layer_count, !next.train);
    if (next.train) {
        next.number = next_number_++;
        open.ends_batch = ++batch_fill_ >= model->batch;
        batch_fill_ = open.ends_batch ? 0 : batch_fill_;
        ++since_refresh_;
        const uint32_t every = model->config.refresh.every_images;
        if (every != 0 && since_refresh_ >= every && open.ends_batch) {
            open.refreshes = !model->device.ops->continuous;
            since_refresh_ = 0;
        }
        fence_ = open.ends_batch ? static_cast<int64_t>(next.sequence) : fence_;
    }
    open_.push_back(std::move(open));
    shared_.log->open(next.sequence);
}

void sequencer::load(image &next) {
    mca_chip *model = shared_.model;
    const mca_phase phase = next.train ? MCA_PHASE_FORWARD : MCA_PHASE_TEST;
    const uint64_t busy_ps = next.pixels.size() * model->config.timing.image_load_ps_per_byte;
    next.load_start = sc_time_stamp();
    image_loaded_ = static_cast<int64_t>(next.sequence);
    image_now_ = static_cast<uint32_t>(next.sequence);
    loading_ = true;
    tlm::tlm_generic_payload &payload = image_payloads_.take();
    payload_pool<image_extension>::extension(payload).is = &next;
    tlm::tlm_phase begin = tlm::BEGIN_REQ;
    sc_time none = sc_core::SC_ZERO_TIME;
    images->nb_transport_fw(payload, begin, none);
    payload.release();
    wait(time_ps(busy_ps));
    loading_ = false;
    mca__load_image(model, &next.signals, next.pixels.data());
    mca__count_load(model, 1, &model->ledger, phase);
    shared_.log->book(next.sequence, {monitor::part::load, 0, 0}, phase, MCA_RESOURCE_IMAGE_PORT,
                      sc_time_stamp().value(), busy_ps);
    layers_[0]->jobs.push_back({&next, false, sc_time_stamp()});
    layers_[0]->requested.notify(sc_core::SC_ZERO_TIME);
}

tlm::tlm_sync_enum sequencer::take_notice(tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                                          sc_time &delay) {
    payload.acquire();
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    told_.notify(payload, delay);
    return tlm::TLM_COMPLETED;
}

void sequencer::heed() {
    for (;;) {
        wait(told_.get_event());
        while (tlm::tlm_generic_payload *payload = told_.get_next_transaction()) {
            heed_notice(payload_pool<notice_extension>::extension(*payload));
            payload->release();
        }
    }
}

sequencer::open_image &sequencer::find_open(uint64_t sequence) {
    return *std::find_if(open_.begin(), open_.end(),
                         [&](const open_image &o) { return o.sequence == sequence; });
}

void sequencer::heed_notice(const notice_extension &ext) {
    switch (ext.kind) {
    case notice::forward:
        layers_[ext.layer + 1]->jobs.push_back({ext.of, false, sc_time_stamp()});
        layers_[ext.layer + 1]->requested.notify(sc_core::SC_ZERO_TIME);
        break;
    case notice::backward:
        if (!ext.of->drives[ext.layer].empty()) {
            layers_[ext.layer]->jobs.push_back({ext.of, true, sc_time_stamp()});
            layers_[ext.layer]->requested.notify(sc_core::SC_ZERO_TIME);
        }
        break;
    case notice::result:
        break;
    case notice::updated: {
        open_image &open = find_open(ext.sequence);
        open.updated[ext.layer] = true;
        if (shared_.model->batch == 1 && !open.refreshes) {
            layers_[ext.layer]->altered = static_cast<int64_t>(ext.sequence);
        }
        weights_event_.notify(sc_core::SC_ZERO_TIME);
        work_event_.notify(sc_core::SC_ZERO_TIME);
        break;
    }
    case notice::done:
        finish_image(*ext.of);
        break;
    }
}

void sequencer::finish_image(image &of) {
    mca_chip *model = shared_.model;
    const mca_layer_signals &last = of.signals.layers[model->layer_count - 1];
    result got{of.count, of.outcome, {}};
    got.activations.resize(model->layers[model->layer_count - 1].outputs);
    for (size_t c = 0; c < got.activations.size(); ++c) {
        const float real = static_cast<float>(last.activation_real[c]);
        std::copy_n(&last.activation[c], 1, &got.activations[c]);
        if (!mca__is_fixed(model)) {
            std::copy_n(reinterpret_cast<const uint32_t *>(&real), 1, &got.activations[c]);
        }
    }
    results_.push_back(std::move(got));
    result_event_.notify(sc_core::SC_ZERO_TIME);
    model->stats.images += of.train;
    open_image &open = find_open(of.sequence);
    open.done = true;
    refreshing_ = open.refreshes;
    of.in_use = false;
    released_event_.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

// ---- layers

void sequencer::run_layer(uint32_t l) {
    layer_control &control = *layers_[l];
    for (;;) {
        while (control.jobs.empty()) {
            sc_core::wait(control.requested);
        }
        const read_job job = control.jobs.front();
        control.jobs.pop_front();
        if (job.backward) {
            read_backward(l, job);
        } else {
            read_forward(l, job);
        }
    }
}

bool sequencer::weights_stand(uint32_t l, const image &of) const {
    return layers_[l]->altered >= of.fence && queues_empty(l);
}

void sequencer::read_forward(uint32_t l, const read_job &job) {
    mca_chip *model = shared_.model;
    image &of = *job.of;
    while (!weights_stand(l, of)) {
        sc_core::wait(weights_event_);
    }
    tlm::tlm_generic_payload &payload = codes_payloads_.take();
    codes_extension &ext = payload_pool<codes_extension>::extension(payload);
    ext.layer = l;
    ext.backward = false;
    ext.of = &of;
    ext.reads = 1;
    ext.blocks.clear();
    ext.blocks.reserve(shared_.tiles(l));
    const mca_lines &lines = of.signals.layers[l].input;
    // reads of an inference draw their noise beside those of tests
    const mca_read_event event =
        of.train ? mca_read_event{MCA_RNG_FORWARD, of.number, 0}
                 : mca_read_event{MCA_RNG_INFER, uint64_t{1} << 63 | of.count, 0};
    const mca_phase phase = of.train ? MCA_PHASE_FORWARD : MCA_PHASE_TEST;
    const layer_read read = {phase, event, &lines, model->config.dac.bits, job.ready, 0, 1};
    read_tiles(l, read, &ext);
    if (l == 0) {
        image_read_ = static_cast<int64_t>(of.sequence);
        read_event_.notify(sc_core::SC_ZERO_TIME);
    }
    convert(l, of.sequence, monitor::part::forward, 1);
    mca__count_forward(model, l, 1, lines.count, &model->ledger, phase);
    if (of.train) {
        model->stats.forward_macs_nonzero += uint64_t{lines.count} * model->layers[l].outputs;
    }
    while (refreshing_) { // the digital unit compares
        sc_core::wait(weights_event_);
    }
    send_codes(payload);
}

void sequencer::read_backward(uint32_t l, const read_job &job) {
    mca_chip *model = shared_.model;
    image &of = *job.of;
    std::vector<drive_list> &drives = of.drives[l];
    tlm::tlm_generic_payload &payload = codes_payloads_.take();
    codes_extension &ext = payload_pool<codes_extension>::extension(payload);
    ext.layer = l;
    ext.backward = true;
    ext.of = &of;
    ext.reads = static_cast<uint32_t>(drives.size());
    ext.blocks.clear();
    ext.blocks.reserve(drives.size() * shared_.tiles(l));
    for (uint32_t number = 0; number < drives.size(); ++number) {
        drive_list &list = drives[number];
        const mca_lines lines = {static_cast<uint32_t>(list.line.size()), list.line.data(),
                                 list.code.data(), list.value.data()};
        const layer_read read = {MCA_PHASE_BACKWARD,
                                 {MCA_RNG_BACKWARD, of.number, list.phase},
                                 &lines,
                                 model->drive_bits,
                                 job.ready,
                                 number,
                                 list.sign};
        read_tiles(l, read, &ext);
        mca__count_backward(model, l, lines.count);
    }
    convert(l, of.sequence, monitor::part::backward, drives.size());
    send_codes(payload);
}

// Starts a read on all tiles of a layer, and waits until they have sampled it.
void sequencer::read_tiles(uint32_t l, const layer_read &read, codes_extension *into) {
    const mca_chip *model = shared_.model;
    const mca_layer &layer = model->layers[l];
    const mca_crossbar &crossbar = layer.crossbar;
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    uint32_t row_k = 0;
    for (uint32_t i = 0; i < crossbar.row_tiles; ++i) {
        const mca_tile &first = crossbar.tiles[i * crossbar.col_tiles];
        mca_drive drive{};
        if (read.lines && !backward) {
            drive = mca__drive_until(model, read.lines, read.bits, first.row0 + first.rows, &row_k);
        }
        uint32_t col_k = 0;
        for (uint32_t j = 0; j < crossbar.col_tiles; ++j) {
            const uint32_t number = i * crossbar.col_tiles + j;
            const mca_tile &place = crossbar.tiles[number];
            if (read.lines && backward) {
                drive =
                    mca__drive_until(model, read.lines, read.bits, place.col0 + place.cols, &col_k);
            }
            if (backward && mca__rows_below(&layer, &place) == 0) {
                continue; // holds the bias row alone
            }
            code_block *block = nullptr;
            if (into) {
                into->blocks.emplace_back();
                block = &into->blocks.back();
            }
            read_tile(l, number, read, drive, block);
        }
    }
    layer_control &control = *layers_[l];
    while (control.to_sample > 0) {
        sc_core::wait(control.answered);
    }
}

void sequencer::read_tile(uint32_t l, uint32_t number, const layer_read &read,
                          const mca_drive &drive, code_block *into) {
    const mca_layer &layer = shared_.model->layers[l];
    const mca_tile &place = layer.crossbar.tiles[number];
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    tlm::tlm_generic_payload &payload = read_payloads_.take();
    read_extension &ext = payload_pool<read_extension>::extension(payload);
    ext.phase = read.phase;
    ext.event = read.event;
    ext.drive = drive;
    ext.bits = read.bits;
    ext.ready = read.ready;
    ext.values = into != nullptr;
    ext.lines = backward ? mca__rows_below(&layer, &place) : place.cols;
    payload.set_command(tlm::TLM_READ_COMMAND);
    payload.set_data_ptr(nullptr);
    payload.set_data_length(0);
    if (into) {
        const bool ideal = (backward ? layer.backward_adc : layer.forward_adc).bits == 0;
        into->tile = number;
        into->read = read.number;
        into->sign = read.sign;
        into->level.resize(ideal ? 0 : ext.lines);
        into->column.resize(ideal ? ext.lines : 0);
        void *data = ideal ? static_cast<void *>(into->column.data()) : into->level.data();
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(
            static_cast<unsigned>(ext.lines * (ideal ? sizeof(double) : sizeof(int32_t))));
    }
    layer_control &control = *layers_[l];
    ++control.to_sample;
    ++control.to_convert;
    control.reads.push_back(&payload);
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_time none = sc_core::SC_ZERO_TIME;
    (*tiles_[shared_.tile_base(l) + number])->nb_transport_fw(payload, phase, none);
}

tlm::tlm_sync_enum sequencer::tile_answers(int tile, tlm::tlm_generic_payload &,
                                           tlm::tlm_phase &phase, sc_time &) {
    layer_control &control = *layers_[layer_of_tile_[static_cast<size_t>(tile)]];
    control.answered.notify(sc_core::SC_ZERO_TIME);
    if (phase == tlm::END_REQ) {
        --control.to_sample;
        return tlm::TLM_ACCEPTED;
    }
    --control.to_convert;
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

sc_time sequencer::convert(uint32_t l, uint64_t sequence, monitor::part part, uint64_t reads) {
    layer_control &control = *layers_[l];
    while (control.to_convert > 0) {
        sc_core::wait(control.answered);
    }
    sc_time driven, read, converted;
    for (tlm::tlm_generic_payload *payload : control.reads) {
        const read_extension &ext = payload_pool<read_extension>::extension(*payload);
        driven = std::max(driven, ext.driven);
        read = std::max(read, ext.read);
        converted = std::max(converted, ext.converted);
    }
    const read_extension &first = payload_pool<read_extension>::extension(*control.reads.front());
    const mca_read_time time = mca_read_time_of(&shared_.model->config, first.bits);
    const monitor::place where = {part, l, monitor::reads};
    shared_.log->book(sequence, where, first.phase, MCA_RESOURCE_DAC, driven.value(),
                      reads * time.dac_ps);
    shared_.log->book(sequence, where, first.phase, MCA_RESOURCE_TILE, read.value(),
                      reads * time.tile_ps);
    shared_.log->book(sequence, where, first.phase, MCA_RESOURCE_ADC, converted.value(),
                      reads * time.adc_ps);
    for (tlm::tlm_generic_payload *payload : control.reads) {
        payload->release();
    }
    control.reads.clear();
    return converted;
}

void sequencer::send_codes(tlm::tlm_generic_payload &payload) {
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_time none = sc_core::SC_ZERO_TIME;
    codes->nb_transport_fw(payload, phase, none);
    payload.release();
}

// ---- mini-batches and refreshes

bool sequencer::queues_empty(uint32_t l) const {
    const uint32_t base = shared_.tile_base(l);
    for (uint32_t t = base; t < base + shared_.tiles(l); ++t) {
        if (!queues_[t]->empty()) {
            return false;
        }
    }
    return true;
}

void sequencer::command_left(const command &sent, uint64_t cycle) {
    const bool rewrite = sent.phase == MCA_PHASE_REFRESH;
    shared_.log->book(sent.sequence,
                      {rewrite ? monitor::part::refresh : monitor::part::batch, sent.pulses.layer,
                       monitor::pulses},
                      sent.phase, MCA_RESOURCE_PROGRAM, shared_.cycles_ps(cycle) + sent.duration_ps,
                      sent.duration_ps);
    weights_event_.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

// What has to happen after an image, image by image.
void sequencer::maintain() {
    const uint32_t layers = shared_.model->layer_count;
    for (;;) {
        while (open_.empty() || !open_.front().done) {
            wait(work_event_);
        }
        open_image &open = open_.front();
        if (open.ends_batch && shared_.model->batch > 1) {
            send_waiting(open);
        }
        if (open.refreshes) {
            refresh(open);
        }
        for (uint32_t l = 0; l < layers; ++l) {
            while (!open.updated[l] || !queues_empty(l)) {
                wait(work_event_);
            }
        }
        if (shared_.model->out_of_memory) {
            SC_REPORT_ERROR("/mca/chip", "out of memory: pulse commands");
        }
        shared_.log->close(open.sequence);
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
    for (size_t i = 0; i < model->command_count; ++i) {
        command next;
        next.pulses = model->commands[i];
        next.duration_ps = mca__pulses_ps(model, next.pulses.pulses);
        next.sequence = open.sequence;
        queues_[shared_.tile_base(next.pulses.layer) + shared_.tile_of(next.pulses)]->push(next,
                                                                                           cycle);
    }
    model->command_count = 0;
    if (mca__is_write_through(model)) {
        mca__apply_sums(model);
    }
    for (uint32_t l = 0; l < model->layer_count && !open.refreshes; ++l) {
        layers_[l]->altered = static_cast<int64_t>(open.sequence);
    }
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::refresh(open_image &open) {
    uint64_t free_cycle = shared_.cycle_from(sc_time_stamp()); // of the digital unit
    for (uint32_t l = 0; l < shared_.model->layer_count; ++l) {
        while (!open.updated[l] || !queues_empty(l)) {
            wait(work_event_);
        }
        refresh_layer(open, l, free_cycle);
        layers_[l]->altered = static_cast<int64_t>(open.sequence);
        weights_event_.notify(sc_core::SC_ZERO_TIME);
    }
    ++shared_.model->stats.refreshes;
    refreshing_ = false;
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::refresh_layer(open_image &open, uint32_t l, uint64_t &free_cycle) {
    mca_chip *model = shared_.model;
    const mca_layer &layer = model->layers[l];
    const uint64_t reads = mca__refresh_reads(&layer);
    const layer_read read = {MCA_PHASE_REFRESH,        {}, nullptr, model->config.dac.bits,
                             shared_.edge(free_cycle), 0,  1};
    for (uint64_t r = 0; r < reads; ++r) {
        read_tiles(l, read, nullptr);
    }
    const sc_time converted = convert(l, open.sequence, monitor::part::refresh, reads);
    const uint64_t busy =
        mca__words(2 * uint64_t{layer.inputs} * layer.outputs, model->config.dpu.lanes);
    free_cycle = std::max(free_cycle + busy, shared_.cycle_from(converted));
    if (shared_.edge(free_cycle) > sc_time_stamp()) {
        wait(shared_.edge(free_cycle) - sc_time_stamp());
    }
    shared_.log->book(open.sequence, {monitor::part::refresh, l, monitor::unit}, MCA_PHASE_REFRESH,
                      MCA_RESOURCE_DPU, shared_.cycles_ps(free_cycle), shared_.cycles_ps(busy));
    mca__count_refresh(model, l);
    struct rewriter {
        sequencer *self;
        uint64_t sequence;
        uint64_t cycle;
    } to{this, open.sequence, free_cycle};
    const mca_rewrite_sink sink = {
        &to, [](void *user, uint32_t index, uint32_t row, uint32_t col, uint64_t duration_ps) {
            const rewriter &from = *static_cast<const rewriter *>(user);
            command next;
            next.pulses = {index, row, col, 0};
            next.duration_ps = duration_ps;
            next.moves_values = false;
            next.phase = MCA_PHASE_REFRESH;
            next.sequence = from.sequence;
            const context &shared = from.self->shared_;
            from.self->queues_[shared.tile_base(index) + shared.tile_of(next.pulses)]->push(
                next, from.cycle);
        }};
    mca__refresh_layer(model, l, &sink);
}

} // namespace mca
