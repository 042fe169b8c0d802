// Busy times and the critical path of the modules. Modules record what they did and when they saw
// it begin and end; an image's record enters the chip's ledger when the image is complete.
//
// Of each thing that began the monitor looks for what released it: of all that it could have waited
// for, what ended last. That has to have ended when the thing began (or within the cycle before,
// where it began at an edge of the clock), else the simulation stops. The path that led to an end
// is the one that led to its release, and its own time. The C timeline computes the same from
// reserved times (docs/reference/timing.md); nothing of that is used here, so that comparing the
// two checks both.
#ifndef MCA_SHIM_SYSTEMC_MONITOR_HPP
#define MCA_SHIM_SYSTEMC_MONITOR_HPP

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "chip/engine.h"
#include "chip/view.h"
#include "mca_chip_types.hpp"

namespace mca {

// Whether an update can change a layer's weights.
inline bool learns(const ::mca_chip *model, uint32_t layer) {
    const mca_network_layer &of = mca_chip_network(model)->layers[layer];
    return of.rows > 0 && !of.config.frozen;
}

// Whether a layer's weights lie on tiles, with chi beside them.
inline bool has_tiles(const ::mca_chip *model, uint32_t layer) {
    const mca_network_layer &of = mca_chip_network(model)->layers[layer];
    return of.rows > 0 && !of.config.digital;
}

class monitor {
  public:
    // A read of a layer as its slowest tiles did it.
    struct read_times {
        uint64_t driving_ps = 0; // the pulses on the lines begin
        uint64_t driven_ps = 0;
        uint64_t read_ps = 0;
        uint64_t sampled_ps = 0;
        uint64_t converted_ps = 0;
    };

    // The update engine of a tile: how many cycles pass before its first word of chi.
    struct engine_times {
        uint32_t engine; // of the layer
        uint32_t tile;   // of the chip
        uint64_t read_cycles;
        uint64_t end_cycle;
    };

    // An operation of the digital unit. Where it adds reads' codes up as they come: the cycle in
    // which it began with each, and how many it takes for one; of an update, how many pass before
    // its first word of chi; of a refresh, how many its comparisons take.
    struct operation_times {
        uint64_t start_cycle = 0;
        uint64_t end_cycle = 0;
        uint64_t read_cycles = 0;
        std::vector<uint64_t> added_cycles{}; // none: all was there when it began
        std::vector<engine_times> engines{};  // of an update, where each tile has one
    };

    // An item of an operation that streams, and when its values stand.
    struct item_times {
        const mca_step *step;
        uint64_t reads;
        uint64_t start_cycle;
        uint64_t end_cycle;
        uint64_t stands_cycle;
    };

    struct command_times {
        uint32_t layer;
        uint32_t tile;        // of the chip
        uint64_t word;        // of the update's words, in their order; 0 of others
        uint64_t taken_cycle; // by its queue, of an update's or a mini-batch's
        uint64_t left_cycle;
        uint64_t duration_ps;
    };

    explicit monitor(::mca_chip *model);

    void open(uint64_t sequence, const mca_program *program, bool ends_batch);
    void load(uint64_t sequence, uint64_t start_ps, uint64_t end_ps);
    // Items in the order in which the digital unit does them.
    void item(uint64_t sequence, const item_times &times) {
        open_.at(sequence - first_).items.push_back(times);
    }
    // First cycle in which the digital unit had all of the image.
    void image_in(uint64_t sequence, uint64_t cycle);
    // Of a step of the image's program.
    void read(uint64_t sequence, const mca_step &step, const read_times &times);
    void operation(uint64_t sequence, const mca_step &step, const operation_times &times);
    // Of the command's layer's update or refresh, or of the mini-batch's transfer.
    void command(uint64_t sequence, mca_step_kind kind, const command_times &times);
    // The first layer's pulses, held for the next image's read, go without one from then on.
    void release(uint64_t sequence, uint64_t ps) {
        open_.at(sequence - first_).released_ps = ps;
    }
    // Images close in their order. `is_followed`: the first layer was read for the next image before
    // its last update's pulses.
    void close(uint64_t sequence, bool is_followed);
    // A reset: open images are forgotten. What is done next begins when all that was done has
    // ended.
    void restart();

    // Keeps the times of every image that closes from here on.
    void record() {
        recording_ = true;
    }
    const std::vector<image_time> &times() const {
        return times_;
    }

  private:
    // A moment, and by phase the time on the path that led to it.
    struct moment {
        uint64_t ps = 0;
        std::array<uint64_t, MCA_PHASE_COUNT> phase_ps{};
    };

    // What was done for a step.
    struct group {
        operation_times operation; // ends in cycle 0: none
        std::vector<read_times> reads;
        std::vector<command_times> commands;
    };

    struct image_record {
        const mca_program *program = nullptr;
        uint64_t load_start_ps = 0;
        uint64_t load_end_ps = 0;
        uint64_t in_cycle = 0;
        uint64_t released_ps = 0;
        bool ends_batch = false;
        bool has_image = false;        // otherwise it ends a mini-batch early
        std::vector<group> groups;     // [steps]
        std::vector<item_times> items; // none: no layer streams
    };

    struct departure {
        uint64_t cycle;
        moment at;
    };

    // Last ends on a layer, of what is in the books.
    struct layer_ends {
        moment driven, sampled, converted, settled;
    };

    struct tile_ends {
        std::vector<moment> drivers;
        std::deque<departure> departures; // of the last commands, at most as many as queue up
    };

    // The update engine between two commands.
    struct engine {
        moment free; // from here on its time is its own
        moment pace; // the same, had the word at work not been held up
        bool held;   // the word at work was
        uint64_t word;
        uint64_t word_cycle;
        uint64_t interval;   // cycles of a word without commands
        uint64_t next_cycle; // in which it can hand over a further command of the word
    };

    static const group &group_of(const image_record &record, const mca_step &step) {
        return record.groups[mca_step_number(record.program, &step)];
    }
    group &at(uint64_t sequence, const mca_step &step);
    uint64_t edge_ps(uint64_t cycle) const;

    static const moment &later(const moment &a, const moment &b);
    static moment gone_on(moment from, mca_phase phase, uint64_t to_ps);
    // Released by the latest of what it waited for, which has to be then.
    static moment released_at(uint64_t ps, const moment &latest);
    moment released_in(uint64_t cycle, const moment &latest, mca_phase phase) const;
    void reach(const moment &end);
    moment &unit_of(uint32_t layer) {
        return units_[units_.size() > 1 ? layer : 0];
    }
    const moment &unit_of(uint32_t layer) const {
        return units_[units_.size() > 1 ? layer : 0];
    }
    const moment &last_unit() const;

    void enter(const image_record &record, bool is_followed);
    void enter_image(const image_record &record, uint32_t steps);
    // Its last update, where that is held, and what follows the image.
    void enter_rest(const image_record &record, bool has_update);
    void enter_items(const image_record &record);
    void enter_step(const image_record &record, const mca_step &step);
    // When all stands that an operation of the digital unit waits for before it begins.
    const moment &ready_for_unit(const mca_program &program, const mca_step &step,
                                 bool adds_as_they_come) const;
    moment enter_load(const image_record &record, mca_phase phase);
    void enter_reads(const mca_step &step, const group &of, const moment &ready);
    void enter_operation(const mca_step &step, const group &of, const moment &ready);
    void enter_update(const mca_step &step, const group &of, const moment &ready);
    void enter_batch(const image_record &record, const mca_step &step);
    void enter_refresh(const mca_step &step, const group &of, moment &begun);
    moment enter_engine(const mca_step &step, const group &of, const engine_times &times,
                        bool is_only, const moment &begun);
    void next_word(engine &by, uint64_t word);
    moment taken_by_queue(engine &by, const command_times &times);
    void depart(const command_times &times, mca_phase phase, const moment *taken);

    ::mca_chip *model_;
    uint64_t first_ = 0; // sequence of the oldest open image
    std::deque<image_record> open_;
    std::optional<image_record> held_; // the last closed, which the next is read before
    bool recording_ = false;
    std::vector<image_time> times_;

    moment frontier_;
    moment image_in_;
    uint64_t in_cycle_ = 0;
    moment image_loaded_;       // the last image
    moment image_read_;         // ... by the first layer, where that reads it
    moment taken_;              // ... and its codes taken by the digital unit
    uint64_t released_ps_ = 0;  // of the image that is entered
    moment released_[2];        // the image before last, and the last, by the digital units
    std::vector<moment> units_; // from which on each digital unit is free
    std::vector<layer_ends> layers_;
    std::vector<moment> stands_;    // [buffers] of the image that is entered
    std::vector<moment> given_;     // [buffers] of it, by the digital unit alone
    std::vector<moment> converted_; // of the reads that were entered last
    std::vector<tile_ends> tiles_;  // of the chip
};

} // namespace mca

#endif
