// The accumulator memory: words of `lanes` columns, in the C core's storage. An access takes
// chi.access_cycles; reads come chi's interval apart at least (the port's writes fit in between).
//
// `port` completes accesses at once, the delay longer by the access. Single words (the RTL):
// address = (chi base + column word x inputs + row) x lanes x sizeof(int32_t), data =
// int32_t[lanes]. A burst (the C model, which moves chi itself and has the accesses in its cycles)
// is TLM_IGNORE_COMMAND over as many bytes, and only counted.
#ifndef MCA_SHIM_SYSTEMC_CHI_SRAM_HPP
#define MCA_SHIM_SYSTEMC_CHI_SRAM_HPP

#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/passthrough_target_socket.h>

#include "context.hpp"

namespace mca {

class chi_sram : public sc_core::sc_module {
  public:
    tlm_utils::passthrough_target_socket<chi_sram> port;

    chi_sram(const sc_core::sc_module_name &name, context &shared);
    void trace(sc_core::sc_trace_file *file) const;
    // A reset: what is stored stays.
    void restart() {
        next_read_cycle_ = 0;
    }

  private:
    tlm::tlm_sync_enum access(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                              sc_core::sc_time &delay);
    struct place {
        uint32_t layer = 0;
        uint32_t row = 0;
        uint32_t col = 0; // of its first lane
    };
    bool find(uint64_t address, place &found) const;

    context &shared_;
    const uint32_t word_bytes_;
    std::vector<uint64_t> base_; // [layers + 1] in words
    uint64_t next_read_cycle_ = 0;
    uint64_t words_read_ = 0; // for waveforms
    uint64_t words_written_ = 0;
};

} // namespace mca

#endif
