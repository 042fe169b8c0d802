// The chip as a SystemC module: instantiate it in a platform, bind `host` (or `host64`) to a bus and
// `irq` to a signal; `memory` (or `memory64`) and `reset` where they are wanted. Inside are a
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

#include "mca_chip_types.hpp"

struct mca_chip;    // of the C core, chip/chip.h
struct mca_dpu_rtl; // the Verilated digital unit, shim/rtl/dpu_rtl.h

namespace mca {

// Registers behind `host` and `host64`, of 32 bits, or 64 where it says so (whole or in halves, the
// lower first); byte addresses. The response to what cannot be done:
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
namespace reg {
enum : uint64_t {
    id = 0x00,        // r: "MCAS"
    control = 0x04,   // w: of the bits of `start`; takes as long as the chip cannot do it
    status = 0x08,    // r: bits of `state`; bits 31:16 results that wait
    irq = 0x0c,       // r: 1 while a result waits, as `irq`
    label = 0x10,     // rw: class of the image in the window; of an inference, the one that its
                      // loss is told of
    batch = 0x14,     // rw: images of a mini-batch, which `rate` sets; 1 where a layer is digital
    rate = 0x18,      // rw, 64 bits: learning rate, an IEEE double. Ends a mini-batch and waits
                      // until the chip is idle. NaN until it is written, unless from a scenario
    number = 0x20,    // r, 64 bits: of the oldest result that waits, images counted from 0, over
                      // resets too; this, the next two and the activations can be read while one
                      // waits
    predicted = 0x28, // r: its class
    loss = 0x30,      // r, 64 bits: its loss, an IEEE double
    next = 0x38,      // w: that result is done with; `irq` has fallen when the write returns, if
                      // it was the last. While 16 wait or are on their way, starts are refused
    inputs = 0x40,    // r: pixels of an image
    outputs = 0x44,   // r: classes
    source = 0x48,    // rw, 64 bits: where an image to fetch lies in the memory of `memory`
    pixels = 0x00100000,     // rw, bytes: window of the image to start, any length
    activations = 0x01000000 // r: of the oldest result, codes of dpu.activation_bits, or IEEE
                             // singles with dpu.arithmetic float
};
} // namespace reg

namespace start {
enum : uint32_t {
    train = 1,     // learn from the image in the window
    infer = 2,     // classify it
    end_batch = 4, // end a mini-batch early; waits until the chip is idle
    fetch = 8, // with one of the first two: the image that lies at `source`, read by `memory` in
               // one burst of `inputs` bytes. The write returns at once; images queue up
    reset = 16 // as the signal of that name
};
} // namespace start

namespace state {
enum : uint32_t {
    ready = 1, // an image can be started from the window, without waiting
    busy = 2,  // an image is on the chip
    failed = 4 // the oldest result is of an image that the memory did not give: it has a number
               // and nothing else
};
} // namespace state

// Sockets that need not be bound.
template <unsigned BITS>
using host_socket =
    tlm::tlm_target_socket<BITS, tlm::tlm_base_protocol_types, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
template <unsigned BITS>
using memory_socket = tlm::tlm_initiator_socket<BITS, tlm::tlm_base_protocol_types, 1,
                                                sc_core::SC_ZERO_OR_MORE_BOUND>;

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

    // Loads a scenario file, with KEY=VALUE overrides, and builds its chip with initial weights.
    chip(const sc_core::sc_module_name &name, const std::string &scenario,
         const std::vector<std::string> &sets = {}, unit_kind unit = unit_kind::model,
         const rtl_source &rtl = {});
    // Around a chip of the C core that outlives it and has not been trained. `made`: a digital unit
    // of open_unit, which becomes the chip's; null: made here.
    chip(const sc_core::sc_module_name &name, ::mca_chip *model, unit_kind unit,
         ::mca_dpu_rtl *made = nullptr);
    ~chip() override;

    // The C core's chip: weights, ledger, counters (chip/chip.h). Its times are those of this
    // module; look at them when the chip is idle.
    ::mca_chip *model() const;

    // The interesting signals of all modules.
    void trace(sc_core::sc_trace_file *file) const override;

    // Of each image from `record` on; of one more where a mini-batch is ended early.
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
