#include "rtl_unit.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

rtl_unit::rtl_unit(const sc_core::sc_module_name &name, context &shared)
    : digital_unit(name, shared), extra_cycles_(shared.layers(), 0) {
    mca_chip *model = shared.model;
    port_.rtl = shared.rtl.get();
    mca_dpu_set_up(&port_, model);
    rate_ = mca_chip_dpu(model).rate;
    for (uint32_t l = 0; l < mca_chip_layer_count(model); ++l) {
        at_.push_back(mca_dpu_layout_of(model, l));
        for (uint32_t t = 0; t < shared.tiles(l); ++t) {
            outlet next;
            next.layer = l;
            next.drivers = std::make_unique<tlm_utils::simple_initiator_socket<rtl_unit>>(
                ("commands_" + std::to_string(outlets_.size())).c_str());
            next.driver_free_ps.assign(mca_chip_config_of(model)->transfer.drivers, 0);
            outlets_.push_back(std::move(next));
        }
    }
    pixels_.resize(mca_chip_config_of(model)->dpu.lanes);
    chi_word_.resize(mca_chip_config_of(model)->dpu.lanes);
    SC_HAS_PROCESS(rtl_unit);
    SC_METHOD(tick);
}

void rtl_unit::bind_driver(uint32_t tile, program_driver &driver) {
    outlets_[tile].drivers->bind(driver.commands);
}

void rtl_unit::trace(sc_core::sc_trace_file *file) const {
    digital_unit::trace(file);
    sc_core::sc_trace(file, stepped_, std::string(name()) + ".cycles");
    for (size_t t = 0; t < outlets_.size(); ++t) {
        sc_core::sc_trace(file, outlets_[t].waiting,
                          std::string(name()) + ".queue_" + std::to_string(t) + ".level");
    }
}

void rtl_unit::restart() {
    mca_dpu_set_up(&port_, shared_.model);
    rate_ = mca_chip_dpu(shared_.model).rate;
    train_ = true;
    for (outlet &o : outlets_) {
        o.waiting = 0;
        o.taken_cycles.clear();
        o.word = NEVER;
    }
    resident_.clear();
    answers_.clear();
    driven_.clear();
    loading_ = running_ = false;
    loaded_ = 0;
    quiet_ = skipped_ = 0;
    now_ = nullptr;
    using_ = nullptr;
    update_ = mca_update_result{};
    commands_.recall();
    accesses_.recall();
    digital_unit::restart();
}

sc_time rtl_unit::middle(uint64_t cycle) const {
    return time_ps((shared_.cycles_ps(cycle) + shared_.cycles_ps(cycle + 1)) / 2);
}

// ---- when the clock runs

const mca_step *rtl_unit::awaited_read() const {
    if (!now_) {
        return nullptr;
    }
    const image &current = *resident_.front();
    const mca_step *read = mca_step_read(current.program, now_);
    return read && codes_come(current, *read) ? read : nullptr;
}

// In which the next beat of the image can be offered: its pixels have come.
uint64_t rtl_unit::beat_cycle() const {
    const image &next = *resident_.back();
    const uint64_t lanes = shared_.config().dpu.lanes;
    const uint64_t pixels = std::min<uint64_t>((beat_ + 1) * lanes, next.pixels.size());
    const uint64_t offset = pixels * shared_.config().timing.image_load_ps_per_byte;
    return shared_.cycle_from(next.load_start + time_ps(offset));
}

// The next cycle in which something can happen, or NEVER.
uint64_t rtl_unit::next_cycle() {
    if (!loading_ && !images_.empty() && resident_.size() < 2) {
        begin_image();
    }
    if (running_ && (now_->kind != MCA_STEP_UPDATE || quiet_ < QUIET || loading_)) {
        return cycle_;
    }
    if (running_) { // all queues that it needs are full: nothing changes until a command can leave
        const uint64_t next = std::max(next_departure(), cycle_);
        require(next != NEVER, "the digital unit hangs");
        skipped_ += next - cycle_;
        cycle_ = next;
        quiet_ = 0;
        return next;
    }
    uint64_t next = NEVER;
    if (loading_) {
        next = beat_cycle();
    }
    const mca_step *read = loaded_ > 0 ? awaited_read() : nullptr;
    if (read) {
        const auto found = find_codes(*resident_.front(), *read);
        if (found != codes_.end()) {
            next = std::min(next, shared_.cycle_from(found->at));
        }
    }
    next = std::min(next, next_departure());
    return next == NEVER ? NEVER : std::max(next, cycle_);
}

// First cycle in which a driver is free for a command that waits, or NEVER.
uint64_t rtl_unit::next_departure() const {
    uint64_t next = NEVER;
    for (const outlet &o : outlets_) {
        if (o.waiting > 0) {
            const uint64_t free_ps =
                *std::min_element(o.driver_free_ps.begin(), o.driver_free_ps.end());
            next = std::min(next, shared_.cycle_from(time_ps(free_ps)));
        }
    }
    return next;
}

bool rtl_unit::leaves_something() const {
    for (uint32_t w = 0; w < TILE_WORDS; ++w) {
        if (port_.in.pulse_ready[w] & port_.out.pulse_valid[w]) {
            return true;
        }
    }
    return false;
}

bool rtl_unit::shows_something() const {
    const mca_dpu_rtl_out &out = port_.out;
    return (port_.in.adc_valid && out.adc_ready) || out.image_codes_valid || out.drive_valid ||
           out.act_valid || out.err_valid || out.chi_read || out.chi_write || port_.in.chi_valid ||
           out.command_taken || leaves_something() || out.done;
}

void rtl_unit::tick() {
    const sc_time quantum = tlm::tlm_global_quantum::instance().get();
    for (;;) {
        const uint64_t cycle = next_cycle();
        if (cycle == NEVER) {
            next_trigger(arrived_);
            return;
        }
        const sc_time when = middle(cycle);
        // what waits for something from outside does not run ahead
        const sc_time horizon = sc_time_stamp() + (running_ ? quantum : sc_core::SC_ZERO_TIME);
        if (when > horizon) {
            next_trigger(when - sc_time_stamp(), arrived_);
            return;
        }
        step(cycle);
    }
}

// ---- a cycle

void rtl_unit::step(uint64_t cycle) {
    offer_image(cycle);
    offer_codes(cycle);
    answer_chi(cycle);
    std::fill_n(port_.in.pulse_ready, TILE_WORDS, uint64_t{0});
    for (size_t t = 0; t < outlets_.size(); ++t) {
        const std::vector<uint64_t> &free_ps = outlets_[t].driver_free_ps;
        const uint64_t first_ps = *std::min_element(free_ps.begin(), free_ps.end());
        if (mca_chip_dpu(shared_.model).batch > 1 || first_ps <= shared_.cycles_ps(cycle)) {
            port_.in.pulse_ready[t / 64] |= uint64_t{1} << t % 64;
        }
    }
    mca_dpu_rtl_step(port_.rtl, &port_.in, &port_.out);
    if (port_.out.failed) {
        if (port_.out.ended) {
            throw std::runtime_error(std::string("the unit ended: ") + port_.out.ended);
        }
        throw std::bad_alloc();
    }
    cycle_ = cycle + 1;
    ++stepped_;
    if (port_.out.image_codes_valid) {
        ++beat_;
        if (port_.out.image_codes_last) {
            loading_ = false;
            ++loaded_;
            shared_.log.image_in(resident_.back()->sequence, cycle_);
        }
    }
    if (port_.in.adc_valid && port_.out.adc_ready) {
        code_ += shared_.config().dpu.lanes;
        running_ = true;
    }
    access_chi(cycle);
    take_commands(cycle);
    watch_operation();
    if (port_.out.done) {
        finish(cycle);
    }
    shown_[0].busy = running_;
}

void rtl_unit::begin_image() {
    image *next = images_.front();
    mca_chip *model = shared_.model;
    const bool rate_changed = rate_.mantissa != mca_chip_dpu(model).rate.mantissa ||
                              rate_.exponent != mca_chip_dpu(model).rate.exponent;
    if (rate_changed || train_ != next->train) {
        if (!resident_.empty()) {
            return; // registers are written while no image is in
        }
        mca_dpu_write_rate(&port_, model);
        mca_dpu_write_train(&port_, model, next->train);
        rate_ = mca_chip_dpu(model).rate;
        train_ = next->train;
    }
    images_.pop_front();
    resident_.push_back(next);
    now_ = now_ ? now_ : mca_program_next_digital(next->program, nullptr);
    loading_ = true;
    beat_ = 0;
}

void rtl_unit::offer_image(uint64_t cycle) {
    port_.in.image_valid = 0;
    if (!loading_ || beat_cycle() > cycle) {
        return;
    }
    const image &next = *resident_.back();
    const size_t lanes = pixels_.size();
    const size_t first = beat_ * lanes;
    if (first < next.pixels.size()) {
        const size_t count = std::min(lanes, next.pixels.size() - first);
        std::fill(pixels_.begin(), pixels_.end(), uint8_t{0});
        std::copy_n(next.pixels.begin() + static_cast<ptrdiff_t>(first), count, pixels_.begin());
        port_.in.image_valid = 1;
        port_.in.image = pixels_.data();
        port_.in.label = next.label;
    }
}

// Codes of all tiles as the unit takes them: a pass per row tile, or per read and column tile.
void rtl_unit::fill_passes(const codes_extension &got) {
    const mca_matrix &matrix = *shared_.layer(got.step->layer).matrix;
    const bool backward = got.step->is_backward != 0;
    const uint32_t stride = at_[backward ? got.step->layer - 1 : got.step->layer].stride;
    const uint32_t count = backward ? got.reads * matrix.place.col_tiles : matrix.place.row_tiles;
    passes_.assign(size_t{count} * stride, 0);
    for (const code_block &block : got.blocks) {
        const mca_tile &place = matrix.tiles[block.tile];
        const uint32_t pass =
            backward ? block.read * matrix.place.col_tiles + block.tile % matrix.place.col_tiles
                     : block.tile / matrix.place.col_tiles;
        const uint32_t first = backward ? place.row0 : place.col0;
        std::copy(block.level.begin(), block.level.end(),
                  passes_.begin() + static_cast<ptrdiff_t>(size_t{pass} * stride + first));
    }
    code_ = 0;
}

void rtl_unit::offer_codes(uint64_t cycle) {
    port_.in.adc_valid = 0;
    const mca_step *read = !using_ && loaded_ > 0 ? awaited_read() : nullptr;
    if (read) {
        const auto found = find_codes(*resident_.front(), *read);
        if (found != codes_.end() && shared_.cycle_from(found->at) <= cycle) {
            using_ = found->payload;
            codes_.erase(found);
            codes_extension &got = payload_pool<codes_extension>::extension(*using_);
            fill_passes(got);
            if (!read->is_backward && read->layer + 1 == shared_.layers()) {
                // the class is told from the sums
                mca_engine_clear_sums(shared_.model, read->layer, &resident_.front()->signals);
                add_codes(*resident_.front(), got);
            }
        }
    }
    if (using_ && code_ < passes_.size()) {
        port_.in.adc_valid = 1;
        port_.in.adc = passes_.data() + code_;
    }
}

void rtl_unit::answer_chi(uint64_t cycle) {
    port_.in.chi_valid = !answers_.empty() && answers_.front().due_cycle <= cycle;
    if (port_.in.chi_valid) {
        chi_word_ = answers_.front().word;
        answers_.pop_front();
        port_.in.chi = chi_word_.data();
    }
}

// Requests are taken at the edge that ends the cycle. Returns when they are answered.
sc_time rtl_unit::access_word(tlm::tlm_command command, uint64_t address, int32_t *word,
                              uint64_t cycle) {
    const size_t bytes = chi_word_.size() * sizeof(int32_t);
    tlm::tlm_generic_payload &access = accesses_.take();
    access.set_command(command);
    access.set_address(address * bytes);
    access.set_data_ptr(reinterpret_cast<unsigned char *>(word));
    access.set_data_length(static_cast<unsigned>(bytes));
    access.set_streaming_width(static_cast<unsigned>(bytes));
    const sc_time delay = begin_request(chi, access, shared_.edge(cycle + 1) - sc_time_stamp());
    require(access.is_response_ok(), "chi refuses an access");
    access.release();
    return sc_time_stamp() + delay;
}

void rtl_unit::access_chi(uint64_t cycle) {
    if (port_.out.chi_read) {
        answer next{0, std::vector<int32_t>(chi_word_.size())};
        const sc_time at =
            access_word(tlm::TLM_READ_COMMAND, port_.out.chi_read_address, next.word.data(), cycle);
        next.due_cycle = shared_.cycle_from(at) - 1; // stands before the edge that ends it
        answers_.push_back(std::move(next));
        ++update_.words;
    }
    if (port_.out.chi_write) {
        std::vector<int32_t> word(port_.out.chi, port_.out.chi + chi_word_.size());
        access_word(tlm::TLM_WRITE_COMMAND, port_.out.chi_write_address, word.data(), cycle);
        for (uint64_t lanes = port_.out.chi_saturated; lanes != 0; lanes &= lanes - 1) {
            ++update_.saturations;
        }
    }
}

// ---- commands

void rtl_unit::take_commands(uint64_t cycle) {
    if (port_.out.command_taken) {
        require(port_.out.command_tile < outlets_.size(), "a command is for no tile");
        outlet &o = outlets_[port_.out.command_tile];
        o.sequence = resident_.front()->sequence;
        ++o.waiting;
        o.taken_cycles.push_back(cycle);
        ++updates_[o.layer].back().pending;
        ++update_.commands;
    }
    for (uint32_t t = 0; t < outlets_.size(); ++t) {
        if ((port_.in.pulse_ready[t / 64] & port_.out.pulse_valid[t / 64]) >> t % 64 & 1) {
            send(t, cycle);
        }
    }
}

void rtl_unit::send(uint32_t tile, uint64_t cycle) {
    outlet &o = outlets_[tile];
    const mca_dpu_rtl_command got = mca_dpu_rtl_command_of(port_.rtl, tile);
    require(o.waiting > 0 && got.row < shared_.layer(o.layer).inputs &&
                got.col < shared_.layer(o.layer).outputs,
            "a command is for no device");
    const mca_pulse_command pulses = {o.layer, got.row, got.col, got.pulses, 0, 0};
    --o.waiting;
    const uint64_t taken_cycle = o.taken_cycles.front();
    o.taken_cycles.pop_front();
    // a word with more commands than it has cycles takes as many cycles
    const uint64_t lanes = shared_.config().dpu.lanes;
    const uint64_t word = uint64_t{got.row} * at_[o.layer].words + got.col / lanes;
    o.word_commands = word == o.word ? o.word_commands + 1 : 1;
    o.word = word;
    if (o.word_commands > mca_chi_interval(&shared_.config().chi)) {
        ++extra_cycles_[o.layer];
    }
    if (mca_chip_dpu(shared_.model).batch > 1) {
        mca_engine_program_remember(shared_.model, pulses);
        --update_of(o.layer, o.sequence).pending;
        return;
    }
    tlm::tlm_generic_payload &payload = commands_.take();
    command_extension &ext = payload_pool<command_extension>::extension(payload);
    ext.is = command_of(shared_.model, pulses, o.sequence);
    ext.is.taken_cycle = taken_cycle;
    ext.start = shared_.edge(cycle);
    const sc_time left = begin_request(*o.drivers, payload);
    require(payload.is_response_ok(), "a driver refuses a command");
    auto driver = std::min_element(o.driver_free_ps.begin(), o.driver_free_ps.end());
    *driver = (sc_time_stamp() + left).value();
    command_left(ext.is, cycle);
    payload.release();
}

uint64_t rtl_unit::busy_cycles(const update_record &update) const {
    const mca_update_result &result = update.result;
    const mca_chi_config &chi_config = shared_.config().chi;
    return mca_update_latency(&chi_config) + result.words * mca_chi_interval(&chi_config) +
           extra_cycles_[update.step->layer];
}

std::unique_ptr<digital_unit> make_rtl_unit(const char *name, context &shared) {
    return std::make_unique<rtl_unit>(name, shared);
}

} // namespace mca
