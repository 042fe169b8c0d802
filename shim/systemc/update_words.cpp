#include "update_words.hpp"

#include <algorithm>

#include "chip/unit_parts.h"

namespace mca {

update_words::update_words(const context &shared, uint32_t layer, image &of)
    : shared_(&shared), layer_(layer), is_fixed_(mca_engine_is_fixed(shared.model) != 0),
      by_columns_(mca_chi_lies_by_columns(shared.layer(layer).chi) != 0) {
    for (uint32_t e = 0; e < engines_of(shared.model, layer); ++e) {
        engines_.push_back({cut_of(shared.model, layer, e), 0, {0}});
    }
    if (shared.sums_positions(layer)) {
        find_sums(of);
        return;
    }
    for (uint32_t p = 0; p < shared.positions(layer); ++p) {
        mca_engine_gather(shared.model, layer, p, &of.signals);
        add(block_at(p, of.signals.layers[layer]));
    }
}

uint32_t update_words::engines_of(const ::mca_chip *model, uint32_t layer) {
    const mca_network_layer &of = mca_chip_network(model)->layers[layer];
    return mca_unit_parts_of(mca_chip_config_of(model), &of).units;
}

// A tile's part of chi, or all of it.
update_words::cut update_words::cut_of(const ::mca_chip *model, uint32_t layer, uint32_t engine) {
    const mca_layer_view view = mca_chip_layer(model, layer);
    if (engines_of(model, layer) == 1) {
        return {0, UINT32_MAX, 0, mca_chi_row_words(view.chi)};
    }
    const mca_tile tile = mca_placement_tile(&view.matrix->place, engine, 0);
    const uint32_t lanes = mca_chip_config_of(model)->dpu.lanes;
    const auto words_to = [&](uint32_t column) { return (column + lanes - 1) / lanes; };
    if (mca_chi_lies_by_columns(view.chi)) {
        return {tile.col0, tile.col0 + tile.cols, tile.row0 / lanes,
                words_to(tile.row0 + tile.rows)};
    }
    return {tile.row0, tile.row0 + tile.rows, tile.col0 / lanes, words_to(tile.col0 + tile.cols)};
}

uint64_t update_words::pace(const ::mca_chip *model, uint32_t layer, uint32_t engine) {
    const uint64_t interval = mca_chi_interval(&mca_chip_layer(model, layer).chi->config);
    const cut of = cut_of(model, layer, engine);
    return mca_engine_is_fixed(model) ? interval : interval * (of.end_word - of.first_word);
}

// Of ascending numbers, how many are of first..end - 1.
uint64_t update_words::within(const std::vector<uint32_t> &numbers, uint32_t first, uint32_t end) {
    const auto from = std::lower_bound(numbers.begin(), numbers.end(), first);
    return static_cast<uint64_t>(std::lower_bound(from, numbers.end(), end) - from);
}

uint64_t update_words::count_in(const block &at, const cut &of) const {
    const uint64_t rows = within(at.rows, of.first_row, of.end_row);
    return is_fixed_ ? rows * within(at.words, of.first_word, of.end_word) : rows;
}

void update_words::add(const block &at) {
    for (engine &each : engines_) {
        each.first.push_back(each.first.back() + count_in(at, each.of));
    }
    blocks_.push_back(at);
}

uint32_t update_words::engine_of(const mca_pulse_command &pulses) const {
    const mca_placement &place = shared_->layer(layer_).matrix->place;
    return engines() > 1 ? mca_placement_tile_of(&place, pulses.row, pulses.col) : 0;
}

uint64_t update_words::number_of(const mca_pulse_command &pulses) const {
    const uint32_t line = by_columns_ ? pulses.col : pulses.row; // a row of chi
    const uint32_t column = by_columns_ ? pulses.row : pulses.col;
    const size_t number = shared_->sums_positions(layer_) ? line : pulses.position;
    const block &at = blocks_[number];
    const engine &by = engines_[engine_of(pulses)];
    const uint64_t rows = within(at.rows, by.of.first_row, line);
    if (!is_fixed_) {
        return by.first[number] + rows;
    }
    const uint32_t word = column / shared_->config().dpu.lanes;
    return by.first[number] + rows * within(at.words, by.of.first_word, by.of.end_word) +
           within(at.words, by.of.first_word, word);
}

// Products summed over the positions: the words that are not zero then.
void update_words::find_sums(image &of) {
    const mca_layer_view view = shared_->layer(layer_);
    const uint32_t rows = by_columns_ ? view.outputs : view.inputs; // of chi
    const uint32_t cols = by_columns_ ? view.inputs : view.outputs;
    const mca_layer_signals &signals = of.signals.layers[layer_];
    std::vector<int64_t> sums(size_t{rows} * cols);
    std::vector<uint8_t> is_read(rows);
    for (uint32_t p = 0; p < shared_->positions(layer_); ++p) {
        mca_engine_gather(shared_->model, layer_, p, &of.signals);
        const block at = block_at(p, signals);
        for (engine &each : engines_) {
            const uint64_t row_words = is_fixed_ ? 1 : each.of.end_word - each.of.first_word;
            each.summed += count_in(at, each.of) * row_words;
        }
        for (const uint32_t row : at.rows) {
            is_read[row] = 1;
        }
        for (uint32_t k = 0; is_fixed_ && k < signals.input.count; ++k) {
            const uint32_t line = signals.input.line[k];
            for (uint32_t c = 0; c < view.outputs; ++c) {
                int64_t &sum =
                    sums[by_columns_ ? size_t{c} * cols + line : size_t{line} * cols + c];
                sum += int64_t{signals.input.code[k]} * signals.rated[size_t{p} * view.outputs + c];
                sum = std::clamp<int64_t>(sum, -INT32_MAX, INT32_MAX);
            }
        }
    }
    for (uint32_t row = 0; row < rows; ++row) {
        block of_row;
        std::vector<uint32_t> there;
        for (uint32_t c = 0; c < cols; ++c) {
            if (sums[size_t{row} * cols + c] != 0) {
                there.push_back(c);
            }
        }
        if (is_read[row] != 0) {
            of_row.rows.push_back(row);
        }
        of_row.words = words_among(there);
        add(of_row);
    }
}

std::vector<uint32_t> update_words::words_among(const std::vector<uint32_t> &columns) const {
    std::vector<uint32_t> words;
    for (const uint32_t column : columns) {
        const uint32_t word = column / shared_->config().dpu.lanes;
        if (words.empty() || words.back() != word) {
            words.push_back(word);
        }
    }
    return words;
}

update_words::block update_words::block_at(uint32_t position,
                                           const mca_layer_signals &signals) const {
    const mca_layer_view view = shared_->layer(layer_);
    const std::vector<uint32_t> inputs(signals.input.line,
                                       signals.input.line + signals.input.count);
    std::vector<uint32_t> outputs; // with an error
    for (uint32_t c = 0; c < view.outputs; ++c) {
        const size_t at = size_t{position} * view.outputs + c;
        if (is_fixed_ ? signals.rated[at] != 0 : signals.error_real[at] != 0) {
            outputs.push_back(c);
        }
    }
    block at;
    at.rows = by_columns_ ? outputs : inputs;
    if (is_fixed_) {
        at.words = words_among(by_columns_ ? inputs : outputs);
    }
    return at;
}

} // namespace mca
