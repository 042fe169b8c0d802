#include "monitor.hpp"

#include "payload.hpp"

namespace mca {

monitor::monitor(::mca_chip *model) : model_(model), layers_(mca_chip_layer_count(model)) {
    for (uint32_t l = 0; l < mca_chip_layer_count(model); ++l) {
        const mca_matrix &matrix = *mca_chip_layer(model, l).matrix;
        tile_ends tile;
        tile.drivers.resize(mca_chip_config_of(model)->transfer.drivers);
        tiles_.insert(tiles_.end(), mca_placement_tiles(&matrix.place), tile);
    }
}

// ---- records

size_t monitor::index_of(place where) const {
    const size_t layers = mca_chip_layer_count(model_);
    const size_t from_last = layers - 1 - where.layer;
    size_t stage = 0;
    switch (where.part) {
    case part::forward:
        stage = where.layer;
        break;
    case part::output_error:
        stage = layers;
        break;
    case part::backward: // of the layer that is read
        stage = 1 + layers + 2 * from_last;
        break;
    case part::update:
        stage = 2 + layers + 2 * from_last;
        break;
    case part::batch:
        stage = 1 + 3 * layers;
        break;
    case part::refresh:
        stage = 2 + 3 * layers + where.layer;
        break;
    }
    return stage * parts + where.sub;
}

monitor::place monitor::place_of(const mca_program &program, const mca_step &step) {
    if (step.kind == MCA_STEP_READ) {
        return {step.is_backward ? part::backward : part::forward, step.layer, reads};
    }
    if (step.kind == MCA_STEP_UPDATE) {
        return {part::update, step.layer, unit};
    }
    if (step.kind == MCA_STEP_REFRESH) {
        return {part::refresh, step.layer, reads};
    }
    switch (step.vector) {
    case MCA_VECTOR_ACTIVATION:
        return {part::forward, step.layer, unit};
    case MCA_VECTOR_OUTPUT_ERROR:
        return {part::output_error, step.layer, unit};
    case MCA_VECTOR_ERROR:
    default:
        return {part::backward, mca_step_read(&program, &step)->layer, unit};
    }
}

void monitor::open(uint64_t sequence, bool ends_batch) {
    if (open_.empty()) {
        first_ = sequence;
    }
    open_.emplace_back();
    open_.back().ends_batch = ends_batch;
    open_.back().groups.resize((2 + 4 * size_t{mca_chip_layer_count(model_)}) * parts);
}

monitor::group &monitor::at(uint64_t sequence, place where, mca_phase phase) {
    group &g = open_.at(sequence - first_).groups.at(index_of(where));
    g.used = true;
    g.phase = phase;
    return g;
}

void monitor::load(uint64_t sequence, mca_phase phase, uint64_t start_ps, uint64_t end_ps) {
    image_record &record = open_.at(sequence - first_);
    record.has_image = true;
    record.phase = phase;
    record.load_start_ps = start_ps;
    record.load_end_ps = end_ps;
}

void monitor::image_in(uint64_t sequence, uint64_t cycle) {
    open_.at(sequence - first_).in_cycle = cycle;
}

void monitor::read(uint64_t sequence, place where, mca_phase phase, const read_times &times) {
    at(sequence, where, phase).reads.push_back(times);
}

void monitor::operation(uint64_t sequence, place where, mca_phase phase, uint64_t start_cycle,
                        uint64_t end_cycle) {
    group &g = at(sequence, where, phase);
    g.start_cycle = start_cycle;
    g.end_cycle = end_cycle;
}

void monitor::command(uint64_t sequence, place where, mca_phase phase, const command_times &times) {
    at(sequence, where, phase).commands.push_back(times);
}

void monitor::busy(uint32_t layer, mca_phase phase, mca_resource resource, uint64_t busy_ps) {
    mca_engine_book_busy(model_, layer, phase, resource, busy_ps);
}

void monitor::close(uint64_t sequence) {
    require(sequence == first_, "images close out of order");
    const moment before = frontier_;
    enter(open_.front());
    mca_engine_book_time(model_, frontier_.ps, frontier_.phase_ps.data());
    open_.pop_front();
    ++first_;
    if (recording_) {
        image_time spent;
        spent.total_ps = frontier_.ps - before.ps;
        for (size_t p = 0; p < MCA_PHASE_COUNT; ++p) {
            spent.phase_ps[p] = static_cast<int64_t>(frontier_.phase_ps[p] - before.phase_ps[p]);
        }
        times_.push_back(spent);
    }
}

} // namespace mca
