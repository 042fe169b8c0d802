#include "monitor.hpp"

#include "payload.hpp"

namespace mca {

monitor::monitor(::mca_chip *model)
    : model_(model),
      units_(mca_has_own_units(mca_chip_config_of(model)) ? mca_chip_layer_count(model) : 1),
      layers_(mca_chip_layer_count(model)) {
    for (uint32_t l = 0; l < mca_chip_layer_count(model); ++l) {
        const mca_matrix &matrix = *mca_chip_layer(model, l).matrix;
        tile_ends tile;
        tile.drivers.resize(mca_chip_config_of(model)->transfer.drivers);
        tiles_.insert(tiles_.end(), mca_placement_tiles(&matrix.place), tile);
    }
}

// ---- records

void monitor::open(uint64_t sequence, const mca_program *program, bool ends_batch) {
    if (open_.empty()) {
        first_ = sequence;
    }
    open_.emplace_back();
    open_.back().program = program;
    open_.back().ends_batch = ends_batch;
    open_.back().groups.resize(program->step_count);
}

monitor::group &monitor::at(uint64_t sequence, const mca_step &step) {
    image_record &record = open_.at(sequence - first_);
    return record.groups.at(mca_step_number(record.program, &step));
}

void monitor::load(uint64_t sequence, uint64_t start_ps, uint64_t end_ps) {
    image_record &record = open_.at(sequence - first_);
    record.has_image = true;
    record.load_start_ps = start_ps;
    record.load_end_ps = end_ps;
}

void monitor::image_in(uint64_t sequence, uint64_t cycle) {
    open_.at(sequence - first_).in_cycle = cycle;
}

void monitor::read(uint64_t sequence, const mca_step &step, const read_times &times) {
    at(sequence, step).reads.push_back(times);
}

void monitor::operation(uint64_t sequence, const mca_step &step, const operation_times &times) {
    at(sequence, step).operation = times;
}

void monitor::command(uint64_t sequence, mca_step_kind kind, const command_times &times) {
    const mca_step *step = open_.at(sequence - first_).program->steps;
    while (step->kind != kind || (kind != MCA_STEP_TRANSFER && step->layer != times.layer)) {
        ++step;
    }
    at(sequence, *step).commands.push_back(times);
}

void monitor::restart() {
    open_.clear();
    held_.reset();
    for (tile_ends &tile : tiles_) {
        tile.departures.clear();
    }
}

void monitor::close(uint64_t sequence, bool is_followed) {
    require(sequence == first_, "images close out of order");
    const moment before = frontier_;
    enter(open_.front(), is_followed);
    if (is_followed) {
        held_ = std::move(open_.front());
    }
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
