// A crossbar tile with its converters: DAC registers, array, sample-and-hold, ADC, in a pipeline of
// two processes. Values come from the C core's matrix and converters.
//
// `reads` takes reads in the approximately-timed protocol: BEGIN_REQ with the codes, END_REQ when
// the samples are taken (the next read may follow), BEGIN_RESP when they are converted. `pulses`
// takes commands from the programming driver, completed at once: the tile is held until their end.
#ifndef MCA_SHIM_SYSTEMC_TILE_HPP
#define MCA_SHIM_SYSTEMC_TILE_HPP

#include <deque>

#include <systemc>
#include <tlm>
#include <tlm_utils/passthrough_target_socket.h>

#include "context.hpp"
#include "payload.hpp"

namespace mca {

class tile : public sc_core::sc_module {
  public:
    tlm_utils::passthrough_target_socket<tile> reads;
    tlm_utils::passthrough_target_socket<tile> pulses;

    tile(const sc_core::sc_module_name &name, context &shared, uint32_t layer, uint32_t number);
    void trace(sc_core::sc_trace_file *file) const;
    // A reset: reads are lost; pulses that have begun end.
    void restart();

  private:
    tlm::tlm_sync_enum begin_read(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                  sc_core::sc_time &delay);
    tlm::tlm_sync_enum take_pulses(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                   sc_core::sc_time &delay);
    void array();
    void converter();
    sc_core::sc_time start_of(const read_extension &read);
    void finish_read();
    void sample(tlm::tlm_generic_payload &payload, const read_extension &read);
    void answer(tlm::tlm_generic_payload &payload, tlm::tlm_phase phase);

    context &shared_;
    const uint32_t layer_;
    const uint32_t number_; // of the layer
    std::deque<tlm::tlm_generic_payload *> waiting_;
    tlm::tlm_generic_payload *held_ = nullptr; // sampled, being converted
    sc_core::sc_event requested_, sampled_, converted_;
    sc_core::sc_time dac_free_, programmed_;
    enum class stage { idle, loading, driving, settling, holding } stage_ = stage::idle;
    mca_read_time time_{};     // of the read at work
    sc_core::sc_time start_;   // when its registers are loaded and the array is free
    sc_core::sc_time driving_; // when its pulses began
    bool reading_ = false;     // for waveforms
    bool converting_ = false;
};

} // namespace mca

#endif
