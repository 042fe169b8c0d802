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
        mca_layer_signals &s = signals_of(layer_now_);
        const size_t first = out.err_word * lanes;
        const size_t count = std::min(lanes, shared_.layer(layer_now_).outputs - first);
        std::copy_n(out.rated, count, s.rated + first);
    }
    kind_ = kind_now_;
    layer_ = layer_now_;
    quiet_ = !running_ || shows_something() ? 0 : quiet_ + 1;
    require(quiet_ < PATIENCE, "the digital unit hangs");
}

// The last cycle of an operation.
void rtl_unit::finish(uint64_t cycle) {
    const mca_dpu_rtl_out &out = port_.out;
    if (out.done_kind != kind_now_ || out.done_layer != layer_now_) {
        fail("the digital unit leaves the order of operations");
    }
    if (using_) {
        using_->release();
        using_ = nullptr;
    }
    quiet_ = 0;
    switch (kind_now_) {
    case MCA_DPU_FORWARD:
        finish_forward(cycle + 1);
        break;
    case MCA_DPU_ERROR:
        finish_error(cycle + 1);
        break;
    default:
        finish_update();
        break;
    }
    driven_.clear();
    update_ = mca_update_result{};
    if (kind_now_ == MCA_DPU_UPDATE) {
        begin_update(layer_now_, *resident_.front(), cycle + 1);
        extra_cycles_[layer_now_] = 0;
        for (outlet &o : outlets_) {
            o.word = o.layer == layer_now_ ? NEVER : o.word;
        }
    }
    running_ = !resident_.empty() && loaded_ > 0 && !needs_codes();
}

void rtl_unit::finish_forward(uint64_t end) {
    image &current = *resident_.front();
    const mca_chip *model = shared_.model;
    const uint32_t l = layer_now_;
    mca_layer_signals &s = signals_of(l);
    book(current.sequence, {monitor::part::forward, l, monitor::unit},
         current.train ? MCA_PHASE_FORWARD : MCA_PHASE_TEST, end, port_.out.done_cycles);
    if (l < last_layer()) {
        mca_lines &lines = signals_of(l + 1).input;
        lines.count = 0;
        for (uint32_t c = 0; c < driven_.size(); ++c) {
            if (driven_[c] != 0) {
                lines.line[lines.count] = c;
                lines.code[lines.count++] = driven_[c];
            }
        }
        tell(notice::forward, l, current.sequence, &current, shared_.edge(end));
        layer_now_ = l + 1;
        return;
    }
    for (uint32_t c = 0; c < mca_chip_layer(model, l).outputs; ++c) {
        s.activation[c] = static_cast<uint32_t>(driven_[c]);
    }
    current.outcome.predicted = mca_engine_predict(model, &current.signals);
    current.outcome.loss = mca_engine_loss(model, &current.signals, current.label);
    if (current.train) {
        kind_now_ = MCA_DPU_ERROR;
    } else {
        finish_image(end);
    }
}

void rtl_unit::count_errors(uint32_t layer) {
    if (layer == last_layer()) {
        mca_engine_count_output_error(shared_.model);
    } else {
        mca_engine_count_hidden_error(shared_.model, layer);
    }
}

void rtl_unit::finish_error(uint64_t end) {
    image &current = *resident_.front();
    const mca_chip *model = shared_.model;
    const uint32_t l = layer_now_;
    const bool last = l == last_layer();
    const monitor::place where =
        last ? monitor::place{monitor::part::output_error, l, monitor::unit}
             : monitor::place{monitor::part::backward, l + 1, monitor::unit};
    book(current.sequence, where, MCA_PHASE_ERROR, end, port_.out.done_cycles);
    count_errors(l);
    signals_of(l).update_shift = mca_engine_update_shift(model, port_.out.done_exponent);
    if (l > 0) {
        std::vector<drive_list> &drives = current.drives[l];
        drives.clear();
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
                drives.push_back(std::move(next));
            }
        }
        tell(notice::backward, l, current.sequence, &current, shared_.edge(end));
    }
    if (last && l > 0) {
        layer_now_ = l - 1; // the error below, from reads of this layer
    } else {
        kind_now_ = MCA_DPU_UPDATE;
        layer_now_ = last ? l : l + 1;
    }
}

void rtl_unit::finish_update() {
    image &current = *resident_.front();
    mca_chip *model = shared_.model;
    const uint32_t l = layer_now_;
    const mca_layer_signals &s = signals_of(l);
    const mca_update update = {s.input.count, s.input.line, s.input.code,  nullptr,
                               s.rated,       nullptr,      s.update_shift};
    update_.cycles = port_.out.done_cycles + skipped_;
    skipped_ = 0;
    update_.products = mca_update_products(&update, mca_chip_layer(model, l).outputs);
    update_.lost = mca_chip_config_of(model)->dpu.rounding == MCA_ROUND_NEAREST
                       ? mca_update_lost(&update, mca_chip_layer(model, l).outputs)
                       : 0;
    mca_engine_count_update(model, l, &current.signals, &update_);
    end_update(l, update_);
    if (l == 0) {
        finish_image(cycle_);
    } else if (l == 1) {
        layer_now_ = 0;
    } else {
        kind_now_ = MCA_DPU_ERROR;
        layer_now_ = l - 2;
    }
}

void rtl_unit::finish_image(uint64_t end) {
    image &current = *resident_.front();
    resident_.pop_front();
    --loaded_;
    kind_now_ = MCA_DPU_FORWARD;
    layer_now_ = 0;
    tell(notice::done, 0, current.sequence, &current, shared_.edge(end));
}

} // namespace mca
