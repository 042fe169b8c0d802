// The operations of the RTL: what it shows while one runs, and what follows its last cycle.
#include <algorithm>

#include "rtl_unit.hpp"

namespace mca {

// What the unit shows while an operation runs.
void rtl_unit::watch_operation() {
    const mca_dpu_rtl_out &out = port_.out;
    const size_t lanes = chi_word_.size();
    if (out.drive_valid) {
        driven_.insert(driven_.end(), out.drive, out.drive + lanes);
    }
    if (out.err_valid) {
        mca_layer_signals &s = signals_of(now_->layer);
        const size_t first = out.err_word * lanes;
        require(first < shared_.layer(now_->layer).outputs, "an error is of no output");
        const size_t count = std::min(lanes, shared_.layer(now_->layer).outputs - first);
        std::copy_n(out.rated, count, s.rated + first);
    }
    if (now_) {
        shown_[0].kind = mca_dpu_kind_of(now_);
        shown_[0].layer = now_->layer;
    }
    quiet_ = !running_ || shows_something() ? 0 : quiet_ + 1;
    require(quiet_ < PATIENCE, "the digital unit hangs");
}

// The last cycle of an operation.
void rtl_unit::finish(uint64_t cycle) {
    const mca_dpu_rtl_out &out = port_.out;
    if (!now_ || out.done_kind != mca_dpu_kind_of(now_) || out.done_layer != now_->layer) {
        fail("the digital unit leaves the order of operations");
    }
    if (using_) {
        using_->release();
        using_ = nullptr;
    }
    quiet_ = 0;
    image &current = *resident_.front();
    if (now_->kind == MCA_STEP_UPDATE) {
        finish_update();
    } else if (now_->vector == MCA_VECTOR_ACTIVATION) {
        finish_activation(current, cycle + 1);
    } else {
        finish_error(current, cycle + 1);
    }
    driven_.clear();
    update_ = mca_update_result{};
    now_ = mca_program_next_digital(current.program, now_);
    if (!now_) {
        finish_image(cycle + 1);
    } else if (now_->kind == MCA_STEP_UPDATE) {
        begin_update(*now_, current, cycle + 1);
        update_.rows = signals_of(now_->layer).input.count;
        extra_cycles_[now_->layer] = 0;
        for (outlet &o : outlets_) {
            o.word = o.layer == now_->layer ? NEVER : o.word;
        }
    }
    running_ = !resident_.empty() && loaded_ > 0 && !awaited_read();
}

void rtl_unit::finish_activation(image &current, uint64_t end) {
    const uint32_t l = now_->layer;
    mca_layer_signals &s = signals_of(l);
    const uint64_t cycles = port_.out.done_cycles;
    book(current, *now_, work_of(current, *now_), {end - cycles, end, 0, {}}, cycles);
    if (mca_program_is_driven(current.program, now_->gives)) {
        mca_lines &lines = signals_of(l + 1).input;
        lines.count = 0;
        for (uint32_t c = 0; c < driven_.size(); ++c) {
            if (driven_[c] != 0) {
                require(c < shared_.layer(l + 1).inputs, "a code is for no line");
                lines.line[lines.count] = c;
                lines.code[lines.count++] = driven_[c];
            }
        }
    } else {
        require(driven_.size() >= shared_.layer(l).outputs, "an activation is missing");
        for (uint32_t c = 0; c < shared_.layer(l).outputs; ++c) {
            s.activation[c] = driven_[c];
        }
    }
    note_outcome(current, *now_);
    tell_of(current, now_, end);
}

void rtl_unit::finish_error(image &current, uint64_t end) {
    const mca_chip *model = shared_.model;
    const uint64_t cycles = port_.out.done_cycles;
    book(current, *now_, work_of(current, *now_), {end - cycles, end, 0, {}}, cycles);
    signals_of(now_->layer).update_shift =
        mca_engine_update_shift(model, now_->layer, port_.out.done_exponent);
    if (std::vector<drive_list> *drives = drives_of(current, *now_)) {
        drives->clear();
        const bool bipolar = mca_engine_backward_drives(model) == 1;
        for (uint32_t drive = 0; drive < mca_engine_backward_drives(model); ++drive) {
            drive_list next;
            next.drive = drive;
            next.sign = bipolar ? 0 : drive == 0 ? 1 : -1;
            for (uint32_t c = 0; c < driven_.size(); ++c) {
                if (driven_[c] != 0 && (bipolar || (driven_[c] > 0) == (drive == 0))) {
                    next.line.push_back(c);
                    next.code.push_back(next.sign < 0 ? -driven_[c] : driven_[c]);
                }
            }
            if (!next.line.empty()) {
                drives->push_back(std::move(next));
            }
        }
    }
    tell_of(current, now_, end);
}

void rtl_unit::finish_update() {
    const uint32_t l = now_->layer;
    const mca_layer_signals &s = signals_of(l);
    const uint32_t outputs = shared_.layer(l).outputs;
    mca_update update{};
    update.count = s.input.count;
    update.row = s.input.line;
    update.code = s.input.code;
    update.error = s.rated;
    update.shift = s.update_shift;
    update_.cycles = port_.out.done_cycles + skipped_;
    skipped_ = 0;
    update_.products = mca_update_products(&update, outputs);
    update_.lost =
        shared_.config().dpu.rounding == MCA_ROUND_NEAREST ? mca_update_lost(&update, outputs) : 0;
    end_update(*now_, update_);
}

void rtl_unit::finish_image(uint64_t end) {
    image &current = *resident_.front();
    resident_.pop_front();
    --loaded_;
    now_ =
        resident_.empty() ? nullptr : mca_program_next_digital(resident_.front()->program, nullptr);
    tell_of(current, nullptr, end);
}

} // namespace mca
