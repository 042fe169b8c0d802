// The digital unit as the Verilated RTL. Its clock is gated: it runs while there is something to
// do. A cycle is stepped in its middle, when everything that its first edge sees is known; what it
// shows counts from that edge (commands) or from the next (codes, ends of operations). Within the
// global quantum, cycles are stepped ahead of simulated time.
#ifndef MCA_SHIM_SYSTEMC_RTL_UNIT_HPP
#define MCA_SHIM_SYSTEMC_RTL_UNIT_HPP

#include "digital_unit.hpp"
#include "shim/rtl/dpu_setup.h"

namespace mca {

class rtl_unit : public digital_unit {
  public:
    rtl_unit(const sc_core::sc_module_name &name, context &shared);
    void bind_driver(uint32_t tile, program_driver &driver) override;
    void trace(sc_core::sc_trace_file *file) const override;
    void restart() override;

  protected:
    uint64_t busy_cycles(const update_record &update) const override;

  private:
    static constexpr uint64_t NEVER = UINT64_MAX;
    // cycles in which nothing shows: an update waits for a place in a queue; anything else hangs
    static constexpr uint64_t QUIET = 64;
    static constexpr uint64_t PATIENCE = 4096;
    // of 64 tiles
    static constexpr uint32_t TILE_WORDS = sizeof mca_dpu_rtl_in::pulse_ready / sizeof(uint64_t);

    // What is outside of the unit at a tile.
    struct outlet {
        uint32_t layer = 0;
        std::unique_ptr<tlm_utils::simple_initiator_socket<rtl_unit>> drivers;
        std::vector<uint64_t> driver_free_ps;
        uint32_t waiting = 0;              // commands in the unit's queue
        std::deque<uint64_t> taken_cycles; // of these
        uint64_t sequence = 0;             // of the image that they are of
        uint64_t word = NEVER; // of chi, that the last command was of; how many it had so far
        uint64_t word_commands = 0;
    };

    // An answer of chi on its way.
    struct answer {
        uint64_t due_cycle;
        std::vector<int32_t> word;
    };

    void tick();
    uint64_t next_cycle();
    uint64_t next_departure() const;
    bool leaves_something() const;
    bool shows_something() const;
    sc_core::sc_time middle(uint64_t cycle) const;
    uint64_t beat_cycle() const;
    void step(uint64_t cycle);
    void offer_image(uint64_t cycle);
    void offer_codes(uint64_t cycle);
    void fill_passes(const codes_extension &got);
    void answer_chi(uint64_t cycle);
    void access_chi(uint64_t cycle);
    sc_core::sc_time access_word(tlm::tlm_command command, uint64_t address, int32_t *word,
                                 uint64_t cycle);
    void take_commands(uint64_t cycle);
    void send(uint32_t tile, uint64_t cycle);
    void watch_operation();
    void finish(uint64_t cycle);
    void finish_activation(image &current, uint64_t end);
    void finish_error(image &current, uint64_t end);
    void finish_update();
    void finish_image(uint64_t end);
    void begin_image();
    // The read whose codes the operation streams in, or NULL.
    const mca_step *awaited_read() const;
    mca_layer_signals &signals_of(uint32_t layer) {
        return resident_.front()->signals.layers[layer];
    }

    mca_dpu_port port_{};
    std::vector<mca_dpu_layout> at_; // [layers]
    std::vector<outlet> outlets_;    // [tiles of the chip]
    uint64_t cycle_ = 0;             // first that is not stepped
    // images: those in the unit, the first being worked on; the last may still be loading
    std::deque<image *> resident_;
    bool loading_ = false;
    uint32_t beat_ = 0;   // of the image that loads
    uint32_t loaded_ = 0; // images of the unit that are whole
    std::vector<uint8_t> pixels_;
    // operation at work, or the next one
    const mca_step *now_ = nullptr; // NULL: no image is in
    bool running_ = false;
    uint64_t quiet_ = 0;                        // cycles of the operation since something showed
    uint64_t skipped_ = 0;                      // of the operation, with the clock held
    tlm::tlm_generic_payload *using_ = nullptr; // codes of the operation
    std::vector<int32_t> passes_;
    size_t code_ = 0; // next in passes_
    std::vector<int32_t> driven_;
    std::deque<answer> answers_;
    std::vector<int32_t> chi_word_;
    mca_update_result update_{};         // of the update at work, as seen
    std::vector<uint64_t> extra_cycles_; // [layers] of words with more commands than cycles
    mca_rate rate_{};
    bool train_ = true;
    uint64_t stepped_ = 0; // cycles, for waveforms
    payload_pool<command_extension> commands_;
    payload_pool<no_extension> accesses_;
};

} // namespace mca

#endif
