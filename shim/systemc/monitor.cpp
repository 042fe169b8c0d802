#include "monitor.hpp"

#include <algorithm>

#include <systemc>

namespace mca {

size_t monitor::index_of(place where) const {
    const size_t layers = model_->layer_count;
    const size_t from_last = layers - 1 - where.layer;
    size_t stage = 0;
    switch (where.part) {
    case part::load:
        break;
    case part::forward:
        stage = 1 + where.layer;
        break;
    case part::output_error:
        stage = 1 + layers;
        break;
    case part::backward: // of the layer that is read
        stage = 2 + layers + 2 * from_last;
        break;
    case part::update:
        stage = 3 + layers + 2 * from_last;
        break;
    case part::batch:
        stage = 2 + 3 * layers;
        break;
    case part::refresh:
        stage = 3 + 3 * layers + where.layer;
        break;
    }
    return stage * parts + where.sub;
}

void monitor::open(uint64_t sequence) {
    if (open_.empty()) {
        first_ = sequence;
    }
    open_.emplace_back((3 + 4 * size_t{model_->layer_count}) * parts);
}

void monitor::book(uint64_t sequence, place where, mca_phase phase, mca_resource resource,
                   uint64_t end_ps, uint64_t busy_ps) {
    group &g = open_.at(sequence - first_).at(index_of(where));
    g.used = true;
    g.phase = phase;
    g.end_ps = std::max(g.end_ps, end_ps);
    g.busy_ps[resource] += busy_ps;
}

void monitor::close(uint64_t sequence) {
    require(sequence == first_, "images close out of order");
    mca_timeline &timeline = model_->timeline;
    const uint64_t before_ps = timeline.frontier_ps;
    image_time time;
    std::copy_n(timeline.ledger->critical_ps, MCA_PHASE_COUNT, time.phase_ps);
    for (const group &g : open_.front()) {
        for (int r = 0; g.used && r < MCA_RESOURCE_COUNT; ++r) {
            mca_timeline_book(&timeline, static_cast<mca_resource>(r), g.phase, g.end_ps,
                              g.busy_ps[r]);
        }
    }
    open_.pop_front();
    ++first_;
    if (recording_) {
        time.total_ps = timeline.frontier_ps - before_ps;
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            time.phase_ps[p] = timeline.ledger->critical_ps[p] - time.phase_ps[p];
        }
        times_.push_back(time);
    }
}

} // namespace mca
