// The digital unit as the C core's datapath: a process that runs the operations of an image one
// after the other, or, where layers have units of their own, one for each layer, which wait for
// what the others give. They run ahead of simulated time by up to the global quantum.
#ifndef MCA_SHIM_SYSTEMC_MODEL_UNIT_HPP
#define MCA_SHIM_SYSTEMC_MODEL_UNIT_HPP

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "command_queue.hpp"
#include "digital_unit.hpp"

namespace mca {

class model_unit : public digital_unit {
  public:
    model_unit(const sc_core::sc_module_name &name, context &shared);
    void bind_driver(uint32_t tile, program_driver &driver) override;
    void trace(sc_core::sc_trace_file *file) const override;
    void restart() override;

  protected:
    void free_again(uint32_t layer, uint64_t cycle) override {
        unit &again = *units_[number_of(layer)];
        again.free_cycle = std::max(again.free_cycle, cycle);
        again.refreshed.notify(sc_core::SC_ZERO_TIME);
    }
    uint64_t busy_cycles(const update_record &update) const override {
        return update.result.cycles - update.stall_cycles + update.result.cycles_beside;
    }

  private:
    // What does the operations of all layers, or of one.
    struct unit {
        uint64_t free_cycle = 0;
        uint64_t image_cycle = 0;     // first in which the image at work was all there
        std::deque<image *> images{}; // that it has not begun
        sc_core::sc_event refreshed{};
    };
    // A layer on the way forward, where layers stream.
    struct stream_layer {
        const mca_step *step = nullptr;
        const mca_step *read = nullptr; // none: it has no matrix
        uint64_t reads = 0;
        std::vector<uint64_t> stands{}; // [items done] cycles
    };
    // An image that not all units are done with.
    struct image_work {
        std::vector<uint64_t> stands;     // [steps] cycle from which on what it gives does; NEVER
        std::vector<stream_layer> layers; // where they stream
        size_t units_left;
    };
    // The last image that all units are done with.
    struct ended_image {
        int64_t sequence = -1;
        bool refreshes = false; // it is followed by a refresh
        sc_core::sc_event event{};
    };
    static constexpr uint64_t NEVER = UINT64_MAX;

    void run(uint32_t number);
    bool does(uint32_t number, const mca_step &step) const {
        return units_.size() == 1 || step.layer == number;
    }
    // The unit of a layer's operations.
    size_t number_of(uint32_t layer) const {
        return units_.size() > 1 ? layer : 0;
    }
    unit &unit_of(const mca_step &step) {
        return *units_[number_of(step.layer)];
    }
    image &next_image(unit &by);
    void begin_work(image &next);
    void end_work(image &of);
    void wait_for_refresh(unit &by, image &current);
    tlm::tlm_generic_payload &next_codes(const image &current, const mca_step &read);
    // In how many payloads the codes of a step of reads come.
    uint64_t payloads_of(const image &current, const mca_step &read) const;
    // Codes that a step has to have before it begins: all, or the first of many reads.
    std::vector<tlm::tlm_generic_payload *> first_codes(const image &current, const mca_step &step);
    // Waits for all that other units give a step; returns the cycle from which on it stands.
    uint64_t wait_for_inputs(image &current, const mca_step &step);
    void vector(image &current, const mca_step &step);
    void take_image(unit &by, image &current);
    // The items of all layers, or of the unit's.
    void stream(uint32_t number, image &current);
    // Cycle from which on a layer's next item can be done; NEVER while that is not known.
    uint64_t ready_cycle(image &current, const std::vector<stream_layer> &layers, uint32_t layer);
    void do_next_item(uint32_t number, image &current);
    void do_item(image &current, stream_layer &layer, uint64_t start);
    uint64_t add_up(image &current, const mca_step &step,
                    const std::vector<tlm::tlm_generic_payload *> &first,
                    monitor::operation_times &times);
    uint64_t add(image &current, tlm::tlm_generic_payload &codes);
    void compute(image &current, const mca_step &step);
    void prepare_drives(image &current, uint32_t layer);
    void update(image &current, const mca_step &step);
    // An update engine on its way through its commands.
    struct engine {
        uint64_t pace = 0;   // cycles of a word without commands
        uint64_t summed = 0; // cycles before its first word
        std::vector<mca_pulse_command> commands{};
        size_t next = 0;         // of them
        uint64_t word_cycle = 0; // in which the word at work began
        uint64_t next_cycle = 0; // in which it can hand over a further command
        uint64_t word_size = 0;  // commands of the word at work so far
        uint64_t beyond = 0;     // cycles that commands of words take beyond these
        uint64_t late = 0;       // cycles that full queues held it up
    };
    // Hands over an update's commands, in cycles that begin with `first`.
    void push_all(const update_record &update, std::vector<engine> &engines, const image &of,
                  uint64_t first);
    std::vector<engine> engines_of(const update_record &update,
                                   const std::vector<mca_pulse_command> &commands) const;
    static void end_engines(update_record &update, std::vector<engine> &engines, uint64_t latency,
                            mca_update_result &result);
    // The next command is of the word at work, or that is over and its own begins.
    static void begin_word(engine &by, const update_words &words, uint64_t first);
    static void end_word(engine &by);
    // The cycle in which an engine's next command is taken; NEVER where no place is known of.
    uint64_t taken_cycle(const engine &by) const;
    command_queue &queue_of(const mca_pulse_command &pulses) const {
        return *queues_[shared_.tile_of(pulses)];
    }
    // Its next command: to be kept, or to the queue.
    static const mca_pulse_command &hand_over(engine &by, uint64_t cycle);
    void push(engine &by, const image &of, uint64_t cycle);
    // An operation of `cycles` from the first cycle in which it can begin; returns that.
    uint64_t begin(const mca_step &step, uint64_t ready_cycle);
    void end(image &current, const mca_step &step, uint64_t cycle);
    // Whether a cycle is no further ahead of simulated time than the unit may be; waits until then.
    bool is_near(uint64_t cycle) const;
    void reach(uint64_t cycle);

    std::vector<std::unique_ptr<command_queue>> queues_; // [tiles of the chip]
    std::vector<std::unique_ptr<unit>> units_;           // [layers] or one
    std::map<const image *, image_work> work_;
    ended_image ended_;
    sc_core::sc_event stands_; // something that a unit gives
    payload_pool<no_extension> accesses_;
};

} // namespace mca

#endif
