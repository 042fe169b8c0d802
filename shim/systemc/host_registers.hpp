// Finding a register; addresses, and what can be done to them, are in chip_registers.vh.
#ifndef MCA_SHIM_SYSTEMC_HOST_REGISTERS_HPP
#define MCA_SHIM_SYSTEMC_HOST_REGISTERS_HPP

#include "mca_chip.hpp"

namespace mca {

// By a debug write too: it does nothing but hold a value.
inline bool is_poked(const host_register &one) {
    return one.address == reg::label || one.address == reg::source;
}

// The register that a byte is of, or NULL.
inline const host_register *register_at(uint64_t address) {
    for (const host_register &one : HOST_REGISTERS) {
        if (address >= one.address && address - one.address < one.bytes) {
            return &one;
        }
    }
    return nullptr;
}

} // namespace mca

#endif
