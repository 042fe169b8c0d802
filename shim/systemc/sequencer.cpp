#include "sequencer.hpp"

#include <algorithm>
#include <cstring>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

sequencer::sequencer(const sc_core::sc_module_name &name, context &shared, double rate)
    : sc_module(name), host("host"), host64("host64"), images("images"), codes("codes"),
      notices("notices"), irq("irq"),
      fetch("fetch", [this](const std::vector<uint8_t> &p, bool came) { take_fetched(p, came); }),
      shared_(shared), batch_(mca_chip_dpu(shared.model).batch), rate_(rate), told_("told") {
    const mca_chip *model = shared.model;
    refreshing_.resize(shared.layers());
    window_.resize(mca_network_inputs(mca_chip_network(model)));
    for (image &buffer : buffers_) {
        mca_error error;
        if (mca_engine_signals(model, &arena_, &buffer.signals, &error) != MCA_OK) {
            mca_arena_deinit(&arena_);
            fail(error.message);
        }
        buffer.drives.resize(mca_chip_layer_count(model));
        buffer.stands.resize(mca_chip_layer_count(model));
        buffer.backward_fence.resize(mca_chip_layer_count(model), -1);
        buffer.forward_reads.resize(mca_chip_layer_count(model));
    }
    host.register_b_transport(this, &sequencer::access);
    host.register_transport_dbg(this, &sequencer::access_debug);
    host.register_get_direct_mem_ptr(this, &sequencer::grant_direct);
    host64.register_b_transport(this, &sequencer::access);
    host64.register_transport_dbg(this, &sequencer::access_debug);
    host64.register_get_direct_mem_ptr(this, &sequencer::grant_direct);
    notices.register_nb_transport_fw(this, &sequencer::take_notice);
    for (uint32_t l = 0; l < mca_chip_layer_count(model); ++l) {
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
        sc_core::sc_spawn([this, l] { run_conversions(l); },
                          ("conversions_" + std::to_string(l)).c_str());
        if (has_tiles(model, l)) {
            sc_core::sc_spawn([this, l] { run_scans(l); }, ("scans_" + std::to_string(l)).c_str());
        }
    }
    if (shared.reads_ahead) {
        shared_.arrays[0].pulses_until = -1;
    }
    SC_HAS_PROCESS(sequencer);
    SC_THREAD(image_port);
    SC_THREAD(heed);
    SC_THREAD(maintain);
    SC_THREAD(close_images);
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

void sequencer::restart() {
    ++resets_;
    submitted_.clear();
    results_.clear();
    open_.clear();
    promised_ = 0;
    std::fill(window_.begin(), window_.end(), uint8_t{0});
    label_ = 0;
    source_ = rate_bits_ = 0;
    for (image &buffer : buffers_) {
        buffer.in_use = false;
        for (std::vector<drive_list> &drives : buffer.drives) {
            drives.clear();
        }
    }
    for (const auto &layer : layers_) {
        layer->jobs.clear();
        layer->converting.clear();
        layer->to_sample = 0;
        layer->altered = layer->backward = layer->backward_over = -1;
        layer->scan.after = nullptr;
    }
    for (const auto &queue : queues_) {
        queue->restart();
    }
    image_read_ = image_loaded_ = fence_ = refresh_fence_ = -1;
    first_fence_ = held_ = taken_ = -1;
    if (shared_.reads_ahead) {
        shared_.arrays[0].pulses_until = static_cast<int64_t>(next_sequence_) - 1;
    }
    train_mode_ = true;
    refreshing_.assign(shared_.layers(), false);
    loading_ = false;
    told_.cancel_all();
    read_payloads_.recall();
    codes_payloads_.recall();
    image_payloads_.recall();
    fetch.forget();
    restart_processes(*this);
    taken_event_.notify(sc_core::SC_ZERO_TIME);
    idle_event_.notify(sc_core::SC_ZERO_TIME);
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

// The next image is read as soon as the one before has its buffer.
void sequencer::fetch_front() {
    if (!submitted_.empty() && !submitted_.front().is_whole) {
        fetch.begin(submitted_.front().source, window_.size());
    }
}

void sequencer::take_fetched(const std::vector<uint8_t> &pixels, bool came) {
    submission &next = submitted_.front();
    next.pixels = pixels;
    next.is_whole = true;
    next.failed = !came;
    submitted_event_.notify(sc_core::SC_ZERO_TIME);
}

// An image that the memory did not give: a result of its own, after those of the images before.
void sequencer::fail_image() {
    release_held();
    while (!open_.empty()) {
        wait(idle_event_);
    }
    results_.push_back({next_count_++, {}, {}});
    submitted_.pop_front();
    fetch_front();
    result_event_.notify(sc_core::SC_ZERO_TIME);
    taken_event_.notify(sc_core::SC_ZERO_TIME);
    idle_event_.notify(sc_core::SC_ZERO_TIME);
}

// Loads what the host has started: as soon as a buffer is free and the image before has been read.
void sequencer::image_port() {
    if (shared_.pulses_end > sc_time_stamp()) { // those before a reset
        wait(shared_.pulses_end - sc_time_stamp());
    }
    for (;;) {
        while (submitted_.empty() || !submitted_.front().is_whole) {
            wait(submitted_event_);
        }
        if (submitted_.front().failed) {
            fail_image();
            continue;
        }
        if (submitted_.front().train !=
            train_mode_) { // the digital unit changes its ways when idle
            release_held();
            while (!open_.empty()) {
                wait(idle_event_);
            }
            train_mode_ = submitted_.front().train;
        }
        while (image_read_ < image_loaded_ && mca_chip_network(shared_.model)->layers[0].rows > 0) {
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
        fetch_front();
        taken_event_.notify(sc_core::SC_ZERO_TIME);
        load(*next);
    }
}

// An image's number, what follows it, and what it waits for.
void sequencer::plan(image &next) {
    const mca_chip *model = shared_.model;
    next.sequence = next_sequence_++;
    next.count = next_count_++;
    for (std::vector<sc_time> &stands : next.stands) {
        stands.clear();
    }
    next.fence = fence_;
    next.first_fence = first_fence_;
    next.follows = held_;
    next.frozen_fence = refresh_fence_;
    next.after = {};
    next.program = next.train ? mca_chip_program(model) : mca_chip_infer_program(model);
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        next.backward_fence[l] = layers_[l]->backward;
        if (has_tiles(model, l) && mca_program_backward_read(next.program, l)) {
            layers_[l]->backward = static_cast<int64_t>(next.sequence);
        }
    }
    open_image open;
    open.sequence = next.sequence;
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        open.updated.push_back(!next.train || !learns(model, l));
    }
    if (next.train) {
        next.number = next_number_++;
        next.after = mca_engine_plan_image(shared_.model);
        open.ends_batch = next.after.ends_batch != 0;
        open.refreshes = next.after.refreshes != 0;
        open.is_open = shared_.is_open(next.after);
        fence_ = open.ends_batch ? static_cast<int64_t>(next.sequence) : fence_;
        refresh_fence_ =
            open.refreshes || open.is_open ? static_cast<int64_t>(next.sequence) : refresh_fence_;
    }
    // where a refresh follows, nothing is read before it
    open.is_held = next.train && shared_.reads_ahead && !open.refreshes;
    held_ = open.is_held ? static_cast<int64_t>(next.sequence) : -1;
    first_fence_ = open.is_held ? next.fence : fence_;
    shared_.log.open(next.sequence, next.program, open.ends_batch);
    open_.push_back(std::move(open));
}

void sequencer::load(image &next) {
    mca_chip *model = shared_.model;
    const mca_step &step = next.program->steps[0];
    const uint64_t busy_ps =
        next.pixels.size() * mca_chip_config_of(model)->timing.image_load_ps_per_byte;
    next.load_start = sc_time_stamp();
    image_loaded_ = static_cast<int64_t>(next.sequence);
    image_now_ = static_cast<uint32_t>(next.sequence);
    loading_ = true;
    mca_engine_load_image(model, &next.signals, next.pixels.data()); // who runs ahead takes it now
    tlm::tlm_generic_payload &payload = image_payloads_.take();
    payload_pool<image_extension>::extension(payload).is = &next;
    begin_request(images, payload);
    payload.release();
    wait(time_ps(busy_ps));
    loading_ = false;
    mca_work work{};
    mca_work_load(model, &work);
    mca_engine_book(model, &step, &work);
    shared_.log.load(next.sequence, next.load_start.value(), sc_time_stamp().value());
    mca_engine_book_busy(model, step.layer, step.phase, MCA_RESOURCE_IMAGE_PORT, busy_ps, 0);
    start_reads(next, step);
}

void sequencer::start_reads(image &of, const mca_step &step) {
    for (uint32_t i = 0; i < of.program->image_steps; ++i) {
        const mca_step &read = of.program->steps[i];
        if (read.kind != MCA_STEP_READ || read.takes[0] != step.gives) {
            continue;
        }
        if (read.is_backward && of.drives[read.layer].empty()) {
            end_backward(read.layer, of);
        } else {
            layers_[read.layer]->jobs.push_back({&of, &read, sc_time_stamp()});
            shared_.arrays[read.layer].reads += read.is_backward ? 1 : 0;
            layers_[read.layer]->requested.notify(sc_core::SC_ZERO_TIME);
        }
    }
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

void sequencer::note_image_read(const image &of, const mca_step &step) {
    if (mca_program_reads_last(of.program, &step, of.program->image)) {
        image_read_ = static_cast<int64_t>(of.sequence);
        read_event_.notify(sc_core::SC_ZERO_TIME);
    }
}

sequencer::open_image &sequencer::find_open(uint64_t sequence) {
    return *std::find_if(open_.begin(), open_.end(),
                         [&](const open_image &o) { return o.sequence == sequence; });
}

void sequencer::note_read_ahead(const image &of) {
    const auto sequence = static_cast<int64_t>(of.sequence);
    array_claim &array = shared_.arrays[0];
    array.pulses_until = held_ == sequence ? sequence - 1 : sequence;
    array.sampled = sc_time_stamp();
    array.freed.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::release_held() {
    array_claim &array = shared_.arrays[0];
    if (held_ >= 0 && image_read_ >= held_) { // otherwise its own read will
        array.pulses_until = held_;
        array.sampled = sc_time_stamp();
        shared_.log.release(static_cast<uint64_t>(held_), sc_time_stamp().value());
        array.freed.notify(sc_core::SC_ZERO_TIME);
        work_event_.notify(sc_core::SC_ZERO_TIME);
    }
    held_ = -1;
    first_fence_ = fence_;
}

void sequencer::heed_notice(const notice_extension &ext) {
    switch (ext.kind) {
    case notice::stands:
        if (ext.step->layer == 0 && ext.step->vector == MCA_VECTOR_ACTIVATION) {
            taken_ = static_cast<int64_t>(ext.sequence);
            taken_at_ = sc_time_stamp();
            item_event_.notify(sc_core::SC_ZERO_TIME);
        }
        note_image_read(*ext.of, *ext.step);
        start_reads(*ext.of, *ext.step);
        break;
    case notice::item: {
        std::vector<sc_time> &stands = ext.of->stands[ext.step->layer];
        stands.push_back(sc_time_stamp());
        if (stands.size() == 1) {
            start_reads(*ext.of, *ext.step);
        }
        item_event_.notify(sc_core::SC_ZERO_TIME);
        break;
    }
    case notice::updated:
        note_updated(find_open(ext.sequence), ext.step->layer);
        break;
    case notice::outcome:
        give_result(*ext.of);
        break;
    case notice::done:
        finish_image(*ext.of);
        break;
    }
}

// An image's update can be over, without a command, while commands of the one before still leave:
// the weights stand up to the first image whose update is not.
void sequencer::note_updated(open_image &of, uint32_t l) {
    of.updated[l] = true;
    for (const open_image &open : open_) {
        if (!open.updated[l]) {
            break;
        }
        if (mca_chip_dpu(shared_.model).batch == 1 && !open.refreshes && !open.is_open) {
            layers_[l]->altered = static_cast<int64_t>(open.sequence);
        }
    }
    weights_event_.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::give_result(const image &of) {
    mca_chip *model = shared_.model;
    const mca_layer_signals &last = of.signals.layers[mca_chip_layer_count(model) - 1];
    result got{of.count, of.outcome, {}};
    got.activations.resize(mca_network_outputs(mca_chip_network(model)));
    for (size_t c = 0; c < got.activations.size(); ++c) {
        if (mca_engine_is_fixed(model)) {
            got.activations[c] = static_cast<uint32_t>(last.activation[c]);
        } else {
            const float real = static_cast<float>(last.activation_real[c]);
            std::memcpy(&got.activations[c], &real, sizeof real);
        }
    }
    results_.push_back(std::move(got));
    result_event_.notify(sc_core::SC_ZERO_TIME);
    if (of.train) {
        mca_engine_count_image(model);
    }
}

void sequencer::finish_image(image &of) {
    if (!of.train || !shared_.reads_ahead) { // or it has been given
        give_result(of);
    }
    open_image &open = find_open(of.sequence);
    open.done = true;
    open.refreshes = of.after.refreshes != 0;
    if (open.is_open) {
        decide_refresh(open);
    }
    refreshing_.assign(shared_.layers(), open.refreshes);
    of.in_use = false;
    released_event_.notify(sc_core::SC_ZERO_TIME);
    work_event_.notify(sc_core::SC_ZERO_TIME);
}

// What was updated, and where no refresh follows stands, was waiting for just that to be known.
void sequencer::decide_refresh(open_image &open) {
    open.is_open = false;
    if (open.refreshes || mca_chip_dpu(shared_.model).batch > 1) {
        return;
    }
    for (uint32_t l = 0; l < shared_.layers(); ++l) {
        if (open.updated[l]) {
            layers_[l]->altered = static_cast<int64_t>(open.sequence);
        }
    }
    weights_event_.notify(sc_core::SC_ZERO_TIME);
}

} // namespace mca
