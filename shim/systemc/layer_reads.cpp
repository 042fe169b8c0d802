// The reads of a layer: a process of the sequencer for each.
#include <algorithm>

#include "sequencer.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

std::deque<sequencer::read_job>::iterator sequencer::next_job(uint32_t l) {
    layer_control &control = *layers_[l];
    return std::find_if(control.jobs.begin(), control.jobs.end(), [&](const read_job &job) {
        return job.step->is_backward || control.backward_over >= job.of->backward_fence[l];
    });
}

void sequencer::end_backward(uint32_t l, const image &of) {
    layers_[l]->backward_over = static_cast<int64_t>(of.sequence);
    layers_[l]->requested.notify(sc_core::SC_ZERO_TIME);
}

void sequencer::run_layer(uint32_t l) {
    layer_control &control = *layers_[l];
    for (;;) {
        auto next = next_job(l);
        while (next == control.jobs.end()) {
            sc_core::wait(control.requested);
            next = next_job(l);
        }
        const read_job job = *next;
        control.jobs.erase(next);
        if (job.step->is_backward) {
            read_backward(l, job);
        } else if (shared_.streams()) {
            read_streaming(l, job);
        } else {
            read_forward(l, job);
        }
    }
}

sequencer::reading &sequencer::begin_reading(uint32_t l, const read_job &job) {
    layer_control &control = *layers_[l];
    control.converting.push_back(std::make_unique<reading>());
    reading &now = *control.converting.back();
    now.of = job.of;
    now.codes = &codes_payloads_.take();
    codes_extension &ext = payload_pool<codes_extension>::extension(*now.codes);
    ext.step = job.step;
    ext.of = job.of;
    ext.reads = 0;
    ext.blocks.clear();
    return now;
}

void sequencer::end_reading(uint32_t l, reading &now) {
    now.sampled = true;
    layers_[l]->answered.notify(sc_core::SC_ZERO_TIME);
}

// The conversions of a layer's reads, which the next reads do not wait for.
void sequencer::run_conversions(uint32_t l) {
    layer_control &control = *layers_[l];
    for (;;) {
        while (control.converting.empty() || !control.converting.front()->sampled) {
            sc_core::wait(control.answered);
        }
        reading &now = *control.converting.front();
        const codes_extension &ext = payload_pool<codes_extension>::extension(*now.codes);
        if (ext.reads > 0) {
            convert(now, now.of->sequence, *ext.step, ext.reads);
        }
        while (!ext.step->is_backward && refreshing_[l]) { // the digital unit compares
            sc_core::wait(weights_event_);
        }
        begin_request(codes, *now.codes);
        now.codes->release();
        control.converting.pop_front();
    }
}

bool sequencer::weights_stand(uint32_t l, const image &of) const {
    const int64_t fence = l == 0 && shared_.reads_ahead ? of.first_fence
                          : learns(shared_.model, l)    ? of.fence
                                                        : of.frozen_fence;
    return layers_[l]->altered >= fence && queues_empty(l, fence);
}

uint64_t sequencer::count_forward(uint32_t l, image &of) const {
    const mca_chip *model = shared_.model;
    const uint32_t drives = mca_engine_forward_drives(model, l);
    uint64_t reads = 0;
    for (uint32_t k = 0; k < shared_.positions(l) * drives; ++k) {
        int sign;
        mca_engine_gather(model, l, k / drives, &of.signals);
        reads += mca_engine_drive_forward(model, l, k % drives, &of.signals, &sign)->count > 0;
    }
    return reads;
}

void sequencer::read_forward(uint32_t l, read_job job) {
    image &of = *job.of;
    if (l == 0 && of.follows >= 0) { // the converters hold the codes of the image before
        while (taken_ < of.follows) {
            sc_core::wait(item_event_);
        }
        job.ready = std::max(job.ready, taken_at_);
    }
    of.forward_reads[l] = count_forward(l, of);
    if (of.forward_reads[l] == 0) { // codes below a step of the converter: none come, at once
        end_reading(l, begin_reading(l, job));
    }
    while (of.forward_reads[l] > 0 && !weights_stand(l, of)) {
        sc_core::wait(weights_event_);
    }
    const uint32_t reads = shared_.positions(l) * mca_engine_forward_drives(shared_.model, l);
    mca_work work{};
    reading *now = nullptr;
    for (uint32_t k = 0; k < reads; ++k) {
        read_position(l, job, k, now, work);
        if (now && (shared_.positions(l) > 1 || k + 1 == reads)) {
            end_reading(l, *now);
            now = nullptr;
        }
    }
    if (l == 0 && shared_.reads_ahead) {
        note_read_ahead(of);
    }
    note_image_read(of, *job.step);
    mca_engine_book(shared_.model, job.step, &work);
}

// Positions as soon as the values that they need stand; the reads of each go to the digital unit
// together, be they none.
void sequencer::read_streaming(uint32_t l, const read_job &job) {
    image &of = *job.of;
    const uint32_t takes = mca_chip_network(shared_.model)->layers[l].takes;
    const uint32_t drives = mca_engine_forward_drives(shared_.model, l);
    of.forward_reads[l] = 0;
    mca_work work{};
    for (uint32_t p = 0; p < shared_.positions(l); ++p) {
        read_job at = job;
        if (takes != MCA_FROM_INPUT) {
            const uint32_t needed = mca_engine_item_needs(shared_.model, l, p, takes);
            while (of.stands[takes].size() <= needed) {
                sc_core::wait(item_event_);
            }
            at.ready = of.stands[takes][needed];
        }
        reading *now = &begin_reading(l, at);
        for (uint32_t drive = 0; drive < drives; ++drive) {
            read_position(l, at, p * drives + drive, now, work);
        }
        end_reading(l, *now);
    }
    note_image_read(of, *job.step);
    mca_engine_book(shared_.model, job.step, &work);
}

// One drive of the input at a position, `drive` of those of all; without lines there is no read.
void sequencer::read_position(uint32_t l, const read_job &job, uint32_t drive, reading *&into,
                              mca_work &work) {
    const mca_chip *model = shared_.model;
    image &of = *job.of;
    const uint32_t drives = mca_engine_forward_drives(model, l);
    const uint32_t position = drive / drives;
    int sign;
    mca_engine_gather(model, l, position, &of.signals);
    const mca_lines &driven =
        *mca_engine_drive_forward(model, l, drive % drives, &of.signals, &sign);
    if (driven.count == 0) {
        return;
    }
    // another layer of the image, where they stream, drives its lines meanwhile
    std::vector<uint32_t> line(driven.line, driven.line + driven.count);
    std::vector<int32_t> code(driven.code, driven.code + driven.count);
    std::vector<double> value(driven.value, driven.value + driven.count);
    const mca_lines lines = {driven.count, line.data(), code.data(), value.data()};
    while (shared_.streams() && !weights_stand(l, of)) {
        sc_core::wait(weights_event_);
    }
    // reads of an inference draw their noise beside those of tests
    const uint32_t draw = job.step->read * shared_.positions(l) * drives + drive;
    const mca_read_event event =
        of.train ? mca_read_event{MCA_RNG_FORWARD, of.number, draw}
                 : mca_read_event{MCA_RNG_INFER, uint64_t{1} << 63 | of.count, draw};
    into = into ? into : &begin_reading(l, job);
    const uint32_t number = payload_pool<codes_extension>::extension(*into->codes).reads;
    read_tiles(l,
               {job.step->phase, event, &lines, shared_.layer(l).input_bits, job.ready, number,
                position, sign},
               *into);
    mca_work_read(model, job.step, 1, lines.count, &work);
}

// Reads of one position go to the digital unit together, those of many one by one.
void sequencer::read_backward(uint32_t l, const read_job &job) {
    mca_chip *model = shared_.model;
    image &of = *job.of;
    mca_work work{};
    reading *now = nullptr;
    for (drive_list &list : of.drives[l]) {
        const mca_lines lines = {static_cast<uint32_t>(list.line.size()), list.line.data(),
                                 list.code.data(), list.value.data()};
        now = now ? now : &begin_reading(l, job);
        const layer_read read = {MCA_PHASE_BACKWARD,
                                 {MCA_RNG_BACKWARD, of.number, list.drive},
                                 &lines,
                                 mca_chip_dpu(model).drive_bits,
                                 job.ready,
                                 payload_pool<codes_extension>::extension(*now->codes).reads,
                                 list.position,
                                 list.sign};
        read_tiles(l, read, *now);
        mca_work_read(model, job.step, 1, lines.count, &work);
        if (shared_.positions(l) > 1 || &list == &of.drives[l].back()) {
            end_reading(l, *now);
            now = nullptr;
        }
    }
    mca_engine_book(model, job.step, &work);
    array_claim &array = shared_.arrays[l];
    --array.reads;
    array.sampled = sc_time_stamp();
    end_backward(l, *job.of);
    array.freed.notify(sc_core::SC_ZERO_TIME);
}

// Starts a read on all tiles of a layer, and waits until they have sampled it.
void sequencer::read_tiles(uint32_t l, const layer_read &read, reading &by) {
    codes_extension *into =
        by.codes ? &payload_pool<codes_extension>::extension(*by.codes) : nullptr;
    const mca_chip *model = shared_.model;
    const mca_layer_view layer = mca_chip_layer(model, l);
    const mca_matrix &matrix = *layer.matrix;
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    if (into) {
        into->blocks.reserve(into->blocks.size() + shared_.tiles(l)); // tiles fill them in place
        ++into->reads;
    }
    uint32_t row_k = 0;
    for (uint32_t i = 0; i < matrix.place.row_tiles; ++i) {
        const mca_tile &first = matrix.tiles[i * matrix.place.col_tiles];
        mca_drive drive{};
        if (read.lines && !backward) {
            drive = mca_engine_drive_until(read.lines, read.bits, first.row0 + first.rows, &row_k);
        }
        uint32_t col_k = 0;
        for (uint32_t j = 0; j < matrix.place.col_tiles; ++j) {
            const uint32_t number = i * matrix.place.col_tiles + j;
            const mca_tile &place = matrix.tiles[number];
            if (read.lines && backward) {
                drive =
                    mca_engine_drive_until(read.lines, read.bits, place.col0 + place.cols, &col_k);
            }
            if (backward && mca_engine_rows_below(shared_.model, l, number) == 0) {
                continue; // holds the bias row alone
            }
            code_block *block = nullptr;
            if (into) {
                into->blocks.emplace_back();
                block = &into->blocks.back();
            }
            read_tile(l, number, read, drive, by, block);
        }
    }
    layer_control &control = *layers_[l];
    while (control.to_sample > 0) {
        sc_core::wait(control.answered);
    }
}

void sequencer::read_tile(uint32_t l, uint32_t number, const layer_read &read,
                          const mca_drive &drive, reading &by, code_block *into) {
    const mca_layer_view layer = shared_.layer(l);
    const mca_tile &place = layer.matrix->tiles[number];
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    tlm::tlm_generic_payload &payload = read_payloads_.take();
    read_extension &ext = payload_pool<read_extension>::extension(payload);
    ext.phase = read.phase;
    ext.event = read.event;
    ext.drive = drive;
    ext.bits = read.bits;
    ext.number = read.number;
    ext.ready = read.ready;
    ext.values = into != nullptr;
    ext.lines = backward ? mca_engine_rows_below(shared_.model, l, number) : place.cols;
    payload.set_command(tlm::TLM_READ_COMMAND);
    payload.set_data_ptr(nullptr);
    payload.set_data_length(0);
    if (into) {
        const mca_tile_adcs &adcs = layer.matrix->adcs[number];
        const bool codes = (backward ? adcs.backward : adcs.forward).ops->has_codes != 0;
        into->tile = number;
        into->position = read.position;
        into->read = read.number;
        into->sign = read.sign;
        into->level.resize(codes ? ext.lines : 0);
        into->column.resize(codes ? 0 : ext.lines);
        void *data = codes ? static_cast<void *>(into->level.data()) : into->column.data();
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(
            static_cast<unsigned>(ext.lines * (codes ? sizeof(int32_t) : sizeof(double))));
    }
    layer_control &control = *layers_[l];
    ++control.to_sample;
    ++by.to_convert;
    by.reads.push_back(&payload);
    ext.to_convert = &by.to_convert;
    begin_request(*tiles_[shared_.tile_base(l) + number], payload);
}

tlm::tlm_sync_enum sequencer::tile_answers(int tile, tlm::tlm_generic_payload &payload,
                                           tlm::tlm_phase &phase, sc_time &) {
    layer_control &control = *layers_[layer_of_tile_[static_cast<size_t>(tile)]];
    control.answered.notify(sc_core::SC_ZERO_TIME);
    if (phase == tlm::END_REQ) {
        --control.to_sample;
        return tlm::TLM_ACCEPTED;
    }
    require(payload.is_response_ok(), "a tile refuses a read");
    --*payload_pool<read_extension>::extension(payload).to_convert;
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

sc_time sequencer::convert(reading &of, uint64_t sequence, const mca_step &step, uint64_t reads) {
    layer_control &control = *layers_[step.layer];
    while (of.to_convert > 0) {
        sc_core::wait(control.answered);
    }
    std::vector<monitor::read_times> times(reads); // of the slowest tiles
    for (tlm::tlm_generic_payload *payload : of.reads) {
        const read_extension &ext = payload_pool<read_extension>::extension(*payload);
        monitor::read_times &t = times.at(ext.number);
        t.driving_ps = std::max<uint64_t>(t.driving_ps, ext.driving.value());
        t.driven_ps = std::max<uint64_t>(t.driven_ps, ext.driven.value());
        t.read_ps = std::max<uint64_t>(t.read_ps, ext.read.value());
        t.sampled_ps = std::max<uint64_t>(t.sampled_ps, ext.sampled.value());
        t.converted_ps = std::max<uint64_t>(t.converted_ps, ext.converted.value());
    }
    const read_extension &first = payload_pool<read_extension>::extension(*of.reads.front());
    const mca_read_time time = first.time_on(shared_.model, step.layer);
    for (const monitor::read_times &t : times) {
        shared_.log.read(sequence, step, t);
    }
    mca_chip *model = shared_.model;
    mca_engine_book_busy(model, step.layer, step.phase, MCA_RESOURCE_DAC, reads * time.dac_ps, 0);
    mca_engine_book_busy(model, step.layer, step.phase, MCA_RESOURCE_TILE, reads * time.tile_ps, 0);
    mca_engine_book_busy(model, step.layer, step.phase, MCA_RESOURCE_ADC, reads * time.adc_ps, 0);
    const sc_time converted = time_ps(times.back().converted_ps);
    for (tlm::tlm_generic_payload *payload : of.reads) {
        payload->release();
    }
    of.reads.clear();
    return converted;
}

} // namespace mca
