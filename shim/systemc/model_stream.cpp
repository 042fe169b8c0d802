// The way forward where layers stream: the digital units do items of layers, as they can start.
#include "model_unit.hpp"

namespace mca {

using sc_core::sc_time_stamp;

void model_unit::stream(uint32_t number, image &current) {
    uint64_t items = 0;
    for (const stream_layer &layer : work_.at(&current).layers) {
        items += does(number, *layer.step) ? mca_engine_items(shared_.model, layer.step->layer) : 0;
    }
    for (; items > 0; --items) {
        do_next_item(number, current);
    }
}

uint64_t model_unit::ready_cycle(image &current, const std::vector<stream_layer> &layers,
                                 uint32_t l) {
    const stream_layer &layer = layers[l];
    const mca_network_layer &of = mca_chip_network(shared_.model)->layers[l];
    const auto item = static_cast<uint32_t>(layer.stands.size());
    if (item == mca_engine_items(shared_.model, l)) {
        return NEVER;
    }
    if (layer.read) {
        const auto found = find_codes(current, *layer.read);
        return found == codes_.end() ? NEVER : shared_.cycle_from(found->at);
    }
    uint64_t cycle = unit_of(*layer.step).image_cycle;
    for (const uint32_t source :
         {of.takes, of.config.type == MCA_LAYER_RESIDUAL_SUM ? of.config.from : of.takes}) {
        if (source != MCA_FROM_INPUT) {
            const uint32_t needed = mca_engine_item_needs(shared_.model, l, item, source);
            const std::vector<uint64_t> &stands = layers[source].stands;
            cycle = needed < stands.size() ? std::max(cycle, stands[needed]) : NEVER;
        }
    }
    return cycle;
}

// The item of a unit that can start first, of several that of the earliest layer: known when the
// edge at which it starts is past, as codes can come until then.
void model_unit::do_next_item(uint32_t number, image &current) {
    std::vector<stream_layer> &layers = work_.at(&current).layers;
    for (;;) {
        uint32_t first = 0;
        uint64_t start = NEVER;
        for (uint32_t l = 0; l < shared_.layers(); ++l) {
            if (!does(number, *layers[l].step)) {
                continue;
            }
            const uint64_t cycle =
                std::max(ready_cycle(current, layers, l), unit_of(*layers[l].step).free_cycle);
            first = cycle < start ? l : first;
            start = std::min(start, cycle);
        }
        if (start == NEVER) {
            sc_core::wait(arrived_ | stands_);
        } else if (shared_.edge(start) < sc_time_stamp()) {
            do_item(current, layers[first], start);
            return;
        } else {
            sc_core::wait(shared_.edge(start) + time_ps(1) - sc_time_stamp(), arrived_);
        }
    }
}

void model_unit::do_item(image &current, stream_layer &layer, uint64_t start) {
    const mca_step &step = *layer.step;
    const auto item = static_cast<uint32_t>(layer.stands.size());
    const bool is_last = item + 1 == mca_engine_items(shared_.model, step.layer);
    const uint64_t reads = layer.read ? add(current, next_codes(current, *layer.read)) : 0;
    mca_engine_finish_item(shared_.model, &step, item, &current.signals);
    layer.reads += reads;
    const mca_item_work of_item =
        mca_work_item(shared_.model, &step, reads, static_cast<int>(is_last));
    if (is_last) {
        mca_work work{};
        mca_work_vector(shared_.model, &step, layer.reads, &work);
        mca_engine_book(shared_.model, &step, &work);
        note_outcome(current, step);
    }
    const uint64_t end = start + of_item.cycles;
    unit_of(step).free_cycle = end;
    layer.stands.push_back(end + (is_last ? 0 : MCA_VECTOR_LATENCY_CYCLES));
    work_.at(&current).stands[mca_step_number(current.program, &step)] = is_last ? end : NEVER;
    stands_.notify(sc_core::SC_ZERO_TIME);
    mca_engine_book_busy(shared_.model, step.layer, step.phase, MCA_RESOURCE_DPU,
                         shared_.cycles_ps(of_item.cycles + of_item.cycles_beside),
                         shared_.cycles_ps(of_item.cycles_beside));
    shared_.log.item(current.sequence, {&step, reads, start, end, layer.stands.back()});
    tell(notice::item, &step, &current, current.sequence, layer.stands.back());
}

} // namespace mca
