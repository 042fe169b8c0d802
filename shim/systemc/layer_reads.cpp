// The reads of a layer: a process of the sequencer for each.
#include <algorithm>

#include "sequencer.hpp"

namespace mca {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

void sequencer::run_layer(uint32_t l) {
    layer_control &control = *layers_[l];
    for (;;) {
        while (control.jobs.empty()) {
            sc_core::wait(control.requested);
        }
        const read_job job = control.jobs.front();
        control.jobs.pop_front();
        control.converting.push_back(std::make_unique<reading>());
        reading &now = *control.converting.back();
        now.of = job.of;
        now.codes = &codes_payloads_.take();
        if (job.step->is_backward) {
            read_backward(l, job, now);
        } else {
            read_forward(l, job, now);
        }
        now.sampled = true;
        control.answered.notify(sc_core::SC_ZERO_TIME);
    }
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
        convert(now, now.of->sequence, *ext.step, ext.reads);
        while (!ext.step->is_backward && refreshing_) { // the digital unit compares
            sc_core::wait(weights_event_);
        }
        begin_request(codes, *now.codes);
        now.codes->release();
        control.converting.pop_front();
    }
}

bool sequencer::weights_stand(uint32_t l, const image &of) const {
    return layers_[l]->altered >= of.fence && queues_empty(l);
}

void sequencer::read_forward(uint32_t l, const read_job &job, reading &into) {
    mca_chip *model = shared_.model;
    image &of = *job.of;
    while (!weights_stand(l, of)) {
        sc_core::wait(weights_event_);
    }
    codes_extension &ext = payload_pool<codes_extension>::extension(*into.codes);
    ext.step = job.step;
    ext.of = &of;
    ext.reads = 1;
    ext.blocks.clear();
    ext.blocks.reserve(shared_.tiles(l));
    const mca_lines &lines = of.signals.layers[l].input;
    // reads of an inference draw their noise beside those of tests
    const mca_read_event event =
        of.train ? mca_read_event{MCA_RNG_FORWARD, of.number, job.step->read}
                 : mca_read_event{MCA_RNG_INFER, uint64_t{1} << 63 | of.count, job.step->read};
    const layer_read read = {job.step->phase, event, &lines, mca_chip_config_of(model)->dac.bits,
                             job.ready,       0,     1};
    read_tiles(l, read, into, &ext);
    if (mca_program_reads_last(of.program, job.step, of.program->image)) {
        image_read_ = static_cast<int64_t>(of.sequence);
        read_event_.notify(sc_core::SC_ZERO_TIME);
    }
    mca_work work{};
    mca_work_read(model, job.step, lines.count, &work);
    mca_engine_book(model, job.step, &work);
}

void sequencer::read_backward(uint32_t l, const read_job &job, reading &into) {
    mca_chip *model = shared_.model;
    image &of = *job.of;
    std::vector<drive_list> &drives = of.drives[l];
    codes_extension &ext = payload_pool<codes_extension>::extension(*into.codes);
    ext.step = job.step;
    ext.of = &of;
    ext.reads = static_cast<uint32_t>(drives.size());
    ext.blocks.clear();
    ext.blocks.reserve(drives.size() * shared_.tiles(l));
    mca_work work{};
    for (uint32_t number = 0; number < drives.size(); ++number) {
        drive_list &list = drives[number];
        const mca_lines lines = {static_cast<uint32_t>(list.line.size()), list.line.data(),
                                 list.code.data(), list.value.data()};
        const layer_read read = {MCA_PHASE_BACKWARD,
                                 {MCA_RNG_BACKWARD, of.number, list.drive},
                                 &lines,
                                 mca_chip_dpu(model).drive_bits,
                                 job.ready,
                                 number,
                                 list.sign};
        read_tiles(l, read, into, &ext);
        mca_work_read(model, job.step, lines.count, &work);
    }
    mca_engine_book(model, job.step, &work);
}

// Starts a read on all tiles of a layer, and waits until they have sampled it.
void sequencer::read_tiles(uint32_t l, const layer_read &read, reading &by, codes_extension *into) {
    const mca_chip *model = shared_.model;
    const mca_layer_view layer = mca_chip_layer(model, l);
    const mca_matrix &matrix = *layer.matrix;
    const bool backward = read.phase == MCA_PHASE_BACKWARD;
    uint32_t row_k = 0;
    for (uint32_t i = 0; i < matrix.place.row_tiles; ++i) {
        const mca_tile &first = matrix.tiles[i * matrix.place.col_tiles];
        mca_drive drive{};
        if (read.lines && !backward) {
            drive = mca_engine_drive_until(model, read.lines, read.bits, first.row0 + first.rows,
                                           &row_k);
        }
        uint32_t col_k = 0;
        for (uint32_t j = 0; j < matrix.place.col_tiles; ++j) {
            const uint32_t number = i * matrix.place.col_tiles + j;
            const mca_tile &place = matrix.tiles[number];
            if (read.lines && backward) {
                drive = mca_engine_drive_until(model, read.lines, read.bits,
                                               place.col0 + place.cols, &col_k);
            }
            if (backward && mca_engine_rows_below(shared_.model, l, number) == 0) {
                continue; // holds the bias row alone
            }
            code_block *block = nullptr;
            if (into) {
                into->blocks.emplace_back();
                block = &into->blocks.back();
            }
            read_tile(l, number, read, drive, {&by, block});
        }
    }
    layer_control &control = *layers_[l];
    while (control.to_sample > 0) {
        sc_core::wait(control.answered);
    }
}

void sequencer::read_tile(uint32_t l, uint32_t number, const layer_read &read,
                          const mca_drive &drive, const tile_target &to) {
    code_block *into = to.block;
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
        const bool codes = mca_adc_ops_of(&mca_chip_config_of(shared_.model)->adc)->has_codes != 0;
        into->tile = number;
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
    ++to.by->to_convert;
    to.by->reads.push_back(&payload);
    ext.to_convert = &to.by->to_convert;
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
    const mca_read_time time = mca_read_time_of(mca_chip_config_of(shared_.model), first.bits);
    for (const monitor::read_times &t : times) {
        shared_.log->read(sequence, monitor::place_of(*mca_chip_program(shared_.model), step),
                          step.phase, t);
    }
    shared_.log->busy(step.layer, step.phase, MCA_RESOURCE_DAC, reads * time.dac_ps);
    shared_.log->busy(step.layer, step.phase, MCA_RESOURCE_TILE, reads * time.tile_ps);
    shared_.log->busy(step.layer, step.phase, MCA_RESOURCE_ADC, reads * time.adc_ps);
    const sc_time converted = time_ps(times.back().converted_ps);
    for (tlm::tlm_generic_payload *payload : of.reads) {
        payload->release();
    }
    of.reads.clear();
    return converted;
}

} // namespace mca
