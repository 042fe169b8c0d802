// The chip as a SystemC module: instantiate it in a platform, bind `host` (or `host64`) to a bus
// and `irq` to a signal; `memory` (or `memory64`) and `reset` where they are wanted. Inside are a
// sequencer, tiles with their converters, the digital unit (C model or Verilated RTL), chi SRAM and
// programming drivers; docs/guide/systemc.md draws them.
//
// Time resolution has to be 1 ps (SystemC's default). Errors of the C core are reported as
// SC_REPORT_ERROR of type "/mca/chip" with the same message; where the report handler does not
// throw, std::runtime_error is thrown.
#ifndef MCA_SHIM_SYSTEMC_MCA_CHIP_HPP
#define MCA_SHIM_SYSTEMC_MCA_CHIP_HPP

#if __cplusplus < 201703L
#error "mca_chip.hpp: C++17 or later is needed (-std=c++17, in CMake CXX_STANDARD 17)"
#endif
// SystemC's library is of one C++ version. A program of a later one has to say which, or it fails
// to link for want of sc_api_version_..., which tells nobody why.
#if __cplusplus > 201703L && !defined SC_CPLUSPLUS
#error                                                                                             \
    "mca_chip.hpp: Debian's SystemC is C++17; compile the whole platform with -DSC_CPLUSPLUS=201703L, as mca::systemc of the CMake package does"
#endif

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>

#include "mca_chip_registers.hpp" // reg, start, state: built from chip_registers.vh
#include "mca_chip_types.hpp"

struct mca_chip;    // of the C core, chip/chip.h
struct mca_dpu_rtl; // the Verilated digital unit, shim/rtl/dpu_rtl.h

namespace mca {

// Sockets that need not be bound.
template <unsigned BITS>
using host_socket =
    tlm::tlm_target_socket<BITS, tlm::tlm_base_protocol_types, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
template <unsigned BITS>
using memory_socket = tlm::tlm_initiator_socket<BITS, tlm::tlm_base_protocol_types, 1,
                                                sc_core::SC_ZERO_OR_MORE_BOUND>;

// Registers behind `host` and `host64` (mca_chip_registers.hpp) of 64 bits are taken whole or in
// halves, the lower first. The response to what cannot be done:
//   TLM_ADDRESS_ERROR_RESPONSE      no register or window is there, or it is not there whole
//   TLM_COMMAND_ERROR_RESPONSE      a register that cannot be read, or not written
//   TLM_BURST_ERROR_RESPONSE        another length than the register's, or streaming within it
//   TLM_BYTE_ENABLE_ERROR_RESPONSE  byte enables that are not all set
//   TLM_GENERIC_ERROR_RESPONSE      a value that cannot be taken, a start without room for its
//                                   result, a result where none waits, what would wait for an
//                                   image that is still to be fetched; a reset came meanwhile
// An access that waits does so for what the chip is at, which ends by itself: never for its caller,
// nor for the platform's memory. Debug reads and writes are in docs/guide/systemc.md; there is no
// direct memory access.
class chip : public sc_core::sc_module {
  public:
    // The same registers, for a bus of 32 bits and for one of 64; one of them at least is bound.
    host_socket<32> host{"host"};
    host_socket<64> host64{"host64"};
    // Where images are fetched from; at most one is bound.
    memory_socket<32> memory{"memory"};
    memory_socket<64> memory64{"memory64"};
    sc_core::sc_out<bool> irq{"irq"};
    // Where it is bound: at its rising edge the chip forgets the images on it and those started,
    // results, the window and `label` and `source`; accesses that wait end. What is stored stays:
    // weights, chi, an unfinished mini-batch, with `batch` and `rate`. Pulses that have begun end
    // before the next image is loaded. While it is high no image is started.
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> reset{
        "reset"};

    // Loads a scenario, by path or name, with KEY=VALUE overrides, and builds its chip with initial weights.
    chip(const sc_core::sc_module_name &name, const std::string &scenario,
         const std::vector<std::string> &sets = {}, unit_kind unit = unit_kind::model,
         const rtl_source &rtl = {});
    // Around a chip of the C core that outlives it and has not been trained. `made`: a digital unit
    // of open_unit, which becomes the chip's; null: made here.
    chip(const sc_core::sc_module_name &name, ::mca_chip *model, unit_kind unit,
         ::mca_dpu_rtl *made = nullptr);
    ~chip() override;

    // The C core's chip: weights, ledger, counters (chip/chip.h). Its times are those of this
    // module; look at them when the chip is idle: with timing.read_ahead after end_batch, which lets
    // the last image's update go.
    ::mca_chip *model() const;

    // The interesting signals of all modules.
    void trace(sc_core::sc_trace_file *file) const override;

    // After `record`, which is called before the simulation or between images, `times` has what each
    // image added to the chip's time; a mini-batch that is ended early adds one more.
    void record();
    const std::vector<image_time> &times() const;

  private:
    struct parts;
    void build(::mca_chip *model, unit_kind unit, const rtl_source &rtl);
    void end_of_elaboration() override;
    void heed_reset();
    void restart();
    std::unique_ptr<parts> parts_;
};

} // namespace mca

#endif
